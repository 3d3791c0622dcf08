//! A place in a parsed document, as a serde deserializer.

use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer as _, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};
use serde_json::{Map, Value};

use super::ReadError;

/// A place in a parsed document.
#[derive(Clone, Copy)]
pub(crate) struct Node<'v> {
    /// `None`: the object has no such field. Only an optional value can be read from that.
    value: Option<&'v Value>,
    /// The field of an object that names its variant, and is no field of the variant.
    tag: Option<&'static str>,
}

impl<'v> Node<'v> {
    pub(crate) fn new(value: &'v Value) -> Self {
        Self { value: Some(value), tag: None }
    }

    fn expected(self, what: &str) -> ReadError {
        let found = match self.value {
            None => return ReadError::new("this field is missing.".to_owned()),
            Some(Value::Null) => "nothing (null)".to_owned(),
            Some(Value::Bool(b)) => b.to_string(),
            Some(Value::Number(n)) => format!("the number {n}"),
            Some(Value::String(s)) => format!("the text {s:?}"),
            Some(Value::Array(_)) => "a list".to_owned(),
            Some(Value::Object(_)) => "an object".to_owned(),
        };
        ReadError::new(format!("expected {what}, found {found}."))
    }

    fn text(self, what: &str) -> Result<&'v str, ReadError> {
        match self.value {
            Some(Value::String(text)) => Ok(text),
            _ => Err(self.expected(what)),
        }
    }

    fn object(self) -> Result<&'v Map<String, Value>, ReadError> {
        match self.value {
            Some(Value::Object(map)) => Ok(map),
            _ => Err(self.expected("an object")),
        }
    }

    fn not_negative(self) -> Result<u64, ReadError> {
        self.value.and_then(Value::as_u64).ok_or_else(|| self.expected("a whole number of 0 or more"))
    }

    fn whole(self) -> Result<i64, ReadError> {
        self.value.and_then(Value::as_i64).ok_or_else(|| self.expected("a whole number"))
    }

    /// Index of a variant by its name.
    fn variant(name: &str, variants: &'static [&'static str]) -> Result<u32, ReadError> {
        let found = variants.iter().position(|variant| *variant == name);
        found
            .map(|idx| idx as u32)
            .ok_or_else(|| ReadError::new(format!("{name:?} is not known here; known are {}.", variants.join(", "))))
    }
}

/// Whole numbers of every width come from one of two.
macro_rules! numbers {
    ($($method:ident: $get:ident, $visit:ident;)+) => {$(
        fn $method<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
            visitor.$visit(self.$get()?)
        }
    )+};
}

impl<'v> Deserializer<'v> for Node<'v> {
    type Error = ReadError;

    // How a tagged enum knows that it is read through this deserializer (see `tagged`): JSON text is 'human readable'.
    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.value {
            None => Err(self.expected("a value")),
            Some(Value::Null) => visitor.visit_unit(),
            Some(Value::Bool(b)) => visitor.visit_bool(*b),
            Some(Value::Number(n)) => match (n.as_u64(), n.as_i64()) {
                (Some(n), _) => visitor.visit_u64(n),
                (None, Some(n)) => visitor.visit_i64(n),
                (None, None) => self.deserialize_f64(visitor),
            },
            Some(Value::String(text)) => visitor.visit_str(text),
            Some(Value::Array(_)) => self.deserialize_seq(visitor),
            Some(Value::Object(_)) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_bool(self.value.and_then(Value::as_bool).ok_or_else(|| self.expected("true or false"))?)
    }

    numbers! {
        deserialize_u8: not_negative, visit_u64;
        deserialize_u16: not_negative, visit_u64;
        deserialize_u32: not_negative, visit_u64;
        deserialize_u64: not_negative, visit_u64;
        deserialize_i8: whole, visit_i64;
        deserialize_i16: whole, visit_i64;
        deserialize_i32: whole, visit_i64;
        deserialize_i64: whole, visit_i64;
    }

    fn deserialize_f64<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_f64(self.value.and_then(Value::as_f64).ok_or_else(|| self.expected("a number"))?)
    }

    fn deserialize_f32<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_char<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_str(self.text("text")?)
    }

    fn deserialize_string<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_option<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.value {
            None | Some(Value::Null) => visitor.visit_none(),
            Some(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.value == Some(&Value::Null) { visitor.visit_unit() } else { Err(self.expected("nothing (null)")) }
    }

    fn deserialize_unit_struct<V: Visitor<'v>>(self, _: &'static str, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'v>>(self, _: &'static str, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let Some(Value::Array(items)) = self.value else {
            return Err(self.expected("a list"));
        };
        let mut rest = Items { items, next: 0 };
        let read = visitor.visit_seq(&mut rest)?;
        if rest.next < items.len() {
            return Err(ReadError::new(format!("the list has {} values, {} are expected.", items.len(), rest.next)));
        }
        Ok(read)
    }

    fn deserialize_tuple<V: Visitor<'v>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'v>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_map(Entries { entries: self.object()?.iter(), value: None })
    }

    fn deserialize_struct<V: Visitor<'v>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let object = self.object()?;
        let mut found = Fields { object, fields, missing: None };
        let read = visitor.visit_seq(&mut found);
        found.settle(read.is_err(), fields, self.tag)?;
        read
    }

    fn deserialize_enum<V: Visitor<'v>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let (idx, content) = self.choose(variants)?;
        visitor.visit_enum(Variant { idx, content })
    }

    fn deserialize_ignored_any<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_unit()
    }
}

