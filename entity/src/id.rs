//! Ids: a prefix that names the kind and 26 Crockford base-32 digits of a UUIDv7, so they sort by time.
//!
//! Within one process ids are strictly increasing, even inside one millisecond.

use std::sync::Mutex;

use uuid::{ContextV7, Timestamp, Uuid};

/// Crockford's alphabet: digits and upper-case letters without I, L, O and U. Sorts like the number it writes.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGITS: usize = 26;

static CONTEXT: Mutex<ContextV7> = Mutex::new(ContextV7::new());

fn generate(prefix: &str, now_ms: i64) -> String {
    let millis = u64::try_from(now_ms).unwrap_or(0);
    let uuid = {
        let context = CONTEXT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let nanos = u32::try_from((millis % 1000) * 1_000_000).unwrap_or(0);
        Uuid::new_v7(Timestamp::from_unix(&*context, millis / 1000, nanos))
    };
    write(prefix, uuid)
}

/// Without the counter that keeps new ones in order.
fn uuid_at(at_ms: i64) -> Uuid {
    let millis = u64::try_from(at_ms).unwrap_or(0);
    let nanos = u32::try_from((millis % 1000) * 1_000_000).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(uuid::NoContext, millis / 1000, nanos))
}

fn write(prefix: &str, uuid: Uuid) -> String {
    let mut value = uuid.as_u128();
    let mut digits = [0u8; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(value & 31) as usize];
        value >>= 5;
    }
    let mut id = String::with_capacity(prefix.len() + 1 + DIGITS);
    id.push_str(prefix);
    id.push('_');
    id.extend(digits.iter().map(|&digit| char::from(digit)));
    id
}

/// What a caller sent cannot be an id of the kind asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAnId(&'static str);

impl std::fmt::Display for NotAnId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not an id of this kind: it looks like {}_01J9ZC3V8K2M4N6P8R0T2V4X6Z", self.0)
    }
}

impl std::error::Error for NotAnId {}

fn parse(prefix: &'static str, text: &str) -> Result<String, NotAnId> {
    let digits = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(NotAnId(prefix))?;
    if digits.len() == DIGITS && digits.bytes().all(|byte| ALPHABET.contains(&byte)) {
        Ok(text.to_owned())
    } else {
        Err(NotAnId(prefix))
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A fresh id, later in order than every id this process made before.
            pub fn generate(now_ms: i64) -> Self {
                Self(generate($prefix, now_ms))
            }

            /// A fresh id that sorts where `at_ms` does: for what happened before it came here.
            pub fn generate_at(at_ms: i64) -> Self {
                Self(write($prefix, uuid_at(at_ms)))
            }

            /// Reads an id from outside; anything that could not have been generated is refused.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                parse($prefix, text).map(Self)
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl poem_openapi::types::Type for $name {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> std::borrow::Cow<'static, str> {
                "string".into()
            }

            fn schema_ref() -> poem_openapi::registry::MetaSchemaRef {
                let mut schema = poem_openapi::registry::MetaSchema::new("string");
                schema.pattern = Some(concat!("^", $prefix, "_[0-9A-HJKMNP-TV-Z]{26}$").to_owned());
                poem_openapi::registry::MetaSchemaRef::Inline(Box::new(schema))
            }

            fn as_raw_value(&self) -> Option<&Self::RawValueType> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self::RawElementValueType> + 'a> {
                Box::new(std::iter::once(self))
            }
        }

        impl poem_openapi::types::ParseFromParameter for $name {
            fn parse_from_parameter(value: &str) -> poem_openapi::types::ParseResult<Self> {
                Self::parse(value).map_err(poem_openapi::types::ParseError::custom)
            }
        }

        impl poem_openapi::types::ParseFromJSON for $name {
            fn parse_from_json(value: Option<serde_json::Value>) -> poem_openapi::types::ParseResult<Self> {
                match value {
                    Some(serde_json::Value::String(text)) => {
                        Self::parse(&text).map_err(poem_openapi::types::ParseError::custom)
                    }
                    other => Err(poem_openapi::types::ParseError::expected_type(other.unwrap_or_default())),
                }
            }
        }

        impl poem_openapi::types::ToJSON for $name {
            fn to_json(&self) -> Option<serde_json::Value> {
                Some(serde_json::Value::String(self.0.clone()))
            }
        }
    )+};
}

ids! {
    /// A tenant: everything it owns is invisible to the others.
    WorkspaceId = "wsp",
    /// An API key (not its secret).
    KeyId = "key",
    /// A WhatsApp line we serve.
    NumberId = "num",
    /// Who answers on a number.
    AgentId = "agt",
    /// A knowledge file.
    FileId = "fil",
    /// The person writing.
    ContactId = "con",
    /// One number with one contact.
    ConversationId = "cnv",
    /// One bubble.
    MessageId = "msg",
    /// One answer to one or more messages.
    TurnId = "trn",
    /// A webhook as it came.
    EventId = "evt",
    /// A file of a message, or to send.
    MediaId = "med",
    /// A message template.
    TemplateId = "tpl",
    /// What Meta told of an account, a number or a template.
    NoticeId = "ntc",
    /// How a number was at a time.
    HealthRecordId = "hlt",
    /// What a contact allowed or forbade.
    ConsentId = "cst",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_in_one_millisecond_are_in_order() {
        let ids: Vec<MessageId> = (0..1000).map(|_| MessageId::generate(1_790_000_000_000)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn what_happened_before_sorts_before() {
        let now = MessageId::generate(1_790_000_000_000);
        let past = MessageId::generate_at(1_780_000_000_000);
        assert!(past < now && MessageId::parse(past.as_str()).is_ok());
        assert!(MessageId::generate_at(1_780_000_000_001) > past);
    }

    #[test]
    fn only_what_could_have_been_generated_is_an_id() {
        let id = AgentId::generate(1_790_000_000_000);
        assert_eq!(AgentId::parse(id.as_str()), Ok(id.clone()));
        for wrong in
            ["", "agt_", "agt_1", "agt_01\u{0}", &id.as_str().to_lowercase(), &id.as_str().replace("agt", "msg")]
        {
            assert!(AgentId::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
