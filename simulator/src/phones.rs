//! The customers' phones: who has one, which bubbles stand on it, how far each has got.
//!
//! Every lookup is by key or message id; nothing here walks a whole phone. Both the phones and the bubbles on each
//! are bounded, the oldest leave first.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::customer::Customer;

const MAX_PHONES: usize = 200_000;
const MAX_BUBBLES: usize = 5_000;

/// How long a typing indicator shows when no message follows.
pub(crate) const TYPING_SECS: i64 = 25;

/// One bubble on a customer's screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bubble {
    pub from: Side,
    #[serde(rename = "type")]
    pub kind: String,
    pub text: String,
    pub status: BubbleStatus,
    pub wamid: String,
    pub at: DateTime<Utc>,
    /// The business number it was written to or came from.
    pub number: String,
    /// The message it quotes or reacts to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// The code of a failed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<i64>,
}

/// Who wrote a bubble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Customer,
    Business,
}

/// How far a bubble has got; a later variant is further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BubbleStatus {
    Accepted,
    Sent,
    Delivered,
    Read,
    Failed,
}

impl BubbleStatus {
    /// The word webhooks and pages use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }

    fn may_become(self, next: Self) -> bool {
        match next {
            Self::Failed => self < Self::Delivered,
            _ => self != Self::Failed && next > self,
        }
    }
}

/// One customer's phone.
pub(crate) struct Phone {
    pub(crate) customer: Customer,
    pub(crate) bubbles: VecDeque<Bubble>,
    pub(crate) typing_until: Option<DateTime<Utc>>,
    /// How many bubbles have left at the front: positions go on counting.
    gone: u64,
    /// When the customer last wrote, by business number: the 24 hour window.
    wrote: HashMap<String, DateTime<Utc>>,
}

impl Phone {
    pub(crate) fn is_typing(&self) -> bool {
        self.typing_until.is_some_and(|until| until > Utc::now())
    }

    /// Whether the business may write freely: the customer did so within 24 hours.
    pub(crate) fn window_is_open(&self, number: &str) -> bool {
        self.wrote.get(number).is_some_and(|wrote| Utc::now() - *wrote < TimeDelta::hours(24))
    }
}

struct Place {
    key: String,
    position: u64,
}

/// All phones, by number or user id, and all bubbles, by message id.
#[derive(Default)]
pub(crate) struct Phones {
    by_key: HashMap<String, Phone>,
    key_of_user: HashMap<String, String>,
    in_order: VecDeque<String>,
    places: HashMap<String, Place>,
}

impl Phones {
    /// Makes sure the customer has a phone and answers its key; what is told last about a customer holds.
    pub(crate) fn meet(&mut self, customer: &Customer) -> String {
        let known = self.key_of_user.get(&customer.user_id).filter(|key| self.by_key.contains_key(*key));
        let key = known.cloned().unwrap_or_else(|| customer.key().to_owned());
        if let Some(phone) = self.by_key.get_mut(&key) {
            if phone.customer != *customer {
                phone.customer = customer.clone();
                self.key_of_user.insert(customer.user_id.clone(), key.clone());
            }
            return key;
        }
        self.add(key.clone(), customer.clone());
        key
    }

    /// The phone with this number, or of this user id.
    pub(crate) fn get(&self, name: &str) -> Option<&Phone> {
        self.by_key.get(name).or_else(|| self.by_key.get(self.key_of_user.get(name)?))
    }

    /// Customers in the order they were met.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&String, &Phone)> {
        self.in_order.iter().filter_map(|key| self.by_key.get_key_value(key))
    }

    /// Puts a bubble on the phone, unless one with this id is there already; tells whether it was new.
    pub(crate) fn show(&mut self, key: &str, bubble: Bubble) -> bool {
        let Some(phone) = self.by_key.get_mut(key) else { return false };
        match bubble.from {
            Side::Business => phone.typing_until = None,
            Side::Customer => note_writing(phone, &bubble),
        }
        if self.places.contains_key(&bubble.wamid) {
            return false;
        }
        if phone.bubbles.len() == MAX_BUBBLES
            && let Some(oldest) = phone.bubbles.pop_front()
        {
            phone.gone += 1;
            self.places.remove(&oldest.wamid);
        }
        let position = phone.gone + phone.bubbles.len() as u64;
        self.places.insert(bubble.wamid.clone(), Place { key: key.to_owned(), position });
        phone.bubbles.push_back(bubble);
        true
    }

    /// Moves a bubble forward, never back; answers its phone's key if anything changed.
    pub(crate) fn progress(&mut self, wamid: &str, status: BubbleStatus, error: Option<i64>) -> Option<String> {
        let place = self.places.get(wamid)?;
        let phone = self.by_key.get_mut(&place.key)?;
        let bubble = phone.bubbles.get_mut(usize::try_from(place.position.checked_sub(phone.gone)?).ok()?)?;
        if !bubble.status.may_become(status) {
            return None;
        }
        bubble.status = status;
        bubble.error = error;
        Some(place.key.clone())
    }

    /// Gives blue ticks to a customer's message and those before it; answers the phone's key, or none if the id is
    /// not a message a customer wrote to this number.
    pub(crate) fn read_up_to(&mut self, wamid: &str, number: &str) -> Option<String> {
        let place = self.places.get(wamid)?;
        let phone = self.by_key.get_mut(&place.key)?;
        let last = usize::try_from(place.position.checked_sub(phone.gone)?).ok()?;
        let target = phone.bubbles.get(last)?;
        if target.from != Side::Customer || target.number != number {
            return None;
        }
        for bubble in phone.bubbles.range_mut(..=last).rev().filter(|b| b.from == Side::Customer && b.number == number)
        {
            if bubble.status == BubbleStatus::Read {
                break;
            }
            bubble.status = BubbleStatus::Read;
        }
        Some(place.key.clone())
    }

    /// Shows the typing indicator on a phone.
    pub(crate) fn type_on(&mut self, key: &str) {
        if let Some(phone) = self.by_key.get_mut(key) {
            phone.typing_until = Some(Utc::now() + TimeDelta::seconds(TYPING_SECS));
        }
    }

    fn add(&mut self, key: String, customer: Customer) {
        if self.in_order.len() == MAX_PHONES
            && let Some(oldest) = self.in_order.pop_front()
            && let Some(phone) = self.by_key.remove(&oldest)
        {
            self.key_of_user.remove(&phone.customer.user_id);
            phone.bubbles.iter().for_each(|bubble| drop(self.places.remove(&bubble.wamid)));
        }
        self.key_of_user.insert(customer.user_id.clone(), key.clone());
        self.in_order.push_back(key.clone());
        let phone = Phone { customer, bubbles: VecDeque::new(), typing_until: None, gone: 0, wrote: HashMap::new() };
        self.by_key.insert(key, phone);
    }
}

fn note_writing(phone: &mut Phone, bubble: &Bubble) {
    let wrote = phone.wrote.entry(bubble.number.clone()).or_insert(bubble.at);
    *wrote = bubble.at.max(*wrote);
}
