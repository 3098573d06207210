//! A day's counts, by quarter of an hour, number and agent. Kept as numbers only: a word is its place in a list.

use std::collections::HashMap;

use entity::WorkspaceId;
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::store::stats;

const QUARTERS: i64 = 96;
/// Stands for no word.
const NONE: i64 = -1;

/// Rows of numbers, those that are words by their place in `words`.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    words: Vec<String>,
    messages: Vec<[i64; 10]>,
    waits: Vec<[i64; 6]>,
    turns: Vec<[i64; 9]>,
}

/// Messages that are alike.
#[derive(Debug)]
pub struct Messages<'a> {
    /// Of the day, from 0.
    pub quarter: i64,
    pub number_id: Option<&'a str>,
    pub agent_id: Option<&'a str>,
    pub direction: Option<&'a str>,
    pub author: Option<&'a str>,
    pub kind: Option<&'a str>,
    pub status: Option<&'a str>,
    pub outcome: Option<&'a str>,
    pub is_accepted: bool,
    pub count: i64,
}

/// Answers that were waited for equally long.
#[derive(Debug)]
pub struct Waits<'a> {
    pub quarter: i64,
    pub number_id: Option<&'a str>,
    pub agent_id: Option<&'a str>,
    pub millis: i64,
    pub is_first: bool,
    pub count: i64,
}

/// Turns that are alike.
#[derive(Debug)]
pub struct Turns<'a> {
    pub quarter: i64,
    pub number_id: Option<&'a str>,
    pub agent_id: Option<&'a str>,
    pub model: Option<&'a str>,
    pub status: Option<&'a str>,
    pub outcome: Option<&'a str>,
    pub count: i64,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
}

impl Day {
    /// From what the tables hold.
    pub async fn count(app: &App, workspace_id: &WorkspaceId, day: i64) -> Result<Self, DbErr> {
        let db = app.db.reader();
        let messages = stats::messages_of_day(db, workspace_id, day).await?;
        let waits = stats::waits_of_day(db, workspace_id, day).await?;
        let turns = stats::turns_of_day(db, workspace_id, day).await?;
        let mut words = Words::default();
        let quarter = |quarter: i64| quarter.clamp(0, QUARTERS - 1);
        let messages = messages.iter().map(|row| {
            [
                quarter(row.quarter),
                words.place(Some(row.number_id.as_str())),
                words.place(row.agent_id.as_ref().map(|id| id.as_str())),
                words.place(Some(row.direction.as_str())),
                words.place(Some(row.author.as_str())),
                words.place(Some(&row.kind)),
                words.place(row.status.map(|status| status.as_str())),
                words.place(row.outcome.map(|outcome| outcome.as_str())),
                row.is_accepted,
                row.messages,
            ]
        });
        let messages = messages.collect();
        let waits = waits.iter().map(|row| {
            let (number, agent) = (row.number_id.as_str(), row.agent_id.as_ref().map(|id| id.as_str()));
            let (number, agent) = (words.place(Some(number)), words.place(agent));
            [quarter(row.quarter), number, agent, row.wait, row.is_first, row.answers]
        });
        let waits = waits.collect();
        let turns = turns.iter().map(|row| {
            [
                quarter(row.quarter),
                words.place(Some(row.number_id.as_str())),
                words.place(row.agent_id.as_ref().map(|id| id.as_str())),
                words.place(row.model.as_deref()),
                words.place(Some(row.status.as_str())),
                words.place(row.outcome.map(|outcome| outcome.as_str())),
                row.turns,
                row.prompt,
                row.completion,
            ]
        });
        let turns = turns.collect();
        Ok(Self { messages, waits, turns, words: words.list })
    }

    pub fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.turns.is_empty()
    }

    pub fn write(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("numbers and words become JSON")
    }

    /// What cannot be read counts nothing.
    pub fn read(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_else(|error| {
            tracing::error!(error = %error, "a day's counts cannot be read");
            Self::default()
        })
    }

    pub fn messages(&self) -> impl Iterator<Item = Messages<'_>> {
        self.messages.iter().map(|row| Messages {
            quarter: row[0],
            number_id: self.word(row[1]),
            agent_id: self.word(row[2]),
            direction: self.word(row[3]),
            author: self.word(row[4]),
            kind: self.word(row[5]),
            status: self.word(row[6]),
            outcome: self.word(row[7]),
            is_accepted: row[8] == 1,
            count: row[9],
        })
    }

    pub fn waits(&self) -> impl Iterator<Item = Waits<'_>> {
        self.waits.iter().map(|row| Waits {
            quarter: row[0],
            number_id: self.word(row[1]),
            agent_id: self.word(row[2]),
            millis: row[3],
            is_first: row[4] == 1,
            count: row[5],
        })
    }

    pub fn turns(&self) -> impl Iterator<Item = Turns<'_>> {
        self.turns.iter().map(|row| Turns {
            quarter: row[0],
            number_id: self.word(row[1]),
            agent_id: self.word(row[2]),
            model: self.word(row[3]),
            status: self.word(row[4]),
            outcome: self.word(row[5]),
            count: row[6],
            prompt_tokens: row[7],
            completion_tokens: row[8],
        })
    }

    fn word(&self, place: i64) -> Option<&str> {
        usize::try_from(place).ok().and_then(|place| self.words.get(place)).map(String::as_str)
    }
}

#[derive(Debug, Default)]
struct Words {
    list: Vec<String>,
    places: HashMap<String, i64>,
}

impl Words {
    fn place(&mut self, word: Option<&str>) -> i64 {
        let Some(word) = word else { return NONE };
        if let Some(place) = self.places.get(word) {
            return *place;
        }
        let place = i64::try_from(self.list.len()).unwrap_or(NONE);
        self.list.push(word.to_owned());
        self.places.insert(word.to_owned(), place);
        place
    }
}
