//! Every setting: its type, its check. Defaults and their documentation are `config.default.toml`.
//!
//! The only module that reads the environment. Unknown keys are refused, so a typing error never passes silently.

use std::path::{Path, PathBuf};
use std::time::Duration;

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

mod prices;
mod shown;

pub use prices::{MICROS, Price, Prices};
pub use shown::{ShownSection, ShownSetting};

/// The compiled-in lowest layer.
pub const DEFAULTS: &str = include_str!("../config.default.toml");
/// Read when it is there and no other file was named.
pub const DEFAULT_FILE: &str = "switchboard.toml";
const ENV_PREFIX: &str = "SWITCHBOARD__";
const ADMIN_KEY_MIN_CHARS: usize = 32;

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the settings cannot be read: {0}")]
    Unreadable(#[from] Box<figment::Error>),
    #[error("{key} cannot be read from {path}: {source}")]
    SecretFile { key: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{key}: {problem}")]
    Invalid { key: &'static str, problem: String },
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub server: Server,
    pub database: Database,
    pub secrets: Secrets,
    pub admin: Admin,
    pub meta: Meta,
    pub model: Model,
    #[serde(default)]
    pub embedding: Dict,
    #[serde(default)]
    pub transcription: Dict,
    pub media: Media,
    pub upkeep: Upkeep,
    pub console: Console,
    pub prompts: Prompts,
    pub turn: Turn,
    pub delivery: Delivery,
    pub jobs: Jobs,
    pub feed: Feed,
    pub shield: Shield,
    pub budget: Budget,
    #[serde(default)]
    pub prices: Prices,
    pub log: Log,
    pub demo: Demo,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: String,
    #[serde(default)]
    pub public_url: Option<String>,
    pub trusted_proxies: usize,
}

impl Server {
    /// Where it is reached, without a trailing slash.
    pub fn base_url(&self) -> String {
        let base = self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen));
        base.trim_end_matches('/').to_owned()
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: SecretString,
    pub max_connections: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    #[serde(default)]
    pub master_key: Option<SecretString>,
    pub master_key_file: PathBuf,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admin {
    #[serde(default)]
    pub key: Option<SecretString>,
    #[serde(default)]
    key_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    pub graph_url: String,
    pub graph_version: String,
    #[serde(default)]
    pub app_secret: Option<SecretString>,
    #[serde(default)]
    app_secret_file: Option<PathBuf>,
    #[serde(default)]
    pub verify_token: Option<SecretString>,
    #[serde(default)]
    verify_token_file: Option<PathBuf>,
    pub timeout_secs: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    #[serde(default)]
    pub base_url: Option<String>,
    #[serde(default)]
    pub api_key: Option<SecretString>,
    #[serde(default)]
    api_key_file: Option<PathBuf>,
    pub name: String,
    #[serde(default, deserialize_with = "optional_number")]
    pub temperature: Option<f64>,
    pub max_output_tokens: u32,
    pub context_tokens: u32,
    pub connect_timeout_secs: u64,
    pub timeout_secs: u64,
    pub retries: u32,
    pub tools: bool,
    #[serde(default)]
    pub fallback_name: Option<String>,
    #[serde(default)]
    pub fallback_base_url: Option<String>,
    #[serde(default)]
    pub fallback_api_key: Option<SecretString>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    pub url: String,
    pub fetches: usize,
    #[serde(default)]
    pub s3_endpoint: Option<String>,
    #[serde(default)]
    pub s3_region: Option<String>,
    #[serde(default)]
    pub s3_access_key_id: Option<SecretString>,
    #[serde(default)]
    pub s3_secret_access_key: Option<SecretString>,
}

/// What is done by the clock.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upkeep {
    pub check_minutes: u64,
    pub templates_minutes: u64,
    pub window_minutes: u64,
}

/// People who sign in, and what is kept of what they do.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Console {
    pub session_idle_hours: u64,
    pub session_max_days: u64,
    pub audit_days: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompts {
    #[serde(default)]
    pub dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    #[serde(default, deserialize_with = "optional_number")]
    pub quiet_ms: Option<u64>,
    pub max_wait_ms: u64,
    pub max_restarts: u32,
    pub max_tool_rounds: u32,
    pub concurrency: usize,
    pub watchdog_secs: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    pub settle_secs: u64,
    pub max_repeats: u32,
    pub number_per_sec: u32,
    pub pair_per_minute: u32,
    pub pair_burst: u32,
    pub concurrency: usize,
    pub hold_probe_secs: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    pub lease_secs: u64,
    pub max_failures: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    pub keep_hours: u64,
    pub heartbeat_secs: u64,
    pub max_subscribers: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shield {
    pub enabled: bool,
    pub flood_messages: u32,
    pub flood_wait_secs: u64,
}

/// Absent: no limit. Money is in the currency of the prices.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    #[serde(default, deserialize_with = "optional_number")]
    pub turn_tokens: Option<u64>,
    #[serde(default, deserialize_with = "optional_number")]
    pub turn_money: Option<f64>,
    #[serde(default, deserialize_with = "optional_number")]
    pub contact_tokens_per_day: Option<u64>,
    #[serde(default, deserialize_with = "optional_number")]
    pub contact_money_per_day: Option<f64>,
    #[serde(default, deserialize_with = "optional_number")]
    pub number_tokens_per_day: Option<u64>,
    #[serde(default, deserialize_with = "optional_number")]
    pub number_money_per_day: Option<f64>,
    #[serde(default, deserialize_with = "optional_number")]
    pub workspace_tokens_per_day: Option<u64>,
    #[serde(default, deserialize_with = "optional_number")]
    pub workspace_money_per_day: Option<f64>,
}

impl Budget {
    fn money(&self) -> [(&'static str, Option<f64>); 4] {
        [
            ("budget.turn_money", self.turn_money),
            ("budget.contact_money_per_day", self.contact_money_per_day),
            ("budget.number_money_per_day", self.number_money_per_day),
            ("budget.workspace_money_per_day", self.workspace_money_per_day),
        ]
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Auto,
    Text,
    Json,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    pub simulator_listen: String,
}

impl Settings {
    /// The defaults, then `file` (or `switchboard.toml` where it exists), then the environment.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        match file {
            Some(path) => figment = figment.merge(Toml::file_exact(path)),
            None => figment = figment.merge(Toml::file(DEFAULT_FILE)),
        }
        let environment =
            Environment { defaults: Figment::from(Toml::string(DEFAULTS)), variables: std::env::vars().collect() };
        Self::from_figment(figment.merge(environment))
    }

    /// The defaults and `toml` above them, untouched by files and environment: for tests and tools.
    pub fn with_overrides(toml: &str) -> Result<Self, ConfigError> {
        Self::layered(&[toml])
    }

    /// The same with several layers, the last on top.
    pub fn layered(layers: &[&str]) -> Result<Self, ConfigError> {
        let bottom = Figment::from(Toml::string(DEFAULTS));
        Self::from_figment(layers.iter().fold(bottom, |below, layer| below.merge(Toml::string(layer))))
    }

    fn from_figment(figment: Figment) -> Result<Self, ConfigError> {
        let mut settings: Self = figment.extract().map_err(Box::new)?;
        settings.read_secret_files()?;
        settings.validate()?;
        Ok(settings)
    }

    fn read_secret_files(&mut self) -> Result<(), ConfigError> {
        secret_from_file("admin.key_file", &mut self.admin.key, self.admin.key_file.as_deref())?;
        secret_from_file("meta.app_secret_file", &mut self.meta.app_secret, self.meta.app_secret_file.as_deref())?;
        secret_from_file(
            "meta.verify_token_file",
            &mut self.meta.verify_token,
            self.meta.verify_token_file.as_deref(),
        )?;
        secret_from_file("model.api_key_file", &mut self.model.api_key, self.model.api_key_file.as_deref())
    }

    fn validate(&self) -> Result<(), ConfigError> {
        use secrecy::ExposeSecret;
        let check = |ok: bool, key: &'static str, problem: &str| {
            if ok { Ok(()) } else { Err(ConfigError::Invalid { key, problem: problem.to_owned() }) }
        };
        let url = self.database.url.expose_secret();
        check(
            url.starts_with("sqlite:") || url.starts_with("postgres://") || url.starts_with("postgresql://"),
            "database.url",
            "must begin with sqlite:// or postgres://",
        )?;
        if let Some(key) = &self.admin.key {
            let long_enough = key.expose_secret().chars().count() >= ADMIN_KEY_MIN_CHARS;
            check(long_enough, "admin.key", "must have 32 characters or more")?;
        }
        for (key, url) in [
            ("meta.graph_url", Some(&self.meta.graph_url)),
            ("model.base_url", self.model.base_url.as_ref()),
            ("model.fallback_base_url", self.model.fallback_base_url.as_ref()),
            ("server.public_url", self.server.public_url.as_ref()),
        ] {
            if let Some(url) = url {
                let parsed = reqwest::Url::parse(url);
                let is_http = parsed.is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
                check(is_http, key, "must be a URL that begins with http:// or https://")?;
            }
        }
        check(
            self.model.context_tokens > self.model.max_output_tokens * 2,
            "model.context_tokens",
            "must be more than twice model.max_output_tokens",
        )?;
        check(self.jobs.lease_secs >= 3, "jobs.lease_secs", "must be 3 or more: leases are renewed every third of it")?;
        check(self.jobs.max_failures >= 1, "jobs.max_failures", "must be 1 or more")?;
        check(self.media.fetches >= 1, "media.fetches", "must be 1 or more")?;
        check(self.upkeep.check_minutes >= 1, "upkeep.check_minutes", "must be 1 or more")?;
        let hours = self.console.session_idle_hours;
        check((1..=8_760).contains(&hours), "console.session_idle_hours", "must be from 1 to 8760")?;
        check((1..=365).contains(&self.console.session_max_days), "console.session_max_days", "must be from 1 to 365")?;
        check((1..=36_500).contains(&self.console.audit_days), "console.audit_days", "must be from 1 to 36500")?;
        check(self.upkeep.templates_minutes >= 1, "upkeep.templates_minutes", "must be 1 or more")?;
        check((1..=8_760).contains(&self.feed.keep_hours), "feed.keep_hours", "must be from 1 to 8760")?;
        // The listener ends a connection on which nothing happens for 75 seconds.
        check((1..=60).contains(&self.feed.heartbeat_secs), "feed.heartbeat_secs", "must be from 1 to 60")?;
        check(self.turn.concurrency >= 1, "turn.concurrency", "must be 1 or more")?;
        check(self.delivery.concurrency >= 1, "delivery.concurrency", "must be 1 or more")?;
        check(
            self.delivery.pair_per_minute == 0 || self.delivery.pair_burst >= 1,
            "delivery.pair_burst",
            "must be 1 or more while delivery.pair_per_minute limits",
        )?;
        check(self.database.max_connections >= 2, "database.max_connections", "must be 2 or more")?;
        check(self.shield.flood_messages >= 1, "shield.flood_messages", "must be 1 or more")?;
        let is_amount = |amount: f64| amount.is_finite() && amount >= 0.0;
        for (_, price) in self.prices.iter() {
            check(is_amount(price.prompt) && is_amount(price.completion), "prices", "must be 0 or more")?;
        }
        for (key, money) in self.budget.money() {
            let Some(money) = money else { continue };
            check(is_amount(money), key, "must be 0 or more")?;
            let asked = std::iter::once(&self.model.name).chain(&self.model.fallback_name);
            let priced = asked.into_iter().all(|name| self.prices.of(name).is_some());
            let problem = "needs the price of every model that is asked: set it in [prices], or one for \"default\"";
            check(priced, key, problem)?;
        }
        Ok(())
    }

    pub fn is_sqlite(&self) -> bool {
        use secrecy::ExposeSecret;
        self.database.url.expose_secret().starts_with("sqlite:")
    }
}

