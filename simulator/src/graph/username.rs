//! `/{number}/username`: the name a business goes by. The meaning of Meta's 147001 to 147005 is unconfirmed.

use poem::http::Method;
use serde_json::{Value, json};

use super::{
    call::{Call, Outcome},
    error::GraphError,
};
use crate::{lock, settings::Number, simulator::Simulator};

impl Simulator {
    pub(super) fn username(&self, number: &Number, call: &Call) -> Result<Outcome, GraphError> {
        match call.head.method {
            Method::GET => {
                let username = lock(&self.desk.standings).of(number).username.clone();
                let node = |name| json!({"username": name, "status": "approved"});
                Ok(Outcome::done(username.map_or_else(|| json!({}), node)))
            }
            Method::POST => self.take_username(number, &call.json()?),
            Method::DELETE => {
                let taken = lock(&self.desk.standings).of(number).username.take();
                let name = taken.ok_or_else(|| GraphError::coded(147_001, "The number has no username."))?;
                self.tell_username(number, &name, "deleted");
                Ok(Outcome::success())
            }
            _ => Err(GraphError::unknown_path(&call.head.path)),
        }
    }

    pub(super) fn suggest_usernames(&self, number: &Number) -> Result<Outcome, GraphError> {
        let letters = number.verified_name.to_lowercase();
        let base: String = letters.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
        Ok(Outcome::done(json!({"data": [{"username_suggestions": [base.clone(), format!("{base}.shop")]}]})))
    }

    fn take_username(&self, number: &Number, body: &Value) -> Result<Outcome, GraphError> {
        let name = body["username"].as_str().unwrap_or_default().trim_start_matches('@').to_owned();
        let is_good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '_';
        if !(3..=35).contains(&name.len()) || !name.chars().all(is_good) || !name.contains(|c: char| c.is_alphabetic())
        {
            return Err(GraphError::coded(
                147_002,
                "A username has 3 to 35 lowercase letters, digits, dots or underscores.",
            ));
        }
        let mut standings = lock(&self.desk.standings);
        if standings.has_username(&name, number) {
            return Err(GraphError::coded(147_003, "The username is taken."));
        }
        standings.of(number).username = Some(name.clone());
        drop(standings);
        self.tell_username(number, &name, "approved");
        Ok(Outcome::done(json!({"success": true, "status": "approved"})))
    }

    fn tell_username(&self, number: &Number, name: &str, status: &str) {
        let value = json!({"display_phone_number": number.digits(), "username": name, "status": status});
        self.tell_account(&number.waba_id, "business_username_update", value);
    }
}
