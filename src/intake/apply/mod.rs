//! Applying events: every entry, change, message and status on its own. Applying one again changes nothing.
//!
//! The events table is its own queue: an event is locked, applied and marked in one transaction, so a crash leaves it
//! as it was; one node at a time applies, so that a conversation's messages stay in their order.

mod elsewhere;
mod message;
mod person;
mod status;

use std::sync::Arc;

use entity::state::EventStatus;
use entity::{ConversationId, WorkspaceId, event, number};
use sea_orm::DbErr;

use crate::account;
use crate::app::App;
use crate::clock::Millis;
use crate::store::events::Ending;
use crate::store::{self, Durability, Transaction};
use crate::whatsapp::webhook::{self, Change};

/// An account has twenty numbers, more only where Meta agreed.
const NUMBERS_OF_ACCOUNT: u64 = 200;
/// Events applied in one transaction.
const BATCH: u64 = 32;
const MAX_FAILURES: i32 = 8;
const RETRY_MS: Millis = 2_000;

/// Applies some due events; how many there were.
pub async fn run_next(app: &App) -> Result<usize, DbErr> {
    match apply_locked(app, BATCH).await {
        // One of them spoils the others' transaction: alone it spoils only its own.
        Err(error) => {
            tracing::warn!(error = %error, "a batch of events could not be applied; now one by one");
            apply_one(app).await
        }
        applied => applied,
    }
}

async fn apply_one(app: &App) -> Result<usize, DbErr> {
    let due =
        store::write_as(&app.db, Durability::Crash, async |tx| store::events::lock_received(tx, 1, app.now()).await)
            .await?;
    let Some(event) = due.into_iter().next() else { return Ok(0) };
    if let Err(error) = apply_locked(app, 1).await {
        if !store::is_lasting(&error) {
            // A full disk, a lost connection: the event keeps its place, and the next ones theirs behind it.
            return Err(error);
        }
        let again =
            (event.failures + 1 < MAX_FAILURES).then(|| app.now() + RETRY_MS * 2i64.pow(event.failures.unsigned_abs()));
        tracing::error!(event.id = %event.id, error = %error, "an event could not be applied");
        store::events::note_failure(
            app.db.bookkeeper(),
            &event.id,
            &format!("it could not be applied: {error}"),
            again,
        )
        .await?;
    }
    Ok(1)
}

/// What applying touched, to be told after the commit.
#[derive(Default)]
struct Touched {
    /// Conversations with a turn to come, and when it is due.
    turns: Vec<(ConversationId, Millis)>,
    /// Conversations whose thinking turn may be overtaken by something that asks nothing itself.
    nudges: Vec<ConversationId>,
    /// There is something to send, or a send may have been waiting for one of the statuses.
    sends: bool,
    media: bool,
    upkeep: bool,
}

async fn apply_locked(app: &App, limit: u64) -> Result<usize, DbErr> {
    let (count, touched) = store::write_as(&app.db, Durability::Crash, async |tx| {
        store::events::wait_to_apply(tx).await?;
        let now = app.now();
        let events = store::events::lock_received(tx, limit, now).await?;
        app.load.note_events(events.first().map_or(0, |oldest| now - oldest.due_at));
        let mut touched = Touched::default();
        for event in &events {
            let ending = apply_event(app, tx, event, &mut touched).await?;
            metrics::counter!("switchboard_events_total", "status" => ending.status.as_str()).increment(1);
            store::events::end(tx, &event.id, &ending, now).await?;
        }
        Ok::<_, DbErr>((events.len(), touched))
    })
    .await?;
    for (conversation_id, due_at) in &touched.turns {
        app.nudge(conversation_id);
        app.bells.turns.ring(*due_at);
    }
    touched.nudges.iter().for_each(|conversation_id| app.nudge(conversation_id));
    for (touched, bell) in
        [(touched.sends, &app.bells.sends), (touched.media, &app.bells.media), (touched.upkeep, &app.bells.upkeep)]
    {
        if touched {
            bell.ring_now();
        }
    }
    Ok(count)
}

/// What was made of an event's parts.
#[derive(Default)]
struct Account {
    applied: usize,
    unrouted: usize,
    problems: Vec<String>,
    workspaces: Vec<WorkspaceId>,
}

