//! A number's list of blocked people.

use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{GraphClient, Recipient};
use crate::whatsapp::error::{Consequence, GraphError};

impl GraphClient {
    /// Keeps somebody from writing to the number. Meta allows it only within 24 hours of their last message.
    pub async fn block_users(
        &self,
        phone_number_id: &str,
        token: &SecretString,
        user: &Recipient,
    ) -> Result<(), GraphError> {
        self.change_blocks(Method::POST, phone_number_id, token, user).await
    }

    pub async fn unblock_users(
        &self,
        phone_number_id: &str,
        token: &SecretString,
        user: &Recipient,
    ) -> Result<(), GraphError> {
        self.change_blocks(Method::DELETE, phone_number_id, token, user).await
    }

    async fn change_blocks(
        &self,
        method: Method,
        phone_number_id: &str,
        token: &SecretString,
        user: &Recipient,
    ) -> Result<(), GraphError> {
        let user = match user {
            Recipient::Phone(digits) => json!({ "user": format!("+{digits}") }),
            Recipient::UserId(user_id) => json!({ "user_id": user_id }),
        };
        let body = json!({ "messaging_product": "whatsapp", "block_users": [user] });
        let answer = self.call(method, &format!("{phone_number_id}/block_users"), token, Some(body)).await?;
        refusal(&answer).map_or(Ok(()), Err)
    }
}

/// A success that lists the one user among the failed is none.
fn refusal(answer: &Value) -> Option<GraphError> {
    let failed = answer.pointer("/block_users/failed_users/0")?;
    let error = failed.pointer("/errors/0");
    let text = |key: &str| error.and_then(|error| error.get(key)).and_then(Value::as_str).map(str::to_owned);
    Some(GraphError {
        consequence: Consequence::Never,
        code: error.and_then(|error| error.get("code")).and_then(Value::as_i64),
        title: text("message").unwrap_or_else(|| "Meta did not take the user".to_owned()),
        details: error.and_then(|error| error.pointer("/error_data/details")?.as_str()).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_user_in_a_success_is_a_refusal() {
        assert_eq!(refusal(&json!({"block_users": {"added_users": [{"input": "+1", "wa_id": "1"}]}})), None);
        let failed =
            json!({"block_users": {"failed_users": [{"input": "+1", "errors": [{"code": 139_103, "message": "no"}]}]}});
        assert_eq!(refusal(&failed).and_then(|error| error.code), Some(139_103));
    }
}
