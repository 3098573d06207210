//! Thinking: passages, prompt, the agent's loop, and the ladder when a model fails. No transaction is open and nothing
//! is written, so it can be dropped at any moment.

use entity::agent_version;
use entity::state::TaskReason;

use super::Scene;
use super::agent_loop::{AgentLoop, Done, Step, ToolAnswer};
use super::fact_lock::{FactLock, Judged, Verdict};
use super::trace::{Trace, TraceModel, TracePassage, TraceTool};
use crate::app::App;
use crate::knowledge::Found;
use crate::llm::{self, ChatMessage, ChatModel, ChatRequest, LlmError, OfflineResponder, QuotablePassage, Usage};
use crate::prompt::{self, Budget, Facts, Line, Prompt, PromptInput, PromptPassage, tokens};
use crate::secrets::SealError;
use crate::shield::{Metered, Wallet};
use crate::store::agents::Current;
use crate::tools::{self, Tool, ToolContext};

const PASSAGES: usize = 12;
/// The most of a question that is looked up.
const QUERY_CHARS: usize = 1_000;
const BEGINS_CHARS: usize = 80;
/// Said when even the holding message's template cannot be used.
const LAST_WORDS: &str = "Sorry, I cannot answer right now. A colleague will get back to you here.";

/// What a turn decided to say, and why.
#[derive(Debug)]
pub struct Thought {
    pub text: String,
    pub hand_over: Option<HandOver>,
    pub model: Option<String>,
    pub usage: Usage,
    pub trace: Trace,
}

/// The conversation goes to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    pub task: TaskReason,
    pub reason: String,
}

/// What is asked, whoever asks: a customer's turn, or an editor trying an agent.
#[derive(Debug)]
pub struct Asked<'a> {
    pub agent: &'a Current,
    pub question: &'a [String],
    pub history: &'a [Line],
    /// What the agent said before under its fact lock, and may say again.
    pub vouched: &'a [String],
    pub facts: Facts<'a>,
}

/// Thinks about a conversation. An error says which budget is used up.
pub async fn think(app: &App, scene: &Scene, agent: &Current) -> Result<Thought, String> {
    let vouched = scene.vouched(app, agent).await;
    let asked = Asked {
        agent,
        question: &scene.words,
        history: &scene.history,
        vouched: &vouched,
        facts: Facts {
            business_name: scene.number.display_name.as_deref(),
            contact_name: scene.contact.name.as_ref().map(|name| name.as_str()),
            now: say_now(app),
        },
    };
    let customer = (&scene.number.id, &scene.contact.id);
    let wallet = Wallet::open(app, &scene.conversation.workspace_id, Some(customer));
    let mut thought = answer(app, &asked, wallet.as_ref()).await.0?;
    let oldest = scene.question.iter().map(|message| message.created_at).min().unwrap_or_else(|| app.now());
    thought.trace.waited_ms = app.now() - oldest - thought.trace.think_ms;
    Ok(thought)
}

/// Now, as a prompt says it.
pub fn say_now(app: &App) -> String {
    let now = chrono::DateTime::from_timestamp_millis(app.now()).unwrap_or_default();
    now.format("%A, %-d %B %Y, %H:%M UTC").to_string()
}

/// Answers what is asked, by the ladder: the models, then a passage as it stands, then a holding message and a person.
/// The prompt it used comes along, for whoever wants to see it.
/// An error says which budget is used up.
pub async fn answer(
    app: &App,
    asked: &Asked<'_>,
    wallet: Option<&Wallet<'_>>,
) -> (Result<Thought, String>, Option<Prompt>) {
    let started = app.now();
    let mut trace = Trace::default();
    let found = search(app, asked, &mut trace).await;
    let (spoken, prompt) = by_models(app, asked, &found, wallet, &mut trace).await;
    let (done, usage, model, hand_over) = match spoken {
        Ok(spoken) => spoken,
        Err(LlmError::OverBudget(reason)) => return (Err(reason), prompt),
        Err(_) => down_the_ladder(app, &found, &mut trace),
    };
    trace.hand_over = hand_over.as_ref().map(|hand_over| hand_over.reason.clone());
    trace.think_ms = app.now() - started;
    (Ok(Thought { text: done, hand_over, model, usage, trace }), prompt)
}

