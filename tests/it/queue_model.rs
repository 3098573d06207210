//! The queue against a model of it: generated histories, with workers that die and workers that freeze and wake.
//!
//! The model is what ARCHITECTURE.md says of jobs, in memory. After every step the table is what the model says.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};

use entity::state::{JobKind, JobStatus};
use entity::{ConversationId, MessageId, NumberId, WorkspaceId, job};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use sea_orm::{EntityTrait, QueryOrder};
use switchboard::store::jobs::{self, Claim, Job, LeaseLost, Order};
use switchboard::store::{self, Db, Durability};

use crate::support::Laws;

const LANES: usize = 3;
/// The first two conversations are of one number.
const NUMBERS: [usize; LANES] = [0, 0, 1];
const LEASE_MS: i64 = 10_000;
/// More rounds than this to finish what is left means that something is never claimed.
const MOST_ROUNDS: usize = 1_000;

/// A hand is a claim that was given out at any time, counted from the newest: an old one is a frozen worker that wakes.
#[derive(Debug, Clone)]
enum Step {
    Send { lane: usize, in_ms: i64 },
    Turn { lane: usize, in_ms: i64, cap_ms: i64 },
    TakeAtOnce { lane: usize },
    Claim { kind: JobKind, limit: usize, by_number: bool },
    Renew { hands: Vec<usize> },
    Hold { hand: usize },
    Finish { hand: usize },
    Postpone { hand: usize, in_ms: i64, failed: bool },
    Bury { hand: usize },
    Retry { dead: usize },
    Hurry { lane: usize },
    StartAlone,
    Pass { ms: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let lane = 0..LANES;
    let hand = prop_oneof![3 => 0..2usize, 1 => 0..12usize];
    let kind = prop_oneof![Just(JobKind::Turn), Just(JobKind::SendMessage)];
    prop_oneof![
        3 => (lane.clone(), -500..2_000i64).prop_map(|(lane, in_ms)| Step::Send { lane, in_ms }),
        4 => (lane.clone(), 0..3_000i64, 0..8_000i64)
            .prop_map(|(lane, in_ms, cap_ms)| Step::Turn { lane, in_ms, cap_ms }),
        1 => lane.clone().prop_map(|lane| Step::TakeAtOnce { lane }),
        8 => (kind, 1..5usize, any::<bool>())
            .prop_map(|(kind, limit, by_number)| Step::Claim { kind, limit, by_number: by_number && kind == JobKind::Turn }),
        1 => prop::collection::vec(hand.clone(), 1..4).prop_map(|hands| Step::Renew { hands }),
        1 => hand.clone().prop_map(|hand| Step::Hold { hand }),
        3 => hand.clone().prop_map(|hand| Step::Finish { hand }),
        3 => (hand.clone(), -500..3_000i64, any::<bool>())
            .prop_map(|(hand, in_ms, failed)| Step::Postpone { hand, in_ms, failed }),
        2 => hand.prop_map(|hand| Step::Bury { hand }),
        2 => (0..4usize).prop_map(|dead| Step::Retry { dead }),
        1 => lane.prop_map(|lane| Step::Hurry { lane }),
        1 => Just(Step::StartAlone),
        6 => prop_oneof![3 => 0..2_000i64, 1 => LEASE_MS - 1..LEASE_MS + 2].prop_map(|ms| Step::Pass { ms }),
    ]
}

/// A job as the model knows it; the lease is there while, and only while, somebody has it in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    kind: JobKind,
    lane: String,
    subject: String,
    number_id: Option<NumberId>,
    place: i64,
    depth: i64,
    key: Option<String>,
    status: JobStatus,
    due_at: i64,
    latest_at: i64,
    attempt: i32,
    failures: i32,
    deaths: i32,
    lease_until: Option<i64>,
}

impl Row {
    fn waiting(job: &Job, lane: &str, subject: &str, due_at: i64, latest_at: i64) -> Self {
        Self {
            kind: job.kind(),
            lane: lane.to_owned(),
            subject: subject.to_owned(),
            number_id: None,
            place: 0,
            depth: 0,
            key: None,
            status: JobStatus::Waiting,
            due_at,
            latest_at,
            attempt: 0,
            failures: 0,
            deaths: 0,
            lease_until: None,
        }
    }

