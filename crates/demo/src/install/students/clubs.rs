//! Clubs (学生社团), their sessions and who took part.

use anyhow::Result;
use chrono::Days as Count;
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};
use studentlife::{Club, ClubAttendance, ClubRole, ClubSession};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use crate::Post;

/// Name, sort, time, purpose, what they do.
const CLUBS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "木刻社",
        "4",
        "周三第8节",
        "学习木刻版画，传承民间工艺",
        "黑白木刻刻印练习",
    ),
    (
        "无人机社",
        "2",
        "周二第8节",
        "学习飞行和航拍基础",
        "模拟器与室内悬停训练",
    ),
    (
        "合唱团",
        "4",
        "周四第8节",
        "排练合唱，参加艺术节",
        "两声部合唱排练",
    ),
    ("机器人社", "2", "周三第8节", "搭建和编程，备赛", "循迹小车调试"),
    ("经典诵读社", "3", "周一第8节", "读经典，练朗诵", "诗词诵读与赏析"),
    (
        "青年志愿者协会",
        "1",
        "周五下午",
        "组织校内外志愿服务",
        "社区服务与校园清洁",
    ),
    ("篮球社", "4", "周二、周四第9节", "篮球训练与联赛", "分组对抗"),
    ("武术社", "4", "周三第9节", "长拳和太极，强身健体", "基本功与套路"),
    ("摄影社", "4", "周四第8节", "学习摄影，记录校园", "外拍与作品点评"),
    ("创业社", "9", "周二第8节", "模拟经营与路演", "商业画布练习"),
    ("汽车模型社", "2", "周五第8节", "车模制作与竞速", "底盘装配与调校"),
    ("茶艺社", "9", "周三第8节", "学习茶艺和礼仪", "绿茶冲泡与礼仪"),
    (
        "青年理论学习社",
        "3",
        "周一第8节",
        "学习党的创新理论",
        "领读与讨论",
    ),
    ("烘焙社", "9", "周四第8节", "中西面点练习", "曲奇与吐司制作"),
];
/// Sessions are every second week; this club missed one.
const LAZY: (usize, u8) = (9, 7);

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("club");
    let days = &world.days;
    let teachers = world.holders(Post::Teacher);
    let (mut clubs, mut sessions, mut present) = (Batch::new(), Batch::new(), Batch::new());
    let everybody: Vec<usize> = world.pupils.iter().flatten().copied().collect();
    let mut serial = 0;
    for (nth, (name, kind, schedule, purpose, activity)) in CLUBS.iter().enumerate() {
        let adviser = world.staff(teachers[(nth * 11) % teachers.len()]);
        let size = hand.rng.between(20, 36) as usize;
        let members: Vec<usize> = (0..size).map(|_| *hand.rng.pick(&everybody)).collect();
        let new = nth + 1 == CLUBS.len();
        let founded = match new {
            true => days.in_week(9),
            false => days.term.start() - Count::new(400 + nth as u64 * 37),
        };
        let record = Club {
            name: (*name).into(),
            kind: code(kind),
            founded_on: founded,
            adviser,
            president: Some(world.student(members[0])),
            members: size as i64,
            room: None,
            schedule: (*schedule).into(),
            purpose: LongText((*purpose).into()),
            charter: Default::default(),
            reviewed_on: (!new).then(|| days.in_week(2)),
            review: (!new).then(|| "合格，同意继续活动".into()),
            dissolved_on: None,
        };
        let state = if new { "待团委审批" } else { "在册" };
        let at = days.at(&mut hand.rng, founded, OFFICE_HOURS);
        let club: Uuid = clubs.add_in(state, &record, at);
        if new {
            continue;
        }
        for week in days.weeks().skip(1).step_by(2) {
            let day = hand.day(days.week(week)).filter(|_| (nth, week) != LAZY);
            let Some(day) = day else { continue };
            let mut came = members.clone();
            hand.rng.shuffle(&mut came);
            came.truncate(hand.rng.between(14, 19) as usize);
            came.sort_unstable();
            came.dedup();
            serial += 1;
            let record = ClubSession {
                serial: format!("ST{}-{serial:04}", day.format("%Y")),
                club: Ref::new(club),
                name: format!("第{week}周{name}活动"),
                kind: code(kind),
                held_on: day,
                minutes: 80,
                adviser,
                attended: came.len() as i64,
                content: LongText((*activity).into()),
                photos: Default::default(),
            };
            let at = days.at(&mut hand.rng, day, OFFICE_HOURS);
            let session: Uuid = sessions.add(&record, at);
            for student in came {
                let record = ClubAttendance {
                    session: Ref::new(session),
                    student: world.student(student),
                    attended_on: day,
                    role: match student == members[0] {
                        true => ClubRole::Leader,
                        false => ClubRole::Member,
                    },
                };
                present.add(&record, at);
            }
        }
    }
    clubs.write(scope).await?;
    sessions.write(scope).await?;
    present.write(scope).await
}
