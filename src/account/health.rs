//! Looking how a number is: what Graph says of it, of its token, of its account's subscription and templates, in words of
//! what to do. The schedule and the operator's check do the same thing.

use std::time::Duration;

use chrono::DateTime;
use entity::number;
use entity::state::HealthSource;
use sea_orm::DbErr;
use secrecy::SecretString;
use serde_json::Value;

use super::hold::{begin_hold, end_hold};
use super::state::{Known, NAME_REJECTED, Problem, QUALITY_LOW, State, Token};
use crate::app::{App, NumberSecret, millis};
use crate::clock::Millis;
use crate::store;
use crate::whatsapp::advice::{self, UNKNOWN_PATH};
use crate::whatsapp::error::{Consequence, GraphError};
use crate::whatsapp::graph::TokenFacts;

const TOKEN_REFUSED: i64 = 190;
const NEEDED_SCOPES: [&str; 2] = ["whatsapp_business_messaging", "whatsapp_business_management"];
const DAY_MS: Millis = 24 * 60 * 60 * 1000;
/// A token that ends within this time is a problem already.
const EXPIRY_WARNING_MS: Millis = 7 * DAY_MS;
/// When Graph could not be reached, the next look comes sooner than by the schedule, but not at once.
const UNREACHED_MS: Millis = 5 * 60 * 1000;
const AVAILABLE: &str = "AVAILABLE";
/// With one of these a number does not send, whatever else is well.
const BLOCKING: [&str; 6] =
    ["no_access_token", "token_unreadable", "token_refused", "permission_missing", "account_refused", "meta_blocked"];

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    pub ok: bool,
    pub problems: Vec<Problem>,
    /// The number's fields, as Graph gave them.
    pub fields: Value,
}

/// What was learnt by looking.
#[derive(Debug, Default)]
struct Look {
    problems: Vec<Problem>,
    fields: Value,
    state: State,
    /// Graph told of the number itself.
    reached: bool,
    /// Nobody knows: Graph did not answer properly.
    unreachable: bool,
    token_refused: bool,
}

/// Asks Graph about a number and writes down what it says.
pub async fn check(app: &App, asked: &number::Model, source: HealthSource) -> Result<Checked, DbErr> {
    let look = look(app, asked).await?;
    let now = app.now();
    let checked = store::write(&app.db, async |tx| {
        let number = store::numbers::lock(tx, &asked.id).await?;
        // What was asked with another token, or of another number, says nothing of this one.
        let number = number.filter(|number| {
            (&number.access_token, &number.phone_number_id) == (&asked.access_token, &asked.phone_number_id)
        });
        let Some(mut number) = number else { return Ok::<_, DbErr>(None) };
        let mut known = Known::of(&number);
        known.take_check(look.state.clone(), look.problems.clone(), look.reached, now);
        if look.token_refused && source == HealthSource::Probe {
            let until = now + millis(Duration::from_secs(app.settings.delivery.hold_probe_secs));
            begin_hold(tx, &number, Some(TOKEN_REFUSED), until, now).await?;
            number.held_until = Some(until);
        } else if number.held_until.is_some() && look.lifts(number.held_code, source) {
            end_hold(tx, &number, now).await?;
            number.held_until = None;
        }
        store::numbers::set_health(tx, &number.id, known.to_json()).await?;
        if look.unreachable {
            let sooner = number.health_due_at.min(now + UNREACHED_MS).max(now + 1);
            store::numbers::set_health_due(tx, &number.id, sooner).await?;
        }
        store::health_records::insert_if_changed(tx, known.to_record(&number, source, now)).await?;
        Ok(Some((known, number)))
    })
    .await?;
    let problems = match checked {
        Some((known, number)) => {
            tell(&number, &look);
            known.problems(now)
        }
        None => look.problems,
    };
    app.number_changed(&asked.phone_number_id).await;
    app.bells.sends.ring_now();
    Ok(Checked { ok: problems.is_empty(), problems, fields: look.fields })
}

fn tell(number: &number::Model, look: &Look) {
    if look.token_refused {
        tracing::error!(number.id = %number.id, "the number's token is refused");
    }
    metrics::counter!("switchboard_number_checks_total", "ok" => if look.problems.is_empty() { "true" } else { "false" })
        .increment(1);
}

