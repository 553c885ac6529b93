//! The school's own profile, and what other machines fed in the term so far.

use anyhow::{Result, anyhow, bail};
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::register::field::Ref;
use kernel::register::store::{CreateError, Draft, create_many};
use kernel::register::values;
use kernel::value::Value;
use people::{Campus, SchoolProfile};

use super::days::OFFICE_HOURS;
use super::people::{code, prepared};
use super::world::{Hand, World};
use super::write::{Batch, id_at};
use crate::school::Post;
use crate::{CITY, SCHOOL_NAME};

/// Systems: number, class, short and full name, whether peculiar to the school, how it came about.
const SYSTEMS: [(&str, &str, &str, &str, &str, &str); 4] = [
    ("XT01", "3", "知行", "知行智慧校园", "是", "1"),
    ("XT02", "2", "网教平台", "网络教学平台", "否", "3"),
    ("XT03", "3", "一卡通", "校园一卡通系统", "否", "3"),
    ("XT04", "4", "资源库", "专业教学资源库", "是", "1"),
];

/// Online courses: number, name.
const COURSES: [(&str, &str); 3] = [
    ("WL001", "机械制图在线课"),
    ("WL002", "电工基础在线课"),
    ("WL003", "职业素养在线课"),
];

/// Days of the feeds that come daily.
const DAYS: usize = 20;

/// Writes all of it.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    school(scope, world).await?;
    let days: Vec<NaiveDate> = world
        .days
        .between(world.days.term.start(), world.days.today)
        .to_vec();
    let days = &days[days.len().saturating_sub(DAYS)..];
    let mut hand = Hand::new("feeds");
    systems(scope, world, days, &mut hand).await?;
    visits(scope, world, days, &mut hand).await?;
    learning(scope, world, days, &mut hand).await?;
    card(scope, world, days, &mut hand).await
}

async fn school(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("school");
    let at = prepared(&world.days, &mut hand);
    let head = world.holders(Post::Principal).first().map(|at| world.staff(*at));
    let mut batch = Batch::new();
    batch.add(
        &SchoolProfile {
            name: SCHOOL_NAME.into(),
            school_code: super::CODE.into(),
            institution_code: "12990102MB0000001X".into(),
            province_code: "990000".into(),
            province: "演示省".into(),
            city_code: "990100".into(),
            city: CITY.into(),
            county_code: "990102".into(),
            county: "演示区".into(),
            category: code("361"),
            authority: Some(format!("{CITY}教育局")),
            organiser: format!("{CITY}教育局"),
            organiser_kind: code("1"),
            head,
            founded: "198509".into(),
            excellence: code("2"),
            applications: 2,
            uplink: 2_000,
            backbone: 10_000,
            wired: 1_850,
            wireless: 320,
        },
        at,
    );
    batch.write(scope).await?;
    let mut batch = Batch::new();
    batch.add(
        &Campus {
            number: "A".into(),
            name: format!("{SCHOOL_NAME}本部"),
            short: "本部".into(),
            area: Some(format!("演示省{CITY}演示区")),
            address: Some("学府路1号".into()),
            postcode: Some("990102".into()),
            phone: None,
            head: head.map(|head| Ref::new(head.id)),
            staff: world.school.staff.len() as i64,
            students: world.pupils.iter().map(Vec::len).sum::<usize>() as i64,
            founded_on: NaiveDate::from_ymd_opt(1985, 9, 1),
        },
        at,
    );
    batch.write(scope).await
}

/// Rows of one feed, by the names of the standard's columns.
async fn feed(
    scope: &Scope,
    world: &World,
    hand: &mut Hand,
    no: u8,
    rows: Vec<Vec<(&str, String)>>,
) -> Result<()> {
    let spec = scope
        .register(&format!("feed_t{no}"))
        .map_err(|_| anyhow!("演示数据：没有数据表{no}的台账"))?
        .clone();
    let mut drafts = vec![];
    for row in rows {
        let mut filled: Vec<Value> = spec.fields.iter().map(|f| Value::Null(f.kind.sql())).collect();
        for (column, text) in row {
            let name = column.to_lowercase();
            let at = spec
                .index(&name)
                .ok_or_else(|| anyhow!("演示数据：数据表{no}没有 {column}"))?;
            filled[at] = values::parse(&spec.fields[at], &text, &scope.app.codes)
                .map_err(|why| anyhow!("演示数据：{}{column} {why}", spec.title))?;
        }
        let day = spec.date.and_then(|at| filled[at].date());
        let made = match day {
            Some(day) => world.days.at(&mut hand.rng, day, OFFICE_HOURS),
            None => prepared(&world.days, hand),
        };
        drafts.push(Draft {
            id: id_at(made),
            values: filled,
            state: None,
            at: Some(made),
        });
    }
    match create_many(scope, &spec, drafts).await {
        Ok(_) => Ok(()),
        Err(CreateError::Faults(faults)) => bail!("演示数据不合规则：{} {:?}", spec.title, faults.first()),
        Err(CreateError::Other(error)) => Err(error.into()),
    }
}

