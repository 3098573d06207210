//! An upload of any shape is taken or refused, and never a fault of ours.

use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request};

/// For any body: the management API answers with a word to the uploader, and what it took it can give up again.
pub async fn holds(api: &impl Endpoint, key: &str, agent_id: &str, content_type: &str, body: Vec<u8>) {
    let path = format!("/api/v1/agents/{agent_id}/knowledge");
    let mut request = request(Method::POST, &path, key);
    if let Ok(content_type) = content_type.parse() {
        request.headers_mut().insert("content-type", content_type);
    }
    request.headers_mut().insert("content-length", body.len().into());
    request.set_body(body);
    let (status, answer) = call(api, request).await;
    assert!(!status.is_server_error(), "{status}: {answer}");
    if status != StatusCode::CREATED {
        return assert!(answer["code"].is_string(), "a refusal is a problem with a code: {status} {answer}");
    }
    for file in answer["items"].as_array().expect("files") {
        let path = format!("/api/v1/knowledge/{}", file["id"].as_str().expect("an id"));
        let (status, answer) = call(api, self::request(Method::DELETE, &path, key)).await;
        assert!(status.is_success(), "{status}: {answer}");
    }
}

fn request(method: Method, path: &str, key: &str) -> Request {
    let bearer = format!("Bearer {key}");
    Request::builder().method(method).uri_str(path).header("authorization", bearer).finish()
}

pub async fn call(api: &impl Endpoint, request: Request) -> (StatusCode, serde_json::Value) {
    let answer = api.get_response(request).await;
    let status = answer.status();
    let body = answer.into_body().into_vec().await.expect("a body");
    (status, serde_json::from_slice(&body).unwrap_or_default())
}
