//! What Meta tells of an account: restrictions and bans first, then everything else that may happen to one.

use entity::state::Severity;
use serde_json::Value;

use super::{Effect, NumberChange, Telling, text, time};
use crate::account::state::{
    ACCOUNT_DELETED, ACCOUNT_DISABLED, ACCOUNT_REJECTED, ACCOUNT_RESTRICTED, ACCOUNT_TROUBLES, OFFBOARDED,
};

pub fn update(value: &Value) -> Telling {
    let event = text(value, "event").unwrap_or("unknown");
    let trouble = |code| Effect::Numbers(vec![NumberChange::Trouble { code, until: None }]);
    use Severity::{Critical, Info, Warning};
    let (severity, summary, effect) = match event {
        "ACCOUNT_RESTRICTION" => return restriction(value),
        "DISABLED_UPDATE" => return ban(value),
        "ACCOUNT_VIOLATION" => {
            let kind = value.pointer("/violation_info/violation_type").and_then(Value::as_str).map(readable);
            let kind = kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
            (Critical, format!("Meta says the account breaks its rules{kind}. Stop what is meant, read the message in WhatsApp Manager, and ask for a review if it is wrong: restrictions may follow."), Effect::None)
        }
        "ACCOUNT_DELETED" => (
            Critical,
            "The account was deleted at Meta: its numbers can neither send nor receive. Set up the numbers on another account.".to_owned(),
            trouble(ACCOUNT_DELETED),
        ),
        "ACCOUNT_OFFBOARDED" => (
            Critical,
            "The account was taken off the Cloud API: its numbers do not send any more. Connect it again.".to_owned(),
            trouble(OFFBOARDED),
        ),
        "ACCOUNT_RECONNECTED" => (
            Info,
            "The account is connected to the Cloud API again.".to_owned(),
            Effect::Numbers(vec![NumberChange::Over(&[OFFBOARDED, ACCOUNT_DELETED])]),
        ),
        "PARTNER_REMOVED" => {
            let why = value.pointer("/disconnection_info/reason").and_then(Value::as_str).map(readable);
            let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
            (Critical, format!("The account was disconnected from its partner{why}: our access may be gone. Check the number, and connect the account again if it is ours to serve."), Effect::None)
        }
        "PARTNER_ADDED" => (Info, "The account was connected to a partner.".to_owned(), Effect::None),
        "PARTNER_APP_INSTALLED" => (Info, "A partner's app was given access to the account.".to_owned(), Effect::None),
        "PARTNER_APP_UNINSTALLED" => (
            Warning,
            "A partner's app lost its access to the account: if it was ours, its token stops working. Connect it again.".to_owned(),
            Effect::None,
        ),
        "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE" => {
            (Info, "The state of the business's certification with its partner has changed: look at it in Meta's business settings.".to_owned(), Effect::None)
        }
        "AD_ACCOUNT_LINKED" => (Info, "An advertising account was linked to the account.".to_owned(), Effect::None),
        "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE" => (
            Warning,
            "Authentication templates to other countries now cost Meta's international price: look at the price list.".to_owned(),
            Effect::None,
        ),
        "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE" => {
            let country = text(value, "country").map(|country| format!(" to {country}")).unwrap_or_default();
            (Info, format!("The business's main country was changed{country}; prices may follow it."), Effect::None)
        }
        "MM_LITE_TERMS_SIGNED" => (Info, "The terms of the Marketing Messages API were signed: it can be used.".to_owned(), Effect::None),
        "VOLUME_BASED_PRICING_TIER_UPDATE" => (Info, volume_tier(value), Effect::None),
        other => (Info, format!("Meta told of {other} for the account. Look at it in WhatsApp Manager."), Effect::None),
    };
    Telling::new(Some(event), severity, summary).with(effect)
}

