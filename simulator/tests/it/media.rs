use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::desk::{ANA, Desk, NUMBER, code, text, to_ana};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand more";

async fn upload_png(desk: &Desk) -> String {
    let (status, answer) = desk.upload("image/png", PNG.to_vec()).await;
    assert_eq!(status, 200, "{answer}");
    answer["id"].as_str().expect("an id").to_owned()
}

async fn download(desk: &Desk, url: &str) -> (u16, Vec<u8>) {
    let answer = desk.plain(Method::GET, url).send().await.expect("an answer");
    (answer.status().as_u16(), answer.bytes().await.expect("a body").to_vec())
}

async fn url_of(desk: &Desk, id: &str) -> String {
    let (_, node) = desk.get(&format!("/v25.0/{id}")).await;
    node["url"].as_str().expect("a url").to_owned()
}

#[tokio::test]
async fn a_file_goes_up_is_looked_at_comes_down_and_goes() {
    let desk = Desk::manual().await;
    let id = upload_png(&desk).await;
    let (status, node) = desk.get(&format!("/v25.0/{id}?phone_number_id={NUMBER}")).await;
    let sha256 = BASE64_STANDARD.encode(Sha256::digest(PNG));
    assert_eq!((status, &node["mime_type"], &node["sha256"]), (200, &json!("image/png"), &json!(sha256)));
    assert_eq!((&node["id"], &node["file_size"]), (&json!(id), &json!(PNG.len())));
    assert_eq!(code(&desk.get(&format!("/v25.0/{id}?phone_number_id=999")).await), (400, 100));

    let url = node["url"].as_str().expect("a url");
    assert_eq!(download(&desk, url).await, (200, PNG.to_vec()));
    let bare = reqwest::Client::new();
    let without_bearer = bare.get(url).header("user-agent", "desk/1").send().await.expect("an answer");
    assert_eq!(without_bearer.status(), 401);
    let without_agent = bare.get(url).bearer_auth("token").send().await.expect("an answer");
    assert_eq!(without_agent.status(), 403);

    assert_eq!(desk.call(Method::DELETE, &format!("/v25.0/{id}"), Value::Null).await, (200, json!({"success": true})));
    assert_eq!(download(&desk, url).await.0, 404);
    assert_eq!(code(&desk.get(&format!("/v25.0/{id}")).await), (400, 100));
}

#[tokio::test]
async fn what_meta_would_not_take_is_refused() {
    let desk = Desk::manual().await;
    assert_eq!(code(&desk.upload("application/zip", b"PK".to_vec()).await), (400, 100));
    assert_eq!(code(&desk.upload("image/jpeg", PNG.to_vec()).await), (400, 131_053));
    assert_eq!(code(&desk.upload("image/png", vec![0; 5 * 1024 * 1024 + 1]).await), (400, 131_053));
    assert_eq!(code(&desk.upload("image/webp", vec![0; 101 * 1024]).await), (400, 131_053));
    assert_eq!(code(&desk.upload("image/png", Vec::new()).await), (400, 100));
    assert_eq!(desk.upload("application/pdf", vec![0; 6 * 1024 * 1024]).await.0, 200);
    let record = desk.simulator.requests().pop().expect("on record");
    assert_eq!(record.body["size"], 6 * 1024 * 1024, "the record has a line, not the file");
}

#[tokio::test]
async fn addresses_expire_when_they_are_told_to() {
    let desk = Desk::manual().await;
    let id = upload_png(&desk).await;
    let url = url_of(&desk, &id).await;
    desk.post(&format!("/sim/media/{id}/expire"), json!({"what": "urls"})).await;
    assert_eq!(download(&desk, &url).await.0, 404);
    assert_eq!(download(&desk, &url_of(&desk, &id).await).await.0, 200, "a fresh one works");

    desk.put_faults(json!({"downloads_per_media_url": 1})).await;
    let url = url_of(&desk, &id).await;
    assert_eq!((download(&desk, &url).await.0, download(&desk, &url).await.0), (200, 404));
    desk.put_faults(json!({"expired_media_urls": true})).await;
    assert_eq!(download(&desk, &url_of(&desk, &id).await).await.0, 404);
    desk.put_faults(json!({"media_answers": [{"code": 131_016, "times": 1}]})).await;
    assert_eq!(code(&desk.get(&format!("/v25.0/{id}")).await), (500, 131_016));
}

#[tokio::test]
async fn only_known_files_of_the_right_kind_can_be_sent() {
    let desk = Desk::manual().await.with_open_window().await;
    let id = upload_png(&desk).await;
    assert_eq!(desk.send(to_ana("image", json!({"id": id, "caption": "Look"}))).await.0, 200);
    assert_eq!(code(&desk.send(to_ana("image", json!({"id": "12345"}))).await), (400, 100));
    assert_eq!(code(&desk.send(to_ana("audio", json!({"id": id}))).await), (400, 131_053));
    let with_header = |id: &str| {
        json!({"type": "button", "body": {"text": "?"},
        "header": {"type": "image", "image": {"id": id}},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "Ok"}}]}})
    };
    assert_eq!(desk.send(to_ana("interactive", with_header(&id))).await.0, 200);
    assert_eq!(code(&desk.send(to_ana("interactive", with_header("12345"))).await), (400, 100));

    let (_, list) = desk.get(&format!("/sim/customers/{ANA}/messages")).await;
    let bubble = &list["items"][1];
    assert_eq!((&bubble["content"]["caption"], &bubble["text"]), (&json!("Look"), &json!("📷 Look")));
    let media_url = bubble["media_url"].as_str().expect("a page can show it");
    assert_eq!(download(&desk, media_url).await, (200, PNG.to_vec()));
}

