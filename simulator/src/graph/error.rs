//! Graph's errors in Graph's shape.

use serde_json::{Value, json};
use uuid::Uuid;

/// A refusal: what goes into `error`, and the HTTP status over it.
#[derive(Debug)]
pub(super) struct GraphError {
    pub(super) http: u16,
    code: i64,
    kind: &'static str,
    message: String,
    subcode: Option<u32>,
    details: Option<String>,
}

impl GraphError {
    /// A WhatsApp error by its code, with the title Meta gives it.
    pub(super) fn of(code: i64, http: u16, details: impl Into<String>) -> Self {
        let message = format!("(#{code}) {}", title(code));
        Self { http, code, kind: "OAuthException", message, subcode: None, details: Some(details.into()) }
    }

    pub(super) fn parameter(details: impl Into<String>) -> Self {
        Self::of(100, 400, details)
    }

    pub(super) fn missing(parameter: &str) -> Self {
        Self::of(131008, 400, format!("Required parameter is missing: {parameter}."))
    }

    pub(super) fn no_such_node(id: &str) -> Self {
        let message = format!(
            "Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, \
             or does not support this operation."
        );
        Self { kind: "GraphMethodException", subcode: Some(33), details: None, message, ..Self::parameter("") }
    }

    pub(super) fn unknown_path(path: &str) -> Self {
        Self { code: 2500, details: None, message: format!("Unknown path components: {path}"), ..Self::parameter("") }
    }

    pub(super) fn no_token() -> Self {
        let message = "An access token is required to request this resource.".to_owned();
        Self { http: 401, code: 190, details: None, message, ..Self::parameter("") }
    }

    pub(super) fn wrong_token() -> Self {
        let message = "Error validating access token: Session has expired.".to_owned();
        Self { subcode: Some(463), message, ..Self::no_token() }
    }

    pub(super) fn body(&self) -> Value {
        let mut error = json!({
            "message": self.message,
            "type": self.kind,
            "code": self.code,
            "fbtrace_id": format!("A{}", &Uuid::new_v4().simple().to_string()[..22]),
        });
        if let Some(details) = &self.details {
            error["error_data"] = json!({"messaging_product": "whatsapp", "details": details});
        }
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        json!({"error": error})
    }
}

/// The item of `errors[]` in a `failed` status.
pub(super) fn status_error(code: i64) -> Value {
    json!({
        "code": code,
        "title": title(code),
        "message": title(code),
        "error_data": {"details": format!("{}.", title(code))},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    })
}

/// What Meta calls a code.
fn title(code: i64) -> &'static str {
    match code {
        1 => "API Unknown",
        2 => "API Service",
        4 => "API Too Many Calls",
        10 => "API Permission Denied",
        100 => "Invalid parameter",
        190 => "Access token has expired",
        368 => "Temporarily blocked for policies violations",
        80007 => "Rate limit issues",
        130429 => "Rate limit hit",
        130472 => "User's number is part of an experiment",
        131000 => "Something went wrong",
        131005 => "Access denied",
        131008 => "Required parameter is missing",
        131009 => "Parameter value is not valid",
        131016 => "Service unavailable",
        131021 => "Recipient cannot be sender",
        131026 => "Message undeliverable",
        131031 => "Account has been locked",
        131042 => "Business eligibility payment issue",
        131047 => "Re-engagement message",
        131048 => "Spam rate limit hit",
        131049 => "This message was not delivered to maintain healthy ecosystem engagement",
        131051 => "Unsupported message type",
        131053 => "Media upload error",
        131056 => "(Business Account, Consumer Account) pair rate limit hit",
        131057 => "Account in maintenance mode",
        132000 => "Number of parameters does not match the expected number of params",
        132001 => "Template name does not exist in the translation",
        _ => "Unknown error",
    }
}
