//! Sanctions (违纪处分), from the notice to the lifting.

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::LongText;
use studentlife::Sanction;

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{later, someone};

/// Violation, level, article, facts.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("12", "1", "第十二条", "熄灯后翻越宿舍围栏外出购物"),
    ("03", "1", "第八条", "月考使用手机查阅答案"),
    ("05", "2", "第十条", "与同学争执后先动手，致对方嘴角破损"),
    ("06", "2", "第十一条", "故意损坏实训台虎钳手柄"),
    ("03", "3", "第八条", "一个月内旷课累计四十余节"),
    ("12", "1", "第十二条", "在宿舍使用大功率电器，经教育仍再犯"),
    ("13", "2", "第十四条", "在网络群组发布侮辱同学的内容"),
    ("05", "4", "第十条", "结伙殴打他人，情节较重"),
    ("09", "1", "第九条", "实训课上追逐打闹影响安全，屡教不改"),
];
/// Sanctions of the term.
const COUNT: usize = 27;
/// Of these, one under appeal, one whose hearing is yet to come.
const APPEAL: usize = 6;
const HEARING: usize = 7;
/// The latest ones: days ago.
const FRESH: &[(usize, u64)] = &[(9, 4), (10, 5), (11, 7), (12, 7), (13, 1)];

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("sanction");
    let mut batch = Batch::new();
    for nth in 0..COUNT {
        let fresh = FRESH.iter().find(|(fresh, _)| *fresh == nth);
        let day = match nth {
            _ if let Some((_, ago)) = fresh => world.days.at_or_before(world.days.today - Count::new(*ago)),
            APPEAL => world.days.at_or_before(world.days.today - Count::new(24)),
            HEARING => world.days.at_or_before(world.days.today - Count::new(6)),
            _ => world.days.any(&mut hand.rng),
        };
        let (record, state) = sanction(world, &mut hand, nth, day);
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    // From last term: the time of probation is over or nearly so.
    for nth in 0..6 {
        let day = world.days.term.start() - Count::new(110 + nth * 4);
        let (mut record, _) = sanction(world, &mut hand, nth as usize, day);
        record.until = Some(world.days.today - Count::new(12 - nth * 2));
        let lifted = nth < 4;
        if lifted {
            record.conduct = Some(LongText(
                "考察期内无违纪，参加校内服务和志愿活动，同学老师评价良好".into(),
            ));
            record.lifted_on = record.until;
        }
        let state = if lifted { "已解除" } else { "考察期" };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

fn sanction(world: &World, hand: &mut Hand, nth: usize, day: NaiveDate) -> (Sanction, &'static str) {
    let days = &world.days;
    let (class, student) = someone(world, hand);
    let (violation, level, article, facts) = CASES[nth % CASES.len()];
    let grave = level == "4";
    let mut record = Sanction {
        student: world.student(student),
        occurred_on: day,
        violation: code(violation),
        level: code(level),
        facts: LongText(facts.into()),
        basis: format!("学生违纪处分办法{article}"),
        evidence: Default::default(),
        proposer: world.staff(world.school.classes[class].head_teacher),
        guardian_told_on: None,
        statement: None,
        hearing: grave,
        heard_on: None,
        hearing_result: None,
        number: None,
        decided_on: None,
        served_on: None,
        until: None,
        appealed_on: None,
        appeal_result: None,
        conduct: None,
        lifted_on: None,
    };
    let Some(told) = later(days, day, 2) else {
        return (record, "待告知");
    };
    record.guardian_told_on = Some(told);
    record.statement = Some(LongText(
        hand.words(&[
            "放弃申辩，承认错误",
            "说明事情经过，希望从轻处理",
            "监护人表示配合学校教育",
        ])
        .into(),
    ));
    if grave {
        let Some(heard) = later(days, told, 7) else {
            return (record, "待听证");
        };
        record.heard_on = Some(heard);
        record.hearing_result = Some(LongText("事实清楚，当事人认错态度好，建议按拟定等次处理".into()));
    }
    let Some(decided) = later(days, told, if grave { 11 } else { 4 }) else {
        return (
            record,
            if grave {
                "待校长办公会"
            } else {
                "待学生处审批"
            },
        );
    };
    record.number = Some(format!("学处〔{}〕{}号", decided.format("%Y"), nth + 3));
    if hand.rng.chance(6) && !grave {
        record.number = None;
        return (record, "不予处分");
    }
    record.decided_on = Some(decided);
    let Some(served) = later(days, decided, 2) else {
        return (record, "待送达");
    };
    record.served_on = Some(served);
    let months = match level {
        "1" => 90,
        "2" => 120,
        _ => 180,
    };
    record.until = Some(served + Count::new(months));
    if nth == APPEAL {
        record.appealed_on = later(days, served, 10);
        return (record, "申诉复核");
    }
    (record, "考察期")
}
