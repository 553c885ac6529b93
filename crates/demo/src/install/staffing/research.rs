//! Research projects (教科研课题) in all stages, and results (教科研成果).

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{Money, Ref};
use staffing::{ProjectKind, ProjectResult, ResearchProject, ResearchResult, ResultKind};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::{Batch, id_at};
use super::{later, latest, teachers, text};

/// Title, level, kind, to whom, state.
type Line = (
    &'static str,
    &'static str,
    ProjectKind,
    &'static str,
    &'static str,
);

const CITY: &str = "市教育科学研究院";
const SCHOOL: &str = "学校";

const PROJECTS: &[Line] = &[
    (
        "任务工单驱动的钳工实训评价研究",
        "30",
        ProjectKind::Planning,
        CITY,
        "待开题",
    ),
    (
        "中职语文职业情境写作教学实践",
        "30",
        ProjectKind::Planning,
        CITY,
        "研究中",
    ),
    (
        "新能源汽车专业岗课赛证融通路径",
        "20",
        ProjectKind::Planning,
        "省教育科学规划办公室",
        "待开题",
    ),
    (
        "实训室6S管理数字化研究",
        "60",
        ProjectKind::School,
        SCHOOL,
        "研究中",
    ),
    (
        "电商专业直播实训课程开发",
        "60",
        ProjectKind::School,
        SCHOOL,
        "研究中",
    ),
    (
        "中职生数学学习障碍的课堂对策",
        "60",
        ProjectKind::Small,
        SCHOOL,
        "待结题",
    ),
    (
        "班主任家校沟通案例研究",
        "60",
        ProjectKind::Small,
        SCHOOL,
        "待鉴定",
    ),
    (
        "中餐烹饪专业师徒制教学微研究",
        "60",
        ProjectKind::Small,
        SCHOOL,
        "已结题",
    ),
    (
        "会计实训课程思政元素挖掘",
        "60",
        ProjectKind::Reform,
        SCHOOL,
        "研究中",
    ),
    (
        "工业机器人专业校企双导师机制",
        "30",
        ProjectKind::Joint,
        CITY,
        "待立项",
    ),
    (
        "中职英语职场听说任务设计",
        "30",
        ProjectKind::Planning,
        CITY,
        "待立项",
    ),
    (
        "虚拟仿真在机电课程中的应用",
        "30",
        ProjectKind::Special,
        CITY,
        "待教科研处审批",
    ),
    (
        "旅游专业研学课程开发",
        "60",
        ProjectKind::School,
        SCHOOL,
        "待系部审批",
    ),
    (
        "建筑测量项目化教学",
        "60",
        ProjectKind::School,
        SCHOOL,
        "待系部审批",
    ),
    (
        "体育课运动损伤预防研究",
        "60",
        ProjectKind::Small,
        SCHOOL,
        "退回修改",
    ),
    (
        "社团活动与职业素养养成",
        "30",
        ProjectKind::Planning,
        CITY,
        "未立项",
    ),
    (
        "学习空间布局对实训效果的影响",
        "60",
        ProjectKind::Small,
        SCHOOL,
        "已撤项",
    ),
];

/// Title, kind, level, where, grade.
const RESULTS: &[(&str, ResultKind, &str, &str, &str)] = &[
    (
        "项目教学中过程性评价的设计与实施",
        ResultKind::Paper,
        "20",
        "职业教育教学",
        "",
    ),
    (
        "中职数控专业任务工单的编写要点",
        ResultKind::Paper,
        "20",
        "机械职业教育",
        "",
    ),
    (
        "课程思政在会计实训中的落点",
        ResultKind::Paper,
        "30",
        "市教育研究",
        "",
    ),
    (
        "中职生职业认同的班级活动路径",
        ResultKind::Paper,
        "30",
        "市教育研究",
        "",
    ),
    ("直播电商课程的校企共建", ResultKind::Paper, "20", "职教通讯", ""),
    (
        "汽车空调检修微课的制作与使用",
        ResultKind::Paper,
        "30",
        "市教育研究",
        "",
    ),
    ("实训安全教育三步法", ResultKind::Paper, "40", "区教育文集", ""),
    (
        "工业机器人操作与编程（活页式）",
        ResultKind::Book,
        "20",
        "职业教育出版社",
        "",
    ),
    ("中职生劳动教育读本", ResultKind::Book, "60", "校本教材", ""),
    (
        "岗位任务引领的机电专业课程改革",
        ResultKind::TeachingAward,
        "30",
        "市教育局",
        "3",
    ),
    (
        "三段递进实训模式的构建",
        ResultKind::TeachingAward,
        "30",
        "市教育局",
        "2",
    ),
    ("行动课堂校本实践研究", ResultKind::Closing, "30", CITY, ""),
    ("中职生心理健康课程开发", ResultKind::Closing, "60", SCHOOL, ""),
    ("校园网络运维微课题", ResultKind::Closing, "60", SCHOOL, ""),
    (
        "一种钳工实训用夹紧装置",
        ResultKind::Patent,
        "10",
        "国家知识产权局",
        "",
    ),
    ("实训考勤小程序", ResultKind::Software, "10", "国家版权局", ""),
    ("烹饪原料知识在线课程", ResultKind::Standard, "60", SCHOOL, ""),
    ("一次实训冲突的化解", ResultKind::Case, "30", "市教育局", "3"),
    ("企业导师进课堂案例", ResultKind::Case, "40", "区教育局", "2"),
    ("班级公约诞生记", ResultKind::Case, "40", "区教育局", "3"),
    (
        "校史资源融入语文课的尝试",
        ResultKind::Paper,
        "40",
        "区教育文集",
        "",
    ),
    (
        "线上线下混合的网页设计课",
        ResultKind::Paper,
        "30",
        "市教育研究",
        "",
    ),
];

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("research_project");
    let mut batch = Batch::new();
    let mut people = teachers(world);
    hand.rng.shuffle(&mut people);
    let mut closed = vec![];
    for (nth, line) in PROJECTS.iter().enumerate() {
        let leader = people[nth];
        let early = !line.4.starts_with("待系") && !line.4.starts_with("待教") && line.4 != "退回修改";
        let day = match early {
            true => world.days.in_week(1),
            false => world.days.in_week(9),
        };
        let record = project(world, nth, leader, day, line);
        let at = world.days.at(&mut hand.rng, day, OFFICE_HOURS);
        let id = id_at(at);
        if line.4 == "已结题" {
            closed.push(id);
        }
        batch.add_as(id, Some(line.4), &record, at);
    }
    batch.write(scope).await?;
    results(scope, world, &closed).await
}

