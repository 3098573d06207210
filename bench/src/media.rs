//! Large files through the gateway: customers' documents come in and are handed out again, an operator's are taken in and
//! brought to Meta. However much passes, the gateway holds a piece of it; a run in which its memory grows by more than a
//! few pieces, or in which a file has changed on its way, fails.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::Args;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use simulator::{Customer, Side};

use crate::database::Choice;
use crate::dice::Dice;
use crate::gateway::Gateway;
use crate::load::Letter;
use crate::report::{Table, short};
use crate::site::Site;

const MB: usize = 1_000_000;
const MAY_GROW_MB: f64 = 20.0;
/// The kernel counts in these, the aim in the others.
const MB_OF_MIB: f64 = 1.048_576;
const PHONE: &str = "15550000001";
const PATIENCE: Duration = Duration::from_secs(300);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

#[derive(Args)]
pub struct Settings {
    /// Documents that a customer sends.
    #[arg(long, default_value_t = 10)]
    pub files: usize,
    /// Documents that are uploaded and sent to a customer.
    #[arg(long, default_value_t = 5)]
    pub uploads: usize,
    /// The size of each in MB; Meta takes 100.
    #[arg(long, default_value_t = 100)]
    pub megabytes: usize,
    /// A bucket to keep them in, as http://KEY:SECRET@HOST:PORT/BUCKET; a folder unless told.
    #[arg(long, env = "TEST_S3_URL", hide_env_values = true)]
    pub s3: Option<String>,
    /// The gateway's binary; the one beside this program unless told.
    #[arg(long)]
    pub binary: Option<PathBuf>,
}

/// Files by their names, each with its hash.
type Hashes = BTreeMap<String, String>;

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let mut site = Site::build(&Choice::Sqlite, 1).await?;
    if let Some(binary) = &settings.binary {
        site.run_binary(binary);
    }
    if let Some(url) = settings.s3.as_deref().filter(|url| !url.is_empty()) {
        site.set(bucket(url)?);
    }
    let measured = stream(&settings, &site).await;
    let copied = measured.is_ok().then(|| copy(site.folder(), settings.megabytes)).transpose()?;
    site.strike().await?;
    let (mut table, grown) = measured?;
    let copied = copied.map_or_else(String::new, short);
    table.row(["yardstick: a plain copy, file to file, synced".to_owned(), String::new(), copied]);
    table.print();
    println!("grown by {} MB at the most while that passed; {MAY_GROW_MB} are allowed", short(grown));
    ensure!(grown <= MAY_GROW_MB, "the gateway's memory grew by {} MB", short(grown));
    Ok(())
}

/// The passage of all files, and by how many MB the gateway grew at the most.
async fn stream(settings: &Settings, site: &Site) -> anyhow::Result<(Table, f64)> {
    let gateway = site.start_answering().await?;
    let passage = Passage { site, gateway: &gateway, size: settings.megabytes * MB };
    // What is loaded once and kept is none of the files': the first answer, the first file each way.
    site.load(gateway.base()).ask(&Letter::from(PHONE.to_owned())).await?;
    let first = Passage { size: 1000, ..passage };
    first.out(&first.come("first", 1).await?).await?;
    first.send(first.take("first", 1).await?).await?;

    gateway.forget_peak()?;
    let before = gateway.usage()?;
    let place = if settings.s3.is_some() { "a bucket" } else { "a folder" };
    let title = format!("Files of {} MB through {place}, {} MiB before", settings.megabytes, short(before.memory));
    let mut table = Table::new(title, &["what", "at the most so far, MiB", "MB/s"]);
    let mut note = |what: String, count: usize, took: Duration| {
        let per_sec = (settings.megabytes * count) as f64 / took.as_secs_f64();
        table.row([what, short(gateway.usage()?.peak_memory), short(per_sec)]);
        anyhow::Ok(())
    };
    let started = Instant::now();
    let come = passage.come("come", settings.files).await?;
    note(format!("{} from a customer, fetched and stored", settings.files), settings.files, started.elapsed())?;
    let started = Instant::now();
    passage.out(&come).await?;
    note("the same, handed out".to_owned(), settings.files, started.elapsed())?;
    let started = Instant::now();
    let taken = passage.take("taken", settings.uploads).await?;
    note(format!("{} uploaded and stored", settings.uploads), settings.uploads, started.elapsed())?;
    let started = Instant::now();
    passage.send(taken).await?;
    note("the same, sent to a customer by way of Meta".to_owned(), settings.uploads, started.elapsed())?;
    let grown = (gateway.usage()?.peak_memory - before.memory) * MB_OF_MIB;
    drop(gateway);
    Ok((table, grown))
}

/// Files of one size that pass a gateway.
#[derive(Clone, Copy)]
struct Passage<'a> {
    site: &'a Site,
    gateway: &'a Gateway,
    size: usize,
}

