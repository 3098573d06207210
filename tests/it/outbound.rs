//! Everything an operator can send: in Meta's shape, within Meta's limits, to whom it may go, and as it is shown.

use std::time::Duration;

use entity::private::Phone;
use entity::state::{ConsentState, MediaSource, MediaStatus};
use entity::{MediaId, TemplateId, WorkspaceId, contact, media, message, template};
use reqwest::Method;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};
use simulator::{Answer, Faults};

use crate::support::{ADMIN_KEY, ANA, TestApp, items, text};

const META: &str = include_str!("meta/messages_v23.json");
/// Ana's pair would wait after 45 messages.
const NO_PACE: &str = "[delivery]\nnumber_per_sec = 0\npair_per_minute = 0\n";

fn link(name: &str) -> Value {
    json!({ "link": format!("https://example.com/{name}") })
}

fn tap(kind: &str, action: Value) -> Value {
    json!({"type": "interactive", "interactive": {"type": kind, "body": {"text": "Please choose."}, "action": action}})
}

fn filled(components: Value) -> Value {
    json!({"type": "template", "template": {"name": "order_ok", "language": {"code": "en_US"}, "components": components}})
}

fn buttons(titles: &[&str]) -> Value {
    let button = |title: &&str| json!({"type": "reply", "reply": {"id": title, "title": title}});
    tap("button", json!({ "buttons": titles.iter().map(button).collect::<Vec<_>>() }))
}

fn list(sections: Value) -> Value {
    tap("list", json!({"button": "Cakes", "sections": sections}))
}

fn row(id: &str) -> Value {
    json!({"id": id, "title": id, "description": "fresh"})
}

fn media_card(index: usize) -> Value {
    json!({"card_index": index, "type": "cta_url", "header": {"type": "image", "image": link("cake.png")}, "body": {"text": "Cake"},
        "action": {"name": "cta_url", "parameters": {"display_text": "See", "url": "https://example.com/cake"}}})
}

fn reply_card(index: usize) -> Value {
    json!({"card_index": index, "type": "cta_url", "header": {"type": "video", "video": link("cake.mp4")},
        "action": {"buttons": [{"type": "quick_reply", "quick_reply": {"id": format!("card-{index}"), "title": "This one"}}]}})
}

fn product_card(index: usize) -> Value {
    json!({"card_index": index, "type": "product", "action": {"catalog_id": "77", "product_retailer_id": "cake"}})
}

