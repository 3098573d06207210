//! Usage: what models have cost, where there is a budget.

use chrono::{DateTime, NaiveDate, Utc};
use entity::state::UsageScope;
use entity::usage;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::auth::Viewer;
use super::problem::ApiError;
use super::wire::{Day, Text};
use super::{Limit, List, SharedApp, Tag, page_request};
use crate::store;

pub struct UsageApi;

/// What one contact, number or workspace has used of its budget on one day.
#[derive(Debug, Object)]
struct Usage {
    scope: UsageScope,
    /// Id of the contact, the number or the workspace.
    subject: String,
    /// A UTC day.
    day: NaiveDate,
    /// Prompt and completion tokens; while a call is under way, the most it may use.
    tokens: i64,
    /// In the currency of the settings' prices.
    money: f64,
}

#[OpenApi(tag = "Tag::Usage")]
impl UsageApi {
    /// Lists what was used on a day (today, where none is given), the most tokens first. Only what has a budget is counted.
    #[oai(path = "/usage", method = "get", operation_id = "listUsage")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        /// A UTC day of four hundred that are kept.
        day: Query<Option<Text<10, Day>>>,
        scope: Query<Option<UsageScope>>,
        limit: Limit,
    ) -> Result<Json<List<Usage>>, ApiError> {
        let page = page_request(Query(None), limit);
        let day = match day.0 {
            Some(day) => match day.parse::<NaiveDate>() {
                Ok(day) => day.signed_duration_since(NaiveDate::default()).num_days(),
                // No month has it, so nothing was used on it.
                Err(_) => return Ok(Json(List { items: Vec::new(), next_cursor: None })),
            },
            None => app.now().div_euclid(store::usage::DAY_MS),
        };
        let used = store::usage::list(app.db.reader(), viewer.workspace(), day, scope.0, page.limit).await?;
        Ok(Json(List { items: used.into_iter().map(view).collect(), next_cursor: None }))
    }
}

fn view(used: usage::Model) -> Usage {
    let day = DateTime::<Utc>::from_timestamp_millis(used.day.saturating_mul(store::usage::DAY_MS));
    Usage {
        scope: used.scope,
        subject: used.subject,
        day: day.unwrap_or_default().date_naive(),
        tokens: used.used_tokens,
        money: used.used_micros as f64 / 1e6,
    }
}
