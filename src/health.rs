//! `switchboard health`: asks the running gateway whether it is ready. For container health checks, which find no other
//! HTTP client in the image.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use serde_json::Value;

use crate::app;
use crate::config::Settings;

/// Less than what container runtimes give a health check.
const PATIENCE: Duration = Duration::from_secs(5);

/// Prints one sentence; fails when the gateway is not ready or does not answer.
pub async fn run(settings: &Settings, url: Option<&str>) -> anyhow::Result<ExitCode> {
    let base = match url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", reachable(&settings.server.listen)),
    };
    match ask(&app::direct_http_client(PATIENCE)?, &base).await {
        Ok(()) => {
            println!("The gateway at {base} is ready.");
            Ok(ExitCode::SUCCESS)
        }
        Err(problem) => {
            println!("The gateway at {base} is not ready: {problem}.");
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn ask(http: &reqwest::Client, base: &str) -> Result<(), String> {
    let answer = http.get(format!("{base}/health/ready")).timeout(PATIENCE).send().await;
    let answer = answer.map_err(|error| match error.is_timeout() {
        true => format!("no answer within {} seconds", PATIENCE.as_secs()),
        false => "it does not answer".to_owned(),
    })?;
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let words = answer.json::<Value>().await.ok().and_then(|body| Some(body.get("status")?.as_str()?.to_owned()));
    Err(words.unwrap_or_else(|| format!("it answers {status}")))
}

/// Where a listener can be reached from its own machine: one on all addresses is reached at the loopback.
fn reachable(listen: &str) -> String {
    let Ok(address) = listen.parse::<SocketAddr>() else { return listen.to_owned() };
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_on_all_addresses_is_asked_at_the_loopback() {
        for (listen, asked) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:8080", "[::1]:8080"),
            ("10.0.0.7:80", "10.0.0.7:80"),
            ("localhost:8080", "localhost:8080"),
        ] {
            assert_eq!(reachable(listen), asked);
        }
    }
}
