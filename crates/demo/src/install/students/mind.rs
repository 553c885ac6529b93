//! Counselling (心理咨询记录), crises (心理危机预警) and the yearly screening (心理健康测评).

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::LongText;
use studentlife::{
    AlertLevel, Counselling, Crisis, CrisisLevel, CrisisSource, MentalScreening, Referral, Session, Topic,
};

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{later, someone};

const TALKS: &[(Topic, &str, &str)] = &[
    (
        Topic::Peers,
        "人际关系，宿舍",
        "谈与室友的相处，练习表达自己的感受",
    ),
    (
        Topic::Study,
        "学业压力，专业课",
        "对实训考核紧张，学习呼吸放松和任务分解",
    ),
    (Topic::Family, "亲子沟通", "与父亲沟通少，约定每周一次主动通话"),
    (
        Topic::Mood,
        "情绪低落，睡眠",
        "近期睡眠差，记录情绪日记，约定复访",
    ),
    (Topic::Adapt, "新生适应", "想家，不适应住校，介绍社团和同伴支持"),
    (Topic::Self_, "自我评价", "觉得自己什么都做不好，梳理已有的长处"),
    (Topic::Career, "升学与就业", "对春考和就业犹豫，做兴趣与能力梳理"),
    (Topic::Love, "青春期情感", "分手后情绪波动，讨论边界和自我照顾"),
];
const GROUPS: &[(&str, &str)] = &[
    (
        "新生适应，团队",
        "新生适应团体辅导：认识新伙伴，写给一个月后的自己",
    ),
    ("情绪管理", "情绪管理团体辅导：情绪温度计与求助地图"),
    ("考试焦虑", "考前减压团体辅导：放松训练与时间规划"),
    ("人际沟通", "人际沟通团体辅导：非暴力表达练习"),
];
const SIGNS: &[&str] = &[
    "连续多日沉默，不愿参加集体活动，作文中流露消极想法",
    "近两周食欲和睡眠明显变差，多次趴桌流泪",
    "与家人激烈冲突后情绪失控，扬言离家",
    "手腕有新的划痕，长袖遮挡，回避询问",
    "测评提示风险，面谈时对未来不抱希望",
    "亲人去世后长期走神，成绩骤降",
];
/// Alerts of the term.
const CRISES: usize = 9;

