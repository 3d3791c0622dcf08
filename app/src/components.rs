//! Domain-free widgets. Import all of them with `use crate::components::*;`.
//!
//! Text props take `&str`, `String`, signals or closures; callbacks take closures (`on_change=move |v: String| ..`).
//! In `view!`, put a closure in braces when its types hold a `>`: `on_change={move |x: Option<f64>| ..}`.
//! `actions`, `table` and other view props take closures that return a view.
//!
//! | component | props (`?` optional) |
//! |---|---|
//! | [`PageHeader`] | `title lead? actions?` : the one `h1`; sets the tab's title; takes the focus after navigation |
//! | [`Section`] | `title lead? actions? children` : `h2` and what belongs to it |
//! | [`Card`] | `title? class? children` : `h3` in a box |
//! | [`Notice`] | `kind: NoticeKind title? children?` : `Info Success Warn Error` (the last two are announced) |
//! | [`NoticeList`] | `kind? title items: Signal<Vec<String>>` : a notice that lists sentences; nothing where there are none |
//! | [`Button`] | `label kind?: ButtonKind on_click disabled? busy? small? icon?` : `Plain Primary Quiet Danger DangerQuiet Link` |
//! | [`LinkButton`] | `label href kind? icon?` : a link that looks like a button |
//! | [`Field`] | `id label hint? error? children` : for controls of your own; ids from [`unique_id`] |
//! | [`TextInput`] | `label value on_input hint? error? placeholder? kind?` |
//! | [`TextArea`] | `label value on_input hint? error? rows?` |
//! | [`NumberInput`] | `label value: Signal<Option<f64>> on_change: (Option<f64>) hint? error? unit? min? max? step?` |
//! | [`Select`] | `label value options: Signal<Vec<(String, String)>> on_change hint? error? hide_label?` |
//! | [`Checkbox`] | `label value on_change hint? disabled?` |
//! | [`RadioGroup`] | `legend value options: Signal<Vec<RadioOption>> on_change` |
//! | [`Combobox`] | `label options: Signal<Vec<ComboOption>> on_query on_pick hint? placeholder? answers?` : searches as one types |
//! | [`Chips`] | `label names: Signal<Vec<String>> on_remove` : what was chosen, each can be taken out again |
//! | [`Dialog`] | `open: RwSignal<bool> title children actions?` |
//! | [`ConfirmDialog`] | `open: RwSignal<bool> title confirm danger? on_confirm children` |
//! | [`Tabs`] and [`TabPanel`] | `label tabs: Signal<Vec<(id, label)>> active: RwSignal<String>` and `id active children` |
//! | [`DropZone`] | `title accept on_files on_refused folders? small? children` : files dropped or chosen |
//! | [`Progress`] | `fraction: Signal<Option<f64>> doing on_cancel?` |
//! | [`AsyncPanel`] | `load: Signal<Load<T>> full: (T) -> view, empty? retry? on_cancel? idle?` : every state of a call |
//! | [`ErrorNotice`] | `error: EngineError retry?` : what went wrong and what to do |
//! | [`HeaderUntilRead`] | `title load` : the `h1` of a screen whose own comes with what is read, until then |
//! | [`WaitingHeader`] | `title` : the `h1` while something is read; takes no focus |
//! | [`DataTable`] | `table: Signal<TableData> file_name tall?` : scrolls in its own region; copy, CSV |
//! | [`PlainTable`] | `table: Signal<TableData> tall? hide_caption?` : the same without copy and CSV |
//! | [`TableActions`] | `table: Signal<TableData> file_name` : copy and CSV for a table with its own markup |
//! | [`ScrollRegion`] | `label tall? children` : focusable scroll region for a table with its own markup |
//! | [`Details`] | `summary open? children` |
//! | [`Explain`] | `plain term? children` : plain words, the exact term beside them, the meaning on demand |
//! | [`Stat`] in a `<dl class="stats">` | `label value uncertainty?` |
//! | [`EmptyState`] | `title children` |
//! | [`DatasetPicker`] | `label? ` : reads and writes `?dataset=` |
//! | [`ChooseDataset`] | `what` : what stands below a picker while nothing is chosen |
//! | [`ThemeToggle`], [`CycleDiagram`], [`Icon`] | `Icon name: IconName` |
//! | [`focus_soon`], [`focus_first_field`], [`focus_first_invalid`], [`focus_first_button`], [`focus_heading`], [`begin_part`] | move the focus where what had it goes, or a part takes the place of another |
//! | [`toast`], [`use_toast`] | `toast("Saved.")`, said aloud and shown for some seconds; `let say = use_toast()` before an `await` |

mod async_panel;
mod button;
mod chips;
mod combobox;
mod cycle;
mod dataset_picker;
mod dialog;
mod disclosure;
mod drop_zone;
mod field;
mod focus;
mod icon;
mod inputs;
mod notice;
mod page;
mod progress;
mod table;
mod tabs;
mod theme;
mod toast;

pub use async_panel::{AsyncPanel, ErrorNotice, HeaderUntilRead};
pub use button::{Button, ButtonKind, LinkButton};
pub use chips::Chips;
pub use combobox::{ComboOption, Combobox};
pub use cycle::CycleDiagram;
pub use dataset_picker::{ChooseDataset, DataUnreadable, DatasetPicker};
pub use dialog::{ConfirmDialog, Dialog};
pub use disclosure::{Details, Explain};
pub use drop_zone::DropZone;
pub use field::{Field, unique_id};
pub use focus::{begin_part, focus_first_button, focus_first_field, focus_first_invalid, focus_heading, focus_soon};
pub use icon::{Icon, IconName};
pub use inputs::{Checkbox, NumberInput, RadioGroup, RadioOption, Select, TextArea, TextInput, parse_number};
pub use notice::{Notice, NoticeKind, NoticeList};
pub(crate) use page::provide_headers_seen;
pub use page::{Card, EmptyState, PageHeader, Section, Stat, WaitingHeader};
pub use progress::Progress;
pub use table::{Column, DataTable, PlainTable, ScrollRegion, TableActions, TableData, to_csv, to_tsv};
pub use tabs::{TabPanel, Tabs};
pub use theme::{Theme, ThemeToggle, provide_theme, use_theme};
pub use toast::{Toasts, provide_toasts, toast, use_toast};
