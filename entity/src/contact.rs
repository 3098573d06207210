//! The person writing.
use sea_orm::entity::prelude::*;

use crate::private::{Phone, Text};
use crate::{ContactId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contacts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    pub workspace_id: WorkspaceId,
    /// The newest phone this person is known by.
    pub phone: Option<Phone>,
    /// The newest business-scoped user id.
    pub user_id: Option<String>,
    pub username: Option<Text>,
    pub name: Option<Text>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
