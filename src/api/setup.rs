//! Setting up: how far the first steps have come.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::{AgentId, NumberId, WorkspaceId, agent, number};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::auth::Viewer;
use super::numbers::{Health, view_health, webhook_url};
use super::problem::ApiError;
use super::{SharedApp, Tag, time};
use crate::app::App;
use crate::clock::Millis;
use crate::store;
use crate::store::setup::FirstExchange;

pub struct SetupApi;

/// What the first steps need, and how far they have come.
#[derive(Debug, Object)]
struct Setup {
    /// Where this gateway is reached.
    gateway_url: String,
    /// Meta's callback URL for all numbers.
    webhook_url: String,
    /// Whether Meta can reach it: HTTPS, at an address of the internet's.
    webhook_url_is_public: bool,
    /// Whether webhooks can be checked: with the instance's app secret or the number's own.
    has_app_secret: bool,
    has_verify_token: bool,
    model: SetupModel,
    /// Where WhatsApp is played; in the demo only.
    simulator_url: Option<String>,
    number: Option<SetupNumber>,
    agent: Option<SetupAgent>,
    /// Files the agent answers from.
    knowledge_files: i64,
    /// In order.
    steps: Vec<SetupStep>,
}

#[derive(Debug, Object)]
struct SetupModel {
    name: String,
    /// No model is set: answers quote the best passage as it stands.
    offline: bool,
}

#[derive(Debug, Object)]
struct SetupNumber {
    id: NumberId,
    phone_number_id: String,
    /// Meta's callback URL for this number alone.
    webhook_url: String,
    webhook_verified_at: Option<DateTime<Utc>>,
    first_message_at: Option<DateTime<Utc>>,
    /// When WhatsApp took the first answer.
    first_answer_at: Option<DateTime<Utc>>,
    health: Health,
}

#[derive(Debug, Object)]
struct SetupAgent {
    id: AgentId,
    name: String,
}

#[derive(Debug, Object)]
struct SetupStep {
    name: StepName,
    done: bool,
    at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum StepName {
    /// A number is here.
    Number,
    /// An agent answers on it.
    Agent,
    /// The agent has files to answer from.
    Knowledge,
    /// Meta has called the webhook.
    Webhook,
    /// A customer has written.
    Message,
    /// An answer was accepted.
    Answer,
}

#[OpenApi(tag = "Tag::Setup")]
impl SetupApi {
    /// Shows how far the first steps have come, for one number: the first one, unless told.
    #[oai(path = "/setup", method = "get", operation_id = "getSetup")]
    async fn get(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        number_id: Query<Option<NumberId>>,
    ) -> Result<Json<Setup>, ApiError> {
        let db = app.db.reader();
        let number = match &number_id.0 {
            Some(id) => {
                let found = store::numbers::find(db, viewer.workspace(), id).await?;
                Some(found.ok_or_else(|| ApiError::not_found("number"))?)
            }
            None => store::numbers::oldest(db, viewer.workspace()).await?,
        };
        let exchange = match &number {
            Some(number) => store::setup::first_exchange(db, &number.id).await?,
            None => FirstExchange::default(),
        };
        let (agent, answers) = find_agent(&app, viewer.workspace(), number.as_ref()).await?;
        let (knowledge_files, knowledge_at) = match &agent {
            Some(agent) => store::setup::ready_files(db, &agent.id).await?,
            None => (0, None),
        };
        let verified_at = number.as_ref().and_then(|number| number.webhook_verified_at);
        let answers_since = agent.as_ref().filter(|_| answers).map(|agent| agent.created_at);
        let steps = [
            (StepName::Number, number.as_ref().map(|number| number.created_at)),
            (StepName::Agent, answers_since),
            (StepName::Knowledge, knowledge_at),
            // A message that came has come by the webhook.
            (StepName::Webhook, verified_at.or(exchange.message_at)),
            (StepName::Message, exchange.message_at),
            (StepName::Answer, exchange.answer_at),
        ];
        let settings = &app.settings;
        let gateway_url = settings.server.base_url();
        Ok(Json(Setup {
            webhook_url: format!("{gateway_url}/webhook"),
            webhook_url_is_public: is_public(&gateway_url),
            gateway_url,
            has_app_secret: settings.meta.app_secret.is_some()
                || number.as_ref().is_some_and(|number| number.app_secret.is_some()),
            has_verify_token: settings.meta.verify_token.is_some()
                || number.as_ref().is_some_and(|number| number.verify_token.is_some()),
            model: SetupModel { name: settings.model.name.clone(), offline: settings.model.base_url.is_none() },
            simulator_url: app.simulator_url.clone(),
            number: match number {
                Some(number) => Some(show_number(&app, number, exchange).await?),
                None => None,
            },
            agent: agent.map(|agent| SetupAgent { id: agent.id, name: agent.name }),
            knowledge_files,
            steps: steps.map(|(name, at)| step(name, at)).into(),
        }))
    }
}

/// The agent that answers, or the workspace's first one; and whether it is the one that answers.
async fn find_agent(
    app: &App,
    workspace_id: &WorkspaceId,
    number: Option<&number::Model>,
) -> Result<(Option<agent::Model>, bool), ApiError> {
    let db = app.db.reader();
    let of_number = number.and_then(|number| number.agent_id.clone());
    let workspace = store::workspaces::find(db, workspace_id).await?;
    let answers = of_number.or_else(|| workspace.and_then(|workspace| workspace.default_agent_id));
    let found = match &answers {
        Some(id) => store::agents::find_agent(db, workspace_id, id).await?,
        None => None,
    };
    if found.is_some() {
        return Ok((found, true));
    }
    // Before there is a number, an agent is all that can be had.
    Ok((store::setup::oldest_agent(db, workspace_id).await?, number.is_none()))
}

async fn show_number(app: &App, number: number::Model, exchange: FirstExchange) -> Result<SetupNumber, ApiError> {
    Ok(SetupNumber {
        webhook_url: webhook_url(app, &number.id),
        health: view_health(app, &number).await?,
        webhook_verified_at: number.webhook_verified_at.map(time),
        first_message_at: exchange.message_at.map(time),
        first_answer_at: exchange.answer_at.map(time),
        id: number.id,
        phone_number_id: number.phone_number_id,
    })
}

fn step(name: StepName, at: Option<Millis>) -> SetupStep {
    SetupStep { name, done: at.is_some(), at: at.map(time) }
}

fn is_public(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else { return false };
    let Some(host) = url.host_str().filter(|_| url.scheme() == "https") else { return false };
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            !(address.is_private() || address.is_loopback() || address.is_link_local() || address.is_unspecified())
        }
        Ok(IpAddr::V6(address)) => {
            !(address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local())
        }
        Err(_) => {
            host.contains('.') && ![".local", ".localhost", ".internal"].iter().any(|ending| host.ends_with(ending))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meta_reaches_what_the_internet_reaches_by_https() {
        for public in ["https://switchboard.example.com", "https://192.0.2.1:8443", "https://[2001:db8::1]"] {
            assert!(is_public(public), "{public}");
        }
        for private in [
            "http://switchboard.example.com",
            "https://localhost",
            "https://gateway",
            "https://gateway.local",
            "https://10.0.0.1",
            "https://127.0.0.1",
            "https://[::1]",
            "nonsense",
        ] {
            assert!(!is_public(private), "{private}");
        }
    }
}
