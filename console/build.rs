//! Builds the console with Node and leaves it in `OUT_DIR/dist`. Without Node, or where its packages cannot be had, the
//! gateway is built all the same, and the page at `/` says how to get the console.

#![expect(clippy::disallowed_methods, reason = "cargo speaks to a build script by its environment")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// `off` leaves the console out: to write `openapi.json` anew while the console does not fit the API yet, say.
const SWITCH: &str = "SWITCHBOARD_CONSOLE";
/// What Vite asks for, as `node --version` says it.
const OLDEST_NODE: (u32, u32) = (20, 19);
const WATCHED: [&str; 9] = [
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "postcss.config.cjs",
    "tsconfig.json",
    "vite.config.ts",
    "../openapi.json",
];
const LOCK: &str = "package-lock.json";
/// What npm writes last when it installs.
const INSTALLED: &str = "node_modules/.package-lock.json";

fn main() {
    for path in WATCHED {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=embed/missing.html");
    println!("cargo::rerun-if-env-changed=PATH");
    println!("cargo::rerun-if-env-changed={SWITCH}");

    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("dist");
    match switched_off().or_else(node_problem).or_else(packages_problem) {
        Some(problem) => {
            println!("cargo::warning=the console is left out: {problem}");
            leave_out(&out, &problem);
        }
        // A console that does not fit the API is a fault of the source, not of the machine.
        None => assert!(
            npm().args(["run", "--silent", "build"]).env("CONSOLE_OUT_DIR", &out).status().is_ok_and(|it| it.success()),
            "the console does not build: see `npm run build` in console/"
        ),
    }
}

fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

fn switched_off() -> Option<String> {
    std::env::var(SWITCH).is_ok_and(|word| word == "off").then(|| format!("{SWITCH} is off"))
}

fn node_problem() -> Option<String> {
    let wanted = format!("it needs Node {}.{} or newer with npm", OLDEST_NODE.0, OLDEST_NODE.1);
    let Ok(output) = Command::new("node").arg("--version").output() else {
        return Some(format!("{wanted}, and there is none"));
    };
    let version = String::from_utf8_lossy(&output.stdout).trim().trim_start_matches('v').to_owned();
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    (found < OLDEST_NODE).then(|| format!("{wanted}; this is Node {version}"))
}

/// Installs the packages that the lock file names, unless that was done since it last changed.
fn packages_problem() -> Option<String> {
    let changed = |path: &str| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    if changed(INSTALLED).is_some_and(|installed| changed(LOCK).is_some_and(|lock| lock <= installed)) {
        return None;
    }
    match npm().args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).output() {
        Ok(output) if output.status.success() => None,
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Some(format!("npm ci failed: {}", said.lines().next().unwrap_or("it said nothing")))
        }
        Err(error) => Some(format!("npm cannot be run: {error}")),
    }
}

fn leave_out(out: &Path, problem: &str) {
    let page = std::fs::read_to_string("embed/missing.html").expect("embed/missing.html is part of the source");
    std::fs::create_dir_all(out).expect("OUT_DIR can be written");
    let escaped = problem.replace('&', "&amp;").replace('<', "&lt;");
    std::fs::write(out.join("index.html"), page.replace("__PROBLEM__", &escaped)).expect("OUT_DIR can be written");
}
