//! Clues of bullying (欺凌处置) and the surveys that look for them (防欺凌排查).

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::app::Scope;
use kernel::register::field::LongText;
use studentlife::{Bullying, BullyingKind, BullyingSurvey, ReportedBy, Verdict};

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{later, someone};

/// What was noticed, where, how it was reported and what it turned out to be.
const CASES: &[(&str, &str, BullyingKind, ReportedBy, Verdict)] = &[
    (
        "同学反映其长期被起绰号，课间多次被围着取笑",
        "教室",
        BullyingKind::Words,
        ReportedBy::Peer,
        Verdict::Minor,
    ),
    (
        "两名学生因排队插队推搡，一人手臂擦伤",
        "餐厅",
        BullyingKind::Body,
        ReportedBy::Teacher,
        Verdict::Conflict,
    ),
    (
        "班级群里有人连续发布针对一名同学的嘲讽图片",
        "网络",
        BullyingKind::Online,
        ReportedBy::Parent,
        Verdict::Minor,
    ),
    (
        "宿舍成员约定不与一名同学说话，物品被挪到走廊",
        "宿舍",
        BullyingKind::Exclusion,
        ReportedBy::Self_,
        Verdict::Minor,
    ),
    (
        "问卷中有学生写到被索要零花钱，未署名",
        "校内超市附近",
        BullyingKind::Property,
        ReportedBy::Survey,
        Verdict::None,
    ),
    (
        "球场争抢后言语冲突，双方互骂",
        "篮球场",
        BullyingKind::Words,
        ReportedBy::Teacher,
        Verdict::Conflict,
    ),
    (
        "多次被同一名高年级学生索要饮料和零钱",
        "操场看台",
        BullyingKind::Property,
        ReportedBy::Self_,
        Verdict::Serious,
    ),
    (
        "信箱来信称有人偷拍同学睡觉照片传看",
        "宿舍",
        BullyingKind::Online,
        ReportedBy::Letter,
        Verdict::Minor,
    ),
    (
        "实训分组时一名学生总被排除在外",
        "实训车间",
        BullyingKind::Exclusion,
        ReportedBy::Teacher,
        Verdict::Conflict,
    ),
    (
        "监控显示三人在楼梯间围住一人",
        "楼梯间",
        BullyingKind::Body,
        ReportedBy::Camera,
        Verdict::None,
    ),
    (
        "家长反映孩子书包被多次藏匿",
        "教室",
        BullyingKind::Property,
        ReportedBy::Parent,
        Verdict::Conflict,
    ),
    (
        "晚自习后被几名同学起哄模仿口音",
        "教学楼走廊",
        BullyingKind::Words,
        ReportedBy::Peer,
        Verdict::Minor,
    ),
];
/// Of these, the one that nobody pursued in time.
const LATE: usize = 8;
/// Of a hundred classes, those surveyed.
const SURVEYED: u32 = 93;

