//! One message of a customer: who wrote it, what it carries, whether it wants an answer.

use entity::private::{Content, Text};
use entity::state::{Author, ConsentState, MediaSource, MediaStatus, Outcome};
use entity::{MediaId, contact, conversation, media, message};
use sea_orm::DbErr;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Applying;
use crate::clock::Millis;
use crate::consent::{self, Heard, Words};
use crate::media::clean_name;
use crate::shield::flood;
use crate::store;
use crate::store::jobs::{self, Job};
use crate::turn::waiting;
use crate::whatsapp::body::{self, Body};
use crate::whatsapp::inbound::InboundMessage;

impl Applying<'_> {
    /// Stores a message, once, and enqueues what it wants: an answer, its file. `decided`: how it ends, whatever it says.
    pub(super) async fn message(&mut self, inbound: InboundMessage, decided: Option<Outcome>) -> Result<(), DbErr> {
        let now = self.app.now();
        let wamid = wamid_of(&inbound);
        if store::messages::exists(self.tx, &self.number.id, &wamid).await? {
            return Box::pin(self.fill_placeholder(&wamid, &inbound)).await;
        }
        if self.is_from_ourselves(&inbound) {
            self.account.problems.push("a message from the number itself was passed over".to_owned());
            return Ok(());
        }
        let Some(contact) = self.contact(&inbound.from, &inbound.kind).await? else { return Ok(()) };
        if let Body::System(system) = &inbound.body {
            Box::pin(self.follow(&contact, system)).await?;
        }
        let conversation = self.conversation(&contact).await?;
        let heard = match decided {
            None => self.heard(&contact, &inbound).await?,
            Some(_) => None,
        };
        let ending = ending(&inbound, decided, &contact, heard.as_ref());
        let mut message = to_row(self, &conversation, &inbound, wamid, now);
        if let Some((outcome, reason)) = ending {
            message.outcome = Some(outcome);
            message.outcome_reason = Some(reason.to_owned());
        }
        let media = inbound.body.media().map(|body| to_media(&message, body, now));
        message.media_id = media.as_ref().map(|media| media.id.clone());
        if !store::messages::insert_once(self.tx, &message).await? {
            return Ok(());
        }
        let asks = message.outcome.is_none();
        let written_until = flood::written_until(&self.app.settings.shield, &conversation, now);
        store::conversations::note_inbound(self.tx, &message, asks, written_until).await?;
        metrics::counter!("switchboard_messages_total", "direction" => "inbound").increment(1);
        if let Some(media) = media {
            self.file(media).await?;
        }
        if let Some(heard) = heard {
            Box::pin(self.obey(&contact, &conversation, &message, &heard)).await?;
        }
        if asks {
            self.enqueue_turn(&conversation, &inbound, written_until).await?;
        }
        Ok(())
    }

    pub(super) async fn conversation(&self, contact: &contact::Model) -> Result<conversation::Model, DbErr> {
        let (workspace_id, number_id) = (&self.number.workspace_id, &self.number.id);
        store::conversations::find_or_insert(self.tx, workspace_id, number_id, &contact.id, self.app.now()).await
    }

    /// Keeps what is known of a file, and has it fetched.
    pub(super) async fn file(&mut self, media: media::Model) -> Result<(), DbErr> {
        let now = self.app.now();
        if media.status == MediaStatus::Fetching {
            let job = Job::FetchMedia { media_id: media.id.clone() };
            jobs::enqueue(self.tx, &media.workspace_id, &job, now, now).await?;
            self.touched.media = true;
        }
        store::media::insert(self.tx, media).await
    }

    /// A file of a history that was announced before comes after all.
    async fn fill_placeholder(&mut self, wamid: &str, inbound: &InboundMessage) -> Result<(), DbErr> {
        let Some(body) = inbound.body.media() else { return Ok(()) };
        let found = store::messages::lock_by_wamid(self.tx, &self.number.id, wamid).await?;
        let Some(mut message) = found.filter(|message| message.kind == "media_placeholder") else { return Ok(()) };
        let media = to_media(&message, body, self.app.now());
        message.kind.clone_from(&inbound.kind);
        message.text = inbound.body.words().map(Text);
        message.content = Content(inbound.content.clone());
        message.media_id = Some(media.id.clone());
        store::messages::replace_body(self.tx, &message).await?;
        self.file(media).await
    }

    async fn enqueue_turn(
        &mut self,
        conversation: &conversation::Model,
        inbound: &InboundMessage,
        written_until: Millis,
    ) -> Result<(), DbErr> {
        let (now, settings) = (self.app.now(), &self.app.settings);
        let (quiet, cap) = if flood::is_flood(&settings.shield, written_until, now) {
            metrics::counter!("switchboard_shield_total", "rule" => "flood").increment(1);
            let wait = flood::wait_ms(&settings.shield);
            (wait, wait)
        } else {
            let quiet = waiting::quiet_ms(&settings.turn, &inbound.kind, inbound.body.words().as_deref());
            (quiet, i64::try_from(settings.turn.max_wait_ms).unwrap_or(i64::MAX / 2))
        };
        let (workspace_id, number_id) = (&self.number.workspace_id, &self.number.id);
        let (due_at, latest_at) = (now + quiet, now + cap.max(quiet));
        jobs::enqueue_turn(self.tx, workspace_id, number_id, &conversation.id, due_at, latest_at, now).await?;
        self.touched.turns.push((conversation.id.clone(), now + quiet));
        Ok(())
    }

    /// Whether the customer opts out or in.
    async fn heard(&self, contact: &contact::Model, inbound: &InboundMessage) -> Result<Option<Heard>, DbErr> {
        let Some(words) = inbound.body.words().filter(|words| inbound.asks() && consent::may_be_one(words)) else {
            return Ok(None);
        };
        let own = Words::of(self.app, &self.number.workspace_id).await?;
        Ok(consent::hear(&words, &own, contact.consent == Some(ConsentState::OptedOut)))
    }

    /// Opting out stops all that was decided for them; both ways are confirmed once.
    async fn obey(
        &mut self,
        contact: &contact::Model,
        conversation: &conversation::Model,
        message: &message::Model,
        heard: &Heard,
    ) -> Result<(), DbErr> {
        let own = Words::of(self.app, &self.number.workspace_id).await?;
        let changed =
            consent::obey(self.app, self.tx, self.number, contact, conversation, message, heard, &own).await?;
        self.touched.nudges.extend(changed);
        self.touched.sends = true;
        Ok(())
    }

    fn is_from_ourselves(&self, inbound: &InboundMessage) -> bool {
        let own = self.own_digits();
        own.is_some() && own == inbound.from.phone
    }

    /// The digits of the number itself.
    pub(super) fn own_digits(&self) -> Option<String> {
        let own = self.number.display_phone_number.as_deref()?;
        Some(own.chars().filter(char::is_ascii_digit).collect::<String>()).filter(|own| !own.is_empty())
    }
}

