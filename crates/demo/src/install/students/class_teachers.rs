//! Class teachers (班主任): appointment, monthly assessment, training.

use anyhow::Result;
use calendar::Every;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText, Money, Ref};
use studentlife::{
    Appointment, AppointmentKind, ClassTeacherAttendance, ClassTeacherReview, ClassTeacherTraining,
    TrainingKind,
};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;

/// Week, kind, name, content.
const TRAININGS: &[(u8, TrainingKind, &str, &str)] = &[
    (
        1,
        TrainingKind::Training,
        "新学期班主任工作培训",
        "解读学期德育计划、安全要求和学生管理制度，新任班主任结对",
    ),
    (
        2,
        TrainingKind::Studio,
        "工作室研修：主题班会设计",
        "集体备课两节主题班会，修改学案并上传",
    ),
    (
        4,
        TrainingKind::Training,
        "学生心理危机识别与应对培训",
        "心理教师讲识别要点、报告流程和家校沟通话术",
    ),
    (
        5,
        TrainingKind::Exchange,
        "班主任经验交流会",
        "六位班主任介绍班级文化、转化后进生和家校共育做法",
    ),
    (
        6,
        TrainingKind::Studio,
        "工作室研修：带班育人方略打磨",
        "成员说方略，逐一点评",
    ),
    (
        7,
        TrainingKind::Discussion,
        "德育工作研讨会",
        "研讨手机管理、宿舍文明和实习学生管理",
    ),
    (
        9,
        TrainingKind::Salon,
        "主题沙龙：和家长好好说话",
        "案例讨论，情景演练",
    ),
    (
        10,
        TrainingKind::Contest,
        "班主任能力比赛校级选拔",
        "班级建设方案、主题班会、情景答辩三项",
    ),
    (
        10,
        TrainingKind::Studio,
        "工作室研修：情景答辩训练",
        "模拟答辩，归纳应答要点",
    ),
];
/// The class whose teacher does not agree with the last assessment.
const APPEALING: usize = 21;
const STUDIO: &str = "春雨名班主任工作室";

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("class_teacher");
    posts(scope, world, &mut hand).await?;
    reviews(scope, world, &mut hand).await?;
    trainings(scope, world, &mut hand).await
}

async fn posts(scope: &Scope, world: &World, hand: &mut Hand) -> Result<()> {
    let mut batch = Batch::new();
    let days = &world.days;
    for (at, class) in world.school.classes.iter().enumerate() {
        let new = class.entry_year == days.term.year().0;
        let from = match new {
            true => days.term.start(),
            false => days.term.start() - Count::new(10),
        };
        let record = Appointment {
            class: world.class(at),
            teacher: world.staff(class.head_teacher),
            kind: match (new, hand.rng.chance(40)) {
                (true, true) => AppointmentKind::New,
                (true, false) => AppointmentKind::Moved,
                _ => AppointmentKind::Renewed,
            },
            from_on: from,
            until_on: from + Count::new(330),
            school_year: None,
            years: i64::from(hand.rng.between(1, 16)),
            deputy: None,
            allowance: Some(Money(60_000)),
            reason: LongText(
                hand.words(&["带班稳定，家长认可", "工作细致，专业对口", "有亲和力，愿意带班"])
                    .into(),
            ),
            ended_on: None,
            end_reason: None,
        };
        // One post is still being decided on.
        let state = if at == 17 {
            "待分管校长审批"
        } else {
            "已聘任"
        };
        batch.add_in(
            state,
            &record,
            days.at(&mut hand.rng, from - Count::new(9), OFFICE_HOURS),
        );
    }
    batch.write(scope).await
}

async fn reviews(scope: &Scope, world: &World, hand: &mut Hand) -> Result<()> {
    let mut batch = Batch::new();
    let days = &world.days;
    for window in days.windows(1, Every::Month) {
        if !days.is_past(&window) {
            continue;
        }
        let Some(day) = days.between(window.from, window.to).last().copied() else {
            continue;
        };
        let recent = days.age(day) < 30;
        for class in 0..world.school.classes.len() {
            let record = review(world, hand, class, day);
            let state = match (class, hand.rng.chance(8)) {
                (APPEALING, _) if recent => "申诉中",
                (_, true) if recent => "待确认",
                _ => "已确认",
            };
            let appeal = (state == "申诉中").then(|| LongText("卫生检查扣分当天本班在外实训，请核对".into()));
            let record = ClassTeacherReview { appeal, ..record };
            batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

fn review(world: &World, hand: &mut Hand, class: usize, day: NaiveDate) -> ClassTeacherReview {
    let mut points = |full: u32| {
        let most = full * 10;
        Decimal(i64::from(hand.rng.between(most * 72 / 100, most) / 5 * 5))
    };
    let (routine, safety, activity, family, paper) =
        (points(30), points(20), points(20), points(15), points(15));
    ClassTeacherReview {
        class: world.class(class),
        teacher: world.staff(world.school.classes[class].head_teacher),
        reviewed_on: day,
        month: None,
        routine,
        safety,
        activity,
        family,
        paper,
        bonus: hand.rng.chance(20).then_some(Decimal(20)),
        veto: false,
        note: hand
            .rng
            .chance(30)
            .then(|| LongText("常规检查通报两次；班级获活动奖励加分".into())),
        total: None,
        grade: None,
        appeal: None,
        answer: None,
    }
}

async fn trainings(scope: &Scope, world: &World, hand: &mut Hand) -> Result<()> {
    let days = &world.days;
    let mut trainings = Batch::new();
    let mut present = Batch::new();
    let classes = world.school.classes.len();
    for (week, kind, name, content) in TRAININGS {
        let Some(day) = hand.day(days.week(*week)) else {
            continue;
        };
        let at = days.at(&mut hand.rng, day, OFFICE_HOURS);
        // A studio has a dozen members, everything else is for all.
        let invited: Vec<usize> = match kind {
            TrainingKind::Studio => (0..classes).step_by(5).collect(),
            TrainingKind::Contest => (0..classes).step_by(4).collect(),
            _ => (0..classes).collect(),
        };
        let hours = Decimal(if *kind == TrainingKind::Training { 40 } else { 20 });
        let excused: Vec<bool> = invited.iter().map(|_| hand.rng.chance(5)).collect();
        let record = ClassTeacherTraining {
            name: (*name).into(),
            kind: *kind,
            studio: (*kind == TrainingKind::Studio).then(|| STUDIO.into()),
            held_on: day,
            hours,
            place: "行政楼三楼会议室".into(),
            leader: world.staff(world.head_of("学生处")),
            speaker: None,
            expected: invited.len() as i64,
            attended: excused.iter().filter(|excused| !**excused).count() as i64,
            content: LongText((*content).into()),
            outcome: None,
            files: Default::default(),
        };
        let id: Uuid = trainings.add(&record, at);
        let mut seen = vec![];
        for (class, excused) in invited.into_iter().zip(excused) {
            let teacher = world.school.classes[class].head_teacher;
            if seen.contains(&teacher) {
                continue;
            }
            seen.push(teacher);
            let record = ClassTeacherAttendance {
                training: Ref::new(id),
                attended_on: day,
                class: world.class(class),
                teacher: world.staff(teacher),
                excused,
                reason: excused.then(|| "公出".into()),
                hours: (!excused).then_some(hours),
            };
            present.add(&record, at);
        }
    }
    trainings.write(scope).await?;
    present.write(scope).await
}
