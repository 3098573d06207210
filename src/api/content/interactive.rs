//! Bubbles that a customer answers with a tap.

use super::super::problem::Fields;
use super::super::wire::{Anything, MetaId, ServiceUrl, Several, Text, Visible, Whole, Words};
use super::carousel::Carousel;
use super::media::{HeaderDocument, HeaderFile};
use super::plain::Body;
use super::shape::{Free, Place, key, objects, tell, tell_doubles, unions, words};

/// Rows of a list, all sections together.
const MAX_ROWS: usize = 10;
/// Products of a list, all sections together.
const MAX_PRODUCTS: usize = 30;

pub type Url = Text<2000, ServiceUrl>;
pub type ProductId = Text<100, Words>;
pub type CatalogId = Text<255, MetaId>;
/// What stands on a button.
pub type ButtonTitle = Text<20, Words>;

unions! {
    /// What a customer can tap; its `type` says how.
    union InteractiveContent {
        ReplyButtons, ListOfRows, UrlButton, FlowForm, LocationRequest, AddressRequest, ContactInfoRequest, SingleProduct, ProductList,
        WholeCatalog, Carousel, CallPermissionRequest, VoiceCall,
    }

    /// What stands above the words.
    union InteractiveHeader { TextHeader, ImageHeader, VideoHeader, DocumentHeader }
}

words! {
    words CtaUrlWord { CtaUrl = "cta_url" }
    words FlowWord { Flow = "flow" }
    words FlowVersion { Three = "3" }
    words FlowAction { Navigate = "navigate", DataExchange = "data_exchange" }
    words FlowMode { Draft = "draft", Published = "published" }
    words SendLocationWord { SendLocation = "send_location" }
    words AddressWord { Address = "address_message" }
    words ContactInfoWord { ContactInfo = "request_contact_info" }
    words CatalogWord { Catalog = "catalog_message" }
    words CallPermissionWord { CallPermission = "call_permission_request" }
    words VoiceCallWord { VoiceCall = "voice_call" }
}

objects! {
    strict struct TextHeader is "text" {
        text: Text<60>,
    }

    strict struct ImageHeader is "image" {
        image: HeaderFile,
    }

    strict struct VideoHeader is "video" {
        video: HeaderFile,
    }

    strict struct DocumentHeader is "document" {
        document: HeaderDocument,
    }

    strict struct ShortBody {
        text: Body<1024>,
    }

    strict struct LongBody {
        text: Body<4096>,
    }

    strict struct InteractiveFooter {
        text: Text<60>,
    }

    /// One to three buttons.
    strict struct ReplyButtons is "button" {
        header: Option<InteractiveHeader>,
        body: ShortBody,
        footer: Option<InteractiveFooter>,
        action: ButtonsAction,
    }

    strict struct ButtonsAction obeys differ {
        buttons: Several<1, 3, ReplyButton>,
    }

    strict struct ReplyButton is "reply" {
        reply: ButtonToTap,
    }

    strict struct ButtonToTap {
        /// Comes back when it is tapped.
        id: Text<256>,
        title: ButtonTitle,
    }

    /// A list that opens with a button.
    strict struct ListOfRows is "list" {
        header: Option<TextHeader>,
        body: LongBody,
        footer: Option<InteractiveFooter>,
        action: ListAction,
    }

    /// Ten rows at the most, all sections together.
    strict struct ListAction obeys rows_fit {
        /// What stands on the button.
        button: ButtonTitle,
        sections: Several<1, 10, ListSection>,
    }

    strict struct ListSection {
        /// Needed where there is more than one section.
        title: Option<Text<24>>,
        rows: Several<1, MAX_ROWS, ListRow>,
    }

    strict struct ListRow {
        /// Comes back when it is tapped.
        id: Text<200>,
        title: Text<24>,
        description: Option<Text<72>>,
    }

    /// A button that opens a link.
    strict struct UrlButton is "cta_url" {
        header: Option<InteractiveHeader>,
        body: ShortBody,
        footer: Option<InteractiveFooter>,
        action: UrlAction,
    }

    strict struct UrlAction {
        name: CtaUrlWord,
        parameters: UrlParameters,
    }

    strict struct UrlParameters {
        display_text: ButtonTitle,
        url: Url,
    }

    /// A form, made in Meta's FlowForm builder.
    strict struct FlowForm is "flow" {
        header: Option<InteractiveHeader>,
        body: ShortBody,
        footer: Option<InteractiveFooter>,
        action: FlowCall,
    }

    strict struct FlowCall {
        name: FlowWord,
        parameters: FlowParameters,
    }

    /// Either `flow_id` or `flow_name`.
    strict struct FlowParameters obeys flow_is_whole {
        flow_message_version: FlowVersion,
        flow_id: Option<Text<255, MetaId>>,
        flow_name: Option<Text<255>>,
        /// What stands on the button.
        flow_cta: Text<30>,
        flow_token: Option<Text<1000, Visible>>,
        flow_action: Option<FlowAction>,
        /// Only with `navigate`.
        flow_action_payload: Option<FlowPayload>,
        mode: Option<FlowMode>,
    }

    strict struct FlowPayload {
        screen: Option<Text<255>>,
        data: Option<Free>,
    }

    /// Asks where the customer is.
    strict struct LocationRequest is "location_request_message" {
        body: ShortBody,
        action: LocationAction,
    }

    strict struct LocationAction {
        name: SendLocationWord,
    }

    /// Asks for a postal address, in India.
    strict struct AddressRequest is "address_message" {
        header: Option<InteractiveHeader>,
        body: ShortBody,
        footer: Option<InteractiveFooter>,
        action: AddressAction,
    }

    strict struct AddressAction {
        name: AddressWord,
        parameters: AddressParameters,
    }

    strict struct AddressParameters {
        /// Two letters, such as `IN`.
        country: Text<2>,
        /// What is filled in already.
        values: Option<Free>,
        saved_addresses: Option<Several<0, 100, SavedAddress>>,
        /// What to correct, by field.
        validation_errors: Option<Free>,
    }

    strict struct SavedAddress {
        id: Text<255>,
        value: Free,
    }

    /// Asks for the customer's phone.
    strict struct ContactInfoRequest is "request_contact_info" {
        body: ShortBody,
        action: ContactInfoAction,
    }

    strict struct ContactInfoAction {
        name: ContactInfoWord,
    }

    /// One product of a catalogue.
    strict struct SingleProduct is "product" {
        body: Option<ShortBody>,
        footer: Option<InteractiveFooter>,
        action: ProductAction,
    }

    strict struct ProductAction {
        catalog_id: CatalogId,
        product_retailer_id: ProductId,
    }

    /// Up to thirty products of a catalogue.
    strict struct ProductList is "product_list" {
        header: TextHeader,
        body: ShortBody,
        footer: Option<InteractiveFooter>,
        action: ProductListAction,
    }

    /// Thirty products at the most, all sections together.
    strict struct ProductListAction obeys products_fit {
        catalog_id: CatalogId,
        sections: Several<1, 10, ProductSection>,
    }

    strict struct ProductSection {
        /// Needed where there is more than one section.
        title: Option<Text<24>>,
        product_items: Several<1, MAX_PRODUCTS, ProductItem>,
    }

    strict struct ProductItem {
        product_retailer_id: ProductId,
    }

    /// The whole catalogue.
    strict struct WholeCatalog is "catalog_message" {
        body: ShortBody,
        footer: Option<InteractiveFooter>,
        action: CatalogAction,
    }

    strict struct CatalogAction {
        name: CatalogWord,
        parameters: Option<CatalogParameters>,
    }

    strict struct CatalogParameters {
        /// The product whose picture is shown.
        thumbnail_product_retailer_id: Option<ProductId>,
    }

    /// Asks whether the business may call.
    strict struct CallPermissionRequest is "call_permission_request" {
        body: Option<ShortBody>,
        action: CallPermissionAction,
    }

    strict struct CallPermissionAction {
        name: CallPermissionWord,
    }

    /// A button that calls the business.
    strict struct VoiceCall is "voice_call" {
        header: Option<InteractiveHeader>,
        body: ShortBody,
        footer: Option<InteractiveFooter>,
        action: VoiceCallAction,
    }

    strict struct VoiceCallAction {
        name: VoiceCallWord,
        parameters: Option<VoiceCallParameters>,
    }

    strict struct VoiceCallParameters {
        display_text: Option<ButtonTitle>,
        ttl_minutes: Option<Whole<1, 43_200>>,
        /// Comes back with the call.
        payload: Option<Text<512, Anything>>,
    }
}

