use super::*;
use chrono::NaiveDate;
use kernel::register::Rules;
use kernel::register::field::{Code, Decimal, Files, LongText, Money, Ref};
use kernel::register::flow::{Guard, Who};
use kernel::register::spec::Ctx;
use people::roles::{COOPERATION_OFFICE, DEPARTMENT_HEAD};
use people::sound::{day, doubted, refused, test_day};
use uuid::Uuid;

fn code(text: &str) -> Code {
    Code(text.into())
}

fn sample() -> Internship {
    Internship {
        student: Ref::new(Uuid::nil()),
        class: Ref::new(Uuid::nil()),
        year: StudyYear::Third,
        age: 18,
        project: "2023级数控岗位实习".into(),
        kind: code("2"),
        school_year: None,
        term: None,
        enterprise: Ref::new(Uuid::nil()),
        source: code("1"),
        site: code("4"),
        base: Some(Ref::new(Uuid::nil())),
        destination: code("1"),
        post: "数控车工".into(),
        tasks: LongText("零件加工；首件检验".into()),
        hazard: WorkHazard::None,
        matching: code("2"),
        starts_on: day(-20),
        ends_on: day(130),
        daily_hours: Decimal(80),
        weekly_hours: Decimal(400),
        odd_hours: false,
        pay: Money(280_000),
        post_wage: Money(350_000),
        lowest_wage: None,
        housing: code("1"),
        teacher: Ref::new(Uuid::nil()),
        mentor: Some(Ref::new(Uuid::nil())),
        exception: None,
        filing: None,
        special: None,
        declared: Some(true),
        consented_on: Some(day(-30)),
        agreed_on: Some(day(-25)),
        trained_on: Some(day(-24)),
        insurance: Some(code("1")),
        insurer: Some(code("1")),
        insured_from: Some(day(-20)),
        insured_until: Some(day(130)),
        arrived_on: Some(day(-20)),
        left_on: None,
        started: None,
        ended: None,
        process_score: None,
        result_score: None,
        score: None,
        appraisal: None,
        files: Files::default(),
    }
}

/// The fields refused after one change.
fn wrong(change: fn(&mut Internship)) -> Vec<String> {
    let mut record = sample();
    change(&mut record);
    refused(&record)
}

#[test]
fn students_who_may_not_be_placed_are_refused() {
    assert!(refused(&sample()).is_empty());
    assert_eq!(wrong(|r| r.year = StudyYear::First), ["year"]);
    assert_eq!(wrong(|r| r.age = 15), ["age"]);
    assert!(wrong(|r| r.age = 16).is_empty());
    assert!(
        wrong(|r| {
            r.year = StudyYear::First;
            r.kind = code("1");
        })
        .is_empty()
    );
    assert_eq!(
        wrong(|r| {
            r.kind = code("1");
            r.source = code("3");
        }),
        ["source"]
    );
}

#[test]
fn prohibited_work_is_refused_or_filed() {
    assert_eq!(wrong(|r| r.hazard = WorkHazard::Heavy), ["hazard"]);
    assert_eq!(wrong(|r| r.hazard = WorkHazard::Toxic), ["filing"]);
    assert!(
        wrong(|r| {
            r.hazard = WorkHazard::Toxic;
            r.filing = Some("清教实备〔2026〕3号".into());
        })
        .is_empty()
    );
    assert_eq!(
        wrong(|r| {
            r.hazard = WorkHazard::Toxic;
            r.filing = Some("清教实备〔2026〕3号".into());
            r.age = 17;
        }),
        ["hazard"],
        "filing does not help a minor"
    );
    assert!(wrong(|r| r.hazard = WorkHazard::Dust).is_empty());
    assert_eq!(
        wrong(|r| {
            r.hazard = WorkHazard::Dust;
            r.age = 17;
        }),
        ["hazard"]
    );
}

