//! Laws that hold for any input. The fuzz targets in `fuzz/` state the same ones.

mod cut;
mod dialect;
mod multipart;
mod signature;
mod split;
mod webhook;

use std::time::{Duration, Instant};

use poem::EndpointExt;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use switchboard::delivery::to_whatsapp;

use crate::support::{ADMIN_KEY, Laws, TestApp};

/// Bits of Markdown that mean something, with words of their own between them.
fn markdown() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(vec![
        "*",
        "**",
        "***",
        "_",
        "__",
        "~~",
        "~",
        "`",
        "``",
        "```",
        "\n```\n",
        "\n~~~ py\n",
        "# ",
        "\n## ",
        "\n---\n",
        "\n===\n",
        "\n- ",
        "\n  - ",
        "\n    - ",
        "\n1. ",
        "\n3) ",
        "\n   ",
        "\n> ",
        ">",
        "> ",
        "\n",
        "\n\n",
        "  \n",
        "\\",
        "\\\n",
        "[",
        "]",
        "](",
        "](<",
        " \"",
        "\")",
        ")",
        "![",
        "<",
        ">",
        "<br>",
        "</p>",
        "<div>",
        "\n<div>\n",
        "<!-- ",
        " -->",
        "[^1]",
        "\n[^1]: ",
        "]: ",
        "\n[",
        "https://a.example/",
        "<https://b.example>",
        "<c@d.example>",
        "|",
        " | ",
        "\n|---|---|\n",
        "\n| ",
        "\t",
        " ",
        "    ",
        "- [ ] ",
        ":",
        "!",
        ".",
        "1",
        "ä",
        "日本",
        "👍",
        "مرحبا",
    ]);
    let piece = (mark, prop::option::of(0..10_000usize)).prop_map(|(mark, word)| match word {
        Some(word) => format!("{mark}w{word}"),
        None => mark.to_owned(),
    });
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Words, white space and characters that are made of several.
fn prose() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zA-Z]{1,9}",
        4 => prop::sample::select(vec![" ", " ", "  ", "\n", "\n\n", ". ", "! ", "\u{a0}", "\t", "\r\n", "    "]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["👩‍👩‍👧‍👦", "e\u{301}", "🇨🇭", "\u{301}", "。", "日本", "مرحبا", "\u{200d}", "한"]).prop_map(str::to_owned),
        1 => "\\PC{0,3}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Any JSON, with Meta's words in Meta's places more often than not.
fn webhook_json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        prop::sample::select(vec![
            "",
            " ",
            "+",
            "@",
            "15550002222",
            "+1555",
            "CH.1",
            "wamid.A",
            "text",
            "image",
            "interactive",
            "call",
            "sent",
            "1790000000",
            "a\0b"
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "id",
        "from",
        "from_user_id",
        "type",
        "text",
        "body",
        "button",
        "payload",
        "image",
        "caption",
        "filename",
        "interactive",
        "button_reply",
        "list_reply",
        "nfm_reply",
        "title",
        "description",
        "contacts",
        "wa_id",
        "user_id",
        "profile",
        "name",
        "username",
        "messages",
        "statuses",
        "status",
        "timestamp",
        "errors",
        "error_data",
        "details",
        "code",
        "context",
        "group_id",
        "system",
        "edit",
        "message",
        "order",
        "product_items",
        "location",
        "latitude",
        "phones",
        "phone",
        "unsupported",
        "standby",
        "metadata",
        "phone_number_id",
        "biz_opaque_callback_data",
        "reaction",
        "emoji",
    ]);
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn webhook_body() -> impl Strategy<Value = Value> {
    let message = || webhook_json();
    let value = prop_oneof![
        webhook_json(),
        (
            webhook_json(),
            prop::collection::vec(message(), 0..3),
            webhook_json(),
            prop::collection::vec(webhook_json(), 0..3)
        )
            .prop_map(|(contacts, messages, metadata, statuses)| json!({
                "contacts": contacts, "messages": messages, "metadata": metadata, "statuses": statuses})),
    ];
    let change = prop_oneof![
        1 => webhook_json(),
        4 => (value, "[a-z_]{0,8}").prop_map(|(value, field)| json!({"field": field, "value": value})),
    ];
    let entry = prop_oneof![
        1 => webhook_json(),
        4 => (webhook_json(), prop::collection::vec(change, 0..3))
            .prop_map(|(id, changes)| json!({"id": id, "changes": changes})),
    ];
    prop_oneof![
        1 => webhook_json(),
        6 => prop::collection::vec(entry, 0..3).prop_map(|entries| json!({"object": "x", "entry": entries})),
    ]
}

