//! Every step of a flow, as each role, to every state it can lead to.
use super::generate::{Forge, Wish};
use kernel::access::{Actor, Grant};
use kernel::app::Scope;
use kernel::error::Error;
use kernel::register::flow::{Guard, Step, Who};
use kernel::register::spec::RegisterSpec;
use kernel::register::store::{self, Change, Draft, Record};
use std::collections::{BTreeMap, HashSet, VecDeque};
use uuid::Uuid;

/// Records that set out on a way before it is given up.
const ATTEMPTS: usize = 24;

/// Ways by which an outcome that was seen is come to again: another way may lead on where the first does not.
const MOST_WAYS: usize = 5;

/// Days between two steps of a record that takes years (党员发展).
const APART: i64 = 400;

/// A step with the conditions under which it leads where it leads.
#[derive(Clone)]
struct Leg {
    step: String,
    wishes: Vec<Wish>,
}

/// The outcomes of a step: one for each fork and one for none of them.
fn outcomes(step: &Step) -> Vec<Leg> {
    let mut refused: Vec<Wish> = vec![];
    let mut legs = vec![];
    let leg = |mut wishes: Vec<Wish>, refused: &[Wish]| {
        wishes.extend_from_slice(refused);
        wishes.extend(step.when.clone().map(|guard| (guard, true)));
        Leg {
            step: step.id.clone(),
            wishes,
        }
    };
    for (guard, _) in &step.forks {
        legs.push(leg(vec![(guard.clone(), true)], &refused));
        refused.push((guard.clone(), false));
    }
    legs.push(leg(vec![], &refused));
    legs
}

/// Whether no values can satisfy the wishes of a way: at most three days and more than ten.
fn contradictory(path: &[Leg]) -> bool {
    let wishes: Vec<&Wish> = path.iter().flat_map(|leg| &leg.wishes).collect();
    let limits = |wanted: bool| {
        wishes.iter().filter_map(move |(guard, is)| match guard {
            Guard::Above(field, limit) if *is == wanted => Some((field, *limit)),
            Guard::AtMost(field, limit) if *is != wanted => Some((field, *limit)),
            _ => None,
        })
    };
    let between =
        limits(true).any(|(field, low)| limits(false).any(|(other, high)| other == field && low >= high));
    let codes = |wanted: bool| {
        wishes.iter().filter_map(move |(guard, is)| match guard {
            Guard::Is(field, code) if *is == wanted => Some((field, code)),
            Guard::Not(field, code) if *is != wanted => Some((field, code)),
            _ => None,
        })
    };
    let torn = codes(true).any(|(field, code)| {
        codes(false).any(|(other, no)| other == field && no == code)
            || codes(true).any(|(other, yes)| other == field && yes != code)
    });
    between || torn
}

