//! The branches of the party (党组织) and their members.

use anyhow::Result;
use chrono::{Days as Count, Months};
use governance::{Committee, PartyBranch};
use kernel::app::Scope;
use kernel::register::Register;
use kernel::register::field::Ref;
use kernel::register::query::{ListQuery, list};
use people::Staff;
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::{Batch, id_at};
use crate::{CITY, Post, SCHOOL_NAME, Unit};

/// A branch: its id, its secretary, its members.
pub struct Branch {
    pub id: Uuid,
    pub secretary: usize,
    pub members: Vec<usize>,
}

impl Branch {
    /// As a record refers to it.
    pub fn reference(&self) -> Ref<PartyBranch> {
        Ref::new(self.id)
    }

    /// How many came of all.
    pub fn turnout(&self, hand: &mut Hand) -> i64 {
        let away = hand.rng.below(1 + self.members.len() / 6);
        (self.members.len() - away).max(1) as i64
    }
}

/// All of them: the committee of the school first.
pub struct Party {
    /// 党委.
    pub committee: Branch,
    /// 党支部.
    pub branches: Vec<Branch>,
    /// Staff that are no members.
    pub others: Vec<usize>,
}

/// Name, units whose members belong to it.
fn lines(world: &World) -> Vec<(&'static str, Vec<Unit>)> {
    let general = world.office("公共基础部");
    let (mut front, mut back) = (vec![], vec![]);
    for office in (0..world.school.offices.len()).filter(|office| *office != general) {
        let half = if office % 2 == 0 { &mut front } else { &mut back };
        half.push(Unit::Office(office));
    }
    let joint = (3..world.school.departments.len()).map(Unit::Department);
    vec![
        ("机关第一党支部", front),
        ("机关第二党支部", back),
        ("机电工程系党支部", vec![Unit::Department(0)]),
        ("信息技术系党支部", vec![Unit::Department(1)]),
        ("财经商贸系党支部", vec![Unit::Department(2)]),
        ("汽车旅游建筑联合党支部", joint.collect()),
        ("公共基础部党支部", vec![Unit::Office(general)]),
    ]
}

/// Which staff are members of the party, as their records say.
async fn members(scope: &Scope, world: &World) -> Result<Vec<bool>> {
    let spec = scope.register(Staff::head().id)?;
    let at = spec.index("political").expect("staff has a political status");
    let query = ListQuery {
        per: 1000,
        ..ListQuery::default()
    };
    let page = list(scope, spec, &query, &[at]).await?;
    let known: Vec<Uuid> = page
        .records
        .iter()
        .filter(|record| record.values[at].text() == Some("01"))
        .map(|record| record.id)
        .collect();
    Ok(world.ids.staff.iter().map(|id| known.contains(id)).collect())
}

/// Writes the branches.
pub async fn write(scope: &Scope, world: &World) -> Result<Party> {
    let mut hand = Hand::new("party_branch");
    let mut batch = Batch::new();
    let belongs = members(scope, world).await?;
    let at = world.days.at(
        &mut hand.rng,
        world.days.term.start() - Count::new(12),
        OFFICE_HOURS,
    );
    let top = format!("中共{SCHOOL_NAME}委员会");
    let leader = world.holders(Post::Secretary)[0];
    let mut add = |record: &PartyBranch| {
        let id = id_at(at);
        batch.add_as(id, None, record, at);
        id
    };
    let committee = PartyBranch {
        number: "D00".into(),
        name: top.clone(),
        kind: code("1"),
        superior: Some(format!("中共{CITY}教育局党组")),
        unit: Ref::new(world.ids.root),
        leader: world.staff(leader),
        post: code("1"),
        committee: Committee::Upper,
        full_members: belongs.iter().filter(|member| **member).count() as i64,
        probationary: 0,
        members: None,
        elected_on: world.days.term.start() - Months::new(26),
        next_election: None,
    };
    let mut leaders = [
        world.holders(Post::Secretary),
        world.holders(Post::Principal),
        world.holders(Post::VicePrincipal),
    ]
    .concat();
    leaders.dedup();
    let committee = Branch {
        id: add(&committee),
        secretary: leader,
        members: leaders,
    };
    let mut branches = vec![];
    for (nth, (name, units)) in lines(world).into_iter().enumerate() {
        let staff: Vec<usize> = units.iter().flat_map(|unit| world.members(*unit)).collect();
        let mut members: Vec<usize> = staff.iter().copied().filter(|at| belongs[*at]).collect();
        if members.len() < 3 {
            members = staff.into_iter().take(3).collect();
        }
        let heads = [Post::Head, Post::DeputyHead];
        let head = members
            .iter()
            .copied()
            .find(|at| heads.contains(&world.school.staff[*at].post));
        let secretary = head.unwrap_or(members[0]);
        let record = PartyBranch {
            number: format!("D{:02}", nth + 1),
            name: name.into(),
            kind: code("3"),
            superior: Some(top.clone()),
            unit: Ref::new(world.unit_id(units[0])),
            leader: world.staff(secretary),
            post: code("1"),
            committee: if members.len() >= 7 {
                Committee::Branch
            } else {
                Committee::SecretaryOnly
            },
            full_members: members.len() as i64,
            probationary: i64::from(hand.rng.between(0, 1)),
            members: None,
            // One of them is due for election.
            elected_on: world.days.term.start() - Months::new(if nth == 4 { 37 } else { 20 }),
            next_election: None,
        };
        branches.push(Branch {
            id: add(&record),
            secretary,
            members,
        });
    }
    batch.write(scope).await?;
    let others = (0..belongs.len()).filter(|at| !belongs[*at]).collect();
    Ok(Party {
        committee,
        branches,
        others,
    })
}
