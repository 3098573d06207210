//! Which models a turn may ask, in order: the agent's own or the instance's, then the fallback.

use std::time::Duration;

use entity::agent_version;
use secrecy::SecretString;

use crate::app::App;
use crate::config;
use crate::llm::{ChatModel, Connection, OfflineResponder, OpenAi};
use crate::secrets::{SealError, agent_place};

/// The models of an agent's version, first to last; never empty.
pub fn ladder(app: &App, version: &agent_version::Model) -> Result<Vec<Box<dyn ChatModel>>, SealError> {
    let settings = &app.settings.model;
    let own_key = version.api_key.as_ref().map(|sealed| app.sealer.open(&agent_place(&version.agent_id), sealed));
    let own_key = own_key.transpose()?;
    let name = version.model_name.clone().unwrap_or_else(|| settings.name.clone());
    let first = match (&version.base_url, &settings.base_url) {
        // The instance's key goes to the instance's own service only.
        (Some(own), _) => Some(connection(settings, own, own_key, name)),
        (None, Some(instance)) => {
            Some(connection(settings, instance, own_key.or_else(|| settings.api_key.clone()), name))
        }
        (None, None) => None,
    };
    let Some(first) = first else { return Ok(vec![Box::new(OfflineResponder)]) };
    let mut ladder: Vec<Box<dyn ChatModel>> = vec![Box::new(OpenAi::new(&app.http, first))];
    ladder.extend(fallback(settings).map(|second| Box::new(OpenAi::new(&app.http, second)) as Box<dyn ChatModel>));
    Ok(ladder)
}

/// The instance's own model, as the settings name it.
pub fn instance_model(app: &App) -> Box<dyn ChatModel> {
    let settings = &app.settings.model;
    match &settings.base_url {
        Some(url) => {
            Box::new(OpenAi::new(&app.http, connection(settings, url, settings.api_key.clone(), settings.name.clone())))
        }
        None => Box::new(OfflineResponder),
    }
}

fn fallback(settings: &config::Model) -> Option<Connection> {
    let name = settings.fallback_name.clone()?;
    let base_url = settings.fallback_base_url.as_ref().or(settings.base_url.as_ref())?;
    let key = match settings.fallback_base_url {
        Some(_) => settings.fallback_api_key.clone(),
        None => settings.fallback_api_key.clone().or_else(|| settings.api_key.clone()),
    };
    Some(connection(settings, base_url, key, name))
}

fn connection(settings: &config::Model, base_url: &str, api_key: Option<SecretString>, model: String) -> Connection {
    Connection { base_url: base_url.to_owned(), api_key, model, timeout: Duration::from_secs(settings.timeout_secs) }
}
