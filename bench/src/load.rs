//! Customers who write: at a fixed rate, or with a number of messages always under way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use simulator::{Customer, Simulator};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::gateway::APP_SECRET;
use crate::wire::Wire;

const PATIENCE: Duration = Duration::from_secs(60);
pub const QUESTION: &str = "What time do you open on Sunday?";

/// Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Load {
    pub simulator: Simulator,
    wire: Arc<Wire>,
}

/// One message's times: until the webhook was answered, until the bubble stood on the phone.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    pub ack: Duration,
    /// None: the bubble did not come.
    pub answer: Option<Duration>,
}

/// Who writes what, to which number.
#[derive(Debug, Clone)]
pub struct Letter {
    pub number: String,
    pub phone: String,
    pub text: String,
}

impl Letter {
    /// Asks the first number a plain question.
    pub fn from(phone: String) -> Self {
        Self { number: simulator::Number::default().phone_number_id, phone, text: QUESTION.to_owned() }
    }
}

impl Load {
    pub fn new(simulator: Simulator, base: &str) -> Self {
        Self { simulator, wire: Arc::new(Wire::new(base)) }
    }

    /// A customer writes and waits for the answer.
    pub async fn ask(&self, letter: &Letter) -> anyhow::Result<Times> {
        let bubble = self.simulator.next_bubble(&letter.phone);
        let request = self.request(letter)?;
        let started = Instant::now();
        let ack = async {
            let status = self.wire.send(&request).await?;
            anyhow::ensure!(status == 200, "a webhook was answered with {status}");
            Ok(started.elapsed())
        };
        let answer = async {
            let came = tokio::time::timeout(PATIENCE, bubble).await;
            came.is_ok().then(|| started.elapsed())
        };
        tokio::pin!(ack, answer);
        // A webhook that was refused has no answer to wait for.
        tokio::select! {
            ack = &mut ack => Ok(Times { ack: ack?, answer: answer.await }),
            answer = &mut answer => Ok(Times { ack: ack.await?, answer }),
        }
    }

    /// A customer writes and goes on; returns when the webhook was answered.
    pub async fn tell(&self, letter: &Letter) -> anyhow::Result<()> {
        let status = self.send(&self.request(letter)?).await?;
        anyhow::ensure!(status == 200, "a webhook was answered with {status}");
        Ok(())
    }

    /// Sends a request made by [`Load::request`]; answers the status.
    pub async fn send(&self, request: &[u8]) -> anyhow::Result<u16> {
        self.wire.send(request).await
    }

    /// A signed webhook, ready to be sent.
    pub fn request(&self, letter: &Letter) -> anyhow::Result<Vec<u8>> {
        let customer = Customer::with_phone(&letter.phone);
        let message = json!({"type": "text", "text": {"body": letter.text}});
        let body = self.simulator.compose(&letter.number, &customer, message);
        let body = body.ok_or_else(|| anyhow::anyhow!("no number {}", letter.number))?;
        Ok(self.wire.signed_post("/webhook", APP_SECRET, &body))
    }

    /// All of them ask, `rate` a second.
    pub async fn at_rate(
        &self,
        letters: impl IntoIterator<Item = Letter>,
        rate: u32,
    ) -> anyhow::Result<(Vec<Times>, Duration)> {
        let started = Instant::now();
        let mut tick = tokio::time::interval(Duration::from_secs(1) / rate.max(1));
        let mut running = JoinSet::new();
        for letter in letters {
            tick.tick().await;
            let load = self.clone();
            running.spawn(async move { load.ask(&letter).await });
        }
        Ok((gather(running).await?, started.elapsed()))
    }

    /// All of them ask, at most `limit` at the same time.
    pub async fn in_flight(
        &self,
        letters: impl IntoIterator<Item = Letter>,
        limit: usize,
    ) -> anyhow::Result<(Vec<Times>, Duration)> {
        let started = Instant::now();
        let slots = Arc::new(Semaphore::new(limit));
        let mut running = JoinSet::new();
        for letter in letters {
            let slot = slots.clone().acquire_owned().await?;
            let load = self.clone();
            running.spawn(async move {
                let times = load.ask(&letter).await;
                drop(slot);
                times
            });
        }
        Ok((gather(running).await?, started.elapsed()))
    }
}

async fn gather(mut running: JoinSet<anyhow::Result<Times>>) -> anyhow::Result<Vec<Times>> {
    let mut times = Vec::with_capacity(running.len());
    while let Some(one) = running.join_next().await {
        times.push(one??);
    }
    Ok(times)
}