async fn apply_event(
    app: &App,
    tx: &Transaction,
    event: &event::Model,
    touched: &mut Touched,
) -> Result<Ending, DbErr> {
    let ended = |status, error: Option<String>| Ending { status, workspace_id: event.workspace_id.clone(), error };
    let body = match webhook::read(&event.body) {
        Ok(body) => body,
        Err(error) => return Ok(ended(EventStatus::Failed, Some(format!("the body is not JSON: {error}")))),
    };
    let Some(changes) = webhook::changes(&body) else {
        return Ok(ended(
            EventStatus::Failed,
            Some("the body is not a webhook of a WhatsApp account: it has no entries".to_owned()),
        ));
    };
    let mut account = Account::default();
    for change in &changes {
        for number in route(app, event, change, &mut account).await? {
            if !account.workspaces.contains(&number.workspace_id) {
                account.workspaces.push(number.workspace_id.clone());
            }
            let mut applying = Applying { app, tx, event, number: &number, touched, account: &mut account };
            applying.change(change).await?;
            account.applied += 1;
        }
    }
    Ok(account.ending(event))
}

impl Account {
    fn ending(self, event: &event::Model) -> Ending {
        let status = match (self.applied, self.unrouted) {
            (0, 1..) => EventStatus::Unrouted,
            _ => EventStatus::Applied,
        };
        // A batch for several workspaces belongs to none of them whole: each sees its messages, nobody the raw body.
        let workspace_id = match self.workspaces.as_slice() {
            [only] => Some(only.clone()),
            _ => event.workspace_id.clone(),
        };
        let error = (!self.problems.is_empty()).then(|| self.problems.join("; "));
        Ending { status, workspace_id, error }
    }
}

/// The numbers a change is for, if the event's signature may speak for them: the one it names, else one of each
/// workspace that has numbers of its account.
async fn route(
    app: &App,
    event: &event::Model,
    change: &Change<'_>,
    account: &mut Account,
) -> Result<Vec<Arc<number::Model>>, DbErr> {
    let numbers = match change.phone_number_id {
        Some(id) => {
            let found = app.number_by_phone_number_id(id).await.map_err(|error| DbErr::Custom(error.to_string()))?;
            found.into_iter().collect()
        }
        None => numbers_of_account(app, change).await?,
    };
    if numbers.is_empty() {
        account.unrouted += 1;
        account.problems.push(match change.phone_number_id {
            Some(id) => format!("no number has the phone number ID {id}"),
            None => format!("no number belongs to the account of this {} change", change.field),
        });
        return Ok(numbers);
    }
    let mut spoken_for: Vec<Arc<number::Model>> = Vec::new();
    for number in numbers.into_iter().filter(|number| event.signed_by == number.app_secret_mac) {
        if !spoken_for.iter().any(|other| other.workspace_id == number.workspace_id) {
            spoken_for.push(number);
        }
    }
    if spoken_for.is_empty() {
        account.problems.push("a change was not signed with the app secret of its number".to_owned());
        account.unrouted += 1;
    }
    Ok(spoken_for)
}

async fn numbers_of_account(app: &App, change: &Change<'_>) -> Result<Vec<Arc<number::Model>>, DbErr> {
    let Some(waba_id) = change.waba_id else { return Ok(Vec::new()) };
    let numbers = store::numbers::list_by_waba_id(app.db.walker(), waba_id, NUMBERS_OF_ACCOUNT).await?;
    Ok(numbers.into_iter().map(Arc::new).collect())
}

/// One change of an event on its way into the tables.
struct Applying<'a> {
    app: &'a App,
    tx: &'a Transaction,
    event: &'a event::Model,
    number: &'a number::Model,
    touched: &'a mut Touched,
    account: &'a mut Account,
}

/// Fields that are about what is said; every other one is about the account, whatever it is called.
const SAID: [&str; 10] = [
    "messages",
    "standby",
    "messaging_handovers",
    "message_echoes",
    "smb_message_echoes",
    "smb_app_state_sync",
    "history",
    "calls",
    "user_preferences",
    "user_id_update",
];

impl Applying<'_> {
    /// Whatever a change holds is applied, under whichever name it comes. What is rare is kept out of the way of what is
    /// not: it has a future of its own.
    async fn change(&mut self, change: &Change<'_>) -> Result<(), DbErr> {
        for inbound in webhook::messages(change.value) {
            Box::pin(self.message(inbound, None)).await?;
        }
        for status in webhook::statuses(change.value) {
            self.status(&status).await?;
        }
        let is_usual = change.field == "messages" && change.value.get("errors").is_none();
        if is_usual { Ok(()) } else { Box::pin(self.rare(change)).await }
    }

    async fn rare(&mut self, change: &Change<'_>) -> Result<(), DbErr> {
        let value = change.value;
        self.standby(value).await?;
        self.echoes(value, true).await?;
        self.history(value).await?;
        self.calls(value).await?;
        self.handover(value).await?;
        self.preferences(value).await?;
        self.changed_ids(value).await?;
        self.address_book(value).await?;
        if !SAID.contains(&change.field) || value.get("errors").is_some() {
            account::apply(self.app, self.tx, self.event, self.number, change).await?;
            self.touched.upkeep = true;
        }
        Ok(())
    }
}
