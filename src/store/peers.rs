//! Words between nodes on one PostgreSQL: LISTEN and NOTIFY. They only hasten what looking would find a little later, so
//! a word that is lost costs nobody anything.

use sea_orm::sqlx::postgres::PgListener;
use sea_orm::{ConnectionTrait, DbErr, RuntimeErr};

use super::{Db, Engine};

const CHANNEL: &str = "switchboard";
/// PostgreSQL takes payloads below 8,000 bytes.
const PAYLOAD_BYTES: usize = 7_900;

/// Tells every node, this one too. Words have no spaces.
pub async fn tell(db: &Db, words: &[String]) -> Result<(), DbErr> {
    let mut payload = String::new();
    for word in words.iter().filter(|word| word.len() < PAYLOAD_BYTES) {
        if payload.len() + word.len() >= PAYLOAD_BYTES {
            notify(db, std::mem::take(&mut payload)).await?;
        }
        payload.push_str(word);
        payload.push(' ');
    }
    notify(db, payload).await
}

async fn notify(db: &Db, payload: String) -> Result<(), DbErr> {
    let text = "SELECT pg_notify($1, $2)";
    db.bookkeeper().query_one_raw(super::sql(db.bookkeeper(), text, [CHANNEL.into(), payload.into()])).await?;
    Ok(())
}

/// What the nodes tell each other.
pub struct Ear(PgListener);

impl Ear {
    /// `None` on an embedded database: there is one node.
    pub async fn open(db: &Db) -> Result<Option<Self>, DbErr> {
        if db.engine() != Engine::Postgres {
            return Ok(None);
        }
        let mut listener =
            PgListener::connect_with(db.schema().get_postgres_connection_pool()).await.map_err(broken)?;
        listener.listen(CHANNEL).await.map_err(broken)?;
        Ok(Some(Self(listener)))
    }

    /// The next words. A connection that breaks is made again.
    pub async fn hear(&mut self) -> Result<Vec<String>, DbErr> {
        let heard = self.0.recv().await.map_err(broken)?;
        Ok(heard.payload().split_whitespace().map(str::to_owned).collect())
    }
}

/// Runs `work` unless another node does so right now; `None` then. On an embedded database there is no other node.
pub async fn alone<T, E: From<DbErr>>(
    db: &Db,
    lock: i64,
    work: impl Future<Output = Result<T, E>>,
) -> Result<Option<T>, E> {
    if db.engine() != Engine::Postgres {
        return work.await.map(Some);
    }
    super::write(db, async |tx| {
        let text = "SELECT pg_try_advisory_xact_lock($1) AS alone";
        let row = tx.query_one_raw(super::sql(tx, text, [lock.into()])).await?;
        match row.map(|row| row.try_get::<bool>("", "alone")).transpose()? {
            Some(true) => work.await.map(Some),
            _ => Ok(None),
        }
    })
    .await
}

fn broken(error: sea_orm::sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(error.to_string()))
}
