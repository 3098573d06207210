//! `/{number}/message_qrdls`: codes that open a chat with a message already in it.

use poem::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    call::{Call, Outcome},
    check,
    error::GraphError,
    paging::page,
};
use crate::{lock, settings::Number, simulator::Simulator, standing::MAX_QR_CODES};

const MAX_MESSAGE: usize = 140;
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

impl Simulator {
    pub(super) fn qr_codes(&self, number: &Number, code: Option<&str>, call: &Call) -> Result<Outcome, GraphError> {
        match (&call.head.method, code) {
            (&Method::GET, None) => self.list_qr_codes(number, call),
            (&Method::POST, None) => self.make_qr_code(number, &call.json()?, &call.head.base),
            (&Method::GET, Some(code)) => {
                let message = lock(&self.desk.standings).of(number).qr_codes.get(code).cloned();
                let message = message.ok_or_else(|| GraphError::no_such_node(code))?;
                Ok(Outcome::done(json!({"data": [node(code, &message, None)]})))
            }
            (&Method::DELETE, Some(code)) => {
                let removed = lock(&self.desk.standings).of(number).qr_codes.remove(code);
                removed.map(|_| Outcome::success()).ok_or_else(|| GraphError::no_such_node(code))
            }
            _ => Err(GraphError::unknown_path(&call.head.path)),
        }
    }

    fn list_qr_codes(&self, number: &Number, call: &Call) -> Result<Outcome, GraphError> {
        let codes = lock(&self.desk.standings).of(number).qr_codes.clone();
        let image = call.head.query("fields").filter(|fields| fields.contains("qr_image_url"));
        let base = image.map(|_| call.head.base.as_str());
        let wanted = |code: &str| call.head.query("code").is_none_or(|only| only == code);
        let items = codes.iter().filter(|(code, _)| wanted(code));
        page(&call.head, 25, items.map(|(code, message)| (code.clone(), node(code, message, base))).collect())
    }

    /// Makes a code, or gives one that is named another message.
    fn make_qr_code(&self, number: &Number, body: &Value, base: &str) -> Result<Outcome, GraphError> {
        let message = body["prefilled_message"].as_str().filter(|message| !message.is_empty());
        let message = message.ok_or_else(|| GraphError::missing("prefilled_message"))?;
        check::longest(message, MAX_MESSAGE, "prefilled_message")?;
        let image = body.get("generate_qr_image").map(|format| ["PNG", "SVG"].iter().any(|known| format == known));
        if image == Some(false) {
            return Err(GraphError::parameter("Param generate_qr_image must be one of {PNG, SVG}."));
        }
        let mut standings = lock(&self.desk.standings);
        let codes = &mut standings.of(number).qr_codes;
        let code = body["code"].as_str().map_or_else(fresh_code, str::to_owned);
        if body.get("code").is_some() && !codes.contains_key(&code) {
            return Err(GraphError::no_such_node(&code));
        }
        if codes.len() >= MAX_QR_CODES && !codes.contains_key(&code) {
            return Err(GraphError::parameter("A number holds at most 2000 codes."));
        }
        codes.insert(code.clone(), message.to_owned());
        Ok(Outcome::done(node(&code, message, image.map(|_| base))))
    }
}

fn node(code: &str, message: &str, image_base: Option<&str>) -> Value {
    let link = format!("https://wa.me/message/{code}");
    let mut node = json!({"code": code, "prefilled_message": message, "deep_link_url": link});
    if let Some(base) = image_base {
        node["qr_image_url"] = json!(format!("{base}/sim/qr/{code}.svg"));
    }
    node
}

fn fresh_code() -> String {
    let bytes = Uuid::new_v4();
    bytes.as_bytes()[..14].iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}
