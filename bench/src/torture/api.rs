//! The management API, as the checker reads it.

use serde_json::{Value, json};

pub const ADMIN_KEY: &str = "torture-admin-key-0123456789-0123456789";
const PAGE: usize = 100;

/// One node's management API.
#[derive(Debug, Clone)]
pub struct Api {
    pub http: reqwest::Client,
    pub base: String,
}

impl Api {
    pub async fn is_ready(&self) -> bool {
        let answer = self.http.get(format!("{}/health/ready", self.base)).send().await;
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    /// An agent, and the simulator's first number on it.
    pub async fn set_up(&self) -> anyhow::Result<()> {
        let agent = json!({"name": "Torture", "instructions": "You are the assistant of a bakery."});
        let agent = self.post("/agents", agent).await?;
        let number = simulator::Number::default();
        let number = json!({"phone_number_id": number.phone_number_id, "waba_id": number.waba_id,
            "agent_id": agent["id"], "access_token": "token"});
        self.post("/numbers", number).await?;
        Ok(())
    }

    /// All items of a list, page by page.
    pub async fn list(&self, path: &str) -> anyhow::Result<Vec<Value>> {
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let joint = if path.contains('?') { '&' } else { '?' };
            let next = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let mut page = self.get(&format!("{path}{joint}limit={PAGE}{next}")).await?;
            if let Value::Array(found) = page["items"].take() {
                items.extend(found);
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return Ok(items),
            }
        }
    }

    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let request = self.http.get(format!("{}/api/v1{path}", self.base)).bearer_auth(ADMIN_KEY);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        let request = self.http.post(format!("{}/api/v1{path}", self.base)).bearer_auth(ADMIN_KEY).json(&body);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }
}
