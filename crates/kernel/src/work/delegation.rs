//! Standing in for somebody (委托): for some days another person may take one's steps in flows, and nothing else.
use super::message::{self, Kind, Notice};
use crate::app::Scope;
use crate::args;
use crate::db::Row;
use crate::error::{Error, Result, Violation};
use crate::journal::{self, Entry};
use chrono::{DateTime, Days, NaiveDate, Utc};
use uuid::Uuid;

/// Longest delegation.
pub const MOST_DAYS: u64 = 366;

/// What the journal and the revisions call it.
const NOUN: &str = "delegation";

/// One delegation.
#[derive(Clone, Debug)]
pub struct Delegation {
    /// Id.
    pub id: Uuid,
    /// Who is absent.
    pub account: Uuid,
    /// Their name.
    pub name: String,
    /// Who stands in.
    pub deputy: Uuid,
    /// Their name.
    pub deputy_name: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Roles handed over; empty for everything.
    pub roles: Vec<String>,
    /// Why.
    pub reason: String,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Delegation {
    /// Whether it is in force on the day.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.revoked_at.is_none() && self.from <= day && day <= self.to
    }

    /// Whether it could still be taken back.
    pub fn open(&self, day: NaiveDate) -> bool {
        self.revoked_at.is_none() && day <= self.to
    }
}

fn read(row: &Row) -> Result<Delegation> {
    let roles: String = row.at(7)?;
    Ok(Delegation {
        id: row.at(0)?,
        account: row.at(1)?,
        name: row.at(2)?,
        deputy: row.at(3)?,
        deputy_name: row.at(4)?,
        from: row.at(5)?,
        to: row.at(6)?,
        roles: roles
            .split(',')
            .filter(|r| !r.is_empty())
            .map(str::to_owned)
            .collect(),
        reason: row.at(8)?,
        revoked_at: row.at(9)?,
    })
}

