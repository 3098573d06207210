//! Files customers send, with their real bytes; and what can be untrue about them.

use futures_util::TryStreamExt;
use poem::{
    Body, FromRequest, Request, RequestBody, Response, handler,
    http::{StatusCode, header},
    web::{Data, Multipart, Path, Query},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, answer, customers, parse, success};
use crate::{
    graph::stream_file,
    lock,
    media::{AddressRule, Medium, Origin, Written, kinds},
    settings::Number,
    simulator::Simulator,
};

/// What a file is sent as. The last four make Meta say things of it that are not so.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wishes {
    /// `image`, `audio`, `voice`, `video`, `document` or `sticker`; follows from the file's type if left out.
    r#type: Option<String>,
    caption: Option<String>,
    filename: Option<String>,
    number: Option<String>,
    /// The message it answers.
    context: Option<String>,
    forwarded: Option<bool>,
    mime_type: Option<String>,
    sha256: Option<String>,
    file_size: Option<u64>,
    /// `expired`: the address in the webhook; `always_expired`: every later one, too.
    url: Option<String>,
}

/// A file as it arrived; nothing was kept of one that is too large.
struct Arrived {
    written: Option<Written>,
    mime: Option<String>,
    filename: Option<String>,
}

/// A customer sends a file: a form with `file`, or the bytes themselves with their content type.
#[handler]
pub(super) async fn send(
    Data(simulator): Data<&Simulator>,
    Path(phone): Path<String>,
    Query(wishes): Query<Wishes>,
    request: &Request,
    body: Body,
) -> poem::Result<Response> {
    let customer = customers::customer_named(simulator, &phone)?;
    let number = customers::chosen_number(simulator, wishes.number.clone())?;
    let arrived = arrive(simulator, request, body).await?;
    let declared = arrived.mime.filter(|mime| mime != "application/octet-stream");
    let seen = || arrived.written.as_ref().and_then(|written| kinds::sniff(&written.head)).map(str::to_owned);
    let is_voice = wishes.r#type.as_deref() == Some("voice");
    let mime = declared.or_else(seen).unwrap_or_else(|| "application/octet-stream".to_owned());
    let mime = if is_voice && mime == "audio/ogg" { "audio/ogg; codecs=opus".to_owned() } else { mime };
    let kind = kind_of(wishes.r#type.as_deref(), &mime)?;
    let filename = wishes.filename.clone().or(arrived.filename);
    let mut message = json!({"type": kind});
    if let Some(id) = &wishes.context {
        message["context"] = json!({"id": id});
    }
    if wishes.forwarded == Some(true) {
        message["context"] = json!({"forwarded": true});
    }
    let mut media_id = Value::Null;
    match arrived.written {
        Some(written) => {
            let medium = keep(simulator, &number, &mime, written, &wishes, filename.clone());
            media_id = json!(medium.id);
            message[kind] = part(simulator, &medium, &wishes, kind, is_voice, filename);
        }
        None => {
            message["errors"] = json!([{"code": 131_052, "title": "Media download error", "message": "Media download error",
                "error_data": {"details": "The file is larger than 100 MB."}}]);
        }
    }
    let wamid = simulator.write(&number, &customer, message);
    Ok(answer(StatusCode::CREATED, &json!({"wamid": wamid, "media_id": media_id})))
}

async fn arrive(simulator: &Simulator, request: &Request, body: Body) -> Result<Arrived, Refusal> {
    let broken = |_| Refusal::bad("the file broke off");
    let content_type = request.header(header::CONTENT_TYPE).unwrap_or_default();
    if !content_type.starts_with("multipart/form-data") {
        let stream = Body::from_bytes_stream(body.into_bytes_stream().map_err(std::io::Error::other));
        let written = simulator.desk.folder.take_in(stream.into_async_read(), kinds::MOST_BYTES).await;
        let mime = Some(content_type.to_owned()).filter(|mime| !mime.is_empty());
        return Ok(Arrived { written: written.map_err(broken)?, mime, filename: None });
    }
    let form = Multipart::from_request(request, &mut RequestBody::new(body)).await;
    let mut form = form.map_err(|_| Refusal::bad("the body is not a form"))?;
    while let Some(field) = form.next_field().await.map_err(|_| Refusal::bad("the form broke off"))? {
        if field.name() != Some("file") {
            continue;
        }
        let (mime, filename) = (field.content_type().map(str::to_owned), field.file_name().map(str::to_owned));
        let written = simulator.desk.folder.take_in(Box::pin(field.into_async_read()), kinds::MOST_BYTES).await;
        return Ok(Arrived { written: written.map_err(broken)?, mime, filename });
    }
    Err(Refusal::bad("the form has no field named file"))
}

/// The message type a file goes out as.
fn kind_of(wish: Option<&str>, mime: &str) -> Result<&'static str, Refusal> {
    let wish = if wish == Some("voice") { Some("audio") } else { wish };
    let named = kinds::KINDS.iter().find(|kind| wish == Some(kind.name)).map(|kind| kind.name);
    match (wish, named) {
        (Some(wish), None) => Err(Refusal::bad(format!("{wish:?} is not a type of file"))),
        (_, Some(named)) => Ok(named),
        (None, None) => Ok(kinds::of_type(mime).map_or("document", |kind| kind.name)),
    }
}

