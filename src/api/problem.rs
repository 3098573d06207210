//! Errors of the API: RFC 9457 `application/problem+json` with a stable `code`.

use std::sync::Arc;

use poem::error::MethodNotAllowedError;
use poem::http::StatusCode;
use poem::{Endpoint, IntoResponse, Request, Response};
use poem_openapi::error::ParsePathError;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object};

use super::document::allowed_methods;
use super::wire::Bounded;

/// What went wrong, and what to do about it (RFC 9457).
#[derive(Debug, Clone, Object)]
pub struct Problem {
    /// Always `about:blank`: `code` tells the kinds apart.
    #[oai(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    /// A stable word for programs.
    pub code: String,
    /// For people: what to do.
    detail: String,
    /// The fields that are wrong, each with what is wrong with it.
    #[oai(skip_serializing_if_is_empty, default)]
    errors: Vec<FieldError>,
    /// With `window_closed`: approved templates that would reach the customer, the likeliest first.
    #[oai(skip_serializing_if_is_empty, default)]
    templates: Vec<OfferedTemplate>,
}

/// A template to send instead.
#[derive(Debug, Clone, Object)]
pub struct OfferedTemplate {
    pub name: String,
    pub language: String,
    /// Meta's word, such as `UTILITY`.
    pub category: String,
    /// How it reads, with its gaps.
    pub text: String,
}

#[derive(Debug, Clone, Object)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// Every way in which a call can be refused.
#[derive(Debug, Clone, ApiResponse)]
pub enum ApiError {
    /// The request cannot be read.
    #[oai(status = 400, content_type = "application/problem+json")]
    BadRequest(Json<Problem>),
    /// No API key and no session, or none that is known.
    #[oai(status = 401, content_type = "application/problem+json")]
    Unauthorized(Json<Problem>),
    /// The role does not allow this, or a session's call does not show its CSRF token.
    #[oai(status = 403, content_type = "application/problem+json")]
    Forbidden(Json<Problem>),
    /// There is no such thing in this workspace.
    #[oai(status = 404, content_type = "application/problem+json")]
    NotFound(Json<Problem>),
    /// The path knows other methods only.
    #[oai(status = 405, content_type = "application/problem+json")]
    MethodNotAllowed(
        Json<Problem>,
        /// The methods it knows.
        #[oai(header = "Allow")]
        String,
    ),
    /// It contradicts what is there.
    #[oai(status = 409, content_type = "application/problem+json")]
    Conflict(Json<Problem>),
    /// The length must be declared.
    #[oai(status = 411, content_type = "application/problem+json")]
    LengthRequired(Json<Problem>),
    /// The body is too large.
    #[oai(status = 413, content_type = "application/problem+json")]
    TooLarge(Json<Problem>),
    /// The body is of a kind that is not read here.
    #[oai(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(Json<Problem>),
    /// It can be read, but some of it cannot be done.
    #[oai(status = 422, content_type = "application/problem+json")]
    Invalid(Json<Problem>),
    /// Too many tries. Come again when the time is over.
    #[oai(status = 429, content_type = "application/problem+json")]
    TooManyTries(
        Json<Problem>,
        /// In seconds.
        #[oai(header = "Retry-After")]
        u64,
    ),
    /// Something failed on our side.
    #[oai(status = 500, content_type = "application/problem+json")]
    Internal(Json<Problem>),
    /// There is no room for it right now.
    #[oai(status = 503, content_type = "application/problem+json")]
    Unavailable(Json<Problem>),
    /// Meta, or a model, refused or did not answer.
    #[oai(status = 502, content_type = "application/problem+json")]
    Upstream(Json<Problem>),
}

fn problem(status: u16, code: &str, detail: impl Into<String>, errors: Vec<FieldError>) -> Json<Problem> {
    let title = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    Json(Problem {
        kind: "about:blank".to_owned(),
        title: title.unwrap_or("Error").to_owned(),
        status,
        code: code.to_owned(),
        detail: detail.into(),
        errors,
        templates: Vec::new(),
    })
}

