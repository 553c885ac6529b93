//! The installation and the scope of one request: what every query needs first.
use crate::access::{Actor, RoleSpec};
use crate::clock::Clock;
use crate::codes::Codes;
use crate::db::Db;
use crate::register::spec::RegisterSpec;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// All registers of the installation, in menu order.
#[derive(Clone, Default)]
pub struct Registers {
    list: Vec<Arc<RegisterSpec>>,
    by_id: HashMap<String, Arc<RegisterSpec>>,
}

impl Registers {
    /// From the capabilities' lists.
    ///
    /// # Panics
    /// When two registers share an id or a reference points nowhere: a mistake of the programmer.
    pub fn new(specs: Vec<RegisterSpec>) -> Registers {
        let list: Vec<Arc<RegisterSpec>> = specs.into_iter().map(Arc::new).collect();
        let mut by_id = HashMap::new();
        for spec in &list {
            assert!(
                by_id.insert(spec.id.clone(), spec.clone()).is_none(),
                "two registers {}",
                spec.id
            );
        }
        for spec in &list {
            for field in &spec.fields {
                if let crate::register::spec::FieldKind::Ref(to) = &field.kind {
                    assert!(
                        by_id.contains_key(to),
                        "{}.{} points to no register {to}",
                        spec.id,
                        field.name
                    );
                }
            }
        }
        Registers { list, by_id }
    }

    /// All, in menu order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<RegisterSpec>> {
        self.list.iter()
    }

    /// These and the registers a school drew itself, which come last in their groups.
    pub fn with(&self, own: &[Arc<RegisterSpec>]) -> Registers {
        let mut all = self.clone();
        for spec in own {
            all.list.push(spec.clone());
            all.by_id.insert(spec.id.clone(), spec.clone());
        }
        all
    }

    /// By id.
    pub fn get(&self, id: &str) -> Option<&Arc<RegisterSpec>> {
        self.by_id.get(id)
    }
}

/// A capability's contribution that is not a register: a migration, once applied never changed.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Stable name; migrations run in the order given.
    pub name: &'static str,
    /// Statements separated by `;`, in the common dialect.
    pub sql: &'static str,
}

/// A menu entry that is not a register.
#[derive(Clone, Copy, Debug)]
pub struct MenuPage {
    /// Menu group it stands in.
    pub group: &'static str,
    /// Chinese title.
    pub title: &'static str,
    /// Address.
    pub href: &'static str,
    /// Roles that see it; empty for everyone.
    pub roles: &'static [&'static str],
}

/// The installation.
pub struct App {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Folder of files, keys and fonts.
    pub data: PathBuf,
    /// The contents of attached files.
    pub files: crate::files::content::Contents,
    /// Seals and unseals what is kept as cipher text.
    pub seal: crate::seal::Seal,
    /// The registers of the program.
    pub registers: Arc<Registers>,
    /// The same with those each school drew itself, see [`crate::draw`].
    pub own: std::sync::RwLock<HashMap<i64, Arc<Registers>>>,
    /// All code sets.
    pub codes: Codes,
    /// All roles.
    pub roles: Vec<RoleSpec>,
    /// Menu groups in order: id, Chinese title and sign.
    pub groups: Vec<(&'static str, &'static str, crate::page::Icon)>,
    /// Menu entries that are not registers.
    pub pages: Vec<MenuPage>,
    /// Rendered fragments by revision, see [`crate::cache`].
    pub cache: crate::cache::Cache,
    /// Calendars already read.
    pub calendars: crate::term::Calendars,
    /// Names of the schools.
    pub schools: std::sync::RwLock<HashMap<i64, String>>,
}

impl App {
    /// The registers of a school: the program's and its own.
    pub fn registers_of(&self, school: i64) -> Arc<Registers> {
        let own = self.own.read().expect("registers of schools");
        own.get(&school).unwrap_or(&self.registers).clone()
    }

    /// Every register: the program's and those of all schools.
    pub fn all_registers(&self) -> Vec<Arc<RegisterSpec>> {
        let mut all: Vec<Arc<RegisterSpec>> = self.registers.iter().cloned().collect();
        for own in self.own.read().expect("registers of schools").values() {
            let drawn = own.iter().filter(|spec| self.registers.get(&spec.id).is_none());
            all.extend(drawn.cloned());
        }
        all
    }

