//! API keys: shown once, stored as hashes.

use chrono::{DateTime, Utc};
use entity::state::Role;
use entity::{KeyId, api_key};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use secrecy::ExposeSecret;

use super::auth::Admin;
use super::problem::{ApiError, Fields};
use super::wire::Text;
use super::{Created, Cursor, Deleted, Limit, List, SharedApp, Tag, page_request, time};
use crate::secrets::random_api_key;
use crate::store;

type Name = Text<100>;

pub struct KeysApi;

/// An API key, without its secret.
#[derive(Debug, Object)]
struct Key {
    id: KeyId,
    name: String,
    role: Role,
    /// The secret's last characters, to tell keys apart.
    hint: String,
    created_at: DateTime<Utc>,
}

/// An API key with its secret, which is shown this once.
#[derive(Debug, Object)]
struct NewKey {
    id: KeyId,
    name: String,
    role: Role,
    hint: String,
    /// Keep it: it cannot be shown again.
    key: String,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct CreateKey {
    name: Name,
    role: Role,
}

#[OpenApi(tag = "Tag::Keys")]
impl KeysApi {
    /// Lists keys.
    #[oai(path = "/keys", method = "get", operation_id = "listKeys")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Key>>, ApiError> {
        let page = page_request(cursor, limit);
        Ok(List::of(store::keys::list(app.db.reader(), admin.workspace(), &page).await?, view))
    }

    /// Makes a key and shows its secret, this once.
    #[oai(path = "/keys", method = "post", operation_id = "createKey")]
    async fn create(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        body: Json<CreateKey>,
    ) -> Result<Created<NewKey>, ApiError> {
        let mut fields = Fields::default();
        fields.fit("name", &body.name);
        fields.finish()?;
        let secret = random_api_key();
        let secret = secret.expose_secret();
        let key =
            store::keys::insert(app.db.writer(), admin.workspace(), &body.name, body.role, secret, app.now()).await?;
        Ok(Created::new(NewKey {
            id: key.id,
            name: key.name,
            role: key.role,
            hint: key.hint,
            key: secret.to_owned(),
            created_at: time(key.created_at),
        }))
    }

    /// Shows a key, without its secret.
    #[oai(path = "/keys/:key_id", method = "get", operation_id = "getKey")]
    async fn get(&self, app: SharedApp<'_>, admin: Admin, key_id: Path<KeyId>) -> Result<Json<Key>, ApiError> {
        let found = store::keys::find(app.db.reader(), admin.workspace(), &key_id).await?;
        found.map(|key| Json(view(key))).ok_or_else(|| ApiError::not_found("key"))
    }

    /// Revokes a key at once, and the sessions that were opened with it. The last admin key stays while no admin can sign
    /// in, or nobody could get in.
    #[oai(path = "/keys/:key_id", method = "delete", operation_id = "deleteKey")]
    async fn delete(&self, app: SharedApp<'_>, admin: Admin, key_id: Path<KeyId>) -> Result<Deleted, ApiError> {
        let deleted = store::write(&app.db, async |tx| {
            store::workspaces::lock(tx, admin.workspace()).await?;
            let found = store::keys::find(tx, admin.workspace(), &key_id).await?;
            let Some(key) = found else { return Ok(false) };
            if key.role == Role::Admin
                && store::keys::count_admins(tx, admin.workspace()).await? <= 1
                && store::members::count_active_admins(tx, admin.workspace()).await? == 0
            {
                let detail = "This is the workspace's last admin key. Make another one first.";
                return Err(ApiError::conflict("last_admin_key", detail));
            }
            store::sessions::delete_of_actor(tx, &key.id.clone().into(), None).await?;
            Ok(store::keys::delete(tx, admin.workspace(), &key_id).await?)
        })
        .await?;
        Deleted::or_not_found(deleted, "key")
    }
}

fn view(key: api_key::Model) -> Key {
    Key { id: key.id, name: key.name, role: key.role, hint: key.hint, created_at: time(key.created_at) }
}
