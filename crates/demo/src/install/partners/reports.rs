//! Weekly and monthly reports (实习周报), and who was back after the holiday (返岗核查).

use anyhow::Result;
use kernel::app::Scope;
use kernel::register::field::Ref;
use partners::{InternshipReport, InternshipReturn, Rating, ReportKind, ReturnResult};

use super::super::days::{EVENING, OFFICE_HOURS};
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::internships::Placement;
use super::{passed, text};

const WEEKS: &[&str] = &[
    "本周熟悉了岗位操作规程，在师傅指导下独立完成常规任务，记录了三处容易出错的地方。",
    "跟班学习新的工序，参加班前安全会，学会填写交接班记录。",
    "完成师傅布置的练习任务，对照学校所学查漏补缺，速度比上周有提高。",
    "参加了部门例会，了解产品质量要求，返工一件并写了原因分析。",
    "协助整理现场，学习6S要求；和同组同学交流了上下班路上的安全注意事项。",
    "独立上手一项简单任务，师傅检查合格；下周准备学习检验方法。",
];
const COMMENTS: &[&str] = &[
    "记录认真，注意把数据写清楚。",
    "有思考，继续保持，按时休息。",
    "与企业师傅多沟通，遇到问题及时告诉老师。",
    "能结合所学谈体会，安全意识较好。",
];
const WISHES: &[&str] = &[
    "希望轮换一次岗位",
    "宿舍离厂较远，早班赶车紧张",
    "想知道职教高考报名安排",
    "希望师傅多讲解图纸",
];

/// Writes reports and returns.
pub async fn write(scope: &Scope, world: &World, placements: &[Placement]) -> Result<()> {
    reports(scope, world, placements).await?;
    returns(scope, world, placements).await
}

async fn reports(scope: &Scope, world: &World, placements: &[Placement]) -> Result<()> {
    let mut hand = Hand::new("internship_report");
    let mut batch = Batch::new();
    for placement in placements.iter().filter(|placement| placement.running) {
        for week in world.days.weeks() {
            let Some(day) = world.days.week(week).last().copied() else {
                continue;
            };
            if day <= placement.from || hand.rng.chance(9) {
                continue;
            }
            let age = world.days.age(day);
            let state = match age {
                ..=6 => "待批阅",
                7..=12 if hand.rng.chance(20) => "待批阅",
                _ if hand.rng.chance(1) => "退回重写",
                _ => "已批阅",
            };
            let monthly = week % 4 == 0;
            let reviewed = state == "已批阅";
            let record = InternshipReport {
                student: world.student(placement.student),
                placement: Ref::new(placement.id),
                teacher: world.staff(placement.teacher),
                kind: if monthly {
                    ReportKind::Month
                } else {
                    ReportKind::Week
                },
                period: match monthly {
                    true => format!("第{}至{week}周", week - 3),
                    false => format!("第{week}周"),
                },
                submitted_on: day,
                content: text(hand.words(WEEKS)),
                wishes: hand.rng.chance(7).then(|| text(hand.words(WISHES))),
                needs_care: None,
                comment: reviewed.then(|| text(hand.words(COMMENTS))),
                rating: reviewed.then(|| {
                    [Rating::Excellent, Rating::Good, Rating::Good, Rating::Pass][hand.rng.below(4)]
                }),
                reviewed_on: reviewed.then(|| passed(world, day, 3)),
                reviewed: None,
                files: Default::default(),
            };
            batch.add_in(state, &record, world.days.at(&mut hand.rng, day, EVENING));
        }
    }
    batch.write(scope).await
}

async fn returns(scope: &Scope, world: &World, placements: &[Placement]) -> Result<()> {
    use chrono::Datelike;
    let mut hand = Hand::new("internship_return");
    let mut batch = Batch::new();
    let day = world.days.in_week(6);
    let occasion = format!("{}年{}月假期后", day.year(), day.month());
    for (nth, placement) in placements
        .iter()
        .filter(|placement| placement.from < day)
        .enumerate()
    {
        let lot = hand.rng.between(1, 98);
        let result = match lot {
            _ if !placement.running => ReturnResult::School,
            _ if nth % 43 == 11 => ReturnResult::Away,
            1..=84 => ReturnResult::Back,
            85..=92 => ReturnResult::Late,
            93..=95 => ReturnResult::Moved,
            _ => ReturnResult::School,
        };
        let record = InternshipReturn {
            occasion: occasion.clone(),
            student: world.student(placement.student),
            placement: Ref::new(placement.id),
            expected_on: day,
            result,
            returned_on: match result {
                ReturnResult::Back => Some(day),
                ReturnResult::Late => Some(passed(world, day, 2)),
                _ => None,
            },
            teacher: world.staff(placement.teacher),
            checked_on: passed(world, day, 1),
            reason: match result {
                ReturnResult::Back => None,
                ReturnResult::Late => Some(text("返程车票紧张，已与企业说明")),
                ReturnResult::Moved => Some(text("原单位岗位调整，改到同类企业")),
                ReturnResult::School => Some(text("实习期满或返校备考")),
                _ => Some(text("家长希望回家附近就业，正在沟通")),
            },
            follow_up: (result == ReturnResult::Away).then(|| text("班主任与家长当面沟通，一周内确定去向")),
        };
        batch.add(
            &record,
            world.days.at(&mut hand.rng, record.checked_on, OFFICE_HOURS),
        );
    }
    batch.write(scope).await
}
