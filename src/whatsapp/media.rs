//! Meta's media: where a file lies, its bytes, and files brought to Meta to be sent.
//!
//! Facts: Meta's "Media" page of the Cloud API. A URL lives five minutes; an uploaded id lives thirty days, a received
//! one seven. Kinds and sizes are those of the table of supported media types.

use bytes::Bytes;
use futures_util::stream::BoxStream;
use reqwest::{Body, Method, Response, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::error::{Consequence, GraphError, sort};
use super::graph::GraphClient;

/// The most Meta carries in any message.
pub const MAX_BYTES: u64 = 100 * 1024 * 1024;
const MIB: u64 = 1024 * 1024;
const MAX_REDIRECTS: usize = 3;

/// What may be sent as a kind of message: its media types, each with the most bytes of one. A kind without media types of
/// its own takes any.
pub const SENDABLE: [(&str, &[&str], u64); 5] = [
    ("image", &["image/jpeg", "image/png"], 5 * MIB),
    ("audio", &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"], 16 * MIB),
    ("video", &["video/mp4", "video/3gpp"], 16 * MIB),
    ("sticker", &["image/webp"], MIB / 2),
    ("document", &[], MAX_BYTES),
];

/// Where a file lies, as Graph tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whereabouts {
    pub url: String,
    pub media_type: Option<String>,
    /// Base64.
    pub sha256: Option<String>,
}

/// A file on its way to Meta.
pub struct Outbound {
    pub media_type: String,
    pub file_name: String,
    pub size: u64,
    pub bytes: BoxStream<'static, std::io::Result<Bytes>>,
}

impl GraphClient {
    /// `GET /{media_id}`: a fresh URL of a file.
    pub async fn media_url(
        &self,
        media_id: &str,
        phone_number_id: &str,
        token: &SecretString,
    ) -> Result<Whereabouts, GraphError> {
        let request = self.request(Method::GET, media_id).query(&[("phone_number_id", phone_number_id)]);
        let answer = self.finish(request, token).await?;
        let text = |key: &str| answer.get(key).and_then(Value::as_str).map(str::to_owned);
        let url = text("url").ok_or_else(|| failed("Graph named no address for the file"))?;
        Ok(Whereabouts { url, media_type: text("mime_type"), sha256: text("sha256") })
    }

    /// The bytes behind a URL that Meta named. The token goes to Meta's own hosts only, also when it is redirected.
    pub async fn media_bytes(&self, url: &str, token: &SecretString) -> Result<Response, GraphError> {
        let mut url = Url::parse(url).map_err(|_| failed("Meta named an address that is none"))?;
        for _ in 0..=MAX_REDIRECTS {
            if !self.is_metas(&url) {
                return Err(failed("Meta named an address that is not its own"));
            }
            let request = self.http().get(url.clone()).bearer_auth(token.expose_secret());
            let answer = request.send().await.map_err(|_| broken())?;
            if !answer.status().is_redirection() {
                return match answer.status().as_u16() {
                    200..300 => Ok(answer),
                    // The URL is too old, or was never meant for this token.
                    401 | 403 | 404 | 410 => {
                        Err(GraphError { code: Some(404), ..failed("the file is not at its address") })
                    }
                    status => Err(GraphError {
                        consequence: sort(status, None, None),
                        ..failed("Meta did not give the file")
                    }),
                };
            }
            let location = answer.headers().get(reqwest::header::LOCATION).and_then(|value| value.to_str().ok());
            url = location.and_then(|to| url.join(to).ok()).ok_or_else(|| failed("Meta redirected to nowhere"))?;
        }
        Err(failed("Meta redirected again and again"))
    }

    /// `POST /{phone_number_id}/media`: brings a file to Meta; its id there.
    pub async fn upload(
        &self,
        phone_number_id: &str,
        token: &SecretString,
        file: Outbound,
    ) -> Result<String, GraphError> {
        let part = reqwest::multipart::Part::stream_with_length(Body::wrap_stream(file.bytes), file.size)
            .file_name(file.file_name)
            .mime_str(&file.media_type)
            .map_err(|_| failed("the file's media type is none"))?;
        let form = reqwest::multipart::Form::new()
            .text("messaging_product", "whatsapp")
            .text("type", file.media_type)
            .part("file", part);
        let request = self.request(Method::POST, &format!("{phone_number_id}/media")).multipart(form);
        let answer = self.finish(request, token).await?;
        let id = answer.get("id").and_then(Value::as_str).map(str::to_owned);
        id.ok_or_else(|| failed("Graph took the file without an id"))
    }

    /// Graph's own host, and those Meta serves files from.
    fn is_metas(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let graph = Url::parse(self.base()).ok();
        if graph.as_ref().and_then(Url::host_str) == Some(host) {
            return graph.is_some_and(|graph| graph.scheme() == url.scheme());
        }
        url.scheme() == "https"
            && ["fbsbx.com", "facebook.com", "fbcdn.net", "whatsapp.net", "whatsapp.com"]
                .iter()
                .any(|own| host == *own || host.strip_suffix(own).is_some_and(|rest| rest.ends_with('.')))
    }
}

fn failed(title: &str) -> GraphError {
    GraphError { consequence: Consequence::Never, code: None, title: title.to_owned(), details: None }
}

fn broken() -> GraphError {
    GraphError { consequence: Consequence::Later { after: None }, ..failed("the connection to Meta's files broke") }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_token_goes_to_metas_hosts_only() {
        let http = crate::app::http_client(Duration::from_secs(1)).expect("client");
        let graph = GraphClient::new(http, "https://graph.facebook.com", "v24.0", Duration::from_secs(1));
        for (url, is_metas) in [
            ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", true),
            ("https://graph.facebook.com/x", true),
            ("http://graph.facebook.com/x", false),
            ("http://lookaside.fbsbx.com/x", false),
            ("https://fbsbx.com.example.com/x", false),
            ("https://evilfbsbx.com/x", false),
            ("https://169.254.169.254/latest", false),
            ("https://user@example.com/x", false),
        ] {
            assert_eq!(graph.is_metas(&Url::parse(url).expect("URL")), is_metas, "{url}");
        }
    }
}
