//! The templates we keep: what Meta lists, written into our table. What Meta lists no longer is marked deleted, since
//! messages that were sent with it stay.

use std::collections::HashMap;

use entity::{TemplateId, WorkspaceId, number, template};
use sea_orm::DbErr;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::app::{App, NumberSecret};
use crate::clock::Millis;
use crate::secrets::SealError;
use crate::store::{self, templates::DELETED};
use crate::whatsapp::error::GraphError;
use crate::whatsapp::template::Definition;
use crate::whatsapp::webhook;

/// Fifty a page, so more than Meta allows an account to have.
const MAX_PAGES: usize = 400;
/// Meta forgets its cursors at times: the list begins anew, so often at the most.
const MAX_RESTARTS: usize = 3;
const BAD_CURSOR: i64 = 131_059;
/// Rows written in one transaction.
const CHUNK: usize = 100;

/// What reading an account's templates changed here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Synced {
    /// How many Meta lists.
    pub listed: usize,
    pub added: usize,
    pub changed: usize,
    pub deleted: usize,
}

/// Why an account's templates could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error("the number has no waba_id")]
    NoAccount,
    #[error("the number has no access token")]
    NoToken,
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// A template as Meta shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    pub meta_id: Option<String>,
    pub name: String,
    pub language: String,
    pub category: String,
    pub previous_category: Option<String>,
    pub status: String,
    pub parameter_format: String,
    pub components: Value,
    pub quality: Option<String>,
    pub reason: Option<String>,
}

/// Reads all templates of the number's account and writes down what has changed.
pub async fn sync(app: &App, number: &number::Model) -> Result<Synced, SyncError> {
    let waba_id = number.waba_id.as_deref().ok_or(SyncError::NoAccount)?;
    let token = app.open_number_secret(number, NumberSecret::AccessToken)?.ok_or(SyncError::NoToken)?;
    let began = app.now();
    let (shown, is_whole) = read_all(app, waba_id, &token).await?;
    let kept = store::templates::list_of_account(app.db.reader(), &number.workspace_id, waba_id).await?;
    let mut kept: HashMap<(String, String), template::Model> =
        kept.into_iter().map(|template| ((template.name.clone(), template.language.clone()), template)).collect();
    let mut synced = Synced { listed: shown.len(), ..Synced::default() };
    let mut writes = Vec::new();
    for shown in shown {
        match kept.remove(&(shown.name.clone(), shown.language.clone())) {
            None => {
                synced.added += 1;
                writes.push(Write::Insert(shown.into_model(&number.workspace_id, waba_id, began)));
            }
            Some(before) => {
                let after = shown.clone().over(before.clone(), began);
                if after != before {
                    synced.changed += 1;
                    writes.push(Write::Update(before.updated_at, after));
                }
            }
        }
    }
    // What was made or changed here while Meta was being asked may be missing from the list.
    let gone = kept.into_values().filter(|kept| is_whole && kept.status != DELETED && kept.updated_at < began);
    for mut template in gone {
        synced.deleted += 1;
        let before = std::mem::replace(&mut template.updated_at, began);
        template.status = DELETED.to_owned();
        writes.push(Write::Update(before, template));
    }
    write_down(app, &number.workspace_id, waba_id, writes).await?;
    Ok(synced)
}

enum Write {
    Insert(template::Model),
    /// With the moment of the change before, as it was read.
    Update(Millis, template::Model),
}

async fn write_down(app: &App, workspace_id: &WorkspaceId, waba_id: &str, writes: Vec<Write>) -> Result<(), DbErr> {
    for chunk in writes.chunks(CHUNK) {
        store::write(&app.db, async |tx| {
            for write in chunk {
                match write {
                    Write::Insert(template) => insert_new(tx, template).await?,
                    Write::Update(read_at, template) => {
                        let now = store::templates::find(tx, workspace_id, &template.id).await?;
                        // A webhook or a person was quicker: what they told is newer than the list.
                        if now.is_some_and(|now| now.updated_at == *read_at) {
                            store::templates::update(tx, template.clone()).await?;
                        }
                    }
                }
            }
            Ok::<_, DbErr>(())
        })
        .await?;
    }
    store::templates::note_synced(app.db.writer(), workspace_id, waba_id, app.now()).await
}

async fn insert_new(tx: &impl sea_orm::ConnectionTrait, template: &template::Model) -> Result<(), DbErr> {
    let (workspace_id, waba_id) = (&template.workspace_id, &template.waba_id);
    let there = store::templates::find_by_name(tx, workspace_id, waba_id, &template.name, &template.language).await?;
    if there.is_none() {
        store::templates::insert(tx, template.clone()).await?;
    }
    Ok(())
}