impl Look {
    /// Whether what was learnt shows that what began the hold is over. Reading a number proves its token; a payment or a
    /// policy that is refused shows in sends, or in Meta's own word that it can send.
    fn lifts(&self, held_code: Option<i64>, source: HealthSource) -> bool {
        let is_blocked = self.problems.iter().any(|problem| BLOCKING.contains(&problem.code.as_str()));
        let is_token = matches!(held_code, None | Some(0 | 3 | 10 | 102 | 104 | 190 | 200..=299 | 131_005));
        let can_send = self.state.can_send.as_deref() == Some(AVAILABLE);
        self.reached && !is_blocked && (is_token || can_send || source == HealthSource::Check)
    }

    fn add(&mut self, code: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(code, message));
    }

    fn add_error(&mut self, error: &GraphError) {
        let advice = advice::of_look(error);
        self.unreachable |= matches!(error.consequence, Consequence::Later { .. } | Consequence::Unknown);
        self.add(advice.code, advice.message);
    }
}

async fn look(app: &App, number: &number::Model) -> Result<Look, DbErr> {
    let mut look = Look::default();
    let token = match app.open_number_secret(number, NumberSecret::AccessToken) {
        Ok(Some(token)) => token,
        Ok(None) => {
            look.add("no_access_token", "The number has no access token: set access_token.");
            return Ok(look);
        }
        Err(_) => {
            look.add(
                "token_unreadable",
                "The stored access token was sealed under another master key: set access_token again.",
            );
            return Ok(look);
        }
    };
    match app.graph.number(&number.phone_number_id, &token).await {
        Err(error) => {
            look.token_refused = error.code == Some(TOKEN_REFUSED);
            look.add_error(&error);
        }
        Ok(fields) => {
            look.reached = true;
            read_fields(&mut look, &fields, number, app);
            // Many tokens may not ask about themselves: that says nothing of them.
            if let Ok(Some(facts)) = app.graph.token_facts(&token).await {
                read_token(&mut look, &facts, app.now());
            }
            look.fields = fields;
            look_at_account(app, &mut look, number, &token).await?;
        }
    }
    Ok(look)
}

fn read_fields(look: &mut Look, fields: &Value, number: &number::Model, app: &App) {
    let word = |key: &str| fields.get(key).and_then(Value::as_str).filter(|word| !word.is_empty()).map(str::to_owned);
    let at = |pointer: &str| fields.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    look.state = State {
        verified_name: word("verified_name"),
        name_status: word("name_status"),
        quality_rating: word("quality_rating"),
        messaging_limit: word("whatsapp_business_manager_messaging_limit"),
        throughput: at("/throughput/level"),
        status: word("status"),
        platform: word("platform_type"),
        can_send: at("/health_status/can_send_message"),
        ..State::default()
    };
    if let Some(status) = word("status").filter(|status| status != "CONNECTED") {
        look.add("not_connected", format!("Meta says the number is {status}: look at it in WhatsApp Manager."));
    }
    if word("quality_rating").as_deref() == Some("RED") {
        look.add(
            QUALITY_LOW,
            "The number's quality rating is red: customers block or report it. Send less, and only what was asked for.",
        );
    }
    if word("name_status").as_deref() == Some("DECLINED") {
        look.add(NAME_REJECTED, "Meta rejected the number's name: ask for another one in WhatsApp Manager.");
    }
    read_health_status(look, fields);
    read_callback(look, fields, number, app);
}

