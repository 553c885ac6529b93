//! A school to tell stories in: people, a register with an indicator and a duty, accounts, requests.
use axum::body::Body;
use axum::http::{Request, StatusCode};
use calendar::{Half, SchoolYear, Term};
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::args;
use kernel::codes::Codes;
use kernel::journal;
use kernel::register::field::{Decimal, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::spec::{Access, Reach, RegisterSpec, may_write};
use kernel::register::store::{self, Draft};
use kernel::register::{Register, Rules};
use kernel::term;
use kernel::testing::{self, Parts, Person, SCHOOL, TestApp, TestDb};
use people::{Staff, Unit};
use plans::model::{Commitment, Kind};
use uuid::Uuid;

/// A plan with a target, a range, duties, a vague duty and a task.
pub const PLAN: &str = "测试职业学校2026-2027学年第一学期工作计划\r\n\r\n\
    本学期学校围绕教学质量开展工作，特制定本计划。\r\n\
    一、主要目标\r\n\
    \u{3000}\u{3000}（一）平安校园。校园隐患整改率不低于95.5%，重大安全责任事故为零。\r\n\
    \u{3000}\u{3000}（二）教学质量。开发校本课程1-2门。\r\n\
    二、常规工作\r\n\
    \u{3000}\u{3000}1.学校每周开展1次校园安全隐患排查，定期召开班主任会议。\r\n\
    \u{3000}\u{3000}2.机电系每月组织2次技能训练检查。\r\n\
    三、重点任务\r\n\
    \u{3000}\u{3000}11月底前完成实训室设备清点并上报结果。全体教师参加师德培训不走过场。\r\n";

/// A plan with one commitment of each kind.
pub const SHORT: &str = "测试职业学校2026-2027学年第一学期工作计划\n\
    一、主要目标\n校园隐患整改率不低于95%，开发校本课程不少于3门。\n\
    二、常规工作\n学校每周开展1次校园安全隐患排查，定期召开班主任会议。\n\
    三、重点任务\n11月底前完成实训室设备清点并上报结果。\n";

/// The commitment of a kind with these words in its title or quote.
pub fn the(all: &[Commitment], kind: Kind, words: &str) -> Commitment {
    let found = all
        .iter()
        .find(|c| c.kind == kind && (c.title.contains(words) || c.quote.contains(words)));
    found
        .unwrap_or_else(|| panic!("no {kind:?} with {words} in {all:#?}"))
        .clone()
}

/// 巡查记录：只在这些测试里用的台账。
#[derive(Clone, Debug, Register)]
#[register(
    id = "patrol",
    title = "校园巡查",
    group = "safety",
    label = "place",
    date = "on",
    within = "unit"
)]
pub struct Patrol {
    #[field(label = "日期", list)]
    pub on: NaiveDate,
    #[field(label = "地点", list, max = 40)]
    pub place: String,
    #[field(label = "部门")]
    pub unit: Option<Ref<Unit>>,
    #[field(label = "整改费用")]
    pub cost: Option<Decimal<2>>,
    #[field(label = "已整改")]
    pub closed: bool,
}

impl Rules for Patrol {
    fn access() -> Vec<Access> {
        vec![may_write("office", Reach::School)]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "patrol_closed",
                "隐患整改率",
                "已整改 ÷ 全部",
                "%",
                Measure::Share {
                    of: Filter::is("closed", true),
                    among: Filter::all(),
                },
            ),
            indicator(
                "patrols",
                "巡查次数",
                "巡查记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            ),
        ]
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "patrol_weekly",
                "校园安全巡查",
                1,
                Every::Week,
                school_wide(),
                Filter::all(),
            )
            .also(&["校园安全隐患排查"]),
            duty(
                "patrol_monthly",
                "消防设施检查",
                1,
                Every::Month,
                school_wide(),
                Filter::all(),
            ),
        ]
    }
}

/// An answer as tests look at it.
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
    pub bytes: Vec<u8>,
    pub retarget: String,
}

/// One school on one database.
pub struct Host {
    pub test: TestApp,
    /// The department 机电系.
    pub unit: Uuid,
    /// Its path.
    pub path: String,
    /// The head of the school and of the department.
    pub heads: [Uuid; 2],
    /// The first and the second term of the school year.
    pub terms: [Uuid; 2],
}

impl Host {
    /// A fresh school on each engine.
    pub async fn each() -> Vec<Host> {
        let mut hosts = vec![];
        for home in testing::databases().await {
            hosts.push(Host::on(home).await);
        }
        hosts
    }

    async fn on(home: TestDb) -> Host {
        let mut registers = people::registers();
        registers.push(RegisterSpec::of::<Patrol>());
        let parts = Parts {
            registers,
            codes: Codes::new(people::codes::code_sets()),
            roles: people::roles::roles(),
            migrations: plans::MIGRATIONS.to_vec(),
            routes: plans::routes(),
        };
        let test = TestApp::new(home, parts).await;
        let system = test.system();
        let mut terms = vec![];
        for (half, start) in [(Half::Autumn, (2026, 8, 31)), (Half::Spring, (2027, 3, 1))] {
            let start = NaiveDate::from_ymd_opt(start.0, start.1, start.2).unwrap();
            let term = Term::new(SchoolYear(2026), half, start, 20).unwrap();
            terms.push(term::add_term(&system, &term).await.unwrap());
        }
        let heads = [Uuid::now_v7(), Uuid::now_v7()];
        let (root, unit) = (Uuid::now_v7(), Uuid::now_v7());
        units(&system, root, unit, heads).await;
        let sql = "select scope from r_unit where school_id = $1 and id = $2";
        let path = test
            .app
            .db
            .one(sql, args![SCHOOL, unit])
            .await
            .unwrap()
            .at(0)
            .unwrap();
        Host {
            test,
            unit,
            path,
            heads,
            terms: [terms[0], terms[1]],
        }
    }

