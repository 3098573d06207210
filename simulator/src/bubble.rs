//! One message on a customer's screen, and how far it has got.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One bubble on a customer's screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bubble {
    pub from: Side,
    #[serde(rename = "type")]
    pub kind: String,
    pub text: String,
    pub status: BubbleStatus,
    pub wamid: String,
    pub at: DateTime<Utc>,
    /// The business number it was written to or came from.
    pub number: String,
    /// The message it quotes or reacts to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// The code of a failed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<i64>,
    /// What the message holds in Meta's shape; null for a plain text, and for what is very large.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub content: Value,
    /// A template as it looks once it is filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Value>,
    /// Where a page can fetch its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_url: Option<String>,
    /// What either side holds against it, at most one each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forwarded: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub edited: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub revoked: bool,
}

impl Bubble {
    /// The bubble as pages get it: a plain text, too, has its content.
    pub(crate) fn to_json(&self) -> Value {
        let mut json = serde_json::to_value(self).expect("a bubble always serializes");
        if self.kind == "text" && self.content.is_null() && !self.revoked {
            json["content"] = json!({"body": self.text});
        }
        json
    }
}

/// An emoji on a bubble, and who put it there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    pub from: Side,
    pub emoji: String,
}

/// Who wrote a bubble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Customer,
    Business,
}

/// How far a bubble has got; a later variant is further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BubbleStatus {
    Accepted,
    Sent,
    Delivered,
    Read,
    /// A voice message that was listened to.
    Played,
    Failed,
}

impl BubbleStatus {
    /// The word webhooks and pages use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn may_become(self, next: Self) -> bool {
        match next {
            Self::Failed => self < Self::Delivered,
            _ => self != Self::Failed && next > self,
        }
    }
}
