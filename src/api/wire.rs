//! What callers may write, as types. A bound is stated once: the type says it in the API's document, and `Fields` asks
//! the type whether a value keeps it.
//!
//! In a body a broken bound is a 422 that names the field, so parsing lets it pass; in a query, a path or a header there
//! is nothing to collect, and parsing refuses it with 400 (or 404 for a path).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::OnceLock;

use chrono::NaiveDate;
use poem::web::Field;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaParamIn, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::multipart::Upload;
use poem_openapi::types::{
    MaybeUndefined, ParseError, ParseFromJSON, ParseFromMultipartField, ParseFromParameter, ParseResult, ToJSON, Type,
};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use regex::Regex;
use serde_json::Value;

use super::problem::{ApiError, Fields};

/// A value that knows what is wrong with it.
pub trait Bounded {
    fn problem(&self) -> Option<String>;
}

impl<T: Bounded> Bounded for Option<T> {
    fn problem(&self) -> Option<String> {
        self.as_ref().and_then(T::problem)
    }
}

impl<T: Bounded + Type> Bounded for MaybeUndefined<T> {
    fn problem(&self) -> Option<String> {
        self.value().and_then(T::problem)
    }
}

/// Which characters a text may have.
pub trait Kind: Send + Sync + 'static {
    /// As the document says it and as it is checked; both ECMA 262 and the `regex` crate read it.
    const PATTERN: &'static str;
    const MIN_CHARS: usize = 1;
    /// What to do when it does not match.
    const WORDS: &'static str;

    fn pattern() -> &'static Regex;

    /// What the pattern cannot say.
    fn is_sound(_text: &str) -> bool {
        true
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident { $pattern:expr, $words:literal $(, $constant:ident: $type:ty = $value:expr)* $(; $sound:path)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl Kind for $name {
            const PATTERN: &'static str = $pattern;
            const WORDS: &'static str = $words;
            $(const $constant: $type = $value;)*

            fn pattern() -> &'static Regex {
                static PATTERN: OnceLock<Regex> = OnceLock::new();
                PATTERN.get_or_init(|| Regex::new($name::PATTERN).expect("our own pattern can be read"))
            }

            $(fn is_sound(text: &str) -> bool {
                $sound(text)
            })?
        }
    )+};
}

