//! What the API shows of a message: the stored JSON itself, whole. Its structures are tolerant, since Meta leaves out and
//! adds as it likes; what does not fit even them is shown as `malformed`, so that the document holds for every answer.

use std::borrow::Cow;

use entity::message;
use entity::state::Direction;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromJSON, ParseResult, ToJSON, Type};
use serde_json::{Map, Value, json};

use super::super::problem::Fields;
use super::shape::{Free, Place, Shape, key, objects, tell, unions};

/// Whom and when an inbound message is from: the message's own fields say it.
const ENVELOPE: [&str; 8] =
    ["id", "from", "from_user_id", "from_parent_user_id", "timestamp", "type", "group_id", "biz_opaque_callback_data"];
const MALFORMED: &str = "malformed";

unions! {
    /// What a message says, in Meta's own shape: `type`, and what stands under that name.
    union MessageContent {
        TextMessage, ImageMessage, VideoMessage, AudioMessage, DocumentMessage, StickerMessage, LocationMessage,
        ContactsMessage, ReactionMessage, ButtonMessage, InteractiveMessage, TemplateMessage, OrderMessage, SystemMessage,
        EditMessage, RevokeMessage, CallMessage, RequestWelcomeMessage, UnsupportedMessage, MalformedMessage,
    } or UnknownMessage

    /// Taps and forms of a customer, and what was sent to be tapped.
    union ShownInteractive {
        ButtonReply, ListReply, FormReply, CallPermissionReply, ShownButtons, ShownList, ShownUrlButton, ShownFlow,
        ShownLocationRequest, ShownAddressRequest, ShownContactInfoRequest, ShownProduct, ShownProductList, ShownCatalog,
        ShownCarousel, ShownCallPermissionRequest, ShownVoiceCall,
    } or UnknownInteractive
}

