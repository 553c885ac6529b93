//! What was broken down to whom, and what was not: reading and counting.
use crate::assignment::{CALLED_OFF, CLOSED, UNDERWAY, UNSIGNED, link_to, linked};
use crate::board::top_section;
use crate::model::{Binding, Commitment, Kind, Plan, Section};
use crate::store;
use chrono::NaiveDate;
use kernel::access::{Place, Rows, readable};
use kernel::app::Scope;
use kernel::args;
use kernel::choice;
use kernel::error::Result;
use kernel::page::Tone;
use std::collections::HashMap;
use uuid::Uuid;

/// The register of assignments.
pub const REGISTER: &str = "assignment";

choice!(
    /// Who carries a commitment (落实情况).
    Cover {
        Assigned = "assigned" "已分解",
        Owner = "owner" "责任人负责",
        Ownerless = "ownerless" "无责任人",
        Open = "open" "未分解",
    }
);

impl Cover {
    /// A live assignment covers whatever it is for. Without one, what records prove is covered by its owner, if it has
    /// one; what nobody measures (tasks, figures typed by hand) is not covered by a name alone.
    pub fn of(commitment: &Commitment, live: usize) -> Cover {
        let proved = matches!(commitment.binding, Binding::Indicator(_) | Binding::Duty(_));
        match (live, proved, commitment.owner) {
            (1.., _, _) => Cover::Assigned,
            (0, true, Some(_)) => Cover::Owner,
            (0, true, None) => Cover::Ownerless,
            (0, false, _) => Cover::Open,
        }
    }

    /// Whether nobody carries it.
    pub fn is_missing(self) -> bool {
        matches!(self, Cover::Ownerless | Cover::Open)
    }
}

/// One assignment (责任分解任务) as the plan's pages show it.
#[derive(Clone, Debug)]
pub struct Assigned {
    /// Id of the record.
    pub id: Uuid,
    /// 任务事项
    pub item: String,
    /// State of the flow.
    pub state: String,
    /// 责任部门: id and name.
    pub unit: (Uuid, String),
    /// 责任人
    pub person: String,
    /// 完成期限
    pub due: NaiveDate,
    /// Per cent done; all once accepted.
    pub percent: u64,
    /// Whether the person who looks may open the record.
    pub open: bool,
}

impl Assigned {
    /// Whether it counts: not called off.
    pub fn is_live(&self) -> bool {
        self.state != CALLED_OFF
    }

    /// Whether its time has passed and the work is still with the person.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        [UNSIGNED, UNDERWAY].contains(&self.state.as_str()) && self.due < today
    }

    /// The colour of its state.
    pub fn tone(&self, today: NaiveDate) -> Tone {
        match self.state.as_str() {
            CLOSED => Tone::Ok,
            CALLED_OFF => Tone::Muted,
            _ if self.is_late(today) => Tone::Late,
            UNSIGNED => Tone::Warn,
            _ => Tone::Info,
        }
    }

    /// The record's page.
    pub fn href(&self) -> String {
        format!("/r/{REGISTER}/{}", self.id)
    }
}

/// Assignments by commitment, those due first in front.
pub type ByCommitment = HashMap<Uuid, Vec<Assigned>>;

/// Whether the person may break something down.
pub fn may_assign(scope: &Scope) -> bool {
    scope
        .register(REGISTER)
        .is_ok_and(|spec| kernel::access::writable(&scope.actor, spec) != Rows::None)
}

/// The assignments of one commitment, or of all. Everybody may know how far a published plan is broken down; who may
/// open which record is said by [`Assigned::open`].
pub async fn load(scope: &Scope, only: Option<Uuid>) -> Result<ByCommitment> {
    let Ok(spec) = scope.register(REGISTER) else {
        return Ok(ByCommitment::new());
    };
    let rows = readable(&scope.actor, &scope.app.roles, spec);
    let (wanted, args) = match only {
        Some(one) => ("t.f_commitment = $2", args![scope.school, link_to(one)].to_vec()),
        None => ("t.f_commitment is not null", args![scope.school].to_vec()),
    };
    let sql = format!(
        "select t.id, t.f_commitment, t.f_item, t.state, t.f_unit, u.label, s.label, t.f_due, t.f_percent, \
         t.scope, t.owner_id, t.created_by from r_assignment t \
         join r_unit u on u.school_id = t.school_id and u.id = t.f_unit \
         join r_staff s on s.school_id = t.school_id and s.id = t.f_responsible \
         where t.school_id = $1 and t.void_reason is null and {wanted} order by t.f_due, t.id"
    );
    let mut found = ByCommitment::new();
    for row in scope.db().all(&sql, &args).await? {
        let link: String = row.at(1)?;
        let Some(commitment) = linked(&link) else {
            continue;
        };
        let place = Place {
            path: row.at(9)?,
            owner: row.at(10)?,
            created_by: row.at(11)?,
        };
        let state: String = row.at(3)?;
        let percent: Option<i64> = row.at(8)?;
        let percent = if state == CLOSED {
            100
        } else {
            percent.unwrap_or(0)
        };
        found.entry(commitment).or_default().push(Assigned {
            id: row.at(0)?,
            item: row.at(2)?,
            state,
            unit: (row.at(4)?, row.at(5)?),
            person: row.at(6)?,
            due: row.at(7)?,
            percent: u64::try_from(percent).unwrap_or(0),
            open: rows.covers(&scope.actor, &place),
        });
    }
    Ok(found)
}

