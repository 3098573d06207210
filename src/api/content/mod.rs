//! What a message says, in Meta's own shape: what may be sent (strict, with Meta's limits), and what is shown (tolerant,
//! and whole). One file a family; a rule stands beside the structure it is about.

mod carousel;
mod interactive;
mod media;
mod plain;
pub mod shape;
mod shown;
mod template;

use serde_json::Value;

use super::problem::{ApiError, Fields};
use interactive::InteractiveContent;
use media::{AudioContent, DocumentContent, ImageContent, StickerContent, VideoContent};
use plain::{Cards, LocationContent, MessageContext, ReactionContent, TextContent};
use shape::{Unread, key, objects, unions};
use template::TemplateContent;

pub use shown::{Shown, UNKNOWN};

/// The name of the field that content stands in.
pub const ROOT: &str = "content";

unions! {
    /// A message to send, in Meta's own shape: `type`, and an object of that name.
    union SendContent {
        SendText, SendImage, SendVideo, SendAudio, SendDocument, SendSticker, SendLocation, SendContacts, SendReaction,
        SendInteractive, SendTemplate,
    }
}

objects! {
    strict struct SendText is "text" {
        text: TextContent,
        context: Option<MessageContext>,
    }

    strict struct SendImage is "image" {
        image: ImageContent,
        context: Option<MessageContext>,
    }

    strict struct SendVideo is "video" {
        video: VideoContent,
        context: Option<MessageContext>,
    }

    strict struct SendAudio is "audio" {
        audio: AudioContent,
        context: Option<MessageContext>,
    }

    strict struct SendDocument is "document" {
        document: DocumentContent,
        context: Option<MessageContext>,
    }

    strict struct SendSticker is "sticker" {
        sticker: StickerContent,
        context: Option<MessageContext>,
    }

    strict struct SendLocation is "location" {
        location: LocationContent,
        context: Option<MessageContext>,
    }

    strict struct SendContacts is "contacts" {
        contacts: Cards,
        context: Option<MessageContext>,
    }

    strict struct SendReaction is "reaction" {
        reaction: ReactionContent,
    }

    strict struct SendInteractive is "interactive" {
        interactive: InteractiveContent,
        context: Option<MessageContext>,
    }

    strict struct SendTemplate is "template" {
        template: TemplateContent,
        context: Option<MessageContext>,
    }
}

/// The content of a body as it came.
pub type Content = Unread<SendContent>;

/// A message that keeps Meta's limits.
#[derive(Debug, Clone)]
pub struct Draft {
    pub kind: String,
    /// Meta's object of that name.
    pub part: Value,
    /// The wamid it quotes or reacts to.
    pub reply_to: Option<String>,
}

impl Draft {
    pub fn read(content: Content) -> Result<Self, ApiError> {
        let mut wrong = Fields::default();
        let mut whole = content.read(ROOT, &mut wrong);
        wrong.finish()?;
        let text = |pointer: &str| whole.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let kind = text("/type").unwrap_or_default();
        let reply_to = text("/context/message_id").or_else(|| text("/reaction/message_id"));
        let part = whole.get_mut(&kind).map(Value::take).unwrap_or_default();
        Ok(Self { kind, part, reply_to })
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::ParseFromJSON;
    use serde_json::json;

    use super::shape::{Place, Shape};
    use super::*;

    fn draft(content: Value) -> Draft {
        Draft::read(Content::parse_from_json(Some(content)).expect("anything")).expect("sound")
    }

    fn problems(content: Value) -> Vec<String> {
        let mut wrong = Fields::default();
        SendContent::read(&mut content.clone(), &Place::Root(ROOT), &mut wrong);
        wrong.names()
    }

    #[test]
    fn everything_that_is_wrong_is_told_with_its_place() {
        let content = json!({"type": "interactive", "interactive": {"type": "button", "body": {"text": ""}, "colour": 1,
            "action": {"buttons": [{"type": "reply", "reply": {"id": "a", "title": "x".repeat(21)}}, {"type": "reply"}]}}});
        assert_eq!(
            problems(content),
            [
                "content.interactive.colour",
                "content.interactive.body.text",
                "content.interactive.action.buttons[0].reply.title",
                "content.interactive.action.buttons[1].reply",
            ]
        );
    }

    #[test]
    fn an_unknown_type_is_answered_with_the_known_ones_and_not_with_itself() {
        let mut wrong = Fields::default();
        SendContent::read(&mut json!({"type": "<script>"}), &Place::Root(ROOT), &mut wrong);
        let told = format!("{:?}", wrong.finish());
        assert!(told.contains("must be one of: text, image, video") && !told.contains("script"), "{told}");
    }

    #[test]
    fn nulls_that_say_nothing_are_left_out_and_all_else_stays() {
        let content =
            json!({"type": "image", "image": {"link": "https://example.com/a.png", "caption": null, "id": null}});
        let draft = self::draft(content);
        assert_eq!(draft.part, json!({"link": "https://example.com/a.png"}));
        let content = json!({"type": "location", "location": {"latitude": "47.37", "longitude": 8}, "context": {"message_id": "wamid.A"}});
        let draft = self::draft(content);
        assert_eq!(
            (draft.part, draft.reply_to.as_deref()),
            (json!({"latitude": "47.37", "longitude": 8}), Some("wamid.A"))
        );
    }
}
