//! The demo school's work plan: imported as people import theirs, every commitment confirmed, published.

use anyhow::{Context, Result, bail, ensure};
use chrono::{Days as Count, Months, NaiveDate};
use kernel::admin::accounts::nodes;
use kernel::app::Scope;
use plans::model::{Binding, Commitment, Kind, Plan, Status};
use plans::publish::{Outcome, publish};
use plans::wizard::import::{Import, import};
use plans::{readings, store};
use uuid::Uuid;

use super::world::{Hand, World};
use crate::plan_text;

/// Where a commitment's value comes from.
enum Source {
    Indicator(&'static str),
    Duty(&'static str),
    /// Typed by hand: week and value × 100.
    Typed(&'static [(u8, i64)]),
    /// A task, a result, a duty without a cadence.
    Nothing,
}

use Source::{Duty, Indicator, Nothing, Typed};

/// Words of a commitment, the office that answers for it, where its value comes from; the first that fits counts.
const LINES: &[(&str, &str, Source)] = &[
    ("达到了94%", "教务处", Nothing),
    ("获奖18项", "教务处", Nothing),
    ("全体学生家访率", "学生处", Indicator("home_visit_rate")),
    ("主题班会覆盖率", "学生处", Indicator("moral_meeting_coverage")),
    ("家长会召开率", "学生处", Indicator("moral_parents_coverage")),
    ("家长对学校工作的满意率", "学生处", Typed(&[(5, 9420), (9, 9610)])),
    ("中级工通过率", "教务处", Indicator("skill_pass_middle")),
    ("技能鉴定", "实训处", Indicator("skill_exams")),
    ("市级以上技能竞赛获奖", "教务处", Indicator("awards_city")),
    ("省级奖项", "教务处", Indicator("awards_province")),
    ("校内赛事学生参赛", "实训处", Indicator("contest_students")),
    ("校园隐患整改率", "安全办", Indicator("hazard_closed")),
    ("隐患按期整改率", "安全办", Indicator("hazard_on_time")),
    ("意外伤害事故发生率", "安全办", Indicator("accident_rate")),
    ("重大安全责任事故", "安全办", Indicator("accidents_grave")),
    ("教室财产完好率", "总务处", Typed(&[(4, 9840), (8, 9870)])),
    ("新生招生", "招生就业处", Indicator("enrolled")),
    ("学籍互转", "招生就业处", Indicator("enrolled_transfer")),
    ("新生报到率", "招生就业处", Indicator("registered_share")),
    (
        "走访初中学校",
        "招生就业处",
        Typed(&[(3, 500), (6, 1100), (9, 1800)]),
    ),
    ("双师型教师占比", "教务处", Indicator("dual_qualified")),
    (
        "教师参加各级培训",
        "教科研处",
        Typed(&[(4, 6200), (7, 11800), (10, 20400)]),
    ),
    ("线上课程", "教务处", Indicator("courses_online")),
    ("安全等级评定率", "实训处", Indicator("training_classified")),
    ("公文按时办结率", "办公室", Indicator("document_on_time")),
    ("主题教研活动", "教科研处", Duty("research_monthly")),
    ("集体备课", "公共基础部", Duty("research_preparation")),
    ("教研活动覆盖率", "教科研处", Indicator("research_coverage")),
    ("公开课", "教务处", Indicator("open_lessons")),
    ("行动课堂展示", "教务处", Indicator("showcases")),
    ("课程思政示范课程", "教务处", Indicator("courses_ideological")),
    (
        "Ⅰ级实训室开展1次安全检查",
        "实训处",
        Duty("training_room_check_department_1"),
    ),
    (
        "Ⅱ级实训室开展1次安全检查",
        "实训处",
        Duty("training_room_check_department_2"),
    ),
    (
        "Ⅳ级实训室开展1次安全检查",
        "实训处",
        Duty("training_room_check_department_4"),
    ),
    ("安全抽查", "实训处", Duty("training_room_check_school_1")),
    ("安全检查合格率", "实训处", Indicator("training_room_good")),
    ("实训室问题整改率", "实训处", Indicator("training_room_mended")),
    ("校内技能大赛", "实训处", Duty("contest_skills")),
    ("升旗仪式", "学生处", Duty("moral_flag")),
    ("习惯养成教育", "学生处", Duty("moral_habit")),
    ("德育主题教育", "学生处", Duty("moral_theme")),
    ("法治宣传教育", "学生处", Duty("moral_law")),
    ("运动会", "学生处", Duty("contest_sports")),
    ("召开1次家长会", "学生处", Duty("moral_parents")),
    ("每月开展1次家访", "学生处", Duty("home_visit_class")),
    ("安全专题教育", "安全办", Duty("safety_lesson_special")),
    ("安全常规教育", "安全办", Duty("safety_lesson_regular")),
    ("安全教育覆盖率", "安全办", Indicator("safety_lesson_coverage")),
    ("校园安全隐患排查", "安全办", Duty("inspection_campus")),
    ("教学区域安全隐患排查", "安全办", Duty("inspection_teaching")),
    ("听课记录", "教务处", Nothing),
    ("预警学生", "学生处", Nothing),
    ("校舍", "总务处", Nothing),
    ("过期制度", "办公室", Nothing),
    ("补考", "教务处", Nothing),
    ("期中教学检查", "教务处", Nothing),
    ("座谈会", "教务处", Nothing),
    ("命题", "教务处", Nothing),
    ("人才培养方案", "教务处", Nothing),
    ("教学工作会议", "教务处", Nothing),
    ("技能节", "实训处", Nothing),
    ("初赛", "实训处", Nothing),
    ("决赛", "实训处", Nothing),
    ("中级工报名", "实训处", Nothing),
    ("理论与实操", "实训处", Nothing),
    ("困难学生", "学生处", Nothing),
    ("助学金", "学生处", Nothing),
    ("招生章程", "招生就业处", Nothing),
    ("开放日", "招生就业处", Nothing),
    ("业务档案", "教科研处", Nothing),
    ("课表", "教务处", Nothing),
    ("考试", "教务处", Nothing),
    ("", "办公室", Nothing),
];

/// Done before their time although it has not yet come.
const AHEAD: &[&str] = &["期中教学检查", "完成初赛"];
/// Done after their time.
const DONE_LATE: &[&str] = &["招生章程"];
/// Their time has come, and they are not done.
const OVERDUE: &[&str] = &["人才培养方案"];

/// Imports, confirms and publishes the plan, reports its tasks and computes its lines.
pub async fn write(scope: &Scope, world: &World, term: Uuid) -> Result<()> {
    let from = Import {
        term: Some(term),
        ..Import::default()
    };
    let plan = import(scope, plan_text(&world.days.term), from).await?;
    let general = world.ids.offices[world.office("公共基础部")];
    let general = nodes(scope).await?.into_iter().find(|node| node.id == general);
    let tx = scope.db().begin().await?;
    for old in store::commitments(scope, plan.id).await? {
        let mut new = old.clone();
        confirm(world, &plan, &mut new)?;
        if let Some(node) = general.as_ref().filter(|_| new.quote.contains("公共基础部")) {
            new.node = Some(node.id);
            new.path = node.path.clone();
        }
        store::save_in(&tx, scope, &old, &new, "接受", None).await?;
    }
    store::touch_plan(&tx, scope, plan.id).await?;
    tx.commit().await?;
    if let Outcome::Blocked(obstacles) = publish(scope, &plan, "").await? {
        let words: Vec<String> = obstacles.into_iter().map(|obstacle| obstacle.message).collect();
        bail!("演示计划没有发布：{}", words.join("；"));
    }
    follow(scope, world).await
}

fn line(c: &Commitment) -> &'static (&'static str, &'static str, Source) {
    let found = LINES.iter().find(|(words, ..)| c.quote.contains(words));
    found.expect("the last line fits everything")
}

/// Decides one commitment as the school would.
fn confirm(world: &World, plan: &Plan, c: &mut Commitment) -> Result<()> {
    let (_, office, source) = line(c);
    c.status = Status::Accepted;
    c.binding = match (c.kind, source) {
        (Kind::Target, Indicator(id)) => Binding::Indicator((*id).into()),
        (Kind::Duty, Duty(id)) => Binding::Duty((*id).into()),
        (Kind::Target, Typed(_)) => Binding::Manual,
        (Kind::Task | Kind::Result | Kind::VagueDuty, Nothing) => Binding::None,
        _ => bail!("演示计划的“{}”没有相应的口径或台账", c.quote),
    };
    // The head of the department that the wizard found in the words, else of the office.
    let department = world.ids.departments.iter().position(|id| Some(*id) == c.node);
    let owner = department.map_or_else(|| world.head_of(office), |at| world.school.departments[at].head);
    c.owner = Some(world.ids.staff[owner]);
    ensure!(c.plan == plan.id, "a commitment of another plan");
    let term = &world.days.term;
    if c.quote.contains("新生招生") {
        // Enrolment ends with the school year.
        c.due_on = NaiveDate::from_ymd_opt(term.year().0 + 1, 8, 31).map(|day| day.max(term.end()));
    } else {
        c.due_on = c.due_on.map(|day| within(day, term.start(), term.end()));
    }
    Ok(())
}

/// A day of the plan in the year that lies within the term.
fn within(day: NaiveDate, start: NaiveDate, end: NaiveDate) -> NaiveDate {
    let year = Months::new(12);
    let candidates = [
        Some(day),
        day.checked_add_months(year),
        day.checked_sub_months(year),
    ];
    let inside = candidates
        .into_iter()
        .flatten()
        .find(|day| (start..=end).contains(day));
    inside.unwrap_or(end)
}

/// Tasks done, values typed, readings of the weeks gone by.
async fn follow(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("commitment");
    for c in store::published_commitments(scope).await? {
        if c.kind == Kind::Task
            && let Some(day) = done_on(world, &mut hand, &c)
        {
            store::mark_done(
                scope,
                c.id,
                c.version,
                Some(day),
                Some("已按计划完成，材料存部门档案"),
            )
            .await?;
        }
        if let Typed(values) = &line(&c).2 {
            for (week, value) in *values {
                let day = world
                    .days
                    .at_or_before(world.days.term.start() + Count::new(u64::from(*week) * 7 - 3));
                readings::type_in(scope, &c, day, *value, "部门统计上报").await?;
            }
        }
    }
    let fresh = Scope::system(&scope.app, scope.school, &scope.actor.name);
    let commitments = store::published_commitments(&fresh).await?;
    readings::backfill(&fresh, &commitments).await?;
    readings::refresh(&fresh, &commitments)
        .await
        .context("演示计划的数值")?;
    Ok(())
}

/// When a task was done, if it was.
fn done_on(world: &World, hand: &mut Hand, c: &Commitment) -> Option<NaiveDate> {
    let days = &world.days;
    let due = c.due_on?;
    let named = |list: &[&str]| list.iter().any(|words| c.quote.contains(words));
    if named(OVERDUE) {
        return None;
    }
    if due >= days.today {
        return named(AHEAD).then(|| days.at_or_before(days.today - Count::new(4)));
    }
    if named(DONE_LATE) {
        return days.after(due, 3);
    }
    Some(days.at_or_before(due - Count::new(hand.rng.between(0, 6).into())))
}
