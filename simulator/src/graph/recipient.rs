//! Whom a message is for, however the sender put it.

use serde_json::{Value, json};

use super::error::GraphError;
use crate::{
    customer::{Customer, calling_code, digits},
    lock,
    settings::Number,
    simulator::Simulator,
};

/// Whom a message is for, and how the sender put it.
pub(super) struct Recipient {
    pub(super) customer: Customer,
    pub(super) input: String,
    pub(super) by_phone: bool,
}

impl Recipient {
    /// The `contacts[]` item of the answer.
    pub(super) fn contact(&self) -> Value {
        let mut contact = json!({"input": self.input});
        match &self.customer.phone {
            Some(phone) if self.by_phone => contact["wa_id"] = json!(phone),
            _ => contact["user_id"] = json!(self.customer.user_id),
        }
        contact
    }
}

impl Simulator {
    /// `to` wins over `recipient`.
    pub(super) fn recipient(&self, number: &Number, body: &Value) -> Result<Recipient, GraphError> {
        let phones = lock(&self.desk.phones);
        let known = |name: &str| phones.get(name).map(|phone| phone.customer.clone());
        if let Some(input) = body.get("to").filter(|to| !to.is_null()) {
            let input = input.as_str().unwrap_or_default();
            let phone = dialled(input, number);
            if !(7..=20).contains(&phone.len()) {
                return Err(GraphError::parameter("The parameter to is not a phone number."));
            }
            if phone == number.digits() {
                return Err(GraphError::coded(131_021, "The recipient is the business number itself."));
            }
            let mut customer = known(&phone).unwrap_or_else(|| Customer::with_phone(&phone));
            // Whoever is written to by phone is known by phone, username or not.
            customer.phone = Some(phone);
            return Ok(Recipient { customer, input: input.to_owned(), by_phone: true });
        }
        let input = body["recipient"].as_str().filter(|recipient| !recipient.is_empty());
        let input = input.ok_or_else(|| GraphError::parameter("The parameter to is required."))?;
        let customer = known(input).unwrap_or_else(|| Customer::with_user_id(input));
        Ok(Recipient { customer, input: input.to_owned(), by_phone: false })
    }
}

/// Without `+` Meta takes a number for one in the business's own country: a wrong phone, most of the time.
fn dialled(input: &str, number: &Number) -> String {
    let digits = digits(input);
    if input.trim_start().starts_with('+') || digits.is_empty() {
        return digits;
    }
    format!("{}{digits}", calling_code(&number.digits()))
}
