//! People sign in: members, invites, sessions, and what keeps others out.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use switchboard::store;

use crate::support::browser::{Browser, PASSWORD, accept, invite_token, knock, read, set_cookie, sign_in};
use crate::support::{ADMIN_KEY, TestApp, items, text};

const EVA: &str = "eva@miga.example";
const HOUR: Duration = Duration::from_secs(60 * 60);
const MINUTE: Duration = Duration::from_secs(60);
const SOMEBODY: &str = "mem_01M7YARSRWEKFA9260YWQ4W8EG";

#[tokio::test]
async fn an_invited_member_sets_a_password_once_and_signs_in() {
    let test = TestApp::start_empty("").await;
    let invited =
        test.post("/members", json!({"email": "Eva@Miga.example", "role": "operator", "language": "de"})).await;
    assert_eq!(
        (&invited["status"], &invited["email"], &invited["name"]),
        (&json!("invited"), &json!(EVA), &Value::Null)
    );
    let id = text(&invited, "id");
    assert_eq!(test.get(&format!("/members/{id}")).await.get("invite_url"), None, "the link is shown once");

    let token = invite_token(&invited);
    let (status, seen) = read(knock(&test, "/invites/look", json!({"token": token})).await).await;
    assert_eq!(status, 200, "{seen}");
    assert_eq!(
        (&seen["email"], &seen["role"], &seen["workspace_name"]),
        (&json!(EVA), &json!("operator"), &json!("Main"))
    );
    assert_eq!(read(sign_in(&test, EVA, PASSWORD).await).await.0, 401, "there is no password yet");

    let answer = accept(&test, &invited).await;
    let cookie = set_cookie(&answer);
    assert!(cookie.starts_with("switchboard_session="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"] {
        assert!(cookie.split("; ").any(|one| one == part), "{part}: {cookie}");
    }
    assert!(!cookie.contains("Secure"), "the test's gateway is reached by HTTP");
    let eva = Browser::open(answer).await;
    assert_eq!((text(&eva.session, "name"), text(&eva.session, "language")), ("Eva Miga".to_owned(), "de".to_owned()));
    assert_eq!(eva.get(&test, "/session").await, eva.session);
    for body in [json!({"token": token}), json!({"token": "nonsense"})] {
        assert_eq!(read(knock(&test, "/invites/look", body).await).await.0, 404);
    }
    assert_eq!(accept(&test, &invited).await.status(), 404, "it works once");

    let again = Browser::open(sign_in(&test, "EVA@miga.EXAMPLE", PASSWORD).await).await;
    assert_eq!(again.actor(), id);
    assert_ne!(again.cookie, eva.cookie);
    let member = test.get(&format!("/members/{id}")).await;
    assert_eq!((&member["status"], &member["name"]), (&json!("active"), &json!("Eva Miga")));
    assert!(member["last_seen_at"].is_string(), "{member}");
    assert_eq!(items(&test.get("/members").await), [member]);
    test.finish().await;
}

#[tokio::test]
async fn an_invite_ends_after_seven_days_and_gives_way_to_the_next() {
    let test = TestApp::start_empty("").await;
    let first = test.post("/members", json!({"email": EVA, "role": "viewer"})).await;
    let path = format!("/members/{}/invite", text(&first, "id"));
    let second = test.post(&path, json!({})).await;
    assert_eq!(accept(&test, &first).await.status(), 404);
    test.advance(24 * 7 * HOUR);
    assert_eq!(accept(&test, &second).await.status(), 404);
    let eva = Browser::open(accept(&test, &test.post(&path, json!({})).await).await).await;

    // A lost password: the old one holds until the link is used; then it is gone, with the sessions it opened.
    let link = test.post(&path, json!({})).await;
    assert_eq!(sign_in(&test, EVA, PASSWORD).await.status(), 201);
    let body = json!({"token": invite_token(&link), "name": "Eva", "password": "another good one"});
    Browser::open(knock(&test, "/invites/accept", body).await).await;
    assert_eq!(eva.call(&test, Method::GET, "/session", None).await.0, 401);
    assert_eq!(sign_in(&test, EVA, PASSWORD).await.status(), 401);
    assert_eq!(sign_in(&test, EVA, "another good one").await.status(), 201);
    test.finish().await;
}

#[tokio::test]
async fn an_unknown_email_and_a_wrong_password_look_alike() {
    let test = TestApp::start_empty("").await;
    Browser::of_new_member(&test, EVA, "viewer").await;
    test.post("/members", json!({"email": "invited@miga.example", "role": "viewer"})).await;
    let wrong = read(sign_in(&test, EVA, "not the password").await).await;
    assert_eq!((wrong.0, &wrong.1["code"]), (401, &json!("wrong_credentials")));
    assert_eq!(read(sign_in(&test, "nobody@miga.example", PASSWORD).await).await, wrong);
    assert_eq!(read(sign_in(&test, "invited@miga.example", "").await).await, wrong);
    assert_eq!(read(knock(&test, "/session", json!({"key": "wrong"})).await).await, wrong);
    test.finish().await;
}

#[tokio::test]
async fn a_session_begins_one_way() {
    let test = TestApp::start_empty("").await;
    for (body, status, code) in [
        (json!({}), 422, "one_way_in"),
        (json!({"email": EVA}), 422, "one_way_in"),
        (json!({"key": ADMIN_KEY, "email": EVA, "password": PASSWORD}), 422, "one_way_in"),
        (json!({"key": "a b"}), 422, "invalid_fields"),
        (json!({"email": "nobody", "password": "x"}), 422, "invalid_fields"),
        (json!({"email": EVA, "password": "a\u{0}b"}), 422, "invalid_fields"),
        (json!({"key": ADMIN_KEY, "remember": true}), 400, "bad_request"),
    ] {
        let (got, problem) = read(knock(&test, "/session", body.clone()).await).await;
        assert_eq!((got, &problem["code"]), (status, &json!(code)), "{body}: {problem}");
    }
    for (body, status) in [
        (json!({"email": "nobody", "role": "viewer"}), 422),
        (json!({"email": "a@b@c", "role": "viewer"}), 422),
        (json!({"email": EVA, "role": "owner"}), 400),
        (json!({"email": EVA, "role": "viewer", "language": "german"}), 422),
        (json!({"email": EVA, "role": "viewer", "password": PASSWORD}), 400),
    ] {
        assert_eq!(test.call(Method::POST, "/members", ADMIN_KEY, Some(body.clone())).await.0, status, "{body}");
    }
    let invited = test.post("/members", json!({"email": EVA, "role": "viewer"})).await;
    let token = invite_token(&invited);
    for body in [
        json!({"token": token, "name": "Eva", "password": "too short"}),
        json!({"token": token, "name": "Eva", "password": "x".repeat(201)}),
        json!({"token": token, "name": "Eva", "password": "EVA@miga.example"}),
        json!({"token": token, "name": " ", "password": PASSWORD}),
    ] {
        assert_eq!(knock(&test, "/invites/accept", body.clone()).await.status(), 422, "{body}");
    }
    assert_eq!(accept(&test, &invited).await.status(), 201, "nothing was used up");
    test.finish().await;
}

#[tokio::test]
async fn what_changes_something_shows_the_sessions_own_token() {
    let test = TestApp::start_empty("").await;
    let eva = Browser::of_new_member(&test, EVA, "editor").await;
    let other = Browser::open(sign_in(&test, EVA, PASSWORD).await).await;
    let agent = json!({"name": "Miga", "instructions": "Help."});
    for token in ["", "wrong", &other.csrf_token] {
        let forged = Browser { csrf_token: token.to_owned(), ..eva.clone() };
        let (status, problem) = forged.call(&test, Method::POST, "/agents", Some(agent.clone())).await;
        assert_eq!((status, &problem["code"]), (403, &json!("csrf")), "{token:?}");
        assert_eq!(forged.call(&test, Method::DELETE, "/session", None).await.0, 403);
        assert_eq!(forged.call(&test, Method::GET, "/agents", None).await.0, 200, "reading needs none");
    }
    let made = eva.post(&test, "/agents", agent.clone()).await;
    let versions = items(&eva.get(&test, &format!("/agents/{}/versions", text(&made, "id"))).await);
    assert_eq!(
        (&versions[0]["created_by"], &versions[0]["created_by_name"]),
        (&json!(eva.actor()), &json!("Eva Miga"))
    );
    test.finish().await;
}

#[tokio::test]
async fn whoever_shows_a_key_is_judged_by_the_key_alone() {
    let test = TestApp::start_empty("").await;
    let eva = Browser::of_new_member(&test, EVA, "admin").await;
    for authorization in ["Bearer wrong", "Basic ZXZhOng=", "Bearer", ""] {
        let request = test.request(Method::GET, "/api/v1/session").header("cookie", &eva.cookie);
        let answer = request.header("authorization", authorization).send().await.expect("answer");
        assert_eq!(answer.status(), 401, "{authorization:?}");
    }
    for cookie in ["", "switchboard_session=", "switchboard_session=wrong", "switchboard_session", "x=y; z"] {
        let request = test.request(Method::GET, "/api/v1/session").header("cookie", cookie);
        assert_eq!(request.send().await.expect("answer").status(), 401, "{cookie:?}");
    }
    let shown = test.get("/session").await;
    assert_eq!(
        (&shown["csrf_token"], &shown["expires_at"], &shown["role"]),
        (&Value::Null, &Value::Null, &json!("admin"))
    );
    assert!(text(&shown, "actor").starts_with("key_"), "{shown}");
    test.finish().await;
}

#[tokio::test]
async fn a_key_opens_a_session_too_which_ends_with_the_key() {
    let test = TestApp::start_empty("").await;
    let made = test.post("/keys", json!({"name": "desk", "role": "operator"})).await;
    let answer = knock(&test, "/session", json!({"key": text(&made, "key")})).await;
    let desk = Browser::open(answer).await;
    assert_eq!((desk.actor(), text(&desk.session, "name")), (text(&made, "id"), "desk".to_owned()));
    assert_eq!(desk.session["email"], Value::Null);
    let (status, problem) = desk.call(&test, Method::PATCH, "/session", Some(json!({"name": "me"}))).await;
    assert_eq!((status, &problem["code"]), (403, &json!("members_only")));
    assert_eq!(desk.call(&test, Method::POST, "/agents", Some(json!({"name": "x", "instructions": "y"}))).await.0, 403);
    let path = format!("/keys/{}", text(&made, "id"));
    assert_eq!(test.call(Method::DELETE, &path, ADMIN_KEY, None).await.0, 204);
    assert_eq!(desk.call(&test, Method::GET, "/session", None).await.0, 401);
    test.finish().await;
}

#[tokio::test]
async fn roles_and_removal_hold_from_the_next_call_on() {
    let test = TestApp::start_empty("").await;
    let eva = Browser::of_new_member(&test, EVA, "viewer").await;
    let path = format!("/members/{}", eva.actor());
    let agent = Some(json!({"name": "Miga", "instructions": "Help."}));
    assert_eq!(eva.call(&test, Method::POST, "/agents", agent.clone()).await.0, 403);
    assert_eq!(test.patch(&path, json!({"role": "editor", "name": null})).await["name"], Value::Null);
    assert_eq!(eva.call(&test, Method::POST, "/agents", agent.clone()).await.0, 201);
    assert_eq!(eva.get(&test, "/session").await["name"], json!(EVA), "without a name the e-mail stands for it");
    assert_eq!(eva.call(&test, Method::GET, "/members", None).await.0, 403);
    assert_eq!(test.call(Method::DELETE, &path, ADMIN_KEY, None).await.0, 204);
    assert_eq!(eva.call(&test, Method::GET, "/session", None).await.0, 401);
    assert_eq!(sign_in(&test, EVA, PASSWORD).await.status(), 401);
    assert_eq!(test.call(Method::GET, &path, ADMIN_KEY, None).await.0, 404);
    assert_eq!(test.call(Method::DELETE, &path, ADMIN_KEY, None).await.0, 404);
    test.finish().await;
}

#[tokio::test]
async fn the_last_admin_stays_whether_key_or_member() {
    let test = TestApp::start_empty("").await;
    let key_path = format!("/keys/{}", text(&items(&test.get("/keys").await)[0], "id"));
    let invited = test.post("/members", json!({"email": EVA, "role": "admin"})).await;
    let (status, problem) = test.call(Method::DELETE, &key_path, ADMIN_KEY, None).await;
    assert_eq!((status, &problem["code"]), (409, &json!("last_admin_key")), "an invited admin is none yet");
    let eva = Browser::open(accept(&test, &invited).await).await;
    let path = format!("/members/{}", eva.actor());
    assert_eq!(eva.call(&test, Method::DELETE, &key_path, None).await.0, 204);

    for (method, body) in [(Method::PATCH, Some(json!({"role": "editor"}))), (Method::DELETE, None)] {
        let (status, problem) = eva.call(&test, method.clone(), &path, body).await;
        assert_eq!((status, &problem["code"]), (409, &json!("last_admin")), "{method}");
    }
    let renamed = eva.call(&test, Method::PATCH, &path, Some(json!({"name": "E.", "role": "admin"}))).await;
    assert_eq!(renamed.0, 200, "{renamed:?}");
    eva.post(&test, "/members", json!({"email": "invited@miga.example", "role": "admin"})).await;
    assert_eq!(eva.call(&test, Method::DELETE, &path, None).await.0, 409);
    eva.post(&test, "/keys", json!({"name": "spare", "role": "admin"})).await;
    assert_eq!(eva.call(&test, Method::DELETE, &path, None).await.0, 204);
    assert_eq!(eva.call(&test, Method::GET, "/session", None).await.0, 401);
    test.finish().await;
}

#[tokio::test]
async fn a_new_password_ends_the_members_other_sessions() {
    let test = TestApp::start_empty("").await;
    let eva = Browser::of_new_member(&test, EVA, "viewer").await;
    let other = Browser::open(sign_in(&test, EVA, PASSWORD).await).await;
    let change = |current: &str, new: &str| Some(json!({"password": {"current": current, "new": new}}));
    for (body, field) in [
        (change("wrong", "another good one"), "password.current"),
        (change(PASSWORD, "too short"), "password.new"),
        (change(PASSWORD, EVA), "password.new"),
    ] {
        let (status, problem) = eva.call(&test, Method::PATCH, "/session", body).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    assert_eq!(other.call(&test, Method::GET, "/session", None).await.0, 200);
    let body =
        json!({"name": "Eva", "language": "pt_BR", "password": {"current": PASSWORD, "new": "another good one"}});
    let (status, session) = eva.call(&test, Method::PATCH, "/session", Some(body)).await;
    assert_eq!((status, &session["name"], &session["language"]), (200, &json!("Eva"), &json!("pt_BR")), "{session}");
    assert_eq!(eva.call(&test, Method::GET, "/session", None).await.0, 200);
    assert_eq!(other.call(&test, Method::GET, "/session", None).await.0, 401);
    assert_eq!(sign_in(&test, EVA, PASSWORD).await.status(), 401);
    assert_eq!(sign_in(&test, EVA, "another good one").await.status(), 201);
    test.finish().await;
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie_away() {
    let test = TestApp::start_empty("[server]\npublic_url = \"https://switchboard.example.com\"\n").await;
    let answer = knock(&test, "/session", json!({"key": ADMIN_KEY})).await;
    assert!(set_cookie(&answer).ends_with("; Secure"), "{}", set_cookie(&answer));
    let desk = Browser::open(answer).await;
    let request = test.request(Method::DELETE, "/api/v1/session").header("cookie", &desk.cookie);
    let answer = request.header("x-csrf-token", &desk.csrf_token).send().await.expect("answer");
    assert_eq!(answer.status(), 204);
    assert!(set_cookie(&answer).starts_with("switchboard_session=; "), "{}", set_cookie(&answer));
    assert!(set_cookie(&answer).contains("Max-Age=0"), "{}", set_cookie(&answer));
    assert_eq!(desk.call(&test, Method::GET, "/session", None).await.0, 401);
    let link = text(&test.post("/members", json!({"email": EVA, "role": "viewer"})).await, "invite_url");
    assert!(link.starts_with("https://switchboard.example.com/join#"), "{link}");
    test.finish().await;
}

#[tokio::test]
async fn a_session_ends_unused_and_at_the_latest_after_thirty_days() {
    let test = TestApp::start_empty("").await;
    let desk = Browser::open(knock(&test, "/session", json!({"key": ADMIN_KEY})).await).await;
    let idle = desk.session["expires_at"].clone();
    test.advance(11 * HOUR);
    assert_ne!(desk.get(&test, "/session").await["expires_at"], idle, "it moves on while it is used");
    test.advance(11 * HOUR);
    desk.get(&test, "/session").await;
    test.advance(12 * HOUR);
    assert_eq!(desk.call(&test, Method::GET, "/session", None).await.0, 401);

    let desk = Browser::open(knock(&test, "/session", json!({"key": ADMIN_KEY})).await).await;
    for _ in 0..71 {
        test.advance(10 * HOUR);
        desk.get(&test, "/session").await;
    }
    test.advance(10 * HOUR);
    assert_eq!(desk.call(&test, Method::GET, "/session", None).await.0, 401);
    let now = test.app.now();
    store::sessions::drop_expired(test.app.db.bookkeeper(), now).await.expect("sweeps");
    test.finish().await;
}

#[tokio::test]
async fn ten_tries_a_minute_for_each_address_and_each_email() {
    let test = TestApp::start_empty("[server]\ntrusted_proxies = 1\n").await;
    Browser::of_new_member(&test, EVA, "viewer").await;
    test.advance(MINUTE);
    let from = async |address: &str, body: &Value| {
        let request =
            test.request(Method::POST, "/api/v1/session").header("x-forwarded-for", format!("10.9.9.9, {address}"));
        request.json(body).send().await.expect("answer")
    };
    let wrong = json!({"key": "wrong"});
    for _ in 0..10 {
        assert_eq!(from("192.0.2.1", &wrong).await.status(), 401);
    }
    let refused = from("192.0.2.1", &wrong).await;
    let wait: u64 = refused.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=6).contains(&wait), "{wait}");
    assert_eq!(read(refused).await.1["code"], json!("too_many_tries"));
    assert_eq!(from("192.0.2.1", &json!({"key": ADMIN_KEY})).await.status(), 429, "right or wrong");
    assert_eq!(from("192.0.2.2", &json!({"key": ADMIN_KEY})).await.status(), 201);

    let guess = json!({"email": "EVA@miga.example", "password": "a guess at it"});
    for place in 0..10 {
        assert_eq!(from(&format!("198.51.100.{place}"), &guess).await.status(), 401);
    }
    let eva = json!({"email": EVA, "password": PASSWORD});
    assert_eq!(from("198.51.100.99", &eva).await.status(), 429);
    test.advance(MINUTE);
    assert_eq!(from("198.51.100.99", &eva).await.status(), 201);
    assert_eq!(from("192.0.2.1", &json!({"key": ADMIN_KEY})).await.status(), 201);
    test.finish().await;
}

#[tokio::test]
async fn nobody_forges_an_address_where_no_proxy_is_trusted() {
    let test = TestApp::start_empty("").await;
    for place in 0..11 {
        let request =
            test.request(Method::POST, "/api/v1/invites/look").header("x-forwarded-for", format!("192.0.2.{place}"));
        let status = request.json(&json!({"token": "guess"})).send().await.expect("answer").status();
        assert_eq!(status, if place < 10 { 404 } else { 429 });
    }
    test.finish().await;
}

#[tokio::test]
async fn an_email_is_one_persons_in_the_whole_installation_and_members_are_a_workspaces_own() {
    let test = TestApp::start_empty("").await;
    let eva = Browser::of_new_member(&test, EVA, "admin").await;
    let (status, problem) = test
        .call(Method::POST, "/members", ADMIN_KEY, Some(json!({"email": "EVA@MIGA.example", "role": "viewer"})))
        .await;
    assert_eq!((status, &problem["code"]), (409, &json!("email_taken")));
    let second = text(&test.post("/workspaces", json!({"name": "Second"})).await, "admin_key");
    let body = Some(json!({"email": EVA, "role": "viewer"}));
    assert_eq!(test.call(Method::POST, "/members", &second, body).await.0, 409);
    assert_eq!(items(&test.call(Method::GET, "/members", &second, None).await.1), [] as [Value; 0]);
    for (method, path, body) in [
        (Method::GET, format!("/members/{}", eva.actor()), None),
        (Method::PATCH, format!("/members/{}", eva.actor()), Some(json!({"role": "viewer"}))),
        (Method::DELETE, format!("/members/{}", eva.actor()), None),
        (Method::POST, format!("/members/{}/invite", eva.actor()), None),
        (Method::GET, format!("/members/{SOMEBODY}"), None),
        (Method::GET, "/members/mem_nonsense".to_owned(), None),
    ] {
        assert_eq!(test.call(method.clone(), &path, &second, body).await.0, 404, "{method} {path}");
    }
    assert_eq!(eva.call(&test, Method::GET, "/settings", None).await.0, 200);
    assert_eq!(test.call(Method::GET, "/settings", &second, None).await.0, 403);
    test.finish().await;
}

#[tokio::test]
async fn colleagues_are_everybody_with_a_name_and_what_they_do_is_theirs() {
    let test = TestApp::start().await;
    let eva = Browser::of_new_member(&test, EVA, "operator").await;
    test.post("/members", json!({"email": "ben@miga.example", "role": "viewer"})).await;
    let all = items(&eva.get(&test, "/colleagues").await);
    let shown: Vec<(&str, &str, &str)> = all
        .iter()
        .map(|one| {
            let word = |key: &str| one[key].as_str().expect("text");
            (word("kind"), word("name"), word("role"))
        })
        .collect();
    assert_eq!(
        shown,
        [("member", "ben@miga.example", "viewer"), ("member", "Eva Miga", "operator"), ("key", "bootstrap", "admin")]
    );

    test.ana_writes("Hi?");
    test.settle().await;
    let path = format!("/conversations/{}", test.conversation_id().await);
    assert_eq!(eva.post(&test, &format!("{path}/take"), json!({})).await["taken_by"], json!(eva.actor()));
    let content = json!({"content": {"type": "text", "text": {"body": "Hello Ana"}}});
    let sent = eva.post(&test, &format!("{path}/messages"), content.clone()).await;
    let by_key = test.post(&format!("{path}/messages"), content).await;
    let key = text(&test.get("/session").await, "actor");
    let db = test.app.db.reader();
    let workspace = store::workspaces::first(db).await.expect("reads").expect("there is one");
    for (message, actor) in [(sent, eva.actor()), (by_key, key)] {
        let id = entity::MessageId::parse(&text(&message, "id")).expect("an id");
        let row = store::messages::find(db, &workspace.id, &id).await.expect("reads").expect("it is there");
        assert_eq!(row.actor.map(|actor| actor.to_string()), Some(actor));
    }
    let names = store::actors::names(db, &workspace.id, &[entity::ActorId::parse(&eva.actor()).expect("an id")]).await;
    assert_eq!(names.expect("reads").into_values().collect::<Vec<_>>(), ["Eva Miga"]);
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn every_operation_takes_a_key_or_a_session_but_for_the_door() {
    let document: Value = serde_json::from_str(&switchboard::api::document()).expect("JSON");
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!((&schemes["ApiKey"]["type"], &schemes["ApiKey"]["scheme"]), (&json!("http"), &json!("bearer")));
    assert_eq!(
        (&schemes["Session"]["type"], &schemes["Session"]["in"], &schemes["Session"]["name"]),
        (&json!("apiKey"), &json!("cookie"), &json!("switchboard_session"))
    );
    let mut open = Vec::new();
    for (_, operations) in document["paths"].as_object().expect("paths") {
        for (_, operation) in operations.as_object().expect("operations") {
            match &operation["security"] {
                Value::Null => open.push(text(operation, "operationId")),
                security => assert_eq!(security, &json!([{"ApiKey": []}, {"Session": []}]), "{operation}"),
            }
        }
    }
    open.sort();
    assert_eq!(open, ["acceptInvite", "lookAtInvite", "signIn"]);
}
