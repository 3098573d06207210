//! Puts it together: listener, workers, the soft and the hard stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use entity::state::JobKind;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::middleware::{CatchPanic, RequestId, SetHeader};
use poem::{Endpoint, EndpointExt, Route, Server};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Signal};
use crate::intake::{self, Batch, Door};
use crate::jobs::{Pool, Workers};
use crate::store::Engine;
use crate::{account, api, stats, store, telemetry, turn};

/// How long open requests may go on after the stop.
const HTTP_PATIENCE: Duration = Duration::from_secs(10);
/// How long work in hand may go on after the stop; what then still runs is taken up again after the next start.
const WORK_PATIENCE: Duration = Duration::from_secs(20);
const IDLE_TIMEOUT: Duration = Duration::from_secs(75);
const MAINTENANCE: Duration = Duration::from_secs(10);
/// Any number: all nodes of an installation ask for the same lock.
const MAINTENANCE_LOCK: i64 = 0x5317_c4b2;
/// A pair that wrote nothing for this long may burst again anyway.
const PACE_KEPT_MS: i64 = 60 * 60 * 1000;
const HOUR_MS: i64 = 60 * 60 * 1000;
/// Statements that drop old changes in one round: more than the busiest node writes meanwhile.
const CHANGE_BATCHES: usize = 200;
const USAGE_KEPT_DAYS: i64 = 400;
/// Between two attempts to listen to the other nodes.
const DEAF: Duration = Duration::from_secs(1);
/// Between two words that something was changed.
const CHANGES_TOLD: Duration = Duration::from_millis(100);
const INDEXERS: usize = 1;
const UPKEEPERS: usize = 2;
const ERASERS: usize = 1;

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Webhooks, API and work.
    All,
    /// Webhooks and API only.
    Web,
    /// Work only; it still answers health and metrics.
    Worker,
}

impl Role {
    fn serves(self) -> bool {
        self != Self::Worker
    }

    fn works(self) -> bool {
        self != Self::Web
    }
}

/// A gateway that listens and works until it is stopped.
#[derive(Debug)]
pub struct Gateway {
    pub address: SocketAddr,
    stop: CancellationToken,
    http: JoinHandle<std::io::Result<()>>,
    batches: JoinHandle<()>,
    background: Vec<JoinHandle<()>>,
    workers: Workers,
}

impl Gateway {
    /// Listens at `listen` and starts to work. The database must be prepared.
    pub async fn start(app: Arc<App>, listen: &str, role: Role) -> std::io::Result<Self> {
        let acceptor = TcpListener::bind(listen.to_owned()).into_acceptor().await?;
        let address = acceptor.local_addr().first().and_then(|address| address.as_socket_addr().copied());
        let address = address.ok_or_else(|| std::io::Error::other("the listener has no address"))?;

        let stop = CancellationToken::new();
        let (batch, waiting) = Batch::new();
        let batches = tokio::spawn(intake::run_batches(app.clone(), waiting));
        let routes = routes(app.clone(), batch, role);
        let stopped = stop.clone().cancelled_owned();
        let http = tokio::spawn(async move {
            Server::new_with_acceptor(acceptor)
                .idle_timeout(IDLE_TIMEOUT)
                .run_with_graceful_shutdown(routes, stopped, Some(HTTP_PATIENCE))
                .await
        });
        let workers = Workers::default();
        let mut background = if role.works() {
            start_work(&app, &workers, &stop)
        } else {
            app.bells.relay(&app.peers);
            Vec::new()
        };
        if role.serves() {
            background.push(tokio::spawn(api::run_feed(app.clone(), stop.clone())));
        }
        if app.db.engine() == Engine::Postgres {
            background.push(tokio::spawn(tell_changes(app.clone(), stop.clone())));
            background.push(tokio::spawn(tell_peers(app.clone(), stop.clone())));
            background.push(tokio::spawn(hear_peers(app, role, stop.clone())));
        }
        Ok(Self { address, stop, http, batches, background, workers })
    }

    /// The soft stop, then the hard one: nothing new is begun, what is in hand may end.
    pub async fn stop(self) {
        self.stop.cancel();
        let drained = self.workers.drain(WORK_PATIENCE).await;
        if !drained {
            tracing::warn!("some work did not end in time; it will be taken up again");
        }
        for task in self.background {
            // Each ends with the stop; one that panicked has said so itself.
            let _ = task.await;
        }
        if let Ok(Err(error)) = self.http.await {
            tracing::warn!(error = %error, "the listener did not end well");
        }
        // With the listener gone nobody sends any more, so what is stored last is stored whole.
        let _ = self.batches.await;
    }
}

fn routes(app: Arc<App>, batch: Batch, role: Role) -> impl Endpoint {
    let mut routes = api::mount_health(Route::new(), &app);
    if role.serves() {
        routes = api::mount(routes, &app).nest("/webhook", intake::routes(Door { app, batch }));
        routes = api::mount_console(routes);
    }
    routes
        .around(api::answer_errors)
        .with(
            SetHeader::new()
                .overriding("X-Content-Type-Options", "nosniff")
                .overriding("Referrer-Policy", "no-referrer")
                // Nobody frames these pages, or reads these answers from a page of their own.
                .overriding("X-Frame-Options", "DENY")
                .overriding("Cross-Origin-Opener-Policy", "same-origin")
                .overriding("Cross-Origin-Resource-Policy", "same-origin"),
        )
        .with(RequestId::default())
        .with(CatchPanic::new())
}

