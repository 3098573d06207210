//! `/sim`: where people, pages and tests take hold of the simulator. And the phone page itself.

use poem::{
    EndpointExt, IntoResponse, Response, Route, get, handler,
    http::StatusCode,
    web::{Data, Html, Path, Query, sse::SSE},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    customer::{Customer, digits},
    faults::Faults,
    lock,
    phones::Phone,
    simulator::Simulator,
};

/// The page in one piece: it loads nothing from anywhere.
const PAGE: &str = concat!(
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>WhatsApp on your desk</title>",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><style>",
    include_str!("page/page.css"),
    "</style></head><body>",
    include_str!("page/page.html"),
    "<script>",
    include_str!("page/page.js"),
    include_str!("page/panel.js"),
    "</script></body></html>",
);

/// Even if text ever became markup, it could call nobody.
const POLICY: &str = "default-src 'none'; connect-src 'self'; img-src data:; style-src 'unsafe-inline'; \
                      script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Adds the page and the steering.
pub(crate) fn routes(route: Route, simulator: &Simulator) -> Route {
    let steering = Route::new()
        .at("/customers", get(list_customers).post(add_customer))
        .at("/customers/:phone/messages", get(list_bubbles).post(write))
        .at("/numbers", get(list_numbers))
        .at("/faults", get(show_faults).put(set_faults))
        .at("/requests", get(list_requests))
        .at("/feed", get(feed))
        .at("/reset", poem::post(reset));
    route.at("/", get(page)).nest("/sim", steering.data(simulator.clone()))
}

/// A request under `/sim` that makes no sense, in words for whoever wrote it.
struct Refusal(StatusCode, String);

impl Refusal {
    fn bad(why: impl ToString) -> Self {
        Self(StatusCode::BAD_REQUEST, why.to_string())
    }
}

impl From<Refusal> for poem::Error {
    fn from(Refusal(status, message): Refusal) -> Self {
        Self::from_response(answer(status, &json!({"error": {"message": message}})))
    }
}

#[handler]
fn page() -> Response {
    Html(PAGE).with_header("content-security-policy", POLICY).into_response()
}

/// A customer writes: the body is a Cloud API message.
#[handler]
fn write(
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
    let number = choice.number.unwrap_or_else(|| simulator.desk.first_number.phone_number_id.clone());
    let wamid = simulator.customer_writes_to(&number, &customer, message);
    let wamid = wamid.ok_or_else(|| Refusal(StatusCode::NOT_FOUND, format!("there is no number {number}")))?;
    Ok(answer(StatusCode::CREATED, &json!({"wamid": wamid})))
}

#[derive(Deserialize)]
struct NumberChoice {
    number: Option<String>,
}

#[handler]
fn list_bubbles(Data(simulator): Data<&Simulator>, Path(phone): Path<String>) -> Response {
    let name = name_of(&phone);
    let items = simulator.bubbles(&name);
    answer(StatusCode::OK, &json!({"items": items, "typing": simulator.is_typing(&name)}))
}

#[handler]
fn list_customers(Data(simulator): Data<&Simulator>) -> Response {
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
fn add_customer(Data(simulator): Data<&Simulator>, body: Vec<u8>) -> poem::Result<Response> {
    let wanted: AddCustomer = parse(&body)?;
    let name = wanted.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let mut customer = match (&wanted.phone, &wanted.username) {
        (Some(phone), _) => customer_with_phone(phone)?,
        (None, Some(username)) => Customer::with_username(username, username),
        (None, None) => return Err(Refusal::bad("a customer needs a phone, or a username to go without").into()),
    };
    customer.username = wanted.username;
    customer.name = name.unwrap_or(customer.name);
    let mut phones = lock(&simulator.desk.phones);
    let key = phones.meet(&customer);
    let item = phones.get(&key).map(|phone| customer_item(&key, phone));
    drop(phones);
    simulator.desk.feed.tell(|| json!({"event": "customer", "customer": item}));
    Ok(answer(StatusCode::CREATED, &item))
}

#[handler]
fn list_numbers(Data(simulator): Data<&Simulator>) -> Response {
    answer(StatusCode::OK, &json!({"items": simulator.desk.settings.numbers}))
}

#[handler]
fn show_faults(Data(simulator): Data<&Simulator>) -> Response {
    answer(StatusCode::OK, &simulator.faults())
}

#[handler]
fn set_faults(Data(simulator): Data<&Simulator>, body: Vec<u8>) -> poem::Result<Response> {
    let faults: Faults = parse(&body)?;
    if let Some(problem) = faults.problem() {
        return Err(Refusal::bad(problem).into());
    }
    simulator.set_faults(faults);
    Ok(answer(StatusCode::OK, &simulator.faults()))
}

#[derive(Deserialize)]
struct Last {
    limit: Option<usize>,
}

#[handler]
fn list_requests(Data(simulator): Data<&Simulator>, Query(last): Query<Last>) -> Response {
    let items = lock(&simulator.desk.journal).last(last.limit.unwrap_or(1000));
    answer(StatusCode::OK, &json!({"items": items}))
}

#[handler]
fn feed(Data(simulator): Data<&Simulator>) -> SSE {
    simulator.desk.feed.listen()
}

#[handler]
fn reset(Data(simulator): Data<&Simulator>) -> Response {
    simulator.reset();
    answer(StatusCode::OK, &json!({"success": true}))
}

fn customer_item(key: &str, phone: &Phone) -> Value {
    json!({
        "key": key,
        "phone": phone.customer.phone,
        "user_id": phone.customer.user_id,
        "name": phone.customer.name,
        "username": phone.customer.username,
        "typing": phone.is_typing(),
        "last": phone.bubbles.back(),
    })
}

/// The customer a path names: one we know, or a new one with that phone.
fn customer_named(simulator: &Simulator, phone: &str) -> Result<Customer, Refusal> {
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

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(Refusal::bad)
}

fn answer(status: StatusCode, body: &impl Serialize) -> Response {
    let body = serde_json::to_string(body).expect("our own answers always serialize");
    body.with_status(status).with_content_type("application/json").into_response()
}
