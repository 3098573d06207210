//! Usage: what models have cost, where there is a budget.

use chrono::{DateTime, NaiveDate, Utc};
use entity::state::UsageScope;
use entity::{NumberId, usage};
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

/// How many bubbles Meta charged for alike.
#[derive(Debug, Object)]
struct Bubbles {
    /// Meta's word, such as `service`, `utility` or `marketing`.
    category: Option<String>,
    /// Meta's word, such as `regular`, `free_customer_service` or `free_entry_point`.
    #[oai(rename = "type")]
    kind: Option<String>,
    bubbles: i64,
    /// Those that cost money.
    billable: i64,
}

/// What the messages of some days cost at Meta, as its status webhooks told.
#[derive(Debug, Object)]
struct MessageUsage {
    /// UTC days, both included.
    from: NaiveDate,
    to: NaiveDate,
    /// All that were sent, whatever became of them.
    bubbles: i64,
    /// All that cost money.
    billable: i64,
    items: Vec<Bubbles>,
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
            Some(day) => day.day().signed_duration_since(NaiveDate::default()).num_days(),
            None => app.now().div_euclid(store::usage::DAY_MS),
        };
        let used = store::usage::list(app.db.reader(), viewer.workspace(), day, scope.0, page.limit).await?;
        Ok(Json(List { items: used.into_iter().map(view).collect(), next_cursor: None }))
    }

    /// Tells how many bubbles were sent from one day to another (today, where none is given), and what Meta charged for.
    #[oai(path = "/usage/messages", method = "get", operation_id = "getMessageUsage")]
    async fn messages(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        number_id: Query<Option<NumberId>>,
        /// A UTC day.
        from: Query<Option<Text<10, Day>>>,
        to: Query<Option<Text<10, Day>>>,
    ) -> Result<Json<MessageUsage>, ApiError> {
        let today = DateTime::<Utc>::from_timestamp_millis(app.now()).unwrap_or_default().date_naive();
        let to = to.0.map_or(today, |day| day.day());
        let from = from.0.map_or(to, |day| day.day());
        let start = |day: NaiveDate| day.signed_duration_since(NaiveDate::default()).num_milliseconds();
        let days = start(from)..start(to).saturating_add(store::usage::DAY_MS);
        let db = app.db.reader();
        let charged =
            store::messages::count_charged(db, viewer.workspace(), number_id.0.as_ref(), days.clone()).await?;
        let bubbles = store::messages::count_sent(db, viewer.workspace(), number_id.0.as_ref(), days).await?;
        let items: Vec<Bubbles> = charged.into_iter().map(bubbles_view).collect();
        let billable = items.iter().map(|item| item.billable).sum();
        Ok(Json(MessageUsage { from, to, bubbles, billable, items }))
    }
}

fn bubbles_view(charged: store::messages::Charged) -> Bubbles {
    Bubbles { category: charged.category, kind: charged.kind, bubbles: charged.bubbles, billable: charged.billable }
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
