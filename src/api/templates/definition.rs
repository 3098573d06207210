//! What a template is made of, as callers write it: Meta's own shape, every key named. Whether Meta would take it is
//! checked in `whatsapp::definition`.

use entity::{NumberId, template};
use poem_openapi::types::{Any, ToJSON};
use poem_openapi::{Enum, Object};
use serde_json::{Map, Value, json};

use crate::api::problem::Fields;
use crate::api::wire::{Bounded, Language, Several, TemplateName, Text, Whole};
use crate::whatsapp::definition::{Definition, check};

type Ttl = Whole<-1, 2_592_000>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "UPPERCASE")]
pub enum Category {
    Marketing,
    Utility,
    Authentication,
}

impl Category {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Marketing => "MARKETING",
            Self::Utility => "UTILITY",
            Self::Authentication => "AUTHENTICATION",
        }
    }
}

/// Whether variables have names, `{{first_name}}`, or are numbered, `{{1}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum ParameterFormat {
    Positional,
    Named,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
enum ComponentType {
    Header,
    Body,
    Footer,
    Buttons,
    Carousel,
    LimitedTimeOffer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "UPPERCASE")]
enum HeaderFormat {
    Text,
    Image,
    Video,
    Document,
    Location,
    Gif,
    Product,
}

/// A part of a template; which keys it has depends on its type.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
struct Component {
    #[oai(rename = "type")]
    kind: ComponentType,
    /// HEADER: what it shows.
    format: Option<HeaderFormat>,
    /// HEADER of format TEXT (60 characters), BODY (1024), FOOTER (60).
    text: Option<String>,
    /// An example for each variable: `header_text`, `body_text`, `header_text_named_params`, `body_text_named_params`; or
    /// the uploaded sample of a header: `header_handle`.
    example: Option<Any<Value>>,
    /// BUTTONS: from 1 to 10.
    buttons: Option<Vec<Button>>,
    /// CAROUSEL: from 2 to 10.
    cards: Option<Vec<Card>>,
    /// LIMITED_TIME_OFFER.
    limited_time_offer: Option<LimitedTimeOffer>,
    /// BODY of an AUTHENTICATION template.
    add_security_recommendation: Option<bool>,
    /// FOOTER of an AUTHENTICATION template: after so many minutes the code is void.
    code_expiration_minutes: Option<i32>,
}

/// Its bounds depend on its neighbours: they are checked together.
impl Bounded for Component {
    fn problem(&self) -> Option<String> {
        None
    }
}

/// A card of a carousel: HEADER, BODY and BUTTONS, alike on every card.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct Card {
    components: Vec<Component>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
struct LimitedTimeOffer {
    /// Up to 16 characters.
    text: String,
    has_expiration: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
enum ButtonType {
    QuickReply,
    Url,
    PhoneNumber,
    CopyCode,
    Otp,
    Flow,
    Catalog,
    Mpm,
    Spm,
    VoiceCall,
    RequestContactInfo,
}

/// A button; which keys it has depends on its type.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
struct Button {
    #[oai(rename = "type")]
    kind: ButtonType,
    /// Up to 25 characters.
    text: Option<String>,
    /// URL: one variable at its end at the most.
    url: Option<String>,
    /// URL with a variable, COPY_CODE: a text, or a list of one.
    example: Option<Any<Value>>,
    phone_number: Option<String>,
    flow_id: Option<String>,
    flow_name: Option<String>,
    flow_json: Option<String>,
    flow_action: Option<String>,
    navigate_screen: Option<String>,
    /// OTP: `COPY_CODE`, `ONE_TAP` or `ZERO_TAP`.
    otp_type: Option<String>,
    autofill_text: Option<String>,
    package_name: Option<String>,
    signature_hash: Option<String>,
    supported_apps: Option<Any<Value>>,
    zero_tap_terms_accepted: Option<bool>,
    /// VOICE_CALL: how long it can be tapped.
    ttl_minutes: Option<i32>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct CreateTemplate {
    /// A number of the account it shall belong to.
    pub number_id: NumberId,
    name: Text<512, TemplateName>,
    language: Text<10, Language>,
    category: Category,
    /// `positional` when it is not given.
    parameter_format: Option<ParameterFormat>,
    components: Several<1, 6, Component>,
    /// How long Meta tries to deliver; -1 is 30 days where the category allows it.
    message_send_ttl_seconds: Option<Ttl>,
}

/// Only what is given changes; components are replaced all together.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct UpdateTemplate {
    pub category: Option<Category>,
    components: Option<Several<1, 6, Component>>,
    message_send_ttl_seconds: Option<Ttl>,
}

impl CreateTemplate {
    pub fn check(&self, fields: &mut Fields) {
        fields.fit("name", &self.name);
        fields.fit("language", &self.language);
        fields.fit("components", &self.components);
        fields.fit("message_send_ttl_seconds", &self.message_send_ttl_seconds);
        let named = self.parameter_format == Some(ParameterFormat::Named);
        add_wrong(fields, self.category.as_str(), named, Some(&self.components), self.message_send_ttl_seconds);
    }

    /// In Meta's shape.
    pub fn to_definition(&self) -> Value {
        let mut definition = json!({
            "name": &*self.name,
            "language": crate::account::templates::language(&self.language),
            "category": self.category.as_str(),
            "components": written(&self.components),
        });
        if let Some(format) = self.parameter_format {
            definition["parameter_format"] = json!(format.to_json());
        }
        if let Some(ttl) = self.message_send_ttl_seconds {
            definition["message_send_ttl_seconds"] = json!(ttl.get());
        }
        definition
    }
}

impl UpdateTemplate {
    pub fn check(&self, template: &template::Model, fields: &mut Fields) {
        fields.fit("components", &self.components);
        fields.fit("message_send_ttl_seconds", &self.message_send_ttl_seconds);
        let category = self.category.map_or(&*template.category, |category| category.as_str());
        let named = template.parameter_format == "named";
        add_wrong(fields, category, named, self.components.as_ref(), self.message_send_ttl_seconds);
    }

    /// In Meta's shape.
    pub fn to_change(&self) -> Value {
        let mut change = Map::new();
        let mut give = |key: &str, value: Option<Value>| change.extend(value.map(|value| (key.to_owned(), value)));
        give("category", self.category.map(|category| json!(category.as_str())));
        give("components", self.components.as_ref().map(|components| json!(written(components))));
        give("message_send_ttl_seconds", self.message_send_ttl_seconds.map(|ttl| json!(ttl.get())));
        Value::Object(change)
    }
}

fn add_wrong(
    fields: &mut Fields,
    category: &str,
    named: bool,
    components: Option<&Several<1, 6, Component>>,
    ttl: Option<Ttl>,
) {
    let ttl_secs = ttl.filter(|ttl| ttl.problem().is_none()).map(|ttl| i64::from(ttl.get()));
    // Nothing given is nothing to check: a body stands in for it.
    let written = components.map_or_else(|| vec![json!({ "type": "BODY", "text": "." })], written);
    let definition = Definition { category, named, components: &written, ttl_secs };
    for wrong in check(&definition) {
        if components.is_some() || !wrong.field.starts_with("components") {
            fields.check(false, &wrong.field, wrong.message);
        }
    }
}

fn written(components: &Several<1, 6, Component>) -> Vec<Value> {
    components.0.iter().filter_map(ToJSON::to_json).collect()
}
