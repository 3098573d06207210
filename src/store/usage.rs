//! What models have cost, by day and by whom it is counted for: only where there is a budget.

use std::fmt;

use entity::WorkspaceId;
use entity::usage::{Column, Entity, Model};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Db, Durability};

pub use entity::state::UsageScope as Scope;

/// A day of usage: UTC, counted since 1970.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What a call costs: tokens, prompt and completion together, and millionths of the currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    pub tokens: i64,
    pub micros: i64,
}

impl std::ops::Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { tokens: self.tokens.saturating_add(other.tokens), micros: self.micros.saturating_add(other.micros) }
    }
}

impl std::ops::Sub for Cost {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { tokens: self.tokens.saturating_sub(other.tokens), micros: self.micros.saturating_sub(other.micros) }
    }
}

/// The most that may be spent; `None` is no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limit {
    pub tokens: Option<i64>,
    pub micros: Option<i64>,
}

impl Limit {
    pub fn is_set(self) -> bool {
        self.tokens.is_some() || self.micros.is_some()
    }

    pub fn allows(self, cost: Cost) -> bool {
        self.tokens.is_none_or(|limit| cost.tokens <= limit) && self.micros.is_none_or(|limit| cost.micros <= limit)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.tokens, self.micros) {
            (Some(tokens), Some(micros)) => write!(f, "{tokens} tokens, {} in money", micros as f64 / 1e6),
            (Some(tokens), None) => write!(f, "{tokens} tokens"),
            (None, Some(micros)) => write!(f, "{} in money", micros as f64 / 1e6),
            (None, None) => write!(f, "unlimited"),
        }
    }
}

/// One budget of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub scope: Scope,
    /// Id of the contact, the number or the workspace.
    pub subject: String,
    pub limit: Limit,
}

/// Takes `cost` out of all the accounts, or out of none and tells which has not got it.
pub async fn take<'a>(
    db: &Db,
    workspace_id: &WorkspaceId,
    accounts: &'a [Account],
    day: i64,
    cost: Cost,
) -> Result<Option<&'a Account>, DbErr> {
    enum Stop<'a> {
        Over(&'a Account),
        Failed(DbErr),
    }
    impl From<DbErr> for Stop<'_> {
        fn from(error: DbErr) -> Self {
            Self::Failed(error)
        }
    }
    let taken = super::write_as(db, Durability::Crash, async |tx| {
        for account in accounts {
            if !account.limit.allows(cost) || !add(tx, workspace_id, account, day, cost, account.limit).await? {
                return Err(Stop::Over(account));
            }
        }
        Ok(())
    })
    .await;
    match taken {
        Ok(()) => Ok(None),
        Err(Stop::Over(account)) => Ok(Some(account)),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Adds what a call cost more than was taken; what it cost less comes as a negative difference.
pub async fn correct(
    db: &Db,
    workspace_id: &WorkspaceId,
    accounts: &[Account],
    day: i64,
    difference: Cost,
) -> Result<(), DbErr> {
    super::write_as(db, Durability::Crash, async |tx| {
        for account in accounts {
            add(tx, workspace_id, account, day, difference, Limit::default()).await?;
        }
        Ok(())
    })
    .await
}

/// `false` when the account would be over its limit: nothing is added then.
async fn add(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    account: &Account,
    day: i64,
    cost: Cost,
    limit: Limit,
) -> Result<bool, DbErr> {
    let text = "INSERT INTO usage AS u (workspace_id, scope, subject, day, used_tokens, used_micros)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace_id, scope, subject, day) DO UPDATE
        SET used_tokens = u.used_tokens + excluded.used_tokens, used_micros = u.used_micros + excluded.used_micros
        WHERE u.used_tokens + excluded.used_tokens <= $7 AND u.used_micros + excluded.used_micros <= $8";
    let values = [
        workspace_id.clone().into(),
        account.scope.as_str().into(),
        account.subject.as_str().into(),
        day.into(),
        cost.tokens.into(),
        cost.micros.into(),
        limit.tokens.unwrap_or(i64::MAX).into(),
        limit.micros.unwrap_or(i64::MAX).into(),
    ];
    Ok(tx.execute_raw(super::sql(tx, text, values)).await?.rows_affected() == 1)
}

/// What a workspace has used on a day, the most first.
pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    day: i64,
    scope: Option<Scope>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone())).filter(Column::Day.eq(day));
    if let Some(scope) = scope {
        query = query.filter(Column::Scope.eq(scope));
    }
    query.order_by_desc(Column::UsedTokens).order_by_asc(Column::Subject).limit(limit).all(connection).await
}

/// Days long gone are history nobody asks for.
pub async fn drop_before(connection: &impl ConnectionTrait, day: i64) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::Day.lt(day)).exec(connection).await?;
    Ok(())
}