fn keep(
    simulator: &Simulator,
    number: &Number,
    mime: &str,
    written: Written,
    wishes: &Wishes,
    filename: Option<String>,
) -> Medium {
    let mut shelf = lock(&simulator.desk.shelf);
    let medium = shelf.put(&number.phone_number_id, Origin::Received, mime, written);
    shelf.change(&medium.id, |medium| {
        medium.filename = filename;
        medium.claimed_size = wishes.file_size;
        medium.out_of_reach = wishes.url.as_deref() == Some("always_expired");
        medium.mime = wishes.mime_type.clone().unwrap_or_else(|| medium.mime.clone());
        medium.sha256 = wishes.sha256.clone().unwrap_or_else(|| medium.sha256.clone());
    });
    shelf.get(&medium.id).cloned().unwrap_or(medium)
}

/// The media object, as far as it is not what follows by itself.
fn part(
    simulator: &Simulator,
    medium: &Medium,
    wishes: &Wishes,
    kind: &str,
    is_voice: bool,
    filename: Option<String>,
) -> Value {
    let mut part = json!({"id": medium.id});
    if let Some(caption) = wishes.caption.as_ref().filter(|_| !["audio", "sticker"].contains(&kind)) {
        part["caption"] = json!(caption);
    }
    match kind {
        "audio" => part["voice"] = json!(is_voice),
        "document" => part["filename"] = json!(filename.as_deref().unwrap_or("document")),
        _ => {}
    }
    if wishes.url.as_deref() == Some("expired") {
        let rule = AddressRule { expired: true, downloads: None };
        let path = lock(&simulator.desk.shelf).address(&medium.id, rule);
        if let (Some(base), Some(path)) = (simulator.desk.address.get(), path) {
            part["url"] = json!(format!("{base}{path}"));
        }
    }
    part
}

/// A file's bytes for the page, whoever sent it and whatever its addresses do.
#[handler]
pub(super) async fn show(Data(simulator): Data<&Simulator>, Path(id): Path<String>) -> poem::Result<Response> {
    let medium = lock(&simulator.desk.shelf).get(&id).cloned();
    let medium = medium.ok_or_else(|| Refusal::missing(format!("there is no file {id}")))?;
    let mut response = stream_file(&medium).await;
    // Whatever a customer sent, it is shown and never run.
    let shown = ["image/", "audio/", "video/"].iter().any(|start| medium.mime.starts_with(start));
    let headers = [
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("content-disposition", if shown && !medium.mime.contains("svg") { "inline" } else { "attachment" }),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
    Ok(response)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expire {
    /// `urls` lets the addresses handed out so far expire, `media` the file itself.
    what: String,
}

#[handler]
pub(super) fn expire(
    Data(simulator): Data<&Simulator>,
    Path(id): Path<String>,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let wish: Expire = parse(&body)?;
    let done = match wish.what.as_str() {
        "urls" => simulator.expire_media_urls(&id),
        "media" => lock(&simulator.desk.shelf).remove(&id),
        _ => return Err(Refusal::bad("what must be urls or media").into()),
    };
    if done { Ok(success()) } else { Err(Refusal::missing(format!("there is no file {id}")).into()) }
}
