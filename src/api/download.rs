//! What is handed out to be kept as a file: a browser runs nothing of it, and opens nothing at our address.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use poem::http::header;
use poem::{Body, IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::{Binary, Payload};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};

/// What a header's `filename*` holds as it is (RFC 5987).
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// A file of somebody's can do nothing at our address, however it is opened.
pub const POLICY: &str = "default-src 'none'; sandbox";

/// The header `Content-Disposition`.
pub fn disposition(name: Option<&str>, inline: bool) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    match name {
        Some(name) => format!("{kind}; filename*=UTF-8''{}", utf8_percent_encode(name, NAME)),
        None => kind.to_owned(),
    }
}

/// A file to keep.
pub struct Download(Response);

impl Download {
    pub fn new(name: &str, media_type: &str, body: impl Into<Body>) -> Self {
        let response = Response::builder()
            .content_type(media_type)
            .header(header::CONTENT_DISPOSITION, disposition(Some(name), false))
            .header(header::CONTENT_SECURITY_POLICY, POLICY)
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .header(header::CACHE_CONTROL, "no-store");
        Self(response.body(body))
    }
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for Download {
    fn meta() -> MetaResponses {
        let content = MetaMediaType { content_type: "*/*", schema: <Binary<Vec<u8>> as Payload>::schema_ref() };
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The file.",
                status: Some(200),
                status_range: None,
                content: vec![content],
                headers: Vec::new(),
            }],
        }
    }

    fn register(registry: &mut Registry) {
        <Binary<Vec<u8>> as Payload>::register(registry);
    }
}
