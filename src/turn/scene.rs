//! What a turn reads before it thinks.

use std::collections::HashSet;

use entity::{ConversationId, MessageId, WorkspaceId, contact, conversation, message, number};
use sea_orm::DbErr;

use crate::app::App;
use crate::prompt::{Line, lines};
use crate::store::{self, agents};

/// The newest messages a prompt may draw from.
const RECENT: u64 = 80;

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
    pub history: Vec<Line>,
}

impl Scene {
    pub fn question_ids(&self) -> Vec<MessageId> {
        self.question.iter().map(|message| message.id.clone()).collect()
    }
}

pub async fn read(
    app: &App,
    workspace_id: &WorkspaceId,
    conversation_id: &ConversationId,
) -> Result<Option<Scene>, DbErr> {
    let db = app.db.reader();
    let Some(conversation) = store::conversations::find(db, workspace_id, conversation_id).await? else {
        return Ok(None);
    };
    let number = store::numbers::find(db, workspace_id, &conversation.number_id).await?;
    let contact = store::contacts::find(db, workspace_id, &conversation.contact_id).await?;
    let Some((number, contact)) = number.zip(contact) else { return Ok(None) };
    let agent = match &number.agent_id {
        Some(agent_id) => store::agents::find(db, workspace_id, agent_id).await?,
        None => default_agent(app, workspace_id).await?,
    };
    let question = store::messages::list_unanswered(db, conversation_id).await?;
    let recent = store::messages::list_recent(db, conversation_id, RECENT).await?;
    let asked: HashSet<&MessageId> = question.iter().map(|message| &message.id).collect();
    let recent: Vec<_> = recent.into_iter().filter(|message| !asked.contains(&message.id)).collect();
    let history = lines(&recent);
    Ok(Some(Scene { conversation, number, contact, agent, question, history }))
}

async fn default_agent(app: &App, workspace_id: &WorkspaceId) -> Result<Option<agents::Current>, DbErr> {
    let workspace = store::workspaces::find(app.db.reader(), workspace_id).await?;
    match workspace.and_then(|workspace| workspace.default_agent_id) {
        Some(agent_id) => store::agents::find(app.db.reader(), workspace_id, &agent_id).await,
        None => Ok(None),
    }
}
