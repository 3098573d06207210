//! Templates at Meta's end: status, quality and category, each with its webhook.

use poem::{
    Response, handler,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, answer, parse};
use crate::{lock, simulator::Simulator, templates::Template};

const EVENTS: [&str; 14] = [
    "APPROVED",
    "ARCHIVED",
    "DELETED",
    "DISABLED",
    "FLAGGED",
    "IN_APPEAL",
    "LIMIT_EXCEEDED",
    "LOCKED",
    "PAUSED",
    "PENDING",
    "PENDING_DELETION",
    "REINSTATED",
    "REJECTED",
    "UNARCHIVED",
];
const QUALITIES: [&str; 4] = ["GREEN", "YELLOW", "RED", "UNKNOWN"];
const CATEGORIES: [&str; 3] = ["AUTHENTICATION", "MARKETING", "UTILITY"];

#[handler]
pub(super) fn list(Data(simulator): Data<&Simulator>) -> Response {
    let templates = lock(&simulator.desk.templates);
    let mut accounts: Vec<&str> =
        simulator.desk.settings.numbers.iter().map(|number| number.waba_id.as_str()).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let items: Vec<Value> =
        accounts.into_iter().flat_map(|account| templates.of_account(account)).map(Template::node).collect();
    answer(StatusCode::OK, &json!({"items": items}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeStatus {
    event: String,
    #[serde(default = "no_reason")]
    reason: String,
}

fn no_reason() -> String {
    "NONE".to_owned()
}

#[handler]
pub(super) fn change_status(
    Data(simulator): Data<&Simulator>,
    Path(id): Path<String>,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let wish: ChangeStatus = parse(&body)?;
    one_of("event", &wish.event, &EVENTS)?;
    let template = find(simulator, &id)?;
    simulator.change_template_status(template.id, &wish.event, &wish.reason);
    Ok(answer(StatusCode::OK, &find(simulator, &id)?.node()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    quality: Option<String>,
    category: Option<String>,
}

/// Meta thinks otherwise of a template's quality or category.
#[handler]
pub(super) fn change(
    Data(simulator): Data<&Simulator>,
    Path(id): Path<String>,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let wish: Change = parse(&body)?;
    let before = find(simulator, &id)?;
    if let Some(quality) = &wish.quality {
        one_of("quality", quality, &QUALITIES)?;
    }
    if let Some(category) = &wish.category {
        one_of("category", category, &CATEGORIES)?;
    }
    if let Some(template) = lock(&simulator.desk.templates).get_mut(before.id) {
        template.quality = wish.quality.clone().unwrap_or_else(|| template.quality.clone());
        if let Some(category) = &wish.category {
            template.previous_category = Some(std::mem::replace(&mut template.category, category.clone()));
        }
    }
    if let Some(quality) = wish.quality {
        let mut value = before.webhook();
        value["previous_quality_score"] = json!(before.quality);
        value["new_quality_score"] = json!(quality);
        simulator.tell_account(&before.account, "message_template_quality_update", value);
    }
    if let Some(category) = wish.category {
        let mut value = before.webhook();
        value["previous_category"] = json!(before.category);
        value["new_category"] = json!(category);
        simulator.tell_account(&before.account, "template_category_update", value);
    }
    Ok(answer(StatusCode::OK, &find(simulator, &id)?.node()))
}

fn find(simulator: &Simulator, id: &str) -> Result<Template, Refusal> {
    let template = lock(&simulator.desk.templates).get(id).cloned();
    template.ok_or_else(|| Refusal::missing(format!("there is no template {id}")))
}

fn one_of(name: &str, word: &str, allowed: &[&str]) -> Result<(), Refusal> {
    if allowed.contains(&word) {
        return Ok(());
    }
    Err(Refusal::bad(format!("{name} must be one of {}", allowed.join(", "))))
}
