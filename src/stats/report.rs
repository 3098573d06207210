//! Days put together to what was asked for: sums, buckets, and how long customers waited.

use std::collections::BTreeMap;
use std::ops::Range;

use entity::{AgentId, NumberId};

use super::day::{Day, Messages, Turns, Waits};
use crate::clock::Millis;
use crate::config::{MICROS, Prices};
use crate::store::stats::Resolution;
use crate::store::usage::DAY_MS;

const QUARTER_MS: Millis = 15 * 60 * 1000;
const HOUR_MS: Millis = 4 * QUARTER_MS;
const HOURS_OF_WEEK: usize = 7 * 24;
/// 1 January 1970 was a Thursday; weeks begin on Monday.
const FIRST_WEEKDAY: i64 = 3;

/// Which time is asked for, and in which steps.
#[derive(Debug, Clone)]
pub struct Span {
    /// Where the first bucket begins.
    pub from: Millis,
    /// Each as long as the other.
    pub buckets: usize,
    pub step: Millis,
    /// What a clock on the wall shows more than UTC.
    pub offset: Millis,
}

impl Span {
    pub fn times(&self) -> Range<Millis> {
        self.from..self.start(self.buckets)
    }

    pub fn start(&self, bucket: usize) -> Millis {
        self.from + self.step * bucket as Millis
    }
}

#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub number_id: Option<NumberId>,
    pub agent_id: Option<AgentId>,
}

/// Sums of one bucket, or of all.
#[derive(Debug, Clone, Default)]
pub struct Bucket {
    pub counts: Counts,
    waits: Vec<(Millis, i64)>,
    first_waits: Vec<(Millis, i64)>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counts {
    pub inbound: i64,
    pub outbound: i64,
    pub by_agent: i64,
    pub by_human: i64,
    pub by_system: i64,
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    pub failed: i64,
    pub turns: i64,
    pub answered: i64,
    pub handed_over: i64,
    pub human: i64,
    pub undelivered: i64,
    pub other_outcomes: i64,
    pub spent: Spent,
}

/// Tokens, and what they cost as far as they have a price.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spent {
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    micros: f64,
    unpriced: bool,
}

impl Spent {
    /// `None` where some of it has no price.
    pub fn cost(&self) -> Option<f64> {
        (!self.unpriced).then_some(self.micros / MICROS)
    }

