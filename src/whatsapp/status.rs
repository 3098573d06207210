//! Status webhooks: how far a message of ours has got, and what it costs.

use serde_json::{Value, json};

use super::json::{items, kept_at, seconds_at, text_at};

/// A status of a message we sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    pub wamid: Option<String>,
    /// Meta's word, such as `delivered`.
    pub status: String,
    /// Unix seconds.
    pub timestamp: Option<i64>,
    /// What we sent along as `biz_opaque_callback_data`.
    pub callback_data: Option<String>,
    /// Of a failed message: `{code, title, details}`.
    pub error: Option<MetaError>,
    /// `{type, category, pricing_model, billable}`: what Meta charges, in `sent` and in one later status.
    pub pricing: Option<Value>,
    /// Unix seconds: until when a free entry point (an ad, a page's button) stands open.
    pub free_entry_until: Option<i64>,
}

/// An error as Meta tells it in webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetaError {
    pub code: Option<i64>,
    pub title: Option<String>,
    pub details: Option<String>,
}

impl MetaError {
    pub fn to_json(&self) -> Value {
        json!({ "code": self.code, "title": self.title, "details": self.details })
    }
}

/// The statuses of a `value`, each read alone; statuses of calls are not ours to read.
pub fn statuses(value: &Value) -> Vec<Status> {
    items(value, "statuses").iter().filter(|status| text_at(status, "type") != Some("call")).map(read).collect()
}

fn read(status: &Value) -> Status {
    Status {
        wamid: kept_at(status, "id"),
        status: text_at(status, "status").unwrap_or_default().to_owned(),
        timestamp: seconds_at(status, "timestamp"),
        callback_data: text_at(status, "biz_opaque_callback_data").map(str::to_owned),
        error: items(status, "errors").first().map(read_error),
        pricing: status.get("pricing").filter(|pricing| pricing.is_object()).map(read_pricing),
        free_entry_until: status.get("conversation").and_then(read_free_entry),
    }
}

/// One form, whatever Meta leaves out: `billable` will go, and older webhooks had no type.
fn read_pricing(pricing: &Value) -> Value {
    let kind = text_at(pricing, "type");
    let told = pricing.get("billable").and_then(Value::as_bool);
    json!({
        "type": kind,
        "category": text_at(pricing, "category").map(|category| category.replace('-', "_")),
        "pricing_model": text_at(pricing, "pricing_model"),
        "billable": told.or(kind.map(|kind| !kind.starts_with("free"))),
    })
}

fn read_free_entry(conversation: &Value) -> Option<i64> {
    let origin = conversation.get("origin").and_then(|origin| text_at(origin, "type"));
    seconds_at(conversation, "expiration_timestamp").filter(|_| origin == Some("referral_conversion"))
}

fn read_error(error: &Value) -> MetaError {
    let details = error.get("error_data").and_then(|data| text_at(data, "details").or_else(|| data.as_str()));
    MetaError {
        code: error.get("code").and_then(Value::as_i64),
        title: text_at(error, "title").or_else(|| text_at(error, "message")).map(str::to_owned),
        details: details.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_read_as_text_and_as_numbers() {
        let value = json!({"statuses": [
            {"id": "w", "status": "sent", "timestamp": "1790000000"},
            {"id": "w", "status": "failed", "timestamp": 1790000001, "biz_opaque_callback_data": "msg_1",
             "errors": [{"code": 131047, "title": "t", "error_data": {"details": "d"}}]},
            {"id": "c", "type": "call", "status": "RINGING"},
        ]});
        let statuses = statuses(&value);
        assert_eq!(statuses.len(), 2);
        assert_eq!(statuses[0].timestamp, Some(1_790_000_000));
        assert_eq!(statuses[1].timestamp, Some(1_790_000_001));
        assert_eq!(statuses[1].error.as_ref().and_then(|error| error.code), Some(131_047));
        assert_eq!(statuses[1].callback_data.as_deref(), Some("msg_1"));
    }

    #[test]
    fn what_it_costs_is_told_in_one_form() {
        let of = |pricing: Value| read(&json!({"pricing": pricing})).pricing.expect("pricing");
        let told = of(json!({"billable": true, "pricing_model": "PMP", "type": "regular", "category": "service"}));
        assert_eq!((&told["billable"], &told["category"]), (&json!(true), &json!("service")));
        let later = of(json!({"type": "free_customer_service", "category": "authentication-international"}));
        assert_eq!((&later["billable"], &later["category"]), (&json!(false), &json!("authentication_international")));
        let conversation =
            |kind: &str| json!({"conversation": {"expiration_timestamp": "9", "origin": {"type": kind}}});
        assert_eq!(read(&conversation("referral_conversion")).free_entry_until, Some(9));
        assert_eq!(read(&conversation("service")).free_entry_until, None);
    }
}
