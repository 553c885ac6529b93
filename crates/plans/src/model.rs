//! What a plan is made of (工作计划, 条目, 承诺), as rows keep it and as people read it.
use calendar::Cadence;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::choice;
use kernel::register::field::ChoiceList;
use uuid::Uuid;

choice!(
    /// The five sorts of commitment (承诺).
    Kind {
        Target = "target" "指标",
        Result = "result" "已有结果",
        Duty = "duty" "例行",
        VagueDuty = "vague-duty" "定期（无频次）",
        Task = "task" "任务",
    }
);

choice!(
    /// Whether a person has decided about a commitment.
    Status {
        Suggested = "suggested" "待确认",
        Accepted = "accepted" "已接受",
        Rejected = "rejected" "已拒绝",
    }
);

choice!(
    /// How a target compares with its reading (比较).
    Comparator {
        AtLeast = ">=" "不低于",
        AtMost = "<=" "不超过",
        Equal = "=" "等于",
    }
);

choice!(
    /// The period of a duty (周期).
    Every {
        Day = "day" "天",
        Week = "week" "周",
        HalfMonth = "half-month" "半月",
        Month = "month" "月",
        Quarter = "quarter" "季度",
        Term = "term" "学期",
        Year = "year" "年",
    }
);

choice!(
    /// Where a plan stands. A revision is a working copy of a published plan, which stays in force meanwhile.
    PlanState {
        Draft = "draft" "草稿",
        Published = "published" "已发布",
        Revision = "revision" "修订稿",
        Merged = "merged" "修订已发布",
        Dropped = "dropped" "修订已放弃",
    }
);

/// The enum value behind a stored code.
pub fn decode<T: ChoiceList>(code: &str) -> Option<T> {
    T::ALL.iter().find(|c| c.1 == code).map(|c| c.0)
}

/// Where the actual value of a commitment comes from (数据来源).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Binding {
    /// Computed by the indicator with this id (口径).
    Indicator(String),
    /// Proved by the records that the duty with this id counts (台账).
    Duty(String),
    /// Typed by a person (手工填报), who and when is kept.
    Manual,
    /// Not decided, or nothing to measure.
    #[default]
    None,
}

impl Binding {
    /// The form's and the journal's spelling: `indicator:hazard_closed`, `duty:…`, `manual`, or nothing.
    pub fn code(&self) -> String {
        match self {
            Binding::Indicator(id) => format!("indicator:{id}"),
            Binding::Duty(id) => format!("duty:{id}"),
            Binding::Manual => "manual".into(),
            Binding::None => String::new(),
        }
    }

    /// Reads [`Binding::code`] back.
    pub fn parse(code: &str) -> Option<Binding> {
        match code.split_once(':') {
            Some(("indicator", id)) if !id.is_empty() => Some(Binding::Indicator(id.into())),
            Some(("duty", id)) if !id.is_empty() => Some(Binding::Duty(id.into())),
            Some(_) => None,
            None if code == "manual" => Some(Binding::Manual),
            None if code.is_empty() || code == "none" => Some(Binding::None),
            None => None,
        }
    }
}

/// A plan without its text, which [`crate::store::body`] reads.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Id.
    pub id: Uuid,
    /// 标题
    pub title: String,
    /// The unit whose plan it is; `None` for the school's.
    pub unit: Option<Uuid>,
    /// Path of that unit in the unit tree.
    pub path: String,
    /// The term it runs in.
    pub term: Uuid,
    /// The file it came from; empty when pasted.
    pub file_name: String,
    /// Where it stands.
    pub state: PlanState,
    /// Number of the last published version; 0 before the first. A revision carries its plan's.
    pub version: i64,
    /// When it was imported.
    pub created_at: DateTime<Utc>,
    /// The account that imported it.
    pub created_by: Uuid,
    /// When it or one of its commitments was last changed.
    pub updated_at: DateTime<Utc>,
    /// When the last version was published.
    pub published_at: Option<DateTime<Utc>>,
    /// The published plan this is a working copy of.
    pub revises: Option<Uuid>,
}

impl Plan {
    /// Whether its commitments are still to be worked on: a draft or a revision.
    pub fn open(&self) -> bool {
        matches!(self.state, PlanState::Draft | PlanState::Revision)
    }

    /// The plan that holds the text and the sections: a revision shares those of its plan.
    pub fn text_id(&self) -> Uuid {
        self.revises.unwrap_or(self.id)
    }
}

/// One node of the numbered tree of a plan (条目). Offsets are code points of the plan's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Id.
    pub id: Uuid,
    /// Place in reading order, from 0.
    pub position: i64,
    /// The number as written: `一、`, `(一)`, `3月`; may be empty.
    pub number: String,
    /// The heading's words; may be empty.
    pub heading: String,
    /// Depth: 1 is the outermost.
    pub level: i64,
    /// First code point.
    pub start: i64,
    /// One past the last code point.
    pub end: i64,
}

impl Section {
    /// Number and heading together, with the mark that official documents put between them: 一、 （一） 1. 3月：
    pub fn name(&self) -> String {
        let mark = match self.number.chars().last() {
            _ if self.heading.is_empty() => "",
            Some(c) if c.is_ascii_digit() => ".",
            Some('月' | '周') => "：",
            Some('）' | ')' | '、' | '.' | '．' | '：') | None => "",
            Some(c) if ('①'..='⑳').contains(&c) => "",
            Some(_) => "、",
        };
        format!("{}{mark}{}", self.number, self.heading)
    }
}

