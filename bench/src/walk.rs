//! The whole walk under load: at a fixed rate, then with a number of messages always in flight, then customers who write
//! several messages without waiting.
//!
//! In the first two parts each message is a customer's only one, so its answer can be told: the bubble on that
//! customer's phone. The checker counts from the simulator's own record: lost, doubled, to a stranger. In the third the
//! model answers with the number of the newest message it saw, so bubbles out of order and answers that never came to
//! the last message can be told.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Value, json};
use simulator::{Pace, Simulator};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::model;
use crate::process::{ADMIN_KEY, APP_SECRET, Gateway, Usage};
use crate::report::Quantiles;

const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Args)]
pub struct Settings {
    /// Messages a second in the first part.
    #[arg(long, default_value_t = 50)]
    rate: u32,
    /// How long the first part lasts.
    #[arg(long, default_value_t = 20)]
    seconds: u32,
    /// Messages in the second part.
    #[arg(long, default_value_t = 5000)]
    messages: usize,
    /// Messages under way at once in the second part.
    #[arg(long, default_value_t = 64)]
    in_flight: usize,
    /// Customers in the third part.
    #[arg(long, default_value_t = 200)]
    bursts: usize,
    /// postgres://... instead of a SQLite file of its own.
    #[arg(long)]
    database: Option<String>,
}

struct Bench {
    http: reqwest::Client,
    gateway: Gateway,
    simulator: Simulator,
}

/// One message's times: until the webhook was answered, until the bubble stood on the phone.
struct Times {
    ack: Duration,
    answer: Option<Duration>,
}

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let bench = Arc::new(start(settings.database.as_deref()).await?);
    // The first message pays for what loads when first needed; it is not counted.
    bench.message("15559999999").await?;
    println!("idle after one message: {:.0} MiB", bench.gateway.usage()?.peak_mib);

    let before = bench.gateway.usage()?;
    let count = (settings.rate * settings.seconds) as usize;
    let started = Instant::now();
    let times = at_rate(&bench, count, settings.rate).await?;
    bench
        .tell(
            &format!("{} messages/s for {} s", settings.rate, settings.seconds),
            "1555200",
            times,
            started.elapsed(),
            before,
        )
        .await?;

    let before = bench.gateway.usage()?;
    let started = Instant::now();
    let times = in_flight(&bench, settings.messages, settings.in_flight).await?;
    bench.tell(&format!("{} in flight", settings.in_flight), "1555300", times, started.elapsed(), before).await?;

    bursts(&bench, settings.bursts).await
}

/// Customers who write five messages each without waiting.
async fn bursts(bench: &Arc<Bench>, customers: usize) -> anyhow::Result<()> {
    const MESSAGES: usize = 5;
    let phones: Vec<String> = (0..customers).map(|number| format!("1555400{number:06}")).collect();
    for number in 1..=MESSAGES {
        for phone in &phones {
            bench.post_webhook(phone, number).await?;
        }
    }
    let last = format!("n={MESSAGES}");
    let answered = |phone: &String| bench.simulator.bubbles(phone).iter().any(|bubble| bubble.text.ends_with(&last));
    let started = Instant::now();
    while started.elapsed() < PATIENCE && !phones.iter().all(answered) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let lost = phones.iter().filter(|phone| !answered(phone)).count();
    let numbers = |phone: &String| -> Vec<usize> {
        let bubbles = bench.simulator.bubbles(phone).into_iter();
        bubbles.filter_map(|bubble| bubble.text.rsplit_once("n=")?.1.parse().ok()).collect()
    };
    let (mut disordered, mut doubled, mut bubbles) = (0, 0, 0);
    for phone in &phones {
        let numbers = numbers(phone);
        bubbles += numbers.len();
        disordered += numbers.windows(2).filter(|pair| pair[0] > pair[1]).count();
        doubled += numbers.windows(2).filter(|pair| pair[0] == pair[1]).count();
    }
    println!("\n{customers} customers, {MESSAGES} messages each without waiting: {bubbles} bubbles");
    println!("  lost {lost}, doubled {doubled}, out of order {disordered}");
    Ok(())
}

async fn start(database: Option<&str>) -> anyhow::Result<Bench> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let graph_url = format!("http://{}", listener.local_addr()?);
    let model_url = model::start().await?;
    let gateway = Gateway::start(&graph_url, &model_url, database).await?;
    let simulator = Simulator::new(simulator::Settings {
        app_secret: APP_SECRET.to_owned(),
        pace: Pace::Instant,
        ..simulator::Settings::new(format!("{}/webhook", gateway.base))
    });
    simulator.set_faults(simulator::Faults { window_check: false, ..Default::default() });
    tokio::spawn(simulator.clone().serve(listener, std::future::pending()));
    let http = crate::client::http(Duration::from_secs(5))?;
    let bench = Bench { http, gateway, simulator };
    let agent =
        bench.post("/agents", json!({"name": "Bench", "instructions": "You are the assistant of a bakery."})).await?;
    let number = simulator::Number::default();
    let number = json!({"phone_number_id": number.phone_number_id, "agent_id": agent["id"], "access_token": "t", "waba_id": number.waba_id});
    bench.post("/numbers", number).await?;
    Ok(bench)
}

