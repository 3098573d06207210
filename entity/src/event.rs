//! A webhook as it came.
use sea_orm::entity::prelude::*;

use crate::state::EventStatus;
use crate::{EventId, NumberId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventId,
    /// Whose it is, once that is known.
    pub workspace_id: Option<WorkspaceId>,
    /// The number named in the webhook's URL, if one was.
    pub door_number_id: Option<NumberId>,
    /// Keyed fingerprint of the number's own app secret that signed it; null: the instance's app secret did.
    pub signed_by: Option<String>,
    /// The bytes as they came.
    pub body: Vec<u8>,
    pub status: EventStatus,
    pub error: Option<String>,
    /// Failed attempts to apply it.
    pub failures: i32,
    pub due_at: i64,
    pub received_at: i64,
    pub applied_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