/// One without an id is known by its own bytes, so that a repeated delivery is still one message.
pub(super) fn wamid_of(inbound: &InboundMessage) -> String {
    inbound.wamid.clone().unwrap_or_else(|| fingerprint(&inbound.content))
}

pub(super) fn fingerprint(content: &Value) -> String {
    format!("unnamed.{}", hex::encode(Sha256::digest(content.to_string())))
}

/// How a message ends that nobody is to think about, and why.
fn ending(
    inbound: &InboundMessage,
    decided: Option<Outcome>,
    contact: &contact::Model,
    heard: Option<&Heard>,
) -> Option<(Outcome, &'static str)> {
    match (decided, heard) {
        (Some(Outcome::Standby), _) => return Some((Outcome::Standby, "another handler owns the thread")),
        (Some(outcome), _) => return Some((outcome, "it was said before")),
        _ if contact.blocked_at.is_some() => return Some((Outcome::Blocked, "the contact is blocked")),
        (None, Some(Heard::OptOut { .. })) => return Some((Outcome::OptedOut, "the customer opted out")),
        (None, Some(Heard::OptIn { .. })) => return Some((Outcome::NotAQuestion, "the customer opted in again")),
        (None, None) => {}
    }
    if inbound.asks() {
        return None;
    }
    let reason = match inbound.kind.as_str() {
        _ if inbound.group_id.is_some() => "it was written in a group",
        "reaction" => "a reaction",
        _ => "a note, not a question",
    };
    Some((Outcome::NotAQuestion, reason))
}

fn to_row(
    applying: &Applying<'_>,
    conversation: &conversation::Model,
    inbound: &InboundMessage,
    wamid: String,
    now: Millis,
) -> message::Model {
    let errors = inbound.content.get("errors").and_then(Value::as_array).and_then(|errors| errors.first());
    message::Model {
        kind: inbound.kind.clone(),
        text: inbound.body.words().map(Text),
        note: inbound.note.clone().map(Text),
        content: Content(inbound.content.clone()),
        wamid: Some(wamid),
        reply_to: inbound.reply_to.clone(),
        error: errors.cloned(),
        // A clock that runs ahead must not keep a window open.
        sent_at: inbound.timestamp.map_or(now, |seconds| seconds.saturating_mul(1000).clamp(0, now)),
        event_id: Some(applying.event.id.clone()),
        ..store::messages::empty(conversation, Author::Customer, now)
    }
}

/// What a message says of its file; without id and address there is nothing to fetch.
pub(super) fn to_media(message: &message::Model, body: &body::Media, now: Millis) -> media::Model {
    let is_there = body.id.is_some() || body.url.is_some();
    media::Model {
        id: MediaId::generate(now),
        workspace_id: message.workspace_id.clone(),
        number_id: Some(message.number_id.clone()),
        message_id: Some(message.id.clone()),
        source: MediaSource::Inbound,
        kind: body.kind.as_str().to_owned(),
        status: if is_there { MediaStatus::Fetching } else { MediaStatus::Failed },
        meta_id: body.id.clone(),
        url: body.url.clone().map(Text),
        declared_type: body.mime_type.clone(),
        declared_sha256: body.sha256.clone(),
        media_type: None,
        file_name: body.filename.as_deref().and_then(clean_name).map(Text),
        size_bytes: None,
        sha256: None,
        error: (!is_there).then(|| "Meta sent the message without its file: ask for it again".to_owned()),
        warning: None,
        created_at: now,
        ready_at: None,
    }
}
