//! A model that names what it was asked: its answer carries the tokens of the messages in the question and a running
//! number, so a doubled answer can be told from two answers. It can be slow, fail, hang and talk nonsense.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::Data;
use poem::{EndpointExt, Response, Route, Server, handler, post};
use serde_json::{Value, json};

use super::token::tokens;
use crate::dice::Dice;

/// How it behaves: shares of all calls.
#[derive(Debug, Clone, Default)]
pub struct Manners {
    /// HTTP 500.
    pub fails: f64,
    /// HTTP 429.
    pub limits: f64,
    /// Silence for longer than anybody waits.
    pub hangs: f64,
    /// Half an answer with status 200.
    pub garbles: f64,
    /// How long it thinks, in milliseconds, at the least and at the most.
    pub thinks_ms: (u64, u64),
    /// Answers everything since its last answer, as a model does that is shown open messages one by one.
    pub answers_all_open: bool,
}

struct State {
    manners: Manners,
    dice: Dice,
    answers: usize,
    mixed: usize,
}

#[derive(Clone)]
pub struct Model {
    pub base_url: String,
    state: Arc<Mutex<State>>,
}

/// Longer than the gateway's own patience in these runs.
const HANG: Duration = Duration::from_secs(8);

impl Model {
    pub async fn start(seed: u64) -> anyhow::Result<Self> {
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await?;
        let address = acceptor.local_addr().first().and_then(|address| address.as_socket_addr().copied());
        let address = address.ok_or_else(|| anyhow::anyhow!("the model has no address"))?;
        let state = State { manners: Manners::default(), dice: Dice::of(seed, "model"), answers: 0, mixed: 0 };
        let model = Self { base_url: format!("http://{address}/v1"), state: Arc::new(Mutex::new(state)) };
        let routes = Route::new().at("/v1/chat/completions", post(complete)).data(model.clone());
        tokio::spawn(Server::new_with_acceptor(acceptor).run(routes));
        Ok(model)
    }

    pub fn behave(&self, manners: Manners) {
        self.lock().manners = manners;
    }

    /// Prompts that held the words of more than one customer.
    pub fn mixed(&self) -> usize {
        self.lock().mixed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What befalls one call.
enum Mood {
    Answers(usize),
    Fails(u16),
    Hangs,
    Garbles,
}

impl State {
    fn roll(&mut self) -> (Mood, Duration) {
        let manners = self.manners.clone();
        let thinks = self.dice.millis(manners.thinks_ms.0, manners.thinks_ms.1);
        let mood = if self.dice.happens(manners.hangs) {
            Mood::Hangs
        } else if self.dice.happens(manners.fails) {
            Mood::Fails(500)
        } else if self.dice.happens(manners.limits) {
            Mood::Fails(429)
        } else if self.dice.happens(manners.garbles) {
            Mood::Garbles
        } else {
            self.answers += 1;
            Mood::Answers(self.answers)
        };
        (mood, thinks)
    }
}

#[handler]
async fn complete(Data(model): Data<&Model>, body: String) -> Response {
    let request: Value = serde_json::from_str(&body).unwrap_or_default();
    let (mood, thinks, all_open) = {
        let mut state = model.lock();
        let named = tokens(&body);
        state.mixed += usize::from(named.iter().any(|token| token.customer != named[0].customer));
        let (mood, thinks) = state.roll();
        (mood, thinks, state.manners.answers_all_open)
    };
    tokio::time::sleep(thinks).await;
    match mood {
        Mood::Answers(stamp) => answer(200, &completion(&reply(&request, stamp, all_open)).to_string()),
        Mood::Fails(status) => answer(status, r#"{"error": {"message": "on purpose", "type": "server_error"}}"#),
        Mood::Garbles => answer(200, r#"{"choices": [{"mess"#),
        Mood::Hangs => {
            tokio::time::sleep(HANG).await;
            answer(504, "{}")
        }
    }
}

/// The tokens of the question: what the last message of role `user` says, or all of them since the last answer.
fn reply(request: &Value, stamp: usize, all_open: bool) -> String {
    let messages = request["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let asked = messages.iter().rev().take_while(|message| message["role"] != "assistant");
    let asked = asked.filter(|message| message["role"] == "user").take(if all_open { usize::MAX } else { 1 });
    let mut named: Vec<String> = Vec::new();
    for message in asked {
        named.extend(tokens(message["content"].as_str().unwrap_or_default()).iter().map(ToString::to_string));
    }
    format!("Noted: {} s{stamp}", named.join(" "))
}

fn completion(text: &str) -> Value {
    json!({"id": "c", "object": "chat.completion", "model": "torture",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 300, "completion_tokens": 6, "total_tokens": 306}})
}

fn answer(status: u16, body: &str) -> Response {
    let status = poem::http::StatusCode::from_u16(status).unwrap_or(poem::http::StatusCode::INTERNAL_SERVER_ERROR);
    Response::builder().status(status).content_type("application/json").body(body.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_the_question_and_not_the_history() {
        let request = json!({"messages": [
            {"role": "system", "content": "Help."}, {"role": "user", "content": "k1m1"},
            {"role": "assistant", "content": "Noted: k1m1 s1"}, {"role": "user", "content": "<m>k1m2</m><m>k1m3</m>"}]});
        assert_eq!(reply(&request, 2, false), "Noted: k1m2 k1m3 s2");
    }
}
