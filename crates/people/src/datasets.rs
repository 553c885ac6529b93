//! The 61 tables a school reports (《中职数据标准及接口规范（试行）》 V2.2.0), and which field feeds which column.
//!
//! A field says so with `dataset = "T16.SXSMC"`. A reference may feed several columns, each through a field of the
//! record it points to: `dataset = "T16.FJH:number, T16.FJMC:name"`.
use kernel::register::spec::FieldSpec;
use std::sync::LazyLock;

/// Columns that every push fills by itself: record id, school code, deletion mark, time of collection.
pub const AUTOMATIC: [&str; 4] = ["ZJSJWYXBS", "XXDM", "SJZTM", "SJCJSJ"];

/// Columns that are counted in other registers or taken from the school's profile, by table.
pub const COMPUTED: [(u8, &[&str]); 3] = [
    (1, &["XYJSS", "XYXSS", "BXKSZYS", "DMTJSS"]),
    (
        2,
        &[
            "SJGBM", "SJGMC", "SHJGBM", "SHJGMC", "QXJGBM", "QXJGMC", "XXJGDM", "XXJGMC",
        ],
    ),
    (27, &["JSZGZRS", "GJZCRS", "ZJZCRS", "CJZCRS"]),
];

/// Whether a column of a table is computed when rows are made.
pub fn is_computed(table: u8, column: &str) -> bool {
    AUTOMATIC.contains(&column)
        || COMPUTED
            .iter()
            .any(|(no, columns)| *no == table && columns.contains(&column))
}

/// One table.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Dataset {
    /// Its number, 1 to 61.
    pub no: u8,
    /// The name it is pushed under.
    pub table: String,
    /// Chinese title.
    pub title: String,
    /// Columns in the standard's order.
    pub columns: Vec<Column>,
}

/// A column as the file has it.
type ColumnRow = (
    String,
    String,
    String,
    Option<u32>,
    bool,
    Option<String>,
    u8,
    String,
);

/// One column: name, Chinese name, type (C text, N number, T long text, M amount), length, mandatory, code set, decimal
/// places, form of dates and times.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "ColumnRow")]
pub struct Column {
    /// `SXSMC`
    pub name: String,
    /// `实训室名称`
    pub title: String,
    /// `C`, `N`, `T` or `M`
    pub kind: String,
    /// Longest value in characters, where the standard prints it.
    pub length: Option<u32>,
    /// Whether a row without it is refused.
    pub required: bool,
    /// Id of the code set its values come from.
    pub code_set: Option<String>,
    /// Most decimal places of a number; 0 where the standard states none.
    pub scale: u8,
    /// `YYYYMMDD`, `YYYYMMDD hhmmss`, `YYYYMM`, `YYYY-YYYY` or `hhmmss`; empty for other values.
    pub format: String,
}

impl From<ColumnRow> for Column {
    fn from(row: ColumnRow) -> Column {
        let (name, title, kind, length, required, code_set, scale, format) = row;
        Column {
            name,
            title,
            kind,
            length,
            required,
            code_set,
            scale,
            format,
        }
    }
}

static DATASETS: LazyLock<Vec<Dataset>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/datasets.json")).expect("datasets.json is well formed")
});

/// All tables in order.
pub fn datasets() -> &'static [Dataset] {
    &DATASETS
}

/// A table by number.
pub fn dataset(no: u8) -> Option<&'static Dataset> {
    DATASETS.iter().find(|set| set.no == no)
}

impl Dataset {
    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// What a field feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Number of the table.
    pub table: u8,
    /// Column of the table.
    pub column: String,
    /// For a reference: the field of the record it points to.
    pub through: Option<String>,
}

/// The columns a field feeds; `None` when its attribute cannot be read.
pub fn feeds(field: &FieldSpec) -> Option<Vec<Feed>> {
    field
        .dataset
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(feed)
        .collect()
}

fn feed(text: &str) -> Option<Feed> {
    let (target, through) = match text.split_once(':') {
        Some((target, through)) => (target, Some(through.to_owned())),
        None => (text, None),
    };
    let (table, column) = target.strip_prefix('T')?.split_once('.')?;
    Some(Feed {
        table: table.parse().ok()?,
        column: column.to_owned(),
        through,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_is_complete() {
        assert_eq!(datasets().len(), 61);
        assert_eq!(datasets().iter().map(|set| set.columns.len()).sum::<usize>(), 823);
        assert_eq!(
            datasets()
                .iter()
                .flat_map(|set| &set.columns)
                .filter(|c| c.required)
                .count(),
            636
        );
        assert!(
            datasets()
                .iter()
                .enumerate()
                .all(|(at, set)| usize::from(set.no) == at + 1)
        );
    }

    #[test]
    fn every_code_set_named_is_there() {
        for set in datasets() {
            for column in &set.columns {
                if let Some(id) = &column.code_set {
                    assert!(
                        crate::codes::code_set(id).is_some(),
                        "T{}.{}: {id}",
                        set.no,
                        column.name
                    );
                }
            }
        }
    }

    #[test]
    fn a_reference_feeds_through_fields_of_its_target() {
        let read = |text: &str| feed(text).map(|f| (f.table, f.column, f.through));
        assert_eq!(read("T16.SXSMC"), Some((16, "SXSMC".into(), None)));
        assert_eq!(
            read("T16.FJH:number"),
            Some((16, "FJH".into(), Some("number".into())))
        );
        assert_eq!(read("16.FJH"), None);
        assert_eq!(read("Tx.FJH"), None);
    }
}
