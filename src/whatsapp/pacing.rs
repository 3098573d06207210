//! Meta's pace: messages a second for a number, and a minute for a number and one customer.
//!
//! Token buckets (GCRA) on our own clock. The pair limit lets a burst of 45 go at once and then one in 6 s (Meta:
//! "Throughput" and "Pair rate limits" of the Cloud API).

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{NotUntil, Quota, RateLimiter};

use crate::clock::Clock;

type Limiter = RateLimiter<String, DashMapStateStore<String>, PacingClock, NoOpMiddleware<Nanos>>;

#[derive(Debug)]
pub struct Pacing {
    number: Option<Limiter>,
    pair: Option<Limiter>,
    clock: PacingClock,
}

impl Pacing {
    /// A limit of 0 is no limit.
    pub fn new(number_per_sec: u32, pair_per_minute: u32, pair_burst: u32, clock: Arc<dyn Clock>) -> Self {
        let clock = PacingClock(clock);
        let limiter = |quota: Quota| RateLimiter::new(quota, DashMapStateStore::default(), clock.clone());
        let number = NonZeroU32::new(number_per_sec).map(|rate| limiter(Quota::per_second(rate)));
        let pair = NonZeroU32::new(pair_per_minute).map(|rate| {
            limiter(Quota::per_minute(rate).allow_burst(NonZeroU32::new(pair_burst).unwrap_or(NonZeroU32::MIN)))
        });
        Self { number, pair, clock }
    }

    /// Takes one message's place, or says how long there is none.
    pub fn take(&self, number: &str, conversation: &str) -> Result<(), Duration> {
        let wait = |limiter: &Option<Limiter>, key: &str| match limiter {
            Some(limiter) => limiter.check_key(&key.to_owned()).map_err(|until| self.until(&until)),
            None => Ok(()),
        };
        // The number's place comes first: one that is lost to a waiting pair is soon made up for.
        wait(&self.number, number)?;
        wait(&self.pair, conversation)
    }

    /// Forgets who has been quiet for long; without it the keys would grow without end.
    pub fn tidy(&self) {
        for limiter in [&self.number, &self.pair].into_iter().flatten() {
            limiter.retain_recent();
        }
    }

    fn until(&self, until: &NotUntil<Nanos>) -> Duration {
        until.wait_time_from(self.clock.now())
    }
}

/// Our clock, as governor reads one.
#[derive(Debug, Clone)]
pub struct PacingClock(pub Arc<dyn Clock>);

impl GovernorClock for PacingClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Duration::from_millis(u64::try_from(self.0.now()).unwrap_or(0)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn a_pair_may_burst_and_then_waits_six_seconds_for_each() {
        let clock = Arc::new(ManualClock::new(1_790_000_000_000));
        let pacing = Pacing::new(80, 10, 3, clock.clone());
        for _ in 0..3 {
            assert_eq!(pacing.take("n", "c"), Ok(()));
        }
        let wait = pacing.take("n", "c").expect_err("the burst is spent");
        assert!(wait > Duration::from_secs(5) && wait <= Duration::from_secs(6), "{wait:?}");
        assert_eq!(pacing.take("n", "another"), Ok(()));
        clock.advance(wait);
        assert_eq!(pacing.take("n", "c"), Ok(()));
    }

    #[test]
    fn a_number_has_a_limit_over_all_its_customers() {
        let pacing = Pacing::new(2, 0, 0, Arc::new(ManualClock::new(1_790_000_000_000)));
        assert_eq!(pacing.take("n", "a"), Ok(()));
        assert_eq!(pacing.take("n", "b"), Ok(()));
        assert!(pacing.take("n", "c").is_err());
        assert_eq!(pacing.take("m", "c"), Ok(()));
    }

    #[test]
    fn zero_lifts_the_limits() {
        let pacing = Pacing::new(0, 0, 0, Arc::new(ManualClock::new(0)));
        assert!((0..10_000).all(|_| pacing.take("n", "c").is_ok()));
    }
}
