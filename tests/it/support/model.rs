//! `FakeModel`: an OpenAI-compatible server that says what it is told, records what it is asked, fails and stalls on
//! demand, and checks every request it gets.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::{Data, Json};
use poem::{EndpointExt, Response, Route, Server, handler, post};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

/// What the model does with one request.
#[derive(Debug, Clone)]
pub enum Says {
    Text(String),
    /// Calls a tool with these arguments.
    Calls(&'static str, Value),
    /// Answers with this HTTP status and body.
    Fails(u16, &'static str),
    /// Waits until `go` is called, then says this.
    WhenTold(String),
    Hangs,
}

#[derive(Default)]
struct State {
    script: VecDeque<Says>,
    otherwise: Option<Says>,
    requests: Vec<Value>,
    finished: usize,
}

#[derive(Clone)]
pub struct FakeModel {
    pub base_url: String,
    state: Arc<Mutex<State>>,
    arrived: Arc<Semaphore>,
    told: Arc<Semaphore>,
}

impl FakeModel {
    pub async fn start() -> Self {
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.expect("bind");
        let address = *acceptor.local_addr()[0].as_socket_addr().expect("address");
        let model = Self {
            base_url: format!("http://{address}/v1"),
            state: Arc::default(),
            arrived: Arc::new(Semaphore::new(0)),
            told: Arc::new(Semaphore::new(0)),
        };
        let routes = Route::new().at("/v1/chat/completions", post(complete)).data(model.clone());
        tokio::spawn(Server::new_with_acceptor(acceptor).run(routes));
        model
    }

    /// The next request gets this.
    pub fn next(&self, says: Says) -> &Self {
        self.lock().script.push_back(says);
        self
    }

    /// Whatever is not scripted gets this; "Hello!" unless told.
    pub fn always(&self, says: Says) {
        self.lock().otherwise = Some(says);
    }

    /// Drops what nobody asked for.
    pub fn forget_script(&self) {
        self.lock().script.clear();
    }

    pub fn requests(&self) -> Vec<Value> {
        self.lock().requests.clone()
    }

    /// How many completions were given to their end.
    pub fn finished(&self) -> usize {
        self.lock().finished
    }

    /// Waits until one more request has arrived.
    pub async fn arrived(&self) {
        let arrived = tokio::time::timeout(std::time::Duration::from_secs(10), self.arrived.acquire()).await;
        arrived.expect("a request arrives").expect("open").forget();
    }

    /// Lets all that wait go on; some of them may be calls that nobody waits for any more.
    pub fn go(&self) {
        self.told.add_permits(10);
    }

    /// Whoever comes from now on waits again until it is told.
    pub fn hold(&self) {
        self.told.forget_permits(self.told.available_permits());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("not poisoned")
    }
}

#[handler]
async fn complete(
    Data(model): Data<&FakeModel>,
    headers: &poem::http::HeaderMap,
    Json(request): Json<Value>,
) -> Response {
    if let Some(wrong) = wrong_with(&request, headers) {
        return answer(400, json!({"error": {"message": wrong, "code": "fake_model_refuses"}}));
    }
    let says = {
        let mut state = model.lock();
        state.requests.push(request);
        let scripted = state.script.pop_front();
        scripted.or_else(|| state.otherwise.clone()).unwrap_or(Says::Text("Hello!".to_owned()))
    };
    model.arrived.add_permits(1);
    let message = match says {
        Says::Text(text) => json!({"role": "assistant", "content": text}),
        Says::WhenTold(text) => {
            model.told.acquire().await.expect("open").forget();
            json!({"role": "assistant", "content": text})
        }
        Says::Calls(name, arguments) => json!({"role": "assistant", "content": null, "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments.to_string()}}]}),
        Says::Fails(status, body) => {
            return answer(status, serde_json::from_str(body).unwrap_or(json!(body)));
        }
        Says::Hangs => std::future::pending().await,
    };
    model.lock().finished += 1;
    answer(
        200,
        json!({"id": "c", "object": "chat.completion", "model": "fake-1", "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}}),
    )
}

/// A service would refuse these.
fn wrong_with(request: &Value, headers: &poem::http::HeaderMap) -> Option<&'static str> {
    let messages = request["messages"].as_array()?;
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok());
    if bearer != Some("Bearer model-key") {
        return Some("the key is missing");
    }
    if request["model"].as_str().is_none_or(str::is_empty) {
        return Some("no model");
    }
    if messages.first().map(|message| &message["role"]) != Some(&json!("system")) {
        return Some("the first message is not the system prompt");
    }
    let last = messages.last().map(|message| message["role"].as_str().unwrap_or_default());
    if !matches!(last, Some("user" | "tool")) {
        return Some("the last message is not the user's");
    }
    None
}

fn answer(status: u16, body: Value) -> Response {
    let status = poem::http::StatusCode::from_u16(status).expect("a status");
    Response::builder().status(status).content_type("application/json").body(body.to_string())
}
