//! The one place that repeats a call to a model.

use std::time::Duration;

use super::{ChatModel, ChatReply, ChatRequest, LlmError};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// A customer waits: a longer wait asked for by the service counts as a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Asks `model`, and again up to `retries` times where the same call may pass later.
pub async fn complete_with_retries(
    model: &dyn ChatModel,
    request: &ChatRequest,
    retries: u32,
) -> Result<ChatReply, LlmError> {
    let mut attempt = 0;
    loop {
        let error = match model.complete(request).await {
            Ok(reply) => return Ok(reply),
            Err(error) => error,
        };
        let pause = match &error {
            LlmError::Later { after, .. } => after.unwrap_or(FIRST_PAUSE * 2u32.saturating_pow(attempt)),
            LlmError::Empty => Duration::ZERO,
            _ => return Err(error),
        };
        if attempt >= retries || pause > LONGEST_PAUSE {
            return Err(error);
        }
        attempt += 1;
        tokio::time::sleep(pause).await;
    }
}
