//! A number's way onto the platform: register and deregister, its PIN, and the code that proves whose it is.

use serde_json::{Value, json};

use super::{call::Outcome, check, error::GraphError};
use crate::{lock, settings::Number, simulator::Simulator, standing::Standing};

/// The code every phone call and every SMS from us reads out.
const CODE: &str = "123-456";

impl Simulator {
    pub(super) fn registration(&self, number: &Number, action: &str, body: &Value) -> Result<Outcome, GraphError> {
        let mut standings = lock(&self.desk.standings);
        let standing = standings.of(number);
        match action {
            "register" => register(standing, body)?,
            "deregister" => set_registered(standing, false),
            "request_code" => request_code(standing, body)?,
            _ => verify_code(standing, body)?,
        }
        Ok(Outcome::success())
    }

    pub(super) fn set_pin(&self, number: &Number, pin: &Value) -> Result<(), GraphError> {
        let pin = six_digits(pin)?;
        lock(&self.desk.standings).of(number).pin = Some(pin.to_owned());
        Ok(())
    }
}

fn register(standing: &mut Standing, body: &Value) -> Result<(), GraphError> {
    check::product(body)?;
    let pin = six_digits(&body["pin"])?;
    if standing.pin.as_deref().is_some_and(|known| known != pin) {
        return Err(GraphError::coded(133_005, "The two-step verification PIN is not the one that was set."));
    }
    if standing.field("code_verification_status") != "VERIFIED" {
        return Err(GraphError::coded(133_006, "Verify the phone number before registering it."));
    }
    standing.pin = Some(pin.to_owned());
    set_registered(standing, true);
    Ok(())
}

fn set_registered(standing: &mut Standing, registered: bool) {
    standing.registered = registered;
    let status = if registered { "CONNECTED" } else { "DISCONNECTED" };
    standing.fields.insert("status".to_owned(), json!(status));
}

fn request_code(standing: &mut Standing, body: &Value) -> Result<(), GraphError> {
    if !["SMS", "VOICE"].iter().any(|method| body["code_method"] == *method) {
        return Err(GraphError::parameter("Param code_method must be one of {SMS, VOICE}."));
    }
    if body["language"].as_str().is_none_or(str::is_empty) {
        return Err(GraphError::missing("language"));
    }
    standing.code = Some(CODE.to_owned());
    standing.fields.insert("code_verification_status".to_owned(), json!("NOT_VERIFIED"));
    Ok(())
}

fn verify_code(standing: &mut Standing, body: &Value) -> Result<(), GraphError> {
    let given: String = body["code"].as_str().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    let wanted = standing.code.as_deref().map(|code| code.replace('-', ""));
    if wanted.is_none_or(|wanted| wanted != given) {
        return Err(GraphError::parameter("The code is not the one that was sent."));
    }
    standing.code = None;
    standing.fields.insert("code_verification_status".to_owned(), json!("VERIFIED"));
    Ok(())
}

fn six_digits(pin: &Value) -> Result<&str, GraphError> {
    let pin = pin.as_str().filter(|pin| pin.len() == 6 && pin.chars().all(|c| c.is_ascii_digit()));
    pin.ok_or_else(|| GraphError::parameter("Param pin must be a string of six digits."))
}
