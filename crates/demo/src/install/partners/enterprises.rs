//! What is made with enterprises: agreements, cohorts, site surveys, and the demand for people.

use anyhow::Result;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::register::field::{Money, Ref};
use partners::{
    AgreementKind, CohortKind, CooperationAgreement, DemandKind, Mark, OrderClass, SiteSurvey, TalentDemand,
};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::firms::{Firms, PER_DEPARTMENT, TRADES};
use super::{before, later, majors, passed, teacher, text, yuan};

/// Agreements of the term, by state.
const NEW: &[(&str, u32)] = &[
    ("履行中", 55),
    ("待签署", 12),
    ("履行中", 48),
    ("待校企合作处审批", 4),
    ("履行中", 40),
    ("待系部审批", 1),
    ("履行中", 33),
    ("待分管校长审批", 6),
    ("退回修改", 9),
    ("履行中", 26),
    ("待财务处审批", 5),
    ("未批准", 30),
    ("履行中", 20),
    ("待签署", 44),
];

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World, firms: &Firms) -> Result<()> {
    let agreements = agreements(scope, world, firms).await?;
    cohorts(scope, world, firms, &agreements).await?;
    surveys(scope, world, firms).await?;
    demand(scope, world, firms).await
}

fn agreement(
    world: &World,
    hand: &mut Hand,
    firms: &Firms,
    (at, nth): (usize, usize),
    drafted: NaiveDate,
) -> CooperationAgreement {
    let department = at / PER_DEPARTMENT;
    let (kind, title) = [
        (AgreementKind::Frame, "校企战略合作"),
        (AgreementKind::Base, "共建校外实训基地"),
        (AgreementKind::Internship, "学生岗位实习"),
        (AgreementKind::Order, "订单培养"),
        (AgreementKind::Apprentice, "现代学徒制合作培养"),
        (AgreementKind::Course, "课程与教材共建"),
        (AgreementKind::Training, "企业员工培训"),
    ][nth % 7];
    let company = world.school.companies[at].trim_end_matches("有限公司");
    let starts = later(drafted, 20);
    CooperationAgreement {
        number: format!("校企{}-{:03}", world.days.term.year().0, nth + 1),
        title: format!("{company}{title}协议"),
        enterprise: firms.firm(at),
        kind,
        department: Some(world.department(department)),
        responsible: world.staff(teacher(world, hand, department)),
        drafted_on: drafted,
        starts_on: starts,
        ends_on: later(starts, hand.rng.between(2, 3) * 365),
        content: text("共同制定培养方案，互派人员，共享场地与设备，按学期商定任务清单"),
        school_duty: text("组织教学和学生管理，提供培训场地，按计划派出指导教师"),
        partner_duty: text("提供岗位、导师和安全防护，参与课程开发与学生评价"),
        investment: matches!(
            kind,
            AgreementKind::Base | AgreementKind::Order | AgreementKind::Frame
        )
        .then(|| yuan(hand.rng.between(2, 30) * 10_000)),
        amount: (kind == AgreementKind::Training).then(|| yuan(hand.rng.between(12, 60) * 1_000)),
        renews: None,
        signed_on: None,
        result: None,
        files: Default::default(),
    }
}

