use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::read;
use super::tagged_by_type;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    name: String,
    n: u32,
    #[serde(default)]
    weight: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    limit: Option<i32>,
    tests: Vec<Test>,
    #[serde(default)]
    counts: BTreeMap<String, (u64, f64)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case", deny_unknown_fields)]
enum Test {
    Everyone,
    Range {
        min: Option<f64>,
        max: Option<f64>,
    },
    Not {
        of: Box<Test>,
    },
    Levels {
        #[serde(default)]
        one_of: Vec<String>,
    },
}
tagged_by_type!(Test);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Message {
    Ping,
    Call { id: u32, rule: Box<Rule> },
    Say(String),
    Pair(i64, bool),
    Done(Result<Option<()>, String>),
}

fn rule() -> Rule {
    Rule {
        name: "äge".into(),
        n: 3,
        weight: 0.1 + 0.2,
        note: None,
        limit: Some(-4),
        tests: vec![
            Test::Everyone,
            Test::Not { of: Box::new(Test::Range { min: Some(1.0), max: None }) },
            Test::Levels { one_of: vec!["a\"b".into()] },
        ],
        counts: BTreeMap::from([("x".into(), (7, 2.0))]),
    }
}

#[test]
fn what_is_written_is_read_by_both_readers() {
    let text = serde_json::to_string(&rule()).unwrap();
    assert!(text.contains(r#"{"type":"not","of":{"type":"range","min":1.0,"max":null}}"#), "{text}");
    assert_eq!(read::<Rule>(&text).unwrap(), rule());
    assert_eq!(serde_json::from_str::<Rule>(&text).unwrap(), rule());
    let value = serde_json::to_value(rule()).unwrap();
    assert_eq!(serde_json::from_value::<Rule>(value).unwrap(), rule());
    let messages = [
        Message::Ping,
        Message::Call { id: 4_000_000_000, rule: Box::new(rule()) },
        Message::Say("x".into()),
        Message::Pair(-1, true),
        Message::Done(Ok(Some(()))),
        Message::Done(Err("no".into())),
    ];
    for message in messages.into_iter().take(4) {
        let text = serde_json::to_string(&message).unwrap();
        assert_eq!(read::<Message>(&text).unwrap(), message, "{text}");
    }
    assert_eq!(read::<Message>(r#"{"done":{"Err":"no"}}"#).unwrap(), Message::Done(Err("no".into())));
}

#[test]
fn defaults_and_options_may_be_absent_and_nothing_else() {
    let least = read::<Rule>(r#"{"name":"a","n":0,"tests":[]}"#).unwrap();
    assert_eq!((least.weight, least.note, least.limit, least.counts.len()), (0.0, None, None, 0));
    let problem = |text: &str| read::<Rule>(text).unwrap_err().to_string();
    assert_eq!(problem(r#"{"name":"a","tests":[]}"#), "`n`: this field is missing.");
    assert_eq!(problem(r#"{"n":1,"tests":[]}"#), "`name`: this field is missing.");
    assert!(problem(r#"{"name":"a","n":0,"tests":[],"exra":1}"#).starts_with("`exra`: this field is not known here"));
}

#[test]
fn errors_name_the_place_and_what_is_there() {
    let problem = |text: &str| read::<Rule>(text).unwrap_err().to_string();
    let with_test = |test: &str| problem(&format!(r#"{{"name":"a","n":0,"tests":[{{"type":"everyone"}},{test}]}}"#));
    assert_eq!(
        with_test(r#"{"type":"not","of":{"type":"range","min":"1"}}"#),
        "`tests[1].of.min`: expected a number, found the text \"1\"."
    );
    assert!(with_test(r#"{"type":"nought"}"#).starts_with("`tests[1].type`: \"nought\" is not known here"));
    assert!(with_test(r#"{"type":"everyone","of":1}"#).starts_with("`tests[1].of`: this field is not known here"));
    assert!(with_test(r#"{"type":"range","of":1}"#).starts_with("`tests[1].of`: this field is not known here"));
    assert_eq!(with_test(r#"{"type":"not"}"#), "`tests[1].of`: this field is missing.");
    assert_eq!(
        problem(r#"{"name":"a","n":-1,"tests":[]}"#),
        "`n`: expected a whole number of 0 or more, found the number -1."
    );
    assert_eq!(
        problem(r#"{"name":"a","n":1.5,"tests":[]}"#),
        "`n`: expected a whole number of 0 or more, found the number 1.5."
    );
    assert!(problem(r#"{"name":"a","n":4294967296,"tests":[]}"#).starts_with("`n`: "));
    assert!(
        problem(r#"{"name":"a","n":0,"tests":[],"counts":{"x":[1,2,3]}}"#).starts_with("`counts.x`: the list has 3")
    );
    assert!(problem(r#"{"name":"a","n":0,"tests":[],"counts":{"x":[1]}}"#).starts_with("`counts.x`: "));
    assert_eq!(problem("[1]"), "expected an object, found a list.");
    assert!(problem("{").starts_with("this JSON cannot be read: EOF"));
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let twice = r#"{"name":"a","n":0,"tests":[{"type":"range","min":1,"min":2}]}"#;
    for problem in
        [read::<Rule>(twice).unwrap_err().to_string(), serde_json::from_str::<Rule>(twice).unwrap_err().to_string()]
    {
        assert!(problem.contains("\"min\" stands twice"), "{problem}");
    }
}

#[test]
fn numbers_keep_every_bit() {
    for number in [f64::MIN_POSITIVE, 0.1, 1e300, -0.0, 5e-324, 123_456_789.123_456_79] {
        let text = serde_json::to_string(&number).unwrap();
        assert_eq!(read::<f64>(&text).unwrap().to_bits(), number.to_bits());
    }
    assert_eq!(read::<u64>("18446744073709551615").unwrap(), u64::MAX);
    assert_eq!(read::<i64>("-9223372036854775808").unwrap(), i64::MIN);
    assert!(read::<f64>("null").is_err());
    assert_eq!(read::<f64>("3").unwrap(), 3.0);
}

#[test]
fn deep_nesting_is_refused_and_does_not_end_the_program() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read::<Vec<u8>>(&deep).is_err());
}
