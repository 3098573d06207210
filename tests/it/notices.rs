//! What Meta tells of accounts, numbers and templates: kept whole, said in a sentence, acted on once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN_KEY, TestApp, items, text};

const WABA: &str = "2060000000001";
const TIME: i64 = 1_790_000_000;
const PHONE: &str = "15550001111";

fn webhook(field: &str, time: i64, value: &Value) -> String {
    let change = json!({"field": field, "value": value});
    json!({"object": "whatsapp_business_account", "entry": [{"id": WABA, "time": time, "changes": [change]}]})
        .to_string()
}

async fn tell(test: &TestApp, field: &str, time: i64, value: Value) {
    assert_eq!(test.post_webhook(&webhook(field, time, &value)).await, 200);
    test.run_jobs().await;
}

/// Every field of Meta's that is not about messages: a value, how much it matters, and words of the sentence.
fn every_field() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let template = |more: Value| {
        let mut value = json!({"message_template_id": 17, "message_template_name": "order_ok", "message_template_language": "en-US"});
        value.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        value
    };
    vec![
        (
            "message_template_status_update",
            template(json!({"event": "REJECTED", "reason": "INVALID_FORMAT",
            "rejection_info": {"reason": "too short", "recommendation": "Say more."}})),
            "warning",
            "order_ok (en_US) (too short)",
        ),
        (
            "message_template_quality_update",
            template(json!({"previous_quality_score": "GREEN", "new_quality_score": "RED"})),
            "warning",
            "red",
        ),
        ("message_template_components_update", template(json!({"message_template_element": "Hi"})), "info", "changed"),
        (
            "template_category_update",
            template(json!({"new_category": "UTILITY", "correct_category": "MARKETING",
            "category_update_timestamp": 1_790_600_000})),
            "warning",
            "MARKETING",
        ),
        (
            "phone_number_quality_update",
            json!({"display_phone_number": PHONE, "event": "FLAGGED", "current_limit": "TIER_2K"}),
            "critical",
            "red",
        ),
        (
            "phone_number_name_update",
            json!({"display_phone_number": PHONE, "decision": "REJECTED",
            "requested_verified_name": "Miga", "rejection_reason": "NAME_NOT_ALLOWED"}),
            "warning",
            "Miga",
        ),
        (
            "account_update",
            json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [
            {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1_990_000_000}]}),
            "critical",
            "restricted",
        ),
        (
            "account_update",
            json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "May 1, 2026"}}),
            "critical",
            "disabled",
        ),
        (
            "account_update",
            json!({"event": "PARTNER_ADDED", "waba_info": {"waba_id": WABA, "owner_business_id": "1"}}),
            "info",
            "partner",
        ),
        (
            "account_alerts",
            json!({"entity_type": "BUSINESS", "entity_id": "1", "alert_info": {"alert_severity": "WARNING",
            "alert_status": "ACTIVE", "alert_type": "PROFILE_PICTURE_LOST", "alert_description": "Gone."}}),
            "warning",
            "profile picture",
        ),
        ("account_review_update", json!({"decision": "REJECTED"}), "critical", "rejected"),
        (
            "business_capability_update",
            json!({"max_daily_conversations_per_business": 2000, "max_phone_numbers_per_business": 20}),
            "info",
            "2,000",
        ),
        (
            "security",
            json!({"display_phone_number": PHONE, "event": "PIN_CHANGED", "requester": "1"}),
            "warning",
            "PIN",
        ),
        (
            "flows",
            json!({"event": "FLOW_STATUS_CHANGE", "message": "m", "flow_id": "9", "old_status": "PUBLISHED", "new_status": "BLOCKED"}),
            "critical",
            "flow 9",
        ),
        (
            "business_username_update",
            json!({"display_phone_number": PHONE, "username": "miga", "status": "approved"}),
            "info",
            "miga",
        ),
        (
            "payment_configuration_update",
            json!({"configuration_name": "c", "provider_name": "p", "status": "Active"}),
            "info",
            "payment",
        ),
        (
            "partner_solutions",
            json!({"event": "SOLUTION_UPDATED", "solution_id": "3", "solution_status": "ACTIVE"}),
            "info",
            "solution",
        ),
        (
            "automatic_events",
            json!({"automatic_events": [{"id": "1", "event_name": "Purchase", "timestamp": 1, "ctwa_clid": "c"}]}),
            "info",
            "purchase",
        ),
        ("account_settings_update", json!({"anything": true}), "info", "Settings"),
        (
            "messages",
            json!({"errors": [{"code": 130_429, "title": "Rate limit hit", "error_data": {"details": "Too many."}}]}),
            "warning",
            "Rate limit hit: Too many",
        ),
        (
            "a_field_of_tomorrow",
            json!({"event": "NEW_THING", "deep": {"list": [1, null, "\u{e9}"]}}),
            "info",
            "a_field_of_tomorrow",
        ),
    ]
}

