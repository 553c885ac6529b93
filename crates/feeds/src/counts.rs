//! What no field holds: the school's codes, the time, head counts.
use crate::rows;
use crate::source::{self, Computed, Source, Table};
use kernel::app::Scope;
use kernel::clock::local;
use kernel::error::Result;
use kernel::register::indicator::{Filter, Op};
use kernel::register::query::{self, ListQuery};
use kernel::register::values;
use people::{Staff, Student};
use std::collections::HashMap;
use uuid::Uuid;

/// The register of the school's profile.
pub const PROFILE: &str = "school_profile";

/// What is the same in every row of a table.
pub struct School {
    code: String,
    collected: String,
    profile: HashMap<String, String>,
    counts: Vec<(Computed, i64)>,
}

impl School {
    /// Reads what the computed columns of the table need.
    pub async fn read(scope: &Scope, table: &Table) -> Result<School> {
        let profile = profile(scope).await?;
        let code = match profile.get("school_code") {
            Some(code) => code.clone(),
            None => {
                let sql = "select code from school where id = $1";
                let row = scope.db().opt(sql, &[scope.school.into()]).await?;
                row.map_or(Ok(String::new()), |row| row.at(0))?
            }
        };
        let mut counts = vec![];
        for source in &table.sources {
            if let Source::Computed(computed) = source
                && let Some(number) = count(scope, *computed).await?
            {
                counts.push((*computed, number));
            }
        }
        Ok(School {
            code,
            collected: local(scope.now()).format("%Y%m%d %H%M%S").to_string(),
            profile,
            counts,
        })
    }

    /// The value of a computed column in the row of a record.
    pub fn value(&self, computed: Computed, record: Option<Uuid>, table: u8) -> String {
        match computed {
            Computed::Key => {
                let counted = format!("zhixing.{}.T{table}", self.code);
                let id = record.unwrap_or_else(|| Uuid::new_v5(&Uuid::NAMESPACE_OID, counted.as_bytes()));
                id.simple().to_string().to_uppercase()
            }
            Computed::SchoolCode => self.code.clone(),
            Computed::Collected => self.collected.clone(),
            Computed::Deletion => String::new(),
            Computed::Profile(field) => self.profile.get(field).cloned().unwrap_or_default(),
            other => {
                let found = self.counts.iter().find(|(counted, _)| *counted == other);
                found.map_or_else(String::new, |(_, number)| number.to_string())
            }
        }
    }
}

/// The school's profile by field; empty before it is written.
async fn profile(scope: &Scope) -> Result<HashMap<String, String>> {
    let spec = scope.register(PROFILE)?.clone();
    let all: Vec<usize> = (0..spec.fields.len()).collect();
    let one = ListQuery {
        per: 1,
        ..ListQuery::default()
    };
    let found = query::list(scope, &spec, &one, &all).await?;
    let Some(record) = found.records.first() else {
        return Ok(HashMap::new());
    };
    let shown = spec.fields.iter().zip(&record.values);
    Ok(shown
        .map(|(field, value)| (field.name.clone(), values::show(field, value, &scope.app.codes)))
        .collect())
}

async fn matching(scope: &Scope, register: &str, filter: &Filter) -> Result<i64> {
    let spec = scope.register(register)?.clone();
    let asked = ListQuery {
        conditions: query::conditions_of(&spec, filter),
        ..ListQuery::default()
    };
    query::count(scope, &spec, &asked).await
}

/// Staff in service for whom the filter holds as well.
async fn serving(scope: &Scope, more: impl Fn(Filter) -> Filter) -> Result<i64> {
    let mut sum = 0;
    for state in Staff::IN_SERVICE {
        sum += matching(scope, "staff", &more(Filter::is("status", state))).await?;
    }
    Ok(sum)
}

async fn count(scope: &Scope, computed: Computed) -> Result<Option<i64>> {
    Ok(Some(match computed {
        Computed::Staff => serving(scope, |filter| filter).await?,
        Computed::Certified => serving(scope, |filter| filter.and("certified", Op::Is, true)).await?,
        Computed::Titles(levels) => {
            let mut sum = 0;
            for level in levels {
                sum += serving(scope, |filter| filter.and("title_level", Op::Is, *level)).await?;
            }
            sum
        }
        Computed::Students => matching(scope, "student", &Student::at_school()).await?,
        Computed::MultimediaRooms => {
            let filter = Filter::is("kind", "1").and("status", Op::Is, "in_use");
            matching(scope, "room", &filter).await?
        }
        Computed::Majors => match source::table(&scope.registers, 6) {
            Some(majors) => rows::count(scope, &majors).await?,
            None => 0,
        },
        _ => return Ok(None),
    }))
}
