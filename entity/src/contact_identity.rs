//! By what a contact is known; a person may have several phones and user ids.
use sea_orm::entity::prelude::*;

use crate::private::Phone;
use crate::state::IdentityKind;
use crate::{ContactId, NumberId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_identities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: IdentityKind,
    #[sea_orm(primary_key, auto_increment = false)]
    pub value: Phone,
    pub contact_id: ContactId,
    /// Where it was first seen: user ids are scoped to a business portfolio, so one person may have several.
    pub number_id: NumberId,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
