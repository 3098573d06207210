//! The resumable upload: a session, then the bytes, then a handle for template headers and profile pictures.

use futures_util::TryStreamExt;
use poem::Body;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use super::{
    APP_ID,
    call::{Head, Outcome},
    error::GraphError,
};
use crate::{
    lock,
    media::{Origin, kinds::MOST_BYTES},
    simulator::{Simulator, UploadSession},
};

const TYPES: [&str; 5] = ["application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"];
/// Sessions beyond this push out the oldest.
const MAX_SESSIONS: usize = 1000;

impl Simulator {
    pub(super) fn open_upload(&self, app: &str, head: &Head) -> Result<Outcome, GraphError> {
        if app != APP_ID && app != "app" {
            return Err(GraphError::no_such_node(app));
        }
        let length = head.query("file_length").and_then(|length| length.parse::<u64>().ok());
        let length = length.filter(|length| (1..=MOST_BYTES).contains(length));
        let length = length.ok_or_else(|| GraphError::parameter("Param file_length must be the file's bytes."))?;
        let mime = head.query("file_type").filter(|mime| TYPES.contains(mime));
        let mime =
            mime.ok_or_else(|| GraphError::parameter("Param file_type must be one of {pdf, jpeg, jpg, png, mp4}."))?;
        let id = format!("upload:{}", Uuid::new_v4().simple());
        let session = UploadSession { id: id.clone(), mime: mime.to_owned(), length };
        let mut sessions = lock(&self.desk.uploads);
        if sessions.len() == MAX_SESSIONS {
            sessions.pop_front();
        }
        sessions.push_back(session);
        Ok(Outcome::done(json!({"id": id})))
    }

    /// Nothing is kept of a piece that broke off, so an upload always starts over.
    pub(super) fn upload_state(&self, id: &str) -> Result<Outcome, GraphError> {
        self.session(id).map(|_| Outcome::done(json!({"id": id, "file_offset": 0})))
    }

    pub(super) async fn upload_piece(&self, id: &str, head: &Head, body: Body) -> Result<(Value, Outcome), GraphError> {
        let session = self.session(id)?;
        if head.file_offset != 0 {
            return Err(GraphError::parameter("Send the whole file from file_offset 0."));
        }
        // One byte more than was announced is enough to know that the announcement was wrong.
        let stream = body.into_bytes_stream().map_err(std::io::Error::other);
        let stream = poem::Body::from_bytes_stream(stream).into_async_read().take(session.length + 1);
        let written = self.desk.folder.take_in(stream, session.length).await;
        let written = written.ok().flatten().filter(|written| written.size == session.length);
        let written = written.ok_or_else(|| GraphError::parameter("The file is not as long as file_length said."))?;
        lock(&self.desk.uploads).retain(|other| other.id != id);
        let number = &self.desk.first_number.phone_number_id;
        let medium = lock(&self.desk.shelf).put(number, Origin::Handle, &session.mime, written);
        Ok((json!({"type": session.mime, "size": session.length}), Outcome::done(json!({"h": medium.id}))))
    }

    /// Whether this is the handle of an uploaded file.
    pub(super) fn is_handle(&self, handle: &str) -> bool {
        lock(&self.desk.shelf).get(handle).is_some_and(|medium| medium.origin == Origin::Handle)
    }

    fn session(&self, id: &str) -> Result<UploadSession, GraphError> {
        let sessions = lock(&self.desk.uploads);
        let session = sessions.iter().find(|session| session.id == id).cloned();
        session.ok_or_else(|| GraphError::no_such_node(id))
    }
}