/// What a model would be asked.
#[derive(Debug)]
pub struct Previewed {
    pub model: String,
    pub prompt: Prompt,
    pub trace: Trace,
}

/// Why nothing can be shown of what a model would be asked.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Template(#[from] prompt::TemplateError),
}

/// Finds the passages and puts the prompt together; no model is asked.
pub async fn preview(app: &App, asked: &Asked<'_>) -> Result<Previewed, PreviewError> {
    let started = app.now();
    let mut trace = Trace::default();
    let found = search(app, asked, &mut trace).await;
    let ladder = super::ladder(app, &asked.agent.version)?;
    let model = ladder.first().map(|model| model.name().to_owned()).unwrap_or_default();
    let prompt = assemble(app, asked, &found, &model, app.settings.model.context_tokens as usize)?;
    trace.prompt = Some(prompt.account.clone());
    trace.think_ms = app.now() - started;
    Ok(Previewed { model, prompt, trace })
}

type Spoken = (String, Usage, Option<String>, Option<HandOver>);

async fn by_models(
    app: &App,
    asked: &Asked<'_>,
    found: &[Found],
    wallet: Option<&Wallet<'_>>,
    trace: &mut Trace,
) -> (Result<Spoken, LlmError>, Option<Prompt>) {
    let version = &asked.agent.version;
    let ladder = match super::ladder(app, version) {
        Ok(ladder) => ladder,
        Err(error) => {
            let refused = LlmError::Credentials(error.to_string());
            note_model(trace, "agent's own", Some(&refused), Usage::default());
            return (Err(refused), None);
        }
    };
    let with_tools = app.settings.model.tools;
    let mut last = (Err(LlmError::Empty), None);
    for model in ladder {
        let model: Box<dyn ChatModel + '_> = match wallet {
            Some(wallet) => Box::new(Metered { model, wallet }),
            None => model,
        };
        let mut context_tokens = app.settings.model.context_tokens as usize;
        loop {
            let prompt = match assemble(app, asked, found, model.name(), context_tokens) {
                Ok(prompt) => prompt,
                Err(error) => {
                    tracing::error!(error = %error, "the prompt could not be made");
                    let refused = LlmError::Refused(error.to_string());
                    note_model(trace, model.name(), Some(&refused), Usage::default());
                    return (Err(refused), None);
                }
            };
            trace.prompt = Some(prompt.account.clone());
            let mut spoken = speak(app, asked, model.as_ref(), &prompt, found, with_tools, trace).await;
            if with_tools && matches!(spoken, Err(LlmError::Refused(_))) {
                // Some services refuse the whole call because their model cannot call tools.
                spoken = speak(app, asked, model.as_ref(), &prompt, found, false, trace).await;
            }
            let too_long = matches!(spoken, Err(LlmError::ContextTooLong));
            let done = matches!(spoken, Ok(_) | Err(LlmError::OverBudget(_)));
            last = (spoken, Some(prompt));
            if done {
                return last;
            }
            // A smaller window than we were told: half of it once, then the next model.
            if !too_long || context_tokens < app.settings.model.context_tokens as usize {
                break;
            }
            context_tokens /= 2;
        }
    }
    last
}