/// Delegations of and to the person; everybody's for whoever manages accounts and asks for `all`. Newest first.
pub async fn list(scope: &Scope, all: bool) -> Result<Vec<Delegation>> {
    let all = all && scope.actor.manages(&scope.app.roles);
    let rows = scope
        .db()
        .all(
            "select d.id, d.account_id, a.name, d.deputy_id, p.name, d.from_on, d.to_on, d.roles, d.reason, \
             d.revoked_at from delegation d \
             join account a on a.school_id = d.school_id and a.id = d.account_id \
             join account p on p.school_id = d.school_id and p.id = d.deputy_id \
             where d.school_id = $1 and ($2 or d.account_id = $3 or d.deputy_id = $3) \
             order by d.from_on desc, d.id desc limit 200",
            args![scope.school, all, scope.actor.account],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// A delegation to be made.
#[derive(Clone, Debug)]
pub struct NewDelegation {
    /// Who stands in.
    pub deputy: Uuid,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Roles handed over; empty for everything.
    pub roles: Vec<String>,
    /// Why.
    pub reason: String,
}

/// Everything wrong with a delegation that needs no database.
pub fn faults(new: &NewDelegation, own: Uuid, held: &[&str], today: NaiveDate) -> Vec<Violation> {
    let mut faults = vec![];
    if new.deputy == own {
        faults.push(Violation::new("deputy", "不能委托给自己"));
    }
    if new.to < new.from {
        faults.push(Violation::new("to", "结束日期不能早于开始日期"));
    } else if new.to < today {
        faults.push(Violation::new("to", "结束日期已经过去"));
    } else if new.to > new.from + Days::new(MOST_DAYS) {
        faults.push(Violation::new("to", "一次委托最长一年"));
    }
    if new.roles.iter().any(|role| !held.contains(&role.as_str())) {
        faults.push(Violation::new("roles", "只能委托自己担任的岗位"));
    }
    let reason = new.reason.trim();
    if reason.is_empty() || reason.chars().count() > 100 {
        faults.push(Violation::new("reason", "请写明原因，最多 100 字"));
    }
    faults
}

/// Hands the person's steps over and tells the deputy.
pub async fn create(scope: &Scope, new: &NewDelegation) -> Result<Uuid> {
    let held: Vec<&str> = scope.actor.grants.iter().map(|g| g.role.as_str()).collect();
    let mut faults = faults(new, scope.actor.account, &held, scope.today());
    let tx = scope.db().begin().await?;
    let deputy = tx
        .opt(
            "select name from account where school_id = $1 and id = $2 and active",
            args![scope.school, new.deputy],
        )
        .await?;
    let deputy = match deputy {
        Some(row) => row.at::<String>(0)?,
        None => {
            faults.push(Violation::new("deputy", "请从列表中选择一位在用账号的同事"));
            String::new()
        }
    };
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let id = Uuid::now_v7();
    tx.run(
        "insert into delegation (school_id, id, account_id, deputy_id, from_on, to_on, roles, reason, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            scope.school,
            id,
            scope.actor.account,
            new.deputy,
            new.from,
            new.to,
            new.roles.join(","),
            new.reason.trim(),
            scope.now()
        ],
    )
    .await?;
    let after = serde_json::json!({
        "受托人": deputy, "起": new.from, "止": new.to, "岗位": roles_words(scope, &new.roles),
    });
    note(&tx, scope, id, "委托", after, Some(new.reason.trim())).await?;
    let notice = Notice {
        kind: Kind::Delegated,
        title: format!("{}委托您代办流程事项", scope.actor.name),
        text: format!(
            "{} 至 {}，{}。原因：{}",
            new.from,
            new.to,
            roles_words(scope, &new.roles),
            new.reason.trim()
        ),
        link: "/delegations".into(),
        outward: None,
    };
    message::send(&tx, scope, &[new.deputy], &notice).await?;
    tx.commit().await?;
    Ok(id)
}

/// The roles in words.
pub fn roles_words(scope: &Scope, roles: &[String]) -> String {
    if roles.is_empty() {
        return "全部岗位".into();
    }
    let title = |role: &String| {
        let known = scope.app.roles.iter().find(|r| r.id == role);
        known.map_or(role.clone(), |r| r.title.to_owned())
    };
    roles.iter().map(title).collect::<Vec<_>>().join("、")
}

/// Takes a delegation back: by whoever made it, or by whoever manages accounts.
pub async fn revoke(scope: &Scope, id: Uuid) -> Result<()> {
    let tx = scope.db().begin().await?;
    let row = tx
        .opt(
            "select account_id, deputy_id, revoked_at from delegation where school_id = $1 and id = $2",
            args![scope.school, id],
        )
        .await?
        .ok_or(Error::NotFound)?;
    let (account, deputy): (Uuid, Uuid) = (row.at(0)?, row.at(1)?);
    if account != scope.actor.account && !scope.actor.manages(&scope.app.roles) {
        return Err(Error::NotFound);
    }
    if row.at::<Option<DateTime<Utc>>>(2)?.is_some() {
        return Ok(());
    }
    tx.run(
        "update delegation set revoked_at = $3 where school_id = $1 and id = $2",
        args![scope.school, id, scope.now()],
    )
    .await?;
    note(&tx, scope, id, "收回委托", serde_json::json!({}), None).await?;
    let notice = Notice {
        kind: Kind::Delegated,
        title: format!("{}收回了流程委托", scope.actor.name),
        text: String::new(),
        link: "/delegations".into(),
        outward: None,
    };
    message::send(&tx, scope, &[account, deputy], &notice).await?;
    tx.commit().await
}

async fn note(
    tx: &crate::db::Db,
    scope: &Scope,
    id: Uuid,
    action: &str,
    after: serde_json::Value,
    reason: Option<&str>,
) -> Result<()> {
    let entry = Entry {
        register: NOUN.into(),
        record: id,
        version: 1,
        action: action.into(),
        before: None,
        after: Some(after.to_string()),
        reason: reason.map(str::to_owned),
    };
    journal::write(tx, scope, vec![entry]).await?;
    journal::touch(tx, scope.school, NOUN).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn good() -> NewDelegation {
        NewDelegation {
            deputy: Uuid::from_u128(2),
            from: day("2026-11-23"),
            to: day("2026-11-27"),
            roles: vec!["head".into()],
            reason: "外出培训".into(),
        }
    }

    #[test]
    fn a_delegation_names_somebody_else_for_days_to_come_and_roles_one_has() {
        let own = Uuid::from_u128(1);
        let check = |new: &NewDelegation| -> Vec<String> {
            let faults = faults(new, own, &["head"], day("2026-11-23"));
            faults.into_iter().map(|f| f.field).collect()
        };
        assert!(check(&good()).is_empty());
        assert_eq!(
            check(&NewDelegation {
                deputy: own,
                ..good()
            }),
            ["deputy"]
        );
        let backwards = NewDelegation {
            to: day("2026-11-22"),
            ..good()
        };
        assert_eq!(check(&backwards), ["to"]);
        let past = NewDelegation {
            from: day("2026-11-01"),
            to: day("2026-11-22"),
            ..good()
        };
        assert_eq!(check(&past), ["to"]);
        let long = NewDelegation {
            to: day("2028-01-01"),
            ..good()
        };
        assert_eq!(check(&long), ["to"]);
        let more = NewDelegation {
            roles: vec!["office".into()],
            ..good()
        };
        assert_eq!(check(&more), ["roles"]);
        let silent = NewDelegation {
            reason: "  ".into(),
            ..good()
        };
        assert_eq!(check(&silent), ["reason"]);
    }
}
