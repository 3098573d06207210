//! What machines ask: are you alive, are you ready, how are you.

use std::sync::Arc;

use migration::Migrator;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{EndpointExt, Response, Route, get, handler};
use serde_json::json;

use crate::app::App;
use crate::telemetry;

/// Mounts the probes and the metrics.
pub fn mount_health(routes: Route, app: &Arc<App>) -> Route {
    routes
        .at("/health/live", get(live))
        .at("/health/ready", get(ready).data(app.clone()))
        .at("/metrics", get(metrics_text).data(app.clone()))
}

#[handler]
fn live() -> Response {
    answer(StatusCode::OK, "live")
}

/// Ready speaks of the database and its schema, never of Graph or the model: a sick outbound closes no door.
#[handler]
async fn ready(Data(app): Data<&Arc<App>>) -> Response {
    match Migrator::pending(app.db.reader()).await {
        Ok(0) => answer(StatusCode::OK, "ready"),
        Ok(_) => answer(
            StatusCode::SERVICE_UNAVAILABLE,
            "the database's schema is not up to date: run switchboard migrate up",
        ),
        Err(error) => {
            tracing::warn!(error = %error, "not ready: the database does not answer");
            answer(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    }
}

#[handler]
async fn metrics_text(Data(app): Data<&Arc<App>>) -> Response {
    telemetry::refresh_gauges(app).await;
    Response::builder().content_type("text/plain; version=0.0.4").body(telemetry::render_metrics())
}

fn answer(status: StatusCode, words: &str) -> Response {
    Response::builder().status(status).content_type("application/json").body(json!({ "status": words }).to_string())
}
