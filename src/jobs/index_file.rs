//! Cuts an uploaded file into passages. It writes in small transactions, so that live turns and webhooks pass between.

use entity::state::FileStatus;
use entity::{FileId, knowledge_file, passage};
use sea_orm::DbErr;
use serde_json::json;

use crate::app::App;
use crate::knowledge::Passage;
use crate::knowledge::helper::{self, Cut};
use crate::prompt::tokens;
use crate::store::jobs::{self, Claim, JobError, Next};
use crate::store::knowledge::{Indexed, PASSAGES_PER_INSERT};
use crate::store::{self};

pub async fn run(app: &App, claim: &Claim) -> Result<Next, JobError> {
    let id = FileId::parse(&claim.subject).map_err(|error| JobError::Fail(error.to_string()))?;
    let db = app.db.reader();
    let file = store::knowledge::find(db, &claim.workspace_id, &id).await?;
    let content = store::knowledge::find_content(db, &claim.workspace_id, &id).await?;
    let Some((file, content)) = file.zip(content) else { return Ok(Next::Finish) };

    let cut = helper::read_file(&app.program, &file.name, content).await;
    store::knowledge::clear_passages(app.db.writer(), &id).await?;
    let indexed = match cut {
        Ok(Cut { passages, mut report }) => {
            let passages = counted(passages).await;
            write_passages(app, claim, &file, &passages).await?;
            let characters: usize = passages.iter().map(|(passage, _)| passage.text.chars().count()).sum();
            report.insert("characters".to_owned(), characters.into());
            Indexed {
                status: FileStatus::Ready,
                error: None,
                passages: passages.len(),
                tokens: passages.iter().map(|(_, tokens)| tokens).sum(),
                report: report.into(),
            }
        }
        Err(refused) => Indexed {
            status: FileStatus::Failed,
            error: Some(refused.to_string()),
            passages: 0,
            tokens: 0,
            report: json!({}),
        },
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

/// Each with its tokens. Counting takes long; live turns pass meanwhile.
async fn counted(passages: Vec<Passage>) -> Vec<(Passage, usize)> {
    let count = || {
        let count = |passage: Passage| {
            let tokens = tokens::count("", &passage.text);
            (passage, tokens)
        };
        passages.into_iter().map(count).collect()
    };
    tokio::task::spawn_blocking(count).await.expect("counting does not panic")
}

async fn write_passages(
    app: &App,
    claim: &Claim,
    file: &knowledge_file::Model,
    passages: &[(Passage, usize)],
) -> Result<(), DbErr> {
    for (chunk, some) in passages.chunks(PASSAGES_PER_INSERT).enumerate() {
        let percent = chunk * PASSAGES_PER_INSERT * 100 / passages.len();
        store::knowledge::set_progress(app.db.bookkeeper(), &file.id, i32::try_from(percent).unwrap_or(0)).await?;
        let row = |(place, (passage, tokens)): (usize, &(Passage, usize))| passage::Model {
            file_id: file.id.clone(),
            ordinal: to_i32(chunk * PASSAGES_PER_INSERT + place),
            workspace_id: claim.workspace_id.clone(),
            agent_id: file.agent_id.clone(),
            heading: passage.heading.clone(),
            page: passage.page.map(to_i32),
            row: passage.row.map(to_i32),
            text: passage.text.clone(),
            tokens: to_i32(*tokens),
        };
        let rows: Vec<passage::Model> = some.iter().enumerate().map(row).collect();
        store::knowledge::insert_passages(app.db.writer(), &rows).await?;
    }
    Ok(())
}

fn to_i32(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}
