//! A unit of durable work.
use sea_orm::entity::prelude::*;

use crate::state::{JobKind, JobStatus};
use crate::{NumberId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub workspace_id: WorkspaceId,
    pub kind: JobKind,
    /// Id of what the job is about: a conversation, a message, a file.
    pub subject: String,
    /// What keeps order: one job of a lane runs at a time, the earliest first.
    pub lane: String,
    /// Whose turn it is: numbers come in turn when there is more than can be done.
    pub number_id: Option<NumberId>,
    /// Its place in the row of its number's turns.
    pub place: i64,
    /// How many of its number's unfinished turns it stood behind.
    pub depth: i64,
    /// Unique among waiting jobs: a second enqueue under the same key pushes the first back instead.
    pub waiting_key: Option<String>,
    pub status: JobStatus,
    pub due_at: i64,
    /// How far a coalesced job may be pushed back.
    pub latest_at: i64,
    /// Grows with every claim; only the holder of the newest attempt may finish the job.
    pub attempt: i32,
    /// Attempts that ended in an error or a crash.
    pub failures: i32,
    /// How often its worker was gone when its lease ended: killed, or frozen. Nothing is wrong with the job as such.
    pub deaths: i32,
    pub lease_until: Option<i64>,
    pub last_error: Option<String>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
