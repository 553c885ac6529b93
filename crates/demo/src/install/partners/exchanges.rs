//! Paired help, guests and visits, journeys abroad.

use anyhow::Result;
use chrono::Days as Count;
use kernel::app::Scope;
use kernel::register::field::Ref;
use partners::{
    AbroadRequest, AidActivity, AidAgreement, AidKind, AidProgramme, ExchangeDirection, ExchangeVisit,
    JourneyKind, PartnerKind,
};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{before, later, passed, teacher, text, yuan};

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let agreements = agreements(scope, world).await?;
    activities(scope, world, &agreements).await?;
    visits(scope, world).await?;
    journeys(scope, world).await
}

async fn agreements(scope: &Scope, world: &World) -> Result<Vec<Uuid>> {
    const LINES: &[(&str, &str, AidProgramme, &str)] = &[
        (
            "河谷县职业技术学校",
            "云岭省河谷县",
            AidProgramme::EastWest,
            "履行中",
        ),
        (
            "松泽县职业中等专业学校",
            "清岚市松泽县",
            AidProgramme::County,
            "履行中",
        ),
        ("望湖镇双桥村", "清岚市北渚县", AidProgramme::Village, "履行中"),
        ("雪原市技工学校", "北原省雪原市", AidProgramme::Team, "待签署"),
        (
            "鹿溪县职业高中",
            "清岚市鹿溪县",
            AidProgramme::Alliance,
            "待校长审批",
        ),
    ];
    let mut hand = Hand::new("aid_agreement");
    let mut batch = Batch::new();
    let mut ids = vec![];
    for (nth, (partner, place, programme, state)) in LINES.iter().enumerate() {
        let drafted = match nth {
            0 => before(world, 420),
            1 | 4 => world.days.in_week(8),
            2 => before(world, 200),
            _ => world.days.in_week(7),
        };
        let signed = *state == "履行中";
        let record = AidAgreement {
            number: format!("帮{}-{:02}", world.days.term.year().0, nth + 1),
            partner: (*partner).into(),
            place: (*place).into(),
            programme: *programme,
            responsible: world.staff(world.head_of("校企合作处")),
            drafted_on: drafted,
            starts_on: later(drafted, 15),
            ends_on: later(drafted, 745),
            tasks: text("选派教师支教，接收骨干教师跟岗，共建一个专业，捐赠闲置实训设备"),
            teachers: hand.rng.between(2, 6).into(),
            trainees: hand.rng.between(20, 80).into(),
            signed_on: signed.then(|| passed(world, drafted, 10)),
            result: None,
            files: Default::default(),
        };
        let id = batch.add_in(
            state,
            &record,
            world.days.at(&mut hand.rng, drafted, OFFICE_HOURS),
        );
        if signed {
            ids.push(id);
        }
    }
    batch.write(scope).await?;
    Ok(ids)
}

