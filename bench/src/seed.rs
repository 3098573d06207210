//! Rows by the million, made by the database itself in statements that both engines read.

use crate::ledger::Ledger;

/// How much has been said before.
#[derive(Debug, Clone, Copy)]
pub struct History {
    /// Conversations with an even share of the messages.
    pub conversations: usize,
    pub messages: usize,
    /// Messages of one conversation more.
    pub long: usize,
}

/// The phone of a seeded contact; the one with the long history is number 0.
pub fn phone(contact: usize) -> String {
    format!("15557{contact:06}")
}

/// Contacts `0..count`, each with a conversation with one of the numbers in turn.
pub async fn contacts(ledger: &Ledger, count: usize) -> anyhow::Result<()> {
    let workspace = ledger.text("SELECT workspace_id FROM numbers LIMIT 1").await?;
    let at = milliseconds();
    let series = series(0, count);
    let contact = id("con", "i");
    let phone = "'15557' || substr(CAST(1000000 + i AS text), 2)";
    ledger
        .fill(&[
            format!(
                "INSERT INTO contacts (id, workspace_id, phone, name, created_at, updated_at)
                {series} SELECT {contact}, '{workspace}', {phone}, 'Ana ' || CAST(i AS text), {at}, {at} FROM series"
            ),
            format!(
                "INSERT INTO contact_identities (workspace_id, kind, value, contact_id, number_id, created_at)
                {series} SELECT '{workspace}', 'phone', {phone}, {contact}, (SELECT min(id) FROM numbers), {at} FROM series"
            ),
            format!(
                "INSERT INTO conversations (id, workspace_id, number_id, contact_id, owner, epoch, inbound_seq, unread,
                    last_message_at, last_inbound_at, window_closes_at, created_at)
                {series}, lines AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, COUNT(*) OVER () AS lines FROM numbers)
                SELECT {}, '{workspace}', lines.id, {contact}, 'agent', 0, 1, 0, {at}, {at}, {at} + 86400000, {at}
                FROM series JOIN lines ON lines.place = series.i % lines.lines",
                id("cnv", "i")
            ),
        ])
        .await
}

/// Contacts with conversations, and everything they and the agent said, with the events and the turns behind it. Questions
/// and answers take turns; conversations go on side by side, so that none lies in one place on the disk.
pub async fn history(ledger: &Ledger, history: History) -> anyhow::Result<()> {
    contacts(ledger, history.conversations + 1).await?;
    let workspace = ledger.text("SELECT workspace_id FROM numbers LIMIT 1").await?;
    let number = ledger.text("SELECT min(id) FROM numbers").await?;
    let count = history.messages + history.long;
    let at = milliseconds();
    let past = format!("({at} - {} + i)", count + 3_600_000);
    let series = series(0, count);
    // Message i is the j-th of conversation c; odd ones answer.
    let spread = format!(
        "spread AS (SELECT i,
            CASE WHEN i < {messages} THEN i % {conversations} + 1 ELSE 0 END AS c,
            CASE WHEN i < {messages} THEN i / {conversations} ELSE i - {messages} END AS j FROM series)",
        messages = history.messages,
        conversations = history.conversations.max(1),
    );
    // A turn has the number of its answer.
    let turn = format!(
        "(CASE WHEN j % 2 = 1 THEN i WHEN i < {} THEN i + {} ELSE i + 1 END)",
        history.messages, history.conversations
    );
    ledger
        .fill(&[
            format!(
                "INSERT INTO messages (id, workspace_id, conversation_id, number_id, direction, author, kind, text, content,
                    wamid, turn_id, epoch, status, outcome, sends, sent_at, created_at, accepted_at, delivered_at)
                {series}, {spread}
                SELECT {message}, '{workspace}', {conversation}, '{number}',
                    CASE WHEN j % 2 = 0 THEN 'inbound' ELSE 'outbound' END,
                    CASE WHEN j % 2 = 0 THEN 'customer' ELSE 'agent' END, 'text',
                    CASE WHEN j % 2 = 0 THEN 'Do you have rye bread on the ' || CAST(j AS text) || 'th, and what is it?'
                        ELSE 'Yes, rye bread is baked that day; a loaf costs 4.20. Shall I put one aside for you?' END,
                    '{{\"type\": \"text\", \"text\": {{\"body\": \"Do you have rye bread, and what is it?\"}}}}',
                    'wamid.seed' || CAST(i AS text), {turn}, 0,
                    CASE WHEN j % 2 = 0 THEN NULL ELSE 'delivered' END, CASE WHEN j % 2 = 0 THEN 'answered' ELSE NULL END,
                    j % 2, {past}, {past}, {past}, {past} FROM spread",
                message = id("msg", "i"),
                conversation = id("cnv", "c"),
                turn = id("trn", &turn),
            ),
            format!(
                "INSERT INTO turns (id, workspace_id, conversation_id, number_id, status, outcome, restarts, trace, started_at,
                    finished_at)
                {series}, {spread}
                SELECT {}, '{workspace}', {}, '{number}', 'replied', 'answered', 0, '{{}}', {past}, {past} FROM spread
                WHERE j % 2 = 1",
                id("trn", "i"),
                id("cnv", "c"),
            ),
            format!(
                "INSERT INTO events (id, workspace_id, body, status, failures, due_at, received_at, applied_at)
                {series} SELECT {}, '{workspace}', '{{}}', 'applied', 0, {past}, {past}, {past} FROM series",
                id("evt", "i"),
            ),
        ])
        .await
}

