//! Read marks and the typing indicator while a turn thinks: a courtesy, which never costs an answer.

use std::time::Duration;

use entity::message;
use tokio::task::AbortHandle;

use super::Scene;
use crate::app::{App, NumberSecret};

/// WhatsApp stops showing the indicator after 25 s.
const REPEAT: Duration = Duration::from_secs(20);
/// The answer waits no longer than this for the first indicator, which else would arrive after it.
const PATIENCE: Duration = Duration::from_millis(800);

/// Keeps the indicator alive until it is dropped.
pub struct Presence {
    first: Option<tokio::sync::oneshot::Receiver<()>>,
    keeper: Option<AbortHandle>,
}

/// Marks the newest message read and shows that somebody is typing.
pub fn show(app: &App, scene: &Scene) -> Presence {
    let nobody = Presence { first: None, keeper: None };
    let newest = scene.question.iter().rev().find_map(|message: &message::Model| message.wamid.clone());
    let token = app.open_number_secret(&scene.number, NumberSecret::AccessToken).ok().flatten();
    let (Some(wamid), Some(token), None) = (newest, token, scene.number.held_until) else { return nobody };
    let graph = app.graph.clone();
    let phone_number_id = scene.number.phone_number_id.clone();
    let (shown, first) = tokio::sync::oneshot::channel();
    let keeper = tokio::spawn(async move {
        let mut shown = Some(shown);
        loop {
            if let Err(error) = graph.mark_read_and_typing(&phone_number_id, &token, &wamid, true).await {
                tracing::debug!(graph.code = error.code, "the typing indicator was not taken");
            }
            if let Some(shown) = shown.take() {
                // Nobody listens any more when the turn has been interrupted.
                let _ = shown.send(());
            }
            tokio::time::sleep(REPEAT).await;
        }
    });
    Presence { first: Some(first), keeper: Some(keeper.abort_handle()) }
}

impl Presence {
    /// Waits until the first indicator has been taken, or patience ends; it is kept alive while this is awaited and
    /// ends with it.
    pub async fn shown(mut self) {
        if let Some(first) = self.first.take() {
            // Both ends are fine: taken, or not in time.
            let _ = tokio::time::timeout(PATIENCE, first).await;
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        if let Some(keeper) = &self.keeper {
            keeper.abort();
        }
    }
}
