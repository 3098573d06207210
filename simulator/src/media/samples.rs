//! One small real file of each kind, made by us, for messages that are written without one.

/// A file and what to call it.
pub(crate) struct Sample {
    pub(crate) mime: &'static str,
    pub(crate) filename: &'static str,
    pub(crate) bytes: &'static [u8],
}

const PHOTO: Sample = Sample { mime: "image/jpeg", filename: "photo.jpg", bytes: include_bytes!("samples/photo.jpg") };
const VOICE: Sample =
    Sample { mime: "audio/ogg; codecs=opus", filename: "voice.ogg", bytes: include_bytes!("samples/voice.ogg") };
const VIDEO: Sample = Sample { mime: "video/mp4", filename: "video.mp4", bytes: include_bytes!("samples/video.mp4") };
const PAPER: Sample =
    Sample { mime: "application/pdf", filename: "document.pdf", bytes: include_bytes!("samples/document.pdf") };
const STICKER: Sample =
    Sample { mime: "image/webp", filename: "sticker.webp", bytes: include_bytes!("samples/sticker.webp") };
const DRAWING: Sample =
    Sample { mime: "image/png", filename: "drawing.png", bytes: include_bytes!("samples/drawing.png") };

/// The file for a message of this type; a PNG where one is asked for by name.
pub(crate) fn for_message(kind: &str, declared: Option<&str>) -> &'static Sample {
    match kind {
        "image" if declared == Some("image/png") => &DRAWING,
        "image" => &PHOTO,
        "audio" => &VOICE,
        "video" => &VIDEO,
        "sticker" => &STICKER,
        _ => &PAPER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::kinds;

    #[test]
    fn samples_are_what_they_say_and_small() {
        for sample in [&PHOTO, &VOICE, &VIDEO, &PAPER, &STICKER, &DRAWING] {
            assert_eq!(kinds::sniff(sample.bytes), Some(kinds::essence(sample.mime)), "{}", sample.filename);
            assert!(sample.bytes.len() < 20_000, "{}", sample.filename);
        }
    }
}