/// White space, spelt out: `\s` means different characters to different readers of the document.
macro_rules! white {
    () => {
        r"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    };
}

/// Emoji, and what joins and colours them. Those beyond four digits stand for themselves: no escape is the same to all
/// readers.
macro_rules! emoji {
    () => {
        "\u{1f000}-\u{1faff}\\u2600-\\u27bf\\u2b00-\\u2bff\\ufe0f\\u200d\\u20e3"
    };
}

kinds! {
    /// Something is said, and no NUL, which no database keeps.
    Words {
        concat!(r"^[^\u0000]*[^\u0000", white!(), r"][^\u0000]*$"),
        "must say something, without NUL characters"
    }
    /// May be empty; no NUL.
    Anything { r"^[^\u0000]*$", "must not hold NUL characters", MIN_CHARS: usize = 0 }
    /// A secret or an id that travels in a header or a URL: no line break can split it in two.
    Visible { "^[!-~]+$", "must be of visible ASCII characters, without spaces and line breaks" }
    /// The same, or nothing.
    VisibleOrEmpty { "^[!-~]*$", "must be the next_cursor of an earlier answer", MIN_CHARS: usize = 0 }
    /// What a header may hold, without the white space around it that HTTP takes away.
    HeaderValue { "^[!-~]([ -~]*[!-~])?$", "must be of printable ASCII characters" }
    /// Meta's ids become parts of Graph's paths.
    MetaId { "^[A-Za-z0-9_-]+$", "must be Meta's id: letters, digits, - and _" }
    /// A phone in any usual writing, or a business-scoped user id such as `US.1382`. What it means is for
    /// `whatsapp::phone` to say, which knows the number's country.
    Address {
        r"^((\+|00)?[ ()./-]*[0-9]([ ()./-]*[0-9]){5,17}[ ()./-]*|[A-Z]{2}\.[A-Za-z0-9.]+)$",
        "must be a phone, best with + and its country code, such as +15550002222, or a business-scoped user id"
    }
    CouponCode { "^[A-Za-z0-9_-]+$", "must be of letters, digits, - and _" }
    Latitude {
        r"^-?([0-8]?[0-9](\.[0-9]{1,20})?|90(\.0{1,20})?)$",
        "must be a latitude from -90 to 90"
    }
    Longitude {
        r"^-?((1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,20})?|180(\.0{1,20})?)$",
        "must be a longitude from -180 to 180"
    }
    /// A service's address. One with a name and a password in it would show them to every reader.
    ServiceUrl {
        "^https?://[!-~]+$",
        "must be a URL that begins with http:// or https://, without a name and a password in it";
        is_service_url
    }
    /// A day of the calendar from 1900 on, with as many as each month has.
    Day {
        concat!(
            "^((19|2[0-9])[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)",
            "|02-(0[1-9]|1[0-9]|2[0-8]))",
            "|((19|2[0-9])(0[48]|[2468][048]|[13579][26])|2[048]00)-02-29)$"
        ),
        "must be a day, such as 2026-11-21"
    }
    /// A mail address, or nothing.
    Email { "^([!-?A-~]+@[!-?A-~]+)?$", "must be a mail address", MIN_CHARS: usize = 0 }
    /// Words without emoji, which Meta does not take everywhere.
    Plain {
        concat!("^[^\\u0000", emoji!(), "]*[^\\u0000", white!(), emoji!(), "][^\\u0000", emoji!(), "]*$"),
        "must say something, without emoji"
    }
    /// Meta's word for a line of business.
    Vertical { "^[A-Z_]+$", "must be Meta's word in capitals, such as RESTAURANT" }
    /// A PIN of two-step verification.
    Pin { "^[0-9]{6}$", "must be six digits", MIN_CHARS: usize = 6 }
    Country { "^[A-Z]{2}$", "must be a country's two letters, such as CH", MIN_CHARS: usize = 2 }
    /// A template's name.
    TemplateName { "^[a-z0-9_]+$", "must be of lowercase letters, digits and underscores" }
    /// What people sign in with. Whether it is theirs, the invite shows.
    MailAddress {
        r"^[^\u0000-\u0020\u007f@]+@[^\u0000-\u0020\u007f@]+$",
        "must be a mail address",
        MIN_CHARS: usize = 3
    }
    /// Long rather than colourful.
    Password { r"^[^\u0000]{10,}$", "must have 10 characters or more, without NUL", MIN_CHARS: usize = 10 }
    /// A language as Meta writes it.
    Language { "^[a-z]{2,3}([_-][A-Za-z]{2,4})?$", "must be a language, such as en or en_US", MIN_CHARS: usize = 2 }
    /// A variable of a template that has a name.
    VariableName { "^[a-z][a-z0-9_]*$", "must be a name in lowercase letters, digits and underscores" }
    /// An address that a customer's browser opens; it may hold a variable.
    WebAddress { r"^https?://[^\u0000-\u0020\u007f]+$", "must be a web address that begins with http:// or https://" }
    /// A phone that a customer's tap calls.
    PhoneOnButton {
        r"^\+?[ ()-]*[0-9]([ ()-]*[0-9]){6,19}[ ()-]*$",
        "must be a phone with country code, such as +15550002222"
    }
    /// An API key, a member, or whoever asks.
    ActorOrMe { "^(me|(key|mem)_[0-9A-HJKMNP-TV-Z]{26})$", "must be me, or the id of an API key or a member" }
    /// Sorts of the feed's events.
    EventTypes {
        concat!(
            "^(message|conversation|note|number|notice|file|template|agent|presence|gone)",
            "(,(message|conversation|note|number|notice|file|template|agent|presence|gone))*$"
        ),
        "must be types of events, with commas between them"
    }
    JobNumber { "^job_[0-9]{12,19}$", "must be a job's id" }
}

fn is_service_url(text: &str) -> bool {
    let url = reqwest::Url::parse(text);
    url.is_ok_and(|url| url.has_host() && url.username().is_empty() && url.password().is_none())
}

/// What a template is known by, together with its language.
pub type TemplateTitle = Text<512, TemplateName>;
pub type LanguageCode = Text<10, Language>;

/// A text of a kind, `MAX` characters at the most.
pub struct Text<const MAX: usize, K: Kind = Words>(String, PhantomData<fn() -> K>);

/// A token, a password or a key.
pub type Secret<const MAX: usize> = Text<MAX, Visible>;

impl<const MAX: usize, K: Kind> Text<MAX, K> {
    fn read(text: String) -> Self {
        Self(text, PhantomData)
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl Text<10, Day> {
    pub fn day(&self) -> NaiveDate {
        self.0.parse().expect("its kind is a day of the calendar")
    }
}

impl<const MAX: usize, K: Kind> Bounded for Text<MAX, K> {
    fn problem(&self) -> Option<String> {
        if self.0.chars().count() > MAX {
            return Some(format!("must have {MAX} characters at the most"));
        }
        (!K::pattern().is_match(&self.0) || !K::is_sound(&self.0)).then(|| K::WORDS.to_owned())
    }
}

impl<const MAX: usize, K: Kind> Deref for Text<MAX, K> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize, K: Kind> Clone for Text<MAX, K> {
    fn clone(&self) -> Self {
        Self::read(self.0.clone())
    }
}

/// It may be private or secret, so it shows its length only.
impl<const MAX: usize, K: Kind> fmt::Debug for Text<MAX, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} bytes>", self.0.len())
    }
}

