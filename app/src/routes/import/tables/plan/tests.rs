use model::import_mapping::table_name;
use model::intake::{ColumnEvidence, ColumnPlan, CsvMapping, CsvProposal};

use super::*;

fn column(name: &str, role: ColumnRole, format: Option<DateFormat>) -> ColumnPlan {
    let class = (role == ColumnRole::Identifier).then(|| "record_number".to_owned());
    ColumnPlan { date_format: format, identifier_class: class, ..ColumnPlan::new(name, role) }
}

fn table(file: &str, shape: TableShape, columns: Vec<ColumnPlan>) -> TableProposal {
    let seen = ColumnEvidence { n: 4, n_distinct: 2, ..ColumnEvidence::default() };
    TableProposal {
        file: file.to_owned(),
        sheet: None,
        is_delimited: true,
        shape,
        why: "why".to_owned(),
        proposal: CsvProposal::of(CsvMapping::of(columns), &seen),
    }
}

fn found() -> TablesProposal {
    let ymd = Some(DateFormat::YearMonthDay);
    let people = vec![column("pid", ColumnRole::Identifier, None), column("age", ColumnRole::Number, None)];
    let labs = vec![
        column("pid", ColumnRole::Identifier, None),
        column("day", ColumnRole::Date, ymd),
        column("test", ColumnRole::Category, None),
        column("result", ColumnRole::Number, None),
        column("doctor", ColumnRole::Text, None),
    ];
    TablesProposal {
        tables: vec![
            table("2024/people.csv", TableShape::Persons, people),
            table("2024/labs.csv", TableShape::NotUsed, labs),
        ],
        ..TablesProposal::default()
    }
}

#[test]
fn what_a_row_is_can_be_said_and_its_parts_are_guessed() {
    let mut plan = TablesPlan::new(10, found());
    assert_eq!((plan.name.as_str(), plan.problems()), ("people", Vec::new()));
    plan.choose(1);
    plan.set_kind("long");
    assert_eq!(
        [Part::Person, Part::Date, Part::Variable, Part::Value, Part::Unit].map(|p| plan.part(p)),
        ["pid", "day", "test", "result", ""]
    );
    assert!(plan.problems().is_empty(), "{:?}", plan.problems());
    plan.set_part(Part::Date, String::new());
    assert!(plan.problems().iter().any(|p| p.contains("say which column is the date")), "{:?}", plan.problems());
    plan.set_part(Part::Date, "day".to_owned());
    plan.set_domain("drug");
    assert_eq!(plan.domain(), Domain::Drug);
    plan.set_kind("not used");
    assert!(plan.mapping().tables[1].shape == TableShape::NotUsed && plan.problems().is_empty());
}

#[test]
fn another_column_can_name_the_person() {
    let mut plan = TablesPlan::new(10, found());
    plan.choose(1);
    plan.set_kind("visits");
    plan.set_part(Part::Person, "doctor".to_owned());
    assert_eq!(plan.part(Part::Person), "doctor");
    assert_eq!(plan.mapping().tables[1].mapping.columns[0].role, ColumnRole::Drop);
    plan.set_part(Part::Person, String::new());
    assert!(plan.problems().iter().any(|p| p.contains("say which column names the person")), "{:?}", plan.problems());
}

#[test]
fn only_columns_that_are_read_have_a_fate() {
    let mut plan = TablesPlan::new(10, found());
    plan.choose(1);
    plan.set_kind("long");
    let columns: Vec<String> = plan.fates().into_iter().map(|f| f.column).collect();
    assert_eq!(columns, ["2024/people.csv: pid", "2024/labs.csv: pid", "2024/labs.csv: day"]);
    plan.set_kind("visits");
    assert!(plan.fates().iter().any(|f| f.column.ends_with("doctor") && f.class == "Free text"));
}

