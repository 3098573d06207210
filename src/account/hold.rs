//! A number's hold: Meta refuses its credentials, so its sends wait. Its beginning and its end are notices.

use entity::state::Severity;
use entity::{NoticeId, notice, number};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::clock::Millis;
use crate::store;

const FIELD: &str = "hold";

/// Lets the number's sends wait until `until`; `true` when they did not wait before, and then it is told once.
pub async fn begin_hold(
    tx: &impl ConnectionTrait,
    number: &number::Model,
    code: Option<i64>,
    until: Millis,
    now: Millis,
) -> Result<bool, DbErr> {
    if !store::numbers::put_on_hold(tx, &number.id, code, until).await? {
        return Ok(false);
    }
    let why = match code {
        None => "The number has no access token".to_owned(),
        Some(code @ (0 | 190)) => format!("Meta refuses the number's access token (code {code})"),
        Some(code) => format!("Meta refuses the number's account or permissions (code {code})"),
    };
    let summary = match code {
        None | Some(0 | 190) => format!("{why}: what it sends waits and nothing is lost. Set a new access_token."),
        Some(_) => {
            format!(
                "{why}: what it sends waits and nothing is lost. Look at the account in WhatsApp Manager, then check the number."
            )
        }
    };
    store::notices::insert_once(tx, told(number, "begun", Severity::Critical, summary, code, now)).await?;
    Ok(true)
}

/// Ends a hold and lets go what waited; `true` when there was one.
pub async fn end_hold(tx: &impl ConnectionTrait, number: &number::Model, now: Millis) -> Result<bool, DbErr> {
    if !store::numbers::lift_hold(tx, &number.id).await? {
        return Ok(false);
    }
    store::jobs::hurry_sends_of_number(tx, &number.id, now).await?;
    let summary = "Meta takes the number's credentials again: what waited is being sent. Nothing is to be done.";
    let notice = told(number, "ended", Severity::Info, summary.to_owned(), number.held_code, now);
    store::notices::insert_once(tx, notice).await?;
    Ok(true)
}

fn told(
    number: &number::Model,
    event: &str,
    severity: Severity,
    summary: String,
    code: Option<i64>,
    now: Millis,
) -> notice::Model {
    notice::Model {
        id: NoticeId::generate(now),
        workspace_id: number.workspace_id.clone(),
        waba_id: number.waba_id.clone(),
        number_id: Some(number.id.clone()),
        template_id: None,
        field: FIELD.to_owned(),
        event: Some(event.to_owned()),
        severity,
        summary,
        body: json!({ "phone_number_id": number.phone_number_id, "event": event, "code": code }),
        fingerprint: hex::encode(Sha256::digest(format!("{FIELD}\n{}\n{event}\n{now}", number.id))),
        event_id: None,
        at: now,
        created_at: now,
    }
}
