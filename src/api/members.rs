//! Members: people who sign in. An admin makes one and hands over the link with which they set their password.

use chrono::{DateTime, Utc};
use entity::private::Text as StoredText;
use entity::state::{ActorKind, MemberStatus, Role};
use entity::{ActorId, MemberId, WorkspaceId, member};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};
use sea_orm::ConnectionTrait;

use super::auth::{Admin, Viewer};
use super::problem::{ApiError, Fields};
use super::session::{EmailAddress, Name, UiLanguage};
use super::wire::{Text, set};
use super::{Created, Cursor, Deleted, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::App;
use crate::clock::Millis;
use crate::secrets::random_token;
use crate::store;

const INVITE_TOKEN_BYTES: usize = 32;
const INVITE_LASTS_MS: Millis = 7 * 24 * 60 * 60 * 1000;

pub struct MembersApi;

/// A person who signs in.
#[derive(Debug, Object)]
struct Member {
    id: MemberId,
    /// In lower case.
    email: String,
    name: Option<String>,
    role: Role,
    /// `invited` until they have set a password.
    status: MemberStatus,
    /// Which language they read; null: their browser's.
    language: Option<String>,
    last_seen_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

/// A member with the link to set a password with, which is shown this once.
#[derive(Object)]
struct InvitedMember {
    id: MemberId,
    email: String,
    name: Option<String>,
    role: Role,
    status: MemberStatus,
    language: Option<String>,
    last_seen_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    /// Hand it to them: whoever has it sets the password. It works once.
    invite_url: String,
    invite_expires_at: DateTime<Utc>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct CreateMember {
    /// Nobody else's in this installation.
    email: EmailAddress,
    name: Option<Name>,
    role: Role,
    language: Option<UiLanguage>,
}

/// Only what is given changes; null takes away.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct UpdateMember {
    name: MaybeUndefined<Name>,
    /// It holds from their next call on.
    role: Option<Role>,
    language: MaybeUndefined<UiLanguage>,
}

/// Somebody who may do things here: a member, or a program with an API key.
#[derive(Debug, Object)]
struct Colleague {
    id: ActorId,
    name: String,
    kind: ActorKind,
    role: Role,
}

#[derive(Debug, Object)]
struct Colleagues {
    /// Members first, in the order of their names.
    items: Vec<Colleague>,
}

#[OpenApi(tag = "Tag::Members")]
impl MembersApi {
    /// Lists members, newest first.
    #[oai(path = "/members", method = "get", operation_id = "listMembers")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Member>>, ApiError> {
        let page = page_request(cursor, limit);
        Ok(List::of(store::members::list(app.db.reader(), admin.workspace(), &page).await?, view))
    }

    /// Makes a member, and the link with which they set their password. The link is good for seven days.
    #[oai(path = "/members", method = "post", operation_id = "createMember")]
    async fn create(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        body: Json<CreateMember>,
    ) -> Result<Created<InvitedMember>, ApiError> {
        let body = body.0;
        let mut fields = Fields::default();
        fields.fit("email", &body.email);
        fields.fit("name", &body.name);
        fields.fit("language", &body.language);
        fields.finish()?;
        let now = app.now();
        let member = member::Model {
            id: MemberId::generate(now),
            workspace_id: admin.workspace().clone(),
            email: store::members::folded(&body.email),
            name: body.name.map(|name| StoredText(name.into_string())),
            role: body.role,
            language: body.language.map(Text::into_string),
            password_hash: None,
            last_seen_at: None,
            created_at: now,
            updated_at: now,
        };
        let invite = Invite::new(now);
        store::write(&app.db, async |tx| {
            store::members::insert(tx, member.clone()).await.map_err(taken)?;
            Ok::<_, ApiError>(invite.store(tx, &member, now).await?)
        })
        .await?;
        Ok(Created::new(invite.view(&app, member)))
    }

    /// Shows a member.
    #[oai(path = "/members/:member_id", method = "get", operation_id = "getMember")]
    async fn get(&self, app: SharedApp<'_>, admin: Admin, member_id: Path<MemberId>) -> Result<Json<Member>, ApiError> {
        let found = store::members::find(app.db.reader(), admin.workspace(), &member_id).await?;
        found.map(|member| Json(view(member))).ok_or_else(|| ApiError::not_found("member"))
    }

    /// Changes the given fields. The last admin stays one.
    #[oai(path = "/members/:member_id", method = "patch", operation_id = "updateMember")]
    async fn update(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        member_id: Path<MemberId>,
        body: Json<UpdateMember>,
    ) -> Result<Json<Member>, ApiError> {
        let body = body.0;
        let mut fields = Fields::default();
        fields.fit("name", &body.name);
        fields.fit("language", &body.language);
        fields.finish()?;
        let updated = store::write(&app.db, async |tx| {
            let mut member = lock(tx, admin.workspace(), &member_id).await?;
            let role = body.role.unwrap_or(member.role);
            if role != Role::Admin {
                keep_an_admin(tx, &member).await?;
            }
            member.role = role;
            set(&mut member.name, body.name, |name| StoredText(name.into_string()));
            set(&mut member.language, body.language, Text::into_string);
            store::members::update(tx, &member, app.now()).await?;
            Ok::<_, ApiError>(member)
        })
        .await?;
        Ok(Json(view(updated)))
    }

    /// Removes a member and ends their sessions at once. What they did stays written down. The last admin stays.
    #[oai(path = "/members/:member_id", method = "delete", operation_id = "deleteMember")]
    async fn delete(&self, app: SharedApp<'_>, admin: Admin, member_id: Path<MemberId>) -> Result<Deleted, ApiError> {
        let deleted = store::write(&app.db, async |tx| {
            let member = lock(tx, admin.workspace(), &member_id).await?;
            keep_an_admin(tx, &member).await?;
            store::sessions::delete_of_actor(tx, &member.id.clone().into(), None).await?;
            store::invites::delete_of_member(tx, &member.id).await?;
            Ok::<_, ApiError>(store::members::delete(tx, admin.workspace(), &member_id).await?)
        })
        .await?;
        Deleted::or_not_found(deleted, "member")
    }

    /// Makes a new link in the place of the one before, also for a lost password: the old one holds until the link is used.
    #[oai(path = "/members/:member_id/invite", method = "post", operation_id = "inviteMember")]
    async fn invite(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        member_id: Path<MemberId>,
    ) -> Result<Created<InvitedMember>, ApiError> {
        let now = app.now();
        let invite = Invite::new(now);
        let member = store::write(&app.db, async |tx| {
            let member = lock(tx, admin.workspace(), &member_id).await?;
            invite.store(tx, &member, now).await?;
            Ok::<_, ApiError>(member)
        })
        .await?;
        Ok(Created::new(invite.view(&app, member)))
    }

    /// Lists everybody who may do things here, to show names and to choose from; the newest thousand of each kind.
    #[oai(path = "/colleagues", method = "get", operation_id = "listColleagues")]
    async fn colleagues(&self, app: SharedApp<'_>, viewer: Viewer) -> Result<Json<Colleagues>, ApiError> {
        let all = store::actors::list(app.db.reader(), viewer.workspace()).await?;
        let items = all.into_iter().map(|actor| Colleague {
            id: actor.id,
            name: actor.name,
            kind: actor.kind,
            role: actor.role,
        });
        Ok(Json(Colleagues { items: items.collect() }))
    }
}

/// A link that is about to be handed over. Its token stands after the `#`, which browsers send to nobody.
struct Invite {
    token: String,
    expires_at: Millis,
}

impl Invite {
    fn new(now: Millis) -> Self {
        Self { token: random_token(INVITE_TOKEN_BYTES), expires_at: now + INVITE_LASTS_MS }
    }

    async fn store(
        &self,
        tx: &impl ConnectionTrait,
        member: &member::Model,
        now: Millis,
    ) -> Result<(), sea_orm::DbErr> {
        store::invites::replace(tx, &member.workspace_id, &member.id, &self.token, now, self.expires_at).await
    }

    fn view(self, app: &App, member: member::Model) -> InvitedMember {
        let member = view(member);
        InvitedMember {
            id: member.id,
            email: member.email,
            name: member.name,
            role: member.role,
            status: member.status,
            language: member.language,
            last_seen_at: member.last_seen_at,
            created_at: member.created_at,
            invite_url: format!("{}/join#{}", app.settings.server.base_url(), self.token),
            invite_expires_at: time(self.expires_at),
        }
    }
}

/// The workspace is held too: whoever goes is counted among those who stay by nobody else meanwhile.
async fn lock(tx: &impl ConnectionTrait, workspace_id: &WorkspaceId, id: &MemberId) -> Result<member::Model, ApiError> {
    store::workspaces::lock(tx, workspace_id).await?;
    let found = store::members::lock(tx, workspace_id, id).await?;
    found.ok_or_else(|| ApiError::not_found("member"))
}

/// Refuses that a member stops being an admin when nobody else is one who can get in.
async fn keep_an_admin(tx: &impl ConnectionTrait, member: &member::Model) -> Result<(), ApiError> {
    if member.role != Role::Admin || member.password_hash.is_none() {
        return Ok(());
    }
    let members = store::members::count_active_admins(tx, &member.workspace_id).await?;
    if members <= 1 && store::keys::count_admins(tx, &member.workspace_id).await? == 0 {
        let detail = "This is the workspace's last admin. Make somebody else one first.";
        return Err(ApiError::conflict("last_admin", detail));
    }
    Ok(())
}

fn view(member: member::Model) -> Member {
    Member {
        id: member.id,
        email: member.email.0,
        name: member.name.map(|name| name.0),
        role: member.role,
        status: if member.password_hash.is_some() { MemberStatus::Active } else { MemberStatus::Invited },
        language: member.language,
        last_seen_at: member.last_seen_at.map(time),
        created_at: time(member.created_at),
    }
}

fn taken(error: sea_orm::DbErr) -> ApiError {
    match store::violates_unique(&error) {
        true => ApiError::conflict("email_taken", "Somebody with this e-mail is a member already."),
        false => error.into(),
    }
}
