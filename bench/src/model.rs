//! A model that answers at once, as lean as it can be: it must not be what is measured.

use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{Response, Route, Server, handler, post};

/// Starts it; returns its base URL.
pub async fn start() -> anyhow::Result<String> {
    let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await?;
    let address = acceptor.local_addr().first().map(ToString::to_string).unwrap_or_default();
    let address = address.trim_start_matches("socket://").to_owned();
    tokio::spawn(Server::new_with_acceptor(acceptor).run(Route::new().at("/v1/chat/completions", post(complete))));
    Ok(format!("http://{address}/v1"))
}

/// Answers with the number of the newest message it was shown, so that order can be told from the bubbles.
#[handler]
fn complete(body: String) -> Response {
    let number = body.rfind("n=").map(|place| &body[place + 2..]).unwrap_or_default();
    let number: String = number.chars().take_while(char::is_ascii_digit).collect();
    Response::builder().content_type("application/json").body(format!(
        r#"{{"id":"c","object":"chat.completion","model":"bench","choices":[{{"index":0,"finish_reason":"stop","message":{{"role":"assistant","content":"We open at eight. n={number}"}}}}],"usage":{{"prompt_tokens":300,"completion_tokens":6,"total_tokens":306}}}}"#
    ))
}
