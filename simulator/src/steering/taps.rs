//! A customer taps what the business offered: a reply button, a row of a list, a template's quick reply, a card's.

use poem::{
    Response, handler,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, answer, customers, parse};
use crate::{
    bubble::{Bubble, Side},
    lock,
    simulator::Simulator,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tap {
    /// The business's bubble.
    wamid: String,
    /// The id or the words of what is tapped.
    choice: String,
}

#[handler]
pub(super) fn tap(
    Data(simulator): Data<&Simulator>,
    Path(phone): Path<String>,
    body: Vec<u8>,
) -> poem::Result<Response> {
    let tap: Tap = parse(&body)?;
    let customer = customers::customer_named(simulator, &phone)?;
    let bubble = {
        let phones = lock(&simulator.desk.phones);
        let found = phones.bubble(&tap.wamid).filter(|(phone, _)| phone.customer.user_id == customer.user_id);
        found.map(|(_, bubble)| bubble.clone()).filter(|bubble| bubble.from == Side::Business)
    };
    let bubble = bubble.ok_or_else(|| Refusal::missing("the business has no such bubble on this phone"))?;
    let mut message = reply(&bubble, &tap.choice)
        .ok_or_else(|| Refusal::bad(format!("there is no button or row {:?} on this bubble", tap.choice)))?;
    let number = customers::chosen_number(simulator, Some(bubble.number))?;
    message["context"] = json!({"from": number.digits(), "id": tap.wamid});
    let wamid = simulator.write(&number, &customer, message);
    Ok(answer(StatusCode::CREATED, &json!({"wamid": wamid})))
}

/// The message a tap makes.
fn reply(bubble: &Bubble, choice: &str) -> Option<Value> {
    if let Some(shown) = &bubble.shown {
        let cards = shown["cards"].as_array().into_iter().flatten();
        let sections = std::iter::once(shown).chain(cards);
        let buttons = sections.flat_map(|section| section["buttons"].as_array().into_iter().flatten());
        let mut replies = buttons.filter(|button| button["type"] == "QUICK_REPLY");
        let button = replies.find(|button| button["payload"] == choice || button["text"] == choice)?;
        return Some(json!({"type": "button", "button": {"payload": button["payload"], "text": button["text"]}}));
    }
    let action = &bubble.content["action"];
    let interactive =
        |kind: &str, reply: Value| json!({"type": "interactive", "interactive": {"type": kind, kind: reply}});
    let buttons = action["buttons"].as_array().into_iter().flatten().map(|button| &button["reply"]);
    let cards = action["cards"].as_array().into_iter().flatten();
    let on_cards = cards.flat_map(|card| card["action"]["buttons"].as_array().into_iter().flatten());
    let mut buttons = buttons.chain(on_cards.map(|button| &button["quick_reply"]));
    let is_chosen = |part: &&Value| part["id"] == choice || part["title"] == choice;
    if let Some(button) = buttons.find(is_chosen) {
        return Some(interactive("button_reply", json!({"id": button["id"], "title": button["title"]})));
    }
    let sections = action["sections"].as_array().into_iter().flatten();
    let mut rows = sections.flat_map(|section| section["rows"].as_array().into_iter().flatten());
    let row = rows.find(is_chosen)?;
    let mut list_reply = json!({"id": row["id"], "title": row["title"]});
    if row["description"].is_string() {
        list_reply["description"] = row["description"].clone();
    }
    Some(interactive("list_reply", list_reply))
}
