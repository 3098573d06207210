//! `/sim`: where people, pages and tests take hold of the simulator. And the phone page itself.

mod customers;
mod desk;
mod files;
mod numbers;
mod page;
mod taps;
mod templates;
mod webhooks;

use poem::{EndpointExt, IntoResponse, Response, Route, get, http::StatusCode, post, put};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use crate::simulator::Simulator;

/// Adds the page and the steering.
pub(crate) fn routes(route: Route, simulator: &Simulator) -> Route {
    let steering = Route::new()
        .at("/customers", get(customers::list).post(customers::add))
        .at("/customers/:phone/messages", get(customers::list_bubbles).post(customers::write))
        .at("/customers/:phone/media", post(files::send))
        .at("/customers/:phone/taps", post(taps::tap))
        .at("/customers/:phone/played", post(customers::play))
        .at("/customers/:phone/preferences", put(customers::prefer))
        .at("/customers/:phone/number", post(customers::change_number))
        .at("/customers/:phone/echoes", post(webhooks::echo))
        .at("/media/:id", get(files::show))
        .at("/media/:id/expire", post(files::expire))
        .at("/numbers", get(numbers::list))
        .at("/numbers/:id", put(numbers::update))
        .at("/templates", get(templates::list))
        .at("/templates/:id", put(templates::change))
        .at("/templates/:id/status", post(templates::change_status))
        .at("/webhooks", post(webhooks::queue))
        .at("/faults", get(desk::show_faults).put(desk::set_faults))
        .at("/requests", get(desk::list_requests))
        .at("/feed", get(desk::feed))
        .at("/reset", post(desk::reset))
        .at("/qr/:code", get(desk::show_qr));
    route.at("/", get(page::page)).nest("/sim", steering.data(simulator.clone()))
}

/// A request under `/sim` that makes no sense, in words for whoever wrote it.
struct Refusal(StatusCode, String);

impl Refusal {
    fn bad(why: impl ToString) -> Self {
        Self(StatusCode::BAD_REQUEST, why.to_string())
    }

    fn missing(what: impl ToString) -> Self {
        Self(StatusCode::NOT_FOUND, what.to_string())
    }
}

impl From<Refusal> for poem::Error {
    fn from(Refusal(status, message): Refusal) -> Self {
        Self::from_response(answer(status, &json!({"error": {"message": message}})))
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(Refusal::bad)
}

fn answer(status: StatusCode, body: &impl Serialize) -> Response {
    let body = serde_json::to_string(body).expect("our own answers always serialize");
    body.with_status(status).with_content_type("application/json").into_response()
}

fn success() -> Response {
    answer(StatusCode::OK, &json!({"success": true}))
}