impl<const MAX: usize, K: Kind> Type for Text<MAX, K> {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        inline(MetaSchema {
            pattern: Some(K::PATTERN.to_owned()),
            min_length: (K::MIN_CHARS > 0).then_some(K::MIN_CHARS),
            max_length: Some(MAX),
            ..MetaSchema::new("string")
        })
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl<const MAX: usize, K: Kind> ParseFromJSON for Text<MAX, K> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            Some(Value::String(text)) => Ok(Self::read(text)),
            other => Err(ParseError::expected_type(other.unwrap_or_default())),
        }
    }
}

impl<const MAX: usize, K: Kind> ParseFromParameter for Text<MAX, K> {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        keep_bounds(Self::read(value.to_owned()))
    }
}

impl<const MAX: usize, K: Kind> ToJSON for Text<MAX, K> {
    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.0.clone()))
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<const MIN: i32, const MAX: i32>(i64);

impl<const MIN: i32, const MAX: i32> Whole<MIN, MAX> {
    /// The nearest that keeps the bounds; `Fields` has refused all others.
    pub fn get(self) -> i32 {
        self.0.clamp(MIN.into(), MAX.into()) as i32
    }
}

impl<const MIN: i32, const MAX: i32> Bounded for Whole<MIN, MAX> {
    fn problem(&self) -> Option<String> {
        (!(i64::from(MIN)..=i64::from(MAX)).contains(&self.0)).then(|| format!("must be from {MIN} to {MAX}"))
    }
}

/// A number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Real<const MIN: i32, const MAX: i32>(pub f64);

impl<const MIN: i32, const MAX: i32> Bounded for Real<MIN, MAX> {
    fn problem(&self) -> Option<String> {
        (!(f64::from(MIN)..=f64::from(MAX)).contains(&self.0)).then(|| format!("must be from {MIN} to {MAX}"))
    }
}

