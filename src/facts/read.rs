//! Finds the facts of a text. The readers go over it one after another; what one has taken, none after it reads again.

use std::ops::Range;
use std::sync::LazyLock;

use linkify::{LinkFinder, LinkKind};
use regex::{Captures, Regex};

use super::calendar::{self, Half};
use super::money::{self, Currencies};
use super::number::Amounts;
use super::unit;
use super::{Fact, Kind, PHONE_DIGITS, Value};

/// The most digits of a phone (E.164).
const MAX_PHONE_DIGITS: usize = 15;
/// Fewer are counts, steps of a list, or house numbers: nothing that misleads anybody about money or time.
const NUMBER_DIGITS: usize = 3;
/// A way to say "always".
const ALWAYS: &str = "24/7";

/// A numeral; spaces and apostrophes group threes only.
const NUMERAL: &str = r"(?:\d{1,3}(?:[ \u{a0}\u{202f}'’]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*)";
/// Between the two ends of a span: "8-12", "8 to 12".
const TO: &str = r"(?:\s?[-–—]\s?|\s(?:to|until|till|a|à|até|hasta|bis|al?)\s)";

static PRICE: LazyLock<Regex> = LazyLock::new(|| {
    let signs = either(money::SIGNS.iter().map(|sign| regex::escape(sign)));
    let codes = money::CODES.join("|");
    let words = money::WORDS.join("|");
    let named = format!(r"(?:(?:{codes})\b|(?i:(?:{words})\b))");
    pattern(&format!(
        r"(?P<before>{signs}|\b{named})\.?\s?(?P<first>{NUMERAL})(?:{TO}(?:{signs})?\s?(?P<last>{NUMERAL}))?|\b(?:(?P<from>{NUMERAL}){TO})?(?P<to>{NUMERAL})\s?(?P<after>{signs}|{named})"
    ))
});
static PERCENTAGE: LazyLock<Regex> = LazyLock::new(|| {
    let words = "percent|per cent|por ciento|por cento|pour cent|prozent|بالمئة|بالمائة|في المئة|في المائة";
    pattern(&format!(r"(?i)\b(?:(?P<from>{NUMERAL}){TO})?(?P<to>{NUMERAL})\s?(?:%|٪|(?:{words})\b)"))
});
static NUMBERED_DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})|(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})|(\d{1,2})-(\d{1,2})-(\d{4}|\d{2})|(\d{1,2})/(\d{2})|(\d{2})/(\d{1,2}))\b",
    )
});
static NAMED_DAY: LazyLock<Regex> = LazyLock::new(|| {
    let months = calendar::month_names().join("|");
    let ending = "(?:st|nd|rd|th|º|°|\\.|er)?";
    pattern(&format!(
        r"(?i)\b(?P<day>\d{{1,2}}){ending}\s(?:de\s|of\s)?(?P<month>{months})\b(?:\.?,?\s(?:de\s|del\s)?(?P<year>\d{{4}})\b)?|\b(?P<month2>{months})\b\.?\s(?P<day2>\d{{1,2}})\b{ending}(?:,?\s(?P<year2>\d{{4}})\b)?"
    ))
});
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    let morning = r"am\b|a\.\s?m\.?|ص(?:باح\w*)?\b";
    let afternoon = r"pm\b|p\.\s?m\.?|م(?:ساء\w*)?\b";
    pattern(&format!(
        r"(?i)\b(?:(?P<from>\d{{1,2}}){TO})?(?P<hour>\d{{1,2}})(?:[:.h](?P<minute>\d{{2}}))?\s?(?:(?P<morning>{morning})|(?P<afternoon>{afternoon})|(?:uhr|o['’]clock)\b)|\b(?P<hour2>\d{{1,2}})[:h](?P<minute2>\d{{2}})\b|\b(?:(?P<from3>\d{{1,2}}){TO})?(?P<hour3>\d{{1,2}})(?P<bare>\s?h)\b"
    ))
});
/// Times with a point are told from amounts by being two: "7.30-18.00".
static DOTTED_TIMES: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"\b(\d{{1,2}})\.([0-5]\d){TO}(\d{{1,2}})\.([0-5]\d)\b")));
static PHONE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\+?\(?\d[\d\s().\-/]{4,}\d"));
static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
    let words = unit::number_words().join("|");
    let units = unit::names().join("|");
    pattern(&format!(
        r"(?i)\b(?:(?P<from>{NUMERAL}){TO})?(?:(?P<to>{NUMERAL})|(?P<word>{words}))[\s-]?(?P<unit>{units})\b"
    ))
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"\b{NUMERAL}")));
static FIELD: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?m)(?:^|[:|=;,\t])[ ]*(?P<number>{NUMERAL})[ ]*(?:$|[|;,\t])")));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("our own patterns are well formed")
}

