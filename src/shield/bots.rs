//! Another bot on the other side: it answers our every answer, and the two would talk until the money is gone.
//!
//! Looked at are rounds: what the customer wrote, up to our reply. A bot gives itself away by saying the same again and
//! again however we answer, by going through the same few long texts, or by writing more than anybody can type in the
//! moment after our reply. The limits are set so that no person reaches them: somebody who taps through a menu repeats
//! short words, and somebody who insists does so a few times only.

use entity::message::Said;
use entity::state::{Author, Direction};

use crate::clock::Millis;

/// Rounds further apart than this belong to different talks.
const PAUSE_MS: Millis = 10 * 60 * 1000;
/// The same long text, so many rounds in a row.
const SAME: usize = 8;
/// The same short text: somebody who tries things out says "hi" often.
const SAME_SHORT: usize = 20;
/// So many rounds in a row with long texts that go round, or that come at once.
const ROUNDS: usize = 12;
/// How many different texts a round dance has at the most.
const DANCE: usize = 3;
const LONG_CHARS: usize = 20;
/// Nobody reads an answer and types a long text in this time. Meta tells times in whole seconds.
const AT_ONCE_MS: Millis = 4_000;

/// What gave a bot away, in words for people.
pub fn recognise(history: &[Said], question: &[Said]) -> Option<&'static str> {
    let rounds = rounds(history, question);
    let last = |count: usize| rounds.len().checked_sub(count).map(|from| &rounds[from..]);
    let said = &rounds.last()?.words;
    let same = last(if is_long(said) { SAME } else { SAME_SHORT })?;
    if !said.is_empty() && same.iter().all(|round| round.words == *said) {
        return Some("the same message again and again, whatever is answered");
    }
    let last = last(ROUNDS)?;
    let all_long = last.iter().all(|round| is_long(&round.words));
    if !all_long {
        return None;
    }
    let mut different: Vec<&str> = last.iter().map(|round| round.words.as_str()).collect();
    different.sort_unstable();
    different.dedup();
    if different.len() <= DANCE {
        return Some("the same few messages in turn, whatever is answered");
    }
    if last[1..].iter().all(|round| round.after_ms.is_some_and(|after| after <= AT_ONCE_MS)) {
        return Some("long messages, each at once after an answer: a machine's rhythm");
    }
    None
}

struct Round {
    /// In lower case; long texts without digits and punctuation: bots count and tell the time.
    words: String,
    /// From our reply before it to its first message.
    after_ms: Option<Millis>,
}

/// The rounds of the talk that is going on, oldest first; the last is the question.
fn rounds(history: &[Said], question: &[Said]) -> Vec<Round> {
    let mut rounds: Vec<Round> = Vec::new();
    let mut replied_at: Option<Millis> = None;
    let mut heard_at: Option<Millis> = None;
    let mut is_open = false;
    for said in history.iter().chain(question) {
        match (said.direction, said.author) {
            (Direction::Inbound, _) => {
                if heard_at.is_some_and(|heard_at| said.sent_at - heard_at > PAUSE_MS) {
                    rounds.clear();
                    replied_at = None;
                    is_open = false;
                }
                if !is_open {
                    let after_ms = replied_at.map(|replied_at| said.sent_at - replied_at);
                    rounds.push(Round { words: String::new(), after_ms });
                    is_open = true;
                }
                if let Some(round) = rounds.last_mut() {
                    push_words(&mut round.words, said.text.as_ref().map_or("", |text| text.as_str()));
                }
                heard_at = Some(said.sent_at);
            }
            (Direction::Outbound, Author::Agent) => {
                is_open = false;
                replied_at = Some(said.sent_at);
            }
            // A person spoke: what came before has been seen.
            (Direction::Outbound, _) => {
                rounds.clear();
                is_open = false;
                replied_at = None;
            }
        }
    }
    rounds
}

fn push_words(words: &mut String, text: &str) {
    if !words.is_empty() {
        words.push(' ');
    }
    let is_long = is_long(text);
    words.extend(text.chars().filter(|c| !is_long || c.is_alphabetic()).flat_map(char::to_lowercase));
}

fn is_long(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() >= LONG_CHARS
}

#[cfg(test)]
mod tests {
    use entity::MessageId;
    use entity::private::Text;

    use super::*;

    /// A talk in which each text of the customer comes `after_ms` after our reply, and ours a second later.
    fn talk(texts: &[&str], after_ms: Millis) -> Vec<Said> {
        let mut at = 1_000_000;
        let mut said = Vec::new();
        for (place, text) in texts.iter().enumerate() {
            at += after_ms;
            said.push(line(Direction::Inbound, Author::Customer, text, at));
            if place + 1 < texts.len() {
                at += 1_000;
                said.push(line(Direction::Outbound, Author::Agent, &format!("Answer {place}."), at));
            }
        }
        said
    }

    fn line(direction: Direction, author: Author, text: &str, at: Millis) -> Said {
        Said {
            id: MessageId::generate(at),
            direction,
            author,
            kind: "text".to_owned(),
            text: Some(Text::from(text)),
            note: None,
            wamid: None,
            reply_to: None,
            turn_id: None,
            status: None,
            outcome: None,
            sent_at: at,
        }
    }

    fn seen(talk: &[Said]) -> Option<&'static str> {
        let (question, history) = talk.split_last().expect("a question");
        recognise(history, std::slice::from_ref(question))
    }

    #[test]
    fn the_same_text_whatever_is_answered_is_a_bot() {
        let ticket: Vec<String> = (0..SAME).map(|n| format!("Your ticket number {n} was received.")).collect();
        let ticket: Vec<&str> = ticket.iter().map(String::as_str).collect();
        assert!(seen(&talk(&ticket, 60_000)).is_some(), "numbers do not make it another text");
        assert_eq!(seen(&talk(&ticket[1..], 60_000)), None, "somebody insists");
        assert_eq!(seen(&talk(&ticket, PAUSE_MS + 1)), None, "each belongs to a talk of its own");
    }

    #[test]
    fn a_round_dance_of_long_texts_is_a_bot_and_a_menu_of_short_words_is_not() {
        let dance =
            ["Thank you for contacting us today!", "Please choose one of the options.", "Goodbye and have a nice day!"];
        let dance: Vec<&str> = dance.iter().cycle().take(ROUNDS).copied().collect();
        assert!(seen(&talk(&dance, 30_000)).is_some());
        let menu: Vec<&str> = ["yes", "no", "next"].iter().cycle().take(3 * ROUNDS).copied().collect();
        assert_eq!(seen(&talk(&menu, 2_000)), None);
    }

    #[test]
    fn long_texts_at_once_after_each_answer_are_a_bot_and_a_quick_person_is_not() {
        let long: Vec<String> =
            ('a'..='l').map(|which| format!("I would like to know more about cake {which}")).collect();
        let long: Vec<&str> = long.iter().map(String::as_str).collect();
        assert!(seen(&talk(&long, 2_000)).is_some());
        assert_eq!(seen(&talk(&long, 9_000)), None, "time to read and to type");
        assert_eq!(seen(&talk(&long[1..], 2_000)), None, "too short a talk to tell");
    }

    #[test]
    fn a_persons_word_begins_it_anew() {
        let mut said = talk(&["Hello there, is anybody here?"; SAME], 30_000);
        assert!(seen(&said).is_some());
        said.insert(said.len() - 2, line(Direction::Outbound, Author::Operator, "Yes?", 1_000_000));
        assert_eq!(seen(&said), None);
    }
}
