//! The rules that let the same SQL run on SQLite, PostgreSQL and sharded PostgreSQL, checked on every migration and
//! on every SQL text in the sources.
use crate::support::root;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Column types that both databases know.
const TYPES: [&str; 6] = ["bigint", "boolean", "date", "text", "timestamptz", "uuid"];

/// What may not stand in any statement, and why.
const FORBIDDEN: [(&str, &str); 22] = [
    ("::", "casts are written cast(x as t)"),
    ("ilike", "PostgreSQL only"),
    ("serial", "ids come from Rust"),
    ("autoincrement", "ids come from Rust"),
    ("nextval", "no sequences"),
    ("create sequence", "no sequences"),
    ("trigger", "no triggers"),
    ("any($", "arrays are PostgreSQL only"),
    ("any ($", "arrays are PostgreSQL only"),
    ("distinct on", "PostgreSQL only"),
    ("generate_series", "PostgreSQL only"),
    ("now()", "the clock is injected"),
    ("current_timestamp", "the clock is injected"),
    ("current_date", "the clock is injected"),
    ("random()", "not repeatable"),
    ("strftime", "SQLite only"),
    ("julianday", "SQLite only"),
    ("to_char", "PostgreSQL only"),
    ("jsonb", "PostgreSQL only"),
    ("insert or ", "SQLite only: write on conflict"),
    ("grouping sets", "refused across schools"),
    ("set school_id", "a row never changes its school"),
];

/// Sources that speak to one database on purpose, or to the whole installation. Everything else keeps the rules.
const ONE_ENGINE: &[&str] = &["kernel/src/db.rs"];
const ALL_SCHOOLS: &[&str] = &[
    "zhixing/src/backup.rs",
    "zhixing/src/check.rs",
    "kernel/src/files.rs",
];

/// The class of a table: what its rows belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Tenant,
    Reference,
    Control,
}

/// Everything wrong with a migration, and the classes of its tables.
fn lint_migration(sql: &str) -> (Vec<String>, HashMap<String, Class>) {
    let (mut faults, mut classes) = (vec![], HashMap::new());
    for statement in sql.split(';') {
        let (comments, code): (Vec<&str>, Vec<&str>) = statement
            .lines()
            .filter(|l| !l.trim().is_empty())
            .partition(|l| l.trim().starts_with("--"));
        let code = code.join(" ").to_lowercase();
        let words: Vec<&str> = code.split_whitespace().collect();
        if words.is_empty() {
            continue;
        }
        for (bad, why) in FORBIDDEN.iter().filter(|(bad, _)| code.contains(bad)) {
            faults.push(format!("{bad:?} ({why}) in: {code}"));
        }
        match words.as_slice() {
            ["create", "table", name, ..] => {
                let class = comments
                    .iter()
                    .find_map(|c| match c.trim().strip_prefix("-- class:")?.trim() {
                        "tenant" => Some(Class::Tenant),
                        "reference" => Some(Class::Reference),
                        "control" => Some(Class::Control),
                        _ => None,
                    });
                let Some(class) = class else {
                    faults.push(format!("table {name} has no class comment"));
                    continue;
                };
                classes.insert((*name).to_owned(), class);
                faults.extend(lint_table(name, class, &code));
            }
            ["create", "unique", "index", name, ..] if !code.contains("(school_id") => {
                faults.push(format!("unique index {name} does not start with school_id"));
            }
            ["create", "index" | "unique", ..] | ["drop", "table" | "index", ..] => {}
            ["alter", "table", _, "add" | "rename" | "drop", ..] => {}
            _ => faults.push(format!("not one of create, drop, add, rename: {code}")),
        }
    }
    (faults, classes)
}

