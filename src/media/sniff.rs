//! What a file is, by its first bytes.

use crate::whatsapp::media::SENDABLE;

/// Anything that is not recognised: shown to nobody, only handed out.
const UNKNOWN: &str = "application/octet-stream";

/// What a browser may show from our address: pictures, sounds and films that hold no script.
const INLINE: [&str; 16] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "audio/aac",
    "audio/amr",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/x-wav",
    "audio/webm",
    "video/mp4",
    "video/3gpp",
    "video/webm",
    "video/ogg",
    "video/quicktime",
];

/// The media type of a file that begins with `head`. Where its bytes have no mark of their own, a declared text or office
/// type is believed as far as it can be; it is never one that a browser would run.
pub fn media_type(head: &[u8], declared: Option<&str>) -> String {
    let declared = declared.map(essence);
    let found = infer::get(head).map(|kind| kind.mime_type());
    match (found, declared.as_deref()) {
        // One box holds sound alone or sound and film: only the sender knows which.
        (Some("video/mp4" | "audio/m4a" | "audio/mp4"), Some("audio/mp4" | "audio/aac")) => "audio/mp4".to_owned(),
        (Some("audio/m4a" | "audio/x-m4a"), _) => "audio/mp4".to_owned(),
        (Some("audio/opus"), _) => "audio/ogg".to_owned(),
        (Some("video/mp4"), Some("video/3gpp")) => "video/3gpp".to_owned(),
        (Some("application/ogg" | "video/ogg"), Some("audio/ogg")) => "audio/ogg".to_owned(),
        // Office files are archives inside.
        (Some("application/zip"), Some(office)) if office.starts_with("application/vnd.openxmlformats") => {
            office.to_owned()
        }
        (
            Some("application/x-ole-storage"),
            Some(office @ ("application/msword" | "application/vnd.ms-excel" | "application/vnd.ms-powerpoint")),
        ) => office.to_owned(),
        (Some(found), _) => found.to_owned(),
        (None, Some(text @ ("text/plain" | "text/csv"))) if is_text(head) => text.to_owned(),
        (None, _) if is_mp3(head) => "audio/mpeg".to_owned(),
        (None, _) if is_aac(head) => "audio/aac".to_owned(),
        (None, Some("text/html" | "image/svg+xml" | "application/xml" | "text/xml" | "text/javascript")) => {
            "text/plain".to_owned()
        }
        (None, _) if !head.is_empty() && is_text(head) => "text/plain".to_owned(),
        (None, _) => UNKNOWN.to_owned(),
    }
}

/// Meta's kind of message that carries a file of this type.
pub fn kind_of(media_type: &str) -> &'static str {
    let kind = SENDABLE.iter().find(|(_, types, _)| types.contains(&media_type));
    kind.map_or("document", |(kind, _, _)| kind)
}

/// Whether a browser may show it; whatever it may not is only handed out.
pub fn is_shown_inline(media_type: &str) -> bool {
    INLINE.contains(&media_type)
}

/// Without parameters such as `; codecs=opus`, in small letters.
pub fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_text(head: &[u8]) -> bool {
    // The last character may be cut in two.
    let whole = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    whole && !head.contains(&0)
}

/// Frames without a tag before them: eleven set bits, layer III.
fn is_mp3(head: &[u8]) -> bool {
    matches!(head, [0xff, second, ..] if second & 0xe6 == 0xe2)
}

/// ADTS: twelve set bits, layer 0.
fn is_aac(head: &[u8]) -> bool {
    matches!(head, [0xff, second, ..] if second & 0xf6 == 0xf0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_tell_what_a_file_is_whatever_its_sender_says() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        for (head, declared, is) in [
            (&png[..], Some("image/png"), "image/png"),
            (&png[..], Some("application/pdf"), "image/png"),
            (b"%PDF-1.7 x", Some("image/jpeg"), "application/pdf"),
            (
                b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0OpusHead",
                Some("audio/ogg; codecs=opus"),
                "audio/ogg",
            ),
            (
                b"PK\x03\x04x",
                Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            (b"a,b\n1,2\n", Some("text/csv"), "text/csv"),
            (b"just words", None, "text/plain"),
            (b"\0\x01\x02\x03", Some("image/jpeg"), "application/octet-stream"),
            (b"", Some("image/jpeg"), "application/octet-stream"),
        ] {
            assert_eq!(media_type(head, declared), is, "{declared:?}");
        }
    }

    #[test]
    fn nothing_that_holds_a_script_is_shown() {
        for (head, declared) in [
            (&b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"[..], "image/svg+xml"),
            (b"<?xml version=\"1.0\"?><svg onload=\"alert(1)\"/>", "image/png"),
            (b"<!DOCTYPE html><html><script>1</script></html>", "image/jpeg"),
            (b"<html>", "text/html"),
            (b"%PDF-1.7", "application/pdf"),
        ] {
            let is = media_type(head, Some(declared));
            assert!(!is_shown_inline(&is), "{declared} is {is}");
        }
    }
}
