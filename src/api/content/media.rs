//! Files: by our own id, by Meta's, or by a link that Meta fetches.

use super::super::problem::Fields;
use super::super::wire::{MetaId, ServiceUrl, Text, Words};
use super::shape::{Place, key, objects, tell};

pub type FileId = Text<255, MetaId>;
pub type Link = Text<2000, ServiceUrl>;
type Caption = Text<1024, Words>;
type FileName = Text<240, Words>;

objects! {
    /// An image, by `id` or by `link`.
    strict struct ImageContent obeys of_image {
        /// A file of ours (`med_...`), or Meta's id of one.
        id: Option<FileId>,
        /// Meta fetches it from there.
        link: Option<Link>,
        caption: Option<Caption>,
    }

    /// A video, by `id` or by `link`.
    strict struct VideoContent obeys of_video {
        /// A file of ours (`med_...`), or Meta's id of one.
        id: Option<FileId>,
        /// Meta fetches it from there.
        link: Option<Link>,
        caption: Option<Caption>,
    }

    /// A sound, by `id` or by `link`.
    strict struct AudioContent obeys of_audio {
        /// A file of ours (`med_...`), or Meta's id of one.
        id: Option<FileId>,
        /// Meta fetches it from there.
        link: Option<Link>,
        /// Shown as a voice message; it must be Ogg with Opus, one channel.
        voice: Option<bool>,
    }

    /// Any file, by `id` or by `link`.
    strict struct DocumentContent obeys of_document {
        /// A file of ours (`med_...`), or Meta's id of one.
        id: Option<FileId>,
        /// Meta fetches it from there.
        link: Option<Link>,
        caption: Option<Caption>,
        /// What the customer sees; its ending picks the icon.
        filename: Option<FileName>,
    }

    /// A sticker, by `id` or by `link`.
    strict struct StickerContent obeys of_sticker {
        /// A file of ours (`med_...`), or Meta's id of one.
        id: Option<FileId>,
        /// Meta fetches it from there.
        link: Option<Link>,
    }

    /// A picture or a film above other words, by `id` or by `link`.
    strict struct HeaderFile obeys of_header {
        /// A file of ours (`med_...`), or Meta's id of one.
        id: Option<FileId>,
        /// Meta fetches it from there.
        link: Option<Link>,
    }

    /// A document above other words, by `id` or by `link`.
    strict struct HeaderDocument obeys of_header_document {
        /// A file of ours (`med_...`), or Meta's id of one.
        id: Option<FileId>,
        /// Meta fetches it from there.
        link: Option<Link>,
        /// What the customer sees.
        filename: Option<FileName>,
    }
}

macro_rules! sources {
    ($($rule:ident($type:ty)),+ $(,)?) => {$(
        fn $rule(file: &$type, at: &Place<'_>, wrong: &mut Fields) {
            if file.id.is_some() == file.link.is_some() {
                tell(wrong, at, "must have either an id or a link");
            }
        }
    )+};
}

sources! {
    of_image(ImageContent), of_video(VideoContent), of_audio(AudioContent), of_document(DocumentContent),
    of_sticker(StickerContent), of_header(HeaderFile), of_header_document(HeaderDocument),
}
