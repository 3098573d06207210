//! `POST /{number}/messages`: a message to a customer, or a read receipt.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use super::{
    call::{Manner, Outcome},
    check,
    error::GraphError,
    recipient::Recipient,
    refused,
    statuses::{Accepted, Failure},
};
use crate::{
    bubble::{Bubble, BubbleStatus, Side},
    faults::After,
    lock,
    media::kinds,
    phones::TYPING_SECS,
    settings::Number,
    simulator::{Simulator, wamid},
    templates::{Template, filling, showing},
};

/// How long a message can be reacted to.
const REACTION_DAYS: i64 = 30;

/// A message that may be sent, with what is known about it.
struct Letter<'a> {
    body: &'a Value,
    kind: &'a str,
    recipient: Recipient,
    template: Option<Template>,
}

impl Simulator {
    pub(super) async fn messages(&self, number_id: &str, edge: &str, body: &Value) -> Result<Outcome, GraphError> {
        let number = self.number(number_id)?;
        if body.get("status").is_some() {
            return self.mark_read(&number, body);
        }
        let kind = check::message(body)?;
        let recipient = self.recipient(&number, body)?;
        let template = self.check_template(&number, kind, edge, body, &recipient)?;
        self.check_files(&number, kind, body)?;
        let letter = Letter { body, kind, recipient, template };
        let before = lock(&self.desk.dice).before();
        if let Some(before) = before {
            return Ok(refused(before));
        }
        self.check_standing(&number, &letter.recipient)?;
        self.check_window(&number, &letter)?;
        self.check_target(&letter)?;
        self.check_limits(&number, &letter.recipient)?;
        Ok(self.accept(number, letter).await)
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
        let key = key.ok_or_else(|| GraphError::coded(131_009, "Message ID is invalid."))?;
        self.desk.feed.tell(|| json!({"event": "status", "customer": key, "wamid": wamid, "status": "read"}));
        if typing.is_some() {
            lock(&self.desk.phones).type_on(&key);
            self.desk.feed.tell(|| json!({"event": "typing", "customer": key, "secs": TYPING_SECS}));
        }
        let mut journal = lock(&self.desk.journal);
        journal.reads += 1;
        journal.typings += usize::from(typing.is_some());
        Ok(Outcome::success())
    }

    /// A template must be there, approved, and filled as it wants to be.
    fn check_template(
        &self,
        number: &Number,
        kind: &str,
        edge: &str,
        body: &Value,
        recipient: &Recipient,
    ) -> Result<Option<Template>, GraphError> {
        let marketing_only = || GraphError::coded(134_100, "Only marketing templates can be sent here.");
        if kind != "template" {
            return if edge == "messages" { Ok(None) } else { Err(marketing_only()) };
        }
        let given = &body["template"];
        let (name, language) = (text(given, "name"), text(&given["language"], "code"));
        let template = lock(&self.desk.templates).find(&number.waba_id, name, language).cloned();
        let details = || format!("template name ({name}) does not exist in {language}");
        let template = template.ok_or_else(|| GraphError::coded(132_001, details()))?;
        filling::check(&template, given)?;
        if edge != "messages" && template.category != "MARKETING" {
            return Err(marketing_only());
        }
        if template.category == "AUTHENTICATION" && !recipient.by_phone {
            return Err(GraphError::coded(131_062, "Authentication templates need a phone number."));
        }
        Ok(Some(template))
    }

    /// Files sent by id must have been uploaded for this number.
    fn check_files(&self, number: &Number, kind: &str, body: &Value) -> Result<(), GraphError> {
        // Most messages are texts, and those have no files.
        if kind == "text" {
            return Ok(());
        }
        let mut ids = Vec::new();
        media_ids(&body[kind], kind, &mut ids);
        let shelf = lock(&self.desk.shelf);
        for (name, id) in ids {
            let medium = shelf.get(id).filter(|medium| medium.number == number.phone_number_id);
            let Some(medium) = medium else {
                let details =
                    format!("Param {name}['id'] is not a valid whatsapp business account media attachment ID");
                return Err(GraphError::parameter(details));
            };
            let is_right = kinds::of_type(&medium.mime).is_some_and(|kind| kind.name == name) || name == "document";
            if !is_right {
                let details = format!("Media of type {} cannot be sent as {name}.", medium.mime);
                return Err(GraphError::coded(131_053, details));
            }
        }
        Ok(())
    }

    fn check_standing(&self, number: &Number, recipient: &Recipient) -> Result<(), GraphError> {
        let standings = lock(&self.desk.standings);
        let Some(standing) = standings.known(number) else { return Ok(()) };
        if let Some(code) = standing.refusal() {
            return Err(GraphError::coded(code, "The number cannot send as it stands."));
        }
        if standing.blocks(&recipient.customer.user_id) {
            return Err(GraphError::coded(130_403, "The business has blocked this user."));
        }
        Ok(())
    }

    fn check_window(&self, number: &Number, letter: &Letter<'_>) -> Result<(), GraphError> {
        if letter.kind == "template" || !lock(&self.desk.dice).faults.window_check {
            return Ok(());
        }
        let phones = lock(&self.desk.phones);
        let phone = phones.get(letter.recipient.customer.key());
        if phone.is_some_and(|phone| phone.window_is_open(&number.phone_number_id)) {
            return Ok(());
        }
        let details = "Message failed to send because more than 24 hours have passed since the customer last replied \
                       to this number.";
        Err(GraphError::coded(131_047, details))
    }

