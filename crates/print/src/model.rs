//! The shapes of what is printed. Templates and the Word writer read these, so a wrong shape is refused
//! with the name of the missing part before anything is set.

use serde::{Deserialize, Serialize};

use crate::columns::{Sizes, TablePlan, plan};

/// An official document (公文, GB/T 9704-2012). Numbers such as 一、（一）1. are part of the texts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Official {
    /// 标题. The only required part.
    #[serde(deserialize_with = "required_title")]
    pub title: String,
    /// 发文机关标志, set in red with the red line below it, e.g. `滨江中等专业学校文件`.
    pub organ: Option<String>,
    /// 发文字号, e.g. `滨职校〔2026〕18号`.
    pub number: Option<String>,
    /// 主送机关, without the colon.
    pub to: Option<String>,
    /// 正文.
    #[serde(default)]
    pub blocks: Vec<Block>,
    /// 附件说明: the names of the attachments.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// 署名.
    pub signer: Option<String>,
    /// 成文日期, e.g. `2026年9月1日`.
    pub date: Option<String>,
    /// 附注, set in brackets below the date.
    pub note: Option<String>,
    /// 抄送机关.
    pub cc: Option<String>,
    /// 印发机关.
    pub issuer: Option<String>,
    /// 印发日期.
    pub issued: Option<String>,
}

fn required_title<'de, D: serde::Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    let title = String::deserialize(input)?;
    if title.trim().is_empty() {
        Err(serde::de::Error::custom("标题（title）不能为空"))
    } else {
        Ok(title)
    }
}

/// One block of an official document's text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Block {
    /// 层次标题: level 1 黑体, 2 楷体, 3 and 4 仿宋.
    Heading { level: u8, text: String },
    /// A paragraph: plain `text`, or `runs` of which some are bold.
    Paragraph {
        #[serde(default)]
        text: String,
        #[serde(default)]
        runs: Vec<Run>,
    },
    /// A table; `widths` are relative (default: by content).
    Table {
        #[serde(default)]
        caption: Option<String>,
        headers: Vec<String>,
        rows: Vec<Vec<String>>,
        #[serde(default)]
        widths: Vec<f64>,
    },
    /// Items, each a paragraph; `ordered` ones are numbered （1）（2）….
    List {
        items: Vec<String>,
        #[serde(default)]
        ordered: bool,
    },
}

/// A piece of a paragraph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Run {
    pub text: String,
    pub bold: bool,
}

/// One register record as a form sheet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    #[serde(deserialize_with = "required_title")]
    pub title: String,
    #[serde(default)]
    pub school: String,
    /// A document or record number for the corner.
    pub number: Option<String>,
    #[serde(default)]
    pub fields: Vec<Field>,
    #[serde(default)]
    pub flow: Vec<FlowStep>,
    /// Places to sign by hand, e.g. `经办人`, `部门负责人`.
    #[serde(default)]
    pub signatures: Vec<String>,
    #[serde(default)]
    pub printed_at: String,
    pub printed_by: Option<String>,
}

/// A labelled value on a form. Long values take a row of their own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Field {
    pub label: String,
    pub value: String,
    /// Take the whole width even if the value is short.
    pub wide: bool,
}

/// A step that a record went through.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FlowStep {
    pub step: String,
    pub actor: String,
    pub time: String,
    pub note: String,
}

/// A form made up of parts: a check sheet, an agreement page; or a certificate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    #[serde(deserialize_with = "required_title")]
    pub title: String,
    #[serde(default)]
    pub school: String,
    /// A document or record number for the corner.
    pub number: Option<String>,
    #[serde(default)]
    pub parts: Vec<FormPart>,
    /// Today, `2026年11月23日`: stands under a certificate.
    #[serde(default)]
    pub date: String,
    /// A4 across in a frame with large text instead of a sheet.
    #[serde(default)]
    pub certificate: bool,
    #[serde(default)]
    pub printed_at: String,
    pub printed_by: Option<String>,
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum FormPart {
    /// A small heading.
    Heading { text: String },
    /// A paragraph, its first line indented.
    Text { text: String },
    /// Labels and values, two pairs a line.
    Fields { fields: Vec<Field> },
    /// Lines to sign on.
    Signatures { names: Vec<String> },
    /// Opinions with name and time.
    Approvals { steps: Vec<Approval> },
}

