//! `search_knowledge`: the model looks something up in the business's files.

use serde_json::{Value, json};

use super::{Tool, ToolContext, ToolError, ToolResult};
use crate::knowledge::Found;
use crate::llm::ToolDeclaration;
use crate::prompt::{fenced, harmless};

const PASSAGES: usize = 5;

#[derive(Debug)]
pub struct SearchKnowledge;

#[async_trait::async_trait]
impl Tool for SearchKnowledge {
    fn declaration(&self) -> ToolDeclaration {
        ToolDeclaration {
            name: "search_knowledge",
            description: "Searches the business's files for passages by words. Use it when the passages you have do not answer the question.",
            parameters: json!({
                "type": "object",
                "properties": { "query": { "type": "string", "description": "The words to look for, in the language of the files." } },
                "required": ["query"],
            }),
        }
    }

    async fn call(&self, context: &ToolContext<'_>, arguments: &Value) -> Result<ToolResult, ToolError> {
        let Some(query) = arguments.get("query").and_then(Value::as_str) else {
            return Err(ToolError {
                for_model: "The argument \"query\" is missing. Call again with it.".to_owned(),
                for_operator: "the model searched without a query".to_owned(),
            });
        };
        let agent = context.agent;
        let found = context.indexes.search(context.db, &agent.id, agent.knowledge_revision, query, PASSAGES).await;
        let found = found.map_err(|error| ToolError {
            for_model: "The search does not work right now. Answer with what you have, or hand over.".to_owned(),
            for_operator: format!("the search failed: {error}"),
        })?;
        let text = if found.is_empty() {
            "Nothing was found.".to_owned()
        } else {
            let told = |passage: &Found| {
                format!("Source: {}\n{}", harmless(&passage.source()), fenced("passage", &passage.text))
            };
            found.iter().map(told).collect::<Vec<_>>().join("\n")
        };
        Ok(ToolResult { text, hand_over: None })
    }
}
