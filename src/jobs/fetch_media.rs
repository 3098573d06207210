//! Brings a customer's file here.

use sea_orm::{ConnectionTrait, DbErr};

use crate::app::App;
use crate::store::jobs::{Claim, JobError, Next};

pub async fn run(_app: &App, _claim: &Claim) -> Result<Next, JobError> {
    Ok(Next::Finish)
}

pub async fn abandon(_tx: &impl ConnectionTrait, _media_id: &str, _error: &str) -> Result<(), DbErr> {
    Ok(())
}
