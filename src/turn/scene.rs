//! What a turn reads before it thinks.

use std::collections::HashSet;

use entity::message::Said;
use entity::state::{Author, Direction, FactLockMode, Outcome};
use entity::{ConversationId, MessageId, TurnId, WorkspaceId, contact, conversation, message, number};
use sea_orm::{ConnectionTrait, DbErr};

use super::fact_lock;
use crate::app::App;
use crate::delivery::Sending;
use crate::prompt::{self, Line, Quotable, lines};
use crate::store::messages::{Asked, written_at};
use crate::store::{self, agents};

/// The newest messages a prompt may draw from.
const RECENT: u64 = 80;

/// Quotes of what was said before that; a flood may hold more than one statement takes.
const QUOTED: usize = 100;
/// How many of the agent's own bubbles it may repeat facts from.
const VOUCHED: usize = 20;

/// A conversation as it stands when its turn begins.
#[derive(Debug)]
pub struct Scene {
    pub conversation: conversation::Model,
    pub number: number::Model,
    pub contact: contact::Model,
    /// The number's own agent, else the workspace's default.
    pub agent: Option<agents::Current>,
    /// What is not yet answered, in the order it was written.
    pub question: Vec<message::Model>,
    /// The same, as a history holds it.
    pub asked: Vec<Said>,
    /// The same in the words that the model reads.
    pub words: Vec<String>,
    /// The newest messages before it, oldest first.
    pub recent: Vec<Said>,
    pub history: Vec<Line>,
}

impl Scene {
    /// What is needed to send `message` in this conversation.
    pub fn sending(&self, message: message::Model) -> Sending {
        Sending {
            message,
            conversation: self.conversation.clone(),
            number: self.number.clone(),
            contact: self.contact.clone(),
        }
    }

    /// Where nothing is unanswered, what the customer said last is the question, and what came after it was not said.
    pub fn asking_last(mut self) -> Self {
        if !self.asked.is_empty() {
            return self;
        }
        let asks = |said: &Said| said.direction == Direction::Inbound && said.outcome != Some(Outcome::NotAQuestion);
        let end = self.recent.iter().rposition(asks).map_or(0, |place| place + 1);
        let begin = self.recent[..end].iter().rposition(|said| said.direction != Direction::Inbound);
        self.recent.truncate(end);
        self.asked = self.recent.split_off(begin.map_or(0, |place| place + 1));
        let quotable = Quotable::of(self.recent.iter().chain(&self.asked));
        self.history = lines(&self.recent, &quotable);
        self.words = self.asked.iter().map(|said| prompt::words(said, &quotable)).collect();
        self
    }

    /// What the agent said in this conversation under its fact lock.
    pub async fn vouched(&self, app: &App, agent: &agents::Current) -> Vec<String> {
        if agent.version.fact_lock == FactLockMode::Off {
            return Vec::new();
        }
        let own = || self.recent.iter().rev().filter(|said| said.author == Author::Agent).take(VOUCHED);
        let ids: HashSet<TurnId> = own().filter_map(|said| said.turn_id.clone()).collect();
        let turns = store::turns::list_by_ids(app.db.walker(), &ids.into_iter().collect::<Vec<_>>()).await;
        let turns = turns.unwrap_or_else(|error| {
            // The lock is stricter without them, and nothing is lost.
            tracing::error!(error = %error, "what the agent said before could not be read");
            Vec::new()
        });
        let vouched: HashSet<&TurnId> =
            turns.iter().filter(|turn| fact_lock::vouches_for(&turn.trace)).map(|turn| &turn.id).collect();
        let texts = own().filter(|said| said.turn_id.as_ref().is_some_and(|id| vouched.contains(id)));
        texts.filter_map(|said| said.text.as_ref()).map(|text| text.as_str().to_owned()).collect()
    }

    /// Since when the customer waits.
    pub fn asked_at(&self) -> Asked {
        let first = self.question.iter().map(written_at).min();
        let before = self.recent.last().map(|said| said.sent_at);
        first.map(|first| Asked::at(first, before)).unwrap_or_default()
    }

    pub fn question_ids(&self) -> Vec<MessageId> {
        self.question.iter().map(|message| message.id.clone()).collect()
    }
}

pub async fn read(
    app: &App,
    workspace_id: &WorkspaceId,
    conversation_id: &ConversationId,
) -> Result<Option<Scene>, DbErr> {
    let db = app.db.walker();
    let Some(conversation) = store::conversations::find(db, workspace_id, conversation_id).await? else {
        return Ok(None);
    };
    let number = store::numbers::find(db, workspace_id, &conversation.number_id).await?;
    let contact = store::contacts::find(db, workspace_id, &conversation.contact_id).await?;
    let Some((number, contact)) = number.zip(contact) else { return Ok(None) };
    let agent_id = match &number.agent_id {
        Some(agent_id) => Some(agent_id.clone()),
        None => store::workspaces::find(db, workspace_id).await?.and_then(|workspace| workspace.default_agent_id),
    };
    let agent = match &agent_id {
        Some(agent_id) => app.current_agent(workspace_id, agent_id).await?,
        None => None,
    };
    let question = store::messages::list_unanswered(db, conversation_id).await?;
    let recent = store::messages::list_recent(db, conversation_id, RECENT).await?;
    let asked: Vec<Said> = question.iter().map(Said::from).collect();
    let ids: HashSet<&MessageId> = question.iter().map(|message| &message.id).collect();
    let recent: Vec<Said> = recent.into_iter().filter(|message| !ids.contains(&message.id)).collect();
    let elsewhere = quoted_elsewhere(db, &number, &asked, &recent).await?;
    let quotable = Quotable::of(recent.iter().chain(&asked).chain(&elsewhere));
    let history = lines(&recent, &quotable);
    let words = asked.iter().map(|said| prompt::words(said, &quotable)).collect();
    Ok(Some(Scene { conversation, number, contact, agent, question, asked, words, recent, history }))
}

/// What is quoted and was said too long ago to be in the history.
async fn quoted_elsewhere(
    db: &impl ConnectionTrait,
    number: &number::Model,
    asked: &[Said],
    recent: &[Said],
) -> Result<Vec<Said>, DbErr> {
    let here: HashSet<&str> = recent.iter().chain(asked).filter_map(|said| said.wamid.as_deref()).collect();
    let quoted = asked.iter().chain(recent).filter_map(|said| said.reply_to.as_deref());
    let missing: HashSet<&str> = quoted.filter(|wamid| !here.contains(wamid)).collect();
    let missing: Vec<String> = missing.into_iter().take(QUOTED).map(str::to_owned).collect();
    store::messages::list_quoted(db, &number.id, &missing).await
}