#[test]
fn hours_pay_and_length_have_bounds() {
    assert_eq!(wrong(|r| r.daily_hours = Decimal(81)), ["filing"]);
    assert_eq!(wrong(|r| r.weekly_hours = Decimal(401)), ["filing"]);
    assert_eq!(wrong(|r| r.odd_hours = true), ["filing"]);
    assert_eq!(wrong(|r| r.pay = Money(279_999)), ["pay"]);
    assert!(
        wrong(|r| {
            r.pay = Money(250_000);
            r.lowest_wage = Some(Money(250_000));
        })
        .is_empty()
    );
    assert_eq!(
        wrong(|r| {
            r.ends_on = day(200);
            r.insured_until = Some(day(200));
        }),
        ["exception"]
    );
    assert_eq!(wrong(|r| r.matching = code("0")), ["exception"]);
    assert_eq!(wrong(|r| r.destination = code("3")), ["filing"]);
}

#[test]
fn nobody_starts_without_papers() {
    assert_eq!(wrong(|r| r.agreed_on = None), ["agreed_on"]);
    assert_eq!(wrong(|r| r.agreed_on = Some(day(-19))), ["agreed_on"]);
    assert_eq!(wrong(|r| r.trained_on = None), ["trained_on"]);
    assert_eq!(wrong(|r| r.consented_on = None), ["consented_on"]);
    assert_eq!(wrong(|r| r.insurance = None), ["insurance"]);
    assert_eq!(wrong(|r| r.insured_from = Some(day(-19))), ["insured_from"]);
    assert_eq!(wrong(|r| r.insured_until = Some(day(129))), ["insured_until"]);
    assert_eq!(wrong(|r| r.declared = Some(false)), ["declared"]);
    assert!(
        wrong(|r| {
            r.arrived_on = None;
            r.agreed_on = None;
            r.trained_on = None;
            r.insurance = None;
        })
        .is_empty(),
        "a request has none of them yet"
    );
}

#[test]
fn what_follows_is_filled_in() {
    let ctx = Ctx {
        today: test_day(),
        new: true,
    };
    let mut record = sample();
    record.complete(&ctx);
    assert_eq!(record.school_year.as_deref(), Some("2025-2026"));
    assert_eq!(record.term, Some(code("2")));
    assert_eq!(
        (record.started, record.ended, record.special),
        (Some(true), Some(false), Some(false))
    );
    record.source = code("3");
    record.process_score = Some(Decimal(900));
    record.result_score = Some(Decimal(801));
    record.complete(&ctx);
    assert_eq!((record.special, record.score), (Some(true), Some(Decimal(851))));
    record.starts_on = NaiveDate::from_ymd_opt(2027, 1, 10).expect("a day");
    record.complete(&ctx);
    assert_eq!(record.school_year.as_deref(), Some("2026-2027"));
}

#[test]
fn marks_come_after_the_last_day() {
    assert_eq!(wrong(|r| r.process_score = Some(Decimal(900))), ["left_on"]);
    assert_eq!(
        wrong(|r| {
            r.left_on = Some(day(-1));
            r.result_score = Some(Decimal(1001));
        }),
        ["result_score"]
    );
    assert_eq!(wrong(|r| r.left_on = Some(day(-21))), ["left_on"]);
}

#[test]
fn principles_only_warn() {
    assert!(doubted(&sample()).is_empty());
    let vague = Internship {
        tasks: LongText("拧螺丝".into()),
        base: None,
        mentor: None,
        insurer: Some(code("9")),
        ..sample()
    };
    assert_eq!(doubted(&vague), ["tasks", "base", "insurer", "mentor"]);
}

#[test]
fn the_principal_sees_what_is_special() {
    let flow = Internship::flow();
    let step = flow.find("approve_cooperation").expect("a step");
    assert_eq!(
        step.forks,
        [(Guard::is("special", "true"), "待分管校长审批".into())]
    );
    assert_eq!(step.to, "待上岗");
    assert_eq!(
        flow.find("break").expect("a step").who,
        [Who::Role(DEPARTMENT_HEAD), Who::Role(COOPERATION_OFFICE)]
    );
}