    fn read(row: job::Model) -> (i64, Self) {
        let read = Self {
            kind: row.kind,
            lane: row.lane,
            subject: row.subject,
            number_id: row.number_id,
            place: row.place,
            depth: row.depth,
            key: row.waiting_key,
            status: row.status,
            due_at: row.due_at,
            latest_at: row.latest_at,
            attempt: row.attempt,
            failures: row.failures,
            deaths: row.deaths,
            lease_until: row.lease_until,
        };
        (row.id, read)
    }

    fn is_alive(&self) -> bool {
        self.status != JobStatus::Dead
    }

    /// Somebody took it and has not given it back; his lease may have run out.
    fn is_begun(&self) -> bool {
        self.status == JobStatus::Running
    }

    fn is_in_hand(&self, now: i64) -> bool {
        self.lease_until.is_some_and(|until| until > now)
    }
}

#[derive(Debug, Default)]
struct Model {
    rows: BTreeMap<i64, Row>,
    now: i64,
}

impl Model {
    /// What a claim takes: due, of nobody's, and in its lane either begun already or the earliest with none begun.
    fn claimable(&self, kind: JobKind, limit: usize, by_number: bool) -> Vec<i64> {
        let free = |id: &i64, row: &Row| {
            let mut others = self.rows.iter().filter(|(other, _)| *other != id);
            !others.any(|(other, beside)| {
                beside.lane == row.lane && beside.is_alive() && (beside.is_begun() || (other < id && !row.is_begun()))
            })
        };
        let mut due: Vec<_> = self
            .rows
            .iter()
            .filter(|(id, row)| {
                row.kind == kind
                    && row.due_at <= self.now
                    && row.is_alive()
                    && !row.is_in_hand(self.now)
                    && free(id, row)
            })
            .collect();
        if by_number {
            due.sort_by_key(|(id, row)| (row.depth, **id));
            due.truncate(limit);
        }
        due.sort_by_key(|(id, row)| (row.due_at, **id));
        due.into_iter().take(limit).map(|(id, _)| *id).collect()
    }

    /// The next place in a number's row, and how many it stands behind.
    fn place_of_turn(&self, number_id: &NumberId) -> (i64, i64) {
        let of_number = self.rows.values().filter(|row| row.is_alive() && row.number_id.as_ref() == Some(number_id));
        let places: Vec<i64> = of_number.map(|row| row.place).collect();
        let ends = places.iter().max().zip(places.iter().min());
        ends.map_or((0, 0), |(last, first)| (last + 1, last + 1 - first))
    }

    fn claim(&mut self, id: i64) -> &Row {
        let row = self.rows.get_mut(&id).expect("claimable");
        row.deaths += i32::from(row.is_begun());
        row.status = JobStatus::Running;
        row.attempt += 1;
        row.key = None;
        row.lease_until = Some(self.now + LEASE_MS);
        row
    }

    /// The job of a claim, if it is still its holder's.
    fn held(&mut self, claim: &Claim) -> Option<&mut Row> {
        self.rows.get_mut(&claim.id).filter(|row| row.is_begun() && row.attempt == claim.attempt)
    }

    fn check(&self) {
        for (id, row) in &self.rows {
            let begun = self.rows.values().filter(|other| other.lane == row.lane && other.is_begun()).count();
            assert!(begun <= 1, "one job of a lane is in hand at a time: {row:?}");
            assert_eq!(row.is_begun(), row.lease_until.is_some(), "{id}: {row:?}");
            assert!(row.due_at <= row.latest_at || row.key.is_none(), "pushed back past its cap: {row:?}");
        }
        let keys: Vec<_> = self.rows.values().filter_map(|row| row.key.as_ref()).collect();
        assert_eq!(keys.len(), keys.iter().collect::<HashSet<_>>().len(), "one waiting job a key: {keys:?}");
    }
}

/// The real queue and the model of it, side by side.
struct Run<'a> {
    db: &'a Db,
    model: Model,
    workspace_id: WorkspaceId,
    conversations: Vec<ConversationId>,
    numbers: Vec<NumberId>,
    hands: Vec<Claim>,
    finished: usize,
}