macro_rules! numbers {
    ($($name:ident = $type:literal),+) => {$(
        impl<const MIN: i32, const MAX: i32> Type for $name<MIN, MAX> {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                $type.into()
            }

            fn schema_ref() -> MetaSchemaRef {
                inline(MetaSchema {
                    minimum: Some(MIN.into()),
                    maximum: Some(MAX.into()),
                    ..MetaSchema::new($type)
                })
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }
    )+};
}

numbers!(Whole = "integer", Real = "number");

impl<const MIN: i32, const MAX: i32> ParseFromJSON for Whole<MIN, MAX> {
    /// 5.0 is the whole number 5 in JSON.
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let value = value.unwrap_or_default();
        let whole = value.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i64);
        whole.map(Self).ok_or_else(|| ParseError::expected_type(value))
    }
}

impl<const MIN: i32, const MAX: i32> ParseFromParameter for Whole<MIN, MAX> {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        value.parse().map_err(ParseError::custom).and_then(|number| keep_bounds(Self(number)))
    }
}

impl<const MIN: i32, const MAX: i32> ToJSON for Whole<MIN, MAX> {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.into())
    }
}

impl<const MIN: i32, const MAX: i32> ParseFromJSON for Real<MIN, MAX> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let value = value.unwrap_or_default();
        value.as_f64().map(Self).ok_or_else(|| ParseError::expected_type(value))
    }
}

impl<const MIN: i32, const MAX: i32> ToJSON for Real<MIN, MAX> {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.into())
    }
}

/// From `MIN` to `MAX` items.
#[derive(Debug)]
pub struct Several<const MIN: usize, const MAX: usize, T>(pub Vec<T>);

impl<const MAX: usize, T> Default for Several<0, MAX, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<const MIN: usize, const MAX: usize, T: Bounded> Bounded for Several<MIN, MAX, T> {
    fn problem(&self) -> Option<String> {
        if !(MIN..=MAX).contains(&self.0.len()) {
            return Some(format!("must have from {MIN} to {MAX} items"));
        }
        let wrong = self.0.iter().enumerate().find_map(|(place, item)| Some((place, item.problem()?)));
        wrong.map(|(place, problem)| format!("item {place} {problem}"))
    }
}

impl<const MIN: usize, const MAX: usize, T: Type> Type for Several<MIN, MAX, T> {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = T::RawValueType;

    fn name() -> Cow<'static, str> {
        Vec::<T>::name()
    }

    fn schema_ref() -> MetaSchemaRef {
        let list = MetaSchema { min_items: (MIN > 0).then_some(MIN), max_items: Some(MAX), ..MetaSchema::ANY };
        Vec::<T>::schema_ref().merge(list)
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a T::RawValueType> + 'a> {
        Box::new(self.0.iter().filter_map(T::as_raw_value))
    }
}

impl<const MIN: usize, const MAX: usize, T: ParseFromJSON> ParseFromJSON for Several<MIN, MAX, T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        Vec::<T>::parse_from_json(value).map(Self).map_err(ParseError::propagate)
    }
}

impl<const MIN: usize, const MAX: usize, T: ToJSON> ToJSON for Several<MIN, MAX, T> {
    fn to_json(&self) -> Option<Value> {
        self.0.to_json()
    }
}

impl<const MIN: usize, const MAX: usize, T: ParseFromMultipartField> ParseFromMultipartField for Several<MIN, MAX, T> {
    async fn parse_from_multipart(field: Option<Field>) -> ParseResult<Self> {
        Vec::<T>::parse_from_multipart(field).await.map(Self).map_err(ParseError::propagate)
    }

    async fn parse_from_repeated_field(self, field: Field) -> ParseResult<Self> {
        self.0.parse_from_repeated_field(field).await.map(Self).map_err(ParseError::propagate)
    }
}

const MAX_OWN_FIELDS: usize = 50;

type OwnName = Text<60>;
type OwnValue = Text<1_000, Anything>;