    /// The name of a school; empty before it is set up.
    pub fn school_name(&self, school: i64) -> String {
        self.schools
            .read()
            .expect("school names")
            .get(&school)
            .cloned()
            .unwrap_or_default()
    }

    /// Every school of the installation.
    pub fn school_ids(&self) -> Vec<i64> {
        self.schools
            .read()
            .expect("school names")
            .keys()
            .copied()
            .collect()
    }

    /// Does some work beside the requests, again and again with a pause; what fails is logged and tried the next time.
    pub fn every<F, W, T>(self: &Arc<App>, pause: std::time::Duration, what: &'static str, work: F)
    where
        F: Fn(Arc<App>) -> W + Send + 'static,
        W: Future<Output = crate::error::Result<T>> + Send,
        T: Send,
    {
        let app = self.clone();
        tokio::spawn(async move {
            loop {
                if let Err(error) = work(app.clone()).await {
                    tracing::error!("{what}: {error:#}");
                }
                tokio::time::sleep(pause).await;
            }
        });
    }

    /// Reads the names of the schools anew.
    pub async fn load_schools(&self) -> crate::error::Result<()> {
        let rows = self.db.all("select id, name from school", &[]).await?;
        let names = rows
            .iter()
            .map(|row| Ok((row.at(0)?, row.at(1)?)))
            .collect::<crate::error::Result<_>>()?;
        *self.schools.write().expect("school names") = names;
        Ok(())
    }
}

/// School, actor and time of one request.
#[derive(Clone)]
pub struct Scope {
    /// The installation.
    pub app: Arc<App>,
    /// The school.
    pub school: i64,
    /// Who acts.
    pub actor: Arc<Actor>,
    /// The registers of the school as of the beginning of the request.
    pub registers: Arc<Registers>,
    /// Revisions read once in this request.
    revisions: Arc<tokio::sync::OnceCell<HashMap<String, i64>>>,
}

impl Scope {
    /// An actor in a school.
    pub fn new(app: &Arc<App>, school: i64, actor: Actor) -> Scope {
        Scope {
            app: app.clone(),
            registers: app.registers_of(school),
            school,
            actor: Arc::new(actor),
            revisions: Arc::default(),
        }
    }

    /// The revision of a register (or other noun) as of the first question in this request.
    pub async fn revision(&self, register: &str) -> crate::error::Result<i64> {
        Ok(self.revisions().await?.get(register).copied().unwrap_or(0))
    }

    /// The sum of the revisions of some registers: it grows with every write to any of them.
    pub async fn revision_of(&self, registers: impl IntoIterator<Item = &str>) -> crate::error::Result<i64> {
        let known = self.revisions().await?;
        let distinct: std::collections::BTreeSet<&str> = registers.into_iter().collect();
        Ok(distinct
            .into_iter()
            .filter_map(|register| known.get(register))
            .sum())
    }

    /// The sum of all revisions of the school: it grows with every write.
    pub async fn revision_of_all(&self) -> crate::error::Result<i64> {
        Ok(self.revisions().await?.values().sum())
    }

    async fn revisions(&self) -> crate::error::Result<&HashMap<String, i64>> {
        self.revisions
            .get_or_try_init(|| async {
                let sql = "select register, rev from revision where school_id = $1";
                let rows = self.db().all(sql, crate::args![self.school]).await?;
                rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
            })
            .await
    }

    /// The program itself acting in a school.
    pub fn system(app: &Arc<App>, school: i64, name: &str) -> Scope {
        Scope::new(app, school, Actor::system(name))
    }

    /// The same, writing as `张三（代李四）`.
    pub fn in_place_of(&self, absent: &str) -> Scope {
        let name = format!("{}（代{absent}）", self.actor.name);
        let actor = Actor {
            name,
            ..(*self.actor).clone()
        };
        Scope {
            actor: Arc::new(actor),
            ..self.clone()
        }
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// Today in Shanghai.
    pub fn today(&self) -> NaiveDate {
        self.app.clock.today()
    }

    /// A register by id.
    pub fn register(&self, id: &str) -> crate::error::Result<&Arc<RegisterSpec>> {
        self.registers.get(id).ok_or(crate::error::Error::NotFound)
    }
}