/// Several may come at once; with none left the restriction is over.
fn restriction(value: &Value) -> Telling {
    let event = Some("ACCOUNT_RESTRICTION");
    let items = value.get("restriction_info").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if items.is_empty() && value.get("restriction_info").is_some() {
        let over = Effect::Numbers(vec![NumberChange::Over(&[ACCOUNT_RESTRICTED])]);
        return Telling::new(event, Severity::Info, "Meta's restrictions of the account are over.").with(over);
    }
    let what: Vec<&str> =
        items.iter().map(|item| restricted(text(item, "restriction_type").unwrap_or_default())).collect();
    let what = if what.is_empty() { "it may do less than before".to_owned() } else { what.join("; ") };
    // What ends last counts; one without an end has none.
    let ends: Vec<_> = items.iter().map(|item| time(item.get("expiration"))).collect();
    let until = ends.iter().map(|end| end.as_ref().and_then(|(at, _)| *at)).collect::<Option<Vec<_>>>();
    let until = until.and_then(|ends| ends.into_iter().max());
    let last = ends.iter().flatten().max_by_key(|(at, _)| *at).map(|(_, reads)| format!(" until {reads}"));
    let summary = format!(
        "Meta restricted the account{}: {what}. Read why in WhatsApp Manager under Account quality, and ask for a review if it is wrong.",
        last.unwrap_or_default()
    );
    let trouble = NumberChange::Trouble { code: ACCOUNT_RESTRICTED, until };
    Telling::new(event, Severity::Critical, summary).with(Effect::Numbers(vec![trouble]))
}

fn restricted(kind: &str) -> &'static str {
    match kind {
        "RESTRICTED_BIZ_INITIATED_MESSAGING" => "it cannot write to customers first, only answer them",
        "RESTRICTED_CUSTOMER_INITIATED_MESSAGING" => "it cannot answer customers",
        "RESTRICTED_ADD_PHONE_NUMBER_ACTION" => "no numbers can be added",
        "RESTRICTION_ON_ALL" => "it can do nothing",
        _ => "it may do less than before",
    }
}

fn ban(value: &Value) -> Telling {
    let state = value.pointer("/ban_info/waba_ban_state").and_then(Value::as_str).unwrap_or("DISABLE");
    let when = value.get("ban_info").and_then(|info| time(info.get("waba_ban_date")));
    let when = when.map(|(_, when)| format!(" on {when}")).unwrap_or_default();
    let trouble = NumberChange::Trouble { code: ACCOUNT_DISABLED, until: None };
    let (severity, summary, change) = match state {
        "REINSTATE" => (
            Severity::Info,
            "Meta put the account back: its numbers work again.".to_owned(),
            NumberChange::Over(ACCOUNT_TROUBLES),
        ),
        "SCHEDULE_FOR_DISABLE" => (
            Severity::Critical,
            format!(
                "Meta will disable the account{when}: its numbers will neither send nor receive. Ask for a review in WhatsApp Manager before then."
            ),
            trouble,
        ),
        _ => (
            Severity::Critical,
            format!(
                "Meta disabled the account{when}: its numbers neither send nor receive. Ask for a review in WhatsApp Manager under Account quality."
            ),
            trouble,
        ),
    };
    Telling::new(Some("DISABLED_UPDATE"), severity, summary).with(Effect::Numbers(vec![change]))
}

fn volume_tier(value: &Value) -> String {
    let info = value.get("volume_tier_info").unwrap_or(&Value::Null);
    let part = |key| text(info, key);
    let category = part("pricing_category").map(readable).unwrap_or_else(|| "some".to_owned());
    let region = part("region").map(|region| format!(" in {region}")).unwrap_or_default();
    format!(
        "The account has reached another price level for {category} messages{region}: they cost what that level costs."
    )
}

pub fn alert(value: &Value) -> Telling {
    let info = value.get("alert_info").unwrap_or(value);
    let kind = text(info, "alert_type");
    let severity = match text(info, "alert_severity") {
        Some("CRITICAL") => Severity::Critical,
        Some("WARNING") => Severity::Warning,
        _ => Severity::Info,
    };
    let said = text(info, "alert_description").map(|said| format!(" Meta says: {said}")).unwrap_or_default();
    let summary = match kind {
        Some("INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED") => {
            "Meta has put off raising the messaging limit: keep the quality up, and it looks again."
        }
        Some("INCREASED_CAPABILITIES_ELIGIBILITY_FAILED") => {
            "Meta did not raise the messaging limit: better quality is needed first."
        }
        Some("INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO") => {
            "Meta needs to know more before it raises the messaging limit: answer it in Meta's business settings."
        }
        Some("OBA_APPROVED") => "The number is an official business account now: customers see the tick.",
        Some("OBA_REJECTED") => {
            "Meta did not make the number an official business account. It can be asked again in 30 days."
        }
        Some("PROFILE_PICTURE_LOST") => "The number has lost its profile picture: set it again.",
        _ => "Meta gives an alert for the account: look at it in WhatsApp Manager.",
    };
    Telling::new(kind, severity, format!("{summary}{said}"))
}

