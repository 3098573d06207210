//! A template and what fills it. Whether it fits the template's own definition is `whatsapp::template`'s to say.

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use serde_json::Value;

use super::super::problem::Fields;
use super::super::wire::{Anything, CouponCode, LanguageCode, Several, TemplateTitle, Text, Visible, Whole, Words};
use super::interactive::{CatalogId, ProductId, ProductSection};
use super::media::{HeaderDocument, HeaderFile};
use super::plain::LocationContent;
use super::shape::{Free, Place, Shape, key, objects, tell, unions, words};

/// More than any body takes.
const MAX_TEXT: usize = 32_768;
const MAX_BUTTONS: i32 = 9;

type Filling = Text<MAX_TEXT, Words>;
type ParameterName = Option<Text<255, Visible>>;

unions! {
    /// What fills a part of a template.
    union FilledComponent {
        FilledHeader, FilledBody, FilledButton, FilledOffer, FilledCarousel,
    }

    /// What fills a part of a card.
    union FilledCardComponent { FilledHeader, FilledBody, FilledButton }

    /// What fills a template's header.
    union HeaderParameter {
        TextParameter, ImageParameter, VideoParameter, DocumentParameter, LocationParameter, ProductParameter,
    }

    /// What fills a gap in a template's words.
    union BodyParameter { TextParameter, CurrencyParameter, DateTimeParameter }

    /// What fills a template's button.
    union ButtonParameter { PayloadParameter, TextParameter, CouponParameter, ActionParameter }
}

words! {
    words LanguagePolicy { Deterministic = "deterministic" }
    words ButtonKind {
        QuickReply = "quick_reply", Url = "url", CopyCode = "copy_code", Flow = "flow", Catalog = "catalog", Mpm = "mpm",
    }
}

objects! {
    /// A template that Meta has approved.
    strict struct TemplateContent {
        name: TemplateTitle,
        language: TemplateLanguage,
        components: Option<Several<0, 20, FilledComponent>>,
    }

    strict struct TemplateLanguage {
        /// Such as `en_US`.
        code: LanguageCode,
        policy: Option<LanguagePolicy>,
    }

    strict struct FilledHeader is "header" {
        parameters: Option<Several<0, 10, HeaderParameter>>,
    }

    strict struct FilledBody is "body" {
        parameters: Option<Several<0, 200, BodyParameter>>,
    }

    strict struct FilledButton is "button" obeys fills_its_kind {
        sub_type: ButtonKind,
        /// Which button, from 0.
        index: Index,
        parameters: Several<1, 1, ButtonParameter>,
    }

    strict struct FilledOffer is "limited_time_offer" {
        parameters: Several<1, 1, OfferParameter>,
    }

    strict struct OfferParameter is "limited_time_offer" {
        limited_time_offer: OfferEnd,
    }

    strict struct OfferEnd {
        /// Unix milliseconds.
        expiration_time_ms: UnixMillis,
    }

    strict struct FilledCarousel is "carousel" {
        cards: Several<1, 10, FilledCard>,
    }

    strict struct FilledCard {
        /// From 0.
        card_index: Whole<0, 9>,
        components: Several<0, 10, FilledCardComponent>,
    }

    strict struct TextParameter is "text" {
        /// The gap it fills, in templates with named ones.
        parameter_name: ParameterName,
        text: Filling,
    }

    strict struct CurrencyParameter is "currency" {
        parameter_name: ParameterName,
        currency: CurrencyValue,
    }

    strict struct CurrencyValue {
        fallback_value: Filling,
        /// Three letters, such as `EUR`.
        code: Text<3>,
        /// The amount times 1000.
        amount_1000: Whole<{ i32::MIN }, { i32::MAX }>,
    }

    strict struct DateTimeParameter is "date_time" {
        parameter_name: ParameterName,
        date_time: DateTimeValue,
    }

    strict struct DateTimeValue {
        fallback_value: Filling,
    }

    strict struct ImageParameter is "image" {
        image: HeaderFile,
    }

    strict struct VideoParameter is "video" {
        video: HeaderFile,
    }

    strict struct DocumentParameter is "document" {
        document: HeaderDocument,
    }

    strict struct LocationParameter is "location" {
        location: LocationContent,
    }

    strict struct ProductParameter is "product" {
        product: ProductOfCatalog,
    }

    strict struct ProductOfCatalog {
        product_retailer_id: ProductId,
        catalog_id: Option<CatalogId>,
    }

    strict struct PayloadParameter is "payload" {
        /// Comes back when it is tapped.
        payload: Text<1000, Anything>,
    }

    strict struct CouponParameter is "coupon_code" {
        coupon_code: Text<20, CouponCode>,
    }

    strict struct ActionParameter is "action" {
        action: ButtonAction,
    }

    strict struct ButtonAction {
        flow_token: Option<Text<1000, Visible>>,
        flow_action_data: Option<Free>,
        thumbnail_product_retailer_id: Option<ProductId>,
        sections: Option<Several<1, 10, ProductSection>>,
    }
}

fn fills_its_kind(button: &FilledButton, at: &Place<'_>, wrong: &mut Fields) {
    let wanted = match button.sub_type {
        ButtonKind::QuickReply => "payload",
        ButtonKind::Url => "text",
        ButtonKind::CopyCode => "coupon_code",
        ButtonKind::Flow | ButtonKind::Catalog | ButtonKind::Mpm => "action",
    };
    let given = match button.parameters.0.first() {
        Some(ButtonParameter::PayloadParameter(_)) => "payload",
        Some(ButtonParameter::TextParameter(_)) => "text",
        Some(ButtonParameter::CouponParameter(_)) => "coupon_code",
        Some(ButtonParameter::ActionParameter(_)) | None => "action",
    };
    if given != wanted {
        let at = at.field("parameters");
        tell(wrong, &at.item(0).field("type"), format!("must be {wanted} for a button of this kind"));
    }
}

/// A button's place: a number, or a digit written out.
#[derive(Debug)]
pub struct Index;

impl Shape for Index {
    fn schema() -> MetaSchemaRef {
        let number = MetaSchema { minimum: Some(0.0), maximum: Some(MAX_BUTTONS.into()), ..MetaSchema::new("integer") };
        let written = MetaSchema { pattern: Some("^[0-9]$".to_owned()), ..MetaSchema::new("string") };
        let one_of = [number, written].map(|schema| MetaSchemaRef::Inline(Box::new(schema))).into();
        MetaSchemaRef::Inline(Box::new(MetaSchema { one_of, ..MetaSchema::ANY }))
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        let is_written = value.as_str().is_some_and(|text| matches!(text.as_bytes(), [b'0'..=b'9']));
        if is_written || Whole::<0, MAX_BUTTONS>::read(value, at, wrong).is_some() {
            return Some(Self);
        }
        None
    }
}

#[derive(Debug)]
pub struct UnixMillis;

impl Shape for UnixMillis {
    fn schema() -> MetaSchemaRef {
        let schema = MetaSchema { minimum: Some(0.0), ..MetaSchema::new_with_format("integer", "int64") };
        MetaSchemaRef::Inline(Box::new(schema))
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        let whole = value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..9e18).contains(number));
        match whole {
            Some(number) => *value = Value::from(number as i64),
            None => tell(wrong, at, "must be a time in whole milliseconds"),
        }
        whole.map(|_| Self)
    }
}