/// A day in milliseconds.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Conversations of a year: questions and answers in turn, spread evenly over `days` up to yesterday, with ids that sort
/// by their time as real ones do, and with texts, contents and why cards as long as real ones.
pub async fn year(ledger: &Ledger, messages: usize, conversations: usize, days: i64) -> anyhow::Result<()> {
    contacts(ledger, conversations).await?;
    let workspace = ledger.text("SELECT workspace_id FROM numbers LIMIT 1").await?;
    let number = ledger.text("SELECT min(id) FROM numbers").await?;
    let agent = ledger.text("SELECT min(id) FROM agents").await?;
    let today = milliseconds() / DAY_MS * DAY_MS;
    let step = days * DAY_MS / i64::try_from(messages)?;
    let at = format!("({} + i * {step})", today - days * DAY_MS);
    let asked = format!("({at} - {step})");
    let series = series(0, messages);
    let conversation = id("cnv", &format!("((i / 2) * 7919 % {conversations})"));
    let turn = timed_id("trn", &at, "(i / 2)");
    let words = "Do you have rye bread on the 14th, and what is it? I would also like to know whether you deliver. ";
    let content = format!(r#"{{"from": "15557000000", "type": "text", "text": {{"body": "{}"}}}}"#, words.repeat(2));
    let trace = format!(r#"{{"source": "model", "passages": "{}"}}"#, "bread ".repeat(500));
    ledger
        .fill(&[
            format!(
                "INSERT INTO messages (id, workspace_id, conversation_id, number_id, direction, author, kind, text, content,
                    wamid, turn_id, epoch, status, outcome, sends, sent_at, created_at, accepted_at, delivered_at, read_at,
                    asked_at, opened_at)
                {series}
                SELECT {message}, '{workspace}', {conversation}, '{number}',
                    CASE WHEN i % 2 = 0 THEN 'inbound' ELSE 'outbound' END,
                    CASE WHEN i % 2 = 0 THEN 'customer' WHEN i % 40 = 39 THEN 'operator' ELSE 'agent' END,
                    CASE WHEN i % 20 = 0 THEN 'image' ELSE 'text' END, '{words}', '{content}',
                    'wamid.HBgLMTU1NTAwMDIyMjIVAgASGBQzQTdGNkU1RDRDM0I' || CAST(i AS text), {of_turn}, 0,
                    CASE WHEN i % 2 = 0 THEN NULL WHEN i % 50 = 49 THEN 'failed' WHEN i % 6 = 5 THEN 'delivered' ELSE 'read' END,
                    CASE WHEN i % 2 = 1 THEN NULL WHEN i % 40 = 38 THEN 'human' ELSE 'answered' END,
                    i % 2, {at}, {at}, {at} + 1, {at} + 2, {at} + 3,
                    CASE WHEN i % 2 = 1 THEN {asked} - i % 5000 END, CASE WHEN i % 8 = 1 THEN {asked} END FROM series",
                message = timed_id("msg", &at, "i"),
                of_turn = timed_id("trn", &format!("({at} - i % 2 * {step})"), "(i / 2)"),
            ),
            format!(
                "INSERT INTO turns (id, workspace_id, conversation_id, number_id, agent_id, agent_version, status, outcome,
                    restarts, model, prompt_tokens, completion_tokens, trace, started_at, finished_at)
                {series}
                SELECT {turn}, '{workspace}', {conversation}, '{number}', '{agent}', 1, 'replied',
                    CASE WHEN i % 100 = 0 THEN 'handed_over' END, 0, 'gpt-4o-mini', 2200, 80, '{trace}', {at}, {at} + 1500
                FROM series WHERE i % 2 = 0",
            ),
        ])
        .await
}

/// An id with a time of its own, in milliseconds, and a number for what is made at the same time.
fn timed_id(prefix: &str, at: &str, number: &str) -> String {
    const DIGITS: [u32; 10] = [45, 40, 35, 30, 25, 20, 15, 10, 5, 0];
    let digit = |shift: &u32| {
        format!("substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', CAST((({at} >> {shift}) & 31) + 1 AS integer), 1)")
    };
    let digits: Vec<String> = DIGITS.iter().map(digit).collect();
    format!("'{prefix}_' || {} || substr(CAST(10000000000000000 + {number} AS text), 2)", digits.join(" || "))
}

fn series(from: usize, to: usize) -> String {
    format!("WITH RECURSIVE series(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM series WHERE i + 1 < {to})")
}

/// An id that is older than all real ones, from the number that `column` holds.
fn id(prefix: &str, column: &str) -> String {
    format!("'{prefix}_00000000000000' || substr(CAST(1000000000000 + {column} AS text), 2)")
}

#[expect(clippy::disallowed_methods, reason = "rows are as old as the run")]
pub fn milliseconds() -> i64 {
    chrono::Utc::now().timestamp_millis()
}
