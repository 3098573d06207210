//! Whoever does something: a program with an API key, or a member.

use std::collections::HashMap;

use entity::private::Text;
use entity::state::{ActorKind, Role};
use entity::{ActorId, KeyId, MemberId, WorkspaceId, api_key, member};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

/// More colleagues than anybody chooses from.
const MOST: u64 = 1_000;

#[derive(FromQueryResult)]
struct NamedKey {
    id: ActorId,
    name: String,
    role: Role,
}

#[derive(FromQueryResult)]
struct NamedMember {
    id: ActorId,
    name: Option<Text>,
    email: Text,
    role: Role,
}

/// Somebody who may do things here.
#[derive(Debug)]
pub struct Actor {
    pub id: ActorId,
    pub name: String,
    pub kind: ActorKind,
    pub role: Role,
}

impl From<NamedKey> for Actor {
    fn from(key: NamedKey) -> Self {
        Self { id: key.id, name: key.name, kind: ActorKind::Key, role: key.role }
    }
}

impl From<NamedMember> for Actor {
    fn from(member: NamedMember) -> Self {
        let name = called(member.name.as_ref(), &member.email);
        Self { id: member.id, name, kind: ActorKind::Member, role: member.role }
    }
}

/// A member's name, or the e-mail of one without.
pub fn called(name: Option<&Text>, email: &Text) -> String {
    name.unwrap_or(email).as_str().to_owned()
}

/// What some of a workspace's actors are called now. Those that are gone are left out.
pub async fn names(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    ids: &[ActorId],
) -> Result<HashMap<ActorId, String>, DbErr> {
    let keys: Vec<KeyId> = ids.iter().filter_map(ActorId::as_key).collect();
    let members: Vec<MemberId> = ids.iter().filter_map(ActorId::as_member).collect();
    let mut found: Vec<Actor> = Vec::new();
    if !keys.is_empty() {
        let is_asked = api_key::Column::Id.is_in(keys);
        found.extend(list_keys(connection, workspace_id, is_asked).await?);
    }
    if !members.is_empty() {
        let is_asked = member::Column::Id.is_in(members);
        found.extend(list_members(connection, workspace_id, is_asked).await?);
    }
    Ok(found.into_iter().map(|actor| (actor.id, actor.name)).collect())
}

/// Everybody of a workspace, members first, in the order of their names.
pub async fn list(connection: &impl ConnectionTrait, workspace_id: &WorkspaceId) -> Result<Vec<Actor>, DbErr> {
    let mut all = list_members(connection, workspace_id, member::Column::Id.is_not_null()).await?;
    all.extend(list_keys(connection, workspace_id, api_key::Column::Id.is_not_null()).await?);
    all.sort_by_cached_key(|actor| (actor.kind == ActorKind::Key, actor.name.to_lowercase()));
    Ok(all)
}

async fn list_keys(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    asked: sea_orm::sea_query::SimpleExpr,
) -> Result<Vec<Actor>, DbErr> {
    let found = api_key::Entity::find()
        .select_only()
        .columns([api_key::Column::Id, api_key::Column::Name, api_key::Column::Role])
        .filter(api_key::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(asked)
        .order_by_desc(api_key::Column::Id)
        .limit(MOST)
        .into_model::<NamedKey>()
        .all(connection)
        .await?;
    Ok(found.into_iter().map(Actor::from).collect())
}

async fn list_members(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    asked: sea_orm::sea_query::SimpleExpr,
) -> Result<Vec<Actor>, DbErr> {
    let found = member::Entity::find()
        .select_only()
        .columns([member::Column::Id, member::Column::Name, member::Column::Email, member::Column::Role])
        .filter(member::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(asked)
        .order_by_desc(member::Column::Id)
        .limit(MOST)
        .into_model::<NamedMember>()
        .all(connection)
        .await?;
    Ok(found.into_iter().map(Actor::from).collect())
}
