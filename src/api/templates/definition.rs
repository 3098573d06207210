//! What a template is made of, as callers write it: Meta's own shape, every part and button by its type, with the bounds
//! each has by itself. What one part says of another is checked in `whatsapp::definition`.

use entity::{NumberId, template};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::ToJSON;
use poem_openapi::{Enum, Object};
use serde_json::{Map, Value, json};

use crate::api::content::shape::{Place, Shape, Unread, key, objects, tell, unions, words};
use crate::api::problem::Fields;
use crate::api::wire::{
    Bounded, LanguageCode, MetaId, PhoneOnButton, Several, TemplateTitle, Text, VariableName, Visible, WebAddress,
    Whole, Words,
};
use crate::whatsapp::definition::{Definition, check};

/// The name of the field that the parts stand in.
const ROOT: &str = "components";

type Ttl = Whole<-1, 2_592_000>;
type Components = Unread<Several<1, 6, TemplateComponent>>;
type Label = Text<25, Words>;
/// What stands for a variable while Meta looks at the template.
type Example = Text<1024, Words>;
type AppName = Text<224, Visible>;
type AppHash = Text<11, Visible>;

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

unions! {
    /// A part of a template.
    union TemplateComponent { HeaderPart, BodyPart, FooterPart, ButtonsPart, CarouselPart, OfferPart }

    /// A part of a card.
    union CardComponent { HeaderPart, CardBodyPart, ButtonsPart }

    /// A button of a template.
    union TemplateButton {
        TemplateQuickReply, TemplateLink, TemplatePhone, TemplateCopyCode, TemplateOtp, TemplateFlow, TemplateCatalog, TemplateProducts,
        TemplateProduct, TemplateCall, TemplateContactInfo,
    }
}

words! {
    words HeaderFormat {
        Text = "TEXT", Image = "IMAGE", Video = "VIDEO", Document = "DOCUMENT", Location = "LOCATION", Gif = "GIF",
        Product = "PRODUCT",
    }
    words OtpType { CopyCode = "COPY_CODE", OneTap = "ONE_TAP", ZeroTap = "ZERO_TAP" }
}

