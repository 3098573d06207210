//! Talking to the model: our small request and reply types, the errors sorted by consequence, and the two who can
//! answer: any OpenAI-compatible service, and the offline responder.

mod offline;
mod openai;
mod retry;

use std::time::Duration;

pub use offline::{NOTHING_FOUND, OfflineResponder};
pub use openai::{Connection, OpenAi};
pub use retry::complete_with_retries;
use serde_json::Value;

/// What the model is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatRequest {
    pub messages: Vec<ChatMessage>,
    pub tools: Vec<ToolDeclaration>,
    pub temperature: Option<f64>,
    pub max_output_tokens: u32,
    /// The passages that stand in the prompt, best first: the offline responder quotes from them.
    pub passages: Vec<QuotablePassage>,
}

/// A passage that could be quoted as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct QuotablePassage {
    pub text: String,
    /// How much of the question's weight it matches, 0 to 1.
    pub coverage: f32,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ChatMessage {
    System(String),
    User(String),
    Assistant {
        text: Option<String>,
        tool_calls: Vec<ToolCall>,
    },
    /// What a tool gave back.
    Tool {
        call_id: String,
        text: String,
    },
}

/// A tool the model may call; `parameters` is a JSON Schema.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolDeclaration {
    pub name: &'static str,
    pub description: &'static str,
    pub parameters: Value,
}

/// A call the model wants made. The arguments are its own words: JSON if all is well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    pub id: String,
    pub name: String,
    pub arguments: String,
}

/// What the model answered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChatReply {
    pub text: Option<String>,
    pub tool_calls: Vec<ToolCall>,
    pub usage: Usage,
    /// The model's own name for itself, where it says one.
    pub model: Option<String>,
}

/// Tokens, as the service counted them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.prompt_tokens += other.prompt_tokens;
        self.completion_tokens += other.completion_tokens;
    }
}

/// A model that can be asked.
#[async_trait::async_trait]
pub trait ChatModel: Send + Sync + std::fmt::Debug {
    /// The name it is known by, for records and prices.
    fn name(&self) -> &str;

    /// Asks once. Dropping the future ends the call.
    async fn complete(&self, request: &ChatRequest) -> Result<ChatReply, LlmError>;
}

/// Why a model gave no answer, sorted by what can follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LlmError {
    /// The same call may pass later.
    #[error("{what}; the same call may pass later")]
    Later { what: String, after: Option<Duration> },
    /// It took too long: asking again would take as long.
    #[error("the model did not answer in time")]
    TimedOut,
    /// The key or the account is refused.
    #[error("the model's credentials are refused ({0})")]
    Credentials(String),
    #[error("the prompt is too long for the model")]
    ContextTooLong,
    /// The call itself is refused and always will be.
    #[error("{0}")]
    Refused(String),
    /// It may not be asked: a budget is used up.
    #[error("{0}")]
    OverBudget(String),
    /// It answered with nothing that could be sent.
    #[error("the model answered with nothing that could be sent")]
    Empty,
}

impl LlmError {
    /// A stable word for records and metrics.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Later { .. } => "later",
            Self::TimedOut => "timed_out",
            Self::Credentials(_) => "credentials",
            Self::ContextTooLong => "context_too_long",
            Self::Refused(_) => "refused",
            Self::OverBudget(_) => "over_budget",
            Self::Empty => "empty",
        }
    }
}
