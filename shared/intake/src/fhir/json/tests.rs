use super::*;
use proptest::prelude::*;

#[test]
fn values_are_found_and_unescaped() {
    let text = br#" {"a" : [1, -2.5e1, "3"] , "b":{"c":"x\"y\\z\u00e9\ud83d\ude00\n."},"d":null,"e":true} "#;
    let mut tape = Tape::default();
    let document = tape.document(text).unwrap();
    let fields = document.fields();
    let numbers: Vec<_> = fields.get("a").unwrap().items().map(|v| v.number()).collect();
    assert_eq!(numbers, [Some(1.0), Some(-25.0), Some(3.0)]);
    assert_eq!(fields.get("b").unwrap().get("c").unwrap().text().unwrap(), "x\"y\\z\u{e9}\u{1f600}\n.");
    assert!(fields.get("d").is_none() && fields.get("x").is_none());
    assert_eq!(fields.get("e").unwrap().boolean(), Some(true));
    assert_eq!(fields.get("e").unwrap().items().count(), 1);
}

#[test]
fn what_is_no_json_is_refused() {
    for text in [
        "",
        "[]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":[1,2}",
        "{\"a\":{\"b\":1]}",
        "{\"a\":tru}",
        "{\"a\":\"x}",
        "{\"a\":1}x",
        "{\"a\":\"x\\\"}",
        "{\"a\":[1 2]}",
        "{'a':1}",
        "{\"a\":{,}}",
    ] {
        assert!(Tape::default().document(text.as_bytes()).is_err(), "{text}");
    }
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(Tape::default().document(deep.as_bytes()).is_err());
    let fine = format!("{{\"a\":{}1{}}}", "[".repeat(255), "]".repeat(255));
    assert!(Tape::default().document(fine.as_bytes()).is_ok());
}

/// The value, as serde_json has it.
fn plain(value: Value<'_>) -> serde_json::Value {
    match value.raw().first() {
        Some(b'{') => {
            let members = value.members();
            let member = |(key, value): (&[u8], _)| {
                (serde_json::from_str(&format!("\"{}\"", std::str::from_utf8(key).unwrap())).unwrap(), plain(value))
            };
            serde_json::Value::Object(members.map(member).collect())
        }
        Some(b'[') => value.items().map(plain).collect(),
        _ => serde_json::from_slice(value.raw()).unwrap(),
    }
}

fn any_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i32>().prop_map(serde_json::Value::from),
        (-1e9..1e9).prop_map(|x: f64| serde_json::Value::from(x)),
        "[a-z \"\\\\{},:\n\u{e9}\u{1f600}-]{0,80}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            proptest::collection::btree_map("[a-z\"\\\\]{0,9}", inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_value_is_the_one_that_was_written(value in any_value(), pretty in any::<bool>()) {
        let value = serde_json::json!({ "v": value });
        let text = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) }.unwrap();
        let mut tape = Tape::default();
        let document = tape.document(&text).unwrap();
        prop_assert_eq!(plain(document.fields().0), value);
    }

    /// What a strict reader takes is taken; what it refuses is refused but for what we let through: control characters
    /// within strings, unknown escapes, other ways to write a number, letters that are no UTF-8.
    #[test]
    fn what_is_taken_is_what_a_strict_reader_takes(
        pieces in proptest::collection::vec(proptest::sample::select(&["{", "}", "[", "]", ":", ",", "\"a\"", "\"b\\\"\"", " ", "1", "-2.5", "true", "null", "nul", "x", "\n", "\""][..]), 0..14),
        whole in any::<bool>(),
    ) {
        let text = if whole { format!("{{\"k\":{}}}", pieces.concat()) } else { pieces.concat() };
        let strict = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text);
        let mut tape = Tape::default();
        let ours = tape.document(text.as_bytes());
        // A line end within a string: let through.
        let odd = text.contains('\n');
        prop_assert!(ours.is_ok() == strict.is_ok() || odd && ours.is_ok(), "{text:?}: {ours:?}, {strict:?}");
    }
}

#[test]
fn numbers_are_of_one_shape() {
    let mut tape = Tape::default();
    let mut takes = |number: &str| tape.document(format!("{{\"k\":{number}}}").as_bytes()).is_ok();
    for number in ["0", "-0", "12", "1.5", "-2.50", "1e9", "1E+9", "-1.5e-9", "007", "1."] {
        assert!(takes(number), "{number}");
    }
    for number in ["-", "+1", ".5", "1-2", "-2.5-2.5", "1.2.3", "1e", "1e+", "1e5.5", "--1", "1+1"] {
        assert!(!takes(number), "{number}");
    }
}
