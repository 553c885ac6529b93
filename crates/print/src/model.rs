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
