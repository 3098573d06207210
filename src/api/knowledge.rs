//! Knowledge: the files agents answer from.

use chrono::{DateTime, Utc};
use entity::state::FileStatus;
use entity::{AgentId, FileId, WorkspaceId, knowledge_file, passage};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::types::multipart::Upload;
use poem_openapi::{Multipart, Object, OpenApi};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::auth::{Editor, Viewer};
use super::download::Download;
use super::problem::{ApiError, Fields};
use super::wire::{Several, Text, Whole};
use super::{Created, Cursor, Deleted, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::App;
use crate::knowledge::{ENDINGS, Format, Found, MAX_FILE_BYTES, ReadError, look};
use crate::store;
use crate::store::jobs::Job;

const MAX_FILES_PER_AGENT: u64 = 1_000;
const MAX_NAME_CHARS: usize = 255;
const DEFAULT_PASSAGES: i32 = 5;

pub struct KnowledgeApi;

/// A knowledge file.
#[derive(Debug, Object)]
pub(super) struct KnowledgeFile {
    id: FileId,
    agent_id: AgentId,
    name: String,
    media_type: String,
    size_bytes: i64,
    sha256: String,
    status: FileStatus,
    /// What was wrong, and what to do about it.
    error: Option<String>,
    /// How many passages it was cut into.
    passages: i32,
    tokens: i32,
    /// From 0 to 1 while it is indexed, once that can be told.
    progress: Option<f64>,
    /// What was read and how.
    report: Any<Value>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Debug, Object)]
struct KnowledgeFiles {
    items: Vec<KnowledgeFile>,
}

/// Text (`.txt`, `.md`, `.html`), tables (`.csv`, `.tsv`, `.xlsx`, `.ods`), documents (`.pdf`, `.docx`, `.pptx`) and records (`.json`,
/// `.jsonl`), 20 MiB each at the most.
#[derive(Debug, Multipart)]
#[oai(deny_unknown_fields)]
struct UploadFiles {
    file: Several<1, 20, Upload>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SearchKnowledge {
    query: Text<1_000>,
    /// How many passages; 5 unless told.
    limit: Option<Whole<1, 50>>,
}

#[derive(Debug, Object)]
struct SearchResult {
    /// The best first.
    passages: Vec<Passage>,
}

/// A passage that was found.
#[derive(Debug, Object)]
struct Passage {
    /// The source's own words.
    text: String,
    /// Higher is better; comparable within one search only.
    score: f32,
    /// How much of the question's weight it matches, 0 to 1.
    coverage: f32,
    file_id: FileId,
    file_name: String,
    /// The headings above it.
    heading: Option<String>,
    /// The page of a document, from 1.
    page: Option<i32>,
    /// The row of a table in its file, from 1.
    row: Option<i32>,
    tokens: u64,
}

/// A passage of a file.
#[derive(Debug, Object)]
struct FilePassage {
    /// Its place in the file, from 0.
    ordinal: i32,
    /// The headings above it.
    heading: Option<String>,
    /// The page of a document, from 1.
    page: Option<i32>,
    /// The row of a table in its file, from 1.
    row: Option<i32>,
    /// The source's own words.
    text: String,
    tokens: i32,
}

#[OpenApi(tag = "Tag::Knowledge")]
impl KnowledgeApi {
    /// Lists an agent's files.
    #[oai(path = "/agents/:agent_id/knowledge", method = "get", operation_id = "listKnowledge")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        agent_id: Path<AgentId>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<KnowledgeFile>>, ApiError> {
        let page = page_request(cursor, limit);
        super::agents::find(&app, viewer.workspace(), &agent_id).await?;
        Ok(List::of(store::knowledge::list(app.db.reader(), viewer.workspace(), &agent_id, &page).await?, view))
    }

