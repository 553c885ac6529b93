//! Cases of ideology in courses (课程思政案例), and the books the school writes itself (校本教材).

use ::teaching::{BookForm, Element, IdeologyCase, SchoolTextbook};
use anyhow::Result;
use chrono::{Datelike, Days as Count};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText, Money, Ref};

use super::Taught;
use crate::catalog::Category;
use crate::install::days::OFFICE_HOURS;
use crate::install::people::code;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// Cases handed in.
const CASES: usize = 44;
/// Groups that handed in nothing yet.
const SILENT: &[usize] = &[9, 13];
/// What a case is about: title, element, how it comes in, what came of it.
const THEMES: &[(&str, Element, &str, &str)] = &[
    (
        "差一丝也是不合格",
        Element::Craft,
        "从精度要求引入，学生互测并签名，讲身边技师的从业故事",
        "返工率下降，学生开始主动复检",
    ),
    (
        "按规程的第一步",
        Element::Safety,
        "以一次违规操作的后果为例，师生共同写出操作禁令并贴在工位",
        "课前检查由学生轮流主持，违规次数明显减少",
    ),
    (
        "一张凭证的诚信",
        Element::Ethics,
        "用一组有问题的单据让学生找错，讨论作假的代价",
        "学生能说出职业底线，作业抄袭减少",
    ),
    (
        "我们用的标准从哪里来",
        Element::Country,
        "梳理行业标准从引进到自主制定的过程，学生查资料汇报",
        "学生对专业的认同感增强",
    ),
    (
        "合同里的一句话",
        Element::Law,
        "分组模拟签约与纠纷，对照法条找出漏洞",
        "能用法条说明权利义务",
    ),
    (
        "一粥一饭",
        Element::Labour,
        "核算原料损耗，从耗材领用做起，比一比哪组最省",
        "耗材用量比上学期减少",
    ),
    (
        "老手艺的新用法",
        Element::Culture,
        "拆解传统纹样与工艺，用到现在的产品设计里",
        "作品入选校内展览",
    ),
    (
        "换一种做法试试",
        Element::Innovation,
        "保留一个开放任务，鼓励提出改进并验证",
        "三项小改进在实训中采用",
    ),
    (
        "废液去了哪里",
        Element::Ecology,
        "跟踪一周废料去向，设计分类收集办法",
        "实训室废料分类准确率提高",
    ),
];

/// Writes cases and books.
pub async fn write(scope: &Scope, world: &World, taught: &Taught) -> Result<()> {
    cases(scope, world).await?;
    books(scope, world, taught).await
}

async fn cases(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("ideology_case");
    let mut batch = Batch::new();
    let reviewers = world.office_staff("教科研处");
    for nth in 0..CASES {
        let course = nth * 5 % world.school.courses.len();
        let line = &world.school.courses[course];
        if SILENT.contains(&line.group) {
            continue;
        }
        let (title, element, method, effect) = THEMES[nth % THEMES.len()];
        let day = world.days.any(&mut hand.rng);
        let age = world.days.age(day);
        let state = match age {
            _ if nth % 19 == 18 => "未入选",
            _ if nth % 13 == 12 => "退回修改",
            ..=7 => "待初审",
            8..=20 => "待评审",
            // One waits for its review although its time has passed.
            _ if nth == 20 => "待评审",
            _ => "已入库",
        };
        let group = world.group(line.group);
        let author = *hand.rng.pick(&group);
        let kept = state == "已入库";
        let reviewer = *hand.rng.pick(&reviewers);
        let record = IdeologyCase {
            title: format!("{title}——《{}》教学案例", line.name),
            course: world.course(course),
            author: world.staff(author),
            group: Ref::new(world.ids.groups[line.group]),
            submitted_on: day,
            topic: format!("{}中的一个教学任务", line.name),
            element,
            method: LongText(method.into()),
            design: LongText("导入案例、分组探究、示范操作、学生练习、互评小结五个环节，一课时完成".into()),
            effect: LongText(effect.into()),
            class: None,
            taught_on: Some(day),
            reviewer: kept.then(|| world.staff(reviewer)),
            score: kept.then(|| Decimal(i64::from(hand.rng.between(148, 192)) * 5)),
            grade: None,
            files: Default::default(),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

/// States of the books, and how many days ago each was applied for.
const BOOKS: &[(&str, u64)] = &[
    ("已审定", 240),
    ("已审定", 280),
    ("待审定", 200),
    ("编写中", 150),
    ("编写中", 90),
    ("编写中", 260),
    ("待教务处审批", 9),
    ("待系部审批", 3),
    ("已终止", 240),
    ("退回修改", 30),
];

async fn books(scope: &Scope, world: &World, taught: &Taught) -> Result<()> {
    let mut hand = Hand::new("school_textbook");
    let mut batch = Batch::new();
    let courses: Vec<usize> = (0..world.school.courses.len())
        .filter(|at| {
            matches!(
                world.school.courses[*at].category,
                Category::Core | Category::Practice
            )
        })
        .collect();
    let experts = world.office_staff("教科研处");
    for (nth, (state, ago)) in BOOKS.iter().enumerate() {
        let at = courses[nth * 4 % courses.len()];
        let course = &world.school.courses[at];
        let day = world.days.today - Count::new(*ago);
        let department = course
            .majors
            .first()
            .map(|major| world.school.majors[*major].department);
        let group = world.group(course.group);
        let editor = *hand.rng.pick(&group);
        let joint = nth % 2 == 0;
        let company = department.map(|at| world.school.companies[at * 8 + nth % 8].clone());
        // The sixth is late: its time has passed and it is not written.
        let due = day + Count::new(if nth == 5 { 240 } else { 210 });
        let finished = matches!(*state, "已审定" | "待审定").then(|| day + Count::new(180));
        let approved = (*state == "已审定").then(|| day + Count::new(205));
        let record = SchoolTextbook {
            title: format!("{}活页式工作手册", course.name),
            course: world.course(at),
            major: course.majors.first().map(|major| taught.major(*major)),
            unit: Ref::new(world.unit_id(world.school.groups[course.group].unit)),
            editor: world.staff(editor),
            team: LongText(if joint {
                "专业教师三人、企业技术人员一人".into()
            } else {
                "专业教师三人".into()
            }),
            partner: company.filter(|_| joint),
            joint,
            form: [
                BookForm::LooseLeaf,
                BookForm::Handbook,
                BookForm::Media,
                BookForm::Notes,
            ][nth % 4],
            kind: code(if nth % 4 == 2 { "3" } else { "1" }),
            applied_on: day,
            due,
            words: hand.rng.between(60, 180).into(),
            outline: LongText("八个项目，每个项目含任务描述、知识准备、实施步骤、检查评价、拓展练习".into()),
            budget: Some(Money(i64::from(hand.rng.between(4, 12)) * 100_000)),
            finished_on: finished,
            reviewer: approved.map(|_| world.staff(experts[nth % experts.len()])),
            expert: approved.map(|_| "行业协会推荐专家一人".into()),
            politics: approved.map(|_| true),
            verdict: approved.map(|_| LongText("内容准确，任务来自岗位，图文规范，同意使用".into())),
            approved_on: approved,
            number: approved.map(|on| format!("校编{}-{:02}", on.year(), nth + 51)),
            files: Default::default(),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