/// Changes to fields of a business's own, each a text under its name; null takes one away.
#[derive(Debug)]
pub struct OwnFields(BTreeMap<String, Option<OwnValue>>);

impl OwnFields {
    /// What `known` becomes.
    pub fn merge(self, mut known: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, ApiError> {
        for (name, value) in self.0 {
            match value {
                Some(value) => drop(known.insert(name, value.into_string())),
                None => drop(known.remove(&name)),
            }
        }
        let mut fields = Fields::default();
        let message = format!("there are {MAX_OWN_FIELDS} at the most, those that are there already among them");
        fields.check(known.len() <= MAX_OWN_FIELDS, "fields", message);
        fields.finish()?;
        Ok(known)
    }
}

impl Bounded for OwnFields {
    fn problem(&self) -> Option<String> {
        if self.0.len() > MAX_OWN_FIELDS {
            return Some(format!("must name {MAX_OWN_FIELDS} at the most"));
        }
        self.0.iter().find_map(|(name, value)| {
            let of_name = || OwnName::read(name.clone()).problem().map(|problem| format!("has a name that {problem}"));
            of_name().or_else(|| value.problem().map(|problem| format!("has a text that {problem}: {name}")))
        })
    }
}

impl Type for OwnFields {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "object".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let value = OwnValue::schema_ref().merge(MetaSchema { nullable: true, ..MetaSchema::ANY });
        inline(MetaSchema {
            additional_properties: Some(Box::new(value)),
            max_properties: Some(MAX_OWN_FIELDS),
            ..MetaSchema::new("object")
        })
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for OwnFields {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let Some(Value::Object(fields)) = value else {
            return Err(ParseError::expected_type(value.unwrap_or_default()));
        };
        let mut read = BTreeMap::new();
        for (name, value) in fields {
            let value = Option::<OwnValue>::parse_from_json(Some(value)).map_err(ParseError::propagate)?;
            read.insert(name, value);
        }
        Ok(Self(read))
    }
}

impl ToJSON for OwnFields {
    fn to_json(&self) -> Option<Value> {
        self.0.to_json()
    }
}

/// A file with something in it.
#[derive(Debug)]
pub struct FilledFile(pub Upload);

impl Bounded for FilledFile {
    fn problem(&self) -> Option<String> {
        (self.0.size() == 0).then(|| "must not be empty".to_owned())
    }
}

impl Type for FilledFile {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        Upload::name()
    }

    fn schema_ref() -> MetaSchemaRef {
        Upload::schema_ref().merge(MetaSchema { min_length: Some(1), ..MetaSchema::ANY })
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromMultipartField for FilledFile {
    async fn parse_from_multipart(field: Option<Field>) -> ParseResult<Self> {
        Upload::parse_from_multipart(field).await.map(Self).map_err(ParseError::propagate)
    }
}

/// What is in it is looked at when it is read.
impl Bounded for Upload {
    fn problem(&self) -> Option<String> {
        None
    }
}

const MAX_IDEMPOTENCY_KEY_CHARS: usize = 255;

type KeyText = Text<MAX_IDEMPOTENCY_KEY_CHARS, HeaderValue>;

/// The header `Idempotency-Key`. Poem's own extractor passes over values that are not ASCII and takes the first of two,
/// and a send whose key was not understood would be repeated.
#[derive(Debug)]
pub struct IdempotencyKey(Option<KeyText>);

impl IdempotencyKey {
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<'a> ApiExtractor<'a> for IdempotencyKey {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    type ParamType = Option<KeyText>;
    type ParamRawType = KeyText;

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(KeyText::schema_ref())
    }

    fn param_raw_type(&self) -> Option<&KeyText> {
        self.0.as_ref()
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        options: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let refused = |problem: &str| ApiError::bad_request(format!("The header {} {problem}.", options.name));
        let mut values = request.headers().get_all(options.name).iter();
        let Some(value) = values.next() else { return Ok(Self(None)) };
        if values.next().is_some() {
            return Err(refused("must be sent once").into());
        }
        let key = KeyText::read(value.to_str().map_err(|_| refused(HeaderValue::WORDS))?.to_owned());
        match key.problem() {
            None => Ok(Self(Some(key))),
            Some(problem) => Err(refused(&problem).into()),
        }
    }
}

/// Changes a stored field as a PATCH says: left out, null, or a value.
pub fn set<T: Type, U>(field: &mut Option<U>, to: MaybeUndefined<T>, read: impl FnOnce(T) -> U) {
    match to {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *field = None,
        MaybeUndefined::Value(value) => *field = Some(read(value)),
    }
}

fn keep_bounds<T: Bounded + Type>(value: T) -> ParseResult<T> {
    match value.problem() {
        None => Ok(value),
        Some(problem) => Err(ParseError::custom(problem)),
    }
}

fn inline(schema: MetaSchema) -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(schema))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fits<K: Kind>(text: &str) -> bool {
        Text::<20, K>::read(text.to_owned()).problem().is_none()
    }

