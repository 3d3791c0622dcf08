//! The Safe Harbor table: all eighteen classes, what was found of each, where, and what was done.

use leptos::prelude::*;
use model::intake::{IdentifierFound, IntakeReport};
use model::safe_harbor::{CLASSES, DECLARED_NONE, letter};

use crate::components::*;
use crate::format::{capital, count};

/// A class, and what was found of it.
struct Class {
    /// `(A) names`.
    name: String,
    /// Values found, of all places.
    found: u64,
    /// Where, how many, and what was done with them.
    places: Vec<IdentifierFound>,
    /// It was looked for at all: files that were declared to hold no identifiers are not screened.
    is_screened: bool,
}

impl Class {
    /// Count and words where nothing of it was found.
    fn none(&self) -> (&'static str, &'static str) {
        if self.is_screened { ("0", "none found") } else { ("", "not looked for") }
    }
}

/// The eighteen classes in the rule's order.
fn classes(report: &IntakeReport) -> Vec<Class> {
    let is_screened = !report.choices.iter().any(|step| step.action == DECLARED_NONE);
    let of = |(of, name): (char, &str)| {
        let found = report.identifiers.iter().filter(|i| letter(&i.class) == of);
        let places: Vec<IdentifierFound> = found.cloned().collect();
        Class { name: format!("({of}) {name}"), found: places.iter().map(|i| i.found).sum(), places, is_screened }
    };
    CLASSES.into_iter().map(of).collect()
}

/// Where and how many: `ward.csv: surname, 1,200`.
fn place_words(found: &IdentifierFound) -> String {
    if found.place.is_empty() { count(found.found) } else { format!("{}, {}", found.place, count(found.found)) }
}

const CAPTION: &str = "The eighteen classes of HIPAA's Safe Harbor rule, 45 CFR 164.514(b)(2)(i)";
const FOUND: &str = "Found";
const WHERE: &str = "Where, and what was done";

/// The table for a file: a row a place, so that each stands beside what was done there.
fn table(classes: &[Class]) -> TableData {
    let row = |class: &Class| {
        let of = |found: &IdentifierFound| {
            vec![class.name.clone(), count(found.found), found.place.clone(), found.action.clone()]
        };
        let none = || {
            let (count, words) = class.none();
            vec![class.name.clone(), count.to_owned(), String::new(), words.to_owned()]
        };
        if class.places.is_empty() { vec![none()] } else { class.places.iter().map(of).collect() }
    };
    TableData {
        caption: CAPTION.to_owned(),
        columns: vec![
            Column::text("Class"),
            Column::number(FOUND),
            Column::text("Where"),
            Column::text("What was done"),
        ],
        rows: classes.iter().flat_map(row).collect(),
    }
}

#[component]
fn ClassRow(class: Class) -> impl IntoView {
    let (none, none_words) = class.none();
    let Class { name, found, places, .. } = class;
    if places.is_empty() {
        return view! {
            <tr role="row" class="table__none">
                <th scope="row" role="rowheader">{name}</th>
                <td role="cell" class="table__num" data-heading=FOUND>{none}</td>
                <td role="cell" data-heading=WHERE>{none_words}</td>
            </tr>
        }
        .into_any();
    }
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name}</th>
            <td role="cell" class="table__num" data-heading=FOUND>{count(found)}</td>
            <td role="cell" data-heading=WHERE>
                <ul class="places">
                    {places
                        .into_iter()
                        .map(|found| {
                            let place = place_words(&found);
                            view! { <li><span class="num">{place}</span>": "<strong>{found.action}</strong></li> }
                        })
                        .collect_view()}
                </ul>
            </td>
        </tr>
    }
    .into_any()
}

