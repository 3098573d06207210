//! One status of a message we sent.

use entity::state::{ConsentScope, ConsentSource, ConsentState};
use sea_orm::DbErr;

use super::Applying;
use crate::delivery::{self, Report};
use crate::store;
use crate::store::contacts::Said;
use crate::whatsapp::status::{MetaError, Status};

/// The customer stopped marketing (Meta: "Error codes").
const STOPPED_MARKETING: i64 = 131_050;

impl Applying<'_> {
    pub(super) async fn status(&mut self, status: &Status) -> Result<(), DbErr> {
        let Some(word) = delivery::read_word(&status.status) else {
            self.account.problems.push("a status of an unknown kind was passed over".to_owned());
            return Ok(());
        };
        let now = self.app.now();
        let report = Report {
            wamid: status.wamid.clone(),
            status: word,
            at: status.timestamp.map_or(now, |seconds| seconds.saturating_mul(1000)),
            error: status.error.as_ref().map(MetaError::to_json),
            pricing: status.pricing.clone(),
        };
        metrics::counter!("switchboard_statuses_total", "status" => word.as_str()).increment(1);
        let callback_data = status.callback_data.as_deref();
        self.touched.sends |= delivery::apply(self.tx, &self.number.id, callback_data, &report, now).await?;
        if let (Some(until), Some(wamid)) = (status.free_entry_until, &status.wamid) {
            let until = until.saturating_mul(1000);
            store::conversations::open_free_entry(self.tx, &self.number.id, wamid, until).await?;
        }
        if status.error.as_ref().and_then(|error| error.code) == Some(STOPPED_MARKETING) {
            self.stopped_marketing(status).await?;
        }
        Ok(())
    }

    async fn stopped_marketing(&mut self, status: &Status) -> Result<(), DbErr> {
        let Some(wamid) = &status.wamid else { return Ok(()) };
        let Some(contact) = store::contacts::find_by_wamid(self.tx, &self.number.id, wamid).await? else {
            return Ok(());
        };
        let now = self.app.now();
        let said = Said {
            scope: ConsentScope::Marketing,
            state: ConsentState::OptedOut,
            source: ConsentSource::Whatsapp,
            evidence: None,
            number_id: Some(self.number.id.clone()),
            message_id: None,
            key_id: None,
            at: now,
        };
        store::contacts::note_consent(self.tx, &contact, said, now).await
    }
}
