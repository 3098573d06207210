//! A sign-in that lasts, of a member or with a key.
use sea_orm::entity::prelude::*;

use crate::private::Token;
use crate::{ActorId, SessionId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub workspace_id: WorkspaceId,
    pub actor: ActorId,
    /// SHA-256 of the cookie, in hex: the cookie itself is random, so nothing slower is needed.
    #[sea_orm(unique)]
    pub token_hash: String,
    /// What every change must show besides the cookie.
    pub csrf_token: Token,
    pub user_agent: Option<String>,
    pub created_at: i64,
    pub last_seen_at: i64,
    /// Moves on while it is used.
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
