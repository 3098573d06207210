//! The Graph API: every call passes one door, where its bearer is looked at and what became of it is recorded.

mod accounts;
mod automation;
mod block;
mod call;
mod check;
pub(crate) mod error;
mod media;
mod numbers;
mod paging;
mod profile;
mod qr_codes;
mod recipient;
mod registration;
mod send;
mod statuses;
mod templates;
mod tokens;
mod uploads;
mod username;

use std::io;

use chrono::{SubsecRound, Utc};
use poem::{Body, Endpoint, EndpointExt, Request, Response, Route, endpoint::make, http::Method};
use serde_json::{Value, json};

use crate::{faults::Before, journal::Entry, lock, media::DOWNLOAD_PATH, simulator::Simulator};
pub(crate) use media::stream as stream_file;

use call::{Call, Head, Manner, Outcome, json_response, page_response};
use error::GraphError;

/// The application we are: Meta knows every gateway by one.
const APP_ID: &str = "3060000000001";

/// Adds the Graph API in any version, and the host files are fetched from.
pub(crate) fn routes(route: Route, simulator: &Simulator) -> Route {
    let route = route.at("/:version<v\\d+\\.\\d+>/*path", endpoint(simulator.clone()));
    let download = simulator.clone();
    let download = make(move |request: Request| {
        let simulator = download.clone();
        async move { Ok::<_, poem::Error>(simulator.download(&request).await) }
    });
    route.at(DOWNLOAD_PATH, download.map_to_response())
}

fn endpoint(simulator: Simulator) -> impl Endpoint<Output = Response> + 'static {
    make(move |request| {
        let simulator = simulator.clone();
        async move { Ok::<_, poem::Error>(simulator.answer(request).await) }
    })
    .map_to_response()
}

impl Simulator {
    async fn answer(&self, mut request: Request) -> Response {
        let head = Head::of(&request);
        self.learn_address(&head.base);
        let body = request.take_body();
        let (call, outcome) = if is_stream(&head) {
            self.perform_stream(head, body).await
        } else {
            let call = match Call::read(head, body).await {
                Ok(call) => call,
                Err(error) => return json_response(&error.into()),
            };
            let outcome = self.perform(&call).await.unwrap_or_else(Outcome::from);
            (call, outcome)
        };
        let client = call.head.client;
        self.record(call, &outcome);
        self.respond(outcome, client).await
    }

    /// A call whose body is a file: it goes to disk as it comes, and the record gets a line about it.
    async fn perform_stream(&self, head: Head, body: Body) -> (Call, Outcome) {
        let performed = match self.authorize(&head.bearer) {
            Ok(()) => match head.segments().as_slice() {
                [number, "media"] => self.upload_media(number, &head, body).await,
                [session] => self.upload_piece(session, &head, body).await,
                _ => Err(GraphError::unknown_path(&head.path)),
            },
            Err(error) => Err(error),
        };
        let (note, outcome) = performed.unwrap_or_else(|error| (Value::Null, error.into()));
        let body = if note.is_null() { Vec::new() } else { note.to_string().into_bytes() };
        (Call { head, body }, outcome)
    }

    async fn perform(&self, call: &Call) -> Result<Outcome, GraphError> {
        let head = &call.head;
        self.authorize(&head.bearer)?;
        let segments = head.segments();
        if let (&Method::POST, [id, edge @ ("messages" | "marketing_messages")]) = (&head.method, segments.as_slice()) {
            return self.messages(id, edge, &call.json()?).await;
        }
        if let Some(refused) = self.refused_by_fault(&segments) {
            return Ok(refused);
        }
        match segments.as_slice() {
            [id] => self.node(id, call).await,
            [id, "message_templates"] => self.template_edge(id, call),
            [id, "unpause"] if head.method == Method::POST => self.unpause_template(id),
            [id, "phone_numbers"] if head.method == Method::GET => self.list_numbers(id, head),
            [id, "subscribed_apps"] => self.subscribed_apps(id, call).await,
            [id, "uploads"] if head.method == Method::POST => self.open_upload(id, head),
            [id, rest @ ..] => self.number_edge(id, rest, call),
            [] => Err(GraphError::unknown_path(&head.path)),
        }
    }

    /// A thing by its id, whatever it is.
    async fn node(&self, id: &str, call: &Call) -> Result<Outcome, GraphError> {
        let head = &call.head;
        let is_number = lock(&self.desk.doors).numbers.contains_key(id);
        let is_template = lock(&self.desk.templates).get(id).is_some();
        match head.method {
            Method::GET if id == "debug_token" => self.debug_token(head),
            Method::GET if id.starts_with("upload:") => self.upload_state(id),
            Method::GET if is_number => self.number_node(id, head),
            Method::GET if is_template => self.template_node(id, head),
            Method::GET if self.know_account(id).is_ok() => self.account_node(id, head),
            Method::GET => self.media_node(id, head),
            Method::POST if is_template => self.edit_template(id, &call.json()?),
            Method::POST => self.change_number(id, &call.json()?).await,
            Method::DELETE => self.delete_media(id, head),
            _ => Err(GraphError::unknown_path(&head.path)),
        }
    }

