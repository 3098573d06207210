//! What an error of Graph means for whoever runs the number, and what to do about it.

use super::error::{Consequence, GraphError};

/// A sentence for people with a stable word for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    pub code: &'static str,
    pub message: String,
}

/// The path is not one that this Graph knows: what was asked for stays unknown.
pub const UNKNOWN_PATH: i64 = 2500;

const TOKEN_REFUSED: &str = "The access token has expired or was revoked. Make a new one for the system user in Meta's business settings and set it as access_token.";
const PERMISSION_MISSING: &str = "The access token lacks a permission. It needs whatsapp_business_messaging and whatsapp_business_management, and the system user must have been given the account.";
const ID_UNKNOWN: &str = "Graph does not know this id, or the token's user may not see it. Check phone_number_id and waba_id, and that the token belongs to the same business.";

/// When a number was only looked at.
pub fn of_look(error: &GraphError) -> Advice {
    match error.code {
        Some(33 | 100) => Advice { code: "id_unknown", message: ID_UNKNOWN.to_owned() },
        _ => of_call(error),
    }
}

/// When something was to be done.
pub fn of_call(error: &GraphError) -> Advice {
    if let Some((code, message)) = known(error) {
        return Advice { code, message: message.to_owned() };
    }
    let said = error.details.as_deref().unwrap_or(&error.title);
    let (code, message) = match (error.consequence, error.code) {
        (Consequence::Credentials, code) => (
            "account_refused",
            format!("Meta refuses the account (code {}): {said}. Look at it in WhatsApp Manager.", code.unwrap_or(401)),
        ),
        (Consequence::Later { .. }, Some(code)) => {
            ("too_often", format!("Meta was asked too often (code {code}): {said}. Wait a while and try again."))
        }
        (Consequence::Later { .. } | Consequence::Unknown, _) => (
            "graph_unreachable",
            format!("Graph did not answer properly ({said}). Check meta.graph_url and the network, and try again."),
        ),
        (_, code) => {
            let code = code.map_or("none".to_owned(), |code| code.to_string());
            ("graph_refused", format!("Graph refused (code {code}): {said}"))
        }
    };
    Advice { code, message }
}

/// Codes whose remedy is known. Sources: Meta's pages on error codes, registration, templates and the block list.
fn known(error: &GraphError) -> Option<(&'static str, &'static str)> {
    Some(match error.code? {
        190 | 0 => ("token_refused", TOKEN_REFUSED),
        3 | 10 | 200..=299 | 131_005 => ("permission_missing", PERMISSION_MISSING),
        33 => ("id_unknown", ID_UNKNOWN),
        131_042 => (
            "payment",
            "Meta has a problem with the account's payment. Set a valid payment method in WhatsApp Manager.",
        ),
        133_005 => ("wrong_pin", "The PIN is wrong. Give the number's two-step PIN, or reset it in WhatsApp Manager."),
        133_006 => (
            "not_verified",
            "The number must be verified first: ask for a code in WhatsApp Manager and enter it there.",
        ),
        133_008 | 133_009 => ("pin_guesses", "The PIN was wrong too often. Wait as long as Meta asks, then try again."),
        133_010 => ("not_registered", "The number is not registered for the Cloud API: register it with its PIN."),
        133_015 => ("just_deleted", "The number was deleted a moment ago. Wait five minutes and try again."),
        133_016 => ("register_limit", "The number was registered too often: Meta allows ten times in 72 hours. Wait."),
        139_100 | 139_101 => (
            "not_blocked",
            "Meta did not take the user: only somebody who wrote to this number within 24 hours can be blocked.",
        ),
        2_388_019 => ("too_many_templates", "The account has as many templates as Meta allows. Delete some first."),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whatsapp::error::sort;

    #[test]
    fn each_error_says_what_to_do() {
        for (code, look, call) in [
            (190, "token_refused", "token_refused"),
            (10, "permission_missing", "permission_missing"),
            (100, "id_unknown", "graph_refused"),
            (131_031, "account_refused", "account_refused"),
            (4, "too_often", "too_often"),
            (2, "graph_unreachable", "graph_unreachable"),
            (133_005, "wrong_pin", "wrong_pin"),
        ] {
            let consequence = sort(400, Some(code), None);
            let error = GraphError { consequence, code: Some(code), title: "no".to_owned(), details: None };
            assert_eq!((of_look(&error).code, of_call(&error).code), (look, call), "{code}");
        }
    }
}
