//! With whom a record is (谁来办): the people who may take its next steps, by name, with those who stand in for them.
use crate::access::Place;
use crate::app::Scope;
use crate::args;
use crate::db::Db;
use crate::error::Result;
use crate::register::flow::{Flow, StateKind, Step, Who};
use crate::register::spec::RegisterSpec;
use crate::register::store::Record;
use crate::value::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: Uuid,
    /// The name.
    pub name: String,
}

struct Holder {
    role: String,
    path: String,
    person: Person,
}

struct Absence {
    account: Uuid,
    roles: String,
    deputy: Person,
}

/// Who holds what, read once for a page or a write.
pub struct People {
    holders: Vec<Holder>,
    by_staff: HashMap<Uuid, Person>,
    by_account: HashMap<Uuid, Person>,
    absences: Vec<Absence>,
}

/// Whether a step is work that waits for somebody. An applicant's way out (撤回) is not.
pub fn is_work(flow: &Flow, step: &Step, who: &Who) -> bool {
    *who != Who::Creator || flow.kind_of(&step.to) != StateKind::Dropped
}

/// The steps that wait while the record is in its state, as far as its values allow them.
pub fn waiting<'a>(spec: &'a RegisterSpec, record: &'a Record) -> impl Iterator<Item = &'a Step> + 'a {
    let open = spec.flow.kind_of(&record.state) == StateKind::Open && record.void_reason.is_none();
    spec.flow.steps.iter().filter(move |step| {
        open && step.from.contains(&record.state)
            && step
                .when
                .as_ref()
                .is_none_or(|guard| guard.holds(spec, &record.values))
    })
}

impl People {
    /// Reads the people who could have to do with these records of one register: three statements.
    pub async fn load(db: &Db, scope: &Scope, spec: &RegisterSpec, records: &[&Record]) -> Result<People> {
        let mut roles: HashSet<&str> = HashSet::new();
        let mut staff: HashSet<Uuid> = HashSet::new();
        let mut accounts: HashSet<Uuid> = HashSet::new();
        for record in records {
            accounts.insert(record.place.created_by);
            staff.extend(record.place.owner);
            for who in waiting(spec, record).flat_map(|step| &step.who) {
                match who {
                    Who::Role(role) => drop(roles.insert(*role)),
                    Who::Field(field) => {
                        staff.extend(spec.index(field).and_then(|at| record.values[at].id()));
                    }
                    Who::Creator => {}
                }
            }
        }
        let mut people = People {
            holders: vec![],
            by_staff: HashMap::new(),
            by_account: HashMap::new(),
            absences: vec![],
        };
        if !roles.is_empty() {
            let mut args = args![scope.school].to_vec();
            let list = list(&mut args, roles.into_iter().map(Value::from));
            let sql = format!(
                "select g.role, g.path, a.id, a.name from role_grant g \
                 join account a on a.school_id = g.school_id and a.id = g.account_id and a.active \
                 where g.school_id = $1 and g.role in ({list}) order by a.login"
            );
            for row in db.all(&sql, &args).await? {
                people.holders.push(Holder {
                    role: row.at(0)?,
                    path: row.at(1)?,
                    person: Person {
                        account: row.at(2)?,
                        name: row.at(3)?,
                    },
                });
            }
        }
        people.read_accounts(db, scope, "id", accounts).await?;
        people.read_accounts(db, scope, "staff_id", staff).await?;
        let sql = "select d.account_id, d.roles, p.id, p.name from delegation d \
                   join account p on p.school_id = d.school_id and p.id = d.deputy_id and p.active \
                   where d.school_id = $1 and d.from_on <= $2 and d.to_on >= $2 and d.revoked_at is null";
        for row in db.all(sql, args![scope.school, scope.today()]).await? {
            people.absences.push(Absence {
                account: row.at(0)?,
                roles: row.at(1)?,
                deputy: Person {
                    account: row.at(2)?,
                    name: row.at(3)?,
                },
            });
        }
        Ok(people)
    }

    async fn read_accounts(
        &mut self,
        db: &Db,
        scope: &Scope,
        column: &str,
        ids: HashSet<Uuid>,
    ) -> Result<()> {
        let ids: Vec<Uuid> = ids.into_iter().filter(|id| !id.is_nil()).collect();
        for chunk in ids.chunks(500) {
            let mut args = args![scope.school].to_vec();
            let list = list(&mut args, chunk.iter().map(|id| Value::Id(*id)));
            let sql = format!(
                "select id, name, staff_id from account where school_id = $1 and active and {column} in ({list})"
            );
            for row in db.all(&sql, &args).await? {
                let person = Person {
                    account: row.at(0)?,
                    name: row.at(1)?,
                };
                if let Some(staff) = row.at::<Option<Uuid>>(2)? {
                    self.by_staff.insert(staff, person.clone());
                }
                self.by_account.insert(person.account, person);
            }
        }
        Ok(())
    }