/// Rows of cells, some of them long, some in quotes.
fn table() -> impl Strategy<Value = String> {
    let cell = prop_oneof![
        6 => "[a-z0-9äß ]{0,12}",
        1 => "[a-z]{1,5}".prop_map(|word| format!("\"{word}, \"\"{word}\"\"\n{word}\"")),
        1 => ("[a-z]{1,9} ", 1..400usize).prop_map(|(word, times)| word.repeat(times)),
    ];
    let separator = prop::sample::select(vec![",", ";", "\t", "|"]);
    (1..5usize, separator, prop::sample::select(vec!["\n", "\r\n"])).prop_flat_map(move |(width, separator, end)| {
        let row = prop::collection::vec(cell.clone(), width).prop_map(move |cells| cells.join(separator));
        prop::collection::vec(row, 1..6).prop_map(move |rows| rows.join(end))
    })
}

fn long_prose() -> impl Strategy<Value = String> {
    prop::collection::vec((prose(), 1..20usize), 1..5)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, times)| piece.repeat(times)).collect())
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, ..Laws::same_each_time() }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn markdown_keeps_every_word(markdown in markdown()) {
        dialect::holds(&markdown);
    }

    #[test]
    fn bubbles_joined_are_the_text(text in prose(), max_chars in 1..60usize) {
        split::holds(&text, max_chars);
    }

    #[test]
    fn a_signature_is_read_from_one_form_only(header in "( |sha256=|sha1=|SHA256=)?[0-9a-fA-F]{0,66}( )?", secret in ".{0,9}", body in any::<Vec<u8>>()) {
        signature::holds(&header, &secret, &body);
    }
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn webhooks_of_any_shape_are_read(body in webhook_body()) {
        webhook::holds(body.to_string().as_bytes());
    }

    #[test]
    fn every_word_of_a_markdown_file_is_in_some_passage(markdown in markdown(), text in prose()) {
        cut::holds("a.md", format!("{markdown}\n\n# Heading\n{text}\n{markdown}").as_bytes());
    }

    #[test]
    fn every_word_of_a_table_is_in_some_passage(table in table()) {
        cut::holds("a.csv", table.as_bytes());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>(), name in "a\\.(txt|md|csv|pdf)?") {
        cut::holds(&name, &bytes);
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn every_word_of_a_long_text_is_in_some_passage(text in long_prose(), name in "a\\.(txt|md)") {
        cut::holds(&name, text.as_bytes());
    }
}

/// Markdown as long as it is asked for.
type Grown = Box<dyn Fn(usize) -> String>;

