//! Vague duties (定期): recurring work without a cadence.

use crate::model::{Commitment, Kind};
use crate::reading::{REACH, Reading};

/// Rule 泛-1: 定期 and what follows it to the end of its clause. 不定期 is not one, and a cadence in the same
/// clause makes it a duty instead (每月定期召开…).
pub fn read(r: &Reading) -> Vec<Commitment> {
    let v = &r.view;
    let mut found = Vec::new();
    let mut i = 0;
    while let Some(at) = v.seek(i, v.len(), "定期") {
        i = at + 2;
        let storage = matches!(v.c(at + 2), '存' | '限');
        if matches!(
            v.before(at),
            '不' | '规' | '约' | '指' | '固' | '限' | '确' | '一'
        ) || storage
        {
            continue;
        }
        let clause = r.clause(at);
        let from = clause.start.max(at.saturating_sub(REACH));
        let n = r.cadences.partition_point(|c| c.start < from);
        if r.cadences
            .get(n)
            .is_some_and(|c| c.start < clause.end.min(at + REACH))
        {
            continue;
        }
        let end = clause.end.min(at + REACH);
        let start = if at - from <= 14 { from } else { at };
        let mut c = r.commitment(Kind::VagueDuty, start, end);
        c.activity = Some(format!("{}{}", v.text(start, at), v.text(at + 2, end)));
        found.push(c);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_work_without_a_cadence() {
        let found = read(&Reading::new(
            "定期召开安全例会，不定期抽查，每月定期检查宿舍，对校舍的定期检查制度。",
        ));
        let quotes: Vec<&str> = found.iter().map(|c| c.quote.as_str()).collect();
        assert_eq!(quotes, ["定期召开安全例会", "对校舍的定期检查制度"]);
    }
}
