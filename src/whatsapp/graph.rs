//! The Graph client: one call, one answer, sorted errors. It repeats nothing by itself.

mod blocks;
mod numbers;
mod profile;
mod templates;

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::error::{Consequence, GraphError, sort};

pub use numbers::TokenFacts;
pub use profile::{Command, Conversational};
pub use templates::TemplatePage;

/// The most of an answer that is read.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

#[derive(Debug, Clone)]
pub struct GraphClient {
    http: reqwest::Client,
    /// Such as `https://graph.facebook.com/v24.0`.
    base: String,
    timeout: Duration,
}

/// To whom a message goes: a phone when there is one, else the business-scoped user id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// Digits; `+` is put before them, since without it Meta takes the number's own country.
    Phone(String),
    UserId(String),
}

/// A message to send.
#[derive(Debug)]
pub struct Outgoing<'a> {
    pub to: Recipient,
    /// Meta's `type`, with the object of that name.
    pub kind: &'a str,
    pub content: &'a Value,
    /// The wamid it quotes.
    pub reply_to: Option<&'a str>,
    /// Comes back in every status webhook of this message.
    pub callback_data: &'a str,
}

/// What Graph says of a message it took.
#[derive(Debug, PartialEq, Eq)]
pub struct Accepted {
    pub wamid: String,
    /// The customer's digits as WhatsApp knows them, where it was sent to a phone.
    pub wa_id: Option<String>,
}

impl GraphClient {
    pub fn new(http: reqwest::Client, url: &str, version: &str, timeout: Duration) -> Self {
        Self { http, base: format!("{}/{version}", url.trim_end_matches('/')), timeout }
    }

    /// `POST /{phone_number_id}/messages`.
    pub async fn send(
        &self,
        phone_number_id: &str,
        token: &SecretString,
        message: &Outgoing<'_>,
    ) -> Result<Accepted, GraphError> {
        let answer =
            self.call(Method::POST, &format!("{phone_number_id}/messages"), token, Some(message.to_body())).await?;
        let wamid = answer.pointer("/messages/0/id").and_then(Value::as_str);
        let wa_id = answer.pointer("/contacts/0/wa_id").and_then(Value::as_str).map(str::to_owned);
        // Taken, surely, but by what name? A status webhook with our callback data will tell.
        wamid.map(|wamid| Accepted { wamid: wamid.to_owned(), wa_id }).ok_or_else(|| GraphError {
            consequence: Consequence::Unknown,
            code: None,
            title: "Graph answered without a message id".to_owned(),
            details: None,
        })
    }

    /// Marks a message and those before it read, and shows that somebody is typing for up to 25 s.
    pub async fn mark_read_and_typing(
        &self,
        phone_number_id: &str,
        token: &SecretString,
        wamid: &str,
        typing: bool,
    ) -> Result<(), GraphError> {
        let mut body = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": wamid });
        if typing {
            body["typing_indicator"] = json!({ "type": "text" });
        }
        self.call(Method::POST, &format!("{phone_number_id}/messages"), token, Some(body)).await.map(drop)
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        token: &SecretString,
        body: Option<Value>,
    ) -> Result<Value, GraphError> {
        let mut request = self.http.request(method, format!("{}/{path}", self.base));
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.finish(request, token).await
    }

    /// Asks with `fields` and the like in the address.
    async fn ask(&self, path: &str, token: &SecretString, query: &[(&str, &str)]) -> Result<Value, GraphError> {
        self.finish(self.request(Method::GET, path).query(query), token).await
    }

    /// A call by its path below the version.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/{path}", self.base))
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) async fn finish(&self, request: RequestBuilder, token: &SecretString) -> Result<Value, GraphError> {
        let answer = request.bearer_auth(token.expose_secret()).timeout(self.timeout).send().await;
        let answer = answer.map_err(|error| broken(&error))?;
        let status = answer.status();
        let retry_after = retry_after(&answer);
        let body = read_limited(answer).await.map_err(|error| broken(&error))?;
        let json: Option<Value> = serde_json::from_slice(&body).ok();
        if status.is_success() {
            return json.ok_or_else(|| GraphError {
                consequence: Consequence::Unknown,
                code: None,
                title: "Graph answered with something that is not JSON".to_owned(),
                details: None,
            });
        }
        let mut error = refused(status.as_u16(), json.as_ref(), retry_after);
        error.hide(token.expose_secret());
        Err(error)
    }
}

