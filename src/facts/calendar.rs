//! Days and the time of day, as people write them.

/// A day. A year that was not written is any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    day: u32,
    month: u32,
    year: Option<i32>,
}

impl Day {
    pub fn of(day: u32, month: u32, year: Option<i32>) -> Self {
        Self { day, month, year }
    }

    pub fn is(&self, other: &Self) -> bool {
        let is_year = self.year.zip(other.year).is_none_or(|(one, two)| one == two);
        self.day == other.day && self.month == other.month && is_year
    }
}

/// Names of the months in English, Spanish, Portuguese, French, German, Italian and Arabic, and how they are cut short,
/// where that is no other word.
const MONTHS: [&[&str]; 12] = [
    &["january", "enero", "janeiro", "janvier", "januar", "gennaio", "يناير", "jan", "ene", "janv"],
    &["february", "febrero", "fevereiro", "février", "februar", "febbraio", "فبراير", "feb", "fev", "févr"],
    &["march", "marzo", "março", "mars", "märz", "مارس", "mar"],
    &["april", "abril", "avril", "aprile", "أبريل", "إبريل", "apr", "abr", "avr"],
    &["may", "mayo", "maio", "mai", "maggio", "مايو"],
    &["june", "junio", "junho", "juin", "juni", "giugno", "يونيو", "jun"],
    &["july", "julio", "julho", "juillet", "juli", "luglio", "يوليو", "jul"],
    &["august", "agosto", "août", "أغسطس", "aug", "ago"],
    &["september", "septiembre", "setembro", "septembre", "settembre", "سبتمبر", "sept", "sep"],
    &["october", "octubre", "outubro", "octobre", "oktober", "ottobre", "أكتوبر", "oct", "okt"],
    &["november", "noviembre", "novembro", "novembre", "نوفمبر", "nov"],
    &["december", "diciembre", "dezembro", "décembre", "dezember", "dicembre", "ديسمبر", "dec", "dic", "dez", "déc"],
];

/// Every name of a month, longer ones before those they begin with.
pub fn month_names() -> Vec<&'static str> {
    let mut names: Vec<&str> = MONTHS.iter().flat_map(|names| names.iter().copied()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names
}

/// A day whose month is a name.
pub fn named(day: &str, month: &str, year: Option<&str>) -> Option<Day> {
    // In small letters it is a verb.
    if month == "may" {
        return None;
    }
    let month = month.to_lowercase();
    let place = MONTHS.iter().position(|names| names.contains(&month.as_str()))?;
    valid(day.parse().ok()?, u32::try_from(place).ok()? + 1, year.and_then(full_year))
}

/// What two or three numbers mean as a day: both orders where both can be.
pub fn numbered(first: &str, second: &str, third: Option<&str>) -> Vec<Day> {
    let (Ok(first_number), Ok(second_number)) = (first.parse::<u32>(), second.parse::<u32>()) else {
        return Vec::new();
    };
    if first.len() == 4 {
        let day = third.and_then(|third| third.parse().ok());
        let year = i32::try_from(first_number).ok();
        return day.and_then(|day| valid(day, second_number, year)).into_iter().collect();
    }
    let year = third.and_then(full_year);
    let mut days: Vec<Day> = valid(first_number, second_number, year).into_iter().collect();
    days.extend(valid(second_number, first_number, year).filter(|day| !days.contains(day)));
    days
}

fn full_year(year: &str) -> Option<i32> {
    let number: i32 = year.parse().ok()?;
    Some(if year.len() == 2 { 2000 + number } else { number })
}

fn valid(day: u32, month: u32, year: Option<i32>) -> Option<Day> {
    // A leap year, where none was written.
    chrono::NaiveDate::from_ymd_opt(year.unwrap_or(2024), month, day).map(|_| Day { day, month, year })
}

/// Which half of the day was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    Morning,
    Afternoon,
    /// None: what can be read as either is.
    Unsaid,
}

const NOON_HOUR: u16 = 12;

/// The minutes since midnight that a time can mean; none where it is none.
pub fn minutes(hour: &str, minute: Option<&str>, half: Half) -> Vec<u16> {
    let (Ok(hour), Ok(minute)) = (hour.parse::<u16>(), minute.unwrap_or("0").parse::<u16>()) else { return Vec::new() };
    if hour > 24 || minute > 59 || (half != Half::Unsaid && hour > NOON_HOUR) {
        return Vec::new();
    }
    let at = |hour: u16| (hour % 24) * 60 + minute;
    match half {
        Half::Morning => vec![at(hour % NOON_HOUR)],
        Half::Afternoon => vec![at(hour % NOON_HOUR + NOON_HOUR)],
        Half::Unsaid if hour <= NOON_HOUR => vec![at(hour), at(hour + NOON_HOUR)],
        Half::Unsaid => vec![at(hour)],
    }
}
