//! A contact who is being forgotten: what is needed to go on where it was cut off.
use sea_orm::entity::prelude::*;

use crate::private::Sealed;
use crate::{ContactId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "erasures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    pub workspace_id: WorkspaceId,
    /// The phones and user ids, sealed: by them the raw webhooks are found.
    pub known_by: Sealed,
    /// How far the raw webhooks have been read.
    pub read_until: Option<String>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