impl<'a> Run<'a> {
    /// `from`: no two runs share a moment, so a step of one never touches another's jobs.
    async fn start(db: &'a Db, from: i64) -> Self {
        job::Entity::delete_many().exec(db.writer()).await.expect("the table is emptied");
        Self {
            db,
            model: Model { now: from, ..Model::default() },
            workspace_id: WorkspaceId::generate(from),
            conversations: (0..LANES).map(|_| ConversationId::generate(from)).collect(),
            numbers: (0..LANES).map(|_| NumberId::generate(from)).collect(),
            hands: Vec::new(),
            finished: 0,
        }
    }

    fn turn(&self, lane: usize) -> (Job, String, String) {
        let conversation_id = self.conversations[lane].clone();
        let subject = conversation_id.to_string();
        (Job::Turn { conversation_id }, format!("turn/{subject}"), subject)
    }

    fn send(&self, lane: usize) -> (Job, String, String) {
        let (conversation_id, message_id) = (self.conversations[lane].clone(), MessageId::generate(self.model.now));
        let (lane, subject) = (format!("send/{conversation_id}"), message_id.to_string());
        (Job::SendMessage { conversation_id, message_id }, lane, subject)
    }

    fn hand(&self, back: usize) -> Option<Claim> {
        self.hands.len().checked_sub(1 + back).map(|place| self.hands[place].clone())
    }

    async fn take(&mut self, step: &Step) {
        match step.clone() {
            Step::Send { lane, in_ms } => self.enqueue(lane, in_ms).await,
            Step::Turn { lane, in_ms, cap_ms } => self.coalesce(lane, in_ms, cap_ms).await,
            Step::TakeAtOnce { lane } => self.take_at_once(lane).await,
            Step::Claim { kind, limit, by_number } => drop(self.claim(kind, limit, by_number).await),
            Step::Renew { hands } => self.renew(&hands).await,
            Step::Hold { hand } => self.hold(hand).await,
            Step::Finish { hand } => self.finish(hand).await,
            Step::Postpone { hand, in_ms, failed } => self.postpone(hand, in_ms, failed).await,
            Step::Bury { hand } => self.bury(hand).await,
            Step::Retry { dead } => self.retry(dead).await,
            Step::Hurry { lane } => self.hurry(lane).await,
            Step::StartAlone => self.start_alone().await,
            Step::Pass { ms } => self.model.now += ms,
        }
        self.compare(step).await;
    }

    async fn compare(&self, step: &Step) {
        self.model.check();
        let rows = job::Entity::find().order_by_asc(job::Column::Id).all(self.db.reader()).await.expect("rows");
        let rows: BTreeMap<i64, Row> = rows.into_iter().map(Row::read).collect();
        assert_eq!(rows, self.model.rows, "after {step:?} at {}", self.model.now);
    }

    /// The row that an insert has just made, under the id the database gave it.
    async fn note_inserted(&mut self, row: Row) -> i64 {
        let newest = job::Entity::find().order_by_desc(job::Column::Id).one(self.db.reader()).await.expect("a row");
        let id = newest.expect("an insert leaves a row").id;
        assert!(self.model.rows.last_key_value().is_none_or(|(last, _)| *last < id), "ids grow");
        self.model.rows.insert(id, row);
        id
    }

    async fn enqueue(&mut self, lane: usize, in_ms: i64) {
        let (job, lane, subject) = self.send(lane);
        let (now, due_at) = (self.model.now, self.model.now + in_ms);
        let workspace_id = &self.workspace_id;
        within(self.db, async |tx| jobs::enqueue(tx, workspace_id, &job, due_at, now).await).await;
        self.note_inserted(Row::waiting(&job, &lane, &subject, due_at, due_at)).await;
    }

