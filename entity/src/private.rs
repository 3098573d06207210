//! Values that must not show up in logs: their `Debug` tells the length at most.

macro_rules! private_text {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, sea_orm::DeriveValueType)]
        pub struct $name(pub String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "<{} bytes>", self.0.len())
            }
        }
    )+};
}

private_text! {
    /// What somebody wrote: message text, instructions, names of people.
    Text,
    /// A phone number: digits only, as Meta's `wa_id`.
    Phone,
    /// A secret sealed under the master key; useless without it.
    Sealed,
    /// A password's hash: searched at leisure by whoever has it.
    PasswordHash,
    /// What a session's owner shows.
    Token,
}

/// A message's own part of Meta's JSON, kept whole.
#[derive(Clone, PartialEq, sea_orm::DeriveValueType)]
pub struct Content(pub serde_json::Value);

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<content>")
    }
}
