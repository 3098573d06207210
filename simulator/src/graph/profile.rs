//! `/{number}/whatsapp_business_profile`: what customers see about the business.

use poem::http::Method;
use serde_json::{Value, json};

use super::{
    call::{Call, Outcome},
    check,
    error::GraphError,
    paging::with_fields,
};
use crate::{lock, settings::Number, simulator::Simulator};

const TEXTS: [(&str, usize); 5] =
    [("about", 139), ("address", 256), ("description", 512), ("email", 128), ("vertical", 64)];
const MAX_WEBSITES: usize = 2;
const MAX_WEBSITE: usize = 256;

impl Simulator {
    pub(super) fn profile(&self, number: &Number, call: &Call) -> Result<Outcome, GraphError> {
        match call.head.method {
            Method::GET => {
                let profile = Value::Object(lock(&self.desk.standings).of(number).profile.clone());
                Ok(Outcome::done(json!({"data": [with_fields(&call.head, profile)]})))
            }
            Method::POST => self.change_profile(number, &call.json()?, &call.head.base),
            _ => Err(GraphError::unknown_path(&call.head.path)),
        }
    }

    fn change_profile(&self, number: &Number, body: &Value, base: &str) -> Result<Outcome, GraphError> {
        check::product(body)?;
        for (name, most) in TEXTS {
            let text = body.get(name).map(|text| text.as_str().unwrap_or_default()).unwrap_or_default();
            check::longest(text, most, name)?;
        }
        if body.get("about").is_some_and(|about| about == "") {
            return Err(GraphError::parameter("Param about must not be empty."));
        }
        let websites = body.get("websites").map(|list| list.as_array().map(Vec::as_slice).unwrap_or_default());
        let fits =
            |site: &Value| site.as_str().is_some_and(|site| site.len() <= MAX_WEBSITE && site.starts_with("http"));
        if websites.is_some_and(|sites| sites.len() > MAX_WEBSITES || !sites.iter().all(fits)) {
            return Err(GraphError::parameter("websites takes two addresses of at most 256 characters."));
        }
        let picture = body["profile_picture_handle"].as_str();
        if picture.is_some_and(|handle| !self.is_handle(handle)) {
            return Err(GraphError::parameter("Param profile_picture_handle is not a handle of an uploaded file."));
        }
        let mut standings = lock(&self.desk.standings);
        let profile = &mut standings.of(number).profile;
        for name in TEXTS.iter().map(|(name, _)| *name).chain(["websites"]) {
            if let Some(value) = body.get(name) {
                profile.insert(name.to_owned(), value.clone());
            }
        }
        if let Some(handle) = picture {
            profile.insert("profile_picture_url".to_owned(), json!(format!("{base}/sim/media/{handle}")));
        }
        Ok(Outcome::success())
    }
}
