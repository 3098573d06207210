//! What becomes of a sent message depends on what was reported of it: not on the order, nor on how often, nor on
//! whether a report came before anybody knew whose it was.

use std::time::Duration;

use entity::private::{Content, Text};
use entity::state::{Author, Direction, MessageStatus, Outcome};
use entity::{ConversationId, MessageId, NumberId, TurnId, WorkspaceId, early_status, message};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use sea_orm::{DbErr, EntityTrait, PaginatorTrait};
use serde_json::json;
use switchboard::delivery::{self, Report};
use switchboard::store::{self, Db, Durability};

use crate::support::{Laws, TestApp, items};

const SENT_AT: i64 = 1_795_240_000_000;
const WAMID: &str = "wamid.OURS";

/// Who tells it: Graph's answer and a webhook with our id name the message, a webhook without it only its wamid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Answer,
    Callback,
    Wamid,
}

#[derive(Debug, Clone)]
struct Told {
    by: By,
    status: MessageStatus,
    at: i64,
}

impl Told {
    fn report(&self) -> Report {
        let error = (self.status == MessageStatus::Failed).then(|| json!({ "code": self.at }));
        Report { wamid: Some(WAMID.to_owned()), status: self.status, at: self.at, error, pricing: None }
    }
}

fn told() -> impl Strategy<Value = Told> {
    use MessageStatus::{Accepted, Delivered, Failed, Read, Sent};
    let at = (-1..5i64).prop_map(|seconds| SENT_AT + seconds * 1_000);
    let answer = at.clone().prop_map(|at| Told { by: By::Answer, status: Accepted, at });
    let by = prop_oneof![Just(By::Callback), Just(By::Wamid)];
    let status = prop_oneof![Just(Sent), Just(Delivered), Just(Read), Just(Failed)];
    let webhook = (by, status, at).prop_map(|(by, status, at)| Told { by, status, at });
    prop_oneof![1 => answer, 5 => webhook]
}

/// Reports in some order, and the same again in another, some of them twice.
fn two_orders() -> impl Strategy<Value = (Vec<Told>, Vec<Told>)> {
    prop::collection::vec(told(), 1..7).prop_flat_map(|reports| {
        let twice = prop::sample::subsequence(reports.clone(), 0..=reports.len());
        let again = twice.prop_map({
            let reports = reports.clone();
            move |twice| [reports.clone(), twice].concat()
        });
        (Just(reports), again.prop_shuffle())
    })
}

/// How a sent message ended, and the customer's that it answers.
#[derive(Debug, PartialEq)]
struct End {
    status: Option<MessageStatus>,
    error: Option<serde_json::Value>,
    times: [Option<i64>; 4],
    outcome: Option<Outcome>,
    kept_for_later: u64,
}

/// From the set of reports alone.
fn expected(reports: &[Told], first: MessageStatus) -> End {
    use MessageStatus::{Accepted, Delivered, Failed, Read, Sent};
    let of = |statuses: &[MessageStatus]| {
        let those = reports.iter().filter(|told| statuses.contains(&told.status));
        those.map(|told| told.at.max(SENT_AT)).min()
    };
    if reports.iter().all(|told| told.by == By::Wamid) {
        return End { status: Some(first), error: None, times: [None; 4], outcome: None, kept_for_later: 0 };
    }
    let times = [of(&[Accepted, Sent]), of(&[Delivered]), of(&[Read]), of(&[Failed])];
    let reached = reports.iter().map(|told| told.status).filter(|status| *status != Failed).max();
    let status = match (reached, times[3]) {
        (Some(seen @ (Delivered | Read)), _) => seen,
        (_, Some(_)) => Failed,
        (reached, None) => reached.unwrap_or(first),
    };
    let outcome = if reached.is_some() { Outcome::Answered } else { Outcome::Undelivered };
    let failures = reports.iter().filter(|told| told.status == Failed);
    // Two failures of one moment are told apart by nothing.
    let error = failures.map(|told| told.at.max(SENT_AT)).min().filter(|_| status == Failed);
    End { status: Some(status), error: error.map(|at| json!(at)), times, outcome: Some(outcome), kept_for_later: 0 }
}

/// One message on its way, and the question it answers.
struct Run<'a> {
    db: &'a Db,
    question: MessageId,
    answer: message::Model,
}

impl<'a> Run<'a> {
    async fn start(db: &'a Db, first: MessageStatus) -> Result<Self, DbErr> {
        let (workspace_id, turn_id) = (WorkspaceId::generate(SENT_AT), TurnId::generate(SENT_AT));
        let answer = message::Model {
            id: MessageId::generate(SENT_AT),
            workspace_id,
            conversation_id: ConversationId::generate(SENT_AT),
            number_id: NumberId::generate(SENT_AT),
            direction: Direction::Outbound,
            author: Author::Agent,
            actor: None,
            kind: "text".to_owned(),
            text: Some(Text::from("Hello!")),
            content: Content(json!({ "body": "Hello!" })),
            wamid: None,
            note: None,
            media_id: None,
            template_id: None,
            pricing: None,
            asked_at: None,
            opened_at: None,
            reply_to: None,
            turn_id: Some(turn_id),
            epoch: 0,
            status: Some(first),
            outcome: None,
            outcome_reason: None,
            error: None,
            sends: 1,
            released_at: Some(SENT_AT),
            sent_at: SENT_AT,
            accepted_at: None,
            delivered_at: None,
            read_at: None,
            failed_at: None,
            event_id: None,
            created_at: SENT_AT,
        };
        let question = message::Model {
            id: MessageId::generate(SENT_AT),
            direction: Direction::Inbound,
            author: Author::Customer,
            actor: None,
            wamid: Some("wamid.HERS".to_owned()),
            status: None,
            ..answer.clone()
        };
        store::write_as(db, Durability::Crash, async |tx| {
            early_status::Entity::delete_many().exec(tx).await?;
            store::messages::insert_outbound(tx, &answer).await?;
            store::messages::insert_outbound(tx, &question).await
        })
        .await?;
        Ok(Self { db, question: question.id, answer })
    }

