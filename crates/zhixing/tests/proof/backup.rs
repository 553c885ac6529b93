//! Backup while people write, restore elsewhere and into the other database, and damage that `check` finds.
use crate::support::{Client, Demo, Engine, House, Outcome, Program, clean, on_both_databases};
use axum::http::Method;
use kernel::args;
use kernel::value::SqlType;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use uuid::Uuid;
use zhixing::assemble::Place;

/// Tables whose rows belong to the installation and not to the school's data.
const OWN: [&str; 4] = ["session", "job", "migration", "revision"];

async fn filled(house: House) -> (House, Client) {
    let house = house.with_school().await;
    let keeper = house.account("keeper", "general-affairs", None).await;
    let program = house.program(keeper).await;
    for number in 0..30 {
        create_room(&program, &format!("R{number}")).await;
    }
    (house, program)
}

async fn create_room(program: &Client, number: &str) -> Uuid {
    let fields = json!({
        "number": number, "name": format!("教室“{number}”𬭚\n"), "building": "实训楼", "floor": 3, "area": "72.5",
        "kind": "5", "seats": 48, "status": "in_use",
    });
    let made = program
        .json(Method::POST, "/api/registers/room", &json!({ "fields": fields }))
        .await
        .expect(201);
    made.json()["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id")
}

/// Every row of every table, as text, sorted.
async fn contents(place: &Place) -> BTreeMap<String, Vec<String>> {
    let app = zhixing::assemble::open(place).await.expect("opens");
    let mut all = BTreeMap::new();
    for table in app.db.tables().await.expect("tables") {
        if OWN.contains(&table.as_str()) {
            continue;
        }
        let columns = app.db.columns_of(&table).await.expect("columns");
        let kinds: Vec<SqlType> = columns.iter().map(|(name, word)| kind(name, word)).collect();
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let rows = app
            .db
            .all(&format!("select {} from {table}", names.join(", ")), &[])
            .await
            .expect("rows");
        let text = |row: &kernel::db::Row| -> String {
            let cells = kinds
                .iter()
                .enumerate()
                .map(|(at, kind)| row.value(at, *kind).expect("a value").json().to_string());
            cells.collect::<Vec<_>>().join("|")
        };
        let mut lines: Vec<String> = rows.iter().map(text).collect();
        lines.sort();
        all.insert(table, lines);
    }
    app.db.close().await;
    all
}

fn kind(name: &str, word: &str) -> SqlType {
    let kinds = [
        SqlType::Int,
        SqlType::Bool,
        SqlType::Text,
        SqlType::Date,
        SqlType::Instant,
        SqlType::Id,
    ];
    kinds
        .into_iter()
        .find(|kind| kind.ddl() == word)
        .unwrap_or_else(|| panic!("{name} is {word}"))
}

fn run(place: &Place, command: &str, file: &Path) -> Outcome {
    Program::run(Program::on(place).arg(command).arg(file))
}

#[track_caller]
fn done(outcome: &Outcome) {
    assert_eq!(outcome.code, Some(0), "{}{}", outcome.out, outcome.err);
}

on_both_databases!(
    a_backup_restores_into_either_database,
    a_backup_taken_while_people_write_is_whole
);

async fn a_backup_restores_into_either_database(house: House) {
    let (house, _) = filled(house).await;
    attach(&house, "证明.txt", "附件的内容".as_bytes()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("backup.zip");
    done(&run(&house.place, "backup", &file));
    let before = contents(&house.place).await;
    assert_eq!(before["r_room"].len(), 30);
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(other) = House::open(engine).await else {
            continue;
        };
        // What was there before is replaced.
        let other = other.with_school().await;
        let keeper = other.account("other", "general-affairs", None).await;
        create_room(&other.program(keeper).await, "旧教室").await;
        done(&run(&other.place, "restore", &file));
        assert_eq!(contents(&other.place).await, before, "restored into {engine:?}");
        clean(&other.place);
    }
}

async fn attach(house: &House, name: &str, bytes: &[u8]) -> Uuid {
    kernel::files::keep(&house.scope(), name, bytes.to_vec())
        .await
        .expect("a file")
}

