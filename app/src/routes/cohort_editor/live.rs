//! The count that follows the edit, the attrition row by row, and the definition in plain English.

use std::time::Duration;

use leptos::prelude::*;
use model::results::{AttritionRow, CohortReport};
use protocol::{CohortDescription, DescribeCohort, EvaluateCohort};

use super::Editor;
use super::draft::Draft;
use crate::components::*;
use crate::figures::kaplan_meier::count;
use crate::stores::engine::{Load, Task, use_engine};

/// How long the hand must rest before a count is asked for.
const REST: Duration = Duration::from_millis(150);

/// A row of the attrition figure.
#[derive(Clone, Debug, PartialEq)]
pub struct AttritionView {
    /// What was asked.
    pub rule: String,
    /// Persons left.
    pub persons: String,
    /// Events left.
    pub events: String,
    /// Persons who went, with a minus sign; empty in the first row.
    pub gone: String,
    /// Persons left in percent of the first row.
    pub width: f64,
}

/// Lays out an attrition table: rows that remove nobody stay.
#[must_use]
pub fn attrition(rows: &[AttritionRow]) -> Vec<AttritionView> {
    let all = rows.iter().map(|row| row.persons).max().unwrap_or(0);
    rows.iter()
        .enumerate()
        .map(|(place, row)| {
            let before = place.checked_sub(1).map(|before| rows[before].persons);
            AttritionView {
                rule: row.rule.clone(),
                persons: count(row.persons as f64),
                events: count(row.events as f64),
                gone: before.map_or_else(String::new, |before| match before.saturating_sub(row.persons) {
                    0 => "0".to_owned(),
                    gone => format!("\u{2212}{}", count(gone as f64)),
                }),
                width: if all == 0 { 0.0 } else { row.persons as f64 / all as f64 * 100.0 },
            }
        })
        .collect()
}

/// The attrition table with a bar for each row.
#[component]
pub fn AttritionTable(
    /// What it is of.
    #[prop(into)]
    caption: String,
    /// The rows.
    rows: Vec<AttritionRow>,
) -> impl IntoView {
    let views = attrition(&rows);
    view! {
        <ScrollRegion label=caption.clone()>
            <table class="table attrition">
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Step"</th>
                        <th scope="col" class="table__num">"Persons"</th>
                        <th scope="col" class="table__num">"Removed"</th>
                        <th scope="col" class="table__num">"Entries"</th>
                    </tr>
                </thead>
                <tbody>
                    {views
                        .into_iter()
                        .map(|row| view! {
                            <tr>
                                <th scope="row">
                                    {row.rule}
                                    <span class="bar" aria-hidden="true"><span class="bar__fill" style:width=format!("{:.2}%", row.width)></span></span>
                                </th>
                                <td class="table__num">{row.persons}</td>
                                <td class="table__num">{row.gone}</td>
                                <td class="table__num">{row.events}</td>
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
        </ScrollRegion>
    }
}

/// The live panel.
#[component]
pub(super) fn LivePanel(editor: Editor) -> impl IntoView {
    let engine = use_engine();
    let counts = Task::<CohortReport>::new();
    let english = Task::<CohortDescription>::new();
    let definition = Memo::new(move |_| editor.draft.with(Draft::definition));
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let ask = move || {
        let Some(definition) = definition.try_get_untracked() else {
            return;
        };
        let dataset = editor.dataset.get_value();
        counts.refresh(
            engine,
            EvaluateCohort { dataset: dataset.clone(), definition: definition.clone(), with_subjects: false },
        );
        english.refresh(engine, DescribeCohort { dataset: Some(dataset), definition });
    };
    let stop = move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    };
    Effect::new(move |first: Option<()>| {
        definition.track();
        stop();
        if first.is_none() {
            ask();
        } else {
            timer.set_value(set_timeout_with_handle(ask, REST).ok());
        }
    });
    on_cleanup(stop);
    view! {
        <aside class="live stack" aria-label="Count and attrition">
            <LiveCount counts=counts/>
            <AsyncPanel
                load=counts.load
                doing="Counting…"
                retry=ask
                on_cancel=move || counts.cancel()
                full=|report: CohortReport| view! {
                    <AttritionTable caption="Attrition: who is left after each step" rows=report.attrition/>
                    <NoticeList kind=NoticeKind::Warn title="Know this" items=report.warnings/>
                }
            />
            <AsyncPanel
                load=english.load
                doing="Putting it into words…"
                full=|description: CohortDescription| view! {
                    <NoticeList kind=NoticeKind::Warn title="To correct" items=description.problems/>
                    <Card title="In plain English">
                        <p class="prose">{description.text}</p>
                    </Card>
                }
            />
        </aside>
    }
}

#[component]
fn LiveCount(counts: Task<CohortReport>) -> impl IntoView {
    let numbers = Memo::new(move |_| {
        counts.load.with(|load| match load {
            Load::Ready(report) => Some((report.persons, report.events)),
            _ => None,
        })
    });
    view! {
        <div class="live__count" aria-live="polite" aria-atomic="true">
            <span class="live__number num">
                {move || numbers.get().map_or_else(|| "\u{2013}".to_owned(), |(persons, _)| count(persons as f64))}
            </span>
            <span class="live__words">
                {move || match numbers.get() {
                    Some((1, _)) => "person".to_owned(),
                    Some((persons, events)) if persons != events => format!("persons, {} entries", count(events as f64)),
                    _ => "persons".to_owned(),
                }}
            </span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(rule: &str, persons: u64) -> AttritionRow {
        AttritionRow { rule: rule.to_owned(), persons, events: persons * 2 }
    }

    #[test]
    fn rows_that_remove_nobody_stay_and_say_zero() {
        let views = attrition(&[row("all", 1000), row("a", 1000), row("b", 250), row("c", 0)]);
        assert_eq!(views.len(), 4);
        assert_eq!(views[0].gone, "");
        assert_eq!(views[1].gone, "0");
        assert_eq!(views[2].gone, "\u{2212}750");
        assert!((views[2].width - 25.0).abs() < 1e-9);
        assert_eq!(views[3].persons, "0");
        assert_eq!(views[0].events, "2,000");
    }

    #[test]
    fn an_empty_dataset_has_no_width() {
        assert!(attrition(&[row("all", 0)])[0].width.abs() < 1e-12);
    }
}
