//! Changes into events: what was touched is read as it is now, with one query a kind for all of it, and shown as the rest of
//! the API shows it.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::{
    AgentId, ContactId, ConversationId, FileId, MessageId, NoteId, NoticeId, NumberId, TemplateId, WorkspaceId, agent,
};

use super::event::{
    AgentEvent, ConversationEvent, FeedEvent, FileEvent, GoneEvent, MessageEvent, NoteEvent, NoticeEvent, NumberEvent,
    TemplateEvent,
};
use crate::api::bubble::{self, Message};
use crate::api::conversations::{self, Conversation};
use crate::api::knowledge::{self, KnowledgeFile};
use crate::api::notes::{self, Note};
use crate::api::notices::{self, Notice};
use crate::api::numbers::{self, Number};
use crate::api::problem::ApiError;
use crate::api::templates::{self, Template};
use crate::api::time;
use crate::app::{App, Event};
use crate::store;
use crate::store::changes::{Change, Position};

/// Conversations told of when a contact was changed; a person writes to few numbers.
const CONVERSATIONS_OF_CONTACTS: u64 = 100;

/// What some changes of one workspace are told as, in their order. Several of one thing are told once, where the last of
/// them stands.
pub async fn render(app: &App, workspace_id: &WorkspaceId, changes: &[Change]) -> Result<Vec<Event>, ApiError> {
    let last: HashMap<(&str, &str), &Change> =
        changes.iter().map(|change| ((change.kind.as_str(), change.subject.as_str()), change)).collect();
    let told: Vec<&Change> = changes
        .iter()
        .filter(|change| {
            last.get(&(change.kind.as_str(), change.subject.as_str()))
                .is_some_and(|last| last.position == change.position)
        })
        .collect();
    let mut touched = Touched::read(app, workspace_id, &told).await?;
    let mut events = Vec::new();
    for change in told {
        let parts = touched.tell(change);
        let count = parts.len();
        for (place, part) in parts.into_iter().enumerate() {
            // Whoever has seen the last part has seen the whole change.
            let position = match place + 1 < count {
                true => change.position.after_part(u8::try_from(place + 1).unwrap_or(u8::MAX)),
                false => change.position,
            };
            events.push(Event {
                position,
                kind: part.event.name(),
                conversation_id: part.conversation_id,
                number_id: part.number_id,
                data: part.event.data().into(),
            });
        }
    }
    Ok(events)
}

/// An event, and whom it is about.
struct Part {
    event: FeedEvent,
    conversation_id: Option<ConversationId>,
    number_id: Option<NumberId>,
}

/// Everything that was touched, as it is now. What is gone meanwhile is told by a change of its own.
#[derive(Default)]
struct Touched {
    messages: HashMap<MessageId, Message>,
    /// What a reaction is about is shown with it, so it looks different too.
    reacted_to: HashMap<MessageId, Message>,
    conversations: HashMap<ConversationId, Conversation>,
    /// The conversations that are told of with a change.
    with: HashMap<Position, Vec<ConversationId>>,
    numbers: HashMap<NumberId, Number>,
    notes: HashMap<NoteId, Note>,
    /// The numbers of the conversations that notes stand beside.
    numbers_of: HashMap<ConversationId, NumberId>,
    notices: HashMap<NoticeId, Notice>,
    files: HashMap<FileId, KnowledgeFile>,
    templates: HashMap<TemplateId, Template>,
    agents: HashMap<AgentId, agent::Model>,
}

impl Touched {
    async fn read(app: &App, workspace_id: &WorkspaceId, told: &[&Change]) -> Result<Self, ApiError> {
        let mut touched = Self::default();
        touched.read_messages(app, workspace_id, told).await?;
        touched.read_conversations(app, workspace_id, told).await?;
        touched.read_rest(app, workspace_id, told).await?;
        Ok(touched)
    }

