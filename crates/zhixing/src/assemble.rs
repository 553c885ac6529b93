//! Puts the installation together: capabilities in menu order, migrations, routes.
use anyhow::{Context, Result};
use kernel::app::{App, MenuPage, Migration, Registers};
use kernel::clock::Clock;
use kernel::codes::Codes;
use kernel::db::Db;
use kernel::draw;
use kernel::files::content::Contents;
use kernel::http::Routes;
use kernel::page::Icon;
use kernel::register::spec::RegisterSpec;
use kernel::schema;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where an installation keeps its things.
#[derive(Clone, Debug)]
pub struct Place {
    /// Data folder.
    pub data: PathBuf,
    /// Database address; the SQLite file in the data folder when `None`.
    pub db: Option<String>,
    /// Where the contents of files lie (`file:`, `s3://bucket/prefix`); the data folder when `None`.
    pub files: Option<String>,
    /// The time.
    pub clock: Clock,
}

impl Place {
    /// The database address in force.
    pub fn db_url(&self) -> String {
        self.db
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data.join("zhixing.db").display()))
    }
}

/// Every register of the program, in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    let mut all = people::registers();
    all.extend(plans::registers());
    all.extend(teaching::registers());
    all.extend(scheduling::registers());
    all.extend(lessons::registers());
    all.extend(assessment::registers());
    all.extend(staffing::registers());
    all.extend(studentlife::registers());
    all.extend(partners::registers());
    all.extend(safety::registers());
    all.extend(governance::registers());
    all.extend(feeds::registers());
    all
}

/// Every written migration, in order.
pub fn migrations() -> Vec<Migration> {
    let mut all = schema::MIGRATIONS.to_vec();
    all.extend_from_slice(plans::MIGRATIONS);
    all.extend_from_slice(feeds::MIGRATIONS);
    all.extend_from_slice(scheduling::MIGRATIONS);
    all
}

/// Every menu entry that is not a register.
fn pages() -> Vec<MenuPage> {
    let mut all = plans::pages();
    all.extend(scheduling::pages());
    all.extend(lessons::PAGES);
    all.extend(kernel::admin::PAGES);
    all.push(draw::PAGE);
    all.push(feeds::PAGE);
    all.extend(kernel::work::PAGES);
    all
}

fn groups() -> Vec<(&'static str, &'static str, Icon)> {
    let mut all = vec![("hall", "办事大厅", Icon::Home), ("plan", "工作计划", Icon::Plan)];
    all.extend(people::menu_groups());
    all.push(("system", "系统管理", Icon::Gear));
    all
}

/// Every route with its gate.
pub fn routes() -> Routes {
    Routes::new()
        .merge(plans::routes())
        .merge(scheduling::routes())
        .merge(lessons::routes())
        .merge(kernel::register::web::routes())
        .merge(kernel::files::routes())
        .merge(kernel::jobs::routes())
        .merge(kernel::work::routes())
        .merge(kernel::admin::routes())
        .merge(draw::routes())
        .merge(feeds::routes())
}

/// Opens the installation: folder, database, migrations, tables compared with the specs.
pub async fn open(place: &Place) -> Result<Arc<App>> {
    make_private(&place.data)?;
    let db = Db::connect(&place.db_url()).await?;
    let files = Contents::open(place.files.as_deref().unwrap_or("file:"), &place.data)?;
    open_with(db, place.data.clone(), files, place.clock.clone()).await
}

/// [`open`] on a database already connected.
pub async fn open_with(db: Db, data: PathBuf, files: Contents, clock: Clock) -> Result<Arc<App>> {
    let registers = Arc::new(Registers::new(registers()));
    schema::migrate(&db, &migrations(), clock.now()).await?;
    let seal = kernel::seal::open(&db, &data).await?;
    schema::prepare(&db, &registers, &seal).await?;
    let app = Arc::new(App {
        db,
        clock,
        data,
        files,
        seal,
        registers,
        own: Default::default(),
        codes: Codes::new(people::codes::code_sets()),
        roles: people::roles::roles(),
        groups: groups(),
        pages: pages(),
        cache: Default::default(),
        calendars: Default::default(),
        schools: Default::default(),
    });
    app.load_schools().await?;
    draw::load(&app).await?;
    Ok(app)
}

/// Makes the data folder, readable by its owner only.
fn make_private(data: &Path) -> Result<()> {
    std::fs::create_dir_all(data).with_context(|| format!("不能建立数据目录 {}", data.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(data, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
