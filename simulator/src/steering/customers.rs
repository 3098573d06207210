//! Customers: who there is, what stands on their phones, what they write and wish.

use poem::{
    Response, handler,
    http::StatusCode,
    web::{Data, Path, Query},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, answer, parse, success};
use crate::queue::{Due, Load, Parcel};
use crate::{
    bubble::{Bubble, BubbleStatus, Side},
    customer::{Customer, digits},
    lock,
    phones::Phone,
    settings::Number,
    simulator::{Simulator, lane_of},
};

/// A customer writes: the body is a Cloud API message.
#[handler]
pub(super) fn write(
    Data(simulator): Data<&Simulator>,
    Path(phone): Path<String>,
    Query(choice): Query<NumberChoice>,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let message: Value = parse(&body)?;
    if message["type"].as_str().is_none_or(str::is_empty) {
        return Err(
            Refusal::bad("a message needs a type, such as {\"type\": \"text\", \"text\": {\"body\": \"Hi\"}}").into()
        );
    }
    let customer = customer_named(simulator, &phone)?;
    let number = chosen_number(simulator, choice.number)?;
    let wamid = simulator.write(&number, &customer, message);
    Ok(answer(StatusCode::CREATED, &json!({"wamid": wamid})))
}

#[derive(Deserialize)]
pub(super) struct NumberChoice {
    number: Option<String>,
}

#[handler]
pub(super) fn list_bubbles(Data(simulator): Data<&Simulator>, Path(phone): Path<String>) -> Response {
    let name = name_of(&phone);
    let items: Vec<Value> = simulator.bubbles(&name).iter().map(Bubble::to_json).collect();
    answer(StatusCode::OK, &json!({"items": items, "typing": simulator.is_typing(&name)}))
}

