use reqwest::Method;
use serde_json::{Value, json};
use simulator::Customer;

use crate::desk::{ANA, Desk, NUMBER, ana, reply, text, to_ana};

async fn write(desk: &Desk, message: Value) -> Value {
    let (status, answer) = desk.post(&format!("/sim/customers/{ANA}/messages"), message).await;
    assert_eq!(status, 201, "{answer}");
    desk.last_message().await
}

#[tokio::test]
async fn every_type_goes_through_as_it_is() {
    let desk = Desk::manual().await;
    let cases = [
        ("location", json!({"latitude": 47.37, "longitude": 8.54, "name": "Lake"})),
        ("contacts", json!([{"name": {"formatted_name": "B C"}, "phones": [{"phone": "+1 555"}]}])),
        (
            "interactive",
            json!({"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{}"}}),
        ),
        (
            "order",
            json!({"catalog_id": "c", "product_items": [{"product_retailer_id": "sku", "quantity": 2, "item_price": 9.5, "currency": "EUR"}]}),
        ),
        ("button", json!({"payload": "P", "text": "Yes"})),
    ];
    for (kind, part) in cases {
        let message = write(&desk, json!({"type": kind, kind: part})).await;
        assert_eq!((&message["type"], &message[kind]), (&json!(kind), &part));
    }
    let forwarded =
        write(&desk, json!({"type": "text", "text": {"body": "Look"}, "context": {"forwarded": true}})).await;
    assert_eq!(forwarded["context"], json!({"forwarded": true}));
    let poll = write(&desk, json!({"type": "unsupported", "unsupported": {"type": "poll_creation"}})).await;
    assert_eq!(poll["errors"][0]["code"], 131_051);
}

#[tokio::test]
async fn a_reply_says_whom_it_quotes() {
    let desk = Desk::manual().await.with_open_window().await;
    let (_, sent) = desk.send(reply("Which one?")).await;
    let quoted = &sent["messages"][0]["id"];
    let message = write(&desk, json!({"type": "text", "text": {"body": "That"}, "context": {"id": quoted}})).await;
    assert_eq!(message["context"], json!({"id": quoted, "from": "15550001111"}));
    let own = write(&desk, json!({"type": "text", "text": {"body": "Mine"}, "context": {"id": message["id"]}})).await;
    assert_eq!(own["context"]["from"], ANA);
}

#[tokio::test]
async fn taps_make_the_reply_the_bubble_asks_for() {
    let desk = Desk::manual().await.with_open_window().await;
    let list = json!({"type": "list", "body": {"text": "?"}, "action": {"button": "Open",
        "sections": [{"rows": [{"id": "r1", "title": "Rye", "description": "dark"}]}]}});
    let buttons = json!({"type": "button", "body": {"text": "?"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "yes", "title": "Yes"}}]}});
    for (part, choice, expected) in [
        (list, "r1", json!({"type": "list_reply", "list_reply": {"id": "r1", "title": "Rye", "description": "dark"}})),
        (buttons, "Yes", json!({"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes"}})),
    ] {
        let (_, sent) = desk.send(to_ana("interactive", part)).await;
        let wamid = sent["messages"][0]["id"].clone();
        let taps = format!("/sim/customers/{ANA}/taps");
        assert_eq!(desk.post(&taps, json!({"wamid": wamid, "choice": choice})).await.0, 201);
        let message = desk.last_message().await;
        assert_eq!((&message["interactive"], &message["context"]["id"]), (&expected, &wamid));
        assert_eq!(desk.post(&taps, json!({"wamid": wamid, "choice": "nothing"})).await.0, 400);
    }
}

#[tokio::test]
async fn reactions_of_both_sides_stand_on_their_bubble_until_they_are_removed() {
    let desk = Desk::manual().await;
    let wamid = desk.simulator.customer_writes(&ana(), text("Hello"));
    assert_eq!(desk.send(to_ana("reaction", json!({"message_id": wamid, "emoji": "👍"}))).await.0, 200);
    write(&desk, json!({"type": "reaction", "reaction": {"message_id": wamid, "emoji": "❤️"}})).await;
    let (_, list) = desk.get(&format!("/sim/customers/{ANA}/messages")).await;
    let both = json!([{"from": "business", "emoji": "👍"}, {"from": "customer", "emoji": "❤️"}]);
    assert_eq!(list["items"][0]["reactions"], both);
    let removal = write(&desk, json!({"type": "reaction", "reaction": {"message_id": wamid}})).await;
    assert!(removal["reaction"].get("emoji").is_none());
    desk.send(to_ana("reaction", json!({"message_id": wamid, "emoji": ""}))).await;
    assert!(desk.simulator.bubbles(ANA)[0].reactions.is_empty());
    let unknown = desk.send(to_ana("reaction", json!({"message_id": "wamid.unknown", "emoji": "👍"}))).await;
    assert_eq!(unknown.1["error"]["code"], 131_009);
}

