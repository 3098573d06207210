//! The management API: one file a resource. A handler authenticates, parses, calls once, translates.

mod agents;
mod audit;
mod auth;
mod bubble;
mod client;
mod console;
mod contacts;
mod content;
mod conversations;
mod document;
mod download;
mod events;
mod feed;
mod inbox;
mod invites;
mod jobs;
mod keys;
mod knowledge;
mod limits;
mod media;
mod members;
mod messages;
mod notes;
mod notices;
mod numbers;
mod privacy;
mod problem;
mod recipient;
mod sending;
mod session;
mod settings;
mod setup;
mod stats;
mod system;
mod templates;
mod timeline;
mod turns;
mod usage;
mod why;
mod wire;
mod workspaces;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use poem::http::{HeaderValue, header};
use poem::{EndpointExt, Response, Route};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::types::{ParseFromJSON, ToJSON};
use poem_openapi::{ApiResponse, Object, OpenApiService, Tags};

use crate::app::App;
use crate::clock::Millis;
use crate::store::{Page, PageRequest};

use wire::{Text, VisibleOrEmpty, Whole};

pub use console::mount as mount_console;
pub use document::document;
pub use feed::run as run_feed;
pub use problem::{ApiError, answer_errors};
pub use system::mount_health;

const PREFIX: &str = "/api/v1";
const MAX_LIMIT: i32 = 100;
const DEFAULT_LIMIT: u64 = 50;
/// Cursors are ours and short; what is longer is not one.
const MAX_CURSOR_CHARS: usize = 100;

/// The `next_cursor` of an earlier answer; empty is the first page.
type Cursor = Query<Option<Text<MAX_CURSOR_CHARS, VisibleOrEmpty>>>;
/// How many items a page has.
type Limit = Query<Option<Whole<1, MAX_LIMIT>>>;

#[derive(Tags)]
enum Tag {
    /// WhatsApp lines.
    Numbers,
    /// What Meta told of accounts, numbers and templates.
    Notices,
    /// Messages that Meta approves before they are sent.
    Templates,
    /// Who answers.
    Agents,
    /// The files agents answer from.
    Knowledge,
    /// Who wrote, who owns it, what waits.
    Conversations,
    /// What changes, as it changes.
    Feed,
    /// The people writing.
    Contacts,
    /// Bubbles, both ways.
    Messages,
    /// Files, both ways.
    Media,
    /// Why something was said, or not.
    Turns,
    /// The webhook log.
    Events,
    /// The work queue.
    Jobs,
    /// Signing in and out, invites.
    Session,
    /// People who sign in.
    Members,
    /// API keys.
    Keys,
    /// Who did what.
    Audit,
    /// The first steps, and how the instance runs.
    Setup,
    /// Tenants.
    Workspaces,
    /// What models have cost.
    Usage,
    /// What happened, counted, and what waits.
    Stats,
}

/// Whatever is about a contact.
type ContactApis = (contacts::ContactsApi, timeline::TimelineApi, privacy::PrivacyApi);

/// Whatever is counted.
type CountApis = (usage::UsageApi, stats::StatsApi);

/// Whatever is done with numbers.
type NumberApis = (numbers::NumbersApi, numbers::HealthApi, numbers::ProfileApi, numbers::SetupApi);

/// Who gets in, and who did what.
type AccessApis = (session::SessionApi, invites::InvitesApi, members::MembersApi, keys::KeysApi, audit::AuditApi);

/// How the instance is set up.
type SetupApis = (setup::SetupApi, settings::SettingsApi);

/// What people work through.
type ConversationApis = (conversations::ConversationsApi, notes::NotesApi, inbox::InboxApi, feed::FeedApi);

type Apis = (
    NumberApis,
    notices::NoticesApi,
    templates::TemplatesApi,
    agents::AgentsApi,
    knowledge::KnowledgeApi,
    ContactApis,
    ConversationApis,
    messages::MessagesApi,
    media::MediaApi,
    turns::TurnsApi,
    events::EventsApi,
    jobs::JobsApi,
    AccessApis,
    SetupApis,
    workspaces::WorkspacesApi,
    CountApis,
);

