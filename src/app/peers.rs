//! What this node tells the others on one PostgreSQL. On an embedded database there are none, and nothing is told.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::ConversationId;
use tokio::sync::{Mutex, mpsc};

use super::feed::Presence;

/// Words that may wait to be told; what does not fit is found by looking.
const WAITING: usize = 4_096;

/// What one node wants others to know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// There are events to apply.
    Events,
    Turns,
    Sends,
    Files,
    Media,
    Upkeep,
    /// The turn that thinks about this conversation may be overtaken.
    Nudge(ConversationId),
    /// The number with this phone number ID was changed.
    Number(String),
    /// Something was changed that may be told to those who listen.
    Changes,
    Presence(Presence),
}

impl Signal {
    pub fn to_word(&self) -> String {
        match self {
            Self::Events => "events".to_owned(),
            Self::Turns => "turns".to_owned(),
            Self::Sends => "sends".to_owned(),
            Self::Files => "files".to_owned(),
            Self::Media => "media".to_owned(),
            Self::Upkeep => "upkeep".to_owned(),
            Self::Nudge(id) => format!("nudge:{id}"),
            Self::Number(id) => format!("number:{id}"),
            Self::Changes => "changes".to_owned(),
            // Names have spaces, words have none.
            Self::Presence(presence) => {
                format!("presence:{}", URL_SAFE_NO_PAD.encode(serde_json::to_vec(presence).unwrap_or_default()))
            }
        }
    }

    /// `None` for words of a newer version.
    pub fn read(word: &str) -> Option<Self> {
        match word.split_once(':') {
            Some(("nudge", id)) => ConversationId::parse(id).ok().map(Self::Nudge),
            Some(("number", id)) => Some(Self::Number(id.to_owned())),
            Some(("presence", told)) => {
                let told = URL_SAFE_NO_PAD.decode(told).ok()?;
                serde_json::from_slice(&told).ok().map(Self::Presence)
            }
            None if word == "changes" => Some(Self::Changes),
            None if word == "events" => Some(Self::Events),
            None if word == "turns" => Some(Self::Turns),
            None if word == "sends" => Some(Self::Sends),
            None if word == "files" => Some(Self::Files),
            None if word == "media" => Some(Self::Media),
            None if word == "upkeep" => Some(Self::Upkeep),
            _ => None,
        }
    }
}

/// The way to the other nodes.
#[derive(Debug)]
pub struct Peers {
    sender: Option<mpsc::Sender<Signal>>,
    waiting: Mutex<mpsc::Receiver<Signal>>,
}

impl Peers {
    pub fn new(has_peers: bool) -> Self {
        let (sender, waiting) = mpsc::channel(WAITING);
        Self { sender: has_peers.then_some(sender), waiting: Mutex::new(waiting) }
    }

    pub fn tell(&self, signal: Signal) {
        if let Some(sender) = &self.sender {
            // Full: it is found by looking, a little later.
            let _ = sender.try_send(signal);
        }
    }

    /// What is to be told next, each thing once. For the one task that tells.
    pub async fn next(&self) -> BTreeSet<Signal> {
        let mut signals = Vec::new();
        self.waiting.lock().await.recv_many(&mut signals, WAITING).await;
        signals.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use entity::state::PresenceState;
    use entity::{KeyId, NumberId, WorkspaceId};

    use super::*;

    #[test]
    fn words_are_read_as_they_were_told() {
        let signals = [
            Signal::Events,
            Signal::Turns,
            Signal::Sends,
            Signal::Files,
            Signal::Nudge(ConversationId::generate(1)),
            Signal::Number("1060000000001".to_owned()),
            Signal::Changes,
            Signal::Presence(Presence {
                at: 1,
                workspace_id: WorkspaceId::generate(1),
                conversation_id: ConversationId::generate(1),
                number_id: NumberId::generate(1),
                actor: KeyId::generate(1).into(),
                name: Some("Ana Maria \u{1f35e}".to_owned()),
                state: PresenceState::Typing,
            }),
        ];
        for signal in signals {
            assert_eq!(Signal::read(&signal.to_word()), Some(signal));
        }
        assert_eq!(Signal::read("something:new"), None);
    }
}
