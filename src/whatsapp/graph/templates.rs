//! An account's message templates, as Meta has them.

use reqwest::Method;
use secrecy::SecretString;
use serde_json::Value;

use super::GraphClient;
use crate::whatsapp::error::GraphError;

const TEMPLATE_FIELDS: &str = "id,name,language,status,category,previous_category,parameter_format,components,\
    quality_score,rejected_reason,message_send_ttl_seconds";
/// Templates with carousels are long, and an answer is read up to its limit.
const PAGE: &str = "50";

/// A page of templates and where the next one starts.
#[derive(Debug)]
pub struct TemplatePage {
    pub items: Vec<Value>,
    pub after: Option<String>,
}

impl GraphClient {
    pub async fn list_templates(
        &self,
        waba_id: &str,
        token: &SecretString,
        after: Option<&str>,
    ) -> Result<TemplatePage, GraphError> {
        let mut query = vec![("fields", TEMPLATE_FIELDS), ("limit", PAGE)];
        query.extend(after.map(|after| ("after", after)));
        let answer = self.ask(&format!("{waba_id}/message_templates"), token, &query).await?;
        Ok(read_page(answer))
    }

    pub async fn template(&self, meta_id: &str, token: &SecretString) -> Result<Value, GraphError> {
        self.ask(meta_id, token, &[("fields", TEMPLATE_FIELDS)]).await
    }

    /// Meta answers with `id`, `status` and `category`.
    pub async fn create_template(
        &self,
        waba_id: &str,
        token: &SecretString,
        definition: Value,
    ) -> Result<Value, GraphError> {
        self.call(Method::POST, &format!("{waba_id}/message_templates"), token, Some(definition)).await
    }

    pub async fn edit_template(&self, meta_id: &str, token: &SecretString, change: Value) -> Result<(), GraphError> {
        self.call(Method::POST, meta_id, token, Some(change)).await.map(drop)
    }

    /// Deletes one language of a template where its id is given, else all of them.
    pub async fn delete_template(
        &self,
        waba_id: &str,
        token: &SecretString,
        name: &str,
        meta_id: Option<&str>,
    ) -> Result<(), GraphError> {
        let mut query = vec![("name", name)];
        query.extend(meta_id.map(|id| ("hsm_id", id)));
        let request = self.request(Method::DELETE, &format!("{waba_id}/message_templates")).query(&query);
        self.finish(request, token).await.map(drop)
    }
}

fn read_page(mut answer: Value) -> TemplatePage {
    // The cursor of the last page is given too; only `next` says that there is more.
    let more = answer.pointer("/paging/next").is_some_and(Value::is_string);
    let after = answer.pointer("/paging/cursors/after").and_then(Value::as_str).filter(|_| more).map(str::to_owned);
    let items = match answer.get_mut("data").map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    TemplatePage { items, after }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_page_has_a_cursor_but_no_next() {
        let page = |next: Value| {
            read_page(json!({"data": [{"id": "1"}], "paging": {"cursors": {"after": "A"}, "next": next}})).after
        };
        assert_eq!(page(json!("https://graph/next")), Some("A".to_owned()));
        assert_eq!(page(Value::Null), None);
    }
}
