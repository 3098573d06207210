//! What a message carries, as a typed value. The message itself is kept whole beside it, so what is not read here is not
//! lost.
//!
//! Shapes: Meta's "messages webhook" reference, as of September 2026.

use serde_json::Value;

use super::json::{is_true, items, kept_at, number_at, text_at, written_at};

/// The body of a message, of either direction.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    Text {
        body: String,
    },
    Media(Media),
    Location(Location),
    Contacts(Vec<Card>),
    /// A template's quick reply that was tapped.
    Button {
        payload: Option<String>,
        text: Option<String>,
    },
    Interactive(Interactive),
    /// Without an emoji it was taken back.
    Reaction {
        message_id: Option<String>,
        emoji: Option<String>,
    },
    Order(Order),
    System(System),
    Edit {
        original: Option<String>,
        new: Option<Box<Body>>,
    },
    Revoke {
        original: Option<String>,
    },
    Template {
        name: Option<String>,
    },
    RequestWelcome,
    /// Meta cannot carry it; the word says what it was.
    Unsupported {
        what: Option<String>,
    },
    /// Nobody here knows the type, or the body has another shape; the words are those it may have.
    Unknown {
        words: Option<String>,
    },
}

/// A file: `image`, `audio`, `video`, `document` or `sticker`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    pub kind: MediaKind,
    /// Meta's id; it lives seven days.
    pub id: Option<String>,
    /// With parameters, such as `audio/ogg; codecs=opus`.
    pub mime_type: Option<String>,
    /// Base64.
    pub sha256: Option<String>,
    /// Lives five minutes.
    pub url: Option<String>,
    pub caption: Option<String>,
    pub filename: Option<String>,
    /// An audio that was spoken into the phone.
    pub voice: bool,
    /// A sticker that moves.
    pub animated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    Image,
    Audio,
    Video,
    Document,
    Sticker,
}

impl MediaKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::Document => "document",
            Self::Sticker => "sticker",
        }
    }

    fn of(kind: &str) -> Option<Self> {
        [Self::Image, Self::Audio, Self::Video, Self::Document, Self::Sticker]
            .into_iter()
            .find(|known| known.as_str() == kind)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub name: Option<String>,
    pub address: Option<String>,
    pub url: Option<String>,
}

/// A contact card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub name: Option<String>,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    /// The customer was asked for it: it is their own.
    pub on_request: bool,
}

/// What was tapped, or sent in.
#[derive(Debug, Clone, PartialEq)]
pub enum Interactive {
    ButtonReply {
        id: Option<String>,
        title: Option<String>,
    },
    ListReply {
        id: Option<String>,
        title: Option<String>,
        description: Option<String>,
    },
    /// A flow or an address form; the answers are JSON in a string.
    FlowReply {
        name: Option<String>,
        response: Option<Value>,
        words: Option<String>,
    },
    CallPermissionReply {
        response: Option<String>,
        is_permanent: bool,
    },
    /// One that the business sends, or a kind nobody knows.
    Other {
        words: Option<String>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub catalog_id: Option<String>,
    pub text: Option<String>,
    pub items: Vec<OrderItem>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct OrderItem {
    pub product_retailer_id: Option<String>,
    pub quantity: Option<f64>,
    pub item_price: Option<f64>,
    pub currency: Option<String>,
}

/// Something about the customer changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// Such as `user_changed_number`.
    pub kind: Option<String>,
    pub body: Option<String>,
    /// Digits of the new phone.
    pub wa_id: Option<String>,
    pub user_id: Option<String>,
    pub previous_user_id: Option<String>,
}

impl Body {
    /// Reads the body of `message` by its type.
    pub fn read(message: &Value) -> Self {
        let kind = text_at(message, "type").unwrap_or_default();
        let Some(body) = message.get(kind) else { return Self::without_body(kind) };
        if let Some(media) = MediaKind::of(kind) {
            return Self::Media(read_media(media, body));
        }
        match kind {
            "text" => match text_at(body, "body") {
                Some(text) => Self::Text { body: text.to_owned() },
                None => Self::Unknown { words: None },
            },
            "location" => Self::Location(read_location(body)),
            "contacts" => match body.as_array() {
                Some(cards) => Self::Contacts(cards.iter().map(read_card).collect()),
                None => Self::Unknown { words: None },
            },
            "button" => Self::Button { payload: kept_at(body, "payload"), text: kept_at(body, "text") },
            "interactive" => Self::Interactive(read_interactive(body)),
            "reaction" => Self::Reaction { message_id: kept_at(body, "message_id"), emoji: kept_at(body, "emoji") },
            "order" => Self::Order(read_order(body)),
            "system" => Self::System(read_system(body)),
            "edit" => Self::Edit {
                original: kept_at(body, "original_message_id"),
                new: body.get("message").map(|message| Box::new(Self::read(message))),
            },
            "revoke" => Self::Revoke { original: kept_at(body, "original_message_id") },
            "template" => Self::Template { name: kept_at(body, "name") },
            "unsupported" => Self::Unsupported { what: kept_at(body, "type") },
            "request_welcome" => Self::RequestWelcome,
            _ => Self::Unknown { words: ["body", "text", "caption"].iter().find_map(|key| kept_at(body, key)) },
        }
    }

