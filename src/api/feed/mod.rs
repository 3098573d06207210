//! The live feed: what changes, as it changes, as server-sent events. Whoever was cut off goes on where they stopped.
//!
//! One reader on each node reads what was changed and renders it once for all who listen; whoever comes back, or was too
//! slow to keep up, reads what they missed from the database by the same way.

mod event;
mod reader;
mod render;
mod stream;

use entity::{ConversationId, NumberId};
use poem::{Body, IntoResponse, Request, Response};
use poem_openapi::param::{Header, Query};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, OpenApi};

use super::auth::Viewer;
use super::problem::ApiError;
use super::wire::{EventTypes, Text, VisibleOrEmpty};
use super::{MAX_CURSOR_CHARS, SharedApp, Tag};
use crate::app::Full;
use event::FeedEvent;
use stream::{Narrowing, Stream};

pub use reader::run;

/// All of them by name, with room to spare.
const MAX_TYPES_CHARS: usize = 200;

pub struct FeedApi;

/// Server-sent events without an end.
pub struct Events(Body);

impl IntoResponse for Events {
    fn into_response(self) -> Response {
        Response::builder()
            .content_type("text/event-stream")
            .header("cache-control", "no-cache")
            // nginx hands on what it gets, as it gets it.
            .header("x-accel-buffering", "no")
            .body(self.0)
    }
}

impl ApiResponse for Events {
    fn meta() -> MetaResponses {
        let media_type = MetaMediaType { content_type: "text/event-stream", schema: FeedEvent::schema_ref() };
        MetaResponses {
            responses: vec![MetaResponse {
                description: "Server-sent events without an end: each one's `data` is one of these.",
                status: Some(200),
                status_range: None,
                content: vec![media_type],
                headers: Vec::new(),
            }],
        }
    }

    fn register(registry: &mut Registry) {
        FeedEvent::register(registry);
    }
}

#[OpenApi(tag = "Tag::Feed")]
impl FeedApi {
    /// Tells what changes, as it changes: server-sent events, each with `event`, `data` (JSON) and, but for `presence`, `id`.
    ///
    /// The first event is always `hello`. Give the newest `id` you saw as `Last-Event-ID`, as browsers do by themselves, or
    /// as `after`, and you are told all that was changed since, once and in order; several changes of one thing that are
    /// read together come once, as it is now. Without either you are told what changes from now on. `reset` says that the
    /// place is too old to go on from: read the lists anew. On a quiet feed there is a comment every 15 seconds.
    #[oai(path = "/feed", method = "get", operation_id = "listenToFeed")]
    #[allow(clippy::too_many_arguments, reason = "each is a parameter")]
    async fn listen(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        request: &Request,
        /// The newest id that was seen.
        #[oai(name = "Last-Event-ID")]
        last_event_id: Header<Option<Text<MAX_CURSOR_CHARS, VisibleOrEmpty>>>,
        /// The same, for those who cannot send the header; the header goes first.
        after: Query<Option<Text<MAX_CURSOR_CHARS, VisibleOrEmpty>>>,
        /// Only what is about this conversation.
        conversation_id: Query<Option<ConversationId>>,
        /// Only what is about this number and its conversations.
        number_id: Query<Option<NumberId>>,
        /// Only these, with commas between them.
        types: Query<Option<Text<MAX_TYPES_CHARS, EventTypes>>>,
    ) -> Result<Events, ApiError> {
        // Of a header that is not ASCII the extractor says that it is not there.
        if request.headers().get("last-event-id").is_some_and(|id| id.to_str().is_err()) {
            return Err(ApiError::bad_request("Last-Event-ID is none that this feed gave."));
        }
        let told = last_event_id.0.filter(|id| !id.is_empty()).or(after.0).filter(|id| !id.is_empty());
        let narrowing = Narrowing {
            conversation_id: conversation_id.0,
            number_id: number_id.0,
            types: types.0.map(|types| types.split(',').map(str::to_owned).collect()),
        };
        let subscriber = app.feed.listen(viewer.workspace()).map_err(|Full| {
            ApiError::unavailable("too_many_feeds", "As many listen to the feed as this node serves. Try again later.")
        })?;
        let stream = Stream::begin(app.0.clone(), viewer, subscriber, narrowing, told.as_deref()).await?;
        Ok(Events(Body::from_bytes_stream(stream.into_bytes())))
    }
}
