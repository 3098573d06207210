//! SIGKILL at random points: while it works, while it starts, twice in a row.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::nodes::Nodes;
use crate::dice::Dice;

/// A start may have to wait for a database that is away.
const START_PATIENCE: Duration = Duration::from_secs(60);
/// How often a gateway is killed again before it has come up.
const AGAIN: f64 = 0.15;

/// Kills so many times; answers when.
pub async fn run(
    nodes: Arc<Nodes>,
    kills: usize,
    mut dice: Dice,
    http: reqwest::Client,
) -> anyhow::Result<Vec<DateTime<Utc>>> {
    let mut times = Vec::with_capacity(kills);
    while times.len() < kills {
        tokio::time::sleep(dice.millis(100, 2400)).await;
        let mut node = nodes.0[dice.below(nodes.0.len())].lock().await;
        loop {
            node.kill()?;
            times.push(now());
            tokio::time::sleep(dice.millis(0, 300)).await;
            node.restart()?;
            if times.len() == kills || !dice.happens(AGAIN) {
                break;
            }
            tokio::time::sleep(dice.millis(0, 150)).await;
        }
        node.ready(&http, START_PATIENCE).await?;
    }
    Ok(times)
}

#[expect(clippy::disallowed_methods, reason = "the load is no part of the gateway")]
fn now() -> DateTime<Utc> {
    Utc::now()
}
