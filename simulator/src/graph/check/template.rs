//! A template message's own shape; whether it fills its template is judged with the template at hand.

use serde_json::Value;

use super::{Checked, GraphError, required};

const COMPONENTS: [&str; 6] = ["header", "body", "button", "carousel", "limited_time_offer", "footer"];
const PARAMETERS: [&str; 13] = [
    "action",
    "coupon_code",
    "currency",
    "date_time",
    "document",
    "image",
    "limited_time_offer",
    "location",
    "order_status",
    "payload",
    "product",
    "text",
    "video",
];

pub(super) fn check(_: &str, part: &Value) -> Checked {
    required(part, "name", "template['name']")?;
    required(&part["language"], "code", "template['language']['code']")?;
    components(&part["components"])
}

fn components(list: &Value) -> Checked {
    if list.is_null() {
        return Ok(());
    }
    let list = list.as_array().ok_or_else(|| GraphError::parameter("template['components'] must be a list."))?;
    for component in list {
        word(component, "type", &COMPONENTS, "components['type']")?;
        let parameters = component["parameters"].as_array().into_iter().flatten();
        for parameter in parameters {
            word(parameter, "type", &PARAMETERS, "parameters['type']")?;
        }
        let cards = component["cards"].as_array().into_iter().flatten();
        for card in cards {
            components(&card["components"])?;
        }
    }
    Ok(())
}

fn word(part: &Value, key: &str, allowed: &[&str], name: &str) -> Checked {
    let word = part[key].as_str().unwrap_or_default();
    if allowed.iter().any(|known| known.eq_ignore_ascii_case(word)) {
        return Ok(());
    }
    Err(GraphError::parameter(format!("Param template['{name}'] must be one of {{{}}}.", allowed.join(", "))))
}