/// What stands for a token in a text of Graph's.
const HIDDEN: &str = "[token]";

impl GraphError {
    /// Graph quotes a token that it cannot read; nobody else may see it.
    fn hide(&mut self, token: &str) {
        if token.is_empty() {
            return;
        }
        self.title = self.title.replace(token, HIDDEN);
        self.details = self.details.take().map(|details| details.replace(token, HIDDEN));
    }
}

impl Outgoing<'_> {
    /// The request as it leaves. A reaction names its target itself, and quotes nothing.
    pub fn to_body(&self) -> Value {
        let mut body = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "type": self.kind,
            "biz_opaque_callback_data": self.callback_data,
        });
        match &self.to {
            Recipient::Phone(digits) => body["to"] = json!(format!("+{digits}")),
            Recipient::UserId(user_id) => body["recipient"] = json!(user_id),
        }
        body[self.kind] = self.content.clone();
        if let Some(wamid) = self.reply_to.filter(|_| self.kind != "reaction") {
            body["context"] = json!({ "message_id": wamid });
        }
        body
    }
}

/// A request that never got through is certainly not sent; one that broke later may be.
fn broken(error: &reqwest::Error) -> GraphError {
    let not_sent = error.is_connect() || error.is_builder();
    GraphError {
        consequence: if not_sent { Consequence::Later { after: None } } else { Consequence::Unknown },
        code: None,
        title: if error.is_timeout() { "Graph did not answer in time" } else { "the connection to Graph broke" }
            .to_owned(),
        details: None,
    }
}

fn refused(status: u16, body: Option<&Value>, retry_after: Option<Duration>) -> GraphError {
    let error = body.and_then(|body| body.get("error"));
    let code = error.and_then(|error| error.get("code")).and_then(Value::as_i64);
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let data = error.and_then(|error| error.get("error_data"));
    GraphError {
        consequence: sort(status, code, retry_after),
        code,
        title: text(error.and_then(|error| error.get("message"))).unwrap_or_else(|| format!("Graph answered {status}")),
        details: text(data.and_then(|data| data.get("details")))
            .or_else(|| text(data))
            .or_else(|| text(error.and_then(|error| error.get("error_user_msg"))))
            .or_else(|| text(body.and_then(|body| body.pointer("/block_users/failed_users/0/errors/0/message")))),
    }
}

fn retry_after(answer: &Response) -> Option<Duration> {
    let header = answer.headers().get(reqwest::header::RETRY_AFTER)?;
    header.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

async fn read_limited(mut answer: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER_BYTES {
            break;
        }
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_graph_quotes_is_not_passed_on() {
        let body =
            json!({"error": {"message": "Malformed access token EAAG1", "code": 190, "error_user_msg": "EAAG1?"}});
        let mut error = refused(401, Some(&body), None);
        error.hide("EAAG1");
        assert_eq!(error.title, "Malformed access token [token]");
        assert_eq!(error.details.as_deref(), Some("[token]?"));
    }

    #[test]
    fn a_message_goes_to_a_phone_with_plus_or_to_a_user_id() {
        let content = json!({ "body": "hi" });
        let message =
            |to| Outgoing { to, kind: "text", content: &content, reply_to: Some("wamid.Q"), callback_data: "msg_1" };
        assert_eq!(
            message(Recipient::Phone("41790000001".to_owned())).to_body(),
            json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+41790000001", "type": "text",
                "text": {"body": "hi"}, "context": {"message_id": "wamid.Q"}, "biz_opaque_callback_data": "msg_1"})
        );
        let by_id = message(Recipient::UserId("CH.1".to_owned())).to_body();
        assert_eq!((by_id.get("to"), &by_id["recipient"]), (None, &json!("CH.1")));
    }
}
