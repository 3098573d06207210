//! What the gateway takes of memory: just started, after its first answer, under load, and with a thousand numbers and a
//! hundred thousand contacts; how long it takes to start; how large its binary is.

use std::time::Duration;

use clap::Args;

use crate::database::Choice;
use crate::gateway::{Gateway, binary_mib};
use crate::load::Letter;
use crate::report::{Table, short};
use crate::seed;
use crate::site::Site;

/// What an idle one sets down once it has begun.
const AT_REST: Duration = Duration::from_secs(2);

#[derive(Args)]
pub struct Settings {
    #[arg(long, default_value_t = 1000)]
    numbers: usize,
    #[arg(long, default_value_t = 100_000)]
    contacts: usize,
    /// Messages at saturation.
    #[arg(long, default_value_t = 5000)]
    messages: usize,
    #[arg(long, default_value_t = 64)]
    in_flight: usize,
    #[arg(long, default_value = "sqlite", help = crate::database::HELP)]
    database: Choice,
}

/// Resident memory of each moment, as it is reached.
struct Moments(Table);

impl Moments {
    fn note(&mut self, moment: &str, gateway: &Gateway, aim: &str) -> anyhow::Result<()> {
        let usage = gateway.usage()?;
        self.0.row([moment.to_owned(), short(usage.memory), short(usage.peak_memory), aim.to_owned()]);
        Ok(())
    }
}

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let headings = ["moment", "memory MiB", "at the most so far", "aim"];
    let mut moments = Moments(Table::new(format!("Memory, {}", settings.database.word()), &headings));
    let site = Site::build(&settings.database, settings.numbers).await?;
    let empty = small(&settings, &site, &mut moments).await?;
    let seeded = large(&settings, &site, &mut moments).await?;
    let binary = binary_mib(site.binary())?;
    site.strike().await?;
    moments.0.print();

    let mut table = Table::new("Start and size", &["what", "measured", "aim"]);
    for (what, started_in) in [
        ("start to ready, first time, schema made".to_owned(), empty),
        (format!("start to ready, {} numbers, {} contacts", settings.numbers, settings.contacts), seeded),
    ] {
        table.row([what, format!("{} ms", short(started_in.as_secs_f64() * 1000.0)), "1000 ms".to_owned()]);
    }
    table.row(["binary".to_owned(), format!("{} MiB", short(binary)), String::new()]);
    table.print();
    Ok(())
}

/// One number, and customers who write for the first time.
async fn small(settings: &Settings, site: &Site, moments: &mut Moments) -> anyhow::Result<Duration> {
    let gateway = site.start().await?;
    tokio::time::sleep(AT_REST).await;
    moments.note("idle after the start", &gateway, "40")?;
    let agent_id = gateway.make_agent().await?;
    gateway.make_number(&site.numbers[0], &agent_id, "active").await?;
    let load = site.load(gateway.base());
    load.ask(&Letter::from("15550000001".to_owned())).await?;
    moments.note("after the first answer", &gateway, "")?;
    let letters = (0..settings.messages).map(|customer| Letter::from(format!("15553{customer:06}")));
    load.in_flight(letters, settings.in_flight).await?;
    moments.note(&format!("{} messages, {} in flight", settings.messages, settings.in_flight), &gateway, "120")?;
    for number in &site.numbers[1..] {
        gateway.make_number(number, &agent_id, "active").await?;
    }
    let started_in = gateway.started_in();
    site.settle().await?;
    gateway.stop()?;
    Ok(started_in)
}

/// Many numbers and contacts in the database; then customers all over them write.
async fn large(settings: &Settings, site: &Site, moments: &mut Moments) -> anyhow::Result<Duration> {
    seed::contacts(&site.ledger().await?, settings.contacts).await?;
    let gateway = site.start().await?;
    let what = format!("{} numbers, {} contacts", settings.numbers, settings.contacts);
    tokio::time::sleep(AT_REST).await;
    moments.note(&format!("idle with {what}"), &gateway, "200")?;
    let load = site.load(gateway.base());
    let apart = (settings.contacts / settings.messages.max(1)).max(1);
    // An odd distance, so that all numbers are written to.
    let letters = (0..settings.messages).map(|place| {
        let contact = place * (apart | 1) % settings.contacts;
        let number = site.numbers[contact % site.numbers.len()].phone_number_id.clone();
        Letter { number, ..Letter::from(seed::phone(contact)) }
    });
    load.in_flight(letters, settings.in_flight).await?;
    let more = format!("and {} messages to all of them, {} in flight", settings.messages, settings.in_flight);
    moments.note(&more, &gateway, "200")?;
    Ok(gateway.started_in())
}