impl Jobs {
    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_secs)
    }
}

fn secret_from_file(
    key: &'static str,
    value: &mut Option<SecretString>,
    file: Option<&Path>,
) -> Result<(), ConfigError> {
    if let (None, Some(path)) = (&value, file) {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::SecretFile {
            key,
            path: path.to_owned(),
            source,
        })?;
        *value = Some(SecretString::from(text.trim().to_owned()));
    }
    Ok(())
}

/// `SWITCHBOARD__SECTION__KEY`. A value is text unless the default at its place is a number or a switch: figment's own
/// provider would read a token of digits as a number and lose its zeros. An empty value counts as not set.
struct Environment {
    defaults: Figment,
    variables: Vec<(String, String)>,
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("the environment").interpolater(|_, keys| {
            format!("{ENV_PREFIX}{}", keys.iter().map(|key| key.to_uppercase()).collect::<Vec<_>>().join("__"))
        })
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut root = Dict::new();
        for (name, text) in &self.variables {
            let Some(path) = name.strip_prefix(ENV_PREFIX) else { continue };
            if text.is_empty() {
                continue;
            }
            let path = path.to_lowercase().replace("__", ".");
            let value = match self.defaults.find_value(&path) {
                Ok(Value::Num(..) | Value::Bool(..)) => text.parse().expect("any text parses as some figment value"),
                _ => Value::from(text.clone()),
            };
            root = figment::util::nest(&path, value).into_dict().map_or(root.clone(), |nested| merge(root, nested));
        }
        Ok(Profile::Default.collect(root))
    }
}

