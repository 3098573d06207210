//! Agents: who answers. Each change of what they are told is a new version.

use chrono::{DateTime, Utc};
use entity::state::{AgentMode, FactLockMode};
use entity::{ActorId, AgentId, NumberId, WorkspaceId, agent, agent_version, number};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::{Any, MaybeUndefined, ParseFromJSON};
use poem_openapi::{Enum, Object, OpenApi};
use secrecy::SecretString;
use serde_json::Value;

use super::auth::{Editor, Viewer};
use super::problem::{ApiError, Fields};
use super::wire::{
    Anything, Bounded, LanguageCode, Real, Secret, ServiceUrl, Several, TemplateTitle, Text, Whole, set,
};
use super::{Created, Cursor, Deleted, Limit, List, SharedApp, Tag, page_request, time};
use crate::account;
use crate::app::App;
use crate::delivery;
use crate::llm::ChatMessage;
use crate::prompt::{Facts, Line, Prompt, Speaker};
use crate::secrets::agent_place;
use crate::shield::Wallet;
use crate::store;
use crate::store::Page;
use crate::store::agents::Current;
use crate::store::knowledge::Amount;
use crate::turn::think::{self, Asked, Thought};

type Name = Text<100>;
type Instructions = Text<50_000>;
type Temperature = Real<0, 2>;
type OutputTokens = Whole<1, 32_000>;
type VersionNumber = Whole<1, { i32::MAX }>;
type BaseUrl = Text<2_000, ServiceUrl>;

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
    /// Sent in place of a reply that came too late for the customer's window.
    window_template: Option<WindowTemplate>,
    fact_lock: FactLockMode,
    /// The version that answers.
    version: i32,
    /// The numbers it answers on: its own, and for the workspace's default those without an agent.
    numbers: Vec<AgentNumber>,
    knowledge_files: i64,
    knowledge_tokens: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// A number an agent answers on.
#[derive(Debug, Clone, Object)]
struct AgentNumber {
    id: NumberId,
    display_name: Option<String>,
    display_phone_number: Option<String>,
}

/// Sent in place of a reply that came too late for the customer's window: an approved template.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct WindowTemplate {
    name: TemplateTitle,
    /// Such as `en_US`.
    language: LanguageCode,
    /// What the variables of its body are, in their order; `{{contact_name}}` in one becomes the contact's name.
    #[oai(default)]
    parameters: Several<0, 20, Text<1_024>>,
}

impl Bounded for WindowTemplate {
    fn problem(&self) -> Option<String> {
        let named = self.name.problem().map(|problem| format!("has a name that {problem}"));
        let language = || self.language.problem().map(|problem| format!("has a language that {problem}"));
        named.or_else(language).or_else(|| self.parameters.problem())
    }
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
    window_template: Option<WindowTemplate>,
    fact_lock: FactLockMode,
    created_at: DateTime<Utc>,
    /// The API key it was made with, or the member who made it.
    created_by: Option<ActorId>,
    /// What they are called now; null when they are gone.
    created_by_name: Option<String>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct CreateAgent {
    name: Name,
    instructions: Instructions,
    model: Option<ModelSettings>,
    mode: Option<AgentMode>,
    window_template: Option<WindowTemplate>,
    /// Off unless told.
    fact_lock: Option<FactLockMode>,
}

/// Only what is given changes; null goes back to the instance's own.
#[derive(Debug, Default, Object)]
#[oai(deny_unknown_fields)]
struct ModelSettings {
    name: MaybeUndefined<Name>,
    temperature: MaybeUndefined<Temperature>,
    max_output_tokens: MaybeUndefined<OutputTokens>,
    /// A change needs `api_key` in the same request where one is stored: no key goes to a service it was not given for.
    base_url: MaybeUndefined<BaseUrl>,
    /// Write-only.
    api_key: MaybeUndefined<Secret<2_000>>,
}

/// Only what is given changes; null takes the template away.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct UpdateAgent {
    name: Option<Name>,
    instructions: Option<Instructions>,
    model: Option<ModelSettings>,
    mode: Option<AgentMode>,
    window_template: MaybeUndefined<WindowTemplate>,
    fact_lock: Option<FactLockMode>,
}

/// A question to try an agent with.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct TryAgent {
    /// What a customer would write.
    message: Text<20_000>,
    /// What was said before, oldest first.
    #[oai(default)]
    history: Several<0, 100, TryLine>,
    /// Try these instructions instead of the agent's own.
    instructions: Option<Instructions>,
    /// Finds the passages and puts the prompt together, and asks no model.
    preview: Option<bool>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct TryLine {
    from: TrySpeaker,
    text: Text<20_000, Anything>,
}