async fn activities(scope: &Scope, world: &World, agreements: &[Uuid]) -> Result<()> {
    const LINES: &[(usize, &str, AidKind, u8, u32, u32, u32)] = &[
        (0, "数控专业送教周", AidKind::Teach, 3, 4, 26, 0),
        (0, "骨干教师跟岗学习", AidKind::Receive, 5, 11, 12, 0),
        (0, "挂职副校长到任", AidKind::Post, 2, 60, 0, 0),
        (1, "县校联合教研", AidKind::Research, 9, 0, 34, 0),
        (2, "农产品消费帮扶", AidKind::Consume, 6, 0, 0, 21_600),
        (0, "捐赠教学用计算机", AidKind::Donate, 8, 0, 0, 58_000),
        (1, "会计专业共建研讨", AidKind::Build, 10, 1, 18, 0),
    ];
    let mut hand = Hand::new("aid_activity");
    let mut batch = Batch::new();
    for (agreement, title, kind, week, days, teachers, value) in LINES {
        let starts = world.days.in_week(*week);
        let leader = world.school.departments[hand.rng.below(world.school.departments.len())].head;
        let out = matches!(kind, AidKind::Teach | AidKind::Post | AidKind::Build);
        let record = AidActivity {
            agreement: Ref::new(agreements[*agreement]),
            title: (*title).into(),
            kind: *kind,
            starts_on: starts,
            ends_on: later(starts, *days),
            days: None,
            place: if out { "受援学校" } else { "本校" }.into(),
            leader: world.staff(leader),
            sent: if out { hand.rng.between(1, 4).into() } else { 0 },
            teachers: (*teachers).into(),
            students: if *kind == AidKind::Teach { 120 } else { 0 },
            value: (*value > 0).then(|| yuan(*value)),
            summary: text("按年度任务单开展，双方确认完成情况，下一步安排已商定"),
            result: (*days < 10).then(|| text("形成教学资源和交流记录，受援方反馈良好")),
            files: Default::default(),
        };
        batch.add(&record, world.days.at(&mut hand.rng, starts, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn visits(scope: &Scope, world: &World) -> Result<()> {
    use ExchangeDirection::*;
    const LINES: &[(ExchangeDirection, &str, PartnerKind, &str, &str, u8, &str)] = &[
        (
            Guests,
            "河谷县职业技术学校",
            PartnerKind::School,
            "中国",
            "专业建设与实训管理交流",
            2,
            "已完成",
        ),
        (
            Guests,
            "市人大教科文委",
            PartnerKind::Government,
            "中国",
            "职业教育执法检查调研",
            3,
            "已完成",
        ),
        (
            Guests,
            "省级教学名师",
            PartnerKind::Expert,
            "中国",
            "课程思政专题讲学",
            4,
            "已完成",
        ),
        (
            Out,
            "云陌职业技术学院",
            PartnerKind::School,
            "中国",
            "贯通培养方案对接",
            4,
            "已完成",
        ),
        (
            Online,
            "湄南技术学院",
            PartnerKind::Foreign,
            "泰国",
            "汽修专业线上公开课",
            5,
            "已完成",
        ),
        (
            Guests,
            "清岚市模具行业协会",
            PartnerKind::Enterprise,
            "中国",
            "行业标准进课堂座谈",
            6,
            "已完成",
        ),
        (
            Guests,
            "湄南技术学院",
            PartnerKind::Foreign,
            "泰国",
            "师生技能文化交流",
            7,
            "已完成",
        ),
        (
            Guests,
            "职教集团成员校",
            PartnerKind::School,
            "中国",
            "集团年会筹备",
            8,
            "已完成",
        ),
        (
            Out,
            "松泽县职业中等专业学校",
            PartnerKind::School,
            "中国",
            "联合教研",
            9,
            "待开展",
        ),
        (
            Guests,
            "高校装备制造专家",
            PartnerKind::Expert,
            "中国",
            "工业机器人前沿讲座",
            11,
            "待开展",
        ),
        (
            Guests,
            "友好城市职业学校",
            PartnerKind::Foreign,
            "韩国",
            "烹饪专业短期交流",
            12,
            "待校长审批",
        ),
        (
            Out,
            "北渚交通职业学院",
            PartnerKind::School,
            "中国",
            "实训基地建设考察",
            13,
            "待办公室审批",
        ),
    ];
    let mut hand = Hand::new("exchange_visit");
    let mut batch = Batch::new();
    for (nth, (direction, partner, kind, country, topic, week, state)) in LINES.iter().enumerate() {
        let done = *state == "已完成";
        let day = match done || *week <= 10 {
            true => world.days.in_week(*week),
            false => later(world.days.today, u32::from(*week - 9) * 3),
        };
        let department = nth % world.school.departments.len();
        let guests = i64::from(hand.rng.between(3, 10));
        let budget = hand.rng.between(4, 20) * 100;
        let foreign = *kind == PartnerKind::Foreign;
        let record = ExchangeVisit {
            direction: *direction,
            partner: (*partner).into(),
            kind: *kind,
            country: (*country).into(),
            held_on: day,
            days: if foreign { 2 } else { 1 },
            topic: (*topic).into(),
            guests,
            guide: Some(hand.people.name(crate::Sex::Male)),
            ours: 3,
            department: Some(world.department(department)),
            host: world.staff(teacher(world, &mut hand, department)),
            plan: text("报告厅座谈，参观实训楼，工作餐；接送和场地由办公室协调"),
            letter: (*direction == Guests)
                .then(|| format!("来函〔{}〕{}号", world.days.term.year().0, nth + 3)),
            filing: foreign.then(|| format!("清外备〔{}〕{}号", world.days.term.year().0, nth + 1)),
            budget: yuan(budget),
            cost: done.then(|| yuan(budget * hand.rng.between(60, 99) / 100)),
            summary: done.then(|| text("按方案完成，双方就下一步合作交换意见，形成纪要")),
            outcome: (done && nth % 3 == 0).then(|| text("签署合作意向书")),
            files: Default::default(),
            foreign: None,
        };
        let asked = world
            .days
            .at_or_before((day - Count::new(6)).min(world.days.today));
        batch.add_in(state, &record, world.days.at(&mut hand.rng, asked, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn journeys(scope: &Scope, world: &World) -> Result<()> {
    const LINES: &[(JourneyKind, &str, &str, u8, &str)] = &[
        (JourneyKind::Official, "43", "德国", 2, "已办结"),
        (JourneyKind::Private, "61", "新加坡", 4, "已办结"),
        (JourneyKind::Official, "42", "泰国", 8, "待交证"),
        (JourneyKind::Private, "60", "日本", 9, "待交证"),
        (JourneyKind::Official, "40", "马来西亚", 12, "已批准"),
        (JourneyKind::Private, "61", "澳大利亚", 14, "待人事处审批"),
        (JourneyKind::Private, "60", "中国香港", 15, "未批准"),
    ];
    let mut hand = Hand::new("abroad_request");
    let mut batch = Batch::new();
    for (nth, (kind, purpose, destination, week, state)) in LINES.iter().enumerate() {
        let back = matches!(*state, "已办结" | "待交证");
        let official = *kind == JourneyKind::Official;
        let leaves = match back {
            true => world.days.in_week(*week),
            false => later(world.days.today, u32::from(*week) * 2),
        };
        let returns = later(leaves, if official { 6 } else { 8 });
        let returned = if back {
            Some(returns.min(world.days.today))
        } else {
            None
        };
        let closed = *state == "已办结";
        let record = AbroadRequest {
            staff: world.staff(teacher(world, &mut hand, nth % 6)),
            kind: *kind,
            purpose: code(purpose),
            destination: (*destination).into(),
            inviter: official.then(|| "友好职业院校".into()),
            leaves_on: leaves,
            returns_on: returns,
            days: None,
            itinerary: text(if official {
                "按任务批件行程参加研修和院校交流，不绕道不延期"
            } else {
                "假期探亲旅游，费用自理"
            }),
            budget: official.then(|| yuan(hand.rng.between(18, 42) * 1_000)),
            cover: text("课程由同教研室教师代，回国后补齐实训指导"),
            classified: nth == 4,
            approval: official.then(|| format!("清外〔{}〕{}号", world.days.term.year().0, 10 + nth)),
            published_on: official.then(|| leaves - Count::new(20)),
            returned_on: returned,
            passport_on: returned.filter(|_| closed).map(|day| passed(world, day, 4)),
            report: closed.then(|| text("完成研修（行程）任务，证件按时交回，无违纪情况")),
            files: Default::default(),
        };
        let asked = world
            .days
            .at_or_before((leaves - Count::new(25)).min(world.days.today));
        batch.add_in(state, &record, world.days.at(&mut hand.rng, asked, OFFICE_HOURS));
    }
    batch.write(scope).await
}
