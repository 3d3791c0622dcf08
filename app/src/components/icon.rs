//! The icons, as inline SVG: no icon font, nothing to load.

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconName {
    /// The learning cycle.
    Home,
    /// Stacked disks.
    Data,
    /// Two persons.
    Cohort,
    /// A table.
    Table,
    /// Two curves.
    Compare,
    /// An open book.
    Knowledge,
    /// A person with a question.
    Consult,
    /// A flag with a date.
    Decision,
    /// Sliders.
    Settings,
    /// A padlock.
    Lock,
    /// Three lines.
    Menu,
    /// A cross.
    Close,
    /// A plus.
    Plus,
    /// An arrow to the right.
    Arrow,
    /// Arrow into a tray.
    Download,
    /// Arrow out of a tray.
    Upload,
    /// Two sheets.
    Copy,
    /// Circle with an i.
    Info,
    /// Circle with a tick.
    Success,
    /// Triangle with an exclamation mark.
    Warn,
    /// Octagon with an exclamation mark.
    Error,
    /// Sun and moon.
    Theme,
}

impl IconName {
    /// Strokes on a 24-by-24 grid.
    fn path(self) -> &'static str {
        match self {
            Self::Home => {
                "M5.6 8.2a7.5 7.5 0 0 1 12.8 0M19.4 12.6a7.5 7.5 0 0 1-5.8 6.7M10.4 19.3a7.5 7.5 0 0 1-5.8-6.7M12 12h.01"
            }
            Self::Data => {
                "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zm0 0v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3"
            }
            Self::Cohort => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-3.6 3-5.6 6.5-5.6s6.1 2 6.5 5.6M16 4.4a3.5 3.5 0 0 1 0 6.3M18.2 14.8c2 .8 3.1 2.6 3.3 5.2"
            }
            Self::Table => "M4 4h16v16H4zM4 9.5h16M10 9.5V20M4 14.8h16",
            Self::Compare => "M4 4v16h16M7 7h3v3h4v3h5M7 11h2v4h5v2h5",
            Self::Knowledge => {
                "M12 6.5C10 4.9 7 4.4 3.5 4.6v13.6c3.5-.2 6.5.3 8.5 1.9 2-1.6 5-2.1 8.5-1.9V4.6C17 4.4 14 4.9 12 6.5zm0 0v13.6"
            }
            Self::Consult => {
                "M10 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3.5 20c.4-3.6 3-5.6 6.5-5.6 1.2 0 2.3.2 3.2.7M16 15.4a2.2 2.2 0 1 1 2.9 2.1c-.5.2-.8.6-.8 1.1M18.1 21h.01"
            }
            Self::Decision => "M6 21V4m0 0c4-2.4 8 2.4 12 0v9c-4 2.4-8-2.4-12 0",
            Self::Settings => "M4 7h9m4 0h3M4 17h3m4 0h9M15 4.8v4.4M9 14.8v4.4",
            Self::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Arrow => "M5 12h14m-5.5-5.5L19 12l-5.5 5.5",
            Self::Download => "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19h14",
            Self::Upload => "M12 15V4M7.500 8.500 12 4l4.500 4.500M5 19h14",
            Self::Copy => "M9 9h11v11H9zM15 9V4H4v11h5",
            Self::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.800h.01",
            Self::Success => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.300l2.800 2.800L16 9.500",
            Self::Warn => "M12 4 2.800 20h18.400zM12 10v4.500M12 17.300h.01",
            Self::Error => "M8.300 3h7.400L21 8.300v7.400L15.700 21H8.300L3 15.700V8.300zM12 7.500v5.500M12 16.300h.01",
            Self::Theme => "M12 3a9 9 0 1 0 9 9 6.500 6.500 0 0 1-9-9z",
        }
    }
}

/// A decorative icon: the words beside it carry the meaning.
#[component]
pub fn Icon(
    /// Which.
    name: IconName,
) -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 24 24"
            width="20"
            height="20"
            fill="none"
            stroke="currentColor"
            stroke-width="1.8"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            focusable="false"
        >
            <path d=name.path()></path>
        </svg>
    }
}
