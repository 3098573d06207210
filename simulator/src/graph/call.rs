//! A Graph call taken apart, and how its answer leaves.

use std::{net::SocketAddr, time::Duration};

use poem::{
    Body, IntoResponse, Request, Response,
    http::{Method, StatusCode, header},
    web::Html,
};
use serde_json::Value;

use super::error::GraphError;

/// Bodies beyond this are not ours to read, files apart.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// A call without its body.
pub(super) struct Head {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) bearer: String,
    pub(super) agent: bool,
    pub(super) content_type: String,
    pub(super) file_offset: u64,
    /// Scheme and host as the client wrote them: addresses we hand out start so.
    pub(super) base: String,
    pub(super) client: Option<SocketAddr>,
    query: Vec<(String, String)>,
}

/// A call whose body has been read.
pub(super) struct Call {
    pub(super) head: Head,
    pub(super) body: Vec<u8>,
}

impl Head {
    pub(super) fn of(request: &Request) -> Self {
        let header = |name| request.header(name).unwrap_or_default();
        let bearer = header(header::AUTHORIZATION);
        let bearer = bearer.strip_prefix("Bearer ").or_else(|| bearer.strip_prefix("OAuth ")).unwrap_or_default();
        Self {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            bearer: bearer.trim().to_owned(),
            agent: !header(header::USER_AGENT).trim().is_empty(),
            content_type: header(header::CONTENT_TYPE).to_owned(),
            file_offset: request.header("file_offset").and_then(|offset| offset.parse().ok()).unwrap_or_default(),
            base: format!("http://{}", header(header::HOST)),
            client: request.remote_addr().as_socket_addr().copied(),
            query: request.params().unwrap_or_default(),
        }
    }

    /// The path after the version.
    pub(super) fn segments(&self) -> Vec<&str> {
        self.path.split('/').filter(|segment| !segment.is_empty()).skip(1).collect()
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let pair = self.query.iter().find(|(key, value)| key == name && !value.is_empty());
        pair.map(|(_, value)| value.as_str())
    }

    /// The query without one of its pairs, to be put behind a path again.
    pub(super) fn query_without(&self, names: &[&str]) -> String {
        let kept = self.query.iter().filter(|(key, _)| !names.contains(&key.as_str()));
        kept.map(|(key, value)| format!("{key}={value}&")).collect()
    }
}

impl Call {
    pub(super) async fn read(head: Head, body: Body) -> Result<Self, GraphError> {
        let body = body.into_bytes_limit(MAX_BODY).await;
        let body = body.map_err(|_| GraphError::parameter("The request's body could not be read."))?;
        Ok(Self { head, body: body.to_vec() })
    }

    pub(super) fn json(&self) -> Result<Value, GraphError> {
        serde_json::from_slice(&self.body).map_err(|_| GraphError::parameter("The request's body is not valid JSON."))
    }

    pub(super) fn optional_json(&self) -> Result<Value, GraphError> {
        if self.body.is_empty() { Ok(Value::Null) } else { self.json() }
    }
}

/// What became of a call.
pub(super) struct Outcome {
    pub(super) manner: Manner,
    pub(super) http: u16,
    pub(super) body: Value,
    pub(super) accepted: bool,
    pub(super) wamid: Option<String>,
    pub(super) retry_after_secs: Option<u64>,
}

/// How an outcome reaches the client, or does not.
pub(super) enum Manner {
    Answer,
    AnswerAfter(Duration),
    /// A page from a proxy instead of Graph's JSON.
    Page,
    Break,
    BreakAfter(Duration),
}

impl Outcome {
    pub(super) fn done(body: Value) -> Self {
        Self { manner: Manner::Answer, http: 200, body, accepted: true, wamid: None, retry_after_secs: None }
    }

    pub(super) fn success() -> Self {
        Self::done(serde_json::json!({"success": true}))
    }

    /// The status for the record: none if the client is left without one.
    pub(super) fn recorded_http(&self) -> u16 {
        if matches!(self.manner, Manner::Break | Manner::BreakAfter(_)) { 0 } else { self.http }
    }
}

impl From<GraphError> for Outcome {
    fn from(error: GraphError) -> Self {
        Self { http: error.http, accepted: false, body: error.body(), ..Self::done(Value::Null) }
    }
}

pub(super) fn json_response(outcome: &Outcome) -> Response {
    let mut response = Response::builder().status(status(outcome.http)).content_type("application/json; charset=UTF-8");
    if let Some(secs) = outcome.retry_after_secs {
        response = response.header(header::RETRY_AFTER, secs);
    }
    response.body(outcome.body.to_string())
}

pub(super) fn page_response(http: u16) -> Response {
    let title = status(http).canonical_reason().unwrap_or("Error");
    let page = format!("<html><head><title>{http} {title}</title></head><body><h1>{title}</h1></body></html>");
    Html(page).with_status(status(http)).into_response()
}

fn status(http: u16) -> StatusCode {
    StatusCode::from_u16(http).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
