//! `switchboard check`: settings, database, tokens, model; one line each, in words.

use std::process::ExitCode;
use std::sync::Arc;

use entity::number;
use futures_util::StreamExt;
use migration::Migrator;

use crate::app::{App, NumberSecret};
use crate::blobs::BlobError;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::llm::{ChatMessage, ChatRequest};
use crate::{store, turn};

const MAX_NUMBERS: u64 = 200;

/// Prints a line for each thing; fails when one of them is not well.
pub async fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let mut well = true;
    let mut tell = |ok: bool, what: String| {
        well &= ok;
        println!("{} {what}", if ok { "ok  " } else { "FAIL" });
    };
    tell(true, "settings".to_owned());
    let app = match App::new(settings, Arc::new(SystemClock)).await {
        Ok(app) => app,
        Err(error) => {
            tell(false, format!("database and secrets: {error}"));
            return Ok(ExitCode::FAILURE);
        }
    };
    match Migrator::pending(app.db.reader()).await {
        Ok(0) => tell(true, format!("database ({:?}), schema up to date", app.db.engine())),
        Ok(pending) => {
            tell(
                false,
                format!("database: {pending} migrations are missing: run switchboard migrate up, or start serve"),
            );
            return Ok(ExitCode::FAILURE);
        }
        Err(error) => {
            tell(false, format!("database: {error}"));
            return Ok(ExitCode::FAILURE);
        }
    }
    match files(&app).await {
        Ok(()) => tell(true, "files can be written and read".to_owned()),
        Err(error) => tell(false, format!("files (media.url): {error}")),
    }
    let secret_set = app.settings.meta.app_secret.is_some() || store::numbers::any_app_secret(app.db.reader()).await?;
    tell(
        secret_set,
        if secret_set { "app secret is set" } else { "no app secret is set: webhooks are answered 503" }.to_owned(),
    );
    for number in store::numbers::list_all_after(app.db.reader(), None, MAX_NUMBERS).await? {
        let (ok, what) = check_number(&app, &number).await;
        tell(ok, format!("number {}: {what}", number.id));
    }
    let (ok, what) = check_model(&app).await;
    tell(ok, format!("model: {what}"));
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Keeps a few bytes where files are kept, reads them and takes them away again.
async fn files(app: &App) -> Result<(), BlobError> {
    const PLACE: &str = "check";
    let mut spool = app.blobs.spool().await?;
    spool.write(PLACE.as_bytes()).await?;
    let mut spooled = spool.finish().await?;
    app.blobs.keep(PLACE, &mut spooled).await?;
    let mut bytes = app.blobs.read(PLACE, &spooled.sha256, None).await?;
    while let Some(piece) = bytes.next().await {
        piece?;
    }
    app.blobs.remove(PLACE, &spooled.sha256).await
}

async fn check_number(app: &App, number: &number::Model) -> (bool, String) {
    let token = match app.open_number_secret(number, NumberSecret::AccessToken) {
        Ok(Some(token)) => token,
        Ok(None) => return (false, "it has no access token".to_owned()),
        Err(error) => return (false, error.to_string()),
    };
    match app.graph.number(&number.phone_number_id, &token).await {
        Ok(_) => (true, "Graph knows it and takes its token".to_owned()),
        Err(error) => (false, error.to_string()),
    }
}

async fn check_model(app: &App) -> (bool, String) {
    if app.settings.model.base_url.is_none() {
        return (true, "none is set; the offline responder answers".to_owned());
    }
    let request = ChatRequest {
        messages: vec![ChatMessage::User("Answer with the word ok.".to_owned())],
        tools: Vec::new(),
        temperature: None,
        max_output_tokens: 16,
        passages: Vec::new(),
    };
    match turn::instance_model(app).complete(&request).await {
        Ok(_) => (true, format!("{} answers", app.settings.model.name)),
        Err(error) => (false, error.to_string()),
    }
}
