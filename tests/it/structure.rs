//! Which way the modules point, and what must be absent. `ARCHITECTURE.md` says it in words.

use std::path::{Path, PathBuf};

/// A module may use those of its own line and below.
const LAYERS: [&[&str]; 8] = [
    &["main", "demo", "check", "health"],
    &["serve", "backup", "bootstrap", "rotate"],
    &["api", "intake", "jobs"],
    &["turn", "delivery"],
    &["tools", "telemetry", "shield", "account", "media", "consent", "stats", "privacy"],
    &["app"],
    &["knowledge", "prompt", "llm", "whatsapp", "store", "facts"],
    &["config", "clock", "secrets", "passwords", "blobs"],
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

fn module_of(path: &Path, root: &Path) -> String {
    let first = path.strip_prefix(root).expect("below src").components().next().expect("a name");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The modules of our own crate that a file names, tests aside.
fn uses(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found: Vec<String> = Vec::new();
    for (place, _) in code.match_indices("crate::") {
        let rest = &code[place + "crate::".len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        };
        for name in names {
            let word: String =
                name.trim().chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '_').collect();
            found.push(word);
        }
    }
    found
}

#[test]
fn nothing_points_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for path in sources(&root) {
        let module = module_of(&path, &root);
        let Some(own) = layer(&module) else { continue };
        let text = std::fs::read_to_string(&path).expect("readable");
        for used in uses(&text) {
            if layer(&used).is_some_and(|other| other < own) {
                wrong.push(format!("{} uses {used}", path.strip_prefix(&root).expect("below").display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn some_things_are_absent() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&root) {
        let module = module_of(&path, &root);
        let text = std::fs::read_to_string(&path).expect("readable");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let shown = path.strip_prefix(&root).expect("below").display().to_string();
        if module == "prompt" {
            assert!(
                !code.contains("reqwest") && !code.contains("sea_orm"),
                "{shown}: prompt touches neither network nor database"
            );
        }
        if module == "whatsapp" || module == "llm" {
            assert!(!code.contains("sea_orm") && !code.contains("entity::"), "{shown} knows no table");
        }
        if !["store", "bootstrap", "backup", "api", "app", "main", "check"].contains(&module.as_str()) {
            assert!(
                !code.contains("QueryFilter") && !code.contains("Entity::find"),
                "{shown}: only store writes queries"
            );
        }
        if !["api", "intake", "serve", "main"].contains(&module.as_str()) {
            assert!(
                !code.contains("poem::Route") && !code.contains("#[handler]"),
                "{shown}: only api and intake serve HTTP"
            );
        }
    }
}