/// One of every type, and of every kind of button, header and component.
fn everything() -> Vec<Value> {
    let products = json!([{"title": "Cakes", "product_items": [{"product_retailer_id": "cake"}]}]);
    let mut with_header = buttons(&["Yes"]);
    with_header["interactive"]["header"] =
        json!({"type": "document", "document": {"link": "https://example.com/a.pdf", "filename": "a.pdf"}});
    with_header["interactive"]["footer"] = json!({"text": "Miga"});
    let mut product_list = tap("product_list", json!({"catalog_id": "77", "sections": products}));
    product_list["interactive"]["header"] = json!({"type": "text", "text": "Cakes"});
    vec![
        json!({"type": "text", "text": {"body": "See https://example.com", "preview_url": true}}),
        json!({"type": "image", "image": {"link": "https://example.com/a.png", "caption": "A cake"}}),
        json!({"type": "image", "image": {"id": "4711"}}),
        json!({"type": "video", "video": {"link": "https://example.com/a.mp4", "caption": "A film"}}),
        json!({"type": "audio", "audio": {"link": "https://example.com/a.ogg", "voice": true}}),
        json!({"type": "document", "document": {"link": "https://example.com/a.pdf", "caption": "Prices", "filename": "prices.pdf"}}),
        json!({"type": "sticker", "sticker": link("a.webp")}),
        json!({"type": "location", "location": {"latitude": "47.37", "longitude": 8.54, "name": "Miga", "address": "Bakery Lane 1"}}),
        json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Ben Cook", "first_name": "Ben"},
            "phones": [{"phone": "+1 555 000 3333", "type": "CELL", "wa_id": "15550003333"}], "emails": [{"email": "ben@example.com"}],
            "addresses": [{"street": "Bakery Lane 1", "type": "HOME"}], "urls": [{"url": "https://example.com"}],
            "org": {"company": "Miga"}, "birthday": "1990-01-31"}]}),
        buttons(&["Yes", "No"]),
        with_header,
        list(json!([{"title": "Sweet", "rows": [row("a")]}, {"title": "Salty", "rows": [row("b")]}])),
        tap(
            "cta_url",
            json!({"name": "cta_url", "parameters": {"display_text": "Shop", "url": "https://example.com"}}),
        ),
        tap(
            "flow",
            json!({"name": "flow", "parameters": {"flow_message_version": "3", "flow_id": "12", "flow_cta": "Open", "flow_token": "t",
            "flow_action": "navigate", "flow_action_payload": {"screen": "S1", "data": {"k": "v"}}, "mode": "published"}}),
        ),
        tap("location_request_message", json!({"name": "send_location"})),
        tap(
            "address_message",
            json!({"name": "address_message", "parameters": {"country": "IN", "values": {"name": "Ana"},
            "saved_addresses": [{"id": "a1", "value": {"name": "Ana"}}]}}),
        ),
        tap("request_contact_info", json!({"name": "request_contact_info"})),
        tap("product", json!({"catalog_id": "77", "product_retailer_id": "cake"})),
        product_list,
        tap(
            "catalog_message",
            json!({"name": "catalog_message", "parameters": {"thumbnail_product_retailer_id": "cake"}}),
        ),
        tap("carousel", json!({"cards": [media_card(0), media_card(1)]})),
        tap("carousel", json!({"cards": [reply_card(0), reply_card(1)]})),
        tap("carousel", json!({"cards": [product_card(0), product_card(1)]})),
        tap("call_permission_request", json!({"name": "call_permission_request"})),
        tap(
            "voice_call",
            json!({"name": "voice_call", "parameters": {"display_text": "Call", "ttl_minutes": 60, "payload": "p"}}),
        ),
        filled(json!([])),
        filled(json!([
            {"type": "header", "parameters": [{"type": "image", "image": {"id": "4711"}}]},
            {"type": "body", "parameters": [{"type": "text", "parameter_name": "first_name", "text": "Ana"},
                {"type": "currency", "currency": {"fallback_value": "9.50 EUR", "code": "EUR", "amount_1000": 9500}},
                {"type": "date_time", "date_time": {"fallback_value": "Sunday"}}]},
            {"type": "limited_time_offer", "parameters": [{"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1_790_600_000_000_i64}}]},
            {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "P"}]},
            {"type": "button", "sub_type": "url", "index": 1, "parameters": [{"type": "text", "text": "77"}]},
            {"type": "button", "sub_type": "copy_code", "index": 2, "parameters": [{"type": "coupon_code", "coupon_code": "SAVE20"}]},
            {"type": "button", "sub_type": "flow", "index": 3, "parameters": [{"type": "action", "action": {"flow_token": "t", "flow_action_data": {}}}]},
            {"type": "button", "sub_type": "catalog", "index": 4, "parameters": [{"type": "action", "action": {"thumbnail_product_retailer_id": "cake"}}]},
            {"type": "button", "sub_type": "mpm", "index": 5, "parameters": [{"type": "action", "action": {"thumbnail_product_retailer_id": "cake", "sections": products}}]},
        ])),
        filled(json!([
            {"type": "header", "parameters": [{"type": "location", "location": {"latitude": "47.37", "longitude": "8.54"}}]},
            {"type": "carousel", "cards": [{"card_index": 0, "components": [
                {"type": "header", "parameters": [{"type": "video", "video": link("a.mp4")}]},
                {"type": "body", "parameters": [{"type": "text", "text": "today"}]}]}]},
        ])),
    ]
}

async fn greeted(overrides: &str) -> TestApp {
    let test = TestApp::start_with(overrides).await;
    test.ana_writes("Hi?");
    test.settle().await;
    test
}

fn to_ana(test: &TestApp, content: &Value) -> Value {
    json!({"number_id": test.number_id, "to": format!("+{ANA}"), "content": content})
}

async fn try_send(test: &TestApp, body: Value) -> (u16, Value) {
    test.call(Method::POST, "/messages", ADMIN_KEY, Some(body)).await
}

fn fields(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("errors in {problem}"));
    errors.iter().map(|error| text(error, "field")).collect()
}

fn sent_request(test: &TestApp, message: &Value) -> Value {
    let requests = test.simulator.requests().into_iter();
    let mut found = requests.filter(|request| request.body["biz_opaque_callback_data"] == message["id"]);
    found.next().unwrap_or_else(|| panic!("a request for {message}")).body
}

/// A schema of our document in today's words: OpenAPI 3.0 has its own for null.
fn modern(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: serde_json::Map<String, Value> =
                fields.iter().map(|(name, value)| (name.clone(), modern(value))).collect();
            if fields.remove("nullable") == Some(json!(true)) {
                return json!({ "anyOf": [fields, { "type": "null" }] });
            }
            Value::Object(fields)
        }
        Value::Array(items) => items.iter().map(modern).collect(),
        other => other.clone(),
    }
}

