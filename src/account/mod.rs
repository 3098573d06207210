//! What Meta tells of accounts, numbers and templates, and what is asked about them: notices, health, the templates kept.
//!
//! Changes come by webhook ([`apply`]) and are looked for on a schedule ([`schedule`]), since webhooks of these fields go
//! to the app's default URL only and may never come here. What Graph answers counts more than what was told before.

mod apply;
mod health;
mod hold;
mod schedule;
mod state;
mod telling;
pub mod templates;

pub use apply::apply;
pub use health::{Checked, check};
pub use hold::{begin_hold, end_hold};
pub use schedule::schedule;
pub use state::{Known, Problem, State, Token};

/// Fields whose changes are about messages, calls, groups or contacts; all others, unknown ones too, are for [`apply`].
const NOT_ABOUT_ACCOUNTS: [&str; 16] = [
    "messages",
    "standby",
    "message_echoes",
    "smb_message_echoes",
    "smb_app_state_sync",
    "history",
    "user_preferences",
    "user_id_update",
    "consumer_profile",
    "calls",
    "call_recording_available",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "",
];

/// Whether a webhook field is for [`apply`].
pub fn is_about_accounts(field: &str) -> bool {
    !NOT_ABOUT_ACCOUNTS.contains(&field)
}
