//! Contests of teachers (教师竞赛) and titles (名师与工作室).

use anyhow::Result;
use chrono::Days as Count;
use kernel::app::Scope;
use staffing::{HonourKind, TeacherContest, TeacherContestKind, TeacherHonour, TermResult};

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{later, latest, teachers, text, vocational};

/// A contest: week, name, kind, level, organiser, entries with work and grade (empty: none).
type Line = (
    u8,
    &'static str,
    TeacherContestKind,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const CONTESTS: &[Line] = &[
    (
        3,
        "全省职业院校教学能力大赛",
        TeacherContestKind::Ability,
        "3",
        "省教育厅",
        &[("轴类零件的数控车削", "3"), ("新能源汽车动力电池检修", "")],
    ),
    (
        5,
        "校级教学能力大赛",
        TeacherContestKind::Ability,
        "4",
        "学校",
        &[
            ("可编程控制器系统装调", "2"),
            ("直播电商运营实战", "2"),
            ("宴会摆台设计与服务", "3"),
            ("企业财务会计：存货核算", "3"),
            ("网络设备配置与管理", "4"),
            ("语文：劳动者之歌", ""),
        ],
    ),
    (
        6,
        "市中等职业学校优质课评比",
        TeacherContestKind::Lesson,
        "33",
        "市教育科学研究院",
        &[
            ("函数的应用", "2"),
            ("机械制图：剖视图", "3"),
            ("职业英语：面试", "3"),
        ],
    ),
    (
        7,
        "市班主任能力大赛",
        TeacherContestKind::ClassTeacher,
        "33",
        "市教育局",
        &[("带班育人方略", "2"), ("主题班会设计", "4")],
    ),
    (
        8,
        "市职业院校技能大赛教师组",
        TeacherContestKind::Skill,
        "33",
        "市教育局",
        &[
            ("工业机器人技术应用", "2"),
            ("网络系统管理", "3"),
            ("汽车维修", ""),
        ],
    ),
    (
        9,
        "微课与课件评比",
        TeacherContestKind::Micro,
        "34",
        "区教育局",
        &[("钳工锉削要领", "3"), ("增值税计算", "3")],
    ),
];

/// A title: kind, level, issuer, how many, years of the term (0: none).
const TITLES: &[(HonourKind, &str, &str, usize, u64)] = &[
    (HonourKind::Master, "30", "市教育局", 2, 3),
    (HonourKind::Leader, "60", "学校", 6, 3),
    (HonourKind::Backbone, "30", "市教育局", 5, 3),
    (HonourKind::Backbone, "60", "学校", 9, 2),
    (HonourKind::NewStar, "40", "区教育局", 4, 0),
    (HonourKind::ClassTeacher, "30", "市教育局", 2, 3),
    (HonourKind::Studio, "30", "市教育局", 2, 3),
    (HonourKind::SkillStudio, "20", "省人力资源和社会保障厅", 1, 3),
    (HonourKind::Commended, "40", "区教育局", 3, 0),
];

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    contests(scope, world).await?;
    titles(scope, world).await
}

async fn contests(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("teacher_contest");
    let mut batch = Batch::new();
    let mut people = teachers(world);
    hand.rng.shuffle(&mut people);
    let mut next = people.iter().copied().cycle();
    for (week, name, kind, level, organiser, entries) in CONTESTS {
        for (work, grade) in *entries {
            let leader = next.next().unwrap_or(0);
            let day = world.days.in_week(*week);
            let fresh = world.days.age(day) < 16;
            let won = !grade.is_empty();
            let state = match won {
                true if fresh => "待核实",
                true => "已获奖",
                false => "未获奖",
            };
            let names: Vec<&str> = (0..2)
                .filter_map(|_| next.next())
                .map(|at| world.school.staff[at].name.as_str())
                .collect();
            let record = TeacherContest {
                members: (*kind == TeacherContestKind::Ability).then(|| names.join("、")),
                award_kind: won.then(|| code("1")),
                grade: won.then(|| code(grade)),
                awarded_on: won.then(|| later(world, day, 10)),
                certificate: (state == "已获奖").then(|| format!("{}{leader:03}", day.format("JS%Y%m"))),
                review: won.then(|| text("任务设计受好评，信息化手段运用和说课时间把握还需打磨")),
                ..entry(world, leader, day, (name, *kind, level, organiser), work)
            };
            batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    let day = latest(world);
    let line = ("市教师基本功大赛", TeacherContestKind::Basics, "33", "市教育局");
    for (work, state) in [
        ("教学设计与板书", "已报名"),
        ("说课与答辩", "已报名"),
        ("专业技能展示", "已参赛"),
        ("课堂观察", "已撤回"),
    ] {
        let leader = next.next().unwrap_or(0);
        let record = entry(world, leader, day, line, work);
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

fn entry(
    world: &World,
    leader: usize,
    day: chrono::NaiveDate,
    (name, kind, level, organiser): (&str, TeacherContestKind, &str, &str),
    work: &str,
) -> TeacherContest {
    TeacherContest {
        name: format!("{}年{name}", day.format("%Y")),
        kind,
        level: code(level),
        organiser: organiser.into(),
        held_on: day,
        leader: world.staff(leader),
        members: None,
        work: work.into(),
        section: None,
        award_kind: None,
        grade: None,
        awarded_on: None,
        certificate: None,
        review: None,
        files: Default::default(),
    }
}

async fn titles(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("teacher_honour");
    let mut batch = Batch::new();
    let skilled = vocational(world);
    let everybody = teachers(world);
    for (kind, level, issuer, count, years) in TITLES {
        let of_trade = matches!(kind, HonourKind::SkillStudio | HonourKind::Leader);
        let mut people = if of_trade {
            skilled.clone()
        } else {
            everybody.clone()
        };
        hand.rng.shuffle(&mut people);
        for (nth, at) in people.into_iter().take(*count).enumerate() {
            let granted = world.days.today - Count::new(200 + 300 * nth as u64 % 1200);
            let until = (*years > 0).then(|| granted + Count::new(365 * years));
            let over = until.is_some_and(|until| until < world.days.today);
            let state = match (over, nth) {
                (true, _) if hand.rng.chance(40) => "待任期考核",
                (true, _) => "期满合格",
                (false, 3) => "待核实",
                _ => "任期内",
            };
            let studio = matches!(kind, HonourKind::Studio | HonourKind::SkillStudio);
            let name = &world.school.staff[at].name;
            let record = TeacherHonour {
                teacher: world.staff(at),
                kind: *kind,
                level: code(level),
                studio: studio.then(|| match kind {
                    HonourKind::SkillStudio => format!("{name}技能大师工作室"),
                    _ => format!("{name}名师工作室"),
                }),
                members: None,
                issuer: (*issuer).into(),
                number: None,
                granted_on: granted,
                term_until: until,
                tasks: until.map(|_| text("带教青年教师两名，每学期示范课一节，主持课题一项，形成课程资源")),
                progress: over.then(|| text("带教三人，示范课四节，市级课题结题一项，建成在线课程一门")),
                result: (state == "期满合格").then_some(match nth % 3 {
                    0 => TermResult::Excellent,
                    _ => TermResult::Passed,
                }),
                files: Default::default(),
            };
            let day = world.days.in_week(1 + (nth % 3) as u8);
            batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}
