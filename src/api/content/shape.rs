//! A structure is stated once: the document shows it, and what comes is read by it. Reading goes through everything and
//! collects what is wrong, each with its whole path; it repeats nothing of what came but the names of fields.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use poem_openapi::registry::{MetaDiscriminatorObject, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde_json::{Map, Value};

use super::super::problem::Fields;
use super::super::wire::{Bounded, Kind, Several, Text, Whole};

/// The longest name of an unknown field that is told back.
const MAX_NAME_CHARS: usize = 60;

/// Where a value stands, such as `content.interactive.action.sections[0]`.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    Root(&'static str),
    Field(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    pub fn field(&'a self, name: &'a str) -> Self {
        Self::Field(self, name)
    }

    pub fn item(&'a self, index: usize) -> Self {
        Self::Item(self, index)
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) => f.write_str(name),
            Self::Field(before, name) => write!(f, "{before}.{name}"),
            Self::Item(before, index) => write!(f, "{before}[{index}]"),
        }
    }
}

/// Something that is written one way only.
pub trait Shape: Sized {
    const REQUIRED: bool = true;

    /// As the document refers to it.
    fn schema() -> MetaSchemaRef;

    fn register(_registry: &mut Registry) {}

    /// Reads it and leaves it as it is sent on: without nulls that say nothing. `None` when it cannot be read; whatever
    /// is wrong is told.
    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self>;

    fn absent(at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        tell(wrong, at, "is missing");
        None
    }
}

/// A structure that its `type` tells from the others.
pub trait Tagged: Shape {
    const WORD: &'static str;
}

pub fn tell(wrong: &mut Fields, at: &Place<'_>, message: impl Into<String>) {
    wrong.check(false, &at.to_string(), message);
}

/// Tells where one of `texts` is there already.
pub fn tell_doubles<'t>(wrong: &mut Fields, texts: impl IntoIterator<Item = (&'t str, String)>) {
    let mut known: Vec<&str> = Vec::new();
    for (text, at) in texts {
        wrong.check(!known.contains(&text), &at, "must differ from the others");
        known.push(text);
    }
}

impl<T: Shape> Shape for Option<T> {
    const REQUIRED: bool = false;

    fn schema() -> MetaSchemaRef {
        match T::schema() {
            MetaSchemaRef::Inline(mut schema) => {
                schema.nullable = true;
                MetaSchemaRef::Inline(schema)
            }
            reference => reference,
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        T::read(value, at, wrong).map(Some)
    }

    fn absent(_at: &Place<'_>, _wrong: &mut Fields) -> Option<Self> {
        Some(None)
    }
}

/// A value that has no parts: what its type in `wire` says of it.
fn read_leaf<T: ParseFromJSON + ToJSON + Bounded>(
    value: &mut Value,
    at: &Place<'_>,
    wrong: &mut Fields,
    words: &str,
) -> Option<T> {
    let Ok(leaf) = T::parse_from_json(Some(value.clone())) else {
        tell(wrong, at, words);
        return None;
    };
    if let Some(problem) = leaf.problem() {
        tell(wrong, at, problem);
    }
    *value = leaf.to_json().unwrap_or_default();
    Some(leaf)
}

impl<const MAX: usize, K: Kind> Shape for Text<MAX, K> {
    fn schema() -> MetaSchemaRef {
        <Self as Type>::schema_ref()
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        read_leaf(value, at, wrong, "must be a text")
    }
}

impl<const MIN: i32, const MAX: i32> Shape for Whole<MIN, MAX> {
    fn schema() -> MetaSchemaRef {
        <Self as Type>::schema_ref()
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        read_leaf(value, at, wrong, "must be a whole number")
    }
}

impl Shape for bool {
    fn schema() -> MetaSchemaRef {
        <Self as Type>::schema_ref()
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        let read = value.as_bool();
        if read.is_none() {
            tell(wrong, at, "must be true or false");
        }
        read
    }
}

impl<const MIN: usize, const MAX: usize, T: Shape> Shape for Several<MIN, MAX, T> {
    fn schema() -> MetaSchemaRef {
        let list = MetaSchema {
            items: Some(Box::new(T::schema())),
            min_items: (MIN > 0).then_some(MIN),
            max_items: Some(MAX),
            ..MetaSchema::new("array")
        };
        MetaSchemaRef::Inline(Box::new(list))
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        let Value::Array(items) = value else {
            tell(wrong, at, "must be a list");
            return None;
        };
        if !(MIN..=MAX).contains(&items.len()) {
            tell(wrong, at, format!("must have from {MIN} to {MAX} items"));
            return None;
        }
        // All are read, so that all that is wrong is told.
        let read: Vec<Option<T>> =
            items.iter_mut().enumerate().map(|(index, item)| T::read(item, &at.item(index), wrong)).collect();
        read.into_iter().collect::<Option<Vec<T>>>().map(Self)
    }
}

/// A part of a body as it came. What is wrong with it is told when it is read: all of it, with its places.
pub struct Unread<T>(Value, PhantomData<fn() -> T>);

impl<T: Shape> Unread<T> {
    /// As it is sent on, with whatever is wrong told.
    pub fn read(mut self, root: &'static str, wrong: &mut Fields) -> Value {
        T::read(&mut self.0, &Place::Root(root), wrong);
        self.0
    }
}

impl<T> Clone for Unread<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<T> fmt::Debug for Unread<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Shape> Type for Unread<T> {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        match T::schema() {
            MetaSchemaRef::Reference(name) => name.into(),
            MetaSchemaRef::Inline(schema) => schema.ty.into(),
        }
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl<T: Shape> ParseFromJSON for Unread<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        value.map(|value| Self(value, PhantomData)).ok_or_else(ParseError::expected_input)
    }
}

