//! Names behind the ids of commitments: units, classes and people.
use crate::model::{Binding, Commitment};
use crate::wizard::suggest;
use kernel::app::Scope;
use kernel::error::Result;
use kernel::value::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Labels of everything a set of commitments names.
#[derive(Clone, Debug, Default)]
pub struct Names {
    of: HashMap<Uuid, String>,
    bindings: HashMap<String, String>,
}

impl Names {
    /// Reads them: one statement a register.
    pub async fn load(scope: &Scope, commitments: &[Commitment]) -> Result<Names> {
        let nodes: HashSet<Uuid> = commitments.iter().filter_map(|c| c.node).collect();
        let owners: HashSet<Uuid> = commitments.iter().filter_map(|c| c.owner).collect();
        let mut of = HashMap::new();
        for (table, ids) in [("r_unit", &nodes), ("r_class", &nodes), ("r_staff", &owners)] {
            labels(scope, table, ids, &mut of).await?;
        }
        let mut bindings = HashMap::new();
        for (register, i) in suggest::indicators(scope) {
            let code = Binding::Indicator(i.id.clone()).code();
            bindings.insert(code, format!("{} · {}", register.title, i.title));
        }
        for (register, d) in suggest::duties(scope) {
            let code = Binding::Duty(d.id.clone()).code();
            bindings.insert(code, format!("{} · {}", register.title, d.title));
        }
        Ok(Names { of, bindings })
    }

    /// The label of a unit, class or person; empty when there is none.
    pub fn label(&self, id: Option<Uuid>) -> &str {
        id.and_then(|id| self.of.get(&id)).map_or("", String::as_str)
    }

    /// A binding in words: `隐患排查 · 隐患整改率`.
    pub fn binding(&self, binding: &Binding) -> String {
        match binding {
            Binding::Manual => "手工填报".into(),
            Binding::None => String::new(),
            other => self
                .bindings
                .get(&other.code())
                .cloned()
                .unwrap_or_else(|| "已撤销的口径".into()),
        }
    }
}

async fn labels(
    scope: &Scope,
    table: &str,
    ids: &HashSet<Uuid>,
    of: &mut HashMap<Uuid, String>,
) -> Result<()> {
    let ids: Vec<Uuid> = ids.iter().copied().collect();
    for chunk in ids.chunks(500) {
        let mut args: Vec<Value> = vec![scope.school.into()];
        args.extend(chunk.iter().map(|id| Value::Id(*id)));
        let places: Vec<String> = (2..=args.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select id, label from {table} where school_id = $1 and id in ({})",
            places.join(", ")
        );
        for row in scope.db().all(&sql, &args).await? {
            of.insert(row.at(0)?, row.at(1)?);
        }
    }
    Ok(())
}
