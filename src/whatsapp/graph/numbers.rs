//! What is asked about a number and its account, and where their webhooks go.

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::GraphClient;
use crate::whatsapp::error::GraphError;

/// The fields every live version of the "Phone number" node knows.
const NUMBER_FIELDS: &str = "id,display_phone_number,verified_name,quality_rating,status,name_status,\
    code_verification_status,platform_type,throughput,webhook_configuration";
/// Those that came later, or not to every account.
const MORE_NUMBER_FIELDS: &str = "whatsapp_business_manager_messaging_limit,health_status,account_mode,is_pin_enabled";
const INVALID_PARAMETER: i64 = 100;

/// What Graph says of an access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFacts {
    pub valid: bool,
    pub scopes: Vec<String>,
    /// Unix seconds; `None` when it does not expire.
    pub expires_at: Option<i64>,
}

impl GraphClient {
    /// The number's own fields.
    pub async fn number(&self, phone_number_id: &str, token: &SecretString) -> Result<Value, GraphError> {
        let all = format!("{NUMBER_FIELDS},{MORE_NUMBER_FIELDS}");
        match self.ask(phone_number_id, token, &[("fields", &all)]).await {
            // It may be a field that this version or account does not know.
            Err(error) if error.code == Some(INVALID_PARAMETER) => {
                self.ask(phone_number_id, token, &[("fields", NUMBER_FIELDS)]).await
            }
            answer => answer,
        }
    }

    /// What the token may do, and for how long; `None` when the answer does not say.
    pub async fn token_facts(&self, token: &SecretString) -> Result<Option<TokenFacts>, GraphError> {
        let answer = self.ask("debug_token", token, &[("input_token", token.expose_secret())]).await?;
        Ok(read_token_facts(&answer))
    }

    /// The apps an account's webhooks go to.
    pub async fn subscribed_apps(&self, waba_id: &str, token: &SecretString) -> Result<Value, GraphError> {
        self.call(Method::GET, &format!("{waba_id}/subscribed_apps"), token, None).await
    }

    /// Subscribes the app to the account's webhooks.
    pub async fn subscribe(&self, waba_id: &str, token: &SecretString) -> Result<Value, GraphError> {
        self.call(Method::POST, &format!("{waba_id}/subscribed_apps"), token, Some(json!({}))).await
    }

    /// Gives the number a webhook URL of its own; Meta verifies it with `verify_token` before it answers.
    pub async fn set_callback(
        &self,
        phone_number_id: &str,
        token: &SecretString,
        callback_url: &str,
        verify_token: &SecretString,
    ) -> Result<Value, GraphError> {
        let body = json!({ "webhook_configuration": {
            "override_callback_uri": callback_url,
            "verify_token": verify_token.expose_secret(),
        } });
        self.call(Method::POST, phone_number_id, token, Some(body)).await
    }
}

fn read_token_facts(answer: &Value) -> Option<TokenFacts> {
    let data = answer.get("data")?;
    let scopes = data.get("scopes").and_then(Value::as_array).into_iter().flatten();
    Some(TokenFacts {
        valid: data.get("is_valid")?.as_bool()?,
        scopes: scopes.filter_map(Value::as_str).map(str::to_owned).collect(),
        expires_at: data.get("expires_at").and_then(Value::as_i64).filter(|seconds| *seconds > 0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_never_expires_says_zero() {
        let answer = json!({"data": {"is_valid": true, "scopes": ["whatsapp_business_messaging"], "expires_at": 0}});
        let facts = read_token_facts(&answer).expect("read");
        assert_eq!((facts.valid, facts.expires_at), (true, None));
        assert_eq!(read_token_facts(&json!({"id": "1"})), None);
    }
}
