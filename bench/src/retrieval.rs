//! Searching a hundred thousand passages beside a hundred: files are uploaded, searched through the management API, and
//! asked about in whole turns.

use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use crate::database::Choice;
use crate::dice::Dice;
use crate::gateway::Gateway;
use crate::load::{Letter, Load};
use crate::report::{Quantiles, Table, short, times};
use crate::site::Site;

const PASSAGES_A_FILE: usize = 5_000;
/// Made-up words; few are common and most are rare, as in any language.
const WORDS: usize = 20_000;
const WORDS_A_PASSAGE: usize = 80;
const WORDS_A_QUESTION: usize = 7;
const WARM_UP: usize = 20;
const INDEXING_PATIENCE: Duration = Duration::from_secs(600);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

#[derive(Args)]
pub struct Settings {
    #[arg(long, default_value_t = 100_000)]
    passages: usize,
    /// Searches, and then turns, in each part, one after another.
    #[arg(long, default_value_t = 500)]
    questions: usize,
    #[arg(long, default_value = "sqlite", help = crate::database::HELP)]
    database: Choice,
}

struct Part {
    passages: usize,
    uploaded_in: Duration,
    /// The first search after a restart builds the index.
    built_in: Duration,
    searches: Quantiles,
    turns: Quantiles,
    memory: f64,
    found_nothing: usize,
}

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let small = measure(&settings, settings.passages / 1000).await?;
    let large = measure(&settings, settings.passages).await?;
    let headings = [
        "passages",
        "search over the API, p50 / p99 ms",
        "whole turn, p50 / p99 ms",
        "turn's p50, of the first",
        "upload to ready s",
        "index built in ms",
        "memory MiB",
        "found nothing",
    ];
    let title = format!("{} questions each, one after another, {}", settings.questions, settings.database.word());
    let mut table = Table::new(title, &headings);
    for part in [&small, &large] {
        table.row([
            part.passages.to_string(),
            part.searches.pair(),
            part.turns.pair(),
            times(part.turns.p50, small.turns.p50),
            short(part.uploaded_in.as_secs_f64()),
            short(part.built_in.as_secs_f64() * 1000.0),
            short(part.memory),
            part.found_nothing.to_string(),
        ]);
    }
    table.print();
    Ok(())
}

async fn measure(settings: &Settings, passages: usize) -> anyhow::Result<Part> {
    let site = Site::build(&settings.database, 1).await?;
    let gateway = site.start().await?;
    let agent_id = gateway.make_agent().await?;
    gateway.make_number(&site.numbers[0], &agent_id, "active").await?;
    let started = Instant::now();
    let mut dice = Dice::of(1, "passages");
    for (file, first) in (0..passages).step_by(PASSAGES_A_FILE).enumerate() {
        let count = PASSAGES_A_FILE.min(passages - first);
        gateway.upload(&agent_id, &format!("file-{file}.md"), markdown(&mut dice, first, count)).await?;
    }
    let ready = wait_until_ready(&gateway, &agent_id).await?;
    let uploaded_in = started.elapsed();
    anyhow::ensure!(ready == passages, "{ready} passages were made of {passages}");
    gateway.stop()?;

    let gateway = site.start().await?;
    let load = site.load(gateway.base());
    let mut dice = Dice::of(1, "questions");
    let started = Instant::now();
    search(&gateway, &agent_id, &question(&mut dice)).await?;
    let built_in = started.elapsed();
    let measured = questions(settings, &gateway, &load, &agent_id, &mut dice).await;
    let memory = gateway.usage()?.memory;
    drop(gateway);
    site.strike().await?;
    let (searches, found_nothing, turns) = measured?;
    Ok(Part { passages, uploaded_in, built_in, searches, turns, memory, found_nothing })
}

async fn questions(
    settings: &Settings,
    gateway: &Gateway,
    load: &Load,
    agent_id: &str,
    dice: &mut Dice,
) -> anyhow::Result<(Quantiles, usize, Quantiles)> {
    let (mut searches, mut found_nothing) = (Vec::new(), 0);
    for number in 0..WARM_UP + settings.questions {
        let started = Instant::now();
        let found = search(gateway, agent_id, &question(dice)).await?;
        if number >= WARM_UP {
            searches.push(started.elapsed());
            found_nothing += usize::from(found == 0);
        }
    }
    let letters: Vec<Letter> = (0..WARM_UP + settings.questions)
        .map(|number| Letter { text: question(dice), ..Letter::from(format!("15555{number:06}")) })
        .collect();
    let (warm_up, asked) = letters.split_at(WARM_UP);
    load.in_flight(warm_up.iter().cloned(), 1).await?;
    let (turns, _) = load.in_flight(asked.iter().cloned(), 1).await?;
    let mut turns: Vec<Duration> = turns.iter().filter_map(|times| times.answer).collect();
    anyhow::ensure!(turns.len() == settings.questions, "{} turns were answered", turns.len());
    Ok((Quantiles::of(&mut searches), found_nothing, Quantiles::of(&mut turns)))
}

/// How many passages were found.
async fn search(gateway: &Gateway, agent_id: &str, query: &str) -> anyhow::Result<usize> {
    let found = gateway.post(&format!("/agents/{agent_id}/knowledge/search"), json!({"query": query})).await?;
    Ok(found["passages"].as_array().map_or(0, Vec::len))
}

/// Waits until every file is; answers their passages.
async fn wait_until_ready(gateway: &Gateway, agent_id: &str) -> anyhow::Result<usize> {
    let started = Instant::now();
    loop {
        let page = gateway.get(&format!("/agents/{agent_id}/knowledge?limit=100")).await?;
        let files = page["items"].as_array().cloned().unwrap_or_default();
        if let Some(failed) = files.iter().find(|file| file["status"] == "failed") {
            anyhow::bail!("a file was not indexed: {}", failed["error"]);
        }
        if files.iter().all(|file| file["status"] == "ready") {
            let passages = files.iter().filter_map(|file| file["passages"].as_u64()).sum::<u64>();
            return Ok(usize::try_from(passages)?);
        }
        anyhow::ensure!(started.elapsed() < INDEXING_PATIENCE, "files were not indexed within {INDEXING_PATIENCE:?}");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// A file of so many sections, each of which makes one passage.
fn markdown(dice: &mut Dice, first: usize, count: usize) -> String {
    let mut text = String::with_capacity(count * 700);
    for section in first..first + count {
        text.push_str(&format!("## Article {section}\n\n"));
        let words: Vec<String> = (0..WORDS_A_PASSAGE).map(|_| word(dice)).collect();
        for sentence in words.chunks(10) {
            text.push_str("The ");
            text.push_str(&sentence.join(" "));
            text.push_str(". ");
        }
        text.push_str("\n\n");
    }
    text
}

fn question(dice: &mut Dice) -> String {
    let words: Vec<String> = (0..WORDS_A_QUESTION).map(|_| word(dice)).collect();
    format!("What is the {}?", words.join(" "))
}

/// The smaller its number the likelier a word: the product of two evenly chosen shares.
fn word(dice: &mut Dice) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "do", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "va", "zu", "fe", "gi", "ho", "ja"];
    let mut number = dice.below(WORDS) * dice.below(WORDS) / WORDS;
    let mut word = String::new();
    for _ in 0..3 {
        word.push_str(SYLLABLES[number % 16]);
        number /= 16;
    }
    word.push_str(SYLLABLES[number % 16]);
    word
}
