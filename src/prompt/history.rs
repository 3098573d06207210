//! The history: what was said, each reply right after the messages it answered, whatever arrived meanwhile.

use std::collections::HashMap;

use entity::message::Said;
use entity::state::{Author, Direction, MessageStatus};

use super::budget::PER_ITEM_TOKENS;
use super::fence::{CUSTOMER, fenced};
use crate::llm::ChatMessage;

/// The longest single message of the history, in characters: the newest matter, but not one of them alone.
const MAX_LINE_CHARS: usize = 4_000;
const MAX_QUOTE_CHARS: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    Customer,
    Agent,
    /// A person of the business.
    Person,
}

/// One message of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub speaker: Speaker,
    pub text: String,
}

impl Line {
    pub fn to_chat(&self) -> ChatMessage {
        match self.speaker {
            Speaker::Customer => ChatMessage::User(fenced(CUSTOMER, &self.text)),
            Speaker::Agent => ChatMessage::Assistant { text: Some(self.text.clone()), tool_calls: Vec::new() },
            Speaker::Person => ChatMessage::Assistant {
                text: Some(format!("[A colleague wrote:] {}", self.text)),
                tool_calls: Vec::new(),
            },
        }
    }
}

/// What messages may quote, by wamid.
#[derive(Debug, Default)]
pub struct Quotable<'a>(HashMap<&'a str, &'a Said>);

impl<'a> Quotable<'a> {
    pub fn of(messages: impl IntoIterator<Item = &'a Said>) -> Self {
        Self(messages.into_iter().filter_map(|message| Some((message.wamid.as_deref()?, message))).collect())
    }

    /// What a message quotes, in a few words.
    fn quoted(&self, message: &Said) -> Option<String> {
        let quoted = self.0.get(message.reply_to.as_deref()?)?;
        let words: String = plain(quoted).chars().take(MAX_QUOTE_CHARS).collect();
        let whose = if quoted.direction == Direction::Inbound { "their own message" } else { "our message" };
        Some(format!("{whose} \"{}\"", words.replace('\n', " ")))
    }
}

/// What a message says to the model: what it replies to, its words, its kind where it is not plain text, and what else is
/// known of it.
pub fn words(message: &Said, quotable: &Quotable<'_>) -> String {
    let about = match (message.kind.as_str(), quotable.quoted(message)) {
        (_, None) => String::new(),
        ("reaction", Some(quoted)) => format!("[to {quoted}] "),
        (_, Some(quoted)) => format!("[replying to {quoted}] "),
    };
    let note = message.note.as_ref().map_or_else(String::new, |note| format!("[{}] ", note.as_str()));
    format!("{note}{about}{}", plain(message)).chars().take(MAX_LINE_CHARS).collect()
}

fn plain(message: &Said) -> String {
    let text = message.text.as_ref().map(|text| text.as_str());
    match (message.kind.as_str(), text) {
        ("text" | "button" | "interactive", Some(text)) => text.to_owned(),
        (kind, Some(text)) => format!("[{kind}] {text}"),
        (kind, None) => format!("[{kind}]"),
    }
}

/// The lines of a conversation from its messages (oldest first), without those that are not yet answered.
/// A decided reply is history even while it waits to be sent; one that failed was never said.
pub fn lines(messages: &[Said], quotable: &Quotable<'_>) -> Vec<Line> {
    let line = |message: &Said| line(message, quotable);
    let mut lines = Vec::new();
    let mut told = std::collections::HashSet::new();
    for message in messages {
        match (message.direction, &message.turn_id) {
            (Direction::Inbound, None) if message.outcome.is_none() => {}
            (_, Some(turn_id)) => {
                if told.insert(turn_id) {
                    let of_turn = || messages.iter().filter(|other| other.turn_id.as_ref() == Some(turn_id));
                    lines.extend(of_turn().filter(|one| one.direction == Direction::Inbound).map(line));
                    lines.extend(of_turn().filter(|one| was_said(one)).map(line));
                }
            }
            (Direction::Inbound, None) => lines.push(line(message)),
            (Direction::Outbound, None) if was_said(message) => lines.push(line(message)),
            (Direction::Outbound, None) => {}
        }
    }
    lines
}

fn was_said(message: &Said) -> bool {
    message.direction == Direction::Outbound && message.status != Some(MessageStatus::Failed)
}

fn line(message: &Said, quotable: &Quotable<'_>) -> Line {
    let speaker = match message.author {
        Author::Customer => Speaker::Customer,
        Author::Agent | Author::System => Speaker::Agent,
        Author::Operator | Author::Phone => Speaker::Person,
    };
    Line { speaker, text: words(message, quotable) }
}

/// The newest lines that fit into `budget_tokens`, and what they cost.
pub fn newest_that_fit<'a>(
    lines: &'a [Line],
    budget_tokens: usize,
    count: &impl Fn(&str) -> usize,
) -> (&'a [Line], usize) {
    let mut spent = 0;
    let mut first = lines.len();
    for (place, line) in lines.iter().enumerate().rev() {
        let cost = count(&line.text) + PER_ITEM_TOKENS;
        if spent + cost > budget_tokens {
            break;
        }
        spent += cost;
        first = place;
    }
    (&lines[first..], spent)
}
