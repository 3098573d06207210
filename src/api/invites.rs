//! Invites, from the side of whoever has the link. The token comes in a body, never in a path: paths stand in logs.

use chrono::{DateTime, Utc};
use entity::private::Text as StoredText;
use entity::state::Role;
use entity::{invite, member};
use poem::Request;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use secrecy::SecretString;

use super::audit::Doing;
use super::auth::Who;
use super::problem::{ApiError, Fields};
use super::session::{Name, NewPassword, SignedIn, begin, check_password, not_looked_at, take_try};
use super::wire::Secret;
use super::{SharedApp, Tag, time};
use crate::app::App;
use crate::store;

type InviteToken = Secret<100>;

pub struct InvitesApi;

/// Who is invited, and to what.
#[derive(Debug, Object)]
struct Invite {
    email: String,
    name: Option<String>,
    workspace_name: String,
    role: Role,
    expires_at: DateTime<Utc>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct LookAtInvite {
    /// What stands after the link's `#`.
    token: InviteToken,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct AcceptInvite {
    token: InviteToken,
    /// What colleagues call them.
    name: Name,
    /// Not the e-mail.
    password: NewPassword,
}

#[OpenApi(tag = "Tag::Session")]
impl InvitesApi {
    /// Shows an invite to whoever has its link. Ten tries a minute for each address.
    #[oai(path = "/invites/look", method = "post", operation_id = "lookAtInvite")]
    async fn look(
        &self,
        app: SharedApp<'_>,
        request: &Request,
        body: Json<LookAtInvite>,
    ) -> Result<Json<Invite>, ApiError> {
        let mut fields = Fields::default();
        fields.fit("token", &body.token);
        fields.finish()?;
        take_try(&app, request)?;
        let (invite, member) = find(&app, &body.token).await?;
        let workspace = store::workspaces::find(app.db.reader(), &invite.workspace_id).await?;
        Ok(Json(Invite {
            email: member.email.0,
            name: member.name.map(|name| name.0),
            workspace_name: workspace.ok_or_else(ApiError::no_invite)?.name,
            role: member.role,
            expires_at: time(invite.expires_at),
        }))
    }

    /// Sets the password and signs in. The link is used up, and whoever was signed in with an old password is signed out.
    #[oai(path = "/invites/accept", method = "post", operation_id = "acceptInvite")]
    async fn accept(
        &self,
        app: SharedApp<'_>,
        request: &Request,
        doing: Data<&Doing>,
        body: Json<AcceptInvite>,
    ) -> Result<SignedIn, ApiError> {
        let body = body.0;
        let mut fields = Fields::default();
        fields.fit("token", &body.token);
        fields.fit("name", &body.name);
        fields.fit("password", &body.password);
        fields.finish()?;
        take_try(&app, request)?;
        let (invite, member) = find(&app, &body.token).await?;
        let mut fields = Fields::default();
        check_password(&mut fields, "password", &body.password, &member.email);
        fields.finish()?;
        let password = SecretString::from(body.password.into_string());
        let hash = app.passwords.hash(password).await.map_err(not_looked_at)?;
        let now = app.now();
        let member = store::write(&app.db, async |tx| {
            if !store::invites::delete(tx, &invite.id).await? {
                return Err(ApiError::no_invite());
            }
            let locked = store::members::lock(tx, &member.workspace_id, &member.id).await?;
            let mut member = locked.ok_or_else(ApiError::no_invite)?;
            member.name = Some(StoredText(body.name.into_string()));
            store::members::update(tx, &member, now).await?;
            store::members::set_password(tx, &member.id, hash, now).await?;
            store::sessions::delete_of_actor(tx, &member.id.clone().into(), None).await?;
            Ok(member)
        })
        .await?;
        let who = Who::Member(member);
        doing.is_done_by(&who);
        begin(&app, request, who).await
    }
}

async fn find(app: &App, token: &str) -> Result<(invite::Model, member::Model), ApiError> {
    let db = app.db.reader();
    let invite = store::invites::find_by_token(db, token, app.now()).await?.ok_or_else(ApiError::no_invite)?;
    let member = store::members::find(db, &invite.workspace_id, &invite.member_id).await?;
    Ok((invite, member.ok_or_else(ApiError::no_invite)?))
}
