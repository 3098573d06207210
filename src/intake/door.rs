//! The webhook's HTTP side: Meta's challenge, the signature, the answer.

use std::sync::Arc;

use entity::state::EventStatus;
use entity::{EventId, NumberId, event, number};
use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Body, Endpoint, EndpointExt, Request, Response, Route, get, handler};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::Batch;
use crate::app::{App, NumberSecret};
use crate::store;
use crate::whatsapp::signature;
use crate::whatsapp::webhook::{self, Routes};

/// Meta's limit for a webhook's body.
const MAX_BODY_BYTES: usize = 3 * 1024 * 1024;
/// A body that takes longer is not Meta's.
const BODY_PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
/// How long statuses stand back while messages wait.
const STATUSES_SHED_MS: i64 = 5_000;
/// Different numbers of one body whose secrets are tried: Meta signs a body with one.
const MAX_NUMBERS: usize = 32;

/// What the door needs.
#[derive(Clone)]
pub struct Door {
    pub app: Arc<App>,
    pub batch: Batch,
}

pub fn routes(door: Door) -> impl Endpoint {
    Route::new()
        .at("/", get(verify).post(receive))
        .at("/:number_id", get(verify_number).post(receive_number))
        .data(door)
}

#[derive(Deserialize)]
struct Challenge {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
    #[serde(rename = "hub.verify_token", default)]
    verify_token: String,
}

impl Challenge {
    fn is_subscription(&self) -> bool {
        self.mode == "subscribe"
    }
}

#[handler]
async fn verify(Data(door): Data<&Door>, Query(challenge): Query<Challenge>) -> Response {
    let app = &door.app;
    let instance = app.settings.meta.verify_token.as_ref().is_some_and(|token| same(token, &challenge.verify_token));
    let fingerprint = app.sealer.fingerprint(&challenge.verify_token);
    let of_number = match store::numbers::has_verify_token(app.db.reader(), &fingerprint).await {
        Ok(known) => known,
        Err(error) if !instance => return unavailable(&error),
        Err(_) => false,
    };
    if challenge.is_subscription() {
        let (db, now) = (app.db.writer(), app.now());
        if instance {
            tell_unnoted(store::numbers::note_verified_without_own(db, now).await);
        }
        if of_number {
            tell_unnoted(store::numbers::note_verified_by(db, &fingerprint, now).await);
        }
    }
    answer_challenge(instance || of_number, challenge)
}

#[handler]
async fn verify_number(
    Data(door): Data<&Door>,
    Path(number_id): Path<String>,
    Query(challenge): Query<Challenge>,
) -> Response {
    let number = match find_number(&door.app, &number_id).await {
        Ok(Some(number)) => number,
        Ok(None) => return status(StatusCode::NOT_FOUND, "no number of ours has this webhook URL"),
        Err(error) => return unavailable(&error),
    };
    let own = match door.app.open_number_secret(&number, NumberSecret::VerifyToken) {
        Ok(own) => own,
        Err(error) => return unavailable(&error),
    };
    let token = own.or_else(|| door.app.settings.meta.verify_token.clone());
    let known = token.is_some_and(|token| same(&token, &challenge.verify_token));
    if known && challenge.is_subscription() {
        tell_unnoted(store::numbers::note_verified(door.app.db.writer(), &number.id, door.app.now()).await);
    }
    answer_challenge(known, challenge)
}

/// Meta's challenge is answered either way.
fn tell_unnoted(noted: Result<(), sea_orm::DbErr>) {
    if let Err(error) = noted {
        tracing::warn!(error = %error, "it could not be noted that Meta verified a webhook");
    }
}

fn answer_challenge(known: bool, challenge: Challenge) -> Response {
    if known && challenge.is_subscription() {
        Response::builder().content_type("text/plain").body(challenge.challenge)
    } else {
        status(StatusCode::FORBIDDEN, "the verify token is not the one that is set here")
    }
}

fn same(token: &SecretString, given: &str) -> bool {
    !token.expose_secret().is_empty() && bool::from(token.expose_secret().as_bytes().ct_eq(given.as_bytes()))
}

#[handler]
async fn receive(Data(door): Data<&Door>, request: &Request, body: Body) -> Response {
    take_in(door, None, request, body).await
}

#[handler]
async fn receive_number(
    Data(door): Data<&Door>,
    Path(number_id): Path<String>,
    request: &Request,
    body: Body,
) -> Response {
    match find_number(&door.app, &number_id).await {
        Ok(Some(number)) => take_in(door, Some(number), request, body).await,
        Ok(None) => status(StatusCode::NOT_FOUND, "no number of ours has this webhook URL"),
        Err(error) => unavailable(&error),
    }
}

async fn find_number(app: &App, id: &str) -> Result<Option<number::Model>, sea_orm::DbErr> {
    match NumberId::parse(id) {
        Ok(id) => store::numbers::find_by_id(app.db.reader(), &id).await,
        Err(_) => Ok(None),
    }
}

