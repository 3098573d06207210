//! What Meta tells of flows: forms inside a conversation.

use entity::state::Severity;
use serde_json::Value;

use super::{Telling, capital, text, word};

pub fn read(value: &Value) -> Telling {
    let event = text(value, "event").unwrap_or("unknown");
    let flow = word(value, "flow_id").map(|id| format!("the flow {id}")).unwrap_or_else(|| "a flow".to_owned());
    // An alert that is over is told as well.
    let is_over = text(value, "alert_state") == Some("DEACTIVATED");
    let rate = word(value, "error_rate").map(|rate| format!(" ({rate} %)")).unwrap_or_default();
    let (severity, summary) = match event {
        "FLOW_STATUS_CHANGE" => status(value, &flow),
        _ if is_over => (Severity::Info, format!("What was wrong with {flow} is over.")),
        "CLIENT_ERROR_RATE" => (
            Severity::Warning,
            format!(
                "{flow} fails on customers' phones too often{rate}: open it in WhatsApp Manager, look at the errors and mend it."
            ),
        ),
        "ENDPOINT_ERROR_RATE" => (
            Severity::Warning,
            format!(
                "The server behind {flow} fails too often{rate}: mend it, or Meta throttles and then blocks the flow."
            ),
        ),
        "ENDPOINT_LATENCY" => (
            Severity::Warning,
            format!("The server behind {flow} is slow: make it quicker, or Meta throttles and then blocks the flow."),
        ),
        "ENDPOINT_AVAILABILITY" => (
            Severity::Warning,
            format!(
                "The server behind {flow} often cannot be reached: bring it back, or Meta throttles and then blocks the flow."
            ),
        ),
        "FLOW_VERSION_EXPIRY_WARNING" => (
            Severity::Warning,
            format!("{flow} uses a version that Meta soon switches off: publish it with a newer one."),
        ),
        other => (Severity::Info, format!("Meta told of {other} for {flow}. Look at it in WhatsApp Manager.")),
    };
    Telling::new(Some(event), severity, capital(&summary))
}

fn status(value: &Value, flow: &str) -> (Severity, String) {
    match text(value, "new_status") {
        Some("PUBLISHED") => (Severity::Info, format!("{flow} is published: it can be sent.")),
        Some("THROTTLED") => (
            Severity::Warning,
            format!("Meta throttles {flow} to ten sends an hour, since its server does badly. Mend the server."),
        ),
        Some("BLOCKED") => (
            Severity::Critical,
            format!(
                "Meta blocked {flow}, since its server does badly: it can be neither opened nor sent. Mend the server."
            ),
        ),
        Some("DEPRECATED") => (Severity::Warning, format!("{flow} was withdrawn: send another one.")),
        Some(other) => (Severity::Info, format!("{flow} is now {}.", other.to_lowercase())),
        None => (Severity::Info, format!("The state of {flow} has changed: look at it in WhatsApp Manager.")),
    }
}
