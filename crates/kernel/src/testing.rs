//! For tests: a fresh database per test on each engine, an installation on it, people, and requests without a socket.
//!
//! SQLite always; PostgreSQL when `ZHIXING_TEST_PG` names a server by an administrator's `postgres://` address.
use crate::access::RoleSpec;
use crate::app::{App, Migration, Registers, Scope};
use crate::args;
use crate::auth;
use crate::clock::Clock;
use crate::codes::Codes;
use crate::db::{Db, Engine};
use crate::http::{COOKIE, Routes};
use crate::register::spec::RegisterSpec;
use crate::schema;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use std::path::PathBuf;
use std::sync::Arc;
use tower::ServiceExt;
use uuid::Uuid;

/// The environment variable with the address of a PostgreSQL server.
pub const PG: &str = "ZHIXING_TEST_PG";
/// The school of every test.
pub const SCHOOL: i64 = 1;

/// A fresh database with a data folder; both are gone when it is dropped.
pub struct TestDb {
    /// The database.
    pub db: Db,
    /// Its address.
    pub url: String,
    /// The data folder.
    pub data: PathBuf,
    /// The server's own address and the database's name, on PostgreSQL.
    server: Option<(String, String)>,
}

/// A fresh database on each engine.
pub async fn databases() -> Vec<TestDb> {
    let mut all = vec![sqlite().await];
    if let Ok(server) = std::env::var(PG) {
        all.push(postgres(&server).await);
    }
    all
}

fn data_folder() -> PathBuf {
    let data = std::env::temp_dir().join(format!("zhixing-test-{}", auth::random_hex(8)));
    std::fs::create_dir_all(&data).expect("a temporary folder");
    data
}

async fn sqlite() -> TestDb {
    let data = data_folder();
    let url = format!("sqlite:{}", data.join("test.db").display());
    TestDb {
        db: Db::connect(&url).await.expect("a SQLite file"),
        url,
        data,
        server: None,
    }
}

async fn postgres(server: &str) -> TestDb {
    let name = format!("zhixing_{}", auth::random_hex(8));
    let admin = Db::connect(server).await.expect("the server of ZHIXING_TEST_PG");
    admin
        .run(&format!("create database {name}"), &[])
        .await
        .expect("a new database");
    admin.close().await;
    let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
    let url = format!("{base}/{name}");
    TestDb {
        db: Db::connect(&url).await.expect("the new database"),
        url,
        data: data_folder(),
        server: Some((server.to_owned(), name)),
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let server = self.server.take();
        // A drop cannot wait, and the test's own runtime may be about to end.
        let cleaning = std::thread::spawn(move || {
            let Some((server, name)) = server else { return };
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                if let Ok(admin) = Db::connect(&server).await {
                    let _ = admin
                        .run(&format!("drop database if exists {name} with (force)"), &[])
                        .await;
                }
            });
        });
        let _ = cleaning.join();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// What a test's installation is made of.
#[derive(Default)]
pub struct Parts {
    /// Its registers.
    pub registers: Vec<RegisterSpec>,
    /// Its code sets.
    pub codes: Codes,
    /// Its roles.
    pub roles: Vec<RoleSpec>,
    /// Migrations besides the kernel's own.
    pub migrations: Vec<Migration>,
    /// Routes besides those of registers, files and jobs.
    pub routes: Routes,
}

/// An installation with one school, standing at 2026-10-12 09:00 in Shanghai.
pub struct TestApp {
    /// The installation.
    pub app: Arc<App>,
    /// Its pages.
    pub router: Router,
    /// Its database.
    pub home: TestDb,
}

fn kernel_routes() -> Routes {
    crate::register::web::routes()
        .merge(crate::files::routes())
        .merge(crate::jobs::routes())
        .merge(crate::work::routes())
}

/// A person with a session and a token.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub account: Uuid,
    /// Value of the session cookie.
    pub session: String,
    /// Bearer token.
    pub token: String,
}

/// What a request got.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).expect("a JSON answer")
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .and_then(|v| v.to_str().ok())
            .unwrap_or("")
    }
}

impl TestApp {
    /// Makes the tables and the school.
    pub async fn new(home: TestDb, parts: Parts) -> TestApp {
        let clock = Clock::fixed("2026-10-12").expect("a date");
        let now = clock.now();
        let registers = Arc::new(Registers::new(parts.registers));
        let mut migrations = schema::MIGRATIONS.to_vec();
        migrations.extend(parts.migrations);
        schema::migrate(&home.db, &migrations, now)
            .await
            .expect("migrations");
        let seal = crate::seal::open(&home.db, &home.data).await.expect("a key");
        schema::prepare(&home.db, &registers, &seal)
            .await
            .expect("tables");
        let app = Arc::new(App {
            db: home.db.clone(),
            clock,
            data: home.data.clone(),
            files: crate::files::content::Contents::folder(&home.data),
            seal,
            registers,
            own: Default::default(),
            codes: parts.codes,
            roles: parts.roles,
            groups: vec![("school", "学校", crate::page::Icon::Building)],
            pages: vec![],
            cache: Default::default(),
            calendars: Default::default(),
            schools: Default::default(),
        });
        home.db
            .run(
                "insert into school (id, name, code, created_at) values ($1, $2, $3, $4)",
                args![SCHOOL, "测试职业学校", "000001", now],
            )
            .await
            .expect("a school");
        app.load_schools().await.expect("schools");
        let router = parts.routes.merge(kernel_routes()).into_router(app.clone());
        TestApp { app, router, home }
    }

