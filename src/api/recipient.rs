//! To whom a message is addressed: a phone in any usual writing, or a business-scoped user id.

use entity::private::Phone;
use entity::state::IdentityKind;
use entity::{WorkspaceId, contact, number};
use sea_orm::{ConnectionTrait, DbErr};

use super::problem::Fields;
use super::wire::{Address, Text};
use crate::store::{self, contacts::Person};
use crate::whatsapp::graph::Recipient;
use crate::whatsapp::phone::{self, NotAPhone};

pub type To = Text<200, Address>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addressee {
    /// Digits with the country code.
    Phone(String),
    UserId(String),
}

impl Addressee {
    /// Reads what an operator wrote; one without a country code is in the country of the number that sends.
    pub fn read(to: &To, number: &number::Model, fields: &mut Fields) -> Option<Self> {
        if is_user_id(to) {
            return Some(Self::UserId(to.to_string()));
        }
        match phone::read(to, number.display_phone_number.as_deref()) {
            Ok(digits) => Some(Self::Phone(digits)),
            Err(why) => {
                // In the words for what is not there: which phones there are, no document can foretell.
                let message = match why {
                    NotAPhone::NoCountry => {
                        "there is no such phone as it is written: put + and the country code before it"
                    }
                    NotAPhone::Impossible => {
                        "there is no such phone: too many or too few digits for its country, or no such country"
                    }
                };
                fields.check(false, "to", message);
                None
            }
        }
    }

    /// The contact that is known by this address, in whatever way WhatsApp knows the phone.
    pub async fn find_contact(
        &self,
        connection: &impl ConnectionTrait,
        workspace_id: &WorkspaceId,
    ) -> Result<Option<contact::Model>, DbErr> {
        let (kind, values) = match self {
            Self::Phone(digits) => (IdentityKind::Phone, phone::variants(digits)),
            Self::UserId(user_id) => (IdentityKind::UserId, vec![user_id.clone()]),
        };
        let values: Vec<Phone> = values.into_iter().map(Phone).collect();
        store::contacts::find_known(connection, workspace_id, kind, &values).await
    }

    /// Who is written to: of a known contact, by the newest phone.
    pub fn person(&self, known: Option<&contact::Model>) -> Person {
        match self {
            Self::Phone(digits) => {
                let newest = known.and_then(|contact| contact.phone.clone());
                Person { phone: Some(newest.unwrap_or_else(|| Phone(digits.clone()))), ..Person::default() }
            }
            Self::UserId(user_id) => Person { user_id: Some(user_id.clone()), ..Person::default() },
        }
    }

    pub fn recipient(&self) -> Recipient {
        match self {
            Self::Phone(digits) => Recipient::Phone(digits.clone()),
            Self::UserId(user_id) => Recipient::UserId(user_id.clone()),
        }
    }
}

/// `US.1382`, or `US.ENT.1382` of a business with several portfolios.
fn is_user_id(to: &str) -> bool {
    to.split_once('.')
        .is_some_and(|(country, _)| country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()))
}
