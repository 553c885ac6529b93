//! Meetings (会议) and what they decided (会议决议), in all states, some late.

use anyhow::Result;
use calendar::Every;
use chrono::{Datelike, NaiveDate};
use governance::affairs::{Decision, DecisionWeight, Meeting, MeetingKind};
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World, clip};
use super::super::write::Batch;
use super::{clerk, plus};
use crate::Post;
use crate::catalog::RoomKind;

/// Content, office that carries it out, days given, result.
const DECISIONS: &[(&str, &str, u32, &str)] = &[
    (
        "修订实训室安全管理办法并印发",
        "实训处",
        20,
        "已修订印发，各系部组织学习",
    ),
    ("制定期中教学检查方案", "教务处", 10, "方案已印发，检查按计划完成"),
    (
        "完成食堂大宗食材公开招标",
        "总务处",
        35,
        "已完成招标并公示，签订合同",
    ),
    ("开展手机管理专项整治", "学生处", 14, "已整治，班级公约全部签订"),
    (
        "拿出职教高考复习备考方案",
        "教务处",
        15,
        "方案通过论证，已按计划实施",
    ),
    ("落实校门口高峰期护学岗", "安全办", 7, "护学岗每日三班到位"),
    (
        "完成岗位实习巡访计划并上报",
        "校企合作处",
        18,
        "巡访计划已报备，首轮完成",
    ),
    (
        "清理校园网弱口令和过期账号",
        "信息中心",
        12,
        "已清理账号，开启复杂密码策略",
    ),
    ("完成年度预算执行情况分析", "财务处", 15, "分析报告已提交"),
    (
        "制定青年教师企业实践安排",
        "人事处",
        20,
        "安排表已下发，按批次执行",
    ),
    ("组织心理健康月系列活动", "学生处", 25, "活动全部完成，已报道"),
    ("更新应急疏散图并上墙", "安全办", 15, "全部教室和宿舍已更新"),
    ("推进省级课题中期检查", "教科研处", 30, "中期检查通过"),
    ("完善招生宣传材料", "招生就业处", 20, "材料定稿印制"),
];

/// Writes both.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("meeting");
    let (mut meetings, mut decisions) = (Batch::new(), Batch::new());
    let days = &world.days;
    let mut planned: Vec<(MeetingKind, NaiveDate)> = vec![];
    for window in days.windows(1, Every::HalfMonth) {
        planned.extend(
            days.pick(&mut hand.rng, window.from, window.to)
                .map(|day| (MeetingKind::Principal, day)),
        );
    }
    for window in days.windows(1, Every::Month) {
        planned.extend(
            days.pick(&mut hand.rng, window.from, window.to)
                .map(|day| (MeetingKind::Party, day)),
        );
        planned.extend(
            days.pick(&mut hand.rng, window.from, window.to)
                .map(|day| (MeetingKind::Safety, day)),
        );
    }
    for week in days.weeks() {
        // One week without its meeting.
        if week != 7 {
            planned.extend(
                days.week(week)
                    .first()
                    .map(|day| (MeetingKind::Administration, *day)),
            );
        }
    }
    for (week, kind) in [
        (1, MeetingKind::AllStaff),
        (5, MeetingKind::AllStaff),
        (4, MeetingKind::Congress),
    ] {
        planned.extend(days.week(week).last().map(|day| (kind, *day)));
    }
    planned.retain(|(_, day)| *day <= days.today);
    planned.sort_by_key(|(_, day)| *day);
    let mut count = 0;
    for (nth, (kind, day)) in planned.into_iter().enumerate() {
        let record = meeting(world, &mut hand, kind, day, nth);
        let state = match (kind, days.age(day)) {
            (_, ..=2) => "整理中",
            (_, 3..=5) if record.number.is_some() => "待审批",
            (MeetingKind::Administration | MeetingKind::Safety, _) if nth % 3 > 0 => "不出纪要",
            _ => "已分发",
        };
        let at = days.at(&mut hand.rng, day, OFFICE_HOURS);
        let id = meetings.add_in(state, &record, at);
        let items = match kind {
            MeetingKind::Principal | MeetingKind::Party => 4,
            MeetingKind::Administration if nth.is_multiple_of(2) => 2,
            MeetingKind::Congress => 3,
            _ => 0,
        };
        for item in 1..=items {
            let (record, state) = decision(world, &mut hand, (id, day), item, count);
            count += 1;
            decisions.add_in(state, &record, at);
        }
    }
    meetings.write(scope).await?;
    decisions.write(scope).await
}

