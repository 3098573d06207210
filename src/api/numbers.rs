//! Numbers: the WhatsApp lines we serve.

use chrono::{DateTime, Utc};
use entity::state::NumberMode;
use entity::{AgentId, NumberId, WorkspaceId, number};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::{Any, MaybeUndefined};
use poem_openapi::{Object, OpenApi};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::auth::{Admin, Viewer};
use super::problem::{ApiError, Fields};
use super::wire::{MetaId, Secret, Text, set};
use super::{Created, Cursor, Deleted, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::{App, NumberSecret};
use crate::secrets::{number_place, random_token};
use crate::store;
use crate::whatsapp::error::{Consequence, GraphError};

type Id = Text<64, MetaId>;
type Name = Text<200>;
type Token = Secret<2_000>;
const VERIFY_TOKEN_BYTES: usize = 24;

pub struct NumbersApi;

/// A WhatsApp line.
#[derive(Debug, Object)]
struct Number {
    id: NumberId,
    /// Meta's id of the number; webhooks are routed by it.
    phone_number_id: String,
    /// Meta's id of the account it belongs to.
    waba_id: Option<String>,
    display_phone_number: Option<String>,
    display_name: Option<String>,
    /// Who answers; without one the workspace's default does.
    agent_id: Option<AgentId>,
    mode: NumberMode,
    /// Give this to Meta as the callback URL, for the app or for this number alone.
    webhook_url: String,
    health: Health,
    last_interaction_at: Option<DateTime<Utc>>,
    has_access_token: bool,
    has_app_secret: bool,
    has_verify_token: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Whether the number can do its work, as far as is known.
#[derive(Debug, Object)]
struct Health {
    /// `unknown` until checked, `ok`, `trouble`, or `held`: its credentials are refused and its sends wait.
    status: String,
    /// In words, what to do.
    message: String,
    checked_at: Option<DateTime<Utc>>,
    /// What the last check found.
    problems: Vec<HealthProblem>,
}

#[derive(Debug, Clone, Object)]
struct HealthProblem {
    /// A stable word for programs.
    code: String,
    message: String,
}

/// What a check found.
#[derive(Debug, Object)]
struct Check {
    ok: bool,
    problems: Vec<HealthProblem>,
    /// The number's fields, as Graph gave them.
    fields: Any<Value>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct CreateNumber {
    phone_number_id: Id,
    waba_id: Option<Id>,
    display_phone_number: Option<Name>,
    display_name: Option<Name>,
    agent_id: Option<AgentId>,
    mode: Option<NumberMode>,
    /// Write-only: a system user's token with `whatsapp_business_messaging`.
    access_token: Option<Token>,
    /// Write-only: overrides the instance's app secret for this number.
    app_secret: Option<Token>,
    /// Write-only: overrides the instance's verify token for this number.
    verify_token: Option<Token>,
}

/// Only what is given changes; null takes away.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct UpdateNumber {
    phone_number_id: Option<Id>,
    waba_id: MaybeUndefined<Id>,
    display_phone_number: MaybeUndefined<Name>,
    display_name: MaybeUndefined<Name>,
    agent_id: MaybeUndefined<AgentId>,
    mode: Option<NumberMode>,
    access_token: MaybeUndefined<Token>,
    app_secret: MaybeUndefined<Token>,
    verify_token: MaybeUndefined<Token>,
}

/// What subscribing did.
#[derive(Debug, Object)]
struct Subscription {
    subscribed: bool,
    webhook_url: String,
}

#[OpenApi(tag = "Tag::Numbers")]
impl NumbersApi {
    /// Lists numbers.
    #[oai(path = "/numbers", method = "get", operation_id = "listNumbers")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Number>>, ApiError> {
        let page = page_request(cursor, limit);
        let numbers = store::numbers::list(app.db.reader(), viewer.workspace(), &page).await?;
        let mut items = Vec::with_capacity(numbers.items.len());
        for number in numbers.items {
            items.push(view(&app, number).await?);
        }
        Ok(Json(List { items, next_cursor: numbers.next_cursor }))
    }

    /// Adds a number. Graph is not asked: use `check` for that.
    #[oai(path = "/numbers", method = "post", operation_id = "createNumber")]
    async fn create(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        body: Json<CreateNumber>,
    ) -> Result<Created<Number>, ApiError> {
        let body = body.0;
        let mut fields = Fields::default();
        fields.fit("phone_number_id", &body.phone_number_id);
        fields.fit("waba_id", &body.waba_id);
        fields.fit("display_phone_number", &body.display_phone_number);
        fields.fit("display_name", &body.display_name);
        fields.fit("access_token", &body.access_token);
        fields.fit("app_secret", &body.app_secret);
        fields.fit("verify_token", &body.verify_token);
        check_agent(&app, admin.workspace(), &mut fields, body.agent_id.as_ref()).await?;
        fields.finish()?;
        let now = app.now();
        let mut number = number::Model {
            id: NumberId::generate(now),
            workspace_id: admin.workspace().clone(),
            phone_number_id: body.phone_number_id.into_string(),
            waba_id: body.waba_id.map(Text::into_string),
            display_phone_number: body.display_phone_number.map(Text::into_string),
            display_name: body.display_name.map(Text::into_string),
            agent_id: body.agent_id,
            mode: body.mode.unwrap_or(NumberMode::Active),
            access_token: None,
            app_secret: None,
            app_secret_mac: None,
            verify_token: None,
            verify_token_mac: None,
            held_until: None,
            held_code: None,
            health: None,
            health_due_at: now,
            created_at: now,
            updated_at: now,
        };
        set_secrets(
            &app,
            &mut number,
            [body.access_token, body.app_secret, body.verify_token].map(|secret| secret.map(Some).into()),
        );
        store::numbers::insert(app.db.writer(), number.clone()).await.map_err(taken)?;
        app.number_changed(&number.phone_number_id).await;
        Ok(Created::new(view(&app, number).await?))
    }

    /// Shows a number.
    #[oai(path = "/numbers/:number_id", method = "get", operation_id = "getNumber")]
    async fn get(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        number_id: Path<NumberId>,
    ) -> Result<Json<Number>, ApiError> {
        let number = find(&app, viewer.workspace(), &number_id).await?;
        Ok(Json(view(&app, number).await?))
    }

    /// Changes the given fields. A new access token lets the number's waiting sends go.
    #[oai(path = "/numbers/:number_id", method = "patch", operation_id = "updateNumber")]
    async fn update(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        number_id: Path<NumberId>,
        body: Json<UpdateNumber>,
    ) -> Result<Json<Number>, ApiError> {
        let body = body.0;
        let mut number = find(&app, admin.workspace(), &number_id).await?;
        let mut fields = Fields::default();
        fields.fit("phone_number_id", &body.phone_number_id);
        fields.fit("waba_id", &body.waba_id);
        fields.fit("display_phone_number", &body.display_phone_number);
        fields.fit("display_name", &body.display_name);
        fields.fit("access_token", &body.access_token);
        fields.fit("app_secret", &body.app_secret);
        fields.fit("verify_token", &body.verify_token);
        check_agent(&app, admin.workspace(), &mut fields, body.agent_id.value()).await?;
        fields.finish()?;
        let old_phone_number_id = number.phone_number_id.clone();
        let new_token = !body.access_token.is_undefined();
        number.phone_number_id = body.phone_number_id.map_or(number.phone_number_id, Text::into_string);
        number.mode = body.mode.unwrap_or(number.mode);
        set(&mut number.waba_id, body.waba_id, Text::into_string);
        set(&mut number.display_phone_number, body.display_phone_number, Text::into_string);
        set(&mut number.display_name, body.display_name, Text::into_string);
        set(&mut number.agent_id, body.agent_id, |agent_id| agent_id);
        set_secrets(&app, &mut number, [body.access_token, body.app_secret, body.verify_token]);
        number.updated_at = app.now();
        if new_token {
            number.held_until = None;
            number.held_code = None;
        }
        store::write(&app.db, async |tx| {
            store::numbers::update(tx, number.clone()).await.map_err(taken)?;
            if new_token {
                store::jobs::hurry_sends_of_number(tx, &number.id, app.now()).await?;
            }
            Ok::<_, ApiError>(())
        })
        .await?;
        app.number_changed(&old_phone_number_id).await;
        app.number_changed(&number.phone_number_id).await;
        app.bells.sends.ring_now();
        Ok(Json(view(&app, number).await?))
    }

    /// Removes a number. Its conversations stay readable.
    #[oai(path = "/numbers/:number_id", method = "delete", operation_id = "deleteNumber")]
    async fn delete(&self, app: SharedApp<'_>, admin: Admin, number_id: Path<NumberId>) -> Result<Deleted, ApiError> {
        let number = find(&app, admin.workspace(), &number_id).await?;
        let deleted = store::numbers::delete(app.db.writer(), admin.workspace(), &number_id).await?;
        app.number_changed(&number.phone_number_id).await;
        Deleted::or_not_found(deleted, "number")
    }

    /// Asks Graph about the number and tells in words what is wrong.
    #[oai(path = "/numbers/:number_id/check", method = "post", operation_id = "checkNumber")]
    async fn check(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        number_id: Path<NumberId>,
    ) -> Result<Json<Check>, ApiError> {
        let number = find(&app, admin.workspace(), &number_id).await?;
        let (problems, fields) = ask_graph(&app, &number).await?;
        let ok = problems.is_empty();
        let now = app.now();
        store::write(&app.db, async |tx| {
            let Some(mut number) = store::numbers::find(tx, admin.workspace(), &number_id).await? else { return Ok(()) };
            number.health = Some(json!({
                "checked_at": now,
                "problems": problems.iter().map(|problem| json!({ "code": problem.code, "message": problem.message })).collect::<Vec<_>>(),
            }));
            if ok && number.held_until.take().is_some() {
                number.held_code = None;
                store::jobs::hurry_sends_of_number(tx, &number.id, now).await?;
            }
            store::numbers::update(tx, number).await
        })
        .await?;
        app.bells.sends.ring_now();
        Ok(Json(Check { ok, problems, fields: Any(fields) }))
    }

    /// Subscribes the app to the number's account, with this number's callback URL.
    #[oai(path = "/numbers/:number_id/subscribe", method = "post", operation_id = "subscribeNumber")]
    async fn subscribe(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        number_id: Path<NumberId>,
    ) -> Result<Json<Subscription>, ApiError> {
        let mut number = find(&app, admin.workspace(), &number_id).await?;
        let Some(waba_id) = number.waba_id.clone() else {
            return Err(ApiError::invalid(
                "no_waba_id",
                "Set the number's waba_id first: Meta subscribes accounts, not numbers.",
            ));
        };
        let Some(token) = secret(&app, &number, NumberSecret::AccessToken)? else {
            return Err(ApiError::invalid("no_access_token", "Set the number's access_token first."));
        };
        let verify_token = match secret(&app, &number, NumberSecret::VerifyToken)?
            .or_else(|| app.settings.meta.verify_token.clone())
        {
            Some(token) => token,
            None => {
                // Meta will show it to us in a moment, so it must be stored before.
                let made = SecretString::from(random_token(VERIFY_TOKEN_BYTES));
                set_verify_token(&app, &mut number, &made);
                store::numbers::update(app.db.writer(), number.clone()).await?;
                made
            }
        };
        let webhook_url = webhook_url(&app, &number.id);
        let told = |error: GraphError| ApiError::upstream("graph_refused", in_words(&error).message);
        app.graph.subscribe(&waba_id, &token).await.map_err(told)?;
        app.graph.set_callback(&number.phone_number_id, &token, &webhook_url, &verify_token).await.map_err(told)?;
        Ok(Json(Subscription { subscribed: true, webhook_url }))
    }
}

async fn find(app: &App, workspace_id: &WorkspaceId, id: &NumberId) -> Result<number::Model, ApiError> {
    let found = store::numbers::find(app.db.reader(), workspace_id, id).await?;
    found.ok_or_else(|| ApiError::not_found("number"))
}

async fn view(app: &App, number: number::Model) -> Result<Number, ApiError> {
    let last_message_at = store::conversations::last_message_at(app.db.reader(), &number.id).await?;
    Ok(Number {
        webhook_url: webhook_url(app, &number.id),
        health: health(&number),
        last_interaction_at: last_message_at.map(time),
        has_access_token: number.access_token.is_some(),
        has_app_secret: number.app_secret.is_some(),
        has_verify_token: number.verify_token.is_some(),
        id: number.id,
        phone_number_id: number.phone_number_id,
        waba_id: number.waba_id,
        display_phone_number: number.display_phone_number,
        display_name: number.display_name,
        agent_id: number.agent_id,
        mode: number.mode,
        created_at: time(number.created_at),
        updated_at: time(number.updated_at),
    })
}

fn webhook_url(app: &App, id: &NumberId) -> String {
    let server = &app.settings.server;
    let base = server.public_url.clone().unwrap_or_else(|| format!("http://{}", server.listen));
    format!("{}/webhook/{id}", base.trim_end_matches('/'))
}

fn health(number: &number::Model) -> Health {
    let last = number.health.as_ref();
    let checked_at = last.and_then(|health| health.get("checked_at")).and_then(Value::as_i64);
    let problems: Vec<HealthProblem> = last
        .and_then(|health| health.get("problems")?.as_array())
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .map(|problem| {
            let text = |key: &str| problem.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            HealthProblem { code: text("code"), message: text("message") }
        })
        .collect();
    let (status, message) = if number.held_until.is_some() {
        (
            "held",
            "Meta refuses this number's credentials, so what it sends waits. Set a new access_token, or mend its account at Meta and check again.",
        )
    } else if number.access_token.is_none() {
        ("trouble", "The number has no access token: set access_token.")
    } else if let Some(problem) = problems.first() {
        ("trouble", problem.message.as_str())
    } else if checked_at.is_none() {
        ("unknown", "Not checked yet: POST to check.")
    } else {
        ("ok", "All is well.")
    };
    Health { status: status.to_owned(), message: message.to_owned(), checked_at: checked_at.map(time), problems }
}

/// Seals what is given: access token, app secret, verify token.
fn set_secrets(app: &App, number: &mut number::Model, given: [MaybeUndefined<Token>; 3]) {
    let [access_token, app_secret, verify_token] = given;
    let sealed = |name: &str, given: &MaybeUndefined<Token>| {
        let secret = given.value().map(|secret| SecretString::from(&**secret));
        secret.map(|secret| app.sealer.seal(&number_place(&number.id, name), &secret))
    };
    let mac = |given: &MaybeUndefined<Token>| given.value().map(|secret| app.sealer.fingerprint(secret));
    if !access_token.is_undefined() {
        number.access_token = sealed("access_token", &access_token);
    }
    if !app_secret.is_undefined() {
        number.app_secret = sealed("app_secret", &app_secret);
        number.app_secret_mac = mac(&app_secret);
    }
    if !verify_token.is_undefined() {
        number.verify_token = sealed("verify_token", &verify_token);
        number.verify_token_mac = mac(&verify_token);
    }
}

fn set_verify_token(app: &App, number: &mut number::Model, token: &SecretString) {
    number.verify_token = Some(app.sealer.seal(&number_place(&number.id, "verify_token"), token));
    number.verify_token_mac = Some(app.sealer.fingerprint(token.expose_secret()));
}

fn secret(app: &App, number: &number::Model, which: NumberSecret) -> Result<Option<SecretString>, ApiError> {
    app.open_number_secret(number, which).map_err(|error| ApiError::internal(&error))
}

async fn check_agent(
    app: &App,
    workspace_id: &WorkspaceId,
    fields: &mut Fields,
    agent_id: Option<&AgentId>,
) -> Result<(), ApiError> {
    if let Some(agent_id) = agent_id {
        let known = store::agents::find(app.db.reader(), workspace_id, agent_id).await?.is_some();
        fields.check(known, "agent_id", "there is no such agent");
    }
    Ok(())
}

fn taken(error: sea_orm::DbErr) -> ApiError {
    match store::violates_unique(&error) {
        true => ApiError::conflict("phone_number_id_taken", "A number with this phone_number_id is here already."),
        false => error.into(),
    }
}

async fn ask_graph(app: &App, number: &number::Model) -> Result<(Vec<HealthProblem>, Value), ApiError> {
    let problem = |code: &str, message: &str| HealthProblem { code: code.to_owned(), message: message.to_owned() };
    let Some(token) = secret(app, number, NumberSecret::AccessToken)? else {
        return Ok((
            vec![problem("no_access_token", "The number has no access token: set access_token.")],
            Value::Null,
        ));
    };
    let fields = match app.graph.number(&number.phone_number_id, &token).await {
        Ok(fields) => fields,
        Err(error) => return Ok((vec![in_words(&error)], Value::Null)),
    };
    let mut problems = Vec::new();
    let word = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
    match word("status") {
        "" | "CONNECTED" => {}
        status => problems.push(problem(
            "not_connected",
            &format!("Meta says the number is {status}: look at it in WhatsApp Manager."),
        )),
    }
    if word("quality_rating") == "RED" {
        problems.push(problem(
            "quality_red",
            "The number's quality rating is red: customers block or report it. Send less, and only what was asked for.",
        ));
    }
    match &number.waba_id {
        None => problems.push(problem(
            "no_waba_id",
            "The number has no waba_id, so its webhook subscription cannot be checked: set waba_id.",
        )),
        Some(waba_id) => match app.graph.subscribed_apps(waba_id, &token).await {
            Err(error) => problems.push(in_words(&error)),
            Ok(apps) => {
                let none = apps.get("data").and_then(Value::as_array).is_none_or(Vec::is_empty);
                if none {
                    problems.push(problem("not_subscribed", "No app gets this account's webhooks: POST to subscribe."));
                }
            }
        },
    }
    Ok((problems, fields))
}

/// What an error of Graph means for whoever set the number up.
fn in_words(error: &GraphError) -> HealthProblem {
    let (code, message) = match (error.consequence, error.code) {
        (_, Some(190 | 0)) => ("token_refused", "The access token has expired or was revoked. Make a new one for the system user in Meta's business settings and set it as access_token.".to_owned()),
        (_, Some(3 | 10 | 200..=299 | 131_005)) => ("permission_missing", "The access token lacks a permission. It needs whatsapp_business_messaging and whatsapp_business_management, and the system user must have been given the account.".to_owned()),
        (_, Some(33 | 100)) => ("id_unknown", "Graph does not know this id, or the token's user may not see it. Check phone_number_id and waba_id, and that the token belongs to the same business.".to_owned()),
        (Consequence::Credentials, code) => ("account_refused", format!("Meta refuses the account (code {}): {}. Look at it in WhatsApp Manager.", code.unwrap_or(401), error.title)),
        (Consequence::Later { .. } | Consequence::Unknown, _) => ("graph_unreachable", format!("Graph did not answer properly ({}). Check meta.graph_url and the network, and try again.", error.title)),
        (_, code) => ("graph_refused", format!("Graph refused (code {}): {}", code.map_or("none".to_owned(), |code| code.to_string()), error.title)),
    };
    HealthProblem { code: code.to_owned(), message }
}