fn differ(action: &ButtonsAction, at: &Place<'_>, wrong: &mut Fields) {
    let buttons = || action.buttons.0.iter().enumerate();
    let path = |index, key| format!("{at}.buttons[{index}].reply.{key}");
    tell_doubles(wrong, buttons().map(|(index, button)| (&*button.reply.id, path(index, "id"))));
    tell_doubles(wrong, buttons().map(|(index, button)| (&*button.reply.title, path(index, "title"))));
}

fn rows_fit(action: &ListAction, at: &Place<'_>, wrong: &mut Fields) {
    let sections = at.field("sections");
    let titles: Vec<bool> = action.sections.0.iter().map(|section| section.title.is_some()).collect();
    titles_are_there(&titles, &sections, wrong);
    let rows = action.sections.0.iter().enumerate().flat_map(|(section, of)| {
        of.rows.0.iter().enumerate().map(move |(row, of)| (&*of.id, format!("{sections}[{section}].rows[{row}].id")))
    });
    let rows: Vec<(&str, String)> = rows.collect();
    if rows.len() > MAX_ROWS {
        tell(wrong, &sections, format!("must have {MAX_ROWS} rows at the most, all sections together"));
    }
    tell_doubles(wrong, rows);
}

fn products_fit(action: &ProductListAction, at: &Place<'_>, wrong: &mut Fields) {
    let sections = at.field("sections");
    let titles: Vec<bool> = action.sections.0.iter().map(|section| section.title.is_some()).collect();
    titles_are_there(&titles, &sections, wrong);
    let products: usize = action.sections.0.iter().map(|section| section.product_items.0.len()).sum();
    if products > MAX_PRODUCTS {
        tell(wrong, &sections, format!("must have {MAX_PRODUCTS} products at the most, all sections together"));
    }
}

fn titles_are_there(titles: &[bool], sections: &Place<'_>, wrong: &mut Fields) {
    for (index, _) in titles.iter().enumerate().filter(|(_, has_title)| titles.len() > 1 && !**has_title) {
        tell(wrong, &sections.item(index).field("title"), "is needed where there is more than one section");
    }
}

fn flow_is_whole(flow: &FlowParameters, at: &Place<'_>, wrong: &mut Fields) {
    if flow.flow_id.is_some() == flow.flow_name.is_some() {
        tell(wrong, at, "must have either a flow_id or a flow_name");
    }
    if flow.flow_action == Some(FlowAction::DataExchange) && flow.flow_action_payload.is_some() {
        tell(wrong, &at.field("flow_action_payload"), "belongs to the action navigate only");
    }
}
