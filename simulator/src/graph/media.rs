//! Files: upload, look-up, download, deletion.

use futures_util::TryStreamExt;
use poem::{
    Body, FromRequest, IntoResponse, Request, RequestBody, Response,
    http::{StatusCode, header},
    web::Multipart,
};
use serde_json::{Value, json};

use super::{
    call::{Head, Outcome, page_response},
    error::GraphError,
    refused,
};
use crate::{
    faults::Before,
    lock,
    media::{
        Medium, Origin, Source, Written,
        kinds::{self, MOST_BYTES},
    },
    settings::Number,
    simulator::Simulator,
};

/// The parts of an upload's form.
#[derive(Default)]
struct Form {
    product: String,
    mime: Option<String>,
    filename: Option<String>,
    file: Option<Option<Written>>,
}

impl Simulator {
    /// `POST /{number}/media`; answers, beside the outcome, what the record says of it.
    pub(super) async fn upload_media(
        &self,
        number: &str,
        head: &Head,
        body: Body,
    ) -> Result<(Value, Outcome), GraphError> {
        let number = self.number(number)?;
        let before = lock(&self.desk.dice).before_media();
        if let Some(before) = before {
            // The client sends to the end before it listens.
            drain(body).await;
            return Ok((Value::Null, refused(before)));
        }
        let form = self.read_form(head, body).await?;
        let note = json!({"type": form.mime, "filename": form.filename,
            "size": form.file.as_ref().and_then(|file| file.as_ref()).map(|file| file.size)});
        let medium = self.keep(&number, form)?;
        Ok((note, Outcome::done(json!({"id": medium.id}))))
    }

    async fn read_form(&self, head: &Head, body: Body) -> Result<Form, GraphError> {
        let unreadable = |_| GraphError::parameter("The request's body is not a form with a file.");
        let request = Request::builder().header(header::CONTENT_TYPE, head.content_type.as_str()).finish();
        let form = Multipart::from_request(&request, &mut RequestBody::new(body)).await;
        let mut multipart = form.map_err(|_| GraphError::parameter("The request's body is not a form with a file."))?;
        let mut form = Form::default();
        while let Some(field) = multipart.next_field().await.map_err(unreadable)? {
            match field.name() {
                Some("messaging_product") => form.product = field.text().await.map_err(unreadable)?,
                Some("type") => form.mime = Some(field.text().await.map_err(unreadable)?),
                Some("file") => {
                    form.filename = field.file_name().map(str::to_owned);
                    let declared = field.content_type().map(str::to_owned);
                    form.mime = form.mime.or(declared);
                    let stream = Box::pin(field.into_async_read());
                    let written = self.desk.folder.take_in(stream, MOST_BYTES).await;
                    form.file = Some(written.map_err(|_| GraphError::coded(131_053, "The upload broke off."))?);
                }
                _ => {}
            }
        }
        Ok(form)
    }

    /// Judges a file and keeps it.
    fn keep(&self, number: &Number, form: Form) -> Result<Medium, GraphError> {
        if form.product != "whatsapp" {
            return Err(
                self.discard(form, GraphError::parameter("(#100) The parameter messaging_product is required."))
            );
        }
        let mime = form.mime.clone().unwrap_or_default();
        let Some(file) = &form.file else {
            return Err(GraphError::parameter("The parameter file is required."));
        };
        if let Err(refusal) = judge(&mime, file.as_ref()) {
            return Err(self.discard(form, refusal));
        }
        let Form { filename, file: Some(Some(written)), .. } = form else {
            return Err(GraphError::parameter("The parameter file is required."));
        };
        let mut shelf = lock(&self.desk.shelf);
        let medium = shelf.put(&number.phone_number_id, Origin::Uploaded, &mime, written);
        shelf.change(&medium.id, |medium| medium.filename = filename);
        Ok(medium)
    }

