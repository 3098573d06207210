//! Logs and metrics. A log line reads alone; neither ever carries message text, phone numbers, tokens or prompts.

use std::io::IsTerminal;
use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::app::App;
use crate::config::{Log, LogFormat};
use crate::store;

/// Of libraries whose logs may quote what customers wrote.
const QUIET: &str = "async_openai=off,poem=warn,sqlx=warn,sea_orm=warn,hyper=warn,tantivy=warn";
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0];

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts logging, once for the process: text on a terminal, JSON otherwise, unless told.
pub fn start_logs(settings: &Log) {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", settings.filter)).unwrap_or_else(|error| {
        eprintln!("log.filter cannot be read ({error}); using info");
        EnvFilter::new(format!("{QUIET},info"))
    });
    let json = match settings.format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !std::io::stderr().is_terminal(),
    };
    let registry = tracing_subscriber::registry().with(filter);
    let started = if json {
        registry
            .with(tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr))
            .try_init()
    } else {
        registry.with(tracing_subscriber::fmt::layer().with_target(false).with_writer(std::io::stderr)).try_init()
    };
    if started.is_err() {
        eprintln!("logging was started already");
    }
}

/// Starts counting, once for the process.
pub fn start_metrics() {
    METRICS.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS);
        builder
            .expect("the buckets are not empty")
            .install_recorder()
            .expect("this is the only recorder of the process")
    });
}

/// What was counted, as Prometheus reads it.
pub fn render_metrics() -> String {
    METRICS.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Old samples of histograms leave.
pub fn tidy_metrics() {
    if let Some(handle) = METRICS.get() {
        handle.run_upkeep();
    }
}

/// Looks at what is waiting.
pub async fn refresh_gauges(app: &App) {
    match store::jobs::depths(&app.db).await {
        Ok(depths) => {
            for depth in depths {
                let labels = [("kind", depth.kind.as_str()), ("status", depth.status.as_str())];
                metrics::gauge!("switchboard_jobs", &labels).set(depth.jobs as f64);
                let age = depth.oldest_due_at.map_or(0, |due_at| (app.now() - due_at).max(0)) as f64 / 1000.0;
                metrics::gauge!("switchboard_jobs_oldest_due_seconds", &labels).set(age);
            }
        }
        Err(error) => tracing::warn!(error = %error, "the queue could not be measured"),
    }
    if let Ok(events) = store::events::count_received(app.db.reader()).await {
        metrics::gauge!("switchboard_events_waiting").set(events as f64);
    }
    if let Ok(tasks) = store::conversations::count_open_tasks(app.db.reader()).await {
        metrics::gauge!("switchboard_tasks_open").set(tasks as f64);
    }
}