    fn without_body(kind: &str) -> Self {
        match kind {
            "request_welcome" => Self::RequestWelcome,
            "unsupported" => Self::Unsupported { what: None },
            _ => Self::Unknown { words: None },
        }
    }

    /// What can be read of it, if anything.
    pub fn words(&self) -> Option<String> {
        let words = match self {
            Self::Text { body } => Some(body.clone()),
            Self::Media(media) => media.caption.clone().or_else(|| media.filename.clone()),
            Self::Location(location) => Some(location.words()),
            Self::Contacts(cards) => Some(cards.iter().map(Card::words).collect::<Vec<_>>().join("; ")),
            Self::Button { payload, text } => text.clone().or_else(|| payload.clone()),
            Self::Interactive(interactive) => interactive.words(),
            Self::Reaction { emoji, .. } => emoji.clone(),
            Self::Order(order) => Some(order.words()),
            Self::System(system) => system.body.clone(),
            Self::Edit { new, .. } => new.as_ref().and_then(|new| new.words()),
            Self::Template { name } => name.clone(),
            Self::Unknown { words } => words.clone(),
            Self::Revoke { .. } | Self::RequestWelcome | Self::Unsupported { .. } => None,
        };
        words.filter(|words| !words.trim().is_empty())
    }

    /// The file it carries.
    pub fn media(&self) -> Option<&Media> {
        match self {
            Self::Media(media) => Some(media),
            _ => None,
        }
    }

    /// The wamid of the message it is about: what it reacts to, edits or takes back.
    pub fn about(&self) -> Option<&str> {
        match self {
            Self::Reaction { message_id: about, .. }
            | Self::Edit { original: about, .. }
            | Self::Revoke { original: about } => about.as_deref(),
            _ => None,
        }
    }

