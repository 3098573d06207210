//! Who said not to be written to and was forgotten since. Phones are few, so a hash alone could be tried out: it is keyed,
//! with a key of the workspace that lies sealed in its row and outlives the master key.

use entity::private::Sealed;
use entity::{WorkspaceId, contact, contact_identity};
use sea_orm::{ConnectionTrait, DbErr};
use secrecy::SecretString;

use crate::app::App;
use crate::clock::Millis;
use crate::secrets::{SealError, keyed_hash, random_token, suppression_place};
use crate::store;
use crate::whatsapp::phone;

const KEY_BYTES: usize = 32;

#[derive(Debug, thiserror::Error)]
pub enum SuppressionError {
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// By what somebody is written to.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Digits.
    pub phone: Option<String>,
    pub user_id: Option<String>,
}

impl From<&contact::Model> for Person {
    fn from(contact: &contact::Model) -> Self {
        Self { phone: contact.phone.as_ref().map(|phone| phone.0.clone()), user_id: contact.user_id.clone() }
    }
}

/// Remembers all that somebody was known by.
pub async fn remember(
    app: &App,
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    identities: &[contact_identity::Model],
    now: Millis,
) -> Result<(), SuppressionError> {
    let key = match key(app, tx, workspace_id).await? {
        Some(key) => key,
        None => make_key(app, tx, workspace_id).await?,
    };
    let hashes = identities.iter().map(|identity| keyed_hash(&key, identity.value.as_str())).collect();
    Ok(store::erasures::suppress(tx, workspace_id, hashes, now).await?)
}

/// Since when somebody is not to be written to, in whatever way their phone is written.
pub async fn suppressed_at(
    app: &App,
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    person: &Person,
) -> Result<Option<Millis>, SuppressionError> {
    let Some(key) = key(app, connection, workspace_id).await? else { return Ok(None) };
    let phones = person.phone.as_deref().map(phone::variants).unwrap_or_default();
    let hashes: Vec<String> = phones.iter().chain(&person.user_id).map(|value| keyed_hash(&key, value)).collect();
    Ok(store::erasures::suppressed_at(connection, workspace_id, &hashes).await?)
}

async fn key(
    app: &App,
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
) -> Result<Option<SecretString>, SuppressionError> {
    let workspace = store::workspaces::find(connection, workspace_id).await?;
    let sealed = workspace.and_then(|workspace| workspace.suppression_key);
    Ok(sealed.map(|sealed| app.sealer.open(&suppression_place(workspace_id), &sealed)).transpose()?)
}

async fn make_key(
    app: &App,
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
) -> Result<SecretString, SuppressionError> {
    let key = SecretString::from(random_token(KEY_BYTES));
    let sealed: Sealed = app.sealer.seal(&suppression_place(workspace_id), &key);
    if store::workspaces::set_suppression_key(tx, workspace_id, &sealed, true).await? {
        return Ok(key);
    }
    // Somebody was quicker.
    self::key(app, tx, workspace_id).await?.ok_or_else(|| DbErr::RecordNotFound("a workspace".to_owned()).into())
}
