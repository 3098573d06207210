//! What the agent would answer right now, for a person to send or to leave. Nothing is written but what it cost.

use entity::{ConversationId, WorkspaceId};
use sea_orm::DbErr;

use super::scene;
use super::think::{self, Asked, Thought};
use crate::app::App;
use crate::prompt::{Facts, Prompt};
use crate::shield::Wallet;

#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    #[error("there is no such conversation")]
    NoConversation,
    #[error("nobody would answer")]
    NoAgent,
    #[error("there is nothing to answer")]
    NothingSaid,
    /// Which budget is used up.
    #[error("{0}")]
    OverBudget(String),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Answers what is unanswered, else what the customer said last. `instructions` say what a colleague wants said.
pub async fn draft(
    app: &App,
    workspace_id: &WorkspaceId,
    conversation_id: &ConversationId,
    instructions: Option<&str>,
) -> Result<(Thought, Option<Prompt>), DraftError> {
    let scene = scene::read(app, workspace_id, conversation_id).await?.ok_or(DraftError::NoConversation)?;
    let scene = scene.asking_last();
    let mut agent = scene.agent.clone().ok_or(DraftError::NoAgent)?;
    if scene.words.is_empty() {
        return Err(DraftError::NothingSaid);
    }
    if let Some(instructions) = instructions {
        let told = format!(
            "{}\n\nA colleague at the business asks you to answer this time as follows: {instructions}",
            agent.version.instructions.as_str()
        );
        agent.version.instructions = told.into();
    }
    let vouched = scene.vouched(app, &agent).await;
    let asked = Asked {
        agent: &agent,
        question: &scene.words,
        history: &scene.history,
        vouched: &vouched,
        facts: Facts {
            business_name: scene.number.display_name.as_deref(),
            contact_name: scene.contact.name.as_ref().map(|name| name.as_str()),
            now: think::say_now(app),
        },
    };
    let wallet = Wallet::open(app, workspace_id, Some((&scene.number.id, &scene.contact.id)));
    let (thought, prompt) = think::answer(app, &asked, wallet.as_ref()).await;
    Ok((thought.map_err(DraftError::OverBudget)?, prompt))
}
