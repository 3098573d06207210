//! `X-Hub-Signature-256`: `sha256=` and the hex of HMAC-SHA256 over the raw body, keyed with the app secret.
//!
//! Meta signs the bytes on the wire, in which non-ASCII letters are `\u00e4` escapes: only the bytes as received verify.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub const HEADER: &str = "X-Hub-Signature-256";
const PREFIX: &str = "sha256=";

/// The signature a header carries; `None` when it is not one.
pub fn parse(header: &str) -> Option<[u8; 32]> {
    let mut signature = [0u8; 32];
    hex::decode_to_slice(header.trim().strip_prefix(PREFIX)?, &mut signature).ok()?;
    Some(signature)
}

/// Whether `signature` was made over `body` with `app_secret`; takes the same time wherever they differ.
pub fn verify(app_secret: &str, body: &[u8], signature: &[u8; 32]) -> bool {
    mac(app_secret, body).verify_slice(signature).is_ok()
}

/// The header for `body`.
pub fn sign(app_secret: &str, body: &[u8]) -> String {
    format!("{PREFIX}{}", hex::encode(mac(app_secret, body).finalize().into_bytes()))
}

fn mac(app_secret: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(app_secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metas_vectors_hold() {
        for (secret, body, hex) in [
            (
                "test_app_secret",
                r#"{"object":"whatsapp_business_account","entry":[]}"#,
                "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
            ),
            (
                "test_app_secret",
                r#"{"object": "whatsapp_business_account", "entry": []}"#,
                "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
            ),
            ("s3cr3t", r#"{"t":"\u00e4"}"#, "0c0433d1441423a91e802c49931524b1929c3bb810b4ff49d088ff918b8ac2e0"),
        ] {
            let signature = parse(&format!("sha256={hex}")).expect("a signature");
            assert!(verify(secret, body.as_bytes(), &signature), "{body}");
            assert_eq!(sign(secret, body.as_bytes()), format!("sha256={hex}"));
            assert!(!verify("other", body.as_bytes(), &signature));
        }
    }

    #[test]
    fn a_decoded_and_encoded_body_does_not_verify() {
        let signature = parse("sha256=0c0433d1441423a91e802c49931524b1929c3bb810b4ff49d088ff918b8ac2e0").expect("hex");
        assert!(!verify("s3cr3t", r#"{"t":"ä"}"#.as_bytes(), &signature));
    }

    #[test]
    fn only_a_whole_signature_is_one() {
        for wrong in ["", "sha256=", "sha256=00", "sha1=00", &format!("sha256={}", "0".repeat(63)), "sha256=zz"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
