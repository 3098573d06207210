//! Applying a change that is about an account, a number or a template: a notice, and what follows for the rows we keep.
//! The notice decides what is new, so applying a change again changes nothing.

use entity::state::HealthSource;
use entity::{NoticeId, NumberId, TemplateId, event, notice, number, template};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::state::Known;
use super::telling::{self, Effect, NumberChange, Telling, TemplateChange};
use crate::app::App;
use crate::clock::Millis;
use crate::store;
use crate::store::jobs::{self, Job};
use crate::store::templates::DELETED;
use crate::whatsapp::webhook::Change;

/// Applies a change for the workspace of `number`, which is one of those it is about.
pub async fn apply(
    app: &App,
    tx: &impl ConnectionTrait,
    event: &event::Model,
    number: &number::Model,
    change: &Change<'_>,
) -> Result<(), DbErr> {
    // Boxed, since it is seldom and large: the future of every webhook would have room for it.
    Box::pin(async {
        let telling = telling::read(change.field, change.value);
        let account = Account { change, event, numbers: spoken_for(tx, event, number, change).await? };
        account.apply(app, tx, &telling).await
    })
    .await
}

/// The workspace's numbers that a change may touch: a signature made with a number's own secret speaks for it alone.
async fn spoken_for(
    tx: &impl ConnectionTrait,
    event: &event::Model,
    number: &number::Model,
    change: &Change<'_>,
) -> Result<Vec<number::Model>, DbErr> {
    let mut numbers = match change.waba_id {
        Some(waba_id) if change.phone_number_id.is_none() => {
            store::numbers::list_of_account(tx, &number.workspace_id, waba_id).await?
        }
        _ => Vec::new(),
    };
    numbers.retain(|other| other.app_secret_mac == event.signed_by);
    if !numbers.iter().any(|other| other.id == number.id) {
        numbers.push(number.clone());
    }
    Ok(numbers)
}

/// One workspace's numbers on the account of a change.
struct Account<'a> {
    change: &'a Change<'a>,
    event: &'a event::Model,
    /// At least one.
    numbers: Vec<number::Model>,
}

