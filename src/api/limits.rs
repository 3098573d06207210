//! How much a caller may send. Poem reads bodies without end, so this stands before it.

use poem::http::Method;
use poem::{Body, Endpoint, IntoResponse, Request, Response};

use super::problem::ApiError;

const MAX_JSON_BYTES: usize = 1024 * 1024;
/// Several knowledge files at once, or one of a message with its envelope; each has its own limit.
const MAX_UPLOAD_BYTES: u64 = 101 * 1024 * 1024;

/// Refuses bodies that are too large: at once where their length is declared, else as soon as they are.
pub async fn cap_body<E: Endpoint>(next: std::sync::Arc<E>, mut request: Request) -> poem::Result<Response> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::DELETE) {
        return next.call(request).await.map(IntoResponse::into_response);
    }
    let is_upload = request.content_type().is_some_and(|kind| kind.starts_with("multipart/"));
    let declared = request.header("content-length").and_then(|length| length.parse::<u64>().ok());
    if is_upload {
        match declared {
            None => {
                return Err(poem::Error::from_string(
                    "declare the length of an upload",
                    poem::http::StatusCode::LENGTH_REQUIRED,
                ));
            }
            Some(length) if length > MAX_UPLOAD_BYTES => {
                return Err(ApiError::too_large("Uploads have 101 MiB at the most. Send fewer files at once.").into());
            }
            Some(_) => {}
        }
    } else {
        let body = request.take_body().into_bytes_limit(MAX_JSON_BYTES).await;
        let body = body.map_err(|_| ApiError::too_large("Bodies have 1 MiB at the most."))?;
        request.set_body(Body::from_bytes(body));
    }
    next.call(request).await.map(IntoResponse::into_response)
}
