//! The first steps, and the settings as they run.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN_KEY, APP_SECRET, MASTER_KEY, TestApp, VERIFY_TOKEN, items, text};

fn done(setup: &Value) -> Vec<&str> {
    let steps = setup["steps"].as_array().expect("steps");
    for step in steps {
        assert_eq!(step["done"] == true, step["at"].is_string(), "{step}");
    }
    steps.iter().filter(|step| step["done"] == true).map(|step| step["name"].as_str().expect("text")).collect()
}

/// Meta's challenge, at a path of the door's.
async fn challenge(test: &TestApp, path: &str, mode: &str, token: &str) -> u16 {
    let query = [("hub.mode", mode), ("hub.challenge", "1158201444"), ("hub.verify_token", token)];
    test.request(Method::GET, path).query(&query).send().await.expect("answer").status().as_u16()
}

async fn verified(test: &TestApp, number_id: &str) -> bool {
    test.get(&format!("/numbers/{number_id}")).await["webhook_verified_at"].is_string()
}

#[tokio::test]
async fn the_first_steps_are_done_one_by_one() {
    let mut test = TestApp::start_empty("").await;
    let setup = test.get("/setup").await;
    let base = format!("http://{}", test.app.settings.server.listen);
    assert_eq!((text(&setup, "gateway_url"), text(&setup, "webhook_url")), (base.clone(), format!("{base}/webhook")));
    assert_eq!(
        ["webhook_url_is_public", "has_app_secret", "has_verify_token"].map(|key| setup[key].clone()),
        [json!(false), json!(true), json!(true)]
    );
    assert_eq!(setup["model"], json!({"name": "gpt-4o-mini", "offline": false}));
    assert_eq!([&setup["number"], &setup["agent"], &setup["simulator_url"]], [&Value::Null; 3]);
    assert_eq!(done(&setup), [] as [&str; 0]);
    let names: Vec<String> = setup["steps"].as_array().expect("steps").iter().map(|step| text(step, "name")).collect();
    assert_eq!(names, ["number", "agent", "knowledge", "webhook", "message", "answer"]);

    let agent = test.post("/agents", json!({"name": "Miga", "instructions": "Help."})).await;
    test.agent_id = text(&agent, "id");
    let setup = test.get("/setup").await;
    assert_eq!((done(&setup), &setup["agent"]["name"]), (vec!["agent"], &json!("Miga")));
    let number = json!({"phone_number_id": "1060000000001", "access_token": "token-1"});
    let number_id = text(&test.post("/numbers", number).await, "id");
    assert_eq!(done(&test.get("/setup").await), ["number"], "the agent does not answer there yet");
    test.patch(&format!("/numbers/{number_id}"), json!({"agent_id": test.agent_id})).await;
    assert_eq!(done(&test.get("/setup").await), ["number", "agent"]);

    test.upload("hours.md", b"# Hours\n\nOn Sunday we are open from 8:00 to 13:00.").await;
    assert_eq!(done(&test.get("/setup").await), ["number", "agent"], "it is not read yet");
    test.run_jobs().await;
    let setup = test.get("/setup").await;
    assert_eq!((done(&setup).len(), &setup["knowledge_files"]), (3, &json!(1)));

    assert_eq!(challenge(&test, "/webhook", "subscribe", VERIFY_TOKEN).await, 200);
    assert_eq!(done(&test.get("/setup").await).last(), Some(&"webhook"));
    test.ana_writes("Are you open on Sunday?");
    test.deliver().await;
    let setup = test.get("/setup").await;
    assert_eq!((done(&setup).last(), &setup["number"]["first_answer_at"]), (Some(&"message"), &Value::Null));
    test.settle().await;
    let setup = test.get("/setup").await;
    assert_eq!(done(&setup).len(), 6, "{setup}");
    let first = [setup["number"]["first_message_at"].clone(), setup["number"]["first_answer_at"].clone()];
    test.advance(Duration::from_secs(60));
    test.ana_writes("And on Monday?");
    test.settle().await;
    let setup = test.get(&format!("/setup?number_id={number_id}")).await;
    assert_eq!([setup["number"]["first_message_at"].clone(), setup["number"]["first_answer_at"].clone()], first);
    assert_eq!(text(&setup["number"], "webhook_url"), format!("{base}/webhook/{number_id}"));
    assert_eq!(setup["number"]["health"], test.get(&format!("/numbers/{number_id}")).await["health"]);
    let nobodys = "/setup?number_id=num_01M7YARSRWEKFA9260YWQ4W8EG";
    assert_eq!(test.call(Method::GET, nobodys, ADMIN_KEY, None).await.0, 404);
    test.finish().await;
}