impl Bounded for TryLine {
    fn problem(&self) -> Option<String> {
        self.text.problem()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum TrySpeaker {
    Customer,
    Agent,
}

/// What the agent would have answered; nothing was sent.
#[derive(Debug, Object)]
pub(super) struct Tried {
    /// Null of a preview.
    reply: Option<String>,
    /// Set when the agent would have handed the conversation to a person, and why.
    hand_over: Option<String>,
    /// Of a preview: the one that would be asked first.
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
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Agent>>, ApiError> {
        let page = page_request(cursor, limit);
        let page = store::agents::list(app.db.reader(), viewer.workspace(), &page).await?;
        let items = show_all(&app, viewer.workspace(), page.items).await?;
        Ok(Json(List { items, next_cursor: page.next_cursor }))
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
        let mut fields = Fields::default();
        fields.fit("name", &body.name);
        fields.fit("instructions", &body.instructions);
        check_model(&mut fields, body.model.as_ref());
        fields.fit("window_template", &body.window_template);
        fields.finish()?;
        let now = app.now();
        let id = AgentId::generate(now);
        let mut version = agent_version::Model {
            window_template: body.window_template.map(stored_template),
            agent_id: id.clone(),
            version: 1,
            workspace_id: editor.workspace().clone(),
            name: body.name.into_string(),
            instructions: body.instructions.into_string().into(),
            model_name: None,
            temperature: None,
            max_output_tokens: None,
            base_url: None,
            api_key: None,
            fact_lock: body.fact_lock.unwrap_or(FactLockMode::Off),
            created_at: now,
            created_by: Some(editor.actor().clone()),
        };
        apply_model(&app, &mut version, body.model);
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
        Ok(Created::new(show(&app, current).await?))
    }

    /// Shows an agent.
    #[oai(path = "/agents/:agent_id", method = "get", operation_id = "getAgent")]
    async fn get(&self, app: SharedApp<'_>, viewer: Viewer, agent_id: Path<AgentId>) -> Result<Json<Agent>, ApiError> {
        Ok(Json(show(&app, find(&app, viewer.workspace(), &agent_id).await?).await?))
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
        let mut fields = Fields::default();
        fields.fit("name", &body.name);
        fields.fit("instructions", &body.instructions);
        check_model(&mut fields, body.model.as_ref());
        fields.fit("window_template", &body.window_template);
        fields.finish()?;
        let current = find(&app, editor.workspace(), &agent_id).await?;
        let mut version = current.version.clone();
        if let Some(model) = &body.model {
            keep_key_at_its_service(&version, model)?;
        }
        version.name = body.name.map_or(version.name, Text::into_string);
        version.instructions = body.instructions.map_or(version.instructions, |text| text.into_string().into());
        set(&mut version.window_template, body.window_template, stored_template);
        version.fact_lock = body.fact_lock.unwrap_or(version.fact_lock);
        apply_model(&app, &mut version, body.model);
        let changed = version != current.version;
        version.version += 1;
        version.created_at = app.now();
        version.created_by = Some(editor.actor().clone());
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
        Ok(Json(show(&app, find(&app, editor.workspace(), &agent_id).await?).await?))
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
                store::workspaces::update(tx, editor.workspace(), None, Some(None), None).await?;
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
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<AgentVersion>>, ApiError> {
        let page = page_request(cursor, limit);
        find(&app, viewer.workspace(), &agent_id).await?;
        let versions = store::agents::list_versions(app.db.reader(), viewer.workspace(), &agent_id, &page).await?;
        let Page { items, next_cursor } = versions.map(version_view);
        let items = name_makers(&app, viewer.workspace(), items).await?;
        Ok(Json(List { items, next_cursor }))
    }

    /// Shows a version.
    #[oai(path = "/agents/:agent_id/versions/:version", method = "get", operation_id = "getAgentVersion")]
    async fn version(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        agent_id: Path<AgentId>,
        version: Path<VersionNumber>,
    ) -> Result<Json<AgentVersion>, ApiError> {
        let found = store::agents::find_version(app.db.reader(), viewer.workspace(), &agent_id, version.get()).await?;
        found.map(|version| Json(version_view(version))).ok_or_else(|| ApiError::not_found("version"))
    }

    /// Makes an old version the one that answers, as a new version.
    #[oai(path = "/agents/:agent_id/versions/:version/restore", method = "post", operation_id = "restoreAgentVersion")]
    async fn restore(
        &self,
        app: SharedApp<'_>,
        editor: Editor,
        agent_id: Path<AgentId>,
        version: Path<VersionNumber>,
    ) -> Result<Json<Agent>, ApiError> {
        let current = find(&app, editor.workspace(), &agent_id).await?;
        let old = store::agents::find_version(app.db.reader(), editor.workspace(), &agent_id, version.get()).await?;
        let mut restored = old.ok_or_else(|| ApiError::not_found("version"))?;
        restored.version = current.agent.version + 1;
        restored.created_at = app.now();
        restored.created_by = Some(editor.actor().clone());
        store::write(&app.db, async |tx| store::agents::insert_version(tx, &restored, app.now()).await)
            .await
            .map_err(raced)?;
        Ok(Json(show(&app, find(&app, editor.workspace(), &agent_id).await?).await?))
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
        fields.fit("message", &body.message);
        fields.fit("history", &body.history);
        fields.fit("instructions", &body.instructions);
        fields.finish()?;
        let mut agent = find(&app, editor.workspace(), &agent_id).await?;
        if let Some(instructions) = body.instructions {
            agent.version.instructions = instructions.into_string().into();
        }
        let history: Vec<Line> = body
            .history
            .0
            .into_iter()
            .map(|line| Line {
                speaker: if line.from == TrySpeaker::Customer { Speaker::Customer } else { Speaker::Agent },
                text: line.text.into_string(),
            })
            .collect();
        let facts = Facts { business_name: None, contact_name: None, now: think::say_now(&app) };
        let asked =
            Asked { agent: &agent, question: &[body.message.into_string()], history: &history, vouched: &[], facts };
        if body.preview == Some(true) {
            return preview(&app, &asked).await;
        }
        let wallet = Wallet::open(&app, editor.workspace(), None);
        let (thought, prompt) = think::answer(&app, &asked, wallet.as_ref()).await;
        let thought = thought.map_err(|reason| ApiError::conflict("over_budget", reason))?;
        Ok(Json(tried(thought, prompt)))
    }
}

/// A thought that nobody sends.
pub(super) fn tried(thought: Thought, prompt: Option<Prompt>) -> Tried {
    let messages = prompt.map(|prompt| prompt.messages).unwrap_or_default();
    Tried {
        reply: Some(thought.text),
        hand_over: thought.hand_over.map(|hand_over| hand_over.reason),
        model: thought.model,
        prompt_tokens: thought.usage.prompt_tokens,
        completion_tokens: thought.usage.completion_tokens,
        prompt: messages.into_iter().map(tried_message).collect(),
        trace: Any(serde_json::to_value(&thought.trace).unwrap_or_default()),
    }
}

pub(super) async fn find(app: &App, workspace_id: &WorkspaceId, id: &AgentId) -> Result<Current, ApiError> {
    let found = store::agents::find(app.db.reader(), workspace_id, id).await?;
    found.ok_or_else(|| ApiError::not_found("agent"))
}

async fn preview(app: &App, asked: &Asked<'_>) -> Result<Json<Tried>, ApiError> {
    let previewed = think::preview(app, asked).await.map_err(|error| ApiError::internal(&error))?;
    Ok(Json(Tried {
        reply: None,
        hand_over: None,
        model: Some(previewed.model),
        prompt_tokens: previewed.prompt.account.tokens as i64,
        completion_tokens: 0,
        prompt: previewed.prompt.messages.into_iter().map(tried_message).collect(),
        trace: Any(serde_json::to_value(&previewed.trace).unwrap_or_default()),
    }))
}

async fn show(app: &App, current: Current) -> Result<Agent, ApiError> {
    let workspace_id = current.agent.workspace_id.clone();
    let shown = show_all(app, &workspace_id, vec![current]).await?;
    shown.into_iter().next().ok_or_else(|| ApiError::not_found("agent"))
}

/// Adds to each what people want to see beside it, with one query a kind.
async fn show_all(app: &App, workspace_id: &WorkspaceId, agents: Vec<Current>) -> Result<Vec<Agent>, ApiError> {
    let db = app.db.reader();
    let ids: Vec<AgentId> = agents.iter().map(|current| current.agent.id.clone()).collect();
    let workspace = store::workspaces::find(db, workspace_id).await?;
    let default_id = workspace.and_then(|workspace| workspace.default_agent_id);
    let is_default = |id: &AgentId| default_id.as_ref() == Some(id);
    let numbers = store::numbers::list_of_agents(db, workspace_id, &ids, ids.iter().any(is_default)).await?;
    let amounts = store::knowledge::amounts_of_agents(db, &ids).await?;
    let shown = agents.into_iter().map(|current| {
        let id = current.agent.id.clone();
        let is_its = |number: &&number::Model| match &number.agent_id {
            Some(agent_id) => agent_id == &id,
            None => is_default(&id),
        };
        let numbers = numbers.iter().filter(is_its).map(number_view).collect();
        view(current, numbers, amounts.iter().find(|amount| amount.agent_id == id))
    });
    Ok(shown.collect())
}

fn number_view(number: &number::Model) -> AgentNumber {
    AgentNumber {
        id: number.id.clone(),
        display_name: number.display_name.clone(),
        display_phone_number: number.display_phone_number.clone(),
    }
}

fn view(current: Current, numbers: Vec<AgentNumber>, knows: Option<&Amount>) -> Agent {
    let version = version_view(current.version);
    Agent {
        id: current.agent.id,
        name: version.name,
        instructions: version.instructions,
        model: version.model,
        mode: current.agent.mode,
        window_template: version.window_template,
        fact_lock: version.fact_lock,
        version: version.version,
        numbers,
        knowledge_files: knows.map_or(0, |amount| amount.files),
        knowledge_tokens: knows.map_or(0, |amount| amount.tokens_in_all),
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
        window_template: version.window_template.and_then(shown_template),
        fact_lock: version.fact_lock,
        created_at: time(version.created_at),
        created_by: version.created_by,
        created_by_name: None,
    }
}

/// Tells who made the versions.
async fn name_makers(
    app: &App,
    workspace_id: &WorkspaceId,
    mut versions: Vec<AgentVersion>,
) -> Result<Vec<AgentVersion>, ApiError> {
    let makers: Vec<ActorId> = versions.iter().filter_map(|version| version.created_by.clone()).collect();
    let names = store::actors::names(app.db.reader(), workspace_id, &makers).await?;
    for version in &mut versions {
        version.created_by_name = version.created_by.as_ref().and_then(|maker| names.get(maker).cloned());
    }
    Ok(versions)
}

fn stored_template(template: WindowTemplate) -> Value {
    let stored = delivery::WindowTemplate {
        name: template.name.into_string(),
        language: account::templates::language(&template.language),
        parameters: template.parameters.0.into_iter().map(Text::into_string).collect(),
    };
    serde_json::to_value(stored).unwrap_or_default()
}

fn shown_template(stored: Value) -> Option<WindowTemplate> {
    WindowTemplate::parse_from_json(Some(stored)).ok()
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

fn check_model(fields: &mut Fields, model: Option<&ModelSettings>) {
    let Some(model) = model else { return };
    fields.fit("model.name", &model.name);
    fields.fit("model.temperature", &model.temperature);
    fields.fit("model.max_output_tokens", &model.max_output_tokens);
    fields.fit("model.base_url", &model.base_url);
    fields.fit("model.api_key", &model.api_key);
}

/// A stored key was given for one service. Whoever may change the agent, but does not know the key, must not have it
/// sent elsewhere.
fn keep_key_at_its_service(version: &agent_version::Model, model: &ModelSettings) -> Result<(), ApiError> {
    let moves = match &model.base_url {
        MaybeUndefined::Undefined => false,
        MaybeUndefined::Null => version.base_url.is_some(),
        MaybeUndefined::Value(url) => version.base_url.as_deref() != Some(url),
    };
    if moves && version.api_key.is_some() && model.api_key.is_undefined() {
        let detail = "The stored api_key was given for another service. Send model.api_key again, or null, with the new model.base_url.";
        return Err(ApiError::invalid("api_key_needed", detail));
    }
    Ok(())
}

fn apply_model(app: &App, version: &mut agent_version::Model, model: Option<ModelSettings>) {
    let Some(model) = model else { return };
    let place = agent_place(&version.agent_id);
    set(&mut version.model_name, model.name, Text::into_string);
    set(&mut version.temperature, model.temperature, |temperature| temperature.0);
    set(&mut version.max_output_tokens, model.max_output_tokens, Whole::get);
    set(&mut version.base_url, model.base_url, Text::into_string);
    let seal = |key: Secret<2_000>| app.sealer.seal(&place, &SecretString::from(key.into_string()));
    set(&mut version.api_key, model.api_key, seal);
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
