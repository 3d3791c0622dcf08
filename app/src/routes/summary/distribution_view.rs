//! Draws the distribution behind a row.

use leptos::prelude::*;
use model::results::TableVariable;

use crate::components::*;
use crate::figures::distribution::{Distribution, HEIGHT, WIDTH, distribution};

/// The distribution behind a row: a histogram or bars a group, on one scale.
#[component]
pub fn DistributionView(variable: TableVariable) -> impl IntoView {
    match distribution(&variable) {
        Distribution::Nothing(why) => view! { <p class="muted">{why}</p> }.into_any(),
        Distribution::Bars { groups, levels } => view! { <BarsView groups=groups levels=levels/> }.into_any(),
        Distribution::Histogram { groups, low, high, tallest, table } => {
            let names: Vec<String> = groups.iter().map(|(name, _)| name.clone()).collect();
            let data = TableData {
                caption: format!("Counts of {} by bin", variable.name),
                columns: std::iter::once(Column::text("From, to")).chain(names.iter().map(Column::number)).collect(),
                rows: table.into_iter().map(|(bin, counts)| std::iter::once(bin).chain(counts).collect()).collect(),
            };
            view! {
                <div class="multiples">
                    {groups
                        .into_iter()
                        .enumerate()
                        .map(|(series, (name, path))| view! {
                            <figure class="multiple" data-series=(series % 2).to_string()>
                                <figcaption class="small">{name.clone()}</figcaption>
                                <svg
                                    class="multiple__svg"
                                    viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                                    preserveAspectRatio="none"
                                    role="img"
                                    aria-label=format!("Histogram of {name}; the numbers are in the table below")
                                >
                                    <path d=path/>
                                </svg>
                                <div class="row row--between small muted num"><span>{low.clone()}</span><span>{high.clone()}</span></div>
                            </figure>
                        })
                        .collect_view()}
                </div>
                <p class="small muted">{format!("Bars in percent of each group, on one scale; the tallest is {tallest}.")}</p>
                <Details summary="The counts">
                    <DataTable table=data.clone() file_name="distribution" tall=true/>
                </Details>
            }
            .into_any()
        }
    }
}

#[component]
fn BarsView(groups: Vec<String>, levels: Vec<(String, Vec<(f64, String)>)>) -> impl IntoView {
    view! {
        <div class="level-bars">
            {levels
                .into_iter()
                .map(|(level, cells)| view! {
                    <div class="level-bars__level">
                        <p class="level-bars__name">{level}</p>
                        {cells
                            .into_iter()
                            .enumerate()
                            .map(|(series, (percent, label))| view! {
                                <div class="level-bars__row" data-series=(series % 2).to_string()>
                                    <span class="level-bars__group small">{groups.get(series).cloned().unwrap_or_default()}</span>
                                    <span class="level-bars__track" aria-hidden="true">
                                        <span class="level-bars__fill" style:width=format!("{percent:.2}%")></span>
                                    </span>
                                    <span class="level-bars__label small num">{label}</span>
                                </div>
                            })
                            .collect_view()}
                    </div>
                })
                .collect_view()}
        </div>
    }
}