#[tokio::test]
async fn a_challenge_verifies_the_numbers_it_speaks_for() {
    let test = TestApp::start().await;
    let own = json!({"phone_number_id": "1060000000009", "verify_token": "its-own"});
    let own = text(&test.post("/numbers", own).await, "id");
    let shared = test.number_id.clone();
    for (path, mode, token, status) in [
        ("/webhook".to_owned(), "subscribe", "wrong", 403),
        ("/webhook".to_owned(), "unsubscribe", VERIFY_TOKEN, 403),
        (format!("/webhook/{own}"), "subscribe", VERIFY_TOKEN, 403),
    ] {
        assert_eq!(challenge(&test, &path, mode, token).await, status);
        assert!(!verified(&test, &shared).await && !verified(&test, &own).await, "{path} {token}");
    }
    assert_eq!(challenge(&test, "/webhook", "subscribe", VERIFY_TOKEN).await, 200);
    assert!(verified(&test, &shared).await && !verified(&test, &own).await);
    assert_eq!(challenge(&test, "/webhook", "subscribe", "its-own").await, 200);
    assert!(verified(&test, &own).await);

    let third = text(&test.post("/numbers", json!({"phone_number_id": "1060000000010"})).await, "id");
    assert_eq!(challenge(&test, &format!("/webhook/{third}"), "subscribe", VERIFY_TOKEN).await, 200);
    assert!(verified(&test, &third).await);
    test.finish().await;
}

#[tokio::test]
async fn settings_show_how_the_instance_runs_and_no_secret() {
    let test = TestApp::start_empty("[prices]\ndefault = { prompt = 5.0, completion = 20.0 }\n").await;
    let shown = test.get("/settings").await;
    assert_eq!(shown["version"], json!(env!("CARGO_PKG_VERSION")));
    assert_eq!(shown["database"], if test.database.is_embedded() { "sqlite" } else { "postgres" });
    let find = |section: &str, name: &str| {
        let sections = shown["sections"].as_array().expect("sections");
        let section = sections.iter().find(|one| one["name"] == section).expect("the section");
        let settings = section["settings"].as_array().expect("settings");
        settings.iter().find(|one| one["name"] == name).expect("the setting").clone()
    };
    let setting = |name: &str, value: Value, set: bool, is_default: bool, is_secret: bool, environment: &str| {
        json!({"name": name, "value": value, "set": set, "is_default": is_default, "is_secret": is_secret,
            "environment": environment})
    };
    assert_eq!(
        find("turn", "quiet_ms"),
        setting("quiet_ms", json!(1000), true, false, false, "SWITCHBOARD__TURN__QUIET_MS")
    );
    assert_eq!(
        find("console", "session_idle_hours"),
        setting("session_idle_hours", json!(12), true, true, false, "SWITCHBOARD__CONSOLE__SESSION_IDLE_HOURS")
    );
    assert_eq!(find("admin", "key"), setting("key", Value::Null, true, false, true, "SWITCHBOARD__ADMIN__KEY"));
    assert_eq!(
        find("prices", "default.prompt"),
        setting("default.prompt", json!(5.0), true, false, false, "SWITCHBOARD__PRICES__DEFAULT__PROMPT")
    );
    let text = shown.to_string();
    for secret in [ADMIN_KEY, APP_SECRET, VERIFY_TOKEN, MASTER_KEY, "model-key", test.database.url.as_str()] {
        assert!(!text.contains(secret), "{secret}");
    }
    for role in ["editor", "operator", "viewer"] {
        let made = test.post("/keys", json!({"name": role, "role": role})).await;
        let key = made["key"].as_str().expect("a key");
        assert_eq!(test.call(Method::GET, "/settings", key, None).await.0, 403, "{role}");
        assert_eq!(test.call(Method::GET, "/setup", key, None).await.0, 200, "{role}");
    }
    assert!(items(&test.get("/numbers").await).is_empty());
    test.finish().await;
}

#[tokio::test]
async fn pages_are_framed_by_nobody() {
    let test = TestApp::start_empty("").await;
    for path in ["/", "/docs", "/api/v1/session", "/health/live"] {
        let answer = test.request(Method::GET, path).send().await.expect("answer");
        for (header, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            let got = answer.headers().get(header).and_then(|got| got.to_str().ok());
            assert_eq!(got, Some(value), "{path} {header}");
        }
    }
    let answer = test.request(Method::GET, "/api/v1/session").bearer_auth(ADMIN_KEY).send().await.expect("answer");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    test.finish().await;
}
