//! Which cells there are, one after another, each with its row and, if a promise was broken, the command that repeats it.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;

use super::cell::{Cell, Outcome};
use super::report;
use super::weather::Profile;
use crate::database::Choice;

/// Findings printed for a cell.
const MOST_FINDINGS: usize = 20;

#[derive(Args)]
pub struct Settings {
    /// sqlite, postgres (a server of its own, which can be stopped) or postgres://... (databases are made and dropped
    /// there). Absent: the whole matrix.
    #[arg(long)]
    database: Option<Choice>,
    /// Gateways on the one database; SQLite has one.
    #[arg(long, default_value_t = 1)]
    nodes: usize,
    #[arg(long, value_enum, default_value = "storm")]
    faults: Profile,
    /// Kills in this cell, or in the whole matrix.
    #[arg(long, default_value_t = 240)]
    kills: usize,
    #[arg(long, default_value_t = 24)]
    customers: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The gateway; absent, the one beside this program.
    #[arg(long)]
    gateway: Option<PathBuf>,
}

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let cells = cells(&settings)?;
    println!("{}", report::HEAD);
    let mut broken = 0;
    for cell in cells {
        let outcome = cell.run().await.with_context(|| format!("this cell could not be run: {}", command(&cell)))?;
        println!("{}", report::row(&cell, &outcome));
        if !outcome.verdict.is_clean() {
            broken += 1;
            tell(&cell, &outcome);
        }
        if outcome.crashes > 0 && !cell.profile.takes_database() {
            eprintln!("a gateway ended by itself {} times", outcome.crashes);
        }
    }
    println!("\n{}", report::NOTES);
    if broken > 0 {
        bail!("a promise was broken in {broken} of the cells above");
    }
    Ok(())
}

/// The cell that was asked for, or all of them with the kills shared out.
fn cells(settings: &Settings) -> anyhow::Result<Vec<Cell>> {
    let cell = |database: Choice, nodes, profile, kills, seed| Cell {
        binary: settings.gateway.clone(),
        database,
        nodes,
        profile,
        kills,
        customers: settings.customers,
        seed,
    };
    if let Some(database) = &settings.database {
        if *database == Choice::Sqlite && settings.nodes != 1 {
            bail!("SQLite serves one node");
        }
        return Ok(vec![cell(database.clone(), settings.nodes, settings.faults, settings.kills, settings.seed)]);
    }
    let shapes = [(Choice::Sqlite, 1), (Choice::Postgres, 1), (Choice::Postgres, 3)];
    let profiles = [Profile::Calm, Profile::Webhooks, Profile::Graph, Profile::Model, Profile::Database];
    let mut all: Vec<(Choice, usize, Profile)> = Vec::new();
    for (database, nodes) in shapes {
        all.extend(profiles.iter().map(|profile| (database.clone(), nodes, *profile)));
        if nodes > 1 {
            all.push((database.clone(), nodes, Profile::Freeze));
        }
        all.push((database, nodes, Profile::Storm));
    }
    let kills = settings.kills.div_ceil(all.len());
    let seeds = settings.seed..;
    Ok(all
        .into_iter()
        .zip(seeds)
        .map(|((database, nodes, faults), seed)| cell(database, nodes, faults, kills, seed))
        .collect())
}

fn tell(cell: &Cell, outcome: &Outcome) {
    let found = &outcome.verdict.found;
    for line in found.iter().take(MOST_FINDINGS) {
        eprintln!("  {line}");
    }
    if found.len() > MOST_FINDINGS {
        eprintln!("  and {} more", found.len() - MOST_FINDINGS);
    }
    eprintln!("  logs: {}\n  again: {}", outcome.folder.display(), command(cell));
}

/// What repeats a cell.
fn command(cell: &Cell) -> String {
    let database = match &cell.database {
        Choice::Sqlite => "sqlite",
        Choice::Postgres => "postgres",
        Choice::PostgresAt(url) => url,
    };
    let profile = clap::ValueEnum::to_possible_value(&cell.profile);
    let profile = profile.map(|value| value.get_name().to_owned()).unwrap_or_default();
    let gateway = cell.binary.as_ref().map(|binary| format!(" --gateway {}", binary.display())).unwrap_or_default();
    format!(
        "bench torture --database {database} --nodes {} --faults {profile} --kills {} --customers {} --seed {}{gateway}",
        cell.nodes, cell.kills, cell.customers, cell.seed,
    )
}