pub fn review(value: &Value) -> Telling {
    let decision = text(value, "decision").unwrap_or("unknown");
    let change = |change| Effect::Numbers(vec![change]);
    let (severity, summary, effect) = match decision {
        "APPROVED" => (
            Severity::Info,
            "Meta has looked at the account and approved it.",
            change(NumberChange::Over(&[ACCOUNT_REJECTED])),
        ),
        "REJECTED" => (
            Severity::Critical,
            "Meta has looked at the account and rejected it: its numbers cannot send templates. Read why in WhatsApp Manager and ask for a review.",
            change(NumberChange::Trouble { code: ACCOUNT_REJECTED, until: None }),
        ),
        "PENDING" | "DEFERRED" => {
            (Severity::Info, "Meta is still looking at the account: wait for its decision.", Effect::None)
        }
        _ => (Severity::Info, "Meta has looked at the account: read its decision in WhatsApp Manager.", Effect::None),
    };
    Telling::new(Some(decision), severity, summary).with(effect)
}

pub fn settings() -> Telling {
    Telling::new(
        None,
        Severity::Info,
        "Settings of the account were changed at Meta. If none of you did that, look who has access.",
    )
}

pub fn payment_configuration(value: &Value) -> Telling {
    let name = text(value, "configuration_name").map(|name| format!(" {name}")).unwrap_or_default();
    let provider = text(value, "provider_name").map(|provider| format!(" with {provider}")).unwrap_or_default();
    let status = text(value, "status");
    let is_bad =
        status.is_some_and(|status| status.to_lowercase().contains("needs") || status.to_lowercase().contains("fail"));
    let summary = match status {
        Some(status) => format!(
            "The payment configuration{name}{provider} is now {}. Look at it in WhatsApp Manager if payments are taken with it.",
            readable(status)
        ),
        None => format!("The payment configuration{name}{provider} was changed."),
    };
    Telling::new(status, if is_bad { Severity::Warning } else { Severity::Info }, summary)
}

pub fn solution(value: &Value) -> Telling {
    let event = text(value, "event");
    let status =
        text(value, "solution_status").map(|status| format!(": it is {}", readable(status))).unwrap_or_default();
    let what = if event == Some("SOLUTION_CREATED") { "made" } else { "changed" };
    Telling::new(event, Severity::Info, format!("A solution shared with a partner was {what}{status}."))
}

pub fn automatic_events(value: &Value) -> Telling {
    let items = value.get("automatic_events").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let event = items.first().and_then(|item| text(item, "event_name"));
    let what = match event {
        Some("Purchase") => "a purchase",
        Some("LeadSubmitted") => "that a customer left their details",
        _ => "something of worth to advertising",
    };
    Telling::new(
        event,
        Severity::Info,
        format!("Meta saw {what} in a conversation that began with an advertisement. Nothing is to be done."),
    )
}

pub fn handover(value: &Value) -> Telling {
    let event = text(value, "type");
    let kind = event.unwrap_or("control_passed");
    let owner = value.pointer(&format!("/{kind}/new_owner_role")).and_then(Value::as_str).map(readable);
    let owner = owner.map_or_else(|| "another system".to_owned(), |owner| format!("the one for {owner}"));
    Telling::new(
        event,
        Severity::Info,
        format!("A conversation of the number was passed on at Meta: {owner} has it now."),
    )
}

/// Meta's words in capitals, for a sentence.
fn readable(word: &str) -> String {
    word.replace('_', " ").to_lowercase()
}