    async fn tell(&self, told: &Told) -> Result<(), DbErr> {
        let (report, now) = (told.report(), SENT_AT + 60_000);
        let (number_id, id) = (&self.answer.number_id, self.answer.id.as_str());
        store::write_as(self.db, Durability::Crash, async |tx| {
            match told.by {
                By::Answer => {
                    let message = store::messages::lock(tx, &self.answer.id).await?.expect("it is there");
                    delivery::record(tx, message, &report, now).await?;
                }
                By::Callback => drop(delivery::apply(tx, number_id, Some(id), &report, now).await?),
                By::Wamid => drop(delivery::apply(tx, number_id, None, &report, now).await?),
            }
            Ok(())
        })
        .await
    }

    async fn row(&self, id: &MessageId) -> Result<message::Model, DbErr> {
        let found = store::messages::find(self.db.walker(), &self.answer.workspace_id, id).await?;
        Ok(found.expect("a message never vanishes"))
    }

    async fn end(&self) -> Result<End, DbErr> {
        let answer = self.row(&self.answer.id).await?;
        let is_named = answer.wamid.is_some();
        Ok(End {
            status: answer.status,
            error: answer.error.map(|error| error["code"].clone()),
            times: [answer.accepted_at, answer.delivered_at, answer.read_at, answer.failed_at],
            outcome: self.row(&self.question).await?.outcome,
            kept_for_later: if is_named { early_status::Entity::find().count(self.db.reader()).await? } else { 0 },
        })
    }
}

/// How far a status is up the ladder: a failure is undone by nothing but being seen on the phone.
fn rung(status: Option<MessageStatus>) -> usize {
    use MessageStatus::{Accepted, Delivered, Failed, Queued, Read, Sending, Sent, Unsettled};
    let ladder = [Queued, Sending, Unsettled, Accepted, Sent, Failed, Delivered, Read];
    ladder.iter().position(|rung| Some(*rung) == status).expect("a sent message has a status")
}

#[test]
fn the_end_depends_on_what_was_reported_and_no_report_steps_down() {
    let laws = Laws::start();
    let first = prop_oneof![Just(MessageStatus::Sending), Just(MessageStatus::Unsettled)];
    let ran = TestRunner::new(Laws::config(96, file!())).run(&(first, two_orders()), |(first, (reports, again))| {
        laws.runtime.block_on(async {
            for reports in [&reports, &again] {
                let run = Run::start(&laws.db, first).await.expect("a message");
                let mut reached = rung(Some(first));
                for told in reports {
                    run.tell(told).await.expect("told");
                    let now = rung(run.row(&run.answer.id).await.expect("a row").status);
                    assert!(now >= reached, "{told:?} stepped down");
                    reached = now;
                }
                let end = run.end().await.expect("an end");
                let error = end.error.as_ref().and_then(serde_json::Value::as_i64).map(|at| json!(at.max(SENT_AT)));
                assert_eq!(End { error, ..end }, expected(reports, first), "{reports:?}");
            }
        });
        Ok(())
    });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
}

#[tokio::test]
async fn a_task_that_a_person_closed_is_not_opened_again_by_a_late_step_of_the_failed_message() {
    let test = TestApp::start().await;
    test.simulator.set_faults(simulator::Faults { drop_statuses: true, ..simulator::Faults::default() });
    test.ana_writes("Hi?");
    test.settle().await;
    let wamid = items(&test.get("/messages?direction=outbound").await)[0]["wamid"].clone();
    let post = async |status: &str| {
        let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "2060000000001", "changes": [{
            "field": "messages", "value": {"messaging_product": "whatsapp",
            "metadata": {"phone_number_id": "1060000000001"},
            "statuses": [{"id": wamid, "status": status, "timestamp": "1795240000", "errors": [{"code": 131_049}]}]}}]}]});
        assert_eq!(test.post_webhook(&body.to_string()).await, 200);
        test.run_jobs().await;
        test.advance(Duration::from_secs(1));
    };
    post("failed").await;
    assert_eq!(test.conversation().await["task_reason"], "send_failed");
    let conversation = format!("/conversations/{}", test.conversation_id().await);
    test.post(&format!("{conversation}/take"), json!({})).await;
    post("sent").await;
    post("failed").await;
    assert_eq!(test.conversation().await["task"], serde_json::Value::Null);
    test.finish().await;
}
