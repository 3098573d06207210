//! Phones as people write them, and the ways in which WhatsApp knows one and the same phone.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};

/// E.164 allows fifteen; nobody has fewer than seven.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Why a writing is nobody's phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAPhone {
    /// It has no country code, and the number it is for does not tell its own country.
    NoCountry,
    /// No phone of that country has so many digits, or there is no such country.
    Impossible,
}

/// The digits of a phone in any usual writing, with its country code. One without it is read as in the country of
/// `home`, the phone of our own number.
pub fn read(writing: &str, home: Option<&str>) -> Result<String, NotAPhone> {
    let writing = writing.trim();
    if let Some(rest) = writing.strip_prefix('+').or_else(|| writing.strip_prefix("00")) {
        return international(rest).ok_or(NotAPhone::Impossible);
    }
    let region = home.and_then(region_of);
    let national = region.map(|region| national(writing, region));
    match national {
        Some(Some(digits)) => Ok(digits),
        // Meta's own writing, without the plus: only where the phone is one that can be in use.
        _ => match international(writing).filter(|digits| is_plain(writing) && is_in_use(digits)) {
            Some(digits) => Ok(digits),
            None => Err(if region.is_some() { NotAPhone::Impossible } else { NotAPhone::NoCountry }),
        },
    }
}

/// All ways in which WhatsApp may know the phone, itself first: Brazil's ninth digit, Mexico's 1 and Argentina's 9 after
/// the country code are there in one place and not in the other.
pub fn variants(digits: &str) -> Vec<String> {
    let mut found = vec![digits.to_owned()];
    let add_at = |place: usize, digit: &str| format!("{}{digit}{}", &digits[..place], &digits[place..]);
    let drop_at = |place: usize| format!("{}{}", &digits[..place], &digits[place + 1..]);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return found;
    }
    let digit = |place: usize| digits.as_bytes().get(place).copied().unwrap_or_default();
    let is_mobile = |place: usize| (b'6'..=b'9').contains(&digit(place));
    match (&digits[..digits.len().min(2)], digits.len()) {
        ("55", 12) if is_mobile(4) => found.push(add_at(4, "9")),
        ("55", 13) if digit(4) == b'9' && is_mobile(5) => found.push(drop_at(4)),
        ("52", 12) => found.push(add_at(2, "1")),
        ("52", 13) if digit(2) == b'1' => found.push(drop_at(2)),
        ("54", 12) => found.push(add_at(2, "9")),
        ("54", 13) if digit(2) == b'9' => found.push(drop_at(2)),
        _ => {}
    }
    found
}

fn is_plain(writing: &str) -> bool {
    writing.bytes().all(|byte| byte.is_ascii_digit())
}

fn parse(writing: &str, region: Option<Region>) -> Option<PhoneNumber> {
    PHONE_NUMBER_UTIL.parse(writing, region).ok().filter(|phone| PHONE_NUMBER_UTIL.is_possible_number(phone))
}

fn e164(phone: &PhoneNumber) -> Option<String> {
    let written = PHONE_NUMBER_UTIL.format(phone, PhoneNumberFormat::E164);
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    DIGITS.contains(&digits.len()).then_some(digits)
}

/// A variant of the three countries is kept as it is written, though the library knows only one of the two: which one
/// WhatsApp means is for the contact to say.
fn international(rest: &str) -> Option<String> {
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let variants = variants(&digits);
    let others = variants.iter().skip(1).cloned();
    let mut writings = std::iter::once(rest.to_owned()).chain(others);
    let read = writings.find_map(|writing| parse(&format!("+{writing}"), None).as_ref().and_then(e164))?;
    Some(if variants.contains(&read) { digits } else { read })
}

fn national(writing: &str, region: Region) -> Option<String> {
    e164(&parse(writing, Some(region))?)
}

fn is_in_use(digits: &str) -> bool {
    parse(&format!("+{digits}"), None).is_some_and(|phone| PHONE_NUMBER_UTIL.is_valid_number(&phone))
}

/// The country of a phone that is written with its country code, with or without the plus.
fn region_of(home: &str) -> Option<Region> {
    let digits: String = home.chars().filter(char::is_ascii_digit).collect();
    let phone = PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None).ok()?;
    let region = PHONE_NUMBER_UTIL.get_region_for_number(&phone);
    region.or_else(|| PHONE_NUMBER_UTIL.get_region_for_country_code(phone.country_code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_read_as_people_write_them() {
        let us = Some("+1 555-000-1111");
        for (writing, home, digits) in [
            ("+1 (555) 000-2222", None, "15550002222"),
            ("+15550002222", None, "15550002222"),
            ("(555) 000-2222", us, "15550002222"),
            ("555.000.2222", Some("15550001111"), "15550002222"),
            ("1 555 000 2222", us, "15550002222"),
            ("15550002222", us, "15550002222"),
            ("0041790000001", None, "41790000001"),
            ("41790000001", us, "41790000001"),
            ("41790000001", None, "41790000001"),
            ("079 000 00 01", Some("+41 79 000 00 02"), "41790000001"),
            ("+44 (0)20 7946 0018", None, "442079460018"),
            ("(11) 98765-4321", Some("551112345678"), "5511987654321"),
            ("+5215512345678", None, "5215512345678"),
            ("+52 55 1234 5678", None, "525512345678"),
            ("+5491123456789", None, "5491123456789"),
            ("+551187654321", None, "551187654321"),
        ] {
            assert_eq!(read(writing, home).as_deref(), Ok(digits), "{writing} at {home:?}");
        }
    }

    #[test]
    fn what_nobody_can_have_is_no_phone() {
        let us = Some("15550001111");
        for (writing, home, why) in [
            ("+12", None, NotAPhone::Impossible),
            ("+0123456789", None, NotAPhone::Impossible),
            ("+1555000222212345", None, NotAPhone::Impossible),
            ("+999 12345678", None, NotAPhone::Impossible),
            ("555 000 22223", us, NotAPhone::Impossible),
            ("55500", us, NotAPhone::Impossible),
            ("(555) 000-2222", None, NotAPhone::NoCountry),
            ("15550002222", None, NotAPhone::NoCountry),
            ("", us, NotAPhone::Impossible),
        ] {
            assert_eq!(read(writing, home), Err(why), "{writing} at {home:?}");
        }
    }

    #[test]
    fn a_phone_is_known_by_all_its_variants() {
        for (one, other) in
            [("5511987654321", "551187654321"), ("5215512345678", "525512345678"), ("5491123456789", "541123456789")]
        {
            assert_eq!(variants(one), [one, other]);
            assert_eq!(variants(other), [other, one]);
        }
        for alone in ["551133334444", "15550002222", "5", "", "é5123456789"] {
            assert_eq!(variants(alone), [alone]);
        }
    }
}
