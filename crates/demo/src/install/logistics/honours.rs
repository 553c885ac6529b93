//! Honours of staff and groups (评优表彰): two rounds, the earlier awarded.

use anyhow::Result;
use chrono::{Datelike, Days as Count, NaiveDate, Weekday};
use governance::affairs::{GroupHonourKind, HonourGroup, HonourStaff, StaffHonourKind};
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::plus;

/// Title, kind, level, deeds.
const STAFF: &[(&str, StaffHonourKind, &str, &str)] = &[
    (
        "优秀教师",
        StaffHonourKind::Teacher,
        "60",
        "教学业绩突出，学生评教名列前茅，承担公开课三次",
    ),
    (
        "优秀班主任",
        StaffHonourKind::ClassTeacher,
        "60",
        "班级量化考核连续两学期第一，家访覆盖全班",
    ),
    (
        "师德标兵",
        StaffHonourKind::Star,
        "60",
        "关爱学生，多年资助困难学生，群众评议满意率高",
    ),
    (
        "优秀指导教师",
        StaffHonourKind::Coach,
        "30",
        "指导学生获市技能大赛一等奖",
    ),
    (
        "优秀教育工作者",
        StaffHonourKind::Worker,
        "40",
        "管理工作扎实，按期完成年度重点任务",
    ),
    (
        "技能标兵",
        StaffHonourKind::Craftsman,
        "20",
        "主持技术革新两项，带徒成效显著",
    ),
];
/// The same for groups; classes only in the first two.
const GROUPS: &[(&str, GroupHonourKind, &str, &str)] = &[
    (
        "文明班级",
        GroupHonourKind::CivilClass,
        "60",
        "量化考核全校前列，无违纪事件",
    ),
    (
        "先进班集体",
        GroupHonourKind::Class,
        "30",
        "学风班风优良，技能考核通过率高",
    ),
    (
        "先进系部",
        GroupHonourKind::Department,
        "60",
        "年度目标任务全面完成，无安全责任事故",
    ),
];

/// How far an honour has come.
struct Course {
    state: &'static str,
    notice: Option<(NaiveDate, NaiveDate)>,
    awarded: Option<NaiveDate>,
}

/// Writes both.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    staff(scope, world).await?;
    groups(scope, world).await
}

/// The day after which so many days from Monday to Friday have passed.
fn workdays(from: NaiveDate, count: u32) -> NaiveDate {
    let days = from
        .iter_days()
        .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    days.take(count as usize).last().unwrap_or(from)
}

/// Where an honour nominated on the day stands: reviewed after a week, shown for ten workdays so that holidays do not
/// matter, awarded two days later.
fn course(world: &World, day: NaiveDate, refused: bool) -> Course {
    let today = world.days.today;
    let from = plus(day, 7);
    let to = workdays(from, 12);
    let awarded = plus(to, 2);
    let state = match () {
        () if refused => "未通过",
        () if plus(day, 3) >= today => "待审核",
        () if from >= today => "待评审",
        () if awarded >= today => "公示中",
        () => "已表彰",
    };
    Course {
        state,
        notice: matches!(state, "公示中" | "已表彰").then_some((from, to)),
        awarded: (state == "已表彰").then_some(awarded),
    }
}

fn period(world: &World) -> String {
    let year = world.days.term.year().0;
    format!("{}-{year}学年", year - 1)
}

/// The days on which the rounds begin, earliest first.
fn rounds(world: &World) -> [NaiveDate; 3] {
    let days = &world.days;
    let last = days.at_or_before(days.today - Count::new(1));
    [days.in_week(2), days.in_week(8), last]
}

async fn staff(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("honour_staff");
    let mut batch = Batch::new();
    for (round, day) in rounds(world).into_iter().enumerate() {
        for nth in 0..[18, 8, 3][round] {
            let (title, kind, level, deeds) = STAFF[nth % STAFF.len()];
            let member = (round * 61 + nth * 9 + 7) % world.school.staff.len();
            let refused = round == 0 && nth == 11;
            let course = course(world, day, refused);
            let record = HonourStaff {
                staff: world.staff(member),
                title: title.into(),
                kind,
                level: code(level),
                period: period(world),
                nominated_on: day,
                deeds: LongText(deeds.into()),
                ethics: !refused,
                review: course
                    .notice
                    .map(|_| LongText("评审小组投票通过，同意公示".into())),
                notice_from: course.notice.map(|(from, _)| from),
                notice_to: course.notice.map(|(_, to)| to),
                awarded_on: course.awarded,
                organ: (level != "60").then(|| "市教育局".to_owned()),
                document: course
                    .awarded
                    .map(|on| format!("明职校〔{}〕{}号", on.year(), 30 + round)),
                certificate_number: course
                    .awarded
                    .map(|on| format!("JS{}{:03}", on.year(), round * 50 + nth + 1)),
                files: Default::default(),
            };
            batch.add_in(
                course.state,
                &record,
                world.days.at(&mut hand.rng, day, OFFICE_HOURS),
            );
        }
    }
    batch.write(scope).await
}

async fn groups(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("honour_group");
    let mut batch = Batch::new();
    for (round, day) in rounds(world).into_iter().enumerate() {
        for nth in 0..[12, 6, 2][round] {
            let (title, kind, level, deeds) = GROUPS[nth % GROUPS.len()];
            let class = (round * 23 + nth * 7 + 3) % world.school.classes.len();
            let of_class = matches!(kind, GroupHonourKind::Class | GroupHonourKind::CivilClass);
            let course = course(world, day, false);
            let record = HonourGroup {
                unit: Ref::new(world.ids.departments[world.department_of(class)]),
                class: of_class.then(|| world.class(class)),
                title: title.into(),
                kind,
                level: code(level),
                period: period(world),
                nominated_on: day,
                deeds: LongText(deeds.into()),
                clear: true,
                review: course.notice.map(|_| LongText("评审通过，同意公示".into())),
                notice_from: course.notice.map(|(from, _)| from),
                notice_to: course.notice.map(|(_, to)| to),
                awarded_on: course.awarded,
                organ: (level != "60").then(|| "市教育局".to_owned()),
                certificate_number: course
                    .awarded
                    .map(|on| format!("JT{}{:03}", on.year(), round * 50 + nth + 1)),
                files: Default::default(),
            };
            batch.add_in(
                course.state,
                &record,
                world.days.at(&mut hand.rng, day, OFFICE_HOURS),
            );
        }
    }
    batch.write(scope).await
}
