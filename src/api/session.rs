//! Signing in and out, and what people change of themselves.

use chrono::{DateTime, Utc};
use entity::private::{Text as StoredText, Token};
use entity::state::Role;
use entity::{ActorId, SessionId, WorkspaceId, session};
use poem::Request;
use poem::http::header;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{ApiResponse, Object, OpenApi};
use secrecy::SecretString;

use super::audit::Doing;
use super::auth::{self, COOKIE, Viewer, Who};
use super::problem::{ApiError, Fields};
use super::wire::{Anything, Language, MailAddress, Password, Secret, Text, set};
use super::{SharedApp, Tag, client, time};
use crate::app::App;
use crate::passwords::PasswordError;
use crate::secrets::{api_key_hash, random_token};
use crate::store;

const TOKEN_BYTES: usize = 32;
const MAX_USER_AGENT_CHARS: usize = 300;
const DAY_SECS: u64 = 24 * 60 * 60;

pub type NewPassword = Text<200, Password>;
pub type EmailAddress = Text<254, MailAddress>;
pub type Name = Text<100>;
pub type UiLanguage = Text<10, Language>;
type GivenPassword = Text<200, Anything>;

pub struct SessionApi;

/// Whoever is signed in, or shows an API key.
#[derive(Object)]
pub struct Session {
    actor: ActorId,
    name: String,
    /// A member's.
    email: Option<String>,
    role: Role,
    workspace: SessionWorkspace,
    /// Send it in the header `X-CSRF-Token` with all that changes something. Null with an API key, which needs none.
    csrf_token: Option<String>,
    /// When the session ends, unless it is used before. Null with an API key.
    expires_at: Option<DateTime<Utc>>,
    /// Which language a member reads; null: their browser's.
    language: Option<String>,
}

#[derive(Debug, Object)]
struct SessionWorkspace {
    id: WorkspaceId,
    name: String,
}

/// Either `key`, or `email` and `password`.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SignIn {
    key: Option<Secret<512>>,
    email: Option<EmailAddress>,
    password: Option<GivenPassword>,
}

/// Only what is given changes; null takes away.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct UpdateSession {
    name: MaybeUndefined<Name>,
    language: MaybeUndefined<UiLanguage>,
    password: Option<ChangePassword>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ChangePassword {
    current: GivenPassword,
    new: NewPassword,
}

