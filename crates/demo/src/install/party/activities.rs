//! What branches do: the three meetings, lectures, theme days, study, daily activities.

use anyhow::Result;
use calendar::{Every, Occurrence};
use chrono::NaiveDate;
use governance::{
    DailyKind, Lecturer, PartyDaily, PartyLecture, PartyMeeting, PartyMeetingKind, PartyStudy, StudyKind,
    ThemeDay,
};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText};

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::branches::{Branch, Party};

/// Branches that left something out: branch and month of the term.
const SLACK: &[(usize, usize)] = &[(3, 1), (5, 0)];

const GENERAL: &[(&str, &str)] = &[
    (
        "部署本学期支部工作",
        "支部书记通报学期工作计划，党员讨论先锋岗认领和结对帮扶名单，形成分工。",
    ),
    (
        "讨论党员发展和积极分子培养",
        "听取培养联系人汇报，逐人讨论，对拟确定的积极分子征求意见并表决。",
    ),
    (
        "通报支部委员会工作情况",
        "支部书记报告前一阶段工作，党员围绕课堂教学和学生管理提出意见。",
    ),
];
const COMMITTEE: &[(&str, &str)] = &[
    (
        "研究本月主题党日方案",
        "确定主题、时间和负责人，安排与系部教学活动结合。",
    ),
    (
        "分析党员思想状况",
        "委员逐一汇报联系党员的谈话情况，商定关心帮助措施。",
    ),
    (
        "研究发展党员工作",
        "核对积极分子考察材料，确定下一步培养教育安排。",
    ),
    ("检查支部台账", "对照清单核对三会一课记录，列出需补充完善的事项。"),
];
const GROUP: &[(&str, &str)] = &[
    (
        "交流师德师风学习体会",
        "结合自己的课堂和班级管理谈认识，相互提醒。",
    ),
    ("讨论党员先锋岗承诺", "逐人说明岗位承诺和完成时间，互相补充。"),
    ("学习上级文件并讨论", "领学后围绕如何用到教学工作中发言。"),
];
const LECTURES: &[&str] = &[
    "在产教融合中发挥党员作用",
    "把课堂建设成立德树人的阵地",
    "从身边榜样看教师的责任",
    "守住师德底线 做学生引路人",
    "依法治教与规范办学",
    "工匠精神与青年成长",
];
const THEMES: &[(&str, &str, &str, bool)] = &[
    (
        "技能服务进社区",
        "7",
        "党员教师带领学生志愿者为居民维修小家电、检测电动车，讲解用电安全。",
        true,
    ),
    (
        "共读一本书 共话教育初心",
        "4",
        "党员领读章节并交流，形成教学改进清单。",
        false,
    ),
    (
        "走访困难学生家庭",
        "3",
        "按结对名单分组走访，了解学习生活困难，逐户记录需求。",
        true,
    ),
    (
        "为学校发展建言献策",
        "6",
        "围绕实训教学和学生管理收集建议，归类后报党委办公室。",
        false,
    ),
    (
        "参观工业遗址 感受奋斗精神",
        "8",
        "集体参观并听讲解，返校后分组讨论。",
        true,
    ),
    (
        "岗位练兵 研究教学难点",
        "9",
        "党员骨干教师上示范课，支部集体研讨。",
        false,
    ),
];
const STUDIES: &[(&str, &str)] = &[
    ("学习职业教育法", "3"),
    ("学习全国教育大会精神", "1"),
    ("学习教师职业行为准则", "10"),
    ("学习网络与数据安全法规", "8"),
    ("学习教育评价改革文件", "2"),
    ("学习青少年心理健康知识", "9"),
];
const DAILY: &[(DailyKind, &str, &str)] = &[
    (
        DailyKind::Vanguard,
        "党员先锋岗亮诺",
        "党员在办公室和实训场所亮明承诺，支部逐月检查。",
    ),
    (
        DailyKind::Pair,
        "党员结对帮扶学业困难学生",
        "每名党员联系一至两名学生，每周辅导并记录。",
    ),
    (
        DailyKind::Volunteer,
        "开放日志愿服务",
        "党员教师负责引导、咨询和专业体验。",
    ),
    (
        DailyKind::Talk,
        "支部委员与党员谈心谈话",
        "逐人谈心，了解工作和家庭困难，提出改进意见。",
    ),
    (
        DailyKind::Care,
        "走访慰问老党员",
        "走访退休老党员，听取对学校发展的意见。",
    ),
];