/// An opinion somebody signed for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Approval {
    /// 系部意见.
    pub heading: String,
    /// 同意, or the note.
    pub opinion: String,
    pub name: String,
    pub time: String,
}

/// Lists on paper with columns to write in, one page or more for each group (签到表, 门贴).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roll {
    #[serde(deserialize_with = "required_title")]
    pub title: String,
    #[serde(default)]
    pub school: String,
    #[serde(default)]
    pub columns: Vec<ListColumn>,
    #[serde(default)]
    pub groups: Vec<RollGroup>,
    #[serde(default)]
    pub printed_at: String,
    pub printed_by: Option<String>,
}

/// A group of a roll.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RollGroup {
    /// What the group is, empty when there is only one.
    pub heading: String,
    pub rows: Vec<Vec<String>>,
}

impl Roll {
    /// Cells of all groups together.
    pub(crate) fn cells(&self) -> usize {
        self.groups.iter().map(|group| group.rows.len()).sum::<usize>() * self.columns.len()
    }

    /// Column widths across A4 upright within margins of 16 mm, the same for every group.
    pub(crate) fn plan(&self) -> TablePlan {
        const SIZES: Sizes = Sizes {
            best: 11.0,
            good: 9.0,
            least: 6.0,
        };
        let headings: Vec<&str> = self.columns.iter().map(|c| c.heading.as_str()).collect();
        let rows: Vec<Vec<String>> = self.groups.iter().flat_map(|g| g.rows.iter().cloned()).collect();
        plan(&headings, &rows, &[], 504.5, SIZES)
    }
}

/// A register list as a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    #[serde(deserialize_with = "required_title")]
    pub title: String,
    #[serde(default)]
    pub school: String,
    /// The filters in words, e.g. `状态：待整改`.
    #[serde(default)]
    pub filters: Vec<String>,
    #[serde(default)]
    pub columns: Vec<ListColumn>,
    #[serde(default)]
    pub rows: Vec<Vec<String>>,
    /// A line below the table, e.g. `共 37 条`.
    pub summary: Option<String>,
    #[serde(default)]
    pub printed_at: String,
    pub printed_by: Option<String>,
    /// A4 upright instead of landscape.
    #[serde(default)]
    pub portrait: bool,
}

/// A column of a printed list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListColumn {
    pub heading: String,
    /// Relative width; 0 means by content.
    pub width: f64,
    /// `left` (default), `center` or `right`.
    pub align: String,
}

impl Official {
    /// Cells of all its tables together.
    pub(crate) fn table_cells(&self) -> usize {
        let cells = |block: &Block| match block {
            Block::Table { headers, rows, .. } => rows.len() * headers.len(),
            _ => 0,
        };
        self.blocks.iter().map(cells).sum()
    }
}

impl Block {
    /// Column widths of a table set across the 156 mm of an official document's text.
    pub(crate) fn table_plan(&self) -> Option<TablePlan> {
        const LINE_POINTS: f64 = 442.2;
        const SIZES: Sizes = Sizes {
            best: 12.0,
            good: 10.5,
            least: 7.0,
        };
        let Block::Table {
            headers,
            rows,
            widths,
            ..
        } = self
        else {
            return None;
        };
        let headings: Vec<&str> = headers.iter().map(String::as_str).collect();
        Some(plan(&headings, rows, widths, LINE_POINTS, SIZES))
    }
}

impl List {
    /// Column widths across A4 landscape or upright within margins of 14 mm.
    pub(crate) fn plan(&self) -> TablePlan {
        const SIZES: Sizes = Sizes {
            best: 9.5,
            good: 7.5,
            least: 5.5,
        };
        let line_points = if self.portrait { 515.9 } else { 762.5 };
        let headings: Vec<&str> = self
            .columns
            .iter()
            .map(|column| column.heading.as_str())
            .collect();
        let widths: Vec<f64> = self.columns.iter().map(|column| column.width).collect();
        plan(&headings, &self.rows, &widths, line_points, SIZES)
    }
}
