//! The engine's story on each database: two registers of a test's own, a unit tree and items with a flow.
mod files;
mod form;
mod import;
mod job;
mod list;
mod paper;
mod rest;
mod round_trip;
mod sealed;
mod sealing;
mod step;

use crate::access::RoleSpec;
use crate::choice;
use crate::codes::{CodeSet, Codes};
use crate::error::Violation;
use crate::register::field::{Code, Decimal, Files, LongText, Money, Ref};
use crate::register::flow::{Flow, Who};
use crate::register::spec::{Access, Ctx, Reach, RegisterSpec, may_read, may_write};
use crate::register::store::{self, Draft};
use crate::register::{Register, Rules};
use crate::testing::{Parts, Person, TestApp, databases};
use crate::value::Value;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// 部门：测试用的单位树。
#[derive(Clone, Debug, Register)]
#[register(
    id = "dept",
    title = "部门",
    group = "school",
    label = "name",
    key = "name",
    unique = "name",
    within = "parent",
    anchor
)]
pub struct Dept {
    #[field(label = "名称", list, max = 30)]
    name: String,
    #[field(label = "上级", list, filter)]
    parent: Option<Ref<Dept>>,
}

impl Rules for Dept {
    fn access() -> Vec<Access> {
        vec![
            may_write("office", Reach::School),
            may_read("head", Reach::School),
            may_read("worker", Reach::School),
        ]
    }
}

choice!(
    /// 等级
    Level {
        Low = "low" "一般",
        High = "high" "重大",
    }
);

/// 物品：测试用的台账，每种字段一个。
#[derive(Clone, Debug, Register)]
#[register(
    id = "item",
    title = "物品",
    group = "school",
    systems = "T1",
    label = "name",
    key = "number",
    unique = "number",
    date = "found_on",
    due = "due",
    within = "dept"
)]
pub struct Item {
    #[field(label = "编号", list, max = 20)]
    number: String,
    #[field(label = "名称", list, max = 30)]
    name: String,
    #[field(label = "登记日期", list, filter)]
    found_on: NaiveDate,
    #[field(label = "部门", list, filter)]
    dept: Ref<Dept>,
    #[field(label = "等级", list, filter)]
    level: Level,
    #[field(label = "颜色", filter, code = "colour", dataset = "T1.YS")]
    colour: Option<Code>,
    #[field(label = "数量", list, filter, max = 999)]
    amount: Option<i64>,
    #[field(label = "评分")]
    score: Option<Decimal<1>>,
    #[field(label = "单价")]
    price: Option<Money>,
    #[field(label = "送检时间")]
    tested_at: Option<DateTime<Utc>>,
    #[field(label = "在用")]
    active: bool,
    #[field(label = "借用")]
    lent: Option<bool>,
    #[field(label = "说明", max = 200)]
    note: Option<LongText>,
    #[field(label = "保管电话", sealed, max = 20)]
    phone: Option<String>,
    #[field(label = "整改期限", list)]
    due: Option<NaiveDate>,
    #[field(label = "照片")]
    photos: Files,
}

impl Rules for Item {
    fn flow() -> Flow {
        Flow::starts("待整改")
            .open("待复查")
            .done("已销号")
            .step(
                "fix",
                "整改",
                &["待整改"],
                "待复查",
                &[Who::Role("worker"), Who::Role("office")],
            )
            .needs(&["note"])
            .step("pass", "复查通过", &["待复查"], "已销号", &[Who::Role("office")])
            .step("back", "退回", &["待复查"], "待整改", &[Who::Role("office")])
            .with_note()
    }

    fn access() -> Vec<Access> {
        vec![
            may_write("office", Reach::School),
            may_write("head", Reach::Unit),
            may_write("worker", Reach::Own),
            may_read("watcher", Reach::School),
        ]
    }

    fn check(&self, _: &Ctx) -> Vec<Violation> {
        match self.due {
            Some(due) if due < self.found_on => vec![Violation::new("due", "整改期限不能早于登记日期")],
            _ => vec![],
        }
    }

    fn warnings(&self, _: &Ctx) -> Vec<Violation> {
        match self.amount {
            Some(0) => vec![Violation::new("amount", "数量为零，请核对")],
            _ => vec![],
        }
    }
}

