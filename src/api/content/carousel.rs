//! Cards side by side: pictures or films with buttons, or products.

use super::super::problem::Fields;
use super::super::wire::{Several, Text, Whole};
use super::interactive::{
    ButtonTitle, CatalogId, CtaUrlWord, ImageHeader, ProductId, ShortBody, UrlParameters, VideoHeader,
};
use super::shape::{Place, key, objects, tell, tell_doubles, unions};

const MAX_LINE_BREAKS: usize = 2;

unions! {
    /// A card; its `type` says of what kind, and all cards of a carousel are of one kind.
    union CarouselCard { MediaCard, ProductCard }

    /// The picture or the film of a card.
    union CarouselCardHeader { ImageHeader, VideoHeader }
}

objects! {
    /// Two to ten cards.
    strict struct Carousel is "carousel" {
        body: ShortBody,
        action: CarouselAction,
    }

    strict struct CarouselAction obeys are_alike {
        cards: Several<2, 10, CarouselCard>,
    }

    /// A picture or a film with a link or with buttons.
    strict struct MediaCard is "cta_url" {
        /// From 0.
        card_index: Whole<0, 9>,
        header: CarouselCardHeader,
        body: Option<CarouselCardBody>,
        action: CarouselCardAction,
    }

    /// Two line breaks at the most.
    strict struct CarouselCardBody obeys breaks_few_lines {
        text: Text<160>,
    }

    /// Either `name` and `parameters` of a link, or `buttons`.
    strict struct CarouselCardAction obeys link_or_buttons {
        name: Option<CtaUrlWord>,
        parameters: Option<UrlParameters>,
        buttons: Option<Several<1, 10, QuickReplyButton>>,
    }

    strict struct QuickReplyButton is "quick_reply" {
        quick_reply: QuickReply,
    }

    strict struct QuickReply {
        /// Comes back when it is tapped.
        id: Text<20>,
        title: ButtonTitle,
    }

    strict struct ProductCard is "product" {
        /// From 0.
        card_index: Whole<0, 9>,
        action: CarouselCardProduct,
    }

    strict struct CarouselCardProduct {
        catalog_id: CatalogId,
        product_retailer_id: ProductId,
    }
}

fn breaks_few_lines(body: &CarouselCardBody, at: &Place<'_>, wrong: &mut Fields) {
    if body.text.matches('\n').count() > MAX_LINE_BREAKS {
        tell(wrong, &at.field("text"), format!("must have {MAX_LINE_BREAKS} line breaks at the most"));
    }
}

fn link_or_buttons(action: &CarouselCardAction, at: &Place<'_>, wrong: &mut Fields) {
    let has_link = action.name.is_some() && action.parameters.is_some();
    let has_some_link = action.name.is_some() || action.parameters.is_some();
    if has_some_link != has_link || has_link == action.buttons.is_some() {
        tell(wrong, at, "must have either name and parameters, or buttons");
    }
    let Some(buttons) = &action.buttons else { return };
    let ids = buttons.0.iter().enumerate();
    tell_doubles(
        wrong,
        ids.map(|(index, button)| (&*button.quick_reply.id, format!("{at}.buttons[{index}].quick_reply.id"))),
    );
}

/// What the cards of a carousel have in common.
fn likeness(card: &CarouselCard) -> String {
    match card {
        CarouselCard::ProductCard(card) => format!("product of {}", &*card.action.catalog_id),
        CarouselCard::MediaCard(card) => {
            let header = match card.header {
                CarouselCardHeader::ImageHeader(_) => "image",
                CarouselCardHeader::VideoHeader(_) => "video",
            };
            format!("{header} {}", card.action.buttons.as_ref().map_or(0, |buttons| buttons.0.len()))
        }
    }
}

fn are_alike(action: &CarouselAction, at: &Place<'_>, wrong: &mut Fields) {
    let cards = at.field("cards");
    for (index, card) in action.cards.0.iter().enumerate() {
        let card_index = match card {
            CarouselCard::MediaCard(card) => card.card_index,
            CarouselCard::ProductCard(card) => card.card_index,
        };
        if usize::try_from(card_index.get()) != Ok(index) {
            tell(wrong, &cards.item(index).field("card_index"), "must count the cards from 0");
        }
        if likeness(card) != likeness(&action.cards.0[0]) {
            tell(wrong, &cards.item(index), "must be of the same kind as the first card");
        }
    }
}
