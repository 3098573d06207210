//! The embedded database on a disk that is full for a while.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};
use switchboard::store::{self, Db};

use crate::support::TestDatabase;

/// More than fits.
const TOO_MUCH: &str = "INSERT INTO kept (bytes) VALUES (zeroblob(1000000))";

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

async fn write(db: &Db, sql: &str) -> Result<(), DbErr> {
    store::write(db, async |tx| tx.execute_unprepared(sql).await.map(drop)).await
}

/// How many rows others see: what is committed.
async fn committed(db: &Db) -> i64 {
    let count = Statement::from_string(db.reader().get_database_backend(), "SELECT count(*) AS count FROM kept");
    Count::find_by_statement(count).one(db.reader()).await.expect("readable").expect("a row").count
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_after_a_full_disk_is_on_it() {
    let database = TestDatabase::create().await;
    if !database.is_embedded() {
        return;
    }
    let db = store::connect(&database.url, 2).await.expect("connected");
    write(&db, "CREATE TABLE kept (bytes BLOB NOT NULL)").await.expect("written");
    // SQLite says of this limit what it says of a full disk, and ends the transaction by itself.
    db.writer().execute_unprepared("PRAGMA max_page_count = 30").await.expect("a limit");
    let error = write(&db, TOO_MUCH).await.expect_err("too much").to_string();
    assert!(error.contains("full"), "{error}");
    // Work that is taken back for a reason of its own must not leave a transaction open behind it.
    write(&db, "INSERT INTO kept (bytes) VALUES (NULL)").await.expect_err("not null");
    db.writer().execute_unprepared("PRAGMA max_page_count = 100000").await.expect("room");
    write(&db, TOO_MUCH).await.expect("written");
    assert_eq!(committed(&db).await, 1, "a write that returned is committed");
}
