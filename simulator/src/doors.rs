//! Addresses and keys that can change while running.

use std::{collections::HashMap, sync::Arc};

use crate::settings::{Number, Settings};

/// Addresses and keys that can change while running.
pub(crate) struct Doors {
    /// Without an override each webhook goes to the next of these: several nodes behind one address.
    pub(crate) webhook_urls: Vec<String>,
    turn: usize,
    pub(crate) access_token: Option<String>,
    pub(crate) numbers: HashMap<String, Arc<Number>>,
    /// Callback overrides, by phone number id or account id.
    pub(crate) overrides: HashMap<String, String>,
    /// Accounts whose subscription was deleted; they get no webhooks.
    pub(crate) unsubscribed: Vec<String>,
}

impl Doors {
    pub(crate) fn new(settings: &Settings) -> Self {
        let numbers = settings.numbers.iter().map(|number| (number.phone_number_id.clone(), Arc::new(number.clone())));
        Self {
            webhook_urls: vec![settings.webhook_url.clone()],
            turn: 0,
            access_token: settings.access_token.clone(),
            numbers: numbers.collect(),
            overrides: HashMap::new(),
            unsubscribed: Vec::new(),
        }
    }

    /// Where webhooks of a number go, if anywhere.
    pub(crate) fn callback(&mut self, number: Option<&Number>) -> Option<String> {
        let Some(number) = number else { return self.next_url() };
        if self.unsubscribed.contains(&number.waba_id) {
            return None;
        }
        let own = self.overrides.get(&number.phone_number_id).or_else(|| self.overrides.get(&number.waba_id));
        own.cloned().or_else(|| self.next_url())
    }

    /// The address an application would name.
    pub(crate) fn first_url(&self) -> Option<&str> {
        self.webhook_urls.first().map(String::as_str)
    }

    fn next_url(&mut self) -> Option<String> {
        self.turn = self.turn.wrapping_add(1);
        self.webhook_urls.get(self.turn.checked_rem(self.webhook_urls.len())?).cloned()
    }
}
