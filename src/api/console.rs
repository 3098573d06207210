//! The web console at `/`: its page for every address of its own, and the files the page asks for.

use poem::http::{HeaderMap, Method, StatusCode, header};
use poem::{Request, Response, Route, handler};

use super::problem::ApiError;
use crate::secrets::random_token;

const NONCE_BYTES: usize = 16;
/// What begins so is no page: a mistyped path there gets the API's own refusal.
const NOT_PAGES: [&str; 4] = ["/api/", "/webhook/", "/health/", "/docs/"];
/// Where only files are.
const FILES: &str = "/assets/";
/// One year, the longest that caches promise to honour.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Mounts the console where nothing else is.
pub fn mount(routes: Route) -> Route {
    routes.at("/", answer).at("/*path", answer)
}

#[handler]
fn answer(request: &Request) -> Result<Response, ApiError> {
    let path = request.original_uri().path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) || NOT_PAGES.iter().any(|it| path.starts_with(it)) {
        return Err(ApiError::not_found("path"));
    }
    let headers = request.headers();
    match console::find(path.trim_start_matches('/'), word(headers, header::ACCEPT_ENCODING)) {
        Some(asset) => Ok(send(asset, word(headers, header::IF_NONE_MATCH))),
        None if path.starts_with(FILES) => Err(ApiError::not_found("file")),
        None => Ok(page()),
    }
}

fn word(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn send(asset: console::Asset, known: &str) -> Response {
    let mut response = Response::builder()
        .content_type(&asset.media_type)
        .header(header::ETAG, &asset.etag)
        .header(header::VARY, "Accept-Encoding")
        .header(header::CACHE_CONTROL, if asset.is_immutable { FOR_EVER } else { "no-cache" });
    if known.split(',').any(|etag| etag.trim() == asset.etag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    if let Some(encoding) = asset.encoding {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    response.body(asset.bytes.into_owned())
}

/// The page under a policy that lets it load, and speak to, nothing but this gateway. Only style sheets that show this
/// answer's nonce are taken; scripts are files of ours.
fn page() -> Response {
    let nonce = random_token(NONCE_BYTES);
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; \
         media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    );
    Response::builder()
        .content_type("text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, policy)
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .header("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
        .header(header::CACHE_CONTROL, "no-store")
        .body(console::page(&nonce))
}
