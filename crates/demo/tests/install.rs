//! The demo school in the registers: complete, sound, the same for the same clock, possible at any time of year.

mod host;

use std::collections::BTreeSet;

use feeds::{rows, source};
use host::{Host, TODAY};
use kernel::admin::accounts;
use kernel::app::Scope;
use kernel::auth;
use kernel::register::measure::{Reading, Span, measure};
use kernel::term;
use plans::model::{Binding, Kind, Status};
use plans::standing::State;
use plans::{readings, store};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_school_is_complete() {
    for host in Host::each(TODAY).await {
        let made = demo::fill(&host.app).await.unwrap();
        host.assert_sound().await;
        people_and_records(&host).await;
        indicators(&host).await;
        datasets(&host).await;
        plan(&host).await;
        accounts_log_in(&host, &made).await;
        assert_eq!(host.app.school_name(1), demo::SCHOOL_NAME);
    }
}

async fn count(host: &Host, register: &str) -> i64 {
    host.states(register).await.values().sum()
}

async fn people_and_records(host: &Host) {
    let calendar = term::load(&host.scope()).await.unwrap();
    let today = host.scope().today();
    let (_, term) = calendar.term_at(today).unwrap();
    assert_eq!(
        (term.week_of(today), term.weeks()),
        (Some(11), 20),
        "ten weeks lie behind"
    );
    for (register, least, most) in [
        ("unit", 40, 40),
        ("staff", 180, 180),
        ("class", 64, 64),
        ("student", 2400, 2700),
        ("room", 100, 110),
        ("training_room", 24, 40),
        ("course", 60, 120),
        ("research_activity", 40, 120),
        ("training_room_check", 120, 260),
        ("skill_result", 200, 270),
        ("contest", 8, 20),
        ("contest_award", 25, 60),
        ("home_visit", 1300, 1900),
        ("moral_activity", 500, 800),
        ("applicant", 400, 800),
        ("inspection", 60, 120),
        ("hazard", 60, 120),
        ("safety_lesson", 1800, 2200),
        ("accident", 3, 10),
        ("document", 80, 160),
    ] {
        let found = count(host, register).await;
        assert!((least..=most).contains(&found), "{register}: {found}");
    }
    let hazards = host.states("hazard").await;
    assert!(hazards["已销号"] > 50 && hazards["待复查"] >= 3, "{hazards:?}");
    let overdue = host
        .number(&format!(
            "select count(*) from r_hazard where school_id = $1 and state = '待整改' and f_due < '{TODAY}'"
        ))
        .await;
    assert_eq!(overdue, 3, "hazards that are late");
    assert!(hazards["待整改"] > overdue, "others still have time");
    // Every head of a unit was named after staff and units were there.
    let headless = "select count(*) from r_unit where school_id = $1 and f_head is null";
    assert_eq!(host.number(headless).await, 0);
    let owners = "select count(*) from r_safety_lesson t join r_class c on c.school_id = t.school_id \
                  and c.id = t.f_class where t.school_id = $1 and t.owner_id <> c.f_teacher";
    assert_eq!(host.number(owners).await, 0, "class teachers keep their lessons");
    let elsewhere = "select count(*) from r_research_activity t join r_unit u on u.school_id = t.school_id \
                     and u.id = t.f_group where t.school_id = $1 and t.owner_id <> u.f_head";
    assert_eq!(host.number(elsewhere).await, 0, "groups are led by their leads");
}

async fn reading(host: &Host, id: &str) -> Reading {
    let scope = host.scope();
    let calendar = term::load(&scope).await.unwrap();
    let (_, term) = calendar.term_at(scope.today()).unwrap();
    let span = Span {
        from: term.start(),
        to: scope.today(),
    };
    let (spec, indicator) = readings::indicator(&scope, id).unwrap();
    measure(&scope, spec, indicator, "", Some(span)).await.unwrap()
}

/// Indicators that are zero in a good term, ten weeks into it: nothing grave happened, the city has not yet answered, the
/// term has not been judged.
const NONE_SO_FAR: &[&str] = &[
    "accidents_grave",
    "awards_nation",
    "major_proposal_added",
    "major_proposal_retired",
    "regulations_repealed",
    "term_evaluation_coverage",
];

