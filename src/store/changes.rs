//! What was changed, in the order of the commits. Triggers write it, so nothing that changes a row can forget to; the feed
//! reads it.
//!
//! On SQLite there is one writer, so ids are in the order of the commits. On PostgreSQL a transaction may take its id
//! early and commit late: rows are read in the order of their transactions, and only those of transactions before which
//! none is open any more, so nothing ever appears behind a place that was read already.

use std::fmt;
use std::str::FromStr;

use entity::WorkspaceId;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::{Db, Engine};
use crate::clock::Millis;

/// Rows dropped by one statement.
const BATCH: usize = 1_000;

/// A place in the changes. One change is told in one or several parts; a place may lie between two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    tx: i64,
    id: i64,
    part: u8,
}

impl Position {
    /// After part `part` of the change here.
    pub fn after_part(self, part: u8) -> Self {
        Self { part: part.min(Self::WHOLE - 1), ..self }
    }

    const WHOLE: u8 = u8::MAX;
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.tx, self.id)?;
        if self.part == Self::WHOLE { Ok(()) } else { write!(f, "-{}", self.part) }
    }
}

/// What was given back is no place.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAPosition;

impl FromStr for Position {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        let mut numbers = text.split('-');
        let mut next = || numbers.next().ok_or(NotAPosition)?.parse::<i64>().map_err(|_| NotAPosition);
        let (tx, id) = (next()?, next()?);
        let part = match numbers.next() {
            None => Self::WHOLE,
            Some(part) => part.parse().map_err(|_| NotAPosition)?,
        };
        if numbers.next().is_some() { Err(NotAPosition) } else { Ok(Self { tx, id, part }) }
    }
}

/// One row that was touched.
#[derive(Debug, Clone)]
pub struct Change {
    pub position: Position,
    pub workspace_id: WorkspaceId,
    /// What it is: `message`, `conversation`, `gone`.
    pub kind: String,
    pub subject: String,
    pub at: Millis,
}

#[derive(FromQueryResult)]
struct Row {
    tx: i64,
    id: i64,
    workspace_id: String,
    kind: String,
    subject: String,
    at: i64,
}

#[derive(FromQueryResult)]
struct Key {
    tx: i64,
    id: i64,
    at: i64,
}

impl Key {
    fn position(&self) -> Position {
        Position { tx: self.tx, id: self.id, part: Position::WHOLE }
    }
}

/// Of transactions before which none is open.
const SETTLED: &str = "tx < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint";

/// The newest place that can be read.
pub async fn newest(db: &Db) -> Result<Position, DbErr> {
    let text = match db.engine() {
        Engine::Sqlite => "SELECT 0 AS tx, id, at FROM changes WHERE id >= 0 ORDER BY id DESC LIMIT 1".to_owned(),
        Engine::Postgres => {
            format!("SELECT tx, id, at FROM changes WHERE {SETTLED} ORDER BY tx DESC, id DESC LIMIT 1")
        }
    };
    let found = Key::find_by_statement(super::sql(db.reader(), text, [])).one(db.reader()).await?;
    // There is a row from the beginning on, and the newest is never dropped.
    Ok(found.map_or(Position { tx: 0, id: 0, part: Position::WHOLE }, |key| key.position()))
}

/// Whether everything after `position` is still here, and it is a place of this database.
pub async fn is_kept(db: &Db, position: Position) -> Result<bool, DbErr> {
    let (values, text): (Vec<sea_orm::Value>, &str) = match db.engine() {
        Engine::Sqlite => (
            vec![position.id.into()],
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM changes WHERE id <= $1)
                AND EXISTS (SELECT 1 FROM changes WHERE id >= $1) THEN 1 ELSE 0 END AS kept",
        ),
        Engine::Postgres => (
            vec![position.tx.into(), position.id.into()],
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM changes WHERE (tx, id) <= ($1, $2))
                AND EXISTS (SELECT 1 FROM changes WHERE (tx, id) >= ($1, $2)) THEN 1::bigint ELSE 0 END AS kept",
        ),
    };
    let row = db.reader().query_one_raw(super::sql(db.reader(), text, values)).await?;
    row.map_or(Ok(false), |row| Ok(row.try_get::<i64>("", "kept")? == 1))
}

