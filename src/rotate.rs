//! A new master key: every sealed secret is opened under the old one and sealed under the new one, in one transaction.

use entity::{agent_version, number};
use sea_orm::{ConnectionTrait, DbErr};
use secrecy::ExposeSecret;

use crate::app::{App, NumberSecret};
use crate::secrets::{SealError, Sealer, agent_place, erasure_place, number_place, suppression_place};
use crate::store::{self, PageRequest};

const PAGE: u64 = 200;

#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("the secrets cannot be written: {0}")]
    Database(#[from] DbErr),
}

/// Seals everything under `new`; how many secrets there were. Nothing changes when one of them does not open.
pub async fn rotate(app: &App, new: &Sealer) -> Result<usize, RotateError> {
    store::write(&app.db, async |tx| {
        let secrets = numbers(app, tx, new).await? + agents(app, tx, new).await?;
        Ok(secrets + workspaces(app, tx, new).await? + erasures(app, tx, new).await?)
    })
    .await
}

async fn numbers(app: &App, tx: &impl ConnectionTrait, new: &Sealer) -> Result<usize, RotateError> {
    let mut count = 0;
    let mut after = None;
    loop {
        let page = store::numbers::list_all_after(tx, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(count) };
        after = Some(last.id.clone());
        for mut number in page {
            count += reseal_number(app, &mut number, new)?;
            store::numbers::update(tx, number).await?;
        }
    }
}

fn reseal_number(app: &App, number: &mut number::Model, new: &Sealer) -> Result<usize, SealError> {
    let mut count = 0;
    for (secret, column) in [
        (NumberSecret::AccessToken, "access_token"),
        (NumberSecret::AppSecret, "app_secret"),
        (NumberSecret::VerifyToken, "verify_token"),
    ] {
        let Some(opened) = app.open_number_secret(number, secret)? else { continue };
        let sealed = Some(new.seal(&number_place(&number.id, column), &opened));
        let mac = Some(new.fingerprint(opened.expose_secret()));
        match secret {
            NumberSecret::AccessToken => number.access_token = sealed,
            NumberSecret::AppSecret => (number.app_secret, number.app_secret_mac) = (sealed, mac),
            NumberSecret::VerifyToken => (number.verify_token, number.verify_token_mac) = (sealed, mac),
        }
        count += 1;
    }
    Ok(count)
}

async fn agents(app: &App, tx: &impl ConnectionTrait, new: &Sealer) -> Result<usize, RotateError> {
    let mut count = 0;
    loop {
        let page = store::agents::list_sealed_versions(tx, count as u64, PAGE).await?;
        if page.is_empty() {
            return Ok(count);
        }
        for version in page {
            count += reseal_version(app, tx, &version, new).await?;
        }
    }
}

async fn reseal_version(
    app: &App,
    tx: &impl ConnectionTrait,
    version: &agent_version::Model,
    new: &Sealer,
) -> Result<usize, RotateError> {
    let Some(sealed) = &version.api_key else { return Ok(0) };
    let place = agent_place(&version.agent_id);
    let opened = app.sealer.open(&place, sealed)?;
    store::agents::set_version_key(tx, version, new.seal(&place, &opened)).await?;
    Ok(1)
}

async fn workspaces(app: &App, tx: &impl ConnectionTrait, new: &Sealer) -> Result<usize, RotateError> {
    let mut count = 0;
    let mut cursor = None;
    loop {
        let page = store::workspaces::list(tx, &PageRequest { cursor, limit: PAGE }).await?;
        for workspace in page.items {
            let Some(sealed) = &workspace.suppression_key else { continue };
            let place = suppression_place(&workspace.id);
            let resealed = new.seal(&place, &app.sealer.open(&place, sealed)?);
            store::workspaces::set_suppression_key(tx, &workspace.id, &resealed, false).await?;
            count += 1;
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(count);
        }
    }
}

async fn erasures(app: &App, tx: &impl ConnectionTrait, new: &Sealer) -> Result<usize, RotateError> {
    let all = store::erasures::list_all(tx).await?;
    let count = all.len();
    for mut erasure in all {
        let place = erasure_place(&erasure.contact_id);
        erasure.known_by = new.seal(&place, &app.sealer.open(&place, &erasure.known_by)?);
        store::erasures::update(tx, &erasure).await?;
    }
    Ok(count)
}
