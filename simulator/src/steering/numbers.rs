//! The business's numbers: what changes about them at Meta, and the webhook that says so.

use poem::{
    Response, handler,
    http::StatusCode,
    web::{Data, Path},
};
use serde_json::{Map, Value, json};

use super::{Refusal, answer, customers, parse};
use crate::{lock, settings::Number, simulator::Simulator};

/// What can be changed. `event` goes with a messaging limit, `quiet` sends no webhook.
const CHANGEABLE: [&str; 12] = [
    "account_mode",
    "code_verification_status",
    "is_official_business_account",
    "is_on_biz_app",
    "messaging_limit",
    "name_status",
    "platform_type",
    "quality_rating",
    "quiet",
    "status",
    "throughput",
    "verified_name",
];

#[handler]
pub(super) fn list(Data(simulator): Data<&Simulator>) -> Response {
    answer(StatusCode::OK, &json!({"items": simulator.desk.settings.numbers}))
}

#[handler]
pub(super) fn update(
    Data(simulator): Data<&Simulator>,
    Path(id): Path<String>,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let change: Map<String, Value> = parse(&body)?;
    if let Some(strange) = change.keys().find(|key| !CHANGEABLE.contains(&key.as_str())) {
        return Err(Refusal::bad(format!("{strange} cannot be changed, only {}", CHANGEABLE.join(", "))).into());
    }
    let number = customers::chosen_number(simulator, Some(id))?;
    let before = apply(simulator, &number, &change);
    if change.get("quiet") != Some(&json!(true)) {
        tell(simulator, &number, &change, &before);
    }
    Ok(answer(StatusCode::OK, &simulator.describe_number(&number)))
}

/// Changes the fields; answers them as they were.
fn apply(simulator: &Simulator, number: &Number, change: &Map<String, Value>) -> Map<String, Value> {
    let mut standings = lock(&simulator.desk.standings);
    let fields = &mut standings.of(number).fields;
    let before = fields.clone();
    for (key, value) in change.iter().filter(|(key, _)| *key != "quiet") {
        let (key, value) = match key.as_str() {
            "messaging_limit" => ("whatsapp_business_manager_messaging_limit", value.clone()),
            // A word is enough for what Meta wraps up.
            "throughput" if value.is_string() => ("throughput", json!({"level": value})),
            other => (other, value.clone()),
        };
        fields.insert(key.to_owned(), value);
    }
    before
}

fn tell(simulator: &Simulator, number: &Number, change: &Map<String, Value>, before: &Map<String, Value>) {
    let display = number.digits();
    let tell = |field: &str, value: Value| simulator.tell_account(&number.waba_id, field, value);
    let old_limit = &before["whatsapp_business_manager_messaging_limit"];
    let limit = change.get("messaging_limit").unwrap_or(old_limit);
    if let Some(event) = quality_event(change) {
        tell(
            "phone_number_quality_update",
            json!({"display_phone_number": display, "event": event,
            "current_limit": limit, "old_limit": old_limit, "max_daily_conversations_per_business": limit}),
        );
    }
    if change.contains_key("messaging_limit") {
        tell(
            "business_capability_update",
            json!({"max_daily_conversations_per_business": limit,
            "max_phone_numbers_per_business": 20}),
        );
    }
    if let Some(name) = change.get("verified_name") {
        tell(
            "phone_number_name_update",
            json!({"display_phone_number": display, "decision": "APPROVED",
            "requested_verified_name": name, "rejection_reason": Value::Null}),
        );
    }
    if let Some(decision) = change.get("name_status").filter(|_| !change.contains_key("verified_name")) {
        let decision = if decision == "DECLINED" { "REJECTED" } else { decision.as_str().unwrap_or("DEFERRED") };
        tell(
            "phone_number_name_update",
            json!({"display_phone_number": display, "decision": decision,
            "requested_verified_name": before["verified_name"], "rejection_reason": "NAME_NOT_ALLOWED"}),
        );
    }
    if let Some(value) = change.get("status").and_then(Value::as_str).and_then(|status| account_event(status, &display))
    {
        tell("account_update", value);
    }
}

fn quality_event(change: &Map<String, Value>) -> Option<&'static str> {
    let upgraded =
        change.get("throughput").is_some_and(|throughput| throughput == "HIGH" || throughput["level"] == "HIGH");
    match change.get("quality_rating").and_then(Value::as_str) {
        _ if upgraded => Some("THROUGHPUT_UPGRADE"),
        Some("RED") => Some("FLAGGED"),
        Some(_) => Some("UNFLAGGED"),
        None => change.contains_key("messaging_limit").then_some("UPGRADE"),
    }
}

fn account_event(status: &str, display: &str) -> Option<Value> {
    let mut value = json!({"phone_number": display});
    match status {
        "BANNED" => {
            value["event"] = json!("DISABLED_UPDATE");
            let date = chrono::Utc::now().date_naive().to_string();
            value["ban_info"] = json!({"waba_ban_state": "DISABLE", "waba_ban_date": date});
        }
        "RESTRICTED" | "RATE_LIMITED" => {
            value["event"] = json!("ACCOUNT_RESTRICTION");
            let until = (chrono::Utc::now() + chrono::TimeDelta::days(7)).timestamp();
            value["restriction_info"] =
                json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": until}]);
        }
        "FLAGGED" => {
            value["event"] = json!("ACCOUNT_VIOLATION");
            value["violation_info"] = json!({"violation_type": "SPAM"});
        }
        "DELETED" => value["event"] = json!("ACCOUNT_DELETED"),
        "DISCONNECTED" => value["event"] = json!("ACCOUNT_OFFBOARDED"),
        "CONNECTED" => value["event"] = json!("ACCOUNT_RECONNECTED"),
        _ => return None,
    }
    Some(value)
}