#[tokio::test]
async fn a_customers_file_arrives_with_its_bytes() {
    let desk = Desk::manual().await;
    let path = format!("/sim/customers/{ANA}/media?type=image&caption=Here");
    let request = desk.plain(Method::POST, &path).header("content-type", "image/png").body(PNG);
    let answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
    let message = desk.last_message().await;
    let image = &message["image"];
    assert_eq!((&message["id"], &image["id"]), (&answer["wamid"], &answer["media_id"]));
    assert_eq!((&image["mime_type"], &image["caption"]), (&json!("image/png"), &json!("Here")));
    assert_eq!(image["sha256"], json!(BASE64_STANDARD.encode(Sha256::digest(PNG))));
    assert_eq!(download(&desk, image["url"].as_str().expect("a url")).await, (200, PNG.to_vec()));
}

#[tokio::test]
async fn a_file_can_be_said_to_be_what_it_is_not() {
    let desk = Desk::manual().await;
    let path =
        format!("/sim/customers/{ANA}/media?type=voice&mime_type=image/png&sha256=wrong&file_size=7&url=expired");
    let form = reqwest::multipart::Form::new();
    let file =
        reqwest::multipart::Part::bytes(b"OggS".to_vec()).file_name("v.ogg").mime_str("audio/ogg").expect("a type");
    desk.plain(Method::POST, &path).multipart(form.part("file", file)).send().await.expect("an answer");
    let message = desk.last_message().await;
    let audio = &message["audio"];
    assert_eq!(
        (&audio["voice"], &audio["mime_type"], &audio["sha256"]),
        (&json!(true), &json!("image/png"), &json!("wrong"))
    );
    assert_eq!(download(&desk, audio["url"].as_str().expect("a url")).await.0, 404);
    let (_, node) = desk.get(&format!("/v25.0/{}", audio["id"].as_str().expect("an id"))).await;
    assert_eq!(node["file_size"], 7);
    assert_eq!(download(&desk, node["url"].as_str().expect("a url")).await.1, b"OggS");
}

#[tokio::test]
async fn media_written_without_a_file_get_a_small_real_one() {
    let desk = Desk::manual().await;
    for (kind, mime) in [
        ("image", "image/jpeg"),
        ("audio", "audio/ogg; codecs=opus"),
        ("video", "video/mp4"),
        ("document", "application/pdf"),
        ("sticker", "image/webp"),
    ] {
        desk.post(&format!("/sim/customers/{ANA}/messages"), json!({"type": kind})).await;
        let message = desk.last_message().await;
        let part = &message[kind];
        assert_eq!(part["mime_type"], mime, "{message}");
        let (status, bytes) = download(&desk, part["url"].as_str().expect("a url")).await;
        assert_eq!((status, json!(BASE64_STANDARD.encode(Sha256::digest(&bytes)))), (200, part["sha256"].clone()));
    }
    desk.post(&format!("/sim/customers/{ANA}/messages"), json!({"type": "image", "image": {"id": "M"}})).await;
    assert_eq!(desk.last_message().await["image"], json!({"id": "M"}), "an id we do not know stays as it is");
}

#[tokio::test]
async fn a_resumable_upload_ends_in_a_handle() {
    let desk = Desk::manual().await;
    let open = format!("/v25.0/3060000000001/uploads?file_name=a.png&file_length={}&file_type=image/png", PNG.len());
    let (status, session) = desk.post(&open, Value::Null).await;
    assert_eq!(status, 200);
    let session = session["id"].as_str().expect("an id").to_owned();
    let piece = |bytes: &'static [u8]| {
        let request = desk.plain(Method::POST, &format!("/v25.0/{session}"));
        request.header("file_offset", "0").body(bytes).send()
    };
    assert_eq!(piece(b"short").await.expect("an answer").status(), 400);
    let answer: Value = piece(PNG).await.expect("an answer").json().await.expect("JSON");
    assert!(answer["h"].as_str().is_some_and(|handle| handle.starts_with("4::")), "{answer}");
    let profile = format!("/v25.0/{NUMBER}/whatsapp_business_profile");
    let picture = json!({"messaging_product": "whatsapp", "profile_picture_handle": answer["h"]});
    assert_eq!(desk.post(&profile, picture).await.0, 200);
    let (_, shown) = desk.get(&format!("{profile}?fields=profile_picture_url")).await;
    let url = shown["data"][0]["profile_picture_url"].as_str().expect("a picture");
    assert_eq!(download(&desk, url).await, (200, PNG.to_vec()));
    desk.simulator.customer_writes(&crate::desk::ana(), text("Nice picture"));
}
