//! Workspaces: tenants. Those of the first one run the installation and may make others; each sees itself only.

use chrono::{DateTime, Utc};
use entity::state::Role;
use entity::{AgentId, WorkspaceId, workspace};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::{MaybeUndefined, ParseFromJSON, ToJSON};
use poem_openapi::{Object, OpenApi};
use secrecy::ExposeSecret;

use super::auth::{Admin, Viewer};
use super::problem::{ApiError, Fields};
use super::wire::{Several, Text};
use super::{Created, Cursor, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::App;
use crate::secrets::random_api_key;
use crate::store;

type Name = Text<100>;

pub struct WorkspacesApi;

/// A tenant.
#[derive(Debug, Object)]
struct Workspace {
    id: WorkspaceId,
    name: String,
    /// Answers on numbers that have no agent of their own.
    default_agent_id: Option<AgentId>,
    /// What customers write to opt out and in, beside the words that are known anyway.
    consent_words: ConsentWords,
    created_at: DateTime<Utc>,
}

/// Words such as STOP and START, as whole messages; case and punctuation do not matter.
#[derive(Debug, Default, Object)]
#[oai(deny_unknown_fields)]
struct ConsentWords {
    #[oai(default)]
    opt_out: Several<0, 100, Text<60>>,
    #[oai(default)]
    opt_in: Several<0, 100, Text<60>>,
    /// What is said when somebody opted out; absent: in the language of the word.
    opt_out_reply: Option<Text<1_000>>,
    opt_in_reply: Option<Text<1_000>>,
}

/// A new tenant with its first admin key, which is shown this once.
#[derive(Debug, Object)]
struct NewWorkspace {
    id: WorkspaceId,
    name: String,
    default_agent_id: Option<AgentId>,
    created_at: DateTime<Utc>,
    /// Keep it: it cannot be shown again.
    admin_key: String,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct CreateWorkspace {
    name: Name,
}

/// Only what is given changes; null takes the default agent away.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct UpdateWorkspace {
    name: Option<Name>,
    default_agent_id: MaybeUndefined<AgentId>,
    /// Replaces all of them.
    consent_words: Option<ConsentWords>,
}

#[OpenApi(tag = "Tag::Workspaces")]
impl WorkspacesApi {
    /// Lists workspaces: all for the first one's keys, else one's own. Oldest first.
    #[oai(path = "/workspaces", method = "get", operation_id = "listWorkspaces")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Workspace>>, ApiError> {
        let page = page_request(cursor, limit);
        if is_first(&app, viewer.workspace()).await? {
            return Ok(List::of(store::workspaces::list(app.db.reader(), &page).await?, view));
        }
        let own = store::workspaces::find(app.db.reader(), viewer.workspace()).await?;
        Ok(Json(List { items: own.into_iter().map(view).collect(), next_cursor: None }))
    }

    /// Makes a workspace with its first admin key. Only keys of the first workspace may.
    #[oai(path = "/workspaces", method = "post", operation_id = "createWorkspace")]
    async fn create(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        body: Json<CreateWorkspace>,
    ) -> Result<Created<NewWorkspace>, ApiError> {
        if !is_first(&app, admin.workspace()).await? {
            return Err(ApiError::forbidden("admin in the installation's first workspace"));
        }
        let mut fields = Fields::default();
        fields.fit("name", &body.name);
        fields.finish()?;
        let secret = random_api_key();
        let now = app.now();
        let made = store::write(&app.db, async |tx| {
            let made = store::workspaces::insert(tx, &body.name, now).await?;
            store::keys::insert(tx, &made.id, "first key", Role::Admin, secret.expose_secret(), now).await?;
            Ok::<_, sea_orm::DbErr>(made)
        })
        .await?;
        Ok(Created::new(NewWorkspace {
            id: made.id,
            name: made.name,
            default_agent_id: made.default_agent_id,
            created_at: time(made.created_at),
            admin_key: secret.expose_secret().to_owned(),
        }))
    }

    /// Shows a workspace.
    #[oai(path = "/workspaces/:workspace_id", method = "get", operation_id = "getWorkspace")]
    async fn get(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        workspace_id: Path<WorkspaceId>,
    ) -> Result<Json<Workspace>, ApiError> {
        see(&app, viewer.workspace(), &workspace_id).await?;
        let found = store::workspaces::find(app.db.reader(), &workspace_id).await?;
        found.map(|workspace| Json(view(workspace))).ok_or_else(|| ApiError::not_found("workspace"))
    }

    /// Changes the given fields.
    #[oai(path = "/workspaces/:workspace_id", method = "patch", operation_id = "updateWorkspace")]
    async fn update(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        workspace_id: Path<WorkspaceId>,
        body: Json<UpdateWorkspace>,
    ) -> Result<Json<Workspace>, ApiError> {
        see(&app, admin.workspace(), &workspace_id).await?;
        let mut fields = Fields::default();
        fields.fit("name", &body.name);
        if let MaybeUndefined::Value(agent_id) = &body.default_agent_id {
            let known = store::agents::find(app.db.reader(), &workspace_id, agent_id).await?.is_some();
            fields.check(known, "default_agent_id", "there is no such agent in this workspace");
        }
        if let Some(words) = &body.consent_words {
            fields.fit("consent_words.opt_out", &words.opt_out);
            fields.fit("consent_words.opt_in", &words.opt_in);
            fields.fit("consent_words.opt_out_reply", &words.opt_out_reply);
            fields.fit("consent_words.opt_in_reply", &words.opt_in_reply);
        }
        fields.finish()?;
        let words = body.0.consent_words.map(|words| words.to_json().unwrap_or_default());
        let name = body.0.name.map(Name::into_string);
        let default_agent_id = match body.0.default_agent_id {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(agent_id) => Some(Some(agent_id)),
        };
        let updated = store::workspaces::update(app.db.writer(), &workspace_id, name, default_agent_id, words).await?;
        updated.map(|workspace| Json(view(workspace))).ok_or_else(|| ApiError::not_found("workspace"))
    }
}

pub(super) async fn is_first(app: &App, workspace_id: &WorkspaceId) -> Result<bool, ApiError> {
    let first = store::workspaces::first(app.db.reader()).await?;
    Ok(first.is_some_and(|first| &first.id == workspace_id))
}

async fn see(app: &App, own: &WorkspaceId, asked: &WorkspaceId) -> Result<(), ApiError> {
    if own == asked || is_first(app, own).await? { Ok(()) } else { Err(ApiError::not_found("workspace")) }
}

fn view(workspace: workspace::Model) -> Workspace {
    Workspace {
        id: workspace.id,
        name: workspace.name,
        default_agent_id: workspace.default_agent_id,
        consent_words: ConsentWords::parse_from_json(workspace.consent_words).unwrap_or_default(),
        created_at: time(workspace.created_at),
    }
}
