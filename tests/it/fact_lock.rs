//! The fact lock: what a model makes up does not reach a customer, and what is true does.

use serde_json::{Value, json};

use crate::support::{Says, TestApp, text};

/// By which every passage is found.
const QUESTION: &str = "On 2026-11-21: how much is rye bread, and a butter croissant, on Tuesday, for orders?";

/// An agent under its lock, with the bakery's prices.
async fn locked(mode: &str) -> TestApp {
    let test = TestApp::start().await;
    let agent = test.patch(&format!("/agents/{}", test.agent_id), json!({"fact_lock": mode})).await;
    assert_eq!((agent["fact_lock"].clone(), agent["version"].clone()), (json!(mode), json!(2)));
    test.upload("prices.csv", b"product,unit,price\nRye bread,loaf,7.40 EUR\nButter croissant,piece,2.80 EUR\n").await;
    test.upload("hours.md", b"# Hours\n\nTuesday to Saturday 7:30 to 18:00. Orders: +49 171 1234567.").await;
    test.run_jobs().await;
    test
}

async fn ask(test: &TestApp, question: &str) {
    test.ana_writes(question);
    test.settle().await;
}

async fn verdict(test: &TestApp) -> Value {
    test.get("/turns").await["items"][0]["trace"]["fact_lock"].clone()
}

#[tokio::test]
async fn an_invented_price_is_written_again_and_the_true_one_arrives() {
    let test = locked("enforce").await;
    test.model.next(Says::Text("Rye bread is 6.90 EUR a loaf.".to_owned()));
    test.model.next(Says::Text("Rye bread is 7,40 € a loaf.".to_owned()));
    ask(&test, "How much is the rye bread?").await;
    assert_eq!(test.answers(), ["Rye bread is 7,40 € a loaf."]);
    let asked = test.model.requests()[1]["messages"].as_array().expect("messages").clone();
    let objection = text(asked.last().expect("a message"), "content");
    assert!(objection.contains("6.90 EUR") && objection.contains("price"), "{objection}");
    assert_eq!(text(&asked[asked.len() - 2], "content"), "Rye bread is 6.90 EUR a loaf.");
    let told = verdict(&test).await;
    assert_eq!(["mode", "verdict"].map(|key| text(&told, key)), ["enforce", "rewritten"]);
    assert_eq!(told["missing"], json!([{"kind": "price", "text": "6.90 EUR"}]));
    assert_eq!(test.outcomes().await, [Some("answered".to_owned())]);
    test.finish().await;
}

#[tokio::test]
async fn a_model_that_lies_again_is_silent_and_a_person_comes() {
    let lies = [
        "Rye bread is 6.90 EUR.",
        "You get 15 % off.",
        "We are closed on 24 December.",
        "We open at 9:15.",
        "Call +49 30 5550100.",
        "Write to sales@miga.example.",
        "See https://miga.example/offers.",
        "It takes 3 days.",
        "Your order is 48151.",
    ];
    let test = locked("enforce").await;
    for (place, lie) in lies.into_iter().enumerate() {
        test.model.next(Says::Text(lie.to_owned()));
        test.model.next(Says::Text(format!("Really: {lie}")));
        ask(&test, "Tell me more").await;
        let answers = test.answers();
        assert!(answers.len() == place + 1 && answers[place].contains("colleague"), "{lie}: {answers:?}");
        let conversation = test.conversation().await;
        assert_eq!((&conversation["owner"], &conversation["task_reason"]), (&json!("human"), &json!("fact_lock")));
        assert_eq!(test.newest_inbound().await["outcome"], "handed_over");
        assert_eq!(text(&verdict(&test).await, "verdict"), "refused");
        test.post(&format!("/conversations/{}/release", test.conversation_id().await), json!({})).await;
    }
    test.finish().await;
}

#[tokio::test]
async fn what_is_true_is_said_in_any_words() {
    let truths = [
        "A loaf of rye bread is €7.40, a croissant 2,80 Euro.",
        "We open at half past seven: 7:30 am, until 6 pm.",
        "Call us: 0171 123 45 67",
        "Rye bread is 7.40 EUR, as I said.",
        "Today is 2026-11-21? I only know that we are here until 18:00.",
        "For your 25 guests I can ask a colleague.",
        "Pick one: 1. bread 2. croissant",
    ];
    let test = locked("enforce").await;
    for (place, truth) in truths.into_iter().enumerate() {
        test.model.next(Says::Text(truth.to_owned()));
        // What customers write may be repeated.
        let question = if truth.contains("25") { "We are 25 guests, what do you suggest?" } else { QUESTION };
        ask(&test, question).await;
        assert_eq!(test.answers().len(), place + 1, "{truth}");
        assert_eq!(text(&verdict(&test).await, "verdict"), "clean", "{truth}");
    }
    assert_eq!(test.model.requests().len(), truths.len(), "nothing was asked twice");
    test.finish().await;
}

