//! Empty installations with every register of the program, to be filled; and what must hold of filled ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use kernel::app::{App, Registers, Scope};
use kernel::args;
use kernel::clock::{Clock, local};
use kernel::codes::Codes;
use kernel::register::query::select_sql;
use kernel::register::spec::{FieldKind, RegisterSpec};
use kernel::register::store::{Record, faults};
use kernel::schema;
use kernel::term;
use kernel::testing::{TestDb, databases};

/// The day the story stands at: a Monday, ten weeks after the first.
pub const TODAY: &str = "2026-11-23";

/// An installation and the database it lives in.
pub struct Host {
    /// The installation.
    pub app: Arc<App>,
    _home: TestDb,
}

/// Registers whose date need not be a teaching day of the term so far: what is agreed, applied for, begun or planned.
const ANY_DAY: &[&str] = &[
    "abroad_request",
    "aid_agreement",
    "asset",
    "class_teacher_post",
    "club",
    "community_event",
    "cooperation_agreement",
    "digital_resource",
    "dorm_stay",
    "drill",
    "exchange_visit",
    "experience_booking",
    "general_grade",
    "ideology_front",
    "integrity_risk",
    "internship",
    "order_class",
    "party_development",
    "power",
    "promotion",
    "regulation",
    "sanction",
    "school_textbook",
    "social_appraisal",
    "social_training",
    "staff_leave",
    "student_leave",
    "substitution",
    "teaching_event",
    "term_evaluation",
    "union_activity",
    "vehicle_request",
    "visitor",
    "workload_extra",
    "workload_rule",
    "workload_statement",
];

/// Registers written long after, or before, the day they tell of.
const ANOTHER_DAY: &[&str] = &[
    "abroad_request",
    "asset",
    "class_teacher_post",
    "community_event",
    "drill",
    "exchange_visit",
    "experience_booking",
    "internship",
    "order_class",
    "party_development",
    "promotion",
    "social_appraisal",
    "social_training",
    "staff_leave",
    "student_leave",
    "substitution",
    "teaching_event",
    "union_activity",
    "vehicle_request",
    "visitor",
    "workload_extra",
    "workload_rule",
    "workload_statement",
];

fn registers() -> Vec<RegisterSpec> {
    [
        people::registers(),
        plans::registers(),
        teaching::registers(),
        scheduling::registers(),
        lessons::registers(),
        assessment::registers(),
        staffing::registers(),
        studentlife::registers(),
        partners::registers(),
        safety::registers(),
        governance::registers(),
        feeds::registers(),
    ]
    .concat()
}

impl Host {
    /// An empty installation on each engine, its clock standing at `day`.
    pub async fn each(day: &str) -> Vec<Host> {
        let mut hosts = vec![];
        for home in databases().await {
            hosts.push(Host::on(home, day).await);
        }
        hosts
    }

    /// An empty installation on SQLite.
    pub async fn sqlite(day: &str) -> Host {
        let home = databases().await.swap_remove(0);
        Host::on(home, day).await
    }

    async fn on(home: TestDb, day: &str) -> Host {
        let clock = Clock::fixed(day).expect("a day");
        let registers = Arc::new(Registers::new(registers()));
        let migrations = [&schema::MIGRATIONS[..], plans::MIGRATIONS, scheduling::MIGRATIONS].concat();
        schema::migrate(&home.db, &migrations, clock.now())
            .await
            .expect("migrations");
        let seal = kernel::seal::open(&home.db, &home.data).await.expect("a key");
        schema::prepare(&home.db, &registers, &seal)
            .await
            .expect("tables");
        let app = App {
            db: home.db.clone(),
            clock,
            data: home.data.clone(),
            files: kernel::files::content::Contents::folder(&home.data),
            seal,
            registers,
            own: Default::default(),
            codes: Codes::new(people::codes::code_sets()),
            roles: people::roles::roles(),
            groups: vec![],
            pages: vec![],
            cache: Default::default(),
            calendars: Default::default(),
            schools: Default::default(),
        };
        Host {
            app: Arc::new(app),
            _home: home,
        }
    }

    /// The program itself in the school, reading afresh.
    pub fn scope(&self) -> Scope {
        Scope::system(&self.app, 1, "测试")
    }

    /// Every record of a register.
    pub async fn records(&self, spec: &RegisterSpec) -> Vec<Record> {
        let fields: Vec<usize> = (0..spec.fields.len()).collect();
        let sql = format!(
            "{} where t.school_id = $1 order by t.id",
            select_sql(spec, &fields)
        );
        let rows = self.app.db.all(&sql, args![1i64]).await.unwrap();
        rows.iter()
            .map(|row| Record::read(spec, &fields, row, &self.app.seal).unwrap())
            .collect()
    }

