//! Webhooks as bytes: Meta's envelope, Meta's way of writing JSON, and the signature over exactly those bytes.

use std::io;

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde_json::{Value, json, ser::Formatter};
use sha2::Sha256;

use crate::settings::Number;

/// The value of `X-Hub-Signature-256` for a body: `sha256=` and 64 hex digits.
pub fn sign(app_secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(app_secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// JSON as Meta puts it on the wire: beyond ASCII as `\u00e4`, and `/` as `\/`.
pub(crate) fn to_wire(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1024);
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, MetaFormatter);
    value.serialize(&mut serializer).expect("a JSON value always serializes into memory");
    bytes
}

/// A whole webhook of the field `messages`; `key` is `messages` or `statuses`.
pub(crate) fn envelope(number: &Number, contacts: Vec<Value>, key: &str, items: Vec<Value>) -> Value {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number.digits(), "phone_number_id": number.phone_number_id},
    });
    if !contacts.is_empty() {
        value["contacts"] = Value::Array(contacts);
    }
    value[key] = Value::Array(items);
    json!({
        "object": "whatsapp_business_account",
        "entry": [{"id": number.waba_id, "changes": [{"field": "messages", "value": value}]}],
    })
}

struct MetaFormatter;

impl Formatter for MetaFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut plain = 0;
        for (at, character) in fragment.char_indices() {
            if character.is_ascii() && character != '/' {
                continue;
            }
            writer.write_all(&fragment.as_bytes()[plain..at])?;
            write_escaped(writer, character)?;
            plain = at + character.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[plain..])
    }
}

fn write_escaped<W: ?Sized + io::Write>(writer: &mut W, character: char) -> io::Result<()> {
    if character == '/' {
        return writer.write_all(b"\\/");
    }
    let mut units = [0_u16; 2];
    for unit in character.encode_utf16(&mut units) {
        write!(writer, "\\u{unit:04x}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_escaped_the_way_meta_does_it() {
        let bytes = to_wire(&json!({"t": "ä 👍 a/b \"q\" \n"}));
        assert_eq!(String::from_utf8_lossy(&bytes), r#"{"t":"\u00e4 \ud83d\udc4d a\/b \"q\" \n"}"#);
    }

    #[test]
    fn the_signature_covers_the_escaped_bytes() {
        let signature = sign("s3cr3t", &to_wire(&json!({"t": "ä"})));
        assert_eq!(signature, "sha256=0c0433d1441423a91e802c49931524b1929c3bb810b4ff49d088ff918b8ac2e0");
    }

    #[test]
    fn the_signature_matches_a_known_one() {
        let signature = sign("test_app_secret", br#"{"object":"whatsapp_business_account","entry":[]}"#);
        assert_eq!(signature, "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756");
    }
}