objects! {
    strict struct HeaderPart is "HEADER" {
        /// What it shows.
        format: HeaderFormat,
        /// With the format TEXT; one variable at the most.
        text: Option<Text<60>>,
        example: Option<HeaderExample>,
    }

    strict struct HeaderExample {
        header_text: Option<Several<1, 1, Text<60>>>,
        header_text_named_params: Option<Several<1, 1, NamedExample>>,
        /// Of a sample file that was uploaded to Meta.
        header_handle: Option<Several<1, 1, Text<2000, Visible>>>,
    }

    strict struct NamedExample {
        param_name: Text<255, VariableName>,
        example: Example,
    }

    strict struct BodyPart is "BODY" {
        /// Left out in an AUTHENTICATION template: Meta writes it. 600 characters beside a LIMITED_TIME_OFFER.
        text: Option<Text<1024>>,
        example: Option<BodyExample>,
        /// In an AUTHENTICATION template.
        add_security_recommendation: Option<bool>,
    }

    strict struct CardBodyPart is "BODY" {
        text: Text<160>,
        example: Option<BodyExample>,
    }

    strict struct BodyExample {
        /// One set of examples: a list in a list.
        body_text: Option<Several<1, 1, Several<1, 100, Example>>>,
        body_text_named_params: Option<Several<1, 100, NamedExample>>,
    }

    strict struct FooterPart is "FOOTER" {
        text: Option<Text<60>>,
        /// In an AUTHENTICATION template: after so many minutes the code is void.
        code_expiration_minutes: Option<Whole<1, 90>>,
    }

    strict struct ButtonsPart is "BUTTONS" {
        buttons: Several<1, 10, TemplateButton>,
    }

    /// Cards are alike: the same parts, header format and kinds of buttons on each.
    strict struct CarouselPart is "CAROUSEL" {
        cards: Several<2, 10, TemplateCard>,
    }

    strict struct TemplateCard {
        components: Several<1, 3, CardComponent>,
    }

    strict struct OfferPart is "LIMITED_TIME_OFFER" {
        limited_time_offer: TemplateOffer,
    }

    strict struct TemplateOffer {
        text: Text<16>,
        has_expiration: Option<bool>,
    }

    strict struct TemplateQuickReply is "QUICK_REPLY" {
        text: Label,
    }

    strict struct TemplateLink is "URL" {
        text: Label,
        /// One variable at the most, at its end.
        url: Text<2000, WebAddress>,
        /// With a variable: the address with the variable filled in.
        example: Option<OneText<2000>>,
    }

    strict struct TemplatePhone is "PHONE_NUMBER" {
        text: Label,
        phone_number: Text<20, PhoneOnButton>,
    }

    strict struct TemplateCopyCode is "COPY_CODE" {
        text: Option<Label>,
        example: OneText<20>,
    }

    strict struct TemplateOtp is "OTP" {
        otp_type: OtpType,
        text: Option<Label>,
        autofill_text: Option<Label>,
        package_name: Option<AppName>,
        signature_hash: Option<AppHash>,
        supported_apps: Option<Several<1, 5, SupportedApp>>,
        zero_tap_terms_accepted: Option<bool>,
    }

    strict struct SupportedApp {
        package_name: AppName,
        signature_hash: AppHash,
    }

    /// The flow is named by one of `flow_id`, `flow_name` and `flow_json`.
    strict struct TemplateFlow is "FLOW" {
        text: Label,
        flow_id: Option<Text<255, MetaId>>,
        flow_name: Option<Text<255>>,
        flow_json: Option<Text<200_000>>,
        flow_action: Option<Text<40, Visible>>,
        navigate_screen: Option<Text<255, Visible>>,
    }

    strict struct TemplateCatalog is "CATALOG" {
        text: Option<Label>,
    }

    strict struct TemplateProducts is "MPM" {
        text: Option<Label>,
    }

    strict struct TemplateProduct is "SPM" {
        text: Option<Label>,
    }

    strict struct TemplateCall is "VOICE_CALL" {
        text: Option<Label>,
        /// How long it can be tapped.
        ttl_minutes: Option<Whole<1, 43_200>>,
    }

    strict struct TemplateContactInfo is "REQUEST_CONTACT_INFO" {
        text: Option<Label>,
    }
}

/// A text, or a list of one: Meta shows it one way and takes it both ways.
#[derive(Debug)]
pub struct OneText<const MAX: usize>;

impl<const MAX: usize> Shape for OneText<MAX> {
    fn schema() -> MetaSchemaRef {
        let one_of = vec![Text::<MAX>::schema(), Several::<1, 1, Text<MAX>>::schema()];
        MetaSchemaRef::Inline(Box::new(MetaSchema { one_of, ..MetaSchema::ANY }))
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        match value {
            Value::Array(_) => Several::<1, 1, Text<MAX>>::read(value, at, wrong).map(|_| Self),
            Value::String(_) => Text::<MAX>::read(value, at, wrong).map(|_| Self),
            _ => {
                tell(wrong, at, "must be a text, or a list of one");
                None
            }
        }
    }
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct CreateTemplate {
    /// A number of the account it shall belong to.
    pub number_id: NumberId,
    name: TemplateTitle,
    language: LanguageCode,
    category: Category,
    /// `positional` when it is not given.
    parameter_format: Option<ParameterFormat>,
    components: Components,
    /// How long Meta tries to deliver; -1 is 30 days where the category allows it.
    message_send_ttl_seconds: Option<Ttl>,
}

/// Only what is given changes; components are replaced all together.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct UpdateTemplate {
    pub category: Option<Category>,
    components: Option<Components>,
    message_send_ttl_seconds: Option<Ttl>,
}

