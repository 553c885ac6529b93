//! Every route × every role: what is really answered, compared with the table in the repository.
//!
//! `UPDATE_ACCESS=1 cargo test -p zhixing --test proof routes` writes the table anew; the difference is for a reviewer.
use crate::support::{Answer, Client, Engine, House, root};
use axum::http::Method;
use kernel::http::{Gate, RouteRow};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use uuid::Uuid;

const TABLE: &str = "crates/zhixing/tests/access-table.txt";
/// One in so many registers is asked for on a route whose gate is already known.
const SOME: usize = 6;
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// Whether the gate let the request through, whatever came of it behind.
fn passed(answer: &Answer, place: &str) -> bool {
    assert!(
        !answer.status.is_server_error(),
        "{place}: {} {}",
        answer.status,
        answer.text()
    );
    let sent_to_login = answer.location().starts_with("/login?next=");
    !sent_to_login && answer.status != 401 && answer.status != 403
}

/// The address with its placeholders filled by what does not exist.
fn address(row: &RouteRow, register: &str) -> String {
    let parts = row.path.split('/').map(|part| match part {
        "{register}" => register,
        part if part.starts_with('{') => NOBODY,
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// One role, or nobody in particular.
struct Person {
    name: &'static str,
    account: Option<Uuid>,
    browser: Client,
    program: Client,
}

impl Person {
    async fn new(house: &House, name: &'static str, role: &str) -> Person {
        let account = house.account(name, role, None).await;
        let (browser, program) = (house.browser(account).await, house.program(account).await);
        Person {
            name,
            account: Some(account),
            browser,
            program,
        }
    }

    /// Who asks for the route: one that ends sessions is asked with a session of its own.
    async fn client(&self, house: &House, row: &RouteRow) -> Client {
        match self.account {
            Some(account) if row.path == "/logout" => house.browser(account).await,
            _ if row.path.starts_with("/api/") => self.program.clone(),
            _ => self.browser.clone(),
        }
    }
}

async fn people(house: &House) -> Vec<Person> {
    let nobody = house.stranger();
    let mut people = vec![Person {
        name: "stranger",
        account: None,
        browser: nobody.clone(),
        program: nobody,
    }];
    people.push(Person::new(house, "no-role", "").await);
    for role in &house.app.roles {
        people.push(Person::new(house, role.id, role.id).await);
    }
    people
}

/// Who got through, and for which registers.
type Reached<'r> = BTreeMap<&'static str, BTreeSet<&'r str>>;

/// Requests one route as everybody.
async fn ask<'r>(house: &House, row: &RouteRow, people: &[Person], registers: &[&'r str]) -> Reached<'r> {
    let mut reached = Reached::new();
    for person in people {
        let client = person.client(house, row).await;
        for register in registers {
            let address = address(row, register);
            let answer = match row.method {
                Method::GET => client.get(&address).await,
                ref method if row.path.starts_with("/api/") => {
                    client
                        .json(method.clone(), &address, &serde_json::json!({}))
                        .await
                }
                _ => client.post(&address, &[]).await,
            };
            if passed(&answer, &format!("{} {address} as {}", row.method, person.name)) {
                reached.entry(person.name).or_default().insert(*register);
            }
        }
    }
    reached
}

fn among<'r>(open: &BTreeSet<&'r str>, asked: &[&'r str]) -> BTreeSet<&'r str> {
    open.iter()
        .copied()
        .filter(|register| asked.contains(register))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_of_routes_and_roles_is_the_one_in_the_repository() {
    let house = House::open(Engine::Sqlite)
        .await
        .expect("SQLite is always there")
        .with_school()
        .await;
    let people = people(&house).await;
    let table = zhixing::assemble::routes().table;
    let registers: Vec<&str> = house.app.registers.iter().map(|spec| spec.id.as_str()).collect();
    let mut plain = String::new();
    let mut by_gate: BTreeMap<String, Reached> = BTreeMap::new();
    let mut rows: Vec<&RouteRow> = table.iter().collect();
    rows.sort_by_key(|row| (row.path, row.method.to_string()));
    for (at, row) in rows.into_iter().enumerate() {
        let name = format!("{} {}", row.method, row.path);
        let gate = row.gate.words();
        let first = !by_gate.contains_key(&gate);
        // The first route behind a gate is asked for every register, the others, which must agree, for some.
        let asked: Vec<&str> = match row.path.contains("{register}") {
            false => vec![""],
            true if first => registers.clone(),
            true => registers.iter().copied().skip(at % SOME).step_by(SOME).collect(),
        };
        let reached = ask(&house, row, &people, &asked).await;
        if matches!(row.gate, Gate::ReadRegister | Gate::WriteRegister) {
            let all = by_gate.entry(gate.clone()).or_insert_with(|| reached.clone());
            let known = all.iter().map(|(person, open)| (*person, among(open, &asked)));
            let known: Reached = known.filter(|(_, open)| !open.is_empty()).collect();
            assert_eq!(
                known, reached,
                "{name} does not open as other routes behind \"{gate}\""
            );
            writeln!(plain, "{name:<60} {gate}").expect("memory");
            continue;
        }
        let who = match reached.len() {
            n if n == people.len() => "everybody".into(),
            n if n == people.len() - 1 && reached.contains_key("no-role") => "whoever is logged in".into(),
            _ => reached.keys().copied().collect::<Vec<_>>().join(" "),
        };
        writeln!(plain, "{name:<60} {gate:<16} → {who}").expect("memory");
    }
    let mut text = format!(
        "# Routes, their gates, and who gets through: asked of the running program, one role at a time.\n\n{plain}"
    );
    for (gate, reached) in by_gate {
        writeln!(text, "\n# {gate}: the registers behind it, by role").expect("memory");
        for (person, open) in reached {
            let list = match open.len() == registers.len() {
                true => "all".to_owned(),
                false => open.into_iter().collect::<Vec<_>>().join(" "),
            };
            writeln!(text, "{person:<18} {list}").expect("memory");
        }
    }
    compare(&text);
}

fn compare(text: &str) {
    let path = root().join(TABLE);
    if std::env::var_os("UPDATE_ACCESS").is_some() {
        std::fs::write(&path, text).expect("the table is writable");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let (kept, now): (Vec<&str>, Vec<&str>) = (kept.lines().collect(), text.lines().collect());
    let gone = kept
        .iter()
        .filter(|line| !now.contains(line))
        .map(|line| format!("- {line}"));
    let new = now
        .iter()
        .filter(|line| !kept.contains(line))
        .map(|line| format!("+ {line}"));
    let difference: Vec<String> = gone.chain(new).collect();
    assert!(
        difference.is_empty(),
        "{TABLE} (UPDATE_ACCESS=1 writes it):\n{}",
        difference.join("\n")
    );
}

#[test]
fn no_route_stands_without_a_gate_or_twice() {
    let table = zhixing::assemble::routes().table;
    let names: BTreeSet<String> = table
        .iter()
        .map(|row| format!("{} {}", row.method, row.path))
        .collect();
    assert_eq!(names.len(), table.len());
    let public: Vec<&str> = table
        .iter()
        .filter(|row| row.gate == Gate::Public)
        .map(|row| row.path)
        .collect();
    // A calendar program logs in nowhere: its address holds a secret.
    let feed = "/timetable/ical/{file}";
    let known = [
        "/login",
        "/login",
        "/setup",
        "/setup",
        "/api/openapi.json",
        "/",
        feed,
    ];
    assert!(public.iter().all(|path| known.contains(path)), "{public:?}");
}
