//! The yardstick of intake: a bare poem handler with the same signature check and the same group commit, and nothing else.
//! A group is one transaction on SQLite in WAL mode, synced to disk, as the gateway's is.

use std::path::PathBuf;

use clap::Args;
use hmac::{Hmac, KeyInit, Mac};
use poem::http::StatusCode;
use poem::listener::TcpListener;
use poem::web::Data;
use poem::{Body, EndpointExt, Request, Route, Server, get, handler};
use rusqlite::Connection;
use sha2::Sha256;
use tokio::sync::{mpsc, oneshot};

use crate::gateway::APP_SECRET;

const MAX_BODY_BYTES: usize = 3 * 1024 * 1024;
const MAX_BATCH: usize = 256;
const MAX_WAITING: usize = 4096;

type Waiting = (Vec<u8>, oneshot::Sender<bool>);

#[derive(Args)]
pub struct Settings {
    #[arg(long)]
    listen: String,
    #[arg(long)]
    database: PathBuf,
}

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let connection = Connection::open(&settings.database)?;
    connection.execute_batch(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = full; PRAGMA wal_autocheckpoint = 500;
        CREATE TABLE events (id integer PRIMARY KEY, body blob NOT NULL)",
    )?;
    let (sender, receiver) = mpsc::channel(MAX_WAITING);
    std::thread::spawn(move || keep_storing(connection, receiver));
    let routes = Route::new().at("/webhook", get(ready).post(receive)).data(sender);
    Server::new(TcpListener::bind(settings.listen)).run(routes).await?;
    Ok(())
}

#[handler]
fn ready() -> StatusCode {
    StatusCode::OK
}

#[handler]
async fn receive(Data(sender): Data<&mpsc::Sender<Waiting>>, request: &Request, body: Body) -> StatusCode {
    let Ok(body) = body.into_bytes_limit(MAX_BODY_BYTES).await else { return StatusCode::PAYLOAD_TOO_LARGE };
    if !is_signed(request, &body) {
        return StatusCode::UNAUTHORIZED;
    }
    let (done, stored) = oneshot::channel();
    if sender.try_send((body.to_vec(), done)).is_err() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    if stored.await == Ok(true) { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

fn is_signed(request: &Request, body: &[u8]) -> bool {
    let mut signature = [0; 32];
    let header = request.header("X-Hub-Signature-256").and_then(|header| header.strip_prefix("sha256="));
    let read = header.is_some_and(|header| hex::decode_to_slice(header, &mut signature).is_ok());
    let mut mac = Hmac::<Sha256>::new_from_slice(APP_SECRET.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    read && mac.verify_slice(&signature).is_ok()
}

/// While one group is committed the next gathers.
fn keep_storing(mut connection: Connection, mut waiting: mpsc::Receiver<Waiting>) {
    let mut group = Vec::with_capacity(MAX_BATCH);
    while waiting.blocking_recv_many(&mut group, MAX_BATCH) > 0 {
        let (bodies, done): (Vec<_>, Vec<_>) = group.drain(..).unzip();
        let stored = store(&mut connection, &bodies).inspect_err(|error| eprintln!("{error}")).is_ok();
        for done in done {
            // The request is gone.
            let _ = done.send(stored);
        }
    }
}

fn store(connection: &mut Connection, bodies: &[Vec<u8>]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction.prepare_cached("INSERT INTO events (body) VALUES (?1)")?;
        for body in bodies {
            insert.execute([body])?;
        }
    }
    transaction.commit()
}