    /// Stops the program and starts it again at another time on the same database, with the kernel's own routes.
    pub async fn restart_at(&mut self, time: &str) {
        let old = &self.app;
        let app = Arc::new(App {
            db: Db::connect(&self.home.url).await.expect("the same database"),
            clock: Clock::fixed(time).expect("a time"),
            data: old.data.clone(),
            files: crate::files::content::Contents::folder(&old.data),
            seal: old.seal.clone(),
            registers: old.registers.clone(),
            own: Default::default(),
            codes: old.codes.clone(),
            roles: old.roles.clone(),
            groups: old.groups.clone(),
            pages: old.pages.clone(),
            cache: Default::default(),
            calendars: Default::default(),
            schools: Default::default(),
        });
        app.load_schools().await.expect("schools");
        self.router = kernel_routes().into_router(app.clone());
        self.app = app;
    }

    /// Which engine this is, for messages.
    pub fn engine(&self) -> Engine {
        self.app.db.engine()
    }

    /// The program itself.
    pub fn system(&self) -> Scope {
        Scope::system(&self.app, SCHOOL, "测试")
    }

    /// A person with grants `(role, path)` and perhaps a staff record.
    pub async fn person(&self, login: &str, staff: Option<Uuid>, grants: &[(&str, &str)]) -> Person {
        let (account, now) = (Uuid::now_v7(), self.app.clock.now());
        let db = &self.app.db;
        db.run(
            "insert into account (school_id, id, login, name, password_hash, must_change, active, staff_id, failed, \
             created_at) values ($1, $2, $3, $3, '', false, true, $4, 0, $5)",
            args![SCHOOL, account, login, staff, now],
        )
        .await
        .expect("an account");
        for (role, path) in grants {
            db.run(
                "insert into role_grant (school_id, id, account_id, role, path, created_at) \
                 values ($1, $2, $3, $4, $5, $6)",
                args![SCHOOL, Uuid::now_v7(), account, *role, *path, now],
            )
            .await
            .expect("a grant");
        }
        let open = |kind: &'static str| auth::open_session(db, now, SCHOOL, account, kind, "", None);
        Person {
            account,
            session: open("session").await.expect("a session"),
            token: open("token").await.expect("a token"),
        }
    }

    /// The scope in which the person's requests run.
    pub async fn scope(&self, person: &Person) -> Scope {
        let session = auth::session(&self.app.db, self.app.clock.now(), &person.session, "session")
            .await
            .expect("the database answers")
            .expect("the session is open");
        Scope::new(&self.app, SCHOOL, session.actor)
    }

    /// Sends a request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes: to_bytes(body, usize::MAX).await.expect("a body").to_vec(),
        }
    }

    /// Opens a page.
    pub async fn get(&self, person: &Person, path: &str) -> Answer {
        self.page(person, Method::GET, path, "", Body::empty()).await
    }

    /// Sends a form.
    pub async fn post(&self, person: &Person, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", crate::http::escape(name), crate::http::escape(value)))
            .collect();
        let kind = "application/x-www-form-urlencoded";
        self.page(person, Method::POST, path, kind, Body::from(body.join("&")))
            .await
    }

    /// Sends a form with one file.
    pub async fn upload(
        &self,
        person: &Person,
        path: &str,
        pairs: &[(&str, &str)],
        file: (&str, &str, &[u8]),
    ) -> Answer {
        const EDGE: &str = "zhixing-test-edge";
        let mut body = vec![];
        for (name, value) in pairs {
            let part =
                format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let (field, name, bytes) = file;
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={EDGE}");
        self.page(person, Method::POST, path, &kind, Body::from(body))
            .await
    }

    async fn page(&self, person: &Person, method: Method, path: &str, kind: &str, body: Body) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, format!("{COOKIE}={}", person.session))
            .header("sec-fetch-site", "same-origin");
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        self.send(request.body(body).expect("a request")).await
    }

    /// Calls the REST interface.
    pub async fn api(
        &self,
        person: &Person,
        method: Method,
        path: &str,
        body: Option<serde_json::Value>,
    ) -> Answer {
        let body = body.map_or(Body::empty(), |json| Body::from(json.to_string()));
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", person.token))
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body).expect("a request")).await
    }
}
