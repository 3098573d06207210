//! One subscription: where it stands, what it wants to hear, and the bytes of it. Nothing is read ahead of what its
//! connection takes.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use entity::{ConversationId, NumberId};
use futures_util::{FutureExt, stream};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, Interval, MissedTickBehavior};

use super::event::{FeedEvent, HelloEvent, PresenceEvent, ResetEvent};
use super::reader::catch_up;
use crate::api::auth::Viewer;
use crate::api::problem::ApiError;
use crate::api::time;
use crate::app::{App, Batch, Event, Presence, Subscriber};
use crate::store;
use crate::store::changes::Position;

/// After a database that did not answer.
const AGAIN: Duration = Duration::from_secs(1);

/// What a subscriber wants to hear of.
#[derive(Debug, Default)]
pub struct Narrowing {
    pub conversation_id: Option<ConversationId>,
    pub number_id: Option<NumberId>,
    pub types: Option<Vec<String>>,
}

impl Narrowing {
    fn wants(&self, kind: &str, conversation_id: Option<&ConversationId>, number_id: Option<&NumberId>) -> bool {
        let of_type = self.types.as_ref().is_none_or(|types| types.iter().any(|wanted| wanted == kind));
        // What is gone names nothing it belonged to.
        let is_gone = kind == "gone";
        let here = |wanted: Option<bool>| wanted.unwrap_or(true) || is_gone;
        of_type
            && here(self.conversation_id.as_ref().map(|wanted| conversation_id == Some(wanted)))
            && here(self.number_id.as_ref().map(|wanted| number_id == Some(wanted)))
    }
}

pub struct Stream {
    app: Arc<App>,
    viewer: Viewer,
    subscriber: Subscriber,
    narrowing: Narrowing,
    /// All up to here was told, or was not wanted.
    position: Position,
    /// The place in the newest `id` that was written.
    told: Position,
    /// The database may hold more than was told.
    behind: bool,
    heartbeat: Interval,
    /// The first bytes, until they were written.
    begin: Option<String>,
}

