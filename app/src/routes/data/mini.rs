//! A small distribution for a table cell.

use leptos::prelude::*;
use model::results::TableVariable;

use crate::figures::distribution::{Distribution, HEIGHT, WIDTH, distribution};

/// More levels than this are told as 'and n more'.
const MOST_LEVELS: usize = 4;

/// A small distribution: an outline for a number, bars for a category. What it shows stands in words beside it.
#[component]
pub(super) fn Mini(
    /// The variable, summarized over everybody.
    variable: TableVariable,
) -> impl IntoView {
    match distribution(&variable) {
        Distribution::Histogram { groups, low, high, .. } => {
            let path = groups.into_iter().next().map(|(_, path)| path).unwrap_or_default();
            let label = format!("Distribution of {}, from {low} to {high}", variable.name);
            view! {
                <div class="mini">
                    <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=label>
                        <path class="mini__path" d=path></path>
                    </svg>
                    <div class="mini__ends num" aria-hidden="true"><span>{low}</span><span>{high}</span></div>
                </div>
            }
            .into_any()
        }
        Distribution::Bars { levels, .. } => {
            let more = levels.len().saturating_sub(MOST_LEVELS);
            view! {
                <div class="mini">
                    <ul class="mini__bars">
                        {levels
                            .into_iter()
                            .take(MOST_LEVELS)
                            .map(|(level, shares)| {
                                let percent = shares.first().map_or(0.0, |(percent, _)| *percent);
                                view! {
                                    <li class="mini__bar" style:--fraction=(percent / 100.0).to_string()>
                                        <span>{level}</span>
                                        <span class="num">{format!("{percent:.0}%")}</span>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                    {(more > 0).then(|| view! { <span class="mini__ends">{format!("and {more} more")}</span> })}
                </div>
            }
            .into_any()
        }
        Distribution::Nothing(why) => view! { <span class="muted small">{why}</span> }.into_any(),
    }
}
