//! Media: files that customers sent, and files to send.
//!
//! A customer's file is nobody's friend: it is handed out under a media type that its bytes have shown and a browser runs
//! nothing of, everything else as a download.

use chrono::{DateTime, Utc};
use entity::private::Text as StoredText;
use entity::state::{MediaSource, MediaStatus};
use entity::{MediaId, MessageId, WorkspaceId, media};
use poem::http::{StatusCode, header};
use poem::web::headers::{ContentRange, ETag, HeaderMapExt, IfNoneMatch, IfRange, Range};
use poem::{Body, IntoResponse, Request, Response};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Binary, Json, Payload};
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;
use poem_openapi::types::multipart::Upload;
use poem_openapi::{ApiResponse, Multipart, Object, OpenApi};
use tokio::io::AsyncReadExt;

use super::auth::{Operator, Viewer};
use super::download::{POLICY, disposition};
use super::problem::{ApiError, Fields};
use super::wire::{FilledFile, MetaId, Text};
use super::{Created, Cursor, Deleted, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::App;
use crate::blobs::BlobStream;
use crate::media::{clean_name, is_shown_inline, kind_of, media_type};
use crate::store;
use crate::whatsapp::media::MAX_BYTES;

const PIECE_BYTES: usize = 64 * 1024;

pub struct MediaApi;

/// A file of a message, or to send.
#[derive(Debug, Object)]
pub struct Media {
    id: MediaId,
    /// The message that brought it.
    message_id: Option<MessageId>,
    source: MediaSource,
    /// Meta's kind of message that carries it: `image`, `audio`, `video`, `document` or `sticker`.
    kind: String,
    status: MediaStatus,
    /// What its sender said it is.
    declared_type: Option<String>,
    /// What its bytes say it is.
    media_type: Option<String>,
    file_name: Option<String>,
    size_bytes: Option<i64>,
    /// Hexadecimal.
    sha256: Option<String>,
    /// Where its bytes are, below this server's address.
    url: String,
    /// Why it is not to be had.
    error: Option<String>,
    /// What is odd about it, such as bytes that are not what was said.
    warning: Option<String>,
    created_at: DateTime<Utc>,
    ready_at: Option<DateTime<Utc>>,
}

/// A file of 100 MiB at the most; what it may be sent as depends on its bytes.
#[derive(Debug, Multipart)]
#[oai(deny_unknown_fields)]
struct UploadMedia {
    file: FilledFile,
}

#[OpenApi(tag = "Tag::Media")]
impl MediaApi {
    /// Lists files, newest first.
    #[oai(path = "/media", method = "get", operation_id = "listMedia")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        source: Query<Option<MediaSource>>,
        status: Query<Option<MediaStatus>>,
        /// Such as `image`.
        kind: Query<Option<Text<20, MetaId>>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Media>>, ApiError> {
        let page = page_request(cursor, limit);
        let filter = store::media::Filter { source: source.0, status: status.0, kind: kind.0.map(Text::into_string) };
        Ok(List::of(store::media::list(app.db.reader(), viewer.workspace(), &filter, &page).await?, view))
    }

    /// Uploads a file to send: name its `id` in a message's content. It is brought to Meta when it is first sent.
    #[oai(path = "/media", method = "post", operation_id = "uploadMedia")]
    async fn upload(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        upload: UploadMedia,
    ) -> Result<Created<Media>, ApiError> {
        let mut fields = Fields::default();
        fields.fit("file", &upload.file);
        fields.finish()?;
        let media = accept(&app, operator.workspace(), upload.file.0).await?;
        store::media::insert(app.db.writer(), media.clone()).await?;
        Ok(Created::new(view(media)))
    }

    /// Gives a file's bytes, whole or a range of them.
    #[oai(path = "/media/:media_id", method = "get", operation_id = "getMediaFile")]
    async fn file(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        media_id: Path<MediaId>,
        request: &Request,
    ) -> Result<File, ApiError> {
        let media = find(&app, viewer.workspace(), &media_id).await?;
        serve(&app, media, request).await
    }

    /// Tells of a file what is known of it.
    #[oai(path = "/media/:media_id/details", method = "get", operation_id = "getMedia")]
    async fn details(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        media_id: Path<MediaId>,
    ) -> Result<Json<Media>, ApiError> {
        Ok(Json(view(find(&app, viewer.workspace(), &media_id).await?)))
    }

    /// Removes a file. Messages that carry it stay.
    #[oai(path = "/media/:media_id", method = "delete", operation_id = "deleteMedia")]
    async fn delete(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        media_id: Path<MediaId>,
    ) -> Result<Deleted, ApiError> {
        let media = find(&app, operator.workspace(), &media_id).await?;
        store::media::delete(app.db.writer(), &media.id).await?;
        if let Some(sha256) = &media.sha256
            && store::media::count_of_content(app.db.writer(), operator.workspace(), sha256).await? == 0
        {
            let removed = app.blobs.remove(operator.workspace().as_str(), sha256).await;
            removed.map_err(|error| ApiError::internal(&error))?;
        }
        Ok(Deleted::Deleted)
    }
}

async fn find(app: &App, workspace_id: &WorkspaceId, id: &MediaId) -> Result<media::Model, ApiError> {
    let found = store::media::find(app.db.reader(), workspace_id, id).await?;
    found.ok_or_else(|| ApiError::not_found("file"))
}

/// Takes an upload in, a piece at a time.
async fn accept(app: &App, workspace_id: &WorkspaceId, upload: Upload) -> Result<media::Model, ApiError> {
    let internal = |error: &dyn std::fmt::Display| ApiError::internal(error);
    if upload.size() as u64 > MAX_BYTES {
        return Err(ApiError::too_large("A file has 100 MiB at the most."));
    }
    let file_name = upload.file_name().and_then(clean_name);
    let declared_type = upload.content_type().map(str::to_owned);
    let mut spool = app.blobs.spool().await.map_err(|error| internal(&error))?;
    let mut bytes = upload.into_async_read();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let length = bytes.read(&mut piece).await.map_err(|error| internal(&error))?;
        if length == 0 {
            break;
        }
        spool.write(&piece[..length]).await.map_err(|error| internal(&error))?;
    }
    let mut spooled = spool.finish().await.map_err(|error| internal(&error))?;
    app.blobs.keep(workspace_id.as_str(), &mut spooled).await.map_err(|error| internal(&error))?;
    let now = app.now();
    let is = media_type(&spooled.head, declared_type.as_deref());
    Ok(media::Model {
        id: MediaId::generate(now),
        workspace_id: workspace_id.clone(),
        number_id: None,
        message_id: None,
        source: MediaSource::Upload,
        kind: kind_of(&is).to_owned(),
        status: MediaStatus::Ready,
        meta_id: None,
        url: None,
        declared_type,
        declared_sha256: None,
        media_type: Some(is),
        file_name: file_name.map(StoredText),
        size_bytes: i64::try_from(spooled.size).ok(),
        sha256: Some(spooled.sha256),
        error: None,
        warning: None,
        created_at: now,
        ready_at: Some(now),
    })
}