/// Days after the application on which a school's small project reached its milestones; larger ones take years and wait.
fn project(world: &World, nth: usize, leader: usize, day: NaiveDate, line: &Line) -> ResearchProject {
    let (title, level, kind, organ, state) = *line;
    let after = |count: u64| later(world, day, count);
    let rank = match state {
        "待开题" | "已撤项" => 1,
        "研究中" => 2,
        "待结题" => 3,
        "待鉴定" => 4,
        "已结题" => 5,
        _ => 0,
    };
    let small = kind == ProjectKind::Small;
    let established = (rank >= 1).then(|| after(10));
    let span =
        |short: u64, long: u64| established.map(|day| day + Count::new(if small { short } else { long }));
    let members: Vec<&str> = world
        .group(world.school.staff[leader].group.unwrap_or(0))
        .into_iter()
        .filter(|at| *at != leader)
        .take(3)
        .map(|at| world.school.staff[at].name.as_str())
        .collect();
    ResearchProject {
        title: title.into(),
        leader: world.staff(leader),
        members: Some(members.join("、")),
        level: code(level),
        kind,
        organ: organ.into(),
        applied_on: day,
        content: text("针对课堂和实训中的实际问题，以行动研究法开展，预期形成案例、课程资源和研究报告"),
        integrity: true,
        funds: (level != "60").then_some(Money(300_000)),
        number: established.map(|day| format!("{}KT{:02}", day.format("%Y"), nth + 1)),
        established_on: established,
        // Some should have been opened by now.
        open_by: span(10, if nth == 0 { 25 } else { 60 }),
        midterm_by: span(25, 240),
        close_by: span(45, 600),
        next_due: None,
        opened_on: (rank >= 2).then(|| after(18)),
        midterm_on: (rank >= 3).then(|| after(32)),
        midterm: (rank >= 3).then(|| text("按计划推进，资料齐全，建议补充对照数据")),
        report: (rank >= 4).then(|| text("完成三轮行动研究，形成案例五个、任务单一套，学生达标率提高")),
        closed_on: (rank >= 5).then(|| after(50)),
        result: (rank >= 5).then_some(ProjectResult::Good),
        files: Default::default(),
    }
}

async fn results(scope: &Scope, world: &World, closed: &[Uuid]) -> Result<()> {
    let mut hand = Hand::new("research_result");
    let mut batch = Batch::new();
    let mut people = teachers(world);
    hand.rng.shuffle(&mut people);
    for (nth, (title, kind, level, organ, grade)) in RESULTS.iter().enumerate() {
        let last = nth + 4 > RESULTS.len();
        let day = if last {
            latest(world)
        } else {
            world.days.any(&mut hand.rng)
        };
        let state = match nth {
            _ if last => "待核实",
            12 => "退回补正",
            6 => "不予认定",
            _ => "已核实",
        };
        let record = ResearchResult {
            title: (*title).into(),
            kind: *kind,
            level: code(level),
            author: world.staff(people[nth]),
            others: None,
            published_on: day,
            organ: (*organ).into(),
            number: (*level != "60").then(|| format!("{}-{:04}", day.format("%Y"), 1100 + nth)),
            grade: (!grade.is_empty()).then(|| code(grade)),
            project: match kind {
                ResultKind::Closing => closed.first().map(|id| Ref::new(*id)),
                _ => None,
            },
            summary: None,
            integrity: true,
            verified_on: (state == "已核实").then(|| later(world, day, 5)),
            files: Default::default(),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
