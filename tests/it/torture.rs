//! The short form of the fault matrix: the real binary killed while everything around it fails. `bench torture` is the
//! long one.

use bench::database::Choice;
use bench::torture::{Cell, Profile};

use crate::support::database;

fn cell(database: Choice, nodes: usize, profile: Profile) -> Cell {
    let binary = Some(env!("CARGO_BIN_EXE_switchboard").into());
    Cell { binary, database, nodes, profile, kills: 4, customers: 8, seed: 7 }
}

async fn keeps_its_promises(cell: Cell) {
    let outcome = cell.run().await.expect("the cell runs");
    assert!(outcome.verdict.is_clean(), "{:#?}", outcome.verdict);
    assert_eq!(outcome.kills, cell.kills);
    assert!(outcome.messages >= cell.customers && outcome.verdict.bubbles > 0, "{outcome:?}");
}

/// The embedded database, or one on the server of `TEST_DATABASE_URL`.
fn database() -> Choice {
    database::server().map_or(Choice::Sqlite, Choice::PostgresAt)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_webhooks_are_doubled_and_turned_round_it_keeps_its_promises() {
    keeps_its_promises(cell(database(), 1, Profile::Webhooks)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_graph_fails_it_keeps_its_promises() {
    keeps_its_promises(cell(database(), 1, Profile::Graph)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_nodes_killed_one_after_another_keep_their_promises() {
    let choice = database();
    if choice == Choice::Sqlite {
        // It serves one process.
        return;
    }
    keeps_its_promises(cell(choice, 3, Profile::Webhooks)).await;
}