impl<T: Shape> ToJSON for Unread<T> {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.clone())
    }
}

/// An object with anything in it.
#[derive(Debug)]
pub struct Free;

impl Shape for Free {
    fn schema() -> MetaSchemaRef {
        let anything = MetaSchemaRef::Inline(Box::new(MetaSchema::ANY));
        let schema = MetaSchema { additional_properties: Some(Box::new(anything)), ..MetaSchema::new("object") };
        MetaSchemaRef::Inline(Box::new(schema))
    }

    fn read(value: &mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<Self> {
        open(value, at, wrong).map(|_| Self)
    }
}

pub fn open<'v>(value: &'v mut Value, at: &Place<'_>, wrong: &mut Fields) -> Option<&'v mut Map<String, Value>> {
    if !value.is_object() {
        tell(wrong, at, "must be an object");
    }
    value.as_object_mut()
}

pub fn refuse_others(fields: &Map<String, Value>, known: &[&str], at: &Place<'_>, wrong: &mut Fields) {
    for name in fields.keys().filter(|name| !known.contains(&name.as_str())) {
        let shown: String = name.chars().take(MAX_NAME_CHARS).collect();
        tell(wrong, &at.field(&shown), format!("is not known here; there are: {}", known.join(", ")));
    }
}

pub fn read_field<T: Shape>(
    fields: &mut Map<String, Value>,
    name: &str,
    at: &Place<'_>,
    wrong: &mut Fields,
) -> Option<T> {
    let at = at.field(name);
    if !T::REQUIRED && fields.get(name).is_some_and(Value::is_null) {
        fields.remove(name);
    }
    match fields.get_mut(name) {
        Some(value) => T::read(value, &at, wrong),
        None => T::absent(&at, wrong),
    }
}

/// The words of an enumeration, or the one word of a structure's `type`.
pub fn words_schema(words: &[&str]) -> MetaSchemaRef {
    let schema =
        MetaSchema { enum_items: words.iter().map(|word| Value::from(*word)).collect(), ..MetaSchema::new("string") };
    MetaSchemaRef::Inline(Box::new(schema))
}

pub fn union_schema(words: &[(&str, MetaSchemaRef)], others: Vec<MetaSchemaRef>) -> MetaSchema {
    let reference = |schema: &MetaSchemaRef| format!("#/components/schemas/{}", schema.unwrap_reference());
    MetaSchema {
        one_of: words.iter().map(|(_, schema)| schema.clone()).chain(others).collect(),
        discriminator: Some(MetaDiscriminatorObject {
            property_name: "type",
            mapping: words.iter().map(|(word, schema)| ((*word).to_owned(), reference(schema))).collect(),
        }),
        ..MetaSchema::ANY
    }
}

/// The name a field has in JSON.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

/// `strict` refuses fields it does not know, `tolerant` passes over them. `is` names the word in its `type`, `obeys` a
/// function that looks at what the fields' own types cannot say.
macro_rules! objects {
    (@known strict $fields:ident $known:expr, $at:ident $wrong:ident) => {
        crate::api::content::shape::refuse_others($fields, $known, $at, $wrong)
    };
    (@known tolerant $fields:ident $known:expr, $at:ident $wrong:ident) => {};
    ($(
        $(#[doc = $doc:literal])*
        $manner:ident struct $name:ident $(is $word:literal)? $(obeys $rules:path)? {
            $($(#[doc = $field_doc:literal])* $field:ident $(as $key:literal)? : $type:ty),* $(,)?
        }
    )+) => {$(
        $(#[doc = $doc])*
        #[derive(Debug)]
        #[allow(dead_code, reason = "most fields are only looked at while they are read")]
        pub struct $name {
            $(pub $field: $type,)*
        }

        impl crate::api::content::shape::Shape for $name {
            fn schema() -> poem_openapi::registry::MetaSchemaRef {
                poem_openapi::registry::MetaSchemaRef::Reference(stringify!($name).to_owned())
            }

            fn register(registry: &mut poem_openapi::registry::Registry) {
                use poem_openapi::registry::MetaSchema;
                registry.create_schema::<Self, _>(stringify!($name).to_owned(), |_registry| {
                    $(<$type as crate::api::content::shape::Shape>::register(_registry);)*
                    use crate::api::content::shape::described;
                    let mut required = Vec::new();
                    let mut properties = Vec::new();
                    $(
                        required.push("type");
                        properties.push(("type", crate::api::content::shape::words_schema(&[$word])));
                    )?
                    $({
                        let (name, words) = (key!($field $($key)?), described(concat!($($field_doc),*)));
                        if <$type as crate::api::content::shape::Shape>::REQUIRED {
                            required.push(name);
                        }
                        properties.push((name, crate::api::content::shape::describe(<$type as crate::api::content::shape::Shape>::schema(), words)));
                    })*
                    MetaSchema {
                        required,
                        properties,
                        ..MetaSchema { ty: "object", ..described(concat!($($doc),*)) }
                    }
                });
            }

            fn read(
                value: &mut serde_json::Value,
                at: &crate::api::content::shape::Place<'_>,
                wrong: &mut crate::api::problem::Fields,
            ) -> Option<Self> {
                let _fields = crate::api::content::shape::open(value, at, wrong)?;
                $(if !crate::api::content::shape::read_word(_fields, $word, at, wrong) {
                    return None;
                })?
                objects!(@known $manner _fields &[$(objects!(@type $word),)? $(key!($field $($key)?)),*], at wrong);
                $(let $field = crate::api::content::shape::read_field::<$type>(_fields, key!($field $($key)?), at, wrong);)*
                let this = Self { $($field: $field?,)* };
                $($rules(&this, at, wrong);)?
                Some(this)
            }
        }

        $(impl crate::api::content::shape::Tagged for $name {
            const WORD: &'static str = $word;
        })?
    )+};
    (@type $word:literal) => {
        "type"
    };
}

/// Structures of which `type` says the one that is meant. `or` names the structure of a type that nobody knows.
macro_rules! unions {
    ($(
        $(#[doc = $doc:literal])*
        union $name:ident { $($variant:ident),+ $(,)? } $(or $other:ident)?
    )+) => {$(
        $(#[doc = $doc])*
        #[derive(Debug)]
        #[allow(dead_code, reason = "most are only looked at while they are read")]
        #[allow(clippy::enum_variant_names, clippy::large_enum_variant, reason = "named like what they hold; each lives shortly")]
        pub enum $name {
            $($variant($variant),)+
            $($other($other),)?
        }

        impl $name {
            pub const WORDS: &'static [&'static str] = &[$(<$variant as crate::api::content::shape::Tagged>::WORD),+];
        }

        impl crate::api::content::shape::Shape for $name {
            fn schema() -> poem_openapi::registry::MetaSchemaRef {
                poem_openapi::registry::MetaSchemaRef::Reference(stringify!($name).to_owned())
            }

            fn register(registry: &mut poem_openapi::registry::Registry) {
                registry.create_schema::<Self, _>(stringify!($name).to_owned(), |registry| {
                    $(<$variant as crate::api::content::shape::Shape>::register(registry);)+
                    $(<$other as crate::api::content::shape::Shape>::register(registry);)?
                    let known = [$((
                        <$variant as crate::api::content::shape::Tagged>::WORD,
                        <$variant as crate::api::content::shape::Shape>::schema(),
                    )),+];
                    let others = vec![$(<$other as crate::api::content::shape::Shape>::schema())?];
                    let words = concat!($($doc),*).trim();
                    poem_openapi::registry::MetaSchema {
                        description: Some(words),
                        ..crate::api::content::shape::union_schema(&known, others)
                    }
                });
            }

            fn read(
                value: &mut serde_json::Value,
                at: &crate::api::content::shape::Place<'_>,
                wrong: &mut crate::api::problem::Fields,
            ) -> Option<Self> {
                let word = crate::api::content::shape::open(value, at, wrong)?.get("type").and_then(serde_json::Value::as_str);
                $(if word == Some(<$variant as crate::api::content::shape::Tagged>::WORD) {
                    return <$variant as crate::api::content::shape::Shape>::read(value, at, wrong).map(Self::$variant);
                })+
                $(if word.is_some() {
                    return <$other as crate::api::content::shape::Shape>::read(value, at, wrong).map(Self::$other);
                })?
                crate::api::content::shape::tell(
                    wrong,
                    &at.field("type"),
                    format!("must be one of: {}", Self::WORDS.join(", ")),
                );
                None
            }
        }
    )+};
}

/// A fixed set of words.
macro_rules! words {
    ($($(#[doc = $doc:literal])* words $name:ident { $($variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($variant,)+
        }

        impl crate::api::content::shape::Shape for $name {
            fn schema() -> poem_openapi::registry::MetaSchemaRef {
                crate::api::content::shape::words_schema(&[$($word),+])
            }

            fn read(
                value: &mut serde_json::Value,
                at: &crate::api::content::shape::Place<'_>,
                wrong: &mut crate::api::problem::Fields,
            ) -> Option<Self> {
                match value.as_str() {
                    $(Some($word) => Some(Self::$variant),)+
                    _ => {
                        crate::api::content::shape::tell(wrong, at, format!("must be {}", [$($word),+].join(" or ")));
                        None
                    }
                }
            }
        }
    )+};
}

pub(in crate::api) use {key, objects, unions, words};

/// A schema that says nothing but what it is for.
pub fn described(words: &'static str) -> MetaSchema {
    let description = match words.trim() {
        "" => None,
        words => Some(words),
    };
    MetaSchema { description, ..MetaSchema::ANY }
}

pub fn describe(schema: MetaSchemaRef, words: MetaSchema) -> MetaSchemaRef {
    match schema {
        MetaSchemaRef::Reference(_) if words.description.is_some() => {
            MetaSchemaRef::Inline(Box::new(MetaSchema { all_of: vec![schema], ..words }))
        }
        MetaSchemaRef::Inline(schema) => {
            let description = words.description.or(schema.description);
            MetaSchemaRef::Inline(Box::new(MetaSchema { description, ..*schema }))
        }
        reference => reference,
    }
}

/// Whether the `type` is the one that the structure is known by.
pub fn read_word(fields: &Map<String, Value>, word: &str, at: &Place<'_>, wrong: &mut Fields) -> bool {
    let is_it = fields.get("type").and_then(Value::as_str) == Some(word);
    if !is_it {
        tell(wrong, &at.field("type"), format!("must be {word}"));
    }
    is_it
}