/// Writes them all.
pub async fn write(scope: &Scope, world: &World, party: &Party) -> Result<()> {
    meetings(scope, world, party).await?;
    lectures(scope, world, party).await?;
    theme_days(scope, world, party).await?;
    studies(scope, world, party).await?;
    daily(scope, world, party).await
}

/// A day in the window on which it was done, if it was.
fn done(world: &World, hand: &mut Hand, window: &Occurrence, slack: bool) -> Option<NaiveDate> {
    let waits = !world.days.is_past(window) && hand.rng.chance(35);
    world
        .days
        .pick(&mut hand.rng, window.from, window.to)
        .filter(|_| !slack && !waits)
}

async fn meetings(scope: &Scope, world: &World, party: &Party) -> Result<()> {
    let mut hand = Hand::new("party_meeting");
    let mut batch = Batch::new();
    let kinds = [
        (PartyMeetingKind::General, Every::Quarter, GENERAL),
        (PartyMeetingKind::Committee, Every::Month, COMMITTEE),
        (PartyMeetingKind::Group, Every::Month, GROUP),
    ];
    for (kind, every, topics) in kinds {
        for (month, window) in world.days.windows(1, every).iter().enumerate() {
            for (nth, branch) in party.branches.iter().enumerate() {
                if kind == PartyMeetingKind::Committee && branch.members.len() < 7 {
                    continue;
                }
                let slack = kind == PartyMeetingKind::Group && SLACK.contains(&(nth, month));
                let Some(day) = done(world, &mut hand, window, slack) else {
                    continue;
                };
                let record = meeting(world, &mut hand, branch, kind, topics, day);
                batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
            }
        }
    }
    batch.write(scope).await
}

fn meeting(
    world: &World,
    hand: &mut Hand,
    branch: &Branch,
    kind: PartyMeetingKind,
    topics: &[(&str, &str)],
    day: NaiveDate,
) -> PartyMeeting {
    let (topic, content) = *hand.rng.pick(topics);
    let (expected, present) = match kind {
        PartyMeetingKind::Committee => (5, i64::from(hand.rng.between(4, 5))),
        _ => (branch.members.len() as i64, branch.turnout(hand)),
    };
    let voted = kind == PartyMeetingKind::General && topic.contains("发展");
    PartyMeeting {
        branch: branch.reference(),
        kind,
        topic: topic.into(),
        started_on: day,
        ended_on: day,
        place: Some(hand.words(&["党员活动室", "第一会议室", "系部会议室"]).into()),
        chair: world.staff(branch.secretary),
        recorder: world.staff(branch.members[branch.members.len() - 1]),
        expected,
        teachers: present,
        students: 0,
        attendance: None,
        voted,
        in_favour: voted.then_some(present),
        content: LongText(content.into()),
        decision: Some(LongText(
            hand.words(&[
                "按讨论意见执行，下次会议通报进展",
                "同意，报党委办公室",
                "形成任务清单，责任到人",
            ])
            .into(),
        )),
        photos: Default::default(),
    }
}