    async fn read_messages(&mut self, app: &App, workspace_id: &WorkspaceId, told: &[&Change]) -> Result<(), ApiError> {
        let ids = subjects(told, "message", MessageId::parse);
        if ids.is_empty() {
            return Ok(());
        }
        let db = app.db.reader();
        let rows = store::messages::list_by_ids(db, workspace_id, &ids).await?;
        let targets = store::messages::list_reacted_to(db, workspace_id, &rows).await?;
        let (reactions, targets): (Vec<MessageId>, Vec<_>) =
            targets.into_iter().filter(|(_, target)| !ids.contains(&target.id)).unzip();
        let targets = bubble::show(db, workspace_id, targets).await?;
        self.reacted_to = reactions.into_iter().zip(targets).collect();
        let shown = bubble::show(db, workspace_id, rows).await?;
        self.messages = shown.into_iter().map(|message| (message.id.clone(), message)).collect();
        Ok(())
    }

    async fn read_conversations(
        &mut self,
        app: &App,
        workspace_id: &WorkspaceId,
        told: &[&Change],
    ) -> Result<(), ApiError> {
        let db = app.db.reader();
        let contacts = subjects(told, "contact", ContactId::parse);
        let mut ids: HashSet<ConversationId> =
            subjects(told, "conversation", ConversationId::parse).into_iter().collect();
        ids.extend(self.messages.values().map(|message| message.conversation_id.clone()));
        if !contacts.is_empty() {
            let most = CONVERSATIONS_OF_CONTACTS;
            ids.extend(store::conversations::list_ids_of_contacts(db, workspace_id, &contacts, most).await?);
        }
        let ids: Vec<ConversationId> = ids.into_iter().collect();
        let views = store::conversations::views_of(db, workspace_id, &ids).await?;
        let shown = conversations::show_all(app, workspace_id, views).await?;
        let mut last: BTreeMap<&ConversationId, Position> = BTreeMap::new();
        for change in told {
            for conversation in shown.iter().filter(|conversation| looks_different(conversation, change)) {
                last.insert(&conversation.id, change.position);
            }
        }
        for (id, position) in last {
            self.with.entry(position).or_default().push(id.clone());
        }
        self.conversations = shown.into_iter().map(|conversation| (conversation.id.clone(), conversation)).collect();
        Ok(())
    }

    async fn read_rest(&mut self, app: &App, workspace_id: &WorkspaceId, told: &[&Change]) -> Result<(), ApiError> {
        let db = app.db.reader();
        for id in subjects(told, "number", NumberId::parse) {
            if let Some(number) = store::numbers::find(db, workspace_id, &id).await? {
                self.numbers.insert(id, numbers::view(app, number).await?);
            }
        }
        let ids = subjects(told, "note", NoteId::parse);
        if !ids.is_empty() {
            let rows = store::notes::list_by_ids(db, workspace_id, &ids).await?;
            let beside: Vec<ConversationId> = rows.iter().map(|note| note.conversation_id.clone()).collect();
            self.numbers_of = store::conversations::list_numbers(db, workspace_id, &beside).await?;
            let shown = notes::show(db, workspace_id, rows).await?;
            self.notes = shown.into_iter().map(|note| (note.id.clone(), note)).collect();
        }
        for id in subjects(told, "notice", NoticeId::parse) {
            if let Some(notice) = store::notices::find(db, workspace_id, &id).await? {
                self.notices.insert(id, notices::view(notice));
            }
        }
        for id in subjects(told, "file", FileId::parse) {
            if let Some(file) = store::knowledge::find(db, workspace_id, &id).await? {
                self.files.insert(id, knowledge::view(file));
            }
        }
        for id in subjects(told, "template", TemplateId::parse) {
            if let Some(template) = store::templates::find(db, workspace_id, &id).await? {
                self.templates.insert(id, templates::view(template));
            }
        }
        for id in subjects(told, "agent", AgentId::parse) {
            if let Some(agent) = store::agents::find_agent(db, workspace_id, &id).await? {
                self.agents.insert(id, agent);
            }
        }
        Ok(())
    }

