//! What keeps a plan from being published (发布前检查).
use crate::model::{Binding, Commitment, Comparator, Kind, Status};

/// What an accepted commitment still lacks: the form's field and what to do, in Chinese.
pub fn missing(c: &Commitment) -> Vec<(&'static str, &'static str)> {
    let mut gaps = vec![];
    let mut want = |present: bool, field: &'static str, words: &'static str| {
        if !present {
            gaps.push((field, words));
        }
    };
    match c.kind {
        Kind::Target => {
            want(c.target_scaled.is_some(), "value", "未填目标值");
            want(c.comparator.is_some(), "comparator", "未选比较方式");
            let measured = matches!(c.binding, Binding::Indicator(_) | Binding::Manual);
            want(measured, "binding", "未选指标口径（可选手工填报）");
            want(c.owner.is_some(), "owner", "未定责任人");
            want(c.due_on.is_some(), "due_on", "未定期限");
        }
        Kind::Duty => {
            want(c.times.is_some() && c.every.is_some(), "every", "未填频次");
            let proved = matches!(c.binding, Binding::Duty(_) | Binding::Manual);
            want(proved, "binding", "未选台账（可选手工填报）");
        }
        Kind::Task => {
            want(c.owner.is_some(), "owner", "未定责任人");
            want(c.due_on.is_some(), "due_on", "未定期限");
        }
        Kind::Result | Kind::VagueDuty => {}
    }
    gaps
}

/// One reason why a plan cannot be published yet.
#[derive(Clone, Debug)]
pub struct Obstacle {
    /// The commitment, when it is about one.
    pub commitment: Option<Commitment>,
    /// What to do, in Chinese.
    pub message: String,
}

/// Everything that keeps the plan from being published, in the order of its text.
pub fn obstacles(commitments: &[Commitment]) -> Vec<Obstacle> {
    if commitments.iter().all(|c| c.status == Status::Rejected) {
        return vec![Obstacle {
            commitment: None,
            message: "没有一条已接受的承诺；请接受读出的承诺，或在左边选中文字添加".into(),
        }];
    }
    commitments
        .iter()
        .filter_map(|c| {
            let message = match c.status {
                Status::Rejected => return None,
                Status::Suggested => "还没有确认".to_owned(),
                Status::Accepted => {
                    let gaps: Vec<&str> = missing(c).into_iter().map(|(_, words)| words).collect();
                    if gaps.is_empty() {
                        return None;
                    }
                    gaps.join("；")
                }
            };
            Some(Obstacle {
                commitment: Some(c.clone()),
                message,
            })
        })
        .collect()
}

/// Whether a comparator fits a range: 1–2门 is met from its low end on.
pub fn range_fits(comparator: Option<Comparator>, low: Option<i64>, high: Option<i64>) -> bool {
    match (low, high) {
        (Some(low), Some(high)) => low <= high && comparator != Some(Comparator::AtMost),
        (None, Some(_)) => false,
        _ => true,
    }
}
