//! A contact's timeline: all that happened with them, from whichever table holds it.

use chrono::{DateTime, Utc};
use entity::state::{
    ConsentScope, ConsentSource, ConsentState, Direction, IdentityKind, Outcome, TaskReason, TurnStatus,
};
use entity::{
    ConsentId, ContactId, ConversationId, MessageId, NoteId, NumberId, TurnId, WorkspaceId, consent, contact_identity,
    conversation, message, note,
};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use sea_orm::DbErr;

use super::auth::Viewer;
use super::problem::ApiError;
use super::{Cursor, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::App;
use crate::clock::Millis;
use crate::store::timeline::Turn;
use crate::store::{self, PageRequest};

/// The most of a message that a line shows.
const WORDS_CHARS: usize = 200;

pub struct TimelineApi;

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum TimelineKind {
    Message,
    Consent,
    Task,
    Turn,
    /// A colleague's.
    Note,
    Identity,
}

/// Something that happened with a contact.
#[derive(Debug, Object)]
struct TimelineItem {
    at: DateTime<Utc>,
    kind: TimelineKind,
    conversation_id: Option<ConversationId>,
    number_id: Option<NumberId>,
    message_id: Option<MessageId>,
    turn_id: Option<TurnId>,
    /// Of a message.
    direction: Option<Direction>,
    /// What happened, in a sentence.
    summary: String,
}

#[OpenApi(tag = "Tag::Contacts")]
impl TimelineApi {
    /// Lists all that happened with a contact, newest first: what was said, thought, allowed and forbidden, and since when
    /// a person is asked to look.
    #[oai(path = "/contacts/:contact_id/timeline", method = "get", operation_id = "getContactTimeline")]
    async fn timeline(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        contact_id: Path<ContactId>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<TimelineItem>>, ApiError> {
        let page = page_request(cursor, limit);
        super::contacts::find(&app, viewer.workspace(), &contact_id).await?;
        let (items, next_cursor) = read(&app, viewer.workspace(), &contact_id, &page).await?;
        Ok(Json(List { items, next_cursor }))
    }
}

/// An item's place: by time, then by id, so that no two have the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    at: Millis,
    id: String,
}

impl Place {
    fn read(cursor: &str) -> Option<Self> {
        let (at, id) = cursor.split_once('-')?;
        Some(Self { at: at.parse().ok()?, id: id.to_owned() })
    }

    fn write(&self) -> String {
        format!("{}-{}", self.at, self.id)
    }

    /// The id below which all that come after this place lie, of ids that begin with `first_at` of some time.
    fn below(&self, first_at: impl Fn(Millis) -> String) -> String {
        let (this, next) = (first_at(self.at), first_at(self.at + 1));
        let prefix = |id: &str| id.split('_').next().unwrap_or_default().to_owned();
        match prefix(&this).cmp(&prefix(&self.id)) {
            std::cmp::Ordering::Less => next,
            std::cmp::Ordering::Equal => self.id.clone(),
            std::cmp::Ordering::Greater => this,
        }
    }
}

async fn read(
    app: &App,
    workspace_id: &WorkspaceId,
    contact_id: &ContactId,
    page: &PageRequest,
) -> Result<(Vec<TimelineItem>, Option<String>), DbErr> {
    let db = app.db.reader();
    let before = page.cursor.as_deref().and_then(Place::read);
    let below = |first_at: fn(Millis) -> String| before.as_ref().map(|before| before.below(first_at));
    let limit = page.limit + 1;
    let mut found: Vec<(Place, TimelineItem)> = Vec::new();
    for conversation in store::conversations::list_of_contact(db, contact_id).await? {
        let below_message = below(|at| MessageId::first_at(at).to_string());
        let messages = store::timeline::messages(db, &conversation.id, below_message.as_deref(), limit).await?;
        found.extend(messages.into_iter().map(of_message));
        let below_turn = below(|at| TurnId::first_at(at).to_string());
        let turns = store::timeline::turns(db, &conversation.id, below_turn.as_deref(), limit).await?;
        found.extend(turns.into_iter().map(|turn| of_turn(turn, &conversation.number_id)));
        let cursor = below(|at| NoteId::first_at(at).to_string());
        let notes = PageRequest { cursor, limit };
        let notes = store::notes::list(db, workspace_id, &conversation.id, &notes).await?;
        found.extend(notes.items.into_iter().map(of_note));
        found.extend(of_task(&conversation));
    }
    let below_consent = below(|at| ConsentId::first_at(at).to_string());
    let consents = store::timeline::consents(db, contact_id, below_consent.as_deref(), limit).await?;
    found.extend(consents.into_iter().map(of_consent));
    let identities = store::erasures::list_identities(db, workspace_id, contact_id).await?;
    found.extend(identities.into_iter().enumerate().map(of_identity));

    found.retain(|(place, _)| before.as_ref().is_none_or(|before| place < before));
    found.sort_by(|(one, _), (other, _)| other.cmp(one));
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let next = (found.len() > limit).then(|| found[limit - 1].0.write());
    found.truncate(limit);
    Ok((found.into_iter().map(|(_, item)| item).collect(), next))
}

fn item(kind: TimelineKind, at: Millis, summary: String) -> TimelineItem {
    TimelineItem {
        at: time(at),
        kind,
        conversation_id: None,
        number_id: None,
        message_id: None,
        turn_id: None,
        direction: None,
        summary,
    }
}

fn of_message(message: message::Model) -> (Place, TimelineItem) {
    use entity::state::Author;
    let at = message.id.made_at();
    let who = match message.author {
        Author::Customer => "The customer wrote",
        Author::Agent => "The agent answered",
        Author::Operator => "A colleague wrote",
        Author::Phone => "Somebody wrote on the business's phone",
        Author::System => "The gateway wrote",
    };
    let summary = match message.text.as_ref().filter(|text| !text.as_str().is_empty()) {
        Some(text) => format!("{who}: {}", shortened(text.as_str())),
        None => format!("{who}: [{}]", message.kind),
    };
    let shown = TimelineItem {
        conversation_id: Some(message.conversation_id),
        number_id: Some(message.number_id),
        turn_id: message.turn_id,
        message_id: Some(message.id.clone()),
        direction: Some(message.direction),
        ..item(TimelineKind::Message, at, summary)
    };
    (Place { at, id: message.id.to_string() }, shown)
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(WORDS_CHARS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

fn of_turn(turn: Turn, number_id: &NumberId) -> (Place, TimelineItem) {
    let at = turn.id.made_at();
    let place = Place { at, id: turn.id.to_string() };
    let seconds = turn.finished_at.map(|finished_at| (finished_at - turn.started_at) as f64 / 1000.0);
    let took = seconds.map(|seconds| format!(" in {seconds:.1} s")).unwrap_or_default();
    let with = turn.model.as_ref().map(|model| format!(" with {model}")).unwrap_or_default();
    let summary = match (turn.status, turn.outcome) {
        (TurnStatus::Thinking | TurnStatus::Restarting, _) => "The agent is thinking.".to_owned(),
        (TurnStatus::Replied, Some(Outcome::HandedOver)) => format!("The agent asked for a person{took}{with}."),
        (TurnStatus::Replied, _) => format!("The agent decided on an answer{took}{with}."),
        (TurnStatus::Ended, Some(outcome)) => format!("No answer was made: {}.", outcome.as_str().replace('_', " ")),
        (TurnStatus::Ended, None) => "Nothing was left to answer.".to_owned(),
    };
    let shown = TimelineItem {
        conversation_id: Some(turn.conversation_id),
        number_id: Some(number_id.clone()),
        turn_id: Some(turn.id),
        ..item(TimelineKind::Turn, at, summary)
    };
    (place, shown)
}

fn of_note(note: note::Model) -> (Place, TimelineItem) {
    let at = note.id.made_at();
    let summary = format!("A colleague noted: {}", shortened(note.text.as_str()));
    let shown = TimelineItem { conversation_id: Some(note.conversation_id), ..item(TimelineKind::Note, at, summary) };
    (Place { at, id: note.id.to_string() }, shown)
}

fn of_task(conversation: &conversation::Model) -> Option<(Place, TimelineItem)> {
    let (at, reason) = (conversation.task_opened_at?, conversation.task_reason?);
    let why = match reason {
        TaskReason::AgentAsked => "the agent asked for one",
        TaskReason::FactLock => "the agent stated what stands in no source",
        TaskReason::ModelFailed => "no model answered",
        TaskReason::SendFailed => "a message could not be sent",
        TaskReason::Watchdog => "a message was left without an outcome",
        TaskReason::Credentials => "Meta refuses the number's credentials",
        TaskReason::Loop => "another bot is on the other side",
        TaskReason::OverBudget => "a budget is used up",
        TaskReason::WindowClosing => "the customer's window is about to close",
    };
    let shown = TimelineItem {
        conversation_id: Some(conversation.id.clone()),
        number_id: Some(conversation.number_id.clone()),
        ..item(TimelineKind::Task, at, format!("A person is asked to look: {why}."))
    };
    Some((Place { at, id: format!("task_{}", conversation.id) }, shown))
}

fn of_consent(consent: consent::Model) -> (Place, TimelineItem) {
    let at = consent.id.made_at();
    let to_what = match consent.scope {
        ConsentScope::All => "being written to",
        ConsentScope::Marketing => "marketing",
    };
    let said = match consent.state {
        ConsentState::OptedIn => "allowed",
        ConsentState::OptedOut => "does not want",
    };
    let evidence = consent.evidence.map(|words| format!(": {}", shortened(words.as_str()))).unwrap_or_default();
    let how = match consent.source {
        ConsentSource::Keyword => "The customer",
        ConsentSource::Whatsapp => "In WhatsApp's settings the customer",
        ConsentSource::Operator => "As a colleague noted, the customer",
    };
    let place = Place { at, id: consent.id.to_string() };
    let shown = TimelineItem {
        number_id: consent.number_id,
        message_id: consent.message_id,
        ..item(TimelineKind::Consent, at, format!("{how} {said} {to_what}{evidence}"))
    };
    (place, shown)
}

fn of_identity((number, identity): (usize, contact_identity::Model)) -> (Place, TimelineItem) {
    let at = identity.created_at;
    let value = identity.value.as_str();
    let known_by = match identity.kind {
        IdentityKind::Phone => format!("the phone +{value}"),
        IdentityKind::UserId => format!("the user id {value}"),
    };
    let shown = TimelineItem {
        number_id: Some(identity.number_id),
        ..item(TimelineKind::Identity, at, format!("Known by {known_by} since then."))
    };
    // A cursor must not name them.
    (Place { at, id: format!("identity_{number:06}") }, shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_after_a_place_is_below_it_whichever_kind_it_is() {
        let first = |at| MessageId::first_at(at).to_string();
        let own = MessageId::generate_at(5).to_string();
        let below = |id: &str| Place { at: 5, id: id.to_owned() }.below(first);
        assert_eq!(below(&own), own);
        assert_eq!(below("trn_1"), first(6), "messages of the same moment come after turns");
        assert_eq!(below("cst_1"), first(5), "and before consents");
    }
}
