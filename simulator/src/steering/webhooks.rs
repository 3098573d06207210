//! Webhooks by hand: any field, any value. And what a person says in the Business app of the same number.

use chrono::Utc;
use poem::{
    Response, handler,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, answer, customers, parse, success};
use crate::{
    account,
    bubble::{Bubble, BubbleStatus, Side},
    queue::{Due, Load, Parcel},
    settings::Number,
    simulator::{Simulator, wamid},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    field: String,
    value: Value,
    /// Whose it is; the first number's if left out.
    number: Option<String>,
}

/// Queues a webhook: a whole body, or only a field and its value. What is about a number gets that number's metadata.
#[handler]
pub(super) fn queue(Data(simulator): Data<&Simulator>, body: Vec<u8>) -> poem::Result<Response> {
    let whole: Value = parse(&body)?;
    if whole.get("object").is_some() {
        simulator.queue_webhook(whole);
        return Ok(success());
    }
    let change: Change = parse(&body)?;
    if !change.value.is_object() {
        return Err(Refusal::bad("value must be an object").into());
    }
    let number = customers::chosen_number(simulator, change.number)?;
    if OF_NUMBERS.contains(&change.field.as_str()) {
        simulator.tell_number(&number, &change.field, change.value);
    } else {
        simulator.queue_webhook(account::envelope(&number.waba_id, &change.field, change.value));
    }
    Ok(success())
}

/// Fields that belong to a number and carry its metadata; all others belong to the account.
const OF_NUMBERS: [&str; 14] = [
    "calls",
    "consumer_profile",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "history",
    "message_echoes",
    "messages",
    "messaging_handovers",
    "smb_app_state_sync",
    "smb_message_echoes",
    "standby",
    "user_preferences",
];

#[derive(Deserialize)]
struct Echo {
    number: Option<String>,
    #[serde(flatten)]
    message: Value,
}

/// Somebody at the business answers in the Business app: it stands on the phone, and the gateway gets its echo.
#[handler]
pub(super) fn echo(
    Data(simulator): Data<&Simulator>,
    Path(phone): Path<String>,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let Echo { number, mut message } = parse(&body)?;
    if message["type"].as_str().is_none_or(str::is_empty) {
        return Err(Refusal::bad("an echo needs a type, as a message does").into());
    }
    let customer = customers::customer_named(simulator, &phone)?;
    let number = customers::chosen_number(simulator, number)?;
    let (wamid, now) = (wamid(customer.key()), Utc::now());
    message["from"] = json!(number.digits());
    message["id"] = json!(wamid);
    message["timestamp"] = json!(now.timestamp().to_string());
    message["to_user_id"] = json!(customer.user_id);
    if let Some(phone) = &customer.phone {
        message["to"] = json!(phone);
    }
    simulator.show(&customer, Bubble::of(&message, Side::Business, BubbleStatus::Delivered, &wamid, &number, now));
    simulator.tell_number(&number, "smb_message_echoes", json!({"message_echoes": [message]}));
    Ok(answer(StatusCode::CREATED, &json!({"wamid": wamid})))
}

impl Simulator {
    /// Queues a webhook of a field that belongs to a number; product and metadata are added.
    pub(crate) fn tell_number(&self, number: &std::sync::Arc<Number>, field: &str, mut value: Value) {
        let defaults = [
            ("messaging_product", json!("whatsapp")),
            ("metadata", json!({"display_phone_number": number.digits(), "phone_number_id": number.phone_number_id})),
        ];
        for (key, default) in defaults {
            if value.get(key).is_none() {
                value[key] = default;
            }
        }
        let whole = json!({"object": "whatsapp_business_account",
            "entry": [{"id": number.waba_id, "changes": [{"field": field, "value": value}]}]});
        self.enqueue(Parcel::new(Some(number.clone()), 0, Load::Whole(whole)), Due::Now);
    }
}
