//! Words, a reaction, a place, contact cards.

use poem_openapi::registry::MetaSchemaRef;
use poem_openapi::types::Type;
use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use super::super::problem::Fields;
use super::super::wire::{
    Anything, Bounded, Day, Kind, Latitude, Longitude, ServiceUrl, Several, Text, Visible, Words,
};
use super::shape::{Place, Shape, key, objects, tell};
use crate::delivery::MAX_CHARS;

/// Meta's ids of messages.
pub type Wamid = Text<255, Visible>;
type Line = Text<1000, Anything>;

const MAX_CARDS: usize = 257;

objects! {
    /// Quotes a message of the conversation.
    strict struct MessageContext {
        /// The wamid of the quoted message.
        message_id: Wamid,
    }

    strict struct TextContent {
        body: Text<MAX_CHARS>,
        /// Whether the first link is shown with a preview.
        preview_url: Option<bool>,
    }

    /// A reaction to a message.
    strict struct ReactionContent obeys is_one_emoji {
        /// The wamid of the message it is for.
        message_id: Wamid,
        /// One emoji; empty takes the reaction back.
        emoji: Text<64, Anything>,
    }

    strict struct LocationContent {
        latitude: Degrees<Latitude>,
        longitude: Degrees<Longitude>,
        name: Option<Line>,
        address: Option<Line>,
    }

    strict struct ContactCard {
        name: ContactName,
        phones: Option<Several<0, 100, ContactPhone>>,
        emails: Option<Several<0, 100, ContactEmail>>,
        addresses: Option<Several<0, 100, ContactAddress>>,
        urls: Option<Several<0, 100, ContactUrl>>,
        org: Option<ContactOrganisation>,
        birthday: Option<Text<10, Day>>,
    }

    /// One more part than the formatted name is needed.
    strict struct ContactName obeys has_a_part {
        formatted_name: Text<1000>,
        first_name: Option<Line>,
        last_name: Option<Line>,
        middle_name: Option<Line>,
        prefix: Option<Line>,
        suffix: Option<Line>,
    }

    strict struct ContactPhone {
        phone: Text<100>,
        /// Such as `CELL`, `HOME` or `WORK`.
        kind as "type": Option<Text<100>>,
        wa_id: Option<Text<100, Visible>>,
    }

    strict struct ContactEmail {
        email: Text<320>,
        kind as "type": Option<Text<100>>,
    }

    strict struct ContactAddress {
        street: Option<Line>,
        city: Option<Line>,
        state: Option<Line>,
        zip: Option<Line>,
        country: Option<Line>,
        country_code: Option<Line>,
        kind as "type": Option<Text<100>>,
    }

    strict struct ContactUrl {
        url: Text<2000, ServiceUrl>,
        kind as "type": Option<Text<100>>,
    }

    strict struct ContactOrganisation {
        company: Option<Line>,
        department: Option<Line>,
        title: Option<Line>,
    }
}

/// Contact cards.
pub type Cards = Several<1, MAX_CARDS, ContactCard>;

fn is_one_emoji(reaction: &ReactionContent, at: &Place<'_>, wrong: &mut Fields) {
    let emoji = &*reaction.emoji;
    let is_one =
        emoji.graphemes(true).count() == 1 && emoji.chars().any(|char| !char.is_ascii() && !char.is_alphabetic());
    if !emoji.is_empty() && !is_one {
        tell(wrong, &at.field("emoji"), "must be one emoji, or empty to take the reaction back");
    }
}

fn has_a_part(name: &ContactName, at: &Place<'_>, wrong: &mut Fields) {
    let parts = [&name.first_name, &name.last_name, &name.middle_name, &name.prefix, &name.suffix];
    if !parts.into_iter().flatten().any(|part| !part.trim().is_empty()) {
        tell(wrong, at, "must have one more part than formatted_name, such as first_name");
    }
}

/// A coordinate, as a number or written out.
#[derive(Debug)]
pub struct Degrees<K>(std::marker::PhantomData<K>);

impl<K: Kind + Bound> Shape for Degrees<K> {
    fn schema() -> MetaSchemaRef {
        use poem_openapi::registry::MetaSchema;
        let number = MetaSchema { minimum: Some(-K::MOST), maximum: Some(K::MOST), ..MetaSchema::new("number") };
        let written = <Text<30, K> as Type>::schema_ref();
        let one_of = vec![MetaSchemaRef::Inline(Box::new(number)), written];
        MetaSchemaRef::Inline(Box::new(MetaSchema { one_of, ..MetaSchema::ANY }))
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        let sound = match &*value {
            Value::Number(number) => number.as_f64().is_some_and(|degrees| degrees.abs() <= K::MOST),
            Value::String(_) => {
                let written = Text::<30, K>::read(value, at, &mut Fields::default());
                written.is_some_and(|written| written.problem().is_none())
            }
            _ => false,
        };
        if !sound {
            tell(wrong, at, K::WORDS);
        }
        sound.then_some(Self(std::marker::PhantomData))
    }
}

/// How far a coordinate goes.
pub trait Bound {
    const MOST: f64;
}

impl Bound for Latitude {
    const MOST: f64 = 90.0;
}

impl Bound for Longitude {
    const MOST: f64 = 180.0;
}

/// A text that says something, in a bubble's body.
pub type Body<const MAX: usize> = Text<MAX, Words>;
