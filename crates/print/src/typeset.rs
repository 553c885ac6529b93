//! PDF by typst. The data travel as JSON through `sys.inputs`, never as template source, and a template
//! can open no file: what a user typed is text and nothing else.

use serde::Deserialize;
use serde_json::Value;
use std::sync::OnceLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart, Str, Value as TypstValue};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, comemo};
use typst_pdf::PdfOptions;

use crate::PrintError;
use crate::fonts::{Catalogue, Fonts};
use crate::model::{Form, List, Official, Record, Roll};

/// Cells in the tables of one document. Typst takes about 10 KB of memory for each while it sets a page:
/// 12,000 (some 40 pages) is what a server with little memory can afford; more belongs in Excel.
const PRINTED_CELLS_MAX: usize = 12_000;

/// What a PDF is set with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template<'a> {
    /// 公文 by GB/T 9704-2012; data: [`Official`].
    Official,
    /// One record as a form sheet; data: [`Record`].
    Record,
    /// A register list as a table; data: [`List`].
    List,
    /// A check sheet, an agreement page or a certificate; data: [`Form`].
    Form,
    /// Lists to write in, grouped; data: [`Roll`].
    Roll,
    /// Another typst source. It finds its data in `json(bytes(sys.inputs.data))` and the font families in
    /// `json(bytes(sys.inputs.fonts))`.
    Source(&'a str),
}

impl<'a> From<&'a str> for Template<'a> {
    fn from(source: &'a str) -> Self {
        Template::Source(source)
    }
}

impl Template<'_> {
    fn source(&self) -> &str {
        match self {
            Template::Official => include_str!("../templates/official.typ"),
            Template::Record => include_str!("../templates/record.typ"),
            Template::List => include_str!("../templates/list.typ"),
            Template::Form => include_str!("../templates/form.typ"),
            Template::Roll => include_str!("../templates/roll.typ"),
            Template::Source(source) => source,
        }
    }

    /// The data as JSON text with every default filled in and every table planned.
    fn data(&self, data: &Value) -> Result<String, PrintError> {
        let complete = match self {
            Template::Official => {
                let document = Official::deserialize(data)?;
                limit_cells(document.table_cells())?;
                let mut complete = serde_json::to_value(&document)?;
                for (index, block) in document.blocks.iter().enumerate() {
                    if let Some(plan) = block.table_plan() {
                        complete["blocks"][index]["widths"] = plan.widths.into();
                        complete["blocks"][index]["points"] = plan.points.into();
                        complete["blocks"][index]["whole_rows"] = plan.whole_rows.into();
                    }
                }
                complete
            }
            Template::Record => serde_json::to_value(Record::deserialize(data)?)?,
            Template::List => {
                let list = List::deserialize(data)?;
                limit_cells(list.rows.len() * list.columns.len())?;
                let plan = list.plan();
                let mut complete = serde_json::to_value(&list)?;
                complete["widths"] = plan.widths.into();
                complete["points"] = plan.points.into();
                complete["whole_rows"] = plan.whole_rows.into();
                complete
            }
            Template::Form => serde_json::to_value(Form::deserialize(data)?)?,
            Template::Roll => {
                let roll = Roll::deserialize(data)?;
                limit_cells(roll.cells())?;
                let plan = roll.plan();
                let mut complete = serde_json::to_value(&roll)?;
                complete["widths"] = plan.widths.into();
                complete["points"] = plan.points.into();
                complete
            }
            Template::Source(_) => return Ok(serde_json::to_string(data)?),
        };
        Ok(complete.to_string())
    }
}

fn limit_cells(count: usize) -> Result<(), PrintError> {
    if count > PRINTED_CELLS_MAX {
        return Err(PrintError::TooLarge {
            what: "表格单元格数",
            count,
            limit: PRINTED_CELLS_MAX,
        });
    }
    Ok(())
}

/// Sets `data` with a template and returns the PDF. Call it from a blocking thread.
pub fn pdf<'a>(
    template: impl Into<Template<'a>>,
    data: &Value,
    fonts: &Fonts,
) -> Result<Vec<u8>, PrintError> {
    let template = template.into();
    let data = template.data(data)?;
    let catalogue = fonts.catalogue();
    if catalogue.is_empty() {
        return Err(PrintError::NoFont);
    }
    let options = PdfOptions {
        creator: Smart::Custom(Some("知行".into())),
        // Tags let a screen reader find its way; for each cell of a long list they cost too much memory.
        tagged: template != Template::List,
        ..PdfOptions::default()
    };
    let result = Press::new(template.source(), data, catalogue).run(&options);
    // typst memoises every layout for the life of the process; nothing printed here is printed again.
    // Must be typst's own comemo: another version would have nothing to evict.
    comemo::evict(0);
    result
}

/// The compiler's view of the world: one source, the fonts, and no files.
struct Press<'a> {
    library: LazyHash<Library>,
    main: Source,
    catalogue: &'a Catalogue,
    /// Fonts read for this document; dropped with it, since one may weigh 26 MB.
    loaded: Vec<OnceLock<Option<Font>>>,
}

impl<'a> Press<'a> {
    fn new(source: &str, data: String, catalogue: &'a Catalogue) -> Self {
        let mut inputs = Dict::new();
        inputs.insert(Str::from("data"), TypstValue::Str(data.into()));
        inputs.insert(Str::from("fonts"), TypstValue::Str(catalogue.roles_json().into()));
        Press {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            main: Source::detached(source),
            loaded: (0..catalogue.len()).map(|_| OnceLock::new()).collect(),
            catalogue,
        }
    }

    fn run(&self, options: &PdfOptions) -> Result<Vec<u8>, PrintError> {
        let document = typst::compile(self)
            .output
            .map_err(|errors| self.describe(&errors))?;
        typst_pdf::pdf(&document, options).map_err(|errors| self.describe(&errors))
    }

    fn describe(&self, errors: &[SourceDiagnostic]) -> PrintError {
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        PrintError::Template(messages.join("; "))
    }
}

impl World for Press<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.catalogue.book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            Ok(self.main.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.loaded
            .get(index)?
            .get_or_init(|| self.catalogue.load(index))
            .clone()
    }

    /// A document carries its dates in its data, so that printing it twice gives the same file.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
