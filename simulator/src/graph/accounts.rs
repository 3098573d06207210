//! Accounts: what they look like, which applications they tell, and where their webhooks go instead.

use poem::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    APP_ID,
    call::{Call, Head, Outcome},
    error::GraphError,
    paging::with_fields,
};
use crate::{lock, simulator::Simulator};

const MAX_URL: usize = 200;

impl Simulator {
    pub(super) fn account_node(&self, account: &str, head: &Head) -> Result<Outcome, GraphError> {
        self.know_account(account)?;
        let name = &self.desk.first_number.verified_name;
        let node = json!({
            "id": account,
            "name": name,
            "currency": "CHF",
            "timezone_id": "1",
            "message_template_namespace": "desk_namespace",
            "account_review_status": "APPROVED",
            "business_verification_status": "verified",
            "health_status": {"can_send_message": "AVAILABLE", "entities": [
                {"entity_type": "WABA", "id": account, "can_send_message": "AVAILABLE"}]},
        });
        Ok(Outcome::done(with_fields(head, node)))
    }

    pub(super) async fn subscribed_apps(&self, account: &str, call: &Call) -> Result<Outcome, GraphError> {
        match call.head.method {
            Method::GET => self.list_apps(account),
            Method::POST => self.subscribe_app(account, &call.optional_json()?).await,
            Method::DELETE => self.unsubscribe_app(account),
            _ => Err(GraphError::unknown_path(&call.head.path)),
        }
    }

    fn list_apps(&self, account: &str) -> Result<Outcome, GraphError> {
        self.know_account(account)?;
        let doors = lock(&self.desk.doors);
        if doors.unsubscribed.iter().any(|unsubscribed| unsubscribed == account) {
            return Ok(Outcome::done(json!({"data": []})));
        }
        let mut app = json!({"whatsapp_business_api_data":
            {"id": APP_ID, "link": format!("https://www.facebook.com/games/?app_id={APP_ID}"), "name": "Desk"}});
        if let Some(url) = doors.overrides.get(account) {
            app["override_callback_uri"] = json!(url);
        }
        Ok(Outcome::done(json!({"data": [app]})))
    }

    async fn subscribe_app(&self, account: &str, body: &Value) -> Result<Outcome, GraphError> {
        self.know_account(account)?;
        self.set_override(account, body).await?;
        lock(&self.desk.doors).unsubscribed.retain(|unsubscribed| unsubscribed != account);
        Ok(Outcome::success())
    }

    fn unsubscribe_app(&self, account: &str) -> Result<Outcome, GraphError> {
        self.know_account(account)?;
        let mut doors = lock(&self.desk.doors);
        doors.overrides.remove(account);
        if !doors.unsubscribed.iter().any(|unsubscribed| unsubscribed == account) {
            doors.unsubscribed.push(account.to_owned());
        }
        Ok(Outcome::success())
    }

    /// An override holds once its URL has passed the challenge; none, or an empty one, removes it.
    pub(super) async fn set_override(&self, id: &str, configuration: &Value) -> Result<(), GraphError> {
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

    pub(super) fn know_account(&self, id: &str) -> Result<(), GraphError> {
        let known = self.desk.settings.numbers.iter().any(|number| number.waba_id == id);
        if known { Ok(()) } else { Err(GraphError::no_such_node(id)) }
    }
}
