//! How a number presents itself: business profile, prompts and commands, the link to write to it.

use entity::NumberId;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use qrcode::render::svg;
use qrcode::types::QrError;
use qrcode::{EcLevel, QrCode};
use reqwest::Url;
use serde_json::{Map, Value, json};

use super::{find, find_with_token, refused};
use crate::api::auth::{Admin, Viewer};
use crate::api::problem::{ApiError, Fields};
use crate::api::wire::{Anything, Bounded, Email, Plain, ServiceUrl, Several, Text, Vertical, Visible};
use crate::api::{SharedApp, Tag};
use crate::whatsapp::graph::{Command, Conversational};

/// What customers tap begins at this address.
const LINK: &str = "https://wa.me/";
const QR_SIZE: u32 = 240;

/// As much as fits into a QR code in any script.
type LinkText = Text<200>;
type Website = Text<256, ServiceUrl>;

pub struct ProfileApi;

/// What customers see of the business.
#[derive(Debug, Object)]
struct Profile {
    about: Option<String>,
    address: Option<String>,
    description: Option<String>,
    email: Option<String>,
    websites: Vec<String>,
    /// Meta's word for the line of business, such as `RESTAURANT`.
    vertical: Option<String>,
    profile_picture_url: Option<String>,
}

/// Only what is given changes; an empty text takes away.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct UpdateProfile {
    /// It cannot be taken away.
    about: Option<Text<139>>,
    address: Option<Text<256, Anything>>,
    description: Option<Text<512, Anything>>,
    email: Option<Text<128, Email>>,
    websites: Option<Several<0, 2, Website>>,
    vertical: Option<Text<40, Vertical>>,
    /// The handle of a picture that was uploaded to Meta.
    profile_picture_handle: Option<Text<2_000, Visible>>,
}

/// What customers are offered before they write.
#[derive(Debug, Object)]
struct ConversationalComponents {
    /// To tap.
    prompts: Vec<String>,
    /// To type after a `/`.
    commands: Vec<ConversationalCommand>,
}

#[derive(Debug, Object)]
struct ConversationalCommand {
    command_name: String,
    command_description: String,
}

/// All of them: what is not given is taken away.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SetConversationalComponents {
    /// Without emoji.
    #[oai(default)]
    prompts: Several<0, 4, Text<80, Plain>>,
    #[oai(default)]
    commands: Several<0, 30, SetCommand>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SetCommand {
    /// Without emoji and without the `/`.
    command_name: Text<32, Plain>,
    command_description: Text<256, Plain>,
}

impl Bounded for SetCommand {
    fn problem(&self) -> Option<String> {
        let name = self.command_name.problem().map(|problem| format!("command_name {problem}"));
        name.or_else(|| self.command_description.problem().map(|problem| format!("command_description {problem}")))
    }
}

/// An address that opens a conversation with the number.
#[derive(Debug, Object)]
struct NumberLink {
    url: String,
    /// The same as a QR code, an SVG picture.
    qr_svg: String,
}

#[OpenApi(tag = "Tag::Numbers")]
impl ProfileApi {
    /// Reads the business profile from Meta.
    #[oai(path = "/numbers/:number_id/profile", method = "get", operation_id = "getNumberProfile")]
    async fn get(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        number_id: Path<NumberId>,
    ) -> Result<Json<Profile>, ApiError> {
        let (number, token) = find_with_token(&app, viewer.workspace(), &number_id).await?;
        let profile = app.graph.profile(&number.phone_number_id, &token).await.map_err(refused)?;
        Ok(Json(view(&profile)))
    }

    /// Changes the given fields of the business profile at Meta.
    #[oai(path = "/numbers/:number_id/profile", method = "patch", operation_id = "updateNumberProfile")]
    async fn update(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        number_id: Path<NumberId>,
        body: Json<UpdateProfile>,
    ) -> Result<Json<Profile>, ApiError> {
        let changes = body.0.checked()?;
        let (number, token) = find_with_token(&app, admin.workspace(), &number_id).await?;
        if !changes.is_empty() {
            app.graph.set_profile(&number.phone_number_id, &token, changes).await.map_err(refused)?;
        }
        let profile = app.graph.profile(&number.phone_number_id, &token).await.map_err(refused)?;
        Ok(Json(view(&profile)))
    }

