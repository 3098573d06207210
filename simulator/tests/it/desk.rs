//! A simulator on a port, a gateway on another, and a client to play with both.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, Ordering},
};

use poem::{
    EndpointExt, IntoResponse, Request, Response, Route, Server, handler, http::StatusCode, listener::TcpAcceptor,
};
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Customer, Pace, Settings, Simulator};
use tokio::{net::TcpListener, sync::Notify};

pub const NUMBER: &str = "1060000000001";
pub const ANA: &str = "15550002222";

/// One webhook as it came in.
#[derive(Clone)]
pub struct Delivery {
    pub body: Vec<u8>,
    pub signature: String,
}

impl Delivery {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a webhook is JSON")
    }

    /// The ids of the messages and the words of the statuses in it.
    pub fn items(&self) -> Vec<String> {
        let value = &self.json()["entry"][0]["changes"][0]["value"];
        let all = |key: &str| value[key].as_array().cloned().unwrap_or_default();
        let messages = all("messages").into_iter().map(|message| message["id"].clone());
        let statuses = all("statuses").into_iter().map(|status| status["status"].clone());
        messages.chain(statuses).filter_map(|item| item.as_str().map(str::to_owned)).collect()
    }
}

/// What the gateway saw and how it answers.
#[derive(Default)]
pub struct Gateway {
    deliveries: Mutex<Vec<Delivery>>,
    pub answers: AtomicU16,
    arrived: Notify,
}

impl Gateway {
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.deliveries.lock().expect("no test panics while holding it").clone()
    }

    pub fn items(&self) -> Vec<Vec<String>> {
        self.deliveries().iter().map(Delivery::items).collect()
    }

    /// Waits until so many webhooks have come.
    pub async fn wait_for(&self, count: usize) {
        loop {
            let arrived = self.arrived.notified();
            if self.deliveries().len() >= count {
                return;
            }
            arrived.await;
        }
    }
}

#[handler]
async fn take(request: &Request, body: Vec<u8>, gateway: poem::web::Data<&Arc<Gateway>>) -> Response {
    let signature = request.header("x-hub-signature-256").unwrap_or_default().to_owned();
    gateway.deliveries.lock().expect("no test panics while holding it").push(Delivery { body, signature });
    gateway.arrived.notify_one();
    StatusCode::from_u16(gateway.answers.load(Ordering::SeqCst)).expect("tests set real statuses").into_response()
}

#[handler]
fn challenge(request: &Request) -> String {
    let query = request.uri().query().unwrap_or_default();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let right = query.contains("hub.verify_token=right");
    pairs.filter(|(key, _)| right && *key == "hub.challenge").map(|(_, value)| value.to_owned()).collect()
}

/// Both ends and a client.
pub struct Desk {
    pub simulator: Simulator,
    pub gateway: Arc<Gateway>,
    pub gateway_url: String,
    url: String,
    http: reqwest::Client,
}

impl Desk {
    pub async fn manual() -> Self {
        Self::start(Pace::Manual).await
    }

    pub async fn start(pace: Pace) -> Self {
        let gateway = Arc::new(Gateway { answers: AtomicU16::new(200), ..Gateway::default() });
        let route = Route::new().at("/*any", poem::get(challenge).post(take)).data(gateway.clone());
        let (listener, gateway_url) = listen().await;
        let acceptor = TcpAcceptor::from_tokio(listener).expect("a listener is an acceptor");
        tokio::spawn(Server::new_with_acceptor(acceptor).run(route));

        let settings = Settings { pace, ..Settings::new(format!("{gateway_url}/webhook")) };
        let simulator = Simulator::new(settings);
        let (listener, url) = listen().await;
        tokio::spawn(simulator.clone().serve(listener, std::future::pending()));
        let http = reqwest::Client::builder().no_proxy().build().expect("a plain client");
        Self { simulator, gateway, gateway_url, url, http }
    }

