//! What a plan is read into (计划读出的结果): sections and commitments with exact offsets.

use serde::{Deserialize, Serialize, Serializer};

/// A plan, summary or news item read into its tree and its commitments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The title line, if one was recognised (标题).
    pub title: Option<String>,
    /// The school, department or bureau that speaks (单位), guessed from title or signature.
    pub unit: Option<String>,
    /// The time the document speaks about, and what sort of document it is.
    pub period: Option<Period>,
    /// The numbered tree in reading order; children follow their parent and lie inside it.
    pub sections: Vec<Section>,
    /// Every commitment in order of its first code point.
    pub commitments: Vec<Commitment>,
}

/// What sort of document it is (文种).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// 计划、要点、规划、安排
    Plan,
    /// 总结、汇报、述职、报告
    Summary,
    /// 会议消息、新闻稿
    News,
}

/// The span of months a document is about (时段).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// As written: `2023-2024学年第二学期`, `2025年`.
    pub label: String,
    /// First month, `YYYY-MM`.
    pub from: Option<String>,
    /// Last month, `YYYY-MM`.
    pub to: Option<String>,
    /// Plan, summary or news.
    pub kind: DocumentKind,
}

/// One node of the numbered tree (条目). Offsets are Unicode code points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The number as written without its heading (`一、`, `(一)`, `1.`, `3月`), or none for a plain paragraph.
    pub number: Option<String>,
    /// The heading's words, or none for a plain paragraph.
    pub heading: Option<String>,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// Depth: 1 is the outermost.
    pub level: u8,
}

/// The five sorts of commitment (承诺).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 指标: a number to be reached.
    Target,
    /// 结果: a number reached, or an existing state.
    Result,
    /// 例行: recurring with an explicit cadence.
    Duty,
    /// 定期而无频次: recurring without one.
    VagueDuty,
    /// 任务: dated work.
    Task,
}

/// Comparator of a target or result (比较).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Op {
    /// at least (不低于)
    #[serde(rename = ">=")]
    AtLeast,
    /// at most (不超过)
    #[serde(rename = "<=")]
    AtMost,
    /// exactly, or about
    #[serde(rename = "=")]
    Equal,
}

/// The period of a duty (周期).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Every {
    /// 每天
    Day,
    /// 每周
    Week,
    /// 每半月
    HalfMonth,
    /// 每月
    Month,
    /// 每季度
    Quarter,
    /// 每学期
    Term,
    /// 每年、每学年
    Year,
}

/// What a number is measured from (口径): absent means a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// 增长、提升N个百分点
    Growth,
}

/// One measurable commitment. Fields that do not belong to its kind are absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    /// Which of the five.
    pub kind: Kind,
    /// The text's own code points `start..end`.
    pub quote: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// What is measured (targets and results).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// Comparator (targets and results).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op: Option<Op>,
    /// The number, or the low end of a range.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "plain_number"
    )]
    pub value: Option<f64>,
    /// The high end of a range.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "plain_number"
    )]
    pub max: Option<f64>,
    /// Unit as in the text (`%`, `人次`, `万元`); empty for an index or a count of events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// 左右, 约, 近.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approx: bool,
    /// Growth rather than level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// What is done (duties and tasks).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<String>,
    /// How often per period, or the quota.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// The period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Every>,
    /// Every so many periods; absent means one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<u32>,
    /// `YYYY-MM-DD`, `YYYY-MM`, `YYYY`, or the text's own phrase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// The second of two dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due2: Option<String>,
    /// The year a past figure belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// How many enumerated items a dated list holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<u32>,
}

impl Commitment {
    /// An empty commitment of a kind over a span; rules fill in what they know.
    pub(crate) fn new(kind: Kind, quote: String, start: usize, end: usize) -> Self {
        Self {
            kind,
            quote,
            start,
            end,
            metric: None,
            op: None,
            value: None,
            max: None,
            unit: None,
            approx: false,
            basis: None,
            activity: None,
            times: None,
            every: None,
            interval: None,
            due: None,
            due2: None,
            when: None,
            items: None,
        }
    }
}

/// Whole numbers print as `36`, not `36.0`.
fn plain_number<S: Serializer>(value: &Option<f64>, out: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(v) if v.fract() == 0.0 && v.abs() < 9e15 => out.serialize_i64(*v as i64),
        Some(v) => out.serialize_f64(*v),
        None => out.serialize_none(),
    }
}

/// Why a text or a file could not be read. `Display` is what the user sees.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing to read.
    #[error("内容为空：没有可以阅读的文字。请检查文件是否选对，或直接粘贴计划正文。")]
    Empty,
    /// Readable, but not a plan, summary or report in Chinese.
    #[error("这不像一份中文工作计划或总结：{0}。请选择计划、要点、安排或总结的正文。")]
    NotAPlan(&'static str),
    /// Over the limit, before or after decompression.
    #[error("文件过大：{0}超过 10 MB 上限。请删去图片与附件，只保留正文后再试。")]
    TooLarge(&'static str),
    /// A format this reader does not take.
    #[error("不支持 {format} 格式。{advice}")]
    Unsupported {
        /// What it was taken for.
        format: &'static str,
        /// What to do instead.
        advice: &'static str,
    },
    /// Looks like a known format but cannot be opened.
    #[error("文件已损坏，无法打开：{0}。请用 Word 或 WPS 打开原件另存为 .docx 后再试。")]
    Damaged(String),
}
