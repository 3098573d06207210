//! What messages are shown with: their files, what they quote, who reacted to them. One query a kind for a whole page.

use std::collections::{HashMap, HashSet};

use entity::message::{Column, Entity, Model};
use entity::private::{Content, Text};
use entity::state::{Direction, MessageStatus};
use entity::{ActorId, ConversationId, MediaId, MessageId, WorkspaceId, media, message};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, QueryFilter};

use crate::clock::Millis;

#[derive(Debug, Default)]
pub struct Beside {
    media: HashMap<MediaId, media::Model>,
    quoted: Vec<Quoted>,
    reactions: Vec<Reaction>,
    names: HashMap<ActorId, String>,
}

/// A message that another one quotes.
#[derive(Clone, Debug, PartialEq, DerivePartialModel)]
#[sea_orm(entity = "message::Entity")]
pub struct Quoted {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub direction: Direction,
    pub kind: String,
    pub text: Option<Text>,
    pub wamid: Option<String>,
}

#[derive(Clone, Debug, PartialEq, DerivePartialModel)]
#[sea_orm(entity = "message::Entity")]
pub struct Reaction {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub direction: Direction,
    pub content: Content,
    pub reply_to: Option<String>,
    pub sent_at: Millis,
}

impl Reaction {
    /// `None` where it was taken back.
    pub fn emoji(&self) -> Option<&str> {
        let content = &self.content.0;
        // Inbound messages are stored whole.
        let part = if self.direction == Direction::Inbound { content.get("reaction")? } else { content };
        part.get("emoji")?.as_str().filter(|emoji| !emoji.is_empty())
    }
}

impl Beside {
    pub fn media(&self, message: &Model) -> Option<&media::Model> {
        message.media_id.as_ref().and_then(|id| self.media.get(id))
    }

    /// What whoever sent it is called now.
    pub fn sender_name(&self, message: &Model) -> Option<&str> {
        message.actor.as_ref().and_then(|actor| self.names.get(actor)).map(String::as_str)
    }

    pub fn quoted(&self, message: &Model) -> Option<&Quoted> {
        let wamid = message.reply_to.as_ref()?;
        let is_it = |quoted: &&Quoted| {
            quoted.conversation_id == message.conversation_id && quoted.wamid.as_ref() == Some(wamid)
        };
        self.quoted.iter().find(is_it)
    }

    /// The newest reaction of each side.
    pub fn reactions(&self, message: &Model) -> Vec<&Reaction> {
        let Some(wamid) = &message.wamid else { return Vec::new() };
        let of_side = |direction: Direction| {
            let all = self.reactions.iter().filter(move |reaction| {
                reaction.direction == direction
                    && reaction.conversation_id == message.conversation_id
                    && reaction.reply_to.as_ref() == Some(wamid)
            });
            // Meta's times have whole seconds.
            all.max_by_key(|reaction| (reaction.sent_at / 1000, reaction.id.clone()))
        };
        [Direction::Inbound, Direction::Outbound].into_iter().filter_map(of_side).collect()
    }
}

pub async fn load(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    messages: &[Model],
) -> Result<Beside, DbErr> {
    let senders: HashSet<&ActorId> = messages.iter().filter_map(|message| message.actor.as_ref()).collect();
    let senders: Vec<ActorId> = senders.into_iter().cloned().collect();
    Ok(Beside {
        names: super::actors::names(connection, workspace_id, &senders).await?,
        media: load_media(connection, workspace_id, messages).await?,
        quoted: load_quoted(connection, messages).await?,
        reactions: load_reactions(connection, messages).await?,
    })
}

async fn load_media(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    messages: &[Model],
) -> Result<HashMap<MediaId, media::Model>, DbErr> {
    let ids: Vec<MediaId> = messages.iter().filter_map(|message| message.media_id.clone()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = media::Entity::find()
        .filter(media::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(media::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    Ok(found.into_iter().map(|file| (file.id.clone(), file)).collect())
}

async fn load_quoted(connection: &impl ConnectionTrait, messages: &[Model]) -> Result<Vec<Quoted>, DbErr> {
    let quoting = || messages.iter().filter(|message| message.reply_to.is_some());
    if quoting().next().is_none() {
        return Ok(Vec::new());
    }
    Entity::find()
        .filter(Column::NumberId.is_in(quoting().map(|message| message.number_id.clone())))
        .filter(Column::Wamid.is_in(quoting().filter_map(|message| message.reply_to.clone())))
        .into_partial_model::<Quoted>()
        .all(connection)
        .await
}

async fn load_reactions(connection: &impl ConnectionTrait, messages: &[Model]) -> Result<Vec<Reaction>, DbErr> {
    let named = || messages.iter().filter(|message| message.wamid.is_some());
    if named().next().is_none() {
        return Ok(Vec::new());
    }
    let reached = Condition::any().add(Column::Status.is_null()).add(Column::Status.ne(MessageStatus::Failed));
    Entity::find()
        .filter(Column::ConversationId.is_in(named().map(|message| message.conversation_id.clone())))
        // In the words of the index over reactions.
        .filter(Expr::cust("kind = 'reaction'"))
        .filter(Column::ReplyTo.is_in(named().filter_map(|message| message.wamid.clone())))
        .filter(reached)
        .into_partial_model::<Reaction>()
        .all(connection)
        .await
}
