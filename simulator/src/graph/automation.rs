//! `POST /{number}/conversational_automation`: ice breakers and commands; they are read as a field of the number.

use serde_json::{Value, json};

use super::{call::Outcome, check, error::GraphError};
use crate::{lock, settings::Number, simulator::Simulator};

const MAX_PROMPTS: usize = 4;
const MAX_PROMPT: usize = 80;
const MAX_COMMANDS: usize = 30;
const MAX_COMMAND_NAME: usize = 32;
const MAX_COMMAND_DESCRIPTION: usize = 256;

impl Simulator {
    pub(super) fn set_automation(&self, number: &Number, body: &Value) -> Result<Outcome, GraphError> {
        let list = |name: &str| body[name].as_array().map(Vec::as_slice).unwrap_or_default();
        let (prompts, commands) = (list("prompts"), list("commands"));
        if prompts.len() > MAX_PROMPTS || commands.len() > MAX_COMMANDS {
            return Err(GraphError::parameter("There may be at most 4 prompts and 30 commands."));
        }
        prompts.iter().try_for_each(|prompt| plain(prompt, MAX_PROMPT, "prompts"))?;
        for command in commands {
            plain(&command["command_name"], MAX_COMMAND_NAME, "command_name")?;
            plain(&command["command_description"], MAX_COMMAND_DESCRIPTION, "command_description")?;
        }
        let mut standings = lock(&self.desk.standings);
        let automation = &mut standings.of(number).automation;
        for name in ["prompts", "commands"] {
            if body[name].is_array() {
                automation[name] = json!(list(name));
            }
        }
        Ok(Outcome::success())
    }
}

fn plain(text: &Value, most: usize, name: &str) -> Result<(), GraphError> {
    let text = text.as_str().filter(|text| !text.is_empty()).ok_or_else(|| GraphError::missing(name))?;
    if text.chars().any(is_emoji) {
        return Err(GraphError::parameter(format!("Param {name} must not hold emoji.")));
    }
    check::longest(text, most, name)
}

/// The blocks that emoji live in; letters of any script stand elsewhere.
fn is_emoji(character: char) -> bool {
    matches!(character, '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}')
}
