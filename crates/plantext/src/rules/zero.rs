//! Zero goals (零指标): …为零, “零事故”, 无重大安全事故.

use crate::lexicon::Class;
use crate::model::{Commitment, Kind, Op};
use crate::reading::Reading;

/// Things whose absence may be promised with 零.
const NOUGHTS: &[&str] = &[
    "事故",
    "死亡",
    "伤亡",
    "投诉",
    "感染",
    "违纪",
    "违法",
    "犯罪",
    "上访",
    "辍学",
    "差错",
    "失误",
    "火灾",
    "案件",
    "欺凌",
    "信访",
    "缺陷",
    "流失",
    "违规",
    "举报",
    "发生",
    "传播",
    "溺水",
    "疫情",
    "隐患",
    "责任事故",
    "安全事故",
    "重大事故",
    "舆情",
    "失学",
    "事件",
];

/// Rule 零-1: an explicit zero word. Rule 零-2: 无…事故, 不发生…事故, 杜绝…事故, where the noun is a mishap.
pub fn read(r: &Reading) -> Vec<Commitment> {
    let v = &r.view;
    let mut found = Vec::new();
    for i in 0..v.len() {
        let span = match v.c(i) {
            '零' => zero_word(r, i),
            '为' if v.c(i + 1) == '零' && !v.starts(i + 1, "零距") => is_zero(r, i),
            '无' | '不' | '杜' => absence(r, i),
            _ => None,
        };
        if let Some((start, end, metric, unit)) = span {
            let kind = if r.is_past(start.max(i), end) {
                Kind::Result
            } else {
                Kind::Target
            };
            let mut c = r.commitment(kind, start, end);
            c.metric = Some(metric);
            c.op = Some(Op::AtMost);
            c.value = Some(0.0);
            c.unit = Some(unit.into());
            found.push(c);
        }
    }
    found
}

type Zero = (usize, usize, String, &'static str);

fn zero_word(r: &Reading, i: usize) -> Option<Zero> {
    let v = &r.view;
    let n = v.any_at(i + 1, NOUGHTS)?;
    let end = i + 1 + n + usize::from(v.c(i + 1 + n) == '”');
    let quoted = v.before(i) == '“';
    let clause = r.clause(i);
    let from = clause.start.max(i.saturating_sub(20));
    let start = if quoted {
        i - 1
    } else {
        (from..i)
            .rev()
            .find(|&k| matches!(v.c(k), '、' | '“'))
            .map_or(from, |k| k + 1)
    };
    Some((start, end, v.text(i + 1, i + 1 + n), ""))
}

fn is_zero(r: &Reading, i: usize) -> Option<Zero> {
    let v = &r.view;
    let clause = r.clause(i);
    let start = clause.start.max(i.saturating_sub(30));
    let joint = v.any_before(i, &["保持", "均", "始终", "一直", "继续保持", "连续", "都", "仍"]);
    let metric = v.text(start, i - joint.filter(|n| i - n > start).unwrap_or(0));
    let unit = if metric.ends_with('率') || metric.ends_with("比例") {
        "%"
    } else {
        ""
    };
    (i > start).then_some((start, i + 2, metric, unit))
}

fn absence(r: &Reading, i: usize) -> Option<Zero> {
    let v = &r.view;
    let n = v.any_at(i, &["杜绝", "不发生", "不出现", "无"])?;
    if matches!(v.before(i), '毫' | '有' | '从')
        || v.any_at(i, &["无论", "无不", "无线", "无障", "无偿"]).is_some()
    {
        return None;
    }
    let clause = r.clause(i);
    let stop = v.find(i + n, clause.end.min(i + n + 16), |c| matches!(c, '、' | '）'));
    let noun = r.marks.within(i + n, stop, Class::Mishap).last()?;
    let grave = v
        .any_before(noun.end as usize, &["事故", "事件", "案件"])
        .is_some();
    if v.c(i) != '无' && !grave {
        return None;
    }
    // The mishap ends its noun phrase: 无事故发生 yes, 无事故案例的宣传 no.
    let after = noun.end as usize;
    let closes = after >= stop
        || v.any_at(after, &["发生", "出现", "的发生", "”", "）", "及", "和", "或"])
            .is_some();
    let start = clause.start.max(i.saturating_sub(6));
    closes.then(|| (start, stop, v.text(i + n, after), ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explicit_zero_and_absence() {
        let found = read(&Reading::new(
            "某校工作计划\n实现“零事故”，食源性疾病发生率为零，重大责任事故为零，确保无食品安全事故发生，零容忍，零突破。",
        ));
        let got: Vec<(&str, &str)> = found
            .iter()
            .map(|c| (c.quote.as_str(), c.unit.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(
            got,
            [
                ("“零事故”", ""),
                ("食源性疾病发生率为零", "%"),
                ("重大责任事故为零", ""),
                ("确保无食品安全事故发生", "")
            ]
        );
    }
}
