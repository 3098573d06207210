//! The Graph API: every call passes one door, where its bearer is looked at and what became of it is recorded.

mod check;
mod error;
mod numbers;
mod send;

use std::{io, net::SocketAddr, time::Duration};

use chrono::{SubsecRound, Utc};
use poem::{
    Body, Endpoint, EndpointExt, IntoResponse, Request, Response, Route,
    endpoint::make,
    http::{Method, StatusCode, header},
    web::Html,
};
use serde_json::{Value, json};

use crate::{journal::Entry, lock, simulator::Simulator};
use error::GraphError;

/// Bodies beyond this are not ours to read.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// Adds the Graph API, in any version.
pub(crate) fn routes(route: Route, simulator: &Simulator) -> Route {
    route.at("/:version<v\\d+\\.\\d+>/*path", endpoint(simulator.clone()))
}

fn endpoint(simulator: Simulator) -> impl Endpoint<Output = Response> + 'static {
    make(move |request| {
        let simulator = simulator.clone();
        async move { Ok::<_, poem::Error>(simulator.answer(request).await) }
    })
    .map_to_response()
}

/// What became of a call.
struct Outcome {
    manner: Manner,
    http: u16,
    body: Value,
    accepted: bool,
    wamid: Option<String>,
    retry_after_secs: Option<u64>,
}

/// How an outcome reaches the client, or does not.
enum Manner {
    Answer,
    AnswerAfter(Duration),
    /// A page from a proxy instead of Graph's JSON.
    Page,
    Break,
    BreakAfter(Duration),
}

impl Outcome {
    fn done(body: Value) -> Self {
        Self { manner: Manner::Answer, http: 200, body, accepted: true, wamid: None, retry_after_secs: None }
    }

    /// The status for the record: none if the client is left without one.
    fn recorded_http(&self) -> u16 {
        if matches!(self.manner, Manner::Break | Manner::BreakAfter(_)) { 0 } else { self.http }
    }
}

impl From<GraphError> for Outcome {
    fn from(error: GraphError) -> Self {
        Self { http: error.http, accepted: false, body: error.body(), ..Self::done(Value::Null) }
    }
}

/// A call taken apart.
struct Call {
    method: Method,
    path: String,
    bearer: String,
    body: Vec<u8>,
}

impl Simulator {
    async fn answer(&self, request: Request) -> Response {
        let client = request.remote_addr().as_socket_addr().copied();
        let call = match read(request).await {
            Ok(call) => call,
            Err(error) => return json_response(&error.into()),
        };
        let outcome = self.perform(&call).await.unwrap_or_else(Outcome::from);
        self.record(call, &outcome);
        self.respond(outcome, client).await
    }

    async fn perform(&self, call: &Call) -> Result<Outcome, GraphError> {
        self.authorize(&call.bearer)?;
        let segments: Vec<&str> = call.path.split('/').filter(|segment| !segment.is_empty()).skip(1).collect();
        match (&call.method, segments.as_slice()) {
            (&Method::POST, [id, "messages"]) => self.messages(id, &json_of(call)?).await,
            (&Method::GET, [id]) => self.number_node(id),
            (&Method::POST, [id]) => self.change_number(id, &json_of(call)?).await,
            (&Method::GET, [id, "phone_numbers"]) => self.list_numbers(id),
            (&Method::GET, [id, "subscribed_apps"]) => self.list_apps(id),
            (&Method::POST, [id, "subscribed_apps"]) => self.subscribe_app(id, &optional_json_of(call)?).await,
            (&Method::DELETE, [id, "subscribed_apps"]) => self.unsubscribe_app(id),
            _ => Err(GraphError::unknown_path(&call.path)),
        }
    }

    fn authorize(&self, bearer: &str) -> Result<(), GraphError> {
        let doors = lock(&self.desk.doors);
        match &doors.access_token {
            _ if bearer.is_empty() => Err(GraphError::no_token()),
            Some(token) if token != bearer => Err(GraphError::wrong_token()),
            _ => Ok(()),
        }
    }

    async fn respond(&self, outcome: Outcome, client: Option<SocketAddr>) -> Response {
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
    fn break_off(&self, client: Option<SocketAddr>) -> Response {
        if let Some(client) = client {
            self.desk.breaker.cut(client);
        }
        let failing = futures_util::stream::iter([Err::<Vec<u8>, _>(io::Error::other("broken on purpose"))]);
        Response::builder().body(Body::from_bytes_stream(failing))
    }

    fn record(&self, call: Call, outcome: &Outcome) {
        let entry = Entry {
            at: Utc::now().trunc_subsecs(3),
            method: call.method.to_string(),
            path: call.path,
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

async fn read(mut request: Request) -> Result<Call, GraphError> {
    let bearer = request.header(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")).unwrap_or("");
    let bearer = bearer.trim().to_owned();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let body = request.take_body().into_bytes_limit(MAX_BODY).await;
    let body = body.map_err(|_| GraphError::parameter("The request's body could not be read."))?;
    Ok(Call { method, path, bearer, body: body.to_vec() })
}

fn json_of(call: &Call) -> Result<Value, GraphError> {
    serde_json::from_slice(&call.body).map_err(|_| GraphError::parameter("The request's body is not valid JSON."))
}

fn optional_json_of(call: &Call) -> Result<Value, GraphError> {
    if call.body.is_empty() { Ok(Value::Null) } else { json_of(call) }
}

fn json_response(outcome: &Outcome) -> Response {
    let mut response = Response::builder().status(status(outcome.http)).content_type("application/json; charset=UTF-8");
    if let Some(secs) = outcome.retry_after_secs {
        response = response.header(header::RETRY_AFTER, secs);
    }
    response.body(outcome.body.to_string())
}

fn page_response(http: u16) -> Response {
    let title = status(http).canonical_reason().unwrap_or("Error");
    let page = format!("<html><head><title>{http} {title}</title></head><body><h1>{title}</h1></body></html>");
    Html(page).with_status(status(http)).into_response()
}

fn status(http: u16) -> StatusCode {
    StatusCode::from_u16(http).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
