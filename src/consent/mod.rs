//! Consent: STOP and its like end all that machines do for a customer, START brings it back. Each is confirmed once, and
//! kept with its time and its source.

mod words;

use entity::private::{Content, Text};
use entity::state::{Author, ConsentScope, ConsentSource, ConsentState, MessageStatus, NumberMode};
use entity::{ConversationId, WorkspaceId, contact, conversation, message, number};
use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::App;
use crate::store;
use crate::store::contacts::Said;
use crate::store::jobs::{self, Job};
use words::LANGUAGES;

/// Nobody opts out in a sentence longer than this.
const MAX_CHARS: usize = 60;

/// A workspace's own words, beside those that are known anyway.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    pub opt_out: Vec<String>,
    pub opt_in: Vec<String>,
    /// What is said when somebody opted out; absent: in the language of the word.
    pub opt_out_reply: Option<String>,
    pub opt_in_reply: Option<String>,
}

impl Words {
    /// Of a workspace, from memory where they were looked up a moment ago.
    pub async fn of(app: &App, workspace_id: &WorkspaceId) -> Result<Self, DbErr> {
        let stored = app.consent_words(workspace_id).await.map_err(|error| DbErr::Custom(error.to_string()))?;
        let read = (*stored).clone().map(serde_json::from_value).transpose();
        Ok(read.ok().flatten().unwrap_or_default())
    }
}

/// What a customer's word means, and how it is confirmed in its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    OptOut { word: String, reply: &'static str },
    OptIn { word: String, reply: &'static str },
}

/// Whether a text is short enough to be such a word: most are not, and nobody need look further.
pub fn may_be_one(text: &str) -> bool {
    text.chars().nth(MAX_CHARS).is_none()
}

/// Reads a customer's text. Opting in means something only to whom opted out before: to all others "start" is a word.
pub fn hear(text: &str, own: &Words, is_out: bool) -> Option<Heard> {
    let word = bare(text);
    if word.is_empty() {
        return None;
    }
    let is = |known: &str| bare(known) == word;
    let language = |of: fn(&words::Language) -> &'static [&'static str]| {
        LANGUAGES.iter().find(|language| of(language).iter().any(|known| is(known)))
    };
    let ours = |list: &[String]| list.iter().any(|known| is(known)).then_some(&LANGUAGES[0]);
    if is_out {
        let found = language(|language| language.opt_in).or_else(|| ours(&own.opt_in))?;
        return Some(Heard::OptIn { word, reply: found.opted_in });
    }
    let found = language(|language| language.opt_out).or_else(|| ours(&own.opt_out))?;
    Some(Heard::OptOut { word, reply: found.opted_out })
}

/// Keeps what was heard, stops what was decided for the customer, and confirms it. Conversations whose turns are to stop
/// come back.
#[expect(clippy::too_many_arguments, reason = "each is one thing, and a struct for one call would hide it")]
pub async fn obey(
    app: &App,
    tx: &impl ConnectionTrait,
    number: &number::Model,
    contact: &contact::Model,
    conversation: &conversation::Model,
    heard_in: &message::Model,
    heard: &Heard,
    own: &Words,
) -> Result<Vec<ConversationId>, DbErr> {
    let now = app.now();
    let (state, word, reply) = match heard {
        Heard::OptOut { word, reply } => (ConsentState::OptedOut, word, own.opt_out_reply.as_deref().unwrap_or(reply)),
        Heard::OptIn { word, reply } => (ConsentState::OptedIn, word, own.opt_in_reply.as_deref().unwrap_or(reply)),
    };
    let said = Said {
        scope: ConsentScope::All,
        state,
        source: ConsentSource::Keyword,
        evidence: Some(Text(word.clone())),
        number_id: Some(number.id.clone()),
        message_id: Some(heard_in.id.clone()),
        key_id: None,
        at: heard_in.sent_at,
    };
    store::contacts::note_consent(tx, contact, said, now).await?;
    let stopped = match state {
        ConsentState::OptedOut => store::conversations::begin_epochs(tx, &contact.id).await?,
        ConsentState::OptedIn => Vec::new(),
    };
    if number.mode == NumberMode::Active {
        let confirmation = confirmation(conversation, reply, now);
        let job = Job::SendMessage { conversation_id: conversation.id.clone(), message_id: confirmation.id.clone() };
        store::messages::insert_outbound(tx, &confirmation).await?;
        store::conversations::note_outbound(tx, &conversation.id, &confirmation.id, now).await?;
        jobs::enqueue(tx, &conversation.workspace_id, &job, now, now).await?;
    }
    Ok(stopped)
}

fn confirmation(conversation: &conversation::Model, reply: &str, now: i64) -> message::Model {
    message::Model {
        text: Some(Text::from(reply)),
        content: Content(json!({ "body": reply })),
        status: Some(MessageStatus::Queued),
        ..store::messages::empty(conversation, Author::System, now)
    }
}

/// A word without what people write around it.
fn bare(text: &str) -> String {
    let around =
        |char: char| char.is_whitespace() || (char.is_ascii_punctuation() && char != '\'') || "¡¿。！".contains(char);
    let words = text.trim_matches(around).to_lowercase();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_out(text: &str) -> bool {
        matches!(hear(text, &Words::default(), false), Some(Heard::OptOut { .. }))
    }

    #[test]
    fn a_word_alone_opts_out_in_many_languages() {
        for text in
            ["STOP", " stop! ", "Stop  all.", "BAJA", "¡Baja!", "Arrêt", "стоп", "退订", "توقف", "수신거부", "Sair"]
        {
            assert!(is_out(text), "{text}");
        }
        for text in ["please stop by at nine", "don't stop", "end", "cancel", "start", "", "?", "non-stop"] {
            assert!(!is_out(text), "{text}");
        }
    }

    #[test]
    fn start_means_something_to_whom_is_out_only() {
        assert_eq!(hear("start", &Words::default(), false), None);
        assert!(matches!(hear("START", &Words::default(), true), Some(Heard::OptIn { .. })));
        assert_eq!(hear("stop", &Words::default(), true), None, "it was said already");
    }

    #[test]
    fn a_workspace_has_words_of_its_own() {
        let own = Words { opt_out: vec!["Servus!".to_owned()], ..Words::default() };
        assert!(matches!(hear("servus", &own, false), Some(Heard::OptOut { .. })));
    }

    #[test]
    fn no_word_means_both() {
        for language in &LANGUAGES {
            for word in language.opt_in {
                assert!(!is_out(word), "{word}");
            }
            assert!(is_out(language.opt_out[0]) && !language.opted_out.is_empty() && !language.opted_in.is_empty());
        }
    }
}