fn either(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join("|")
}

/// The facts of a text, in their order.
pub fn facts(text: &str) -> Vec<Fact> {
    let plain = Plain::of(text);
    let mut taken = Taken::default();
    taken.read_all(&plain.text);
    let long = NUMBER.find_iter(&plain.text).filter(|found| {
        taken.is_free(&found.range()) && found.as_str().chars().filter(char::is_ascii_digit).count() >= NUMBER_DIGITS
    });
    let long: Vec<(Range<usize>, Value)> =
        long.map(|found| (found.range(), Value::Number(Amounts::of(found.as_str())))).collect();
    for (range, value) in long {
        taken.take(range, Kind::Number, value);
    }
    taken.found.sort_by_key(|(range, ..)| range.start);
    let fact = |(range, kind, values): (Range<usize>, Kind, Meanings)| {
        let text = plain.original(text, &range).trim().to_owned();
        Fact { kind, text, values }
    };
    taken.found.into_iter().map(fact).collect()
}

/// What a source bears out: its facts, each of its numbers, and what its fields hold.
pub fn of_source(text: &str) -> Vec<Value> {
    let plain = Plain::of(text);
    let mut taken = Taken::default();
    taken.read_all(&plain.text);
    let mut values: Vec<Value> = taken.found.into_iter().flat_map(|(_, _, values)| values).collect();
    values.extend(NUMBER.find_iter(&plain.text).map(|found| Value::Number(Amounts::of(found.as_str()))));
    // A field's end is where the next one begins, so each search goes on from there.
    let mut from = 0;
    while let Some(found) = FIELD.captures_at(&plain.text, from) {
        let number = found.name("number").map(|number| (number.end(), Amounts::of(number.as_str())));
        let Some((end, amounts)) = number else { break };
        values.push(Value::Field(amounts));
        from = end;
    }
    values
}

/// A text with ASCII digits in place of all others, and where each of its bytes stood.
struct Plain {
    text: String,
    at: Vec<usize>,
}

impl Plain {
    fn of(text: &str) -> Self {
        let mut plain = Self { text: String::with_capacity(text.len()), at: Vec::with_capacity(text.len() + 1) };
        for (place, char) in text.char_indices() {
            let char = ascii(char);
            plain.text.push(char);
            plain.at.extend(std::iter::repeat_n(place, char.len_utf8()));
        }
        plain.at.push(text.len());
        plain
    }

    fn original<'a>(&self, text: &'a str, range: &Range<usize>) -> &'a str {
        &text[self.at[range.start]..self.at[range.end]]
    }
}

/// Where the digits of other scripts begin: Arabic, Persian, Devanagari, Bengali, Thai, and those of full width.
const ZEROS: [u32; 6] = [0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10];

fn ascii(char: char) -> char {
    let code = u32::from(char);
    let zero = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code));
    match (zero, char) {
        (Some(zero), _) => char::from_digit(code - zero, 10).unwrap_or(char),
        (None, '٫') => '.',
        (None, '٬' | '،') => ',',
        (None, char) => char,
    }
}

