//! The adapter to any OpenAI-compatible service.
//!
//! Requests are built with async-openai's types. Replies are read into tolerant ones of ours, since compatible services
//! differ: unknown finish reasons, missing ids, partial usage. Errors keep their HTTP status and code. The client's own
//! retries are switched off by giving it our transport: one place retries, and it is not here.

use std::time::Duration;

use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use async_openai::types::chat as wire;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use super::{ChatMessage, ChatModel, ChatReply, ChatRequest, LlmError, ToolCall, Usage};

/// The most of a reply that is read.
const MAX_REPLY_BYTES: usize = 4 * 1024 * 1024;
/// The most of an error's body that is kept.
const MAX_ERROR_CHARS: usize = 300;

/// Where a model is and how it is reached.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Includes `/v1`.
    pub base_url: String,
    pub api_key: Option<SecretString>,
    pub model: String,
    /// For one call, from the first byte sent to the last received.
    pub timeout: Duration,
}

#[derive(Debug)]
pub struct OpenAi {
    client: async_openai::Client<OpenAIConfig>,
    model: String,
    timeout: Duration,
    /// OpenAI's own models want `max_completion_tokens`; others mostly know `max_tokens` only.
    is_openai: bool,
}

impl OpenAi {
    pub fn new(http: &reqwest::Client, connection: Connection) -> Self {
        let base_url = connection.base_url.trim_end_matches('/').to_owned();
        let is_openai = reqwest::Url::parse(&base_url).is_ok_and(|url| url.host_str() == Some("api.openai.com"));
        let key = connection.api_key.as_ref().map(|key| key.expose_secret().to_owned()).unwrap_or_default();
        let config = OpenAIConfig::new().with_api_base(base_url).with_api_key(key);
        let transport = http.clone();
        let service = tower::service_fn(move |request: HttpRequestFactory| {
            let transport = transport.clone();
            async move { exchange(&transport, &request).await }
        });
        let client = async_openai::Client::build(http.clone(), config).with_http_service(service);
        Self { client, model: connection.model, timeout: connection.timeout, is_openai }
    }

    fn to_wire(&self, request: &ChatRequest) -> Result<wire::CreateChatCompletionRequest, OpenAIError> {
        let messages = request.messages.iter().map(message_to_wire).collect::<Result<Vec<_>, _>>()?;
        let mut builder = wire::CreateChatCompletionRequestArgs::default();
        builder.model(&self.model).messages(messages).stream(false);
        if let Some(temperature) = request.temperature {
            builder.temperature(temperature as f32);
        }
        if !request.tools.is_empty() {
            builder.tools(request.tools.iter().map(tool_to_wire).collect::<Result<Vec<_>, _>>()?);
        }
        if self.is_openai {
            builder.max_completion_tokens(request.max_output_tokens);
        } else {
            builder.max_tokens(request.max_output_tokens);
        }
        builder.build()
    }
}

#[async_trait::async_trait]
impl ChatModel for OpenAi {
    fn name(&self) -> &str {
        &self.model
    }

    async fn complete(&self, request: &ChatRequest) -> Result<ChatReply, LlmError> {
        let body = self.to_wire(request).map_err(|error| LlmError::Refused(error.to_string()))?;
        let chat = self.client.chat();
        let call = chat.create_byot::<_, LooseCompletion>(&body);
        match tokio::time::timeout(self.timeout, call).await {
            Ok(Ok(completion)) => completion.into_reply(),
            Ok(Err(error)) => Err(sort(error)),
            Err(_) => Err(LlmError::TimedOut),
        }
    }
}

fn message_to_wire(message: &ChatMessage) -> Result<wire::ChatCompletionRequestMessage, OpenAIError> {
    Ok(match message {
        ChatMessage::System(text) => wire::ChatCompletionRequestSystemMessage::from(text.as_str()).into(),
        ChatMessage::User(text) => wire::ChatCompletionRequestUserMessage::from(text.as_str()).into(),
        ChatMessage::Tool { call_id, text } => wire::ChatCompletionRequestToolMessageArgs::default()
            .tool_call_id(call_id)
            .content(text.as_str())
            .build()?
            .into(),
        ChatMessage::Assistant { text, tool_calls } => {
            let mut builder = wire::ChatCompletionRequestAssistantMessageArgs::default();
            if let Some(text) = text {
                builder.content(text.as_str());
            }
            if !tool_calls.is_empty() {
                builder.tool_calls(tool_calls.iter().map(call_to_wire).collect::<Vec<_>>());
            }
            builder.build()?.into()
        }
    })
}

