//! What goes wrong beside the kills: faults that are always a little there, and episodes that come and go.

use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;
use simulator::{Answer, Chance, Faults, Hang, Simulator, StatusOrder};
use tokio_util::sync::CancellationToken;

use super::model::{Manners, Model};
use super::nodes::{LEASE_SECS, Nodes};
use crate::database::Database;
use crate::dice::Dice;

/// Which faults a cell has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// Kills alone.
    Calm,
    /// Webhooks doubled, turned round, gathered and late; statuses late and turned round.
    Webhooks,
    /// Graph: 429, 5xx, silence, connections dropped before and after acceptance, a token refused for a while.
    Graph,
    /// The model: failing, limiting, silent, garbled, slow.
    Model,
    /// The database stopped for a while, or its disk full.
    Database,
    /// A node stopped in its tracks beyond its lease, and woken.
    Freeze,
    /// All of it.
    Storm,
}

impl Profile {
    pub fn word(self) -> &'static str {
        match self {
            Self::Calm => "none",
            Self::Webhooks => "webhooks doubled, turned round, gathered, late",
            Self::Graph => "Graph 429, 5xx, silent, dropped after acceptance, token refused",
            Self::Model => "model failing, silent, garbled, slow",
            Self::Database => "database away",
            Self::Freeze => "nodes frozen past their lease",
            Self::Storm => "all of these",
        }
    }

    fn has(self, one: Self) -> bool {
        self == one || self == Self::Storm
    }

    /// Whether the database must be one that can be taken away.
    pub fn takes_database(self) -> bool {
        self.has(Self::Database)
    }

    fn faults(self) -> Faults {
        let mut faults = Faults::default();
        if self.has(Self::Webhooks) {
            faults.duplicate_webhooks = 0.2;
            faults.batch = 4;
            faults.late_ms = 100;
        }
        if self.has(Self::Graph) {
            let answer = |code, http, share| Answer { code, http, share, times: None, retry_after_secs: None };
            faults.answers =
                vec![answer(Some(130_429), 429, 0.10), answer(Some(131_000), 500, 0.05), answer(None, 502, 0.02)];
            let chance = |share| Some(Chance { share, times: None });
            faults.accept_then_drop = chance(0.05);
            faults.accept_then_500 = chance(0.03);
            faults.hang = Some(Hang { share: 0.02, times: None, secs: 4.0 });
            faults.accept_then_hang = Some(Hang { share: 0.02, times: None, secs: 4.0 });
        }
        faults
    }

    fn manners(self) -> Manners {
        let calm = Manners { thinks_ms: (20, 300), ..Manners::default() };
        if !self.has(Self::Model) {
            return calm;
        }
        Manners { fails: 0.06, limits: 0.04, hangs: 0.02, garbles: 0.02, thinks_ms: (20, 1500), ..Manners::default() }
    }

    fn episodes(self) -> Vec<Episode> {
        use Episode::{DatabaseAway, Frozen, GraphAway, HeldStatuses, LateStatuses, Reversed, TokenRefused};
        let by_profile = [
            (Self::Webhooks, vec![Reversed, LateStatuses, HeldStatuses]),
            (Self::Graph, vec![GraphAway, TokenRefused]),
            (Self::Database, vec![DatabaseAway]),
            (Self::Freeze, vec![Frozen]),
        ];
        by_profile.into_iter().filter(|(profile, _)| self.has(*profile)).flat_map(|(_, episodes)| episodes).collect()
    }
}

/// Something that is so for a while.
#[derive(Debug, Clone, Copy)]
enum Episode {
    Reversed,
    LateStatuses,
    HeldStatuses,
    GraphAway,
    TokenRefused,
    DatabaseAway,
    Frozen,
}

const TOKEN: &str = "token";

pub struct Weather {
    pub profile: Profile,
    pub simulator: Simulator,
    pub model: Model,
    pub database: Arc<Database>,
    pub nodes: Arc<Nodes>,
    pub dice: Dice,
}

impl Weather {
    /// Begins with what is always there.
    pub fn begin(&self) {
        self.simulator.set_faults(self.profile.faults());
        self.model.behave(self.profile.manners());
    }

    /// One episode after another until `stop`; then everything is well again.
    pub async fn run(mut self, stop: CancellationToken) -> anyhow::Result<()> {
        let episodes = self.profile.episodes();
        while !stop.is_cancelled() && !episodes.is_empty() {
            let episode = episodes[self.dice.below(episodes.len())];
            self.happen(episode, &stop).await?;
            // A database that is always away tests nothing else.
            let longest = if matches!(episode, Episode::DatabaseAway) { 6000 } else { 3500 };
            let pause = self.dice.millis(800, longest);
            rest(pause, &stop).await;
        }
        stop.cancelled().await;
        self.simulator.set_faults(Faults::default());
        self.model.behave(Manners::default());
        Ok(())
    }

    /// What is taken away comes back in any case.
    async fn happen(&mut self, episode: Episode, stop: &CancellationToken) -> anyhow::Result<()> {
        let mut faults = self.profile.faults();
        let lasts = self.dice.millis(500, 2500);
        match episode {
            Episode::Reversed => faults.reverse = true,
            Episode::LateStatuses => {
                faults.late_ms = 700;
                faults.status_order = StatusOrder::Reversed;
            }
            Episode::HeldStatuses => faults.hold_statuses = true,
            Episode::GraphAway => {
                let answer = Answer { code: None, http: 503, share: 1.0, times: None, retry_after_secs: None };
                faults.answers = vec![answer];
            }
            Episode::TokenRefused => {
                self.simulator.set_access_token(Some("another"));
                rest(lasts, stop).await;
                self.simulator.set_access_token(Some(TOKEN));
                return Ok(());
            }
            Episode::DatabaseAway => {
                let hard = self.dice.happens(0.5);
                return self.database_away(lasts, hard, stop).await;
            }
            Episode::Frozen => return self.freeze(stop).await,
        }
        self.simulator.set_faults(faults);
        rest(lasts, stop).await;
        self.simulator.set_faults(self.profile.faults());
        Ok(())
    }

    async fn database_away(&self, lasts: Duration, hard: bool, stop: &CancellationToken) -> anyhow::Result<()> {
        let database = self.database.clone();
        tokio::task::spawn_blocking(move || database.fail(hard)).await??;
        rest(lasts, stop).await;
        let database = self.database.clone();
        tokio::task::spawn_blocking(move || database.recover()).await?
    }

    /// Longer than a lease, and longer than a send is left to settle. Nobody kills it meanwhile.
    async fn freeze(&mut self, stop: &CancellationToken) -> anyhow::Result<()> {
        let node = self.nodes.0[self.dice.below(self.nodes.0.len())].lock().await;
        let lasts = Duration::from_secs(LEASE_SECS) + self.dice.millis(500, 5000);
        node.freeze()?;
        rest(lasts, stop).await;
        node.wake()
    }
}

async fn rest(pause: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = stop.cancelled() => {}
    }
}
