//! The prompt: a pure function of what was read. It touches neither network nor database.
//!
//! The order is fixed: the system prompt with instructions, facts and passages; the history, each reply right after the
//! messages it answered; last, what is not yet answered. Each part has a share of the token budget, and what was left
//! out is reported.

mod budget;
mod fence;
mod history;
mod templates;
pub mod tokens;

pub use budget::{Budget, Shares};
pub use fence::{fenced, harmless};
pub use history::{Line, Quotable, Speaker, lines, words};
use serde::Serialize;
pub use templates::{TemplateError, Templates};

use crate::llm::ChatMessage;

/// What a prompt is made from.
#[derive(Debug)]
pub struct PromptInput<'a> {
    pub instructions: &'a str,
    pub facts: Facts<'a>,
    /// Best first.
    pub passages: &'a [PromptPassage],
    /// Oldest first, without what is not yet answered.
    pub history: &'a [Line],
    /// What is not yet answered, oldest first.
    pub question: &'a [String],
    pub budget: Budget,
}

/// What the gateway itself knows.
#[derive(Debug, Clone, Serialize)]
pub struct Facts<'a> {
    pub business_name: Option<&'a str>,
    pub contact_name: Option<&'a str>,
    /// Such as `Saturday, 21 November 2026, 09:30 UTC`.
    pub now: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct PromptPassage {
    pub source: String,
    pub text: String,
    pub tokens: usize,
}

/// The finished prompt and its account.
#[derive(Debug, PartialEq)]
pub struct Prompt {
    pub messages: Vec<ChatMessage>,
    pub account: Account,
}

/// Tokens by share and what did not fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    pub tokens: usize,
    pub instructions_tokens: usize,
    pub passages_tokens: usize,
    pub history_tokens: usize,
    pub question_tokens: usize,
    pub instructions_cut: bool,
    pub question_cut: bool,
    pub passages_left_out: usize,
    pub history_left_out: usize,
}

/// Puts the prompt together within the budget.
pub fn assemble(templates: &Templates, input: &PromptInput<'_>) -> Result<Prompt, TemplateError> {
    let shares = input.budget.shares();
    let count = |text: &str| tokens::count(&input.budget.model, text);

    let (instructions, instructions_cut) = budget::keep_start(input.instructions, shares.instructions, &count);
    let question_text = input.question.iter().map(|text| fenced(fence::CUSTOMER, text)).collect::<Vec<_>>().join("\n");
    let question_tokens = count(&question_text);
    let (question_text, question_cut) = if question_tokens > shares.question {
        let (kept, _) = budget::keep_end(&input.question.join("\n"), shares.question, &count);
        (fenced(fence::CUSTOMER, &kept), true)
    } else {
        (question_text, false)
    };
    let passages = budget::fill(input.passages, shares.passages, |passage| passage.tokens + budget::PER_ITEM_TOKENS);

    let system = templates.system(&instructions, &input.facts, passages)?;
    let system_tokens = count(&system);
    let question_tokens = count(&question_text);
    let left = input.budget.for_prompt().saturating_sub(system_tokens + question_tokens);
    let (history, history_tokens) = history::newest_that_fit(input.history, left, &count);

    let account = Account {
        tokens: system_tokens + history_tokens + question_tokens,
        instructions_tokens: count(&instructions),
        passages_tokens: passages.iter().map(|passage| passage.tokens).sum(),
        history_tokens,
        question_tokens,
        instructions_cut,
        question_cut,
        passages_left_out: input.passages.len() - passages.len(),
        history_left_out: input.history.len() - history.len(),
    };
    let mut messages = vec![ChatMessage::System(system)];
    messages.extend(history.iter().map(Line::to_chat));
    messages.push(ChatMessage::User(question_text));
    Ok(Prompt { messages, account })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts<'static> {
        Facts {
            business_name: Some("Miga"),
            contact_name: Some("Ana"),
            now: "Saturday, 21 November 2026, 09:30 UTC".to_owned(),
        }
    }

    fn passage(text: &str) -> PromptPassage {
        PromptPassage { source: "hours.md".to_owned(), text: text.to_owned(), tokens: tokens::count("", text) }
    }

    fn budget(context: usize) -> Budget {
        Budget { model: String::new(), context_tokens: context, output_tokens: 100, tools_tokens: 0 }
    }

    fn assemble_with(history: &[Line], question: &[String], passages: &[PromptPassage], context: usize) -> Prompt {
        let input = PromptInput {
            instructions: "You are the assistant of Miga.",
            facts: facts(),
            passages,
            history,
            question,
            budget: budget(context),
        };
        assemble(&Templates::compiled_in(), &input).expect("the templates render")
    }

    #[test]
    fn a_whole_prompt() {
        let history = [
            Line { speaker: Speaker::Customer, text: "Hello".to_owned() },
            Line { speaker: Speaker::Agent, text: "Hi Ana!".to_owned() },
            Line { speaker: Speaker::Person, text: "Marta here.".to_owned() },
        ];
        let question = ["When do you open".to_owned(), "on Sunday?".to_owned()];
        let prompt =
            assemble_with(&history, &question, &[passage("On Sunday we are open from 8:00 to 13:00.")], 16_000);
        insta::assert_debug_snapshot!(prompt);
    }

    #[test]
    fn the_newest_history_stays_when_not_all_fits() {
        let history: Vec<Line> = (0..400)
            .map(|number| Line {
                speaker: Speaker::Customer,
                text: format!("message number {number} of a long history"),
            })
            .collect();
        let prompt = assemble_with(&history, &["And now?".to_owned()], &[], 2_000);
        assert!(prompt.account.tokens <= 1_900, "{:?}", prompt.account);
        assert!(prompt.account.history_left_out > 0);
        let ChatMessage::User(newest) = &prompt.messages[prompt.messages.len() - 2] else { panic!("a user message") };
        assert!(newest.contains("number 399"));
    }

    #[test]
    fn an_endless_question_keeps_its_end_and_stays_inside_the_budget() {
        let question = [format!("{} What does it cost?", "blah ".repeat(20_000))];
        let prompt = assemble_with(&[], &question, &[passage("Bread costs 4.20.")], 4_000);
        assert!(prompt.account.question_cut);
        assert!(prompt.account.tokens <= 3_900, "{:?}", prompt.account);
        let Some(ChatMessage::User(text)) = prompt.messages.last() else { panic!("a user message") };
        assert!(text.contains("What does it cost?"));
    }
}
