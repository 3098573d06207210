//! The phone page in one piece: it loads nothing from elsewhere, and no other host.

use poem::{IntoResponse, Response, handler, web::Html};

const PAGE: &str = concat!(
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>WhatsApp on your desk</title>",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><style>",
    include_str!("../page/page.css"),
    include_str!("../page/bubbles.css"),
    "</style></head><body>",
    include_str!("../page/page.html"),
    "<script>",
    include_str!("../page/base.js"),
    include_str!("../page/parts.js"),
    include_str!("../page/cards.js"),
    include_str!("../page/bubbles.js"),
    include_str!("../page/menus.js"),
    include_str!("../page/voice.js"),
    include_str!("../page/page.js"),
    include_str!("../page/panel.js"),
    include_str!("../page/news.js"),
    "</script></body></html>",
);

/// Even if text ever became markup, it could call nobody.
const POLICY: &str = "default-src 'none'; connect-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
                      style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

#[handler]
pub(super) fn page() -> Response {
    Html(PAGE).with_header("content-security-policy", POLICY).into_response()
}
