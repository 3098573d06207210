//! What becomes of a message a customer writes: it is completed the way WhatsApp would, put on their phone, and told.

use std::{io, sync::Arc};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::{
    bubble::{Bubble, BubbleStatus, Side},
    customer::Customer,
    lock,
    media::{Medium, Origin, Written, kinds, samples},
    queue::{Load, Parcel},
    reading::text_of,
    settings::Number,
    simulator::{Simulator, lane_of, wamid},
};

impl Simulator {
    /// Keeps bytes as a file customers can send to a number; answers its id, to be named in a message. None if we do not
    /// have the number.
    pub fn keep_file(&self, phone_number_id: &str, mime_type: &str, bytes: &[u8]) -> io::Result<Option<String>> {
        let known = lock(&self.desk.doors).numbers.contains_key(phone_number_id);
        if !known {
            return Ok(None);
        }
        let written = self.desk.folder.keep(bytes)?;
        Ok(Some(lock(&self.desk.shelf).put(phone_number_id, Origin::Received, mime_type, written).id))
    }

    /// Lets all addresses of a file expire now; false if there is no such file.
    pub fn expire_media_urls(&self, media_id: &str) -> bool {
        lock(&self.desk.shelf).expire_addresses(media_id)
    }

    pub(crate) fn write(&self, number: &Arc<Number>, from: &Customer, message: Value) -> String {
        let (wamid, message) = self.put_down(number, from, message);
        let is_blocked = lock(&self.desk.standings).known(number).is_some_and(|s| s.blocks(&from.user_id));
        // Whoever is blocked writes and gets one tick, and nobody hears of it.
        if !is_blocked {
            let load = Load::Inbound { contact: contact_for(&message, from), message };
            self.enqueue(Parcel::new(Some(number.clone()), lane_of(from.key()), load), self.inbound_due());
        }
        wamid
    }

    /// Puts a customer's message on their own phone; answers its id, and itself as webhooks carry it.
    pub(crate) fn put_down(&self, number: &Arc<Number>, from: &Customer, message: Value) -> (String, Value) {
        let now = Utc::now();
        let mut message = if message.is_object() { message } else { json!({"type": "unsupported"}) };
        let wamid = message.get("id").and_then(Value::as_str).map_or_else(|| wamid(from.key()), str::to_owned);
        let at = message.get("timestamp").and_then(unix_time).unwrap_or(now);
        message["id"] = json!(wamid);
        message["timestamp"] = json!(at.timestamp().to_string());
        message["from_user_id"] = json!(from.user_id);
        if let Some(phone) = &from.phone {
            message["from"] = json!(phone);
        }
        let kind = message["type"].as_str().unwrap_or_default().to_owned();
        let file = self.complete(number, from, &kind, &mut message);
        let mut bubble = Bubble::of(&message, Side::Customer, BubbleStatus::Sent, &wamid, number, at);
        bubble.media_url = file.map(|id| format!("/sim/media/{id}"));
        self.show(from, bubble);
        self.take_effect(number, from, &kind, &message);
        (wamid, message)
    }

    /// Adds what WhatsApp adds: a file's particulars, whom a quoted message is from, why something is unsupported.
    fn complete(&self, number: &Number, from: &Customer, kind: &str, message: &mut Value) -> Option<String> {
        if message["context"]["id"].is_string() && message["context"].get("from").is_none() {
            let quoted = message["context"]["id"].as_str().unwrap_or_default();
            let by_customer = {
                let phones = lock(&self.desk.phones);
                phones.bubble(quoted).is_some_and(|(_, bubble)| bubble.from == Side::Customer)
            };
            match &from.phone {
                Some(phone) if by_customer => message["context"]["from"] = json!(phone),
                None if by_customer => {}
                _ => message["context"]["from"] = json!(number.digits()),
            }
        }
        if kind == "unsupported" && message.get("errors").is_none() {
            message["errors"] = json!([{"code": 131_051, "title": "Message type unknown",
                "message": "Message type unknown",
                "error_data": {"details": "Message type is currently not supported."}}]);
        }
        if !kinds::is_media(kind) || message.get("errors").is_some() {
            return None;
        }
        if !message[kind].is_object() {
            message[kind] = json!({});
        }
        let medium = self.file_of(number, kind, &message[kind])?;
        let mut object = self.object_of(&medium);
        match kind {
            "audio" => object["voice"] = json!(medium.mime.contains("opus")),
            "sticker" => object["animated"] = json!(medium.animated),
            "document" => object["filename"] = json!(medium.filename.as_deref().unwrap_or("document")),
            _ => {}
        }
        fill_in(&mut message[kind], object);
        Some(medium.id)
    }