/// Everything that happens on Meta's time.
async fn take_in(door: &Door, at: Option<number::Model>, request: &Request, body: Body) -> Response {
    let started = std::time::Instant::now();
    let Ok(body) = tokio::time::timeout(BODY_PATIENCE, body.into_bytes_limit(MAX_BODY_BYTES)).await else {
        return counted("too_slow", status(StatusCode::REQUEST_TIMEOUT, "the body did not come in time"));
    };
    let Ok(body) = body else {
        return counted("too_large", status(StatusCode::PAYLOAD_TOO_LARGE, "webhooks have 3 MiB at the most"));
    };
    let routes = webhook::routes(&body).unwrap_or_default();
    let only_statuses = routes.only_statuses;
    let signed = match signed_by(&door.app, at.as_ref(), routes, request, &body).await {
        Ok(signed) => signed,
        Err(refusal) => return refusal,
    };
    let Some(_room) = door.batch.room(body.len()) else {
        return counted("not_stored", status(StatusCode::SERVICE_UNAVAILABLE, "too much waits here; come again"));
    };
    let now = door.app.now();
    // Behind with applying, messages come before what became of ours.
    let wait_ms = if only_statuses && door.app.load.events_are_late() { STATUSES_SHED_MS } else { 0 };
    let event = event::Model {
        id: EventId::generate(now),
        workspace_id: at.as_ref().map(|number| number.workspace_id.clone()),
        door_number_id: at.map(|number| number.id),
        signed_by: signed.0,
        body: body.to_vec(),
        status: EventStatus::Received,
        error: None,
        failures: 0,
        due_at: now + wait_ms,
        received_at: now,
        applied_at: None,
    };
    let stored = door.batch.store(event, only_statuses).await;
    metrics::histogram!("switchboard_webhook_seconds").record(started.elapsed().as_secs_f64());
    match stored {
        Ok(()) => counted("stored", Response::builder().status(StatusCode::OK).finish()),
        Err(error) => {
            tracing::error!(error = %error, "a webhook was not stored; Meta will come again");
            counted("not_stored", status(StatusCode::SERVICE_UNAVAILABLE, "not stored; come again"))
        }
    }
}

/// Whose secret signed a body: `None` for the instance's, else the fingerprint of a number's own.
struct Signed(Option<String>);

/// A secret that a body may be signed with.
struct Candidate {
    secret: SecretString,
    fingerprint: Option<String>,
}

async fn signed_by(
    app: &App,
    at: Option<&number::Model>,
    routes: Routes,
    request: &Request,
    body: &[u8],
) -> Result<Signed, Response> {
    let candidates = match candidates(app, at, routes).await {
        Ok(candidates) => candidates,
        Err(error) => return Err(unavailable(&error)),
    };
    if candidates.is_empty() && !knows_any_secret(app).await {
        tracing::error!(
            "a webhook came, but no app secret is set: set SWITCHBOARD__META__APP_SECRET or a number's app_secret"
        );
        let refusal = status(StatusCode::SERVICE_UNAVAILABLE, "no app secret is set here yet; come again");
        return Err(counted("no_secret", refusal));
    }
    let signature = request.header(signature::HEADER).and_then(signature::parse);
    let unsigned = || {
        let refusal =
            status(StatusCode::UNAUTHORIZED, "the signature is missing or not made with the app secret set here");
        counted("bad_signature", refusal)
    };
    let signature = signature.ok_or_else(unsigned)?;
    let matching =
        candidates.into_iter().find(|candidate| signature::verify(candidate.secret.expose_secret(), body, &signature));
    matching.map(|candidate| Signed(candidate.fingerprint)).ok_or_else(unsigned)
}

/// The secrets that may speak for a body: those of the numbers it is for, and the instance's unless each of them has
/// its own.
async fn candidates(
    app: &App,
    at: Option<&number::Model>,
    routes: Routes,
) -> Result<Vec<Candidate>, Box<dyn std::error::Error + Send + Sync>> {
    let numbers = match at {
        Some(number) => vec![Arc::new(number.clone())],
        None => routed_numbers(app, routes).await?,
    };
    let mut candidates: Vec<Candidate> = Vec::new();
    for number in numbers.iter().filter(|number| number.app_secret.is_some()) {
        let known = candidates.iter().any(|candidate| candidate.fingerprint == number.app_secret_mac);
        if !known && let Some(secret) = app.open_number_secret(number, NumberSecret::AppSecret)? {
            candidates.push(Candidate { secret, fingerprint: number.app_secret_mac.clone() });
        }
    }
    let all_have_their_own = !numbers.is_empty() && numbers.iter().all(|number| number.app_secret.is_some());
    if !all_have_their_own && let Some(secret) = app.settings.meta.app_secret.clone() {
        candidates.push(Candidate { secret, fingerprint: None });
    }
    Ok(candidates)
}

async fn routed_numbers(
    app: &App,
    routes: Routes,
) -> Result<Vec<Arc<number::Model>>, Box<dyn std::error::Error + Send + Sync>> {
    let mut numbers = Vec::new();
    for id in routes.phone_number_ids.iter().take(MAX_NUMBERS) {
        numbers.extend(app.number_by_phone_number_id(id).await?);
    }
    for waba_id in routes.waba_ids.iter().take(MAX_NUMBERS) {
        let of_account = store::numbers::list_by_waba_id(app.db.reader(), waba_id, MAX_NUMBERS as u64).await?;
        numbers.extend(of_account.into_iter().map(Arc::new));
    }
    Ok(numbers)
}

async fn knows_any_secret(app: &App) -> bool {
    app.settings.meta.app_secret.is_some() || store::numbers::any_app_secret(app.db.reader()).await.unwrap_or(true)
}

fn unavailable(error: &dyn std::fmt::Display) -> Response {
    tracing::error!(error = %error, "a webhook could not be looked at; Meta will come again");
    counted("unavailable", status(StatusCode::SERVICE_UNAVAILABLE, "not now; come again"))
}

fn status(status: StatusCode, words: &'static str) -> Response {
    Response::builder().status(status).content_type("text/plain; charset=utf-8").body(words)
}

fn counted(result: &'static str, response: Response) -> Response {
    metrics::counter!("switchboard_webhooks_total", "result" => result).increment(1);
    response
}
