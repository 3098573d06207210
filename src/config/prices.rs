//! What models cost.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Millionths in one.
pub const MICROS: f64 = 1e6;
/// The name that stands for every model without a price of its own.
const DEFAULT: &str = "default";

/// The price of each model by its name, all in one currency that the operator chose.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Prices(BTreeMap<String, Price>);

/// What a million tokens of a model cost.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    pub prompt: f64,
    pub completion: f64,
}

impl Prices {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Price)> {
        self.0.iter().map(|(model, price)| (model.as_str(), price))
    }

    /// The price of a model; `None` where neither it nor "default" has one.
    pub fn of(&self, model: &str) -> Option<&Price> {
        self.0.get(model).or_else(|| self.0.get(DEFAULT))
    }
}

impl Price {
    /// What so many tokens cost, in millionths of the currency.
    pub fn micros(&self, prompt_tokens: i64, completion_tokens: i64) -> f64 {
        // A price for a million tokens is a millionth of it for one.
        self.prompt * prompt_tokens as f64 + self.completion * completion_tokens as f64
    }
}

#[cfg(test)]
impl FromIterator<(&'static str, Price)> for Prices {
    fn from_iter<Priced: IntoIterator<Item = (&'static str, Price)>>(prices: Priced) -> Self {
        Self(prices.into_iter().map(|(model, price)| (model.to_owned(), price)).collect())
    }
}
