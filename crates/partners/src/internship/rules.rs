//! What of the 1 个严禁、27 个不得 and the 19 duties of 《职业学校学生实习管理规定》 one placement shows.
use super::{Internship, StudyYear, WorkHazard};
use chrono::{Days, Months};
use kernel::error::Violation;
use kernel::register::field::Money;
use kernel::register::spec::Ctx;
use people::checks::{Checks, filled, said};

/// 8 hours a day and 40 a week, in tenths: the labour law's ordinary hours; more is 加班.
const DAY: i64 = 80;
const WEEK: i64 = 400;
/// 一般为6个月（第十二条）.
const USUAL: Months = Months::new(6);
/// 岗位实习
const PLACEMENT: &str = "2";
/// 认识实习
const ORIENTATION: &str = "1";
/// 自己寻找
const OWN: &str = "3";

fn is_minor(record: &Internship) -> bool {
    record.age < 18
}

/// What minors may not do at all (第十六条第三项, 《未成年工特殊保护规定》第三条).
fn barred_to_minors(hazard: WorkHazard) -> bool {
    use WorkHazard::*;
    !matches!(hazard, None | Heavy | Harmful)
}

/// What nobody may do unless filed with the authority beforehand (第十七条第一项).
fn needs_filing(hazard: WorkHazard) -> bool {
    use WorkHazard::*;
    matches!(hazard, Height | Underground | Radiation | Toxic | Flammable)
}

/// What no intern may do (第十六条第七项).
fn barred_to_all(hazard: WorkHazard) -> bool {
    matches!(hazard, WorkHazard::Heavy | WorkHazard::Harmful)
}

fn overtime(record: &Internship) -> bool {
    record.daily_hours.0 > DAY || record.weekly_hours.0 > WEEK || record.odd_hours
}

fn long(record: &Internship) -> bool {
    let usual = record.starts_on.checked_add_months(USUAL);
    usual.is_some_and(|end| record.ends_on > end)
}

/// Whether the placement goes up to the principal: found by the student (第十条), out of the province or abroad
/// (第二十四、二十五条), filed, or an exception.
pub(super) fn is_special(record: &Internship) -> bool {
    record.source.0 == OWN
        || matches!(record.destination.0.as_str(), "3" | "4")
        || filled(record.filing.as_deref())
        || said(&record.exception)
}

fn below(pay: Money, wage: Money) -> bool {
    pay.0 * 100 < wage.0 * 80
}

/// What refuses the record.
pub(super) fn check(record: &Internship, ctx: &Ctx) -> Vec<Violation> {
    let checks = Checks::new();
    let checks = post(record, checks);
    let checks = time(record, checks);
    let checks = papers(record, checks);
    course(record, ctx, checks).done()
}

/// Who may be placed where.
fn post(record: &Internship, checks: Checks) -> Checks {
    let placed = record.kind.0 == PLACEMENT;
    let filed = filled(record.filing.as_deref());
    checks
        .refuse(
            placed && record.year == StudyYear::First,
            "year",
            "不得安排一年级学生进行岗位实习（第十六条第一项）",
        )
        .refuse(
            placed && record.age < 16,
            "age",
            "不得安排未满16周岁的学生进行岗位实习（第十六条第二项）",
        )
        .refuse(
            record.kind.0 == ORIENTATION && record.source.0 == OWN,
            "source",
            "认识实习由学校安排，学生不得自行选择（第九条）",
        )
        .refuse(
            is_minor(record) && barred_to_minors(record.hazard),
            "hazard",
            "不得安排未成年学生从事《未成年工特殊保护规定》禁忌的劳动（第十六条第三项）",
        )
        .refuse(
            barred_to_all(record.hazard),
            "hazard",
            "不得安排学生从事Ⅲ级强度及以上体力劳动或其他有害身心健康的实习（第十六条第七项）",
        )
        .refuse(
            !is_minor(record) && needs_filing(record.hazard) && !filed,
            "filing",
            "高空、井下、放射性、有毒、易燃易爆等高风险实习须事先报主管部门备案（第十七条第一项）",
        )
        .refuse(
            matches!(record.destination.0.as_str(), "3" | "4") && !filed,
            "filing",
            "跨省、境外实习须事先经主管部门同意并备案（第二十四、二十五条）",
        )
        .refuse(
            record.matching.0 == "0" && !said(&record.exception),
            "exception",
            "原则上不得跨专业大类安排实习，请说明理由（第八条）",
        )
}

/// How long, how many hours, for what pay.
fn time(record: &Internship, checks: Checks) -> Checks {
    let filed = filled(record.filing.as_deref());
    let wage = record.post_wage;
    let low = below(record.pay, wage) && record.lowest_wage.is_none_or(|lowest| record.pay.0 < lowest.0);
    checks
        .refuse(
            record.ends_on <= record.starts_on,
            "ends_on",
            "结束日期应晚于开始日期",
        )
        .refuse(
            long(record) && !said(&record.exception),
            "exception",
            "岗位实习一般为6个月，超过的请说明理由（第十二条）",
        )
        .refuse(
            record.daily_hours.0 <= 0 || record.daily_hours.0 > 240,
            "daily_hours",
            "每日工时应在0至24小时之间",
        )
        .refuse(
            record.weekly_hours.0 < record.daily_hours.0,
            "weekly_hours",
            "每周工时不能少于每日工时",
        )
        .refuse(
            overtime(record) && !filed,
            "filing",
            "不得安排学生加班、上夜班和在休息日、节假日实习；事先备案的除外（第十七条第二、三项）",
        )
        .refuse(wage.0 <= 0, "post_wage", "请填写单位相同岗位的工资标准")
        .refuse(
            record.kind.0 == PLACEMENT && low,
            "pay",
            "实习报酬不应低于相同岗位的80%或单位最低档工资（第十八条）",
        )
}

