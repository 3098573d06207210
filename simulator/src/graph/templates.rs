//! Templates over the Graph API: list, look, make, change, remove, unpause.

use poem::http::Method;
use serde_json::{Value, json};

use super::{
    call::{Call, Head, Outcome},
    error::GraphError,
    paging::{page, with_fields},
};
use crate::{
    lock,
    simulator::Simulator,
    templates::{Template, definition},
};

const MAX_PAGE: usize = 500;
/// How often an approved template may be edited; we count since its approval and leave the days out.
const MAX_EDITS: u32 = 10;

impl Simulator {
    pub(super) fn template_edge(&self, account: &str, call: &Call) -> Result<Outcome, GraphError> {
        self.know_account(account)?;
        match call.head.method {
            Method::GET => self.list_templates(account, &call.head),
            Method::POST => self.make_template(account, &call.json()?),
            Method::DELETE => self.delete_templates(account, &call.head),
            _ => Err(GraphError::unknown_path(&call.head.path)),
        }
    }

    fn list_templates(&self, account: &str, head: &Head) -> Result<Outcome, GraphError> {
        let templates = lock(&self.desk.templates);
        let fits = |name: &str, value: &str| head.query(name).is_none_or(|wanted| wanted.eq_ignore_ascii_case(value));
        let wanted = templates.of_account(account).filter(|template| {
            let name = head.query("name").is_none_or(|part| template.name.contains(part));
            name && fits("status", &template.status)
                && fits("category", &template.category)
                && fits("language", &template.language)
                && fits("quality_score", &template.quality)
        });
        page(
            head,
            MAX_PAGE,
            wanted.map(|template| (template.id.to_string(), with_fields(head, template.node()))).collect(),
        )
    }

    pub(super) fn template_node(&self, id: &str, head: &Head) -> Result<Outcome, GraphError> {
        let templates = lock(&self.desk.templates);
        let template = templates.get(id).ok_or_else(|| GraphError::no_such_node(id))?;
        Ok(Outcome::done(with_fields(head, template.node())))
    }

    fn make_template(&self, account: &str, body: &Value) -> Result<Outcome, GraphError> {
        definition::heading(body)?;
        let named = definition::components(body, &|handle| self.is_handle(handle))?;
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let template = Template {
            id: 0,
            account: account.to_owned(),
            name: text("name"),
            language: text("language"),
            category: text("category"),
            previous_category: None,
            status: "PENDING".to_owned(),
            quality: "UNKNOWN".to_owned(),
            rejected_reason: "NONE".to_owned(),
            named,
            components: body["components"].clone(),
            send_ttl_secs: send_ttl(body)?,
            edits: 0,
        };
        let mut templates = lock(&self.desk.templates);
        if templates.find(account, &template.name, &template.language).is_some() {
            let details = "There is already content in this language for this template.";
            return Err(GraphError::parameter(details).with_subcode(2_388_024));
        }
        let made = templates.add(template);
        drop(templates);
        let made = made.ok_or_else(|| GraphError::coded(2_388_019, "The account has as many templates as it may."))?;
        self.submit_template(made.id);
        Ok(Outcome::done(json!({"id": made.id.to_string(), "status": made.status, "category": made.category})))
    }

    pub(super) fn edit_template(&self, id: &str, body: &Value) -> Result<Outcome, GraphError> {
        let mut changed = lock(&self.desk.templates).get(id).cloned().ok_or_else(|| GraphError::no_such_node(id))?;
        if !["APPROVED", "REJECTED", "PAUSED"].contains(&changed.status.as_str()) {
            return Err(GraphError::parameter(format!("A template that is {} cannot be edited.", changed.status)));
        }
        if changed.edits >= MAX_EDITS {
            return Err(GraphError::parameter("An approved template can be edited 10 times in 30 days."));
        }
        if body.get("category").is_some_and(|category| *category != changed.category) {
            definition::category(body)?;
            if changed.status == "APPROVED" {
                return Err(GraphError::parameter("The category of an approved template cannot be changed."));
            }
            changed.category = body["category"].as_str().unwrap_or_default().to_owned();
        }
        if body.get("components").is_some() {
            let format = if changed.named { "named" } else { "positional" };
            let format = body.get("parameter_format").and_then(Value::as_str).unwrap_or(format);
            let whole =
                json!({"components": body["components"], "category": changed.category, "parameter_format": format});
            changed.named = definition::components(&whole, &|handle| self.is_handle(handle))?;
            changed.components = body["components"].clone();
        }
        changed.send_ttl_secs = send_ttl(body)?.or(changed.send_ttl_secs);
        changed.status = "PENDING".to_owned();
        changed.edits += 1;
        let template_id = changed.id;
        let answer = json!({"success": true, "id": id, "name": changed.name, "category": changed.category});
        if let Some(template) = lock(&self.desk.templates).get_mut(template_id) {
            *template = changed;
        }
        self.submit_template(template_id);
        Ok(Outcome::done(answer))
    }

    fn delete_templates(&self, account: &str, head: &Head) -> Result<Outcome, GraphError> {
        let ids = head.query("hsm_ids").or_else(|| head.query("hsm_id"));
        let ids: Option<Vec<&str>> =
            ids.map(|ids| ids.trim_matches(['[', ']']).split(',').map(|id| id.trim().trim_matches('"')).collect());
        let name = head.query("name");
        if name.is_none() && ids.is_none() {
            return Err(GraphError::missing("name"));
        }
        let removed = lock(&self.desk.templates).remove(|template| {
            let by_id = ids.as_ref().is_none_or(|ids| ids.contains(&template.id.to_string().as_str()));
            template.account == account && by_id && name.is_none_or(|name| template.name == name)
        });
        if removed.is_empty() {
            return Err(GraphError::parameter("There is no such template.").with_subcode(2_593_002));
        }
        removed.iter().for_each(|template| self.tell_template_status(template, "PENDING_DELETION", "NONE"));
        Ok(Outcome::success())
    }

    pub(super) fn unpause_template(&self, id: &str) -> Result<Outcome, GraphError> {
        let template = lock(&self.desk.templates).get(id).cloned().ok_or_else(|| GraphError::no_such_node(id))?;
        if template.status != "PAUSED" {
            return Err(GraphError::parameter("The template is not paused."));
        }
        self.change_template_status(template.id, "APPROVED", "NONE");
        Ok(Outcome::success())
    }
}

/// How long a message may wait for its phone, by category.
fn send_ttl(body: &Value) -> Result<Option<i64>, GraphError> {
    let Some(secs) = body["message_send_ttl_seconds"].as_i64() else { return Ok(None) };
    let (least, most) = match body["category"].as_str() {
        Some("AUTHENTICATION") => (30, 900),
        Some("MARKETING") => (12 * 3600, 30 * 86_400),
        _ => (30, 43_200),
    };
    let for_ever = secs == -1 && body["category"] != "MARKETING";
    if for_ever || (least..=most).contains(&secs) {
        return Ok(Some(secs));
    }
    Err(GraphError::parameter(format!("message_send_ttl_seconds must be between {least} and {most}.")))
}