/// Writes all three.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("counselling");
    let counsellor = world.office_staff("学生处")[1];
    let days = &world.days;
    let mut talks = Batch::new();
    for week in days.weeks() {
        let taught = days.week(week);
        let Some(first) = taught.first() else { continue };
        for _ in 0..hand.rng.between(6, 9) {
            let day = *hand.rng.pick(taught);
            let record = talk(world, &mut hand, counsellor, day);
            talks.add(&record, days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
        if week % 3 == 1 {
            let record = group(world, &mut hand, counsellor, *first, usize::from(week / 3));
            talks.add(&record, days.at(&mut hand.rng, *first, OFFICE_HOURS));
        }
    }
    talks.write(scope).await?;
    let mut crises = Batch::new();
    for nth in 0..CRISES {
        // The last was reported yesterday and waits for its assessment.
        let day = match nth {
            0 => days.at_or_before(days.today - Count::new(2)),
            _ => days.any(&mut hand.rng),
        };
        let (record, state) = crisis(world, &mut hand, nth, day);
        crises.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    crises.write(scope).await?;
    let mut screenings = Batch::new();
    for class in 0..world.school.classes.len() {
        let week = hand.rng.between(4, 7) as u8;
        let Some(day) = hand.day(days.week(week)).filter(|_| hand.rng.chance(95)) else {
            continue;
        };
        let record = screening(world, &mut hand, class, (counsellor, day));
        screenings.add(&record, days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    screenings.write(scope).await
}

fn talk(world: &World, hand: &mut Hand, counsellor: usize, day: NaiveDate) -> Counselling {
    let (_, student) = someone(world, hand);
    let (topic, keywords, content) = *hand.rng.pick(TALKS);
    let watched = hand.rng.chance(14);
    Counselling {
        held_on: day,
        session: Session::Single,
        student: Some(world.student(student)),
        persons: 1,
        booked: Some(1),
        minutes: 50,
        topic,
        keywords: keywords.into(),
        level: if watched {
            AlertLevel::Watch
        } else {
            AlertLevel::Ordinary
        },
        counsellor: world.staff(counsellor),
        content: LongText(content.into()),
        assessment: watched.then(|| LongText("有一定困扰，未见危险因素，两周内复访".into())),
        next_on: (watched || hand.rng.chance(30)).then(|| day + Count::new(14)),
    }
}

fn group(world: &World, hand: &mut Hand, counsellor: usize, day: NaiveDate, nth: usize) -> Counselling {
    let (keywords, content) = GROUPS[nth % GROUPS.len()];
    Counselling {
        held_on: day,
        session: Session::Group,
        student: None,
        persons: i64::from(hand.rng.between(28, 42)),
        booked: None,
        minutes: 80,
        topic: Topic::Adapt,
        keywords: keywords.into(),
        level: AlertLevel::Ordinary,
        counsellor: world.staff(counsellor),
        content: LongText(content.into()),
        assessment: None,
        next_on: None,
    }
}

fn crisis(world: &World, hand: &mut Hand, nth: usize, day: NaiveDate) -> (Crisis, &'static str) {
    let days = &world.days;
    let (class, student) = someone(world, hand);
    let screened = nth % 3 == 1;
    let mut record = Crisis {
        student: world.student(student),
        found_on: day,
        source: if screened {
            CrisisSource::Screening
        } else {
            CrisisSource::ClassTeacher
        },
        reporter: world.staff(world.school.classes[class].head_teacher),
        signs: LongText(SIGNS[nth % SIGNS.len()].into()),
        first_step: Some(LongText("安排同学和教师陪伴，收好尖锐物品，联系家长".into())),
        guardian_told_on: Some(day),
        level: None,
        assessment: None,
        plan: None,
        review_on: None,
        referral: None,
        referred_on: None,
        papers: Default::default(),
        closed_on: None,
        outcome: None,
    };
    if nth == 0 || later(days, day, 1).is_none() {
        return (record, "待评估");
    }
    record.assessment = Some(LongText("面谈评估：有情绪困扰，社会支持尚可".into()));
    if nth == 4 {
        return (record, "未达预警");
    }
    record.level = Some(match nth {
        2 => CrisisLevel::Red,
        3 | 6 => CrisisLevel::Orange,
        _ => CrisisLevel::Yellow,
    });
    record.plan = Some(LongText(
        "每周一次咨询，班主任每日观察，家长共同陪护，宿舍安排知心同伴".into(),
    ));
    record.review_on = Some(days.today + Count::new(7));
    if nth == 2 || nth == 6 {
        record.referral = Some(if nth == 2 {
            Referral::Hospital
        } else {
            Referral::Clinic
        });
        record.referred_on = later(days, day, 1);
        return (record, "已转介");
    }
    match later(days, day, 28) {
        Some(closed) => {
            record.closed_on = Some(closed);
            record.outcome = Some(LongText(
                "连续三次复评平稳，家长和班主任反馈良好，转入日常关注".into(),
            ));
            (record, "已解除")
        }
        None => (record, "干预中"),
    }
}

fn screening(
    world: &World,
    hand: &mut Hand,
    class: usize,
    (organiser, day): (usize, NaiveDate),
) -> MentalScreening {
    let expected = world.pupils[class].len() as i64;
    let flagged = i64::from(hand.rng.between(0, 4));
    let open = hand.rng.chance(20) && flagged > 0;
    MentalScreening {
        class: world.class(class),
        tested_on: day,
        school_year: None,
        scale: "中学生心理健康量表".into(),
        organiser: world.staff(organiser),
        expected,
        tested: expected - i64::from(hand.rng.between(0, 2)),
        flagged,
        interviewed: flagged - i64::from(open),
        consented: true,
        measures: (flagged > 0).then(|| LongText("逐一面谈，按结果分级跟进，面谈情况记入咨询记录".into())),
    }
}
