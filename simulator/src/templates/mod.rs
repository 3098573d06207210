//! Message templates: what they say, and how Meta stands to each.
//!
//! `definition` judges a template when it is made, `filling` a message that uses one, `showing` draws it as a phone would.

pub(crate) mod definition;
pub(crate) mod filling;
pub(crate) mod showing;
pub(crate) mod variables;

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The most one account holds: what Meta allows a verified business.
const MAX_PER_ACCOUNT: usize = 6000;
const FIRST_ID: u64 = 5_060_000_000_000_001;

/// One template in one language.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    pub(crate) id: u64,
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) language: String,
    pub(crate) category: String,
    pub(crate) previous_category: Option<String>,
    pub(crate) status: String,
    pub(crate) quality: String,
    pub(crate) rejected_reason: String,
    pub(crate) named: bool,
    pub(crate) components: Value,
    pub(crate) send_ttl_secs: Option<i64>,
    /// Edits since it was approved.
    pub(crate) edits: u32,
}

impl Template {
    /// The node the Graph API shows.
    pub(crate) fn node(&self) -> Value {
        let mut node = json!({
            "id": self.id.to_string(),
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "parameter_format": if self.named { "NAMED" } else { "POSITIONAL" },
            "components": self.components,
            "quality_score": {"score": self.quality, "date": 1_790_000_000},
            "rejected_reason": self.rejected_reason,
        });
        if let Some(previous) = &self.previous_category {
            node["previous_category"] = json!(previous);
        }
        if let Some(secs) = self.send_ttl_secs {
            node["message_send_ttl_seconds"] = json!(secs);
        }
        node
    }

    /// What every webhook about it names.
    pub(crate) fn webhook(&self) -> Value {
        json!({
            "message_template_id": self.id,
            "message_template_name": self.name,
            "message_template_language": self.language,
        })
    }

    /// The component of a type, such as `BODY`.
    pub(crate) fn component(&self, kind: &str) -> Option<&Value> {
        find_component(&self.components, kind)
    }

    /// Whether whoever judges it turns it down: the word stands in its name or its body.
    pub(crate) fn asks_for_rejection(&self) -> bool {
        let body = self.component("BODY").and_then(|body| body["text"].as_str()).unwrap_or_default();
        self.name.contains("reject") || body.to_lowercase().contains("reject")
    }
}

/// Finds a component however its type is written.
pub(crate) fn find_component<'a>(components: &'a Value, kind: &str) -> Option<&'a Value> {
    let mut components = components.as_array().into_iter().flatten();
    components.find(|component| component["type"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(kind)))
}

/// All templates, by id: the order they were made in.
pub(crate) struct Templates {
    by_id: BTreeMap<u64, Template>,
    next_id: u64,
}

impl Templates {
    /// Each account starts with `hello_world` and `order_update`.
    pub(crate) fn new<'a>(accounts: impl Iterator<Item = &'a str>) -> Self {
        let mut templates = Self { by_id: BTreeMap::new(), next_id: FIRST_ID };
        let mut seen: Vec<&str> = Vec::new();
        for account in accounts {
            if !seen.contains(&account) {
                seen.push(account);
                first_templates(account).into_iter().for_each(|template| drop(templates.add(template)));
            }
        }
        templates
    }

    /// Takes a template in under an id of its own; none if the account is full.
    pub(crate) fn add(&mut self, mut template: Template) -> Option<Template> {
        if self.of_account(&template.account).count() >= MAX_PER_ACCOUNT {
            return None;
        }
        template.id = self.next_id;
        self.next_id += 1;
        self.by_id.insert(template.id, template.clone());
        Some(template)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Template> {
        self.by_id.get(&id.parse().ok()?)
    }

    pub(crate) fn get_mut(&mut self, id: u64) -> Option<&mut Template> {
        self.by_id.get_mut(&id)
    }

    pub(crate) fn find(&self, account: &str, name: &str, language: &str) -> Option<&Template> {
        self.of_account(account).find(|template| template.name == name && template.language == language)
    }

    pub(crate) fn of_account(&self, account: &str) -> impl Iterator<Item = &Template> {
        self.by_id.values().filter(move |template| template.account == account)
    }

    /// Removes templates and answers them.
    pub(crate) fn remove(&mut self, goes: impl Fn(&Template) -> bool) -> Vec<Template> {
        let ids: Vec<u64> = self.by_id.values().filter(|template| goes(template)).map(|template| template.id).collect();
        ids.iter().filter_map(|id| self.by_id.remove(id)).collect()
    }
}

fn first_templates(account: &str) -> [Template; 2] {
    let template = |name: &str, language: &str, components: Value| Template {
        id: 0,
        account: account.to_owned(),
        name: name.to_owned(),
        language: language.to_owned(),
        category: "UTILITY".to_owned(),
        previous_category: None,
        status: "APPROVED".to_owned(),
        quality: "GREEN".to_owned(),
        rejected_reason: "NONE".to_owned(),
        named: false,
        components,
        send_ttl_secs: None,
        edits: 0,
    };
    let hello = json!([
        {"type": "HEADER", "format": "TEXT", "text": "Hello World"},
        {"type": "BODY", "text": "Welcome and congratulations!! This message demonstrates your ability to send a message \
                                  notification from WhatsApp."},
        {"type": "FOOTER", "text": "WhatsApp on your desk"},
    ]);
    let order = json!([{"type": "BODY", "text": "Hello {{1}}, your order {{2}} is ready.",
        "example": {"body_text": [["Ana", "A-77"]]}}]);
    [template("hello_world", "en_US", hello), template("order_update", "en", order)]
}
