//! A cell's figures as a row of a Markdown table.

use chrono::TimeDelta;

use super::cell::{Cell, Outcome};

pub const HEAD: &str = "\
| database | nodes | faults | kills | messages | lost | doubled | out of order | to a stranger | wrong outcome | repeated¹ | to a person² | resumed³ | caught up³ |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

pub const NOTES: &str = "\
¹ bubbles sent again because no status of the first got through within the settling time. \
² the model failed: a holding message and a task. \
³ slowest after a kill, in seconds: until the first, until the last answer to what had been taken before it.";

pub fn row(cell: &Cell, outcome: &Outcome) -> String {
    let Outcome { verdict, recovery, kills, messages, .. } = outcome;
    let columns = [
        cell.database.word().to_owned(),
        cell.nodes.to_string(),
        cell.profile.word().to_owned(),
        kills.to_string(),
        messages.to_string(),
        verdict.lost.to_string(),
        verdict.doubled.to_string(),
        verdict.out_of_order.to_string(),
        verdict.strangers.to_string(),
        verdict.wrong_outcome.to_string(),
        verdict.repeated.to_string(),
        verdict.handed_over.to_string(),
        seconds(recovery.resumed),
        seconds(recovery.caught_up),
    ];
    format!("| {} |", columns.join(" | "))
}

fn seconds(time: TimeDelta) -> String {
    format!("{:.1}", time.num_milliseconds() as f64 / 1000.0)
}
