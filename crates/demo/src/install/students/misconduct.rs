//! Early signs of misconduct (不良行为干预) and what came of the guidance.

use anyhow::Result;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::register::field::LongText;
use studentlife::{Effect, Measures, Misconduct, MisconductKind, NoticedBy};

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{later, someone};

/// Students who need guidance this term.
const STUDENTS: usize = 38;
const KINDS: &[(MisconductKind, NoticedBy, &str)] = &[
    (
        MisconductKind::Smoking,
        NoticedBy::Duty,
        "课间在卫生间吸烟，值班教师发现",
    ),
    (
        MisconductKind::Network,
        NoticedBy::ClassTeacher,
        "连续熬夜打游戏，上午课上昏睡",
    ),
    (
        MisconductKind::Truancy,
        NoticedBy::Lesson,
        "一周内三次缺课，去向说不清",
    ),
    (
        MisconductKind::Night,
        NoticedBy::Dormitory,
        "周五晚未回宿舍也未回家，次日才联系上",
    ),
    (
        MisconductKind::Company,
        NoticedBy::Parent,
        "周末与校外闲散人员来往，家长担心",
    ),
    (MisconductKind::Smoking, NoticedBy::Dormitory, "宿舍查出电子烟"),
    (MisconductKind::Venue, NoticedBy::Peer, "节假日出入酒吧，同学反映"),
    (
        MisconductKind::Network,
        NoticedBy::Parent,
        "手机使用无节制，与家人冲突",
    ),
    (
        MisconductKind::Gambling,
        NoticedBy::ClassTeacher,
        "参与手机小额竞猜，向同学借钱",
    ),
];

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("misconduct");
    let mut batch = Batch::new();
    for nth in 0..STUDENTS {
        let day = world.days.any(&mut hand.rng);
        let (record, state) = watch(world, &mut hand, nth, day);
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

fn watch(world: &World, hand: &mut Hand, nth: usize, day: NaiveDate) -> (Misconduct, &'static str) {
    let days = &world.days;
    let (class, student) = someone(world, hand);
    let (kind, noticed_by, detail) = KINDS[nth % KINDS.len()];
    let mut record = Misconduct {
        student: world.student(student),
        found_on: day,
        kind,
        noticed_by,
        detail: LongText(detail.into()),
        tutor: world.staff(world.school.classes[class].head_teacher),
        guardian_told_on: Some(day),
        measure: None,
        plan: None,
        review_on: None,
        reviewed_on: None,
        effect: None,
        result: None,
        referred_to: None,
        referred_on: None,
    };
    if later(days, day, 4).is_none() {
        return (record, "待干预");
    }
    record.measure = Some(match hand.rng.between(1, 100) {
        1..=35 => Measures::Admonish,
        36..=55 => Measures::Rules,
        56..=75 => Measures::Course,
        76..=90 => Measures::Guidance,
        _ => Measures::Service,
    });
    record.plan = Some(LongText(
        "班主任每日谈话五分钟，任课教师反馈课堂表现，家长每周末回访，约定小目标并及时鼓励".into(),
    ));
    if nth == 3 {
        record.referred_to = Some("辖区派出所".into());
        record.referred_on = later(days, day, 1);
        return (record, "已移送");
    }
    // A few reviews are overdue.
    let late = hand.rng.chance(8);
    let Some(reviewed) = later(days, day, hand.rng.between(24, 30)).filter(|_| !late) else {
        return (record, "帮教中");
    };
    let better = hand.rng.chance(72);
    record.reviewed_on = Some(reviewed);
    record.effect = Some(if better { Effect::Better } else { Effect::Some });
    record.result = Some(LongText("能遵守约定，违纪次数明显减少，家长配合".into()));
    if better {
        return (record, "已改善");
    }
    record.review_on = Some(days.today + chrono::Days::new(10));
    (record, "帮教中")
}