/// Walks the flow; gives what went wrong. What other records have to say before one is granted is left to the proof of
/// that register: records made up at random would rarely be granted.
pub async fn walk(scope: &Scope, spec: &RegisterSpec, forge: &mut Forge) -> Vec<String> {
    let spec = &RegisterSpec {
        grant: None,
        ..spec.clone()
    };
    let start = spec.flow.initial().to_owned();
    let mut reached: HashSet<String> = HashSet::from([start.clone()]);
    let mut paths: VecDeque<(String, Vec<Leg>)> = VecDeque::from([(start, vec![])]);
    // Each outcome of each step, walked or with why not. A state may be come to in several ways, of which one may
    // forbid what another allows.
    let mut legs: BTreeMap<(String, usize), Result<(), String>> = BTreeMap::new();
    let mut seen = HashSet::new();
    let mut ways: BTreeMap<(String, usize), usize> = BTreeMap::new();
    while let Some((state, path)) = paths.pop_front() {
        for step in spec.flow.steps.iter().filter(|step| step.from.contains(&state)) {
            for (at, leg) in outcomes(step).into_iter().enumerate() {
                let place = (step.id.clone(), at);
                let longer: Vec<Leg> = path.iter().cloned().chain([leg]).collect();
                let wishes: Vec<&Wish> = longer.iter().flat_map(|leg| &leg.wishes).collect();
                let tried: usize = ways.get(&place).copied().unwrap_or(0);
                let done = matches!(legs.get(&place), Some(Ok(())));
                if contradictory(&longer)
                    || tried >= if done { MOST_WAYS } else { 2 * MOST_WAYS }
                    || !seen.insert(format!("{place:?} {wishes:?}"))
                {
                    continue;
                }
                ways.insert(place.clone(), tried + 1);
                let mut end = Err(String::new());
                // Whether a record can go on may hang on what an earlier step wrote (合格 or not): several set out.
                for attempt in 0..ATTEMPTS {
                    let years_apart = attempt % 2 == 1;
                    end = tread(scope, spec, forge, &longer, years_apart).await;
                    if end.is_ok() {
                        break;
                    }
                }
                let walked = match end {
                    Ok(end) => {
                        reached.insert(end.clone());
                        paths.push_back((end, longer));
                        Ok(())
                    }
                    Err(why) => Err(why),
                };
                let known = legs.entry(place).or_insert_with(|| walked.clone());
                if known.is_err() {
                    *known = walked;
                }
            }
        }
    }
    let mut wrong: Vec<String> = legs
        .iter()
        .filter_map(|((step, _), walked)| Some(format!("{} {step}: {}", spec.id, walked.as_ref().err()?)))
        .collect();
    for step in &spec.flow.steps {
        if !legs
            .iter()
            .any(|((walked, _), end)| *walked == step.id && end.is_ok())
        {
            wrong.push(format!("{}: nobody can take the step {}", spec.id, step.id));
        }
    }
    for state in spec
        .flow
        .states
        .iter()
        .filter(|state| !reached.contains(&state.name))
    {
        wrong.push(format!("{}: no way leads to {}", spec.id, state.name));
    }
    wrong
}

/// A new record goes the whole way; the last leg is tried by everybody first. Gives the state it ends in.
async fn tread(
    scope: &Scope,
    spec: &RegisterSpec,
    forge: &mut Forge,
    path: &[Leg],
    years_apart: bool,
) -> Result<String, String> {
    let wishes: Vec<Wish> = path.iter().flat_map(|leg| leg.wishes.clone()).collect();
    let needed: HashSet<&str> = path
        .iter()
        .filter_map(|leg| spec.flow.find(&leg.step))
        .flat_map(|step| step.needs.iter().map(String::as_str))
        .collect();
    // What a later step asks for is wished for then.
    let now: Vec<Wish> = wishes
        .iter()
        .filter(|(guard, _)| !needed.contains(guard.field()))
        .cloned()
        .collect();
    forge.sparing = 100;
    forge.past = if years_apart {
        APART * (path.len() as i64 + 1)
    } else {
        0
    };
    let values = forge.values(scope, spec, &now);
    forge.sparing = 50;
    let start = values?;
    let id = store::create(scope, spec, Draft::new(start.clone()))
        .await
        .map_err(|error| format!("create: {error:?}"))?;
    let went = go(scope, spec, forge, id, path).await;
    forge.past = 0;
    let end = read(scope, spec, id).await?;
    store::void(scope, spec, id, end.version, "走查完毕")
        .await
        .map_err(|error| format!("void: {error:?}"))?;
    forge.release(spec, &start);
    went.map(|()| end.state)
}

