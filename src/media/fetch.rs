//! Brings a customer's file here: where it lies, its bytes, and whether they are what was said.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use entity::{media, number};
use secrecy::SecretString;

use super::sniff;
use crate::app::App;
use crate::blobs::{BlobError, Spooled};
use crate::whatsapp::error::{Consequence, GraphError};
use crate::whatsapp::media::MAX_BYTES;

/// Meta's addresses live five minutes; one about to expire is not tried.
const URL_LIVES_MS: i64 = 4 * 60 * 1000;
/// Between two pieces of a file.
const SILENCE: Duration = Duration::from_secs(30);

/// Why a file is not here, sorted by what can follow.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It may come later.
    #[error("{0}")]
    Later(String),
    /// Meta refuses the number's credentials.
    #[error("Meta refuses the number's access token")]
    Credentials,
    /// It never will.
    #[error("{0}")]
    Never(String),
}

impl From<BlobError> for FetchError {
    fn from(error: BlobError) -> Self {
        Self::Later(format!("the file cannot be stored: {error}"))
    }
}

impl From<std::io::Error> for FetchError {
    fn from(error: std::io::Error) -> Self {
        Self::Later(format!("the file cannot be stored: {error}"))
    }
}

impl From<GraphError> for FetchError {
    fn from(error: GraphError) -> Self {
        match error.consequence {
            Consequence::Credentials => Self::Credentials,
            Consequence::Never | Consequence::WindowClosed => Self::Never(error.title),
            Consequence::Later { .. } | Consequence::PairLimited | Consequence::Unknown => Self::Later(error.title),
        }
    }
}

/// Fetches and stores the file of `media`, and writes into it what its bytes tell.
pub async fn fetch(
    app: &App,
    number: &number::Model,
    token: &SecretString,
    media: &mut media::Model,
) -> Result<(), FetchError> {
    let mut spooled = download(app, number, token, media).await?;
    let is = sniff::media_type(&spooled.head, media.declared_type.as_deref());
    media.warning = warning(media, &is, &spooled);
    app.blobs.keep(media.workspace_id.as_str(), &mut spooled).await?;
    media.media_type = Some(is);
    media.size_bytes = Some(i64::try_from(spooled.size).unwrap_or(i64::MAX));
    media.sha256 = Some(spooled.sha256);
    media.url = None;
    Ok(())
}

/// The address that came with the message, while it lives; else one that Graph gives for the id.
async fn download(
    app: &App,
    number: &number::Model,
    token: &SecretString,
    media: &mut media::Model,
) -> Result<Spooled, FetchError> {
    let fresh = app.now() - media.created_at < URL_LIVES_MS;
    if let Some(url) = media.url.clone().filter(|_| fresh) {
        match receive(app, url.as_str(), token).await {
            Ok(spooled) => return Ok(spooled),
            // It expired, or was none: Graph knows a better one.
            Err(FetchError::Never(_)) if media.meta_id.is_some() => media.url = None,
            Err(error) => return Err(error),
        }
    }
    let Some(meta_id) = &media.meta_id else {
        return Err(FetchError::Never("the message names no file".to_owned()));
    };
    let found =
        app.graph.media_url(meta_id, &number.phone_number_id, token).await.map_err(|error| match error.code {
            Some(100 | 33) => FetchError::Never("Meta no longer has the file".to_owned()),
            _ => error.into(),
        })?;
    media.declared_type = media.declared_type.take().or(found.media_type);
    media.declared_sha256 = media.declared_sha256.take().or(found.sha256);
    receive(app, &found.url, token).await
}

async fn receive(app: &App, url: &str, token: &SecretString) -> Result<Spooled, FetchError> {
    let too_large = || FetchError::Never(format!("the file is larger than {} MiB", MAX_BYTES / (1024 * 1024)));
    let mut answer = silence(app.graph.media_bytes(url, token)).await??;
    let promised = answer.content_length();
    if promised.is_some_and(|length| length > MAX_BYTES) {
        return Err(too_large());
    }
    let mut spool = app.blobs.spool().await?;
    let broken = |_| FetchError::Later("the connection to Meta's files broke".to_owned());
    while let Some(piece) = silence(answer.chunk()).await?.map_err(broken)? {
        if spool.size() + piece.len() as u64 > MAX_BYTES {
            return Err(too_large());
        }
        spool.write(&piece).await?;
    }
    if promised.is_some_and(|length| length != spool.size()) {
        return Err(FetchError::Later("the file came in part only".to_owned()));
    }
    if spool.size() == 0 {
        return Err(FetchError::Later("the file is empty".to_owned()));
    }
    Ok(spool.finish().await?)
}

async fn silence<T>(work: impl Future<Output = T>) -> Result<T, FetchError> {
    let quiet = |_| FetchError::Later("Meta's files fell silent".to_owned());
    tokio::time::timeout(SILENCE, work).await.map_err(quiet)
}

/// What people should know of a file that is not what was said. Which bytes Meta's hash covers is not documented, so one
/// that differs is told, and the file is kept.
fn warning(media: &media::Model, is: &str, spooled: &Spooled) -> Option<String> {
    if let Some(said) = media.declared_type.as_deref().filter(|said| !is_as_said(said, is)) {
        return Some(format!("it was sent as {said}, but its bytes are {is}"));
    }
    let hash = media.declared_sha256.as_deref().and_then(|text| BASE64_STANDARD.decode(text).ok()).map(hex::encode);
    let differs = hash.is_some_and(|hash| hash != spooled.sha256);
    differs.then(|| "its hash is not the one that was told".to_owned())
}

/// Whether a file may pass for what was said: other names of the same thing do, and documents that no mark tells apart.
fn is_as_said(said: &str, is: &str) -> bool {
    let said = sniff::essence(said);
    let has_mark = ["image/", "video/", "audio/"].iter().any(|kind| said.starts_with(kind));
    let unmarked = matches!(is, "application/octet-stream" | "text/plain");
    let alias = matches!(
        (said.as_str(), is),
        ("image/jpg", "image/jpeg") | ("audio/mp3", "audio/mpeg") | ("audio/aac", "audio/mp4")
    );
    said == is || alias || (!has_mark && unmarked) || sniff::media_type(&[], Some(&said)) == is
}
