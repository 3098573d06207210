//! `GET /debug_token`: what a token may do.

use serde_json::json;

use super::{
    APP_ID,
    call::{Head, Outcome},
    error::GraphError,
};
use crate::{lock, simulator::Simulator};

const SCOPES: [&str; 3] = ["business_management", "whatsapp_business_management", "whatsapp_business_messaging"];

impl Simulator {
    pub(super) fn debug_token(&self, head: &Head) -> Result<Outcome, GraphError> {
        let token = head.query("input_token").ok_or_else(|| GraphError::missing("input_token"))?;
        let is_valid = lock(&self.desk.doors).access_token.as_deref().is_none_or(|known| known == token);
        if !is_valid {
            let error =
                json!({"code": 190, "message": "Error validating access token: Session has expired.", "subcode": 463});
            return Ok(Outcome::done(json!({"data": {"error": error, "is_valid": false, "scopes": []}})));
        }
        let mut accounts: Vec<&str> = self.desk.settings.numbers.iter().map(|number| number.waba_id.as_str()).collect();
        accounts.dedup();
        let granular = SCOPES.iter().skip(1).map(|scope| json!({"scope": scope, "target_ids": accounts}));
        let data = json!({
            "app_id": APP_ID,
            "application": "Desk",
            "type": "SYSTEM_USER",
            "user_id": "4060000000001",
            "is_valid": true,
            "issued_at": 1_790_000_000,
            "expires_at": 0,
            "data_access_expires_at": 0,
            "scopes": SCOPES,
            "granular_scopes": granular.collect::<Vec<_>>(),
        });
        Ok(Outcome::done(json!({"data": data})))
    }
}
