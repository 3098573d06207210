use serde_json::json;

use super::*;

#[test]
fn a_sentence_ends_names_what_is_meant_and_has_no_odd_words() {
    for (field, value, severity, words) in [
        (
            "message_template_status_update",
            json!({"event": "PAUSED", "message_template_name": "a", "message_template_language": "en-US",
            "other_info": {"title": "FIRST_PAUSE"}}),
            Severity::Warning,
            "template a (en_US) (for the first time: three hours)",
        ),
        (
            "message_template_status_update",
            json!({"event": "REJECTED", "message_template_name": "a", "reason": "SCAM",
            "rejection_info": {"recommendation": "Say less."}}),
            Severity::Warning,
            "scam",
        ),
        ("message_template_status_update", json!({}), Severity::Info, "a template"),
        (
            "phone_number_quality_update",
            json!({"event": "FLAGGED", "display_phone_number": "1555"}),
            Severity::Critical,
            "the number 1555",
        ),
        (
            "account_update",
            json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [
            {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1790000000}]}),
            Severity::Critical,
            "until 2026-09-21",
        ),
        (
            "account_update",
            json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "May 1"}}),
            Severity::Critical,
            "on May 1",
        ),
        ("account_update", json!({"event": "SOMETHING_NEW"}), Severity::Info, "SOMETHING_NEW"),
        ("a_field_of_tomorrow", json!([1]), Severity::Info, "a_field_of_tomorrow"),
    ] {
        let telling = read(field, &value);
        assert_eq!(telling.severity, severity, "{field} {value}");
        assert!(telling.summary.contains(words), "{words:?} in {:?}", telling.summary);
        assert!(
            telling.summary.ends_with('.') && telling.summary.starts_with(|first: char| first.is_uppercase()),
            "{}",
            telling.summary
        );
    }
}

#[test]
fn a_restriction_without_items_is_over_and_one_without_an_end_has_none() {
    let effect = |info| match read("account_update", &json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": info}))
        .effect
    {
        Effect::Numbers(changes) => changes,
        _ => Vec::new(),
    };
    assert!(matches!(effect(json!([])).as_slice(), [NumberChange::Over(_)]));
    let without_end = effect(json!([{"restriction_type": "A", "expiration": 5}, {"restriction_type": "B"}]));
    assert!(matches!(without_end.as_slice(), [NumberChange::Trouble { until: None, .. }]));
}

#[test]
fn limits_are_numbers_or_words() {
    for (given, tier, reads) in [
        (json!(2000), "TIER_2K", "2,000 people a day"),
        (json!("TIER_250"), "TIER_250", "250 people a day"),
        (json!(-1), "TIER_UNLIMITED", "any number of people a day"),
    ] {
        let value = json!({"max_daily_conversations_per_business": given});
        assert_eq!(limit(&value), Some((tier.to_owned(), reads.to_owned())));
    }
    assert_eq!(limit(&json!({})), None);
}