/// Up to `limit` changes of all workspaces after `position`, or from the change on in which it lies.
pub async fn list_after(db: &Db, position: Position, limit: u64) -> Result<Vec<Change>, DbErr> {
    let after = if position.part == Position::WHOLE { ">" } else { ">=" };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let (values, text) = match db.engine() {
        Engine::Sqlite => (
            vec![position.id.into(), limit.into()],
            format!(
                "SELECT 0 AS tx, id, workspace_id, kind, subject, at FROM changes WHERE id {after} $1
                ORDER BY id LIMIT $2"
            ),
        ),
        Engine::Postgres => (
            vec![position.tx.into(), position.id.into(), limit.into()],
            format!(
                "SELECT tx, id, workspace_id, kind, subject, at FROM changes
                WHERE (tx, id) {after} ($1, $2) AND {SETTLED} ORDER BY tx, id LIMIT $3"
            ),
        ),
    };
    let rows = Row::find_by_statement(super::sql(db.reader(), text, values)).all(db.reader()).await?;
    let changes = rows.into_iter().filter_map(|row| {
        Some(Change {
            position: Position { tx: row.tx, id: row.id, part: Position::WHOLE },
            // The very first row is nobody's.
            workspace_id: WorkspaceId::parse(&row.workspace_id).ok()?,
            kind: row.kind,
            subject: row.subject,
            at: row.at,
        })
    });
    Ok(changes.collect())
}

/// Drops what was changed before `before`, the oldest first, in `batches` statements at the most; how many rows. The newest
/// row stays, so that whoever has read all of it can go on.
pub async fn drop_before(db: &Db, before: Millis, batches: usize) -> Result<usize, DbErr> {
    let mut dropped = 0;
    for _ in 0..batches {
        let text = match db.engine() {
            Engine::Sqlite => "SELECT 0 AS tx, id, at FROM changes WHERE id >= 0 ORDER BY id LIMIT $1",
            Engine::Postgres => "SELECT tx, id, at FROM changes ORDER BY tx, id LIMIT $1",
        };
        let values = [i64::try_from(BATCH + 1).unwrap_or(i64::MAX).into()];
        let oldest = Key::find_by_statement(super::sql(db.reader(), text, values)).all(db.reader()).await?;
        let all_but_newest = oldest.len().saturating_sub(1);
        let old = oldest[..all_but_newest].iter().take_while(|key| key.at < before).count();
        let Some(last) = oldest[..old].last() else { return Ok(dropped) };
        let (values, text) = match db.engine() {
            Engine::Sqlite => (vec![last.id.into()], "DELETE FROM changes WHERE id <= $1"),
            Engine::Postgres => {
                (vec![last.tx.into(), last.id.into()], "DELETE FROM changes WHERE (tx, id) <= ($1, $2)")
            }
        };
        db.bookkeeper().execute_raw(super::sql(db.bookkeeper(), text, values)).await?;
        dropped += old;
        if old < BATCH {
            return Ok(dropped);
        }
    }
    Ok(dropped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        for text in ["0-0", "0-17", "7712-9-2", "7712-9"] {
            assert_eq!(text.parse::<Position>().map(|position| position.to_string()), Ok(text.to_owned()));
        }
        for wrong in ["", "1", "1-", "1-2-", "1-2-3-4", "a-b", "1-2-300", "1.5-2"] {
            assert_eq!(wrong.parse::<Position>(), Err(NotAPosition), "{wrong}");
        }
        let change: Position = "5-9".parse().expect("a place");
        assert!(change.after_part(1) < change && change.after_part(1) < change.after_part(2));
        assert!("5-8".parse::<Position>().expect("a place") < change.after_part(1));
    }
}
