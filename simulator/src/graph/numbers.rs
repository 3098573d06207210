//! Numbers and accounts: what they look like, and where their webhooks go.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Outcome, error::GraphError};
use crate::{lock, settings::Number, simulator::Simulator};

const MAX_URL: usize = 200;

impl Simulator {
    pub(super) fn number_node(&self, id: &str) -> Result<Outcome, GraphError> {
        let number = self.number(id)?;
        Ok(Outcome::done(self.describe(&number)))
    }

    pub(super) fn list_numbers(&self, account: &str) -> Result<Outcome, GraphError> {
        self.know_account(account)?;
        let numbers = self.desk.settings.numbers.iter().filter(|number| number.waba_id == account);
        let data: Vec<Value> = numbers.map(|number| self.describe(number)).collect();
        Ok(Outcome::done(json!({"data": data})))
    }

    /// Sets or removes a number's own callback.
    pub(super) async fn change_number(&self, id: &str, body: &Value) -> Result<Outcome, GraphError> {
        let number = self.number(id)?;
        let configuration = body.get("webhook_configuration").filter(|configuration| configuration.is_object());
        let configuration = configuration.ok_or_else(|| GraphError::missing("webhook_configuration"))?;
        self.set_override(&number.phone_number_id, configuration).await?;
        Ok(Outcome::done(json!({"success": true})))
    }

    pub(super) fn list_apps(&self, account: &str) -> Result<Outcome, GraphError> {
        self.know_account(account)?;
        let doors = lock(&self.desk.doors);
        if doors.unsubscribed.iter().any(|unsubscribed| unsubscribed == account) {
            return Ok(Outcome::done(json!({"data": []})));
        }
        let mut app = json!({"whatsapp_business_api_data":
            {"id": "3060000000001", "link": "https://www.facebook.com/games/?app_id=3060000000001", "name": "Desk"}});
        if let Some(url) = doors.overrides.get(account) {
            app["override_callback_uri"] = json!(url);
        }
        Ok(Outcome::done(json!({"data": [app]})))
    }

    pub(super) async fn subscribe_app(&self, account: &str, body: &Value) -> Result<Outcome, GraphError> {
        self.know_account(account)?;
        self.set_override(account, body).await?;
        lock(&self.desk.doors).unsubscribed.retain(|unsubscribed| unsubscribed != account);
        Ok(Outcome::done(json!({"success": true})))
    }

    pub(super) fn unsubscribe_app(&self, account: &str) -> Result<Outcome, GraphError> {
        self.know_account(account)?;
        let mut doors = lock(&self.desk.doors);
        doors.overrides.remove(account);
        if !doors.unsubscribed.iter().any(|unsubscribed| unsubscribed == account) {
            doors.unsubscribed.push(account.to_owned());
        }
        Ok(Outcome::done(json!({"success": true})))
    }

    /// An override holds once its URL has passed the challenge; none, or an empty one, removes it.
    async fn set_override(&self, id: &str, configuration: &Value) -> Result<(), GraphError> {
        let url = configuration["override_callback_uri"].as_str().unwrap_or_default();
        if url.is_empty() {
            lock(&self.desk.doors).overrides.remove(id);
            return Ok(());
        }
        if url.len() > MAX_URL {
            return Err(GraphError::parameter("override_callback_uri must be at most 200 characters long."));
        }
        let token = configuration["verify_token"].as_str().ok_or_else(|| GraphError::missing("verify_token"))?;
        self.challenge(url, token).await?;
        lock(&self.desk.doors).overrides.insert(id.to_owned(), url.to_owned());
        Ok(())
    }

    /// Asks an endpoint whether it knows the token, as Meta does before it sends anything there.
    async fn challenge(&self, url: &str, token: &str) -> Result<(), GraphError> {
        let challenge = (Uuid::new_v4().as_u128() % 10_000_000_000).to_string();
        let query = [("hub.mode", "subscribe"), ("hub.challenge", challenge.as_str()), ("hub.verify_token", token)];
        let answer = self.desk.http.get(url).query(&query).send().await;
        let refusal = |why: String| GraphError::parameter(format!("Callback verification failed: {why}"));
        let answer = answer.map_err(|_| refusal("the URL could not be reached.".to_owned()))?;
        if !answer.status().is_success() {
            return Err(refusal(format!("HTTP status {}.", answer.status().as_u16())));
        }
        let echoed = answer.text().await.map_err(|_| refusal("the answer broke off.".to_owned()))?;
        if echoed == challenge { Ok(()) } else { Err(refusal("the challenge was not echoed.".to_owned())) }
    }

    fn number(&self, id: &str) -> Result<Arc<Number>, GraphError> {
        lock(&self.desk.doors).numbers.get(id).cloned().ok_or_else(|| GraphError::no_such_node(id))
    }

    fn know_account(&self, id: &str) -> Result<(), GraphError> {
        let known = self.desk.settings.numbers.iter().any(|number| number.waba_id == id);
        if known { Ok(()) } else { Err(GraphError::no_such_node(id)) }
    }

    fn describe(&self, number: &Number) -> Value {
        let doors = lock(&self.desk.doors);
        let mut webhooks = json!({"application": doors.first_url()});
        if let Some(url) = doors.overrides.get(&number.waba_id) {
            webhooks["whatsapp_business_account"] = json!(url);
        }
        if let Some(url) = doors.overrides.get(&number.phone_number_id) {
            webhooks["phone_number"] = json!(url);
        }
        json!({
            "id": number.phone_number_id,
            "display_phone_number": number.display_phone_number,
            "verified_name": number.verified_name,
            "quality_rating": "GREEN",
            "status": "CONNECTED",
            "name_status": "APPROVED",
            "code_verification_status": "VERIFIED",
            "account_mode": "LIVE",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "webhook_configuration": webhooks,
        })
    }
}
