//! Who is calling, and what they may do. A handler says it in its arguments: `Admin`, `Editor`, `Operator`, `Viewer`.
//!
//! A program shows an API key; a browser shows the cookie of a session, and the session's CSRF token with all that changes
//! something. Whoever shows a key is judged by the key alone.

use std::sync::Arc;

use entity::private::Text;
use entity::state::Role;
use entity::{ActorId, WorkspaceId, api_key, member, session};
use poem::http::{Method, header};
use poem::{Request, RequestBody};
use poem_openapi::auth::{Bearer, BearerAuthorization};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use sea_orm::DbErr;
use subtle::ConstantTimeEq;

use super::audit::Doing;
use super::problem::ApiError;
use crate::app::App;
use crate::clock::Millis;
use crate::store;

pub const COOKIE: &str = "switchboard_session";
const CSRF_HEADER: &str = "x-csrf-token";
/// No key or cookie is longer; what is longer is not looked up.
const MAX_SECRET_BYTES: usize = 512;
/// How exactly it is known when a session was last used.
const SEEN_EVERY_MS: Millis = 60 * 1000;
const HOUR_MS: Millis = 60 * 60 * 1000;
const DAY_MS: Millis = 24 * HOUR_MS;

const BEARER_SCHEME: &str = "ApiKey";
const COOKIE_SCHEME: &str = "Session";

/// Somebody who was let in.
#[derive(Debug, Clone)]
pub struct Caller {
    actor: ActorId,
    who: Who,
    session: Option<session::Model>,
}

#[derive(Debug, Clone)]
pub enum Who {
    Key(api_key::Model),
    Member(member::Model),
}

impl Who {
    pub fn actor(&self) -> ActorId {
        match self {
            Self::Key(key) => key.id.clone().into(),
            Self::Member(member) => member.id.clone().into(),
        }
    }

    pub fn name(&self) -> String {
        match self {
            Self::Key(key) => key.name.clone(),
            Self::Member(member) => store::actors::called(member.name.as_ref(), &member.email),
        }
    }

    pub fn role(&self) -> Role {
        match self {
            Self::Key(key) => key.role,
            Self::Member(member) => member.role,
        }
    }

    pub fn workspace(&self) -> &WorkspaceId {
        match self {
            Self::Key(key) => &key.workspace_id,
            Self::Member(member) => &member.workspace_id,
        }
    }

    pub fn email(&self) -> Option<&Text> {
        self.as_member().map(|member| &member.email)
    }

    pub fn as_member(&self) -> Option<&member::Model> {
        match self {
            Self::Key(_) => None,
            Self::Member(member) => Some(member),
        }
    }
}

impl Caller {
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// None of a call with an API key.
    pub fn session(&self) -> Option<&session::Model> {
        self.session.as_ref()
    }

    /// Whether what was shown would still be let in: for calls that last.
    async fn is_still_known(&self, app: &App) -> Result<bool, DbErr> {
        let db = app.db.reader();
        if let Some(session) = &self.session
            && store::sessions::find(db, &session.id, app.now()).await?.is_none()
        {
            return Ok(false);
        }
        Ok(find(app, self.who.workspace(), &self.actor).await?.is_some())
    }
}

/// Until when a session lasts that is used now.
pub fn expires_at(app: &App, created_at: Millis, now: Millis) -> Millis {
    let console = &app.settings.console;
    let idle = i64::try_from(console.session_idle_hours).unwrap_or(i64::MAX / HOUR_MS) * HOUR_MS;
    let most = i64::try_from(console.session_max_days).unwrap_or(i64::MAX / DAY_MS) * DAY_MS;
    (now + idle).min(created_at + most)
}

async fn caller(app: &App, request: &Request) -> poem::Result<Caller> {
    if request.headers().contains_key(header::AUTHORIZATION) {
        let bearer = Bearer::from_request(request)?;
        return Ok(by_key(app, &bearer.token).await?);
    }
    let session = match cookie(request) {
        Some(token) if token.len() <= MAX_SECRET_BYTES => {
            store::sessions::find_by_token(app.db.reader(), token, app.now()).await.map_err(ApiError::from)?
        }
        _ => None,
    };
    Ok(by_session(app, request, session.ok_or_else(ApiError::unauthorized)?).await?)
}

async fn by_key(app: &App, secret: &str) -> Result<Caller, ApiError> {
    let found = find_key(app, secret).await?.ok_or_else(ApiError::unauthorized)?;
    let who = Who::Key(found);
    Ok(Caller { actor: who.actor(), who, session: None })
}

/// The key with this secret.
pub async fn find_key(app: &App, secret: &str) -> Result<Option<api_key::Model>, DbErr> {
    if secret.len() > MAX_SECRET_BYTES {
        return Ok(None);
    }
    store::keys::find_by_secret(app.db.reader(), secret).await
}

