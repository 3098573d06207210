//! What the gateway is told of a message that was accepted: which statuses come, and what is in them.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{error::status_error, recipient::Recipient};
use crate::{
    bubble::BubbleStatus,
    faults::StatusOrder,
    lock,
    queue::{Load, Parcel},
    settings::Number,
    simulator::{Simulator, lane_of},
};

/// How long after the acceptance a phone reports each step.
const STEPS: [(BubbleStatus, Duration); 3] = [
    (BubbleStatus::Sent, Duration::from_millis(60)),
    (BubbleStatus::Delivered, Duration::from_millis(180)),
    (BubbleStatus::Read, Duration::from_millis(600)),
];

/// A message on its way to the phone.
pub(super) struct Accepted<'a> {
    pub(super) number: Arc<Number>,
    pub(super) body: &'a Value,
    pub(super) recipient: Recipient,
    pub(super) wamid: &'a str,
    pub(super) failure: Option<Failure>,
    /// What it is charged as: a template's category, or a service message.
    pub(super) category: &'a str,
    /// Until when nothing is charged, because the customer came from an ad.
    pub(super) free_until: Option<DateTime<Utc>>,
}

/// Why a message fails after it was accepted.
#[derive(Clone, Copy)]
pub(super) struct Failure {
    pub(super) code: i64,
    /// Whether it was sent first, or withheld from the start.
    pub(super) after_sent: bool,
}

impl Simulator {
    /// Queues the statuses of a message, the first of them ahead of everything if a fault wants it so.
    pub(super) async fn report(&self, message: &Accepted<'_>) {
        let (order, first_at_once) = {
            let faults = &lock(&self.desk.dice).faults;
            (faults.status_order, faults.status_before_answer && !faults.hold_statuses)
        };
        for (index, (status, pause)) in steps(message, order).into_iter().enumerate() {
            let parcel = message.status_parcel(status, pause);
            if index == 0 && first_at_once {
                self.deliver_first(parcel).await;
            } else {
                self.enqueue(parcel, self.status_due(pause));
            }
        }
    }
}

impl Accepted<'_> {
    fn status_parcel(&self, status: BubbleStatus, pause: Duration) -> Parcel {
        let error = self.failure.filter(|_| status == BubbleStatus::Failed).map(|failure| failure.code);
        let load = Load::Status {
            wamid: self.wamid.to_owned(),
            status,
            error,
            // A failed status comes without contacts.
            contact: error.is_none().then(|| self.recipient.customer.contact()),
            body: self.status_body(status, pause),
        };
        Parcel::new(Some(self.number.clone()), lane_of(self.recipient.customer.key()), load)
    }

    fn status_body(&self, status: BubbleStatus, pause: Duration) -> Value {
        let customer = &self.recipient.customer;
        let at = Utc::now() + pause;
        let mut body = json!({"id": self.wamid, "status": status.as_str(), "timestamp": at.timestamp().to_string()});
        let failed = status == BubbleStatus::Failed;
        if let Some(phone) = customer.phone.as_ref().filter(|_| self.recipient.by_phone || !failed) {
            body["recipient_id"] = json!(phone);
        }
        if !failed || !self.recipient.by_phone {
            body["recipient_user_id"] = json!(customer.user_id);
        }
        if let Some(data) = self.body.get("biz_opaque_callback_data") {
            body["biz_opaque_callback_data"] = data.clone();
        }
        if matches!(status, BubbleStatus::Sent | BubbleStatus::Delivered) {
            body["pricing"] = self.pricing();
        }
        if let Some(until) = self.free_until.filter(|_| !failed) {
            body["conversation"] = self.conversation(status, until);
        }
        if let Some(failure) = self.failure.filter(|_| failed) {
            body["errors"] = json!([status_error(failure.code)]);
        }
        body
    }

    fn pricing(&self) -> Value {
        match self.free_until {
            Some(_) => json!({"billable": false, "pricing_model": "PMP", "category": "referral_conversion",
                "type": "free_entry_point"}),
            None => json!({"billable": true, "pricing_model": "PMP", "category": self.category, "type": "regular"}),
        }
    }

    /// Since v24 only what came from an ad belongs to a conversation.
    fn conversation(&self, status: BubbleStatus, until: DateTime<Utc>) -> Value {
        let id = format!("{:016x}", lane_of(self.recipient.customer.key()));
        let mut conversation = json!({"id": id, "origin": {"type": "referral_conversion"}});
        if status == BubbleStatus::Sent {
            conversation["expiration_timestamp"] = json!(until.timestamp().to_string());
        }
        conversation
    }
}

/// Which statuses a message gets, in the order they come.
fn steps(message: &Accepted<'_>, order: StatusOrder) -> Vec<(BubbleStatus, Duration)> {
    let [sent, delivered, read] = STEPS;
    if let Some(failure) = message.failure {
        let failed = (BubbleStatus::Failed, delivered.1);
        return if failure.after_sent { vec![sent, failed] } else { vec![failed] };
    }
    // Reactions never get further than sent.
    if message.body["type"] == "reaction" {
        return vec![sent];
    }
    match order {
        StatusOrder::Normal => vec![sent, delivered, read],
        StatusOrder::Reversed => vec![(read.0, sent.1), delivered, (sent.0, read.1)],
        StatusOrder::ReadOnly => vec![read],
    }
}
