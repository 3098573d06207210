//! Pace that several nodes keep together, on PostgreSQL: the generic cell rate algorithm (GCRA) with one row a key.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use super::Db;
use crate::clock::Millis;

/// One in `step`, and `burst` of them at once.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    pub step: Duration,
    pub burst: u32,
}

/// Takes one place under `key`, or says how long there is none.
pub async fn take(db: &Db, key: &str, rate: Rate, now: Millis) -> Result<Result<(), Duration>, DbErr> {
    let micros = |duration: Duration| i64::try_from(duration.as_micros()).unwrap_or(i64::MAX / 4);
    let (now, step) = (now.saturating_mul(1000), micros(rate.step));
    let tolerance = step.saturating_mul(i64::from(rate.burst.saturating_sub(1)));
    let connection = db.bookkeeper();
    let text = "INSERT INTO paces AS p (key, free_at_us) VALUES ($1, CAST($2 AS bigint) + CAST($3 AS bigint))
        ON CONFLICT (key) DO UPDATE SET free_at_us = GREATEST(p.free_at_us, $2) + $3
        WHERE GREATEST(p.free_at_us, $2) - $2 <= $4 RETURNING free_at_us";
    let values = [key.into(), now.into(), step.into(), tolerance.into()];
    if connection.query_one_raw(super::sql(connection, text, values)).await?.is_some() {
        return Ok(Ok(()));
    }
    let text = "SELECT free_at_us FROM paces WHERE key = $1";
    let row = connection.query_one_raw(super::sql(connection, text, [key.into()])).await?;
    let free_at: i64 = row.map_or(Ok(now), |row| row.try_get("", "free_at_us"))?;
    let wait = u64::try_from(free_at - tolerance - now).unwrap_or(0).max(1);
    Ok(Err(Duration::from_micros(wait)))
}

/// Forgets who has been quiet for long.
pub async fn forget_before(db: &Db, before: Millis) -> Result<(), DbErr> {
    let connection = db.bookkeeper();
    let text = "DELETE FROM paces WHERE free_at_us < $1";
    connection.execute_raw(super::sql(connection, text, [before.saturating_mul(1000).into()])).await?;
    Ok(())
}
