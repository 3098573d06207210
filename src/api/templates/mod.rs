//! Templates: messages that Meta approves before they are sent. What is asked for here is checked by Meta's rules, done at
//! Meta, and then kept.

mod definition;

use chrono::{DateTime, Utc};
use entity::{NumberId, TemplateId, WorkspaceId, number, template};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::auth::{Editor, Viewer};
use super::numbers::refused;
use super::problem::{ApiError, Fields};
use super::wire::{LanguageCode, MetaId, TemplateTitle, Text, Vertical};
use super::{Created, Cursor, Deleted, Limit, List, SharedApp, Tag, page_request, time};
use crate::account::templates::{self as kept, Shown, SyncError};
use crate::app::{App, NumberSecret};
use crate::store;
use crate::store::templates::{DELETED, Filter};
use crate::whatsapp::error::GraphError;
use definition::{Category, CreateTemplate, UpdateTemplate};

/// What a template can be edited in.
const EDITABLE: [&str; 3] = ["APPROVED", "REJECTED", "PAUSED"];

pub struct TemplatesApi;

/// A message template, as Meta last told of it.
#[derive(Debug, Object)]
pub(super) struct Template {
    id: TemplateId,
    waba_id: String,
    /// Meta's own id.
    meta_id: Option<String>,
    name: String,
    /// With an underscore, such as `en_US`.
    language: String,
    /// `MARKETING`, `UTILITY` or `AUTHENTICATION`; Meta may change it.
    category: String,
    previous_category: Option<String>,
    /// `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED`, `DELETED` and others of Meta's.
    status: String,
    /// `positional` or `named`.
    parameter_format: String,
    /// Meta's own shape.
    components: Any<Value>,
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    quality: Option<String>,
    /// Why it was rejected, paused or disabled.
    reason: Option<String>,
    /// How often it was sent from here.
    sends: i32,
    last_sent_at: Option<DateTime<Utc>>,
    /// When Meta last listed it.
    synced_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SyncTemplates {
    /// A number of the account.
    number_id: NumberId,
}

/// What reading an account's templates changed here.
#[derive(Debug, Object)]
struct TemplateSync {
    /// How many Meta lists.
    listed: u64,
    added: u64,
    changed: u64,
    /// Those that Meta lists no longer.
    deleted: u64,
}

#[OpenApi(tag = "Tag::Templates")]
impl TemplatesApi {
    /// Lists the templates kept here, newest first; deleted ones too, since messages were sent with them.
    #[oai(path = "/templates", method = "get", operation_id = "listTemplates")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        number_id: Query<Option<NumberId>>,
        waba_id: Query<Option<Text<64, MetaId>>>,
        status: Query<Option<Text<40, Vertical>>>,
        category: Query<Option<Category>>,
        language: Query<Option<LanguageCode>>,
        name: Query<Option<TemplateTitle>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Template>>, ApiError> {
        let page = page_request(cursor, limit);
        let db = app.db.reader();
        let mut waba = waba_id.0.map(Text::into_string);
        if let Some(number_id) = number_id.0 {
            let number = store::numbers::find(db, viewer.workspace(), &number_id).await?;
            let of_number = number.and_then(|number| number.waba_id);
            let same = waba.is_none() || waba == of_number;
            // A number that is nobody's, or of another account, has no templates here.
            waba = of_number.filter(|_| same).or(Some(String::new()));
        }
        let filter = Filter {
            waba_id: waba,
            status: status.0.map(Text::into_string),
            category: category.0.map(|category| category.as_str().to_owned()),
            language: language.0.map(|language| kept::language(&language)),
            name: name.0.map(Text::into_string),
        };
        Ok(List::of(store::templates::list(db, viewer.workspace(), &filter, &page).await?, view))
    }

    /// Shows a template.
    #[oai(path = "/templates/:template_id", method = "get", operation_id = "getTemplate")]
    async fn get(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        template_id: Path<TemplateId>,
    ) -> Result<Json<Template>, ApiError> {
        Ok(Json(view(find(&app, viewer.workspace(), &template_id).await?)))
    }

