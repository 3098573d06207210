//! How each of the business's numbers stands with Meta, and what was set up for it.
//!
//! Made when first asked about, so that a thousand numbers nobody looks at cost nothing.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use crate::settings::Number;

/// A number's list of blocked users ends here.
pub(crate) const MAX_BLOCKED: usize = 64_000;
pub(crate) const MAX_QR_CODES: usize = 2_000;

/// One number's state.
pub(crate) struct Standing {
    /// The plain fields of the number's node, by their names.
    pub(crate) fields: Map<String, Value>,
    pub(crate) pin: Option<String>,
    pub(crate) registered: bool,
    /// The code last requested, until it is verified.
    pub(crate) code: Option<String>,
    pub(crate) profile: Map<String, Value>,
    pub(crate) automation: Value,
    pub(crate) settings: Map<String, Value>,
    pub(crate) username: Option<String>,
    /// What was asked to be blocked and whom that means, in order.
    pub(crate) blocked: Vec<Blocked>,
    pub(crate) qr_codes: BTreeMap<String, String>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Blocked {
    pub(crate) input: String,
    pub(crate) phone: Option<String>,
    pub(crate) user_id: String,
}

impl Standing {
    fn new(number: &Number) -> Self {
        let fields = json!({
            "verified_name": number.verified_name,
            "quality_rating": "GREEN",
            "status": "CONNECTED",
            "name_status": "APPROVED",
            "code_verification_status": "VERIFIED",
            "account_mode": "LIVE",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "whatsapp_business_manager_messaging_limit": "TIER_2K",
            "is_official_business_account": false,
            "is_on_biz_app": false,
        });
        let profile = json!({"about": "Freshly baked.", "address": "", "description": "", "email": "",
            "websites": [], "vertical": "RESTAURANT", "messaging_product": "whatsapp"});
        let settings = json!({"calling": {"status": "DISABLED"}, "storage_configuration": {"status": "DEFAULT"},
            "user_identity_change": {"enable_identity_key_check": false}});
        Self {
            fields: object(fields),
            pin: None,
            registered: true,
            code: None,
            profile: object(profile),
            automation: json!({"prompts": [], "commands": []}),
            settings: object(settings),
            username: None,
            blocked: Vec::new(),
            qr_codes: BTreeMap::new(),
        }
    }

    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn blocks(&self, user_id: &str) -> bool {
        self.blocked.iter().any(|blocked| blocked.user_id == user_id)
    }

    /// What an ordinary send from this number fails with as it stands, if it does.
    pub(crate) fn refusal(&self) -> Option<i64> {
        match self.field("status") {
            _ if !self.registered => Some(133_010),
            "BANNED" | "DISCONNECTED" | "DELETED" => Some(131_031),
            "RATE_LIMITED" => Some(131_048),
            _ => None,
        }
    }
}

/// All of them, by phone number id.
#[derive(Default)]
pub(crate) struct Standings {
    by_number: HashMap<String, Standing>,
}

impl Standings {
    pub(crate) fn of(&mut self, number: &Number) -> &mut Standing {
        let made = || Standing::new(number);
        self.by_number.entry(number.phone_number_id.clone()).or_insert_with(made)
    }

    /// A number's state if anything was ever asked of it.
    pub(crate) fn known(&self, number: &Number) -> Option<&Standing> {
        self.by_number.get(&number.phone_number_id)
    }

    /// Whether another number has this username.
    pub(crate) fn has_username(&self, username: &str, except: &Number) -> bool {
        let others = self.by_number.iter().filter(|(id, _)| **id != except.phone_number_id);
        others.into_iter().any(|(_, standing)| standing.username.as_deref() == Some(username))
    }
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(map) = value { map } else { Map::new() }
}
