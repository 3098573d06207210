//! `POST /{number}/messages`: a message to a customer, or a read receipt.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use serde_json::{Value, json};

use super::{Manner, Outcome, check, error::GraphError, error::status_error};
use crate::{
    customer::{Customer, calling_code, digits},
    faults::{After, Before, StatusOrder},
    lock,
    phones::{Bubble, BubbleStatus, Side, TYPING_SECS},
    queue::{Load, Parcel},
    settings::Number,
    simulator::{Simulator, lane_of, wamid},
};

/// How long after the acceptance a phone reports each step.
const STEPS: [(BubbleStatus, Duration); 3] = [
    (BubbleStatus::Sent, Duration::from_millis(60)),
    (BubbleStatus::Delivered, Duration::from_millis(180)),
    (BubbleStatus::Read, Duration::from_millis(600)),
];

/// Whom a message is for, and how the sender put it.
struct Recipient {
    customer: Customer,
    input: String,
    by_phone: bool,
}

impl Simulator {
    pub(super) async fn messages(&self, number_id: &str, body: &Value) -> Result<Outcome, GraphError> {
        let number = lock(&self.desk.doors).numbers.get(number_id).cloned();
        let number = number.ok_or_else(|| GraphError::no_such_node(number_id))?;
        if body.get("status").is_some() {
            return self.mark_read(&number, body);
        }
        let kind = check::message(body)?;
        let recipient = self.recipient(&number, body)?;
        let before = lock(&self.desk.dice).before();
        if let Some(before) = before {
            return Ok(refused(before));
        }
        self.check_window(&number, &recipient, kind)?;
        Ok(self.accept(number, body, recipient).await)
    }

    fn mark_read(&self, number: &Number, body: &Value) -> Result<Outcome, GraphError> {
        check::product(body)?;
        if body["status"] != "read" {
            return Err(GraphError::parameter("Param status must be one of {READ}."));
        }
        let wamid = body["message_id"].as_str().ok_or_else(|| GraphError::missing("message_id"))?;
        let typing = body.get("typing_indicator").filter(|typing| !typing.is_null());
        if typing.is_some_and(|typing| typing["type"] != "text") {
            return Err(GraphError::parameter("Param typing_indicator['type'] must be one of {TEXT}."));
        }
        let key = lock(&self.desk.phones).read_up_to(wamid, &number.phone_number_id);
        let key = key.ok_or_else(|| GraphError::of(131009, 400, "Message ID is invalid."))?;
        self.desk.feed.tell(|| json!({"event": "status", "customer": key, "wamid": wamid, "status": "read"}));
        if typing.is_some() {
            lock(&self.desk.phones).type_on(&key);
            self.desk.feed.tell(|| json!({"event": "typing", "customer": key, "secs": TYPING_SECS}));
        }
        let mut journal = lock(&self.desk.journal);
        journal.reads += 1;
        journal.typings += usize::from(typing.is_some());
        Ok(Outcome::done(json!({"success": true})))
    }

    fn recipient(&self, number: &Number, body: &Value) -> Result<Recipient, GraphError> {
        let phones = lock(&self.desk.phones);
        let known = |name: &str| phones.get(name).map(|phone| phone.customer.clone());
        if let Some(input) = body.get("to").filter(|to| !to.is_null()) {
            let input = input.as_str().unwrap_or_default();
            let phone = dialled(input, number);
            if !(7..=20).contains(&phone.len()) {
                return Err(GraphError::parameter("The parameter to is not a phone number."));
            }
            let mut customer = known(&phone).unwrap_or_else(|| Customer::with_phone(&phone));
            // Whoever is written to by phone is known by phone, username or not.
            customer.phone = Some(phone);
            return Ok(Recipient { customer, input: input.to_owned(), by_phone: true });
        }
        let input = body["recipient"].as_str().filter(|recipient| !recipient.is_empty());
        let input = input.ok_or_else(|| GraphError::parameter("The parameter to is required."))?;
        let customer = known(input).unwrap_or_else(|| Customer::with_user_id(input));
        Ok(Recipient { customer, input: input.to_owned(), by_phone: false })
    }

    fn check_window(&self, number: &Number, recipient: &Recipient, kind: &str) -> Result<(), GraphError> {
        if kind == "template" || !lock(&self.desk.dice).faults.window_check {
            return Ok(());
        }
        let phones = lock(&self.desk.phones);
        let phone = phones.get(recipient.customer.key());
        if phone.is_some_and(|phone| phone.window_is_open(&number.phone_number_id)) {
            return Ok(());
        }
        let details = "Message failed to send because more than 24 hours have passed since the customer last replied \
                       to this number.";
        Err(GraphError::of(131047, 400, details))
    }

    async fn accept(&self, number: Arc<Number>, body: &Value, recipient: Recipient) -> Outcome {
        let wamid = wamid(recipient.customer.key());
        let bubble = Bubble::of(body, Side::Business, BubbleStatus::Accepted, &wamid, &number, Utc::now());
        self.show(&recipient.customer, bubble);
        let answer = answer(&recipient, &wamid);
        let (failure, after) = {
            let mut dice = lock(&self.desk.dice);
            (dice.failure(), dice.after())
        };
        let message = Accepted { number, body, recipient, wamid: &wamid, failure };
        self.report(&message).await;
        let outcome = Outcome { wamid: Some(wamid), ..Outcome::done(answer) };
        match after {
            None => outcome,
            Some(After::Drop) => Outcome { manner: Manner::Break, ..outcome },
            Some(After::Hang(pause)) => Outcome { manner: Manner::AnswerAfter(pause), ..outcome },
            Some(After::Error) => Outcome { http: 500, body: failed_inside(131000, 500).body(), ..outcome },
        }
    }