fn call_to_wire(call: &ToolCall) -> wire::ChatCompletionMessageToolCalls {
    wire::ChatCompletionMessageToolCalls::Function(wire::ChatCompletionMessageToolCall {
        id: call.id.clone(),
        function: wire::FunctionCall { name: call.name.clone(), arguments: call.arguments.clone() },
    })
}

fn tool_to_wire(tool: &super::ToolDeclaration) -> Result<wire::ChatCompletionTools, OpenAIError> {
    let function = wire::FunctionObjectArgs::default()
        .name(tool.name)
        .description(tool.description)
        .parameters(tool.parameters.clone())
        .build()?;
    Ok(wire::ChatCompletionTools::Function(wire::ChatCompletionTool { function }))
}

/// A completion as far as it is needed; everything may be missing.
#[derive(Debug, Deserialize)]
struct LooseCompletion {
    #[serde(default)]
    choices: Vec<LooseChoice>,
    #[serde(default)]
    usage: Option<Value>,
    #[serde(default)]
    model: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct LooseChoice {
    #[serde(default)]
    message: Option<LooseMessage>,
}

#[derive(Debug, Deserialize)]
struct LooseMessage {
    #[serde(default)]
    content: Option<Value>,
    #[serde(default)]
    tool_calls: Option<Vec<LooseToolCall>>,
}

#[derive(Debug, Deserialize)]
struct LooseToolCall {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    function: Option<LooseFunction>,
}

#[derive(Debug, Deserialize)]
struct LooseFunction {
    #[serde(default)]
    name: String,
    #[serde(default)]
    arguments: Value,
}

impl LooseCompletion {
    fn into_reply(self) -> Result<ChatReply, LlmError> {
        let message = self.choices.into_iter().next().and_then(|choice| choice.message).ok_or(LlmError::Empty)?;
        // No database keeps a NUL, and no phone shows one.
        let text = message.content.and_then(read_content).map(|text| text.replace('\0', ""));
        let text = text.filter(|text| !text.trim().is_empty());
        let tool_calls: Vec<ToolCall> = message
            .tool_calls
            .unwrap_or_default()
            .into_iter()
            .enumerate()
            .filter_map(|(place, call)| {
                let function = call.function?;
                let arguments = match function.arguments {
                    Value::String(text) => text,
                    Value::Null => "{}".to_owned(),
                    other => other.to_string(),
                };
                let id = call.id.unwrap_or_else(|| format!("call_{place}"));
                Some(ToolCall { id, name: function.name, arguments })
            })
            .collect();
        if text.is_none() && tool_calls.is_empty() {
            return Err(LlmError::Empty);
        }
        let tokens =
            |key: &str| self.usage.as_ref().and_then(|usage| usage.get(key)).and_then(Value::as_i64).unwrap_or(0);
        Ok(ChatReply {
            text,
            tool_calls,
            usage: Usage { prompt_tokens: tokens("prompt_tokens"), completion_tokens: tokens("completion_tokens") },
            model: self.model.and_then(|model| model.as_str().map(str::to_owned)),
        })
    }
}

/// Content is a string, or with some services a list of parts.
fn read_content(content: Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text),
        Value::Array(parts) => {
            Some(parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str)).collect::<Vec<_>>().join(""))
        }
        _ => None,
    }
}

/// An answer of the service that is not a success, with what async-openai would have thrown away.
#[derive(Debug, thiserror::Error)]
#[error("the model's service answered {status}")]
struct HttpFailure {
    status: u16,
    retry_after: Option<Duration>,
    body: String,
}

async fn exchange(http: &reqwest::Client, request: &HttpRequestFactory) -> Result<reqwest::Response, OpenAIError> {
    let mut answer = http.execute(request.build().await?).await.map_err(OpenAIError::Reqwest)?;
    let status = answer.status();
    let retry_after = answer
        .headers()
        .get(reqwest::header::RETRY_AFTER)
        .and_then(|header| header.to_str().ok())
        .and_then(|text| text.trim().parse().ok())
        .map(Duration::from_secs);
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(OpenAIError::Reqwest)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_REPLY_BYTES {
            let failure = HttpFailure { status: 413, retry_after: None, body: "its reply is too large".to_owned() };
            return Err(OpenAIError::Boxed(Box::new(failure)));
        }
    }
    if !status.is_success() {
        let body = String::from_utf8_lossy(&body).into_owned();
        return Err(OpenAIError::Boxed(Box::new(HttpFailure { status: status.as_u16(), retry_after, body })));
    }
    let rebuilt = poem::http::Response::builder().status(status).body(body);
    rebuilt.map(reqwest::Response::from).map_err(|error| OpenAIError::InvalidArgument(error.to_string()))
}

