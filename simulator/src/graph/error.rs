//! Graph's errors in Graph's shape.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::codes::{self, Refused, title};

/// A refusal: what goes into `error`, and the HTTP status over it.
#[derive(Debug)]
pub(crate) struct GraphError {
    pub(crate) http: u16,
    code: i64,
    kind: &'static str,
    message: String,
    subcode: Option<u32>,
    details: Option<String>,
}

impl GraphError {
    /// A WhatsApp error by its code, with the title Meta gives it.
    pub(crate) fn of(code: i64, http: u16, details: impl Into<String>) -> Self {
        let message = format!("(#{code}) {}", title(code));
        Self { http, code, kind: "OAuthException", message, subcode: None, details: Some(details.into()) }
    }

    /// A WhatsApp error by its code, as the table has it.
    pub(crate) fn coded(code: i64, details: impl Into<String>) -> Self {
        Self::of(code, codes::of(code).1, details)
    }

    pub(crate) fn parameter(details: impl Into<String>) -> Self {
        Self::of(100, 400, details)
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::of(131008, 400, format!("Required parameter is missing: {parameter}."))
    }

    pub(crate) fn no_such_node(id: &str) -> Self {
        let message = format!(
            "Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, \
             or does not support this operation."
        );
        Self { kind: "GraphMethodException", subcode: Some(33), details: None, message, ..Self::parameter("") }
    }

    pub(crate) fn unknown_path(path: &str) -> Self {
        Self { code: 2500, details: None, message: format!("Unknown path components: {path}"), ..Self::parameter("") }
    }

    pub(crate) fn no_token() -> Self {
        let message = "An access token is required to request this resource.".to_owned();
        Self { http: 401, code: 190, details: None, message, ..Self::parameter("") }
    }

    pub(crate) fn wrong_token() -> Self {
        let message = "Error validating access token: Session has expired.".to_owned();
        Self { subcode: Some(463), message, ..Self::no_token() }
    }

    pub(crate) fn with_subcode(self, subcode: u32) -> Self {
        Self { subcode: Some(subcode), ..self }
    }

    pub(crate) fn body(&self) -> Value {
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

impl From<Refused> for GraphError {
    fn from(refused: Refused) -> Self {
        Self::coded(refused.code, refused.details)
    }
}

/// The item of `errors[]` in a `failed` status.
pub(crate) fn status_error(code: i64) -> Value {
    json!({
        "code": code,
        "title": title(code),
        "message": title(code),
        "error_data": {"details": format!("{}.", title(code))},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    })
}
