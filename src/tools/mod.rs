//! What the model may call. Arguments come from the model and results go back to it: neither is trusted with identity.

mod hand_over;
mod search_knowledge;

use entity::agent;
pub use hand_over::HandOver;
pub use search_knowledge::SearchKnowledge;
use serde_json::Value;

use crate::knowledge::Indexes;
use crate::llm::ToolDeclaration;
use crate::store::Db;

/// What a tool may use, given by the gateway and never by the model.
#[derive(Debug, Clone, Copy)]
pub struct ToolContext<'a> {
    pub db: &'a Db,
    pub indexes: &'a Indexes,
    pub agent: &'a agent::Model,
}

/// What a call gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolResult {
    /// For the model.
    pub text: String,
    /// Set when the conversation goes to a person, and why.
    pub hand_over: Option<String>,
}

/// A failure in two texts: one the model can go on with, one for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{for_operator}")]
pub struct ToolError {
    pub for_model: String,
    pub for_operator: String,
}

#[async_trait::async_trait]
pub trait Tool: Send + Sync {
    fn declaration(&self) -> ToolDeclaration;

    /// Runs with the arguments the model gave, already read as JSON.
    async fn call(&self, context: &ToolContext<'_>, arguments: &Value) -> Result<ToolResult, ToolError>;
}

/// The tools every agent has.
pub fn built_in() -> Vec<Box<dyn Tool>> {
    vec![Box::new(SearchKnowledge), Box::new(HandOver)]
}

/// Finds the tool by name, reads the arguments, runs it.
pub async fn call(
    tools: &[Box<dyn Tool>],
    context: &ToolContext<'_>,
    name: &str,
    arguments: &str,
) -> Result<ToolResult, ToolError> {
    let Some(tool) = tools.iter().find(|tool| tool.declaration().name == name) else {
        return Err(ToolError {
            for_model: "There is no tool of that name. Answer without it.".to_owned(),
            for_operator: "the model called a tool that does not exist".to_owned(),
        });
    };
    let arguments: Value = serde_json::from_str(arguments).map_err(|error| ToolError {
        for_model: format!("The arguments are not JSON: {error}. Call again with a JSON object."),
        for_operator: format!("the model gave arguments that are not JSON: {error}"),
    })?;
    tool.call(context, &arguments).await
}