    /// What is reacted to must stand on the customer's phone, be no reaction itself and not too old.
    fn check_target(&self, letter: &Letter<'_>) -> Result<(), GraphError> {
        if letter.kind != "reaction" {
            return Ok(());
        }
        let target = text(&letter.body["reaction"], "message_id");
        let phones = lock(&self.desk.phones);
        let is_good = phones.bubble(target).is_some_and(|(phone, bubble)| {
            let here = phone.customer.user_id == letter.recipient.customer.user_id;
            let young = Utc::now() - bubble.at < TimeDelta::days(REACTION_DAYS);
            here && young && bubble.kind != "reaction" && !bubble.revoked
        });
        if is_good { Ok(()) } else { Err(GraphError::coded(131_009, "Message ID is invalid.")) }
    }

    fn check_limits(&self, number: &Number, recipient: &Recipient) -> Result<(), GraphError> {
        if !lock(&self.desk.dice).faults.limits {
            return Ok(());
        }
        let high = lock(&self.desk.standings).of(number).fields["throughput"]["level"] == "HIGH";
        let person = &recipient.customer.user_id;
        let code = lock(&self.desk.limits).refusal(&number.phone_number_id, person, high, Utc::now());
        code.map_or(Ok(()), |code| Err(GraphError::coded(code, "Too many messages were sent in a short time.")))
    }

    async fn accept(&self, number: Arc<Number>, letter: Letter<'_>) -> Outcome {
        let Letter { body, kind, recipient, template } = letter;
        let wamid = wamid(recipient.customer.key());
        let bubble = self.bubble_of(&number, body, kind, template.as_ref(), &wamid);
        self.show(&recipient.customer, bubble);
        if kind == "reaction" {
            self.react(text(&body["reaction"], "message_id"), Side::Business, text(&body["reaction"], "emoji"));
        }
        let category = template.as_ref().map_or("service".to_owned(), |template| template.category.to_lowercase());
        let withheld = if category == "marketing" { self.withheld(&recipient) } else { None };
        let (failure, after) = {
            let mut dice = lock(&self.desk.dice);
            (dice.failure().map(|code| Failure { code, after_sent: true }), dice.after())
        };
        let free_until = self.free_until(&number, &recipient);
        let answer = answer(&recipient, &wamid, kind);
        let failure = withheld.or(failure);
        let message = Accepted { number, body, recipient, wamid: &wamid, failure, category: &category, free_until };
        self.report(&message).await;
        let outcome = Outcome { wamid: Some(wamid), ..Outcome::done(answer) };
        match after {
            None => outcome,
            Some(After::Drop) => Outcome { manner: Manner::Break, ..outcome },
            Some(After::Hang(pause)) => Outcome { manner: Manner::AnswerAfter(pause), ..outcome },
            Some(After::Error) => {
                let error = GraphError::coded(131_000, "Switched on under /sim/faults.");
                Outcome { http: 500, body: error.body(), ..outcome }
            }
        }
    }

    fn bubble_of(&self, number: &Number, body: &Value, kind: &str, template: Option<&Template>, wamid: &str) -> Bubble {
        let mut bubble = Bubble::of(body, Side::Business, BubbleStatus::Accepted, wamid, number, Utc::now());
        if let Some(template) = template {
            let shown = showing::show(template, &body["template"]);
            bubble.text = showing::text(&shown);
            bubble.shown = Some(shown);
        }
        let file = kinds::is_media(kind).then(|| body[kind]["id"].as_str()).flatten();
        bubble.media_url = file.map(|id| format!("/sim/media/{id}"));
        bubble
    }

    /// Marketing that Meta keeps from a person: they want none, or have had enough.
    fn withheld(&self, recipient: &Recipient) -> Option<Failure> {
        let withheld = |code| Some(Failure { code, after_sent: false });
        let stopped =
            lock(&self.desk.phones).get(recipient.customer.key()).is_some_and(|phone| phone.stopped_marketing);
        if stopped {
            return withheld(131_050);
        }
        let most = lock(&self.desk.dice).faults.marketing_per_user?;
        let too_much = lock(&self.desk.limits).is_too_much_marketing(&recipient.customer.user_id, most, Utc::now());
        if too_much { withheld(131_049) } else { None }
    }

    fn free_until(&self, number: &Number, recipient: &Recipient) -> Option<chrono::DateTime<Utc>> {
        lock(&self.desk.phones).get(recipient.customer.key())?.free_until(&number.phone_number_id)
    }
}

/// The ids of all files a message names, wherever they stand, each with the kind it is named as.
fn media_ids<'a>(part: &'a Value, name: &'a str, found: &mut Vec<(&'a str, &'a str)>) {
    match part {
        Value::Object(map) => {
            if let Some(id) = map.get("id").and_then(Value::as_str).filter(|_| kinds::is_media(name)) {
                found.push((name, id));
            }
            map.iter().for_each(|(key, value)| media_ids(value, key, found));
        }
        Value::Array(items) => items.iter().for_each(|item| media_ids(item, name, found)),
        _ => {}
    }
}

fn answer(recipient: &Recipient, wamid: &str, kind: &str) -> Value {
    let mut message = json!({"id": wamid});
    if kind == "template" {
        message["message_status"] = json!("accepted");
    }
    json!({"messaging_product": "whatsapp", "contacts": [recipient.contact()], "messages": [message]})
}

fn text<'a>(part: &'a Value, key: &str) -> &'a str {
    part[key].as_str().unwrap_or_default()
}
