//! What teams have: spreadsheets, documents, pages, records. Each is read by a process of its own, which may fail.

use serde_json::{Value, json};

use crate::support::{TestApp, items, text};

const SHOES: &[u8] = include_bytes!("files/shoes.xlsx");
const MENU: &[u8] = include_bytes!("files/menu.ods");
const RETURNS: &[u8] = include_bytes!("files/returns.docx");
const MEMBERS: &[u8] = include_bytes!("files/members.pptx");
const GUIDE: &[u8] = include_bytes!("files/guide.pdf");
const LOCKED: &[u8] = include_bytes!("files/locked.pdf");
const SCAN: &[u8] = include_bytes!("files/scan.pdf");

/// The file after it was indexed, and its passages.
async fn indexed(test: &TestApp, name: &str, bytes: &[u8]) -> (Value, Vec<Value>) {
    let (status, made) = test.upload(name, bytes).await;
    assert_eq!(status, 201, "{name}: {made}");
    test.run_jobs().await;
    let id = text(&made["items"][0], "id");
    let file = test.get(&format!("/knowledge/{id}")).await;
    (file, items(&test.get(&format!("/knowledge/{id}/passages?limit=100")).await))
}

#[tokio::test]
async fn what_is_in_a_file_is_found_with_its_page_its_row_and_its_sheet() {
    let test = TestApp::start().await;
    let html = b"<nav>Home</nav><h1>Delivery</h1><p>We deliver within <b>two days</b>.</p><script>alert(1)</script>";
    let jsonl =
        b"{\"city\": \"Port Elin\", \"open\": {\"sunday\": \"8 to 13\"}}\n{\"city\": \"Harbour\", \"open\": null}\n";
    for (name, bytes, words, heading, page, row) in [
        (
            "shoes.xlsx",
            SHOES,
            "Model: Runner\nSize: 42\nColour: blue\nPrice EUR: 79.9\nSince: 2026-09-01",
            Some("Shoes"),
            None,
            Some(4),
        ),
        ("shoes.xlsx", SHOES, "City: Port Elin\nPhone: +49 171 1234567", Some("Stores"), None, Some(2)),
        ("menu.ods", MENU, "Dish: Apple pie\nPrice: 3.80", Some("Menu"), None, Some(3)),
        ("sizes.tsv", b"EU\tUK\n42\t8\n", "EU: 42\nUK: 8", None, None, Some(2)),
        ("returns.docx", RETURNS, "24.50", Some("Returns > Repairs"), None, None),
        ("returns.docx", RETURNS, "| Waterproofing | 3 |", Some("Returns > Repairs"), None, None),
        ("members.pptx", MEMBERS, "Members get 7 percent back", None, None, None),
        ("guide.pdf", GUIDE, "cream every four weeks", None, Some(1), None),
        ("guide.pdf", GUIDE, "6.90 EUR", None, Some(2), None),
        ("delivery.html", html, "We deliver within **two days**.", Some("Delivery"), None, None),
        ("stores.jsonl", jsonl, "city: Port Elin\nopen sunday: 8 to 13", None, None, None),
    ] {
        let (file, passages) = indexed(&test, name, bytes).await;
        assert_eq!(file["status"], "ready", "{name}: {file}");
        let found = passages.iter().find(|passage| text(passage, "text").contains(words));
        let found = found.unwrap_or_else(|| panic!("{name} has no {words:?}: {passages:#?}"));
        assert_eq!((&found["page"], &found["row"]), (&json!(page), &json!(row)), "{name}: {found}");
        let heading_is = heading.is_none_or(|heading| text(found, "heading").contains(heading));
        assert!(heading_is, "{name}: {found}");
    }
    test.finish().await;
}

#[tokio::test]
async fn a_report_says_what_was_read_and_what_was_not() {
    let test = TestApp::start().await;
    let (shoes, passages) = indexed(&test, "shoes.xlsx", SHOES).await;
    assert_eq!((&shoes["report"]["empty_sheets"], &shoes["report"]["rows"]), (&json!(["Notes"]), &json!(4)));
    // The title above the table is kept, too.
    assert!(passages.iter().any(|passage| text(passage, "text") == "Autumn list"), "{passages:?}");
    let (guide, _) = indexed(&test, "guide.pdf", GUIDE).await;
    assert_eq!((&guide["report"]["pages"], &guide["report"]["pages_without_text"]), (&json!(2), &json!(1)));
    let (delivery, passages) =
        indexed(&test, "a.html", b"<nav>Home</nav><h1>Hours</h1><script>alert(1)</script>8 to 13").await;
    assert_eq!(delivery["report"]["encoding"], "UTF-8");
    assert!(passages.iter().all(|passage| !text(passage, "text").contains("alert")), "{passages:?}");
    test.finish().await;
}

