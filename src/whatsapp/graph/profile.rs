//! How a number presents itself and how it is registered: profile, prompts and commands, PIN.

use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::GraphClient;
use crate::whatsapp::error::GraphError;

const PROFILE_FIELDS: &str = "about,address,description,email,profile_picture_url,websites,vertical";

/// What customers see before they write: prompts to tap, commands to type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conversational {
    pub prompts: Vec<String>,
    pub commands: Vec<Command>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    pub name: String,
    pub description: String,
}

impl GraphClient {
    /// The business profile's fields.
    pub async fn profile(&self, phone_number_id: &str, token: &SecretString) -> Result<Value, GraphError> {
        let path = format!("{phone_number_id}/whatsapp_business_profile");
        let answer = self.ask(&path, token, &[("fields", PROFILE_FIELDS)]).await?;
        Ok(answer.pointer("/data/0").cloned().unwrap_or(Value::Null))
    }

    /// Changes the given fields of the business profile.
    pub async fn set_profile(
        &self,
        phone_number_id: &str,
        token: &SecretString,
        mut fields: Map<String, Value>,
    ) -> Result<(), GraphError> {
        fields.insert("messaging_product".to_owned(), json!("whatsapp"));
        let path = format!("{phone_number_id}/whatsapp_business_profile");
        self.call(Method::POST, &path, token, Some(Value::Object(fields))).await.map(drop)
    }

    pub async fn conversational(
        &self,
        phone_number_id: &str,
        token: &SecretString,
    ) -> Result<Conversational, GraphError> {
        let answer = self.ask(phone_number_id, token, &[("fields", "conversational_automation")]).await?;
        Ok(read_conversational(&answer["conversational_automation"]))
    }

    /// Replaces prompts and commands.
    pub async fn set_conversational(
        &self,
        phone_number_id: &str,
        token: &SecretString,
        wanted: &Conversational,
    ) -> Result<(), GraphError> {
        let commands = wanted.commands.iter();
        let commands: Vec<Value> = commands
            .map(|command| json!({ "command_name": command.name, "command_description": command.description }))
            .collect();
        let body = json!({ "prompts": wanted.prompts, "commands": commands });
        let path = format!("{phone_number_id}/conversational_automation");
        self.call(Method::POST, &path, token, Some(body)).await.map(drop)
    }

    /// Sets the PIN of two-step verification.
    pub async fn set_pin(&self, phone_number_id: &str, token: &SecretString, pin: &str) -> Result<(), GraphError> {
        self.call(Method::POST, phone_number_id, token, Some(json!({ "pin": pin }))).await.map(drop)
    }

    /// Registers the number for the Cloud API.
    pub async fn register(
        &self,
        phone_number_id: &str,
        token: &SecretString,
        pin: &str,
        region: Option<&str>,
    ) -> Result<(), GraphError> {
        let mut body = json!({ "messaging_product": "whatsapp", "pin": pin });
        if let Some(region) = region {
            body["data_localization_region"] = json!(region);
        }
        self.call(Method::POST, &format!("{phone_number_id}/register"), token, Some(body)).await.map(drop)
    }

    pub async fn deregister(&self, phone_number_id: &str, token: &SecretString) -> Result<(), GraphError> {
        self.call(Method::POST, &format!("{phone_number_id}/deregister"), token, None).await.map(drop)
    }
}

fn read_conversational(value: &Value) -> Conversational {
    let list = |key: &str| value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    Conversational {
        prompts: list("prompts").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        commands: list("commands")
            .iter()
            .map(|command| Command {
                name: text(command, "command_name"),
                description: text(command, "command_description"),
            })
            .collect(),
    }
}
