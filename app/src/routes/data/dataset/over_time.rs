//! What a record holds over time: events or persons by domain, year by year or month by month, and who is observed.

use leptos::prelude::*;
use model::dataset::DatasetId;
use protocol::{DescribeOverTime, OverTime, PersonsInBrief, TimeStep};

use crate::components::*;
use crate::figures::columns::{HEIGHT, WIDTH, columns};
use crate::format::{count, counted, domain, percent};
use crate::stores::engine::{Task, use_engine};

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Counted {
    #[default]
    Events,
    Persons,
}

/// Domains over time, and the persons.
#[component]
pub(super) fn OverTimeSection(dataset: DatasetId) -> impl IntoView {
    let engine = use_engine();
    let task = Task::<OverTime>::new();
    let id = StoredValue::new(dataset);
    let step = RwSignal::new(TimeStep::Year);
    let what = RwSignal::new(Counted::Events);
    let ask = move || task.run(engine, DescribeOverTime { dataset: id.get_value(), step: step.get_untracked() });
    ask();
    let steps = [("year", "By year"), ("month", "By month")].map(|(v, l)| (v.to_owned(), l.to_owned())).to_vec();
    let kinds =
        [("events", "Events"), ("persons", "Persons with any")].map(|(v, l)| (v.to_owned(), l.to_owned())).to_vec();
    view! {
        <Section
            title="Over time"
            lead="A gap or a step that care cannot explain is often a change of the system that the data come from."
        >
            <div class="grid">
                <Select
                    label="Steps"
                    value=Signal::derive(move || if step.get() == TimeStep::Month { "month" } else { "year" }.to_owned())
                    options=steps
                    on_change=move |value: String| {
                        step.set(if value == "month" { TimeStep::Month } else { TimeStep::Year });
                        ask();
                    }
                />
                <Select
                    label="Counted"
                    value=Signal::derive(move || if what.get() == Counted::Persons { "persons" } else { "events" }.to_owned())
                    options=kinds
                    on_change=move |value: String| {
                        what.set(if value == "persons" { Counted::Persons } else { Counted::Events });
                    }
                />
            </div>
            <AsyncPanel
                load=task.load
                full=move |time: OverTime| view! { <Drawn time=time what=what asked=step/> }
                retry=ask
                on_cancel=Callback::new(move |()| task.cancel())
                doing="Counting over time…"
            />
        </Section>
    }
}

#[component]
fn Drawn(time: OverTime, what: RwSignal<Counted>, asked: RwSignal<TimeStep>) -> impl IntoView {
    let persons = time.persons.clone();
    let fell_back = time.step != asked.get_untracked();
    let gaps = time.gaps_left_out;
    let undated: u64 = time.domains.iter().map(|d| d.n_undated).sum();
    let time = StoredValue::new(time);
    let table = Signal::derive(move || time.with_value(|time| table(time, what.get())));
    view! {
        {fell_back
            .then(|| {
                view! { <p class="small muted">"The dates span more than fifty years: they are shown by year. Look for placeholders such as 1900 or 2099."</p> }
            })}
        {gaps.then(|| view! { <p class="small muted">"Years without any event are left out, since the dates span centuries."</p> })}
        {(undated > 0)
            .then(|| view! { <p class="small muted">{format!("{} have no date and are in no column.", counted(undated, "event", "events"))}</p> })}
        <div class="multiples">
            {move || {
                let what = what.get();
                time.with_value(|time| {
                    let observed = (what == Counted::Persons).then(|| ("Persons observed".to_owned(), time.observed.clone()));
                    let domains = time.domains.iter().map(|d| {
                        let counts = if what == Counted::Persons { &d.persons } else { &d.events };
                        (domain::heading(&d.domain), counts.clone())
                    });
                    observed
                        .into_iter()
                        .chain(domains)
                        .map(|(name, counts)| view! { <Panel name=name bins=time.bins.clone() counts=counts/> })
                        .collect_view()
                })
            }}
        </div>
        <p class="small muted">"Each domain has a scale of its own: the highest column is written beside it."</p>
        <Details summary="The counts as a table">
            <DataTable table=table file_name="domains over time" tall=true/>
        </Details>
        <Persons persons=persons/>
    }
}

