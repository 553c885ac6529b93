//! Stroke icons on a 20 × 20 grid, drawn for this program.

use maud::{Markup, html};

/// A pictogram; decorative, so hidden from screen readers: the text beside it carries the meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Icon {
    #[default]
    Dot,
    Alert,
    ArrowLeft,
    Bell,
    Board,
    Book,
    Building,
    Calendar,
    Cap,
    Chart,
    Check,
    ChevronDown,
    Close,
    Clock,
    Columns,
    Download,
    Edit,
    Filter,
    Flag,
    Gear,
    Handshake,
    Home,
    Info,
    Keyboard,
    Menu,
    Moon,
    More,
    People,
    Person,
    Plan,
    Plus,
    Printer,
    Search,
    Shield,
    Sun,
    Trash,
    Upload,
    Wrench,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Dot => "M10 8.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z",
            Icon::Alert => "M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.3v.2",
            Icon::ArrowLeft => "M8.5 4.5 3 10l5.5 5.5M3 10h14",
            Icon::Bell => "M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3",
            Icon::Board => "M3 3.5h14v9H3zM10 12.5v2.5M6 17.5l4-2.5 4 2.5M6.5 9.5V8M10 9.5v-3M13.5 9.5v-2",
            Icon::Book => {
                "M10 5.5C8 4 5.5 3.5 3 3.8v11.7c2.5-.3 5 .2 7 1.7 2-1.5 4.5-2 7-1.7V3.8c-2.5-.3-5 .2-7 1.7zM10 5.5v11.7"
            }
            Icon::Building => "M4 17V6.5l6-3.5 6 3.5V17M2.5 17h15M8 17v-4h4v4M8 8.5v.2M12 8.5v.2",
            Icon::Calendar => "M3 5h14v12H3zM3 8.5h14M6.5 3v3.5M13.5 3v3.5M6.5 12h2M11.5 12h2",
            Icon::Cap => "M10 4 1.8 8 10 12l8.2-4zM5 9.8v4c1.3 1.3 3 2 5 2s3.7-.7 5-2v-4M18.2 8v5",
            Icon::Chart => "M3 3v14h14M6.5 13.5 9.5 9l3 2.5L17 5.5",
            Icon::Check => "m4 10.5 4 4 8-9",
            Icon::ChevronDown => "m5.5 8 4.5 4.5L14.5 8",
            Icon::Close => "m5 5 10 10M15 5 5 15",
            Icon::Clock => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.2l2.8 1.8",
            Icon::Columns => "M3 4h14v12H3zM7.7 4v12M12.3 4v12",
            Icon::Download => "M10 3v9.5M6 9l4 4 4-4M3.5 16.5h13",
            Icon::Edit => "M12.5 4.5l3 3L7 16l-3.7.7L4 13z",
            Icon::Filter => "M3 4.5h14l-5.5 6.5v5l-3-1.5V11z",
            Icon::Flag => "M5 17.5v-14M5 4.5c3-2 6 1.5 10.5 0v7c-4.5 1.5-7.5-2-10.5 0",
            Icon::Gear => {
                "M10 7.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM10 2.8v2.3M10 14.9v2.3M17.2 10h-2.3M5.1 10H2.8M15.1 4.9l-1.6 1.6M6.5 13.5l-1.6 1.6M15.1 15.1l-1.6-1.6M6.5 6.5 4.9 4.9"
            }
            Icon::Handshake => {
                "M2.5 5.5 6 4.5l4 1.5 4-1.5 3.5 1v7L15 13.5M10 6 6.5 9c1 1.2 2.5 1 3.5 0l5 4.5c.5 1.5-1 2-2 1.2M2.5 12.5 5 13l4 3.5c1.2.8 2.3-.2 2-1.3M12.8 14.7c-.6.9-1.5 1-2 .5"
            }
            Icon::Home => "m2.5 10 7.5-6.5 7.5 6.5M5 8.5V17h10V8.5M8.5 17v-4.5h3V17",
            Icon::Info => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 9.3v4.2M10 6.5v.2",
            Icon::Keyboard => "M2.5 5h15v10h-15zM5.5 8h.1M8.5 8h.1M11.5 8h.1M14.5 8h.1M6.5 12h7",
            Icon::Menu => "M3 5.5h14M3 10h14M3 14.5h14",
            Icon::Moon => "M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5z",
            Icon::More => "M4.5 10h.1M10 10h.1M15.5 10h.1",
            Icon::People => {
                "M7.5 3.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM1.8 16.5c.3-3 2.5-4.7 5.7-4.7s5.4 1.7 5.7 4.7M13 4a2.7 2.7 0 0 1 0 5.2M15 12.2c1.9.6 3 2 3.2 4.3"
            }
            Icon::Person => {
                "M10 3a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM3.5 17c.4-3.3 2.9-5 6.5-5s6.1 1.7 6.5 5"
            }
            Icon::Plan => "M5 2.5h7.5L16 6v11.5H5zM12 2.5V6.5h4M8 10h5M8 13.5h5",
            Icon::Plus => "M10 4v12M4 10h12",
            Icon::Printer => "M6 7V3h8v4M6 14H3V7.5h14V14h-3M6 12h8v5H6z",
            Icon::Search => "M8.8 3.5a5.3 5.3 0 1 0 0 10.6 5.3 5.3 0 0 0 0-10.6zM12.7 12.7l4 4",
            Icon::Shield => "M10 2.5 16.5 5v4.5c0 4-2.5 6.7-6.5 8-4-1.3-6.5-4-6.5-8V5zM7 10l2.2 2.2L13 8",
            Icon::Sun => {
                "M10 6.7a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6zM10 2v1.7M10 16.3V18M18 10h-1.7M3.7 10H2M15.7 4.3l-1.2 1.2M5.5 14.5l-1.2 1.2M15.7 15.7l-1.2-1.2M5.5 5.5 4.3 4.3"
            }
            Icon::Trash => "M3.5 5.5h13M8 5.5v-2h4v2M5 5.5l.8 11.5h8.4L15 5.5M8.5 8.5v5.5M11.5 8.5v5.5",
            Icon::Upload => "M10 13V3.5M6 7l4-4 4 4M3.5 16.5h13",
            Icon::Wrench => {
                "M12.8 3a4.3 4.3 0 0 0-4.2 5.5L3 14.2 5.8 17l5.7-5.6A4.3 4.3 0 0 0 17 7.2l-2.6 2.5-2.7-.7-.7-2.7L13.5 3.8z"
            }
        }
    }
}

/// The icon as an inline svg that takes the colour and size of the text around it.
pub fn icon(icon: Icon) -> Markup {
    html! {
        svg.icon viewBox="0 0 20 20" aria-hidden="true" focusable="false" { path d=(icon.path()) {} }
    }
}