    /// Uploads files. They are read at once and indexed in a moment: `status` tells.
    #[oai(path = "/agents/:agent_id/knowledge", method = "post", operation_id = "uploadKnowledge")]
    async fn upload(
        &self,
        app: SharedApp<'_>,
        editor: Editor,
        agent_id: Path<AgentId>,
        upload: UploadFiles,
    ) -> Result<Created<KnowledgeFiles>, ApiError> {
        super::agents::find(&app, editor.workspace(), &agent_id).await?;
        let there = store::knowledge::count_of_agent(app.db.reader(), &agent_id).await?;
        let mut fields = Fields::default();
        fields.fit("file", &upload.file);
        let coming = upload.file.0.len();
        fields.check(
            there + coming as u64 <= MAX_FILES_PER_AGENT,
            "file",
            format!("an agent has {MAX_FILES_PER_AGENT} files at the most"),
        );
        fields.finish()?;
        let mut files = Vec::with_capacity(coming);
        for file in upload.file.0 {
            files.push(accept(&app, editor.workspace(), &agent_id, file).await?);
        }
        let now = app.now();
        store::write(&app.db, async |tx| {
            for (file, bytes) in &files {
                store::knowledge::insert(tx, file, bytes.clone()).await?;
                let job = Job::IndexFile { agent_id: file.agent_id.clone(), file_id: file.id.clone() };
                store::jobs::enqueue(tx, editor.workspace(), &job, now, now).await?;
            }
            Ok::<_, sea_orm::DbErr>(())
        })
        .await?;
        app.bells.files.ring_now();
        Ok(Created::new(KnowledgeFiles { items: files.into_iter().map(|(file, _)| view(file)).collect() }))
    }

    /// Shows a file.
    #[oai(path = "/knowledge/:file_id", method = "get", operation_id = "getKnowledge")]
    async fn get(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        file_id: Path<FileId>,
    ) -> Result<Json<KnowledgeFile>, ApiError> {
        Ok(Json(view(find(&app, viewer.workspace(), &file_id).await?)))
    }

