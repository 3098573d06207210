//! Events: the webhook log.

use chrono::{DateTime, Utc};
use entity::state::EventStatus;
use entity::{EventId, NumberId, WorkspaceId, event};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::auth::{Admin, Viewer};
use super::problem::ApiError;
use super::{Cursor, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::App;
use crate::store;
use crate::store::events::{Filter, Sight};

pub struct EventsApi;

/// A webhook as it came.
#[derive(Debug, Object)]
struct Event {
    id: EventId,
    status: EventStatus,
    /// Why it failed or was not routed, or what was passed over in it.
    error: Option<String>,
    /// The number named in the webhook's URL, if one was.
    number_id: Option<NumberId>,
    /// The raw body, empty once it was erased; bytes that are not UTF-8 are shown as replacement characters.
    body: String,
    received_at: DateTime<Utc>,
    applied_at: Option<DateTime<Utc>>,
}

#[OpenApi(tag = "Tag::Events")]
impl EventsApi {
    /// Lists events, newest first. Unrouted ones are shown to the installation's first workspace.
    #[oai(path = "/events", method = "get", operation_id = "listEvents")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        status: Query<Option<EventStatus>>,
        /// The number named in the webhook's URL.
        number_id: Query<Option<NumberId>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Event>>, ApiError> {
        let page = page_request(cursor, limit);
        let sight = sight(&app, viewer.workspace()).await?;
        let filter = Filter { status: status.0, number_id: number_id.0 };
        Ok(List::of(store::events::list(app.db.reader(), &sight, &filter, &page).await?, view))
    }

    /// Shows an event.
    #[oai(path = "/events/:event_id", method = "get", operation_id = "getEvent")]
    async fn get(&self, app: SharedApp<'_>, viewer: Viewer, event_id: Path<EventId>) -> Result<Json<Event>, ApiError> {
        let sight = sight(&app, viewer.workspace()).await?;
        let found = store::events::find(app.db.reader(), &sight, &event_id).await?;
        found.map(|event| Json(view(event))).ok_or_else(|| ApiError::not_found("event"))
    }

    /// Applies an event once more. What it already changed stays as it is.
    #[oai(path = "/events/:event_id/replay", method = "post", operation_id = "replayEvent")]
    async fn replay(&self, app: SharedApp<'_>, admin: Admin, event_id: Path<EventId>) -> Result<Json<Event>, ApiError> {
        let sight = sight(&app, admin.workspace()).await?;
        let found = store::events::find(app.db.reader(), &sight, &event_id).await?;
        let mut event = found.ok_or_else(|| ApiError::not_found("event"))?;
        if event.status == EventStatus::Erased {
            return Err(ApiError::conflict(
                "erased",
                "It named a contact who was forgotten: there is nothing to apply.",
            ));
        }
        store::events::replay(app.db.writer(), &event.id, app.now()).await?;
        app.bells.events.ring_now();
        event.status = EventStatus::Received;
        event.error = None;
        Ok(Json(view(event)))
    }
}

pub(super) async fn sight(app: &App, workspace_id: &WorkspaceId) -> Result<Sight, ApiError> {
    let first = store::workspaces::first(app.db.reader()).await?;
    let is_first = first.is_some_and(|first| &first.id == workspace_id);
    Ok(Sight { workspace_id: workspace_id.clone(), is_first })
}

fn view(event: event::Model) -> Event {
    Event {
        id: event.id,
        status: event.status,
        error: event.error,
        number_id: event.door_number_id,
        body: String::from_utf8_lossy(&event.body).into_owned(),
        received_at: time(event.received_at),
        applied_at: event.applied_at.map(time),
    }
}