    /// Who made the record, when that was a person.
    pub fn creator(&self, place: &Place) -> Option<&Person> {
        self.by_account.get(&place.created_by)
    }

    /// The account of the staff member who owns the record.
    pub fn owner(&self, place: &Place) -> Option<&Person> {
        place.owner.and_then(|staff| self.by_staff.get(&staff))
    }

    /// The people for whom the record waits, each with those who stand in today.
    pub fn of(&self, spec: &RegisterSpec, record: &Record) -> Vec<(Person, Vec<Person>)> {
        let mut found: Vec<(Person, Vec<Person>)> = vec![];
        for step in waiting(spec, record) {
            for who in step.who.iter().filter(|who| is_work(&spec.flow, step, who)) {
                match who {
                    Who::Role(role) => {
                        let covers = |h: &&Holder| h.role == *role && record.place.path.starts_with(&h.path);
                        for holder in self.holders.iter().filter(covers) {
                            self.add(&mut found, &holder.person, Some(role), record);
                        }
                    }
                    Who::Field(field) => {
                        let staff = spec.index(field).and_then(|at| record.values[at].id());
                        if let Some(person) = staff.and_then(|staff| self.by_staff.get(&staff)) {
                            self.add(&mut found, person, None, record);
                        }
                    }
                    Who::Creator => {
                        if let Some(person) = self.creator(&record.place)
                            && !found.iter().any(|(known, _)| known == person)
                        {
                            found.push((person.clone(), vec![]));
                        }
                    }
                }
            }
        }
        found
    }

    fn add(
        &self,
        found: &mut Vec<(Person, Vec<Person>)>,
        person: &Person,
        role: Option<&str>,
        record: &Record,
    ) {
        let handed = |absence: &&Absence| {
            absence.account == person.account
                && (absence.roles.is_empty()
                    || role.is_some_and(|role| absence.roles.split(',').any(|r| r == role)))
        };
        let deputies: Vec<Person> = self
            .absences
            .iter()
            .filter(handed)
            .map(|absence| absence.deputy.clone())
            .filter(|deputy| deputy.account != record.place.created_by)
            .collect();
        match found.iter_mut().find(|(known, _)| known == person) {
            Some((_, known)) => {
                let new: Vec<Person> = deputies.into_iter().filter(|d| !known.contains(d)).collect();
                known.extend(new);
            }
            None => found.push((person.clone(), deputies)),
        }
    }
}

/// Most names shown before `等 N 人`.
const NAMES: usize = 3;

/// The people in words: `李四（委托王五）、赵六`; a role nobody holds is named as such.
pub fn words(scope: &Scope, spec: &RegisterSpec, record: &Record, people: &People) -> String {
    let found = people.of(spec, record);
    if found.is_empty() {
        return nobody(scope, spec, record);
    }
    let mut names: Vec<String> = found
        .iter()
        .take(NAMES)
        .map(|(person, deputies)| match deputies.as_slice() {
            [] => person.name.clone(),
            some => {
                let names: Vec<&str> = some.iter().map(|d| d.name.as_str()).collect();
                format!("{}（委托{}）", person.name, names.join("、"))
            }
        })
        .collect();
    if found.len() > NAMES {
        names = vec![format!("{} 等 {} 人", names.join("、"), found.len())];
    }
    names.join("、")
}

fn nobody(scope: &Scope, spec: &RegisterSpec, record: &Record) -> String {
    for who in waiting(spec, record).flat_map(|step| &step.who) {
        match who {
            Who::Role(role) => {
                let title = scope
                    .app
                    .roles
                    .iter()
                    .find(|r| r.id == *role)
                    .map_or(*role, |r| r.title);
                return format!("{title}（尚未授予岗位）");
            }
            Who::Field(field) => {
                let label = spec.index(field).and_then(|at| record.refs[at].as_ref());
                if let Some(label) = label {
                    return format!("{}（没有账号）", label.label);
                }
            }
            Who::Creator => {}
        }
    }
    String::new()
}

/// Adds values to the binds and gives their places: `$2, $3`.
pub(super) fn list(args: &mut Vec<Value>, values: impl Iterator<Item = Value>) -> String {
    let places: Vec<String> = values
        .map(|value| {
            args.push(value);
            format!("${}", args.len())
        })
        .collect();
    places.join(", ")
}