    /// Lists the passages a file was cut into, in their order.
    #[oai(path = "/knowledge/:file_id/passages", method = "get", operation_id = "listPassages")]
    async fn passages(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        file_id: Path<FileId>,
        /// A part of the text or of the headings.
        q: Query<Option<Text<100>>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<FilePassage>>, ApiError> {
        let page = page_request(cursor, limit);
        find(&app, viewer.workspace(), &file_id).await?;
        let (db, search) = (app.db.reader(), q.0.as_deref());
        Ok(List::of(store::knowledge::list_of_file(db, viewer.workspace(), &file_id, search, &page).await?, of_file))
    }

    /// Gives a file back as it was uploaded.
    #[oai(path = "/knowledge/:file_id/content", method = "get", operation_id = "getKnowledgeContent")]
    async fn content(&self, app: SharedApp<'_>, viewer: Viewer, file_id: Path<FileId>) -> Result<Download, ApiError> {
        let file = find(&app, viewer.workspace(), &file_id).await?;
        let content = store::knowledge::find_content(app.db.reader(), viewer.workspace(), &file_id).await?;
        let content = content.ok_or_else(|| ApiError::not_found("file"))?;
        Ok(Download::new(&file.name, &file.media_type, content))
    }

    /// Removes a file; the agent no longer answers from it.
    #[oai(path = "/knowledge/:file_id", method = "delete", operation_id = "deleteKnowledge")]
    async fn delete(&self, app: SharedApp<'_>, editor: Editor, file_id: Path<FileId>) -> Result<Deleted, ApiError> {
        let deleted = store::write(&app.db, async |tx| {
            let Some(file) = store::knowledge::find(tx, editor.workspace(), &file_id).await? else { return Ok(false) };
            store::agents::knowledge_changed(tx, &file.agent_id).await?;
            store::knowledge::delete(tx, editor.workspace(), &file_id).await
        })
        .await?;
        Deleted::or_not_found(deleted, "file")
    }

    /// Shows what the agent would find for a question.
    #[oai(path = "/agents/:agent_id/knowledge/search", method = "post", operation_id = "searchKnowledge")]
    async fn search(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        agent_id: Path<AgentId>,
        body: Json<SearchKnowledge>,
    ) -> Result<Json<SearchResult>, ApiError> {
        let mut fields = Fields::default();
        fields.fit("query", &body.query);
        fields.fit("limit", &body.limit);
        fields.finish()?;
        let limit = body.limit.map_or(DEFAULT_PASSAGES, Whole::get);
        let agent = super::agents::find(&app, viewer.workspace(), &agent_id).await?.agent;
        let found = app.indexes.search(&app.db, &agent.id, agent.knowledge_revision, &body.query, limit as usize).await;
        let found = found.map_err(|error| ApiError::internal(&error))?;
        Ok(Json(SearchResult { passages: found.into_iter().map(passage).collect() }))
    }
}

async fn find(app: &App, workspace_id: &WorkspaceId, id: &FileId) -> Result<knowledge_file::Model, ApiError> {
    let found = store::knowledge::find(app.db.reader(), workspace_id, id).await?;
    found.ok_or_else(|| ApiError::not_found("file"))
}

/// Looks at an uploaded file as far as can be done at once; what is wrong with its inside shows as `failed`.
async fn accept(
    app: &App,
    workspace_id: &WorkspaceId,
    agent_id: &AgentId,
    upload: Upload,
) -> Result<(knowledge_file::Model, Vec<u8>), ApiError> {
    let name = upload.file_name().map(clean_name).unwrap_or_default();
    if name.is_empty() {
        return Err(ApiError::bad_request(format!("Each file needs a name that ends with {ENDINGS}.")));
    }
    if upload.size() > MAX_FILE_BYTES {
        return Err(ApiError::too_large(format!("{name}: {}", ReadError::TooLarge)));
    }
    let format = Format::of(&name);
    let bytes = upload.into_vec().await.map_err(|error| ApiError::internal(&error))?;
    if let Err(error) = look(&name, &bytes) {
        return Err(ApiError::invalid("unreadable_file", format!("{name}: {error}")));
    }
    let now = app.now();
    let file = knowledge_file::Model {
        id: FileId::generate(now),
        workspace_id: workspace_id.clone(),
        agent_id: agent_id.clone(),
        media_type: format.map_or("application/octet-stream", Format::media_type).to_owned(),
        name,
        size_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        sha256: hex::encode(Sha256::digest(&bytes)),
        status: FileStatus::Processing,
        error: None,
        passages: 0,
        tokens: 0,
        progress: None,
        report: json!({}),
        created_at: now,
        updated_at: now,
    };
    Ok((file, bytes))
}

/// The last part of a path, without characters that no file name needs.
fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|char| !char.is_control()).take(MAX_NAME_CHARS).collect::<String>().trim().to_owned()
}

pub(super) fn view(file: knowledge_file::Model) -> KnowledgeFile {
    KnowledgeFile {
        id: file.id,
        agent_id: file.agent_id,
        name: file.name,
        media_type: file.media_type,
        size_bytes: file.size_bytes,
        sha256: file.sha256,
        status: file.status,
        error: file.error,
        passages: file.passages,
        tokens: file.tokens,
        progress: file.progress.map(|percent| f64::from(percent) / 100.0),
        report: Any(file.report),
        created_at: time(file.created_at),
        updated_at: time(file.updated_at),
    }
}

fn of_file(passage: passage::Model) -> FilePassage {
    FilePassage {
        ordinal: passage.ordinal,
        heading: passage.heading,
        page: passage.page,
        row: passage.row,
        text: passage.text,
        tokens: passage.tokens,
    }
}

fn passage(found: Found) -> Passage {
    Passage {
        text: found.text,
        score: found.score,
        coverage: found.coverage,
        file_id: found.file_id,
        file_name: found.file_name,
        heading: found.heading,
        page: found.page,
        row: found.row,
        tokens: found.tokens as u64,
    }
}
