//! Looks how a number is. Whatever Graph answers is a finding, so only the database can make this fail.

use entity::NumberId;
use entity::state::{HealthSource, NumberMode};

use crate::account;
use crate::app::App;
use crate::store;
use crate::store::jobs::{Claim, JobError, Next};

pub async fn run(app: &App, claim: &Claim) -> Result<Next, JobError> {
    let id = NumberId::parse(&claim.subject).map_err(|error| JobError::Fail(error.to_string()))?;
    let number = store::numbers::find(app.db.walker(), &claim.workspace_id, &id).await?;
    if let Some(number) = number.filter(|number| number.mode == NumberMode::Active && number.access_token.is_some()) {
        // Boxed, since it is seldom and large: every job's future would have room for it.
        Box::pin(account::check(app, &number, HealthSource::Probe)).await?;
    }
    Ok(Next::Finish)
}
