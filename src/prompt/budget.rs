//! The token budget and its named shares.

/// What a message or a passage costs besides its text: role, fences, source.
pub const PER_ITEM_TOKENS: usize = 16;
/// Counting is exact for OpenAI's models only.
const SAFETY_PERCENT: usize = 5;

/// What the model can take in one request.
#[derive(Debug, Clone)]
pub struct Budget {
    /// Whose tokenizer counts.
    pub model: String,
    pub context_tokens: usize,
    pub output_tokens: usize,
    /// What the declarations of tools take.
    pub tools_tokens: usize,
}

/// The most each part may take, in tokens. History takes what the others leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    pub instructions: usize,
    pub passages: usize,
    pub question: usize,
}

impl Budget {
    /// What is left for the prompt.
    pub fn for_prompt(&self) -> usize {
        let rest = self.context_tokens.saturating_sub(self.output_tokens + self.tools_tokens);
        rest - rest * SAFETY_PERCENT / 100
    }

    pub fn shares(&self) -> Shares {
        let all = self.for_prompt();
        Shares { instructions: all * 30 / 100, passages: all * 30 / 100, question: all * 20 / 100 }
    }
}

/// The first items that fit together; `items` is in order of worth.
pub fn fill<T>(items: &[T], budget_tokens: usize, cost: impl Fn(&T) -> usize) -> &[T] {
    let mut spent = 0;
    let fitting = items.iter().take_while(|item| {
        spent += cost(item);
        spent <= budget_tokens
    });
    &items[..fitting.count()]
}

/// The start of `text` that fits, and whether something was cut off.
pub fn keep_start(text: &str, budget_tokens: usize, count: &impl Fn(&str) -> usize) -> (String, bool) {
    keep(text, budget_tokens, count, |text, chars| text.chars().take(chars).collect())
}

/// The end of `text` that fits, and whether something was cut off.
pub fn keep_end(text: &str, budget_tokens: usize, count: &impl Fn(&str) -> usize) -> (String, bool) {
    keep(text, budget_tokens, count, |text, chars| {
        let skip = text.chars().count().saturating_sub(chars);
        text.chars().skip(skip).collect()
    })
}

fn keep(
    text: &str,
    budget_tokens: usize,
    count: &impl Fn(&str) -> usize,
    cut: impl Fn(&str, usize) -> String,
) -> (String, bool) {
    let mut kept = text.to_owned();
    let mut tokens = count(&kept);
    let is_cut = tokens > budget_tokens;
    while tokens > budget_tokens {
        // A little less than in proportion, so that the loop ends soon whatever the text.
        let chars = kept.chars().count() * budget_tokens * 9 / (tokens * 10);
        kept = cut(&kept, chars);
        tokens = count(&kept);
    }
    (kept, is_cut)
}
