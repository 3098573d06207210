//! The `{{1}}` and `{{first_name}}` in a template's texts.

/// The variables of a text in the order they stand; none if braces do not pair.
pub(crate) fn of(text: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let after = &rest[start + 2..];
        let end = after.find("}}")?;
        found.push(after[..end].trim());
        rest = &after[end + 2..];
    }
    Some(found)
}

/// The same, each once.
pub(crate) fn distinct(text: &str) -> Vec<&str> {
    let mut seen: Vec<&str> = Vec::new();
    for name in of(text).unwrap_or_default() {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

/// The text with each variable replaced; one that has no value stays as it is.
pub(crate) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let Some(length) = rest[start..].find("}}") else { break };
        let name = rest[start + 2..start + length].trim();
        filled.push_str(&rest[..start]);
        filled.push_str(&value(name).unwrap_or_else(|| format!("{{{{{name}}}}}")));
        rest = &rest[start + length + 2..];
    }
    filled.push_str(rest);
    filled
}

/// Whether variables are `{{1}}`, `{{2}}` and so on without gaps.
pub(crate) fn are_positional(names: &[&str]) -> bool {
    let mut numbers: Vec<usize> = names.iter().filter_map(|name| name.parse().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.len() == distinct_count(names) && numbers.iter().enumerate().all(|(place, number)| *number == place + 1)
}

/// Whether variables are words in lower case, as `{{first_name}}`.
pub(crate) fn are_named(names: &[&str]) -> bool {
    names.iter().all(|name| {
        let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
        starts_well && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    })
}

fn distinct_count(names: &[&str]) -> usize {
    let mut names = names.to_vec();
    names.sort_unstable();
    names.dedup();
    names.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_judged_and_filled() {
        assert_eq!(of("Hi {{1}} and {{ 2 }}"), Some(vec!["1", "2"]));
        assert_eq!(of("Hi {{1"), None);
        assert!(are_positional(&["1", "2", "1"]) && !are_positional(&["1", "3"]) && !are_positional(&["name"]));
        assert!(are_named(&["first_name"]) && !are_named(&["First"]) && !are_named(&["1"]));
        let filled = fill("Hi {{1}}, {{2}}!", |name| (name == "1").then(|| "Ana".to_owned()));
        assert_eq!(filled, "Hi Ana, {{2}}!");
    }
}