fn merge(mut into: Dict, from: Dict) -> Dict {
    for (key, value) in from {
        let merged = match (into.remove(&key), value) {
            (Some(Value::Dict(tag, old)), Value::Dict(_, new)) => Value::Dict(tag, merge(old, new)),
            (_, value) => value,
        };
        into.insert(key, merged);
    }
    into
}

/// A number that may be absent; from the environment it comes as text, since no default tells its type.
fn optional_number<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + std::str::FromStr,
    T::Err: std::fmt::Display,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum NumberOrText<T> {
        Number(T),
        Text(String),
    }
    match Option::<NumberOrText<T>>::deserialize(deserializer)? {
        None => Ok(None),
        Some(NumberOrText::Number(number)) => Ok(Some(number)),
        Some(NumberOrText::Text(text)) => text.trim().parse().map(Some).map_err(serde::de::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let environment = Environment { defaults: Figment::from(Toml::string(DEFAULTS)), variables };
        Settings::from_figment(Figment::from(Toml::string(DEFAULTS)).merge(environment))
    }

    #[test]
    fn the_defaults_are_valid_and_quiet_adapts() {
        let settings = Settings::with_overrides("").expect("defaults");
        assert_eq!(settings.turn.quiet_ms, None);
        assert_eq!(settings.delivery.settle_secs, 45);
    }

    #[test]
    fn a_secret_of_digits_keeps_its_zeros() {
        let settings = load(&[("SWITCHBOARD__META__APP_SECRET", "00123"), ("SWITCHBOARD__META__VERIFY_TOKEN", "1e5")])
            .expect("load");
        assert_eq!(settings.meta.app_secret.expect("set").expose_secret(), "00123");
        assert_eq!(settings.meta.verify_token.expect("set").expose_secret(), "1e5");
    }

    #[test]
    fn every_promised_setting_is_accepted() {
        let settings = load(&[
            ("SWITCHBOARD__TURN__QUIET_MS", "0"),
            ("SWITCHBOARD__TURN__MAX_WAIT_MS", "500"),
            ("SWITCHBOARD__EMBEDDING__BASE_URL", "http://127.0.0.1:8000/v1"),
            ("SWITCHBOARD__EMBEDDING__ANYTHING", "1"),
            ("SWITCHBOARD__TRANSCRIPTION__API_KEY", "x"),
            ("SWITCHBOARD__MEDIA__URL", "s3://bucket/prefix"),
            ("SWITCHBOARD__DELIVERY__NUMBER_PER_SEC", "0"),
            ("SWITCHBOARD__DELIVERY__PAIR_PER_MINUTE", "0"),
            ("SWITCHBOARD__DELIVERY__PAIR_BURST", "0"),
            ("SWITCHBOARD__SHIELD__ENABLED", "false"),
            ("SWITCHBOARD__MODEL__BASE_URL", ""),
            ("SWITCHBOARD__MODEL__TEMPERATURE", "0.5"),
            ("SWITCHBOARD__DATABASE__URL", "postgres://root@localhost/test"),
        ])
        .expect("load");
        assert_eq!((settings.turn.quiet_ms, settings.turn.max_wait_ms), (Some(0), 500));
        assert!(!settings.shield.enabled);
        assert_eq!((settings.model.base_url, settings.model.temperature), (None, Some(0.5)));
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let error = load(&[("SWITCHBOARD__TURN__QUITE_MS", "5")]).expect_err("a typing error").to_string();
        assert!(error.contains("quite_ms"), "{error}");
    }

    #[test]
    fn a_short_admin_key_is_refused() {
        let error = load(&[("SWITCHBOARD__ADMIN__KEY", "short")]).expect_err("too short").to_string();
        assert!(error.contains("admin.key") && error.contains("32"), "{error}");
    }
}