fn start_work(app: &Arc<App>, workers: &Workers, stop: &CancellationToken) -> Vec<JoinHandle<()>> {
    let pools = [
        Pool { kind: JobKind::Turn, concurrency: app.settings.turn.concurrency },
        Pool { kind: JobKind::SendMessage, concurrency: app.settings.delivery.concurrency },
        Pool { kind: JobKind::IndexFile, concurrency: INDEXERS },
        Pool { kind: JobKind::FetchMedia, concurrency: app.settings.media.fetches },
        Pool { kind: JobKind::CheckNumber, concurrency: UPKEEPERS },
        Pool { kind: JobKind::SyncTemplates, concurrency: UPKEEPERS },
        Pool { kind: JobKind::EraseContact, concurrency: ERASERS },
    ];
    let mut tasks: Vec<JoinHandle<()>> =
        pools.into_iter().map(|pool| tokio::spawn(workers.clone().run_pool(app.clone(), pool, stop.clone()))).collect();
    tasks.push(tokio::spawn(workers.clone().renew_leases(app.clone(), stop.clone())));
    tasks.push(tokio::spawn(apply_events(app.clone(), stop.clone())));
    tasks.push(tokio::spawn(maintain(app.clone(), stop.clone())));
    tasks
}

async fn apply_events(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match intake::apply::run_next(&app).await {
            Ok(applied) if applied > 0 => continue,
            Ok(_) => {}
            Err(error) => tracing::error!(error = %error, "events could not be applied"),
        }
        tokio::select! {
            () = app.bells.events.due(app.clock.as_ref()) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Tells the other nodes what happens here.
async fn tell_peers(app: Arc<App>, stop: CancellationToken) {
    loop {
        let signals = tokio::select! {
            signals = app.peers.next() => signals,
            () = stop.cancelled() => return,
        };
        let words: Vec<String> = signals.iter().map(Signal::to_word).collect();
        if let Err(error) = store::peers::tell(&app.db, &words).await {
            tracing::warn!(error = %error, "the other nodes could not be told: they find it by looking");
        }
    }
}

/// Tells the nodes that something was changed here, for those that listen there.
async fn tell_changes(app: Arc<App>, stop: CancellationToken) {
    let mut commits = app.db.commits();
    while !stop.is_cancelled() {
        tokio::select! {
            changed = commits.changed() => if changed.is_err() { return },
            () = stop.cancelled() => return,
        }
        app.peers.tell(Signal::Changes);
        tokio::time::sleep(CHANGES_TOLD).await;
    }
}

/// Does what the other nodes tell.
async fn hear_peers(app: Arc<App>, role: Role, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let heard = tokio::select! {
            heard = listen(&app, role) => heard,
            () = stop.cancelled() => return,
        };
        if let Err(error) = heard {
            tracing::warn!(error = %error, "the other nodes cannot be heard for a moment");
        }
        tokio::time::sleep(DEAF).await;
    }
}

async fn listen(app: &App, role: Role) -> Result<(), sea_orm::DbErr> {
    let Some(mut ear) = store::peers::Ear::open(&app.db).await? else { return Ok(()) };
    loop {
        for signal in ear.hear().await?.iter().filter_map(|word| Signal::read(word)) {
            // A node that does no work would only pass the bells on again.
            let is_for_all = matches!(signal, Signal::Number(_) | Signal::Changes | Signal::Presence(_));
            if role.works() || is_for_all {
                app.hear(signal).await;
            }
        }
    }
}

/// The watchdog and the tidying, now and then.
async fn maintain(app: Arc<App>, stop: CancellationToken) {
    let mut tick = tokio::time::interval(MAINTENANCE);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = stop.cancelled() => return,
        }
        if let Err(error) = store::peers::alone(&app.db, MAINTENANCE_LOCK, tidy(&app)).await {
            tracing::error!(error = %error, "the watchdog could not look");
        }
        app.pacing.tidy();
        app.tries.tidy();
        telemetry::tidy_metrics();
    }
}

/// What one node does for all.
async fn tidy(app: &App) -> Result<(), sea_orm::DbErr> {
    turn::watchdog::look(app).await?;
    turn::window::look(app).await?;
    account::schedule(app).await?;
    let kept_ms = i64::try_from(app.settings.feed.keep_hours).unwrap_or(i64::MAX / HOUR_MS) * HOUR_MS;
    store::changes::drop_before(&app.db, app.now() - kept_ms, CHANGE_BATCHES).await?;
    stats::keep_up(app).await?;
    store::usage::drop_before(app.db.bookkeeper(), app.now() / store::usage::DAY_MS - USAGE_KEPT_DAYS).await?;
    store::sessions::drop_expired(app.db.bookkeeper(), app.now()).await?;
    store::invites::drop_expired(app.db.bookkeeper(), app.now()).await?;
    let audit_days = i64::try_from(app.settings.console.audit_days).unwrap_or(i64::MAX / store::usage::DAY_MS);
    store::audit::drop_before(app.db.bookkeeper(), app.now() - audit_days * store::usage::DAY_MS).await?;
    if app.db.engine() == Engine::Postgres {
        store::paces::forget_before(&app.db, app.now() - PACE_KEPT_MS).await?;
    }
    Ok(())
}

/// After a crash of the one process that owns an embedded database nobody else holds a lease: work resumes at once.
pub async fn resume(app: &App) -> Result<(), sea_orm::DbErr> {
    if app.db.engine() == Engine::Sqlite {
        let released = store::jobs::release_all_leases(&app.db).await?;
        if released > 0 {
            tracing::info!(jobs = released, "work that was cut off is taken up again");
        }
    }
    Ok(())
}