    /// Hands a template in at Meta. It can be sent once Meta has approved it.
    #[oai(path = "/templates", method = "post", operation_id = "createTemplate")]
    async fn create(
        &self,
        app: SharedApp<'_>,
        editor: Editor,
        body: Json<CreateTemplate>,
    ) -> Result<Created<Template>, ApiError> {
        let number_id = body.number_id.clone();
        let mut fields = Fields::default();
        let definition = body.0.read(&mut fields);
        fields.finish()?;
        let number = store::numbers::find(app.db.reader(), editor.workspace(), &number_id).await?;
        let number = number.ok_or_else(|| ApiError::not_found("number"))?;
        let (waba_id, token) = door(&app, &number)?;
        let answer = app.graph.create_template(&waba_id, &token, definition.clone()).await.map_err(unsure)?;
        let shown = after_creation(definition, &answer);
        Ok(Created::new(view(keep(&app, editor.workspace(), &waba_id, shown).await?)))
    }

    /// Changes a template at Meta, which looks at it again. Only approved, rejected and paused ones can be changed, and an
    /// approved one keeps its category.
    #[oai(path = "/templates/:template_id", method = "patch", operation_id = "updateTemplate")]
    async fn update(
        &self,
        app: SharedApp<'_>,
        editor: Editor,
        template_id: Path<TemplateId>,
        body: Json<UpdateTemplate>,
    ) -> Result<Json<Template>, ApiError> {
        let template = find(&app, editor.workspace(), &template_id).await?;
        let category = body.category;
        let mut fields = Fields::default();
        let change = body.0.read(&template, &mut fields);
        fields.finish()?;
        let Some(meta_id) = template.meta_id.clone().filter(|_| EDITABLE.contains(&template.status.as_str())) else {
            let detail =
                format!("Meta lets nobody change a template that is {}. Wait, or make another one.", template.status);
            return Err(ApiError::conflict("not_editable", detail));
        };
        if template.status == "APPROVED" && category.is_some_and(|category| category.as_str() != template.category) {
            let detail = "An approved template keeps its category. Make another one.";
            return Err(ApiError::conflict("category_fixed", detail));
        }
        if change.is_empty() {
            return Ok(Json(view(template)));
        }
        let token = token_of_account(&app, editor.workspace(), &template.waba_id).await?;
        app.graph.edit_template(&meta_id, &token, Value::Object(change.clone())).await.map_err(refused)?;
        let node = app.graph.template(&meta_id, &token).await.ok().and_then(kept::read);
        let now = app.now();
        let changed = match node {
            Some(shown) => shown.over(template, now),
            // Meta took it and looks at it; the next reading tells the rest.
            None => template::Model {
                status: "PENDING".to_owned(),
                reason: None,
                category: change.get("category").and_then(Value::as_str).map_or(template.category, str::to_owned),
                components: change.get("components").cloned().unwrap_or(template.components),
                updated_at: now,
                ..template
            },
        };
        store::templates::update(app.db.writer(), changed.clone()).await?;
        Ok(Json(view(changed)))
    }

    /// Deletes a template in its one language at Meta. It stays here, as deleted, for the messages that were sent with it.
    #[oai(path = "/templates/:template_id", method = "delete", operation_id = "deleteTemplate")]
    async fn delete(
        &self,
        app: SharedApp<'_>,
        editor: Editor,
        template_id: Path<TemplateId>,
    ) -> Result<Deleted, ApiError> {
        let mut template = find(&app, editor.workspace(), &template_id).await?;
        if template.status == DELETED {
            return Ok(Deleted::Deleted);
        }
        let token = token_of_account(&app, editor.workspace(), &template.waba_id).await?;
        let meta_id = template.meta_id.as_deref();
        app.graph.delete_template(&template.waba_id, &token, &template.name, meta_id).await.map_err(refused)?;
        template.status = DELETED.to_owned();
        template.updated_at = app.now();
        store::templates::update(app.db.writer(), template).await?;
        Ok(Deleted::Deleted)
    }