    #[test]
    fn words_say_something_in_any_script() {
        for white in (0..=0x10_ffff).filter_map(char::from_u32) {
            assert_eq!(fits::<Words>(&white.to_string()), !white.is_whitespace() && white != '\0', "{white:?}");
        }
        assert!(fits::<Words>(" a\nb ") && !fits::<Words>("a\0") && !fits::<Words>(""));
        assert!(fits::<Words>(&"é".repeat(20)) && !fits::<Words>(&"é".repeat(21)));
    }

    #[test]
    fn a_day_is_one_of_the_calendar() {
        for year in ["0000", "1899", "1900", "1996", "2000", "2024", "2026", "2100", "2400", "2999", "3000"] {
            for month in 0..=13 {
                for day in 0..=32 {
                    let text = format!("{year}-{month:02}-{day:02}");
                    let is_day = ("1900".."3000").contains(&year) && text.parse::<NaiveDate>().is_ok();
                    assert_eq!(fits::<Day>(&text), is_day, "{text}");
                }
            }
        }
    }

    #[test]
    fn plain_words_have_no_emoji() {
        for wrong in ["Bread \u{1f35e}", "\u{2615}", "1\u{20e3}", "a\u{200d}b", " ", "", "a\0"] {
            assert!(!fits::<Plain>(wrong), "{wrong:?}");
        }
        assert!(fits::<Plain>("Geöffnet?") && fits::<Plain>("営業時間は?"));
    }

    #[test]
    fn nothing_that_breaks_a_line_becomes_a_header() {
        for wrong in ["", "a b", "a\r\nb", "a\n", "\u{7f}", "é", "a\0"] {
            assert!(!fits::<Visible>(wrong), "{wrong:?}");
        }
        assert!(fits::<Visible>("EAAG~!x"));
        assert!(fits::<HeaderValue>("a b") && !fits::<HeaderValue>("a ") && !fits::<HeaderValue>(""));
    }

    #[test]
    fn a_service_has_a_host_and_shows_no_password() {
        assert!(fits::<ServiceUrl>("http://[::1]:80/v1"));
        for wrong in ["http://", "ftp://a", "http://a:b@c", "//a", " http://a", "http://a:99999"] {
            assert!(!fits::<ServiceUrl>(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn numbers_keep_their_bounds_however_they_are_written() {
        let whole = |value| Whole::<1, 50>::parse_from_json(Some(value)).ok().map(|number| number.problem().is_none());
        assert_eq!(whole(json!(5)), Some(true));
        assert_eq!(whole(json!(5.0)), Some(true));
        assert_eq!(whole(json!(51)), Some(false));
        assert_eq!(whole(json!(1e300)), Some(false));
        assert_eq!(whole(json!(5.5)), None);
        assert_eq!(whole(json!("5")), None);
    }
}
