//! Who a message is from, or for: the contact behind phones, user ids and names, through all their changes.

use entity::private::{Phone, Text};
use entity::state::{ConsentScope, ConsentSource, ConsentState};
use entity::{ContactId, contact};
use sea_orm::DbErr;
use serde_json::Value;

use super::Applying;
use crate::clock::Millis;
use crate::store;
use crate::store::contacts::{Person, Said};
use crate::whatsapp::body::System;
use crate::whatsapp::inbound::Sender;
use crate::whatsapp::webhook::{self, UserPreference};

impl Applying<'_> {
    /// The contact, made where there is none; `None` for somebody who is named in no way.
    pub(super) async fn contact(&mut self, sender: &Sender, kind: &str) -> Result<Option<contact::Model>, DbErr> {
        let person = person(sender);
        if person.phone.is_none() && person.user_id.is_none() {
            self.account.problems.push(format!("a message of type {kind} names no sender"));
            return Ok(None);
        }
        let (workspace_id, number_id) = (&self.number.workspace_id, &self.number.id);
        let now = self.app.now();
        let (contact, merged) = store::contacts::find_or_insert(self.tx, workspace_id, number_id, &person, now).await?;
        if let Some(merged) = merged {
            self.move_conversations(&merged.gone, &contact.id).await?;
        }
        Ok(Some(contact))
    }

    /// A customer has a new phone or a new user id: what was said stays with the same person.
    pub(super) async fn follow(&mut self, contact: &contact::Model, system: &System) -> Result<(), DbErr> {
        let known = contact.phone.as_ref().map(|phone| phone.0.clone());
        let phone = system.wa_id.clone().filter(|new| Some(new) != known.as_ref());
        let user_id = system.user_id.clone().filter(|new| Some(new) != contact.user_id.as_ref());
        self.rename(contact, phone, user_id).await
    }

    async fn rename(
        &mut self,
        contact: &contact::Model,
        phone: Option<String>,
        user_id: Option<String>,
    ) -> Result<(), DbErr> {
        if phone.is_none() && user_id.is_none() {
            return Ok(());
        }
        let new = Person { phone: phone.map(Phone), user_id, ..Person::default() };
        let now = self.app.now();
        let gone = store::contacts::follow(self.tx, &self.number.id, contact, &new, now).await?;
        for gone in gone {
            self.move_conversations(&gone, &contact.id).await?;
        }
        Ok(())
    }

    /// Customers stop marketing, and allow it again, in WhatsApp's own settings.
    pub(super) async fn preferences(&mut self, value: &Value) -> Result<(), DbErr> {
        for UserPreference { sender, stops, at, detail } in webhook::user_preferences(value) {
            let Some(contact) = self.contact(&sender, "user_preferences").await? else { continue };
            let now = self.app.now();
            let said = Said {
                scope: ConsentScope::Marketing,
                state: if stops { ConsentState::OptedOut } else { ConsentState::OptedIn },
                source: ConsentSource::Whatsapp,
                evidence: detail.map(Text),
                number_id: Some(self.number.id.clone()),
                message_id: None,
                key_id: None,
                at: at.map_or(now, |seconds: Millis| seconds.saturating_mul(1000).min(now)),
            };
            store::contacts::note_consent(self.tx, &contact, said, now).await?;
        }
        Ok(())
    }

    /// The older way to tell of a new user id, which Meta has withdrawn and may still send.
    pub(super) async fn changed_ids(&mut self, value: &Value) -> Result<(), DbErr> {
        for (sender, current) in webhook::user_id_updates(value) {
            if let Some(contact) = self.contact(&sender, "user_id_update").await? {
                self.rename(&contact, None, Some(current)).await?;
            }
        }
        Ok(())
    }

    /// Names from the address book of the business's phone, for those who told none themselves.
    pub(super) async fn address_book(&mut self, value: &Value) -> Result<(), DbErr> {
        for (phone, name) in webhook::address_book(value) {
            let workspace_id = &self.number.workspace_id;
            store::contacts::name_if_unnamed(self.tx, workspace_id, &Phone(phone), &Text(name)).await?;
        }
        Ok(())
    }

    /// A contact's conversations become those of the person it turned out to be.
    async fn move_conversations(&mut self, gone: &ContactId, stays: &ContactId) -> Result<(), DbErr> {
        let kept = store::conversations::list_of_contact(self.tx, stays).await?;
        for moved in store::conversations::list_of_contact(self.tx, gone).await? {
            match kept.iter().find(|kept| kept.number_id == moved.number_id) {
                Some(kept) => store::conversations::merge(self.tx, kept, &moved).await?,
                None => store::conversations::set_contact(self.tx, &moved.id, stays).await?,
            }
        }
        Ok(())
    }
}

fn person(sender: &Sender) -> Person {
    Person {
        user_id: sender.user_id.clone(),
        phone: sender.phone.clone().map(Phone),
        name: sender.name.clone().map(Text),
        username: sender.username.clone().map(Text),
    }
}