impl Stream {
    /// Goes on from `last_seen`, or begins now.
    pub async fn begin(
        app: Arc<App>,
        viewer: Viewer,
        subscriber: Subscriber,
        narrowing: Narrowing,
        last_seen: Option<&str>,
    ) -> Result<Self, ApiError> {
        let known = match last_seen.map(str::parse::<Position>) {
            Some(Ok(position)) if store::changes::is_kept(&app.db, position).await? => Some(position),
            _ => None,
        };
        let position = match known {
            Some(position) => position,
            None => store::changes::newest(&app.db).await?,
        };
        let at = time(app.now());
        let heartbeat_secs = app.settings.feed.heartbeat_secs;
        let hello = FeedEvent::Hello(HelloEvent { at, heartbeat_secs });
        let mut begin = frame(Some(position), &hello);
        if last_seen.is_some() && known.is_none() {
            begin += &frame(Some(position), &FeedEvent::Reset(ResetEvent { at }));
        }
        let every = Duration::from_secs(heartbeat_secs);
        let mut heartbeat = tokio::time::interval_at(Instant::now() + every, every);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self {
            app,
            viewer,
            subscriber,
            narrowing,
            position,
            told: position,
            // What was changed before the reader knew of us is for us to read.
            behind: true,
            heartbeat,
            begin: Some(begin),
        })
    }

    pub fn into_bytes(self) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static {
        stream::unfold(self, async |mut stream| {
            let text = stream.next().await?;
            Some((Ok(Bytes::from(text)), stream))
        })
    }

    /// The next bytes; `None` when it is over.
    async fn next(&mut self) -> Option<String> {
        if let Some(begin) = self.begin.take() {
            return Some(begin);
        }
        loop {
            let text = if self.behind && self.heartbeat.tick().now_or_never().is_none() {
                self.catch_up().await
            } else if self.behind {
                Some(self.beat().await?)
            } else {
                self.listen().await?
            };
            if self.subscriber.closed.is_cancelled() {
                return None;
            }
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                return Some(text);
            }
        }
    }

    /// What comes next of all that can come; `None` when it is over.
    async fn listen(&mut self) -> Option<Option<String>> {
        let Subscriber { batches, presences, closed, .. } = &mut self.subscriber;
        tokio::select! {
            biased;
            () = closed.cancelled() => None,
            _ = self.heartbeat.tick() => self.beat().await.map(Some),
            batch = batches.recv() => match batch {
                Ok(batch) => Some(self.hear(&batch)),
                Err(RecvError::Lagged(_)) => {
                    self.behind = true;
                    Some(None)
                }
                Err(RecvError::Closed) => None,
            },
            presence = presences.recv() => match presence {
                Ok(presence) => Some(self.hear_presence(&presence)),
                // They say it again.
                Err(RecvError::Lagged(_)) => Some(None),
                Err(RecvError::Closed) => None,
            },
        }
    }

    /// A sign of life, with the place to go on from where it has moved on unseen; `None` where the key or the session has
    /// ended meanwhile.
    async fn beat(&mut self) -> Option<String> {
        match self.viewer.is_still_known(&self.app).await {
            Ok(true) => {}
            Ok(false) => return None,
            // A database that does not answer says nothing of the key.
            Err(error) => tracing::warn!(error = %error, "whether a feed's key still holds could not be read"),
        }
        let moved = self.position > self.told && !self.behind;
        if !moved {
            return Some(": still here\n\n".to_owned());
        }
        self.told = self.position;
        Some(format!(": still here\nid: {}\n\n", self.position))
    }

    /// Reads what was missed, a part at a time.
    async fn catch_up(&mut self) -> Option<String> {
        match catch_up(&self.app, &self.subscriber.workspace_id, self.position).await {
            Ok(missed) => {
                self.position = missed.to;
                self.behind = missed.more;
                Some(self.write(&missed.events))
            }
            Err(error) => {
                tracing::warn!(error = ?error, "a feed could not be read; it is tried again");
                tokio::time::sleep(AGAIN).await;
                None
            }
        }
    }

    fn hear(&mut self, batch: &Batch) -> Option<String> {
        if batch.to <= self.position {
            return None;
        }
        let events = batch.events.get(&self.subscriber.workspace_id);
        let Some(events) = events.filter(|_| batch.from <= self.position) else {
            // Something before it is missing, or it was read before anybody knew of us.
            self.behind = true;
            return None;
        };
        let place = events.partition_point(|event| event.position <= self.position);
        let text = self.write(&events[place..]);
        self.position = batch.to;
        Some(text)
    }

    fn hear_presence(&self, presence: &Presence) -> Option<String> {
        let wanted = presence.workspace_id == self.subscriber.workspace_id
            && self.narrowing.wants("presence", Some(&presence.conversation_id), Some(&presence.number_id));
        let event = PresenceEvent {
            at: time(presence.at),
            conversation_id: presence.conversation_id.clone(),
            actor: presence.actor.clone(),
            name: presence.name.clone(),
            state: presence.state,
        };
        wanted.then(|| frame(None, &FeedEvent::Presence(event)))
    }

    fn write(&mut self, events: &[Event]) -> String {
        let mut text = String::new();
        for event in events {
            if self.narrowing.wants(event.kind, event.conversation_id.as_ref(), event.number_id.as_ref()) {
                text += &written(Some(event.position), event.kind, &event.data);
                self.told = event.position;
            }
        }
        text
    }
}

fn frame(position: Option<Position>, event: &FeedEvent) -> String {
    written(position, event.name(), &event.data())
}

fn written(position: Option<Position>, name: &str, data: &str) -> String {
    let id = position.map_or(String::new(), |position| format!("id: {position}\n"));
    format!("{id}event: {name}\ndata: {data}\n\n")
}
