//! Numbers: the WhatsApp lines we serve.

mod health;
mod profile;
mod setup;

use chrono::{DateTime, Utc};
use entity::state::NumberMode;
use entity::{AgentId, NumberId, WorkspaceId, number};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};
use sea_orm::{ConnectionTrait, DbErr};
use secrecy::{ExposeSecret, SecretString};

use super::auth::{Admin, Viewer};
use super::problem::{ApiError, Fields};
use super::wire::{MetaId, Secret, Text, set};
use super::{Created, Cursor, Deleted, Limit, List, SharedApp, Tag, page_request, time};
use crate::account::{self, Known};
use crate::app::{App, NumberSecret};
use crate::clock::Millis;
use crate::secrets::{number_place, random_token};
use crate::store;
use crate::whatsapp::advice;
use crate::whatsapp::error::GraphError;

pub use health::{Health, HealthApi, view as view_health};
pub use profile::ProfileApi;
pub use setup::SetupApi;

type Id = Text<64, MetaId>;
type Name = Text<200>;
type Token = Secret<2_000>;
const VERIFY_TOKEN_BYTES: usize = 24;

pub struct NumbersApi;

/// A WhatsApp line.
#[derive(Debug, Object)]
pub(super) struct Number {
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
    /// When Meta last called the webhook's URL and showed the right verify token.
    webhook_verified_at: Option<DateTime<Utc>>,
    last_interaction_at: Option<DateTime<Utc>>,
    has_access_token: bool,
    has_app_secret: bool,
    has_verify_token: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
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
            templates_due_at: now,
            webhook_verified_at: None,
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
        find(&app, admin.workspace(), &number_id).await?;
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
        let new_token = !body.access_token.is_undefined();
        let now = app.now();
        let (old_phone_number_id, number) = store::write(&app.db, async |tx| {
            let locked = store::numbers::lock(tx, &number_id).await?;
            let mut number = locked.ok_or_else(|| ApiError::not_found("number"))?;
            let old_phone_number_id = number.phone_number_id.clone();
            if new_token {
                begin_anew(tx, &mut number, body.access_token.value().is_some(), now).await?;
            }
            body.apply_to(&app, &mut number);
            number.updated_at = now;
            store::numbers::update(tx, number.clone()).await.map_err(taken)?;
            Ok::<_, ApiError>((old_phone_number_id, number))
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
        let told = |error: GraphError| ApiError::upstream("graph_refused", advice::of_look(&error).message);
        app.graph.subscribe(&waba_id, &token).await.map_err(told)?;
        app.graph.set_callback(&number.phone_number_id, &token, &webhook_url, &verify_token).await.map_err(told)?;
        Ok(Json(Subscription { subscribed: true, webhook_url }))
    }
}

async fn find(app: &App, workspace_id: &WorkspaceId, id: &NumberId) -> Result<number::Model, ApiError> {
    let found = store::numbers::find(app.db.reader(), workspace_id, id).await?;
    found.ok_or_else(|| ApiError::not_found("number"))
}

pub(super) async fn view(app: &App, number: number::Model) -> Result<Number, ApiError> {
    let last_message_at = store::conversations::last_message_at(app.db.reader(), &number.id).await?;
    Ok(Number {
        webhook_url: webhook_url(app, &number.id),
        health: health::view(app, &number).await?,
        webhook_verified_at: number.webhook_verified_at.map(time),
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

pub(super) fn webhook_url(app: &App, id: &NumberId) -> String {
    format!("{}/webhook/{id}", app.settings.server.base_url())
}

/// What was found with the token before says nothing of the next one: it is looked at at once, and what waited may try.
async fn begin_anew(
    tx: &impl ConnectionTrait,
    number: &mut number::Model,
    has_token: bool,
    now: Millis,
) -> Result<(), DbErr> {
    if has_token {
        account::end_hold(tx, number, now).await?;
    } else {
        store::numbers::lift_hold(tx, &number.id).await?;
        store::jobs::hurry_sends_of_number(tx, &number.id, now).await?;
    }
    number.held_until = None;
    number.held_code = None;
    number.health_due_at = now;
    number.templates_due_at = now;
    let mut known = Known::of(number);
    known.state.token = None;
    number.health = number.health.is_some().then(|| known.to_json());
    Ok(())
}

impl UpdateNumber {
    fn apply_to(self, app: &App, number: &mut number::Model) {
        if let Some(phone_number_id) = self.phone_number_id {
            number.phone_number_id = phone_number_id.into_string();
        }
        number.mode = self.mode.unwrap_or(number.mode);
        set(&mut number.waba_id, self.waba_id, Text::into_string);
        set(&mut number.display_phone_number, self.display_phone_number, Text::into_string);
        set(&mut number.display_name, self.display_name, Text::into_string);
        set(&mut number.agent_id, self.agent_id, |agent_id| agent_id);
        set_secrets(app, number, [self.access_token, self.app_secret, self.verify_token]);
    }
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

/// The number with its token, for what is done at Meta.
async fn find_with_token(
    app: &App,
    workspace_id: &WorkspaceId,
    id: &NumberId,
) -> Result<(number::Model, SecretString), ApiError> {
    let number = find(app, workspace_id, id).await?;
    let token = secret(app, &number, NumberSecret::AccessToken)?;
    let token = token.ok_or_else(|| ApiError::invalid("no_access_token", "Set the number's access_token first."))?;
    Ok((number, token))
}

/// What Graph refused, with what to do about it.
pub fn refused(error: GraphError) -> ApiError {
    ApiError::upstream("graph_refused", advice::of_call(&error).message)
}