#[handler]
pub(super) fn list(Data(simulator): Data<&Simulator>) -> Response {
    let phones = lock(&simulator.desk.phones);
    let items: Vec<Value> = phones.iter().map(|(key, phone)| customer_item(key, phone)).collect();
    answer(StatusCode::OK, &json!({"items": items}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddCustomer {
    phone: Option<String>,
    name: Option<String>,
    /// With a username and no phone, webhooks carry no phone either.
    username: Option<String>,
}

#[handler]
pub(super) fn add(Data(simulator): Data<&Simulator>, body: Vec<u8>) -> poem::Result<Response> {
    let wanted: AddCustomer = parse(&body)?;
    let name = wanted.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let mut customer = match (&wanted.phone, &wanted.username) {
        (Some(phone), _) => customer_with_phone(phone)?,
        (None, Some(username)) => Customer::with_username(username, username),
        (None, None) => return Err(Refusal::bad("a customer needs a phone, or a username to go without").into()),
    };
    customer.username = wanted.username;
    customer.name = name.unwrap_or(customer.name);
    let item = meet(simulator, &customer);
    Ok(answer(StatusCode::CREATED, &item))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Played {
    wamid: String,
}

/// A customer listens to a voice message: the business is told `played`.
#[handler]
pub(super) fn play(
    Data(simulator): Data<&Simulator>,
    Path(phone): Path<String>,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let played: Played = parse(&body)?;
    let customer = customer_named(simulator, &phone)?;
    let number = {
        let phones = lock(&simulator.desk.phones);
        let bubble = phones.bubble(&played.wamid).map(|(_, bubble)| bubble);
        let bubble = bubble.filter(|bubble| bubble.from == Side::Business && bubble.kind == "audio");
        bubble.map(|bubble| bubble.number.clone())
    };
    let number = number.ok_or_else(|| Refusal::missing("there is no such voice message from the business"))?;
    let number = chosen_number(simulator, Some(number))?;
    let mut status = json!({"id": played.wamid, "status": "played", "recipient_user_id": customer.user_id,
        "timestamp": chrono::Utc::now().timestamp().to_string()});
    if let Some(phone) = &customer.phone {
        status["recipient_id"] = json!(phone);
    }
    let load = Load::Status {
        wamid: played.wamid,
        status: BubbleStatus::Played,
        error: None,
        contact: Some(customer.contact()),
        body: status,
    };
    simulator.enqueue(Parcel::new(Some(number), lane_of(customer.key()), load), Due::Now);
    Ok(success())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Preferences {
    /// `stop` or `resume`.
    marketing: String,
    number: Option<String>,
}

/// A customer stops or resumes marketing messages: `user_preferences` is told, and sends then fail with 131050.
#[handler]
pub(super) fn prefer(
    Data(simulator): Data<&Simulator>,
    Path(phone): Path<String>,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let wish: Preferences = parse(&body)?;
    if !["stop", "resume"].contains(&wish.marketing.as_str()) {
        return Err(Refusal::bad("marketing must be stop or resume").into());
    }
    let customer = customer_named(simulator, &phone)?;
    let number = chosen_number(simulator, wish.number)?;
    meet(simulator, &customer);
    lock(&simulator.desk.phones).stop_marketing(customer.key(), wish.marketing == "stop");
    let detail = format!("User requested to {} marketing messages", wish.marketing);
    let mut preference = json!({"user_id": customer.user_id, "detail": detail, "category": "marketing_messages",
        "value": wish.marketing, "timestamp": chrono::Utc::now().timestamp()});
    if let Some(phone) = &customer.phone {
        preference["wa_id"] = json!(phone);
    }
    let value = json!({"contacts": [customer.contact()], "user_preferences": [preference]});
    simulator.tell_number(&number, "user_preferences", value);
    Ok(success())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewNumber {
    phone: String,
    number: Option<String>,
}

/// A customer changes their phone number: the system says so, and they are somebody new from then on.
#[handler]
pub(super) fn change_number(
    Data(simulator): Data<&Simulator>,
    Path(phone): Path<String>,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let wish: NewNumber = parse(&body)?;
    let before = customer_named(simulator, &phone)?;
    let number = chosen_number(simulator, wish.number)?;
    let fresh = customer_with_phone(&wish.phone)?;
    let after = Customer { name: before.name.clone(), username: before.username.clone(), ..fresh };
    let (old, new) = (before.key(), after.phone.clone().unwrap_or_default());
    let system = json!({"type": "user_changed_number", "body": format!("{} changed from {old} to {new}", before.name),
        "wa_id": new, "user_id": after.user_id, "previous_user_id": before.user_id});
    let wamid = simulator.write(&number, &before, json!({"type": "system", "system": system}));
    let customer = meet(simulator, &after);
    Ok(answer(StatusCode::CREATED, &json!({"wamid": wamid, "customer": customer})))
}

/// Makes sure a customer has a phone, and tells the pages.
fn meet(simulator: &Simulator, customer: &Customer) -> Option<Value> {
    let mut phones = lock(&simulator.desk.phones);
    let key = phones.meet(customer);
    let item = phones.get(&key).map(|phone| customer_item(&key, phone));
    drop(phones);
    simulator.desk.feed.tell(|| json!({"event": "customer", "customer": item}));
    item
}

fn customer_item(key: &str, phone: &Phone) -> Value {
    json!({
        "key": key,
        "phone": phone.customer.phone,
        "user_id": phone.customer.user_id,
        "name": phone.customer.name,
        "username": phone.customer.username,
        "typing": phone.is_typing(),
        "last": phone.bubbles.back().map(Bubble::to_json),
    })
}

/// The number a request names, or the first.
pub(super) fn chosen_number(simulator: &Simulator, choice: Option<String>) -> Result<std::sync::Arc<Number>, Refusal> {
    let id = choice.unwrap_or_else(|| simulator.desk.first_number.phone_number_id.clone());
    let number = lock(&simulator.desk.doors).numbers.get(&id).cloned();
    number.ok_or_else(|| Refusal::missing(format!("there is no number {id}")))
}

/// The customer a path names: one we know, or a new one with that phone.
pub(super) fn customer_named(simulator: &Simulator, phone: &str) -> Result<Customer, Refusal> {
    let known = lock(&simulator.desk.phones).get(&name_of(phone)).map(|phone| phone.customer.clone());
    known.map_or_else(|| customer_with_phone(phone), Ok)
}

fn customer_with_phone(phone: &str) -> Result<Customer, Refusal> {
    let is_phone = phone.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c));
    if is_phone && (7..=20).contains(&digits(phone).len()) {
        return Ok(Customer::with_phone(phone));
    }
    Err(Refusal::bad(format!("{phone:?} is not a phone number with its country code")))
}

/// A path names a customer by phone, written in any way, or by user id.
fn name_of(phone: &str) -> String {
    if phone.contains(|c: char| c.is_ascii_alphabetic()) { phone.to_owned() } else { digits(phone) }
}
