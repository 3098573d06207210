//! Group commit: webhooks that arrive together are stored by one statement and one sync to disk.
//!
//! There is no waiting for company: while one commit runs, the next batch gathers by itself.

use std::sync::Arc;

use entity::event;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::app::App;
use crate::store;

/// Events in one commit; the variables of the statement stay far below SQLite's limit.
const MAX_BATCH: usize = 256;
/// Webhooks that may wait for their commit; beyond that Meta is asked to come again.
const MAX_WAITING: usize = 4096;
/// Bytes of bodies that may wait for their commit; beyond that too.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Statuses gather for so long before they are applied, unless a message comes: nobody waits for them.
const STATUSES_GATHER_MS: i64 = 100;

/// A webhook that waits for its commit.
#[derive(Debug)]
pub struct Waiting {
    event: event::Model,
    only_statuses: bool,
    done: oneshot::Sender<bool>,
}

/// Where webhooks wait for their commit.
#[derive(Debug, Clone)]
pub struct Batch {
    sender: mpsc::Sender<Waiting>,
    room: Arc<Semaphore>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotStored {
    #[error("too many webhooks wait to be stored")]
    Full,
    #[error("the event could not be stored")]
    Failed,
}

impl Batch {
    pub fn new() -> (Self, mpsc::Receiver<Waiting>) {
        let (sender, receiver) = mpsc::channel(MAX_WAITING);
        (Self { sender, room: Arc::new(Semaphore::new(MAX_BYTES)) }, receiver)
    }

    /// Room for a body of so many bytes, for as long as it is held; `None` when too much is on its way already.
    pub fn room(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        self.room.clone().try_acquire_many_owned(u32::try_from(bytes).ok()?).ok()
    }

    /// Returns once the event is on disk.
    pub async fn store(&self, event: event::Model, only_statuses: bool) -> Result<(), NotStored> {
        let (done, stored) = oneshot::channel();
        self.sender.try_send(Waiting { event, only_statuses, done }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NotStored::Full,
            mpsc::error::TrySendError::Closed(_) => NotStored::Failed,
        })?;
        match stored.await {
            Ok(true) => Ok(()),
            _ => Err(NotStored::Failed),
        }
    }
}

/// Stores batches until nobody can send any more.
pub async fn run_batches(app: Arc<App>, mut waiting: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(MAX_BATCH);
    while waiting.recv_many(&mut batch, MAX_BATCH).await > 0 {
        let only_statuses = batch.iter().all(|waiting| waiting.only_statuses);
        let (events, done): (Vec<_>, Vec<_>) = batch.drain(..).map(|waiting| (waiting.event, waiting.done)).unzip();
        let stored = store_all(&app, events).await;
        if only_statuses {
            app.bells.events.ring(app.now() + STATUSES_GATHER_MS);
        } else {
            app.bells.events.ring_now();
        }
        for (done, stored) in done.into_iter().zip(stored) {
            // The request is gone; the event is stored all the same.
            let _ = done.send(stored);
        }
    }
}

/// Whether each event was stored. One that cannot be must not cost its neighbours their place.
async fn store_all(app: &App, events: Vec<event::Model>) -> Vec<bool> {
    let count = events.len();
    match store::events::insert_many(app.db.writer(), events.clone()).await {
        Ok(()) => return vec![true; count],
        Err(error) => tracing::error!(error = %error, events = count, "events could not be stored together"),
    }
    let mut stored = Vec::with_capacity(count);
    for event in events {
        let one = store::events::insert_many(app.db.writer(), vec![event]).await;
        stored.push(one.is_ok());
    }
    stored
}