    /// Queues the statuses of a message, the first of them ahead of everything if a fault wants it so.
    async fn report(&self, message: &Accepted<'_>) {
        let (order, first_at_once) = {
            let faults = &lock(&self.desk.dice).faults;
            (faults.status_order, faults.status_before_answer && !faults.hold_statuses)
        };
        for (index, (status, pause)) in steps(message, order).into_iter().enumerate() {
            let parcel = message.status_parcel(status, pause);
            if index == 0 && first_at_once {
                self.deliver_first(parcel).await;
            } else {
                self.enqueue(parcel, self.status_due(pause));
            }
        }
    }
}

/// A message on its way to the phone.
struct Accepted<'a> {
    number: Arc<Number>,
    body: &'a Value,
    recipient: Recipient,
    wamid: &'a str,
    failure: Option<i64>,
}

impl Accepted<'_> {
    fn status_parcel(&self, status: BubbleStatus, pause: Duration) -> Parcel {
        let error = self.failure.filter(|_| status == BubbleStatus::Failed);
        let load = Load::Status {
            wamid: self.wamid.to_owned(),
            status,
            error,
            // A failed status comes without contacts.
            contact: error.is_none().then(|| self.recipient.customer.contact()),
            body: self.status_body(status, pause),
        };
        Parcel::new(Some(self.number.clone()), lane_of(self.recipient.customer.key()), load)
    }

    fn status_body(&self, status: BubbleStatus, pause: Duration) -> Value {
        let customer = &self.recipient.customer;
        let at = Utc::now() + pause;
        let mut body = json!({"id": self.wamid, "status": status.as_str(), "timestamp": at.timestamp().to_string()});
        let failed = status == BubbleStatus::Failed;
        if let Some(phone) = customer.phone.as_ref().filter(|_| self.recipient.by_phone || !failed) {
            body["recipient_id"] = json!(phone);
        }
        if !failed || !self.recipient.by_phone {
            body["recipient_user_id"] = json!(customer.user_id);
        }
        if let Some(data) = self.body.get("biz_opaque_callback_data") {
            body["biz_opaque_callback_data"] = data.clone();
        }
        if matches!(status, BubbleStatus::Sent | BubbleStatus::Delivered) {
            let category = if self.body["type"] == "template" { "utility" } else { "service" };
            body["pricing"] =
                json!({"billable": true, "pricing_model": "PMP", "category": category, "type": "regular"});
        }
        if failed {
            body["errors"] = json!([status_error(self.failure.unwrap_or(131000))]);
        }
        body
    }
}

/// Which statuses a message gets, in the order they come.
fn steps(message: &Accepted<'_>, order: StatusOrder) -> Vec<(BubbleStatus, Duration)> {
    let [sent, delivered, read] = STEPS;
    if message.failure.is_some() {
        return vec![sent, (BubbleStatus::Failed, delivered.1)];
    }
    // Reactions never get further than sent.
    if message.body["type"] == "reaction" {
        return vec![sent];
    }
    match order {
        StatusOrder::Normal => vec![sent, delivered, read],
        StatusOrder::Reversed => vec![(read.0, sent.1), delivered, (sent.0, read.1)],
        StatusOrder::ReadOnly => vec![read],
    }
}

/// Without `+` Meta takes a number for one in the business's own country: a wrong phone, most of the time.
fn dialled(input: &str, number: &Number) -> String {
    let digits = digits(input);
    if input.trim_start().starts_with('+') || digits.is_empty() {
        return digits;
    }
    format!("{}{digits}", calling_code(&number.digits()))
}

fn answer(recipient: &Recipient, wamid: &str) -> Value {
    let mut contact = json!({"input": recipient.input});
    match &recipient.customer.phone {
        Some(phone) if recipient.by_phone => contact["wa_id"] = json!(phone),
        _ => contact["user_id"] = json!(recipient.customer.user_id),
    }
    json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]})
}

fn refused(before: Before) -> Outcome {
    match before {
        Before::Hang(pause) => {
            let outcome = Outcome { manner: Manner::BreakAfter(pause), ..Outcome::done(Value::Null) };
            Outcome { accepted: false, ..outcome }
        }
        Before::Refuse { code: Some(190), http, retry_after_secs } => {
            Outcome { http, retry_after_secs, ..GraphError::wrong_token().into() }
        }
        Before::Refuse { code: Some(code), http, retry_after_secs } => {
            Outcome { retry_after_secs, ..failed_inside(code, http).into() }
        }
        Before::Refuse { code: None, http, retry_after_secs } => {
            let outcome = Outcome { http, retry_after_secs, manner: Manner::Page, ..Outcome::done(Value::Null) };
            Outcome { accepted: false, ..outcome }
        }
    }
}

fn failed_inside(code: i64, http: u16) -> GraphError {
    GraphError::of(code, http, "Switched on under /sim/faults.")
}
