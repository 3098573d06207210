use serde_json::{Value, json};

use crate::desk::{ANA, Desk, code, reply, to_ana};

#[tokio::test]
async fn every_type_reaches_the_phone_with_its_content() {
    let desk = Desk::manual().await.with_open_window().await;
    let place = json!({"latitude": 47.37, "longitude": 8.54, "name": "Lake", "address": "Quai 1"});
    let card = json!([{"name": {"formatted_name": "B C", "first_name": "B"}, "phones": [{"phone": "+1 555"}]}]);
    let link = json!({"type": "cta_url", "body": {"text": "Read"},
        "action": {"name": "cta_url", "parameters": {"display_text": "Open", "url": "https://x.test"}}});
    for (kind, part) in [("location", place), ("contacts", card), ("interactive", link)] {
        assert_eq!(desk.send(to_ana(kind, part.clone())).await.0, 200);
        let (_, list) = desk.get(&format!("/sim/customers/{ANA}/messages")).await;
        let bubble = list["items"].as_array().and_then(|items| items.last()).expect("a bubble");
        assert_eq!((&bubble["type"], &bubble["content"]), (&json!(kind), &part));
    }
    desk.send(reply("Plain")).await;
    let (_, list) = desk.get(&format!("/sim/customers/{ANA}/messages")).await;
    assert_eq!(list["items"][4]["content"], json!({"body": "Plain"}));
}

#[tokio::test]
async fn the_business_cannot_write_to_itself() {
    let desk = Desk::manual().await;
    let mut own = reply("Me?");
    own["to"] = json!("+15550001111");
    assert_eq!(code(&desk.send(own).await), (400, 131_021));
}

#[tokio::test]
async fn limits_are_computed_when_they_are_on() {
    let desk = Desk::manual().await.with_open_window().await;
    desk.put_faults(json!({"limits": true})).await;
    for place in 0..45 {
        assert_eq!(desk.send(reply("Quick")).await.0, 200, "message {place}");
    }
    assert_eq!(code(&desk.send(reply("Too quick")).await), (400, 131_056));
    desk.put_faults(json!({})).await;
    assert_eq!(desk.send(reply("No limits")).await.0, 200);
}

#[tokio::test]
async fn any_code_of_the_table_comes_with_its_own_status_and_title() {
    let desk = Desk::manual().await.with_open_window().await;
    for (wanted, http, title) in [
        (131_037, 400, "(#131037) WhatsApp provided number needs display name approval before message can be sent"),
        (131_031, 403, "(#131031) Account has been locked"),
        (2, 503, "(#2) API Service"),
        (131_045, 500, "(#131045) Incorrect certificate"),
    ] {
        desk.put_faults(json!({"answers": [{"code": wanted}]})).await;
        let answer = desk.send(reply("Hi")).await;
        assert_eq!((code(&answer), &answer.1["error"]["message"]), ((http, wanted), &json!(title)));
    }
    desk.put_faults(json!({"fail_status": {"code": 130_497}, "management_answers": [{"code": 4}]})).await;
    desk.send(reply("Hi")).await;
    let failed = desk.changes().await.pop().expect("a status").1;
    let title = "Business account is restricted from messaging users in this country";
    assert_eq!(failed["statuses"][0]["errors"][0]["title"], title);
    assert_eq!(code(&desk.get("/v25.0/2060000000001/phone_numbers").await), (400, 4));
}

#[tokio::test]
async fn a_voice_message_that_was_listened_to_is_told() {
    let desk = Desk::manual().await.with_open_window().await;
    let (_, uploaded) = desk.upload("audio/ogg", b"OggS and more".to_vec()).await;
    let (_, sent) = desk.send(to_ana("audio", json!({"id": uploaded["id"], "voice": true}))).await;
    desk.changes().await;
    let wamid: &Value = &sent["messages"][0]["id"];
    assert_eq!(desk.post(&format!("/sim/customers/{ANA}/played"), json!({"wamid": wamid})).await.0, 200);
    assert_eq!(desk.changes().await[0].1["statuses"][0]["status"], "played");
    assert_eq!(desk.statuses_on_phone(), ["sent", "played"]);
}
