//! The phone page with a gateway that only has a few sentences: `cargo run --example desk`, then open the address.

use std::time::Duration;

use poem::{
    EndpointExt, Route, Server, handler,
    listener::TcpAcceptor,
    post,
    web::{Data, Json},
};
use serde_json::{Value, json};
use simulator::{Settings, Simulator};
use tokio::net::TcpListener;

const GRAPH: &str = "http://127.0.0.1:8081/v25.0/1060000000001/messages";

/// Answers at once, then goes on like a small agent: read, type, reply.
#[handler]
async fn webhook(Json(body): Json<Value>, Data(http): Data<&reqwest::Client>) -> &'static str {
    let messages = body.pointer("/entry/0/changes/0/value/messages").and_then(Value::as_array);
    for message in messages.into_iter().flatten() {
        tokio::spawn(reply(http.clone(), message.clone()));
    }
    "ok"
}

async fn reply(http: reqwest::Client, message: Value) {
    let said = message["text"]["body"].as_str().unwrap_or_default();
    let read = json!({"messaging_product": "whatsapp", "status": "read", "message_id": message["id"],
        "typing_indicator": {"type": "text"}});
    call(&http, read).await;
    tokio::time::sleep(Duration::from_millis(1400)).await;
    let mut answer = json!({"messaging_product": "whatsapp", "type": "text", "text": {"body": words_for(said)}});
    match message["from"].as_str() {
        Some(phone) => answer["to"] = json!(format!("+{phone}")),
        None => answer["recipient"] = message["from_user_id"].clone(),
    }
    call(&http, answer).await;
}

async fn call(http: &reqwest::Client, body: Value) {
    if let Err(error) = http.post(GRAPH).bearer_auth("any").json(&body).send().await {
        eprintln!("the Graph API did not answer: {error}");
    }
}

fn words_for(said: &str) -> &'static str {
    let said = said.to_lowercase();
    if said.contains("sunday") {
        "On *Sundays* we open at *8:00* and close at 13:00. The sourdough is usually gone by eleven, so do come early!"
    } else if said.contains("gluten") {
        "Yes: a buckwheat loaf and two cakes, baked first thing in the morning in a separate oven. \
         _We cannot rule out traces_, though."
    } else if said.contains("thank") {
        "You're welcome! See you soon."
    } else {
        "I only know a few sentences. Ask me when we open on Sunday, or about gluten."
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let simulator = Simulator::new(Settings::new("http://127.0.0.1:8082/webhook"));
    let listener = TcpListener::bind("127.0.0.1:8081").await?;
    let http = reqwest::Client::builder().no_proxy().build().map_err(std::io::Error::other)?;
    let gateway = Route::new().at("/webhook", post(webhook)).data(http);
    let acceptor = TcpAcceptor::from_tokio(TcpListener::bind("127.0.0.1:8082").await?)?;
    tokio::spawn(Server::new_with_acceptor(acceptor).run(gateway));
    println!("Customers' phones: http://127.0.0.1:8081/");
    simulator.serve(listener, async { drop(tokio::signal::ctrl_c().await) }).await
}