/// What must be there before the first day.
fn papers(record: &Internship, checks: Checks) -> Checks {
    let arrived = record.arrived_on;
    let insured = record.insurance.is_some() && record.insurer.is_some();
    checks
        .refuse(
            record.declared == Some(false),
            "declared",
            "有禁止事项没有核对清楚，不能安排实习（第十六、十八、二十条）",
        )
        .refuse(
            arrived.is_some() && record.consented_on.is_none(),
            "consented_on",
            "没有学生和监护人签字的知情同意书，不能上岗（第九条）",
        )
        .refuse(
            arrived.is_some() && record.agreed_on.is_none(),
            "agreed_on",
            "未按规定签订实习协议的，不得安排学生实习（第十四条）",
        )
        .in_order(
            record.agreed_on,
            arrived,
            "agreed_on",
            "三方协议应在上岗之前签订（第十四条）",
        )
        .refuse(
            arrived.is_some() && record.trained_on.is_none(),
            "trained_on",
            "未经安全教育培训或未通过考核的学生不得参加实习（第三十一条）",
        )
        .in_order(
            record.trained_on,
            arrived,
            "trained_on",
            "安全培训应在上岗之前完成（第三十一条）",
        )
        .refuse(
            arrived.is_some() && !insured,
            "insurance",
            "没有实习责任保险，不能上岗（第三十五条）",
        )
        .refuse(
            insured && (record.insured_from.is_none() || record.insured_until.is_none()),
            "insured_from",
            "请填写保险生效和到期日期",
        )
        .in_order(
            record.insured_from,
            record.starts_on,
            "insured_from",
            "责任保险应覆盖实习全过程：生效日期晚于实习开始（第三十五条）",
        )
        .in_order(
            record.ends_on,
            record.insured_until,
            "insured_until",
            "责任保险应覆盖实习全过程：到期早于实习结束（第三十五条）",
        )
}

/// From the first day to the mark.
fn course(record: &Internship, ctx: &Ctx, checks: Checks) -> Checks {
    let mark = |score: Option<kernel::register::field::Decimal<1>>| {
        score.is_some_and(|score| !(0..=1000).contains(&score.0))
    };
    let early = record.starts_on.checked_sub_days(Days::new(7));
    checks
        .in_order(
            early,
            record.arrived_on,
            "arrived_on",
            "上岗日期比计划开始早一周以上，请核对",
        )
        .not_after_today(record.arrived_on, ctx.today, "arrived_on")
        .refuse(
            record.left_on.is_some() && record.arrived_on.is_none(),
            "arrived_on",
            "有离岗日期，请填写上岗日期",
        )
        .in_order(
            record.arrived_on,
            record.left_on,
            "left_on",
            "离岗日期不能早于上岗日期",
        )
        .not_after_today(record.left_on, ctx.today, "left_on")
        .refuse(
            mark(record.process_score),
            "process_score",
            "成绩应在0至100分之间",
        )
        .refuse(mark(record.result_score), "result_score", "成绩应在0至100分之间")
        .refuse(
            (record.process_score.is_some() || record.result_score.is_some()) && record.left_on.is_none(),
            "left_on",
            "实习结束后才能考核，请填写离岗日期",
        )
}

/// What the regulation says 一般 or 原则上.
pub(super) fn warnings(record: &Internship, ctx: &Ctx) -> Vec<Violation> {
    let few = !record.tasks.0.chars().any(|c| "；;、，,。\n".contains(c));
    let late = record.arrived_on.is_none() && record.starts_on < ctx.today;
    Checks::new()
        .refuse(
            few,
            "tasks",
            "只写了一项任务；不得仅安排学生从事简单重复劳动（第十二条）",
        )
        .refuse(
            record.hazard == WorkHazard::Load,
            "hazard",
            "频繁负重岗位不得安排女学生（《女职工劳动保护特别规定》附录）",
        )
        .refuse(
            record.base.is_none(),
            "base",
            "没有实训基地，实习基础数据上报缺基地号",
        )
        .refuse(
            record.insurer.as_ref().is_some_and(|code| code.0 == "9"),
            "insurer",
            "责任保险费不得向学生收取或从报酬中抵扣，请核对购买方（第三十五条）",
        )
        .refuse(record.mentor.is_none(), "mentor", "还没有企业指导人（第八条）")
        .refuse(late, "arrived_on", "已过开始日期，还没有确认上岗")
        .refuse(
            record.left_on.is_none() && record.ends_on < ctx.today,
            "ends_on",
            "实习期已满，请考核并归档",
        )
        .done()
}