    /// Ana writes, so that she may be written to; what that posts is forgotten.
    pub async fn with_open_window(self) -> Self {
        self.simulator.customer_writes(&ana(), text("Hello"));
        self.simulator.deliver().await;
        self.gateway.deliveries.lock().expect("no test panics while holding it").clear();
        self
    }

    pub async fn call(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let answer = self.request(method, path, body).send().await.expect("the simulator answers");
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub fn request(&self, method: Method, path: &str, body: Value) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url)).bearer_auth("token");
        if body.is_null() { request } else { request.json(&body) }
    }

    pub fn graph_url(&self) -> String {
        format!("{}{}", self.url, messages_path())
    }

    /// A request with the bearer and a `User-Agent`, for what is not JSON.
    pub fn plain(&self, method: Method, url: &str) -> reqwest::RequestBuilder {
        let url = if url.starts_with("http") { url.to_owned() } else { format!("{}{url}", self.url) };
        self.http.request(method, url).bearer_auth("token").header("user-agent", "desk/1")
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, path, Value::Null).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.call(Method::POST, path, body).await
    }

    /// Uploads a file and answers what Graph says.
    pub async fn upload(&self, mime: &str, bytes: Vec<u8>) -> (u16, Value) {
        let file = reqwest::multipart::Part::bytes(bytes).file_name("file").mime_str(mime).expect("a MIME type");
        let form = reqwest::multipart::Form::new().text("messaging_product", "whatsapp").text("type", mime.to_owned());
        let request = self.plain(Method::POST, &format!("/v25.0/{NUMBER}/media")).multipart(form.part("file", file));
        let answer = request.send().await.expect("the simulator answers");
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// Delivers what waits and answers the changes of all webhooks that came since: field and value.
    pub async fn changes(&self) -> Vec<(String, Value)> {
        self.simulator.deliver().await;
        let mut deliveries = self.gateway.deliveries.lock().expect("no test panics while holding it");
        let bodies: Vec<Value> = deliveries.drain(..).map(|delivery| delivery.json()).collect();
        let changes = bodies.iter().map(|body| &body["entry"][0]["changes"][0]);
        changes
            .map(|change| (change["field"].as_str().unwrap_or_default().to_owned(), change["value"].clone()))
            .collect()
    }

    /// Delivers what waits and answers the last message that came.
    pub async fn last_message(&self) -> Value {
        let changes = self.changes().await;
        changes.iter().rev().find_map(|(_, value)| value.pointer("/messages/0")).cloned().unwrap_or(Value::Null)
    }

    /// Sends through the Graph API.
    pub async fn send(&self, body: Value) -> (u16, Value) {
        self.call(Method::POST, &messages_path(), body).await
    }

    pub async fn put_faults(&self, faults: Value) -> (u16, Value) {
        self.call(Method::PUT, "/sim/faults", faults).await
    }

    pub fn statuses_on_phone(&self) -> Vec<&'static str> {
        self.simulator.bubbles(ANA).iter().map(|bubble| bubble.status.as_str()).collect()
    }
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound listener has an address");
    (listener, format!("http://{address}"))
}

pub fn messages_path() -> String {
    format!("/v25.0/{NUMBER}/messages")
}

pub fn ana() -> Customer {
    Customer::with_phone(ANA)
}

/// The code of an answer, and its HTTP status.
pub fn code(answer: &(u16, Value)) -> (u16, i64) {
    (answer.0, answer.1["error"]["code"].as_i64().unwrap_or(0))
}

/// A message of any type to Ana.
pub fn to_ana(kind: &str, part: Value) -> Value {
    json!({"messaging_product": "whatsapp", "to": "+15550002222", "type": kind, kind: part})
}

/// What a customer writes.
pub fn text(body: &str) -> Value {
    json!({"type": "text", "text": {"body": body}})
}

/// What the gateway sends to Ana.
pub fn reply(body: &str) -> Value {
    json!({"messaging_product": "whatsapp", "to": "+15550002222", "type": "text", "text": {"body": body},
        "biz_opaque_callback_data": "msg_1"})
}
