//! The settings as they run, for people: what each is, whether that is the default, how the environment names it. A secret
//! tells only whether it is set.

use std::path::PathBuf;

use figment::value::Dict;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{
    Admin, Budget, Console, Database, Delivery, Demo, ENV_PREFIX, Jobs, Log, LogFormat, Media, Meta, Model, Prompts,
    Secrets, Server, Settings, Shield, Turn, Upkeep,
};

#[derive(Debug, Clone, PartialEq)]
pub struct ShownSection {
    pub name: &'static str,
    pub settings: Vec<ShownSetting>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ShownSetting {
    pub name: String,
    /// Text, a number, a switch or null; of a secret always null.
    pub value: Value,
    /// Whether it has a value.
    pub is_set: bool,
    pub is_default: bool,
    pub is_secret: bool,
}

impl ShownSetting {
    /// How the environment names it, where it can.
    pub fn environment(&self, section: &str) -> Option<String> {
        let name = self.name.replace('.', "__");
        let can_be_named = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        can_be_named.then(|| format!("{ENV_PREFIX}{}__{}", section.to_uppercase(), name.to_uppercase()))
    }
}

/// A value, and whether it may be seen.
enum Seen {
    Plain(Value),
    Secret(Option<String>),
}

type Section = (&'static str, Vec<(String, Seen)>);

impl Settings {
    pub fn shown(&self) -> Vec<ShownSection> {
        let defaults = Self::with_overrides("").map(|defaults| defaults.seen()).unwrap_or_default();
        let show = |(name, settings): Section| {
            let before = defaults.iter().find(|(other, _)| *other == name);
            let settings = settings.into_iter().map(|(name, seen)| {
                let of_default = before.and_then(|(_, all)| all.iter().find(|(other, _)| *other == name));
                let is_default = of_default.map_or(!seen.is_set(), |(_, default)| seen.raw() == default.raw());
                let (is_set, is_secret) = (seen.is_set(), matches!(seen, Seen::Secret(_)));
                ShownSetting { name, is_set, is_default, is_secret, value: seen.into_value() }
            });
            ShownSection { name, settings: settings.collect() }
        };
        self.seen().into_iter().map(show).collect()
    }

    /// Each section is taken apart by name, so that a new setting is not forgotten: without it this does not compile.
    fn seen(&self) -> Vec<Section> {
        macro_rules! sections {
            ($($section:ident: $type:ident { $($field:ident),+ }),+ $(,)?) => {
                vec![$({
                    let $type { $($field),+ } = &self.$section;
                    (stringify!($section), vec![$((stringify!($field).to_owned(), $field.see())),+])
                }),+]
            };
        }
        let mut all: Vec<Section> = sections! {
            server: Server { listen, public_url, trusted_proxies },
            database: Database { url, max_connections },
            secrets: Secrets { master_key, master_key_file },
            admin: Admin { key, key_file },
            meta: Meta {
                graph_url, graph_version, app_secret, app_secret_file, verify_token, verify_token_file, timeout_secs
            },
            model: Model {
                base_url, api_key, api_key_file, name, temperature, max_output_tokens, context_tokens,
                connect_timeout_secs, timeout_secs, retries, tools, fallback_name, fallback_base_url, fallback_api_key
            },
            media: Media { url, fetches, s3_endpoint, s3_region, s3_access_key_id, s3_secret_access_key },
            upkeep: Upkeep { check_minutes, templates_minutes, window_minutes },
            console: Console { session_idle_hours, session_max_days, audit_days },
            prompts: Prompts { dir },
            turn: Turn {
                quiet_ms, max_wait_ms, max_restarts, max_tool_rounds, concurrency, watchdog_secs
            },
            delivery: Delivery {
                settle_secs, max_repeats, number_per_sec, pair_per_minute, pair_burst, concurrency, hold_probe_secs
            },
            jobs: Jobs { lease_secs, max_failures },
            shield: Shield { enabled, flood_messages, flood_wait_secs },
            budget: Budget {
                turn_tokens, turn_money, contact_tokens_per_day, contact_money_per_day, number_tokens_per_day,
                number_money_per_day, workspace_tokens_per_day, workspace_money_per_day
            },
            log: Log { format, filter },
            demo: Demo { simulator_listen },
        };
        let Self { embedding, transcription, prices, .. } = self;
        let prices = prices.iter().flat_map(|(model, price)| {
            let of = |part: &str, amount: f64| (format!("{model}.{part}"), amount.see());
            [of("prompt", price.prompt), of("completion", price.completion)]
        });
        all.push(("prices", prices.collect()));
        all.extend([("embedding", unread(embedding)), ("transcription", unread(transcription))]);
        all
    }
}

/// What these sections hold is not read yet: any of it may be a secret.
fn unread(section: &Dict) -> Vec<(String, Seen)> {
    section.keys().map(|name| (name.clone(), Seen::Secret(Some(String::new())))).collect()
}

impl Seen {
    fn is_set(&self) -> bool {
        match self {
            Self::Plain(value) => !value.is_null(),
            Self::Secret(secret) => secret.is_some(),
        }
    }

    /// For comparing only.
    fn raw(&self) -> Value {
        match self {
            Self::Plain(value) => value.clone(),
            Self::Secret(secret) => json!(secret),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Plain(value) => value,
            Self::Secret(_) => Value::Null,
        }
    }
}

trait See {
    fn see(&self) -> Seen;

    /// What is seen where nothing is set.
    fn absent() -> Seen {
        Seen::Plain(Value::Null)
    }
}

impl<T: See> See for Option<T> {
    fn see(&self) -> Seen {
        self.as_ref().map_or_else(T::absent, T::see)
    }
}

impl See for SecretString {
    fn see(&self) -> Seen {
        Seen::Secret(Some(self.expose_secret().to_owned()))
    }

    fn absent() -> Seen {
        Seen::Secret(None)
    }
}

/// A URL may hold a password.
impl See for String {
    fn see(&self) -> Seen {
        let with_password = reqwest::Url::parse(self).ok().filter(|url| url.password().is_some());
        match with_password {
            Some(mut url) => {
                // It has a host, or it could hold no password.
                let _ = url.set_password(Some("***"));
                Seen::Plain(json!(url.as_str()))
            }
            None => Seen::Plain(json!(self)),
        }
    }
}

impl See for PathBuf {
    fn see(&self) -> Seen {
        Seen::Plain(json!(self.display().to_string()))
    }
}

impl See for LogFormat {
    fn see(&self) -> Seen {
        Seen::Plain(json!(match self {
            Self::Auto => "auto",
            Self::Text => "text",
            Self::Json => "json",
        }))
    }
}

macro_rules! plain {
    ($($type:ty),+) => {$(
        impl See for $type {
            fn see(&self) -> Seen {
                Seen::Plain(json!(self))
            }
        }
    )+};
}

plain!(bool, u32, u64, usize, f64);

#[cfg(test)]
mod tests {
    use super::*;

    fn find(settings: &Settings, section: &str, name: &str) -> ShownSetting {
        let shown = settings.shown();
        let section = shown.iter().find(|shown| shown.name == section).expect("the section");
        section.settings.iter().find(|setting| setting.name == name).expect("the setting").clone()
    }

    #[test]
    fn secrets_tell_only_whether_they_are_set() {
        let text = "[meta]\napp_secret = \"hidden-1\"\n[model]\nbase_url = \"https://me:hidden-2@model.example/v1\"\n\
            [embedding]\napi_key = \"hidden-3\"\n[database]\nurl = \"postgres://me:hidden-4@db/x\"\n";
        let settings = Settings::with_overrides(text).expect("valid");
        let app_secret = find(&settings, "meta", "app_secret");
        assert!(app_secret.is_secret && app_secret.is_set && !app_secret.is_default && app_secret.value.is_null());
        assert_eq!(app_secret.environment("meta").as_deref(), Some("SWITCHBOARD__META__APP_SECRET"));
        assert!(!find(&settings, "meta", "verify_token").is_set);
        assert!(!find(&settings, "database", "url").is_default);
        let shown = format!("{:?}", settings.shown());
        assert!(!shown.contains("hidden"), "{shown}");
    }

    #[test]
    fn a_default_is_told_from_what_was_set() {
        let text = "[turn]\nquiet_ms = 5\n[prices]\n\"m-1\" = { prompt = 1.0, completion = 2.0 }\n";
        let settings = Settings::with_overrides(text).expect("valid");
        let quiet = find(&settings, "turn", "quiet_ms");
        assert_eq!((quiet.value, quiet.is_default), (json!(5), false));
        let wait = find(&settings, "turn", "max_wait_ms");
        assert_eq!((wait.value, wait.is_default, wait.is_set), (json!(8000), true, true));
        let public_url = find(&settings, "server", "public_url");
        assert_eq!((public_url.value, public_url.is_default, public_url.is_set), (Value::Null, true, false));
        let price = find(&settings, "prices", "m-1.prompt");
        assert_eq!((price.value.clone(), price.is_default), (json!(1.0), false));
        assert_eq!(price.environment("prices"), None, "no variable can hold that name");
    }
}
