//! The templates of `prompts/`: compiled in, and a directory can override them by name.

use std::path::Path;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use super::fence::harmless;
use super::{Facts, PromptPassage};

const SYSTEM: &str = "system.md";
const HOLDING: &str = "holding.md";

const OBJECTION: &str = "objection.md";

const COMPILED_IN: [(&str, &str); 3] = [
    (SYSTEM, include_str!("../../prompts/system.md")),
    (HOLDING, include_str!("../../prompts/holding.md")),
    (OBJECTION, include_str!("../../prompts/objection.md")),
];

#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    #[error("the prompt template cannot be used: {0:#}")]
    Template(#[from] minijinja::Error),
    #[error("the prompt template {path} cannot be read: {source}")]
    Unreadable { path: String, source: std::io::Error },
}

#[derive(Debug, Clone)]
pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    pub fn compiled_in() -> Self {
        Self::build(COMPILED_IN.map(|(name, text)| (name, text.to_owned()))).expect("our own templates parse")
    }

    /// The compiled-in templates, each replaced by the file of its name in `folder` where there is one.
    pub fn load(folder: Option<&Path>) -> Result<Self, TemplateError> {
        let Some(folder) = folder else { return Ok(Self::compiled_in()) };
        let mut texts = COMPILED_IN.map(|(name, text)| (name, text.to_owned()));
        for (name, text) in &mut texts {
            let path = folder.join(*name);
            match std::fs::read_to_string(&path) {
                Ok(own) => *text = own,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(source) => {
                    return Err(TemplateError::Unreadable { path: path.display().to_string(), source });
                }
            }
        }
        Self::build(texts)
    }

    fn build(texts: [(&'static str, String); COMPILED_IN.len()]) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.add_filter("harmless", |text: String| harmless(&text));
        for (name, text) in texts {
            environment.add_template_owned(name, text)?;
        }
        Ok(Self { environment })
    }

    pub fn system(
        &self,
        instructions: &str,
        facts: &Facts<'_>,
        passages: &[PromptPassage],
    ) -> Result<String, TemplateError> {
        let (facts, passages) = (Value::from(Serde(facts)), Value::from(Serde(passages)));
        Ok(self.environment.get_template(SYSTEM)?.render(context! { instructions, facts, passages })?)
    }

    /// What the customer is told when no answer could be found and a person will be asked.
    pub fn holding(&self) -> Result<String, TemplateError> {
        Ok(self.environment.get_template(HOLDING)?.render(context! {})?.trim().to_owned())
    }

    /// What the model is told when its reply states what stands in no source: a list of `kind` and `text`.
    pub fn objection(&self, missing: &impl Serialize) -> Result<String, TemplateError> {
        let missing = Value::from(Serde(missing));
        Ok(self.environment.get_template(OBJECTION)?.render(context! { missing })?.trim().to_owned())
    }
}