/// Every page; `false` beside them when there were more than anybody can have.
async fn read_all(app: &App, waba_id: &str, token: &SecretString) -> Result<(Vec<Shown>, bool), GraphError> {
    let mut restarts = 0;
    let mut shown = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let page = match app.graph.list_templates(waba_id, token, after.as_deref()).await {
            Ok(page) => page,
            Err(error) if error.code == Some(BAD_CURSOR) && restarts < MAX_RESTARTS => {
                restarts += 1;
                shown.clear();
                after = None;
                continue;
            }
            Err(error) => return Err(error),
        };
        shown.extend(page.items.into_iter().filter_map(read));
        after = page.after;
        if after.is_none() {
            return Ok((shown, true));
        }
    }
    Ok((shown, false))
}

/// Reads Meta's node; one without a name or a language is none.
pub fn read(node: Value) -> Option<Shown> {
    let node = webhook::without_nul(node);
    let text = |key: &str| node.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let said = |key: &str| text(key).filter(|text| *text != "NONE").map(str::to_owned);
    let capitals = |key: &str| text(key).map(str::to_uppercase).unwrap_or_default();
    let quality = node.get("quality_score");
    let quality = quality.and_then(|quality| quality.get("score").unwrap_or(quality).as_str()).map(str::to_owned);
    Some(Shown {
        meta_id: said("id"),
        name: text("name")?.to_owned(),
        language: language(text("language")?),
        category: capitals("category"),
        previous_category: said("previous_category"),
        status: capitals("status"),
        parameter_format: text("parameter_format").map_or_else(|| "positional".to_owned(), str::to_lowercase),
        components: node.get("components").cloned().unwrap_or_else(|| json!([])),
        quality,
        reason: said("rejected_reason"),
    })
}

/// Meta writes a language with a hyphen or an underscore; here it has an underscore.
pub fn language(code: &str) -> String {
    let mut parts = code.split(['-', '_']);
    let language = parts.next().unwrap_or_default().to_lowercase();
    let rest = parts.map(|part| if part.len() == 2 { part.to_uppercase() } else { part.to_owned() });
    std::iter::once(language).chain(rest).collect::<Vec<_>>().join("_")
}

/// What a stored template is made of, as far as it is filled.
pub fn definition(template: &template::Model) -> Definition<'_> {
    let is_named = template.parameter_format.eq_ignore_ascii_case("named");
    Definition { components: &template.components, is_named }
}

impl Shown {
    pub fn into_model(self, workspace_id: &WorkspaceId, waba_id: &str, now: Millis) -> template::Model {
        template::Model {
            id: TemplateId::generate(now),
            workspace_id: workspace_id.clone(),
            waba_id: waba_id.to_owned(),
            meta_id: self.meta_id,
            name: self.name,
            language: self.language,
            category: self.category,
            previous_category: self.previous_category,
            status: self.status,
            parameter_format: self.parameter_format,
            components: self.components,
            quality: self.quality,
            reason: self.reason,
            sends: 0,
            last_sent_at: None,
            synced_at: Some(now),
            created_at: now,
            updated_at: now,
        }
    }

    /// The row with what Meta shows now; the moment of its change moves only when something changed.
    pub fn over(self, before: template::Model, now: Millis) -> template::Model {
        // Why it was paused is told by webhook only.
        let same_status = self.status == before.status;
        let after = template::Model {
            meta_id: self.meta_id.or_else(|| before.meta_id.clone()),
            category: self.category,
            previous_category: self.previous_category.or_else(|| before.previous_category.clone()),
            reason: self.reason.or_else(|| before.reason.clone().filter(|_| same_status)),
            status: self.status,
            parameter_format: self.parameter_format,
            components: self.components,
            quality: self.quality.or_else(|| before.quality.clone()),
            ..before.clone()
        };
        if after == before { before } else { template::Model { updated_at: now, ..after } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_written_one_way() {
        for (given, expected) in
            [("en-US", "en_US"), ("en_us", "en_US"), ("EN", "en"), ("zh-Hant", "zh_Hant"), ("fil", "fil")]
        {
            assert_eq!(language(given), expected);
        }
    }

    #[test]
    fn a_node_is_read_whatever_is_missing() {
        let shown =
            read(json!({"id": "1", "name": "a", "language": "en-US", "status": "approved", "category": "UTILITY",
            "quality_score": {"score": "GREEN", "date": 1}, "rejected_reason": "NONE"}));
        let shown = shown.expect("read");
        assert_eq!((shown.language.as_str(), shown.status.as_str()), ("en_US", "APPROVED"));
        assert_eq!((shown.quality.as_deref(), shown.reason), (Some("GREEN"), None));
        assert_eq!(shown.parameter_format, "positional");
        assert_eq!(read(json!({"name": "a"})), None);
    }
}
