//! Turns: why something was said, or not.

use chrono::{DateTime, Utc};
use entity::state::{Direction, Outcome, TurnStatus};
use entity::{AgentId, ConversationId, MessageId, NumberId, TurnId, message, turn};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use sea_orm::DbErr;
use serde_json::Value;

use super::auth::Viewer;
use super::bubble::{self, Message};
use super::problem::ApiError;
use super::{Cursor, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::App;
use crate::config::{MICROS, Prices};
use crate::store;

pub struct TurnsApi;

/// One answer to one or more messages: the why card.
#[derive(Debug, Object)]
struct Turn {
    id: TurnId,
    conversation_id: ConversationId,
    number_id: NumberId,
    agent_id: Option<AgentId>,
    agent_version: Option<i32>,
    status: TurnStatus,
    /// Set where the turn itself decided it; a reply's own outcome stands with the messages.
    outcome: Option<Outcome>,
    /// How often a newer message made it start again.
    restarts: i32,
    model: Option<String>,
    prompt_tokens: Option<i64>,
    completion_tokens: Option<i64>,
    /// In the currency of the settings' prices, by the prices of now; null where no model was asked, or it has none.
    cost: Option<f64>,
    /// Gates, waits, passages with scores, prompt shares, models asked, tools called.
    trace: Any<Value>,
    started_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

/// A turn with what it answered and what it sent.
#[derive(Debug, Object)]
pub(super) struct TurnWithMessages {
    #[oai(flatten)]
    turn: Turn,
    answers: Vec<MessageId>,
    sends: Vec<Message>,
}

#[OpenApi(tag = "Tag::Turns")]
impl TurnsApi {
    /// Lists turns, newest first.
    #[oai(path = "/turns", method = "get", operation_id = "listTurns")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        conversation_id: Query<Option<ConversationId>>,
        outcome: Query<Option<Outcome>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Turn>>, ApiError> {
        let page = page_request(cursor, limit);
        let filter = store::turns::Filter { conversation_id: conversation_id.0, outcome: outcome.0 };
        Ok(List::of(store::turns::list(app.db.reader(), viewer.workspace(), &filter, &page).await?, |turn| {
            view(turn, &app.settings.prices)
        }))
    }

    /// Shows a turn with what it answered and what it sent.
    #[oai(path = "/turns/:turn_id", method = "get", operation_id = "getTurn")]
    async fn get(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        turn_id: Path<TurnId>,
    ) -> Result<Json<TurnWithMessages>, ApiError> {
        let found = store::turns::find(app.db.reader(), viewer.workspace(), &turn_id).await?;
        let turn = found.ok_or_else(|| ApiError::not_found("turn"))?;
        let messages = store::messages::list_of_turn(app.db.reader(), &turn.id).await?;
        Ok(Json(show(&app, turn, messages).await?))
    }
}

/// A turn with the messages that belong to it.
pub(super) async fn show(
    app: &App,
    turn: turn::Model,
    messages: Vec<message::Model>,
) -> Result<TurnWithMessages, DbErr> {
    let (answers, sends): (Vec<message::Model>, Vec<message::Model>) =
        messages.into_iter().partition(|message| message.direction == Direction::Inbound);
    Ok(TurnWithMessages {
        sends: bubble::show(app.db.reader(), &turn.workspace_id, sends).await?,
        answers: answers.into_iter().map(|message| message.id).collect(),
        turn: view(turn, &app.settings.prices),
    })
}

fn view(turn: turn::Model, prices: &Prices) -> Turn {
    let price = turn.model.as_deref().and_then(|model| prices.of(model));
    let cost = price
        .zip(turn.prompt_tokens)
        .map(|(price, prompt_tokens)| price.micros(prompt_tokens, turn.completion_tokens.unwrap_or(0)) / MICROS);
    Turn {
        id: turn.id,
        conversation_id: turn.conversation_id,
        number_id: turn.number_id,
        agent_id: turn.agent_id,
        agent_version: turn.agent_version,
        status: turn.status,
        outcome: turn.outcome,
        restarts: turn.restarts,
        model: turn.model,
        prompt_tokens: turn.prompt_tokens,
        completion_tokens: turn.completion_tokens,
        cost,
        trace: Any(turn.trace),
        started_at: time(turn.started_at),
        finished_at: turn.finished_at.map(time),
    }
}
