//! Digital resources and open courses (数字资源与精品课程).

use ::teaching::{DigitalResource, ResourceCategory};
use anyhow::Result;
use chrono::{Datelike, Days as Count};
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};

use super::Taught;
use crate::install::days::OFFICE_HOURS;
use crate::install::people::code;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// Resources of the term and the two terms before.
const RESOURCES: usize = 130;
/// What a piece is: words after the course, code of its sort, minutes.
const PIECES: &[(&str, &str, Option<i64>)] = &[
    ("重点难点微课", "4", Some(9)),
    ("操作示范视频", "5", Some(14)),
    ("教学课件", "3", None),
    ("任务工单", "1", None),
    ("原理动画", "6", Some(3)),
    ("虚拟仿真练习", "8", Some(20)),
    ("试题库", "1", None),
    ("结构图解", "2", None),
];

/// Writes the resources.
pub async fn write(scope: &Scope, world: &World, taught: &Taught) -> Result<()> {
    let mut hand = Hand::new("digital_resource");
    let mut batch = Batch::new();
    for nth in 0..RESOURCES {
        let course = nth * 7 % world.school.courses.len();
        let line = &world.school.courses[course];
        let open = nth % 9 == 4;
        let fresh = nth % 3 == 0;
        let day = if fresh {
            world.days.any(&mut hand.rng)
        } else {
            world.days.term.start() - Count::new(hand.rng.between(10, 400).into())
        };
        let (words, kind, minutes) = PIECES[nth % PIECES.len()];
        let state = match world.days.age(day) {
            ..=3 => "待教研室审批",
            4..=9 => "待教务处审批",
            _ if nth == 57 => "已下架",
            _ if nth % 37 == 36 => "退回修改",
            _ => "已入库",
        };
        let category = match (open, kind) {
            (true, _) => ResourceCategory::OpenCourse,
            (_, "8") => ResourceCategory::Virtual,
            _ => ResourceCategory::Piece,
        };
        let city = open && nth % 4 == 1;
        let group = world.group(line.group);
        let keeper = *hand.rng.pick(&group);
        let record = DigitalResource {
            number: format!("ZY{}{:04}", day.year(), nth + 1),
            name: if open {
                format!("{}在线课程", line.name)
            } else {
                format!("{}{words}", line.name)
            },
            category,
            kind: code(if open { "5" } else { kind }),
            level: code(if city { "30" } else { "60" }),
            national: (open && nth % 5 == 2).then(|| code("2")),
            unit: Ref::new(world.ids.groups[line.group]),
            major: line.majors.first().map(|major| taught.major(*major)),
            course: Some(world.course(course)),
            keeper: world.staff(keeper),
            team: None,
            created_on: day,
            updated_on: (!fresh).then(|| world.days.any(&mut hand.rng)),
            address: open.then(|| format!("https://kc.example.cn/{}", line.code.to_lowercase())),
            minutes: if open {
                Some(hand.rng.between(240, 520).into())
            } else {
                minutes
            },
            summary: LongText(format!("配合{}教学使用，含教学目标、内容和练习", line.name)),
            licensed: true,
            recognised: city.then(|| format!("清教职〔{}〕{}号", day.year(), 20 + nth % 30)),
            files: Default::default(),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