fn assert_fits(schema: &str, value: &Value) {
    let document: Value = serde_json::from_str(&switchboard::api::document()).expect("JSON");
    let mut whole = json!({ "$ref": format!("#/components/schemas/{schema}") });
    whole["components"] = modern(&document["components"]);
    let validator = jsonschema::validator_for(&whole).expect("our own schema");
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?} in {value}");
}

#[tokio::test]
async fn every_type_goes_out_in_metas_own_shape() {
    let test = greeted(NO_PACE).await;
    let meta: Value = serde_json::from_str(META).expect("JSON");
    let meta = jsonschema::validator_for(&meta).expect("Meta's schema, mended");
    let conversation_id = test.conversation_id().await;
    let wamid = text(&items(&test.get("/messages?direction=inbound").await)[0], "wamid");
    let mut contents = everything();
    contents.push(json!({"type": "reaction", "reaction": {"message_id": wamid, "emoji": "👍"}}));
    contents.push(json!({"type": "text", "text": {"body": "Yes"}, "context": {"message_id": wamid}}));
    for content in contents {
        let message =
            test.post(&format!("/conversations/{conversation_id}/messages"), json!({"content": content})).await;
        test.run_jobs().await;
        let kind = text(&content, "type");
        let request = sent_request(&test, &message);
        assert_eq!((&request["type"], &request[&kind]), (&content["type"], &content[&kind]));
        assert_eq!(request["context"], content["context"], "{kind}");
        assert!(
            meta.is_valid(&request),
            "{:?}: {request}",
            meta.iter_errors(&request).map(|error| error.to_string()).collect::<Vec<_>>()
        );
        assert_eq!(message["content"][&kind], content[&kind]);
        assert_fits("Message", &message);
    }
    for message in items(&test.get("/messages?limit=100").await) {
        assert_fits("Message", &message);
        assert_ne!(message["content"]["type"], "malformed", "{message}");
    }
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn every_broken_limit_names_its_field() {
    let test = greeted("").await;
    let long = |count: usize| "x".repeat(count);
    let set = |content: &Value, pointer: &str, value: Value| {
        let mut content = content.clone();
        *content.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
        content
    };
    let with = |content: &Value, parent: &str, name: &str, value: Value| {
        let mut content = content.clone();
        content.pointer_mut(parent).expect("an object")[name] = value;
        content
    };
    let image = json!({"type": "image", "image": {"link": "https://example.com/a.png"}});
    let ok = buttons(&["Yes", "No"]);
    let one_list = list(json!([{"title": "Sweet", "rows": [row("a")]}]));
    let flow = everything().into_iter().find(|content| content["interactive"]["type"] == "flow").expect("a flow");
    let cards = tap("carousel", json!({"cards": [media_card(0), media_card(1)]}));
    let eleven: Vec<Value> = (0..6).map(|place| row(&format!("a{place}"))).collect();
    let rows: Vec<Value> = (0..5).map(|place| row(&format!("b{place}"))).collect();
    let products: Vec<Value> = (0..16).map(|place| json!({"product_retailer_id": format!("p{place}")})).collect();
    let mut product_list = tap(
        "product_list",
        json!({"catalog_id": "77", "sections": [
        {"title": "a", "product_items": products}, {"title": "b", "product_items": products}]}),
    );
    product_list["interactive"]["header"] = json!({"type": "text", "text": "Cakes"});
    let button = |sub_type: &str, parameter: Value| {
        filled(json!([{"type": "button", "sub_type": sub_type, "index": 0, "parameters": [parameter]}]))
    };
    let cases = [
        (json!({"type": "poem", "poem": {}}), "content.type"),
        (json!({}), "content.type"),
        (json!({"type": "text"}), "content.text"),
        (json!({"type": "text", "text": {"body": long(4097)}}), "content.text.body"),
        (json!({"type": "text", "text": {"body": "x", "colour": 1}}), "content.text.colour"),
        (json!({"type": "text", "text": {"body": "x"}, "image": {}}), "content.image"),
        (with(&image, "/image", "id", json!("4711")), "content.image"),
        (json!({"type": "image", "image": {"caption": "x"}}), "content.image"),
        (with(&image, "/image", "caption", json!(long(1025))), "content.image.caption"),
        (with(&image, "/image", "filename", json!("a.png")), "content.image.filename"),
        (set(&image, "/image/link", json!("ftp://example.com")), "content.image.link"),
        (json!({"type": "image", "image": {"id": "med_01J9ZC3V8K2M4N6P8R0T2V4X6Z"}}), "content.image.id"),
        (json!({"type": "audio", "audio": {"id": "1", "caption": "x"}}), "content.audio.caption"),
        (json!({"type": "sticker", "sticker": {"id": "1", "caption": "x"}}), "content.sticker.caption"),
        (json!({"type": "location", "location": {"latitude": "91", "longitude": 0}}), "content.location.latitude"),
        (json!({"type": "location", "location": {"latitude": 1, "longitude": -181}}), "content.location.longitude"),
        (json!({"type": "contacts", "contacts": []}), "content.contacts"),
        (json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "A"}}]}), "content.contacts[0].name"),
        (
            json!({"type": "contacts", "contacts": [{"name": {"first_name": "A"}}]}),
            "content.contacts[0].name.formatted_name",
        ),
        (json!({"type": "reaction", "reaction": {"message_id": "w", "emoji": "yes"}}), "content.reaction.emoji"),
        (
            json!({"type": "reaction", "reaction": {"message_id": "w", "emoji": "👍"}, "context": {"message_id": "w"}}),
            "content.context",
        ),
        (json!({"type": "interactive", "interactive": {"type": "poll"}}), "content.interactive.type"),
        (buttons(&[]), "content.interactive.action.buttons"),
        (buttons(&["a", "b", "c", "d"]), "content.interactive.action.buttons"),
        (
            set(&ok, "/interactive/action/buttons/1/reply/title", json!(long(21))),
            "content.interactive.action.buttons[1].reply.title",
        ),
        (
            set(&ok, "/interactive/action/buttons/1/reply/title", json!("Yes")),
            "content.interactive.action.buttons[1].reply.title",
        ),
        (
            set(&ok, "/interactive/action/buttons/1/reply/id", json!("Yes")),
            "content.interactive.action.buttons[1].reply.id",
        ),
        (
            set(&ok, "/interactive/action/buttons/0/reply/id", json!(long(257))),
            "content.interactive.action.buttons[0].reply.id",
        ),
        (set(&ok, "/interactive/body/text", json!(long(1025))), "content.interactive.body.text"),
        (with(&ok, "/interactive", "footer", json!({"text": long(61)})), "content.interactive.footer.text"),
        (
            with(&ok, "/interactive", "header", json!({"type": "text", "text": long(61)})),
            "content.interactive.header.text",
        ),
        (with(&ok, "/interactive", "header", json!({"type": "audio"})), "content.interactive.header.type"),
        (
            with(&one_list, "/interactive", "header", json!({"type": "image", "image": {"id": "1"}})),
            "content.interactive.header.type",
        ),
        (set(&one_list, "/interactive/action/button", json!(long(21))), "content.interactive.action.button"),
        (
            set(&one_list, "/interactive/action/sections/0/rows/0/description", json!(long(73))),
            "content.interactive.action.sections[0].rows[0].description",
        ),
        (
            list(json!([{"title": "a", "rows": eleven}, {"title": "b", "rows": rows}])),
            "content.interactive.action.sections",
        ),
        (
            list(json!([{"title": "a", "rows": [row("a")]}, {"rows": [row("b")]}])),
            "content.interactive.action.sections[1].title",
        ),
        (
            list(json!([{"title": "a", "rows": [row("a"), row("a")]}])),
            "content.interactive.action.sections[0].rows[1].id",
        ),
        (
            set(&flow, "/interactive/action/parameters/flow_action", json!("data_exchange")),
            "content.interactive.action.parameters.flow_action_payload",
        ),
        (
            with(&flow, "/interactive/action/parameters", "flow_name", json!("n")),
            "content.interactive.action.parameters",
        ),
        (product_list, "content.interactive.action.sections"),
        (tap("carousel", json!({"cards": [media_card(0)]})), "content.interactive.action.cards"),
        (
            tap("carousel", json!({"cards": [media_card(0), media_card(0)]})),
            "content.interactive.action.cards[1].card_index",
        ),
        (tap("carousel", json!({"cards": [media_card(0), product_card(1)]})), "content.interactive.action.cards[1]"),
        (
            set(&cards, "/interactive/action/cards/1/body/text", json!("a\nb\nc\nd")),
            "content.interactive.action.cards[1].body.text",
        ),
        (
            tap("voice_call", json!({"name": "voice_call", "parameters": {"ttl_minutes": 43_201}})),
            "content.interactive.action.parameters.ttl_minutes",
        ),
        (set(&filled(json!([])), "/template/name", json!("Order OK")), "content.template.name"),
        (filled(json!([{"type": "footer"}])), "content.template.components[0].type"),
        (
            button("url", json!({"type": "payload", "payload": "x"})),
            "content.template.components[0].parameters[0].type",
        ),
        (
            button("copy_code", json!({"type": "coupon_code", "coupon_code": long(21)})),
            "content.template.components[0].parameters[0].coupon_code",
        ),
    ];
    let before = test.simulator.requests().len();
    for (content, field) in cases {
        let (status, problem) = try_send(&test, to_ana(&test, &content)).await;
        assert_eq!((status, fields(&problem)), (422, vec![field.to_owned()]), "{content}");
    }
    test.run_jobs().await;
    assert_eq!(test.simulator.requests().len(), before, "nothing has left");
    test.finish().await;
}

