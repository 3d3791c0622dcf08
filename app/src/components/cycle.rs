//! The learning cycle as a drawing: three stations, three arrows.

use leptos::prelude::*;

/// The learning cycle, drawn. The words are in the drawing and in its description.
#[component]
pub fn CycleDiagram() -> impl IntoView {
    let id = super::unique_id("cycle");
    let (title_id, about_id) = (format!("{id}-title"), format!("{id}-about"));
    let arrow = format!("{id}-arrow");
    let end = format!("url(#{arrow})");
    view! {
        <svg class="cycle" viewBox="0 0 440 372" role="img" aria-labelledby=title_id aria-describedby=about_id>
            <title id=title_id.clone()>"The learning cycle"</title>
            <desc id=about_id.clone()>
                "Three stations in a circle. Care becomes data: bring a record of what was done and what happened. Data \
                 become knowledge: define cohorts, compare, share findings. Knowledge becomes care: consult the record \
                 of similar patients, decide, and look back."
            </desc>
            <defs>
                <marker id=arrow viewBox="0 0 10 10" refX="7" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
                    <path class="cycle__head" d="M0 0.8 L9 5 L0 9.2 Z"></path>
                </marker>
            </defs>
            <g aria-hidden="true">
                <path class="cycle__arc" d="M278 84 A128 128 0 0 1 343 218" marker-end=end.clone()></path>
                <path class="cycle__arc" d="M270 298 A128 128 0 0 1 170 298" marker-end=end.clone()></path>
                <path class="cycle__arc" d="M97 218 A128 128 0 0 1 162 84" marker-end=end></path>

                <g class="cycle__station">
                    <circle cx="220" cy="62" r="50"></circle>
                    <path class="cycle__glyph" transform="translate(208 30)" d="M12 20.500S3.500 15.300 3.500 9.300A4.600 4.600 0 0 1 12 6.700a4.600 4.600 0 0 1 8.500 2.600c0 6-8.500 11.200-8.500 11.200z"></path>
                    <text x="220" y="76">"Care"</text>
                </g>
                <g class="cycle__station">
                    <circle cx="330" cy="266" r="50"></circle>
                    <path class="cycle__glyph" transform="translate(318 234)" d="M4 6c0-1.700 3.600-3 8-3s8 1.300 8 3-3.600 3-8 3-8-1.300-8-3zm0 0v12c0 1.700 3.600 3 8 3s8-1.300 8-3V6M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3"></path>
                    <text x="330" y="280">"Data"</text>
                </g>
                <g class="cycle__station">
                    <circle cx="110" cy="266" r="50"></circle>
                    <path class="cycle__glyph" transform="translate(98 234)" d="M12 6.500C10 4.900 7 4.400 3.500 4.600v13.600c3.500-.2 6.500.3 8.500 1.900 2-1.600 5-2.100 8.500-1.900V4.600C17 4.400 14 4.900 12 6.500zm0 0v13.600"></path>
                    <text x="110" y="280">"Knowledge"</text>
                </g>

                <text class="cycle__label" x="352" y="132" text-anchor="start">"record"</text>
                <text class="cycle__label" x="220" y="344" text-anchor="middle">"compare"</text>
                <text class="cycle__label" x="88" y="132" text-anchor="end">"decide"</text>
            </g>
        </svg>
    }
}
