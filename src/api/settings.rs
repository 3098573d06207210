//! The instance's settings as they run. What is secret tells only whether it is set.

use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;

use super::auth::Admin;
use super::problem::ApiError;
use super::workspaces::is_first;
use super::{SharedApp, Tag};
use crate::config::ShownSection;
use crate::store::Engine;

pub struct SettingsApi;

/// How this instance runs.
#[derive(Debug, Object)]
struct Settings {
    version: String,
    database: DatabaseEngine,
    sections: Vec<SettingsSection>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum DatabaseEngine {
    Sqlite,
    Postgres,
}

#[derive(Debug, Object)]
struct SettingsSection {
    name: String,
    settings: Vec<Setting>,
}

#[derive(Debug, Object)]
struct Setting {
    name: String,
    /// Text, a number, true or false, or null; of a secret always null.
    value: Any<Value>,
    /// Whether it has a value.
    set: bool,
    is_default: bool,
    is_secret: bool,
    /// The variable that sets it; null where no variable can.
    environment: Option<String>,
}

#[OpenApi(tag = "Tag::Setup")]
impl SettingsApi {
    /// Shows the settings that this instance runs with, to admins of its first workspace. A file and the environment set
    /// them.
    #[oai(path = "/settings", method = "get", operation_id = "getSettings")]
    async fn get(&self, app: SharedApp<'_>, admin: Admin) -> Result<Json<Settings>, ApiError> {
        if !is_first(&app, admin.workspace()).await? {
            return Err(ApiError::forbidden("admin in the installation's first workspace"));
        }
        let database = match app.db.engine() {
            Engine::Sqlite => DatabaseEngine::Sqlite,
            Engine::Postgres => DatabaseEngine::Postgres,
        };
        let sections = app.settings.shown().into_iter().map(view).collect();
        Ok(Json(Settings { version: env!("CARGO_PKG_VERSION").to_owned(), database, sections }))
    }
}

fn view(section: ShownSection) -> SettingsSection {
    let settings = section.settings.into_iter().map(|setting| Setting {
        environment: setting.environment(section.name),
        name: setting.name,
        value: Any(setting.value),
        set: setting.is_set,
        is_default: setting.is_default,
        is_secret: setting.is_secret,
    });
    SettingsSection { name: section.name.to_owned(), settings: settings.collect() }
}