async fn at_rate(bench: &Arc<Bench>, count: usize, rate: u32) -> anyhow::Result<Vec<Times>> {
    let mut tick = tokio::time::interval(Duration::from_secs_f64(1.0 / f64::from(rate)));
    let mut running = Vec::with_capacity(count);
    for number in 0..count {
        tick.tick().await;
        let bench = bench.clone();
        running.push(tokio::spawn(async move { bench.message(&format!("1555200{number:06}")).await }));
    }
    gather(running).await
}

async fn in_flight(bench: &Arc<Bench>, count: usize, limit: usize) -> anyhow::Result<Vec<Times>> {
    let slots = Arc::new(Semaphore::new(limit));
    let mut running = Vec::with_capacity(count);
    for number in 0..count {
        let slot = slots.clone().acquire_owned().await?;
        let bench = bench.clone();
        running.push(tokio::spawn(async move {
            let times = bench.message(&format!("1555300{number:06}")).await;
            drop(slot);
            times
        }));
    }
    gather(running).await
}

async fn gather(running: Vec<tokio::task::JoinHandle<anyhow::Result<Times>>>) -> anyhow::Result<Vec<Times>> {
    let mut times = Vec::with_capacity(running.len());
    for one in running {
        times.push(one.await??);
    }
    Ok(times)
}

impl Bench {
    async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        let request = self.http.post(format!("{}/api/v1{path}", self.gateway.base)).bearer_auth(ADMIN_KEY).json(&body);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// One customer writes one message and waits for the answer.
    async fn message(&self, phone: &str) -> anyhow::Result<Times> {
        let started = Instant::now();
        self.post_webhook(phone, 1).await?;
        let ack = started.elapsed();
        while started.elapsed() < PATIENCE {
            if !self.simulator.bubbles(phone).is_empty() {
                return Ok(Times { ack, answer: Some(started.elapsed()) });
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Times { ack, answer: None })
    }

    async fn post_webhook(&self, phone: &str, number: usize) -> anyhow::Result<()> {
        let body = webhook(phone, number).to_string();
        let request = self
            .http
            .post(format!("{}/webhook", self.gateway.base))
            .header("X-Hub-Signature-256", simulator::sign(APP_SECRET, body.as_bytes()))
            .body(body);
        request.send().await?.error_for_status()?;
        Ok(())
    }

    async fn tell(
        &self,
        name: &str,
        phones: &str,
        times: Vec<Times>,
        took: Duration,
        before: Usage,
    ) -> anyhow::Result<()> {
        let after = self.gateway.usage()?;
        let count = times.len();
        let mut acks: Vec<Duration> = times.iter().map(|times| times.ack).collect();
        let mut answers: Vec<Duration> = times.iter().filter_map(|times| times.answer).collect();
        let seen = self.bubbles_by_phone(phones);
        let doubled: usize = seen.values().map(|bubbles| bubbles.saturating_sub(1)).sum();
        let strangers = seen.len().saturating_sub(count);
        println!(
            "\n{name}: {count} messages in {:.1} s = {:.0}/s",
            took.as_secs_f64(),
            count as f64 / took.as_secs_f64()
        );
        println!("  webhook to 200     {}", Quantiles::of(&mut acks).line());
        println!("  webhook to bubble  {}", Quantiles::of(&mut answers).line());
        println!("  processor          {:.2} ms a message", (after.cpu_secs - before.cpu_secs) * 1000.0 / count as f64);
        println!("  memory             {:.0} MiB at the most", after.peak_mib);
        println!("  lost {}, doubled {doubled}, to a stranger {strangers}", count - answers.len());
        Ok(())
    }

    /// How many bubbles each phone got, from the simulator's record of what it accepted.
    fn bubbles_by_phone(&self, phones: &str) -> HashMap<String, usize> {
        let mut seen = HashMap::new();
        for request in self.simulator.requests() {
            let Some(to) = request.body["to"].as_str().filter(|_| request.wamid.is_some()) else { continue };
            let phone = to.trim_start_matches('+');
            if phone.starts_with(phones) {
                *seen.entry(phone.to_owned()).or_default() += 1;
            }
        }
        seen
    }
}

fn webhook(phone: &str, count: usize) -> Value {
    let number = simulator::Number::default();
    json!({"object": "whatsapp_business_account", "entry": [{"id": number.waba_id, "changes": [{"field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550001111", "phone_number_id": number.phone_number_id},
        "contacts": [{"profile": {"name": "Bench"}, "wa_id": phone, "user_id": format!("US.{phone}")}],
        "messages": [{"id": format!("wamid.{phone}.{count}"), "from": phone, "from_user_id": format!("US.{phone}"),
            "timestamp": (now_secs()).to_string(), "type": "text", "text": {"body": format!("What time do you open on Sunday? n={count}")}}],
    }}]}]})
}

#[expect(clippy::disallowed_methods, reason = "a customer's phone has a clock of its own")]
fn now_secs() -> i64 {
    chrono::Utc::now().timestamp()
}