impl<'v> Node<'v> {
    /// The variant that is there and what it holds: `"variant"`, `{"variant": …}` or `{"type": "variant", …}`.
    fn choose(self, variants: &'static [&'static str]) -> Result<(u32, Node<'v>), ReadError> {
        if let Some(Value::String(name)) = self.value {
            return Ok((Self::variant(name, variants)?, Node { value: None, tag: None }));
        }
        let object = self.object()?;
        if let Some(name) = object.get("type") {
            let name = Node::new(name).text("the name of a kind").map_err(|error| error.in_field("type"))?;
            let idx = Self::variant(name, variants).map_err(|error| error.in_field("type"))?;
            return Ok((idx, Node { value: self.value, tag: Some("type") }));
        }
        let mut entries = object.iter();
        match (entries.next(), entries.next()) {
            (Some((name, content)), None) => Ok((Self::variant(name, variants)?, Node::new(content))),
            _ => Err(ReadError::new(format!("expected one of {}.", variants.join(", ")))),
        }
    }
}

/// The items of an array.
struct Items<'v> {
    items: &'v [Value],
    next: usize,
}

impl<'v> SeqAccess<'v> for &mut Items<'v> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'v>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        let Some(item) = self.items.get(self.next) else {
            return Ok(None);
        };
        self.next += 1;
        seed.deserialize(Node::new(item)).map(Some).map_err(|error| error.in_item(self.next - 1))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

/// The fields of a struct, in the order in which it declares them: to its visitor they are a sequence.
struct Fields<'v> {
    object: &'v Map<String, Value>,
    fields: &'static [&'static str],
    /// A field that is not there and is not optional. The struct may have a default for it; if it has none, it fails,
    /// and this is why.
    missing: Option<&'static str>,
}

impl Fields<'_> {
    /// After the visitor: what is missing, or what is there and nobody asked for.
    fn settle(self, failed: bool, all: &[&str], tag: Option<&str>) -> Result<(), ReadError> {
        if failed {
            return self
                .missing
                .map_or(Ok(()), |field| Err(ReadError::new("this field is missing.".to_owned()).in_field(field)));
        }
        let unknown = self.object.keys().find(|key| !all.contains(&key.as_str()) && Some(key.as_str()) != tag);
        unknown.map_or(Ok(()), |key| {
            let known = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
            Err(ReadError::new(format!("this field is not known here; known are {known}.")).in_field(key))
        })
    }
}

impl<'v> SeqAccess<'v> for &mut Fields<'v> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'v>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        let Some((field, rest)) = self.fields.split_first() else {
            return Ok(None);
        };
        self.fields = rest;
        let value = self.object.get(*field);
        match seed.deserialize(Node { value, tag: None }) {
            Ok(read) => Ok(Some(read)),
            Err(error) if value.is_some() => {
                self.missing = None;
                Err(error.in_field(field))
            }
            Err(_) => {
                self.missing = Some(field);
                Ok(None)
            }
        }
    }
}

/// The entries of an object, as a map.
struct Entries<'v> {
    entries: serde_json::map::Iter<'v>,
    value: Option<(&'v str, &'v Value)>,
}

impl<'v> MapAccess<'v> for Entries<'v> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'v>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        let Some((key, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some((key, value));
        let key: StrDeserializer<'v, ReadError> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'v>>(&mut self, seed: S) -> Result<S::Value, ReadError> {
        let (key, value) =
            self.value.take().ok_or_else(|| ReadError::custom("a value was asked for before its key"))?;
        seed.deserialize(Node::new(value)).map_err(|error| error.in_field(key))
    }
}

/// A variant and what it holds.
struct Variant<'v> {
    idx: u32,
    content: Node<'v>,
}

impl<'v> EnumAccess<'v> for Variant<'v> {
    type Error = ReadError;
    type Variant = Node<'v>;

    fn variant_seed<S: DeserializeSeed<'v>>(self, seed: S) -> Result<(S::Value, Node<'v>), ReadError> {
        let idx: U32Deserializer<ReadError> = self.idx.into_deserializer();
        Ok((seed.deserialize(idx)?, self.content))
    }
}

impl<'v> VariantAccess<'v> for Node<'v> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        match (self.value, self.tag) {
            (None | Some(Value::Null), _) => Ok(()),
            // `{"type": "variant"}` and nothing else.
            (Some(Value::Object(object)), tag @ Some(_)) => {
                Fields { object, fields: &[], missing: None }.settle(false, &[], tag)
            }
            _ => Err(self.expected("nothing beside the name")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'v>>(self, seed: T) -> Result<T::Value, ReadError> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'v>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'v>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_struct("", fields, visitor)
    }
}
