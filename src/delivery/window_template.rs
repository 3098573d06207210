//! An agent's last resort: a template in place of a reply that came too late for the customer's window.

use entity::private::{Content, Text};
use entity::state::{Author, MessageStatus};
use entity::{MessageId, message, template};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Sending;
use crate::account::templates::definition;
use crate::app::App;
use crate::clock::Millis;
use crate::store;
use crate::whatsapp::template::render;

/// A parameter that becomes the contact's name.
const CONTACT_NAME: &str = "{{contact_name}}";

/// Which template, and what its body's variables are, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowTemplate {
    pub name: String,
    pub language: String,
    #[serde(default)]
    pub parameters: Vec<String>,
}

/// The template message that the agent has for this case, where it has one and this reply has none yet.
pub async fn instead_of(app: &App, sending: &Sending, now: Millis) -> Result<Option<message::Model>, DbErr> {
    let late = &sending.message;
    let Some(turn_id) = late.turn_id.as_ref().filter(|_| late.author == Author::Agent && late.kind != "template")
    else {
        return Ok(None);
    };
    let db = app.db.reader();
    let turn = store::turns::find(db, &late.workspace_id, turn_id).await?;
    let Some((agent_id, version)) = turn.and_then(|turn| turn.agent_id.zip(turn.agent_version)) else {
        return Ok(None);
    };
    let version = store::agents::find_version(db, &late.workspace_id, &agent_id, version).await?;
    let template = version.and_then(|version| version.window_template);
    let template: Option<WindowTemplate> = template.and_then(|stored| serde_json::from_value(stored).ok());
    let Some(template) = template else { return Ok(None) };
    let sent = store::messages::list_of_turn(db, turn_id).await?;
    let is_second = sent.iter().any(|message| message.kind == "template");
    if is_second {
        return Ok(None);
    }
    let stored = match &sending.number.waba_id {
        Some(waba_id) => {
            let (name, language) = (&template.name, &template.language);
            store::templates::find_by_name(db, &late.workspace_id, waba_id, name, language).await?
        }
        None => None,
    };
    Ok(Some(to_row(sending, &template, stored.as_ref(), now)))
}

/// Meta's object of the message; where the account's templates were never read, its name is all that can be shown of it.
fn to_row(
    sending: &Sending,
    template: &WindowTemplate,
    stored: Option<&template::Model>,
    now: Millis,
) -> message::Model {
    let late = &sending.message;
    let name = sending.contact.name.as_ref().map_or("", |name| name.as_str());
    let parameters: Vec<_> = template
        .parameters
        .iter()
        .map(|parameter| json!({ "type": "text", "text": parameter.replace(CONTACT_NAME, name) }))
        .collect();
    let mut content = json!({ "name": template.name, "language": { "code": template.language } });
    if !parameters.is_empty() {
        content["components"] = json!([{ "type": "body", "parameters": parameters }]);
    }
    let words = stored.map(|stored| render(definition(stored), &content));
    message::Model {
        id: MessageId::generate(now),
        kind: "template".to_owned(),
        text: Some(Text(words.unwrap_or_else(|| format!("[{}]", template.name)))),
        template_id: stored.map(|stored| stored.id.clone()),
        content: Content(content),
        status: Some(MessageStatus::Queued),
        wamid: None,
        error: None,
        sends: 0,
        released_at: None,
        sent_at: now,
        created_at: now,
        ..late.clone()
    }
}
