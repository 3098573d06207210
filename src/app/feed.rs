//! The live feed's place on this node: who listens, and what is handed to all of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entity::state::PresenceState;
use entity::{ActorId, ConversationId, NumberId, WorkspaceId};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use crate::clock::Millis;
use crate::store::changes::Position;

/// Batches that wait for a slow subscriber; one that missed some reads them again from the database.
const BATCHES: usize = 16;
const PRESENCES: usize = 256;

/// Something that changed, as it is told.
#[derive(Debug, Clone)]
pub struct Event {
    /// Whoever has seen this goes on from here.
    pub position: Position,
    pub kind: &'static str,
    /// Whom it is about, where it is about one.
    pub conversation_id: Option<ConversationId>,
    pub number_id: Option<NumberId>,
    /// JSON, in one line.
    pub data: Arc<str>,
}

/// All that changed between two places, for the workspaces that somebody listens to.
#[derive(Debug)]
pub struct Batch {
    pub from: Position,
    pub to: Position,
    pub events: HashMap<WorkspaceId, Vec<Event>>,
}

/// What a colleague does right now. It is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Presence {
    /// First, so that they are told in their order.
    pub at: Millis,
    pub workspace_id: WorkspaceId,
    pub conversation_id: ConversationId,
    pub number_id: NumberId,
    pub actor: ActorId,
    pub name: Option<String>,
    pub state: PresenceState,
}

#[derive(Debug)]
pub struct Feed {
    most: usize,
    /// Subscribers of each workspace.
    listening: Mutex<HashMap<WorkspaceId, usize>>,
    batches: broadcast::Sender<Arc<Batch>>,
    presences: broadcast::Sender<Arc<Presence>>,
    /// Rung when somebody begins to listen, and when another node changed something.
    pub bell: Notify,
    closed: CancellationToken,
}

/// There are as many subscribers as there may be.
#[derive(Debug)]
pub struct Full;

impl Feed {
    /// With `most` subscribers at the most.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            listening: Mutex::default(),
            batches: broadcast::Sender::new(BATCHES),
            presences: broadcast::Sender::new(PRESENCES),
            bell: Notify::new(),
            closed: CancellationToken::new(),
        }
    }

    /// Listens for as long as the guard lives.
    pub fn listen(self: &Arc<Self>, workspace_id: &WorkspaceId) -> Result<Subscriber, Full> {
        let (batches, presences) = (self.batches.subscribe(), self.presences.subscribe());
        {
            let mut listening = self.lock();
            if listening.values().sum::<usize>() >= self.most {
                return Err(Full);
            }
            *listening.entry(workspace_id.clone()).or_default() += 1;
        }
        self.bell.notify_one();
        let closed = self.closed.clone();
        Ok(Subscriber { batches, presences, closed, feed: self.clone(), workspace_id: workspace_id.clone() })
    }

    /// The workspaces that somebody listens to.
    pub fn workspaces(&self) -> Vec<WorkspaceId> {
        self.lock().keys().cloned().collect()
    }

    pub fn tell(&self, batch: Batch) {
        // Nobody may be left to hear it.
        let _ = self.batches.send(Arc::new(batch));
    }

    pub fn tell_presence(&self, presence: Presence) {
        let _ = self.presences.send(Arc::new(presence));
    }

    /// Ends every subscription, also those to come.
    pub fn close(&self) {
        self.closed.cancel();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<WorkspaceId, usize>> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who listens.
#[derive(Debug)]
pub struct Subscriber {
    pub batches: broadcast::Receiver<Arc<Batch>>,
    pub presences: broadcast::Receiver<Arc<Presence>>,
    pub closed: CancellationToken,
    pub workspace_id: WorkspaceId,
    feed: Arc<Feed>,
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let mut listening = self.feed.lock();
        if let Some(count) = listening.get_mut(&self.workspace_id) {
            *count -= 1;
            if *count == 0 {
                listening.remove(&self.workspace_id);
            }
        }
    }
}
