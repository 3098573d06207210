//! Somebody at a browser: a session's cookie, and its token for what changes something.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::{TestApp, text};

pub const PASSWORD: &str = "long enough to keep";

#[derive(Clone)]
pub struct Browser {
    pub cookie: String,
    pub csrf_token: String,
    /// What signing in answered.
    pub session: Value,
}

impl Browser {
    /// From the answer to a sign-in.
    pub async fn open(answer: Response) -> Self {
        assert_eq!(answer.status(), 201);
        let cookie = set_cookie(&answer).split(';').next().expect("a cookie").to_owned();
        let session: Value = answer.json().await.expect("JSON");
        Self { cookie, csrf_token: text(&session, "csrf_token"), session }
    }

    /// A member of `role`, invited by the admin key and signed in.
    pub async fn of_new_member(test: &TestApp, email: &str, role: &str) -> Self {
        let invited = test.post("/members", json!({"email": email, "role": role})).await;
        Self::open(accept(test, &invited).await).await
    }

    pub async fn call(&self, test: &TestApp, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = test
            .request(method, &format!("/api/v1{path}"))
            .header("cookie", format!("theme=dark; {}", self.cookie))
            .header("x-csrf-token", &self.csrf_token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        read(request.send().await.expect("answer")).await
    }

    pub async fn get(&self, test: &TestApp, path: &str) -> Value {
        let (status, body) = self.call(test, Method::GET, path, None).await;
        assert_eq!(status, 200, "GET {path}: {body}");
        body
    }

    pub async fn post(&self, test: &TestApp, path: &str, body: Value) -> Value {
        let (status, body) = self.call(test, Method::POST, path, Some(body)).await;
        assert!((200..300).contains(&status), "POST {path}: {status} {body}");
        body
    }

    pub fn actor(&self) -> String {
        text(&self.session, "actor")
    }
}

/// Sets the password of whoever was invited.
pub async fn accept(test: &TestApp, invited: &Value) -> Response {
    let body = json!({"token": invite_token(invited), "name": "Eva Miga", "password": PASSWORD});
    knock(test, "/invites/accept", body).await
}

pub fn invite_token(invited: &Value) -> String {
    let url = text(invited, "invite_url");
    url.split_once("/join#").expect("a link to join").1.to_owned()
}

/// A call of somebody who shows nothing.
pub async fn knock(test: &TestApp, path: &str, body: Value) -> Response {
    test.request(Method::POST, &format!("/api/v1{path}")).json(&body).send().await.expect("answer")
}

pub async fn sign_in(test: &TestApp, email: &str, password: &str) -> Response {
    knock(test, "/session", json!({"email": email, "password": password})).await
}

pub fn set_cookie(answer: &Response) -> String {
    answer.headers().get("set-cookie").expect("a cookie").to_str().expect("text").to_owned()
}

pub async fn read(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    let body = answer.bytes().await.expect("body");
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}
