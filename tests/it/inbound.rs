//! Everything that comes in: each type of message and each field about what is said goes in as a webhook and comes out of
//! the API whole.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Customer, Faults};

use crate::support::{ADMIN_KEY, ANA, FakeModel, TestApp, items, text};

/// A message of Ana's with what every message has.
fn from_ana(wamid: &str, body: Value) -> Value {
    let mut message = json!({"id": wamid, "from": ANA, "from_user_id": "US.ana", "timestamp": "1790000000"});
    for (key, value) in body.as_object().expect("an object") {
        message[key] = value.clone();
    }
    json!({"contacts": [{"profile": {"name": "Ana"}, "wa_id": ANA, "user_id": "US.ana"}], "messages": [message]})
}

#[tokio::test]
async fn every_type_comes_out_whole() {
    let test = TestApp::start().await;
    let media = |extra: Value| {
        let mut body =
            json!({"id": "M1", "mime_type": "image/jpeg", "sha256": "q", "url": "https://lookaside.fbsbx.com/x"});
        for (key, value) in extra.as_object().expect("an object") {
            body[key] = value.clone();
        }
        body
    };
    let interactive = |kind: &str, reply: Value| json!({"type": kind, kind: reply});
    let types = [
        ("text", json!({"body": "hi"}), Some("hi")),
        ("image", media(json!({"caption": "c"})), Some("c")),
        ("audio", media(json!({"voice": true})), None),
        ("video", media(json!({})), None),
        ("document", media(json!({"filename": "a.pdf"})), Some("a.pdf")),
        ("sticker", media(json!({"animated": true})), None),
        (
            "location",
            json!({"latitude": 47.37, "longitude": 8.54, "name": "n", "address": "a", "url": "https://x.example"}),
            Some("n, a (47.37, 8.54)"),
        ),
        (
            "contacts",
            json!([{"name": {"formatted_name": "B C", "first_name": "B"}, "phones": [{"phone": "+1 555", "wa_id": "1555", "type": "CELL"}],
                "emails": [{"email": "b@x.example"}], "org": {"company": "X"}, "birthday": "1990-01-31", "origin": "other", "vcard": "BEGIN:VCARD"}]),
            Some("B C +1 555 b@x.example"),
        ),
        ("button", json!({"payload": "P", "text": "Yes"}), Some("Yes")),
        ("interactive", interactive("button_reply", json!({"id": "y", "title": "Yes"})), Some("Yes")),
        (
            "interactive",
            interactive("list_reply", json!({"id": "r", "title": "Row", "description": "d"})),
            Some("Row (d)"),
        ),
        (
            "interactive",
            interactive("nfm_reply", json!({"name": "flow", "body": "Sent", "response_json": "{\"k\":1}"})),
            Some("{\"k\":1}"),
        ),
        (
            "interactive",
            interactive(
                "call_permission_reply",
                json!({"response": "accept", "is_permanent": false, "expiration_timestamp": 1_790_600_000, "response_source": "user_action"}),
            ),
            Some("accept"),
        ),
        ("reaction", json!({"message_id": "wamid.0", "emoji": "👍"}), Some("👍")),
        ("reaction", json!({"message_id": "wamid.0"}), None),
        (
            "order",
            json!({"catalog_id": "c", "text": "note", "product_items": [{"product_retailer_id": "sku", "quantity": 2, "item_price": 9.5, "currency": "EUR"}]}),
            Some("2 x sku at 9.5 EUR\nnote"),
        ),
        (
            "system",
            json!({"type": "customer_identity_changed", "body": "Ana's security code changed"}),
            Some("Ana's security code changed"),
        ),
        ("request_welcome", json!({}), None),
        ("unsupported", json!({"type": "poll_creation"}), None),
        (
            "edit",
            json!({"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "new"}}}),
            Some("new"),
        ),
        ("revoke", json!({"original_message_id": "wamid.0"}), None),
        ("hologram", json!({"depth": 3, "body": "boo"}), Some("boo")),
    ];
    for (place, (kind, body, words)) in types.iter().enumerate() {
        let wamid = format!("wamid.{place}");
        let message = from_ana(&wamid, json!({"type": kind, *kind: body}));
        assert_eq!(test.tell("messages", message).await, 200);
        test.deliver().await;
        let shown = items(&test.get(&format!("/messages?wamid={wamid}")).await).remove(0);
        assert_eq!((&shown["type"], shown["text"].as_str()), (&json!(kind), *words), "{kind}");
        assert_eq!(shown["content"]["type"], *kind, "{shown}");
        assert_eq!(shown["content"][*kind], *body, "{kind} is whole");
    }
    // What Meta said with it stands with it.
    let error = json!({"code": 131_051, "title": "Message type unknown"});
    let refused = from_ana("wamid.error", json!({"type": "unsupported", "errors": [error]}));
    assert_eq!(test.tell("messages", refused).await, 200);
    test.deliver().await;
    let shown = items(&test.get("/messages?wamid=wamid.error").await).remove(0);
    assert_eq!(shown["error"]["code"], 131_051);
    test.simulator.set_faults(Faults::default());
    for kind in test.get("/jobs?limit=100").await["items"].as_array().expect("jobs") {
        assert_ne!(kind["status"], "dead", "{kind}");
    }
}

#[tokio::test]
async fn a_reply_shows_what_it_replies_to_in_the_api_and_to_the_model() {
    let test = TestApp::start().await;
    let first = test.ana_writes("We close at eight?");
    test.settle().await;
    let customer = Customer::with_phone(ANA);
    let reply = json!({"type": "text", "text": {"body": "And on Sunday?"},
        "context": {"id": first, "forwarded": true},
        "referral": {"source_type": "ad", "headline": "Summer sale", "source_id": "1", "ctwa_clid": "c"}});
    test.simulator.customer_writes(&customer, reply);
    test.settle().await;
    let shown = test.newest_inbound().await;
    assert_eq!(shown["quoted"]["text"], "We close at eight?");
    assert_eq!(shown["reply_to"], first);
    assert_eq!(shown["content"]["referral"]["headline"], "Summer sale");
    let asked = last_question(&test.model);
    assert!(asked.contains("replying to their own message \"We close at eight?\""), "{asked}");
    assert!(asked.contains("forwarded") && asked.contains("Summer sale"), "{asked}");

    // Reactions stand beside the message they are about, until they are taken back.
    let bubble = test.business_bubbles().pop().expect("an answer").wamid;
    test.simulator
        .customer_writes(&customer, json!({"type": "reaction", "reaction": {"message_id": bubble, "emoji": "❤️"}}));
    test.settle().await;
    let answer = async || items(&test.get(&format!("/messages?wamid={bubble}")).await).remove(0);
    assert_eq!(answer().await["reactions"][0]["emoji"], "❤️");
    test.simulator.customer_writes(&customer, json!({"type": "reaction", "reaction": {"message_id": bubble}}));
    test.settle().await;
    assert_eq!(answer().await["reactions"], json!([]));
    test.finish().await;
}

fn last_question(model: &FakeModel) -> String {
    let request = model.requests().pop().expect("a request");
    let messages = request["messages"].as_array().cloned().expect("messages");
    messages.last().expect("a question")["content"].to_string().replace("\\\"", "\"")
}

#[tokio::test]
async fn a_person_stays_the_same_under_a_new_phone_and_a_new_user_id() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let before = test.conversation().await;
    let old = text(&before["contact"], "user_id");
    let note = json!({"messages": [{"id": "wamid.moved", "from": ANA, "timestamp": "1790000000", "type": "system",
        "system": {"type": "user_changed_number", "body": "Ana changed", "wa_id": "15550009999",
            "user_id": "US.new", "previous_user_id": old}}]});
    assert_eq!(test.tell("messages", note).await, 200);
    test.settle().await;
    let moved = test.conversation().await;
    assert_eq!((&moved["id"], &moved["contact"]["phone"]), (&before["id"], &json!("+15550009999")));
    assert_eq!(moved["contact"]["user_id"], "US.new");

    let next = json!({"contacts": [{"wa_id": "15550009999", "user_id": "US.new", "profile": {"name": "Ana"}}],
        "messages": [{"id": "wamid.next", "from": "15550009999", "from_user_id": "US.new", "timestamp": "1790000001",
            "type": "text", "text": {"body": "It is me"}}]});
    assert_eq!(test.tell("messages", next).await, 200);
    test.settle().await;
    assert_eq!(test.conversation().await["id"], before["id"]);
    // Whoever gets the old phone is somebody else.
    let stranger = json!({"contacts": [{"wa_id": ANA, "user_id": "US.stranger", "profile": {"name": "Bo"}}],
        "messages": [{"id": "wamid.bo", "from": ANA, "from_user_id": "US.stranger", "timestamp": "1790000002",
            "type": "text", "text": {"body": "New here"}}]});
    assert_eq!(test.tell("messages", stranger).await, 200);
    test.settle().await;
    assert_eq!(items(&test.get("/conversations").await).len(), 2);

    let renamed = json!({"user_id_update": [{"user_id": {"previous": "US.stranger", "current": "US.later"}}]});
    assert_eq!(test.tell("user_id_update", renamed).await, 200);
    test.settle().await;
    let contacts = items(&test.get("/contacts?search=US.later").await);
    assert_eq!((contacts.len(), &contacts[0]["name"]), (1, &json!("Bo")));
    test.finish().await;
}

#[tokio::test]
async fn somebody_without_a_phone_is_answered_and_followed_like_all_others() {
    let test = TestApp::start().await;
    let hidden = Customer::with_username("hidden", "Hidden");
    test.writes(&hidden, "Hello?");
    test.settle().await;
    let conversation = test.conversation().await;
    assert_eq!(
        (&conversation["contact"]["phone"], &conversation["contact"]["user_id"]),
        (&json!(null), &json!(hidden.user_id))
    );
    let sent = items(&test.get("/messages?direction=outbound").await).remove(0);
    assert_eq!(sent["status"], "read");
    let request =
        test.simulator.requests().into_iter().rfind(|request| request.body["recipient"] == hidden.user_id.as_str());
    assert!(request.is_some_and(|request| request.body.get("to").is_none()));
    test.post("/messages", json!({"number_id": test.number_id, "to": hidden.user_id, "content": {"type": "text", "text": {"body": "A note"}}})).await;
    test.settle().await;
    assert_eq!(test.newest_message().await["status"], "read");
    test.finish().await;
}

#[tokio::test]
async fn a_word_from_the_businesss_phone_takes_the_conversation() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let echo = json!({"message_echoes": [{"from": "15550001111", "to": ANA, "id": "wamid.echo", "timestamp": "1790000000",
        "type": "text", "text": {"body": "I will look after it myself"}}]});
    for _ in 0..2 {
        assert_eq!(test.tell("smb_message_echoes", echo.clone()).await, 200);
        test.settle().await;
    }
    assert_eq!(test.conversation().await["owner"], "human");
    let said = items(&test.get("/messages?wamid=wamid.echo").await).remove(0);
    assert_eq!(
        (&said["author"], &said["direction"], &said["text"]),
        (&json!("phone"), &json!("outbound"), &json!("I will look after it myself"))
    );
    assert_eq!(said["content"]["text"]["body"], "I will look after it myself");
    test.ana_writes("Thank you");
    test.settle().await;
    assert_eq!(test.newest_inbound().await["outcome"], "human");
    assert_eq!(test.answers().len(), 1, "the agent is silent");
    test.finish().await;
}