/// Shares of what there is none of before the term's examinations.
const UNMEASURED: &[&str] = &[
    "general_grade_good",
    "general_grade_passed",
    "term_evaluation_good",
    "term_evaluation_passed",
];

async fn indicators(host: &Host) {
    let (mut unmeasured, mut none) = (BTreeSet::new(), BTreeSet::new());
    for spec in host.app.registers.iter() {
        for indicator in &spec.indicators {
            let value = reading(host, &indicator.id).await.value();
            match value {
                None => _ = unmeasured.insert(indicator.id.as_str()),
                Some(value) if value <= 0.0 => _ = none.insert(indicator.id.as_str()),
                Some(_) => (),
            }
        }
    }
    let expected: [BTreeSet<&str>; 2] = [UNMEASURED, NONE_SO_FAR].map(|ids| ids.iter().copied().collect());
    assert_eq!([unmeasured, none], expected, "nothing to measure; zero");
    for (id, least, most) in [
        ("home_visit_rate", 58.0, 66.0),
        ("skill_pass_middle", 90.0, 96.0),
        ("hazard_closed", 70.0, 95.0),
        ("document_on_time", 92.0, 99.0),
        ("accident_rate", 0.1, 1.0),
        ("dual_qualified", 60.0, 95.0),
    ] {
        let value = reading(host, id).await.value().unwrap();
        assert!((least..=most).contains(&value), "{id}: {value}");
    }
}

/// What machines fed can be reported as it is.
async fn datasets(host: &Host) {
    let tables = source::tables(&host.app.registers);
    let fed: Vec<_> = tables
        .iter()
        .filter(|table| table.kind == source::Kind::Feed)
        .collect();
    assert_eq!(fed.len(), 16);
    for table in fed {
        let rows = rows::rows(&host.scope(), table, None).await.unwrap();
        let wrong: Vec<_> = rows.iter().filter(|row| !row.is_good()).collect();
        assert!(
            !rows.is_empty() && wrong.is_empty(),
            "{}: {wrong:?}",
            table.set.title
        );
    }
}

async fn plan(host: &Host) {
    let scope = host.scope();
    let plans = store::plans_of(&scope).await.unwrap();
    assert_eq!(plans.len(), 1);
    assert_eq!(plans[0].version, 1, "published");
    let all = store::published_commitments(&scope).await.unwrap();
    assert_eq!(
        all.len(),
        store::commitments(&scope, plans[0].id).await.unwrap().len()
    );
    assert!(
        all.len() >= 25
            && all
                .iter()
                .all(|c| c.status == Status::Accepted && c.owner.is_some())
    );
    for kind in [
        Kind::Target,
        Kind::Result,
        Kind::Duty,
        Kind::VagueDuty,
        Kind::Task,
    ] {
        assert!(all.iter().any(|c| c.kind == kind), "no {kind:?}");
    }
    let latest = readings::latest(&scope).await.unwrap();
    let (mut computed, mut manual, mut departments) = (0, 0, 0);
    let mut states = vec![];
    for c in &all {
        let reading = latest.get(&c.id);
        match &c.binding {
            Binding::None => assert!(!matches!(c.kind, Kind::Target | Kind::Duty), "{}", c.title),
            Binding::Manual => manual += 1,
            Binding::Indicator(_) | Binding::Duty(_) => {
                computed += 1;
                let line = readings::line(&scope, c.id).await.unwrap();
                assert_eq!(line.len(), 11, "ten weeks and today: {}", c.title);
            }
        }
        if matches!(c.kind, Kind::Target | Kind::Duty) {
            assert!(
                reading.and_then(|r| r.actual).is_some(),
                "{} has no value",
                c.title
            );
        }
        departments += usize::from(c.node.is_some());
        states.extend(reading.map(|r| (c.kind, r.state)));
    }
    assert!(
        computed >= 35 && (2..=4).contains(&manual),
        "{computed} computed, {manual} typed"
    );
    assert!(departments >= 2, "some commitments are for one unit");
    let has = |kind, state| states.iter().filter(|known| **known == (kind, state)).count();
    for (kind, state) in [
        (Kind::Target, State::Early),
        (Kind::Target, State::OnTrack),
        (Kind::Target, State::Behind),
        (Kind::Duty, State::OnTrack),
        (Kind::Duty, State::Behind),
        (Kind::Task, State::OnTrack),
        (Kind::Task, State::Missed),
    ] {
        assert!(has(kind, state) > 0, "no {kind:?} {state:?}");
    }
    assert!(has(Kind::Task, State::Early) + has(Kind::Task, State::Met) >= 5);
}

