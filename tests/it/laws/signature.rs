//! A signature is read from exactly one form of header, and what was signed verifies.

use switchboard::whatsapp::signature::{parse, sign, verify};

pub fn holds(header: &str, secret: &str, body: &[u8]) {
    if let Some(signature) = parse(header) {
        let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(header.trim().to_ascii_lowercase(), format!("sha256={hex}"));
        assert!(header.trim().starts_with("sha256="), "{header:?}");
    }
    let ours = parse(&sign(secret, body)).expect("our own header");
    assert!(verify(secret, body, &ours));
    let mut longer = body.to_vec();
    longer.push(0);
    assert!(!verify(secret, &longer, &ours), "another body");
    for bit in 0..8 {
        let mut other = ours;
        other[bit * 4] ^= 1 << bit;
        assert!(!verify(secret, body, &other), "another signature");
    }
}
