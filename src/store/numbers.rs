//! Numbers: the WhatsApp lines we serve.

use entity::number::{Column, Entity, Model};
use entity::state::NumberMode;
use entity::{AgentId, NumberId, WorkspaceId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JsonValue as Json,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::{Page, PageRequest};
use crate::clock::Millis;

pub async fn insert(connection: &impl ConnectionTrait, number: Model) -> Result<(), DbErr> {
    Entity::insert(number.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

/// Writes the whole row.
pub async fn update(connection: &impl ConnectionTrait, number: Model) -> Result<(), DbErr> {
    Entity::update(number.into_active_model().reset_all()).exec_without_returning(connection).await?;
    Ok(())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &NumberId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::WorkspaceId.eq(workspace_id.clone())).one(connection).await
}

/// The number of a webhook's URL or of a row of ours: no workspace is asking.
pub async fn find_by_id(connection: &impl ConnectionTrait, id: &NumberId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).one(connection).await
}

pub async fn find_by_phone_number_id(
    connection: &impl ConnectionTrait,
    phone_number_id: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::PhoneNumberId.eq(phone_number_id)).one(connection).await
}

/// The numbers of an account, for webhooks that name no number.
pub async fn list_by_waba_id(
    connection: &impl ConnectionTrait,
    waba_id: &str,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::WabaId.eq(waba_id)).order_by_asc(Column::Id).limit(limit).all(connection).await
}

pub async fn has_verify_token(connection: &impl ConnectionTrait, fingerprint: &str) -> Result<bool, DbErr> {
    Ok(Entity::find().filter(Column::VerifyTokenMac.eq(fingerprint)).count(connection).await? > 0)
}

pub async fn any_app_secret(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(Entity::find().filter(Column::AppSecretMac.is_not_null()).limit(1).one(connection).await?.is_some())
}

pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone()));
    if let Some(before) = &page.cursor {
        query = query.filter(Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |number| number.id.to_string()))
}

pub async fn list_by_ids(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    ids: &[NumberId],
) -> Result<Vec<Model>, DbErr> {
    let query = Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone()));
    query.filter(Column::Id.is_in(ids.iter().cloned())).all(connection).await
}

/// The numbers of these agents, and with `unclaimed` those without an agent of their own.
pub async fn list_of_agents(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    agent_ids: &[AgentId],
    unclaimed: bool,
) -> Result<Vec<Model>, DbErr> {
    let mut any = Condition::any().add(Column::AgentId.is_in(agent_ids.iter().cloned()));
    if unclaimed {
        any = any.add(Column::AgentId.is_null());
    }
    Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(any)
        .order_by_asc(Column::Id)
        .all(connection)
        .await
}

/// Every number with sealed secrets, page by page: for a new master key.
pub async fn list_all_after(
    connection: &impl ConnectionTrait,
    after: Option<&NumberId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find();
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.clone()));
    }
    query.order_by_asc(Column::Id).limit(limit).all(connection).await
}

pub async fn delete(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &NumberId,
) -> Result<bool, DbErr> {
    let deleted = Entity::delete_many()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::Id.eq(id.clone()))
        .exec(connection)
        .await?;
    Ok(deleted.rows_affected == 1)
}

/// Takes an agent that goes away off its numbers.
pub async fn clear_agent(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    agent_id: &AgentId,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::AgentId, Expr::value(Option::<String>::None))
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::AgentId.eq(agent_id.clone()))
        .exec(connection)
        .await?;
    Ok(())
}

/// Lets the number's sends wait until `until`. `true` when they did not wait before: it is told once.
pub async fn put_on_hold(
    connection: &impl ConnectionTrait,
    id: &NumberId,
    code: Option<i64>,
    until: Millis,
) -> Result<bool, DbErr> {
    let begun = Entity::update_many()
        .col_expr(Column::HeldUntil, Expr::value(until))
        .col_expr(Column::HeldCode, Expr::value(code))
        .filter(Column::Id.eq(id.clone()))
        .filter(Column::HeldUntil.is_null())
        .exec(connection)
        .await?
        .rows_affected
        == 1;
    if !begun {
        Entity::update_many()
            .col_expr(Column::HeldUntil, Expr::value(until))
            .filter(Column::Id.eq(id.clone()))
            .exec(connection)
            .await?;
    }
    Ok(begun)
}