/// What a writing can mean.
type Meanings = Vec<Value>;

#[derive(Default)]
struct Taken {
    found: Vec<(Range<usize>, Kind, Meanings)>,
}

impl Taken {
    /// Long writings first: a link may hold a date, and a date a number.
    fn read_all(&mut self, text: &str) {
        self.read_links(text);
        self.read_each(text, &PRICE, Kind::Price, price);
        self.read_each(text, &PERCENTAGE, Kind::Percentage, percentage);
        self.read_each(text, &NUMBERED_DAY, Kind::Date, numbered_day);
        self.read_each(text, &NAMED_DAY, Kind::Date, named_day);
        self.read_each(text, &TIME, Kind::Time, time);
        self.read_each(text, &DOTTED_TIMES, Kind::Time, dotted_times);
        self.read_each(text, &PHONE, Kind::Phone, phone);
        self.read_each(text, &QUANTITY, Kind::Quantity, quantity);
    }

    fn read_links(&mut self, text: &str) {
        let mut finder = LinkFinder::new();
        finder.url_must_have_scheme(false);
        for link in finder.links(text) {
            let written = link.as_str();
            match link.kind() {
                LinkKind::Email => {
                    self.take(link.start()..link.end(), Kind::Email, Value::Email(written.to_lowercase()));
                }
                _ if is_link(written) => {
                    self.take(link.start()..link.end(), Kind::Link, Value::Link(bare_link(written)));
                }
                _ => {}
            }
        }
    }

