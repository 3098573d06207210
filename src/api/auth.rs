//! Who is calling, and what they may do. A handler says it in its arguments: `Admin`, `Editor`, `Operator`, `Viewer`.

use std::sync::Arc;

use entity::state::Role;
use entity::{KeyId, WorkspaceId, api_key};
use poem::Request;
use poem_openapi::SecurityScheme;
use poem_openapi::auth::Bearer;

use super::problem::ApiError;
use crate::app::App;
use crate::store;

/// The key that was shown.
#[derive(Debug, Clone)]
pub struct Caller {
    key: api_key::Model,
}

/// No key is longer; what is longer is not looked up.
const MAX_KEY_BYTES: usize = 512;

async fn caller(request: &Request, bearer: Bearer) -> Result<Caller, ApiError> {
    let app = request.data::<Arc<App>>().ok_or_else(|| ApiError::internal(&"the app is not at hand"))?;
    if bearer.token.len() > MAX_KEY_BYTES {
        return Err(ApiError::unauthorized());
    }
    let key = store::keys::find_by_secret(app.db.reader(), &bearer.token).await?;
    key.map(|key| Caller { key }).ok_or_else(ApiError::unauthorized)
}

async fn caller_in(request: &Request, bearer: Bearer, allowed: &[Role]) -> poem::Result<Caller> {
    let caller = caller(request, bearer).await?;
    if allowed.contains(&caller.key.role) {
        Ok(caller)
    } else {
        let words: Vec<&str> = allowed.iter().map(|role| role.as_str()).collect();
        Err(ApiError::forbidden(&words.join(" or ")).into())
    }
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident($checker:ident) = $allowed:expr),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(SecurityScheme)]
        #[oai(ty = "bearer", rename = "ApiKey", checker = $checker)]
        pub struct $name(Caller);

        async fn $checker(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
            caller_in(request, bearer, $allowed).await
        }

        impl $name {
            pub fn workspace(&self) -> &WorkspaceId {
                &self.0.key.workspace_id
            }

            #[allow(dead_code, reason = "not every role's calls leave a name")]
            pub fn key(&self) -> &KeyId {
                &self.0.key.id
            }
        }
    )+};
}

roles! {
    /// An API key with the role `admin`.
    Admin(check_admin) = &[Role::Admin],
    /// An API key with the role `editor` or `admin`.
    Editor(check_editor) = &[Role::Admin, Role::Editor],
    /// An API key with the role `operator` or `admin`.
    Operator(check_operator) = &[Role::Admin, Role::Operator],
    /// Any API key.
    Viewer(check_viewer) = Role::ALL,
}
