//! Budgets: before a model is called, what the call may cost at the most is taken out of every budget it falls under;
//! afterwards what it did not cost is put back. So calls side by side, on any node, never spend the same tokens twice.
//!
//! A call that is dropped on its way has been paid for: the service may have done the work.

use std::sync::{Mutex, PoisonError};

use entity::{ContactId, NumberId, WorkspaceId};
use sea_orm::DbErr;

use crate::app::App;
use crate::config::MICROS;
use crate::llm::{ChatMessage, ChatModel, ChatReply, ChatRequest, LlmError, Usage};
use crate::prompt::tokens;
use crate::store::usage::{self, Account, Cost, Limit, Scope};

/// What a service adds to each message of a request, about.
const PER_MESSAGE_TOKENS: usize = 4;

/// The budgets one turn falls under.
#[derive(Debug)]
pub struct Wallet<'a> {
    app: &'a App,
    workspace_id: WorkspaceId,
    accounts: Vec<Account>,
    /// The day the turn began is the one that pays.
    day: i64,
    turn: Limit,
    spent: Mutex<Cost>,
}

impl<'a> Wallet<'a> {
    /// `None` where no budget is set: then nothing is counted.
    pub fn open(app: &'a App, workspace_id: &WorkspaceId, customer: Option<(&NumberId, &ContactId)>) -> Option<Self> {
        let budget = &app.settings.budget;
        let limit = |tokens: Option<u64>, money: Option<f64>| Limit {
            tokens: tokens.map(to_i64),
            micros: money.map(to_micros),
        };
        let account = |scope, subject: &str, limit: Limit| Account { scope, subject: subject.to_owned(), limit };
        // Always in this order, so that no two turns wait for each other.
        let mut accounts = Vec::new();
        if let Some((number_id, contact_id)) = customer {
            let of_contact = limit(budget.contact_tokens_per_day, budget.contact_money_per_day);
            let of_number = limit(budget.number_tokens_per_day, budget.number_money_per_day);
            accounts.push(account(Scope::Contact, contact_id.as_str(), of_contact));
            accounts.push(account(Scope::Number, number_id.as_str(), of_number));
        }
        let of_workspace = limit(budget.workspace_tokens_per_day, budget.workspace_money_per_day);
        accounts.push(account(Scope::Workspace, workspace_id.as_str(), of_workspace));
        accounts.retain(|account| account.limit.is_set());
        let turn = limit(budget.turn_tokens, budget.turn_money);
        (turn.is_set() || !accounts.is_empty()).then(|| Self {
            app,
            workspace_id: workspace_id.clone(),
            accounts,
            day: app.now().div_euclid(usage::DAY_MS),
            turn,
            spent: Mutex::default(),
        })
    }

    /// Takes what a call may cost at the most, or says which budget has not got it.
    async fn take(&self, cost: Cost) -> Result<(), LlmError> {
        {
            let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
            if !self.turn.allows(*spent + cost) {
                return Err(over("turn", self.turn));
            }
            *spent = *spent + cost;
        }
        let taken = usage::take(&self.app.db, &self.workspace_id, &self.accounts, self.day, cost).await;
        match taken.map_err(unknown)? {
            None => Ok(()),
            Some(account) => Err(over(account.scope.as_str(), account.limit)),
        }
    }

    /// Corrects what was taken by what it did cost.
    async fn settle(&self, taken: Cost, cost: Cost) -> Result<(), LlmError> {
        let difference = cost - taken;
        {
            let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
            *spent = *spent + difference;
        }
        usage::correct(&self.app.db, &self.workspace_id, &self.accounts, self.day, difference).await.map_err(unknown)
    }

    /// What so many tokens of a model cost. A model without a price may not be called where money is counted.
    fn price(&self, model: &str, usage: Usage) -> Result<Cost, LlmError> {
        let tokens = usage.prompt_tokens.saturating_add(usage.completion_tokens);
        let counts_money =
            self.turn.micros.is_some() || self.accounts.iter().any(|account| account.limit.micros.is_some());
        if !counts_money {
            return Ok(Cost { tokens, micros: 0 });
        }
        let price = self.app.settings.prices.of(model).ok_or_else(|| {
            LlmError::OverBudget(format!("money is counted, but the model {model} has no price: set it in [prices]"))
        })?;
        Ok(Cost { tokens, micros: price.micros(usage.prompt_tokens, usage.completion_tokens).ceil() as i64 })
    }
}

fn to_micros(money: f64) -> i64 {
    (money * MICROS) as i64
}

fn to_i64(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}

fn over(whose: &str, limit: Limit) -> LlmError {
    LlmError::OverBudget(format!("the {whose}'s budget ({limit}) has not enough left for another call of the model"))
}

/// Not knowing what is left is not being over budget: the next model would not know either, so the turn fails and is
/// tried again.
fn unknown(error: DbErr) -> LlmError {
    LlmError::Later { what: format!("the budget could not be read: {error}"), after: None }
}

/// A model that is paid for out of a wallet.
#[derive(Debug)]
pub struct Metered<'a> {
    pub model: Box<dyn ChatModel>,
    pub wallet: &'a Wallet<'a>,
}

#[async_trait::async_trait]
impl ChatModel for Metered<'_> {
    fn name(&self) -> &str {
        self.model.name()
    }

    async fn complete(&self, request: &ChatRequest) -> Result<ChatReply, LlmError> {
        let prompt_tokens = count(self.name(), request);
        let most = Usage { prompt_tokens, completion_tokens: i64::from(request.max_output_tokens) };
        let taken = self.wallet.price(self.name(), most)?;
        self.wallet.take(taken).await?;
        let reply = self.model.complete(request).await;
        let used = match &reply {
            Ok(reply) if reply.usage != Usage::default() => reply.usage,
            // It does not say what it used: count it.
            Ok(reply) => Usage { prompt_tokens, completion_tokens: count_reply(self.name(), reply) },
            // It may have worked all the time.
            Err(LlmError::TimedOut) => most,
            Err(_) => Usage::default(),
        };
        let cost = self.wallet.price(self.name(), used)?;
        if let Err(error) = self.wallet.settle(taken, cost).await {
            // The answer is there; the budget stays poorer than it is.
            tracing::warn!(error = %error, "what a call did not cost could not be put back");
        }
        reply
    }
}

fn count(model: &str, request: &ChatRequest) -> i64 {
    let text = |text: &str| tokens::count(model, text);
    let said = request.messages.iter().map(|message| {
        PER_MESSAGE_TOKENS
            + match message {
                ChatMessage::System(words) | ChatMessage::User(words) | ChatMessage::Tool { text: words, .. } => {
                    text(words)
                }
                ChatMessage::Assistant { text: words, tool_calls } => {
                    let calls = tool_calls.iter().map(|call| text(&call.name) + text(&call.arguments));
                    words.as_deref().map_or(0, text) + calls.sum::<usize>()
                }
            }
    });
    let tools = request
        .tools
        .iter()
        .map(|tool| text(tool.name) + text(tool.description) + 2 * text(&tool.parameters.to_string()));
    i64::try_from(said.sum::<usize>() + tools.sum::<usize>()).unwrap_or(i64::MAX)
}

fn count_reply(model: &str, reply: &ChatReply) -> i64 {
    let calls = reply.tool_calls.iter().map(|call| tokens::count(model, &call.arguments));
    let words = reply.text.as_deref().map_or(0, |text| tokens::count(model, text));
    i64::try_from(words + calls.sum::<usize>()).unwrap_or(i64::MAX)
}
