//! Interactive messages: what each kind may have around its action, and the action itself.

use serde_json::Value;

use super::{
    Checked, GraphError, all_differ, at_most, bounded, cards, list, media_source, required, string, web_address,
};

/// What one kind of interactive message may consist of.
struct Form {
    name: &'static str,
    headers: &'static [&'static str],
    most_body: usize,
    /// Whether a body is optional.
    body_optional: bool,
    footer: bool,
    /// What `action.name` must be, where it has one.
    action: Option<&'static str>,
    check: fn(&Value) -> Checked,
}

const ANY_HEADER: &[&str] = &["text", "image", "video", "document"];
const TEXT_HEADER: &[&str] = &["text"];
const PLAIN: Form = Form {
    name: "",
    headers: &[],
    most_body: 1024,
    body_optional: false,
    footer: true,
    action: None,
    check: |_| Ok(()),
};

const FORMS: [Form; 15] = [
    Form { name: "button", headers: ANY_HEADER, check: buttons, ..PLAIN },
    Form { name: "list", headers: TEXT_HEADER, most_body: 4096, check: rows, ..PLAIN },
    Form { name: "cta_url", headers: ANY_HEADER, action: Some("cta_url"), check: link, ..PLAIN },
    Form { name: "flow", headers: ANY_HEADER, action: Some("flow"), check: flow, ..PLAIN },
    Form { name: "location_request_message", footer: false, action: Some("send_location"), ..PLAIN },
    Form { name: "address_message", headers: TEXT_HEADER, action: Some("address_message"), check: address, ..PLAIN },
    Form { name: "request_contact_info", action: Some("request_contact_info"), ..PLAIN },
    Form { name: "product", body_optional: true, check: cards::product, ..PLAIN },
    Form { name: "product_list", headers: TEXT_HEADER, check: cards::product_list, ..PLAIN },
    Form { name: "catalog_message", action: Some("catalog_message"), ..PLAIN },
    Form { name: "carousel", footer: false, check: cards::carousel, ..PLAIN },
    Form { name: "call_permission_request", action: Some("call_permission_request"), ..PLAIN },
    Form { name: "voice_call", action: Some("voice_call"), check: voice_call, ..PLAIN },
    Form { name: "order_details", headers: ANY_HEADER, action: Some("review_and_pay"), ..PLAIN },
    Form { name: "order_status", action: Some("review_order"), ..PLAIN },
];

const MAX_HEADER: usize = 60;
const MAX_FOOTER: usize = 60;

pub(super) fn check(_: &str, part: &Value) -> Checked {
    let kind = string(part, "type").ok_or_else(|| GraphError::missing("interactive['type']"))?;
    let Some(form) = FORMS.iter().find(|form| form.name == kind) else {
        let names: Vec<&str> = FORMS.iter().map(|form| form.name).collect();
        return Err(GraphError::parameter(format!(
            "Param interactive['type'] must be one of {{{}}}.",
            names.join(", ")
        )));
    };
    header(part, form)?;
    if !form.body_optional || part.get("body").is_some() {
        bounded(&part["body"], "text", form.most_body, "interactive['body']['text']")?;
    }
    if part.get("footer").is_some() {
        if !form.footer {
            return Err(GraphError::parameter("Unexpected key \"footer\" on param \"interactive\"."));
        }
        bounded(&part["footer"], "text", MAX_FOOTER, "interactive['footer']['text']")?;
    }
    let action = &part["action"];
    if !action.is_object() {
        return Err(GraphError::missing("interactive['action']"));
    }
    if let Some(name) = form.action
        && action["name"] != name
    {
        return Err(GraphError::parameter(format!("Param interactive['action']['name'] must be \"{name}\".")));
    }
    (form.check)(action)?;
    if kind == "product_list" && part.get("header").is_none() {
        return Err(GraphError::missing("interactive['header']"));
    }
    Ok(())
}

