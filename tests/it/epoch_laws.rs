//! No agent bubble is released into an epoch that is not its own: customers write, people take and give back, turns
//! think and sends wait, in generated orders.

use std::collections::BTreeMap;
use std::time::Duration;

use entity::state::{Author, JobKind, Outcome, Owner};
use entity::{ConversationId, MessageId, conversation, message, turn};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use simulator::Customer;
use switchboard::jobs;
use tokio::task::JoinHandle;

use crate::support::{Laws, Says, TestApp, items, text};

#[derive(Debug, Clone, Copy)]
enum Step {
    CustomerWrites,
    Take,
    Release,
    OperatorWrites,
    /// A turn that ends at once; it may ask for a person.
    Turn {
        hands_over: bool,
    },
    /// A turn that is thinking while the next steps happen.
    Think,
    LetGo,
    Send,
    /// Without a token, what was decided waits.
    Token {
        works: bool,
    },
    Pass {
        secs: u64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::CustomerWrites),
        3 => Just(Step::Take),
        3 => Just(Step::Release),
        1 => Just(Step::OperatorWrites),
        4 => prop::bool::weighted(0.2).prop_map(|hands_over| Step::Turn { hands_over }),
        3 => Just(Step::Think),
        2 => Just(Step::LetGo),
        4 => Just(Step::Send),
        3 => any::<bool>().prop_map(|works| Step::Token { works }),
        1 => (1..40u64).prop_map(|secs| Step::Pass { secs }),
    ]
}

struct Run<'a> {
    test: &'a TestApp,
    customer: Customer,
    id: ConversationId,
    thinking: Option<JoinHandle<()>>,
    /// Who owned the conversation in each epoch seen.
    owners: BTreeMap<i64, Owner>,
    sends: BTreeMap<MessageId, i32>,
}

impl<'a> Run<'a> {
    async fn start(test: &'a TestApp, number: usize) -> Self {
        let customer = Customer::with_phone(&format!("1555{number:07}"));
        test.writes(&customer, "Hi?");
        test.deliver().await;
        let newest = items(&test.get("/conversations?limit=1").await).remove(0);
        let id = ConversationId::parse(&text(&newest, "id")).expect("an id");
        let (owners, sends) = (BTreeMap::new(), BTreeMap::new());
        Self { test, customer, id, thinking: None, owners, sends }
    }

    async fn take(&mut self, step: Step) {
        let before = self.look().await;
        match step {
            Step::CustomerWrites => {
                self.test.writes(&self.customer, "And one more thing.");
                self.test.deliver().await;
            }
            Step::Take => drop(self.post("take").await),
            Step::Release => drop(self.post("release").await),
            Step::OperatorWrites => self.operator_writes().await,
            Step::Turn { hands_over } => self.turn(hands_over).await,
            Step::Think => self.think().await,
            Step::LetGo => self.let_go().await,
            Step::Send => self.send().await,
            Step::Token { works } => self.token(works).await,
            Step::Pass { secs } => self.test.advance(Duration::from_secs(secs)),
        }
        let sent = self.sent().await;
        self.look().await;
        for message in sent {
            let (id, epoch) = (&message.id, message.epoch);
            assert!(epoch >= before.epoch, "{step:?} let {id} go, decided under {epoch}, under {}", before.epoch);
            self.check_owner(&message).await;
        }
    }

    /// In a person's epoch the only word of an agent is the one with which it gave the conversation away.
    async fn check_owner(&self, message: &message::Model) {
        if self.owners[&message.epoch] == Owner::Human {
            let turn_id = message.turn_id.clone().expect("an agent's message has a turn");
            let turn = turn::Entity::find_by_id(turn_id).one(self.test.app.db.reader()).await.expect("a query");
            assert_eq!(turn.expect("a turn").outcome, Some(Outcome::HandedOver), "{message:?}");
        }
    }