fn meeting(world: &World, hand: &mut Hand, kind: MeetingKind, day: NaiveDate, nth: usize) -> Meeting {
    let chair = match kind {
        MeetingKind::Party | MeetingKind::Congress => world.holders(Post::Secretary)[0],
        _ => world.holders(Post::Principal)[0],
    };
    let (title, expected) = match kind {
        MeetingKind::Principal => (format!("第{}次校长办公会", nth / 3 + 1), 7),
        MeetingKind::Party => (format!("第{}次党委会", nth / 3 + 1), 7),
        MeetingKind::Congress => ("教职工代表大会".to_owned(), 60),
        MeetingKind::AllStaff => ("全体教职工大会".to_owned(), 176),
        MeetingKind::Safety => (format!("{}月安全工作例会", day.month()), 24),
        _ => ("每周行政例会".to_owned(), 24),
    };
    let topics: Vec<String> = (0..3).map(|_| hand.texts.meeting_topic()).collect();
    let minuted = world.days.age(day) > 2;
    let board = matches!(kind, MeetingKind::Principal | MeetingKind::Party);
    let present = expected * i64::from(hand.rng.between(86, 100)) / 100;
    let rooms = world.school.rooms.iter();
    let rooms: Vec<usize> = rooms
        .enumerate()
        .filter(|(_, room)| matches!(room.kind, RoomKind::Meeting | RoomKind::Auditorium))
        .map(|(at, _)| at)
        .collect();
    let recorder = clerk(world, hand, "办公室");
    Meeting {
        title,
        kind,
        held_on: day,
        unit: None,
        room: rooms.get(usize::from(expected < 60)).map(|at| world.room(*at)),
        chair: world.staff(chair),
        recorder: world.staff(recorder),
        expected,
        present,
        excused: (present < expected).then(|| "外出公务人员".to_owned()),
        observers: board.then(|| "相关处室负责人".to_owned()),
        agenda: LongText(topics.join("；")),
        topics: 3,
        major: board && nth.is_multiple_of(2),
        record: Some(LongText(
            "按议题逐项汇报讨论，与会人员发表意见，主持人归纳总结".into(),
        )),
        number: minuted.then(|| format!("纪〔{}〕{}号", day.year(), nth + 1)),
        minutes: minuted.then(|| {
            LongText(clip(
                &format!(
                    "会议讨论并原则同意：{}。相关部门按分工抓好落实。",
                    topics.join("；")
                ),
                2000,
            ))
        }),
        sent_to: minuted.then(|| "校领导、各处室、各系部".to_owned()),
        files: Default::default(),
    }
}

fn decision(
    world: &World,
    hand: &mut Hand,
    (meeting, day): (Uuid, NaiveDate),
    item: i64,
    count: usize,
) -> (Decision, &'static str) {
    let days = &world.days;
    let (content, office, allowed, result) = DECISIONS[(count * 5) % DECISIONS.len()];
    let mut due = plus(day, allowed);
    let age = days.age(day);
    // Nearly all are done in time; a few late, a few still open after their time.
    let (late, stuck) = (hand.rng.chance(8), hand.rng.chance(6) && age < 50);
    let done = days.at_or_before(if late {
        plus(due, 4)
    } else {
        plus(day, allowed * 3 / 4)
    });
    let done = Some(done).filter(|on| *on < days.today && !stuck && *on > day);
    let state = match done {
        Some(on) if days.age(on) < 8 => "待验收",
        Some(_) => "已办结",
        None if age < 2 => "待签收",
        None => "待办",
    };
    if count % 33 == 20 && done.is_none() {
        due = plus(days.today, 10);
    }
    let record = Decision {
        meeting: Ref::new(meeting),
        item,
        decided_on: day,
        content: content.into(),
        demand: Some(LongText("牵头部门列出时间表，办结后报办公室验收".into())),
        weight: if item == 1 {
            DecisionWeight::Key
        } else {
            DecisionWeight::Ordinary
        },
        unit: Ref::new(world.ids.offices[world.office(office)]),
        responsible: world.staff(world.head_of(office)),
        helpers: hand.rng.chance(40).then(|| "各系部".to_owned()),
        due,
        progress: (state == "待办" && age > 5).then(|| LongText("已拟出初稿，正在征求意见".into())),
        result: done.map(|_| LongText(result.into())),
        done_on: done,
        verdict: (state == "已办结").then(|| LongText("材料齐全，落实到位，同意办结".into())),
        files: Default::default(),
    };
    (record, state)
}