fn service() -> OpenApiService<Apis, ()> {
    let apis = (
        (numbers::NumbersApi, numbers::HealthApi, numbers::ProfileApi, numbers::SetupApi),
        notices::NoticesApi,
        templates::TemplatesApi,
        agents::AgentsApi,
        knowledge::KnowledgeApi,
        (contacts::ContactsApi, timeline::TimelineApi, privacy::PrivacyApi),
        (conversations::ConversationsApi, notes::NotesApi, inbox::InboxApi, feed::FeedApi),
        messages::MessagesApi,
        media::MediaApi,
        turns::TurnsApi,
        events::EventsApi,
        jobs::JobsApi,
        (session::SessionApi, invites::InvitesApi, members::MembersApi, keys::KeysApi, audit::AuditApi),
        (setup::SetupApi, settings::SettingsApi),
        workspaces::WorkspacesApi,
        (usage::UsageApi, stats::StatsApi),
    );
    OpenApiService::new(apis, "Switchboard", env!("CARGO_PKG_VERSION"))
        .description(
            "The management API of Switchboard, a gateway that lets AI agents answer a business's WhatsApp numbers.",
        )
        .url_prefix(PREFIX)
}

/// Mounts the management API with its document and a page to try it.
pub fn mount(routes: Route, app: &Arc<App>) -> Route {
    let service = service();
    let docs = service.swagger_ui();
    let document = document();
    routes
        .nest(PREFIX, service.after(keep_nowhere).around(audit::write_down).around(limits::cap_body).data(app.clone()))
        .nest("/docs", docs)
        .at(
            "/openapi.json",
            poem::endpoint::make_sync(move |_| {
                poem::Response::builder().content_type("application/json").body(document.clone())
            }),
        )
}

/// What is not said to be kept holds for whoever asked, and for now.
async fn keep_nowhere(answer: poem::Result<Response>) -> poem::Result<Response> {
    let mut answer = answer?;
    answer.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    Ok(answer)
}

/// The app, as handlers take it.
type SharedApp<'a> = poem::web::Data<&'a Arc<App>>;

/// A thing that was made.
#[derive(ApiResponse)]
enum Created<T: ParseFromJSON + ToJSON + Send> {
    #[oai(status = 201)]
    Created(Json<T>),
}

impl<T: ParseFromJSON + ToJSON + Send> Created<T> {
    fn new(thing: impl Into<T>) -> Self {
        Self::Created(Json(thing.into()))
    }
}

/// A thing that is gone.
#[derive(ApiResponse)]
enum Deleted {
    #[oai(status = 204)]
    Deleted,
}

impl Deleted {
    fn or_not_found(was_there: bool, what: &str) -> Result<Self, ApiError> {
        if was_there { Ok(Self::Deleted) } else { Err(ApiError::not_found(what)) }
    }
}

/// One page of a list, newest first unless said otherwise.
#[derive(Debug, Object)]
struct List<T: ParseFromJSON + ToJSON + Send + Sync> {
    items: Vec<T>,
    /// Give it as `cursor` to get the next page; null on the last.
    next_cursor: Option<String>,
}

impl<T: ParseFromJSON + ToJSON + Send + Sync> List<T> {
    fn of<R>(page: Page<R>, to_view: impl FnMut(R) -> T) -> Json<Self> {
        let page = page.map(to_view);
        Json(Self { items: page.items, next_cursor: page.next_cursor })
    }
}

fn page_request(cursor: Cursor, limit: Limit) -> PageRequest {
    PageRequest {
        cursor: cursor.0.map(Text::into_string).filter(|cursor| !cursor.is_empty()),
        limit: limit.0.map_or(DEFAULT_LIMIT, |limit| limit.get() as u64),
    }
}

fn time(millis: Millis) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}
