//! Texts of a template: their variables, and an example for each.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::Faults;

/// Words around each variable, or Meta holds the text to be too short for them.
const WORDS_PER_VARIABLE: usize = 2;

static VARIABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{\{([^{}]*)\}\}").expect("our own pattern can be read"));

#[derive(Debug, Clone, Copy)]
pub struct TextRule<'a> {
    pub max_variables: usize,
    /// Whether variables may stand first, last and side by side.
    pub anywhere: bool,
    /// The key of the examples, to which `_named_params` is added.
    pub example: &'a str,
}

pub fn check(component: &Value, at: &str, rule: TextRule<'_>, named: bool, faults: &mut Faults) {
    let text = component.get("text").and_then(Value::as_str).unwrap_or_default();
    let field = format!("{at}.text");
    if text.trim().is_empty() {
        return faults.add(field, "must say something");
    }
    if text.contains("{{") && VARIABLE.replace_all(text, "").contains("{{") {
        return faults.add(field, "has a {{ without its }}");
    }
    let names = variables(text);
    if names.len() > rule.max_variables {
        let most = if rule.max_variables == 0 { "no variables" } else { "one variable" };
        return faults.add(field, format!("may have {most} here"));
    }
    if let Some(message) = naming_problem(&names, named) {
        return faults.add(field, message);
    }
    if !rule.anywhere {
        check_surroundings(text, names.len(), &field, faults);
    }
    check_examples(component, at, rule.example, &names, named, faults);
}

/// The names of a text's variables, each once, in order.
pub fn variables(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for capture in VARIABLE.captures_iter(text) {
        let name = capture.get(1).map_or("", |name| name.as_str());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn naming_problem(names: &[&str], named: bool) -> Option<String> {
    if named {
        let is_name = |name: &str| {
            name.starts_with(|first: char| first.is_ascii_lowercase())
                && name.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_')
        };
        let wrong = names.iter().find(|name| !is_name(name))?;
        return Some(format!("the variable {wrong:?} must be named in lower case, such as {{{{first_name}}}}"));
    }
    let mut numbers: Vec<usize> = Vec::with_capacity(names.len());
    for name in names {
        match name.parse() {
            Ok(number) => numbers.push(number),
            Err(_) => {
                return Some(format!("the variable {name:?} must be a number, unless parameter_format is named"));
            }
        }
    }
    numbers.sort_unstable();
    let gapless = numbers.iter().copied().eq(1..=numbers.len());
    (!gapless).then(|| "its variables must be numbered from {{1}} without gaps".to_owned())
}

fn check_surroundings(text: &str, variables: usize, field: &str, faults: &mut Faults) {
    let text = text.trim();
    if variables == 0 {
        return;
    }
    if text.starts_with("{{") || text.ends_with("}}") {
        faults.add(field, "must not begin or end with a variable");
    }
    if text.split("}}").skip(1).any(|rest| rest.trim_start().starts_with("{{")) {
        faults.add(field, "must have words between two variables");
    }
    let words = VARIABLE.replace_all(text, " ").split_whitespace().count();
    if words < variables * WORDS_PER_VARIABLE {
        faults.add(field, "has too many variables for its length: write more words around them");
    }
}

fn check_examples(component: &Value, at: &str, key: &str, names: &[&str], named: bool, faults: &mut Faults) {
    if names.is_empty() {
        return;
    }
    if named {
        let field = format!("{at}.example.{key}_named_params");
        let given = component.pointer(&format!("/example/{key}_named_params")).and_then(Value::as_array);
        for name in names {
            let has =
                given.into_iter().flatten().any(|item| item["param_name"] == *name && is_filled(&item["example"]));
            if !has {
                faults.add(&field, format!("needs an example for {name}: {{\"param_name\", \"example\"}}"));
            }
        }
        return;
    }
    let given = component.pointer(&format!("/example/{key}"));
    // Of a body it is a list of lists, one for each set of examples.
    let list =
        given.and_then(|given| given.get(0)).filter(|first| first.is_array()).or(given).and_then(Value::as_array);
    let filled = list.map_or(0, |list| list.iter().filter(|item| is_filled(item)).count());
    if filled != names.len() {
        let field = format!("{at}.example.{key}");
        faults.add(field, format!("must hold an example for each variable: {} of them", names.len()));
    }
}

fn is_filled(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}
