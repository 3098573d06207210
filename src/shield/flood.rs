//! Floods: who writes more than people do is still read whole, but answered in few turns.
//!
//! Each message takes its share of a minute from the conversation, and time gives it back: who is a minute ahead of time
//! floods (the generic cell rate algorithm, kept in one column).

use entity::conversation;

use crate::clock::Millis;
use crate::config;

const WINDOW_MS: Millis = 60_000;
/// Nobody gets farther ahead than this, so a flood is forgotten a minute after its end.
const FARTHEST_MS: Millis = 2 * WINDOW_MS;

/// Up to when a conversation's messages have used time up, with one more that came at `now`.
pub fn written_until(settings: &config::Shield, conversation: &conversation::Model, now: Millis) -> Millis {
    let share = WINDOW_MS / Millis::from(settings.flood_messages.max(1));
    (conversation.written_until.max(now) + share).min(now + FARTHEST_MS)
}

/// Whether a conversation is being flooded: its turns come seldom, and are not begun anew for newer messages.
pub fn is_flood(settings: &config::Shield, written_until: Millis, now: Millis) -> bool {
    settings.enabled && written_until - now > WINDOW_MS
}

/// How long a flood waits for its turn, however quiet it gets meanwhile.
pub fn wait_ms(settings: &config::Shield) -> Millis {
    i64::try_from(settings.flood_wait_secs).unwrap_or(i64::MAX / 2_000).saturating_mul(1_000)
}