    /// Takes a refused file off the disk.
    fn discard(&self, form: Form, refusal: GraphError) -> GraphError {
        if let Some(Some(Written { source: Source::File(path), .. })) = form.file
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::debug!(%error, "a refused upload could not be removed");
        }
        refusal
    }

    pub(super) fn media_node(&self, id: &str, head: &Head) -> Result<Outcome, GraphError> {
        let rule = lock(&self.desk.dice).faults.address_rule();
        let mut shelf = lock(&self.desk.shelf);
        let medium = known(shelf.get(id), id, head)?.clone();
        let address = shelf.address(id, rule).ok_or_else(|| GraphError::no_such_node(id))?;
        drop(shelf);
        let mut node = medium.object();
        node["messaging_product"] = json!("whatsapp");
        node["url"] = json!(format!("{}{address}", head.base));
        node["file_size"] = json!(medium.claimed_size.unwrap_or(medium.size));
        Ok(Outcome::done(node))
    }

    pub(super) fn delete_media(&self, id: &str, head: &Head) -> Result<Outcome, GraphError> {
        let mut shelf = lock(&self.desk.shelf);
        known(shelf.get(id), id, head)?;
        shelf.remove(id);
        Ok(Outcome::success())
    }

    /// The bytes behind an address; the host they come from answers in pages, not in JSON.
    pub(super) async fn download(&self, request: &Request) -> Response {
        let head = Head::of(request);
        let refusal = if self.authorize(&head.bearer).is_err() {
            Some(401)
        } else if !head.agent {
            Some(403)
        } else {
            None
        };
        if let Some(http) = refusal {
            return page_response(http);
        }
        let before = lock(&self.desk.dice).before_media();
        match before {
            Some(Before::Refuse { http, .. }) => return page_response(http),
            Some(Before::Hang(_)) => return self.break_off(head.client),
            None => {}
        }
        let (id, token) = (head.query("mid").unwrap_or_default(), head.query("hash").unwrap_or_default());
        let medium = lock(&self.desk.shelf).fetch(id, token);
        match medium {
            Some(medium) => stream(&medium).await,
            None => page_response(404),
        }
    }
}

/// A file from where it lies, piece by piece.
pub(crate) async fn stream(medium: &Medium) -> Response {
    let (body, length) = match &medium.source {
        Source::Sample(bytes) => (Body::from_vec(bytes.to_vec()), bytes.len() as u64),
        Source::File(path) => match tokio::fs::File::open(path).await {
            Ok(file) => {
                let length = file.metadata().await.map_or(medium.size, |metadata| metadata.len());
                (Body::from_async_read(file), length)
            }
            Err(_) => return page_response(404),
        },
    };
    let mut response = body.into_response();
    response.set_status(StatusCode::OK);
    for (name, value) in [(header::CONTENT_TYPE, medium.mime.clone()), (header::CONTENT_LENGTH, length.to_string())] {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Meta's rules for what may be uploaded.
fn judge(mime: &str, file: Option<&Written>) -> Result<(), GraphError> {
    let Some(kind) = kinds::of_type(mime) else {
        let all: Vec<&str> = kinds::KINDS.iter().flat_map(|kind| kind.types).copied().collect();
        let all = all.join(", ");
        return Err(GraphError::parameter(format!(
            "Param file must be a file with one of the following types: {all}. Received file of type '{mime}'."
        )));
    };
    let too_large = || {
        let most = kind.most_bytes;
        GraphError::coded(131_053, format!("A file of this kind ({}) may have at most {most} bytes.", kind.name))
    };
    let file = file.ok_or_else(too_large)?;
    let still = kind.name == "sticker" && !kinds::is_animated_webp(&file.head);
    let most = if still { kinds::MOST_STATIC_STICKER } else { kind.most_bytes };
    if file.size > most {
        return Err(too_large());
    }
    if file.size == 0 {
        return Err(GraphError::parameter("The file is empty."));
    }
    if kinds::contradicts(mime, &file.head) {
        let seen = kinds::sniff(&file.head).unwrap_or("something else");
        return Err(GraphError::coded(131_053, format!("The file is declared as {mime} but is {seen}.")));
    }
    Ok(())
}

/// A file Meta has, and has for the number that the query names.
fn known<'a>(medium: Option<&'a Medium>, id: &str, head: &Head) -> Result<&'a Medium, GraphError> {
    let right = |medium: &&Medium| head.query("phone_number_id").is_none_or(|number| number == medium.number);
    let medium = medium.filter(|medium| medium.origin != Origin::Handle).filter(right);
    medium.ok_or_else(|| GraphError::no_such_node(id))
}

/// Reads what nobody wants.
pub(super) async fn drain(body: Body) {
    let mut stream = Box::pin(body.into_bytes_stream());
    while let Ok(Some(_)) = stream.try_next().await {}
}
