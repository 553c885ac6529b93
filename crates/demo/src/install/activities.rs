//! Moral education (德育活动): the school's weekly and monthly ones, class meetings, meetings with parents.

use anyhow::Result;
use calendar::Every;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::register::field::LongText;
use studentlife::{MoralActivity, Programme};

use super::days::OFFICE_HOURS;
use super::people::code;
use super::world::{Hand, World, clip};
use super::write::Batch;

/// The week in which nobody kept the weekly habit lesson.
const HABIT_MISSED: u8 = 6;
/// The weeks in which parents came to school.
const PARENTS: (u8, u8) = (8, 9);
/// Of a hundred classes, those that have met the parents so far.
const PARENTS_MET: u32 = 86;
/// Of a hundred class meetings owed, those kept.
const MEETINGS: u32 = 94;
/// Activities now and then: week, programme, code of its sort.
const OTHERS: &[(u8, Programme, &str)] = &[
    (1, Programme::Defence, "6"),
    (2, Programme::Club, "9"),
    (3, Programme::Volunteer, "5"),
    (4, Programme::Law, "1"),
    (5, Programme::Reading, "7"),
    (6, Programme::Festival, "3"),
    (7, Programme::Labour, "6"),
    (8, Programme::Volunteer, "5"),
    (9, Programme::Club, "9"),
    (10, Programme::Reading, "2"),
    (3, Programme::TenOnes, "7"),
    (6, Programme::TenOnes, "5"),
    (9, Programme::TenOnes, "3"),
];
const HABITS: &[&str] = &[
    "课前三分钟：物品定位与静待上课",
    "文明用餐：排队、光盘、收盘",
    "仪容仪表与校牌佩戴自查",
    "寝室内务：被褥、桌面、地面三整齐",
    "垃圾分类投放与值日交接",
    "见面问好与礼貌用语",
    "实训着装与工位6S",
    "公物爱护：课桌椅自查自修",
    "节约用电：离开即关",
    "午休静悄悄：宿舍与教室",
    "手机统一存放与领取",
];

/// One activity in short.
struct Plan<'a> {
    name: String,
    programme: Programme,
    kind: &'a str,
    theme: Option<&'a str>,
    content: &'a str,
}

/// Writes the activities.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("moral_activity");
    let mut batch = Batch::new();
    let days = &world.days;
    for week in days.weeks() {
        let taught = days.week(week);
        let Some(first) = taught.first() else { continue };
        let flag = Plan {
            name: format!("第{week}周升旗仪式与国旗下讲话"),
            programme: Programme::Flag,
            kind: "7",
            theme: Some("4"),
            content: "全体师生参加，学生代表作国旗下讲话，通报上周常规评比结果",
        };
        whole_school(world, &mut hand, &mut batch, *first, flag);
        if week != HABIT_MISSED {
            let habit = Plan {
                name: HABITS[(usize::from(week) - 1) % HABITS.len()].into(),
                programme: Programme::Habit,
                kind: "9",
                theme: None,
                content: "利用晨会集中讲要求、作示范，学生会逐班检查并公布结果",
            };
            let day = *hand.rng.pick(taught);
            whole_school(world, &mut hand, &mut batch, day, habit);
        }
        let running = days.term.week_of(days.today) == Some(week);
        let topic = hand.texts.moral_activity();
        let topic = format!("主题班会：{}", topic.trim_end_matches("主题班会"));
        for class in 0..world.school.classes.len() {
            if hand.rng.chance(if running { 30 } else { MEETINGS }) {
                let day = *hand.rng.pick(taught);
                let record = meeting(world, &mut hand, class, day, &topic);
                batch.add(&record, days.at(&mut hand.rng, day, OFFICE_HOURS));
            }
        }
    }
    for window in days.windows(1, Every::Month) {
        if let Some(day) = days.pick(&mut hand.rng, window.from, window.to) {
            let theme = Plan {
                name: format!("{}德育主题教育：{}", window.label, hand.texts.moral_activity()),
                programme: Programme::Theme,
                kind: "1",
                theme: Some("3"),
                content: "学生处统一部署，各班分散实施，系部检查，优秀案例全校展示",
            };
            whole_school(world, &mut hand, &mut batch, day, theme);
        }
    }
    for (week, programme, kind) in OTHERS {
        if let Some(day) = hand.day(days.week(*week)) {
            let (name, theme) = match programme {
                Programme::Law => ("法治副校长进校园：法治教育报告会".to_owned(), Some("6")),
                Programme::Labour => ("校园责任田劳动周".to_owned(), Some("8")),
                Programme::Defence => ("国防教育第一课".to_owned(), Some("7")),
                Programme::TenOnes => (format!("“十个一”成长行动第{week}周展示"), None),
                _ => (hand.texts.moral_activity(), None),
            };
            let plan = Plan {
                name,
                programme: *programme,
                kind,
                theme,
                content: "按方案组织，安全预案同步落实，活动后各班交流小结",
            };
            whole_school(world, &mut hand, &mut batch, day, plan);
        }
    }
    parents(world, &mut hand, &mut batch);
    batch.write(scope).await
}

