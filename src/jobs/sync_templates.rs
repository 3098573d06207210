//! Reads the templates of a number's account from Meta. Where Meta refuses, the schedule comes again.

use entity::NumberId;

use crate::account::templates::{self, SyncError};
use crate::app::App;
use crate::clock::Millis;
use crate::store;
use crate::store::jobs::{Claim, JobError, Next};

/// Sooner than the schedule, but not at once: a failing Graph is not asked again and again.
const AFTER_FAILURE_MS: Millis = 15 * 60 * 1000;

pub async fn run(app: &App, claim: &Claim) -> Result<Next, JobError> {
    let id = NumberId::parse(&claim.subject).map_err(|error| JobError::Fail(error.to_string()))?;
    let Some(number) = store::numbers::find(app.db.walker(), &claim.workspace_id, &id).await? else {
        return Ok(Next::Finish);
    };
    // Boxed, since it is seldom and large: every job's future would have room for it.
    match Box::pin(templates::sync(app, &number)).await {
        Ok(_) => {}
        Err(SyncError::Database(error)) => return Err(error.into()),
        Err(error) => {
            tracing::warn!(number.id = %number.id, error = %error, "an account's templates could not be read");
            if let Some(waba_id) = &number.waba_id {
                let at = app.now() + AFTER_FAILURE_MS;
                let db = app.db.bookkeeper();
                store::numbers::set_templates_due(db, &number.workspace_id, waba_id, at).await?;
            }
        }
    }
    Ok(Next::Finish)
}
