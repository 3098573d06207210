//! What Meta tells a business about itself: verdicts on templates, and how its numbers stand.
//!
//! These webhooks go to the application's own address, never to an override.

use chrono::Utc;
use serde_json::{Value, json};

use crate::{
    lock,
    queue::{Due, Load, Parcel},
    settings::Pace,
    simulator::{Desk, Simulator},
    templates::Template,
};

/// How long somebody at Meta looks at a template.
const REVIEW: std::time::Duration = std::time::Duration::from_secs(2);

impl Desk {
    /// Decides about a template that waits; answers the webhook, if there is somebody to tell.
    pub(crate) fn review(&self, template_id: u64) -> Option<Value> {
        let mut templates = lock(&self.templates);
        let template = templates.get_mut(template_id).filter(|template| template.status == "PENDING")?;
        let rejected = template.asks_for_rejection();
        let (status, reason) = if rejected { ("REJECTED", "INVALID_FORMAT") } else { ("APPROVED", "NONE") };
        template.status = status.to_owned();
        template.rejected_reason = reason.to_owned();
        let template = template.clone();
        drop(templates);
        self.is_subscribed(&template.account).then(|| template_status(&template, status, reason))
    }

    fn is_subscribed(&self, account: &str) -> bool {
        !lock(&self.doors).unsubscribed.iter().any(|other| other == account)
    }
}

impl Simulator {
    /// Queues a webhook about an account.
    pub(crate) fn tell_account(&self, account: &str, field: &str, value: Value) {
        if self.desk.is_subscribed(account) {
            self.enqueue(Parcel::new(None, 0, Load::Whole(envelope(account, field, value))), Due::Now);
        }
    }

    /// Lets Meta look at a template, after a moment.
    pub(crate) fn submit_template(&self, template_id: u64) {
        let due = if self.desk.settings.pace == Pace::Live { Due::In(REVIEW) } else { Due::Now };
        self.enqueue(Parcel::new(None, 0, Load::Review { template_id }), due);
    }

    /// Changes a template's status and tells the business; false if there is no such template.
    pub(crate) fn change_template_status(&self, template_id: u64, event: &str, reason: &str) -> bool {
        let changed = {
            let mut templates = lock(&self.desk.templates);
            let Some(template) = templates.get_mut(template_id) else { return false };
            template.status = status_after(event, &template.status);
            if event == "REJECTED" {
                template.rejected_reason = reason.to_owned();
            }
            template.clone()
        };
        self.tell_template_status(&changed, event, reason);
        true
    }

    pub(crate) fn tell_template_status(&self, template: &Template, event: &str, reason: &str) {
        if self.desk.is_subscribed(&template.account) {
            let whole = template_status(template, event, reason);
            self.enqueue(Parcel::new(None, 0, Load::Whole(whole)), Due::Now);
        }
    }
}

/// The status a template has after an event; some events only warn.
fn status_after(event: &str, before: &str) -> String {
    let status = match event {
        "REINSTATED" | "UNARCHIVED" => "APPROVED",
        "FLAGGED" | "LOCKED" => before,
        other => other,
    };
    status.to_owned()
}

fn template_status(template: &Template, event: &str, reason: &str) -> Value {
    let mut value = template.webhook();
    value["event"] = json!(event);
    value["reason"] = json!(reason);
    value["message_template_category"] = json!(template.category);
    match event {
        "PAUSED" => value["other_info"] = json!({"title": "FIRST_PAUSE", "description": "Negative feedback."}),
        "DISABLED" => value["disable_info"] = json!({"disable_date": Utc::now().date_naive().to_string()}),
        "REJECTED" => {
            value["rejection_info"] = json!({"reason": "The content does not fit the rules.",
                "recommendation": "Change the content and submit it again."});
        }
        _ => {}
    }
    envelope(&template.account, "message_template_status_update", value)
}

/// A whole webhook about an account; its time is a number.
pub(crate) fn envelope(account: &str, field: &str, value: Value) -> Value {
    json!({
        "object": "whatsapp_business_account",
        "entry": [{"id": account, "time": Utc::now().timestamp(), "changes": [{"field": field, "value": value}]}],
    })
}
