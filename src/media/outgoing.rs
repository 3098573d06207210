//! Files to be sent: our own ids in a message's content become Meta's, each file brought to Meta once for each number.

use std::collections::BTreeMap;
use std::time::Duration;

use entity::{MediaId, media, media_handle, number};
use futures_util::TryStreamExt;
use sea_orm::DbErr;
use secrecy::SecretString;
use serde_json::Value;

use crate::app::{App, millis};
use crate::store;
use crate::whatsapp::error::GraphError;
use crate::whatsapp::media::Outbound;

/// Meta keeps what was uploaded for thirty days; an id about to expire is not used.
const KEPT: Duration = Duration::from_secs(29 * 24 * 60 * 60);
const PREFIX: &str = "med_";

/// Why a message's files cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    #[error("the file {0} is not there any more")]
    Gone(String),
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error("the file cannot be read: {0}")]
    Blob(#[from] crate::blobs::BlobError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Our own files that a content names, wherever in it.
pub fn stored_ids(content: &Value) -> Vec<MediaId> {
    let mut found = Vec::new();
    visit(content, &mut |id| {
        if let Ok(id) = MediaId::parse(id)
            && !found.contains(&id)
        {
            found.push(id);
        }
    });
    found
}

/// The content as Meta is to have it, with Meta's ids in place of ours.
pub async fn prepare(
    app: &App,
    number: &number::Model,
    token: &SecretString,
    content: &Value,
) -> Result<Value, PrepareError> {
    let ids = stored_ids(content);
    if ids.is_empty() {
        return Ok(content.clone());
    }
    let mut metas = BTreeMap::new();
    for id in ids {
        let media = store::media::find(app.db.reader(), &number.workspace_id, &id).await?;
        let media = media.ok_or_else(|| PrepareError::Gone(id.to_string()))?;
        metas.insert(id.to_string(), meta_id(app, number, token, &media).await?);
    }
    Ok(replaced(content, &metas))
}

/// Forgets Meta's ids of a content that Meta refused, if they were remembered ones: `true` when the files would be brought
/// there anew.
pub async fn forget_unknown(app: &App, number: &number::Model, sent: &Value) -> Result<bool, DbErr> {
    let mut ids = Vec::new();
    visit(sent, &mut |id| ids.push(id.to_owned()));
    if ids.is_empty() {
        return Ok(false);
    }
    Ok(store::media::forget_handles(app.db.bookkeeper(), &number.id, &ids).await? > 0)
}

async fn meta_id(
    app: &App,
    number: &number::Model,
    token: &SecretString,
    media: &media::Model,
) -> Result<String, PrepareError> {
    let gone = || PrepareError::Gone(media.id.to_string());
    let sha256 = media.sha256.as_deref().ok_or_else(gone)?;
    let media_type = media.media_type.as_deref().ok_or_else(gone)?;
    let now = app.now();
    if let Some(known) = store::media::find_handle(app.db.reader(), &number.id, sha256, media_type, now).await? {
        return Ok(known);
    }
    let bytes = match app.blobs.read(media.workspace_id.as_str(), sha256, None).await {
        Ok(bytes) => bytes,
        Err(error) if error.is_not_found() => return Err(gone()),
        Err(error) => return Err(error.into()),
    };
    let file = Outbound {
        media_type: media_type.to_owned(),
        file_name: media.file_name.as_ref().map_or_else(|| "file".to_owned(), |name| name.0.clone()),
        size: u64::try_from(media.size_bytes.unwrap_or_default()).unwrap_or_default(),
        bytes: Box::pin(bytes.map_err(std::io::Error::other)),
    };
    let meta_id = app.graph.upload(&number.phone_number_id, token, file).await?;
    let handle = media_handle::Model {
        number_id: number.id.clone(),
        sha256: sha256.to_owned(),
        media_type: media_type.to_owned(),
        meta_id: meta_id.clone(),
        expires_at: now + millis(KEPT),
    };
    store::media::keep_handle(app.db.bookkeeper(), handle).await?;
    Ok(meta_id)
}

/// Meta's media objects name their file under `id`; other objects' ids are none of ours.
fn visit<'a>(content: &'a Value, see: &mut impl FnMut(&'a str)) {
    match content {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(id) if name == "id" => see(id),
                    other => visit(other, see),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| visit(item, see)),
        _ => {}
    }
}

fn replaced(content: &Value, metas: &BTreeMap<String, String>) -> Value {
    match content {
        Value::Object(fields) => {
            let replace = |(name, value): (&String, &Value)| {
                let known =
                    value.as_str().filter(|id| name == "id" && id.starts_with(PREFIX)).and_then(|id| metas.get(id));
                (name.clone(), known.map_or_else(|| replaced(value, metas), |id| Value::String(id.clone())))
            };
            Value::Object(fields.iter().map(replace).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| replaced(item, metas)).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn our_ids_become_metas_wherever_they_stand() {
        let id = MediaId::generate(1).to_string();
        let content = json!({"type": "list", "header": {"type": "image", "image": {"id": id}},
            "action": {"buttons": [{"reply": {"id": "yes"}}], "cards": [{"header": {"video": {"id": id}}}]}});
        assert_eq!(stored_ids(&content).len(), 1);
        let sent = replaced(&content, &BTreeMap::from([(id.clone(), "777".to_owned())]));
        assert_eq!(sent["header"]["image"]["id"], "777");
        assert_eq!(sent["action"]["cards"][0]["header"]["video"]["id"], "777");
        assert_eq!(sent["action"]["buttons"][0]["reply"]["id"], "yes");
    }
}