impl Account<'_> {
    async fn apply(&self, app: &App, tx: &impl ConnectionTrait, telling: &Telling) -> Result<(), DbErr> {
        let now = app.now();
        let template = match &telling.effect {
            Effect::Template(change) => self.find_template(tx, change).await?,
            _ => None,
        };
        let notice = self.notice(telling, template.as_ref().map(|template| &template.id), now);
        let at = notice.at;
        let (summary, severity) = (notice.summary.clone(), notice.severity);
        if !store::notices::insert_once(tx, notice).await? {
            return Ok(());
        }
        metrics::counter!("switchboard_notices_total", "severity" => severity.as_str()).increment(1);
        match &telling.effect {
            Effect::None => Ok(()),
            Effect::Template(change) => self.change_template(tx, template, change, at, now).await,
            Effect::Numbers(changes) => self.change_numbers(tx, changes, &summary, at, now).await,
        }
    }

    fn notice(&self, telling: &Telling, template_id: Option<&TemplateId>, now: Millis) -> notice::Model {
        notice::Model {
            id: NoticeId::generate(now),
            workspace_id: self.numbers[0].workspace_id.clone(),
            waba_id: self.waba_id().map(str::to_owned),
            number_id: self.named().map(|number| number.id.clone()),
            template_id: template_id.cloned(),
            field: self.change.field.to_owned(),
            event: telling.event.clone(),
            severity: telling.severity,
            summary: telling.summary.clone(),
            body: self.change.value.clone(),
            fingerprint: fingerprint(self.change),
            event_id: Some(self.event.id.clone()),
            // A clock that runs ahead must not make this the latest for ever.
            at: self.change.time.map_or(now, |seconds| seconds.saturating_mul(1000).clamp(0, now)),
            created_at: now,
        }
    }

    fn waba_id(&self) -> Option<&str> {
        self.change.waba_id.or(self.numbers[0].waba_id.as_deref())
    }

    /// The one number that the change names, where it is one of ours.
    fn named(&self) -> Option<&number::Model> {
        let value = self.change.value;
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
        let is_number = text("/entity_type") == Some("PHONE_NUMBER");
        let id = self
            .change
            .phone_number_id
            .or_else(|| text("/recipient/phone_number_id"))
            .or_else(|| text("/entity_id").filter(|_| is_number));
        if let Some(id) = id {
            return self.numbers.iter().find(|number| number.phone_number_id == id);
        }
        let phone = digits(self.phone()?);
        let shown = |number: &number::Model| number.display_phone_number.as_deref().map(digits);
        match self.numbers.as_slice() {
            // Whose phone nobody wrote down.
            [only] if only.display_phone_number.is_none() => Some(only),
            numbers => numbers.iter().find(|number| shown(number).as_ref() == Some(&phone)),
        }
    }

    fn phone(&self) -> Option<&str> {
        let value = self.change.value;
        value.get("display_phone_number").or_else(|| value.pointer("/recipient/display_phone_number"))?.as_str()
    }

    async fn find_template(
        &self,
        tx: &impl ConnectionTrait,
        change: &TemplateChange,
    ) -> Result<Option<template::Model>, DbErr> {
        let workspace_id = &self.numbers[0].workspace_id;
        let Some(waba_id) = self.waba_id() else { return Ok(None) };
        if let Some(meta_id) = &change.meta_id {
            let found = store::templates::find_by_meta_id(tx, workspace_id, waba_id, meta_id).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        match (&change.name, &change.language) {
            (Some(name), Some(language)) => {
                store::templates::find_by_name(tx, workspace_id, waba_id, name, language).await
            }
            _ => Ok(None),
        }
    }

    async fn change_template(
        &self,
        tx: &impl ConnectionTrait,
        template: Option<template::Model>,
        change: &TemplateChange,
        at: Millis,
        now: Millis,
    ) -> Result<(), DbErr> {
        // One of the same name may have been made after the one that was deleted.
        let is_known = template.as_ref().is_some_and(|template| template.status != DELETED);
        if !is_known || change.is_rewritten {
            self.read_templates(tx, now).await?;
        }
        let Some(mut template) = template else { return Ok(()) };
        let is_going = change.status.as_deref() == Some("PENDING_DELETION");
        if is_going && template.status == DELETED {
            return Ok(());
        }
        if store::notices::has_later_of_template(tx, &template.id, self.change.field, at).await? {
            return Ok(());
        }
        if let Some(status) = &change.status {
            template.status.clone_from(status);
            template.reason.clone_from(&change.reason);
        } else if change.reason.is_some() {
            template.reason.clone_from(&change.reason);
        }
        if change.meta_id.is_some() {
            template.meta_id.clone_from(&change.meta_id);
        }
        if let Some(category) = &change.category {
            template.category.clone_from(category);
        }
        if change.previous_category.is_some() {
            template.previous_category.clone_from(&change.previous_category);
        }
        if change.quality.is_some() {
            template.quality.clone_from(&change.quality);
        }
        template.updated_at = now;
        store::templates::update(tx, template).await
    }

    /// Has the account's templates read from Meta, by a number that has a token.
    async fn read_templates(&self, tx: &impl ConnectionTrait, now: Millis) -> Result<(), DbErr> {
        let able = self.numbers.iter().find(|number| number.access_token.is_some() && number.waba_id.is_some());
        let Some(number) = able else { return Ok(()) };
        let job = Job::SyncTemplates { number_id: number.id.clone() };
        jobs::enqueue_once(tx, &number.workspace_id, &job, now, now).await
    }

    async fn change_numbers(
        &self,
        tx: &impl ConnectionTrait,
        changes: &[NumberChange],
        summary: &str,
        at: Millis,
        now: Millis,
    ) -> Result<(), DbErr> {
        // One that the change names and that is not ours is nobody's.
        let touched: Vec<NumberId> = match (self.named(), self.phone()) {
            (Some(number), _) => vec![number.id.clone()],
            (None, Some(_)) => Vec::new(),
            (None, None) => self.numbers.iter().map(|number| number.id.clone()).collect(),
        };
        for id in touched {
            let Some(number) = store::numbers::lock(tx, &id).await? else { continue };
            let mut known = Known::of(&number);
            changes.iter().for_each(|change| known.take_change(change, summary, at));
            store::numbers::set_health(tx, &id, known.to_json()).await?;
            // What else has changed with it, Graph tells.
            store::numbers::set_health_due(tx, &id, now).await?;
            let record = known.to_record(&number, HealthSource::Webhook, now);
            store::health_records::insert_if_changed(tx, record).await?;
        }
        Ok(())
    }
}

/// The same webhook again has the same one.
fn fingerprint(change: &Change<'_>) -> String {
    let when = change.time.map(|time| time.to_string());
    let which = when.as_deref().or(change.phone_number_id).unwrap_or_default();
    let waba_id = change.waba_id.unwrap_or_default();
    hex::encode(Sha256::digest(format!("{waba_id}\n{which}\n{}\n{}", change.field, change.value)))
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}
