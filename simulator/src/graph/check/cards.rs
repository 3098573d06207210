//! Products and carousels.

use serde_json::Value;

use super::{Checked, GraphError, at_most, bounded, interactive::link, list, media_source, required, string};

const MAX_PRODUCTS: usize = 30;
const MAX_CARD_BODY: usize = 160;
const MAX_CARD_BREAKS: usize = 2;

pub(super) fn product(action: &Value) -> Checked {
    required(action, "catalog_id", "action['catalog_id']")?;
    required(action, "product_retailer_id", "action['product_retailer_id']")
}

pub(super) fn product_list(action: &Value) -> Checked {
    required(action, "catalog_id", "action['catalog_id']")?;
    let sections = list(action, "sections", 1, 10, "sections")?;
    let mut count = 0;
    for section in sections {
        if sections.len() > 1 {
            required(section, "title", "section['title']")?;
        }
        at_most(section, "title", 24, "section['title']")?;
        let products = section["product_items"].as_array().map(Vec::as_slice).unwrap_or_default();
        count += products.len();
        products.iter().try_for_each(|item| required(item, "product_retailer_id", "product_retailer_id"))?;
    }
    if (1..=MAX_PRODUCTS).contains(&count) {
        return Ok(());
    }
    Err(GraphError::coded(131_009, "Total product count must be between 1 and 30."))
}

pub(super) fn carousel(action: &Value) -> Checked {
    let cards = list(action, "cards", 2, 10, "cards")?;
    for (place, card) in cards.iter().enumerate() {
        if card["card_index"].as_u64() != Some(place as u64) {
            return Err(GraphError::parameter("card_index must count from 0 without gaps."));
        }
        if kind_of(card) != kind_of(&cards[0]) {
            return Err(GraphError::parameter("All cards must be of one kind."));
        }
        if kind_of(card) == ("product", false) {
            product(&card["action"])?;
        } else {
            media_card(card)?;
        }
    }
    Ok(())
}

/// A card's type, and whether it has quick replies.
fn kind_of(card: &Value) -> (&str, bool) {
    (string(card, "type").unwrap_or("cta_url"), card["action"]["buttons"].is_array())
}

fn media_card(card: &Value) -> Checked {
    let header = &card["header"];
    let kind = string(header, "type").filter(|kind| ["image", "video"].contains(kind));
    let kind = kind.ok_or_else(|| GraphError::missing("card['header']"))?;
    media_source(&header[kind], &format!("card['header']['{kind}']"))?;
    at_most(&card["body"], "text", MAX_CARD_BODY, "card['body']['text']")?;
    let breaks = string(&card["body"], "text").map_or(0, |text| text.matches('\n').count());
    if breaks > MAX_CARD_BREAKS {
        return Err(GraphError::parameter("card['body']['text'] may have at most 2 line breaks."));
    }
    let action = &card["action"];
    if !action["buttons"].is_array() {
        return link(action);
    }
    for button in list(action, "buttons", 1, 3, "card buttons")? {
        bounded(&button["quick_reply"], "id", 20, "quick_reply['id']")?;
        bounded(&button["quick_reply"], "title", 20, "quick_reply['title']")?;
    }
    Ok(())
}