fn header(part: &Value, form: &Form) -> Checked {
    let Some(header) = part.get("header") else { return Ok(()) };
    let kind = string(header, "type").ok_or_else(|| GraphError::missing("interactive['header']['type']"))?;
    if !form.headers.contains(&kind) {
        return Err(GraphError::parameter(format!("A header of type \"{kind}\" cannot stand on a {}.", form.name)));
    }
    if kind == "text" {
        return bounded(header, "text", MAX_HEADER, "interactive['header']['text']").map(|_| ());
    }
    media_source(&header[kind], &format!("interactive['header']['{kind}']"))
}

fn buttons(action: &Value) -> Checked {
    let buttons = list(action, "buttons", 1, 3, "buttons")?;
    for button in buttons {
        if button["type"] != "reply" {
            return Err(GraphError::parameter("Param button['type'] must be one of {REPLY}."));
        }
        bounded(&button["reply"], "id", 256, "button['reply']['id']")?;
        bounded(&button["reply"], "title", 20, "button['reply']['title']")?;
    }
    all_differ(buttons.iter().filter_map(|button| string(&button["reply"], "id")), "button id")?;
    all_differ(buttons.iter().filter_map(|button| string(&button["reply"], "title")), "button title")
}

fn rows(action: &Value) -> Checked {
    bounded(action, "button", 20, "interactive['action']['button']")?;
    let sections = list(action, "sections", 1, 10, "sections")?;
    let mut all: Vec<&Value> = Vec::new();
    for section in sections {
        if sections.len() > 1 {
            required(section, "title", "section['title']")?;
        }
        at_most(section, "title", 24, "section['title']")?;
        let rows = section["rows"].as_array().filter(|rows| !rows.is_empty());
        all.extend(rows.ok_or_else(|| GraphError::missing("section['rows']"))?);
    }
    if !(1..=10).contains(&all.len()) {
        return Err(GraphError::coded(131_009, "Total row count must be between 1 and 10."));
    }
    for row in &all {
        bounded(row, "id", 200, "row['id']")?;
        bounded(row, "title", 24, "row['title']")?;
        at_most(row, "description", 72, "row['description']")?;
    }
    all_differ(all.iter().filter_map(|row| string(row, "id")), "row id")
}

pub(super) fn link(action: &Value) -> Checked {
    let parameters = &action["parameters"];
    bounded(parameters, "display_text", 20, "parameters['display_text']")?;
    let url = string(parameters, "url").ok_or_else(|| GraphError::missing("parameters['url']"))?;
    web_address(url, "parameters['url']")
}

fn flow(action: &Value) -> Checked {
    let parameters = &action["parameters"];
    if parameters["flow_message_version"] != "3" {
        return Err(GraphError::parameter("Param flow_message_version must be \"3\"."));
    }
    let named = [string(parameters, "flow_id"), string(parameters, "flow_name")];
    if named.iter().flatten().count() != 1 {
        return Err(GraphError::parameter("Exactly one of flow_id and flow_name is required."));
    }
    bounded(parameters, "flow_cta", 30, "parameters['flow_cta']")?;
    let words = [("mode", ["draft", "published"]), ("flow_action", ["navigate", "data_exchange"])];
    for (key, allowed) in words {
        if parameters.get(key).is_some_and(|word| !allowed.iter().any(|known| word == known)) {
            return Err(GraphError::parameter(format!("Param {key} must be one of {{{}}}.", allowed.join(", "))));
        }
    }
    if parameters["flow_action"] == "data_exchange" && parameters.get("flow_action_payload").is_some() {
        return Err(GraphError::parameter("Unexpected key \"flow_action_payload\" with data_exchange."));
    }
    Ok(())
}

fn address(action: &Value) -> Checked {
    let country = string(&action["parameters"], "country").filter(|country| country.len() == 2);
    country.map(|_| ()).ok_or_else(|| GraphError::missing("parameters['country']"))
}

fn voice_call(action: &Value) -> Checked {
    let parameters = &action["parameters"];
    at_most(parameters, "display_text", 20, "parameters['display_text']")?;
    at_most(parameters, "payload", 512, "parameters['payload']")?;
    let minutes = parameters.get("ttl_minutes").map(|minutes| minutes.as_i64().unwrap_or_default());
    if minutes.is_some_and(|minutes| !(1..=43_200).contains(&minutes)) {
        return Err(GraphError::parameter("Param ttl_minutes must be between 1 and 43200."));
    }
    Ok(())
}
