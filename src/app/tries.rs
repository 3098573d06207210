//! Tries at a door that somebody may guess at: so many a minute for each client address and for each e-mail.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::clock::Clock;
use crate::whatsapp::pacing::PacingClock;

const PER_MINUTE: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

#[derive(Debug)]
pub struct Tries {
    limiter: RateLimiter<String, DashMapStateStore<String>, PacingClock, NoOpMiddleware<Nanos>>,
    clock: PacingClock,
}

impl Tries {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let clock = PacingClock(clock);
        let limiter = RateLimiter::new(Quota::per_minute(PER_MINUTE), DashMapStateStore::default(), clock.clone());
        Self { limiter, clock }
    }

    /// Takes a try of an address, or says how long there is none.
    pub fn take_of_address(&self, address: Option<IpAddr>) -> Result<(), Duration> {
        self.take(address.map_or_else(|| "unknown".to_owned(), household))
    }

    /// Takes a try at an e-mail, in whatever case, or says how long there is none.
    pub fn take_of_email(&self, email: &str) -> Result<(), Duration> {
        self.take(format!("@{}", email.trim().to_lowercase()))
    }

    /// Forgets who has not tried for long; without it the keys would grow without end.
    pub fn tidy(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }

    fn take(&self, key: String) -> Result<(), Duration> {
        self.limiter.check_key(&key).map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

/// Whoever has one IPv6 address has all of its 64 bits below.
fn household(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn ten_tries_a_minute_for_each_address_and_each_email() {
        let clock = Arc::new(ManualClock::new(1_790_000_000_000));
        let tries = Tries::new(clock.clone());
        let address = |text: &str| Some(text.parse().expect("an address"));
        for _ in 0..10 {
            assert_eq!(tries.take_of_address(address("2001:db8::1")), Ok(()));
            assert_eq!(tries.take_of_email("Ana@Miga.example"), Ok(()));
        }
        let wait = tries.take_of_address(address("2001:db8::2")).expect_err("the same household");
        assert!(wait > Duration::from_secs(5) && wait <= Duration::from_secs(6), "{wait:?}");
        assert!(tries.take_of_email("ana@miga.EXAMPLE").is_err());
        assert_eq!(tries.take_of_address(address("2001:db8:0:1::1")), Ok(()));
        assert_eq!(tries.take_of_address(address("::ffff:192.0.2.1")), Ok(()));
        assert_eq!(tries.take_of_email("eva@miga.example"), Ok(()));
        clock.advance(wait);
        assert_eq!(tries.take_of_address(address("2001:db8::2")), Ok(()));
        tries.tidy();
    }
}
