//! A person with WhatsApp on their phone, as the business gets to know them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const NAMES: [&str; 12] =
    ["Ana", "Ben", "Chloé", "Deniz", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kenji", "Lucía"];

/// Who writes. Meta leaves the phone out for people who go by a username.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Digits alone, country code first.
    pub phone: Option<String>,
    /// The business-scoped user id, such as `US.13824...`.
    pub user_id: String,
    pub name: String,
    pub username: Option<String>,
}

impl Customer {
    /// A customer of whom only the phone is given; the rest follows from it, always the same.
    pub fn with_phone(phone: &str) -> Self {
        let phone = digits(phone);
        let sum: usize = phone.bytes().map(|digit| usize::from(digit - b'0')).sum();
        Self {
            user_id: user_id(country_of(&phone), &phone),
            name: NAMES[sum % NAMES.len()].to_owned(),
            phone: Some(phone),
            username: None,
        }
    }

    /// A customer who goes by a username: no phone ever shows in webhooks.
    pub fn with_username(username: &str, name: &str) -> Self {
        let username = username.trim_start_matches('@').to_owned();
        Self { phone: None, user_id: user_id("US", &username), name: name.to_owned(), username: Some(username) }
    }

    /// A stranger known by user id only, because a business wrote to them.
    pub(crate) fn with_user_id(user_id: &str) -> Self {
        Self { phone: None, user_id: user_id.to_owned(), name: "Unknown".to_owned(), username: None }
    }

    /// What names this customer's phone in our own paths and maps.
    pub(crate) fn key(&self) -> &str {
        self.phone.as_deref().unwrap_or(&self.user_id)
    }

    /// The `contacts[]` item of a webhook; what is not known is an absent key, never null.
    pub(crate) fn contact(&self) -> Value {
        let mut contact = json!({"profile": {"name": self.name}, "user_id": self.user_id});
        if let Some(username) = &self.username {
            contact["profile"]["username"] = json!(username);
        }
        if let Some(phone) = &self.phone {
            contact["wa_id"] = json!(phone);
        }
        contact
    }
}

/// The digits of a phone however it was written.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The calling code a number starts with: one, two or three digits.
pub(crate) fn calling_code(digits: &str) -> &str {
    const TWO: [&str; 44] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    let length = match digits.get(..2) {
        Some(start) if start.starts_with(['1', '7']) => 1,
        Some(start) if TWO.contains(&start) => 2,
        _ => 3,
    };
    digits.get(..length).unwrap_or(digits)
}

fn country_of(phone: &str) -> &'static str {
    match calling_code(phone) {
        "33" => "FR",
        "34" => "ES",
        "39" => "IT",
        "41" => "CH",
        "44" => "GB",
        "49" => "DE",
        "52" => "MX",
        "55" => "BR",
        "91" => "IN",
        _ => "US",
    }
}

fn user_id(country: &str, from: &str) -> String {
    let hash = Sha256::digest(from.as_bytes());
    let number = hash.iter().take(7).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    format!("{country}.{number:017}")
}