    async fn look(&mut self) -> conversation::Model {
        let found = conversation::Entity::find_by_id(self.id.clone()).one(self.test.app.db.reader()).await;
        let found = found.expect("a query").expect("a conversation");
        let known = self.owners.entry(found.epoch).or_insert(found.owner);
        assert_eq!(*known, found.owner, "an epoch has one owner");
        found
    }

    /// The agent's messages that were released since the last look.
    async fn sent(&mut self) -> Vec<message::Model> {
        let all = message::Entity::find()
            .filter(message::Column::ConversationId.eq(self.id.clone()))
            .filter(message::Column::Author.eq(Author::Agent))
            .all(self.test.app.db.reader())
            .await
            .expect("messages");
        all.into_iter()
            .filter(|message| self.sends.insert(message.id.clone(), message.sends).unwrap_or(0) < message.sends)
            .collect()
    }

    async fn post(&self, what: &str) -> Value {
        self.test.post(&format!("/conversations/{}/{what}", self.id), json!({})).await
    }

    async fn operator_writes(&self) {
        let content = json!({"content": {"type": "text", "text": {"body": "A person here."}}});
        self.test.post(&format!("/conversations/{}/messages", self.id), content).await;
    }

    async fn turn(&self, hands_over: bool) {
        if self.thinking.is_some() {
            return;
        }
        self.test.advance(Duration::from_secs(1));
        if hands_over {
            self.test.model.next(Says::Calls("hand_over", json!({"reason": "wants a person"})));
        }
        jobs::run_due(&self.test.app, JobKind::Turn).await.expect("runs");
        self.test.model.forget_script();
    }

    async fn think(&mut self) {
        if self.thinking.is_some() {
            return;
        }
        self.test.advance(Duration::from_secs(1));
        self.test.model.hold();
        self.test.model.always(Says::WhenTold("Thought about it.".to_owned()));
        let app = self.test.app.clone();
        self.thinking = Some(tokio::spawn(async move {
            jobs::run_due(&app, JobKind::Turn).await.expect("runs");
        }));
        // It may have nothing to think about.
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    async fn let_go(&mut self) {
        self.test.model.go();
        if let Some(thinking) = self.thinking.take() {
            thinking.await.expect("a turn does not panic");
        }
        self.test.model.always(Says::Text("Hello!".to_owned()));
    }

    async fn send(&self) {
        while jobs::run_due(&self.test.app, JobKind::SendMessage).await.expect("runs") {}
    }

    async fn token(&self, works: bool) {
        let token = if works { json!("token-1") } else { Value::Null };
        self.test.patch(&format!("/numbers/{}", self.test.number_id), json!({"access_token": token})).await;
    }

    /// Everything comes to its end, and every question to its outcome.
    async fn end(mut self) {
        for step in [Step::LetGo, Step::Token { works: true }] {
            self.take(step).await;
        }
        for _ in 0..20 {
            self.take(Step::Pass { secs: 20 }).await;
            self.take(Step::Turn { hands_over: false }).await;
            self.take(Step::Send).await;
        }
        self.test.settle().await;
        let open = message::Entity::find()
            .filter(message::Column::ConversationId.eq(self.id.clone()))
            .filter(message::Column::Author.eq(Author::Customer))
            .filter(message::Column::Outcome.is_null());
        assert_eq!(open.all(self.test.app.db.reader()).await.expect("messages"), [], "a question without an outcome");
    }
}

#[test]
fn no_agent_bubble_is_released_into_an_epoch_that_is_not_its_own() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let test = runtime.block_on(TestApp::start());
    let customers = std::sync::atomic::AtomicUsize::new(0);
    let steps = prop::collection::vec(step(), 1..20);
    let ran = TestRunner::new(Laws::config(16, file!())).run(&steps, |steps| {
        runtime.block_on(async {
            let number = customers.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let mut run = Run::start(&test, number).await;
            for step in steps {
                run.take(step).await;
            }
            run.end().await;
        });
        Ok(())
    });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
    runtime.block_on(test.finish());
}