fn lint_table(name: &str, class: Class, code: &str) -> Vec<String> {
    let mut faults = vec![];
    let inner = code
        .split_once('(')
        .and_then(|(_, rest)| rest.rsplit_once(')'))
        .map_or("", |(inner, _)| inner);
    let parts = split_outside_parentheses(inner);
    for part in &parts {
        let words: Vec<&str> = part.split_whitespace().collect();
        let constraint = matches!(
            words[0],
            "primary" | "unique" | "foreign" | "check" | "constraint"
        );
        if !constraint && !TYPES.contains(words.get(1).unwrap_or(&"")) {
            faults.push(format!(
                "{name}: the type of {part:?} is not one that both databases know"
            ));
        }
        if part.contains("default") && part.contains("()") {
            faults.push(format!("{name}: a default with a function in {part:?}"));
        }
        let keyed = words[0] == "unique" || words[0] == "primary";
        if class == Class::Tenant && keyed && !part.contains("(school_id") {
            faults.push(format!("{name}: {part:?} does not start with school_id"));
        }
        if class == Class::Tenant && !constraint && (part.contains("primary key") || part.contains(" unique"))
        {
            faults.push(format!("{name}: {part:?} is unique without school_id"));
        }
        if class == Class::Tenant && part.contains("references") && !part.contains("(school_id, id)") {
            faults.push(format!(
                "{name}: {part:?} refers to another table without school_id"
            ));
        }
    }
    if class == Class::Tenant {
        if parts
            .first()
            .is_none_or(|first| *first != "school_id bigint not null")
        {
            faults.push(format!("{name} does not start with school_id bigint not null"));
        }
        if !parts
            .iter()
            .any(|part| part.starts_with("primary key (school_id, "))
        {
            faults.push(format!("{name} has no primary key (school_id, …)"));
        }
    }
    faults
}

