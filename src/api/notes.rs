//! Notes: what colleagues write to each other beside a conversation. No customer and no model ever sees one.

use chrono::{DateTime, Utc};
use entity::private::Text as StoredText;
use entity::{ActorId, ConversationId, NoteId, WorkspaceId, note};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use sea_orm::{ConnectionTrait, DbErr};

use super::auth::{Operator, Viewer};
use super::conversations;
use super::problem::{ApiError, Fields};
use super::wire::Text;
use super::{Created, Cursor, Deleted, Limit, List, SharedApp, Tag, page_request, time};
use crate::store;

pub struct NotesApi;

/// A colleague's note beside a conversation.
#[derive(Debug, Object)]
pub(super) struct Note {
    pub(super) id: NoteId,
    pub(super) conversation_id: ConversationId,
    /// An API key or a member.
    author: ActorId,
    /// What they are called now; null for those that are gone.
    author_name: Option<String>,
    text: String,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct WriteNote {
    text: Text<4_000>,
}

#[OpenApi(tag = "Tag::Conversations")]
impl NotesApi {
    /// Lists a conversation's notes, newest first.
    #[oai(path = "/conversations/:conversation_id/notes", method = "get", operation_id = "listNotes")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        conversation_id: Path<ConversationId>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Note>>, ApiError> {
        let page = page_request(cursor, limit);
        conversations::find(&app, viewer.workspace(), &conversation_id).await?;
        let db = app.db.reader();
        let page = store::notes::list(db, viewer.workspace(), &conversation_id, &page).await?;
        let items = show(db, viewer.workspace(), page.items).await?;
        Ok(Json(List { items, next_cursor: page.next_cursor }))
    }

    /// Leaves a note for colleagues.
    #[oai(path = "/conversations/:conversation_id/notes", method = "post", operation_id = "createNote")]
    async fn create(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        conversation_id: Path<ConversationId>,
        body: Json<WriteNote>,
    ) -> Result<Created<Note>, ApiError> {
        let mut fields = Fields::default();
        fields.fit("text", &body.0.text);
        fields.finish()?;
        let conversation = conversations::find(&app, operator.workspace(), &conversation_id).await?;
        let now = app.now();
        let note = note::Model {
            id: NoteId::generate(now),
            workspace_id: conversation.workspace_id,
            conversation_id: conversation.id,
            author: operator.actor().clone(),
            text: StoredText(body.0.text.into_string()),
            created_at: now,
        };
        store::notes::insert(app.db.writer(), note.clone()).await?;
        let shown = show(app.db.reader(), operator.workspace(), vec![note]).await?;
        shown.into_iter().next().map(Created::new).ok_or_else(|| ApiError::not_found("note"))
    }

    /// Removes a note: its author may, and an admin.
    #[oai(path = "/notes/:note_id", method = "delete", operation_id = "deleteNote")]
    async fn delete(&self, app: SharedApp<'_>, operator: Operator, note_id: Path<NoteId>) -> Result<Deleted, ApiError> {
        let found = store::notes::find(app.db.reader(), operator.workspace(), &note_id).await?;
        let note = found.ok_or_else(|| ApiError::not_found("note"))?;
        if &note.author != operator.actor() && !operator.is_admin() {
            return Err(ApiError::forbidden("admin, or the one that wrote the note"));
        }
        let deleted = store::notes::delete(app.db.writer(), operator.workspace(), &note.id).await?;
        Deleted::or_not_found(deleted, "note")
    }
}

/// Shows notes of a workspace, in their order.
pub(super) async fn show(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    notes: Vec<note::Model>,
) -> Result<Vec<Note>, DbErr> {
    let authors: Vec<ActorId> = notes.iter().map(|note| note.author.clone()).collect();
    let names = store::actors::names(connection, workspace_id, &authors).await?;
    let shown = notes.into_iter().map(|note| Note {
        author_name: names.get(&note.author).cloned(),
        id: note.id,
        conversation_id: note.conversation_id,
        author: note.author,
        text: note.text.0,
        created_at: time(note.created_at),
    });
    Ok(shown.collect())
}