/// One commitment (承诺). Numbers are scaled by 100.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// Id.
    pub id: Uuid,
    /// The plan.
    pub plan: Uuid,
    /// The innermost section it stands in.
    pub section: Option<Uuid>,
    /// Which of the five.
    pub kind: Kind,
    /// The text's own words.
    pub quote: String,
    /// First code point of the quote in the plan's text.
    pub start: i64,
    /// One past its last code point.
    pub end: i64,
    /// Whether a person has decided.
    pub status: Status,
    /// What is measured or done, in few words.
    pub title: String,
    /// How the actual value compares (targets and results).
    pub comparator: Option<Comparator>,
    /// The number, or the low end of a range, × 100.
    pub target_scaled: Option<i64>,
    /// The high end of a range, × 100.
    pub max_scaled: Option<i64>,
    /// `%`, `人`, `次` … of the number or the quota; may be empty.
    pub unit: Option<String>,
    /// Growth (增长N%) rather than level.
    pub growth: bool,
    /// How often per window (duties).
    pub times: Option<i64>,
    /// The window (duties).
    pub every: Option<Every>,
    /// Windows taken together: 2 with months is every two months.
    pub interval: i64,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// The text's own words for it, when they are no date (新学期初).
    pub due_text: Option<String>,
    /// Where the actual value comes from.
    pub binding: Binding,
    /// The unit or class it is for; `None` for the plan's own scope.
    pub node: Option<Uuid>,
    /// Path of that node (or of the plan's unit): rows under it count.
    pub path: String,
    /// The staff member who answers for it (责任人).
    pub owner: Option<Uuid>,
    /// When the task was reported done.
    pub done_on: Option<NaiveDate>,
    /// What was said about it.
    pub done_note: Option<String>,
    /// Grows by one with every write; guards against overwriting.
    pub version: i64,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
    /// In a revision: the commitment of the published plan that this is a copy of.
    pub origin: Option<Uuid>,
}

impl Commitment {
    /// The cadence of a duty, as the calendar expands it.
    pub fn cadence(&self) -> Option<Cadence> {
        let every = match self.every? {
            Every::Day => calendar::Every::Day,
            Every::Week => calendar::Every::Week,
            Every::HalfMonth => calendar::Every::HalfMonth,
            Every::Month => calendar::Every::Month,
            Every::Quarter => calendar::Every::Quarter,
            Every::Term => calendar::Every::Term,
            Every::Year => calendar::Every::Year,
        };
        let times = u16::try_from(self.times.unwrap_or(1)).unwrap_or(u16::MAX);
        let interval = u8::try_from(self.interval.max(1)).unwrap_or(u8::MAX);
        Some(Cadence::new(times, every).with_interval(interval))
    }

    /// What was promised, in few words: `≥95%`, `1–2门`, `每周2次`, `2026-11-30前`.
    pub fn promise(&self) -> String {
        let unit = self.unit.as_deref().unwrap_or("");
        match self.kind {
            Kind::Target | Kind::Result => {
                let Some(value) = self.target_scaled else {
                    return "未写数值".into();
                };
                let growth = if self.growth { "增长" } else { "" };
                let sign = match self.comparator {
                    Some(Comparator::AtLeast) if self.max_scaled.is_none() => "≥",
                    Some(Comparator::AtMost) if self.max_scaled.is_none() => "≤",
                    _ => "",
                };
                let high = self
                    .max_scaled
                    .map(|max| format!("–{}", plain(max)))
                    .unwrap_or_default();
                format!("{growth}{sign}{}{high}{unit}", plain(value))
            }
            Kind::Duty => match self.cadence() {
                Some(cadence) => {
                    let text = cadence.to_string();
                    match text.strip_suffix('次') {
                        Some(stem) if !unit.is_empty() => format!("{stem}{unit}"),
                        _ => text,
                    }
                }
                None => "未写频次".into(),
            },
            Kind::VagueDuty => "定期".into(),
            Kind::Task => match (self.due_on, &self.due_text) {
                (_, Some(words)) => words.clone(),
                (Some(day), None) => format!("{day}前"),
                (None, None) => "未写期限".into(),
            },
        }
    }
}

/// A number scaled by 100 as people write it: 9500 → `95`, 9550 → `95.5`.
pub fn plain(scaled: i64) -> String {
    let (whole, rest) = (scaled.abs() / 100, scaled.abs() % 100);
    let sign = if scaled < 0 { "-" } else { "" };
    match rest {
        0 => format!("{sign}{whole}"),
        rest if rest % 10 == 0 => format!("{sign}{whole}.{}", rest / 10),
        rest => format!("{sign}{whole}.{rest:02}"),
    }
}

/// Reads a number a person typed into one scaled by 100; at most two decimals.
pub fn scaled(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || rest.len() > 2 || !numeric(whole) || !numeric(rest) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    Some(sign * (whole * 100 + rest))
}

/// One published version (版本).
#[derive(Clone, Debug)]
pub struct Version {
    /// From 1.
    pub version: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who published it.
    pub actor: String,
    /// Why; `首次发布` for the first.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_in_and_out_unchanged() {
        for text in ["0", "95", "95.5", "0.05", "-1.25", "1250"] {
            assert_eq!(plain(scaled(text).unwrap()), text);
        }
        assert_eq!(scaled("4.50"), Some(450));
        for text in ["", "x", "1.234", "1e5", "--1", ".5", "9999999999999"] {
            assert_eq!(scaled(text), None, "{text}");
        }
    }

    #[test]
    fn a_binding_survives_its_code() {
        for binding in [
            Binding::Indicator("hazard_closed".into()),
            Binding::Duty("patrol".into()),
            Binding::Manual,
            Binding::None,
        ] {
            assert_eq!(Binding::parse(&binding.code()), Some(binding));
        }
        assert_eq!(Binding::parse("indicator:"), None);
        assert_eq!(Binding::parse("other"), None);
    }
}