/// A structure that only its `type` and the object under that name make up.
macro_rules! messages {
    ($($(#[doc = $doc:literal])* $name:ident is $word:literal { $field:ident: $type:ty })+) => {
        objects! {$(
            $(#[doc = $doc])*
            tolerant struct $name is $word {
                $field: $type,
                context: Option<ShownContext>,
                referral: Option<MessageReferral>,
                errors: Option<List<ShownError>>,
            }
        )+}
    };
}

messages! {
    TextMessage is "text" { text: ShownText }
    ImageMessage is "image" { image: ShownFile }
    VideoMessage is "video" { video: ShownFile }
    AudioMessage is "audio" { audio: ShownFile }
    DocumentMessage is "document" { document: ShownFile }
    StickerMessage is "sticker" { sticker: ShownFile }
    LocationMessage is "location" { location: ShownLocation }
    ContactsMessage is "contacts" { contacts: List<ShownCard> }
    ReactionMessage is "reaction" { reaction: ShownReaction }
    /// A tap on a template's button.
    ButtonMessage is "button" { button: ShownButton }
    InteractiveMessage is "interactive" { interactive: ShownInteractive }
    TemplateMessage is "template" { template: ShownTemplate }
    OrderMessage is "order" { order: ShownOrder }
    /// WhatsApp says something of the customer.
    SystemMessage is "system" { system: Option<ShownSystem> }
    /// The customer changed an earlier message.
    EditMessage is "edit" { edit: ShownEdit }
    /// The customer took an earlier message back.
    RevokeMessage is "revoke" { revoke: ShownRevoke }
    CallMessage is "call" { call: Option<Free> }
    /// The customer opened the chat for the first time.
    RequestWelcomeMessage is "request_welcome" { request_welcome: Option<Free> }
    /// Meta does not pass this kind of message on.
    UnsupportedMessage is "unsupported" { unsupported: Option<ShownUnsupported> }
}

objects! {
    /// A message that does not have the shape of its type; whole.
    tolerant struct MalformedMessage is "malformed" {
        malformed: Free,
    }

    tolerant struct ShownContext {
        /// The wamid of the quoted message, inbound.
        id: Option<Written>,
        /// The wamid of the quoted message, outbound.
        message_id: Option<Written>,
        from: Option<Written>,
        forwarded: Option<bool>,
        frequently_forwarded: Option<bool>,
        referred_product: Option<Free>,
    }

    /// The advertisement or the page that led the customer here.
    tolerant struct MessageReferral {
        source_url: Option<Written>,
        source_id: Option<Written>,
        source_type: Option<Written>,
        headline: Option<Written>,
        body: Option<Written>,
        media_type: Option<Written>,
        image_url: Option<Written>,
        video_url: Option<Written>,
        thumbnail_url: Option<Written>,
        ctwa_clid: Option<Written>,
    }

    tolerant struct ShownError {
        code: Option<Number>,
        title: Option<Written>,
        message: Option<Written>,
    }

    tolerant struct ShownText {
        body: Written,
        preview_url: Option<bool>,
    }

    /// A file: Meta's or our own `id`, or the `link` it was sent by.
    tolerant struct ShownFile {
        id: Option<Written>,
        link: Option<Written>,
        caption: Option<Written>,
        filename: Option<Written>,
        mime_type: Option<Written>,
        sha256: Option<Written>,
        url: Option<Written>,
        voice: Option<bool>,
        animated: Option<bool>,
    }

    tolerant struct ShownLocation {
        latitude: Option<Number>,
        longitude: Option<Number>,
        name: Option<Written>,
        address: Option<Written>,
        url: Option<Written>,
    }

    tolerant struct ShownCard {
        name: Option<ShownName>,
        phones: Option<List<ShownPhone>>,
        emails: Option<List<ShownEmail>>,
        addresses: Option<List<Free>>,
        urls: Option<List<Free>>,
        org: Option<Free>,
        birthday: Option<Written>,
        vcard: Option<Written>,
        origin: Option<Written>,
    }

    tolerant struct ShownName {
        formatted_name: Option<Written>,
        first_name: Option<Written>,
        last_name: Option<Written>,
    }

    tolerant struct ShownPhone {
        phone: Option<Written>,
        wa_id: Option<Written>,
        kind as "type": Option<Written>,
    }

    tolerant struct ShownEmail {
        email: Option<Written>,
        kind as "type": Option<Written>,
    }

    tolerant struct ShownReaction {
        message_id: Option<Written>,
        /// Absent or empty where it was taken back.
        emoji: Option<Written>,
    }

    tolerant struct ShownButton {
        text: Option<Written>,
        payload: Option<Written>,
    }

    tolerant struct ShownTemplate {
        name: Written,
        language: Option<Free>,
        components: Option<List<Free>>,
    }

    tolerant struct ShownOrder {
        catalog_id: Option<Written>,
        text: Option<Written>,
        product_items: Option<List<OrderedProduct>>,
    }

    tolerant struct OrderedProduct {
        product_retailer_id: Option<Written>,
        quantity: Option<Number>,
        item_price: Option<Number>,
        currency: Option<Written>,
    }

    tolerant struct ShownSystem {
        kind as "type": Option<Written>,
        body: Option<Written>,
        wa_id: Option<Written>,
        user_id: Option<Written>,
        previous_user_id: Option<Written>,
    }

    tolerant struct ShownEdit {
        original_message_id: Option<Written>,
        /// The message as it is now.
        message: Option<Free>,
    }

    tolerant struct ShownRevoke {
        original_message_id: Option<Written>,
    }

    tolerant struct ShownUnsupported {
        kind as "type": Option<Written>,
    }

    /// A tap on a button.
    tolerant struct ButtonReply is "button_reply" {
        button_reply: TappedButton,
        context: Option<ShownContext>,
    }

    tolerant struct TappedButton {
        id: Option<Written>,
        title: Option<Written>,
    }

    /// A tap on a list's row.
    tolerant struct ListReply is "list_reply" {
        list_reply: TappedRow,
    }

    tolerant struct TappedRow {
        id: Option<Written>,
        title: Option<Written>,
        description: Option<Written>,
    }

    /// A form that was filled in.
    tolerant struct FormReply is "nfm_reply" {
        nfm_reply: FilledForm,
    }

    tolerant struct FilledForm {
        name: Option<Written>,
        body: Option<Written>,
        /// JSON, written as a text.
        response_json: Option<Written>,
    }

    /// Whether the business may call.
    tolerant struct CallPermissionReply is "call_permission_reply" {
        call_permission_reply: CallPermission,
    }

    tolerant struct CallPermission {
        response: Option<Written>,
        is_permanent: Option<bool>,
        expiration_timestamp: Option<Number>,
        response_source: Option<Written>,
    }

    tolerant struct ShownHeader {
        kind as "type": Option<Written>,
        text: Option<Written>,
        image: Option<ShownFile>,
        video: Option<ShownFile>,
        document: Option<ShownFile>,
    }

    tolerant struct ShownWords {
        text: Option<Written>,
    }

    tolerant struct ShownButtonsAction {
        buttons: Option<List<Free>>,
    }

    tolerant struct ShownListAction {
        button: Option<Written>,
        sections: Option<List<Free>>,
    }

    tolerant struct ShownCall {
        name: Option<Written>,
        parameters: Option<Free>,
    }

    tolerant struct ShownProducts {
        catalog_id: Option<Written>,
        product_retailer_id: Option<Written>,
        sections: Option<List<Free>>,
    }

    tolerant struct ShownCards {
        cards: Option<List<Free>>,
    }
}

macro_rules! taps {
    ($($name:ident is $word:literal { $action:ty })+) => {
        objects! {$(
            tolerant struct $name is $word {
                header: Option<ShownHeader>,
                body: Option<ShownWords>,
                footer: Option<ShownWords>,
                action: Option<$action>,
            }
        )+}
    };
}

taps! {
    ShownButtons is "button" { ShownButtonsAction }
    ShownList is "list" { ShownListAction }
    ShownUrlButton is "cta_url" { ShownCall }
    ShownFlow is "flow" { ShownCall }
    ShownLocationRequest is "location_request_message" { ShownCall }
    ShownAddressRequest is "address_message" { ShownCall }
    ShownContactInfoRequest is "request_contact_info" { ShownCall }
    ShownProduct is "product" { ShownProducts }
    ShownProductList is "product_list" { ShownProducts }
    ShownCatalog is "catalog_message" { ShownCall }
    ShownCarousel is "carousel" { ShownCards }
    ShownCallPermissionRequest is "call_permission_request" { ShownCall }
    ShownVoiceCall is "voice_call" { ShownCall }
}

/// Any text.
pub type Written = String;
type List<T> = Vec<T>;

impl Shape for String {
    fn schema() -> MetaSchemaRef {
        <Self as Type>::schema_ref()
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        if !value.is_string() {
            tell(wrong, at, "must be a text");
        }
        value.as_str().map(str::to_owned)
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn schema() -> MetaSchemaRef {
        let list = MetaSchema { items: Some(Box::new(T::schema())), ..MetaSchema::new("array") };
        MetaSchemaRef::Inline(Box::new(list))
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        let Value::Array(items) = value else {
            tell(wrong, at, "must be a list");
            return None;
        };
        items.iter_mut().enumerate().map(|(index, item)| T::read(item, &at.item(index), wrong)).collect()
    }
}

/// A number, which Meta writes as a text here and there.
#[derive(Debug)]
pub struct Number;

impl Shape for Number {
    fn schema() -> MetaSchemaRef {
        let one_of = ["number", "string"].map(|kind| MetaSchemaRef::Inline(Box::new(MetaSchema::new(kind)))).into();
        MetaSchemaRef::Inline(Box::new(MetaSchema { one_of, ..MetaSchema::ANY }))
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        let is_number = value.is_number() || value.is_string();
        if !is_number {
            tell(wrong, at, "must be a number");
        }
        is_number.then_some(Self)
    }
}

/// The structures of types that nobody knows. That their `type` is none of the known ones is written into the document
/// where it is finished: the generator has no word for it.
macro_rules! unknown {
    ($($(#[doc = $doc:literal])* $name:ident beside $union:ident),+ $(,)?) => {$(
        $(#[doc = $doc])*
        #[derive(Debug)]
        pub struct $name;

        impl Shape for $name {
            fn schema() -> MetaSchemaRef {
                MetaSchemaRef::Reference(stringify!($name).to_owned())
            }

            fn register(registry: &mut Registry) {
                registry.create_schema::<Self, _>(stringify!($name).to_owned(), |_| MetaSchema {
                    description: Some(concat!($($doc),*).trim()),
                    required: vec!["type"],
                    properties: vec![("type", <String as Shape>::schema())],
                    additional_properties: Some(Box::new(MetaSchemaRef::Inline(Box::new(MetaSchema::ANY)))),
                    ..MetaSchema::new("object")
                });
            }

            fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
                super::shape::open(value, at, wrong).map(|_| Self)
            }
        }
    )+

        /// Names of structures with the words that their `type` is not.
        pub const UNKNOWN: &[(&str, &[&str])] = &[$((stringify!($name), $union::WORDS)),+];
    };
}

unknown! {
    /// A type that came into the world after this version.
    UnknownMessage beside MessageContent,
    /// A type that came into the world after this version.
    UnknownInteractive beside ShownInteractive,
}

/// The content of an answer.
#[derive(Debug)]
pub struct Shown(Value);

impl Shown {
    pub fn of(message: &message::Model) -> Self {
        let kind = &message.kind;
        let mut shaped = Map::new();
        match (&message.direction, &message.content.0) {
            // Stored whole, with ids and senders beside the content.
            (Direction::Inbound, Value::Object(whole)) => {
                let told = whole.iter().filter(|(name, _)| !ENVELOPE.contains(&name.as_str()) || *name == kind);
                shaped.extend(told.map(|(name, value)| (name.clone(), value.clone())));
            }
            (_, part) => {
                shaped.insert(kind.clone(), part.clone());
            }
        }
        shaped.insert("type".to_owned(), json!(kind));
        Self::fitting(Value::Object(shaped))
    }

    fn fitting(shaped: Value) -> Self {
        let mut wrong = Fields::default();
        let fits = MessageContent::read(&mut shaped.clone(), &Place::Root(super::ROOT), &mut wrong).is_some();
        if fits && wrong.finish().is_ok() {
            Self(shaped)
        } else {
            Self(json!({ "type": MALFORMED, MALFORMED: shaped }))
        }
    }
}

impl Type for Shown {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "MessageContent".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MessageContent::schema()
    }

    fn register(registry: &mut Registry) {
        MessageContent::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

/// Answers are only written; the generator asks for both ways.
impl ParseFromJSON for Shown {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        Ok(Self(value.unwrap_or_default()))
    }
}

impl ToJSON for Shown {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_shown_as_it_is_and_what_does_not_as_malformed() {
        for whole in [
            json!({"type": "text", "text": {"body": "hi", "new": 1}, "more": {}}),
            json!({"type": "location", "location": {"latitude": "1", "longitude": 2}}),
            json!({"type": "reaction", "reaction": {"message_id": "w", "emoji": null}}),
            json!({"type": "interactive", "interactive": {"type": "poll", "poll": 1}}),
            json!({"type": "poem", "poem": 7}),
        ] {
            assert_eq!(Shown::fitting(whole.clone()).0, whole);
        }
        for odd in [
            json!({"type": "text", "text": 1}),
            json!({"type": "text"}),
            json!({"type": "interactive", "interactive": {}}),
        ] {
            assert_eq!(Shown::fitting(odd.clone()).0, json!({"type": "malformed", "malformed": odd}));
        }
    }
}