/// The record goes the way, the last leg tried by everybody first.
async fn go(
    scope: &Scope,
    spec: &RegisterSpec,
    forge: &mut Forge,
    id: Uuid,
    path: &[Leg],
) -> Result<(), String> {
    for (at, leg) in path.iter().enumerate() {
        let step = spec.flow.find(&leg.step).expect("a step of the flow");
        let mut record = read(scope, spec, id).await?;
        if forge.past > 0 {
            forge.past = APART * (path.len() - at) as i64;
        }
        let free: Vec<usize> = step.needs.iter().filter_map(|name| spec.index(name)).collect();
        let asked: Vec<Wish> = leg
            .wishes
            .iter()
            .filter(|(guard, _)| step.needs.iter().any(|name| name == guard.field()))
            .cloned()
            .collect();
        let values = match forge.fill(scope, spec, record.values.clone(), (&free, &free), &asked) {
            Ok(values) => values,
            // The dialog alone does not do: the record is corrected first, as people do.
            Err(_) => {
                let all: Vec<usize> = (0..spec.fields.len()).collect();
                let values = forge.fill(scope, spec, record.values.clone(), (&all, &free), &asked)?;
                let correction = Change {
                    version: record.version,
                    values: values.clone(),
                    reason: Some("补充"),
                };
                store::update(scope, spec, id, correction)
                    .await
                    .map_err(|error| format!("correct: {error:?}"))?;
                record = read(scope, spec, id).await?;
                values
            }
        };
        let change = || Change {
            version: record.version,
            values: values.clone(),
            reason: Some("按程序办理"),
        };
        if at + 1 == path.len() {
            everybody(scope, spec, step, &record, change).await?;
        }
        let actor = allowed(scope, spec, step, &record).ok_or("nobody may take it")?;
        let who = Scope::new(&scope.app, scope.school, actor);
        store::step(&who, spec, id, &step.id, change())
            .await
            .map_err(|error| format!("{}: {error:?}", step.title))?;
        let after = read(scope, spec, id).await?;
        let target = step.target(spec, &after.values);
        if after.state != target {
            return Err(format!("came to {} instead of {target}", after.state));
        }
    }
    Ok(())
}

async fn read(scope: &Scope, spec: &RegisterSpec, id: Uuid) -> Result<Record, String> {
    store::get(scope, spec, id)
        .await
        .map_err(|error| format!("{error:?}"))
}

fn person(account: Uuid, staff: Option<Uuid>, role: Option<&str>) -> Actor {
    Actor {
        account,
        staff,
        grants: role
            .map(|role| Grant {
                role: role.to_owned(),
                path: String::new(),
            })
            .into_iter()
            .collect(),
        system: false,
        ..Actor::system("走查")
    }
}

/// Somebody who may take the step.
fn allowed(_scope: &Scope, spec: &RegisterSpec, step: &Step, record: &Record) -> Option<Actor> {
    step.who.iter().find_map(|who| match who {
        Who::Role(role) => Some(person(Uuid::now_v7(), None, Some(role))),
        Who::Field(field) => {
            let staff = record.values[spec.index(field)?].id()?;
            Some(person(Uuid::now_v7(), Some(staff), None))
        }
        Who::Creator => Some(person(record.place.created_by, None, None)),
    })
}

/// Each role over the whole school, and nobody in particular: offered and refused as declared.
async fn everybody<'a>(
    scope: &Scope,
    spec: &RegisterSpec,
    step: &Step,
    record: &Record,
    change: impl Fn() -> Change<'a>,
) -> Result<(), String> {
    let roles = scope.app.roles.iter().map(|role| Some(role.id));
    for role in roles.chain([None]) {
        let actor = person(Uuid::now_v7(), None, role);
        let who = Scope::new(&scope.app, scope.school, actor);
        let offered = store::steps_of(&who, spec, record).any(|s| s.id == step.id);
        let declared = role.is_some_and(|role| step.who.contains(&Who::Role(role)));
        if offered != declared {
            return Err(format!(
                "{role:?} is offered the step: {offered}, declared: {declared}"
            ));
        }
        if !declared {
            let answer = store::step(&who, spec, record.id, &step.id, change()).await;
            if !matches!(answer, Err(Error::Forbidden(_))) {
                return Err(format!("{role:?} is not refused: {answer:?}"));
            }
        }
    }
    Ok(())
}
