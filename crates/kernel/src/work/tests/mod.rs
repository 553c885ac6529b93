//! Leave in a school of two departments: 班主任 → 系部 → 分管 by length, on each database.
mod deputy;
mod flow;
mod hall;
mod late;
mod outgoing;

use crate::access::RoleSpec;
use crate::register::field::{LongText, Ref};
use crate::register::flow::{Flow, Guard, Stage, Who};
use crate::register::service::{Service, service};
use crate::register::spec::{Access, Reach, RegisterSpec, may_read, may_write};
use crate::register::store::{self, Draft, Record};
use crate::register::{Register, Rules};
use crate::testing::{Parts, Person, TestApp, databases};
use chrono::NaiveDate;
use uuid::Uuid;

/// 单位：测试用的部门和班级。
#[derive(Clone, Debug, Register)]
#[register(
    id = "unit",
    title = "单位",
    group = "school",
    label = "name",
    key = "name",
    within = "parent",
    anchor
)]
pub struct Unit {
    #[field(label = "名称", list, max = 30)]
    name: String,
    #[field(label = "上级", list)]
    parent: Option<Ref<Unit>>,
}

impl Rules for Unit {
    fn access() -> Vec<Access> {
        vec![
            may_write("office", Reach::School),
            may_read("member", Reach::School),
        ]
    }
}

/// 人员：测试用的教职工。
#[derive(Clone, Debug, Register)]
#[register(
    id = "member",
    title = "人员",
    group = "school",
    label = "name",
    within = "unit"
)]
pub struct Member {
    #[field(label = "姓名", list, max = 30)]
    name: String,
    #[field(label = "单位", list)]
    unit: Ref<Unit>,
}

impl Rules for Member {
    fn access() -> Vec<Access> {
        vec![
            may_write("office", Reach::School),
            may_read("member", Reach::School),
        ]
    }
}

/// 请假：测试用的申请。
#[derive(Clone, Debug, Register)]
#[register(
    id = "leave",
    title = "请假",
    group = "school",
    label = "who, starts_on",
    date = "starts_on",
    within = "unit",
    owner = "who"
)]
pub struct Leave {
    #[field(label = "请假人", list)]
    who: Ref<Member>,
    #[field(label = "单位", list)]
    unit: Ref<Unit>,
    #[field(label = "开始日期", list)]
    starts_on: NaiveDate,
    #[field(label = "天数", list, max = 60)]
    days: i64,
    #[field(label = "事由", max = 100)]
    why: LongText,
    #[field(label = "补充说明", max = 200)]
    more: Option<LongText>,
}

impl Rules for Leave {
    fn flow() -> Flow {
        Flow::approvals(
            &[
                Stage::by("class", "班主任", &[Who::Role("class-teacher")]).days(1),
                Stage::by("dept", "系部", &[Who::Role("head")])
                    .when(Guard::above("days", 1))
                    .days(2),
                Stage::by("vice", "分管", &[Who::Role("vice")]).when(Guard::above("days", 3)),
            ],
            "已批准",
        )
    }

    fn access() -> Vec<Access> {
        vec![
            may_write("office", Reach::School),
            may_write("member", Reach::Own),
            may_read("head", Reach::Unit),
            may_read("class-teacher", Reach::Unit),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service("学生请假", "学生处", "班主任、系部、分管按天数审批")
                .for_roles(&["member"])
                .quick(&["starts_on", "days", "why"]),
        )
    }
}

/// One school with its people.
pub struct Story {
    pub app: TestApp,
    pub leave: RegisterSpec,
    pub class: Uuid,
    /// The applicant, with a staff record in the class.
    pub member: Person,
    pub member_staff: Uuid,
    pub teacher: Person,
    pub head: Person,
    pub other_head: Person,
    pub vice: Person,
    pub office: Person,
    pub admin: Person,
}

fn role(id: &'static str, title: &'static str) -> RoleSpec {
    RoleSpec {
        id,
        title,
        reads_all: id == "vice",
        manages: id == "admin",
    }
}

