//! A fresh installation in its own folder and its own database.
use super::client::Client;
use calendar::{SchoolYear, Term};
use chrono::NaiveDate;
use kernel::admin::accounts::{self, NewAccount};
use kernel::app::{App, Scope};
use kernel::args;
use kernel::clock::Clock;
use kernel::db::Db;
use kernel::{auth, term};
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;
use zhixing::assemble::{self, Place};

/// The day on which all tests take place, a Monday in the middle of a term.
pub const TODAY: &str = "2026-11-23";
const SCHOOL: i64 = 1;

/// A database to test on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in the installation's folder.
    Sqlite,
    /// A database of its own in the cluster that `ZHIXING_TEST_PG` names.
    Postgres,
}

/// An installation without a school.
pub struct House {
    /// Where it is.
    pub place: Place,
    /// It, opened.
    pub app: Arc<App>,
    router: axum::Router,
    // Removed when the test ends.
    _folder: TempDir,
}

/// A place for an installation; a notice and nothing when the database is not available.
pub async fn place(engine: Engine, folder: &TempDir) -> Option<Place> {
    let db = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => {
            let Ok(cluster) = std::env::var("ZHIXING_TEST_PG") else {
                eprintln!("SKIPPED: ZHIXING_TEST_PG names no PostgreSQL; `cargo xtask test` starts one");
                return None;
            };
            let name = format!("proof_{}", auth::random_hex(8));
            let server = Db::connect(&cluster).await.expect("ZHIXING_TEST_PG answers");
            server
                .run(&format!("create database {name}"), &[])
                .await
                .expect("a database of our own");
            server.close().await;
            let (base, _) = cluster.rsplit_once('/').expect("the address names a database");
            Some(format!("{base}/{name}"))
        }
    };
    let clock = Clock::fixed(TODAY).expect("a date");
    Some(Place {
        data: folder.path().join("data"),
        db,
        files: None,
        clock,
    })
}

impl House {
    /// Opens a fresh one; nothing when the database is not available.
    pub async fn open(engine: Engine) -> Option<House> {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let place = place(engine, &folder).await?;
        let app = assemble::open(&place).await.expect("a fresh installation opens");
        let router = assemble::routes().into_router(app.clone());
        Some(House {
            place,
            app,
            router,
            _folder: folder,
        })
    }

    /// Opens a fresh one with a school and this term's calendar.
    pub async fn with_school(self) -> House {
        kernel::admin::setup::create_school(&self.app, SCHOOL, "测试学校", "")
            .await
            .expect("a school");
        let day: NaiveDate = TODAY.parse().expect("a date");
        let term = Term::standard_on(day, &calendar::DayTable::builtin())
            .unwrap_or_else(|| panic!("{} has a term on {day}", SchoolYear::of(day).label()));
        term::add_term(&self.scope(), &term).await.expect("a term");
        self
    }

    /// The program acting in the school.
    pub fn scope(&self) -> Scope {
        Scope::system(&self.app, SCHOOL, "测试")
    }

    /// An account with one role over the whole school (none when `role` is empty).
    pub async fn account(&self, login: &str, role: &str, staff: Option<Uuid>) -> Uuid {
        let password = format!("pass-9-{}", &login.chars().rev().collect::<String>());
        let new = NewAccount {
            login,
            name: login,
            password: &password,
            must_change: false,
            staff,
        };
        let scope = self.scope();
        let id = accounts::create(&scope, new).await.expect("an account");
        if !role.is_empty() {
            accounts::grant(&scope, id, role, None).await.expect("a grant");
        }
        id
    }

    /// Gives an account another role over the whole school.
    pub async fn grant(&self, account: Uuid, role: &str) {
        accounts::grant(&self.scope(), account, role, None)
            .await
            .expect("a grant");
    }

    /// Somebody without an account.
    pub fn stranger(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// The account in a browser, with a session of its own.
    pub async fn browser(&self, account: Uuid) -> Client {
        self.stranger()
            .with_cookie(&self.secret(account, "session").await)
    }

    /// The account's program, with an API token.
    pub async fn program(&self, account: Uuid) -> Client {
        self.stranger().with_bearer(&self.secret(account, "token").await)
    }

    async fn secret(&self, account: Uuid, kind: &str) -> String {
        auth::open_session(
            &self.app.db,
            self.app.clock.now(),
            SCHOOL,
            account,
            kind,
            "test",
            None,
        )
        .await
        .expect("a session")
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        let row = self
            .app
            .db
            .one(&format!("select count(*) from {table}"), args![])
            .await;
        row.expect("a count").at(0).expect("a number")
    }
}