#[tokio::test]
async fn what_was_said_before_stands_where_it_was_said_and_is_answered_by_nobody() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let history = json!({"history": [{"metadata": {"phase": 0, "chunk_order": 1, "progress": 55}, "threads": [{"id": ANA, "messages": [
        {"from": ANA, "id": "wamid.h1", "timestamp": "1780000000", "type": "text", "text": {"body": "Do you deliver?"}, "history_context": {"status": "READ"}},
        {"from": "15550001111", "id": "wamid.h2", "timestamp": "1780000060", "type": "text", "text": {"body": "We do"}, "history_context": {"status": "DELIVERED"}},
        {"from": ANA, "id": "wamid.h3", "timestamp": "1780000070", "type": "media_placeholder", "history_context": {"status": "READ"}},
    ]}]}]});
    for _ in 0..2 {
        assert_eq!(test.tell("history", history.clone()).await, 200);
        test.settle().await;
    }
    let id = test.conversation_id().await;
    let mut shown = items(&test.get(&format!("/conversations/{id}/messages")).await);
    shown.reverse();
    let words: Vec<_> = shown.iter().map(|message| message["text"].as_str().unwrap_or("-")).collect();
    assert_eq!(words, ["Do you deliver?", "We do", "-", "Hi?", "Hello!"], "in time's order");
    assert_eq!((&shown[1]["author"], &shown[1]["status"]), (&json!("phone"), &json!("delivered")));
    assert_eq!(shown[0]["outcome"], "not_a_question");
    assert_eq!(test.conversation().await["last_message"]["text"], "Hello!");

    // The file of what was announced comes later.
    let id =
        test.simulator.keep_file("1060000000001", "image/png", b"\x89PNG\r\n\x1a\n").expect("kept").expect("an id");
    let later = json!({"contacts": [{"wa_id": ANA}], "messages": [{"from": ANA, "id": "wamid.h3", "timestamp": "1780000070", "type": "image",
        "image": {"id": id, "mime_type": "image/png", "caption": "The cake"}}]});
    assert_eq!(test.tell("history", later).await, 200);
    test.settle().await;
    let filled = items(&test.get("/messages?wamid=wamid.h3").await).remove(0);
    assert_eq!(
        (&filled["type"], &filled["text"], &filled["media"]["status"]),
        (&json!("image"), &json!("The cake"), &json!("ready"))
    );
    assert_eq!(test.answers().len(), 1);
    test.finish().await;
}