    /// The program itself in the school.
    pub fn system(&self) -> Scope {
        self.test.system()
    }

    /// Logs in somebody new with a role at a path, as the staff member given.
    pub async fn login(&self, role: &str, path: &str, staff: Option<Uuid>) -> Person {
        let login = Uuid::now_v7().to_string();
        self.test.person(&login, staff, &[(role, path)]).await
    }

    /// GET
    pub async fn get(&self, who: &Person, path: &str) -> Answer {
        answer(self.test.get(who, path).await)
    }

    /// POST of a form, by htmx when `fragment`.
    pub async fn post(&self, who: &Person, path: &str, fields: &[(&str, &str)], fragment: bool) -> Answer {
        if !fragment {
            return answer(self.test.post(who, path, fields).await);
        }
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", kernel::http::escape(value)))
            .collect();
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header("cookie", format!("{}={}", kernel::http::COOKIE, who.session))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("hx-request", "true");
        let request = request.body(Body::from(body.join("&"))).unwrap();
        answer(self.test.send(request).await)
    }

    /// Sends the form of a new plan; `file` is a name with bytes, without it the file field is left empty.
    pub async fn upload(&self, who: &Person, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
        let (name, bytes) = file.unwrap_or_default();
        answer(
            self.test
                .upload(who, "/plans", fields, ("file", name, bytes))
                .await,
        )
    }

    /// Imports a text and gives the id of the draft.
    pub async fn import(&self, who: &Person, text: &str) -> Uuid {
        let answer = self.upload(who, &[("text", text)], None).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        id_in(&answer.location)
    }

    /// Takes a step with a plan.
    pub async fn step(&self, who: &Person, plan: Uuid, step: &str) -> Answer {
        let answer = self.post(who, &format!("/plans/{plan}/{step}"), &[], false).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{step}: {}", answer.body);
        answer
    }

    /// Confirms everything that can be and leaves the rest to readings by hand.
    pub async fn confirm(&self, who: &Person, plan: Uuid) {
        for step in ["accept-all", "manual"] {
            self.step(who, plan, step).await;
        }
    }

    /// All commitments of a plan.
    pub async fn commitments(&self, plan: Uuid) -> Vec<Commitment> {
        plans::store::commitments(&self.system(), plan).await.unwrap()
    }
}

/// What the journal says was done to a record, newest first.
pub async fn actions(host: &Host, record: Uuid) -> Vec<String> {
    let search = journal::Search {
        record: Some(record),
        ..Default::default()
    };
    let lines = journal::read(&host.system(), &search, 0, 10).await.unwrap();
    lines.into_iter().map(|line| line.action).collect()
}

fn answer(answer: testing::Answer) -> Answer {
    let retarget = answer.headers.get("hx-retarget").and_then(|v| v.to_str().ok());
    Answer {
        status: answer.status,
        location: answer.location().to_owned(),
        body: answer.text(),
        retarget: retarget.unwrap_or_default().to_owned(),
        bytes: answer.bytes,
    }
}

/// The first id in an address.
pub fn id_in(address: &str) -> Uuid {
    address
        .split(['/', '?', '#', '='])
        .find_map(|part| part.parse().ok())
        .unwrap_or_else(|| panic!("no id in {address}"))
}

async fn units(system: &Scope, root: Uuid, unit: Uuid, heads: [Uuid; 2]) {
    let people = Staff {
        number: "T001".into(),
        name: "钱校长".into(),
        sex: kernel::register::field::Code("1".into()),
        id_number: None,
        birth: None,
        political: None,
        phone: None,
        unit: Ref::new(root),
        kind: kernel::register::field::Code("11".into()),
        post: None,
        subject: None,
        title_level: people::TitleLevel::None,
        title_name: None,
        dual: people::DualQualified::None,
        certified: true,
        joined_on: None,
        cleared_on: None,
        status: kernel::register::field::Code("11".into()),
    };
    let school = Unit {
        number: "00".into(),
        name: "测试职业学校".into(),
        kind: people::UnitKind::School,
        parent: None,
        head: None,
        phone: None,
        active: true,
    };
    let department = Unit {
        number: "01".into(),
        name: "机电系".into(),
        kind: people::UnitKind::Department,
        parent: Some(Ref::new(root)),
        head: Some(Ref::new(heads[1])),
        ..school.clone()
    };
    create(system, "unit", root, school.to_values()).await;
    create(system, "staff", heads[0], people.to_values()).await;
    let second = Staff {
        number: "T002".into(),
        name: "孙主任".into(),
        ..people
    };
    create(system, "staff", heads[1], second.to_values()).await;
    create(system, "unit", unit, department.to_values()).await;
    let spec = system.register("unit").unwrap();
    let headed = Unit {
        head: Some(Ref::new(heads[0])),
        ..school
    };
    let change = store::Change {
        version: 1,
        values: headed.to_values(),
        reason: None,
    };
    store::update(system, spec, root, change).await.unwrap();
}

async fn create(system: &Scope, register: &str, id: Uuid, values: Vec<kernel::value::Value>) {
    let spec = system.register(register).unwrap();
    let draft = Draft {
        id,
        values,
        state: None,
        at: None,
    };
    store::create(system, spec, draft).await.unwrap();
}
