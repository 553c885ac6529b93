//! Home visits (家访): about six in ten students seen so far.

use anyhow::Result;
use calendar::Every;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::LongText;
use studentlife::{Contact, HomeVisit, VisitReason, VisitWay};

use super::days::EVENING;
use super::world::{Hand, World, clip};
use super::write::Batch;

/// Of a hundred students of a class, those visited so far: from and to.
const VISITED: (u32, u32) = (52, 72);
/// Classes whose teacher visited nobody in one of the months: class and month of the term.
const SLACK: &[(usize, usize)] = &[(11, 0), (37, 1), (52, 1)];

/// Writes the visits.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("home_visit");
    let mut batch = Batch::new();
    let months = world.days.windows(1, Every::Month);
    for (class, pupils) in world.pupils.iter().enumerate() {
        let idle: Vec<_> = SLACK
            .iter()
            .filter(|(slack, _)| *slack == class)
            .filter_map(|(_, month)| months.get(*month))
            .collect();
        let share = hand.rng.between(VISITED.0, VISITED.1) as usize;
        let mut order = pupils.clone();
        hand.rng.shuffle(&mut order);
        for (nth, student) in order.iter().enumerate() {
            let visited = nth * 100 < pupils.len() * share;
            let day = world.days.any(&mut hand.rng);
            let rests = idle.iter().any(|month| (month.from..=month.to).contains(&day));
            let calls = !visited && hand.rng.chance(12);
            if (visited && !rests) || calls {
                let record = visit(world, &mut hand, (class, *student), day, calls);
                batch.add(&record, world.days.at(&mut hand.rng, day, EVENING));
            }
        }
    }
    batch.write(scope).await
}

fn visit(
    world: &World,
    hand: &mut Hand,
    (class, student): (usize, usize),
    day: NaiveDate,
    calls: bool,
) -> HomeVisit {
    let summary = hand.texts.home_visit();
    let reason = reason_of(&summary);
    let teacher = world.school.classes[class].head_teacher;
    let way = match hand.rng.between(1, 100) {
        _ if calls => VisitWay::Phone,
        _ if summary.contains("视频") => VisitWay::Online,
        _ if summary.contains("入户") || summary.contains("走访") => VisitWay::Home,
        1..=52 => VisitWay::Home,
        53..=85 => VisitWay::Online,
        _ => VisitWay::School,
    };
    let companions: Vec<usize> = world
        .members(world.school.staff[teacher].unit)
        .into_iter()
        .filter(|at| *at != teacher)
        .collect();
    let companion = (way == VisitWay::Home && hand.rng.chance(40))
        .then(|| world.school.staff[*hand.rng.pick(&companions)].name.clone());
    let followed = hand.rng.chance(28);
    HomeVisit {
        student: world.student(student),
        visited_on: day,
        way,
        reason,
        visitor: world.staff(teacher),
        others: companion,
        met: contact_of(&summary, world.school.students[student].guardian.relation),
        summary: LongText(clip(&summary, 1000)),
        wishes: hand.rng.chance(18).then(|| {
            LongText(
                hand.words(&[
                    "希望多反馈孩子在校的实训表现",
                    "希望周末作业布置得具体一些",
                    "希望学校加强手机管理",
                    "希望多安排企业参观",
                ])
                .into(),
            )
        }),
        follow_up: followed.then(|| LongText("按约定跟踪，两周后电话回访并记入班级台账".into())),
        follow_up_on: followed.then(|| day + Count::new(14)),
        photos: Default::default(),
    }
}

fn reason_of(summary: &str) -> VisitReason {
    const WORDS: &[(&[&str], VisitReason)] = &[
        (&["心理", "情绪", "话少"], VisitReason::Mental),
        (&["实习", "就业", "毕业去向"], VisitReason::Internship),
        (&["困难", "助学", "住院"], VisitReason::Hardship),
        (&["违纪", "手机管理", "交友"], VisitReason::Conduct),
        (&["进步", "帮厨"], VisitReason::Honour),
        (&["升学", "技能训练", "中级工", "转专业"], VisitReason::Study),
    ];
    WORDS
        .iter()
        .find(|(words, _)| words.iter().any(|word| summary.contains(word)))
        .map_or(VisitReason::Routine, |(_, reason)| *reason)
}

fn contact_of(summary: &str, relation: &str) -> Contact {
    if summary.contains("父母双方") {
        return Contact::Both;
    }
    let named = ["祖父母", "祖辈", "父亲", "母亲"];
    let named = named.into_iter().find(|word| summary.contains(word));
    match named.unwrap_or(relation) {
        "父亲" => Contact::Father,
        "母亲" => Contact::Mother,
        _ => Contact::Grandparent,
    }
}
