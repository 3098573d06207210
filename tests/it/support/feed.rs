//! Somebody who listens to the feed, as a browser would.

use std::collections::VecDeque;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use super::{ADMIN_KEY, TestApp, text};

/// Longer than anything that is told takes.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Clone)]
pub struct Told {
    pub id: Option<String>,
    pub event: String,
    pub data: Value,
}

impl Told {
    /// What it is about: the id of the thing it shows.
    pub fn subject(&self) -> String {
        match self.event.as_str() {
            "gone" => text(&self.data, "id"),
            "agent" => text(&self.data, "agent_id"),
            "presence" => text(&self.data, "conversation_id"),
            event => text(&self.data[event], "id"),
        }
    }
}

pub struct Listener {
    response: reqwest::Response,
    text: String,
    waiting: VecDeque<Told>,
    /// As a browser would send it when it comes back.
    pub last_id: String,
}

impl Listener {
    /// Listens as an admin; `query` begins with `?` or is empty. The `hello` is read.
    pub async fn open(test: &TestApp, query: &str) -> Self {
        Self::open_as(test, query, ADMIN_KEY, None).await
    }

    pub async fn resume(test: &TestApp, last_id: &str) -> Self {
        Self::open_as(test, "", ADMIN_KEY, Some(last_id)).await
    }

    pub async fn open_as(test: &TestApp, query: &str, key: &str, last_id: Option<&str>) -> Self {
        Self::open_at(&test.base, test, query, key, last_id).await
    }

    /// At whichever node.
    pub async fn open_at(base: &str, test: &TestApp, query: &str, key: &str, last_id: Option<&str>) -> Self {
        let mut request = test.app.http.get(format!("{base}/api/v1/feed{query}")).bearer_auth(key);
        if let Some(last_id) = last_id {
            request = request.header("Last-Event-ID", last_id);
        }
        let response = request.send().await.expect("answer");
        assert_eq!(response.status(), 200);
        for (name, value) in [("content-type", "text/event-stream"), ("cache-control", "no-cache")] {
            assert_eq!(response.headers()[name], value);
        }
        assert!(response.headers().get("content-length").is_none(), "it has no end");
        let mut listener = Self { response, text: String::new(), waiting: VecDeque::new(), last_id: String::new() };
        let hello = listener.next().await;
        assert_eq!((hello.event.as_str(), &hello.data["type"]), ("hello", &Value::from("hello")));
        listener
    }

    /// The next event.
    pub async fn next(&mut self) -> Told {
        let next = tokio::time::timeout(PATIENCE, self.next_or_end()).await;
        next.expect("something is told").expect("it goes on")
    }

    /// The next event, or `None` when the feed has ended.
    pub async fn next_or_end(&mut self) -> Option<Told> {
        loop {
            if let Some(told) = self.waiting.pop_front() {
                self.last_id = told.id.clone().unwrap_or_else(|| self.last_id.clone());
                return Some(told);
            }
            let bytes = self.response.chunk().await.ok()??;
            self.text += std::str::from_utf8(&bytes).expect("whole events come at once");
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let told = read(block);
                let rest = rest.to_owned();
                match told {
                    (None, Some(id)) => self.last_id = id,
                    (Some(told), _) => self.waiting.push_back(told),
                    (None, None) => {}
                }
                self.text = rest;
            }
        }
    }

    /// Everything up to the first that `is_last`, with it.
    pub async fn until(&mut self, is_last: impl Fn(&Told) -> bool) -> Vec<Told> {
        let mut all = Vec::new();
        loop {
            let told = self.next().await;
            let done = is_last(&told);
            all.push(told);
            if done {
                return all;
            }
        }
    }

    /// Waits until all that was changed is told: on PostgreSQL a transaction of anybody's keeps what came after it waiting.
    pub async fn settle(test: &TestApp) {
        Self::open(test, "").await.all(test).await;
    }

    /// Everything that has been told up to now: a mark of the test's own is told last.
    pub async fn all(&mut self, test: &TestApp) -> Vec<Told> {
        let mark = uuid::Uuid::new_v4().to_string();
        let made = test.post("/agents", serde_json::json!({"name": mark, "instructions": "A mark."})).await;
        let id = text(&made, "id");
        let mut told = self.until(|told| told.event == "agent" && told.subject() == id).await;
        told.pop();
        let (status, _) = test.call(Method::DELETE, &format!("/agents/{id}"), ADMIN_KEY, None).await;
        assert_eq!(status, 204);
        let gone = self.next().await;
        assert_eq!((gone.event.as_str(), gone.subject()), ("gone", id));
        told
    }

    /// Waits until the feed ends.
    pub async fn end(mut self) {
        let end = async { while self.next_or_end().await.is_some() {} };
        tokio::time::timeout(PATIENCE, end).await.expect("it ends");
    }
}

fn read(block: &str) -> (Option<Told>, Option<String>) {
    let field = |name: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.trim_start_matches(": ").to_owned())
    };
    let id = field("id");
    let told = field("data").map(|data| Told {
        id: id.clone(),
        event: field("event").expect("every event has a name"),
        data: serde_json::from_str(&data).expect("JSON"),
    });
    (told, id)
}
