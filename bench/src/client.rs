//! The load's own HTTP client.

use std::time::Duration;

/// A whole call may take `timeout`.
#[expect(clippy::disallowed_methods, reason = "the load is no part of the gateway")]
pub fn http(timeout: Duration) -> anyhow::Result<reqwest::Client> {
    // Installed already when this is not the first client of the process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(reqwest::Client::builder().timeout(timeout).no_proxy().pool_max_idle_per_host(64).tcp_nodelay(true).build()?)
}
