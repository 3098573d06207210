//! The customers' phones: who has one, which bubbles stand on it, how far each has got.
//!
//! Every lookup is by key or message id; nothing here walks a whole phone. Both the phones and the bubbles on each
//! are bounded, the oldest leave first.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::{
    bubble::{Bubble, BubbleStatus, Reaction, Side},
    customer::Customer,
};

const MAX_PHONES: usize = 200_000;
const MAX_BUBBLES: usize = 5_000;

/// How long a typing indicator shows when no message follows.
pub(crate) const TYPING_SECS: i64 = 25;

/// One customer's phone.
pub(crate) struct Phone {
    pub(crate) customer: Customer,
    pub(crate) bubbles: VecDeque<Bubble>,
    pub(crate) typing_until: Option<DateTime<Utc>>,
    /// How many bubbles have left at the front: positions go on counting.
    gone: u64,
    /// When the customer last wrote, by business number: the 24 hour window.
    wrote: HashMap<String, DateTime<Utc>>,
    /// When they came from an ad, by business number: what is free then.
    came_from_ad: HashMap<String, DateTime<Utc>>,
    pub(crate) stopped_marketing: bool,
}

impl Phone {
    pub(crate) fn is_typing(&self) -> bool {
        self.typing_until.is_some_and(|until| until > Utc::now())
    }

    /// Whether the business may write freely: the customer did so within 24 hours.
    pub(crate) fn window_is_open(&self, number: &str) -> bool {
        self.wrote.get(number).is_some_and(|wrote| Utc::now() - *wrote < TimeDelta::hours(24))
    }

    /// Until when everything to this customer is free, because they came from an ad within three days.
    pub(crate) fn free_until(&self, number: &str) -> Option<DateTime<Utc>> {
        let until = *self.came_from_ad.get(number)? + TimeDelta::hours(72);
        (until > Utc::now()).then_some(until)
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

    /// The bubble of a message and the phone it is on.
    pub(crate) fn bubble(&self, wamid: &str) -> Option<(&Phone, &Bubble)> {
        let place = self.places.get(wamid)?;
        let phone = self.by_key.get(&place.key)?;
        let bubble = phone.bubbles.get(usize::try_from(place.position.checked_sub(phone.gone)?).ok()?)?;
        Some((phone, bubble))
    }

    fn bubble_mut(&mut self, wamid: &str) -> Option<(&str, &mut Bubble)> {
        let place = self.places.get(wamid)?;
        let phone = self.by_key.get_mut(&place.key)?;
        let bubble = phone.bubbles.get_mut(usize::try_from(place.position.checked_sub(phone.gone)?).ok()?)?;
        Some((&place.key, bubble))
    }

    /// Puts one side's emoji on a bubble, or takes it away; answers the bubble as it is then and its phone's key.
    pub(crate) fn react(&mut self, wamid: &str, from: Side, emoji: &str) -> Option<(String, Bubble)> {
        let (key, bubble) = self.bubble_mut(wamid)?;
        bubble.reactions.retain(|reaction| reaction.from != from);
        if !emoji.is_empty() {
            bubble.reactions.push(Reaction { from, emoji: emoji.to_owned() });
        }
        Some((key.to_owned(), bubble.clone()))
    }

    /// Gives a bubble other words, or none: it was edited or taken back.
    pub(crate) fn rewrite(&mut self, wamid: &str, edit: Option<(String, Value)>) -> Option<(String, Bubble)> {
        let (key, bubble) = self.bubble_mut(wamid)?;
        match edit {
            Some((text, content)) => {
                (bubble.text, bubble.content, bubble.edited) = (text, content, true);
            }
            None => {
                (bubble.text, bubble.content, bubble.revoked) = (String::new(), Value::Null, true);
                bubble.media_url = None;
            }
        }
        Some((key.to_owned(), bubble.clone()))
    }

    /// Notes that a customer came from an ad, which makes three days free.
    pub(crate) fn note_ad(&mut self, name: &str, number: &str) {
        if let Some(phone) = self.phone_mut(name) {
            phone.came_from_ad.insert(number.to_owned(), Utc::now());
        }
    }

    /// Whether a customer wants no more marketing.
    pub(crate) fn stop_marketing(&mut self, name: &str, stopped: bool) {
        if let Some(phone) = self.phone_mut(name) {
            phone.stopped_marketing = stopped;
        }
    }

    fn phone_mut(&mut self, name: &str) -> Option<&mut Phone> {
        let key = if self.by_key.contains_key(name) { name } else { self.key_of_user.get(name)?.as_str() };
        self.by_key.get_mut(key)
    }

    /// Moves a bubble forward, never back; answers its phone's key if anything changed.
    pub(crate) fn progress(&mut self, wamid: &str, status: BubbleStatus, error: Option<i64>) -> Option<String> {
        let (key, bubble) = self.bubble_mut(wamid)?;
        if !bubble.status.may_become(status) {
            return None;
        }
        bubble.status = status;
        bubble.error = error;
        Some(key.to_owned())
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
        let phone = Phone {
            customer,
            bubbles: VecDeque::new(),
            typing_until: None,
            gone: 0,
            wrote: HashMap::new(),
            came_from_ad: HashMap::new(),
            stopped_marketing: false,
        };
        self.by_key.insert(key, phone);
    }
}

fn note_writing(phone: &mut Phone, bubble: &Bubble) {
    let wrote = phone.wrote.entry(bubble.number.clone()).or_insert(bubble.at);
    *wrote = bubble.at.max(*wrote);
}
