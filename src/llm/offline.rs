//! The offline responder: no model, no network. It quotes the best passage as it stands, and says so when it has none.

use super::{ChatModel, ChatReply, ChatRequest, LlmError};

/// What it says when no passage fits.
pub const NOTHING_FOUND: &str = "I could not find anything about that in our information.";

/// A passage that matches less of the question than this is about something else.
const MIN_COVERAGE: f32 = 0.25;

#[derive(Debug, Default)]
pub struct OfflineResponder;

impl OfflineResponder {
    /// The best passage that is about the question at all.
    pub fn quote(request: &ChatRequest) -> Option<&str> {
        request.passages.iter().find(|passage| passage.coverage >= MIN_COVERAGE).map(|passage| passage.text.as_str())
    }
}

#[async_trait::async_trait]
impl ChatModel for OfflineResponder {
    fn name(&self) -> &str {
        "offline"
    }

    async fn complete(&self, request: &ChatRequest) -> Result<ChatReply, LlmError> {
        let text = Self::quote(request).unwrap_or(NOTHING_FOUND).to_owned();
        Ok(ChatReply { text: Some(text), model: Some("offline".to_owned()), ..ChatReply::default() })
    }
}
