//! The one place that makes and reads files: PDF (typst), Word, Excel and csv.
//!
//! It knows documents and sheets, not schools: callers hand in plain data and get bytes. Nothing here
//! touches a database, the network or, apart from font files, the disk. Making a PDF is work for a
//! blocking thread; let at most as many run at once as there are cores.

mod columns;
mod error;
mod fonts;
mod model;
mod sheet;
mod typeset;
mod word;

pub use error::{PrintError, UploadError};
pub use fonts::Fonts;
pub use model::{
    Approval, Block, Field, FlowStep, Form, FormPart, List, ListColumn, Official, Record, Roll, RollGroup,
    Run,
};
pub use sheet::{
    Cell, CellError, Column, Kind, RawCell, RawRow, RawSheet, Sheet, csv_read, csv_write, guide,
    plain_heading, xlsx_mark, xlsx_read, xlsx_write,
};
pub use typeset::{Template, pdf};
pub use word::docx_official;