    fn add(&mut self, turns: &Turns<'_>, prices: &Prices) {
        self.prompt_tokens += turns.prompt_tokens;
        self.completion_tokens += turns.completion_tokens;
        match prices.of(turns.model.unwrap_or_default()) {
            Some(price) => self.micros += price.micros(turns.prompt_tokens, turns.completion_tokens),
            None => self.unpriced |= prices.is_empty() || turns.prompt_tokens + turns.completion_tokens > 0,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct OfNumber {
    pub inbound: i64,
    pub outbound: i64,
    pub delivered: i64,
    pub read: i64,
    pub failed: i64,
    pub spent: Spent,
}

#[derive(Debug, Clone, Default)]
pub struct OfAgent {
    pub turns: i64,
    pub handed_over: i64,
    pub answered: i64,
    pub spent: Spent,
}

#[derive(Debug, Clone, Default)]
pub struct OfModel {
    pub calls: i64,
    pub spent: Spent,
}

#[derive(Debug)]
pub struct Report {
    pub span: Span,
    pub filter: Filter,
    pub totals: Bucket,
    pub buckets: Vec<Bucket>,
    pub outcomes: BTreeMap<String, i64>,
    /// By direction and type.
    pub types: BTreeMap<(String, String), i64>,
    pub by_number: BTreeMap<String, OfNumber>,
    pub by_agent: BTreeMap<String, OfAgent>,
    pub by_model: BTreeMap<String, OfModel>,
    /// What customers wrote, from Monday's first hour.
    pub by_hour_of_week: [i64; HOURS_OF_WEEK],
    pub resolution: Resolution,
    prices: Prices,
}

impl Report {
    pub fn new(span: Span, filter: Filter, prices: Prices) -> Self {
        let mut empty = Bucket::default();
        empty.counts.spent.unpriced = prices.is_empty();
        Self {
            totals: empty.clone(),
            buckets: vec![empty; span.buckets],
            outcomes: BTreeMap::new(),
            types: BTreeMap::new(),
            by_number: BTreeMap::new(),
            by_agent: BTreeMap::new(),
            by_model: BTreeMap::new(),
            by_hour_of_week: [0; HOURS_OF_WEEK],
            resolution: Resolution::default(),
            span,
            filter,
            prices,
        }
    }

    /// Adds what of a day lies within the time that is asked for.
    pub fn add(&mut self, day: i64, counted: &Day) {
        for messages in counted.messages() {
            if self.is_asked_for(messages.number_id, messages.agent_id) {
                self.add_messages(day, &messages);
            }
        }
        for waits in counted.waits() {
            if self.is_asked_for(waits.number_id, waits.agent_id) {
                self.add_waits(day, &waits);
            }
        }
        for turns in counted.turns() {
            if self.is_asked_for(turns.number_id, turns.agent_id) {
                self.add_turns(day, &turns);
            }
        }
    }

    fn is_asked_for(&self, number_id: Option<&str>, agent_id: Option<&str>) -> bool {
        let is = |asked: Option<&str>, there: Option<&str>| asked.is_none_or(|asked| there == Some(asked));
        is(self.filter.number_id.as_ref().map(NumberId::as_str), number_id)
            && is(self.filter.agent_id.as_ref().map(AgentId::as_str), agent_id)
    }

    /// The bucket of a day's quarter, where it lies in one.
    fn bucket(&self, day: i64, quarter: i64) -> Option<usize> {
        let since = day * DAY_MS + quarter * QUARTER_MS - self.span.from;
        let place = usize::try_from(since.div_euclid(self.span.step)).ok()?;
        (place < self.buckets.len()).then_some(place)
    }

    fn add_messages(&mut self, day: i64, messages: &Messages<'_>) {
        let Some(place) = self.bucket(day, messages.quarter) else { return };
        let count = messages.count;
        self.totals.counts.add(messages);
        self.buckets[place].counts.add(messages);
        let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
        *self.types.entry((word(messages.direction), word(messages.kind))).or_default() += count;
        let of_number = self.by_number.entry(word(messages.number_id)).or_default();
        if messages.direction == Some("inbound") {
            of_number.inbound += count;
            if let Some(outcome) = messages.outcome {
                *self.outcomes.entry(outcome.to_owned()).or_default() += count;
            }
            let local = day * DAY_MS + messages.quarter * QUARTER_MS + self.span.offset;
            let hour = (local.div_euclid(HOUR_MS) + FIRST_WEEKDAY * 24).rem_euclid(HOURS_OF_WEEK as i64);
            self.by_hour_of_week[hour as usize] += count;
        } else {
            of_number.outbound += count;
            of_number.delivered += counted_if(matches!(messages.status, Some("delivered" | "read")), count);
            of_number.read += counted_if(messages.status == Some("read"), count);
            of_number.failed += counted_if(messages.status == Some("failed"), count);
        }
    }

    fn add_waits(&mut self, day: i64, waits: &Waits<'_>) {
        let Some(place) = self.bucket(day, waits.quarter) else { return };
        for bucket in [&mut self.totals, &mut self.buckets[place]] {
            bucket.waits.push((waits.millis, waits.count));
            if waits.is_first {
                bucket.first_waits.push((waits.millis, waits.count));
            }
        }
    }

    fn add_turns(&mut self, day: i64, turns: &Turns<'_>) {
        let Some(place) = self.bucket(day, turns.quarter) else { return };
        let prices = &self.prices;
        for bucket in [&mut self.totals, &mut self.buckets[place]] {
            bucket.counts.turns += turns.count;
            bucket.counts.spent.add(turns, prices);
        }
        let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
        self.by_number.entry(word(turns.number_id)).or_default().spent.add(turns, prices);
        if let Some(model) = turns.model {
            let of_model = self.by_model.entry(model.to_owned()).or_default();
            of_model.calls += turns.count;
            of_model.spent.add(turns, prices);
        }
        if let Some(agent_id) = turns.agent_id {
            let of_agent = self.by_agent.entry(agent_id.to_owned()).or_default();
            of_agent.turns += turns.count;
            of_agent.handed_over += counted_if(turns.outcome == Some("handed_over"), turns.count);
            of_agent.answered += counted_if(turns.status == Some("replied") && turns.outcome.is_none(), turns.count);
            of_agent.spent.add(turns, prices);
        }
    }
}

fn counted_if(counts: bool, count: i64) -> i64 {
    if counts { count } else { 0 }
}

impl Counts {
    fn add(&mut self, messages: &Messages<'_>) {
        let count = messages.count;
        if messages.direction == Some("inbound") {
            self.inbound += count;
            let of = match messages.outcome {
                Some("answered") => &mut self.answered,
                Some("handed_over") => &mut self.handed_over,
                Some("human") => &mut self.human,
                Some("undelivered") => &mut self.undelivered,
                Some(_) => &mut self.other_outcomes,
                None => return,
            };
            *of += count;
            return;
        }
        self.outbound += count;
        match messages.author {
            Some("agent") => self.by_agent += count,
            Some("system") => self.by_system += count,
            _ => self.by_human += count,
        }
        let got_through = matches!(messages.status, Some("accepted" | "sent" | "delivered" | "read"));
        self.sent += counted_if(messages.is_accepted || got_through, count);
        self.delivered += counted_if(matches!(messages.status, Some("delivered" | "read")), count);
        self.read += counted_if(messages.status == Some("read"), count);
        self.failed += counted_if(messages.status == Some("failed"), count);
    }
}

impl Bucket {
    /// How long such a share of the answers was waited for at the most.
    pub fn wait(&self, share: f64) -> Option<Millis> {
        quantile(&self.waits, share)
    }

    /// The same of those that began a talk.
    pub fn first_wait(&self, share: f64) -> Option<Millis> {
        quantile(&self.first_waits, share)
    }
}

fn quantile(waits: &[(Millis, i64)], share: f64) -> Option<Millis> {
    let mut sorted = waits.to_vec();
    sorted.sort_unstable();
    let all: i64 = sorted.iter().map(|(_, count)| count).sum();
    let mut left = (all as f64 * share).ceil() as i64;
    sorted.into_iter().find_map(|(wait, count)| {
        left -= count;
        (left <= 0).then_some(wait)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Price;

    #[test]
    fn a_quantile_is_one_of_the_waits() {
        let waits = [(300, 1), (100, 2), (200, 1)];
        assert_eq!([0.5, 0.75, 0.95].map(|share| quantile(&waits, share)), [Some(100), Some(200), Some(300)]);
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn money_is_told_where_all_of_it_has_a_price() {
        let turns = |model| Turns {
            quarter: 0,
            number_id: None,
            agent_id: None,
            model: Some(model),
            status: None,
            outcome: None,
            count: 1,
            prompt_tokens: 1_000_000,
            completion_tokens: 500_000,
        };
        let prices = Prices::from_iter([("a", Price { prompt: 2.0, completion: 4.0 })]);
        let mut spent = Spent::default();
        spent.add(&turns("a"), &prices);
        assert_eq!(spent.cost(), Some(4.0));
        spent.add(&turns("b"), &prices);
        assert_eq!((spent.cost(), spent.prompt_tokens), (None, 2_000_000));
    }
}
