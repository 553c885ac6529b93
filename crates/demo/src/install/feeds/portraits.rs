//! Portraits (画像) of teachers and students, month by month, and what their dimensions mean.

use anyhow::Result;
use calendar::Half;
use chrono::{Datelike, NaiveDate};

use super::super::days::Days;
use super::super::world::Hand;
use super::lessons::Slot;
use super::systems::SYSTEMS;
use super::{Feeds, Row, unit_name};

/// Groups of dimensions (一级指标): English and Chinese.
const BASIC: (&str, &str) = ("BasicInformation", "基本信息");
const TEACHING: (&str, &str) = ("Teaching", "教育教学");
const CAMPUS: (&str, &str) = ("CampusServices", "管理服务");
const VISITS: (&str, &str) = ("SystemVisits", "信息化系统访问");
const OVERALL: (&str, &str) = ("OverallAssessment", "综合评价");

/// A dimension (评价维度): its group, English and Chinese, the standard's code, what it means.
type Dimension = (
    (&'static str, &'static str),
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

/// Lessons, services and visits are told of staff and students in the same words.
const LESSONS_DUE: Dimension = (
    TEACHING,
    "LessonsDue",
    "本月应到课时数",
    "0201",
    "本月教学日里课表排定的课时",
);
const LESSONS_ATTENDED: Dimension = (
    TEACHING,
    "LessonsAttended",
    "本月实到课时数",
    "0202",
    "应到课时减去调出、请假和缺勤的课时",
);
const CARD_CHECKS: Dimension = (
    CAMPUS,
    "CardChecks",
    "本月一卡通认证次数",
    "0501",
    "校门、宿舍、图书馆等处刷卡认证的次数",
);
const CARD_PAYMENTS: Dimension = (
    CAMPUS,
    "CardPayments",
    "本月一卡通消费次数",
    "0502",
    "食堂和超市刷卡消费的次数",
);
const CARD_AMOUNT: Dimension = (
    CAMPUS,
    "CardAmount",
    "本月一卡通消费金额",
    "0503",
    "食堂和超市刷卡消费的合计，单位元",
);
const BOOKS: Dimension = (
    CAMPUS,
    "BooksBorrowed",
    "本月借阅图书数量",
    "0504",
    "本月从图书馆借出的册数",
);
const SYSTEM_VISITS: Dimension = (
    VISITS,
    "SystemVisitCount",
    "信息化系统访问次数",
    "0601",
    "本月经统一身份认证进入各系统的次数",
);
const SYSTEM_NUMBER: Dimension = (
    VISITS,
    "SystemNumber",
    "访问信息化系统编号",
    "0602",
    "本月进入最多的系统的编号",
);
const REMARK: Dimension = (
    OVERALL,
    "OverallRemark",
    "综合评价评语",
    "0702",
    "按各维度的变化生成，由本人和管理者参考",
);

const OF_TEACHERS: [Dimension; 17] = [
    (BASIC, "StaffNumber", "教工号", "0102", "学校编发的工号"),
    (BASIC, "Name", "姓名", "0103", "人事档案中的姓名"),
    (BASIC, "Sex", "性别", "0104", "人事档案中的性别"),
    (BASIC, "Unit", "所在部门", "0107", "人事关系所在的系部或处室"),
    (BASIC, "YearsHere", "本校教龄", "0116", "到校工作至今的整年数"),
    (
        BASIC,
        "DualQualified",
        "是否双师型教师",
        "0118",
        "是否经认定为双师型教师",
    ),
    (
        TEACHING,
        "CourseNumber",
        "任教课程号",
        "0205",
        "本学期课表中任教课程的课程号",
    ),
    (
        TEACHING,
        "CourseName",
        "任教课程名称",
        "0207",
        "本学期课表中任教课程的名称",
    ),
    LESSONS_DUE,
    LESSONS_ATTENDED,
    CARD_CHECKS,
    CARD_PAYMENTS,
    CARD_AMOUNT,
    BOOKS,
    SYSTEM_VISITS,
    SYSTEM_NUMBER,
    REMARK,
];

const OF_STUDENTS: [Dimension; 17] = [
    (BASIC, "StudentNumber", "学号", "0101", "学校编发的学号"),
    (BASIC, "Name", "姓名", "0103", "学籍中的姓名"),
    (BASIC, "Sex", "性别", "0104", "学籍中的性别"),
    (
        BASIC,
        "MajorCode",
        "专业代码",
        "0108",
        "所学专业在专业目录中的代码",
    ),
    (BASIC, "MajorName", "专业名称", "0109", "所学专业的名称"),
    (BASIC, "ClassName", "班级名称", "0111", "所在行政班的名称"),
    (BASIC, "EntryYear", "入学年份", "0112", "入学时的年份"),
    LESSONS_DUE,
    LESSONS_ATTENDED,
    (
        TEACHING,
        "OnlineLearning",
        "网络课程在线学习时长",
        "0203",
        "本月在网络教学平台学习的时长，单位分钟",
    ),
    CARD_CHECKS,
    CARD_PAYMENTS,
    CARD_AMOUNT,
    BOOKS,
    SYSTEM_VISITS,
    SYSTEM_NUMBER,
    REMARK,
];

/// Portraits are drawn of so many teachers and students, for so many months.
const TEACHERS: usize = 10;
const STUDENTS: usize = 12;
const MONTHS: usize = 2;

const TEACHER_REMARKS: [&str; 4] = [
    "课时完成正常，课堂互动稳定，可再用好网络课程",
    "教学投入充足，资源更新及时",
    "教学安排合理，建议适当安排进修",
    "教学平稳，信息化手段使用有进步",
];
const STUDENT_REMARKS: [&str; 4] = [
    "出勤稳定，在线学习时间有增加",
    "学习有规律，可多到图书馆借阅",
    "到课情况良好，建议按时完成在线作业",
    "生活规律，课余可多参加社团",
];

/// Writes all of it.
pub async fn write(feeds: &mut Feeds<'_>, slots: &[Slot]) -> Result<()> {
    let months = months(&feeds.world.days);
    teachers(feeds, slots, &months).await?;
    students(feeds, slots, &months).await?;
    dimensions(feeds, 26, &OF_TEACHERS).await?;
    dimensions(feeds, 31, &OF_STUDENTS).await
}

/// The teaching days of the last months that are over.
fn months(days: &Days) -> Vec<Vec<NaiveDate>> {
    let this = (days.today.year(), days.today.month());
    let taught = days.between(days.term.start(), days.today);
    let month = |day: &NaiveDate| (day.year(), day.month());
    let over: Vec<NaiveDate> = taught.iter().filter(|day| month(day) != this).copied().collect();
    let months: Vec<Vec<NaiveDate>> = over
        .chunk_by(|one, next| month(one) == month(next))
        .map(<[NaiveDate]>::to_vec)
        .collect();
    months[months.len().saturating_sub(MONTHS)..].to_vec()
}

/// What everybody leaves behind in a month.
struct Traces {
    due: u32,
    attended: u32,
    checks: u32,
    payments: u32,
    /// In fen.
    amount: u32,
    books: u32,
    visits: u32,
    system: &'static str,
}

impl Traces {
    fn new(hand: &mut Hand, days: u32, due: u32) -> Self {
        let missed = if hand.rng.chance(20) { 2 } else { 0 };
        let payments = hand.rng.between(days, days * 3);
        Self {
            due,
            attended: due.saturating_sub(missed),
            checks: hand.rng.between(days * 2, days * 5),
            payments,
            amount: hand.rng.between(payments * 700, payments * 1_300),
            books: hand.rng.between(0, 4),
            visits: hand.rng.between(days, days * 4),
            system: SYSTEMS[hand.rng.below(2)].number,
        }
    }

    fn lessons(&self) -> [String; 2] {
        [self.due, self.attended].map(|count| count.to_string())
    }

    fn services(&self) -> [String; 6] {
        [
            self.checks.to_string(),
            self.payments.to_string(),
            format!("{}.{:02}", self.amount / 100, self.amount % 100),
            self.books.to_string(),
            self.visits.to_string(),
            self.system.to_owned(),
        ]
    }
}

/// Dimensions with their results, group by group.
fn portrait<const N: usize>(dimensions: &[Dimension; N], results: &[String; N]) -> String {
    let pairs: Vec<(&Dimension, &String)> = dimensions.iter().zip(results).collect();
    let groups = pairs
        .chunk_by(|(one, _), (next, _)| one.0 == next.0)
        .map(|group| {
            let lines: Vec<String> = group
                .iter()
                .map(|(dimension, result)| format!("    \"{}\": \"{result}\"", dimension.2))
                .collect();
            format!("  \"{}\": {{\n{}\n  }}", group[0].0.0.1, lines.join(",\n"))
        });
    format!("{{\n{}\n}}", groups.collect::<Vec<_>>().join(",\n"))
}

/// A month's portrait, drawn on its last teaching day: how often its person looked at the board, and when last.
fn drawn(hand: &mut Hand, month: &[NaiveDate], looks: u32, text: String) -> Row {
    let last = month[month.len() - 1];
    vec![
        ("SJKBFWCS", looks.to_string()),
        ("PJWDJJG", text),
        ("SJSCRQ", last.to_string()),
        ("SJKBZXFWRQ", hand.rng.pick(month).to_string()),
    ]
}

async fn teachers(feeds: &mut Feeds<'_>, slots: &[Slot], months: &[Vec<NaiveDate>]) -> Result<()> {
    let mut hand = Hand::new("feed_t25");
    let world = feeds.world;
    let lessons_of = |at: usize| {
        slots
            .iter()
            .filter(move |slot| slot.teacher == world.ids.staff[at])
    };
    let teaching: Vec<usize> = (0..world.school.staff.len())
        .filter(|at| lessons_of(*at).next().is_some())
        .collect();
    let mut rows = vec![];
    for at in teaching
        .iter()
        .step_by((teaching.len() / TEACHERS).max(1))
        .take(TEACHERS)
    {
        let member = &world.school.staff[*at];
        let mut courses: Vec<_> = lessons_of(*at).map(|slot| &slot.course).collect();
        courses.sort_by(|one, other| one.key.cmp(&other.key));
        courses.dedup_by(|one, other| one.key == other.key);
        let numbers: Vec<&str> = courses.iter().map(|course| course.key.as_str()).collect();
        let names: Vec<&str> = courses.iter().map(|course| course.label.as_str()).collect();
        let mut looks = hand.rng.between(3, 20);
        for month in months {
            let due = lessons_of(*at)
                .map(|slot| slot.periods_on(&world.days, month))
                .sum();
            let traces = Traces::new(&mut hand, month.len() as u32, due);
            let [due, attended] = traces.lessons();
            let [checks, payments, amount, books, visits, system] = traces.services();
            let day = month[month.len() - 1];
            let results = [
                member.number.clone(),
                member.name.clone(),
                member.sex.label().to_owned(),
                unit_name(world, member.unit).to_owned(),
                day.years_since(member.hired).unwrap_or(0).to_string(),
                if member.dual_qualified { "是" } else { "否" }.to_owned(),
                numbers.join("、"),
                names.join("、"),
                due,
                attended,
                checks,
                payments,
                amount,
                books,
                visits,
                system,
                hand.words(&TEACHER_REMARKS).to_owned(),
            ];
            looks += hand.rng.between(1, 8);
            let mut row = vec![("JGH", member.number.clone()), ("JSXM", member.name.clone())];
            row.extend(drawn(&mut hand, month, looks, portrait(&OF_TEACHERS, &results)));
            rows.push(row);
        }
    }
    feeds.put(25, &mut hand, rows).await
}

async fn students(feeds: &mut Feeds<'_>, slots: &[Slot], months: &[Vec<NaiveDate>]) -> Result<()> {
    let mut hand = Hand::new("feed_t30");
    let world = feeds.world;
    let mut rows = vec![];
    let every = (world.pupils.len() / STUDENTS).max(1);
    for (class, pupils) in world.pupils.iter().enumerate().step_by(every).take(STUDENTS) {
        let student = &world.school.students[*hand.rng.pick(pupils)];
        let class_line = &world.school.classes[class];
        let major = &world.school.majors[class_line.major];
        let lessons = slots.iter().filter(|slot| slot.class == world.ids.classes[class]);
        let mut looks = hand.rng.between(0, 10);
        for month in months {
            let due = lessons
                .clone()
                .map(|slot| slot.periods_on(&world.days, month))
                .sum();
            let traces = Traces::new(&mut hand, month.len() as u32, due);
            let [due, attended] = traces.lessons();
            let [checks, payments, amount, books, visits, system] = traces.services();
            let results = [
                student.number.clone(),
                student.name.clone(),
                student.sex.label().to_owned(),
                major.code.to_owned(),
                major.name.to_owned(),
                class_line.name.clone(),
                class_line.entry_year.to_string(),
                due,
                attended,
                hand.rng.between(40, 600).to_string(),
                checks,
                payments,
                amount,
                books,
                visits,
                system,
                hand.words(&STUDENT_REMARKS).to_owned(),
            ];
            looks += hand.rng.between(1, 6);
            let mut row = vec![("XH", student.number.clone()), ("XSXM", student.name.clone())];
            row.extend(drawn(&mut hand, month, looks, portrait(&OF_STUDENTS, &results)));
            rows.push(row);
        }
    }
    feeds.put(30, &mut hand, rows).await
}

async fn dimensions(feeds: &mut Feeds<'_>, no: u8, dimensions: &[Dimension]) -> Result<()> {
    let term = &feeds.world.days.term;
    let half = if term.half() == Half::Autumn { "1" } else { "2" };
    let rows: Vec<Row> = dimensions
        .iter()
        .map(|((group, group_title), name, title, code, meaning)| {
            vec![
                ("XN", term.year().label()),
                ("XQM", half.to_owned()),
                ("PJWDYJZBYWMC", (*group).to_owned()),
                ("PJWDYJZBZWMC", (*group_title).to_owned()),
                ("PJWDYWMC", (*name).to_owned()),
                ("PJWDZWMC", (*title).to_owned()),
                ("PJWDMSSM", (*meaning).to_owned()),
                ("PJWDDYM", (*code).to_owned()),
            ]
        })
        .collect();
    feeds.put(no, &mut Hand::new(&format!("feed_t{no}")), rows).await
}
