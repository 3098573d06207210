//! Deletes all that hangs on a contact who was forgotten.

use crate::app::App;
use crate::privacy;
use crate::store::jobs::{Claim, JobError, Next};

pub async fn run(app: &App, claim: &Claim) -> Result<Next, JobError> {
    privacy::go_on(app, claim).await
}
