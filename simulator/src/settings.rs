//! What a simulator is told when it starts.

use std::time::Duration;

use serde::Serialize;

/// Where webhooks go, which secrets hold, which numbers exist.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where signed webhooks are POSTed, unless an override was set through the Graph API.
    pub webhook_url: String,
    pub app_secret: String,
    pub verify_token: String,
    /// The bearer every Graph call needs; with none, any bearer that is not empty will do.
    pub access_token: Option<String>,
    /// The business's numbers; the first is the one customers write to when they name none.
    pub numbers: Vec<Number>,
    pub pace: Pace,
    /// Makes the faults that happen by chance repeatable.
    pub seed: u64,
    /// How long a webhook's answer is waited for.
    pub webhook_timeout: Duration,
    /// The longest pause before a webhook that was not taken is posted again.
    pub longest_retry: Duration,
}

impl Settings {
    /// One number, live pace, and secrets fit for a desk.
    pub fn new(webhook_url: impl Into<String>) -> Self {
        Self {
            webhook_url: webhook_url.into(),
            app_secret: "desk-app-secret".to_owned(),
            verify_token: "desk-verify-token".to_owned(),
            access_token: None,
            numbers: vec![Number::default()],
            pace: Pace::Live,
            seed: 1,
            webhook_timeout: Duration::from_secs(10),
            longest_retry: Duration::from_secs(30),
        }
    }
}

/// A WhatsApp line of the business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Number {
    pub phone_number_id: String,
    pub waba_id: String,
    pub display_phone_number: String,
    pub verified_name: String,
}

impl Default for Number {
    fn default() -> Self {
        Self {
            phone_number_id: "1060000000001".to_owned(),
            waba_id: "2060000000001".to_owned(),
            display_phone_number: "+1 555 000 1111".to_owned(),
            verified_name: "Harbour Bakery".to_owned(),
        }
    }
}

impl Number {
    /// The display number as webhooks carry it: digits alone.
    pub(crate) fn digits(&self) -> String {
        self.display_phone_number.chars().filter(char::is_ascii_digit).collect()
    }
}

/// When webhooks leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// By themselves, statuses after the short delays a person's phone would take.
    Live,
    /// By themselves and at once: for benchmarks.
    Instant,
    /// When `deliver` is called and never otherwise: for tests, without timers.
    Manual,
}