#[tokio::test]
async fn a_model_and_the_why_card_hear_where_a_passage_stands() {
    let test = TestApp::start().await;
    indexed(&test, "shoes.xlsx", SHOES).await;
    test.ana_writes("Do you have the Runner in blue?");
    test.settle().await;
    let prompt = text(&test.model.requests()[0]["messages"][0], "content");
    assert!(prompt.contains("Source: shoes.xlsx, row 4 > Shoes"), "{prompt}");
    let turn = test.get("/turns").await["items"][0].clone();
    let passage = &turn["trace"]["passages"][0];
    assert_eq!((text(passage, "file_name").as_str(), &passage["row"]), ("shoes.xlsx", &json!(4)));
    test.finish().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_what_to_do() {
    let test = TestApp::start().await;
    for (name, bytes, words) in [
        ("locked.pdf", LOCKED.to_vec(), "password"),
        ("scan.pdf", SCAN.to_vec(), "OCR"),
        ("cut.xlsx", SHOES[..SHOES.len() / 2].to_vec(), "spreadsheet cannot be read"),
        ("cut.docx", RETURNS[..RETURNS.len() / 2].to_vec(), "document cannot be read"),
        ("wrong.json", b"{\"a\": 1,\n\"b\" 2}".to_vec(), "near line 2"),
        ("nothing.json", b"[]".to_vec(), "empty"),
        ("nothing.html", b"<script>let x = 1;</script>".to_vec(), "no text"),
    ] {
        let (file, passages) = indexed(&test, name, &bytes).await;
        assert_eq!((&file["status"], passages.len()), (&json!("failed"), 0), "{name}: {file}");
        assert!(text(&file, "error").contains(words), "{name}: {file}");
    }
    let (status, refused) = test.upload("lie.pdf", b"only text").await;
    assert_eq!((status, text(&refused, "detail").contains("not what its name says")), (422, true), "{refused}");
    test.finish().await;
}

/// Damaged files end as failed, whatever they do to their reader, and the gateway goes on.
#[tokio::test]
async fn no_damage_to_a_file_harms_the_gateway() {
    let test = TestApp::start().await;
    for (name, whole) in
        [("a.pdf", GUIDE), ("a.xlsx", SHOES), ("a.docx", RETURNS), ("a.pptx", MEMBERS), ("a.ods", MENU)]
    {
        for at in [whole.len() / 7, whole.len() / 3, whole.len() - 30] {
            let mut bytes = whole.to_vec();
            bytes[at..at + 8].fill(0xff);
            let (file, _) = indexed(&test, name, &bytes).await;
            assert!(["ready", "failed"].contains(&text(&file, "status").as_str()), "{name} at {at}: {file}");
            assert!(
                !file["error"].as_str().unwrap_or_default().contains("fault in the gateway"),
                "{name} at {at}: {file}"
            );
        }
    }
    test.finish().await;
}

/// Whatever ends the helper, the file failed and the gateway goes on.
#[tokio::test]
async fn a_helper_that_is_killed_or_babbles_fails_its_file_only() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    for (script, words) in
        [("kill -9 $$", "too much memory"), ("echo babble", "report it"), ("exit 3", "too much memory")]
    {
        let program = folder.path().join("helper");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("written");
        std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("executable");
        let mut app = switchboard::app::App::new(test.app.settings.clone(), test.clock.clone()).await.expect("app");
        app.program = program;
        let (_, made) = test.upload("a.pdf", GUIDE).await;
        let other = std::sync::Arc::new(app);
        assert!(switchboard::jobs::run_due(&other, entity::state::JobKind::IndexFile).await.expect("run"));
        let file = test.get(&format!("/knowledge/{}", text(&made["items"][0], "id"))).await;
        assert!(text(&file, "error").contains(words), "{script}: {file}");
    }
    test.finish().await;
}

#[tokio::test]
async fn what_nests_without_end_is_refused() {
    let test = TestApp::start().await;
    let deep = [b"[".repeat(200_000), b"]".repeat(200_000)].concat();
    let (file, passages) = indexed(&test, "deep.json", &deep).await;
    assert_eq!((&file["status"], passages.len()), (&json!("failed"), 0), "{file}");
    test.finish().await;
}
