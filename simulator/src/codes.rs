//! Meta's error table: what each code is called and the HTTP status it comes with.
//!
//! The HTTP column is from Meta's page up to January 2026; codes that only ever came in webhooks stand at 400.

/// A code's title and HTTP status; one that is not in the table is an unknown error of the client's.
pub(crate) fn of(code: i64) -> (&'static str, u16) {
    let found = TABLE.iter().find(|(known, ..)| *known == code);
    found.map_or_else(|| of_range(code), |(_, http, title)| (title, *http))
}

/// What Meta calls a code.
pub(crate) fn title(code: i64) -> &'static str {
    of(code).0
}

fn of_range(code: i64) -> (&'static str, u16) {
    let found = RANGES.iter().find(|(first, last, ..)| (*first..=*last).contains(&code));
    found.map_or(("Unknown error", 400), |(_, _, http, title)| (title, *http))
}

/// Why something is refused: a code, and the details in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: i64,
    pub(crate) details: String,
}

impl Refused {
    pub(crate) fn new(code: i64, details: impl Into<String>) -> Self {
        Self { code, details: details.into() }
    }
}

const RANGES: [(i64, i64, u16, &str); 6] = [
    (200, 299, 403, "API Permission"),
    (131_201, 131_215, 400, "Group request cannot be completed"),
    (138_000, 138_018, 400, "Call request cannot be completed"),
    (139_000, 139_004, 400, "Flow request cannot be completed"),
    (147_001, 147_005, 400, "Username request cannot be completed"),
    (2_593_107, 2_593_109, 400, "History sync cannot be completed"),
];

const TABLE: [(i64, u16, &str); 98] = [
    (0, 401, "AuthException"),
    (1, 400, "API Unknown"),
    (2, 503, "API Service"),
    (3, 500, "API Method"),
    (4, 400, "API Too Many Calls"),
    (10, 403, "API Permission Denied"),
    (33, 400, "Parameter value is not valid"),
    (100, 400, "Invalid parameter"),
    (102, 401, "Session key invalid or no longer valid"),
    (104, 400, "Incorrect signature"),
    (190, 401, "Access token has expired"),
    (368, 403, "Temporarily blocked for policies violations"),
    (613, 400, "Calls to this api have exceeded the rate limit"),
    (80007, 400, "Rate limit issues"),
    (130_403, 400, "User is blocked by the business"),
    (130_429, 400, "Rate limit hit"),
    (130_472, 400, "User's number is part of an experiment"),
    (130_497, 403, "Business account is restricted from messaging users in this country"),
    (130_501, 400, "Message type is not currently supported"),
    (131_000, 500, "Something went wrong"),
    (131_005, 403, "Access denied"),
    (131_008, 400, "Required parameter is missing"),
    (131_009, 400, "Parameter value is not valid"),
    (131_016, 500, "Service unavailable"),
    (131_020, 400, "Group is not available"),
    (131_021, 400, "Recipient cannot be sender"),
    (131_026, 400, "Message undeliverable"),
    (131_030, 400, "Recipient phone number not in allowed list"),
    (131_031, 403, "Account has been locked"),
    (131_037, 400, "WhatsApp provided number needs display name approval before message can be sent"),
    (131_041, 400, "Recipient is not part of the group"),
    (131_042, 400, "Business eligibility payment issue"),
    (131_044, 400, "Business eligibility payment issue"),
    (131_045, 500, "Incorrect certificate"),
    (131_047, 400, "Re-engagement message"),
    (131_048, 400, "Spam rate limit hit"),
    (131_049, 400, "This message was not delivered to maintain healthy ecosystem engagement"),
    (131_050, 400, "User has stopped marketing messages from this business"),
    (131_051, 400, "Unsupported message type"),
    (131_052, 400, "Media download error"),
    (131_053, 400, "Media upload error"),
    (131_055, 400, "Method not allowed"),
    (131_056, 400, "(Business Account, Consumer Account) pair rate limit hit"),
    (131_057, 500, "Account in maintenance mode"),
    (131_059, 400, "Invalid cursor"),
    (131_060, 400, "This message is currently unavailable"),
    (131_061, 400, "Template has a maximum price"),
    (131_062, 400, "Business-scoped user IDs are not supported for this message"),
    (131_063, 400, "Marketing templates are disabled on this endpoint"),
    (131_064, 400, "Messaging is limited after template misclassification"),
    (132_000, 400, "Number of parameters does not match the expected number of params"),
    (132_001, 404, "Template name does not exist in the translation"),
    (132_005, 400, "Template hydrated text too long"),
    (132_007, 400, "Template format character policy violated"),
    (132_008, 400, "Template parameter value is not valid"),
    (132_012, 400, "Template parameter format mismatch"),
    (132_015, 400, "Template is paused"),
    (132_016, 400, "Template is disabled"),
    (132_018, 400, "Template parameters failed validation"),
    (132_068, 400, "Flow is in blocked state"),
    (132_069, 400, "Flow is in throttled state"),
    (133_000, 500, "Incomplete deregistration"),
    (133_004, 503, "Server temporarily unavailable"),
    (133_005, 400, "Two-step verification PIN mismatch"),
    (133_006, 400, "Phone number re-verification needed"),
    (133_008, 400, "Too many two-step verification PIN guesses"),
    (133_009, 400, "Two-step verification PIN guessed too fast"),
    (133_010, 400, "Phone number not registered"),
    (133_015, 400, "Please wait a few minutes before attempting to register this phone number"),
    (133_016, 400, "Account register deregister rate limit exceeded"),
    (134_011, 400, "WhatsApp payments terms of service has not been accepted"),
    (134_100, 400, "Only marketing templates are supported"),
    (134_101, 400, "Template is still syncing"),
    (134_102, 500, "Template is unavailable"),
    (135_000, 400, "Generic user error"),
    (137_000, 400, "Identity key hash mismatch"),
    (138_005, 400, "Call permission request limit hit"),
    (138_006, 400, "No approved call permission from the recipient"),
    (138_009, 400, "Call permission request limit hit"),
    (138_012, 400, "Business initiated calls limit hit"),
    (139_100, 400, "Failed to block/unblock some users"),
    (139_101, 400, "Block list limit reached"),
    (139_102, 400, "Block list concurrent update"),
    (139_103, 500, "Internal error on the block list"),
    (139_200, 400, "Direct send is blocked"),
    (141_002, 400, "Phone number cannot send messages"),
    (2_388_019, 400, "Message template limit exceeded"),
    (2_388_039, 400, "Message template is not valid"),
    (2_388_040, 400, "Character limit exceeded"),
    (2_388_047, 400, "Message header format is incorrect"),
    (2_388_072, 400, "Message body format is incorrect"),
    (2_388_073, 400, "Message footer format is incorrect"),
    (2_388_293, 400, "Template has too many variables for its length"),
    (2_388_299, 400, "Leading or trailing variables are not allowed"),
    (2_494_100, 400, "Phone number in maintenance mode"),
    (2_494_191, 400, "Thread control action is not permitted"),
    (2_593_107, 400, "Synchronization request limit exceeded"),
    (2_593_108, 400, "Synchronization requested outside the time window"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_stands_once_and_in_order() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn codes_bring_their_own_http_status() {
        let cases = [(132_001, 404), (131_016, 500), (2, 503), (254, 403), (138_007, 400), (1_234_567, 400)];
        for (code, http) in cases {
            assert_eq!(of(code).1, http, "{code}");
        }
    }
}
