//! Notices: what Meta told of accounts, numbers and templates, and when a number's sends began or ceased to wait.

use chrono::{DateTime, Utc};
use entity::state::Severity;
use entity::{EventId, NoticeId, NumberId, TemplateId, notice};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::auth::Viewer;
use super::problem::ApiError;
use super::wire::{Text, Visible};
use super::{Cursor, Limit, List, SharedApp, Tag, page_request, time};
use crate::store;
use crate::store::notices::{Filter, NumberFilter};

pub struct NoticesApi;

/// Something that was told, and what to do about it.
#[derive(Debug, Object)]
pub(super) struct Notice {
    id: NoticeId,
    severity: Severity,
    /// What happened and what to do, in a sentence.
    summary: String,
    /// The webhook field it came in, or `hold`.
    field: String,
    /// Meta's word for what happened, where there is one.
    event: Option<String>,
    waba_id: Option<String>,
    /// Null when it is about a whole account.
    pub(super) number_id: Option<NumberId>,
    template_id: Option<TemplateId>,
    /// The change's `value`, whole.
    body: Any<Value>,
    /// The webhook it came in.
    event_id: Option<EventId>,
    /// When it happened.
    at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

#[OpenApi(tag = "Tag::Notices")]
impl NoticesApi {
    /// Lists notices, newest first. Those of a number are its own and those of its whole account.
    #[oai(path = "/notices", method = "get", operation_id = "listNotices")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        number_id: Query<Option<NumberId>>,
        field: Query<Option<Text<100, Visible>>>,
        severity: Query<Option<Severity>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Notice>>, ApiError> {
        let page = page_request(cursor, limit);
        let db = app.db.reader();
        let number = match number_id.0 {
            // A foreign number has no notices here.
            Some(id) => {
                let number = store::numbers::find(db, viewer.workspace(), &id).await?;
                Some(NumberFilter { waba_id: number.and_then(|number| number.waba_id), id })
            }
            None => None,
        };
        let filter = Filter { number, field: field.0.map(Text::into_string), severity: severity.0 };
        Ok(List::of(store::notices::list(db, viewer.workspace(), &filter, &page).await?, view))
    }

    /// Shows a notice.
    #[oai(path = "/notices/:notice_id", method = "get", operation_id = "getNotice")]
    async fn get(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        notice_id: Path<NoticeId>,
    ) -> Result<Json<Notice>, ApiError> {
        let found = store::notices::find(app.db.reader(), viewer.workspace(), &notice_id).await?;
        found.map(|notice| Json(view(notice))).ok_or_else(|| ApiError::not_found("notice"))
    }
}

pub(super) fn view(notice: notice::Model) -> Notice {
    Notice {
        id: notice.id,
        severity: notice.severity,
        summary: notice.summary,
        field: notice.field,
        event: notice.event,
        waba_id: notice.waba_id,
        number_id: notice.number_id,
        template_id: notice.template_id,
        body: Any(notice.body),
        event_id: notice.event_id,
        at: time(notice.at),
        created_at: time(notice.created_at),
    }
}