fn whole_school(
    world: &World,
    hand: &mut Hand,
    batch: &mut Batch<MoralActivity>,
    day: NaiveDate,
    plan: Plan<'_>,
) {
    let league = matches!(
        plan.programme,
        Programme::Club | Programme::Volunteer | Programme::Festival
    );
    let host = if league { "团委" } else { "学生处" };
    let everyone = world.enrolment();
    let part = match plan.programme {
        Programme::Club | Programme::Reading => 45,
        Programme::Volunteer => 12,
        _ => hand.rng.between(96, 99) as usize,
    };
    let record = MoralActivity {
        name: clip(&plan.name, 60),
        programme: plan.programme,
        kind: code(plan.kind),
        theme: plan.theme.map(code),
        topic: None,
        section: None,
        class: None,
        starts_on: day,
        ends_on: day,
        host: host.into(),
        host_level: code("9"),
        leader: world.staff(*hand.rng.pick(&world.office_staff(host))),
        classes: world.school.classes.len() as i64,
        teachers: i64::from(hand.rng.between(60, 72)),
        students: (everyone * part / 100) as i64,
        parents: None,
        content: LongText(plan.content.into()),
        photos: Default::default(),
    };
    batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
}

fn meeting(world: &World, hand: &mut Hand, class: usize, day: NaiveDate, topic: &str) -> MoralActivity {
    let size = world.pupils[class].len() as i64;
    MoralActivity {
        name: clip(topic, 60),
        programme: Programme::Meeting,
        kind: code("7"),
        theme: None,
        topic: None,
        section: None,
        class: Some(world.class(class)),
        starts_on: day,
        ends_on: day,
        host: clip(&world.school.classes[class].name, 60),
        host_level: code("9"),
        leader: world.staff(world.school.classes[class].head_teacher),
        classes: 1,
        teachers: 1,
        students: size - i64::from(hand.rng.between(0, 2)),
        parents: None,
        content: LongText("学生主持，分组讨论并形成班级约定，班主任小结".into()),
        photos: Default::default(),
    }
}

fn parents(world: &World, hand: &mut Hand, batch: &mut Batch<MoralActivity>) {
    let (first, second) = (world.days.week(PARENTS.0), world.days.week(PARENTS.1));
    let taught = [first, second].concat();
    for class in 0..world.school.classes.len() {
        let Some(day) = hand.day(&taught).filter(|_| hand.rng.chance(PARENTS_MET)) else {
            continue;
        };
        let mut record = meeting(world, hand, class, day, "家长会：通报学情，商定家校约定");
        record.programme = Programme::Parents;
        record.teachers = i64::from(hand.rng.between(5, 8));
        record.parents = Some(record.students - i64::from(hand.rng.between(1, 5)));
        record.content =
            LongText("班主任通报学情和安全要求，任课教师介绍课程，家长代表发言，个别交流".into());
        batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
}