fn sort(error: OpenAIError) -> LlmError {
    match error {
        OpenAIError::Boxed(boxed) => match boxed.downcast::<HttpFailure>() {
            Ok(failure) => failure.sort(),
            Err(other) => LlmError::Refused(other.to_string()),
        },
        OpenAIError::Reqwest(error) if error.is_timeout() => LlmError::TimedOut,
        OpenAIError::Reqwest(error) => {
            let what =
                if error.is_connect() { "the model cannot be reached" } else { "the connection to the model broke" };
            LlmError::Later { what: what.to_owned(), after: None }
        }
        OpenAIError::JSONDeserialize(..) => LlmError::Empty,
        other => LlmError::Refused(other.to_string()),
    }
}

impl HttpFailure {
    fn sort(&self) -> LlmError {
        let json: Value = serde_json::from_str(&self.body).unwrap_or_default();
        let error = json.get("error").unwrap_or(&json);
        let code = error.get("code").and_then(Value::as_str).unwrap_or_default();
        let message = error.get("message").or_else(|| json.get("detail")).and_then(Value::as_str).unwrap_or(&self.body);
        let message: String = message.chars().take(MAX_ERROR_CHARS).collect();
        match (self.status, code) {
            (_, "context_length_exceeded") => LlmError::ContextTooLong,
            // An account without money answers 429, and will tomorrow.
            (_, "insufficient_quota") => LlmError::Credentials(code.to_owned()),
            (401 | 403, _) => LlmError::Credentials(format!("HTTP {}", self.status)),
            (408 | 409 | 429 | 500.., _) => LlmError::Later {
                what: format!("the model's service answered {}", self.status),
                after: self.retry_after,
            },
            _ => LlmError::Refused(format!("the model's service answered {}: {message}", self.status)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(completion: Value) -> Result<ChatReply, LlmError> {
        serde_json::from_value::<LooseCompletion>(completion).expect("tolerant").into_reply()
    }

    #[test]
    fn replies_of_many_dialects_are_read() {
        let reply = read(
            json!({"id": null, "created": 1.5, "model": 7, "usage": {"prompt_tokens": 3}, "service_tier": "odd",
            "choices": [{"finish_reason": "strange", "message": {"role": "assistant", "content": "hi", "refusal": null}}]}),
        );
        let reply = reply.expect("a reply");
        assert_eq!(
            (reply.text.as_deref(), reply.usage),
            (Some("hi"), Usage { prompt_tokens: 3, completion_tokens: 0 })
        );
        let parts = read(
            json!({"choices": [{"message": {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}}]}),
        );
        assert_eq!(parts.expect("a reply").text.as_deref(), Some("ab"));
        let calls = read(json!({"choices": [{"message": {"content": null, "tool_calls": [
            {"type": "function", "function": {"name": "hand_over", "arguments": {"reason": "x"}}}]}}]}));
        assert_eq!(calls.expect("a reply").tool_calls[0].arguments, r#"{"reason":"x"}"#);
    }

    #[test]
    fn nothing_to_send_is_an_error() {
        for empty in [
            json!({}),
            json!({"choices": []}),
            json!({"choices": [{"message": {"content": " \n"}}]}),
            json!({"choices": [{}]}),
        ] {
            assert_eq!(read(empty.clone()), Err(LlmError::Empty), "{empty}");
        }
    }

    #[test]
    fn failures_are_sorted_by_status_and_code() {
        let sort = |status, body: &str| HttpFailure { status, retry_after: None, body: body.to_owned() }.sort().word();
        assert_eq!(sort(429, "plain"), "later");
        assert_eq!(sort(503, r#"{"detail": "x"}"#), "later");
        assert_eq!(sort(401, r#"{"error": "text"}"#), "credentials");
        assert_eq!(sort(429, r#"{"error": {"code": "insufficient_quota"}}"#), "credentials");
        assert_eq!(sort(400, r#"{"error": {"code": "context_length_exceeded"}}"#), "context_too_long");
        assert_eq!(sort(400, r#"{"error": {"code": 7, "message": "bad"}}"#), "refused");
    }
}