async fn serve(app: &App, media: media::Model, request: &Request) -> Result<File, ApiError> {
    let (Some(sha256), Some(size), MediaStatus::Ready) = (&media.sha256, media.size_bytes, media.status) else {
        let why = media.error.as_deref().unwrap_or("it is still being fetched; try again in a moment");
        return Err(ApiError::conflict("media_not_ready", format!("The file is not here: {why}.")));
    };
    let size = u64::try_from(size).unwrap_or_default();
    let tag: ETag = format!("\"{sha256}\"").parse().map_err(|_| ApiError::internal(&"a hash is no entity tag"))?;
    let headers = request.headers();
    if headers.typed_get::<IfNoneMatch>().is_some_and(|known| !known.precondition_passes(&tag)) {
        return Ok(File(Response::builder().status(StatusCode::NOT_MODIFIED).typed_header(tag).finish()));
    }
    let current = headers.typed_get::<IfRange>().is_none_or(|known| !known.is_modified(Some(&tag), None));
    let range = headers.typed_get::<Range>().filter(|_| current);
    let wanted = range.map(|range| wanted(&range, size));
    if wanted == Some(Wanted::Nothing) {
        let response = Response::builder().status(StatusCode::RANGE_NOT_SATISFIABLE);
        return Ok(File(response.typed_header(ContentRange::unsatisfied_bytes(size)).finish()));
    }
    let part = match wanted {
        Some(Wanted::Part(start, end)) => Some(start..end),
        _ => None,
    };
    let bytes = app.blobs.read(media.workspace_id.as_str(), sha256, part.clone()).await;
    let bytes = bytes.map_err(|error| match error.is_not_found() {
        true => ApiError::not_found("file"),
        false => ApiError::internal(&error),
    })?;
    Ok(File(respond(&media, tag, size, part, bytes)))
}

