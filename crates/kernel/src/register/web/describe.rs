//! A register's spec as JSON: `zhixing registers --json` and `GET /api/registers`.
use crate::register::flow::{StateKind, Who};
use crate::register::indicator::{DutyScope, DutySpec, Every, IndicatorSpec};
use crate::register::spec::{Access, FieldKind, FieldSpec, Reach, RegisterSpec};
use serde_json::{Value as J, json};

/// The spec as JSON.
pub fn spec_json(spec: &RegisterSpec) -> J {
    let names =
        |list: &[usize]| -> Vec<&str> { list.iter().map(|at| spec.fields[*at].name.as_str()).collect() };
    let name = |at: Option<usize>| at.map(|at| spec.fields[at].name.as_str());
    json!({
        "id": spec.id, "systems": spec.systems, "title": spec.title, "about": spec.about, "group": spec.group,
        "fields": spec.fields.iter().enumerate().map(|(at, field)| field_json(field, spec.computed.contains(&at))).collect::<Vec<_>>(),
        "label": names(&spec.label), "key": name(spec.key), "date": name(spec.date),
        "within": name(spec.within), "owner": name(spec.owner),
        "unique": spec.unique.iter().map(|u| names(u)).collect::<Vec<_>>(),
        "flow": flow_json(spec),
        "duties": spec.duties.iter().map(duty_json).collect::<Vec<_>>(),
        "indicators": spec.indicators.iter().map(indicator_json).collect::<Vec<_>>(),
        "roles": spec.access.iter().map(access_json).collect::<Vec<_>>(),
    })
}

fn field_json(field: &FieldSpec, computed: bool) -> J {
    let mut json = json!({
        "name": field.name, "label": field.label, "type": field.kind.name(), "required": field.required,
        "list": field.list, "filter": field.filter, "sealed": field.sealed, "computed": computed,
        "dataset": (!field.dataset.is_empty()).then_some(&field.dataset),
        "help": (!field.help.is_empty()).then_some(&field.help),
    });
    match &field.kind {
        FieldKind::Text { max } | FieldKind::LongText { max } => json["max"] = (*max).into(),
        FieldKind::Int { min, max } => {
            json["min"] = (*min).into();
            json["max"] = (*max).into();
        }
        FieldKind::Decimal { scale } => json["scale"] = (*scale).into(),
        FieldKind::Choice(choices) => {
            json["choices"] = choices
                .iter()
                .map(|c| json!({ "code": c.code, "label": c.label }))
                .collect();
        }
        FieldKind::Code(set) => json["codes"] = set.as_str().into(),
        FieldKind::Ref(to) => json["register"] = to.as_str().into(),
        _ => {}
    }
    json
}

fn flow_json(spec: &RegisterSpec) -> J {
    let kind = |kind: StateKind| match kind {
        StateKind::Open => "open",
        StateKind::Done => "done",
        StateKind::Dropped => "dropped",
    };
    let who = |who: &Who| match who {
        Who::Role(role) => json!({ "role": role }),
        Who::Field(field) => json!({ "field": field }),
        Who::Creator => json!({ "creator": true }),
    };
    let states = &spec.flow.states;
    json!({
        "states": states.iter().map(|s| json!({ "name": s.name, "kind": kind(s.kind) })).collect::<Vec<_>>(),
        "steps": spec.flow.steps.iter().map(|step| json!({
            "id": step.id, "title": step.title, "from": step.from, "to": step.to, "needs": step.needs,
            "offers": step.offers,
            "note": step.note, "who": step.who.iter().map(who).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn duty_json(duty: &DutySpec) -> J {
    let every = match duty.every {
        Every::Day => "day",
        Every::Week => "week",
        Every::HalfMonth => "half-month",
        Every::Month => "month",
        Every::Quarter => "quarter",
        Every::Term => "term",
        Every::Year => "year",
        Every::BeforeHoliday => "before-holiday",
    };
    let scope = match &duty.scope {
        DutyScope::School => json!("school"),
        DutyScope::Each { register, only } => json!({ "each": register, "only": only }),
    };
    json!({
        "id": duty.id, "title": duty.title, "times": duty.times, "every": every, "scope": scope,
        "aliases": duty.aliases,
    })
}

fn indicator_json(indicator: &IndicatorSpec) -> J {
    json!({
        "id": indicator.id, "title": indicator.title, "formula": indicator.formula, "unit": indicator.unit,
        "aliases": indicator.aliases,
    })
}

fn access_json(access: &Access) -> J {
    let reach = |reach: Reach| match reach {
        Reach::Own => "own",
        Reach::Unit => "unit",
        Reach::School => "school",
    };
    json!({ "role": access.role, "read": reach(access.read), "write": access.write.map(reach), "sealed": access.sealed })
}
