//! Enums whose JSON is an object with the variant's name in its field `type`.
//!
//! serde's own `tag = "type"` reads through a buffer of its own, with a copy of every reader below it. Here the enum derives
//! both traits with `remote = "Self"` (so that what is derived are plain functions), and `tagged_by_type!` gives it the
//! traits: reading through [`super::Node`], which knows the form, and writing through [`Tag`].

use serde::de::{Deserializer, Error as _};
use serde::ser::{Error as _, Impossible, Serialize, SerializeStruct, SerializeStructVariant, Serializer};

use super::parsed::Parsed;
use super::{Node, ReadError};

/// Ties enums to JSON objects whose field `type` names the variant (the other fields are the variant's own).
macro_rules! tagged_by_type {
    ($($name:ident),+ $(,)?) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $name::serialize(self, $crate::json::Tag(serializer))
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if !deserializer.is_human_readable() {
                    // It is a `Node`.
                    return $name::deserialize(deserializer);
                }
                $crate::json::through_node(deserializer, |node| $name::deserialize(node))
            }
        }
    )+};
}
pub(crate) use tagged_by_type;

/// Reads what another deserializer has as a [`Node`].
pub(crate) fn through_node<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: impl FnOnce(Node<'_>) -> Result<T, ReadError>,
) -> Result<T, D::Error> {
    let Parsed(value) = serde::Deserialize::deserialize(deserializer)?;
    read(Node::new(&value)).map_err(D::Error::custom)
}

/// A serializer that puts a variant's name into the field `type` of the variant's own object.
pub(crate) struct Tag<S>(pub(crate) S);

const NO_OBJECT: &str = "only enums of units and structs are tagged by a field";

/// A value that is no variant: never asked for by a derived enum of units and structs.
macro_rules! no_variant {
    ($($method:ident($($of:ty),*) -> $out:ty;)+) => {$(
        fn $method(self $(, _: $of)*) -> Result<$out, S::Error> {
            Err(S::Error::custom(NO_OBJECT))
        }
    )+};
}

impl<S: Serializer> Serializer for Tag<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Impossible<S::Ok, S::Error>;
    type SerializeStruct = Impossible<S::Ok, S::Error>;
    type SerializeStructVariant = VariantFields<S::SerializeStruct>;

    no_variant! {
        serialize_bool(bool) -> S::Ok;
        serialize_i8(i8) -> S::Ok;
        serialize_i16(i16) -> S::Ok;
        serialize_i32(i32) -> S::Ok;
        serialize_i64(i64) -> S::Ok;
        serialize_u8(u8) -> S::Ok;
        serialize_u16(u16) -> S::Ok;
        serialize_u32(u32) -> S::Ok;
        serialize_u64(u64) -> S::Ok;
        serialize_f32(f32) -> S::Ok;
        serialize_f64(f64) -> S::Ok;
        serialize_char(char) -> S::Ok;
        serialize_str(&str) -> S::Ok;
        serialize_bytes(&[u8]) -> S::Ok;
        serialize_none() -> S::Ok;
        serialize_unit() -> S::Ok;
        serialize_unit_struct(&'static str) -> S::Ok;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom(NO_OBJECT))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, _: &T) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom(NO_OBJECT))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom(NO_OBJECT))
    }

    fn serialize_unit_variant(self, name: &'static str, _: u32, variant: &'static str) -> Result<S::Ok, S::Error> {
        let mut object = self.0.serialize_struct(name, 1)?;
        object.serialize_field("type", variant)?;
        object.end()
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        let mut object = self.0.serialize_struct(name, len + 1)?;
        object.serialize_field("type", variant)?;
        Ok(VariantFields(object))
    }
}

/// The fields of a variant, written into the object that has its name.
pub(crate) struct VariantFields<O>(O);

impl<O: SerializeStruct> SerializeStructVariant for VariantFields<O> {
    type Ok = O::Ok;
    type Error = O::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), O::Error> {
        self.0.serialize_field(key, value)
    }

    fn skip_field(&mut self, key: &'static str) -> Result<(), O::Error> {
        self.0.skip_field(key)
    }

    fn end(self) -> Result<O::Ok, O::Error> {
        self.0.end()
    }
}
