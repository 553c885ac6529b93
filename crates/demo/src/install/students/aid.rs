//! Aid (资助): recognition of need, grants and their payment, work-study.

use std::collections::HashMap;

use anyhow::Result;
use calendar::Every;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::args;
use kernel::register::field::{Decimal, LongText, Money, Ref};
use studentlife::{AidGrant, Hardship, SpecialGroup, WorkStudy};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::later;
use crate::Unit;

const CAUSES: &[(&str, &str, &str)] = &[
    ("3", "3", "父亲长期患病，家庭主要靠母亲务工"),
    ("1", "4", "父母所在企业停产，收入减少"),
    ("1", "1", "今年夏季受灾，农作物减产"),
    ("4", "9", "随祖父母生活，收入来源少"),
    ("8", "3", "家中两人长期服药，医疗支出大"),
    ("1", "2", "家人意外受伤，治疗费用高"),
];
/// Posts of work-study: name, sort, office.
const POSTS: &[(&str, &str, &str)] = &[
    ("图书整理员", "3", "教务处"),
    ("机房协管员", "3", "信息中心"),
    ("实训室整理员", "1", "实训处"),
    ("校园广播站助理", "3", "团委"),
    ("餐厅秩序引导员", "4", "总务处"),
    ("档案整理助理", "3", "办公室"),
];

/// A student whose need was recognised.
struct Needy {
    student: usize,
    hardship: Uuid,
    level: String,
}

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("aid");
    let needy = recognised(scope, world, &mut hand).await?;
    grants(scope, world, &mut hand, &needy).await?;
    work(scope, world, &mut hand, &needy).await
}

/// The need the roll says, by student; recognition agrees with it.
async fn levels(scope: &Scope) -> Result<HashMap<Uuid, String>> {
    let sql = "select id, f_hardship from r_student where school_id = $1 and f_hardship is not null";
    let rows = scope.db().all(sql, args![scope.school]).await?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}

async fn recognised(scope: &Scope, world: &World, hand: &mut Hand) -> Result<Vec<Needy>> {
    let levels = levels(scope).await?;
    let days = &world.days;
    let mut batch = Batch::new();
    let mut needy = vec![];
    for pupils in &world.pupils {
        for student in pupils {
            let level = levels
                .get(&world.ids.students[*student])
                .map_or("3", String::as_str);
            let denied = level == "3";
            if denied && !hand.rng.chance(1) {
                continue;
            }
            // Almost all applied in the first weeks, some when something had befallen them.
            let late = hand.rng.chance(6);
            let week = hand.rng.between(1, 2) as u8;
            let day = match late {
                true => days.any(&mut hand.rng),
                false => days.in_week(week),
            };
            let (record, state) = hardship(world, hand, (*student, level), day);
            let id = batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
            if state == "已认定" {
                needy.push(Needy {
                    student: *student,
                    hardship: id,
                    level: level.into(),
                });
            }
        }
    }
    batch.write(scope).await?;
    Ok(needy)
}

fn hardship(
    world: &World,
    hand: &mut Hand,
    (student, level): (usize, &str),
    day: NaiveDate,
) -> (Hardship, &'static str) {
    let days = &world.days;
    let (family, cause, need) = *hand.rng.pick(CAUSES);
    let yuan = match level {
        "1" => hand.rng.between(350, 640),
        "21" => hand.rng.between(650, 850),
        "22" => hand.rng.between(860, 1000),
        _ => hand.rng.between(1600, 2400),
    };
    let special = match level {
        "1" => *hand.rng.pick(&[
            SpecialGroup::Allowance,
            SpecialGroup::Relieved,
            SpecialGroup::Disabled,
        ]),
        _ => SpecialGroup::None,
    };
    let mut record = Hardship {
        student: world.student(student),
        applied_on: day,
        school_year: None,
        special,
        family: code(family),
        cause: code(cause),
        persons: i64::from(hand.rng.between(3, 6)),
        income: Money(i64::from(yuan) * 100),
        need: LongText(need.into()),
        proof: Default::default(),
        opinion: None,
        level: None,
        notice_from: None,
        notice_to: None,
        decided_on: None,
    };
    if later(days, day, 6).is_none() {
        return (record, "待评议");
    }
    record.opinion = Some(LongText("班级评议小组讨论，情况属实".into()));
    record.level = Some(code(level));
    let Some(from) = later(days, day, 12) else {
        return (record, "待审核");
    };
    if level == "3" {
        return (record, "未认定");
    }
    record.notice_from = Some(from);
    record.notice_to = Some(from + Count::new(6));
    let Some(decided) = later(days, from, 8) else {
        return (record, "公示中");
    };
    record.decided_on = Some(decided);
    (record, "已认定")
}