#[tokio::test]
async fn calls_handovers_and_the_address_book_are_shown() {
    let test = TestApp::start().await;
    let call = |event: &str| {
        json!({"contacts": [{"wa_id": ANA, "user_id": "US.ana", "profile": {"name": ""}}], "calls": [{"id": "wacid.1", "from": ANA,
        "to": "15550001111", "event": event, "direction": "USER_INITIATED", "timestamp": "1790000000", "status": "COMPLETED", "duration": 42}]})
    };
    for event in ["connect", "terminate", "terminate"] {
        assert_eq!(test.tell("calls", call(event)).await, 200);
        test.settle().await;
    }
    let shown = test.newest_inbound().await;
    assert_eq!(
        (&shown["type"], &shown["text"], &shown["outcome"]),
        (&json!("call"), &json!("Voice call, 42 s"), &json!("not_a_question"))
    );

    let book = json!({"state_sync": [{"type": "contact", "action": "add", "contact": {"full_name": "Ana from the corner", "phone_number": format!("+{ANA}")}}]});
    assert_eq!(test.tell("smb_app_state_sync", book).await, 200);
    test.settle().await;
    assert_eq!(test.conversation().await["contact"]["name"], "Ana from the corner");

    let handover = json!({"sender": {"phone_number": ANA}, "recipient": {"phone_number_id": "1060000000001"}, "timestamp": "1790000100",
        "type": "control_passed", "control_passed": {"previous_owner_role": "ai_agent", "new_owner_role": "customer_service"}});
    for _ in 0..2 {
        assert_eq!(test.tell("messaging_handovers", handover.clone()).await, 200);
        test.settle().await;
    }
    let notes = items(&test.get("/messages?direction=inbound").await);
    assert_eq!(notes.len(), 2);
    assert!(notes.iter().any(|note| note["text"] == "control passed: from ai_agent to customer_service"), "{notes:?}");
    assert_eq!(test.answers(), Vec::<String>::new());
    test.finish().await;
}

