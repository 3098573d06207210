//! What the parts of one process tell each other: that there is work, that something was overtaken, what is in hand.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use entity::ConversationId;
use tokio::sync::Notify;

use super::peers::{Peers, Signal};
use crate::clock::{Clock, Millis};

/// Rung when there is work, so that nobody waits for a poll.
#[derive(Debug, Default)]
pub struct Bells {
    pub events: Bell,
    pub turns: Bell,
    pub sends: Bell,
    pub files: Bell,
    pub media: Bell,
    /// Numbers to look at, templates to read.
    pub upkeep: Bell,
}

impl Bells {
    /// This node does no work itself: its bells ring at the others.
    pub fn relay(&self, peers: &Arc<Peers>) {
        let bells = [
            (&self.events, Signal::Events),
            (&self.turns, Signal::Turns),
            (&self.sends, Signal::Sends),
            (&self.files, Signal::Files),
            (&self.media, Signal::Media),
            (&self.upkeep, Signal::Upkeep),
        ];
        for (bell, signal) in bells {
            // It is told once, when the node starts.
            let _ = bell.relay.set((peers.clone(), signal));
        }
    }
}

/// How long a worker goes without looking: what other nodes left is found then at the latest.
const LONGEST_SLEEP: Duration = Duration::from_millis(500);
/// Due times are remembered in steps of this length, and no farther ahead than [`FAR_MS`].
const STEP_MS: Millis = 5;
/// What is due later than this is found by looking into the database.
const FAR_MS: Millis = 60_000;

/// Wakes one worker, and tells it when the work that was rung for is due.
#[derive(Debug, Default)]
pub struct Bell {
    notify: Notify,
    due: Mutex<BTreeSet<Millis>>,
    relay: OnceLock<(Arc<Peers>, Signal)>,
}

impl Bell {
    /// There is work, due at `due_at`.
    pub fn ring(&self, due_at: Millis) {
        self.lock().insert(due_at.div_euclid(STEP_MS).saturating_add(1).saturating_mul(STEP_MS));
        self.notify.notify_one();
    }

    /// There is work, due now.
    pub fn ring_now(&self) {
        if let Some((peers, signal)) = self.relay.get() {
            peers.tell(signal.clone());
        }
        self.lock().insert(0);
        self.notify.notify_one();
    }

    /// Returns when work that was rung for is due, or it is time to look for what nobody rang for.
    pub async fn due(&self, clock: &dyn Clock) {
        let look = tokio::time::sleep(LONGEST_SLEEP);
        tokio::pin!(look);
        loop {
            let now = clock.now();
            let wait = match self.hear(now) {
                Heard::Due => return,
                Heard::DueAt(due_at) => Duration::from_millis(u64::try_from(due_at - now).unwrap_or(1)),
                Heard::Nothing => LONGEST_SLEEP,
            };
            tokio::select! {
                () = self.notify.notified() => {}
                () = tokio::time::sleep(wait) => {}
                () = &mut look => return,
            }
        }
    }

    /// Forgets what is due by `now`; when there was none, tells when the next is.
    fn hear(&self, now: Millis) -> Heard {
        let mut due = self.lock();
        let later = due.split_off(&(now + 1));
        let was_due = !due.is_empty();
        *due = later;
        due.split_off(&(now + FAR_MS));
        match due.first() {
            _ if was_due => Heard::Due,
            Some(next) => Heard::DueAt(*next),
            None => Heard::Nothing,
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<Millis>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a bell tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    Due,
    DueAt(Millis),
    Nothing,
}

/// The jobs in hand on this node and their attempts: their leases are renewed while they live.
#[derive(Debug, Default)]
pub struct Leases(Mutex<HashMap<i64, i32>>);

impl Leases {
    /// Renewed for as long as the guard lives.
    pub fn hold(&self, job_id: i64, attempt: i32) -> Held<'_> {
        self.lock().insert(job_id, attempt);
        Held { leases: self, job_id }
    }

    pub fn list(&self) -> Vec<(i64, i32)> {
        self.lock().iter().map(|(job_id, attempt)| (*job_id, *attempt)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, i32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[must_use = "the lease is renewed only while this lives"]
pub struct Held<'a> {
    leases: &'a Leases,
    job_id: i64,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.leases.lock().remove(&self.job_id);
    }
}

/// Tells a turn that thinks on this node to look whether it has been overtaken. Other nodes are told,
/// and should they not hear it, the turn looks by itself every few seconds.
#[derive(Debug, Default)]
pub struct Nudges(Mutex<HashMap<ConversationId, Arc<Notify>>>);

impl Nudges {
    /// Listens for as long as the guard lives.
    pub fn listen(&self, conversation_id: &ConversationId) -> Listening<'_> {
        let notify = self.lock().entry(conversation_id.clone()).or_default().clone();
        Listening { nudges: self, conversation_id: conversation_id.clone(), notify }
    }

    /// `false` when nobody listens on this node.
    pub fn nudge(&self, conversation_id: &ConversationId) -> bool {
        let listening = self.lock().get(conversation_id).cloned();
        listening.inspect(|notify| notify.notify_one()).is_some()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConversationId, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub struct Listening<'a> {
    nudges: &'a Nudges,
    conversation_id: ConversationId,
    notify: Arc<Notify>,
}

impl Listening<'_> {
    pub async fn nudged(&self) {
        self.notify.notified().await;
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        let mut nudges = self.nudges.lock();
        // Two: the map's and ours. A turn that came after us listens on.
        if Arc::strong_count(&self.notify) <= 2 {
            nudges.remove(&self.conversation_id);
        }
    }
}