impl CreateTemplate {
    /// In Meta's shape, with whatever is wrong told.
    pub fn read(self, fields: &mut Fields) -> Value {
        fields.fit("name", &self.name);
        fields.fit("language", &self.language);
        fields.fit("message_send_ttl_seconds", &self.message_send_ttl_seconds);
        let named = self.parameter_format == Some(ParameterFormat::Named);
        let components = self.components.read(ROOT, fields);
        tell_misfits(fields, self.category.as_str(), named, Some(&components), self.message_send_ttl_seconds);
        let mut definition = json!({
            "name": &*self.name,
            "language": crate::account::templates::language(&self.language),
            "category": self.category.as_str(),
            "components": components,
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
    /// In Meta's shape, with whatever is wrong told.
    pub fn read(self, template: &template::Model, fields: &mut Fields) -> Map<String, Value> {
        fields.fit("message_send_ttl_seconds", &self.message_send_ttl_seconds);
        let category = self.category.map_or(&*template.category, |category| category.as_str());
        let named = template.parameter_format == "named";
        let components = self.components.map(|components| components.read(ROOT, fields));
        tell_misfits(fields, category, named, components.as_ref(), self.message_send_ttl_seconds);
        let mut change = Map::new();
        let mut give = |key: &str, value: Option<Value>| change.extend(value.map(|value| (key.to_owned(), value)));
        give("category", self.category.map(|category| json!(category.as_str())));
        give(ROOT, components);
        give("message_send_ttl_seconds", self.message_send_ttl_seconds.map(|ttl| json!(ttl.get())));
        change
    }
}

fn tell_misfits(fields: &mut Fields, category: &str, named: bool, components: Option<&Value>, ttl: Option<Ttl>) {
    let ttl_secs = ttl.filter(|ttl| ttl.problem().is_none()).map(|ttl| i64::from(ttl.get()));
    // Nothing given is nothing to check: a body stands in for it.
    let stand_in = [json!({ "type": "BODY", "text": "." })];
    let given = components.map_or(&stand_in[..], |list| list.as_array().map(Vec::as_slice).unwrap_or_default());
    for wrong in check(&Definition { category, named, components: given, ttl_secs }) {
        fields.check(false, &wrong.field, wrong.message);
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::ParseFromJSON;

    use super::*;

    fn told(components: Value) -> Vec<String> {
        let mut wrong = Fields::default();
        Components::parse_from_json(Some(components)).expect("anything").read(ROOT, &mut wrong);
        wrong.names()
    }

    #[test]
    fn every_part_keeps_its_own_bounds() {
        let body = json!({"type": "BODY", "text": "Hi."});
        let button = |button: Value| json!([body, {"type": "BUTTONS", "buttons": [button]}]);
        let at = "components[1].buttons[0]";
        for (components, field) in [
            (json!([]), "components".to_owned()),
            (json!([{"type": "BODY", "text": "long ".repeat(300)}]), "components[0].text".to_owned()),
            (json!([body, {"type": "POEM"}]), "components[1].type".to_owned()),
            (json!([body, {"type": "HEADER", "text": "Hi"}]), "components[1].format".to_owned()),
            (json!([body, {"type": "FOOTER", "text": "x".repeat(61)}]), "components[1].text".to_owned()),
            (json!([body, {"type": "BUTTONS", "buttons": []}]), "components[1].buttons".to_owned()),
            (json!([body, {"type": "CAROUSEL", "cards": []}]), "components[1].cards".to_owned()),
            (button(json!({"type": "QUICK_REPLY", "text": "x".repeat(26)})), format!("{at}.text")),
            (button(json!({"type": "URL", "text": "Go", "url": "ftp://x"})), format!("{at}.url")),
            (
                button(json!({"type": "PHONE_NUMBER", "text": "Call", "phone_number": "me"})),
                format!("{at}.phone_number"),
            ),
            (button(json!({"type": "COPY_CODE"})), format!("{at}.example")),
            (button(json!({"type": "COPY_CODE", "example": ["A", "B"]})), format!("{at}.example")),
            (button(json!({"type": "OTP", "otp_type": "MAGIC"})), format!("{at}.otp_type")),
            (button(json!({"type": "QUICK_REPLY", "text": "Ok", "url": "https://x"})), format!("{at}.url")),
        ] {
            assert_eq!(told(components.clone()), [field], "{components}");
        }
        assert_eq!(told(button(json!({"type": "COPY_CODE", "example": "SAVE10"}))), [""; 0]);
        assert_eq!(
            told(button(json!({"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+1 (555) 000-2222"}))),
            [""; 0]
        );
    }
}