    /// What hangs on a number.
    fn number_edge(&self, id: &str, rest: &[&str], call: &Call) -> Result<Outcome, GraphError> {
        let number = self.number(id)?;
        match rest {
            ["register" | "deregister" | "request_code" | "verify_code"] if call.head.method == Method::POST => {
                self.registration(&number, rest[0], &call.optional_json()?)
            }
            ["whatsapp_business_profile"] => self.profile(&number, call),
            ["settings"] => self.number_settings(&number, call),
            ["conversational_automation"] if call.head.method == Method::POST => {
                self.set_automation(&number, &call.json()?)
            }
            ["block_users"] => self.block_users(&number, call),
            ["username"] => self.username(&number, call),
            ["username_suggestions"] if call.head.method == Method::GET => self.suggest_usernames(&number),
            ["message_qrdls", code @ ..] => self.qr_codes(&number, code.first().copied(), call),
            _ => Err(GraphError::unknown_path(&call.head.path)),
        }
    }

    fn refused_by_fault(&self, segments: &[&str]) -> Option<Outcome> {
        let is_media = matches!(segments, [id] if lock(&self.desk.shelf).get(id).is_some());
        let mut dice = lock(&self.desk.dice);
        let before = if is_media { dice.before_media() } else { dice.before_management() };
        before.map(refused)
    }

    fn authorize(&self, bearer: &str) -> Result<(), GraphError> {
        let doors = lock(&self.desk.doors);
        match &doors.access_token {
            _ if bearer.is_empty() => Err(GraphError::no_token()),
            Some(token) if token != bearer => Err(GraphError::wrong_token()),
            _ => Ok(()),
        }
    }

    async fn respond(&self, outcome: Outcome, client: Option<std::net::SocketAddr>) -> Response {
        if let Manner::AnswerAfter(pause) | Manner::BreakAfter(pause) = outcome.manner {
            tokio::time::sleep(pause).await;
        }
        match outcome.manner {
            Manner::Answer | Manner::AnswerAfter(_) => json_response(&outcome),
            Manner::Page => page_response(outcome.http),
            Manner::Break | Manner::BreakAfter(_) => self.break_off(client),
        }
    }

    /// No answer at all; the body fails as well, for servers that know nothing of the breaker.
    fn break_off(&self, client: Option<std::net::SocketAddr>) -> Response {
        if let Some(client) = client {
            self.desk.breaker.cut(client);
        }
        let failing = futures_util::stream::iter([Err::<Vec<u8>, _>(io::Error::other("broken on purpose"))]);
        Response::builder().body(Body::from_bytes_stream(failing))
    }

    fn record(&self, call: Call, outcome: &Outcome) {
        let entry = Entry {
            at: Utc::now().trunc_subsecs(3),
            method: call.head.method.to_string(),
            path: call.head.path,
            body: call.body,
            http: outcome.recorded_http(),
            accepted: outcome.accepted,
            wamid: outcome.wamid.clone(),
            code: outcome.body.pointer("/error/code").and_then(Value::as_i64),
        };
        self.desk.feed.tell(|| json!({"event": "request", "request": entry.open()}));
        lock(&self.desk.journal).push(entry);
    }
}

/// Whether a call's body is a file.
fn is_stream(head: &Head) -> bool {
    let segments = head.segments();
    let is_file = matches!(segments.as_slice(), [_, "media"])
        || matches!(segments.as_slice(), [session] if session.starts_with("upload:"));
    head.method == Method::POST && is_file
}

/// What a fault makes of a call.
fn refused(before: Before) -> Outcome {
    let details = "Switched on under /sim/faults.";
    match before {
        Before::Hang(pause) => {
            let outcome = Outcome { manner: Manner::BreakAfter(pause), ..Outcome::done(Value::Null) };
            Outcome { accepted: false, ..outcome }
        }
        Before::Refuse { code: Some(190), http, retry_after_secs } => {
            Outcome { http, retry_after_secs, ..GraphError::wrong_token().into() }
        }
        Before::Refuse { code: Some(code), http, retry_after_secs } => {
            Outcome { retry_after_secs, ..GraphError::of(code, http, details).into() }
        }
        Before::Refuse { code: None, http, retry_after_secs } => {
            let outcome = Outcome { http, retry_after_secs, manner: Manner::Page, ..Outcome::done(Value::Null) };
            Outcome { accepted: false, ..outcome }
        }
    }
}