    /// A match may hold several facts ("8 to 12 EUR"), or none after all; each is given with all that it can mean.
    fn read_each(&mut self, text: &str, pattern: &Regex, kind: Kind, read: fn(&Captures<'_>) -> Vec<Meanings>) {
        for found in pattern.captures_iter(text) {
            let range = found.get_match().range();
            if self.is_free(&range) {
                let facts = read(&found);
                self.found.extend(facts.into_iter().map(|meanings| (range.clone(), kind, meanings)));
            }
        }
    }

    fn is_free(&self, range: &Range<usize>) -> bool {
        self.found.iter().all(|(taken, ..)| range.end <= taken.start || taken.end <= range.start)
    }

    fn take(&mut self, range: Range<usize>, kind: Kind, value: Value) {
        self.found.push((range, kind, vec![value]));
    }
}

fn price(found: &Captures<'_>) -> Vec<Meanings> {
    let currency = found.name("before").or_else(|| found.name("after"));
    let Some(currencies) = currency.and_then(|currency| Currencies::of(currency.as_str())) else { return Vec::new() };
    numerals(found, &["first", "last", "from", "to"])
        .map(|amounts| vec![Value::Price { amounts, currencies }])
        .collect()
}

fn percentage(found: &Captures<'_>) -> Vec<Meanings> {
    numerals(found, &["from", "to"]).map(|amounts| vec![Value::Percentage(amounts)]).collect()
}

fn numbered_day(found: &Captures<'_>) -> Vec<Meanings> {
    if found.get_match().as_str() == ALWAYS {
        return Vec::new();
    }
    let parts: Vec<&str> = found.iter().skip(1).flatten().map(|part| part.as_str()).collect();
    let days = match parts[..] {
        [first, second, third] => calendar::numbered(first, second, Some(third)),
        [first, second] => calendar::numbered(first, second, None),
        _ => Vec::new(),
    };
    if days.is_empty() { Vec::new() } else { vec![vec![Value::Date(days)]] }
}

fn named_day(found: &Captures<'_>) -> Vec<Meanings> {
    let part = |one: &str, other: &str| found.name(one).or_else(|| found.name(other)).map(|part| part.as_str());
    let Some((day, month)) = part("day", "day2").zip(part("month", "month2")) else { return Vec::new() };
    let day = calendar::named(day, month, part("year", "year2"));
    day.map(|day| vec![Value::Date(vec![day])]).into_iter().collect()
}

fn time(found: &Captures<'_>) -> Vec<Meanings> {
    let part = |name: &str| found.name(name).map(|part| part.as_str());
    let half = match (part("morning"), part("afternoon")) {
        (Some(_), _) => Half::Morning,
        (_, Some(_)) => Half::Afternoon,
        _ => Half::Unsaid,
    };
    let minute = part("minute").or_else(|| part("minute2"));
    let hours = ["hour", "hour2", "hour3"].into_iter().find_map(part).into_iter();
    let mut facts: Vec<Meanings> = hours.map(|hour| at(hour, minute, half)).collect();
    // "8 to 5 pm" leaves the half of the day of the first open.
    facts.extend(["from", "from3"].into_iter().find_map(part).map(|hour| at(hour, None, Half::Unsaid)));
    if part("bare").is_some() {
        // "24h" may be how long something takes.
        let hours = numerals(found, &["hour3"]).filter_map(|amounts| unit::measured(&amounts, "h"));
        let spans = hours.map(|(amounts, unit)| Value::Quantity { amounts, unit });
        facts.iter_mut().zip(spans).for_each(|(meanings, span)| meanings.push(span));
    }
    facts.retain(|meanings| !meanings.is_empty());
    facts
}

fn dotted_times(found: &Captures<'_>) -> Vec<Meanings> {
    let (_, [first_hour, first_minute, last_hour, last_minute]) = found.extract();
    let ends = [(first_hour, first_minute), (last_hour, last_minute)];
    let times = ends.map(|(hour, minute)| at(hour, Some(minute), Half::Unsaid));
    if times.iter().any(Vec::is_empty) { Vec::new() } else { times.into() }
}

fn at(hour: &str, minute: Option<&str>, half: Half) -> Meanings {
    let minutes = calendar::minutes(hour, minute, half);
    if minutes.is_empty() { Vec::new() } else { vec![Value::Time(minutes)] }
}

fn phone(found: &Captures<'_>) -> Vec<Meanings> {
    let digits: String = found.get_match().as_str().chars().filter(char::is_ascii_digit).collect();
    if !(PHONE_DIGITS..=MAX_PHONE_DIGITS).contains(&digits.len()) {
        return Vec::new();
    }
    // Written from within the country it begins with a zero, from outside without.
    vec![vec![Value::Phone(digits.trim_start_matches('0').to_owned())]]
}

fn quantity(found: &Captures<'_>) -> Vec<Meanings> {
    let word = found.name("word").and_then(|word| unit::number_word(word.as_str()));
    let Some(unit) = found.name("unit") else { return Vec::new() };
    let measured =
        numerals(found, &["from", "to"]).chain(word).filter_map(|amounts| unit::measured(&amounts, unit.as_str()));
    measured.map(|(amounts, unit)| vec![Value::Quantity { amounts, unit }]).collect()
}

fn numerals<'f>(found: &'f Captures<'_>, names: &'f [&str]) -> impl Iterator<Item = Amounts> {
    names.iter().filter_map(|name| found.name(name)).map(|numeral| Amounts::of(numeral.as_str()))
}

/// Endings of addresses that are written without `https://` or `www.`; every other word of two letters may be a country.
const ENDINGS: [&str; 12] =
    ["com", "org", "net", "info", "shop", "store", "app", "example", "online", "site", "cafe", "restaurant"];

/// Whether it is an address, and no slip at the end of a sentence.
fn is_link(written: &str) -> bool {
    if written.contains("://") || written.starts_with("www.") {
        return true;
    }
    let host = written.split(['/', '?', '#']).next().unwrap_or_default();
    let ending = host.rsplit('.').next().unwrap_or_default();
    ENDINGS.contains(&ending) || (ending.len() == 2 && ending.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// An address as people compare it.
fn bare_link(written: &str) -> String {
    let rest = written.split_once("://").map_or(written, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    format!("{}{}", host.to_lowercase(), path.trim_end_matches('/'))
}