    /// Reads prompts and commands from Meta.
    #[oai(
        path = "/numbers/:number_id/conversational-components",
        method = "get",
        operation_id = "getConversationalComponents"
    )]
    async fn conversational(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        number_id: Path<NumberId>,
    ) -> Result<Json<ConversationalComponents>, ApiError> {
        let (number, token) = find_with_token(&app, viewer.workspace(), &number_id).await?;
        let there = app.graph.conversational(&number.phone_number_id, &token).await.map_err(refused)?;
        Ok(Json(there.into()))
    }

    /// Replaces prompts and commands at Meta.
    #[oai(
        path = "/numbers/:number_id/conversational-components",
        method = "put",
        operation_id = "setConversationalComponents"
    )]
    async fn set_conversational(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        number_id: Path<NumberId>,
        body: Json<SetConversationalComponents>,
    ) -> Result<Json<ConversationalComponents>, ApiError> {
        let mut fields = Fields::default();
        fields.fit("prompts", &body.prompts);
        fields.fit("commands", &body.commands);
        fields.finish()?;
        let (number, token) = find_with_token(&app, admin.workspace(), &number_id).await?;
        let wanted = body.0.into_conversational();
        app.graph.set_conversational(&number.phone_number_id, &token, &wanted).await.map_err(refused)?;
        Ok(Json(wanted.into()))
    }

    /// Makes a link and a QR code that open a conversation with the number, with a text to send ready in it.
    #[oai(path = "/numbers/:number_id/link", method = "get", operation_id = "getNumberLink")]
    async fn link(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        number_id: Path<NumberId>,
        text: Query<Option<LinkText>>,
    ) -> Result<Json<NumberLink>, ApiError> {
        let number = find(&app, viewer.workspace(), &number_id).await?;
        let digits: String =
            number.display_phone_number.iter().flat_map(|phone| phone.chars()).filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return Err(ApiError::invalid("no_display_phone_number", "Set the number's display_phone_number first."));
        }
        let url = link(&digits, text.0.as_deref());
        let qr_svg = qr_svg(&url).map_err(|error| ApiError::internal(&error))?;
        Ok(Json(NumberLink { url, qr_svg }))
    }
}

fn link(digits: &str, text: Option<&str>) -> String {
    let base = format!("{LINK}{digits}");
    let Some(text) = text else { return base };
    let query = Url::parse_with_params(&base, [("text", text)]).map(|url| url.query().unwrap_or_default().to_owned());
    // A plus is shown as it stands.
    format!("{base}?{}", query.unwrap_or_default().replace('+', "%20"))
}

/// With the usual redundancy, or with less of it where the text is long.
fn qr_svg(url: &str) -> Result<String, QrError> {
    let code = QrCode::new(url).or_else(|_| QrCode::with_error_correction_level(url, EcLevel::L))?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(QR_SIZE, QR_SIZE).build())
}

fn view(profile: &Value) -> Profile {
    let text = |key: &str| profile.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let websites = profile.get("websites").and_then(Value::as_array).into_iter().flatten();
    Profile {
        about: text("about"),
        address: text("address"),
        description: text("description"),
        email: text("email"),
        websites: websites.filter_map(Value::as_str).map(str::to_owned).collect(),
        vertical: text("vertical"),
        profile_picture_url: text("profile_picture_url"),
    }
}

impl UpdateProfile {
    fn checked(self) -> Result<Map<String, Value>, ApiError> {
        let mut fields = Fields::default();
        fields.fit("about", &self.about);
        fields.fit("address", &self.address);
        fields.fit("description", &self.description);
        fields.fit("email", &self.email);
        fields.fit("websites", &self.websites);
        fields.fit("vertical", &self.vertical);
        fields.fit("profile_picture_handle", &self.profile_picture_handle);
        fields.finish()?;
        let websites = self.websites.map(|list| json!(list.0.into_iter().map(Text::into_string).collect::<Vec<_>>()));
        let given = [
            ("about", self.about.map(|text| json!(text.into_string()))),
            ("address", self.address.map(|text| json!(text.into_string()))),
            ("description", self.description.map(|text| json!(text.into_string()))),
            ("email", self.email.map(|text| json!(text.into_string()))),
            ("websites", websites),
            ("vertical", self.vertical.map(|text| json!(text.into_string()))),
            ("profile_picture_handle", self.profile_picture_handle.map(|text| json!(text.into_string()))),
        ];
        Ok(given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
    }
}

impl SetConversationalComponents {
    fn into_conversational(self) -> Conversational {
        let command = |command: SetCommand| Command {
            name: command.command_name.into_string(),
            description: command.command_description.into_string(),
        };
        Conversational {
            prompts: self.prompts.0.into_iter().map(Text::into_string).collect(),
            commands: self.commands.0.into_iter().map(command).collect(),
        }
    }
}

impl From<Conversational> for ConversationalComponents {
    fn from(there: Conversational) -> Self {
        let command = |command: Command| ConversationalCommand {
            command_name: command.name,
            command_description: command.description,
        };
        Self { prompts: there.prompts, commands: there.commands.into_iter().map(command).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_carries_its_text_as_customers_shall_see_it() {
        assert_eq!(link("15550001111", None), "https://wa.me/15550001111");
        let longest = link(&"1".repeat(200), Some(&"\u{1f35e}".repeat(200)));
        assert!(qr_svg(&longest).is_ok_and(|svg| svg.contains("<svg")));
        assert_eq!(link("1", Some("2 + 2 & é?")), "https://wa.me/1?text=2%20%2B%202%20%26%20%C3%A9%3F");
    }
}
