//! What is said elsewhere: on the business's phone, by another handler of the thread, before the number came here, and
//! in calls.

use entity::private::{Content, Text};
use entity::state::{Author, MessageStatus, Outcome};
use entity::{MediaId, MessageId, conversation, message};
use sea_orm::DbErr;
use serde_json::{Value, json};

use super::Applying;
use super::message::{fingerprint, to_media, wamid_of};
use crate::clock::Millis;
use crate::store;
use crate::store::messages::Asked;
use crate::turn::handover;
use crate::whatsapp::body::Body;
use crate::whatsapp::inbound::{self, Call, Echo, InboundMessage, Past, Sender};
use crate::whatsapp::webhook;

impl Applying<'_> {
    /// While another handler owns the thread all of it is shown, and nothing answered.
    pub(super) async fn standby(&mut self, value: &Value) -> Result<(), DbErr> {
        let Some(standby) = webhook::standby(value) else { return Ok(()) };
        for inbound in webhook::messages(standby) {
            self.message(inbound, Some(Outcome::Standby)).await?;
        }
        self.echoes(standby, false).await?;
        for status in webhook::statuses(standby) {
            self.status(&status).await?;
        }
        Ok(())
    }

    /// A person wrote on the business's phone: that takes the conversation, so that no agent talks over them.
    pub(super) async fn echoes(&mut self, value: &Value, takes: bool) -> Result<(), DbErr> {
        for echo in inbound::echoes(value) {
            let Some((conversation, message)) = self.echo(echo, MessageStatus::Sent, true).await? else { continue };
            store::conversations::note_outbound(self.tx, &conversation.id, &message.id, message.created_at).await?;
            if takes {
                handover::take_within(self.tx, &conversation.workspace_id, &conversation.id, None).await?;
                self.touched.nudges.push(conversation.id);
            }
        }
        Ok(())
    }

    /// What was said before the number came here: shown where it belongs in time, answered by nobody.
    pub(super) async fn history(&mut self, value: &Value) -> Result<(), DbErr> {
        let own = self.own_digits().unwrap_or_default();
        for past in inbound::history(value, &own) {
            match past {
                Past::Inbound(inbound) => self.past_inbound(inbound).await?,
                Past::Outbound(echo, status) => {
                    let status = status.as_deref().map_or(MessageStatus::Sent, past_status);
                    if let Some((_, message)) = self.echo(echo, status, false).await? {
                        store::conversations::note_past(self.tx, &message).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn past_inbound(&mut self, inbound: InboundMessage) -> Result<(), DbErr> {
        let wamid = wamid_of(&inbound);
        if store::messages::exists(self.tx, &self.number.id, &wamid).await? {
            return Ok(());
        }
        let Some(contact) = self.contact(&inbound.from, &inbound.kind).await? else { return Ok(()) };
        let conversation = self.conversation(&contact).await?;
        let mut message = self.said(&conversation, &inbound, wamid, true);
        message.outcome = Some(Outcome::NotAQuestion);
        message.outcome_reason = Some("it was said before the number came here".to_owned());
        if store::messages::insert_once(self.tx, &message).await? {
            store::conversations::note_past(self.tx, &message).await?;
            store::stats::count_anew(self.tx, &message.workspace_id, message.sent_at).await?;
            self.file_of(&inbound, &message).await?;
        }
        Ok(())
    }

    /// Stores what the business said elsewhere, once. `answers`: it was said just now.
    async fn echo(
        &mut self,
        echo: Echo,
        status: MessageStatus,
        answers: bool,
    ) -> Result<Option<(conversation::Model, message::Model)>, DbErr> {
        let wamid = wamid_of(&echo.message);
        if store::messages::exists(self.tx, &self.number.id, &wamid).await? {
            return Ok(None);
        }
        let Some(contact) = self.contact(&echo.to, &echo.message.kind).await? else { return Ok(None) };
        let conversation = self.conversation(&contact).await?;
        let mut message = self.said(&conversation, &echo.message, wamid, false);
        message.status = Some(status);
        message.accepted_at = Some(message.sent_at);
        if answers {
            let Asked { asked_at, opened_at } = store::messages::find_asked(self.tx, &conversation.id).await?;
            (message.asked_at, message.opened_at) = (asked_at, opened_at);
        }
        if !store::messages::insert_once(self.tx, &message).await? {
            return Ok(None);
        }
        self.file_of(&echo.message, &message).await?;
        Ok(Some((conversation, message)))
    }

    /// A call is one message, told anew by each of its events.
    pub(super) async fn calls(&mut self, value: &Value) -> Result<(), DbErr> {
        for call in inbound::calls(value) {
            self.call(call).await?;
        }
        Ok(())
    }

    async fn call(&mut self, call: Call) -> Result<(), DbErr> {
        if let Some(mut message) = store::messages::lock_by_wamid(self.tx, &self.number.id, &call.id).await? {
            message.text = Some(Text(call.words));
            message.content = Content(json!({ "type": "call", "call": call.content }));
            return store::messages::replace_body(self.tx, &message).await;
        }
        let Some(contact) = self.contact(&call.with, "call").await? else { return Ok(()) };
        let conversation = self.conversation(&contact).await?;
        let inbound = InboundMessage {
            wamid: Some(call.id.clone()),
            from: Sender::default(),
            timestamp: call.timestamp,
            kind: "call".to_owned(),
            body: Body::Unknown { words: Some(call.words) },
            reply_to: None,
            note: None,
            group_id: None,
            content: json!({ "type": "call", "call": call.content }),
        };
        let mut message = self.said(&conversation, &inbound, call.id, call.by_customer);
        if call.by_customer {
            message.outcome = Some(Outcome::NotAQuestion);
            message.outcome_reason = Some("a call".to_owned());
        }
        if store::messages::insert_once(self.tx, &message).await? {
            store::conversations::note_inbound(self.tx, &message, false, conversation.written_until).await?;
        }
        Ok(())
    }

    /// Meta's own agent, or another handler, got the thread or gave it back.
    pub(super) async fn handover(&mut self, value: &Value) -> Result<(), DbErr> {
        let Some(note) = webhook::handover(value) else { return Ok(()) };
        let content = json!({ "type": "messaging_handover", "messaging_handover": value });
        let wamid = fingerprint(&content);
        if store::messages::exists(self.tx, &self.number.id, &wamid).await? {
            return Ok(());
        }
        let Some(contact) = self.contact(&note.sender, "messaging_handover").await? else { return Ok(()) };
        let conversation = self.conversation(&contact).await?;
        let inbound = InboundMessage {
            wamid: None,
            from: note.sender,
            timestamp: note.timestamp,
            kind: "messaging_handover".to_owned(),
            body: Body::Unknown { words: Some(note.words) },
            reply_to: None,
            note: None,
            group_id: None,
            content,
        };
        let mut message = self.said(&conversation, &inbound, wamid, true);
        message.outcome = Some(Outcome::NotAQuestion);
        message.outcome_reason = Some("another handler's note".to_owned());
        if store::messages::insert_once(self.tx, &message).await? {
            store::conversations::note_past(self.tx, &message).await?;
        }
        Ok(())
    }

    async fn file_of(&mut self, inbound: &InboundMessage, message: &message::Model) -> Result<(), DbErr> {
        let Some(body) = inbound.body.media() else { return Ok(()) };
        let mut media = to_media(message, body, self.app.now());
        media.id = message.media_id.clone().unwrap_or(media.id);
        self.file(media).await
    }

    /// A message that nobody here decided; it stands where it was said in time.
    fn said(
        &self,
        conversation: &conversation::Model,
        inbound: &InboundMessage,
        wamid: String,
        by_customer: bool,
    ) -> message::Model {
        let now = self.app.now();
        let sent_at: Millis = inbound.timestamp.map_or(now, |seconds| seconds.saturating_mul(1000).clamp(0, now));
        let author = if by_customer { Author::Customer } else { Author::Phone };
        message::Model {
            id: MessageId::generate_at(sent_at),
            kind: inbound.kind.clone(),
            text: inbound.body.words().map(Text),
            note: inbound.note.clone().map(Text),
            content: Content(if by_customer { inbound.content.clone() } else { own_part(inbound) }),
            wamid: Some(wamid),
            media_id: inbound.body.media().map(|_| MediaId::generate(now)),
            reply_to: inbound.reply_to.clone(),
            sent_at,
            event_id: Some(self.event.id.clone()),
            ..store::messages::empty(conversation, author, now)
        }
    }
}

/// Outbound messages keep the object of their type, as those sent from here do.
fn own_part(inbound: &InboundMessage) -> Value {
    inbound.content.get(&inbound.kind).cloned().unwrap_or(Value::Null)
}

/// Meta's word for how far a message of the history had got.
fn past_status(word: &str) -> MessageStatus {
    match word {
        "DELIVERED" => MessageStatus::Delivered,
        "READ" | "PLAYED" => MessageStatus::Read,
        "ERROR" => MessageStatus::Failed,
        _ => MessageStatus::Sent,
    }
}