/// Writes clues and surveys.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("bullying");
    let mut cases = Batch::new();
    let days = &world.days;
    let spread = days.age(days.term.start()).max(12) / CASES.len() as i64;
    for nth in 0..CASES.len() {
        let age = match nth {
            LATE => 16,
            _ => (CASES.len() - nth) as i64 * spread - 3,
        };
        let day = days.at_or_before(days.today - chrono::Duration::days(age));
        let (record, state) = case(world, &mut hand, nth, day);
        let at: DateTime<Utc> = days.at(&mut hand.rng, day, OFFICE_HOURS);
        cases.add_in(state, &record, at);
    }
    cases.write(scope).await?;
    let mut surveys = Batch::new();
    for class in 0..world.school.classes.len() {
        let week = hand.rng.between(3, 6) as u8;
        let Some(day) = hand.day(days.week(week)).filter(|_| hand.rng.chance(SURVEYED)) else {
            continue;
        };
        let record = survey(world, &mut hand, class, day);
        surveys.add(&record, days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    surveys.write(scope).await
}

fn case(world: &World, hand: &mut Hand, nth: usize, day: NaiveDate) -> (Bullying, &'static str) {
    let days = &world.days;
    let (account, place, kind, reported_by, verdict) = CASES[nth];
    let (class, victim) = someone(world, hand);
    let other = *hand.rng.pick(&world.pupils[class]);
    let name = |student: usize| {
        let student = &world.school.students[student];
        format!("{}（{}）", student.name, world.school.classes[student.class].name)
    };
    let handler = match hand.rng.chance(60) {
        true => world.school.classes[class].head_teacher,
        false => *hand.rng.pick(&world.office_staff("学生处")),
    };
    let mut record = Bullying {
        found_on: day,
        reported_by,
        kind,
        place: place.into(),
        class: Some(world.class(class)),
        victims: name(victim),
        suspects: (verdict != Verdict::None && other != victim).then(|| name(other)),
        account: LongText(account.into()),
        first_step: LongText(
            hand.words(&[
                "当场制止，分开安置并安抚",
                "通知班主任到场，分别谈话",
                "调整座位和床位，安排同学陪伴",
            ])
            .into(),
        ),
        handler: world.staff(handler),
        due: None,
        guardians_told_on: later(days, day, 0),
        investigated_on: None,
        findings: None,
        evidence: Default::default(),
        verdict: None,
        decided_on: None,
        decision: None,
        authorities_on: None,
        followed_on: None,
        follow_up: None,
    };
    let took = hand.rng.between(3, 9);
    let Some(investigated) = later(days, day, took).filter(|_| nth != LATE) else {
        return (record, "待调查");
    };
    record.investigated_on = Some(investigated);
    record.findings = Some(LongText(
        "分别询问当事学生和在场同学，调取相关材料，双方监护人到校参与，情况已核清".into(),
    ));
    let Some(decided) = later(days, investigated, 3) else {
        return (record, "待认定");
    };
    record.verdict = Some(verdict);
    record.decided_on = Some(decided);
    record.decision = Some(LongText(
        match verdict {
            Verdict::None => "查无实据，向报告人反馈，继续关注",
            Verdict::Conflict => "属一般矛盾，组织双方和解，班主任跟进",
            Verdict::Minor => "批评训诫，书面道歉，参加校内服务，双方分别安排心理辅导",
            Verdict::Serious => "给予处分，移送情况报告公安机关和教育行政部门，安排法治教育和心理干预",
        }
        .into(),
    ));
    record.authorities_on = (verdict == Verdict::Serious).then_some(decided);
    if matches!(verdict, Verdict::None | Verdict::Conflict) {
        return (record, "不构成欺凌");
    }
    let Some(followed) = later(days, decided, hand.rng.between(14, 28)) else {
        return (record, "跟踪辅导");
    };
    record.followed_on = Some(followed);
    record.follow_up = Some(LongText(
        "回访两次，双方相处正常，受害学生情绪平稳，家长表示认可".into(),
    ));
    (record, "已结案")
}

fn survey(world: &World, hand: &mut Hand, class: usize, day: NaiveDate) -> BullyingSurvey {
    let students = world.pupils[class].len() as i64;
    let clues = i64::from(hand.rng.chance(8));
    BullyingSurvey {
        class: world.class(class),
        surveyed_on: day,
        organiser: world.staff(world.school.classes[class].head_teacher),
        handed_out: students,
        valid: students - i64::from(hand.rng.between(0, 4)),
        interviewed: i64::from(hand.rng.between(4, 10)),
        clues,
        passed_on: clues,
        lesson: Some(LongText(
            "学习未成年人保护法有关条款，讲清什么是欺凌、遇到时向谁求助".into(),
        )),
        measures: (clues > 0).then(|| LongText("线索已报学生处，班级加强课间和宿舍巡看".into())),
    }
}
