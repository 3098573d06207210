//! Who did what. One middleware writes down everything that succeeds and changes something, so that no handler can forget
//! it; of a body it keeps the names of the fields, never their values.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use entity::private::Text as StoredText;
use entity::{ActorId, AuditId, WorkspaceId, audit_entry};
use poem::http::{Method, StatusCode};
use poem::{Body, Endpoint, IntoResponse, Request, Response};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi, OperationId};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::auth::{Admin, Who};
use super::problem::ApiError;
use super::wire::{Text, Visible};
use super::{Cursor, Limit, List, SharedApp, Tag, client, page_request, time};
use crate::app::App;
use crate::store;
use crate::store::audit::Filter;

/// Last parts of paths whose POSTs change nothing that has no row of its own to tell of it.
const QUIET: [&str; 8] = ["messages", "read", "typing", "presence", "try", "search", "draft", "look"];
/// The same of reads that carry much away.
const LOUD: [&str; 1] = ["export"];
/// What is written down when it fails, too.
const SIGN_IN: &str = "signIn";
/// No operation has as many fields; a refused body may.
const MAX_FIELDS: usize = 50;
const MAX_FIELD_CHARS: usize = 100;
const MAX_PATH_CHARS: usize = 300;

/// Who is doing the call at hand: it is known further in, and written down further out.
#[derive(Debug, Clone, Default)]
pub struct Doing(Arc<Mutex<Option<Doer>>>);

#[derive(Debug, Clone)]
struct Doer {
    workspace_id: WorkspaceId,
    actor: Option<ActorId>,
    name: Option<String>,
}

impl Doing {
    pub fn is_done_by(&self, who: &Who) {
        self.set(Doer { workspace_id: who.workspace().clone(), actor: Some(who.actor()), name: Some(who.name()) });
    }

    /// Somebody tried to be let in, by what they call themselves.
    pub fn is_tried_by(&self, workspace_id: &WorkspaceId, name: Option<&str>) {
        self.set(Doer { workspace_id: workspace_id.clone(), actor: None, name: name.map(str::to_owned) });
    }

    fn set(&self, doer: Doer) {
        *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(doer);
    }

    fn take(&self) -> Option<Doer> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take()
    }
}

/// Writes down what the call does, once it is done.
pub async fn write_down<E: Endpoint>(next: Arc<E>, mut request: Request) -> poem::Result<Response> {
    let Some(app) = request.data::<Arc<App>>().cloned() else {
        return next.call(request).await.map(IntoResponse::into_response);
    };
    let doing = Doing::default();
    request.set_data(doing.clone());
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let path: String = request.original_uri().path().chars().take(MAX_PATH_CHARS).collect();
    let address = client::address(&request, app.settings.server.trusted_proxies);
    let is_json = request.content_type().is_some_and(|kind| kind.starts_with("application/json"));
    let body = if is_json && !is_read {
        // Its length was bounded on the way here.
        let body = request.take_body().into_bytes().await?;
        request.set_body(Body::from_bytes(body.clone()));
        Some(body)
    } else {
        None
    };

    let answer = next.call(request).await.map(IntoResponse::into_response);
    let (status, operation) = match &answer {
        Ok(response) => (response.status(), response.data::<OperationId>().copied()),
        Err(error) => (error.status(), error.data::<OperationId>().copied()),
    };
    let (Some(OperationId(action)), Some(doer)) = (operation, doing.take()) else { return answer };
    if !is_told(action, &path, is_read, status) {
        return answer;
    }
    let (answer, made) = match answer {
        Ok(response) if status == StatusCode::CREATED => look_at_made(response).await,
        answer => (answer, None),
    };
    let now = app.now();
    let entry = audit_entry::Model {
        id: AuditId::generate(now),
        workspace_id: doer.workspace_id,
        at: now,
        actor: doer.actor,
        actor_name: doer.name.map(StoredText),
        action: action.to_owned(),
        subject: made.or_else(|| id_in(&path)),
        path,
        fields: serde_json::json!(body.map(|body| field_names(&body)).unwrap_or_default()),
        address: address.map(|address| address.to_string()),
        http_status: status.as_u16().into(),
    };
    if let Err(error) = store::audit::insert(app.db.writer(), entry).await {
        // It is done already: the answer must say so.
        tracing::error!(error = %error, action, "what was done could not be written down");
    }
    answer
}