async fn accounts_log_in(host: &Host, made: &[demo::DemoAccount]) {
    let logins: BTreeSet<&str> = made.iter().map(|account| account.login.as_str()).collect();
    let passwords: BTreeSet<&str> = made.iter().map(|account| account.password.as_str()).collect();
    assert_eq!((logins.len(), passwords.len()), (made.len(), made.len()));
    let scope = host.scope();
    let roles: BTreeSet<String> = accounts::grants(&scope, None)
        .await
        .unwrap()
        .into_iter()
        .map(|grant| grant.role)
        .collect();
    assert_eq!(roles.len(), host.app.roles.len(), "one account of every role");
    for login in ["admin", "banzhuren"] {
        let account = made.iter().find(|account| account.login == login).unwrap();
        let token = auth::login(&host.app.db, scope.now(), login, &account.password).await;
        assert!(token.is_ok(), "{login} cannot log in");
    }
    let teacher = made.iter().find(|account| account.login == "banzhuren").unwrap();
    assert!(
        teacher.role.starts_with("班主任（") && teacher.role.ends_with("班）"),
        "{}",
        teacher.role
    );
    let unlinked = "select count(*) from account where school_id = $1 and (staff_id is null or must_change)";
    assert_eq!(host.number(unlinked).await, 0);
    let own = "select count(*) from account a join r_class c on c.school_id = a.school_id and c.f_teacher = a.staff_id \
               where a.school_id = $1 and a.login = 'banzhuren'";
    assert_eq!(host.number(own).await, 1, "the class teacher of a class");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_clock_makes_the_same_school() {
    let (one, other) = (Host::sqlite("2027-03-10").await, Host::sqlite("2027-03-10").await);
    let first = demo::fill(&one.app).await.unwrap();
    let second = demo::fill(&other.app).await.unwrap();
    one.assert_sound().await;
    assert_eq!(one.contents().await, other.contents().await);
    let names = |made: &[demo::DemoAccount]| {
        made.iter()
            .map(|account| (account.login.clone(), account.role.clone(), account.name.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&first), names(&second));
    assert!(first.iter().zip(&second).all(|(a, b)| a.password != b.password));
}

async fn a_school_at(day: &str) {
    let host = Host::sqlite(day).await;
    demo::fill(&host.app).await.unwrap();
    host.assert_sound().await;
    let scope = host.scope();
    let calendar = term::load(&scope).await.unwrap();
    let (_, term) = calendar.term_at(scope.today()).unwrap();
    assert_eq!(term.week_of(scope.today()), Some(11));
    let commitments = store::published_commitments(&scope).await.unwrap();
    for c in commitments.iter().filter(|c| c.kind == Kind::Task) {
        assert!(
            c.due_on.is_some_and(|due| term.contains(due)),
            "{} is due on {:?}",
            c.title,
            c.due_on
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_can_be_filled_in_the_winter_vacation() {
    a_school_at("2026-02-20").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_can_be_filled_when_hazards_were_found_before_a_long_holiday() {
    a_school_at("2026-11-30").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_can_be_filled_in_summer() {
    a_school_at("2027-08-01").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_installation_with_a_term_of_its_own_is_left_alone() {
    let host = Host::sqlite(TODAY).await;
    let term = calendar::Term::standard(
        calendar::SchoolYear(2026),
        calendar::Half::Autumn,
        &calendar::DayTable::builtin(),
    );
    term::add_term(&Scope::system(&host.app, 1, "测试"), &term)
        .await
        .unwrap();
    assert!(demo::fill(&host.app).await.is_err());
    assert!(host.app.school_name(1).is_empty(), "no school came into being");
}
