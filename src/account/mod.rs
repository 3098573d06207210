//! What Meta tells of accounts, numbers and templates, and what is asked about them: notices, health, the templates kept.

use entity::{event, number};
use sea_orm::{ConnectionTrait, DbErr};

use crate::app::App;
use crate::whatsapp::webhook::Change;

/// Applies a change that is about an account, a number or a template, for one of the account's numbers. Applying it
/// again changes nothing.
pub async fn apply(
    _app: &App,
    _tx: &impl ConnectionTrait,
    _event: &event::Model,
    _number: &number::Model,
    _change: &Change<'_>,
) -> Result<(), DbErr> {
    Ok(())
}