#[component]
fn Panel(name: String, bins: Vec<String>, counts: Vec<u64>) -> impl IntoView {
    let drawn = columns(&bins, &counts);
    let total: u64 = counts.iter().sum();
    let label = format!(
        "{name} over time: {} in all, most ({}) in {}; the counts are in the table below",
        count(total),
        count(drawn.most),
        drawn.most_at
    );
    let most = format!("most {} ({})", count(drawn.most), drawn.most_at);
    view! {
        <figure class="multiple over-time">
            <figcaption class="small"><strong>{name}</strong>" "<span class="muted num">{most}</span></figcaption>
            <svg
                class="multiple__svg"
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label=label
            >
                <path d=drawn.path></path>
            </svg>
            <div class="row row--between small muted num"><span>{drawn.ends.0}</span><span>{drawn.ends.1}</span></div>
        </figure>
    }
}

/// The figure's table: a row a step.
fn table(time: &OverTime, what: Counted) -> TableData {
    let of = |d: &protocol::DomainOverTime, at: usize| {
        let counts = if what == Counted::Persons { &d.persons } else { &d.events };
        counts.get(at).copied().unwrap_or(0)
    };
    let head = if time.step == TimeStep::Month { "Month" } else { "Year" };
    TableData {
        caption: match what {
            Counted::Events => "Events by domain over time".to_owned(),
            Counted::Persons => "Persons with any event by domain over time".to_owned(),
        },
        columns: std::iter::once(Column::text(head))
            .chain(time.domains.iter().map(|d| Column::number(domain::heading(&d.domain))))
            .chain([Column::number("Persons observed")])
            .collect(),
        rows: time
            .bins
            .iter()
            .enumerate()
            .map(|(at, bin)| {
                std::iter::once(bin.clone())
                    .chain(time.domains.iter().map(|d| count(of(d, at))))
                    .chain([count(time.observed.get(at).copied().unwrap_or(0))])
                    .collect()
            })
            .collect(),
    }
}

#[component]
fn Persons(persons: PersonsInBrief) -> impl IntoView {
    let table = persons_table(&persons);
    view! {
        <h3>"Persons"</h3>
        <DataTable table=table file_name="persons in brief"/>
    }
}

/// Counts of persons as a table.
fn persons_table(persons: &PersonsInBrief) -> TableData {
    let share = |n: u64| percent(n, persons.n).unwrap_or_default();
    let row = |what: String, n: u64| vec![what, count(n), share(n)];
    let mut rows = vec![row("All".to_owned(), persons.n)];
    rows.extend(persons.sexes.iter().map(|(sex, n)| row(format!("Sex: {sex}"), *n)));
    rows.extend(persons.births.iter().map(|(decade, n)| row(format!("Born {decade} to {}", decade + 9), *n)));
    rows.push(row("Year of birth not known".to_owned(), persons.n_birth_unknown));
    rows.push(row("With a day of death".to_owned(), persons.n_died));
    let names = ["No observation period", "One observation period", "Several observation periods"];
    rows.extend(names.into_iter().zip(persons.periods_a_person).map(|(name, n)| row(name.to_owned(), n)));
    let days = persons.days_observed.map_or_else(
        || "Nobody is observed.".to_owned(),
        |[least, q1, median, q3, most]| {
            let days = [least, q1, median, q3, most].map(|d| count(u64::from(d)));
            format!(
                "Days observed a person: median {} (quartiles {} and {}, from {} to {}).",
                days[2], days[1], days[3], days[0], days[4]
            )
        },
    );
    TableData {
        caption: format!("Persons in brief. {days}"),
        columns: vec![Column::text("Persons"), Column::number("Number"), Column::number("Share")],
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::DomainOverTime;

    #[test]
    fn every_row_of_the_tables_is_as_long_as_its_head() {
        let time = OverTime {
            step: TimeStep::Year,
            bins: vec!["2019".into(), "2020".into()],
            gaps_left_out: false,
            domains: vec![DomainOverTime {
                domain: "note_finding".into(),
                events: vec![1200, 3],
                persons: vec![4, 1],
                n_undated: 0,
            }],
            observed: vec![5, 2],
            persons: PersonsInBrief {
                n: 8,
                sexes: vec![("female".into(), 2)],
                births: vec![(1950, 8)],
                days_observed: Some([1, 20, 3000, 4000, 5000]),
                ..PersonsInBrief::default()
            },
        };
        let events = table(&time, Counted::Events);
        assert_eq!(events.rows[0], ["2019", "1,200", "5"].map(String::from));
        assert_eq!(table(&time, Counted::Persons).rows[1], ["2020", "1", "2"].map(String::from));
        let persons = persons_table(&time.persons);
        assert!(persons.caption.contains("median 3,000"), "{}", persons.caption);
        assert_eq!(persons.rows[1], ["Sex: female", "2", "25.0%"].map(String::from));
        for table in [events, persons] {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        }
    }
}
