//! Draws Table 1.

use leptos::prelude::*;
use model::results::{Setting, TableOne};

use super::distribution_view::DistributionView;
use super::table_one::{self, VariableView};
use crate::components::*;
use crate::figures::kaplan_meier::count;

/// Table 1 with its method.
#[component]
pub(super) fn TableOneView(table: TableOne) -> impl IntoView {
    let with_smd = table_one::has_smd(&table);
    let names: Vec<String> = table.groups.iter().map(|group| group.name.clone()).collect();
    let caption = format!("Table 1. {}", names.join(" and "));
    let data = table_one::table_data(&table, &caption);
    let views = table_one::variables(&table);
    let n_unbalanced = views.iter().filter(|view| view.unbalanced).count();
    let n_columns = 1 + table.groups.len() + usize::from(with_smd);
    let settings = table.settings.clone();
    let warnings = table.warnings.clone();
    let n_variables = views.len();
    let table = StoredValue::new(table);
    if n_variables == 0 {
        return view! {
            <EmptyState title="Nothing to summarize">
                <p>"This cohort has no variable that can be summarized, or nobody is in it. Choose another cohort."</p>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <div class="stack">
            {with_smd.then(|| view! { <BalanceSentence n_unbalanced=n_unbalanced n=n_variables/> })}
            <Warnings warnings=warnings/>
            <ScrollRegion label=caption.clone()>
                <table class="table table-one">
                    <caption>{caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Variable"</th>
                            {table.with_value(|table| table.groups.clone())
                                .into_iter()
                                .map(|group| view! {
                                    <th scope="col" class="table__num">
                                        {group.name}<br/><span class="num">{format!("n = {}", count(group.n as f64))}</span>
                                    </th>
                                })
                                .collect_view()}
                            {with_smd.then(|| view! { <th scope="col" class="table__num">"SMD"</th> })}
                        </tr>
                    </thead>
                    {views
                        .into_iter()
                        .map(|variable| view! { <VariableRows variable=variable table=table with_smd=with_smd n_columns=n_columns/> })
                        .collect_view()}
                </table>
            </ScrollRegion>
            <TableActions table=data file_name="table-1"/>
            <Method settings=settings with_smd=with_smd/>
        </div>
    }
    .into_any()
}

#[component]
fn BalanceSentence(n_unbalanced: usize, n: usize) -> impl IntoView {
    let words = match n_unbalanced {
        0 => format!("The two groups are alike in all {n} variables (|SMD| at most 0.1)."),
        1 => {
            format!("The two groups differ in 1 of {n} variables (|SMD| above 0.1), marked \u{201c}unbalanced\u{201d}.")
        }
        k => format!(
            "The two groups differ in {k} of {n} variables (|SMD| above 0.1), marked \u{201c}unbalanced\u{201d}."
        ),
    };
    view! {
        <p>
            {words}" "
            <Explain plain="What is that?" term="SMD">
                "The standardized mean difference is the difference of the means (or shares) divided by the pooled standard deviation. Unlike a p-value it does not shrink or grow with the number of patients."
            </Explain>
        </p>
    }
}

/// What the reader must know.
#[component]
pub fn Warnings(
    /// In sentences; nothing is shown where there are none.
    warnings: Vec<String>,
) -> impl IntoView {
    view! { <NoticeList kind=NoticeKind::Warn title="Know this" items=warnings/> }
}

#[component]
fn VariableRows(
    variable: VariableView,
    table: StoredValue<TableOne>,
    with_smd: bool,
    n_columns: usize,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let id = unique_id("distribution");
    let (controls, place) = (id.clone(), variable.place);
    let n_groups = n_columns - 1 - usize::from(with_smd);
    let name = variable.label.clone();
    view! {
        <tbody class="table-one__variable">
            <tr>
                <th scope="rowgroup" class="table-one__name">
                    <button
                        type="button"
                        class="table-one__toggle"
                        aria-expanded=move || open.get().to_string()
                        aria-controls=controls
                        on:click=move |_| open.update(|open| *open = !*open)
                    >
                        <span class="table-one__chevron" aria-hidden="true"></span>
                        {variable.label.clone()}
                        <span class="visually-hidden">": show its distribution"</span>
                    </button>
                    {(!variable.column.is_empty()).then(|| view! { <code class="muted">{variable.column.clone()}</code> })}
                </th>
                <td colspan=n_groups.to_string()></td>
                {with_smd.then(|| view! {
                    <td class="table__num table-one__smd">
                        {variable.smd.clone()}
                        {variable.unbalanced.then(|| view! { <span class="tag tag--warn">"unbalanced"</span> })}
                    </td>
                })}
            </tr>
            {variable
                .lines
                .clone()
                .into_iter()
                .map(|(statistic, cells)| view! {
                    <tr class="table-one__line">
                        <th scope="row">{statistic}</th>
                        {cells.into_iter().map(|cell| view! { <td class="table__num">{cell}</td> }).collect_view()}
                        {with_smd.then(|| view! { <td></td> })}
                    </tr>
                })
                .collect_view()}
            <tr class="table-one__distribution" id=id hidden=move || !open.get()>
                <td colspan=n_columns.to_string()>
                    <Show when=move || open.get()>
                        <div role="group" aria-label=format!("Distribution of {name}")>
                            {table
                                .with_value(|table| table.variables.get(place).cloned())
                                .map(|variable| view! { <DistributionView variable=variable/> })}
                        </div>
                    </Show>
                </td>
            </tr>
        </tbody>
    }
}

#[component]
fn Method(settings: Vec<Setting>, with_smd: bool) -> impl IntoView {
    view! {
        <Details summary="How these numbers were made, and why there are no p-values">
            <div class="stack stack--s">
                <p>"Numbers: mean (standard deviation), median [first and third quartile] and range of those with a value. Categories: count (percent of those with a value). Missing values are counted, never filled in."</p>
                <p>
                    {if with_smd {
                        "Differences are given as standardized mean differences. A p-value in Table 1 would answer whether the groups differ by chance, which is not the question (nobody drew lots), and it grows with the number of patients while the imbalance stays the same."
                    } else {
                        "A Table 1 describes; there is nothing to test in one group. Two groups are compared by standardized mean differences, not by p-values, which grow with the number of patients while the imbalance stays the same."
                    }}
                </p>
                <SettingsList settings=settings.clone()/>
            </div>
        </Details>
    }
}

/// Settings as printed on a result.
#[component]
pub fn SettingsList(
    /// The settings.
    settings: Vec<Setting>,
) -> impl IntoView {
    view! {
        <dl class="facts">
            {settings
                .into_iter()
                .map(|setting| view! { <dt>{setting.name}</dt><dd>{setting.value}</dd> })
                .collect_view()}
        </dl>
    }
}