#[tokio::test]
async fn a_file_of_ours_must_be_there_be_ready_and_be_what_meta_takes() {
    let test = greeted("").await;
    let add = async |media_type: &str, size_bytes: i64, status: MediaStatus| {
        let id = MediaId::generate(test.app.now());
        let row = media::Model {
            id: id.clone(),
            workspace_id: workspace_id(&test).await,
            number_id: None,
            message_id: None,
            source: MediaSource::Upload,
            kind: "image".to_owned(),
            status,
            meta_id: None,
            url: None,
            declared_type: None,
            declared_sha256: None,
            media_type: Some(media_type.to_owned()),
            file_name: None,
            size_bytes: Some(size_bytes),
            sha256: Some("00".to_owned()),
            error: None,
            warning: None,
            created_at: test.app.now(),
            ready_at: None,
        };
        switchboard::store::media::insert(test.app.db.writer(), row).await.expect("stored");
        id.to_string()
    };
    let small = add("image/png", 1000, MediaStatus::Ready).await;
    let large = add("image/png", 6 * 1024 * 1024, MediaStatus::Ready).await;
    let fetching = add("image/png", 1000, MediaStatus::Fetching).await;
    let image = |id: &str| json!({"type": "image", "image": {"id": id}});
    for (content, field) in [
        (image(&large), "content.image.id"),
        (image(&fetching), "content.image.id"),
        (json!({"type": "video", "video": {"id": small}}), "content.video.id"),
        (
            json!({"type": "interactive", "interactive": {"type": "button", "header": {"type": "image", "image": {"id": large}},
            "body": {"text": "x"}, "action": {"buttons": [{"type": "reply", "reply": {"id": "a", "title": "a"}}]}}}),
            "content.interactive.header.image.id",
        ),
    ] {
        let (status, problem) = try_send(&test, to_ana(&test, &content)).await;
        assert_eq!((status, fields(&problem)), (422, vec![field.to_owned()]), "{problem}");
    }
    let message = test.post("/messages", to_ana(&test, &image(&small))).await;
    assert_eq!(message["content"]["image"]["id"], json!(small));
    assert_eq!((&message["media"]["id"], &message["media"]["status"]), (&json!(small), &json!("ready")));
    assert_eq!(message["media"]["url"], format!("/api/v1/media/{small}"));
    test.post("/messages", to_ana(&test, &json!({"type": "document", "document": {"id": large}}))).await;
    test.settle().await;
    test.finish().await;
}