    /// The events of one change.
    fn tell(&mut self, change: &Change) -> Vec<Part> {
        let mut parts = match change.kind.as_str() {
            "message" => self.tell_message(change),
            "gone" => Some(tell_gone(change)).into_iter().collect(),
            _ => self.tell_thing(change).into_iter().collect(),
        };
        for id in self.with.remove(&change.position).unwrap_or_default() {
            let Some(conversation) = self.conversations.remove(&id) else { continue };
            parts.push(Part {
                conversation_id: Some(id),
                number_id: Some(conversation.number_id.clone()),
                event: FeedEvent::Conversation(ConversationEvent { at: time(change.at), conversation }),
            });
        }
        parts
    }

    fn tell_message(&mut self, change: &Change) -> Vec<Part> {
        let Ok(id) = MessageId::parse(&change.subject) else { return Vec::new() };
        let messages = [self.messages.remove(&id), self.reacted_to.remove(&id)];
        let parts = messages.into_iter().flatten().map(|message| Part {
            conversation_id: Some(message.conversation_id.clone()),
            number_id: Some(message.number_id.clone()),
            event: FeedEvent::Message(MessageEvent {
                at: time(change.at),
                conversation_id: message.conversation_id.clone(),
                message,
            }),
        });
        parts.collect()
    }

    fn tell_thing(&mut self, change: &Change) -> Option<Part> {
        let at = time(change.at);
        let subject = change.subject.as_str();
        let part = |event| Part { event, conversation_id: None, number_id: None };
        Some(match change.kind.as_str() {
            "note" => {
                let note = self.notes.remove(&NoteId::parse(subject).ok()?)?;
                Part {
                    conversation_id: Some(note.conversation_id.clone()),
                    number_id: self.numbers_of.get(&note.conversation_id).cloned(),
                    event: FeedEvent::Note(NoteEvent { at, note }),
                }
            }
            "number" => {
                let id = NumberId::parse(subject).ok()?;
                let number = self.numbers.remove(&id)?;
                Part { number_id: Some(id), ..part(FeedEvent::Number(NumberEvent { at, number })) }
            }
            "notice" => {
                let notice = self.notices.remove(&NoticeId::parse(subject).ok()?)?;
                let number_id = notice.number_id.clone();
                Part { number_id, ..part(FeedEvent::Notice(NoticeEvent { at, notice })) }
            }
            "file" => {
                let file = self.files.remove(&FileId::parse(subject).ok()?)?;
                part(FeedEvent::File(FileEvent { at, file }))
            }
            "template" => {
                let template = self.templates.remove(&TemplateId::parse(subject).ok()?)?;
                part(FeedEvent::Template(TemplateEvent { at, template }))
            }
            "agent" => {
                let agent = self.agents.remove(&AgentId::parse(subject).ok()?)?;
                let (agent_id, version, mode) = (agent.id, agent.version, agent.mode);
                part(FeedEvent::Agent(AgentEvent { at, agent_id, version, mode }))
            }
            _ => return None,
        })
    }
}

/// A message tells of its conversation where it is the last one there.
fn looks_different(conversation: &Conversation, change: &Change) -> bool {
    match change.kind.as_str() {
        "conversation" => conversation.id.as_str() == change.subject,
        "contact" => conversation.contact.id.as_str() == change.subject,
        "message" => conversation.last_message.as_ref().is_some_and(|last| last.id.as_str() == change.subject),
        _ => false,
    }
}

fn tell_gone(change: &Change) -> Part {
    let kind = match change.subject.split('_').next().unwrap_or_default() {
        "cnv" => "conversation",
        "con" => "contact",
        "note" => "note",
        "num" => "number",
        "fil" => "file",
        "tpl" => "template",
        "agt" => "agent",
        other => other,
    };
    let event = GoneEvent { at: time(change.at), kind: kind.to_owned(), id: change.subject.clone() };
    Part { event: FeedEvent::Gone(event), conversation_id: None, number_id: None }
}

fn subjects<T, E>(told: &[&Change], kind: &str, parse: impl Fn(&str) -> Result<T, E>) -> Vec<T> {
    told.iter().filter(|change| change.kind == kind).filter_map(|change| parse(&change.subject).ok()).collect()
}