#[tokio::test]
async fn what_a_tool_gave_and_what_a_colleague_promised_may_be_said() {
    let test = locked("enforce").await;
    test.upload("far.md", b"# Wedding cakes\n\nA wedding cake for 60 persons costs 480 EUR and takes 3 weeks.").await;
    test.run_jobs().await;
    test.model.next(Says::Calls("search_knowledge", json!({"query": "wedding cake"})));
    test.model.next(Says::Text("For 60 people it is 480 EUR.".to_owned()));
    ask(&test, "zzz").await;
    assert_eq!(test.answers(), ["For 60 people it is 480 EUR."]);
    let conversation = test.conversation_id().await;
    let promise = json!({"content": {"type": "text", "text": {"body": "For you it is 450 EUR."}}});
    test.post(&format!("/conversations/{conversation}/messages"), promise).await;
    test.settle().await;
    test.post(&format!("/conversations/{conversation}/release"), json!({})).await;
    test.model.next(Says::Text("Yes, 450 EUR, as my colleague said; not the 480 EUR.".to_owned()));
    ask(&test, "So what is it?").await;
    assert_eq!(test.answers().last().map(String::as_str), Some("Yes, 450 EUR, as my colleague said; not the 480 EUR."));
    test.finish().await;
}

#[tokio::test]
async fn a_flag_lets_it_pass_and_says_so_and_no_lie_becomes_a_source() {
    let test = locked("flag").await;
    test.model.next(Says::Text("A baguette is 1.10 EUR.".to_owned()));
    ask(&test, "zzz").await;
    assert_eq!(test.answers(), ["A baguette is 1.10 EUR."]);
    let told = verdict(&test).await;
    assert_eq!((text(&told, "verdict"), &told["missing"][0]["text"]), ("flagged".to_owned(), &json!("1.10 EUR")));
    test.patch(&format!("/agents/{}", test.agent_id), json!({"fact_lock": "enforce"})).await;
    test.model.next(Says::Text("As I said, 1.10 EUR.".to_owned()));
    test.model.next(Says::Text("I will ask a colleague.".to_owned()));
    ask(&test, "yyy").await;
    assert_eq!(test.answers().last().map(String::as_str), Some("I will ask a colleague."));
    test.finish().await;
}

#[tokio::test]
async fn a_model_that_fails_while_it_writes_again_says_nothing_untrue() {
    let test = locked("enforce").await;
    test.model.next(Says::Text("It is 9.99 EUR.".to_owned()));
    test.model.next(Says::Fails(400, r#"{"error": {"message": "no"}}"#));
    ask(&test, "How much?").await;
    assert!(test.answers()[0].contains("colleague"), "{:?}", test.answers());
    assert_eq!(test.conversation().await["task_reason"], "fact_lock");
    test.finish().await;
}

#[tokio::test]
async fn an_agent_has_no_lock_until_it_is_set_and_a_version_keeps_its_own() {
    let test = TestApp::start().await;
    let agent = format!("/agents/{}", test.agent_id);
    assert_eq!(test.get(&agent).await["fact_lock"], "off");
    test.model.next(Says::Text("It is 5 EUR.".to_owned()));
    ask(&test, "How much?").await;
    assert_eq!((test.answers(), verdict(&test).await), (vec!["It is 5 EUR.".to_owned()], Value::Null));
    test.patch(&agent, json!({"fact_lock": "flag"})).await;
    assert_eq!(test.post(&format!("{agent}/versions/1/restore"), json!({})).await["fact_lock"], "off");
    assert_eq!(test.get(&format!("{agent}/versions/2")).await["fact_lock"], "flag");
    test.patch(&agent, json!({"fact_lock": "enforce"})).await;
    test.model.always(Says::Text("It is 5 EUR.".to_owned()));
    let tried = test.post(&format!("{agent}/try"), json!({"message": "How much?"})).await;
    assert_eq!(tried["trace"]["fact_lock"]["verdict"], "refused", "{tried}");
    assert!(text(&tried, "hand_over").contains("5 EUR"));
    test.finish().await;
}
