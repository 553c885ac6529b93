//! Teaching research (教研活动): every group every month, with gaps.

use anyhow::Result;
use calendar::Every;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};
use teaching::{ResearchActivity, ResearchKind, ResearchTopic};

use super::days::OFFICE_HOURS;
use super::world::{Hand, World, clip};
use super::write::Batch;
use crate::Unit;
use crate::catalog::RoomKind;

/// Groups that left out a month: group and month of the term.
const MISSED: &[(usize, usize)] = &[(8, 0), (10, 1), (15, 1)];

/// Writes the activities.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("research_activity");
    let mut batch = Batch::new();
    for (month, window) in world.days.windows(1, Every::Month).iter().enumerate() {
        let past = world.days.is_past(window);
        for group in 0..world.school.groups.len() {
            if MISSED.contains(&(group, month)) || !(past || hand.rng.chance(45)) {
                continue;
            }
            // The monthly theme, and the preparation that most groups hold as well.
            let second = if hand.rng.chance(70) {
                Some(ResearchKind::Preparation)
            } else {
                None
            };
            for kind in [Some(theme_kind(&mut hand)), second].into_iter().flatten() {
                if let Some(day) = world.days.pick(&mut hand.rng, window.from, window.to) {
                    let record = activity(world, &mut hand, group, day, kind);
                    batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
                }
            }
        }
    }
    batch.write(scope).await
}

fn theme_kind(hand: &mut Hand) -> ResearchKind {
    match hand.rng.between(1, 10) {
        1..=5 => ResearchKind::Theme,
        6 | 7 => ResearchKind::OpenLesson,
        8 => ResearchKind::Showcase,
        9 => ResearchKind::Study,
        _ => ResearchKind::Industry,
    }
}

fn activity(
    world: &World,
    hand: &mut Hand,
    group: usize,
    day: NaiveDate,
    kind: ResearchKind,
) -> ResearchActivity {
    let staff = world.school.staff.iter().enumerate();
    let members: Vec<usize> = staff
        .filter(|(_, member)| member.group == Some(group))
        .map(|(at, _)| at)
        .collect();
    let lead = world.school.groups[group].lead;
    let others: Vec<usize> = members.iter().copied().filter(|at| *at != lead).collect();
    let away = (hand.rng.chance(25)).then(|| *hand.rng.pick(&others));
    let present: Vec<usize> = others.iter().copied().filter(|at| Some(*at) != away).collect();
    let lesson = matches!(kind, ResearchKind::OpenLesson | ResearchKind::Showcase);
    let theme = hand.texts.research_theme();
    let theme = of_group(world, hand, group, theme);
    let rooms: Vec<usize> = (0..world.school.rooms.len())
        .filter(|at| {
            matches!(
                world.school.rooms[*at].kind,
                RoomKind::Meeting | RoomKind::Recording
            )
        })
        .collect();
    let reason = hand.words(&["出差", "病假", "带队竞赛", "企业实践"]);
    ResearchActivity {
        group: Ref::new(world.ids.groups[group]),
        held_on: day,
        kind,
        topic: topic_of(&theme),
        theme: clip(&theme, 80),
        host: world.staff(lead),
        speaker: (lesson || hand.rng.chance(40)).then(|| {
            world.staff(if present.is_empty() {
                lead
            } else {
                *hand.rng.pick(&present)
            })
        }),
        room: hand.rng.chance(70).then(|| world.room(*hand.rng.pick(&rooms))),
        minutes: i64::from(hand.rng.between(4, 8)) * 15,
        expected: members.len() as i64,
        present: (present.len() + 1) as i64,
        absent: away.map(|at| format!("{}（{reason}）", world.school.staff[at].name)),
        content: LongText(
            hand.words(&[
                "主讲人说课，成员逐一评议，对照课程标准修改任务单",
                "围绕主题交流案例，梳理问题三条，明确下一步分工",
                "观摩课堂后集中评课，形成改进意见并记录",
                "研读标准文本，统一考核要求和评分细则",
            ])
            .into(),
        ),
        product: hand.rng.chance(55).then(|| {
            LongText(
                hand.words(&["修订任务单1份", "教学设计1份", "命题双向细目表1份", "案例1篇"])
                    .into(),
            )
        }),
        files: Default::default(),
    }
}

/// A theme with courses and majors put in that are the group's own.
fn of_group(world: &World, hand: &mut Hand, group: usize, theme: String) -> String {
    let school = &world.school;
    let own: Vec<&str> = school
        .courses
        .iter()
        .filter(|course| course.group == group)
        .map(|course| course.name)
        .collect();
    let department = match school.groups[group].unit {
        Unit::Department(at) => Some(at),
        Unit::Office(_) => None,
    };
    // Subjects for all stand in themes about joining them to a major; those only a group of such subjects makes its own.
    let foreign = school.courses.iter().find(|course| {
        let for_all = course.majors.is_empty();
        theme.contains(course.name) && !own.contains(&course.name) && (department.is_none() || !for_all)
    });
    let mut theme = match foreign {
        Some(course) if !own.is_empty() => theme.replace(course.name, hand.words(&own)),
        _ => theme,
    };
    let majors: Vec<&str> = school
        .majors
        .iter()
        .filter(|major| Some(major.department) == department)
        .map(|major| major.name)
        .collect();
    if let Some(major) = school.majors.iter().find(|major| theme.contains(major.name))
        && !majors.is_empty()
    {
        theme = theme.replace(major.name, hand.words(&majors));
    }
    theme
}

fn topic_of(theme: &str) -> ResearchTopic {
    const WORDS: &[(&[&str], ResearchTopic)] = &[
        (&["思政"], ResearchTopic::Ideology),
        (&["标准", "培养方案", "调研"], ResearchTopic::Standard),
        (
            &["考核", "试卷", "命题", "评价", "考点", "中级工"],
            ResearchTopic::Evaluation,
        ),
        (&["资源", "微课"], ResearchTopic::Resource),
        (&["数字化"], ResearchTopic::Technology),
        (&["竞赛", "赛项", "能力比赛", "技能"], ResearchTopic::Contest),
        (&["教材"], ResearchTopic::Textbook),
        (&["课题", "企业导师"], ResearchTopic::Other),
    ];
    WORDS
        .iter()
        .find(|(words, _)| words.iter().any(|word| theme.contains(word)))
        .map_or(ResearchTopic::Lesson, |(_, topic)| *topic)
}
