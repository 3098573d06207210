//! Numbers: what they look like and what can be changed about them.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    call::{Call, Head, Outcome},
    error::GraphError,
    paging::{page, with_fields},
};
use crate::{lock, settings::Number, simulator::Simulator};

impl Simulator {
    pub(super) fn number(&self, id: &str) -> Result<Arc<Number>, GraphError> {
        lock(&self.desk.doors).numbers.get(id).cloned().ok_or_else(|| GraphError::no_such_node(id))
    }

    pub(super) fn number_node(&self, id: &str, head: &Head) -> Result<Outcome, GraphError> {
        let number = self.number(id)?;
        Ok(Outcome::done(with_fields(head, self.describe_number(&number))))
    }

    pub(super) fn list_numbers(&self, account: &str, head: &Head) -> Result<Outcome, GraphError> {
        self.know_account(account)?;
        let numbers = self.desk.settings.numbers.iter().filter(|number| number.waba_id == account);
        let node = |number: &Number| with_fields(head, self.describe_number(number));
        page(head, 100, numbers.map(|number| (number.phone_number_id.clone(), node(number))).collect())
    }

    /// Sets or removes a number's own callback, or its PIN.
    pub(super) async fn change_number(&self, id: &str, body: &Value) -> Result<Outcome, GraphError> {
        let number = self.number(id)?;
        if let Some(pin) = body.get("pin") {
            self.set_pin(&number, pin)?;
            return Ok(Outcome::success());
        }
        let configuration = body.get("webhook_configuration").filter(|configuration| configuration.is_object());
        let configuration = configuration.ok_or_else(|| GraphError::missing("webhook_configuration"))?;
        self.set_override(&number.phone_number_id, configuration).await?;
        Ok(Outcome::success())
    }

    /// `GET` and `POST /{number}/settings`: what is sent replaces what was there, group by group.
    pub(super) fn number_settings(&self, number: &Number, call: &Call) -> Result<Outcome, GraphError> {
        let mut standings = lock(&self.desk.standings);
        let standing = standings.of(number);
        if call.head.method == poem::http::Method::GET {
            return Ok(Outcome::done(Value::Object(standing.settings.clone())));
        }
        let Value::Object(change) = call.json()? else {
            return Err(GraphError::parameter("The settings must be an object."));
        };
        const GROUPS: [&str; 4] = ["calling", "payload_encryption", "storage_configuration", "user_identity_change"];
        if let Some(strange) = change.keys().find(|key| !GROUPS.contains(&key.as_str())) {
            return Err(GraphError::parameter(format!("Unexpected key \"{strange}\" on settings.")));
        }
        standing.settings.extend(change);
        Ok(Outcome::success())
    }

    /// The whole node of a number.
    pub(crate) fn describe_number(&self, number: &Number) -> Value {
        let webhooks = self.webhook_configuration(number);
        let mut standings = lock(&self.desk.standings);
        let standing = standings.of(number);
        let can_send = match (standing.refusal(), standing.field("status")) {
            (Some(_), _) => "BLOCKED",
            (None, "FLAGGED" | "RESTRICTED") => "LIMITED",
            _ => "AVAILABLE",
        };
        let mut node = Value::Object(standing.fields.clone());
        node["id"] = json!(number.phone_number_id);
        node["display_phone_number"] = json!(number.display_phone_number);
        node["webhook_configuration"] = webhooks;
        node["is_pin_enabled"] = json!(standing.pin.is_some());
        node["conversational_automation"] = standing.automation.clone();
        node["health_status"] = health(number, can_send);
        if let Some(username) = &standing.username {
            node["username"] = json!(username);
        }
        node
    }

    fn webhook_configuration(&self, number: &Number) -> Value {
        let doors = lock(&self.desk.doors);
        let mut webhooks = json!({"application": doors.first_url()});
        if let Some(url) = doors.overrides.get(&number.waba_id) {
            webhooks["whatsapp_business_account"] = json!(url);
        }
        if let Some(url) = doors.overrides.get(&number.phone_number_id) {
            webhooks["phone_number"] = json!(url);
        }
        webhooks
    }
}

fn health(number: &Number, can_send: &str) -> Value {
    let mut line = json!({"entity_type": "PHONE_NUMBER", "id": number.phone_number_id, "can_send_message": can_send});
    if can_send == "BLOCKED" {
        line["errors"] = json!([{"error_code": 141_002, "error_description": "The phone number cannot send messages.",
            "possible_solution": "Register the phone number, or wait until it is connected again."}]);
    }
    json!({"can_send_message": can_send, "entities": [line,
        {"entity_type": "WABA", "id": number.waba_id, "can_send_message": "AVAILABLE"}]})
}