/// A session that has begun.
#[derive(ApiResponse)]
pub enum SignedIn {
    #[oai(status = 201)]
    SignedIn(
        Json<Session>,
        /// The session's cookie.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

/// A session that is over.
#[derive(ApiResponse)]
enum SignedOut {
    #[oai(status = 204)]
    SignedOut(
        /// Takes the cookie away.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

#[OpenApi(tag = "Tag::Session")]
impl SessionApi {
    /// Signs in, with an API key or with a member's e-mail and password. Ten tries a minute for each address and each e-mail.
    #[oai(path = "/session", method = "post", operation_id = "signIn")]
    async fn sign_in(
        &self,
        app: SharedApp<'_>,
        request: &Request,
        doing: Data<&Doing>,
        body: Json<SignIn>,
    ) -> Result<SignedIn, ApiError> {
        let body = body.0;
        let mut fields = Fields::default();
        fields.fit("key", &body.key);
        fields.fit("email", &body.email);
        fields.fit("password", &body.password);
        fields.finish()?;
        take_try(&app, request)?;
        let first = store::workspaces::first(app.db.reader()).await?;
        let nobody = |workspace_id: Option<&WorkspaceId>, name: Option<&str>| {
            if let Some(workspace_id) = workspace_id.or(first.as_ref().map(|first| &first.id)) {
                doing.is_tried_by(workspace_id, name);
            }
            ApiError::wrong_credentials()
        };
        let who = match (body.key, body.email, body.password) {
            (Some(key), None, None) => {
                let found = auth::find_key(&app, &key).await?;
                Who::Key(found.ok_or_else(|| nobody(None, None))?)
            }
            (None, Some(email), Some(password)) => {
                app.tries.take_of_email(&email).map_err(ApiError::too_many_tries)?;
                let found = store::members::find_by_email(app.db.reader(), &email).await?;
                let hash = found.as_ref().and_then(|member| member.password_hash.clone());
                let password = SecretString::from(password.into_string());
                let fits = app.passwords.fits(password, hash).await.map_err(not_looked_at)?;
                let workspace_id = found.as_ref().map(|member| member.workspace_id.clone());
                let member = found.filter(|_| fits);
                Who::Member(member.ok_or_else(|| nobody(workspace_id.as_ref(), Some(&email)))?)
            }
            _ => {
                let detail = "Give either key, or email and password.";
                return Err(ApiError::invalid("one_way_in", detail));
            }
        };
        doing.is_done_by(&who);
        begin(&app, request, who).await
    }

    /// Shows who is signed in, or whose key it is.
    #[oai(path = "/session", method = "get", operation_id = "getSession")]
    async fn get(&self, app: SharedApp<'_>, viewer: Viewer) -> Result<Json<Session>, ApiError> {
        let caller = viewer.caller();
        Ok(Json(view(&app, caller.who(), caller.session()).await?))
    }

    /// Signs out: the session is over at once.
    #[oai(path = "/session", method = "delete", operation_id = "signOut")]
    async fn sign_out(&self, app: SharedApp<'_>, viewer: Viewer) -> Result<SignedOut, ApiError> {
        if let Some(session) = viewer.caller().session() {
            store::sessions::delete(app.db.writer(), &session.id).await?;
        }
        Ok(SignedOut::SignedOut(cookie(&app, "", 0)))
    }

    /// Changes what a member may change of themselves. A new password ends their other sessions.
    #[oai(path = "/session", method = "patch", operation_id = "updateSession")]
    async fn update(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        body: Json<UpdateSession>,
    ) -> Result<Json<Session>, ApiError> {
        let body = body.0;
        let caller = viewer.caller();
        let member = caller.who().as_member().ok_or_else(ApiError::members_only)?;
        let mut fields = Fields::default();
        fields.fit("name", &body.name);
        fields.fit("language", &body.language);
        if let Some(password) = &body.password {
            fields.fit("password.current", &password.current);
            check_password(&mut fields, "password.new", &password.new, &member.email);
        }
        fields.finish()?;
        let new_hash = match body.password {
            None => None,
            Some(ChangePassword { current, new }) => {
                app.tries.take_of_email(member.email.as_str()).map_err(ApiError::too_many_tries)?;
                let current = SecretString::from(current.into_string());
                let fits = app.passwords.fits(current, member.password_hash.clone()).await.map_err(not_looked_at)?;
                let mut fields = Fields::default();
                fields.check(fits, "password.current", "is not the password");
                fields.finish()?;
                let new = SecretString::from(new.into_string());
                Some(app.passwords.hash(new).await.map_err(not_looked_at)?)
            }
        };
        let now = app.now();
        let changed = store::write(&app.db, async |tx| {
            let locked = store::members::lock(tx, &member.workspace_id, &member.id).await?;
            let mut member = locked.ok_or_else(ApiError::unauthorized)?;
            set(&mut member.name, body.name, |name| StoredText(name.into_string()));
            set(&mut member.language, body.language, Text::into_string);
            store::members::update(tx, &member, now).await?;
            if let Some(hash) = new_hash {
                store::members::set_password(tx, &member.id, hash, now).await?;
                let this = caller.session().map(|session| &session.id);
                store::sessions::delete_of_actor(tx, viewer.actor(), this).await?;
            }
            Ok::<_, ApiError>(member)
        })
        .await?;
        Ok(Json(view(&app, &Who::Member(changed), caller.session()).await?))
    }
}

/// Takes one of the client's tries.
pub fn take_try(app: &App, request: &Request) -> Result<(), ApiError> {
    let address = client::address(request, app.settings.server.trusted_proxies);
    app.tries.take_of_address(address).map_err(ApiError::too_many_tries)
}

/// Checks a password that is to be somebody's.
pub fn check_password(fields: &mut Fields, field: &str, password: &NewPassword, email: &StoredText) {
    fields.fit(field, password);
    fields.check(store::members::folded(password) != *email, field, "must not be the e-mail");
}

pub fn not_looked_at(error: PasswordError) -> ApiError {
    match error {
        PasswordError::Busy => ApiError::too_many_tries(std::time::Duration::from_secs(1)),
        error => ApiError::internal(&error),
    }
}

/// Begins a session of somebody who has shown who they are.
pub async fn begin(app: &App, request: &Request, who: Who) -> Result<SignedIn, ApiError> {
    let token = random_token(TOKEN_BYTES);
    let now = app.now();
    let user_agent = request.header(header::USER_AGENT);
    let session = session::Model {
        id: SessionId::generate(now),
        workspace_id: who.workspace().clone(),
        actor: who.actor(),
        token_hash: api_key_hash(&token),
        csrf_token: Token(random_token(TOKEN_BYTES)),
        user_agent: user_agent.map(|agent| agent.chars().take(MAX_USER_AGENT_CHARS).collect()),
        created_at: now,
        last_seen_at: now,
        expires_at: auth::expires_at(app, now, now),
    };
    store::write(&app.db, async |tx| {
        store::sessions::insert(tx, session.clone()).await?;
        match who.as_member() {
            Some(member) => store::members::note_seen(tx, &member.id, now).await,
            None => Ok(()),
        }
    })
    .await?;
    let shown = view(app, &who, Some(&session)).await?;
    let lasts = app.settings.console.session_max_days * DAY_SECS;
    Ok(SignedIn::SignedIn(Json(shown), cookie(app, &token, lasts)))
}

/// The browser keeps it from scripts and from other sites; how long it is good is for the session's row to say.
fn cookie(app: &App, token: &str, lasts_secs: u64) -> String {
    let is_secure = app.settings.server.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
    let secure = if is_secure { "; Secure" } else { "" };
    format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={lasts_secs}{secure}")
}

async fn view(app: &App, who: &Who, session: Option<&session::Model>) -> Result<Session, ApiError> {
    let workspace = store::workspaces::find(app.db.reader(), who.workspace()).await?;
    let workspace = workspace.ok_or_else(|| ApiError::not_found("workspace"))?;
    Ok(Session {
        actor: who.actor(),
        name: who.name(),
        email: who.email().map(|email| email.as_str().to_owned()),
        role: who.role(),
        workspace: SessionWorkspace { id: workspace.id, name: workspace.name },
        csrf_token: session.map(|session| session.csrf_token.as_str().to_owned()),
        expires_at: session.map(|session| time(session.expires_at)),
        language: who.as_member().and_then(|member| member.language.clone()),
    })
}