/// The table of eighteen classes, with what was chosen, to be printed and downloaded.
#[component]
pub(crate) fn SafeHarbor(
    /// The report.
    report: IntakeReport,
) -> impl IntoView {
    let classes = classes(&report);
    let shown = table(&classes);
    let print = || {
        drop(window().print());
    };
    view! {
        <div class="stack">
            {(!report.choices.is_empty())
                .then(|| {
                    view! {
                        <dl class="facts">
                            {report
                                .choices
                                .into_iter()
                                .map(|step| {
                                    let what = step.class.trim_start_matches("chosen: ").to_owned();
                                    view! { <dt>{capital(&what)}</dt><dd>{step.action}</dd> }
                                })
                                .collect_view()}
                        </dl>
                    }
                })}
            <div class="table-block">
                <ScrollRegion label=CAPTION>
                    <table class="table table--stacks" role="table">
                        <caption>{CAPTION}</caption>
                        <thead role="rowgroup">
                            <tr role="row">
                                <th scope="col" role="columnheader">"Class"</th>
                                <th scope="col" role="columnheader" class="table__num">{FOUND}</th>
                                <th scope="col" role="columnheader">{WHERE}</th>
                            </tr>
                        </thead>
                        <tbody role="rowgroup">
                            {classes.into_iter().map(|class| view! { <ClassRow class=class/> }).collect_view()}
                        </tbody>
                    </table>
                </ScrollRegion>
                <TableActions table=shown file_name="safe harbor"/>
            </div>
            <div class="row no-print">
                <Button label="Print" small=true on_click=print/>
            </div>
            <p class="muted small">
                "It is a screen, not proof: names that nobody lists and identifiers in unusual forms can stay in free text."
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(class: &str, found: u64, place: &str, action: &str) -> IdentifierFound {
        IdentifierFound { class: class.to_owned(), found, place: place.to_owned(), action: action.to_owned() }
    }

    #[test]
    fn eighteen_rows_whatever_was_found() {
        let report = IntakeReport {
            identifiers: vec![found("names", 1200, "ward.csv: surname", "column dropped")],
            ..IntakeReport::default()
        };
        let table = table(&classes(&report));
        assert_eq!(table.rows.len(), 18);
        assert_eq!(table.rows[0], ["(A) names", "1,200", "ward.csv: surname", "column dropped"]);
        assert_eq!(table.rows[17], ["(R) other unique identifying numbers or codes", "0", "", "none found"]);
    }

    #[test]
    fn what_was_not_screened_is_not_called_clean() {
        let step = model::dataset::DeidentificationStep {
            class: "chosen: identifiers".to_owned(),
            action: DECLARED_NONE.to_owned(),
        };
        let report = IntakeReport {
            identifiers: vec![found("medical record numbers", 40, "a.csv: id", "re-keyed")],
            choices: vec![step],
            ..IntakeReport::default()
        };
        let table = table(&classes(&report));
        assert_eq!(table.rows[0][1..], ["", "", "not looked for"]);
        assert_eq!(table.rows[7][1..], ["40", "a.csv: id", "re-keyed"]);
    }

    #[test]
    fn every_place_stands_beside_what_was_done_there() {
        let identifiers = vec![
            found("names", 1200, "ward.csv: surname", "column dropped"),
            found("names", 3, "notes", "replaced by surrogates"),
            found("something new", 4, "", "dropped"),
        ];
        let report = IntakeReport { identifiers, ..IntakeReport::default() };
        let classes = classes(&report);
        assert_eq!((classes[0].found, classes[17].found), (1203, 4));
        let all: u64 = model::safe_harbor::table(&report.identifiers, true).iter().filter_map(|row| row.found).sum();
        assert_eq!(classes.iter().map(|class| class.found).sum::<u64>(), all, "as the stored table counts");
        let table = table(&classes);
        assert_eq!(table.rows.len(), 19);
        assert_eq!(table.rows[1][1..], ["3", "notes", "replaced by surrogates"]);
        assert_eq!(place_words(&classes[0].places[0]), "ward.csv: surname, 1,200");
        assert_eq!(place_words(&classes[17].places[0]), "4");
    }
}
