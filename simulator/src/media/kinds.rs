//! What WhatsApp carries as a file: the five kinds, their types and how large each may be.

/// One kind of media, named as the message type is.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) types: &'static [&'static str],
    pub(crate) most_bytes: u64,
}

/// Nothing larger passes in either direction.
pub(crate) const MOST_BYTES: u64 = 100 * MB;
/// A sticker that stands still.
pub(crate) const MOST_STATIC_STICKER: u64 = 100 * 1024;

const MB: u64 = 1024 * 1024;

pub(crate) const KINDS: [Kind; 5] = [
    Kind {
        name: "audio",
        types: &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"],
        most_bytes: 16 * MB,
    },
    Kind {
        name: "document",
        types: &[
            "text/plain",
            "application/pdf",
            "application/msword",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.ms-excel",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ],
        most_bytes: MOST_BYTES,
    },
    Kind { name: "image", types: &["image/jpeg", "image/png"], most_bytes: 5 * MB },
    Kind { name: "sticker", types: &["image/webp"], most_bytes: 500 * 1024 },
    Kind { name: "video", types: &["video/mp4", "video/3gpp"], most_bytes: 16 * MB },
];

/// The kind a type belongs to; parameters such as `codecs` do not matter.
pub(crate) fn of_type(mime: &str) -> Option<&'static Kind> {
    let plain = essence(mime);
    KINDS.iter().find(|kind| kind.types.iter().any(|known| known.eq_ignore_ascii_case(plain)))
}

/// Whether messages of this type carry a file.
pub(crate) fn is_media(message_type: &str) -> bool {
    KINDS.iter().any(|kind| kind.name == message_type)
}

/// A MIME type without its parameters.
pub(crate) fn essence(mime: &str) -> &str {
    mime.split(';').next().unwrap_or_default().trim()
}

/// What the first bytes plainly are, if they are plain at all.
pub(crate) fn sniff(head: &[u8]) -> Option<&'static str> {
    const AT_START: [(&[u8], &str); 8] = [
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"OggS", "audio/ogg"),
        (b"ID3", "audio/mpeg"),
        (b"#!AMR", "audio/amr"),
        (b"%PDF", "application/pdf"),
        (b"GIF8", "image/gif"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
    ];
    let at_start = AT_START.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, mime)| *mime);
    let webp = || (head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP")).then_some("image/webp");
    let container = || {
        let brand = (head.get(4..8) == Some(b"ftyp")).then(|| head.get(8..11))??;
        Some(if brand == b"M4A" {
            "audio/mp4"
        } else if brand == b"3gp" {
            "video/3gpp"
        } else {
            "video/mp4"
        })
    };
    at_start.or_else(webp).or_else(container)
}

/// Whether the bytes plainly are something other than what they are said to be.
pub(crate) fn contradicts(mime: &str, head: &[u8]) -> bool {
    let plain = essence(mime);
    let is_mp4 = |mime: &str| ["audio/mp4", "video/mp4", "video/3gpp"].contains(&mime);
    sniff(head).is_some_and(|seen| {
        let same = seen == plain || (seen == "audio/ogg" && plain == "audio/opus") || (is_mp4(seen) && is_mp4(plain));
        !same
    })
}

/// Whether a WebP moves.
pub(crate) fn is_animated_webp(head: &[u8]) -> bool {
    head.get(12..16) == Some(b"VP8X") && head.get(20).is_some_and(|flags| flags & 0x02 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_finds_its_kind_whatever_its_parameters() {
        assert_eq!(of_type("audio/ogg; codecs=opus").map(|kind| kind.name), Some("audio"));
        assert_eq!(of_type("image/webp").map(|kind| kind.name), Some("sticker"));
        assert!(of_type("application/zip").is_none());
    }

    #[test]
    fn only_plain_contradictions_count() {
        assert!(contradicts("image/png", b"\xff\xd8\xff\xe0"));
        assert!(!contradicts("image/png", b"who knows"));
        assert!(!contradicts("audio/mp4", b"\0\0\0\x18ftypisom"));
    }
}