/// A commitment with what became of it.
#[derive(Clone, Debug)]
pub struct Line {
    /// The commitment.
    pub commitment: Commitment,
    /// Its assignments, called-off ones included.
    pub assigned: Vec<Assigned>,
    /// Who carries it.
    pub cover: Cover,
}

impl Line {
    /// A commitment and its assignments.
    pub fn new(commitment: Commitment, assigned: Vec<Assigned>) -> Line {
        let live = assigned.iter().filter(|a| a.is_live()).count();
        let cover = Cover::of(&commitment, live);
        Line {
            commitment,
            assigned,
            cover,
        }
    }
}

/// An outermost section of a published plan with its commitments.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// The plan.
    pub plan: Uuid,
    /// Its title.
    pub plan_title: String,
    /// Name of the section.
    pub title: String,
    /// In the order of the text.
    pub lines: Vec<Line>,
}

/// How many of the lines are covered in which way.
pub fn count<'a>(lines: impl IntoIterator<Item = &'a Line>, cover: Cover) -> usize {
    lines.into_iter().filter(|line| line.cover == cover).count()
}

/// Every published plan section by section; results that were reached before are nobody's to do.
pub async fn chapters(scope: &Scope, plan: Option<Uuid>) -> Result<(Vec<Plan>, Vec<Chapter>)> {
    let all = store::published_commitments(scope).await?;
    let mut assigned = load(scope, None).await?;
    let mut plans = store::plans_of(scope).await?;
    plans.retain(|p| p.published_at.is_some() && p.revises.is_none());
    let mut chapters = vec![];
    for one in plans.iter().filter(|p| plan.is_none_or(|id| id == p.id)) {
        let sections = store::sections(scope, one.text_id()).await?;
        let mine = all.iter().filter(|c| c.plan == one.id && c.kind != Kind::Result);
        let lines = mine.map(|c| Line::new(c.clone(), assigned.remove(&c.id).unwrap_or_default()));
        chapters.extend(by_section(one, &sections, lines));
    }
    Ok((plans, chapters))
}

fn by_section(plan: &Plan, sections: &[Section], lines: impl Iterator<Item = Line>) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = vec![];
    for line in lines {
        let title =
            top_section(sections, line.commitment.start).map_or_else(|| "其他".to_owned(), Section::name);
        match chapters.last_mut() {
            Some(last) if last.title == title => last.lines.push(line),
            _ => chapters.push(Chapter {
                plan: plan.id,
                plan_title: plan.title.clone(),
                title,
                lines: vec![line],
            }),
        }
    }
    chapters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assignment::HANDED_IN;
    use crate::model::{Binding, Status};

    fn commitment(binding: Binding, owner: Option<Uuid>) -> Commitment {
        Commitment {
            id: Uuid::now_v7(),
            plan: Uuid::nil(),
            section: None,
            kind: Kind::Task,
            quote: "完成清点".into(),
            start: 0,
            end: 4,
            status: Status::Accepted,
            title: "清点".into(),
            comparator: None,
            target_scaled: None,
            max_scaled: None,
            unit: None,
            growth: false,
            times: None,
            every: None,
            interval: 1,
            due_on: None,
            due_text: None,
            binding,
            node: None,
            path: String::new(),
            owner,
            done_on: None,
            done_note: None,
            version: 1,
            updated_at: chrono::DateTime::UNIX_EPOCH,
            origin: None,
        }
    }

    fn assigned(state: &str) -> Assigned {
        Assigned {
            id: Uuid::nil(),
            item: "清点".into(),
            state: state.into(),
            unit: (Uuid::nil(), "教务处".into()),
            person: "王老师".into(),
            due: day(20),
            percent: 0,
            open: true,
        }
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    #[test]
    fn an_owner_covers_only_what_records_prove() {
        let someone = Some(Uuid::now_v7());
        let proved = || Binding::Indicator("hazard_closed".into());
        for (binding, owner, cover) in [
            (proved(), someone, Cover::Owner),
            (proved(), None, Cover::Ownerless),
            (Binding::Duty("patrol".into()), someone, Cover::Owner),
            (Binding::Manual, someone, Cover::Open),
            (Binding::None, someone, Cover::Open),
            (Binding::None, None, Cover::Open),
        ] {
            let line = Line::new(commitment(binding.clone(), owner), vec![]);
            assert_eq!(line.cover, cover, "{binding:?} {owner:?}");
            assert_eq!(line.cover.is_missing(), cover != Cover::Owner);
            let line = Line::new(line.commitment, vec![assigned(UNDERWAY)]);
            assert_eq!(line.cover, Cover::Assigned);
        }
    }

    #[test]
    fn what_was_called_off_covers_nothing() {
        let line = Line::new(commitment(Binding::None, None), vec![assigned(CALLED_OFF)]);
        assert_eq!(line.cover, Cover::Open);
        let line = Line::new(line.commitment, vec![assigned(CALLED_OFF), assigned(CLOSED)]);
        assert_eq!(line.cover, Cover::Assigned);
    }

    #[test]
    fn late_is_what_was_not_handed_in_by_its_day() {
        for state in [UNSIGNED, UNDERWAY] {
            assert!(assigned(state).is_late(day(21)) && !assigned(state).is_late(day(20)));
        }
        for state in [HANDED_IN, CLOSED, CALLED_OFF] {
            assert!(!assigned(state).is_late(day(25)), "{state}");
        }
    }
}