    async fn coalesce(&mut self, lane: usize, in_ms: i64, cap_ms: i64) {
        let number_id = self.numbers[NUMBERS[lane]].clone();
        let conversation_id = self.conversations[lane].clone();
        let (job, lane, subject) = self.turn(lane);
        let (now, due_at, latest_at) = (self.model.now, self.model.now + in_ms, self.model.now + cap_ms);
        let workspace_id = &self.workspace_id;
        let pushing = async |tx: &store::Transaction| {
            jobs::enqueue_turn(tx, workspace_id, &number_id, &conversation_id, due_at, latest_at, now).await
        };
        within(self.db, pushing).await;
        let key = Some(format!("turn/{subject}"));
        let due_at = due_at.min(latest_at);
        if let Some(row) = self.model.rows.values_mut().find(|row| row.key == key) {
            row.due_at = due_at.min(row.latest_at);
        } else {
            let (place, depth) = self.model.place_of_turn(&number_id);
            let number_id = Some(number_id);
            let row = Row { key, number_id, place, depth, ..Row::waiting(&job, &lane, &subject, due_at, latest_at) };
            self.note_inserted(row).await;
        }
    }

    async fn take_at_once(&mut self, lane: usize) {
        let (job, lane, subject) = self.send(lane);
        let (now, lease_until) = (self.model.now, self.model.now + LEASE_MS);
        let workspace_id = &self.workspace_id;
        let claiming =
            async |tx: &store::Transaction| jobs::enqueue_claimed(tx, workspace_id, &job, lease_until, now).await;
        let claim = within(self.db, claiming).await;
        let is_free = !self.model.rows.values().any(|row| row.lane == lane && row.is_alive());
        assert_eq!(claim.is_some(), is_free, "taken at once where nothing is before it");
        if let Some(claim) = claim {
            let row = Row {
                status: JobStatus::Running,
                attempt: 1,
                lease_until: Some(lease_until),
                ..Row::waiting(&job, &lane, &subject, now, now)
            };
            assert_eq!(self.note_inserted(row).await, claim.id);
            self.hands.push(claim);
        }
    }

    async fn claim(&mut self, kind: JobKind, limit: usize, by_number: bool) -> usize {
        let expected = self.model.claimable(kind, limit, by_number);
        let order = if by_number { Order::ByNumber { passed_over: &[] } } else { Order::Due };
        let now = self.model.now;
        let claims = jobs::claim(self.db, kind, limit, order, now, now + LEASE_MS).await.expect("claims");
        assert!(claims.len() <= limit, "no more than asked for");
        assert_eq!(claims.iter().map(|claim| claim.id).collect::<Vec<_>>(), expected, "at {now}: {:?}", self.model);
        for claim in &claims {
            let known = self.hands.iter().any(|hand| (hand.id, hand.attempt) == (claim.id, claim.attempt));
            assert!(!known, "no attempt is given out twice: {claim:?}");
            let row = self.model.claim(claim.id);
            let told = (claim.kind, &claim.subject, &claim.lane, claim.attempt, claim.failures, claim.deaths);
            assert_eq!(told, (row.kind, &row.subject, &row.lane, row.attempt, row.failures, row.deaths));
            assert_eq!((claim.due_at, &claim.workspace_id), (row.due_at, &self.workspace_id));
        }
        let taken = claims.len();
        self.hands.extend(claims);
        taken
    }

    async fn renew(&mut self, hands: &[usize]) {
        let claims: Vec<Claim> = hands.iter().filter_map(|hand| self.hand(*hand)).collect();
        if claims.is_empty() {
            return;
        }
        let attempts: Vec<(i64, i32)> = claims.iter().map(|claim| (claim.id, claim.attempt)).collect();
        let lease_until = self.model.now + LEASE_MS;
        jobs::renew(self.db, &attempts, lease_until).await.expect("renews");
        for claim in &claims {
            if let Some(row) = self.model.held(claim) {
                row.lease_until = Some(lease_until);
            }
        }
    }

    async fn hold(&mut self, hand: usize) {
        let Some(claim) = self.hand(hand) else { return };
        let lease_until = self.model.now + LEASE_MS;
        let held = within(self.db, async |tx| jobs::hold(tx, &claim, lease_until).await).await;
        let row = self.model.held(&claim);
        assert_eq!(held.is_ok(), row.is_some(), "{claim:?}");
        row.into_iter().for_each(|row| row.lease_until = Some(lease_until));
    }

    async fn finish(&mut self, hand: usize) {
        let Some(claim) = self.hand(hand) else { return };
        let finished = within(self.db, async |tx| jobs::finish(tx, &claim).await).await;
        assert_eq!(finished.is_ok(), self.model.held(&claim).is_some(), "{claim:?}");
        if finished.is_ok() {
            self.model.rows.remove(&claim.id);
            self.finished += 1;
        }
    }

