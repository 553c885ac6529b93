//! A demo school on a database, the built program serving it, people who log in.
use super::http::Client;
use kernel::db::Db;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The day it is.
pub const TODAY: &str = "2026-11-23";
/// Those who see every student of the school.
const READERS: [&str; 4] = ["校长", "分管副校长", "教务处", "学生处"];

/// A database to measure on.
pub enum Store {
    /// A file.
    Sqlite,
    /// A database of its own in the cluster.
    Postgres { cluster: String },
}

impl Store {
    /// SQLite always, PostgreSQL where `ZHIXING_BENCH_PG` names one.
    pub fn available() -> Vec<Store> {
        let mut stores = vec![Store::Sqlite];
        match std::env::var("ZHIXING_BENCH_PG") {
            Ok(cluster) => stores.push(Store::Postgres { cluster }),
            Err(_) => eprintln!("ZHIXING_BENCH_PG names no PostgreSQL; `cargo xtask bench` starts one"),
        }
        stores
    }

    /// As the report calls it.
    pub fn name(&self) -> &'static str {
        match self {
            Store::Sqlite => "SQLite",
            Store::Postgres { .. } => "PostgreSQL",
        }
    }

    /// Whether it is the file.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Store::Sqlite)
    }

    fn address(&self) -> Option<String> {
        let Store::Postgres { cluster } = self else {
            return None;
        };
        let name = format!("bench_{}", kernel::auth::random_hex(6));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let server = Db::connect(cluster).await.expect("ZHIXING_BENCH_PG answers");
            server
                .run(&format!("create database {name}"), &[])
                .await
                .expect("a database of our own");
            server.close().await;
        });
        let (base, _) = cluster.rsplit_once('/').expect("the address names a database");
        Some(format!("{base}/{name}"))
    }
}

/// A filled demo school.
pub struct School {
    folder: TempDir,
    /// Its database, when it is no file.
    pub db: Option<String>,
    accounts: Vec<(String, String, String)>,
}

impl School {
    /// Makes one.
    pub fn fill(store: &Store) -> School {
        let folder = tempfile::tempdir().expect("a folder");
        let mut school = School {
            folder,
            db: store.address(),
            accounts: vec![],
        };
        drop(school.serve());
        let text = std::fs::read_to_string(school.data().join("demo-accounts.txt")).expect("accounts");
        let words = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>());
        school.accounts = words
            .filter_map(|words| match words.as_slice() {
                [login, password, role, ..] => {
                    Some((login.to_string(), password.to_string(), role.to_string()))
                }
                _ => None,
            })
            .collect();
        school
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts the program and waits until it serves.
    pub fn serve(&self) -> Serving {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zhixing"));
        command
            .args(["--listen", "127.0.0.1:0", "--clock", TODAY, "--data"])
            .arg(self.data());
        if let Some(db) = &self.db {
            command.args(["--db", db]);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let out = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut serving = Serving {
            child,
            out,
            address: String::new(),
        };
        while serving.address.is_empty() {
            let mut line = String::new();
            let read = serving.out.read_line(&mut line).expect("text");
            assert!(read > 0, "the program ended before it served");
            if let Some(address) = line.trim().strip_prefix("知行已启动：http://") {
                serving.address = address.to_owned();
            }
        }
        serving
    }

    /// From starting the program to the whole first page of somebody logged in.
    pub fn time_start(&self) -> Duration {
        let cookie = {
            let serving = self.serve();
            self.cookie(&serving, "校长")
        };
        let begun = Instant::now();
        let serving = self.serve();
        Client::new(&serving.address, &cookie).get("/board").expect(200);
        begun.elapsed()
    }

    /// So many sessions, of everybody who sees all students in turn.
    pub fn log_in(&self, serving: &Serving, sessions: usize) -> Vec<String> {
        (0..sessions)
            .map(|at| self.cookie(serving, READERS[at % READERS.len()]))
            .collect()
    }

    /// Somebody of this role, logged in.
    pub fn client(&self, serving: &Serving, role: &str) -> Client {
        Client::new(&serving.address, &self.cookie(serving, role))
    }

    fn cookie(&self, serving: &Serving, role: &str) -> String {
        let account = self.accounts.iter().find(|account| account.2 == role);
        let (login, password, _) = account.unwrap_or_else(|| panic!("the demo has no {role}"));
        let form = [
            ("login", login.as_str()),
            ("password", password.as_str()),
            ("next", "/"),
        ];
        let answer = Client::new(&serving.address, "")
            .form("/login", &form)
            .expect(303);
        let cookie = answer
            .header("set-cookie")
            .and_then(|value| value.split(';').next());
        cookie.expect("a session").to_owned()
    }
}

/// The program while it serves.
pub struct Serving {
    child: Child,
    // Kept open: the program may still print.
    out: BufReader<ChildStdout>,
    /// Where.
    pub address: String,
}

impl Serving {
    /// What it holds in memory.
    pub fn resident_mib(&self) -> f64 {
        let mut text = String::new();
        let status = std::fs::File::open(format!("/proc/{}/status", self.child.id()));
        status
            .and_then(|mut file| file.read_to_string(&mut text))
            .expect("/proc");
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: f64 = line
            .and_then(|l| l.trim().trim_end_matches(" kB").parse().ok())
            .expect("VmRSS");
        kib / 1024.0
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
