//! How much there is of each sort of conversation that people work through.

use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::auth::Viewer;
use super::problem::ApiError;
use super::{SharedApp, Tag};
use crate::store;

pub struct InboxApi;

/// How many conversations there are.
#[derive(Debug, Object)]
struct Inbox {
    /// All of them.
    conversations: i64,
    /// With messages that nobody has looked at.
    unread: i64,
    /// A person's.
    human: i64,
    /// Taken by whoever asks.
    mine: i64,
    /// With an open task.
    tasks: i64,
    /// Whose window closes within two hours.
    closing: i64,
}

#[OpenApi(tag = "Tag::Conversations")]
impl InboxApi {
    /// Counts conversations by what people look for.
    #[oai(path = "/inbox", method = "get", operation_id = "countInbox")]
    async fn count(&self, app: SharedApp<'_>, viewer: Viewer) -> Result<Json<Inbox>, ApiError> {
        let counts =
            store::conversations::count(app.db.reader(), viewer.workspace(), viewer.actor(), app.now()).await?;
        Ok(Json(Inbox {
            conversations: counts.count_all,
            unread: counts.count_unread,
            human: counts.count_human,
            mine: counts.count_mine,
            tasks: counts.count_tasks,
            closing: counts.count_closing,
        }))
    }
}