/// What Meta says of each party to a message: number, account, business, app.
fn read_health_status(look: &mut Look, fields: &Value) {
    let entities = fields.pointer("/health_status/entities").and_then(Value::as_array);
    for entity in entities.into_iter().flatten() {
        let text =
            |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let can_send = text(entity, "can_send_message");
        if can_send.is_empty() || can_send == AVAILABLE {
            continue;
        }
        let who = match text(entity, "entity_type").as_str() {
            "PHONE_NUMBER" => "the number",
            "WABA" => "the account",
            "BUSINESS" => "the business",
            "APP" => "the app",
            _ => "a part of the account",
        };
        let (code, what) = match can_send.as_str() {
            "BLOCKED" => ("meta_blocked", "cannot send"),
            _ => ("meta_limited", "can send only to some"),
        };
        let errors = entity.get("errors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let said: Vec<String> = errors
            .iter()
            .map(|error| format!("{} {}", text(error, "error_description"), text(error, "possible_solution")))
            .collect();
        let more = entity.get("additional_info").and_then(Value::as_array).into_iter().flatten();
        let said =
            said.into_iter().chain(more.filter_map(Value::as_str).map(str::to_owned)).collect::<Vec<_>>().join(" ");
        let said = if said.trim().is_empty() { "Look at it in WhatsApp Manager.".to_owned() } else { said };
        look.add(code, format!("Meta says that {who} {what}. {}", said.trim()));
    }
}

/// Whether Meta sends this number's webhooks to somebody else.
fn read_callback(look: &mut Look, fields: &Value, number: &number::Model, app: &App) {
    let Some(public_url) = &app.settings.server.public_url else { return };
    let at = |key: &str| fields.get("webhook_configuration")?.get(key)?.as_str().filter(|url| !url.is_empty());
    // The number's own comes before the account's; the app's default cannot be told from another system's.
    let Some(url) = at("phone_number").or_else(|| at("whatsapp_business_account")) else { return };
    let door = format!("{}/webhook", public_url.trim_end_matches('/'));
    if url != door && url != format!("{door}/{}", number.id) {
        look.add(
            "callback_elsewhere",
            "Meta sends this number's webhooks to another address than ours: POST to subscribe.",
        );
    }
}

fn read_token(look: &mut Look, facts: &TokenFacts, now: Millis) {
    let expires_at = facts.expires_at.map(|seconds| seconds.saturating_mul(1000));
    look.state.token = Some(Token { valid: facts.valid, scopes: facts.scopes.clone(), expires_at });
    if !facts.valid {
        return look.add(
            "token_refused",
            "Meta says that the access token is not valid any more: make a new one and set it as access_token.",
        );
    }
    let missing: Vec<&str> =
        NEEDED_SCOPES.into_iter().filter(|scope| !facts.scopes.iter().any(|given| given == scope)).collect();
    if !missing.is_empty() && !facts.scopes.is_empty() {
        let missing = missing.join(" and ");
        look.add(
            "permission_missing",
            format!(
                "The access token lacks {missing}: make one with it for the system user and set it as access_token."
            ),
        );
    }
    if let Some(expires_at) = expires_at.filter(|at| *at < now + EXPIRY_WARNING_MS) {
        let day = DateTime::from_timestamp_millis(expires_at).unwrap_or_default().format("%Y-%m-%d %H:%M UTC");
        look.add(
            "token_expires",
            format!("The access token expires on {day}: make one that does not expire and set it as access_token before then."),
        );
    }
}

async fn look_at_account(
    app: &App,
    look: &mut Look,
    number: &number::Model,
    token: &SecretString,
) -> Result<(), DbErr> {
    let Some(waba_id) = &number.waba_id else {
        look.add(
            "no_waba_id",
            "The number has no waba_id, so its webhook subscription cannot be checked: set waba_id.",
        );
        return Ok(());
    };
    match app.graph.subscribed_apps(waba_id, token).await {
        Err(error) if error.code == Some(UNKNOWN_PATH) => {}
        Err(error) => look.add_error(&error),
        Ok(apps) => {
            let subscribed = apps.get("data").and_then(Value::as_array).is_some_and(|apps| !apps.is_empty());
            look.state.subscribed = Some(subscribed);
            if !subscribed {
                look.add("not_subscribed", "No app gets this account's webhooks: POST to subscribe.");
            }
        }
    }
    let counts = store::templates::count_by_status(app.db.reader(), &number.workspace_id, waba_id).await?;
    let count = |status: &str| counts.get(status).copied().unwrap_or_default();
    if count("PAUSED") > 0 {
        let message = format!(
            "Meta paused {} of the account's templates: sends of them fail until the pause ends. Look at GET /templates?status=PAUSED for the reasons.",
            count("PAUSED")
        );
        look.add("templates_paused", message);
    }
    if count("DISABLED") > 0 {
        let message = format!(
            "Meta disabled {} of the account's templates for good: delete them and make others. See GET /templates?status=DISABLED.",
            count("DISABLED")
        );
        look.add("templates_disabled", message);
    }
    Ok(())
}
