//! A file that a message carries, or that somebody uploaded to send.
use sea_orm::entity::prelude::*;

use crate::private::Text;
use crate::state::{MediaSource, MediaStatus};
use crate::{MediaId, MessageId, NumberId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "media")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MediaId,
    pub workspace_id: WorkspaceId,
    /// Inbound: the number it came to, whose token fetches it.
    pub number_id: Option<NumberId>,
    pub message_id: Option<MessageId>,
    pub source: MediaSource,
    /// Meta's word: `image`, `audio`, `video`, `document` or `sticker`.
    pub kind: String,
    pub status: MediaStatus,
    /// Meta's id; inbound ones live seven days.
    pub meta_id: Option<String>,
    /// Where Meta said it lies, for five minutes.
    pub url: Option<Text>,
    /// What the sender said it is.
    pub declared_type: Option<String>,
    /// Base64, as Meta tells it.
    pub declared_sha256: Option<String>,
    /// What its bytes say it is.
    pub media_type: Option<String>,
    pub file_name: Option<Text>,
    pub size_bytes: Option<i64>,
    /// Hexadecimal; the content is stored under it, once a workspace.
    pub sha256: Option<String>,
    /// Why it is not to be had.
    pub error: Option<String>,
    /// What is odd about it.
    pub warning: Option<String>,
    pub created_at: i64,
    pub ready_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