    async fn postpone(&mut self, hand: usize, in_ms: i64, failed: bool) {
        let Some(claim) = self.hand(hand) else { return };
        let due_at = self.model.now + in_ms;
        let error = failed.then_some("it failed");
        let postponed = within(self.db, async |tx| jobs::postpone(tx, &claim, due_at, error).await).await;
        let row = self.model.held(&claim);
        assert_eq!(postponed.is_ok(), row.is_some(), "{claim:?}");
        if let Some(row) = row {
            row.status = JobStatus::Waiting;
            row.due_at = due_at;
            row.lease_until = None;
            row.failures = if failed { row.failures + 1 } else { 0 };
        }
    }

    async fn bury(&mut self, hand: usize) {
        let Some(claim) = self.hand(hand) else { return };
        let buried: Result<(), LeaseLost> = within(self.db, async |tx| jobs::bury(tx, &claim, "given up").await).await;
        let row = self.model.held(&claim);
        assert_eq!(buried.is_ok(), row.is_some(), "{claim:?}");
        if let Some(row) = row {
            row.status = JobStatus::Dead;
            row.lease_until = None;
        }
    }

    async fn retry(&mut self, dead: usize) {
        let now = self.model.now;
        let Some((id, _)) = self.model.rows.iter().filter(|(_, row)| !row.is_alive()).nth(dead) else { return };
        let id = *id;
        assert!(jobs::revive(self.db, &self.workspace_id, id, now).await.expect("revives"));
        let row = self.model.rows.get_mut(&id).expect("it is dead");
        (row.status, row.due_at, row.failures, row.deaths) = (JobStatus::Waiting, now, 0, 0);
        assert!(!jobs::revive(self.db, &self.workspace_id, id, now).await.expect("looks"), "once");
    }

    async fn hurry(&mut self, lane: usize) {
        let (_, _, subject) = self.turn(lane);
        let now = self.model.now;
        within(self.db, async |tx| jobs::hurry(tx, JobKind::Turn, &subject, now).await).await;
        let waiting = self.model.rows.values_mut().filter(|row| row.status == JobStatus::Waiting);
        waiting.filter(|row| row.subject == subject && row.due_at > now).for_each(|row| row.due_at = now);
    }

    /// The one process of an embedded database starts: whoever had a job is gone.
    async fn start_alone(&mut self) {
        jobs::release_all_leases(self.db).await.expect("releases");
        self.model.rows.values_mut().filter(|row| row.is_begun()).for_each(|row| row.lease_until = Some(0));
    }

    /// Nothing has vanished: with workers that live, every job comes to its end.
    async fn drain(&mut self) {
        let (finished, alive) = (self.finished, self.model.rows.values().filter(|row| row.is_alive()).count());
        for _ in 0..MOST_ROUNDS {
            if !self.model.rows.values().any(Row::is_alive) {
                assert_eq!(self.finished - finished, alive, "each of them once");
                return;
            }
            self.model.now += 1_000;
            for kind in [JobKind::Turn, JobKind::SendMessage] {
                for hand in (0..self.claim(kind, 4, false).await).rev() {
                    self.finish(hand).await;
                }
            }
        }
        panic!("never claimed: {:?}", self.model.rows);
    }
}

async fn within<T>(db: &Db, work: impl AsyncFnOnce(&store::Transaction) -> Result<T, sea_orm::DbErr>) -> T {
    store::write_as(db, Durability::Crash, work).await.expect("a transaction")
}

#[test]
fn the_queue_does_what_its_model_does() {
    let laws = Laws::start();
    let began_at = AtomicI64::new(1_700_000_000_000);
    let histories = prop::collection::vec(step(), 1..80);
    let ran = TestRunner::new(Laws::config(112, file!())).run(&histories, |history| {
        laws.runtime.block_on(async {
            let mut run = Run::start(&laws.db, began_at.fetch_add(10_000_000, Ordering::Relaxed)).await;
            for step in &history {
                run.take(step).await;
            }
            run.drain().await;
        });
        Ok(())
    });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
}
