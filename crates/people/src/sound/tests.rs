use super::*;
use kernel::register::flow::Flow;
use kernel::register::indicator::{Every, IndicatorSpec, duty, each, indicator};
use kernel::register::indicator::{Filter, Measure, Op};
use kernel::register::spec::{Reach, may_read};

/// The faults after one change to one of this crate's registers.
fn after(id: &str, change: impl FnOnce(&mut RegisterSpec)) -> String {
    let mut specs = crate::registers();
    change(specs.iter_mut().find(|spec| spec.id == id).expect("a register"));
    faults(&specs).join("; ")
}

fn field<'a>(spec: &'a mut RegisterSpec, name: &str) -> &'a mut FieldSpec {
    spec.fields.iter_mut().find(|f| f.name == name).expect("a field")
}

fn one(measure: Measure) -> IndicatorSpec {
    indicator(
        "probe",
        "试",
        "试",
        if measure.is_percent() { "%" } else { "个" },
        measure,
    )
}

#[test]
fn faults_of_fields_are_found() {
    assert!(
        after("room", |s| field(s, "name").label = "楼宇".into()).contains("two fields are labelled 楼宇")
    );
    assert!(after("room", |s| field(s, "kind").kind = FieldKind::Code("no".into())).contains("no code set"));
    assert!(
        after("room", |s| field(s, "unit").kind = FieldKind::Ref("no".into())).contains("no register no")
    );
    assert!(after("room", |s| s.group = "no".into()).contains("no group no"));
    assert!(after("staff", |s| s.owner = s.index("unit")).contains("the owner is no staff"));
    assert!(after("student", |s| s.date = s.index("name")).contains("the date field is no date"));
}

#[test]
fn faults_of_access_and_flow_are_found() {
    assert!(after("room", |s| s.access.clear()).contains("nobody has access"));
    assert!(after("room", |s| s.access = vec![may_read("ghost", Reach::Own)]).contains("no role ghost"));
    let flow = |flow: Flow| after("room", |s| s.flow = flow);
    let admin = [Who::Role(roles::ADMIN)];
    assert!(flow(Flow::starts("甲")).contains("open state 甲 is a dead end"));
    let away = |to: &str| {
        Flow::starts("甲")
            .done("乙")
            .step("go", "去", &["甲"], to, &admin)
    };
    assert_eq!(flow(away("乙")), "");
    assert!(flow(away("甲")).contains("state 乙 is never reached"));
    assert!(flow(away("乙").needs(&["name"])).contains("name is always filled"));
    let nobody = Flow::starts("甲").done("乙").step("go", "去", &["甲"], "乙", &[]);
    assert!(flow(nobody).contains("nobody may take it"));
    let unit = Flow::starts("甲")
        .done("乙")
        .step("go", "去", &["甲"], "乙", &[Who::Field("unit".into())]);
    assert!(flow(unit).contains("unit names no staff"));
}

#[test]
fn faults_of_filters_are_found() {
    let count = |of: Filter| after("room", |s| s.indicators.push(one(Measure::Count { of })));
    assert_eq!(count(Filter::is("status", "closed")), "");
    assert_eq!(count(Filter::is("kind", "10")), "");
    assert_eq!(count(Filter::state("已登记")), "");
    for of in [
        Filter::is("status", "gone"),
        Filter::is("kind", "77"),
        Filter::is("nothing", "x"),
        Filter::state("没有"),
        Filter::is("seats", "many"),
        Filter::all().and("seats", Op::AtMostField, "name"),
    ] {
        assert!(count(of.clone()).contains("cannot hold"), "{of:?}");
    }
}

#[test]
fn faults_of_measures_and_duties_are_found() {
    let measure = |measure| after("room", |s| s.indicators.push(one(measure)));
    let all = Filter::all;
    assert_eq!(
        measure(Measure::Sum {
            of: all(),
            field: "seats".into()
        }),
        ""
    );
    assert!(
        measure(Measure::Sum {
            of: all(),
            field: "name".into()
        })
        .contains("is no number")
    );
    let coverage = |field: &str| Measure::Coverage {
        of: all(),
        field: field.into(),
        all: all(),
    };
    assert_eq!(measure(coverage("unit")), "");
    assert!(measure(coverage("seats")).contains("is no reference"));
    assert!(
        measure(Measure::Rate {
            of: all(),
            per: "no".into(),
            all: all()
        })
        .contains("no register to count")
    );
    let due = |to: &str| {
        after("room", |s| {
            s.duties
                .push(duty("probe", "试", 1, Every::Week, each(to), all()))
        })
    };
    assert_eq!(due("unit"), "");
    assert!(due("class").contains("no way to class"));
    let twice = |s: &mut RegisterSpec| s.indicators.push(s.indicators[0].clone());
    assert!(after("room", twice).contains("is taken"));
}

#[test]
fn faults_of_datasets_are_found() {
    let feed = |text: &str| after("room", |s| field(s, "building").dataset = text.into());
    assert!(feed("T23.NONE").contains("is no column"));
    assert!(feed("23").contains("cannot be read"));
    assert!(feed("T23.JSMC:name").contains("nothing is found through"));
    let lost = after("room", |s| field(s, "seats").dataset = String::new());
    assert_eq!(lost, "room: no field for T23.ZWS 座位数");
    let long = after("room", |s| field(s, "name").kind = FieldKind::Text { max: 101 });
    assert!(long.contains("holds only 100 characters"));
    let codes = after("room", |s| {
        field(s, "kind").kind = FieldKind::Code("room_kind".into())
    });
    assert!(codes.contains("has other codes"));
}