#[tokio::test]
async fn what_a_message_costs_is_kept_and_counted() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let sent = items(&test.get("/messages?direction=outbound").await).remove(0);
    assert_eq!(sent["pricing"]["category"], "service", "{sent}");
    // Other tests of this process have been in the future, and ids never go back.
    let usage = test.get("/usage/messages?from=2026-01-01&to=2126-01-01").await;
    assert_eq!((&usage["bubbles"], &usage["items"][0]["category"]), (&json!(1), &json!("service")), "{usage}");
    let billable = usage["items"][0]["billable"].as_i64();
    assert_eq!(usage["billable"].as_i64(), billable);
    let before = test.get("/usage/messages?from=2020-01-01&to=2020-12-31").await;
    assert_eq!((&before["bubbles"], &before["items"]), (&json!(0), &json!([])));
    test.finish().await;
}

#[tokio::test]
async fn a_free_entry_point_keeps_the_window_open() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let bubble = test.business_bubbles().pop().expect("an answer").wamid;
    let until = test.app.now() / 1000 + 72 * 60 * 60;
    let status = json!({"statuses": [{"id": bubble, "status": "delivered", "timestamp": "1790000000", "recipient_id": ANA,
        "conversation": {"id": "c", "expiration_timestamp": until.to_string(), "origin": {"type": "referral_conversion"}}}]});
    assert_eq!(test.tell("messages", status).await, 200);
    test.settle().await;
    let conversation = test.conversation().await;
    assert_eq!(conversation["window_closes_at"], conversation["free_entry_until"]);
    test.advance(Duration::from_secs(48 * 60 * 60));
    let reply = json!({"content": {"type": "text", "text": {"body": "Still free"}}});
    test.post(&format!("/conversations/{}/messages", text(&conversation, "id")), reply).await;
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn operators_mark_read_and_show_that_they_write() {
    let test = TestApp::start().await;
    test.patch(&format!("/numbers/{}", test.number_id), json!({"mode": "inactive"})).await;
    test.ana_writes("Hi?");
    test.settle().await;
    let id = test.conversation_id().await;
    let (reads, typings) = (test.simulator.read_count(), test.simulator.typing_count());
    assert_eq!(test.post(&format!("/conversations/{id}/read"), json!({})).await["unread"], 0);
    test.post(&format!("/conversations/{id}/typing"), json!({})).await;
    assert_eq!((test.simulator.read_count(), test.simulator.typing_count()), (reads + 2, typings + 1));
    test.simulator.set_access_token(Some("another"));
    let (status, problem) = test.call(Method::POST, &format!("/conversations/{id}/typing"), ADMIN_KEY, None).await;
    assert_eq!((status, &problem["code"]), (502, &json!("graph_refused")));
    test.finish().await;
}
