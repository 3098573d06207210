//! One cell of the matrix: a database, so many nodes, a profile of faults, so many kills.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use super::checker::Verdict;
use super::recovery::Recovery;
use super::stage::{Setting, Stage};
use super::weather::{Profile, Weather};
use super::{killer, load};
use crate::database::Choice;
use crate::dice::Dice;

#[derive(Debug, Clone)]
pub struct Cell {
    /// The gateway; none: the one beside this program.
    pub binary: Option<PathBuf>,
    pub database: Choice,
    pub nodes: usize,
    pub profile: Profile,
    pub kills: usize,
    pub customers: usize,
    pub seed: u64,
}

/// What came of a cell.
#[derive(Debug)]
pub struct Outcome {
    pub verdict: Verdict,
    pub recovery: Recovery,
    pub kills: usize,
    pub messages: usize,
    /// Ends of a gateway that nobody asked for.
    pub crashes: usize,
    /// The logs; kept while something was found.
    pub folder: PathBuf,
}

impl Cell {
    pub async fn run(&self) -> anyhow::Result<Outcome> {
        let stage = Stage::build(&Setting {
            binary: self.binary.clone(),
            database: self.database.clone(),
            can_fail: self.profile.takes_database(),
            nodes: self.nodes,
            seed: self.seed,
        })
        .await?;
        let kills = self.torment(&stage).await?;
        let (verdict, answers) = stage.check().await?;
        let outcome = Outcome {
            verdict,
            recovery: answers.recovery(&kills),
            kills: kills.len(),
            messages: stage.book.written().len(),
            crashes: stage.nodes.crashes().await,
            folder: stage.folder.clone(),
        };
        stage.strike(!outcome.verdict.is_clean()).await?;
        Ok(outcome)
    }

    /// Load, faults and kills at once, until the kills are done; answers when they were.
    async fn torment(&self, stage: &Stage) -> anyhow::Result<Vec<DateTime<Utc>>> {
        let weather = Weather {
            profile: self.profile,
            simulator: stage.simulator.clone(),
            model: stage.model.clone(),
            database: stage.database.clone(),
            nodes: stage.nodes.clone(),
            dice: Dice::of(self.seed, "weather"),
        };
        weather.begin();
        let stop = CancellationToken::new();
        let writing = load::run(stage.simulator.clone(), self.customers, self.seed, stage.book.clone(), stop.clone());
        let writing = tokio::spawn(writing);
        let weather = tokio::spawn(weather.run(stop.clone()));
        let dice = Dice::of(self.seed, "kills");
        let kills = killer::run(stage.nodes.clone(), self.kills, dice, stage.http.clone()).await;
        stop.cancel();
        writing.await?;
        weather.await??;
        kills
    }
}