/// Drives the agent's loop with one model.
async fn speak(
    app: &App,
    asked: &Asked<'_>,
    model: &dyn ChatModel,
    prompt: &Prompt,
    found: &[Found],
    with_tools: bool,
    trace: &mut Trace,
) -> Result<Spoken, LlmError> {
    let tools = if with_tools { tools::built_in() } else { Vec::new() };
    let mut agent_loop = AgentLoop::new(if tools.is_empty() { 0 } else { app.settings.turn.max_tool_rounds });
    let mut lock = FactLock::over(asked, found, app.now());
    let mut step = agent_loop.start();
    let mut called = model.name().to_owned();
    let ended = loop {
        step = match step {
            Step::CallModel { offer_tools } => {
                let request =
                    request(app, asked, prompt, &agent_loop.said, found, if offer_tools { &tools } else { &[] });
                let reply = llm::complete_with_retries(model, &request, app.settings.model.retries).await;
                match reply {
                    Ok(reply) => {
                        called = reply.model.clone().unwrap_or(called);
                        match agent_loop.model_answered(reply) {
                            Ok(step) => step,
                            Err(error) => break Err(error),
                        }
                    }
                    Err(error) => break Err(error),
                }
            }
            Step::CallTools(calls) => {
                let context = ToolContext { db: &app.db, indexes: &app.indexes, agent: &asked.agent.agent };
                let mut answers = Vec::with_capacity(calls.len());
                for call in &calls {
                    answers.push(call_tool(&tools, &context, call, trace).await);
                }
                agent_loop.tools_answered(answers)
            }
            Step::Done(done) => match lock.judge(&done.text, &agent_loop.said) {
                Judged::Passes => break Ok((done, None)),
                Judged::Rewrite(missing) => match app.templates.objection(&missing) {
                    Ok(objection) => agent_loop.object(done, objection),
                    Err(error) => break Err(LlmError::Refused(error.to_string())),
                },
                Judged::Refused(reason) => break Ok((done, Some(reason))),
            },
        };
    };
    // It was to write its reply again, and failed.
    let refused = if ended.is_err() { lock.was_left_alone() } else { None };
    trace.fact_lock = lock.verdict.take();
    note_model(trace, &called, ended.as_ref().err(), agent_loop.usage);
    let usage = agent_loop.usage;
    let asked_for_person = |reason: String| HandOver { task: TaskReason::AgentAsked, reason };
    let locked = |reason: String| HandOver { task: TaskReason::FactLock, reason };
    let (text, hand_over) = match (ended, agent_loop.hand_over_asked(), refused) {
        (Ok((Done { text, hand_over }, None)), _, _) => (text, hand_over.map(asked_for_person)),
        (Ok((Done { hand_over, .. }, Some(refused))), _, _) => {
            (holding(app), Some(hand_over.map_or_else(|| locked(refused), asked_for_person)))
        }
        // It asked for a person and then failed to say so: the person comes all the same.
        (Err(_), Some(reason), _) => (holding(app), Some(asked_for_person(reason.to_owned()))),
        (Err(_), None, Some(refused)) => (holding(app), Some(locked(refused))),
        (Err(error), None, None) => return Err(error),
    };
    trace.source = if trace.fact_lock.as_ref().is_some_and(Verdict::is_refusal) { "holding" } else { "model" };
    Ok((text, usage, Some(called), hand_over))
}

async fn call_tool(
    tools: &[Box<dyn Tool>],
    context: &ToolContext<'_>,
    call: &llm::ToolCall,
    trace: &mut Trace,
) -> ToolAnswer {
    let result = tools::call(tools, context, &call.name, &call.arguments).await;
    let error = result.as_ref().err().map(|error| error.for_operator.clone());
    trace.tools.push(TraceTool { name: call.name.chars().take(64).collect(), ok: result.is_ok(), error });
    let (text, hand_over) = match result {
        Ok(result) => (result.text, result.hand_over),
        Err(error) => (error.for_model, None),
    };
    ToolAnswer { call_id: call.id.clone(), text, hand_over }
}

fn down_the_ladder(app: &App, found: &[Found], trace: &mut Trace) -> Spoken {
    let request = ChatRequest {
        messages: Vec::new(),
        tools: Vec::new(),
        temperature: None,
        max_output_tokens: 0,
        passages: quotable(found),
    };
    if let Some(passage) = OfflineResponder::quote(&request) {
        trace.source = "passage";
        return (passage.to_owned(), Usage::default(), None, None);
    }
    trace.source = "holding";
    let hand_over =
        HandOver { task: TaskReason::ModelFailed, reason: "no model answered and no passage fits".to_owned() };
    (holding(app), Usage::default(), None, Some(hand_over))
}

fn holding(app: &App) -> String {
    app.templates.holding().unwrap_or_else(|error| {
        tracing::error!(error = %error, "the holding message cannot be made");
        LAST_WORDS.to_owned()
    })
}