async fn agreements(scope: &Scope, world: &World, firms: &Firms) -> Result<Vec<Option<Uuid>>> {
    let mut hand = Hand::new("cooperation_agreement");
    let mut batch = Batch::new();
    let mut ids = vec![None; firms.ids.len()];
    let mut nth = 0;
    for (at, known) in ids
        .iter_mut()
        .enumerate()
        .filter(|(at, _)| at % PER_DEPARTMENT < 5)
    {
        let drafted = before(world, hand.rng.between(40, 600));
        let mut record = agreement(world, &mut hand, firms, (at, nth), drafted);
        record.signed_on = Some(later(drafted, 15));
        // One ran out a while ago and was filed, one ran out and is forgotten, one was ended.
        let state = match nth {
            6 | 13 => {
                record.drafted_on = before(world, 800);
                record.signed_on = Some(before(world, 790));
                record.starts_on = before(world, 780);
                record.ends_on = world.days.today - chrono::Days::new(18);
                record.result = (nth == 6).then(|| text("按约完成员工培训和课程共建，双方同意续签"));
                if nth == 6 { "已到期" } else { "履行中" }
            }
            20 => "已终止",
            _ => "履行中",
        };
        let id = batch.add_in(
            state,
            &record,
            world.days.at(&mut hand.rng, record.drafted_on, OFFICE_HOURS),
        );
        *known = (state == "履行中").then_some(id);
        nth += 1;
    }
    for (at, (state, age)) in NEW.iter().enumerate() {
        let firm = (at * 7 + 3) % firms.ids.len();
        let drafted = world
            .days
            .at_or_before(world.days.today - chrono::Days::new(u64::from(*age)));
        let mut record = agreement(world, &mut hand, firms, (firm, nth), drafted);
        if *state == "履行中" {
            record.signed_on = Some(passed(world, drafted, 12));
            record.investment = Some(yuan(hand.rng.between(3, 20) * 10_000));
        }
        if *state == "待财务处审批" {
            record.kind = AgreementKind::Training;
            record.amount = Some(Money(2_800_000));
        }
        batch.add_in(
            state,
            &record,
            world.days.at(&mut hand.rng, drafted, OFFICE_HOURS),
        );
        nth += 1;
    }
    batch.write(scope).await?;
    Ok(ids)
}

