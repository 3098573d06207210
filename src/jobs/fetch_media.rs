//! Brings a customer's file here, for as long as Meta has it.

use std::time::Duration;

use entity::MediaId;
use entity::state::MediaStatus;
use sea_orm::{ConnectionTrait, DbErr};

use crate::app::{App, NumberSecret, millis};
use crate::media::{self, FetchError};
use crate::store::jobs::{self, Claim, JobError, Next};
use crate::store::{self, Durability};

/// Meta keeps a received file for seven days.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

pub async fn run(app: &App, claim: &Claim) -> Result<Next, JobError> {
    let id = MediaId::parse(&claim.subject).map_err(|error| JobError::Fail(error.to_string()))?;
    let db = app.db.walker();
    let Some(mut media) = store::media::find(db, &claim.workspace_id, &id).await? else { return Ok(Next::Finish) };
    let number = match &media.number_id {
        Some(number_id) => store::numbers::find(db, &claim.workspace_id, number_id).await?,
        None => None,
    };
    let Some(number) = number.filter(|_| media.status != MediaStatus::Ready) else { return Ok(Next::Finish) };
    let token = app.open_number_secret(&number, NumberSecret::AccessToken);
    let fetched = match token.map_err(|error| JobError::Retry(error.to_string()))? {
        Some(token) => media::fetch(app, &number, &token, &mut media).await,
        None => Err(FetchError::Credentials),
    };
    let now = app.now();
    match fetched {
        Ok(()) => {
            media.status = MediaStatus::Ready;
            media.error = None;
            media.ready_at = Some(now);
        }
        Err(FetchError::Credentials) if now - media.created_at < millis(KEPT) => {
            // A new token will do; the sends of the number wait likewise.
            return Ok(Next::Again { at: now + millis(Duration::from_secs(app.settings.delivery.hold_probe_secs)) });
        }
        Err(FetchError::Later(error)) => return Err(JobError::Retry(error)),
        Err(error) => {
            media.status = MediaStatus::Failed;
            media.error = Some(error.to_string());
        }
    }
    metrics::counter!("switchboard_media_total", "status" => media.status.as_str()).increment(1);
    let kept = media.clone();
    let written = store::write_as(&app.db, Durability::Crash, async |tx| {
        jobs::finish(tx, claim).await??;
        store::media::update(tx, media).await?;
        Ok::<_, JobError>(())
    })
    .await;
    if written.is_err() {
        forget_bytes(app, &kept).await?;
    }
    written.map(|()| Next::Finished)
}

/// The file's row went while its bytes came: nobody would ever ask for them.
async fn forget_bytes(app: &App, media: &entity::media::Model) -> Result<(), JobError> {
    let (db, workspace_id) = (app.db.walker(), &media.workspace_id);
    let Some(sha256) = &media.sha256 else { return Ok(()) };
    if store::media::find(db, workspace_id, &media.id).await?.is_none()
        && store::media::count_of_content(db, workspace_id, sha256).await? == 0
    {
        let removed = app.blobs.remove(workspace_id.as_str(), sha256).await;
        removed.map_err(|error| JobError::Retry(error.to_string()))?;
    }
    Ok(())
}

/// It could not be fetched however often it was tried.
pub async fn abandon(tx: &impl ConnectionTrait, claim: &Claim, error: &str) -> Result<(), DbErr> {
    let Ok(id) = MediaId::parse(&claim.subject) else { return Ok(()) };
    let Some(mut media) = store::media::find(tx, &claim.workspace_id, &id).await? else { return Ok(()) };
    media.status = MediaStatus::Failed;
    media.error = Some(error.to_owned());
    store::media::update(tx, media).await
}
