//! How a number was at a time: one record for each change.
use sea_orm::entity::prelude::*;

use crate::state::{HealthSource, HealthStatus};
use crate::{HealthRecordId, NumberId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "health_records")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HealthRecordId,
    pub workspace_id: WorkspaceId,
    pub number_id: NumberId,
    pub source: HealthSource,
    pub status: HealthStatus,
    /// The number's fields as Meta told them.
    pub state: Json,
    /// `[{code, message}]`: what is wrong and what to do.
    pub problems: Json,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
