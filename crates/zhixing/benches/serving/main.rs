//! The program measured as a school meets it: built for release, a demo school, people logged in, on both databases.
//!
//! Run by `cargo xtask bench`. Prints a Markdown report; nothing here fails a test.
mod board;
mod http;
mod import;
mod load;
mod many;
mod report;
mod school;

use http::Client;
use report::{Figure, Report};
use school::{School, Store};
use std::time::Duration;

const SESSIONS: usize = 32;
const LONG: Duration = Duration::from_secs(10);
const SHORT: Duration = Duration::from_secs(5);
const LIST: &str = "/r/student?per=333";
const ROWS: usize = 333;

fn main() {
    // `cargo test --benches` only asks whether this builds.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let mut report = Report::default();
    for store in Store::available() {
        eprintln!("measuring on {}", store.name());
        let school = School::fill(&store);
        measure(&school, &store, &mut report);
    }
    println!("{}", report.markdown());
}

fn measure(school: &School, store: &Store, report: &mut Report) {
    let mut add = |figure: Figure| {
        eprintln!("  {figure}");
        report.add(store.name(), figure);
    };
    let start = school.time_start();
    add(Figure::below(
        "start to first page, existing database",
        start.as_secs_f64(),
        "s",
        Some(1.0),
    ));

    let serving = school.serve();
    let cookies = school.log_in(&serving, SESSIONS);
    let clients: Vec<Client> = cookies
        .iter()
        .map(|cookie| Client::new(&serving.address, cookie))
        .collect();

    add(Figure::plain(
        "memory after 32 logins",
        serving.resident_mib(),
        "MB",
    ));
    let wanted = if store.is_sqlite() { 1_500.0 } else { 1_200.0 };
    let rows = |body: &[u8]| load::count(body, b"<tr") > ROWS;
    let warm = |_: u64| LIST.to_owned();
    // A parameter that means nothing makes every address a new one: nothing rendered before fits it.
    let cold = |turn: u64| format!("{LIST}&turn={turn}");
    let many = load::run(&clients, 32, LONG, &warm, &rows);
    add(Figure::above(
        "list of 333 students, 32 sessions on 32 connections",
        many.per_second(),
        "req/s",
        Some(wanted),
    ));
    let few = load::run(&clients, 8, LONG, &warm, &rows);
    add(Figure::below(
        "the same, 8 connections, p99",
        few.percentile(0.99),
        "ms",
        Some(20.0),
    ));
    add(Figure::plain(
        "the same, 8 connections, median",
        few.percentile(0.5),
        "ms",
    ));
    add(Figure::plain(
        "memory after this load",
        serving.resident_mib(),
        "MB",
    ));
    let many = load::run(&clients, 32, SHORT, &cold, &rows);
    add(Figure::above(
        "the same, never rendered before, 32 connections",
        many.per_second(),
        "req/s",
        None,
    ));
    let few = load::run(&clients, 8, SHORT, &cold, &rows);
    add(Figure::plain(
        "the same, never rendered before, 8 connections, p99",
        few.percentile(0.99),
        "ms",
    ));
    clients[0].get(LIST);
    let answer = clients[0].get(LIST);
    add(Figure::plain(
        "SQL statements of the list, rendered before",
        answer.statements(),
        "",
    ));
    let answer = clients[0].get(&cold(u64::MAX));
    add(Figure::plain(
        "SQL statements of the list, never rendered before",
        answer.statements(),
        "",
    ));
    add(Figure::plain(
        "bytes of the list",
        answer.body.len() as f64 / 1024.0,
        "KiB",
    ));

    let commitments = board::enlarge(&school.client(&serving, "办公室"));
    add(Figure::plain(
        "commitments on the plan board",
        commitments as f64,
        "",
    ));
    let full = |body: &[u8]| load::count(body, b"/board/") >= commitments;
    let many = load::run(&clients, 32, LONG, &|_| "/board".to_owned(), &full);
    add(Figure::above(
        "plan board",
        many.per_second(),
        "req/s",
        Some(300.0),
    ));
    add(Figure::plain(
        "SQL statements of the board, rendered before",
        clients[0].get("/board").statements(),
        "",
    ));
    let changed = board::after_changes(&school.client(&serving, "总务处"), &clients[0]);
    add(Figure::plain(
        "plan board right after a record has changed, median",
        changed.median,
        "ms",
    ));
    add(Figure::plain(
        "SQL statements of that board",
        changed.statements,
        "",
    ));
    add(Figure::below(
        "memory of the serving process after all of this load",
        serving.resident_mib(),
        "MB",
        Some(150.0),
    ));

    let time = import::students(&school.client(&serving, "教务处"), 10_000, 5_000);
    let whole = time.dry_run + time.write;
    add(Figure::below(
        "import of 5,000 students from .xlsx: upload, dry run, confirmation, written",
        whole,
        "s",
        Some(3.0),
    ));
    add(Figure::plain("of it the dry run", time.dry_run, "s"));
    add(Figure::below(
        "memory after the import",
        serving.resident_mib(),
        "MB",
        Some(150.0),
    ));

    let time = import::students(&school.client(&serving, "教务处"), 20_000, 10_000);
    add(Figure::below(
        "import of 10,000 more",
        time.dry_run + time.write,
        "s",
        Some(5.0),
    ));
    drop(serving);

    many::fill(school);
    let serving = school.serve();
    let readers = ["校长", "分管副校长", "学生处", "督导"].iter().cycle();
    let clients: Vec<Client> = readers
        .take(8)
        .map(|role| school.client(&serving, role))
        .collect();
    // The first page of all counts the rows; later ones find the counts kept until a visit is written.
    let begun = std::time::Instant::now();
    clients[0].get(many::LIST).expect(200);
    add(Figure::plain(
        "list of 100,000 home visits, two filters and a sort, the very first, counts included",
        begun.elapsed().as_secs_f64() * 1_000.0,
        "ms",
    ));
    let cold = |turn: u64| format!("{}&turn={turn}", many::LIST);
    let few = load::run(&clients, 8, LONG, &cold, &many::full);
    add(Figure::below(
        "the same, each page rendered anew, 8 connections, p99",
        few.percentile(0.99),
        "ms",
        Some(50.0),
    ));
    add(Figure::plain("the same, median", few.percentile(0.5), "ms"));
    let deep = |turn: u64| format!("{}&page=300&turn={turn}", many::LIST);
    let few = load::run(&clients, 8, SHORT, &deep, &many::full);
    add(Figure::plain(
        "the same, page 300, p99",
        few.percentile(0.99),
        "ms",
    ));
    add(Figure::plain("memory after it", serving.resident_mib(), "MB"));
}
