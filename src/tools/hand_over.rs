//! `hand_over`: the model asks for a person.

use serde_json::{Value, json};

use super::{Tool, ToolContext, ToolError, ToolResult};
use crate::llm::ToolDeclaration;

const MAX_REASON_CHARS: usize = 500;

#[derive(Debug)]
pub struct HandOver;

#[async_trait::async_trait]
impl Tool for HandOver {
    fn declaration(&self) -> ToolDeclaration {
        ToolDeclaration {
            name: "hand_over",
            description: "Hands this conversation to a person of the business. Call it when the customer asks for a person, complains, or needs something you cannot do. Then tell the customer that a colleague will answer here.",
            parameters: json!({
                "type": "object",
                "properties": { "reason": { "type": "string", "description": "What the person needs to know, in one or two sentences." } },
                "required": ["reason"],
            }),
        }
    }

    async fn call(&self, _: &ToolContext<'_>, arguments: &Value) -> Result<ToolResult, ToolError> {
        let reason = arguments.get("reason").and_then(Value::as_str).unwrap_or("the agent asked for a person");
        Ok(ToolResult {
            text: "A person will take over. Tell the customer so, in one short sentence.".to_owned(),
            hand_over: Some(reason.chars().take(MAX_REASON_CHARS).collect()),
        })
    }
}
