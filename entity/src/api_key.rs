//! A key to the management API.
use sea_orm::entity::prelude::*;

use crate::state::Role;
use crate::{KeyId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeyId,
    pub workspace_id: WorkspaceId,
    pub name: String,
    pub role: Role,
    /// SHA-256 of the secret, in hex: the secret itself is random, so nothing slower is needed.
    #[sea_orm(unique)]
    pub secret_hash: String,
    /// The secret's last four characters, to tell keys apart.
    pub hint: String,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