impl Passage<'_> {
    /// A customer sends files; returns once all are stored, by their ids here.
    async fn come(&self, name: &str, count: usize) -> anyhow::Result<Hashes> {
        let number = &self.site.numbers[0].phone_number_id;
        let mut sent = Hashes::new();
        for place in 0..count {
            let name = format!("{name}-{place}.pdf");
            let bytes = paper(&name, self.size);
            sent.insert(name.clone(), hex::encode(Sha256::digest(&bytes)));
            let file = self.site.simulator.keep_file(number, "application/pdf", &bytes)?.context("a number")?;
            let document = json!({"type": "document", "document": {"id": file, "filename": name}});
            self.site.simulator.customer_writes(&Customer::with_phone(PHONE), document);
        }
        let started = Instant::now();
        loop {
            let list = self.gateway.get("/media?limit=100").await?;
            let items = list["items"].as_array().context("a list")?;
            let ready: Hashes = items.iter().filter_map(|media| ready(media, &sent)).collect::<anyhow::Result<_>>()?;
            if ready.len() == count {
                return Ok(ready);
            }
            ensure!(started.elapsed() < PATIENCE, "{} of {count} files came", ready.len());
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Fetches files from the gateway, and compares them.
    async fn out(&self, files: &Hashes) -> anyhow::Result<()> {
        for (id, sha256) in files {
            let is = hash_of(self.gateway.media(id).await?).await?;
            ensure!(is == *sha256, "{id} has changed on its way out");
        }
        Ok(())
    }

    /// Uploads files to send, by their ids here.
    async fn take(&self, name: &str, count: usize) -> anyhow::Result<Hashes> {
        let path = self.site.folder().join("paper.pdf");
        let mut taken = Hashes::new();
        for place in 0..count {
            let name = format!("{name}-{place}.pdf");
            let bytes = paper(&name, self.size);
            let sha256 = hex::encode(Sha256::digest(&bytes));
            std::fs::write(&path, bytes)?;
            let file = tokio::fs::File::open(&path).await?;
            let media = self.gateway.upload_media(&name, self.size as u64, file.into()).await?;
            ensure!(media["sha256"] == sha256, "{name} has changed on its way in");
            taken.insert(media["id"].as_str().context("an id")?.to_owned(), sha256);
        }
        Ok(taken)
    }

    /// Sends files to the customer, and compares what has come to Meta.
    async fn send(&self, files: Hashes) -> anyhow::Result<()> {
        let conversations = self.gateway.get("/conversations").await?;
        let conversation = conversations["items"][0]["id"].as_str().context("a conversation")?;
        let known: Vec<String> = self.sent_urls();
        for id in files.keys() {
            let document = json!({"content": {"type": "document", "document": {"id": id, "filename": "a.pdf"}}});
            self.gateway.post(&format!("/conversations/{conversation}/messages"), document).await?;
        }
        let started = Instant::now();
        while self.sent_urls().len() < known.len() + files.len() {
            ensure!(started.elapsed() < PATIENCE, "files were not sent");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        let http = crate::client::http(PATIENCE)?;
        let mut there = Vec::new();
        for url in self.sent_urls().iter().filter(|url| !known.contains(url)) {
            let url = format!("{}{url}", self.site.graph_url());
            there.push(hash_of(http.get(url).send().await?.error_for_status()?).await?);
        }
        let mut expected: Vec<String> = files.into_values().collect();
        there.sort_unstable();
        expected.sort_unstable();
        ensure!(there == expected, "a file has changed on its way to Meta");
        Ok(())
    }

    /// Where Meta shows the files that the business sent.
    fn sent_urls(&self) -> Vec<String> {
        let bubbles = self.site.simulator.bubbles(PHONE).into_iter();
        bubbles.filter(|bubble| bubble.from == Side::Business).filter_map(|bubble| bubble.media_url).collect()
    }
}

/// A file of `sent` that is stored: its id, and the hash it must have.
fn ready(media: &Value, sent: &Hashes) -> Option<anyhow::Result<(String, String)>> {
    let expected = sent.get(media["file_name"].as_str()?)?;
    match media["status"].as_str()? {
        "ready" if media["sha256"] == *expected => Some(Ok((media["id"].as_str()?.to_owned(), expected.clone()))),
        "ready" => Some(Err(anyhow::anyhow!("a file has changed on its way in: {media}"))),
        "failed" => Some(Err(anyhow::anyhow!("a file did not come: {media}"))),
        _ => None,
    }
}

/// A document of its own for each name, and nothing that packs.
fn paper(name: &str, size: usize) -> Vec<u8> {
    let mut dice = Dice::of(1, name);
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.reserve(size);
    while bytes.len() < size {
        bytes.extend(dice.bytes());
    }
    bytes.truncate(size);
    bytes
}

async fn hash_of(mut answer: reqwest::Response) -> anyhow::Result<String> {
    let mut hasher = Sha256::new();
    while let Some(piece) = answer.chunk().await? {
        hasher.update(&piece);
    }
    Ok(hex::encode(hasher.finalize()))
}

/// MB/s of a copy that is on the disk when it is done.
fn copy(folder: &Path, megabytes: usize) -> anyhow::Result<f64> {
    let (from, to) = (folder.join("from.pdf"), folder.join("to.pdf"));
    std::fs::write(&from, paper("copy", megabytes * MB))?;
    let started = Instant::now();
    let mut copy = std::fs::File::create(&to)?;
    std::io::copy(&mut std::fs::File::open(&from)?, &mut copy)?;
    copy.flush()?;
    copy.sync_all()?;
    Ok(megabytes as f64 / started.elapsed().as_secs_f64())
}

/// The gateway's settings for a bucket; each run has a place of its own in it.
fn bucket(url: &str) -> anyhow::Result<Vec<(&'static str, String)>> {
    let url = reqwest::Url::parse(url).context("--s3 is no URL")?;
    let host = url.host_str().context("--s3 names no host")?;
    let port = url.port_or_known_default().context("--s3 names no port")?;
    Ok(vec![
        ("MEDIA__URL", format!("s3:/{}/bench-{}", url.path(), std::process::id())),
        ("MEDIA__S3_ENDPOINT", format!("{}://{host}:{port}", url.scheme())),
        ("MEDIA__S3_REGION", "us-east-1".to_owned()),
        ("MEDIA__S3_ACCESS_KEY_ID", url.username().to_owned()),
        ("MEDIA__S3_SECRET_ACCESS_KEY", url.password().context("--s3 has no secret")?.to_owned()),
    ])
}