fn respond(
    media: &media::Model,
    tag: ETag,
    size: u64,
    part: Option<std::ops::Range<u64>>,
    bytes: BlobStream,
) -> Response {
    let is = media.media_type.as_deref().unwrap_or_default();
    let inline = is_shown_inline(is);
    let name = media.file_name.as_ref().map(|name| name.as_str());
    let length = part.as_ref().map_or(size, |part| part.end - part.start);
    let mut response = Response::builder()
        .status(if part.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK })
        .content_type(if inline { is } else { "application/octet-stream" })
        .header(header::CONTENT_DISPOSITION, disposition(name, inline))
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::CACHE_CONTROL, "private, max-age=31536000, immutable")
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::CONTENT_LENGTH, length)
        .typed_header(tag);
    if let Some(range) = part.and_then(|part| ContentRange::bytes(part, size).ok()) {
        response = response.typed_header(range);
    }
    response.body(Body::from_bytes_stream(futures_util::TryStreamExt::map_err(bytes, std::io::Error::other)))
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(u64, u64),
    Nothing,
}

/// One range is given; of several the whole file, which RFC 9110 allows.
fn wanted(range: &Range, size: u64) -> Wanted {
    let mut ranges = range.satisfiable_ranges(size);
    let (first, more) = (ranges.next(), ranges.next().is_some());
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let Some((start, end)) = first else { return Wanted::Nothing };
    if more {
        return Wanted::Whole;
    }
    let start = match start {
        Included(start) => start,
        Excluded(start) => start + 1,
        Unbounded => 0,
    };
    let end = match end {
        Included(end) => end.saturating_add(1),
        Excluded(end) => end,
        Unbounded => size,
    };
    let end = end.min(size);
    if start < end { Wanted::Part(start, end) } else { Wanted::Nothing }
}

pub fn view(media: media::Model) -> Media {
    Media {
        url: url_of(&media.id),
        id: media.id,
        message_id: media.message_id,
        source: media.source,
        kind: media.kind,
        status: media.status,
        declared_type: media.declared_type,
        media_type: media.media_type,
        file_name: media.file_name.map(|name| name.0),
        size_bytes: media.size_bytes,
        sha256: media.sha256,
        error: media.error,
        warning: media.warning,
        created_at: time(media.created_at),
        ready_at: media.ready_at.map(time),
    }
}

/// Where a file's bytes are, below the server's address.
pub fn url_of(id: &MediaId) -> String {
    format!("{}/media/{id}", super::PREFIX)
}

/// A file, or a part of it.
pub struct File(Response);

impl IntoResponse for File {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for File {
    fn meta() -> MetaResponses {
        let answer = |status, description, with_body| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: if with_body { contents() } else { Vec::new() },
            headers: Vec::new(),
        };
        let mut part = answer(206, "The range that was asked for.", true);
        part.headers = vec![MetaHeader {
            name: "CONTENT-RANGE".to_owned(),
            description: Some("Which bytes of how many.".to_owned()),
            required: true,
            deprecated: false,
            schema: String::schema_ref(),
        }];
        MetaResponses {
            responses: vec![
                answer(200, "The whole file.", true),
                part,
                answer(304, "The file that `If-None-Match` names.", false),
                answer(416, "The file has no such range.", false),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        <Binary<Vec<u8>> as Payload>::register(registry);
    }
}

fn contents() -> Vec<MetaMediaType> {
    vec![MetaMediaType { content_type: "*/*", schema: Binary::<Vec<u8>>::schema_ref() }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_a_part_and_several_are_the_whole() {
        let of = |text: &str| {
            let mut headers = poem::http::HeaderMap::new();
            headers.insert(header::RANGE, text.parse().expect("a header"));
            headers.typed_get::<Range>().map(|range| wanted(&range, 100))
        };
        for (text, expected) in [
            ("bytes=0-9", Some(Wanted::Part(0, 10))),
            ("bytes=90-", Some(Wanted::Part(90, 100))),
            ("bytes=-10", Some(Wanted::Part(90, 100))),
            ("bytes=90-500", Some(Wanted::Part(90, 100))),
            ("bytes=100-", Some(Wanted::Nothing)),
            ("bytes=0-1,5-6", Some(Wanted::Whole)),
            ("lines=0-1", None),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