#[tokio::test]
async fn a_message_can_be_edited_and_taken_back() {
    let desk = Desk::manual().await;
    let wamid = desk.simulator.customer_writes(&ana(), text("Helo"));
    let edit = json!({"original_message_id": wamid, "message": {"type": "text", "text": {"body": "Hello"}}});
    write(&desk, json!({"type": "edit", "edit": edit})).await;
    let bubble = desk.simulator.bubbles(ANA)[0].clone();
    assert_eq!((bubble.text.as_str(), bubble.edited), ("Hello", true));
    write(&desk, json!({"type": "revoke", "revoke": {"original_message_id": wamid}})).await;
    assert!(desk.simulator.bubbles(ANA)[0].revoked);
}

#[tokio::test]
async fn a_customer_changes_their_number() {
    let desk = Desk::manual().await;
    let (status, answer) = desk.post(&format!("/sim/customers/{ANA}/number"), json!({"phone": "+15550003333"})).await;
    assert_eq!((status, &answer["customer"]["phone"]), (201, &json!("15550003333")));
    let (_, value) = desk.changes().await.remove(0);
    assert!(value.get("contacts").is_none(), "the system is nobody");
    let system = &value["messages"][0]["system"];
    assert_eq!((&system["type"], &system["wa_id"]), (&json!("user_changed_number"), &json!("15550003333")));
    assert_eq!(system["previous_user_id"], json!(ana().user_id));
}

#[tokio::test]
async fn who_comes_from_an_ad_is_free_for_three_days() {
    let desk = Desk::manual().await;
    let ad = json!({"type": "text", "text": {"body": "Hi"}, "referral": {"source_type": "ad", "source_id": "1"}});
    assert_eq!(write(&desk, ad).await["referral"]["source_id"], "1");
    desk.send(reply("Welcome")).await;
    let changes = desk.changes().await;
    let sent = &changes[0].1["statuses"][0];
    assert_eq!((&sent["pricing"]["type"], &sent["pricing"]["billable"]), (&json!("free_entry_point"), &json!(false)));
    assert!(sent["conversation"]["expiration_timestamp"].is_string());
    assert!(changes[1].1["statuses"][0]["conversation"].get("expiration_timestamp").is_none());
}

#[tokio::test]
async fn nobody_needs_a_phone_for_any_of_it() {
    let desk = Desk::manual().await;
    desk.post("/sim/customers", json!({"username": "ana.k", "name": "Ana"})).await;
    let user_id = Customer::with_username("ana.k", "Ana").user_id;
    let path = format!("/sim/customers/{user_id}/media?type=sticker");
    let sticker = desk.plain(Method::POST, &path).header("content-type", "image/webp").body("RIFF....WEBP");
    assert_eq!(sticker.send().await.expect("an answer").status(), 201);
    let message = desk.last_message().await;
    assert_eq!((&message["from_user_id"], &message["sticker"]["animated"]), (&json!(user_id), &json!(false)));
    assert!(message.get("from").is_none());
}

#[tokio::test]
async fn any_webhook_can_be_told_and_echoes_stand_on_the_phone() {
    let desk = Desk::manual().await;
    desk.post("/sim/webhooks", json!({"field": "history", "value": {"history": []}})).await;
    desk.post("/sim/webhooks", json!({"field": "account_review_update", "value": {"decision": "APPROVED"}})).await;
    desk.post("/sim/webhooks", json!({"object": "whatsapp_business_account", "entry": []})).await;
    desk.post(&format!("/sim/customers/{ANA}/echoes"), text("A person answers")).await;
    let changes = desk.changes().await;
    assert_eq!((changes[0].0.as_str(), &changes[0].1["metadata"]["phone_number_id"]), ("history", &json!(NUMBER)));
    assert!(changes[1].1.get("metadata").is_none());
    let echo = &changes[3].1["message_echoes"][0];
    assert_eq!((&echo["from"], &echo["to"]), (&json!("15550001111"), &json!(ANA)));
    assert_eq!(desk.simulator.bubbles(ANA)[0].text, "A person answers");
}
