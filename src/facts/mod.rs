//! The facts of a text: prices, percentages, dates, times, phones, e-mails, links, quantities and long numbers.
//!
//! A reply may state what stands in its sources and nothing else. Everything here is pure and deterministic: the same
//! words are read the same way, whichever model wrote them. What is read is what can be compared; a claim without a number,
//! such as the name of a day, is not.

mod calendar;
mod money;
mod number;
mod read;
mod unit;

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};

use calendar::Day;
use money::Currencies;
use number::Amounts;
pub use read::facts;
use unit::Unit;

/// The fewest digits by which two writings of a phone can be told to be one: without country and area codes.
const PHONE_DIGITS: usize = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Price,
    Percentage,
    Date,
    Time,
    Phone,
    Email,
    Link,
    Quantity,
    /// A number of three digits or more that is none of the others.
    Number,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Percentage => "percentage",
            Self::Date => "date",
            Self::Time => "time",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Link => "link",
            Self::Quantity => "quantity",
            Self::Number => "number",
        }
    }
}

/// A fact, and how it stands in its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub kind: Kind,
    pub text: String,
    /// What it can mean: `24h` is a time and a quantity.
    values: Vec<Value>,
}

/// What is compared. Where a writing can be read in several ways, as `1.234` or `03/04`, all of them are kept.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Price {
        amounts: Amounts,
        currencies: Currencies,
    },
    Percentage(Amounts),
    Date(Vec<Day>),
    /// Minutes since midnight.
    Time(Vec<u16>),
    /// Its digits.
    Phone(String),
    Email(String),
    Link(String),
    Quantity {
        amounts: Amounts,
        unit: Unit,
    },
    Number(Amounts),
    /// Of a source only: a number that stands alone in its field, so that the field's name says what it is.
    Field(Amounts),
}

/// What a reply may draw its facts from.
#[derive(Debug, Clone, Default)]
pub struct Sources(Vec<Value>);

impl Sources {
    /// Everything that stands in `text` may be said.
    pub fn read(&mut self, text: &str) {
        self.0.extend(read::of_source(text));
    }

    /// So may this day.
    pub fn allow(&mut self, day: NaiveDate) {
        self.0.push(Value::Date(vec![Day::of(day.day(), day.month(), Some(day.year()))]));
    }

    /// The facts of `reply` that stand in no source, each once.
    pub fn missing(&self, reply: &str) -> Vec<Fact> {
        let mut missing: Vec<Fact> = facts(reply).into_iter().filter(|fact| !self.bear_out(fact)).collect();
        let mut told = HashSet::new();
        missing.retain(|fact| told.insert(fact.text.clone()));
        missing
    }

    fn bear_out(&self, fact: &Fact) -> bool {
        fact.values.iter().any(|said| self.0.iter().any(|source| bears_out(source, said)))
    }
}

fn bears_out(source: &Value, said: &Value) -> bool {
    use Value::{Date, Email, Field, Link, Number, Percentage, Phone, Price, Quantity, Time};
    match (source, said) {
        (Price { amounts, currencies }, Price { amounts: said, currencies: said_in }) => {
            amounts.meet(said) && currencies.meet(said_in)
        }
        (Percentage(source), Percentage(said)) => source.meet(said),
        (Field(source), Price { amounts: said, .. } | Percentage(said) | Quantity { amounts: said, .. }) => {
            source.meet(said)
        }
        (Date(source), Date(said)) => source.iter().any(|day| said.iter().any(|other| day.is(other))),
        (Time(source), Time(said)) => source.iter().any(|minute| said.contains(minute)),
        (Phone(source), Phone(said)) => {
            let (longer, shorter) = if source.len() < said.len() { (said, source) } else { (source, said) };
            shorter.len() >= PHONE_DIGITS && longer.ends_with(shorter.as_str())
        }
        (Email(source), Email(said)) | (Link(source), Link(said)) => source == said,
        (Quantity { amounts, unit }, Quantity { amounts: said, unit: said_in }) => {
            unit.is_alike(said_in) && amounts.meet(said)
        }
        (Number(source), Number(said)) => source.meet(said),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
