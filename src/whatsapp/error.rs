//! What can follow from an error of Graph. Codes decide, never message text or the HTTP status alone.
//!
//! Codes and their meanings: Meta's "Error codes" page of the WhatsApp Cloud API, as of September 2026.

use std::time::Duration;

/// An error of Graph, sorted by its consequence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{consequence:?}: {title} (code {code:?})")]
pub struct GraphError {
    pub consequence: Consequence,
    pub code: Option<i64>,
    pub title: String,
    pub details: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// Not sent; the same request may pass later.
    Later { after: Option<Duration> },
    /// Not sent: this customer has had too many messages of this number just now.
    PairLimited,
    /// Not sent, and the same request never will be.
    Never,
    /// Not sent: the number's credentials or its account are refused, so everything it sends would be.
    Credentials,
    /// Not sent: the customer last wrote too long ago for a free-form message.
    WindowClosed,
    /// It may have been sent.
    Unknown,
}

/// Sorts an answer of Graph that is not a success.
pub fn sort(http_status: u16, code: Option<i64>, retry_after: Option<Duration>) -> Consequence {
    let Some(code) = code else {
        return match http_status {
            429 => Consequence::Later { after: retry_after },
            500.. => Consequence::Unknown,
            401 => Consequence::Credentials,
            _ => Consequence::Never,
        };
    };
    match code {
        // Rate limits of the app, the account and the number.
        4 | 613 | 80007 | 130_429 | 131_048 | 133_016 => Consequence::Later { after: retry_after },
        131_056 => Consequence::PairLimited,
        131_047 => Consequence::WindowClosed,
        // Token, permission, and what stops a whole account: policy, payment, registration.
        0
        | 3
        | 10
        | 102
        | 104
        | 190
        | 200..=299
        | 131_005
        | 368
        | 131_031
        | 131_037
        | 131_042
        | 131_045
        | 133_005
        | 133_006
        | 133_010 => Consequence::Credentials,
        // Meta does not say whether the message went out.
        1 | 2 | 131_000 | 131_016 | 131_057 | 133_004 => Consequence::Unknown,
        _ if http_status >= 500 => Consequence::Unknown,
        _ if http_status == 429 => Consequence::Later { after: retry_after },
        _ => Consequence::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_decide_before_the_http_status() {
        let after = Some(Duration::from_secs(7));
        for (status, code, expected) in [
            (400, Some(130_429), Consequence::Later { after }),
            (429, None, Consequence::Later { after }),
            (400, Some(131_056), Consequence::PairLimited),
            (401, Some(190), Consequence::Credentials),
            (403, Some(10), Consequence::Credentials),
            (400, Some(131_047), Consequence::WindowClosed),
            (400, Some(100), Consequence::Never),
            (400, Some(131_026), Consequence::Never),
            (500, Some(131_000), Consequence::Unknown),
            (400, Some(1), Consequence::Unknown),
            (500, Some(999_999), Consequence::Unknown),
            (502, None, Consequence::Unknown),
            (404, None, Consequence::Never),
        ] {
            assert_eq!(sort(status, code, after), expected, "{status} {code:?}");
        }
    }
}
