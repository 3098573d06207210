//! Units of measure and of time, in the languages that customers write most.

use super::number::Amounts;

/// What is measured. Amounts are kept in the smallest unit of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Milligrams.
    Mass,
    /// Millilitres.
    Volume,
    /// Millimetres.
    Length,
    /// Minutes.
    Span,
    /// Months: they are not so many days.
    Months,
    People,
    Pieces,
}

impl Unit {
    pub fn is_alike(self, other: &Self) -> bool {
        self == *other
    }
}

type Named = (Unit, u64, &'static [&'static str]);

const UNITS: [Named; 19] = [
    (Unit::Mass, 1, &["mg"]),
    (
        Unit::Mass,
        1_000,
        &["g", "gr", "gramos", "gramas", "gramme", "grammes", "gramm", "gram", "grams", "جرام", "غرام"],
    ),
    (Unit::Mass, 1_000_000, &["kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "كجم", "كيلو"]),
    (Unit::Volume, 1, &["ml"]),
    (Unit::Volume, 10, &["cl"]),
    (Unit::Volume, 1_000, &["l", "litre", "litres", "liter", "liters", "litro", "litros", "لتر"]),
    (Unit::Length, 1, &["mm"]),
    (Unit::Length, 10, &["cm"]),
    (Unit::Length, 1_000, &["m", "metre", "metres", "meter", "meters", "metro", "metros", "متر"]),
    (Unit::Length, 1_000_000, &["km", "kms", "kilometre", "kilometres", "kilometer", "kilometers", "كم"]),
    (Unit::Span, 1, &["min", "mins", "minute", "minutes", "minuto", "minutos", "minuten", "دقيقة", "دقائق"]),
    (
        Unit::Span,
        60,
        &["hour", "hours", "hora", "horas", "heure", "heures", "stunde", "stunden", "h", "hr", "hrs", "ساعة", "ساعات"],
    ),
    (
        Unit::Span,
        24 * 60,
        &[
            "day", "days", "día", "días", "dia", "dias", "jour", "jours", "tag", "tage", "tagen", "night", "nights",
            "noche", "noches", "noite", "noites", "nuit", "nuits", "يوم", "أيام",
        ],
    ),
    (
        Unit::Span,
        7 * 24 * 60,
        &["week", "weeks", "semana", "semanas", "semaine", "semaines", "woche", "wochen", "أسبوع", "أسابيع"],
    ),
    (Unit::Months, 1, &["month", "months", "mes", "meses", "mês", "mois", "monat", "monate", "monaten", "شهر", "أشهر"]),
    (
        Unit::Months,
        12,
        &["year", "years", "año", "años", "ano", "anos", "ans", "jahr", "jahre", "jahren", "سنة", "سنوات"],
    ),
    (
        Unit::People,
        1,
        &[
            "people",
            "persons",
            "person",
            "guests",
            "guest",
            "personas",
            "persona",
            "pessoas",
            "pessoa",
            "personnes",
            "personne",
            "personen",
            "أشخاص",
            "شخص",
        ],
    ),
    (
        Unit::Pieces,
        1,
        &[
            "pieces", "piece", "pcs", "units", "unit", "piezas", "pieza", "unidades", "unidad", "unidade", "peças",
            "peça", "pièces", "pièce", "stück", "قطع", "قطعة",
        ],
    ),
    (Unit::Pieces, 12, &["dozen", "dozens", "docena", "docenas", "dúzia", "dúzias", "dutzend"]),
];

/// Numbers that are mostly written as words; an article is none.
const NUMBERS: [(u64, &[&str]); 11] = [
    (2, &["two", "dos", "dois", "duas", "deux", "zwei"]),
    (3, &["three", "tres", "três", "trois", "drei"]),
    (4, &["four", "cuatro", "quatro", "quatre", "vier"]),
    (5, &["five", "cinco", "cinq", "fünf"]),
    (6, &["six", "seis", "sechs"]),
    (7, &["seven", "siete", "sete", "sept", "sieben"]),
    (8, &["eight", "ocho", "oito", "huit", "acht"]),
    (9, &["nine", "nueve", "nove", "neuf", "neun"]),
    (10, &["ten", "diez", "dez", "dix", "zehn"]),
    (11, &["eleven", "once", "onze", "elf"]),
    (12, &["twelve", "doce", "doze", "douze", "zwölf"]),
];

/// Every word that names a unit, longer ones before those they begin with.
pub fn names() -> Vec<&'static str> {
    longest_first(UNITS.iter().flat_map(|(_, _, names)| names.iter().copied()))
}

/// Every word that names a number.
pub fn number_words() -> Vec<&'static str> {
    longest_first(NUMBERS.iter().flat_map(|(_, words)| words.iter().copied()))
}

fn longest_first(words: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut words: Vec<&str> = words.collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// The number that a word names.
pub fn number_word(word: &str) -> Option<Amounts> {
    let word = word.to_lowercase();
    let (number, _) = NUMBERS.iter().find(|(_, words)| words.contains(&word.as_str()))?;
    Some(Amounts::whole(*number))
}

/// So many of a unit, in the smallest unit of its kind.
pub fn measured(amounts: &Amounts, unit: &str) -> Option<(Amounts, Unit)> {
    let word = unit.to_lowercase();
    let (unit, factor, _) = UNITS.iter().find(|(_, _, names)| names.contains(&word.as_str()))?;
    Some((amounts.times(*factor), *unit))
}