fn split_outside_parentheses(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (vec![], 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Everything wrong with a statement in a source file.
fn lint_statement(sql: &str, classes: &HashMap<String, Class>, every_school: bool) -> Vec<String> {
    let code = sql.to_lowercase();
    let mut faults: Vec<String> = FORBIDDEN
        .iter()
        .filter(|(bad, _)| code.contains(bad))
        .map(|(bad, why)| format!("{bad:?} ({why})"))
        .collect();
    let words: Vec<&str> = code
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '{' && c != '}')
        .collect();
    let named: Vec<Class> = words
        .windows(2)
        .filter(|pair| matches!(pair[0], "from" | "join" | "into" | "update"))
        .filter_map(|pair| match classes.get(pair[1]) {
            Some(class) => Some(*class),
            None if pair[1].starts_with("r_") => Some(Class::Tenant),
            None => None,
        })
        .collect();
    if named.contains(&Class::Tenant) && !code.contains("school_id") && !every_school {
        faults.push("a tenant table is named without school_id".into());
    }
    let writes = code.starts_with("insert") || code.starts_with("update") || code.starts_with("delete");
    let mixed = named.contains(&Class::Tenant) && named.contains(&Class::Control);
    if mixed && !writes {
        faults.push("a control table is joined with a tenant table".into());
    }
    faults
}

/// The string literals of Rust source, unescaped as far as SQL needs it.
fn literals(source: &str) -> Vec<String> {
    let (mut found, mut chars) = (vec![], source.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => while chars.next().is_some_and(|c| c != '\n') {},
            // A character literal that is a quote; a lifetime has no such form.
            '\'' if chars.peek() == Some(&'"') => drop(chars.next()),
            '\'' if chars.peek() == Some(&'\\') => drop((chars.next(), chars.next())),
            'r' if chars.peek() == Some(&'#') => {
                let mut ahead = chars.clone();
                let hashes = std::iter::from_fn(|| ahead.next_if_eq(&'#')).count();
                if ahead.next() == Some('"') {
                    let rest: String = ahead.collect();
                    let end = format!("\"{}", "#".repeat(hashes));
                    let (text, after) = rest.split_once(&end).expect("a raw string ends");
                    found.push(text.to_owned());
                    let skip = rest.chars().count() - after.chars().count() + hashes + 1;
                    chars.nth(skip - 1);
                }
            }
            '"' => {
                let mut text = String::new();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => match chars.next() {
                            Some('\n') => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                            Some('n') => text.push('\n'),
                            Some(c) => text.push(c),
                            None => break,
                        },
                        c => text.push(c),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
    }
    found
}

fn is_sql(text: &str) -> bool {
    let text = text.trim_start().to_lowercase();
    let starts = [
        "select ",
        "insert into ",
        "update ",
        "delete from ",
        "with ",
        "create ",
        "alter table ",
        "drop ",
    ];
    starts.iter().any(|start| text.starts_with(start)) && text.is_ascii()
        || text.contains(" from r_") && text.contains("select ")
}

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("target") {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
}

fn migrations() -> Vec<(PathBuf, String)> {
    let mut paths = vec![];
    files(&root().join("crates"), "sql", &mut paths);
    paths
        .into_iter()
        .map(|p| (p.clone(), std::fs::read_to_string(&p).expect("text")))
        .collect()
}

fn classes() -> HashMap<String, Class> {
    migrations()
        .iter()
        .flat_map(|(_, sql)| lint_migration(sql).1)
        .collect()
}

#[test]
fn every_migration_keeps_the_rules() {
    let all = migrations();
    assert!(all.len() >= 2, "the migrations are where the lint looks");
    let faults: Vec<String> = all
        .iter()
        .flat_map(|(path, sql)| {
            lint_migration(sql)
                .0
                .into_iter()
                .map(move |fault| format!("{}: {fault}", path.display()))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(classes().values().filter(|c| **c == Class::Tenant).count() >= 10);
}

#[test]
fn every_statement_in_the_sources_keeps_the_rules() {
    let (classes, mut faults, mut seen) = (classes(), vec![], 0);
    for krate in std::fs::read_dir(root().join("crates")).expect("crates") {
        let mut sources = vec![];
        files(&krate.expect("a crate").path().join("src"), "rs", &mut sources);
        for path in sources {
            let place = path.to_string_lossy().replace('\\', "/");
            // What tests do to their own tables concerns nobody else.
            let for_tests = place
                .rsplit_once("/src/")
                .is_some_and(|(_, file)| file.contains("tests/"));
            if for_tests || ONE_ENGINE.iter().any(|file| place.ends_with(file)) {
                continue;
            }
            let every_school = ALL_SCHOOLS.iter().any(|file| place.ends_with(file));
            let source = std::fs::read_to_string(&path).expect("text");
            for sql in literals(&source).iter().filter(|text| is_sql(text)) {
                seen += 1;
                for fault in lint_statement(sql, &classes, every_school) {
                    faults.push(format!("{place}: {fault}: {sql}"));
                }
            }
        }
    }
    assert!(seen >= 60, "only {seen} statements were found");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_lint_finds_what_it_is_for() {
    let table =
        |class: &str, body: &str| lint_migration(&format!("-- class: {class}\ncreate table t ({body})")).0;
    let good = "school_id bigint not null, id uuid not null, name text, primary key (school_id, id), \
                unique (school_id, name)";
    assert_eq!(table("tenant", good), Vec::<String>::new());
    assert_eq!(table("control", "token text primary key"), Vec::<String>::new());
    for bad in [
        "id uuid not null, school_id bigint not null, primary key (school_id, id)",
        "school_id bigint not null, id uuid primary key",
        "school_id bigint not null, id uuid, primary key (id)",
        "school_id bigint not null, id uuid, primary key (school_id, id), unique (id)",
        "school_id bigint not null, id uuid, o uuid references o(id), primary key (school_id, id)",
        "school_id bigint not null, id serial, primary key (school_id, id)",
        "school_id bigint not null, id uuid, at timestamptz default now(), primary key (school_id, id)",
    ] {
        assert!(!table("tenant", bad).is_empty(), "{bad}");
    }
    assert!(!lint_migration("create table t (id uuid)").0.is_empty());
    assert!(!lint_migration("create unique index i on t (name)").0.is_empty());
    assert!(!lint_migration("create trigger x after insert on t").0.is_empty());
    assert!(
        !lint_migration("alter table t alter column a type text")
            .0
            .is_empty()
    );

    let classes = HashMap::from([
        ("plan".to_owned(), Class::Tenant),
        ("account".to_owned(), Class::Control),
    ]);
    let faults = |sql: &str| lint_statement(sql, &classes, false).len();
    assert_eq!(faults("select id from plan where school_id = $1"), 0);
    assert_eq!(faults("select id from plan where id = $1"), 1);
    assert_eq!(faults("delete from r_hazard"), 1);
    assert_eq!(
        faults("select 1 from plan p join account a on a.school_id = p.school_id"),
        1
    );
    assert_eq!(faults("select a::text from account"), 1);
}

#[test]
fn literals_are_read_as_the_compiler_reads_them() {
    let source = r##"
        // "not this one"
        let quote = '"'; let life: &'static str = "one"; let c = '\'';
        let sql = "select a \
                   from b";
        let raw = r#"two "three""#; let escaped = "fo\"ur";
    "##;
    assert_eq!(
        literals(source),
        ["one", "select a from b", "two \"three\"", "fo\"ur"]
    );
}
