//! Setting a number up at Meta: its PIN, its registration.

use entity::NumberId;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::{find_with_token, refused};
use crate::api::auth::Admin;
use crate::api::problem::{ApiError, Fields};
use crate::api::wire::{Country, Pin, Text};
use crate::api::{SharedApp, Tag};
use crate::store;

pub struct SetupApi;

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SetPin {
    /// Write-only: six digits.
    pin: Text<6, Pin>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct Register {
    /// Write-only: the number's two-step PIN; where it has none, this becomes it.
    pin: Text<6, Pin>,
    /// Keeps messages at rest in this country, such as `CH`.
    data_localization_region: Option<Text<2, Country>>,
}

/// What was done at Meta.
#[derive(Debug, Object)]
struct Done {
    ok: bool,
}

#[OpenApi(tag = "Tag::Numbers")]
impl SetupApi {
    /// Sets the PIN of two-step verification at Meta. It is not kept here.
    #[oai(path = "/numbers/:number_id/pin", method = "post", operation_id = "setNumberPin")]
    async fn pin(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        number_id: Path<NumberId>,
        body: Json<SetPin>,
    ) -> Result<Json<Done>, ApiError> {
        let mut fields = Fields::default();
        fields.fit("pin", &body.pin);
        fields.finish()?;
        let (number, token) = find_with_token(&app, admin.workspace(), &number_id).await?;
        app.graph.set_pin(&number.phone_number_id, &token, &body.pin).await.map_err(refused)?;
        Ok(Json(Done { ok: true }))
    }

    /// Registers the number for the Cloud API. Meta allows it ten times in 72 hours.
    #[oai(path = "/numbers/:number_id/register", method = "post", operation_id = "registerNumber")]
    async fn register(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        number_id: Path<NumberId>,
        body: Json<Register>,
    ) -> Result<Json<Done>, ApiError> {
        let mut fields = Fields::default();
        fields.fit("pin", &body.pin);
        fields.fit("data_localization_region", &body.data_localization_region);
        fields.finish()?;
        let (number, token) = find_with_token(&app, admin.workspace(), &number_id).await?;
        let region = body.data_localization_region.as_deref();
        app.graph.register(&number.phone_number_id, &token, &body.pin, region).await.map_err(refused)?;
        store::numbers::set_health_due(app.db.writer(), &number.id, app.now()).await?;
        Ok(Json(Done { ok: true }))
    }

    /// Takes the number off the Cloud API: it neither sends nor receives until it is registered again.
    #[oai(path = "/numbers/:number_id/deregister", method = "post", operation_id = "deregisterNumber")]
    async fn deregister(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        number_id: Path<NumberId>,
    ) -> Result<Json<Done>, ApiError> {
        let (number, token) = find_with_token(&app, admin.workspace(), &number_id).await?;
        app.graph.deregister(&number.phone_number_id, &token).await.map_err(refused)?;
        store::numbers::set_health_due(app.db.writer(), &number.id, app.now()).await?;
        Ok(Json(Done { ok: true }))
    }
}
