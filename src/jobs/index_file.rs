//! Cuts an uploaded file into passages. It writes in small transactions, so that live turns and webhooks pass between.

use entity::state::FileStatus;
use entity::{FileId, knowledge_file, passage};
use sea_orm::DbErr;
use serde_json::json;

use crate::app::App;
use crate::knowledge::{self, Passage};
use crate::prompt::tokens;
use crate::store::jobs::{self, Claim, JobError, Next};
use crate::store::knowledge::{Indexed, PASSAGES_PER_INSERT};
use crate::store::{self};

struct Cut {
    passages: Vec<(Passage, usize)>,
    encoding: &'static str,
    characters: usize,
}

pub async fn run(app: &App, claim: &Claim) -> Result<Next, JobError> {
    let id = FileId::parse(&claim.subject).map_err(|error| JobError::Fail(error.to_string()))?;
    let db = app.db.reader();
    let file = store::knowledge::find(db, &claim.workspace_id, &id).await?;
    let content = store::knowledge::find_content(db, &claim.workspace_id, &id).await?;
    let Some((file, content)) = file.zip(content) else { return Ok(Next::Finish) };

    let name = file.name.clone();
    let cut = tokio::task::spawn_blocking(move || cut(&name, &content)).await;
    // A panic is our fault and the file's misfortune: the uploader hears of it, the process goes on.
    let cut = cut.unwrap_or_else(|_| {
        Err("The file could not be read because of a fault in the gateway. Please report it.".to_owned())
    });
    store::knowledge::clear_passages(app.db.writer(), &id).await?;
    let indexed = match cut {
        Ok(cut) => {
            write_passages(app, claim, &file, &cut).await?;
            Indexed {
                status: FileStatus::Ready,
                error: None,
                passages: cut.passages.len(),
                tokens: cut.passages.iter().map(|(_, tokens)| tokens).sum(),
                report: json!({ "encoding": cut.encoding, "characters": cut.characters }),
            }
        }
        Err(error) => {
            Indexed { status: FileStatus::Failed, error: Some(error), passages: 0, tokens: 0, report: json!({}) }
        }
    };
    store::write(&app.db, async |tx| {
        jobs::finish(tx, claim).await??;
        if store::knowledge::end_indexing(tx, &claim.workspace_id, &id, indexed, app.now()).await? {
            store::agents::knowledge_changed(tx, &file.agent_id).await?;
        } else {
            store::knowledge::clear_passages(tx, &id).await?;
        }
        Ok::<_, JobError>(())
    })
    .await?;
    Ok(Next::Finished)
}

fn cut(name: &str, content: &[u8]) -> Result<Cut, String> {
    let readable = knowledge::read(name, content).map_err(|error| error.to_string())?;
    let passages = knowledge::cut(&readable).map_err(|error| error.to_string())?;
    let counted = passages.into_iter().map(|passage| {
        let tokens = tokens::count("", &passage.text);
        (passage, tokens)
    });
    let passages = counted.collect();
    Ok(Cut { passages, encoding: readable.encoding, characters: readable.text.chars().count() })
}

async fn write_passages(app: &App, claim: &Claim, file: &knowledge_file::Model, cut: &Cut) -> Result<(), DbErr> {
    for (chunk, passages) in cut.passages.chunks(PASSAGES_PER_INSERT).enumerate() {
        let percent = chunk * PASSAGES_PER_INSERT * 100 / cut.passages.len();
        store::knowledge::set_progress(app.db.bookkeeper(), &file.id, i32::try_from(percent).unwrap_or(0)).await?;
        let rows: Vec<passage::Model> = passages
            .iter()
            .enumerate()
            .map(|(place, (passage, tokens))| passage::Model {
                file_id: file.id.clone(),
                ordinal: i32::try_from(chunk * PASSAGES_PER_INSERT + place).unwrap_or(i32::MAX),
                workspace_id: claim.workspace_id.clone(),
                agent_id: file.agent_id.clone(),
                heading: passage.heading.clone(),
                text: passage.text.clone(),
                tokens: i32::try_from(*tokens).unwrap_or(i32::MAX),
            })
            .collect();
        store::knowledge::insert_passages(app.db.writer(), &rows).await?;
    }
    Ok(())
}