/// One installation with its people.
pub struct Story {
    pub app: TestApp,
    pub item: RegisterSpec,
    pub north: Uuid,
    pub south: Uuid,
    pub office: Person,
    pub head: Person,
    pub worker: Person,
    pub watcher: Person,
}

fn role(id: &'static str, reads_all: bool) -> RoleSpec {
    RoleSpec {
        id,
        title: id,
        reads_all,
        manages: false,
    }
}

fn parts() -> Parts {
    parts_with(|_| {})
}

/// The parts with the register of items changed.
fn parts_with(change: impl FnOnce(&mut RegisterSpec)) -> Parts {
    let mut item = RegisterSpec::of::<Item>();
    change(&mut item);
    let colours = [("01", "红"), ("02", "蓝")].map(|(code, name)| (code.to_owned(), name.to_owned()));
    Parts {
        registers: vec![RegisterSpec::of::<Dept>(), item],
        codes: Codes::new(vec![CodeSet {
            id: "colour".into(),
            title: "颜色".into(),
            standard: "测试".into(),
            items: colours.to_vec(),
        }]),
        roles: vec![
            role("office", false),
            role("head", false),
            role("worker", false),
            role("watcher", false),
            role("stranger", false),
            role("principal", true),
            RoleSpec {
                manages: true,
                ..role("boss", false)
            },
        ],
        routes: crate::admin::routes(),
        ..Parts::default()
    }
}

/// A story on each engine.
pub async fn stories() -> Vec<Story> {
    let mut stories = vec![];
    for home in databases().await {
        stories.push(story(TestApp::new(home, parts()).await).await);
    }
    stories
}

/// A story on each engine with the register of items changed.
async fn stories_with(change: impl Fn(&mut RegisterSpec)) -> Vec<Story> {
    let mut stories = vec![];
    for home in databases().await {
        stories.push(story(TestApp::new(home, parts_with(&change)).await).await);
    }
    stories
}

async fn story(app: TestApp) -> Story {
    let scope = app.system();
    let (north, south) = (Uuid::now_v7(), Uuid::now_v7());
    let dept = RegisterSpec::of::<Dept>();
    for (id, name) in [(north, "机电系"), (south, "财会系")] {
        let values = Dept {
            name: name.into(),
            parent: None,
        }
        .to_values();
        store::create(
            &scope,
            &dept,
            Draft {
                id,
                ..Draft::new(values)
            },
        )
        .await
        .expect("a department");
    }
    let path = store::get(&scope, &dept, north).await.expect("北").place.path;
    Story {
        item: (**app.app.registers.get("item").expect("items")).clone(),
        north,
        south,
        office: app.person("office", None, &[("office", "")]).await,
        head: app.person("head", None, &[("head", &path)]).await,
        worker: app.person("worker", None, &[("worker", &path)]).await,
        watcher: app.person("watcher", None, &[("watcher", "")]).await,
        app,
    }
}

impl Story {
    /// A plain item.
    pub fn item(&self, number: &str, name: &str) -> Item {
        Item {
            number: number.into(),
            name: name.into(),
            found_on: day(9, 1),
            dept: Ref::new(self.north),
            level: Level::Low,
            colour: None,
            amount: None,
            score: None,
            price: None,
            tested_at: None,
            active: true,
            lent: None,
            note: None,
            phone: None,
            due: None,
            photos: Files::default(),
        }
    }

    /// Writes an item as the person.
    pub async fn write(&self, person: &Person, item: &Item) -> Uuid {
        let scope = self.app.scope(person).await;
        store::create(&scope, &self.item, Draft::new(item.to_values()))
            .await
            .expect("a good item")
    }

    /// How many live items there are.
    pub async fn count(&self) -> i64 {
        let row = self
            .app
            .app
            .db
            .one("select count(*) from r_item where void_reason is null", &[]);
        row.await.and_then(|row| row.at(0)).expect("a count")
    }

    /// The form of a good item.
    pub fn form<'a>(&self, number: &'a str, dept: &'a str) -> Vec<(&'a str, &'a str)> {
        vec![
            ("number", number),
            ("name", "灭火器"),
            ("found_on", "2026-09-01"),
            ("dept", dept),
            ("level", "low"),
            ("active", "true"),
        ]
    }
}

pub fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
}

/// The value of a field by name.
pub fn field<'a>(spec: &RegisterSpec, values: &'a [Value], name: &str) -> &'a Value {
    &values[spec.index(name).expect("a field")]
}
