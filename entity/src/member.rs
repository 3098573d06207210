//! A person who signs in.
use sea_orm::entity::prelude::*;

use crate::private::{PasswordHash, Text};
use crate::state::Role;
use crate::{MemberId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MemberId,
    pub workspace_id: WorkspaceId,
    /// In lower case; unique in the installation.
    #[sea_orm(unique)]
    pub email: Text,
    pub name: Option<Text>,
    pub role: Role,
    /// The console's language for them, such as `de`.
    pub language: Option<String>,
    /// Argon2id in the PHC form; none until the invite is accepted.
    pub password_hash: Option<PasswordHash>,
    pub last_seen_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
