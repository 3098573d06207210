//! Currencies by the signs, codes and words that people write.

/// The codes (ISO 4217) that a sign or a word may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currencies(&'static [&'static str]);

impl Currencies {
    /// Reads what [`SIGNS`], [`CODES`] and [`WORDS`] let through.
    pub fn of(written: &str) -> Option<Self> {
        let written = written.trim();
        let named =
            NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(written) || *name == written.to_lowercase());
        if let Some((_, codes)) = named {
            return Some(Self(codes));
        }
        let place = CODES.iter().position(|code| code.eq_ignore_ascii_case(written))?;
        Some(Self(&CODES[place..=place]))
    }

    pub fn meet(self, other: &Self) -> bool {
        self.0.iter().any(|code| other.0.contains(code))
    }
}

/// Codes are read in capitals only: some of them are words.
pub const CODES: [&str; 54] = [
    "EUR", "USD", "GBP", "BRL", "MXN", "ARS", "COP", "CLP", "PEN", "UYU", "BOB", "PYG", "DOP", "GTQ", "CRC", "INR",
    "PKR", "LKR", "BDT", "NPR", "AED", "SAR", "QAR", "KWD", "BHD", "OMR", "JOD", "EGP", "MAD", "TND", "TRY", "ILS",
    "ZAR", "NGN", "KES", "GHS", "JPY", "CNY", "KRW", "CAD", "AUD", "NZD", "SGD", "HKD", "CHF", "SEK", "NOK", "DKK",
    "PLN", "CZK", "HUF", "RON", "IDR", "THB",
];

/// Longer ones before those they begin with.
pub const SIGNS: [&str; 22] = [
    "R$", "US$", "MX$", "CA$", "AU$", "A$", "S/.", "S/", "€", "$", "£", "¥", "₹", "₺", "₪", "₦", "₩", "฿", "₫", "₱",
    "zł", "Kč",
];

/// In small letters; read in any. Words that mean other things more often are left out.
pub const WORDS: [&str; 36] = [
    "euros",
    "euro",
    "dollars",
    "dollar",
    "dólares",
    "dólar",
    "pounds",
    "pound",
    "libras",
    "pesos",
    "peso",
    "reais",
    "reales",
    "rupees",
    "rupee",
    "rupias",
    "rs",
    "dirhams",
    "dirham",
    "riyals",
    "riyal",
    "soles",
    "quetzales",
    "guaraníes",
    "francs",
    "franken",
    "kronor",
    "kroner",
    "kr",
    "lira",
    "naira",
    "يورو",
    "دولار",
    "درهم",
    "ريال",
    "جنيه",
];

const DOLLARS: &[&str] = &["USD", "CAD", "AUD", "NZD", "SGD", "HKD"];
const PESOS: &[&str] = &["MXN", "ARS", "COP", "CLP", "UYU", "DOP", "PHP"];
const RUPEES: &[&str] = &["INR", "PKR", "LKR", "NPR"];
const DIRHAMS: &[&str] = &["AED", "MAD"];
const RIYALS: &[&str] = &["SAR", "QAR", "OMR"];
const POUNDS: &[&str] = &["GBP", "EGP"];
const FRANCS: &[&str] = &["CHF"];
const KRONER: &[&str] = &["SEK", "NOK", "DKK"];
const REAIS: &[&str] = &["BRL"];
const SOLES: &[&str] = &["PEN"];
/// A bare sign: whichever dollars or pesos the business counts in.
const DOLLARS_OR_PESOS: &[&str] = &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "COP", "CLP", "UYU", "DOP"];

const NAMES: [(&str, &[&str]); 58] = [
    ("€", &["EUR"]),
    ("euros", &["EUR"]),
    ("euro", &["EUR"]),
    ("يورو", &["EUR"]),
    ("$", DOLLARS_OR_PESOS),
    ("US$", &["USD"]),
    ("MX$", &["MXN"]),
    ("CA$", &["CAD"]),
    ("AU$", &["AUD"]),
    ("A$", &["AUD"]),
    ("dollars", DOLLARS),
    ("dollar", DOLLARS),
    ("dólares", DOLLARS),
    ("dólar", DOLLARS),
    ("دولار", DOLLARS),
    ("£", POUNDS),
    ("pounds", POUNDS),
    ("pound", POUNDS),
    ("libras", POUNDS),
    ("جنيه", POUNDS),
    ("pesos", PESOS),
    ("peso", PESOS),
    ("R$", REAIS),
    ("reais", REAIS),
    ("reales", REAIS),
    ("¥", &["JPY", "CNY"]),
    ("₹", &["INR"]),
    ("rupees", RUPEES),
    ("rupee", RUPEES),
    ("rupias", RUPEES),
    ("rs", RUPEES),
    ("dirhams", DIRHAMS),
    ("dirham", DIRHAMS),
    ("درهم", DIRHAMS),
    ("riyals", RIYALS),
    ("riyal", RIYALS),
    ("ريال", RIYALS),
    ("S/.", SOLES),
    ("S/", SOLES),
    ("soles", SOLES),
    ("quetzales", &["GTQ"]),
    ("guaraníes", &["PYG"]),
    ("francs", FRANCS),
    ("franken", FRANCS),
    ("kronor", KRONER),
    ("kroner", KRONER),
    ("kr", KRONER),
    ("₺", &["TRY"]),
    ("lira", &["TRY"]),
    ("₪", &["ILS"]),
    ("₦", &["NGN"]),
    ("naira", &["NGN"]),
    ("₩", &["KRW"]),
    ("฿", &["THB"]),
    ("₫", &["VND"]),
    ("₱", &["PHP"]),
    ("zł", &["PLN"]),
    ("Kč", &["CZK"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_and_word_means_something() {
        for written in SIGNS.iter().chain(&WORDS).chain(&CODES) {
            assert!(Currencies::of(written).is_some(), "{written}");
        }
    }

    #[test]
    fn a_sign_means_what_its_country_means_by_it() {
        let meet =
            |one: &str, other: &str| Currencies::of(one).zip(Currencies::of(other)).is_some_and(|(a, b)| a.meet(&b));
        assert!(meet("€", "EUR") && meet("$", "MXN") && meet("$", "US$") && meet("R$", "reais") && meet("Rs", "₹"));
        assert!(!meet("€", "$") && !meet("R$", "$") && !meet("£", "EUR"));
    }
}
