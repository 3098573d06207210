//! A WhatsApp line we serve.
use sea_orm::entity::prelude::*;

use crate::private::Sealed;
use crate::state::NumberMode;
use crate::{AgentId, NumberId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "numbers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NumberId,
    pub workspace_id: WorkspaceId,
    /// Meta's id of the number; webhooks are routed by it.
    #[sea_orm(unique)]
    pub phone_number_id: String,
    /// Meta's id of the account the number belongs to.
    pub waba_id: Option<String>,
    pub display_phone_number: Option<String>,
    pub display_name: Option<String>,
    pub agent_id: Option<AgentId>,
    pub mode: NumberMode,
    pub access_token: Option<Sealed>,
    pub app_secret: Option<Sealed>,
    /// Keyed fingerprint of the app secret: tells which numbers a signature speaks for.
    pub app_secret_mac: Option<String>,
    pub verify_token: Option<Sealed>,
    /// Keyed fingerprint of the verify token: finds the number without opening every seal.
    pub verify_token_mac: Option<String>,
    /// Until when sends wait because Meta refuses the credentials; then one send may try.
    pub held_until: Option<i64>,
    /// Meta's code that began the hold.
    pub held_code: Option<i64>,
    /// What the last check found.
    pub health: Option<Json>,
    /// When it is to be looked at again.
    pub health_due_at: i64,
    /// When its account's templates are to be read again.
    pub templates_due_at: i64,
    /// When Meta last called the webhook's URL with the right token.
    pub webhook_verified_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
