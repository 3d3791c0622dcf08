//! Every event of the window as a table: what the lanes draw, in words.

use leptos::prelude::*;
use protocol::{Timeline, TimelineEvent};

use crate::components::*;
use crate::figures::timeline::{Window, concept_words, day_words, flag_words, result_words};
use crate::format::{count, counted, domain};

/// Rows drawn; more are in the file.
const DRAWN: usize = 400;

/// The events as a table.
#[component]
pub(super) fn EventsSection(record: StoredValue<Timeline>, window: RwSignal<Window>) -> impl IntoView {
    let chosen = RwSignal::new(String::new());
    let text = RwSignal::new(String::new());
    let rows = Memo::new(move |_| record.with_value(|r| table(r, window.get(), &chosen.get(), &text.get())));
    let drawn = Signal::derive(move || {
        let mut table = rows.get();
        table.rows.truncate(DRAWN);
        table
    });
    let mut options = vec![(String::new(), "Every domain".to_owned())];
    options.extend(record.with_value(|record| {
        let mut domains: Vec<&str> = record.events.iter().map(|e| e.domain.as_str()).collect();
        domains.sort_unstable();
        domains.dedup();
        domains.into_iter().map(|d| (d.to_owned(), domain::heading(d))).collect::<Vec<_>>()
    }));
    let said = move || {
        let n = rows.with(|table| table.rows.len());
        match n.checked_sub(DRAWN).filter(|more| *more > 0) {
            Some(_) => format!(
                "{} in this window; the first {} are listed. Choose a domain or a narrower window.",
                counted(n as u64, "event", "events"),
                count(DRAWN as u64)
            ),
            None => format!("{} in this window.", counted(n as u64, "event", "events")),
        }
    };
    view! {
        <Section title="Events in this window">
            <div class="grid">
                <Select label="Domain" value=chosen options=options on_change=move |value: String| chosen.set(value)/>
                <TextInput label="Find an event" value=text on_input=move |now: String| text.set(now) kind="search"/>
            </div>
            <p class="small muted" role="status">{said}</p>
            <DataTable table=drawn file_name=Signal::derive(move || record.with_value(|r| format!("events of {}", r.person))) tall=true/>
        </Section>
    }
}

/// The events of a window, a domain and words, by day; those without a date last.
fn table(record: &Timeline, window: Window, domain: &str, text: &str) -> TableData {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let inside = |event: &&TimelineEvent| {
        event
            .start_day
            .is_none_or(|start| start <= window.to && event.end_day.unwrap_or(start).max(start) >= window.from)
    };
    let mut events: Vec<&TimelineEvent> =
        record.events.iter().filter(inside).filter(|e| domain.is_empty() || e.domain == domain).collect();
    events.sort_by_key(|e| (e.start_day.is_none(), e.start_day));
    let rows = events.into_iter().map(|event| row(record, event)).filter(|row| {
        let all = row.join(" ").to_lowercase();
        words.iter().all(|word| all.contains(word.as_str()))
    });
    let columns = ["Day", "Domain", "What", "Code", "Result", "Source"].map(Column::text).to_vec();
    TableData { caption: "Events by day".to_owned(), columns, rows: rows.collect() }
}

fn row(record: &Timeline, event: &TimelineEvent) -> Vec<String> {
    let concept = record.concepts.get(event.concept as usize);
    vec![
        day_words(event),
        domain::heading(&event.domain),
        concept_words(record, event),
        concept.map_or_else(String::new, |c| format!("{} {}", c.system, c.code)),
        match event.flag {
            Some(flag) => format!("{} ({})", result_words(event), flag_words(flag)),
            None => result_words(event),
        },
        event.provenance.clone().unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::timeline::tests::{event, record};

    #[test]
    fn rows_are_those_of_the_window_the_domain_and_the_words() {
        let all = record(vec![
            event("drug", 0, 500),
            TimelineEvent { end_day: Some(100), ..event("visit", 1, 0) },
            TimelineEvent { start_day: None, ..event("drug", 0, 0) },
            event("drug", 1, 50),
        ]);
        let days = |domain: &str, text: &str| {
            let table = table(&all, Window { from: 40, to: 100 }, domain, text);
            table.rows.into_iter().map(|row| row[0].clone()).collect::<Vec<_>>()
        };
        assert_eq!(days("", ""), ["1970-01-01 to 1970-04-11", "1970-02-20", "no date"]);
        assert_eq!(days("drug", ""), ["1970-02-20", "no date"]);
        assert_eq!(days("drug", "CREAT drugs"), ["no date"]);
    }
}