async fn a_backup_taken_while_people_write_is_whole(house: House) {
    let (house, program) = filled(house).await;
    let house = Arc::new(house);
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let writer = {
        let (stop, written) = (stop.clone(), written.clone());
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let number = written.fetch_add(1, Ordering::Relaxed);
                create_room(&program, &format!("W{number}")).await;
            }
        })
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("backup.zip");
    let outcome = {
        let (place, file) = (house.place.clone(), file.clone());
        tokio::task::spawn_blocking(move || run(&place, "backup", &file))
            .await
            .expect("it ran")
    };
    stop.store(true, Ordering::Relaxed);
    writer.await.expect("no write was refused because of the backup");
    done(&outcome);
    let other = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    done(&run(&other.place, "restore", &file));
    clean(&other.place);
    let restored = other.count("r_room").await;
    assert!(
        (30..=30 + written.load(Ordering::Relaxed) as i64).contains(&restored),
        "{restored} rooms"
    );
    let journalled = other
        .app
        .db
        .one("select count(*) from journal where register = $1", args!["room"])
        .await;
    assert_eq!(
        journalled.expect("a count").at::<i64>(0).expect("a number"),
        restored,
        "one moment of all tables"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_backup_changes_nothing() {
    let (house, _) = filled(House::open(Engine::Sqlite).await.expect("SQLite is always there")).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("backup.zip");
    done(&run(&house.place, "backup", &file));
    let whole = std::fs::read(&file).expect("the backup");
    let before = contents(&house.place).await;
    let mut flipped = whole.clone();
    flipped[inside(&whole, "tables/journal.jsonl")] ^= 0x55;
    for (name, bytes) in [
        ("cut.zip", &whole[..whole.len() / 2]),
        ("flipped.zip", &flipped),
        ("none.zip", &[]),
    ] {
        let damaged = folder.path().join(name);
        std::fs::write(&damaged, bytes).expect("writable");
        let outcome = run(&house.place, "restore", &damaged);
        assert_eq!(outcome.code, Some(1), "{name}: {}", outcome.out);
        assert_eq!(contents(&house.place).await, before, "{name} changed something");
    }
    clean(&house.place);
}

/// Does something to a filled installation behind its back, and expects `check` to say so.
async fn noticed(what: &str, harm: impl AsyncFnOnce(&House)) {
    let (house, _) = filled(House::open(Engine::Sqlite).await.expect("SQLite is always there")).await;
    attach(&house, "证明.txt", "附件的内容".as_bytes()).await;
    clean(&house.place);
    harm(&house).await;
    house.app.db.close().await;
    let outcome = Program::run(Program::on(&house.place).arg("check"));
    assert_eq!(outcome.code, Some(1), "{what} went unnoticed: {}", outcome.out);
    assert!(
        outcome.out.contains('✗') || outcome.err.contains("错误"),
        "{what}: {}{}",
        outcome.out,
        outcome.err
    );
}

async fn sql(house: &House, statement: &str) {
    let touched = house.app.db.run(statement, &[]).await.expect("SQL");
    assert!(touched > 0, "{statement} touched nothing");
}

fn attachments(house: &House) -> Vec<std::path::PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found)
            } else {
                found.push(path)
            }
        }
    }
    let mut found = vec![];
    walk(&house.place.data.join("files"), &mut found);
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_changed_behind_the_journal_is_noticed() {
    noticed("a changed field", async |house| {
        sql(
            house,
            "update r_room set f_seats = 480 where school_id = 1 and f_number = 'R7'",
        )
        .await;
    })
    .await;
    noticed("a deleted row", async |house| {
        sql(
            house,
            "delete from r_room where school_id = 1 and f_number = 'R7'",
        )
        .await;
    })
    .await;
    noticed("a row without a journal", async |house| {
        sql(
            house,
            "delete from journal where school_id = 1 and register = 'room'",
        )
        .await;
    })
    .await;
    noticed("a reference to nothing", async |house| {
        sql(
            house,
            "update r_room set f_keeper = id where school_id = 1 and f_number = 'R7'",
        )
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_attachment_is_noticed() {
    noticed("a flipped byte", async |house| {
        let files = attachments(house);
        assert_eq!(files.len(), 1);
        let mut bytes = std::fs::read(&files[0]).expect("the file");
        bytes[3] ^= 1;
        std::fs::write(&files[0], bytes).expect("writable");
    })
    .await;
    noticed("a missing file", async |house| {
        std::fs::remove_file(&attachments(house)[0]).expect("it was there");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_database_file_is_noticed() {
    for what in ["cut short", "overwritten in the middle"] {
        noticed(what, async |house| {
            house.app.db.close().await;
            let file = house.place.data.join("zhixing.db");
            let mut bytes = std::fs::read(&file).expect("the database");
            let middle = bytes.len() / 2;
            match what {
                "cut short" => bytes.truncate(middle),
                _ => bytes[middle..middle + 8192].fill(0xA5),
            }
            std::fs::write(&file, bytes).expect("writable");
        })
        .await;
    }
}

/// The demo school holds no plain sealed value, all of them decrypt, and one that does not is named.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_cipher_text_is_noticed() {
    let demo = Demo::copy();
    clean(&demo.place);
    let app = zhixing::assemble::open(&demo.place).await.expect("opens");
    let count = async |sql: &str| -> i64 {
        let row = app.db.one(sql, &[]).await.expect("a count");
        row.at(0).expect("a number")
    };
    let all =
        count("select count(*) from r_student where school_id = 1 and f_guardian_phone is not null").await;
    let sealed =
        count("select count(*) from r_student where school_id = 1 and f_guardian_phone like 'sm4:%'").await;
    assert!(all > 1_000 && all == sealed, "{sealed} of {all}");
    let harm = "update r_student set f_guardian_phone = 'sm4:AAAA' where school_id = 1 and id in \
                (select max(id) from r_student where school_id = 1)";
    assert_eq!(app.db.run(harm, &[]).await.expect("SQL"), 1);
    app.db.close().await;
    let outcome = Program::run(Program::on(&demo.place).arg("check"));
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.out.contains("监护人电话无法解密"), "{}", outcome.out);
}

/// Without the key in it a backup restores only where the key is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_without_the_key_needs_the_key() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let (house, _) = filled(house).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("backup.zip");
    let outcome = Program::run(
        Program::on(&house.place)
            .arg("backup")
            .arg(&file)
            .arg("--without-key"),
    );
    done(&outcome);
    assert!(outcome.out.contains("不含保密字段的密钥"), "{}", outcome.out);
    let other = House::open(Engine::Sqlite)
        .await
        .expect("SQLite")
        .with_school()
        .await;
    let before = contents(&other.place).await;
    let refused = run(&other.place, "restore", &file);
    assert_ne!(refused.code, Some(0));
    assert!(refused.err.contains("seal.key"), "{}", refused.err);
    assert_eq!(contents(&other.place).await, before, "nothing changed");
    done(&run(&house.place, "restore", &file));
}

/// A byte in the middle of what an entry of the archive holds.
fn inside(archive: &[u8], name: &str) -> usize {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(archive)).expect("an archive");
    let entry = zip.by_name(name).expect("the entry");
    let start = entry.data_start().expect("where it begins");
    usize::try_from(start + entry.compressed_size() / 2).expect("within memory")
}