/// Parts of an upload, whole and broken.
fn upload() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(vec![
        "--X\r\n",
        "--X--\r\n",
        "--X",
        "\r\n",
        "\n",
        "--Y\r\n",
        "Content-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\r\n",
        "Content-Disposition: form-data; name=\"file\"; filename=\"b.csv\"\r\nContent-Type: text/csv\r\n\r\n",
        "Content-Disposition: form-data; name=\"file\"; filename=\"..\\c\u{0}.txt\"\r\n\r\n",
        "Content-Disposition: form-data; name=\"file\"\r\n\r\n",
        "Content-Disposition: form-data; name=\"other\"\r\n\r\n",
        "Content-Disposition: form-data\r\n",
        "Content-Type: multipart/mixed; boundary=X\r\n",
        ": \r\n",
        "\u{fffd}",
        "# Hours\r\n",
        "a,b\r\n1,2\r\n",
    ]);
    let piece =
        prop_oneof![8 => line.prop_map(|line| line.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..6)];
    let whole = prop::collection::vec(
        (prop::sample::select(vec!["a.md", "ä b.csv", "x.pdf", "", "y.txt"]), "\\PC{0,20}"),
        0..3,
    )
    .prop_map(|files| {
        let part = |(name, text): (&str, String)| {
            format!("--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n")
        };
        format!("{}--X--\r\n", files.into_iter().map(part).collect::<String>()).into_bytes()
    });
    prop_oneof![1 => whole, 2 => prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())]
}

#[test]
fn an_upload_of_any_shape_is_no_fault_of_ours() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let test = runtime.block_on(TestApp::start());
    let api = switchboard::api::mount(poem::Route::new(), &test.app).around(switchboard::api::answer_errors);
    let kind = prop::sample::select(vec![
        "multipart/form-data; boundary=X",
        "multipart/form-data",
        "multipart/mixed; boundary=X",
        "text/plain",
        "multipart/form-data; boundary=\"\"",
    ]);
    let kind = prop_oneof![6 => Just("multipart/form-data; boundary=X"), 1 => kind];
    let config = Laws::config(128, file!());
    let ran = TestRunner::new(config).run(&(kind, upload()), |(kind, body)| {
        runtime.block_on(multipart::holds(&api, ADMIN_KEY, &test.agent_id, kind, body));
        Ok(())
    });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
    runtime.block_on(async {
        test.run_jobs().await;
        test.finish().await;
    });
}

/// Eight times the Markdown takes about eight times as long, whatever it is made of.
#[test]
fn markdown_is_read_in_linear_time() {
    let nested = |times: usize| (0..times).map(|depth| format!("{}- x\n", "  ".repeat(depth % 40))).collect();
    let repeated = |piece: &'static str| Box::new(move |times: usize| piece.repeat(times)) as Grown;
    let mut inputs: Vec<(&str, Grown)> = [
        "*",
        "_a ",
        "**a",
        "*a **b ",
        "[",
        "![",
        "[a](",
        "]",
        "`",
        "``a` ",
        "<",
        "<!--",
        "<a ",
        "> ",
        "> a\n",
        ">",
        "- ",
        "1. ",
        "\n- a\n  b",
        "# ",
        "|a",
        "\n[a]: b",
        "&",
        "\\",
        "~~a",
        "a\n",
    ]
    .into_iter()
    .map(|piece| (piece, repeated(piece)))
    .collect();
    inputs.push(("nested lists", Box::new(nested)));
    inputs.push(("quotes that go on", Box::new(|times| format!("{}a\n{}", ">".repeat(times), "b\n".repeat(times)))));
    inputs.push(("lists that go on", Box::new(|times| format!("{}a\n{}", "- ".repeat(times), "b\n".repeat(times)))));
    inputs.push(("a table", Box::new(|times| format!("|a|b|\n|-|-|\n{}", "|c|d|e|\n".repeat(times)))));
    inputs.push(("emphasis nested", Box::new(|times| format!("{}a{}", "*a ".repeat(times), " a*".repeat(times)))));
    for (name, input) in inputs {
        let took = |times: usize| {
            let markdown = input(times);
            let best = (0..3).map(|_| {
                let started = Instant::now();
                let shown = to_whatsapp(&markdown);
                (started.elapsed(), shown.len() / (markdown.len() + 1))
            });
            best.min().expect("three tries")
        };
        let ((short, _), (long, growth)) = (took(1_000), took(8_000));
        assert!(
            long < short * 40 + Duration::from_millis(20),
            "{name}: {short:?}, then {long:?} for eight times as much"
        );
        assert!(growth < 30, "{name}: {growth} times as long");
    }
}