    /// How many rows of a register are in each state.
    pub async fn states(&self, register: &str) -> BTreeMap<String, i64> {
        let sql = format!("select state, count(*) from r_{register} where school_id = $1 group by state");
        let rows = self.app.db.all(&sql, args![1i64]).await.unwrap();
        rows.iter()
            .map(|row| (row.at(0).unwrap(), row.at(1).unwrap()))
            .collect()
    }

    /// A number out of the database.
    pub async fn number(&self, sql: &str) -> i64 {
        self.app.db.one(sql, args![1i64]).await.unwrap().at(0).unwrap()
    }

    /// Every record with the labels of what it refers to instead of ids, by register: the same for the same school.
    pub async fn contents(&self) -> BTreeMap<String, Vec<String>> {
        let mut contents = BTreeMap::new();
        for spec in self.app.registers.iter() {
            let mut lines: Vec<String> = self
                .records(spec)
                .await
                .iter()
                .map(|record| {
                    let shown: Vec<String> = (0..spec.fields.len())
                        .map(|at| record.show(spec, at, &self.app.codes))
                        .map(|text| match plans::assignment::linked(&text) {
                            Some(_) => "a commitment".to_owned(),
                            None if text.starts_with("/r/staff_leave/") => "a leave".to_owned(),
                            None => text,
                        })
                        .collect();
                    format!("{} {} {}", record.state, record.created_at, shown.join("|"))
                })
                .collect();
            lines.sort();
            contents.insert(spec.id.clone(), lines);
        }
        contents
    }

    /// Asserts what holds of every record: rules, flow, days, journal.
    pub async fn assert_sound(&self) {
        let scope = self.scope();
        let calendar = term::load(&scope).await.unwrap();
        let today = scope.today();
        let (_, term) = calendar.term_at(today).unwrap();
        let taught: BTreeSet<NaiveDate> = calendar
            .days
            .teaching_days(term, term.start()..=today)
            .into_iter()
            .collect();
        let (mut any_day, mut another_day) = (BTreeSet::new(), BTreeSet::new());
        for spec in self.app.registers.iter() {
            let records = self.records(spec).await;
            assert!(!records.is_empty(), "{} is empty", spec.title);
            for record in &records {
                let told = || format!("{} {:?}", spec.title, record.values);
                let wrong = faults(&scope, spec, &record.values, true);
                assert!(wrong.is_empty(), "{wrong:?}: {}", told());
                assert!(record.created_at <= scope.now(), "made in the future: {}", told());
                assert!(reached(spec, record), "lacks what its state asks for: {}", told());
                if let Some(day) = spec.date.and_then(|at| record.values[at].date()) {
                    if !taught.contains(&day) {
                        any_day.insert(spec.id.as_str());
                    }
                    if !(0..=1).contains(&(local(record.created_at).date() - day).num_days()) {
                        another_day.insert(spec.id.as_str());
                    }
                }
            }
            let ids: BTreeSet<_> = records.iter().map(|record| record.id).collect();
            let sql =
                "select record_id from journal where school_id = $1 and register = $2 and action = '新建'";
            let rows = self.app.db.all(sql, args![1i64, spec.id.as_str()]).await.unwrap();
            let journalled: BTreeSet<_> = rows.iter().map(|row| row.at(0).unwrap()).collect();
            assert_eq!((rows.len(), journalled), (ids.len(), ids), "{}", spec.title);
        }
        let beyond = |found: &BTreeSet<&str>, known: &[&str]| -> Vec<String> {
            let known: BTreeSet<&str> = known.iter().copied().collect();
            found.difference(&known).map(|id| (*id).to_owned()).collect()
        };
        let found = [beyond(&any_day, ANY_DAY), beyond(&another_day, ANOTHER_DAY)];
        let none: [Vec<String>; 2] = Default::default();
        assert_eq!(
            found, none,
            "dated on no teaching day; not written on the day or the next"
        );
    }
}

/// Whether a record holds what some step into its state asks for; records start in the first state without any.
fn reached(spec: &RegisterSpec, record: &Record) -> bool {
    assert!(
        spec.flow.states.iter().any(|state| state.name == record.state),
        "{} knows no state {}",
        spec.title,
        record.state
    );
    let filled = |name: &String| {
        let at = spec.index(name).expect("a field of the register");
        !record.values[at].is_null() || matches!(spec.fields[at].kind, FieldKind::Files)
    };
    record.state == spec.flow.initial()
        || spec
            .flow
            .steps
            .iter()
            .filter(|step| step.to == record.state || step.forks.iter().any(|(_, to)| *to == record.state))
            .any(|step| step.needs.iter().all(filled))
}
