//! Numerals: one writing, and all the amounts it can stand for.

/// The amounts that a numeral may mean, each in its shortest decimal writing: `1.234` is `1234` in Madrid and `1.234` in
/// London.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Amounts(Vec<String>);

impl Amounts {
    /// What `numeral`, ASCII digits with separators, can mean.
    pub fn of(numeral: &str) -> Self {
        let separators: Vec<char> = numeral.chars().filter(|char| !char.is_ascii_digit()).collect();
        let Some(&last) = separators.last() else { return Self(vec![shortest(numeral, "")]) };
        let is_point = matches!(last, '.' | ',');
        let mut amounts = Vec::new();
        if separators.iter().all(|separator| *separator == last) && are_groups(numeral, last) {
            amounts.push(shortest(&digits(numeral), ""));
        }
        // A point stands once, and behind all that groups.
        if is_point && separators.iter().filter(|separator| **separator == last).count() == 1 {
            let (whole, fraction) = numeral.rsplit_once(last).unwrap_or((numeral, ""));
            amounts.push(shortest(&digits(whole), fraction));
        }
        if amounts.is_empty() {
            amounts.push(numeral.to_owned());
        }
        Self(amounts)
    }

    /// A whole number.
    pub fn whole(number: u64) -> Self {
        Self(vec![number.to_string()])
    }

    /// Whether both can mean the same.
    pub fn meet(&self, other: &Self) -> bool {
        self.0.iter().any(|amount| other.0.contains(amount))
    }

    /// The same, `factor` times.
    pub fn times(&self, factor: u64) -> Self {
        Self(self.0.iter().map(|amount| multiplied(amount, factor).unwrap_or_else(|| amount.clone())).collect())
    }
}

/// Whether the separator can group digits: threes from the right, or, as in India, twos before the last three.
fn are_groups(numeral: &str, separator: char) -> bool {
    let mut groups: Vec<usize> = numeral.split(separator).map(str::len).collect();
    let first = groups.remove(0);
    let last = groups.pop();
    let is_written_so = numeral.starts_with(|first: char| first != '0');
    is_written_so
        && last == Some(3)
        && (1..=3).contains(&first)
        && (groups.iter().all(|group| *group == 3) || (first <= 2 && groups.iter().all(|group| *group == 2)))
}

fn digits(numeral: &str) -> String {
    numeral.chars().filter(char::is_ascii_digit).collect()
}

/// `007`, `50` is `7.5`.
fn shortest(whole: &str, fraction: &str) -> String {
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

/// `None` where it is longer than anything that is counted.
fn multiplied(amount: &str, factor: u64) -> Option<String> {
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let product = format!("{whole}{fraction}").parse::<u128>().ok()?.checked_mul(factor.into())?.to_string();
    let product = format!("{product:0>width$}", width = fraction.len() + 1);
    let (whole, fraction) = product.split_at(product.len() - fraction.len());
    Some(shortest(whole, fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numeral_means_all_that_people_mean_by_it() {
        for (numeral, amounts) in [
            ("12", &["12"][..]),
            ("12.50", &["12.5"]),
            ("12,5", &["12.5"]),
            ("1.234", &["1234", "1.234"]),
            ("0.500", &["0.5"]),
            ("1,234.50", &["1234.5"]),
            ("1.234,5", &["1234.5"]),
            ("1 234,50", &["1234.5"]),
            ("1'000'000", &["1000000"]),
            ("12,34,567", &["1234567"]),
            ("007", &["7"]),
            ("1.2.3", &["1.2.3"]),
        ] {
            assert_eq!(Amounts::of(numeral).0, amounts, "{numeral}");
        }
    }

    #[test]
    fn an_amount_is_multiplied_exactly() {
        assert_eq!(Amounts::of("1.5").times(1000), Amounts::whole(1500));
        assert_eq!(Amounts::of("0,25").times(10).0, ["2.5"]);
        assert_eq!(Amounts::of("0.05").times(1).0, ["0.05"]);
    }
}
