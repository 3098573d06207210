//! Ids: a prefix that names the kind and 26 Crockford base-32 digits of a UUIDv7, so they sort by time.
//!
//! Within one process ids are strictly increasing, even inside one millisecond, as long as nobody sets the clock back by more
//! than a second.

use std::sync::Mutex;

use uuid::{ContextV7, Timestamp, Uuid};

/// Crockford's alphabet: digits and upper-case letters without I, L, O and U. Sorts like the number it writes.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGITS: usize = 26;

/// A clock that is set back by less is waited for: until then ids go on from the latest.
const SET_BACK_MS: u64 = 1_000;
const MINUTE_MS: u64 = 60_000;
/// Clocks far apart that one process may go by, as tests do, each with its own minute.
const MINUTES: usize = 32;

static COUNTERS: Mutex<Counters> = Mutex::new(Counters { latest: 0, minutes: Vec::new() });

/// What keeps ids of one millisecond in order, by the minute: whoever lives in another minute is not pushed along.
struct Counters {
    latest: u64,
    minutes: Vec<(u64, ContextV7)>,
}

impl Counters {
    fn next(&mut self, now: u64) -> Uuid {
        let is_set_back = now < self.latest && self.latest - now < SET_BACK_MS;
        self.latest = if is_set_back { self.latest } else { now };
        let minute = self.latest / MINUTE_MS;
        let place = self.minutes.iter().position(|(known, _)| *known == minute).unwrap_or_else(|| {
            if self.minutes.len() == MINUTES {
                self.minutes.remove(0);
            }
            self.minutes.push((minute, ContextV7::new()));
            self.minutes.len() - 1
        });
        let nanos = u32::try_from((self.latest % 1000) * 1_000_000).unwrap_or(0);
        Uuid::new_v7(Timestamp::from_unix(&self.minutes[place].1, self.latest / 1000, nanos))
    }
}

fn generate(prefix: &str, now_ms: i64) -> String {
    let now = u64::try_from(now_ms).unwrap_or(0);
    let uuid = COUNTERS.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).next(now);
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

/// Text that has been checked, as columns, the API and people take it.
macro_rules! checked_text {
    ($name:ident, $pattern:expr) => {
        impl $name {
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
                schema.pattern = Some($pattern.to_owned());
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
    };
}

/// The time in an id: its first ten digits.
fn made_at(id: &str) -> i64 {
    let digits = id.split_once('_').map_or("", |(_, digits)| digits).bytes().take(10);
    digits.fold(0, |sum, digit| {
        let value = ALPHABET.iter().position(|other| *other == digit).unwrap_or(0);
        sum << 5 | i64::try_from(value).unwrap_or(0)
    })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A fresh id, later in order than those this process made before.
            pub fn generate(now_ms: i64) -> Self {
                Self(generate($prefix, now_ms))
            }

            /// A fresh id that sorts where `at_ms` does: for what happened before it came here.
            pub fn generate_at(at_ms: i64) -> Self {
                Self(write($prefix, uuid_at(at_ms)))
            }

            /// No id made at `at_ms` or later sorts before this one, and none made earlier after it.
            pub fn first_at(at_ms: i64) -> Self {
                let millis = u128::try_from(at_ms).unwrap_or(0) & ((1 << 48) - 1);
                Self(write($prefix, Uuid::from_u128(millis << 80)))
            }

            /// The time it sorts at.
            pub fn made_at(&self) -> i64 {
                made_at(&self.0)
            }

            /// Reads an id from outside; anything that could not have been generated is refused.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                parse($prefix, text).map(Self)
            }
        }

        checked_text!($name, concat!("^", $prefix, "_[0-9A-HJKMNP-TV-Z]{26}$"));
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
    /// What a colleague noted beside a conversation.
    NoteId = "note",
    /// How a number was at a time.
    HealthRecordId = "hlt",
    /// What a contact allowed or forbade.
    ConsentId = "cst",
    /// A person who signs in.
    MemberId = "mem",
    /// A sign-in that lasts.
    SessionId = "ses",
    /// A link that lets a member set a password.
    InviteId = "inv",
    /// Something that somebody did.
    AuditId = "aud",
}

/// Whoever does something: a program with an API key, or a member.
#[derive(
    Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType,
)]
#[serde(transparent)]
pub struct ActorId(String);

impl ActorId {
    /// Reads a key's or a member's id from outside.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        parse("mem", text).or_else(|_| parse("key", text)).map(Self)
    }

    pub fn as_key(&self) -> Option<KeyId> {
        KeyId::parse(&self.0).ok()
    }

    pub fn as_member(&self) -> Option<MemberId> {
        MemberId::parse(&self.0).ok()
    }
}

checked_text!(ActorId, "^(key|mem)_[0-9A-HJKMNP-TV-Z]{26}$");

impl From<KeyId> for ActorId {
    fn from(id: KeyId) -> Self {
        Self(id.0)
    }
}

impl From<MemberId> for ActorId {
    fn from(id: MemberId) -> Self {
        Self(id.0)
    }
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
    fn a_clock_set_back_a_little_is_waited_for_and_another_days_clock_is_not_pushed_along() {
        let first = MessageId::generate(1_791_000_000_900);
        assert!(MessageId::generate(1_791_000_000_100) > first);
        let tomorrow = MessageId::generate(1_791_086_400_000);
        let today = MessageId::generate(1_791_000_001_000);
        assert!(first < today && today < tomorrow);
        assert_eq!(today.made_at(), 1_791_000_001_000);
    }

    #[test]
    fn what_happened_before_sorts_before() {
        let now = MessageId::generate(1_790_000_000_000);
        let past = MessageId::generate_at(1_780_000_000_000);
        assert!(past < now && MessageId::parse(past.as_str()).is_ok());
        assert!(MessageId::generate_at(1_780_000_000_001) > past);
        assert_eq!((past.made_at(), now.made_at()), (1_780_000_000_000, 1_790_000_000_000));
        assert!(MessageId::first_at(1_780_000_000_000) < past && past < MessageId::first_at(1_780_000_000_001));
    }

    #[test]
    fn an_actor_is_a_key_or_a_member() {
        let (key, member) = (KeyId::generate(1_790_000_000_000), MemberId::generate(1_790_000_000_000));
        let actor = ActorId::parse(key.as_str()).expect("a key acts");
        assert_eq!((actor.as_key(), actor.as_member()), (Some(key.clone()), None));
        assert_eq!(ActorId::from(key), actor);
        let actor = ActorId::parse(member.as_str()).expect("a member acts");
        assert_eq!((actor.as_key(), actor.as_member()), (None, Some(member.clone())));
        assert_eq!(ActorId::from(member), actor);
        assert!(ActorId::parse(AgentId::generate(1_790_000_000_000).as_str()).is_err());
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
