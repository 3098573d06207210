//! A person takes the conversation, and gives it back. Each change of owner begins a new epoch.

use entity::state::{Outcome, Owner, TaskReason};
use entity::{ActorId, ConversationId, MessageId, WorkspaceId, conversation};
use sea_orm::{ConnectionTrait, DbErr};

use crate::app::App;
use crate::clock::Millis;
use crate::store;

/// A person takes the conversation: no agent bubble leaves after this. `None` when there is no such conversation.
pub async fn take(
    app: &App,
    workspace_id: &WorkspaceId,
    id: &ConversationId,
    by: Option<&ActorId>,
) -> Result<Option<conversation::Model>, DbErr> {
    let taken = store::write(&app.db, async |tx| take_within(tx, workspace_id, id, by).await).await?;
    // The turn that thinks right now may stop.
    app.nudge(id);
    Ok(taken)
}

/// The same inside a transaction, for a person's word that comes with it. Whoever has it takes nothing twice.
pub async fn take_within(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &ConversationId,
    by: Option<&ActorId>,
) -> Result<Option<conversation::Model>, DbErr> {
    let locked = store::conversations::lock(tx, id).await?;
    let Some(found) = locked.filter(|conversation| &conversation.workspace_id == workspace_id) else {
        return Ok(None);
    };
    if found.owner != Owner::Human || found.taken_by.as_ref() != by {
        store::conversations::set_owner(tx, id, Owner::Human, by).await?;
    }
    store::conversations::close_task(tx, id).await?;
    store::conversations::find(tx, workspace_id, id).await
}

/// The agent answers again, from the next message on. `None` when there is no such conversation.
pub async fn release(
    app: &App,
    workspace_id: &WorkspaceId,
    id: &ConversationId,
) -> Result<Option<conversation::Model>, DbErr> {
    store::write(&app.db, async |tx| {
        let locked = store::conversations::lock(tx, id).await?;
        let Some(found) = locked.filter(|conversation| &conversation.workspace_id == workspace_id) else {
            return Ok(None);
        };
        if found.owner != Owner::Agent {
            store::conversations::set_owner(tx, id, Owner::Agent, None).await?;
        }
        store::conversations::close_task(tx, id).await?;
        store::conversations::find(tx, workspace_id, id).await
    })
    .await
}

/// The machine gives messages up: they end as handed over, and a person is asked.
pub async fn give_up(
    tx: &impl ConnectionTrait,
    id: &ConversationId,
    messages: &[MessageId],
    task: TaskReason,
    reason: &str,
    now: Millis,
) -> Result<(), DbErr> {
    if messages.is_empty() {
        return Ok(());
    }
    store::messages::set_outcome(tx, messages, Outcome::HandedOver, Some(reason)).await?;
    store::turns::end_open(tx, id, Some(Outcome::HandedOver), now).await?;
    store::conversations::open_task(tx, id, task, now).await?;
    Ok(())
}