async fn grants(scope: &Scope, world: &World, hand: &mut Hand, needy: &[Needy]) -> Result<()> {
    let mut batch = Batch::new();
    let days = &world.days;
    for who in needy {
        let day = days.in_week(5);
        let yuan = match who.level.as_str() {
            "1" => 1650,
            "21" => 1150,
            _ => 650,
        };
        let mut record = blank(world, who.student, day);
        record.hardship = Some(Ref::new(who.hardship));
        record.amount = Money(yuan * 100);
        let state = pursue(world, hand, &mut record);
        batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
        if hand.rng.chance(4) {
            let day = days.any(&mut hand.rng);
            let mut record = blank(world, who.student, day);
            record.name = "临时困难补助".into();
            record.kind = code("5");
            record.hardship = Some(Ref::new(who.hardship));
            record.standard = "一次性500元至2000元".into();
            record.sponsor = "学校".into();
            record.funding = code("5");
            record.amount = Money(i64::from(hand.rng.between(5, 20)) * 10_000);
            let state = pursue(world, hand, &mut record);
            batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    // Scholarships for the best of the second and third years.
    for (class, pupils) in world.pupils.iter().enumerate() {
        if world.school.classes[class].entry_year >= days.term.year().0 || pupils.is_empty() {
            continue;
        }
        let national = class % 9 == 4;
        let day = days.in_week(4);
        let mut record = blank(world, *hand.rng.pick(pupils), day);
        record.kind = code("1");
        record.rank = Some(Decimal(i64::from(hand.rng.between(10, 48))));
        record.need = LongText("品学兼优，专业技能突出".into());
        (record.name, record.standard, record.amount) = match national {
            true => (
                "中等职业教育国家奖学金".into(),
                "每生每年6000元".into(),
                Money(600_000),
            ),
            false => ("学校奖学金".into(), "一等800元，二等500元".into(), Money(80_000)),
        };
        (record.sponsor, record.funding) = match national {
            true => ("中央财政".into(), code("1")),
            false => ("学校".into(), code("5")),
        };
        let state = pursue(world, hand, &mut record);
        batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

/// A request for the national grant.
fn blank(world: &World, student: usize, day: NaiveDate) -> AidGrant {
    AidGrant {
        student: world.student(student),
        name: "国家助学金".into(),
        kind: code("2"),
        hardship: None,
        standard: "平均每生每学年2300元，分三档，按学期发放".into(),
        sponsor: "中央和地方财政".into(),
        funding: code("1"),
        applied_on: day,
        school_year: None,
        term: None,
        amount: Money(0),
        need: LongText("家庭经济困难，申请助学金用于生活费".into()),
        rank: None,
        notice_from: None,
        notice_to: None,
        decided_on: None,
        decision: None,
        account: None,
        batch: None,
        paid_on: None,
    }
}

/// Takes a request as far as its age allows.
fn pursue(world: &World, hand: &mut Hand, record: &mut AidGrant) -> &'static str {
    let days = &world.days;
    let day = record.applied_on;
    if later(days, day, 4).is_none() {
        return "待评议";
    }
    let Some(from) = later(days, day, 8) else {
        return "待审核";
    };
    if hand.rng.chance(2) {
        record.decided_on = Some(from);
        record.decision = Some(code("2"));
        return "未通过";
    }
    record.notice_from = Some(from);
    record.notice_to = Some(from + Count::new(6));
    let Some(decided) = later(days, from, 8) else {
        return "公示中";
    };
    record.decided_on = Some(decided);
    let slow = hand.rng.chance(3);
    let Some(paid) = later(days, decided, 10).filter(|_| !slow) else {
        return "待发放";
    };
    record.batch = Some(format!("{}-1", paid.format("%Y%m")));
    record.paid_on = Some(paid);
    "已发放"
}

async fn work(scope: &Scope, world: &World, hand: &mut Hand, needy: &[Needy]) -> Result<()> {
    let mut batch = Batch::new();
    let days = &world.days;
    let own: Vec<&Needy> = needy.iter().step_by(15).take(24).collect();
    for window in days.windows(1, Every::Month) {
        if !days.is_past(&window) {
            continue;
        }
        let Some(day) = days.between(window.from, window.to).last().copied() else {
            continue;
        };
        for (nth, who) in own.iter().enumerate() {
            let (post, kind, office) = POSTS[nth % POSTS.len()];
            let paid = later(days, day, 28);
            let record = WorkStudy {
                student: world.student(who.student),
                post: post.into(),
                kind: code(kind),
                unit: Ref::new(world.unit_id(Unit::Office(world.office(office)))),
                supervisor: world.staff(*hand.rng.pick(&world.office_staff(office))),
                worked_until: day,
                month: None,
                hours: Decimal(i64::from(hand.rng.between(16, 60)) * 5),
                rate: Money(1_500),
                pay: None,
                remark: Some(LongText("认真负责，按时到岗".into())),
                paid_on: paid,
            };
            let state = match paid {
                Some(_) => "已发放",
                None if hand.rng.chance(60) => "待审核",
                None => "待发放",
            };
            batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}