fn is_told(action: &str, path: &str, is_read: bool, status: StatusCode) -> bool {
    if !status.is_success() {
        return action == SIGN_IN && status == StatusCode::UNAUTHORIZED;
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    if is_read { LOUD.contains(&last) } else { !QUIET.contains(&last) }
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

/// The id of what was made, and the answer as it was.
async fn look_at_made(mut response: Response) -> (poem::Result<Response>, Option<String>) {
    match response.take_body().into_bytes().await {
        Ok(bytes) => {
            let made = serde_json::from_slice::<Made>(&bytes).ok().map(|made| made.id);
            response.set_body(bytes);
            (Ok(response), made)
        }
        Err(error) => (Err(error.into()), None),
    }
}

/// The last part of a path that looks like an id of ours.
fn id_in(path: &str) -> Option<String> {
    let is_id = |part: &&str| {
        part.split_once('_').is_some_and(|(kind, rest)| {
            kind.len() == 3
                && kind.bytes().all(|byte| byte.is_ascii_lowercase())
                && !rest.is_empty()
                && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    };
    path.rsplit('/').find(is_id).map(str::to_owned)
}

fn field_names(body: &[u8]) -> Vec<String> {
    let fields: BTreeMap<String, IgnoredAny> = serde_json::from_slice(body).unwrap_or_default();
    let names = fields.into_keys().take(MAX_FIELDS);
    names.map(|name| name.chars().filter(|char| *char != '\0').take(MAX_FIELD_CHARS).collect()).collect()
}

pub struct AuditApi;

/// Something that somebody did through this API, or tried.
#[derive(Debug, Object)]
struct AuditEntry {
    id: AuditId,
    at: DateTime<Utc>,
    /// An API key or a member; null where nobody was let in.
    actor: Option<ActorId>,
    /// What they were called then; of a sign-in that failed, the e-mail that was tried.
    actor_name: Option<String>,
    /// The operation's `operationId` in this document.
    action: String,
    path: String,
    /// The id in the path, or of what was made.
    subject: Option<String>,
    /// The names of the body's own fields; what stood in them is not kept.
    fields: Vec<String>,
    /// The client's.
    address: Option<String>,
    /// Of the answer; all are successes but those of sign-ins.
    status: i32,
}

#[OpenApi(tag = "Tag::Audit")]
impl AuditApi {
    /// Lists who did what, newest first: all that changed something, exports, sign-ins, and sign-ins that failed. Messages,
    /// reads, typing and tries have rows of their own, or none.
    #[oai(path = "/audit", method = "get", operation_id = "listAuditEntries")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        actor: Query<Option<ActorId>>,
        /// An `operationId`, such as `updateAgent`.
        action: Query<Option<Text<100, Visible>>>,
        /// Any id, such as an agent's.
        subject: Query<Option<Text<100, Visible>>>,
        /// From this time on.
        from: Query<Option<DateTime<Utc>>>,
        /// Before this time.
        to: Query<Option<DateTime<Utc>>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<AuditEntry>>, ApiError> {
        let page = page_request(cursor, limit);
        let filter = Filter {
            actor: actor.0,
            action: action.0.map(Text::into_string),
            subject: subject.0.map(Text::into_string),
            times: from.0.map(|at| at.timestamp_millis())..to.0.map(|at| at.timestamp_millis()),
        };
        Ok(List::of(store::audit::list(app.db.reader(), admin.workspace(), &filter, &page).await?, view))
    }
}

fn view(entry: audit_entry::Model) -> AuditEntry {
    AuditEntry {
        id: entry.id,
        at: time(entry.at),
        actor: entry.actor,
        actor_name: entry.actor_name.map(|name| name.0),
        action: entry.action,
        path: entry.path,
        subject: entry.subject,
        fields: serde_json::from_value(entry.fields).unwrap_or_default(),
        address: entry.address,
        status: entry.http_status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_something_is_told_and_only_that() {
        fn told(action: &str, path: &str, is_read: bool, status: u16) -> bool {
            is_told(action, path, is_read, StatusCode::from_u16(status).expect("a status"))
        }
        assert!(told("updateAgent", "/api/v1/agents/agt_1", false, 200));
        assert!(told("anything", "/api/v1/of/a/later/version", false, 204));
        assert!(told("signIn", "/api/v1/session", false, 201) && told("signIn", "/api/v1/session", false, 401));
        assert!(!told("signIn", "/api/v1/session", false, 429) && !told("signOut", "/api/v1/session", false, 401));
        assert!(told("exportContact", "/api/v1/contacts/con_1/export", true, 200));
        assert!(!told("getContact", "/api/v1/contacts/con_1", true, 200));
        assert!(!told("updateAgent", "/api/v1/agents/agt_1", false, 422));
        for quiet in ["messages", "conversations/cnv_1/messages", "conversations/cnv_1/read", "agents/agt_1/try"] {
            assert!(!told("any", &format!("/api/v1/{quiet}"), false, 200), "{quiet}");
        }
    }

    #[test]
    fn a_path_names_what_it_is_about() {
        let id = "agt_01M7YARSRWEKFA9260YWQ4W8EG";
        assert_eq!(id_in(&format!("/api/v1/agents/{id}/versions/3/restore")).as_deref(), Some(id));
        assert_eq!(id_in("/api/v1/jobs/job_42/retry").as_deref(), Some("job_42"));
        assert_eq!(id_in("/api/v1/session"), None);
        assert_eq!(id_in("/api/v1/templates/not_An_id"), None);
    }

    #[test]
    fn only_names_are_kept_of_a_body() {
        assert_eq!(field_names(br#"{"name": "x", "api_key": {"secret": 1}, "a\u0000": 2}"#), ["a", "api_key", "name"]);
        assert!(field_names(b"[1, 2]").is_empty() && field_names(b"{").is_empty());
    }
}