    /// The file a message names; a small sample if it names none.
    fn file_of(&self, number: &Number, kind: &str, part: &Value) -> Option<Medium> {
        if let Some(id) = part["id"].as_str() {
            return lock(&self.desk.shelf).get(id).cloned();
        }
        let sample = samples::for_message(kind, part["mime_type"].as_str());
        let mut shelf = lock(&self.desk.shelf);
        let medium = shelf.put(&number.phone_number_id, Origin::Received, sample.mime, Written::sample(sample));
        shelf.change(&medium.id, |medium| medium.filename = Some(sample.filename.to_owned()));
        shelf.get(&medium.id).cloned()
    }

    /// The media object of a webhook, its address included.
    pub(crate) fn object_of(&self, medium: &Medium) -> Value {
        let rule = lock(&self.desk.dice).faults.address_rule();
        let address = lock(&self.desk.shelf).address(&medium.id, rule);
        let mut object = medium.object();
        if let (Some(base), Some(path)) = (self.desk.address.get(), address) {
            object["url"] = json!(format!("{base}{path}"));
        }
        object
    }

    /// What a message changes beside being there.
    fn take_effect(&self, number: &Number, from: &Customer, kind: &str, message: &Value) {
        let text = |path: &str| message.pointer(path).and_then(Value::as_str).unwrap_or_default();
        match kind {
            "reaction" => self.react(text("/reaction/message_id"), Side::Customer, text("/reaction/emoji")),
            "revoke" => self.rewrite(text("/revoke/original_message_id"), None),
            "edit" => {
                let edited = &message["edit"]["message"];
                let kind = edited["type"].as_str().unwrap_or("text");
                let content = edited[kind].clone();
                self.rewrite(text("/edit/original_message_id"), Some((text_of(kind, &content), content)));
            }
            _ => {}
        }
        if message.get("referral").is_some() {
            lock(&self.desk.phones).note_ad(from.key(), &number.phone_number_id);
        }
    }

    /// Puts an emoji on a bubble, or takes it away.
    pub(crate) fn react(&self, target: &str, from: Side, emoji: &str) {
        let changed = lock(&self.desk.phones).react(target, from, emoji);
        self.tell_changed(changed);
    }

    fn rewrite(&self, target: &str, edit: Option<(String, Value)>) {
        let changed = lock(&self.desk.phones).rewrite(target, edit);
        self.tell_changed(changed);
    }

    fn tell_changed(&self, changed: Option<(String, Bubble)>) {
        if let Some((key, bubble)) = changed {
            self.desk.feed.tell(|| json!({"event": "changed", "customer": key, "bubble": bubble.to_json()}));
        }
    }
}

/// Who wrote, for a message's webhook; the system's messages are from nobody.
pub(crate) fn contact_for(message: &Value, from: &Customer) -> Option<Value> {
    (message["type"] != "system").then(|| from.contact())
}

/// Adds what a message does not say itself: what it does say may be wrong on purpose.
fn fill_in(part: &mut Value, object: Value) {
    if let Value::Object(object) = object {
        for (key, value) in object {
            if part.get(&key).is_none() {
                part[key] = value;
            }
        }
    }
}

fn unix_time(value: &Value) -> Option<DateTime<Utc>> {
    let secs = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
    DateTime::from_timestamp(secs, 0)
}