async fn lectures(scope: &Scope, world: &World, party: &Party) -> Result<()> {
    let mut hand = Hand::new("party_lecture");
    let mut batch = Batch::new();
    let secretary = (&party.committee, Lecturer::Secretary);
    for window in world.days.windows(1, Every::Quarter) {
        let all = party.branches.iter().map(|branch| (branch, Lecturer::Branch));
        for (branch, role) in all.chain([secretary]) {
            let Some(day) = done(world, &mut hand, &window, false) else {
                continue;
            };
            let record = PartyLecture {
                branch: branch.reference(),
                topic: hand.words(LECTURES).into(),
                role,
                lecturer: Some(world.staff(branch.secretary)),
                guest: None,
                way: Some(code("3")),
                started_on: day,
                ended_on: day,
                teachers: branch.turnout(&mut hand),
                students: i64::from(hand.rng.between(0, 1)) * i64::from(hand.rng.between(6, 20)),
                content: LongText(
                    "围绕主题讲理论、讲身边事例，结合教学工作提出要求，党员和积极分子交流体会。".into(),
                ),
                recorder: world.staff(branch.members[branch.members.len() - 1]),
                files: Default::default(),
            };
            batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

async fn theme_days(scope: &Scope, world: &World, party: &Party) -> Result<()> {
    let mut hand = Hand::new("theme_day");
    let mut batch = Batch::new();
    for (month, window) in world.days.windows(1, Every::Month).iter().enumerate() {
        for (nth, branch) in party.branches.iter().enumerate() {
            let slack = SLACK.contains(&(nth, month));
            let Some(day) = done(world, &mut hand, window, slack) else {
                continue;
            };
            let (theme, kind, course, outside) = *hand.rng.pick(THEMES);
            let record = ThemeDay {
                branch: branch.reference(),
                theme: theme.into(),
                kind: code(kind),
                started_on: day,
                ended_on: day,
                place: Some(if outside { "校外" } else { "党员活动室" }.into()),
                organiser: world.staff(branch.secretary),
                teachers: branch.turnout(&mut hand),
                students: if outside {
                    i64::from(hand.rng.between(0, 12))
                } else {
                    0
                },
                outside,
                course: LongText(course.into()),
                effect: Some(LongText(
                    hand.words(&[
                        "党员参与面广，建议下次提前与教务处协调调课",
                        "形成问题清单，支部跟踪办理",
                        "学生反映好，拟固定为学期项目",
                    ])
                    .into(),
                )),
                files: Default::default(),
            };
            batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

async fn studies(scope: &Scope, world: &World, party: &Party) -> Result<()> {
    let mut hand = Hand::new("party_study");
    let mut batch = Batch::new();
    for window in world.days.windows(1, Every::Month) {
        let all = party.branches.iter().map(|branch| (branch, StudyKind::Branch));
        for (branch, kind) in all.chain([(&party.committee, StudyKind::Centre)]) {
            let Some(day) = done(world, &mut hand, &window, false) else {
                continue;
            };
            let (topic, subject) = *hand.rng.pick(STUDIES);
            let centre = kind == StudyKind::Centre;
            let record = PartyStudy {
                branch: branch.reference(),
                kind,
                topic: topic.into(),
                way: code(if centre { "4" } else { "5" }),
                subject: code(subject),
                started_on: day,
                ended_on: day,
                hours: Decimal(if centre { 30 } else { 20 }),
                teachers: branch.turnout(&mut hand),
                students: 0,
                lead: world.school.staff[branch.secretary].name.clone(),
                speakers: centre.then(|| world.school.staff[branch.members[1]].name.clone()),
                content: LongText("集中领学原文，结合工作交流发言，主持人小结并布置自学。".into()),
                recorder: world.staff(branch.members[branch.members.len() - 1]),
                files: Default::default(),
            };
            batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

async fn daily(scope: &Scope, world: &World, party: &Party) -> Result<()> {
    let mut hand = Hand::new("party_daily");
    let mut batch = Batch::new();
    for branch in &party.branches {
        let mut lines: Vec<(DailyKind, &str, &str, NaiveDate)> = (0..hand.rng.between(3, 6))
            .map(|_| {
                let (kind, title, content) = *hand.rng.pick(DAILY);
                (kind, title, content, world.days.any(&mut hand.rng))
            })
            .collect();
        if hand.rng.chance(60) {
            let day = world.days.any(&mut hand.rng);
            lines.push((
                DailyKind::Life,
                "支部专题组织生活会",
                "会前谈心征求意见，会上对照检查、相互批评，列出整改清单。",
                day,
            ));
        }
        for (kind, title, content, day) in lines {
            let problems = (kind == DailyKind::Life).then(|| i64::from(hand.rng.between(4, 12)));
            let record = PartyDaily {
                branch: branch.reference(),
                kind,
                title: title.into(),
                started_on: day,
                ended_on: day,
                place: Some("校内".into()),
                organiser: world.staff(branch.secretary),
                teachers: branch.turnout(&mut hand),
                students: 0,
                content: LongText(content.into()),
                problems,
                mended: problems.map(|number| number - i64::from(hand.rng.between(0, 3))),
                photos: Default::default(),
            };
            batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}
