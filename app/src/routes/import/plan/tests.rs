use super::*;
use model::intake::ColumnEvidence;

fn column(name: &str, role: ColumnRole, class: Option<&str>) -> ColumnPlan {
    ColumnPlan { identifier_class: class.map(str::to_owned), ..ColumnPlan::new(name, role) }
}

fn plan(columns: Vec<ColumnPlan>, top: &[&str]) -> CsvPlan {
    let seen = ColumnEvidence {
        n: 10,
        n_distinct: top.len() as u64,
        top: top.iter().map(|t| ((*t).to_owned(), 5)).collect(),
        ..ColumnEvidence::default()
    };
    CsvPlan::new("folder/my cohort.v2.csv", 100, CsvProposal::of(CsvMapping::of(columns), &seen))
}

#[test]
fn the_name_comes_from_the_file() {
    assert_eq!(plan(Vec::new(), &[]).name, "my cohort.v2");
}

#[test]
fn an_event_guesses_its_levels_and_asks_for_what_it_cannot() {
    let mut known = plan(vec![column("dead", ColumnRole::Number, None)], &["0", "1"]);
    known.set_role(0, ColumnRole::Event);
    assert_eq!(known.meaning(0, "1"), Meaning::Observed);
    assert_eq!(known.meaning(0, "0"), Meaning::Censored);
    assert!(known.problems().is_empty());

    let mut unknown = plan(vec![column("outcome", ColumnRole::Category, None)], &["relapse", "free"]);
    unknown.set_role(0, ColumnRole::Event);
    assert_eq!(unknown.problems().len(), 1);
    unknown.set_meaning(0, "relapse", Meaning::Observed);
    assert!(unknown.problems().is_empty());
    unknown.set_meaning(0, "relapse", Meaning::Missing);
    assert_eq!(unknown.meaning(0, "relapse"), Meaning::Missing);
    assert_eq!(unknown.problems().len(), 1);
}

#[test]
fn every_problem_is_told() {
    let mut bad =
        plan(vec![column("id", ColumnRole::Identifier, None), column("id2", ColumnRole::Identifier, None)], &[]);
    bad.name = "  ".to_owned();
    assert_eq!(bad.problems().len(), 3);
}

#[test]
fn identifiers_are_never_stored_as_they_are() {
    let shift = DatePolicy::Shift;
    let action = |c: &ColumnPlan| fate(c, shift).map(|f| f.action);
    for role in [ColumnRole::Category, ColumnRole::Text, ColumnRole::Number, ColumnRole::Drop] {
        assert_eq!(action(&column("name", role, Some("name"))).as_deref(), Some("Not stored"));
    }
    assert!(action(&column("mrn", ColumnRole::Identifier, Some("record_number"))).is_some_and(|a| a.contains("hash")));
    assert!(action(&column("zip", ColumnRole::Category, Some("zip"))).is_some_and(|a| a.contains("three digits")));
    assert!(action(&column("dob", ColumnRole::Date, Some("birth_date"))).is_some_and(|a| a.contains("year of birth")));
    assert!(action(&column("seen", ColumnRole::Date, None)).is_some_and(|a| a.contains("secret")));
    assert_eq!(action(&column("age", ColumnRole::Number, None)), None);
}

#[test]
fn dates_of_either_order_are_asked_about() {
    let mut proposal =
        plan(vec![column("seen", ColumnRole::Date, None), column("x", ColumnRole::Number, None)], &["01/02/2020"])
            .proposal;
    proposal.mapping.columns[0].date_format = Some(DateFormat::MonthDayYear);
    proposal.evidence[0].date_order_unsure = true;
    let mut csv = CsvPlan::new("a.csv", 1, proposal);
    assert_eq!(csv.mapping.columns[0].date_format, None, "the guess is not taken without an answer");
    assert_eq!(csv.problems().len(), 1);
    assert!(csv.problems()[0].contains("'seen'"), "{:?}", csv.problems());
    csv.mapping.columns[0].date_format = Some(DateFormat::DayMonthYear);
    assert!(csv.problems().is_empty());
    csv.set_role(0, ColumnRole::Category);
    csv.set_role(0, ColumnRole::Date);
    assert_eq!(csv.problems().len(), 1, "it is asked again");
    csv.set_role(1, ColumnRole::Date);
    assert_eq!(csv.mapping.columns[1].date_format, Some(DateFormat::YearMonthDay));
}

#[test]
fn a_file_read_anew_keeps_what_was_corrected() {
    let mut csv = plan(
        vec![
            column("a", ColumnRole::Category, None),
            column("b", ColumnRole::Category, None),
            column("c;d", ColumnRole::Text, None),
        ],
        &["x"],
    );
    csv.name = "my name".to_owned();
    csv.dates = DatePolicy::YearsOnly;
    csv.set_role(0, ColumnRole::Drop);
    csv.mapping.missing = vec!["-9".to_owned()];
    let mut again = csv.proposal.clone();
    again.mapping.decimal = ',';
    again.mapping.columns = vec![
        column("a", ColumnRole::Number, None),
        column("b", ColumnRole::Number, None),
        column("c", ColumnRole::Number, None),
    ];
    csv.read_anew(again);
    assert_eq!((csv.name.as_str(), csv.dates, csv.mapping.decimal), ("my name", DatePolicy::YearsOnly, ','));
    let roles: Vec<ColumnRole> = csv.mapping.columns.iter().map(|c| c.role).collect();
    assert_eq!(roles, [ColumnRole::Drop, ColumnRole::Number, ColumnRole::Number], "a was corrected, b was not");
    assert_eq!(csv.mapping.missing, ["-9"]);
    assert_eq!(csv.proposal.mapping.columns[0].role, ColumnRole::Number);
}
