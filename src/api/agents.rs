//! Agents: who answers. Each change of what they are told is a new version.

use chrono::{DateTime, Utc};
use entity::private::{Sealed, Text};
use entity::state::AgentMode;
use entity::{AgentId, KeyId, WorkspaceId, agent, agent_version};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::{Any, MaybeUndefined};
use poem_openapi::{Enum, Object, OpenApi};
use secrecy::SecretString;
use serde_json::Value;

use super::auth::{Editor, Viewer};
use super::problem::{ApiError, Fields};
use super::{Created, Deleted, List, SharedApp, Tag, page_request, time};
use crate::app::App;
use crate::llm::ChatMessage;
use crate::prompt::{Facts, Line, Speaker};
use crate::secrets::agent_place;
use crate::shield::Wallet;
use crate::store;
use crate::store::agents::Current;
use crate::turn::think::{self, Asked};

const MAX_NAME_CHARS: usize = 100;
const MAX_INSTRUCTIONS_CHARS: usize = 50_000;
const MAX_OUTPUT_TOKENS: i32 = 32_000;
const MAX_TRY_CHARS: usize = 20_000;
const MAX_TRY_HISTORY: usize = 100;

pub struct AgentsApi;

/// Who answers on a number.
#[derive(Debug, Object)]
struct Agent {
    id: AgentId,
    name: String,
    /// What the agent is told; the prompt begins with it.
    instructions: String,
    model: Model,
    mode: AgentMode,
    /// The version that answers.
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Which model answers; what is null is the instance's.
#[derive(Debug, Object)]
struct Model {
    name: Option<String>,
    temperature: Option<f64>,
    max_output_tokens: Option<i32>,
    /// An OpenAI-compatible service of the agent's own, with `/v1`.
    base_url: Option<String>,
    has_api_key: bool,
}

/// A version of an agent.
#[derive(Debug, Object)]
struct AgentVersion {
    agent_id: AgentId,
    version: i32,
    name: String,
    instructions: String,
    model: Model,
    created_at: DateTime<Utc>,
    /// The API key it was made with.
    created_by: Option<KeyId>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct CreateAgent {
    name: String,
    instructions: String,
    model: Option<ModelSettings>,
    mode: Option<AgentMode>,
}

/// Only what is given changes; null goes back to the instance's own.
#[derive(Debug, Default, Object)]
#[oai(deny_unknown_fields)]
struct ModelSettings {
    name: MaybeUndefined<String>,
    temperature: MaybeUndefined<f64>,
    max_output_tokens: MaybeUndefined<i32>,
    base_url: MaybeUndefined<String>,
    /// Write-only.
    api_key: MaybeUndefined<String>,
}

/// Only what is given changes.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct UpdateAgent {
    name: Option<String>,
    instructions: Option<String>,
    model: Option<ModelSettings>,
    mode: Option<AgentMode>,
}

/// A question to try an agent with.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct TryAgent {
    /// What a customer would write.
    message: String,
    /// What was said before, oldest first.
    #[oai(default)]
    history: Vec<TryLine>,
    /// Try these instructions instead of the agent's own.
    instructions: Option<String>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct TryLine {
    from: TrySpeaker,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum TrySpeaker {
    Customer,
    Agent,
}

/// What the agent would have answered; nothing was sent.
#[derive(Debug, Object)]
struct Tried {
    reply: String,
    /// Set when the agent would have handed the conversation to a person, and why.
    hand_over: Option<String>,
    model: Option<String>,
    prompt_tokens: i64,
    completion_tokens: i64,
    /// The prompt, message by message.
    prompt: Vec<TriedMessage>,
    /// The why card: passages with scores, prompt shares, models asked, tools called.
    trace: Any<Value>,
}

#[derive(Debug, Object)]
struct TriedMessage {
    role: String,
    text: String,
}

#[OpenApi(tag = "Tag::Agents")]
impl AgentsApi {
    /// Lists agents.
    #[oai(path = "/agents", method = "get", operation_id = "listAgents")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<List<Agent>>, ApiError> {
        let page = page_request(cursor.0, limit.0)?;
        Ok(List::of(store::agents::list(app.db.reader(), viewer.workspace(), &page).await?, view))
    }

    /// Makes an agent.
    #[oai(path = "/agents", method = "post", operation_id = "createAgent")]
    async fn create(
        &self,
        app: SharedApp<'_>,
        editor: Editor,
        body: Json<CreateAgent>,
    ) -> Result<Created<Agent>, ApiError> {
        let body = body.0;
        let now = app.now();
        let id = AgentId::generate(now);
        let mut version = agent_version::Model {
            agent_id: id.clone(),
            version: 1,
            workspace_id: editor.workspace().clone(),
            name: body.name,
            instructions: Text(body.instructions),
            model_name: None,
            temperature: None,
            max_output_tokens: None,
            base_url: None,
            api_key: None,
            created_at: now,
            created_by: Some(editor.key().clone()),
        };
        apply_model(&app, &mut version, body.model);
        validate(&version)?;
        let agent = agent::Model {
            id,
            workspace_id: editor.workspace().clone(),
            name: version.name.clone(),
            mode: body.mode.unwrap_or(AgentMode::Active),
            version: 1,
            knowledge_revision: 0,
            created_at: now,
            updated_at: now,
        };
        let current = Current { agent, version };
        store::write(&app.db, async |tx| store::agents::insert(tx, &current).await).await?;
        Ok(Created::new(view(current)))
    }

    /// Shows an agent.
    #[oai(path = "/agents/:agent_id", method = "get", operation_id = "getAgent")]
    async fn get(&self, app: SharedApp<'_>, viewer: Viewer, agent_id: Path<AgentId>) -> Result<Json<Agent>, ApiError> {
        Ok(Json(view(find(&app, viewer.workspace(), &agent_id).await?)))
    }

    /// Changes the given fields. A change of anything but the mode is a new version.
    #[oai(path = "/agents/:agent_id", method = "patch", operation_id = "updateAgent")]
    async fn update(
        &self,
        app: SharedApp<'_>,
        editor: Editor,
        agent_id: Path<AgentId>,
        body: Json<UpdateAgent>,
    ) -> Result<Json<Agent>, ApiError> {
        let body = body.0;
        let mode = body.mode;
        let current = find(&app, editor.workspace(), &agent_id).await?;
        let mut version = current.version.clone();
        version.name = body.name.unwrap_or(version.name);
        version.instructions = body.instructions.map_or(version.instructions, Text);
        apply_model(&app, &mut version, body.model);
        validate(&version)?;
        let changed = version != current.version;
        version.version += 1;
        version.created_at = app.now();
        version.created_by = Some(editor.key().clone());
        store::write(&app.db, async |tx| {
            if changed {
                store::agents::insert_version(tx, &version, app.now()).await.map_err(raced)?;
            }
            if let Some(mode) = mode {
                store::agents::set_mode(tx, &agent_id, mode, app.now()).await?;
            }
            Ok::<_, ApiError>(())
        })
        .await?;
        Ok(Json(view(find(&app, editor.workspace(), &agent_id).await?)))
    }

    /// Removes an agent with its versions and knowledge. Numbers it answered on are left without one.
    #[oai(path = "/agents/:agent_id", method = "delete", operation_id = "deleteAgent")]
    async fn delete(&self, app: SharedApp<'_>, editor: Editor, agent_id: Path<AgentId>) -> Result<Deleted, ApiError> {
        let workspace = store::workspaces::find(app.db.reader(), editor.workspace()).await?;
        let is_default = workspace.is_some_and(|workspace| workspace.default_agent_id.as_ref() == Some(&agent_id.0));
        let deleted = store::write(&app.db, async |tx| {
            if !store::agents::delete(tx, editor.workspace(), &agent_id).await? {
                return Ok(false);
            }
            store::knowledge::delete_of_agent(tx, &agent_id).await?;
            store::numbers::clear_agent(tx, editor.workspace(), &agent_id).await?;
            if is_default {
                store::workspaces::update(tx, editor.workspace(), None, Some(None)).await?;
            }
            Ok::<_, sea_orm::DbErr>(true)
        })
        .await?;
        Deleted::or_not_found(deleted, "agent")
    }

    /// Lists an agent's versions, newest first.
    #[oai(path = "/agents/:agent_id/versions", method = "get", operation_id = "listAgentVersions")]
    async fn versions(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        agent_id: Path<AgentId>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<List<AgentVersion>>, ApiError> {
        let page = page_request(cursor.0, limit.0)?;
        find(&app, viewer.workspace(), &agent_id).await?;
        let versions = store::agents::list_versions(app.db.reader(), viewer.workspace(), &agent_id, &page).await?;
        Ok(List::of(versions, version_view))
    }

    /// Makes an old version the one that answers, as a new version.
    #[oai(path = "/agents/:agent_id/versions/:version/restore", method = "post", operation_id = "restoreAgentVersion")]
    async fn restore(
        &self,
        app: SharedApp<'_>,
        editor: Editor,
        agent_id: Path<AgentId>,
        version: Path<i32>,
    ) -> Result<Json<Agent>, ApiError> {
        let current = find(&app, editor.workspace(), &agent_id).await?;
        let old = store::agents::find_version(app.db.reader(), editor.workspace(), &agent_id, version.0).await?;
        let mut restored = old.ok_or_else(|| ApiError::not_found("version"))?;
        restored.version = current.agent.version + 1;
        restored.created_at = app.now();
        restored.created_by = Some(editor.key().clone());
        store::write(&app.db, async |tx| store::agents::insert_version(tx, &restored, app.now()).await)
            .await
            .map_err(raced)?;
        Ok(Json(view(find(&app, editor.workspace(), &agent_id).await?)))
    }

    /// Lets the agent answer a made-up question and shows everything; nothing is sent or stored.
    #[oai(path = "/agents/:agent_id/try", method = "post", operation_id = "tryAgent")]
    async fn try_it(
        &self,
        app: SharedApp<'_>,
        editor: Editor,
        agent_id: Path<AgentId>,
        body: Json<TryAgent>,
    ) -> Result<Json<Tried>, ApiError> {
        let body = body.0;
        let mut fields = Fields::default();
        fields.text("message", &body.message, MAX_TRY_CHARS);
        fields.check(
            body.history.len() <= MAX_TRY_HISTORY,
            "history",
            format!("must have {MAX_TRY_HISTORY} lines at the most"),
        );
        fields.finish()?;
        let mut agent = find(&app, editor.workspace(), &agent_id).await?;
        if let Some(instructions) = body.instructions {
            agent.version.instructions = Text(instructions);
        }
        let history: Vec<Line> = body
            .history
            .into_iter()
            .map(|line| Line {
                speaker: if line.from == TrySpeaker::Customer { Speaker::Customer } else { Speaker::Agent },
                text: line.text,
            })
            .collect();
        let facts = Facts { business_name: None, contact_name: None, now: think::say_now(&app) };
        let asked = Asked { agent: &agent, question: &[body.message], history: &history, facts };
        let wallet = Wallet::open(&app, editor.workspace(), None);
        let (thought, prompt) = think::answer(&app, &asked, wallet.as_ref()).await;
        let thought = thought.map_err(|reason| ApiError::conflict("over_budget", reason))?;
        let messages = prompt.map(|prompt| prompt.messages).unwrap_or_default();
        Ok(Json(Tried {
            reply: thought.text,
            hand_over: thought.hand_over.map(|hand_over| hand_over.reason),
            model: thought.model,
            prompt_tokens: thought.usage.prompt_tokens,
            completion_tokens: thought.usage.completion_tokens,
            prompt: messages.into_iter().map(tried_message).collect(),
            trace: Any(serde_json::to_value(&thought.trace).unwrap_or_default()),
        }))
    }
}

pub(super) async fn find(app: &App, workspace_id: &WorkspaceId, id: &AgentId) -> Result<Current, ApiError> {
    let found = store::agents::find(app.db.reader(), workspace_id, id).await?;
    found.ok_or_else(|| ApiError::not_found("agent"))
}

fn view(current: Current) -> Agent {
    let version = version_view(current.version);
    Agent {
        id: current.agent.id,
        name: version.name,
        instructions: version.instructions,
        model: version.model,
        mode: current.agent.mode,
        version: version.version,
        created_at: time(current.agent.created_at),
        updated_at: time(current.agent.updated_at),
    }
}

fn version_view(version: agent_version::Model) -> AgentVersion {
    AgentVersion {
        agent_id: version.agent_id,
        version: version.version,
        name: version.name,
        instructions: version.instructions.0,
        model: Model {
            name: version.model_name,
            temperature: version.temperature,
            max_output_tokens: version.max_output_tokens,
            base_url: version.base_url,
            has_api_key: version.api_key.is_some(),
        },
        created_at: time(version.created_at),
        created_by: version.created_by,
    }
}

fn tried_message(message: ChatMessage) -> TriedMessage {
    let (role, text) = match message {
        ChatMessage::System(text) => ("system", text),
        ChatMessage::User(text) => ("user", text),
        ChatMessage::Assistant { text, .. } => ("assistant", text.unwrap_or_default()),
        ChatMessage::Tool { text, .. } => ("tool", text),
    };
    TriedMessage { role: role.to_owned(), text }
}

fn apply_model(app: &App, version: &mut agent_version::Model, model: Option<ModelSettings>) {
    let Some(model) = model else { return };
    set(&mut version.model_name, model.name);
    set(&mut version.temperature, model.temperature);
    set(&mut version.max_output_tokens, model.max_output_tokens);
    set(&mut version.base_url, model.base_url);
    let place = agent_place(&version.agent_id);
    let sealed: MaybeUndefined<Sealed> = match model.api_key {
        MaybeUndefined::Undefined => return,
        MaybeUndefined::Null => return version.api_key = None,
        MaybeUndefined::Value(key) => MaybeUndefined::Value(app.sealer.seal(&place, &SecretString::from(key))),
    };
    if let MaybeUndefined::Value(sealed) = sealed {
        version.api_key = Some(sealed);
    }
}

fn set<T>(field: &mut Option<T>, to: MaybeUndefined<T>) {
    match to {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *field = None,
        MaybeUndefined::Value(value) => *field = Some(value),
    }
}

fn validate(version: &agent_version::Model) -> Result<(), ApiError> {
    let mut fields = Fields::default();
    fields.text("name", &version.name, MAX_NAME_CHARS);
    fields.text("instructions", version.instructions.as_str(), MAX_INSTRUCTIONS_CHARS);
    if let Some(name) = &version.model_name {
        fields.text("model.name", name, MAX_NAME_CHARS);
    }
    let temperature_fits = version.temperature.is_none_or(|temperature| (0.0..=2.0).contains(&temperature));
    fields.check(temperature_fits, "model.temperature", "must be from 0 to 2");
    let tokens_fit = version.max_output_tokens.is_none_or(|tokens| (1..=MAX_OUTPUT_TOKENS).contains(&tokens));
    fields.check(tokens_fit, "model.max_output_tokens", format!("must be from 1 to {MAX_OUTPUT_TOKENS}"));
    let url_fits = version.base_url.as_deref().is_none_or(|url| {
        reqwest::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    });
    fields.check(url_fits, "model.base_url", "must be a URL that begins with http:// or https://");
    fields.finish()
}

fn raced(error: sea_orm::DbErr) -> ApiError {
    match store::violates_unique(&error) {
        true => ApiError::conflict(
            "changed_meanwhile",
            "Somebody changed the agent at the same moment. Read it and try again.",
        ),
        false => error.into(),
    }
}
