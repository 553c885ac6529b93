//! Safety lessons (安全教育): every class, every week, with the gaps that a duty board is there to show.

use anyhow::Result;
use calendar::Every;
use chrono::NaiveDate;
use kernel::app::Scope;
use safety::{LessonKind, LessonSubject, SafetyLesson};

use super::days::OFFICE_HOURS;
use super::people::code;
use super::world::{Hand, World, clip};
use super::write::Batch;

/// Classes that fall behind: index, and the weeks in which they kept nothing.
const SLACK: &[(usize, &[u8])] = &[(7, &[6, 9]), (23, &[8]), (41, &[4, 10]), (55, &[10])];
/// Of a hundred lessons owed, those kept.
const KEPT: u32 = 98;
/// Of a hundred lessons owed in the running week, those kept so far.
const KEPT_SO_FAR: u32 = 40;
/// Regular lessons owed a week.
const REGULAR: usize = 2;

/// Writes the lessons.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("safety_lesson");
    let mut batch = Batch::new();
    let days = &world.days;
    for week in days.weeks() {
        let taught = days.week(week);
        if taught.is_empty() {
            continue;
        }
        let topic = hand.texts.safety_topic();
        let running = days.term.week_of(days.today) == Some(week);
        for class in 0..world.school.classes.len() {
            if SLACK
                .iter()
                .any(|(slack, weeks)| *slack == class && weeks.contains(&week))
            {
                continue;
            }
            let kept = if running { KEPT_SO_FAR } else { KEPT };
            if hand.rng.chance(kept) {
                let day = *hand.rng.pick(taught);
                add(
                    world,
                    &mut hand,
                    &mut batch,
                    (class, day, LessonKind::Special),
                    &topic,
                );
            }
            for nth in 0..REGULAR {
                if hand.rng.chance(kept) {
                    // Spread over the week, in a short week on the days there are.
                    let half = taught.len().div_ceil(REGULAR);
                    let part = taught.chunks(half).nth(nth).unwrap_or(taught);
                    let day = *hand.rng.pick(part);
                    let reminder = hand.texts.safety_reminder();
                    add(
                        world,
                        &mut hand,
                        &mut batch,
                        (class, day, LessonKind::Regular),
                        &reminder,
                    );
                }
            }
        }
    }
    for window in days.windows(1, Every::BeforeHoliday) {
        let taught = days.between(window.from, window.to);
        let topic = format!("{}离校前安全提醒", window.label.trim_end_matches('前'));
        for class in 0..world.school.classes.len() {
            let kept = if days.is_past(&window) { 97 } else { KEPT_SO_FAR };
            if !taught.is_empty() && hand.rng.chance(kept) {
                let day = taught[taught.len() - 1];
                add(
                    world,
                    &mut hand,
                    &mut batch,
                    (class, day, LessonKind::Holiday),
                    &topic,
                );
            }
        }
    }
    batch.write(scope).await
}

fn add(
    world: &World,
    hand: &mut Hand,
    batch: &mut Batch<SafetyLesson>,
    (class, day, kind): (usize, NaiveDate, LessonKind),
    topic: &str,
) {
    let expected = world.pupils[class].len() as i64;
    let absent = if hand.rng.chance(14) {
        hand.rng.between(1, 2)
    } else {
        0
    };
    let (minutes, content) = match kind {
        LessonKind::Special => (
            hand.rng.between(8, 9) * 5,
            Some("看短片、讲案例、当场问答，课后每人写一条提醒"),
        ),
        LessonKind::Regular => (hand.rng.between(1, 3) * 5, None),
        LessonKind::Holiday => (
            hand.rng.between(6, 8) * 5,
            Some("交通、防火、防溺水、防诈骗，发放告家长书并收回执"),
        ),
    };
    let record = SafetyLesson {
        class: world.class(class),
        held_on: day,
        kind,
        form: code(if kind == LessonKind::Special && hand.rng.chance(20) {
            "2"
        } else {
            "1"
        }),
        subject: match kind {
            LessonKind::Holiday => LessonSubject::Travel,
            _ => subject_of(topic),
        },
        topic: clip(topic, 60),
        minutes: minutes.into(),
        expected,
        present: expected - i64::from(absent),
        teacher: world.staff(world.school.classes[class].head_teacher),
        content: content.map(|words| kernel::register::field::LongText(words.into())),
        files: Default::default(),
    };
    batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
}

/// The subject a topic belongs to, by its words.
fn subject_of(topic: &str) -> LessonSubject {
    use LessonSubject as S;
    const WORDS: &[(&[&str], S)] = &[
        (&["溺水", "河道"], S::Water),
        (&["诈骗", "校园贷", "陌生链接"], S::Fraud),
        (&["欺凌"], S::Bullying),
        (&["毒品"], S::Drugs),
        (&["实训", "实习", "机床", "危险化学品"], S::Training),
        (&["用电", "触电", "电热毯", "断电"], S::Electric),
        (&["火"], S::Fire),
        (&["食", "流感", "传染病", "药品"], S::Food),
        (&["网络", "上网", "网上", "未经证实"], S::Network),
        (&["心理"], S::Mental),
        (&["地震", "雷雨", "踩踏"], S::Disaster),
        (&["住校生", "公寓", "宿舍"], S::Dormitory),
        (&["骑", "乘车", "车辆", "路滑", "电动车"], S::Traffic),
        (&["返校", "返家", "假期"], S::Travel),
    ];
    WORDS
        .iter()
        .find(|(words, _)| words.iter().any(|word| topic.contains(word)))
        .map_or(S::Other, |(_, subject)| *subject)
}