async fn systems(scope: &Scope, world: &World, _days: &[NaiveDate], hand: &mut Hand) -> Result<()> {
    let rows = SYSTEMS.map(|(number, class, short, full, own, origin)| {
        vec![
            ("BMMC", "信息中心".to_owned()),
            ("XXHXTBH", number.into()),
            ("XXHXTFLM", class.into()),
            ("XXHXTJC", short.into()),
            ("XXHXTQC", full.into()),
            (
                "XXHXTFWDZ",
                format!("https://{}.example.edu.cn", number.to_lowercase()),
            ),
            ("SFTSXXHXT", own.into()),
            ("XXHXTMS", format!("{full}，面向全校师生")),
            ("XXHXTJSLXM", origin.into()),
        ]
    });
    feed(scope, world, hand, 3, rows.to_vec()).await
}

async fn visits(scope: &Scope, world: &World, days: &[NaiveDate], hand: &mut Hand) -> Result<()> {
    let mut rows = vec![];
    for day in days {
        for (number, _, _, full, _, _) in SYSTEMS {
            rows.push(vec![
                ("XXHXTBH", number.to_owned()),
                ("XXHXTQC", full.into()),
                ("FWFSM", "1".into()),
                ("JSFWCS", hand.rng.between(40, 260).to_string()),
                ("XSFWCS", hand.rng.between(200, 1_800).to_string()),
                ("XXHXTFWRQ", day.to_string()),
            ]);
        }
    }
    feed(scope, world, hand, 4, rows).await
}

async fn learning(scope: &Scope, world: &World, days: &[NaiveDate], hand: &mut Hand) -> Result<()> {
    let mut rows = vec![];
    for (at, (number, name)) in COURSES.iter().enumerate() {
        let teacher = &world.school.staff[at];
        for day in days.iter().step_by(2) {
            rows.push(vec![
                ("WLKCBH", (*number).to_owned()),
                ("WLKCMC", (*name).into()),
                ("WLKCLYM", "1".into()),
                ("WLKCSSPTMC", "网络教学平台".into()),
                ("ZJJSGH", teacher.number.clone()),
                ("ZJJSXM", teacher.name.clone()),
                ("XXRQ", day.to_string()),
                ("XXSC", hand.rng.between(300, 2_400).to_string()),
                ("XXRC", hand.rng.between(20, 120).to_string()),
                ("XSTJZYS", hand.rng.between(0, 90).to_string()),
                ("JXZYS", hand.rng.between(10, 60).to_string()),
                ("DYTLS", hand.rng.between(0, 40).to_string()),
                ("LRRQ", day.to_string()),
            ]);
        }
    }
    feed(scope, world, hand, 12, rows).await
}

async fn card(scope: &Scope, world: &World, days: &[NaiveDate], hand: &mut Hand) -> Result<()> {
    let (mut spent, mut passed) = (vec![], vec![]);
    for day in days {
        for place in ["1", "2"] {
            let persons = hand.rng.between(300, 1_500);
            spent.push(vec![
                ("XFZE", format!("{}.50", persons * 9)),
                ("XFRC", persons.to_string()),
                ("XFLBM", place.into()),
                ("XFRQ", day.to_string()),
            ]);
        }
        for (place, means) in [("4", "2"), ("2", "1")] {
            passed.push(vec![
                ("CSLXM", place.to_owned()),
                ("RZLXM", means.into()),
                ("RZRQ", day.to_string()),
                ("RZRC", hand.rng.between(400, 2_600).to_string()),
            ]);
        }
    }
    feed(scope, world, hand, 52, spent).await?;
    feed(scope, world, hand, 53, passed).await
}