async fn workspace_id(test: &TestApp) -> WorkspaceId {
    let found = contact::Entity::find().one(test.app.db.writer()).await.expect("read").expect("Ana is known");
    found.workspace_id
}

pub async fn add_template(
    test: &TestApp,
    name: &str,
    category: &str,
    status: &str,
    named: bool,
    components: Value,
) -> String {
    let now = test.app.now();
    let row = template::Model {
        id: TemplateId::generate(now),
        workspace_id: workspace_id(test).await,
        waba_id: simulator::Number::default().waba_id,
        meta_id: None,
        name: name.to_owned(),
        language: "en_US".to_owned(),
        category: category.to_owned(),
        previous_category: None,
        status: status.to_owned(),
        parameter_format: if named { "named" } else { "positional" }.to_owned(),
        components,
        quality: None,
        reason: None,
        sends: 0,
        last_sent_at: None,
        synced_at: Some(now),
        created_at: now,
        updated_at: now,
    };
    let id = row.id.to_string();
    template::Entity::insert(row.into_active_model())
        .exec_without_returning(test.app.db.writer())
        .await
        .expect("stored");
    id
}

async fn set_contact(test: &TestApp, column: contact::Column, value: impl Into<sea_orm::Value>) {
    let all = contact::Entity::update_many().col_expr(column, Expr::value(value.into()));
    all.filter(contact::Column::Phone.eq(Phone::from(ANA))).exec(test.app.db.writer()).await.expect("updated");
}