#[tokio::test]
async fn every_field_is_found_whole_with_a_sentence_of_what_to_do() {
    let test = TestApp::start().await;
    let mut expected = 0;
    for (field, value, severity, words) in every_field() {
        tell(&test, field, TIME, value.clone()).await;
        expected += 1;
        let newest = items(&test.get("/notices?limit=1").await).remove(0);
        assert_eq!((&newest["field"], &newest["body"]), (&json!(field), &value), "{newest}");
        assert_eq!(newest["severity"], severity, "{newest}");
        let summary = text(&newest, "summary");
        assert!(summary.contains(words) && summary.ends_with('.'), "{field}: {summary}");
        assert_eq!(newest["at"], "2026-09-21T14:13:20+00:00");
        assert_eq!(test.get(&format!("/notices/{}", text(&newest, "id"))).await, newest);
        // The same webhook again is the same notice.
        tell(&test, field, TIME, value).await;
        assert_eq!(items(&test.get("/notices?limit=100").await).len(), expected, "{field}");
    }
    let events = items(&test.get("/events?limit=100").await);
    assert!(events.iter().all(|event| event["status"] == "applied"), "{events:?}");
    test.post(&format!("/events/{}/replay", text(&events[0], "id")), json!({})).await;
    test.run_jobs().await;
    let all = items(&test.get(&format!("/notices?limit=100&number_id={}", test.number_id)).await);
    assert_eq!(all.len(), expected, "those of the account are the number's too");
    let critical = items(&test.get("/notices?severity=critical&field=account_update").await);
    assert_eq!(critical.len(), 2);
    let (status, _) = test.call(Method::GET, "/notices/ntc_01J9ZC3V8K2M4N6P8R0T2V4X6Z", ADMIN_KEY, None).await;
    assert_eq!(status, 404);
    test.finish().await;
}

#[tokio::test]
async fn what_was_told_of_a_number_is_its_health_until_it_is_over() {
    let test = TestApp::start().await;
    let path = format!("/numbers/{}", test.number_id);
    let health = async || test.get(&path).await["health"].clone();
    tell(&test, "business_capability_update", TIME, json!({"max_daily_conversations_per_business": "TIER_10K"})).await;
    tell(
        &test,
        "phone_number_name_update",
        TIME,
        json!({"display_phone_number": "+1 555 000 1111", "decision": "APPROVED",
        "requested_verified_name": "Miga Bakery"}),
    )
    .await;
    let now = health().await;
    assert_eq!((&now["messaging_limit"], &now["verified_name"]), (&json!("TIER_10K"), &json!("Miga Bakery")));
    assert_eq!(now["status"], "unknown");

    let restricted =
        json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"restriction_type": "RESTRICTION_ON_ALL"}]});
    tell(&test, "account_update", TIME + 1, restricted).await;
    tell(&test, "phone_number_quality_update", TIME + 1, json!({"display_phone_number": PHONE, "event": "FLAGGED"}))
        .await;
    let now = health().await;
    assert_eq!((&now["status"], &now["quality_rating"]), (&json!("trouble"), &json!("RED")));
    let codes: Vec<&Value> =
        now["problems"].as_array().expect("a list").iter().map(|problem| &problem["code"]).collect();
    assert_eq!(codes, [&json!("quality_red"), &json!("account_restricted")]);
    assert!(text(&now, "message").contains("customers block or report it"), "{now}");

    // Somebody else's number on the same account.
    tell(
        &test,
        "phone_number_quality_update",
        TIME + 2,
        json!({"display_phone_number": "15559999999", "event": "UNFLAGGED"}),
    )
    .await;
    assert_eq!(health().await["quality_rating"], "RED");
    tell(&test, "phone_number_quality_update", TIME + 3, json!({"display_phone_number": PHONE, "event": "UNFLAGGED"}))
        .await;
    tell(
        &test,
        "account_update",
        TIME + 3,
        json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}),
    )
    .await;
    assert_eq!(health().await["problems"], json!([]));

    let history = items(&test.get(&format!("{path}/health")).await);
    assert!(history.iter().all(|record| record["source"] == "webhook"), "{history:?}");
    assert_eq!(history.len(), 6, "a record for each change: {history:?}");
    assert_eq!((&history[5]["messaging_limit"], &history[0]["problems"]), (&json!("TIER_10K"), &json!([])));
    test.finish().await;
}

#[tokio::test]
async fn an_account_of_two_workspaces_is_told_in_both_and_a_foreign_notice_is_hidden() {
    let test = TestApp::start().await;
    let other = test.post("/workspaces", json!({"name": "Other"})).await;
    let key = text(&other, "admin_key");
    let number =
        json!({"phone_number_id": "1060000000009", "waba_id": WABA, "display_phone_number": "+1 555 000 9999"});
    let (status, made) = test.call(Method::POST, "/numbers", &key, Some(number)).await;
    assert_eq!(status, 201, "{made}");
    tell(&test, "account_review_update", TIME, json!({"decision": "REJECTED"})).await;
    let ours = items(&test.get("/notices").await);
    let (_, theirs) = test.call(Method::GET, "/notices", &key, None).await;
    assert_eq!((ours.len(), items(&theirs).len()), (1, 1));
    let (status, _) = test.call(Method::GET, &format!("/notices/{}", text(&ours[0], "id")), &key, None).await;
    assert_eq!(status, 404);
    test.finish().await;
}