async fn search(app: &App, asked: &Asked<'_>, trace: &mut Trace) -> Vec<Found> {
    let agent = &asked.agent.agent;
    let joined = asked.question.join("\n");
    let query: String = joined.chars().take(QUERY_CHARS).collect();
    let found = app.indexes.search(&app.db, &agent.id, agent.knowledge_revision, &query, PASSAGES).await;
    let found = found.unwrap_or_else(|error| {
        // An answer without passages is better than none; the prompt tells the model not to guess.
        tracing::error!(agent.id = %agent.id, error = %error, "the knowledge could not be searched");
        Vec::new()
    });
    trace.passages = found
        .iter()
        .map(|passage| TracePassage {
            file_id: passage.file_id.to_string(),
            file_name: passage.file_name.clone(),
            heading: passage.heading.clone(),
            page: passage.page,
            row: passage.row,
            score: passage.score,
            coverage: passage.coverage,
            tokens: passage.tokens,
            begins: passage.text.chars().take(BEGINS_CHARS).collect(),
        })
        .collect();
    found
}

fn assemble(
    app: &App,
    asked: &Asked<'_>,
    found: &[Found],
    model: &str,
    context_tokens: usize,
) -> Result<Prompt, prompt::TemplateError> {
    let passages: Vec<PromptPassage> = found
        .iter()
        .map(|passage| PromptPassage { source: passage.source(), text: passage.text.clone(), tokens: passage.tokens })
        .collect();
    let input = PromptInput {
        instructions: asked.agent.version.instructions.as_str(),
        facts: asked.facts.clone(),
        passages: &passages,
        history: asked.history,
        question: asked.question,
        budget: Budget {
            model: model.to_owned(),
            context_tokens,
            output_tokens: max_output_tokens(app, &asked.agent.version) as usize,
            tools_tokens: tools_tokens(app, model),
        },
    };
    prompt::assemble(&app.templates, &input)
}

fn request(
    app: &App,
    asked: &Asked<'_>,
    prompt: &Prompt,
    said: &[ChatMessage],
    found: &[Found],
    tools: &[Box<dyn Tool>],
) -> ChatRequest {
    let version = &asked.agent.version;
    ChatRequest {
        messages: prompt.messages.iter().chain(said).cloned().collect(),
        tools: tools.iter().map(|tool| tool.declaration()).collect(),
        temperature: version.temperature.or(app.settings.model.temperature),
        max_output_tokens: max_output_tokens(app, version),
        passages: quotable(found),
    }
}

fn quotable(found: &[Found]) -> Vec<QuotablePassage> {
    found.iter().map(|passage| QuotablePassage { text: passage.text.clone(), coverage: passage.coverage }).collect()
}

fn max_output_tokens(app: &App, version: &agent_version::Model) -> u32 {
    let own = version.max_output_tokens.and_then(|tokens| u32::try_from(tokens).ok());
    // Half the window at the most, or nothing would be left to ask with.
    own.unwrap_or(app.settings.model.max_output_tokens).min(app.settings.model.context_tokens / 2)
}

/// What the declarations of the tools take of the window, counted once.
fn tools_tokens(app: &App, model: &str) -> usize {
    static COUNTED: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    if !app.settings.model.tools {
        return 0;
    }
    *COUNTED.get_or_init(|| {
        let tools = tools::built_in();
        let declared = tools.iter().map(|tool| tool.declaration()).map(|tool| {
            tokens::count(model, tool.name)
                + tokens::count(model, tool.description)
                + tokens::count(model, &tool.parameters.to_string())
        });
        declared.sum::<usize>() * 2
    })
}

fn note_model(trace: &mut Trace, name: &str, error: Option<&LlmError>, usage: Usage) {
    let result = error.map_or("ok", LlmError::word);
    metrics::counter!("switchboard_model_calls_total", "result" => result).increment(1);
    metrics::counter!("switchboard_model_tokens_total", "kind" => "prompt")
        .increment(u64::try_from(usage.prompt_tokens).unwrap_or(0));
    metrics::counter!("switchboard_model_tokens_total", "kind" => "completion")
        .increment(u64::try_from(usage.completion_tokens).unwrap_or(0));
    trace.models.push(TraceModel {
        name: name.to_owned(),
        result: result.to_owned(),
        error: error.map(ToString::to_string),
        prompt_tokens: usage.prompt_tokens,
        completion_tokens: usage.completion_tokens,
    });
}