async fn cohorts(scope: &Scope, world: &World, firms: &Firms, agreements: &[Option<Uuid>]) -> Result<()> {
    let mut hand = Hand::new("order_class");
    let mut batch = Batch::new();
    let kinds = [
        (CohortKind::Apprentice, "学徒班"),
        (CohortKind::Order, "订单班"),
        (CohortKind::Field, "现场工程师班"),
        (CohortKind::Named, "冠名班"),
        (CohortKind::College, "产业学院班"),
        (CohortKind::Order, "订单班"),
    ];
    for (department, (kind, word)) in kinds.into_iter().enumerate() {
        let classes = (0..world.school.classes.len()).filter(|at| world.department_of(*at) == department);
        let classes: Vec<usize> = classes.collect();
        let class = classes[classes.len() / 2];
        let firm = (0..2)
            .map(|place| department * PER_DEPARTMENT + place)
            .find(|at| agreements[*at].is_some() && !firms.mentors[*at].is_empty())
            .unwrap_or(department * PER_DEPARTMENT);
        let company: String = world.school.companies[firm].chars().skip(2).take(2).collect();
        let students = (world.pupils[class].len() as i64).min(36);
        let apprentice = matches!(kind, CohortKind::Apprentice | CohortKind::Field);
        let (state, starts, ends) = match department {
            4 => (
                "筹备中",
                later(world.days.today, 20),
                later(world.days.today, 560),
            ),
            5 => ("已结业", world.days.in_week(1), world.days.in_week(9)),
            _ => (
                "培养中",
                world.days.in_week(2 + department as u8),
                later(world.days.today, 500),
            ),
        };
        let ended = state == "已结业";
        let record = OrderClass {
            name: format!("{}{company}{word}", class_year(world, class)),
            kind,
            class: world.class(class),
            enterprise: firms.firm(firm),
            agreement: agreements[firm].map(Ref::new),
            school_mentor: world.staff(teacher(world, &mut hand, department)),
            lead_mentor: firms.mentors[firm].first().copied().map(Ref::new),
            mentors: if apprentice { 6 } else { 3 },
            students,
            signed: match apprentice {
                true => students - i64::from(department == 2) * 3,
                false => 0,
            },
            starts_on: starts,
            ends_on: if ended { ends.max(later(starts, 1)) } else { ends },
            joint_programme: department != 3,
            courses: hand.rng.between(2, 5).into(),
            subsidy: hand.rng.chance(60).then(|| yuan(hand.rng.between(5, 30) * 1_000)),
            passed: ended.then_some(students - 1),
            stayed: ended.then_some(students * 2 / 3),
            summary: ended.then(|| text("短期订单培养完成，企业对学生图纸识读和软件操作评价较好")),
        };
        let day = starts.min(world.days.today);
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn surveys(scope: &Scope, world: &World, firms: &Firms) -> Result<()> {
    const STATES: &[&str] = &[
        "已公开",
        "已公开",
        "已公开",
        "已公开",
        "已公开",
        "不予采用",
        "已公开",
        "已公开",
        "待公开",
        "待公开",
        "待研究",
        "待研究",
    ];
    let mut hand = Hand::new("site_survey");
    let mut batch = Batch::new();
    for (nth, state) in STATES.iter().enumerate() {
        let department = nth % world.school.departments.len();
        let firm = department * PER_DEPARTMENT + 2 + nth / 6;
        let week = u8::try_from(nth * 10 / STATES.len() + 1).unwrap_or(1);
        let day = world.days.in_week(week);
        let decided = matches!(*state, "待公开" | "已公开");
        let published = *state == "已公开";
        let poor = *state == "不予采用";
        let record = SiteSurvey {
            enterprise: firms.firm(firm),
            surveyed_on: day,
            department: Some(world.department(department)),
            leader: world.staff(world.school.departments[department].head),
            members: Some("校企合作处、学生处、专业教师代表".into()),
            licence: Mark::Good,
            credit: Mark::Good,
            management: if hand.rng.chance(70) {
                Mark::Good
            } else {
                Mark::Fair
            },
            post: Mark::Good,
            hours: if poor { Mark::Poor } else { Mark::Good },
            workplace: if hand.rng.chance(60) {
                Mark::Good
            } else {
                Mark::Fair
            },
            living: if hand.rng.chance(50) {
                Mark::Good
            } else {
                Mark::Fair
            },
            health: Mark::Good,
            safety: if poor { Mark::Fair } else { Mark::Good },
            searched_on: Some(day - chrono::Days::new(3)),
            posts: hand.rng.between(6, 30).into(),
            report: text(match poor {
                true => {
                    "岗位实行两班倒，夜班不能避免，宿舍离厂区较远，暂不安排学生实习，待班次调整后再考察。"
                }
                false => {
                    "现场查看工位、食堂和宿舍，查阅营业执照和安全培训记录，岗位与专业相符，有专人带教，防护用品齐全。"
                }
            }),
            suitable: None,
            meeting_on: decided.then(|| passed(world, day, 6)),
            published_on: published.then(|| passed(world, day, 9)),
            published_in: published.then(|| "学校网站和公示栏".into()),
            photos: Default::default(),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn demand(scope: &Scope, world: &World, firms: &Firms) -> Result<()> {
    let mut hand = Hand::new("talent_demand");
    let mut batch = Batch::new();
    for nth in 0..36 {
        let department = nth % world.school.departments.len();
        let firm = department * PER_DEPARTMENT + (nth / 6) % 7;
        let (post, tasks) = TRADES[department].posts[nth / 6 % 4];
        let major = *hand.rng.pick(&majors(world, department));
        let day = world.days.any(&mut hand.rng);
        let closed = nth % 3 == 0 && world.days.age(day) > 14;
        let fresh = world.days.age(day) < 4;
        let wanted = i64::from(hand.rng.between(3, 20));
        let low = hand.rng.between(32, 48) * 100;
        let record = TalentDemand {
            enterprise: firms.firm(firm),
            kind: [DemandKind::Job, DemandKind::Internship, DemandKind::Apprentice][nth % 3],
            post: post.into(),
            department: world.department(department),
            majors: world.school.majors[major].name.into(),
            wanted,
            wage_from: yuan(low),
            wage_to: yuan(low + hand.rng.between(5, 18) * 100),
            place: "清岚市".into(),
            skills: text(&format!("{tasks}；有职业技能等级证书者优先")),
            benefits: Some(text("提供工作餐，单身宿舍，缴纳社会保险")),
            received_on: day,
            valid_until: later(day, if nth == 8 { 15 } else { hand.rng.between(40, 90) }),
            recommended: closed.then(|| wanted + 2),
            hired: closed.then(|| wanted * 2 / 3),
        };
        let state = match (closed, fresh, nth) {
            (true, ..) => "已结束",
            (_, true, _) => "待审核",
            (_, _, 17) => "不予发布",
            _ => "已发布",
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

/// `2025级`
fn class_year(world: &World, class: usize) -> String {
    format!("{}级", world.school.classes[class].entry_year)
}
