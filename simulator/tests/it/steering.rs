use futures_util::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, NUMBER, reply, text};

#[tokio::test]
async fn ana_is_there_from_the_start_and_others_can_join() {
    let desk = Desk::manual().await;
    let wanted = json!({"phone": "+41 79 000 00 01", "name": "Ben"});
    let (status, ben) = desk.call(Method::POST, "/sim/customers", wanted).await;
    assert_eq!((status, &ben["phone"], &ben["name"]), (201, &json!("41790000001"), &json!("Ben")));

    desk.call(Method::POST, "/sim/customers/+41790000001/messages", text("Hi")).await;
    let (_, list) = desk.call(Method::GET, "/sim/customers", Value::Null).await;
    let names: Vec<&Value> = list["items"].as_array().into_iter().flatten().map(|item| &item["name"]).collect();
    assert_eq!(names, ["Ana", "Ben"]);
    assert_eq!(list["items"][1]["last"]["text"], "Hi");
    desk.simulator.deliver().await;
    let body = desk.gateway.deliveries()[0].json();
    assert_eq!(body.pointer("/entry/0/changes/0/value/contacts/0/profile/name"), Some(&json!("Ben")));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_in_words() {
    let desk = Desk::manual().await;
    let write = |path: &'static str, body: Value| desk.call(Method::POST, path, body);
    assert_eq!(write("/sim/customers/nobody/messages", text("Hi")).await.0, 400);
    assert_eq!(write("/sim/customers/15550002222/messages", json!({"text": "Hi"})).await.0, 400);
    assert_eq!(write("/sim/customers/15550002222/messages?number=999", text("Hi")).await.0, 404);
    assert_eq!(write("/sim/customers", json!({"name": "Nobody"})).await.0, 400);
    let (status, answer) = write("/sim/customers", json!({"phone": "12"})).await;
    assert_eq!(status, 400);
    assert!(answer["error"]["message"].is_string(), "{answer}");
    let known = format!("/sim/customers/15550002222/messages?number={NUMBER}");
    assert_eq!(desk.call(Method::POST, &known, text("Hi")).await.0, 201);
}

#[tokio::test]
async fn the_feed_tells_pages_what_happens() {
    let desk = Desk::manual().await.with_open_window().await;
    let feed = desk.request(Method::GET, "/sim/feed", Value::Null).send().await.expect("a feed");
    let mut chunks = feed.bytes_stream();
    let hello = chunks.next().await.expect("an event").expect("whole");
    assert!(hello.starts_with(b"data: {\"event\":\"hello\"}"), "{hello:?}");

    desk.send(reply("Hello Ana")).await;
    desk.simulator.deliver().await;
    let mut told = String::new();
    while !told.contains(r#""kind":"read""#) {
        told.push_str(&String::from_utf8_lossy(&chunks.next().await.expect("an event").expect("whole")));
    }
    let kinds = ["bubble", "request", "webhook", "status"];
    assert!(kinds.iter().all(|kind| told.contains(&format!(r#""event":"{kind}""#))), "{told}");
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let desk = Desk::manual().await;
    let page = desk.request(Method::GET, "/", Value::Null).send().await.expect("a page").text().await.expect("text");
    assert!(page.starts_with("<!doctype html>"));
    let elsewhere = ["src=\"http", "href=\"http", "@import", "url(http", "innerHTML"];
    assert!(elsewhere.iter().all(|outside| !page.contains(outside)));
    let parts = ["const BODIES", "function attachMenu", "function oggOf", "function takeChanged"];
    assert!(parts.iter().all(|part| page.contains(part)), "every script is in it");
}