async fn by_session(app: &App, request: &Request, session: session::Model) -> Result<Caller, ApiError> {
    let who = find(app, &session.workspace_id, &session.actor).await?.ok_or_else(ApiError::unauthorized)?;
    let shown = request.header(CSRF_HEADER).unwrap_or_default();
    let fits = bool::from(shown.as_bytes().ct_eq(session.csrf_token.as_str().as_bytes()));
    if !fits && !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ApiError::csrf());
    }
    let now = app.now();
    let mut session = session;
    if now - session.last_seen_at >= SEEN_EVERY_MS {
        session.expires_at = expires_at(app, session.created_at, now);
        // Nobody is kept out because this could not be written.
        if let Err(error) = note_seen(app, &who, &session, now).await {
            tracing::warn!(error = %error, "it could not be noted that a session is used");
        }
    }
    Ok(Caller { actor: session.actor.clone(), who, session: Some(session) })
}

async fn note_seen(app: &App, who: &Who, session: &session::Model, now: Millis) -> Result<(), DbErr> {
    let db = app.db.bookkeeper();
    store::sessions::note_seen(db, &session.id, now, session.expires_at).await?;
    match who.as_member() {
        Some(member) => store::members::note_seen(db, &member.id, now).await,
        None => Ok(()),
    }
}

/// A key, or a member who may sign in.
async fn find(app: &App, workspace_id: &WorkspaceId, actor: &ActorId) -> Result<Option<Who>, DbErr> {
    let db = app.db.reader();
    if let Some(id) = actor.as_key() {
        return Ok(store::keys::find(db, workspace_id, &id).await?.map(Who::Key));
    }
    let Some(id) = actor.as_member() else { return Ok(None) };
    let member = store::members::find(db, workspace_id, &id).await?;
    Ok(member.filter(|member| member.password_hash.is_some()).map(Who::Member))
}

fn cookie(request: &Request) -> Option<&str> {
    let headers = request.headers().get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = headers.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

async fn caller_in(request: &Request, allowed: &[Role]) -> poem::Result<Caller> {
    let app = request.data::<Arc<App>>().ok_or_else(|| ApiError::internal(&"the app is not at hand"))?;
    let caller = caller(app, request).await?;
    if let Some(doing) = request.data::<Doing>() {
        doing.is_done_by(caller.who());
    }
    if allowed.contains(&caller.who.role()) {
        Ok(caller)
    } else {
        let words: Vec<&str> = allowed.iter().map(|role| role.as_str()).collect();
        Err(ApiError::forbidden(&words.join(" or ")).into())
    }
}

/// Either is enough; a handler's derived scheme would know one of them only.
fn register_schemes(registry: &mut Registry) {
    let scheme = MetaSecurityScheme {
        ty: "http",
        description: Some("An API key, for programs."),
        name: None,
        key_in: None,
        scheme: Some("bearer"),
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    };
    registry.create_security_scheme(BEARER_SCHEME, scheme);
    let scheme = MetaSecurityScheme {
        ty: "apiKey",
        description: Some(
            "The cookie of a session, for browsers. Whatever changes something also sends the session's csrf_token in \
             the header X-CSRF-Token.",
        ),
        name: Some(COOKIE),
        key_in: Some("cookie"),
        scheme: None,
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    };
    registry.create_security_scheme(COOKIE_SCHEME, scheme);
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $allowed:expr),+ $(,)?) => {$(
        $(#[$doc])*
        pub struct $name(Caller);

        impl<'a> ApiExtractor<'a> for $name {
            const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
            type ParamType = ();
            type ParamRawType = ();

            fn register(registry: &mut Registry) {
                register_schemes(registry);
            }

            fn security_schemes() -> Vec<&'static str> {
                vec![BEARER_SCHEME, COOKIE_SCHEME]
            }

            async fn from_request(
                request: &'a Request,
                _body: &mut RequestBody,
                _options: ExtractParamOptions<()>,
            ) -> poem::Result<Self> {
                caller_in(request, $allowed).await.map(Self)
            }
        }

        #[allow(dead_code, reason = "not every role's calls need all of it")]
        impl $name {
            pub fn workspace(&self) -> &WorkspaceId {
                self.0.who.workspace()
            }

            /// Whoever does it.
            pub fn actor(&self) -> &ActorId {
                &self.0.actor
            }

            pub fn is_admin(&self) -> bool {
                self.0.who.role() == Role::Admin
            }

            pub fn caller(&self) -> &Caller {
                &self.0
            }

            /// Whether what was shown would still be let in: for calls that last.
            pub async fn is_still_known(&self, app: &App) -> Result<bool, DbErr> {
                self.0.is_still_known(app).await
            }
        }
    )+};
}

roles! {
    /// An API key or a member with the role `admin`.
    Admin = &[Role::Admin],
    /// With the role `editor` or `admin`.
    Editor = &[Role::Admin, Role::Editor],
    /// With the role `operator` or `admin`.
    Operator = &[Role::Admin, Role::Operator],
    /// With any role.
    Viewer = Role::ALL,
}