#[tokio::test]
async fn a_template_is_checked_against_its_definition_before_it_is_sent() {
    let test = greeted("").await;
    let unknown = test.post("/messages", to_ana(&test, &filled(json!([])))).await;
    assert_eq!(unknown["warnings"][0]["code"], "template_not_checked", "nothing is known of the account");
    let definition = json!([{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Thanks {{1}}, see {{2}}."},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Track", "url": "https://x/{{1}}"}]}]);
    let id = add_template(&test, "order_ok", "UTILITY", "APPROVED", false, definition).await;
    add_template(&test, "paused_one", "UTILITY", "PAUSED", false, json!([{"type": "BODY", "text": "Hi"}])).await;
    let words = |text: &str| json!({"type": "text", "text": text});
    let header = json!({"type": "header", "parameters": [{"type": "image", "image": {"id": "4711"}}]});
    let body = json!({"type": "body", "parameters": [words("Ana"), words("you")]});
    let button = json!({"type": "button", "sub_type": "url", "index": "0", "parameters": [words("77")]});
    let named =
        json!({"type": "body", "parameters": [words("Ana"), {"type": "text", "parameter_name": "x", "text": "y"}]});
    let one = json!({"type": "body", "parameters": [words("Ana")]});
    let mut other = filled(json!([]));
    other["template"]["name"] = json!("order_okay");
    let mut paused = filled(json!([]));
    paused["template"]["name"] = json!("paused_one");
    let mut language = filled(json!([]));
    language["template"]["language"]["code"] = json!("de");
    for (content, field) in [
        (other, "content.template.name"),
        (paused, "content.template.name"),
        (language, "content.template.language.code"),
        (filled(json!([header, one, button])), "content.template.components[1].parameters"),
        (filled(json!([header, named, button])), "content.template.components[1].parameters[1].parameter_name"),
        (filled(json!([body, button])), "content.template.components"),
        (filled(json!([header, body])), "content.template.components"),
    ] {
        let (status, problem) = try_send(&test, to_ana(&test, &content)).await;
        assert_eq!((status, fields(&problem)), (422, vec![field.to_owned()]), "{problem}");
        if field == "content.template.name" && content["template"]["name"] == "order_okay" {
            assert!(text(&problem["errors"][0], "message").ends_with("order_ok"), "{problem}");
        }
    }
    let message = test.post("/messages", to_ana(&test, &filled(json!([header, body, button])))).await;
    assert_eq!(
        (&message["template_id"], &message["text"]),
        (&json!(id), &json!("(image)\nThanks Ana, see you.\n[Track]"))
    );
    assert_eq!(message["warnings"], json!([]));
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn outside_the_window_only_templates_go_and_some_are_offered() {
    let test = greeted("").await;
    add_template(&test, "offer", "MARKETING", "APPROVED", false, json!([{"type": "BODY", "text": "Cakes!"}])).await;
    add_template(&test, "order_ok", "UTILITY", "APPROVED", false, json!([{"type": "BODY", "text": "Thanks {{1}}."}]))
        .await;
    add_template(&test, "code", "AUTHENTICATION", "APPROVED", false, json!([])).await;
    add_template(&test, "old", "UTILITY", "PAUSED", false, json!([])).await;
    let hello = json!({"type": "text", "text": {"body": "Hello again"}});
    test.advance(Duration::from_secs(24 * 3600 + 1));
    let conversation_id = test.conversation_id().await;
    for (path, body) in [
        ("/messages".to_owned(), to_ana(&test, &hello)),
        (format!("/conversations/{conversation_id}/messages"), json!({"content": hello})),
        (
            "/messages".to_owned(),
            json!({"number_id": test.number_id, "to": format!("+{ANA}"), "content": hello, "preview": true}),
        ),
    ] {
        let (status, problem) = test.call(Method::POST, &path, ADMIN_KEY, Some(body)).await;
        assert_eq!((status, &problem["code"]), (422, &json!("window_closed")));
        assert_eq!(
            problem["templates"],
            json!([{"name": "order_ok", "language": "en_US", "category": "UTILITY", "text": "Thanks {{1}}."},
                {"name": "offer", "language": "en_US", "category": "MARKETING", "text": "Cakes!"}])
        );
        assert_fits("Problem", &problem);
    }
    assert_eq!(test.conversation().await["owner"], "agent", "what was refused took nothing");
    let fill = json!([{"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}]);
    test.post("/messages", to_ana(&test, &filled(fill))).await;
    let stranger = json!({"number_id": test.number_id, "to": "+15550003333", "content": hello});
    test.post("/messages", stranger).await;
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn a_reply_that_is_too_late_goes_as_the_agents_template_and_reads_like_it() {
    let test = greeted("").await;
    let id = add_template(
        &test,
        "come_back",
        "UTILITY",
        "APPROVED",
        false,
        json!([{"type": "BODY", "text": "Hi {{1}}, we have an answer."}]),
    )
    .await;
    let template = json!({"name": "come_back", "language": "en-US", "parameters": ["{{contact_name}}"]});
    let agent = test.patch(&format!("/agents/{}", test.agent_id), json!({"window_template": template})).await;
    assert_eq!(agent["window_template"]["language"], "en_US", "as Meta writes it");
    let too_late = Answer { code: Some(131_047), http: 400, share: 1.0, times: Some(1), retry_after_secs: None };
    test.simulator.set_faults(Faults { answers: vec![too_late], ..Faults::default() });
    test.ana_writes("Are you open?");
    test.settle().await;
    let sent = test.newest_message().await;
    assert_eq!(
        (&sent["type"], &sent["text"], &sent["template_id"]),
        (&json!("template"), &json!("Hi Ana, we have an answer."), &json!(id)),
        "{sent}"
    );
    test.finish().await;
}

#[tokio::test]
async fn consent_is_kept_and_a_block_too() {
    let test = greeted("").await;
    add_template(&test, "order_ok", "MARKETING", "APPROVED", false, json!([{"type": "BODY", "text": "Cakes!"}])).await;
    let hello = json!({"type": "text", "text": {"body": "Hello"}});
    let offer = to_ana(&test, &filled(json!([])));
    set_contact(&test, contact::Column::Marketing, ConsentState::OptedOut).await;
    let (status, problem) = try_send(&test, offer.clone()).await;
    assert_eq!((status, &problem["code"]), (422, &json!("opted_out")));
    let message = test.post("/messages", to_ana(&test, &hello)).await;
    assert_eq!(message["warnings"], json!([]));
    set_contact(&test, contact::Column::Marketing, Option::<String>::None).await;
    test.post("/messages", offer.clone()).await;
    set_contact(&test, contact::Column::Consent, ConsentState::OptedOut).await;
    let (status, problem) = try_send(&test, offer).await;
    assert_eq!((status, &problem["code"]), (422, &json!("opted_out")));
    let message = test.post("/messages", to_ana(&test, &hello)).await;
    assert_eq!(message["warnings"][0]["code"], "opted_out");
    set_contact(&test, contact::Column::BlockedAt, 1_i64).await;
    let (status, problem) = try_send(&test, to_ana(&test, &hello)).await;
    assert_eq!((status, &problem["code"]), (422, &json!("blocked")));
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn a_preview_shows_what_would_go_and_stores_nothing() {
    let test = greeted("").await;
    let ask = json!({"number_id": test.number_id, "to": "+1 (555) 000-2222", "content": buttons(&["Yes", "No"]), "preview": true});
    let (status, preview) = try_send(&test, ask).await;
    assert_eq!((status, &preview["preview"]), (200, &json!(true)));
    assert_eq!(preview["text"], "Please choose.\n[Yes]\n[No]");
    assert_eq!(
        preview["message"],
        json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": format!("+{ANA}"), "type": "interactive",
            "interactive": buttons(&["Yes", "No"])["interactive"]})
    );
    assert_fits("SentBeforeOrPreview", &preview);
    let conversation_id = test.conversation_id().await;
    let body = json!({"content": {"type": "image", "image": link("a.png")}, "preview": true});
    let (status, preview) =
        test.call(Method::POST, &format!("/conversations/{conversation_id}/messages"), ADMIN_KEY, Some(body)).await;
    assert_eq!((status, &preview["text"], &preview["warnings"]), (200, &Value::Null, &json!([])));
    let ask = json!({"number_id": test.number_id, "to": "+15550009999", "content": {"type": "text", "text": {"body": "x"}}, "preview": true});
    assert_eq!(try_send(&test, ask).await.0, 200);
    assert_eq!(items(&test.get("/messages?direction=outbound").await).len(), 1, "the agent's own");
    assert_eq!(items(&test.get("/conversations").await).len(), 1, "nobody new is known");
    assert_eq!(test.conversation().await["owner"], "agent");
    test.finish().await;
}

#[tokio::test]
async fn a_key_sends_any_type_once() {
    let test = greeted("").await;
    let send = async |content: &Value| {
        let request =
            test.request(Method::POST, "/api/v1/messages").bearer_auth(ADMIN_KEY).header("Idempotency-Key", "k");
        let answer = request.json(&to_ana(&test, content)).send().await.expect("answer");
        (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
    };
    let image = json!({"type": "image", "image": link("a.png")});
    let (status, first) = send(&image).await;
    assert_eq!(status, 201);
    // The window closes meanwhile, and the answer stays the same.
    test.settle().await;
    test.advance(Duration::from_secs(23 * 3600 + 3590));
    let (status, again) = send(&image).await;
    assert_eq!((status, &again["id"]), (200, &first["id"]));
    assert_fits("SentBeforeOrPreview", &again);
    assert_eq!(send(&json!({"type": "image", "image": link("b.png")})).await.0, 409);
    test.settle().await;
    assert_eq!(items(&test.get("/messages?direction=outbound").await).len(), 2);
    test.finish().await;
}

#[tokio::test]
async fn a_phone_reaches_the_contact_it_belongs_to_in_any_writing() {
    let test = greeted("").await;
    let brazil = simulator::Customer::with_phone("551187654321");
    test.writes(&brazil, "Oi?");
    test.settle().await;
    let hello = json!({"type": "text", "text": {"body": "Hello"}});
    let conversations = || async { items(&test.get("/conversations").await).len() };
    assert_eq!(conversations().await, 2);
    for (to, sent_to) in [
        ("(555) 000-2222", "+15550002222"),
        ("15550002222", "+15550002222"),
        ("001 555 000 2222", "+15550002222"),
        ("+55 11 98765-4321", "+551187654321"),
        ("+55 11 8765-4321", "+551187654321"),
    ] {
        let message = test.post("/messages", json!({"number_id": test.number_id, "to": to, "content": hello})).await;
        test.run_jobs().await;
        assert_eq!(sent_request(&test, &message)["to"], sent_to, "{to}");
        assert_eq!(conversations().await, 2, "{to}");
    }
    for wrong in ["555 000 22223", "+999 12345678", "+1555000222212345", "12345", "é"] {
        let body = json!({"number_id": test.number_id, "to": wrong, "content": hello});
        let (status, problem) = try_send(&test, body).await;
        assert_eq!((status, fields(&problem)), (422, vec!["to".to_owned()]), "{wrong}");
    }
    let message =
        test.post("/messages", json!({"number_id": test.number_id, "to": "US.ENT.1382abc", "content": hello})).await;
    test.run_jobs().await;
    assert_eq!(sent_request(&test, &message)["recipient"], "US.ENT.1382abc");
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn a_message_is_shown_with_what_it_quotes_and_who_reacted() {
    let test = greeted("").await;
    let conversation_id = test.conversation_id().await;
    let path = format!("/conversations/{conversation_id}/messages");
    let question = items(&test.get("/messages?direction=inbound").await).remove(0);
    let wamid = text(&question, "wamid");
    let react =
        |emoji: &str| json!({"content": {"type": "reaction", "reaction": {"message_id": wamid, "emoji": emoji}}});
    let shown = async || test.get(&format!("/messages/{}", text(&question, "id"))).await;
    test.post(&path, react("👍")).await;
    let reaction = test.post(&path, react("🎂")).await;
    assert_eq!((&reaction["type"], &reaction["quoted"]["text"]), (&json!("reaction"), &json!("Hi?")));
    let reactions = shown().await["reactions"].clone();
    assert_eq!(reactions.as_array().expect("a list").len(), 1, "the newest of our side: {reactions}");
    assert_eq!((&reactions[0]["emoji"], &reactions[0]["direction"]), (&json!("🎂"), &json!("outbound")));
    test.post(&path, react("")).await;
    assert_eq!(shown().await["reactions"], json!([]), "taken back");
    let quote = json!({"content": {"type": "text", "text": {"body": "Yes"}, "context": {"message_id": wamid}}});
    let answer = test.post(&path, quote).await;
    assert_eq!(
        answer["quoted"],
        json!({"id": question["id"], "type": "text", "text": "Hi?", "direction": "inbound", "wamid": wamid})
    );
    assert_eq!(test.conversation().await["last_message"]["quoted"], answer["quoted"]);
    let pricing =
        json!({"billable": true, "pricing_model": "PMP", "type": "regular", "category": "service", "more": 1});
    let all = message::Entity::update_many().col_expr(message::Column::Pricing, Expr::value(pricing));
    all.exec(test.app.db.writer()).await.expect("updated");
    assert_eq!(
        shown().await["pricing"],
        json!({"billable": true, "pricing_model": "PMP", "type": "regular", "category": "service"})
    );
    test.settle().await;
    test.finish().await;
}