    /// Reads all templates of a number's account from Meta, now.
    #[oai(path = "/templates/sync", method = "post", operation_id = "syncTemplates")]
    async fn sync(
        &self,
        app: SharedApp<'_>,
        editor: Editor,
        body: Json<SyncTemplates>,
    ) -> Result<Json<TemplateSync>, ApiError> {
        let number = store::numbers::find(app.db.reader(), editor.workspace(), &body.number_id).await?;
        let number = number.ok_or_else(|| ApiError::not_found("number"))?;
        door(&app, &number)?;
        let synced = kept::sync(&app, &number).await.map_err(|error| match error {
            SyncError::Graph(error) => refused(error),
            error => ApiError::internal(&error),
        })?;
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        Ok(Json(TemplateSync {
            listed: count(synced.listed),
            added: count(synced.added),
            changed: count(synced.changed),
            deleted: count(synced.deleted),
        }))
    }
}

async fn find(app: &App, workspace_id: &WorkspaceId, id: &TemplateId) -> Result<template::Model, ApiError> {
    let found = store::templates::find(app.db.reader(), workspace_id, id).await?;
    found.ok_or_else(|| ApiError::not_found("template"))
}

/// The account of a number, and the token that opens it.
fn door(app: &App, number: &number::Model) -> Result<(String, SecretString), ApiError> {
    let Some(waba_id) = number.waba_id.clone() else {
        return Err(ApiError::invalid("no_waba_id", "Set the number's waba_id first: templates belong to accounts."));
    };
    let token =
        app.open_number_secret(number, NumberSecret::AccessToken).map_err(|error| ApiError::internal(&error))?;
    let token = token.ok_or_else(|| ApiError::invalid("no_access_token", "Set the number's access_token first."))?;
    Ok((waba_id, token))
}

/// The token of any of the account's numbers.
async fn token_of_account(app: &App, workspace_id: &WorkspaceId, waba_id: &str) -> Result<SecretString, ApiError> {
    let numbers = store::numbers::list_of_account(app.db.reader(), workspace_id, waba_id).await?;
    let number = numbers.iter().find(|number| number.access_token.is_some());
    let Some(number) = number else {
        let detail = "No number of the template's account has an access_token: set one first.";
        return Err(ApiError::invalid("no_access_token", detail));
    };
    door(app, number).map(|(_, token)| token)
}

/// A call that broke off may have made the template.
fn unsure(error: GraphError) -> ApiError {
    use crate::whatsapp::error::Consequence;
    if error.consequence == Consequence::Unknown {
        let detail =
            "Graph did not answer properly, and the template may be there now. POST to /templates/sync and look.";
        return ApiError::upstream("graph_unsure", detail);
    }
    refused(error)
}

/// What was handed in, with what Meta answered.
fn after_creation(mut definition: Value, answer: &Value) -> Option<Shown> {
    for key in ["id", "status", "category"] {
        if let Some(told) = answer.get(key) {
            definition[key] = told.clone();
        }
    }
    if definition.get("status").is_none() {
        definition["status"] = json!("PENDING");
    }
    kept::read(definition)
}

/// Writes a template down, over the one of its name and language where there was one.
async fn keep(
    app: &App,
    workspace_id: &WorkspaceId,
    waba_id: &str,
    shown: Option<Shown>,
) -> Result<template::Model, ApiError> {
    let shown = shown.ok_or_else(|| ApiError::internal(&"a template without a name was handed in"))?;
    let now = app.now();
    store::write(&app.db, async |tx| {
        let before = store::templates::find_by_name(tx, workspace_id, waba_id, &shown.name, &shown.language).await?;
        let template = match before {
            Some(before) => {
                let after = template::Model { updated_at: now, ..shown.over(before, now) };
                store::templates::update(tx, after.clone()).await?;
                after
            }
            None => {
                let made = shown.into_model(workspace_id, waba_id, now);
                store::templates::insert(tx, made.clone()).await?;
                made
            }
        };
        Ok(template)
    })
    .await
}

pub(super) fn view(template: template::Model) -> Template {
    Template {
        id: template.id,
        waba_id: template.waba_id,
        meta_id: template.meta_id,
        name: template.name,
        language: template.language,
        category: template.category,
        previous_category: template.previous_category,
        status: template.status,
        parameter_format: template.parameter_format,
        components: Any(template.components),
        quality: template.quality,
        reason: template.reason,
        sends: template.sends,
        last_sent_at: template.last_sent_at.map(time),
        synced_at: template.synced_at.map(time),
        created_at: time(template.created_at),
        updated_at: time(template.updated_at),
    }
}
