//! Sessions: only the hashes of their cookies.

use entity::session::{Column, Entity, Model};
use entity::{ActorId, SessionId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use crate::clock::Millis;

/// Rows that leave in one go.
const SWEPT: u64 = 500;

pub async fn insert(connection: &impl ConnectionTrait, session: Model) -> Result<(), DbErr> {
    Entity::insert(session.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

/// The session of a cookie, unless its time is over.
pub async fn find_by_token(
    connection: &impl ConnectionTrait,
    token: &str,
    now: Millis,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::TokenHash.eq(crate::secrets::api_key_hash(token)))
        .filter(Column::ExpiresAt.gt(now))
        .one(connection)
        .await
}

/// A session that was found before, unless it was ended since.
pub async fn find(connection: &impl ConnectionTrait, id: &SessionId, now: Millis) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::ExpiresAt.gt(now)).one(connection).await
}

/// Notes that it is used.
pub async fn note_seen(
    connection: &impl ConnectionTrait,
    id: &SessionId,
    now: Millis,
    expires_at: Millis,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LastSeenAt, Expr::value(now))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at))
        .filter(Column::Id.eq(id.clone()))
        .exec(connection)
        .await?;
    Ok(())
}

pub async fn delete(connection: &impl ConnectionTrait, id: &SessionId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::Id.eq(id.clone())).exec(connection).await?;
    Ok(())
}

/// Ends the sessions of a key or a member, all but `except`.
pub async fn delete_of_actor(
    connection: &impl ConnectionTrait,
    actor: &ActorId,
    except: Option<&SessionId>,
) -> Result<(), DbErr> {
    let mut query = Entity::delete_many().filter(Column::Actor.eq(actor.clone()));
    if let Some(except) = except {
        query = query.filter(Column::Id.ne(except.clone()));
    }
    query.exec(connection).await?;
    Ok(())
}

/// Sweeps some of those out whose time is over.
pub async fn drop_expired(connection: &impl ConnectionTrait, now: Millis) -> Result<(), DbErr> {
    let over = Entity::find().select_only().column(Column::Id).filter(Column::ExpiresAt.lte(now)).limit(SWEPT);
    let ids: Vec<SessionId> = over.into_tuple().all(connection).await?;
    if !ids.is_empty() {
        Entity::delete_many().filter(Column::Id.is_in(ids)).exec(connection).await?;
    }
    Ok(())
}