/// A story on each engine, on Monday 2026-10-12 at nine.
pub async fn stories() -> Vec<Story> {
    let mut stories = vec![];
    for home in databases().await {
        let parts = Parts {
            registers: vec![
                RegisterSpec::of::<Unit>(),
                RegisterSpec::of::<Member>(),
                RegisterSpec::of::<Leave>(),
            ],
            roles: vec![
                role("office", "学生处"),
                role("member", "成员"),
                role("class-teacher", "班主任"),
                role("head", "系主任"),
                role("vice", "分管副校长"),
                role("admin", "系统管理员"),
            ],
            ..Parts::default()
        };
        stories.push(story(TestApp::new(home, parts).await).await);
    }
    stories
}

async fn story(app: TestApp) -> Story {
    let scope = app.system();
    let unit = RegisterSpec::of::<Unit>();
    let (north, south, class, staff) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    for (id, name, parent) in [
        (north, "机电系", None),
        (south, "财会系", None),
        (class, "数控1班", Some(north)),
    ] {
        let values = Unit {
            name: name.into(),
            parent: parent.map(Ref::new),
        };
        let draft = Draft {
            id,
            ..Draft::new(values.to_values())
        };
        store::create(&scope, &unit, draft).await.expect("a unit");
    }
    let member = Member {
        name: "张三".into(),
        unit: Ref::new(class),
    };
    let draft = Draft {
        id: staff,
        ..Draft::new(member.to_values())
    };
    store::create(&scope, &RegisterSpec::of::<Member>(), draft)
        .await
        .expect("a member");
    let path = async |id| store::get(&scope, &unit, id).await.expect("a unit").place.path;
    let (north, south, inner) = (path(north).await, path(south).await, path(class).await);
    Story {
        leave: RegisterSpec::of::<Leave>(),
        class,
        member: app.person("zhang", Some(staff), &[("member", "")]).await,
        member_staff: staff,
        teacher: app
            .person("teacher", None, &[("class-teacher", &inner), ("member", "")])
            .await,
        head: app
            .person("head", None, &[("head", &north), ("member", "")])
            .await,
        other_head: app.person("head2", None, &[("head", &south)]).await,
        vice: app.person("vice", None, &[("vice", "")]).await,
        office: app.person("office", None, &[("office", "")]).await,
        admin: app.person("admin", None, &[("admin", "")]).await,
        app,
    }
}

impl Story {
    /// Files leave as the applicant, through the page.
    pub async fn file(&self, days: i64) -> Uuid {
        let id = Uuid::now_v7();
        let sent = self
            .app
            .post(
                &self.member,
                "/r/leave/new",
                &[
                    ("id", &id.to_string()),
                    ("who", &self.member_staff.to_string()),
                    ("unit", &self.class.to_string()),
                    ("starts_on", "2026-10-13"),
                    ("days", &days.to_string()),
                    ("why", "看病"),
                ],
            )
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        id
    }

    /// The record as the program sees it.
    pub async fn record(&self, id: Uuid) -> Record {
        store::get(&self.app.system(), &self.leave, id)
            .await
            .expect("the record")
    }

    /// Its state.
    pub async fn state(&self, id: Uuid) -> String {
        self.record(id).await.state
    }

    /// Takes a step through the page and gives the status.
    pub async fn step(&self, person: &Person, id: Uuid, step: &str, note: &str) -> u16 {
        let version = self.record(id).await.version.to_string();
        let path = format!("/r/leave/{id}/step/{step}");
        let pairs = [("version", version.as_str()), ("step-note", note)];
        self.app.post(person, &path, &pairs).await.status.as_u16()
    }

    /// Kinds and titles of a person's messages, newest first.
    pub async fn told(&self, person: &Person) -> Vec<(String, String)> {
        let answer = self
            .app
            .api(person, axum::http::Method::GET, "/api/messages", None)
            .await
            .json();
        let rows = answer["rows"].as_array().expect("rows").iter();
        rows.map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or("").to_owned();
            (text("kind"), text("title"))
        })
        .collect()
    }

    /// How many things wait for a person, as the interface for programs says.
    pub async fn waiting(&self, person: &Person) -> u64 {
        let answer = self
            .app
            .api(person, axum::http::Method::GET, "/api/tasks", None)
            .await
            .json();
        answer["total"].as_u64().expect("a total")
    }
}