    /// Whether it wants an answer. Reactions and notes are shown, not answered.
    pub fn asks(&self) -> bool {
        const NOT_QUESTIONS: [&str; 6] =
            ["reaction", "edit", "pin", "keep_in_chat", "poll_update", "media_placeholder"];
        match self {
            Self::Reaction { .. }
            | Self::System(_)
            | Self::Edit { .. }
            | Self::Revoke { .. }
            | Self::RequestWelcome => false,
            Self::Unsupported { what } => !what.as_deref().is_some_and(|what| NOT_QUESTIONS.contains(&what)),
            _ => true,
        }
    }
}

impl Location {
    fn words(&self) -> String {
        let coordinate = |number: Option<f64>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
        let place = format!("{}, {}", coordinate(self.latitude), coordinate(self.longitude));
        let named: Vec<&str> = [&self.name, &self.address].into_iter().flatten().map(String::as_str).collect();
        if named.is_empty() { place } else { format!("{} ({place})", named.join(", ")) }
    }
}

impl Card {
    fn words(&self) -> String {
        let name = self.name.as_deref().unwrap_or("contact");
        let all = std::iter::once(name).chain(self.phones.iter().chain(&self.emails).map(String::as_str));
        all.collect::<Vec<_>>().join(" ")
    }
}

impl Interactive {
    fn words(&self) -> Option<String> {
        match self {
            Self::ButtonReply { id, title } => title.clone().or_else(|| id.clone()),
            Self::ListReply { id, title, description } => {
                let title = title.clone().or_else(|| id.clone())?;
                Some(description.as_ref().map_or_else(|| title.clone(), |more| format!("{title} ({more})")))
            }
            Self::FlowReply { words, .. } | Self::Other { words } => words.clone(),
            Self::CallPermissionReply { response, .. } => response.clone(),
        }
    }
}

impl Order {
    fn words(&self) -> String {
        let written = |number: Option<f64>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
        let line = |item: &OrderItem| {
            let product = item.product_retailer_id.as_deref().unwrap_or("?");
            let currency = item.currency.as_deref().unwrap_or_default();
            format!("{} x {product} at {} {currency}", written(item.quantity), written(item.item_price))
        };
        self.items.iter().map(line).chain(self.text.clone()).collect::<Vec<_>>().join("\n")
    }
}

fn read_media(kind: MediaKind, body: &Value) -> Media {
    Media {
        kind,
        id: kept_at(body, "id"),
        mime_type: kept_at(body, "mime_type"),
        sha256: kept_at(body, "sha256"),
        url: kept_at(body, "url"),
        caption: kept_at(body, "caption"),
        filename: kept_at(body, "filename"),
        voice: is_true(body, "voice"),
        animated: is_true(body, "animated"),
    }
}

fn read_location(body: &Value) -> Location {
    Location {
        latitude: number_at(body, "latitude"),
        longitude: number_at(body, "longitude"),
        name: kept_at(body, "name"),
        address: kept_at(body, "address"),
        url: kept_at(body, "url"),
    }
}

fn read_card(card: &Value) -> Card {
    let all = |list: &str, key: &str| items(card, list).iter().filter_map(|item| kept_at(item, key)).collect();
    let name = card.get("name");
    let named = |key: &str| name.and_then(|name| kept_at(name, key));
    Card {
        name: named("formatted_name").or_else(|| named("first_name")),
        phones: all("phones", "phone"),
        emails: all("emails", "email"),
        on_request: text_at(card, "origin") == Some("contact_request"),
    }
}

fn read_interactive(body: &Value) -> Interactive {
    if let Some(reply) = body.get("button_reply") {
        return Interactive::ButtonReply { id: kept_at(reply, "id"), title: kept_at(reply, "title") };
    }
    if let Some(reply) = body.get("list_reply") {
        let description = kept_at(reply, "description");
        return Interactive::ListReply { id: kept_at(reply, "id"), title: kept_at(reply, "title"), description };
    }
    if let Some(reply) = body.get("nfm_reply") {
        let json = written_at(reply, "response_json");
        return Interactive::FlowReply {
            name: kept_at(reply, "name"),
            response: json.and_then(|json| serde_json::from_str(json).ok()),
            words: json.map(str::to_owned).or_else(|| kept_at(reply, "body")),
        };
    }
    if let Some(reply) = body.get("call_permission_reply") {
        let is_permanent = is_true(reply, "is_permanent");
        return Interactive::CallPermissionReply { response: kept_at(reply, "response"), is_permanent };
    }
    Interactive::Other { words: body.get("body").and_then(|body| kept_at(body, "text")) }
}

fn read_order(body: &Value) -> Order {
    let item = |item: &Value| OrderItem {
        product_retailer_id: kept_at(item, "product_retailer_id"),
        quantity: number_at(item, "quantity"),
        item_price: number_at(item, "item_price"),
        currency: kept_at(item, "currency"),
    };
    Order {
        catalog_id: kept_at(body, "catalog_id"),
        text: kept_at(body, "text"),
        items: items(body, "product_items").iter().map(item).collect(),
    }
}

fn read_system(body: &Value) -> System {
    // The older form says what the new number is in a field of its own.
    let wa_id = kept_at(body, "wa_id").or_else(|| kept_at(body, "new_wa_id"));
    System {
        kind: kept_at(body, "type"),
        body: kept_at(body, "body"),
        wa_id: wa_id.map(|digits| digits.trim().trim_start_matches('+').to_owned()),
        user_id: kept_at(body, "user_id"),
        previous_user_id: kept_at(body, "previous_user_id"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_words_of_every_kind_are_read() {
        for (message, expected) in [
            (json!({"type": "text", "text": {"body": "hi"}}), Some("hi")),
            (json!({"type": "button", "button": {"payload": "P", "text": "Yes"}}), Some("Yes")),
            (
                json!({"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "y", "title": "Yes"}}}),
                Some("Yes"),
            ),
            (
                json!({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "r", "title": "Row", "description": "d"}}}),
                Some("Row (d)"),
            ),
            (
                json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{\"k\":1}"}}}),
                Some("{\"k\":1}"),
            ),
            (
                json!({"type": "interactive", "interactive": {"type": "call_permission_reply", "call_permission_reply": {"response": "accept"}}}),
                Some("accept"),
            ),
            (json!({"type": "image", "image": {"id": "1", "caption": "c"}}), Some("c")),
            (json!({"type": "image", "image": {"id": "1"}}), None),
            (json!({"type": "document", "document": {"id": "1", "filename": "a.pdf"}}), Some("a.pdf")),
            (
                json!({"type": "location", "location": {"latitude": 47.37, "longitude": "8.54", "name": "n"}}),
                Some("n (47.37, 8.54)"),
            ),
            (
                json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "B C"}, "phones": [{"phone": "+1 555"}]}]}),
                Some("B C +1 555"),
            ),
            (json!({"type": "reaction", "reaction": {"message_id": "w", "emoji": "👍"}}), Some("👍")),
            (json!({"type": "reaction", "reaction": {"message_id": "w", "emoji": ""}}), None),
            (
                json!({"type": "order", "order": {"text": "soon", "product_items": [{"product_retailer_id": "sku", "quantity": 2, "item_price": "9.5", "currency": "EUR"}]}}),
                Some("2 x sku at 9.5 EUR\nsoon"),
            ),
            (
                json!({"type": "edit", "edit": {"original_message_id": "w", "message": {"type": "text", "text": {"body": "new"}}}}),
                Some("new"),
            ),
            (json!({"type": "hologram", "hologram": {"body": "boo"}}), Some("boo")),
            (json!({"type": "hologram"}), None),
            (json!({"type": 7}), None),
            (json!(null), None),
        ] {
            assert_eq!(Body::read(&message).words().as_deref(), expected, "{message}");
        }
    }

    #[test]
    fn what_only_tells_asks_nothing() {
        for (kind, body, asks) in [
            ("text", json!({"body": "x"}), true),
            ("reaction", json!({"emoji": "x"}), false),
            ("system", json!({"type": "user_changed_number"}), false),
            ("edit", json!({}), false),
            ("revoke", json!({}), false),
            ("request_welcome", json!({}), false),
            ("unsupported", json!({"type": "poll_creation"}), true),
            ("unsupported", json!({"type": "pin"}), false),
            ("hologram", json!({}), true),
        ] {
            assert_eq!(Body::read(&json!({"type": kind, kind: body})).asks(), asks, "{kind}");
        }
    }
}
