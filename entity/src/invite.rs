//! A link that lets a member set a password, once.
use sea_orm::entity::prelude::*;

use crate::{InviteId, MemberId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invites")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InviteId,
    pub workspace_id: WorkspaceId,
    /// A member has one at the most.
    #[sea_orm(unique)]
    pub member_id: MemberId,
    /// SHA-256 of the link's token, in hex.
    #[sea_orm(unique)]
    pub token_hash: String,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