#[test]
fn notes_are_asked_about_until_they_say_whose_and_when() {
    let text = |file: &str, person: Option<&str>| TextFound {
        file: file.to_owned(),
        person: person.map(str::to_owned),
        date: Some("01/02/2024".to_owned()),
        begins: String::new(),
    };
    let found = TablesProposal {
        texts: vec![text("a.txt", None), text("b.txt", Some("7"))],
        text_order_unsure: true,
        ..TablesProposal::default()
    };
    let mut plan = TablesPlan::new(1, found);
    assert_eq!(plan.texts_to_ask().len(), 1);
    assert!(plan.problems().iter().any(|p| p.contains("day or the month first")));
    plan.set_text_order(Some(DateFormat::MonthDayYear));
    plan.say_of_text("a.txt", Some("9".to_owned()), None);
    plan.say_of_text("a.txt", None, Some(" ".to_owned()));
    assert!(plan.problems().is_empty() && plan.has_no_columns());
    let said = plan.mapping().texts.said;
    assert_eq!((said.len(), said[0].person.as_deref()), (1, Some("9")));
}

#[test]
fn a_saved_mapping_is_taken_over() {
    let mut plan = TablesPlan::new(10, found());
    plan.choose(1);
    plan.set_kind("visits");
    let saved = plan.mapping();
    let mut next = TablesPlan::new(10, found());
    let (mapping, words) = saved.apply(&next.found()).unwrap_or_else(|e| panic!("{e}"));
    next.take(mapping, words);
    assert_eq!(next.mapping(), saved);
    assert_eq!(next.names()[1], table_name("2024/labs.csv", None));
}

#[test]
fn only_what_is_dated_can_be_added_to_a_dataset() {
    let mut plan = TablesPlan::new(10, found());
    plan.into = Some(DatasetId("d".to_owned()));
    let refused = |plan: &TablesPlan| plan.problems().iter().any(|p| p.contains("cannot be added to a record"));
    assert!(refused(&plan), "{:?}", plan.problems());
    plan.choose(1);
    plan.set_kind("long");
    assert!(!refused(&plan), "{:?}", plan.problems());
}

#[test]
fn every_part_of_a_shape_can_be_said_and_taken_back() {
    let mut plan = TablesPlan::new(10, found());
    plan.choose(1);
    for kind in ["visits", "long", "notes", "dictionary"] {
        plan.set_kind(kind);
        for part in Part::of(&plan.mapping().tables[1].shape) {
            // The person and the days have roles of their own.
            let column = if *part == Part::Person { "pid" } else { "doctor" };
            plan.set_part(*part, column.to_owned());
            assert_eq!(plan.part(*part), column, "{kind}: {part:?}");
        }
    }
    plan.set_kind("long");
    for part in [Part::Words, Part::Operator, Part::Encounter, Part::System, Part::Withdrawn] {
        plan.set_part(part, String::new());
        assert_eq!(plan.part(part), "", "{part:?}");
    }
}

#[test]
fn a_table_of_codes_and_words_needs_nobody_and_rows_of_encounters_no_day() {
    let mut plan = TablesPlan::new(10, found());
    plan.choose(1);
    plan.set_kind("dictionary");
    assert!(plan.problems().is_empty(), "{:?}", plan.problems());
    plan.set_part(Part::Code, "test".to_owned());
    let shape = plan.mapping().tables[1].shape.clone();
    assert!(matches!(&shape, TableShape::Dictionary(d) if d.code == "test" && d.of == ["test"]), "{shape:?}");
    let mut plan = TablesPlan::new(10, found());
    plan.choose(1);
    plan.set_kind("long");
    plan.set_part(Part::Date, String::new());
    assert!(!plan.problems().is_empty());
    plan.set_part(Part::Encounter, "doctor".to_owned());
    assert!(plan.problems().is_empty(), "{:?}", plan.problems());
}

#[test]
fn the_overview_says_what_joins_and_dates_a_table() {
    let mut plan = TablesPlan::new(10, found());
    plan.choose(1);
    plan.set_kind("dictionary");
    plan.set_part(Part::Code, "test".to_owned());
    let cells = |plan: &TablesPlan, i: usize| plan.overview().rows.get(1).and_then(|row| row.get(i).cloned());
    assert_eq!(cells(&plan, 2).as_deref(), Some("test (a code)"));
    plan.set_kind("long");
    plan.set_part(Part::Date, String::new());
    plan.set_part(Part::Encounter, "doctor".to_owned());
    assert_eq!(cells(&plan, 3).as_deref(), Some("doctor (its encounter)"));
    assert!(plan.about().0.chars().next().is_some_and(|c| !c.is_lowercase()));
}