/// Ends a hold; `true` when there was one.
pub async fn lift_hold(connection: &impl ConnectionTrait, id: &NumberId) -> Result<bool, DbErr> {
    let lifted = Entity::update_many()
        .col_expr(Column::HeldUntil, Expr::value(Option::<i64>::None))
        .col_expr(Column::HeldCode, Expr::value(Option::<i64>::None))
        .filter(Condition::all().add(Column::Id.eq(id.clone())).add(Column::HeldUntil.is_not_null()))
        .exec(connection)
        .await?;
    Ok(lifted.rows_affected == 1)
}

/// The one send that may try whether a held number works again: it moves the hold on, and only one can.
pub async fn take_probe(
    connection: &impl ConnectionTrait,
    id: &NumberId,
    now: Millis,
    next: Millis,
) -> Result<bool, DbErr> {
    let taken = Entity::update_many()
        .col_expr(Column::HeldUntil, Expr::value(next))
        .filter(Column::Id.eq(id.clone()))
        .filter(Column::HeldUntil.lte(now))
        .exec(connection)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// The row, locked for this transaction.
pub async fn lock(tx: &impl ConnectionTrait, id: &NumberId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).lock_exclusive().one(tx).await
}

/// A workspace's numbers on an account.
pub async fn list_of_account(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    waba_id: &str,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::WabaId.eq(waba_id))
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .order_by_asc(Column::Id)
        .all(connection)
        .await
}

/// Keeps what is known of the number's health, and nothing else of the row.
pub async fn set_health(connection: &impl ConnectionTrait, id: &NumberId, health: Json) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Health, Expr::value(health))
        .filter(Column::Id.eq(id.clone()))
        .exec(connection)
        .await?;
    Ok(())
}

/// Has the number looked at from `at` on.
pub async fn set_health_due(connection: &impl ConnectionTrait, id: &NumberId, at: Millis) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::HealthDueAt, Expr::value(at))
        .filter(Column::Id.eq(id.clone()))
        .exec(connection)
        .await?;
    Ok(())
}

/// Has the account's templates read from `at` on, whichever of its numbers is asked.
pub async fn set_templates_due(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    waba_id: &str,
    at: Millis,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::TemplatesDueAt, Expr::value(at))
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::WabaId.eq(waba_id))
        .exec(connection)
        .await?;
    Ok(())
}

/// Notes that Meta verified the webhook of this number.
pub async fn note_verified(connection: &impl ConnectionTrait, id: &NumberId, at: Millis) -> Result<(), DbErr> {
    note_verified_where(connection, Condition::all().add(Column::Id.eq(id.clone())), at).await
}

/// The same of all numbers that share the instance's verify token.
pub async fn note_verified_without_own(connection: &impl ConnectionTrait, at: Millis) -> Result<(), DbErr> {
    note_verified_where(connection, Condition::all().add(Column::VerifyToken.is_null()), at).await
}

/// The same of those whose own verify token was shown.
pub async fn note_verified_by(connection: &impl ConnectionTrait, fingerprint: &str, at: Millis) -> Result<(), DbErr> {
    note_verified_where(connection, Condition::all().add(Column::VerifyTokenMac.eq(fingerprint)), at).await
}

async fn note_verified_where(connection: &impl ConnectionTrait, which: Condition, at: Millis) -> Result<(), DbErr> {
    Entity::update_many().col_expr(Column::WebhookVerifiedAt, Expr::value(at)).filter(which).exec(connection).await?;
    Ok(())
}

/// The number a workspace began with.
pub async fn oldest(connection: &impl ConnectionTrait, workspace_id: &WorkspaceId) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone())).order_by_asc(Column::Id).one(connection).await
}

/// Numbers that are to be looked at by now, those that have waited longest first.
pub async fn list_health_due(connection: &impl ConnectionTrait, now: Millis, limit: u64) -> Result<Vec<Model>, DbErr> {
    can_be_asked()
        .filter(Column::HealthDueAt.lte(now))
        .order_by_asc(Column::HealthDueAt)
        .limit(limit)
        .all(connection)
        .await
}

/// Numbers whose account's templates are to be read by now.
pub async fn list_templates_due(
    connection: &impl ConnectionTrait,
    now: Millis,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    can_be_asked()
        .filter(Column::WabaId.is_not_null())
        .filter(Column::TemplatesDueAt.lte(now))
        .order_by_asc(Column::TemplatesDueAt)
        .limit(limit)
        .all(connection)
        .await
}

/// Graph answers nobody without a token, and an inactive number has nothing to be looked after.
fn can_be_asked() -> Select<Entity> {
    Entity::find().filter(Column::Mode.eq(NumberMode::Active)).filter(Column::AccessToken.is_not_null())
}