impl ApiError {
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::BadRequest(problem(400, "bad_request", detail, Vec::new()))
    }

    pub fn unauthorized() -> Self {
        let detail = "Send a valid API key as \"Authorization: Bearer <key>\", or sign in.";
        Self::Unauthorized(problem(401, "unauthorized", detail, Vec::new()))
    }

    /// The same for an unknown e-mail as for a wrong password.
    pub fn wrong_credentials() -> Self {
        let detail = "Nobody signs in like that. Look at the e-mail and the password, or at the key.";
        Self::Unauthorized(problem(401, "wrong_credentials", detail, Vec::new()))
    }

    pub fn forbidden(needed: &str) -> Self {
        let detail = format!("This needs the role {needed}.");
        Self::Forbidden(problem(403, "forbidden", detail, Vec::new()))
    }

    /// A page of somebody else's may have sent this.
    pub fn csrf() -> Self {
        let detail = "Send the session's csrf_token in the header X-CSRF-Token.";
        Self::Forbidden(problem(403, "csrf", detail, Vec::new()))
    }

    /// What only people have.
    pub fn members_only() -> Self {
        let detail = "An API key has neither name, language nor password of its own to change here.";
        Self::Forbidden(problem(403, "members_only", detail, Vec::new()))
    }

    pub fn too_many_tries(wait: std::time::Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let detail = format!("Too many tries. Come again in {seconds} seconds.");
        Self::TooManyTries(problem(429, "too_many_tries", detail, Vec::new()), seconds)
    }

    /// `allowed` is what the header `Allow` lists.
    fn method_not_allowed(allowed: String) -> Self {
        let detail = format!("This address knows other methods only: {allowed}.");
        Self::MethodNotAllowed(problem(405, "method_not_allowed", detail, Vec::new()), allowed)
    }

    /// `what` is the noun, such as `agent`.
    pub fn not_found(what: &str) -> Self {
        Self::NotFound(problem(404, "not_found", format!("There is no such {what}."), Vec::new()))
    }

    /// A link that was used, replaced, or is too old.
    pub fn no_invite() -> Self {
        let detail = "This invitation is not valid any more: it was used, replaced, or is too old. Ask for a new one.";
        Self::NotFound(problem(404, "not_found", detail, Vec::new()))
    }

    pub fn conflict(code: &str, detail: impl Into<String>) -> Self {
        Self::Conflict(problem(409, code, detail, Vec::new()))
    }

    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::TooLarge(problem(413, "too_large", detail, Vec::new()))
    }

    pub fn invalid(code: &str, detail: impl Into<String>) -> Self {
        Self::Invalid(problem(422, code, detail, Vec::new()))
    }

    /// Only templates reach the customer now.
    pub fn window_closed(templates: Vec<OfferedTemplate>) -> Self {
        let detail =
            "The customer wrote more than 24 hours ago, so WhatsApp takes only a template. Send one of `templates`.";
        let mut problem = problem(422, "window_closed", detail, Vec::new());
        problem.0.templates = templates;
        Self::Invalid(problem)
    }

    pub fn upstream(code: &str, detail: impl Into<String>) -> Self {
        Self::Upstream(problem(502, code, detail, Vec::new()))
    }

    pub fn unavailable(code: &str, detail: impl Into<String>) -> Self {
        Self::Unavailable(problem(503, code, detail, Vec::new()))
    }

    /// Tells nothing: the log has it.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(error = %error, "an API call failed");
        let detail = "Something failed on our side. Try again; if it stays, look into the log.";
        Self::Internal(problem(500, "internal", detail, Vec::new()))
    }

    fn from_status(status: StatusCode, detail: String) -> Self {
        let make = |code: &str, detail: String| problem(status.as_u16(), code, detail, Vec::new());
        match status {
            StatusCode::UNAUTHORIZED => Self::unauthorized(),
            StatusCode::FORBIDDEN => Self::forbidden("that allows it"),
            StatusCode::NOT_FOUND => Self::NotFound(make("not_found", "There is nothing at this address.".to_owned())),
            StatusCode::LENGTH_REQUIRED => Self::LengthRequired(make("length_required", detail)),
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge(make("too_large", detail)),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType(make("unsupported_media_type", detail)),
            _ if status.is_client_error() => Self::bad_request(detail),
            _ => Self::internal(&detail),
        }
    }
}

impl From<sea_orm::DbErr> for ApiError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::internal(&error)
    }
}

/// The longest text of a parser that is passed on: it may quote the whole input.
const MAX_DETAIL_CHARS: usize = 300;

/// Gives poem's own refusals the same shape.
pub async fn answer_errors<E: Endpoint>(next: Arc<E>, request: Request) -> poem::Result<Response> {
    let path = request.original_uri().path().to_owned();
    match next.call(request).await {
        Ok(answer) => Ok(answer.into_response()),
        Err(error) => Ok(in_shape(error, &path)),
    }
}

fn in_shape(error: poem::Error, path: &str) -> Response {
    if error.is_from_response() {
        return error.into_response();
    }
    if error.is::<MethodNotAllowedError>() {
        return ApiError::method_not_allowed(allowed_methods(path)).into_response();
    }
    // An id that cannot be one names nothing: the same answer as for one that is nobody's.
    if error.is::<ParsePathError>() {
        return ApiError::not_found("thing").into_response();
    }
    let detail: String = error.to_string().chars().take(MAX_DETAIL_CHARS).collect();
    ApiError::from_status(error.status(), detail).into_response()
}

/// More than anybody reads at once.
const MAX_ERRORS: usize = 50;

/// Collects what is wrong with the fields of a body.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    pub fn check(&mut self, ok: bool, field: &str, message: impl Into<String>) {
        if !ok && self.0.len() < MAX_ERRORS {
            self.0.push(FieldError { field: field.to_owned(), message: message.into() });
        }
    }

    /// Checks the bounds that the value's type states.
    pub fn fit(&mut self, field: &str, value: &impl Bounded) {
        if let Some(message) = value.problem() {
            self.check(false, field, message);
        }
    }

    #[cfg(test)]
    pub fn names(self) -> Vec<String> {
        self.0.into_iter().map(|error| error.field).collect()
    }

    pub fn finish(self) -> Result<(), ApiError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.0.iter().map(|error| error.field.as_str()).collect();
        let detail = format!("These fields cannot be used: {}.", names.join(", "));
        Err(ApiError::Invalid(problem(422, "invalid_fields", detail, self.0)))
    }
}
