//! Faults, the record, the feed, and a fresh start.

use poem::{
    IntoResponse, Response, handler,
    http::StatusCode,
    web::{Data, Path, Query, sse::SSE},
};
use serde::Deserialize;
use serde_json::json;

use super::{Refusal, answer, parse, success};
use crate::{faults::Faults, lock, simulator::Simulator};

#[handler]
pub(super) fn show_faults(Data(simulator): Data<&Simulator>) -> Response {
    answer(StatusCode::OK, &simulator.faults())
}

#[handler]
pub(super) fn set_faults(Data(simulator): Data<&Simulator>, body: Vec<u8>) -> poem::Result<Response> {
    let faults: Faults = parse(&body)?;
    if let Some(problem) = faults.problem() {
        return Err(Refusal::bad(problem).into());
    }
    simulator.set_faults(faults);
    Ok(answer(StatusCode::OK, &simulator.faults()))
}

#[derive(Deserialize)]
struct Last {
    limit: Option<usize>,
}

#[handler]
pub(super) fn list_requests(Data(simulator): Data<&Simulator>, Query(last): Query<Last>) -> Response {
    let items = lock(&simulator.desk.journal).last(last.limit.unwrap_or(1000));
    answer(StatusCode::OK, &json!({"items": items}))
}

#[handler]
pub(super) fn feed(Data(simulator): Data<&Simulator>) -> SSE {
    simulator.desk.feed.listen()
}

#[handler]
pub(super) fn reset(Data(simulator): Data<&Simulator>) -> Response {
    simulator.reset();
    success()
}

/// A picture in the place of a QR code: it names the code, but no phone can read it.
#[handler]
pub(super) fn show_qr(Path(file): Path<String>) -> Response {
    let code: String = file.chars().filter(char::is_ascii_alphanumeric).take(14).collect();
    let picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 200 200\"><rect width=\"200\" height=\"200\" \
         fill=\"#fff\" stroke=\"#000\" stroke-width=\"8\"/><text x=\"100\" y=\"104\" font-size=\"16\" \
         text-anchor=\"middle\" font-family=\"monospace\">{code}</text></svg>"
    );
    picture.with_content_type("image/svg+xml").into_response()
}
