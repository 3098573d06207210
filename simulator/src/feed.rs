//! What happens, as it happens: events for the phone page. With nobody looking, nothing is built.

use std::{sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt, stream};
use poem::web::sse::{Event, SSE};
use serde_json::{Value, json};
use tokio::sync::broadcast::{self, Receiver, Sender, error::RecvError};

/// A channel to every page that is open.
pub(crate) struct Feed {
    sender: Sender<Arc<str>>,
}

impl Feed {
    pub(crate) fn new() -> Self {
        Self { sender: broadcast::channel(4096).0 }
    }

    /// Tells all pages, building the event only if there are any.
    pub(crate) fn tell(&self, event: impl FnOnce() -> Value) {
        if self.sender.receiver_count() > 0 {
            // A page may close between the question and the sending; then nobody is owed anything.
            let _ = self.sender.send(event().to_string().into());
        }
    }

    pub(crate) fn listen(&self) -> SSE {
        SSE::new(events(self.sender.subscribe())).keep_alive(Duration::from_secs(15))
    }
}

/// A page that fell behind is told to load afresh rather than left with holes.
fn events(receiver: Receiver<Arc<str>>) -> impl Stream<Item = Event> {
    let hello = stream::iter([Event::message(json!({"event": "hello"}).to_string())]);
    let news = stream::unfold(receiver, |mut receiver| async move {
        match receiver.recv().await {
            Ok(event) => Some((Event::message(event.as_ref()), receiver)),
            Err(RecvError::Lagged(_)) => {
                Some((Event::message(json!({"event": "reload"}).to_string()), receiver.resubscribe()))
            }
            Err(RecvError::Closed) => None,
        }
    });
    hello.chain(news)
}
