//! The person writing.
use sea_orm::entity::prelude::*;

use crate::private::{Phone, Text};
use crate::state::{ConsentSource, ConsentState};
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
    /// What the contact last said of being written to at all.
    pub consent: Option<ConsentState>,
    pub consent_at: Option<i64>,
    pub consent_source: Option<ConsentSource>,
    /// The same of marketing.
    pub marketing: Option<ConsentState>,
    pub marketing_at: Option<i64>,
    /// Since when what they write is not answered.
    pub blocked_at: Option<i64>,
    /// What the business keeps of them, in fields of its own: an object of texts.
    pub fields: Option<Json>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
