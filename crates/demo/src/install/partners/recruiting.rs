//! Enrolment work: plans by major, source schools, talks and consultation.

use anyhow::Result;
use chrono::Datelike;
use kernel::app::Scope;
use kernel::register::field::{Money, Ref};
use partners::{EnrolmentPlan, Promotion, PromotionKind, SchoolStage, SourceSchool};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{before, later, text, yuan};
use crate::identity::phone_number;
use crate::{AREAS, SOURCE_SCHOOLS, Sex, Unit};

/// Telephone numbers count from here.
const PHONES: u64 = 75_000_000;
/// Senior schools that students change from.
const SENIOR: &[&str] = &[
    "清岚市高级中学",
    "清岚市东篱区高级中学",
    "北渚县中学",
    "云陌市高级中学",
];

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    plans(scope, world).await?;
    let schools = schools(scope, world).await?;
    promotions(scope, world, &schools).await
}

async fn plans(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("enrolment_plan");
    let mut batch = Batch::new();
    let season = i64::from(world.days.term.year().0) + 1;
    for (nth, major) in world.school.majors.iter().enumerate() {
        let of_year = world.school.classes.iter();
        let first = world.days.term.year().0;
        let classes = of_year
            .filter(|class| class.major == nth && class.entry_year == first)
            .count() as i64;
        let day = world.days.in_week((nth % 6 + 3) as u8);
        let state = match nth {
            13 => "待招生就业处审批",
            14 => "待校长审批",
            11 => "退回修改",
            12 => "待教务处审批",
            _ => "已下达",
        };
        let mut record = EnrolmentPlan {
            season,
            department: world.department(major.department),
            major_code: major.code.into(),
            major: major.name.into(),
            track: code("0"),
            length: code("3"),
            declared_on: day,
            planned: classes * 45,
            classes,
            previous: Some(classes * 40),
            fee: Money(0),
            reason: text("近三年报名稳定，对口企业用工需求持续，师资和实训工位满足办学条件"),
            approval: (state == "已下达").then(|| format!("清教职计〔{}〕{}号", day.year(), 6)),
            admitted: None,
            registered: None,
            completion: None,
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        // The through-trained classes of four majors were filled up at the beginning of the term.
        if nth % 4 == 0 {
            let day = world.days.in_week(1);
            record.season = day.year().into();
            record.track = code("1");
            record.length = code("5");
            record.declared_on = day;
            record.planned = 40;
            record.classes = 1;
            record.previous = Some(38);
            record.approval = Some(format!("清教职计〔{}〕{}号", day.year(), 2));
            record.admitted = Some(42);
            record.registered = Some([40, 41, 37, 40][nth / 4 % 4]);
            batch.add_in("已完成", &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

async fn schools(scope: &Scope, world: &World) -> Result<Vec<Uuid>> {
    let mut hand = Hand::new("source_school");
    let mut batch = Batch::new();
    let mut ids = vec![];
    let mut keepers = world.office_staff("招生就业处");
    for department in 0..world.school.departments.len() {
        keepers.extend(world.members(Unit::Department(department)).iter().take(5));
    }
    for (nth, name) in SOURCE_SCHOOLS.iter().chain(SENIOR).enumerate() {
        let graduates = i64::from(hand.rng.between(90, 480));
        let enrolled = world
            .school
            .students
            .iter()
            .filter(|student| student.source_school == *name);
        let first = world.days.term.year().0;
        let enrolled = enrolled
            .filter(|s| world.school.classes[s.class].entry_year == first)
            .count() as i64;
        let area = AREAS
            .iter()
            .find(|(_, area)| name.contains(area))
            .map_or("市直", |(_, area)| area);
        let stage = match nth {
            _ if name.contains("特殊") => SchoolStage::Special,
            _ if SENIOR.contains(name) => SchoolStage::Senior,
            _ if name.contains("九年") || name.ends_with("学校") => SchoolStage::Nine,
            _ => SchoolStage::Junior,
        };
        let record = SourceSchool {
            name: (*name).into(),
            area: area.into(),
            stage,
            graduates,
            enrolled: enrolled.min(graduates),
            share: None,
            target: (enrolled + 6).min(graduates),
            base: nth % 5 == 0,
            responsible: world.staff(keepers[nth % keepers.len()]),
            contact: Some(hand.people.name(Sex::Female)),
            phone: Some(phone_number(PHONES, nth as u64)),
            classes: Some((graduates / 45).max(1)),
            remark: None,
        };
        let day = before(world, 15);
        ids.push(batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS)));
    }
    batch.write(scope).await?;
    Ok(ids)
}

async fn promotions(scope: &Scope, world: &World, schools: &[Uuid]) -> Result<()> {
    use PromotionKind::*;
    const KINDS: &[PromotionKind] = &[Talk, Teachers, Talk, Counter, Visit, Talk, Online, Experience];
    let mut hand = Hand::new("promotion");
    let mut batch = Batch::new();
    let keepers = world.office_staff("招生就业处");
    for nth in 0..34 {
        let kind = if nth == 20 {
            OpenDay
        } else {
            KINDS[nth % KINDS.len()]
        };
        let there = matches!(kind, Talk | Teachers | Counter | Visit);
        let school = nth * 5 % schools.len();
        let ahead = nth >= 29;
        let day = if ahead {
            later(world.days.today, hand.rng.between(3, 25))
        } else {
            world.days.in_week((nth % 10 + 1) as u8)
        };
        // Two talks are over but nobody wrote down how they went.
        let state = match nth {
            _ if ahead => "待开展",
            9 | 18 => "待开展",
            14 => "已取消",
            _ => "已开展",
        };
        let held = state == "已开展";
        let audience = match kind {
            Online => hand.rng.between(600, 2400),
            Teachers | Visit => hand.rng.between(8, 24),
            OpenDay => hand.rng.between(400, 900),
            _ => hand.rng.between(60, 320),
        };
        let place: &str = match kind {
            Online => "学校直播间",
            OpenDay | Experience => "本校实训楼",
            _ => "对方学校",
        };
        let name = SOURCE_SCHOOLS.iter().chain(SENIOR).nth(school).unwrap_or(&"");
        let title = match kind {
            Talk => format!("{name}招生宣讲"),
            Teachers => format!("{name}九年级班主任座谈"),
            Counter => format!("{name}招生咨询点"),
            Visit => format!("{name}学区走访"),
            Online => "专业介绍线上直播".into(),
            OpenDay => "校园开放日".into(),
            _ => "初中生职业体验周".into(),
        };
        let record = Promotion {
            title,
            kind,
            held_on: day,
            until: (kind == Counter).then(|| later(day, 2)),
            school: there.then(|| Ref::new(schools[school])),
            place: place.into(),
            leader: world.staff(keepers[nth % keepers.len()]),
            team: Some("招生就业处和相关系部教师".into()),
            audience: held.then(|| audience.into()),
            leaflets: held.then(|| i64::from(audience / 2)),
            leads: held.then(|| i64::from(audience / 9 + 1)),
            cost: held.then(|| yuan(hand.rng.between(2, 18) * 50)),
            summary: held.then(|| text("介绍专业设置、升学路径和资助政策，现场解答学费、住宿和就业问题")),
            photos: Default::default(),
        };
        let made = if ahead { world.days.today } else { day };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, made, OFFICE_HOURS));
    }
    batch.write(scope).await
}
