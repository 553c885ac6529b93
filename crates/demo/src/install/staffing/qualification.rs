//! Certificates (资质证书) and recognitions as 双师型.

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::Decimal;
use staffing::{CertificateKind, DualLevel, DualRecognition, TeacherCertificate};

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{department, latest, teachers, text, vocational};

/// A trade's skill certificate by department.
const TRADES: &[&[&str]] = &[
    &["电工", "钳工", "车工"],
    &["网络与信息安全管理员", "信息通信网络运行管理员"],
    &["电子商务师", "物流服务师"],
    &["汽车维修工"],
    &["中式烹调师", "导游"],
    &["砌筑工", "室内装饰设计员"],
];

/// States of this term's applications for recognition.
const APPLICATIONS: &[(&str, DualLevel)] = &[
    ("已认定", DualLevel::Junior),
    ("已认定", DualLevel::Junior),
    ("已认定", DualLevel::Middle),
    ("已认定", DualLevel::Junior),
    ("已认定", DualLevel::Middle),
    ("已认定", DualLevel::Senior),
    ("已认定", DualLevel::Junior),
    ("已认定", DualLevel::Middle),
    ("公示中", DualLevel::Middle),
    ("公示中", DualLevel::Junior),
    ("待评审委员会审批", DualLevel::Senior),
    ("待人事处审批", DualLevel::Junior),
    ("待系部审批", DualLevel::Middle),
    ("未批准", DualLevel::Middle),
    ("退回修改", DualLevel::Junior),
];

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    certificates(scope, world).await?;
    recognitions(scope, world).await
}

async fn certificates(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("teacher_certificate");
    let mut batch = Batch::new();
    let skilled = vocational(world);
    for (nth, at) in teachers(world).into_iter().enumerate() {
        let member = &world.school.staff[at];
        let general = !skilled.contains(&at);
        let record = certificate(
            world,
            &mut hand,
            at,
            (CertificateKind::Teacher, "中等职业学校教师资格".into(), None),
            None,
        );
        // Two new teachers have not handed in theirs.
        if nth % 61 != 7 {
            add(world, &mut hand, &mut batch, record, nth % 53 == 11);
        }
        if general {
            if hand.rng.chance(60) {
                let record = certificate(
                    world,
                    &mut hand,
                    at,
                    (CertificateKind::Mandarin, "普通话水平测试二级甲等".into(), None),
                    None,
                );
                add(world, &mut hand, &mut batch, record, false);
            }
            continue;
        }
        let trade = hand.words(TRADES[department(world, at)]);
        if hand.rng.chance(84) {
            let level = match hand.rng.between(1, 10) {
                1 | 2 => "1",
                3..=6 => "2",
                7..=9 => "3",
                _ => "4",
            };
            let what = (CertificateKind::Skill, trade.to_owned(), Some(level));
            let record = certificate(world, &mut hand, at, what, None);
            let waiting = hand.rng.chance(4);
            add(world, &mut hand, &mut batch, record, waiting);
        }
        if hand.rng.chance(22) {
            // Assessors' certificates run for three years: some end soon, some have ended.
            let ends = hand.rng.between(0, 900);
            let until = world.days.today - Count::new(40) + Count::new(u64::from(ends));
            let what = (CertificateKind::Assessor, format!("{trade}考评员"), None);
            let record = certificate(world, &mut hand, at, what, Some(until));
            add(world, &mut hand, &mut batch, record, false);
        }
        if let (Some(title), true) = (member.title, hand.rng.chance(35)) {
            let what = (CertificateKind::Title, format!("{title}任职资格"), None);
            let record = certificate(world, &mut hand, at, what, None);
            add(world, &mut hand, &mut batch, record, false);
        }
    }
    batch.write(scope).await
}

fn certificate(
    world: &World,
    hand: &mut Hand,
    at: usize,
    (kind, name, level): (CertificateKind, String, Option<&str>),
    until: Option<NaiveDate>,
) -> TeacherCertificate {
    let hired = world.school.staff[at]
        .hired
        .min(world.days.today - Count::new(200));
    let issued = match until {
        Some(until) => until - Count::new(1095),
        None => hand.people.date(hired, world.days.today - Count::new(120)),
    };
    let prefix = match kind {
        CertificateKind::Teacher => "JZ",
        CertificateKind::Skill => "JN",
        CertificateKind::Assessor => "KP",
        CertificateKind::Mandarin => "PT",
        _ => "ZC",
    };
    TeacherCertificate {
        teacher: world.staff(at),
        kind,
        name,
        level: level.map(code),
        subject: None,
        number: format!("{prefix}{}{at:04}", issued.format("%Y%m")),
        issuer: match kind {
            CertificateKind::Teacher => "市教育局",
            CertificateKind::Mandarin => "省语言文字工作委员会",
            _ => "市人力资源和社会保障局",
        }
        .into(),
        issued_on: issued,
        valid_until: until,
        scans: Default::default(),
        verified_on: None,
        note: None,
    }
}

fn add(
    world: &World,
    hand: &mut Hand,
    batch: &mut Batch<TeacherCertificate>,
    mut record: TeacherCertificate,
    waiting: bool,
) {
    let week = hand.rng.between(1, 3) as u8;
    let day = if waiting {
        latest(world)
    } else {
        world.days.in_week(week)
    };
    let expired = record.valid_until.is_some_and(|until| until < world.days.today);
    let state = match expired {
        _ if waiting && hand.rng.chance(30) => "退回补正",
        _ if waiting => "待审核",
        true if record.number.ends_with(['0', '2', '4', '6', '8']) => "已失效",
        _ => "有效",
    };
    record.verified_on = (!waiting).then_some(day);
    batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
}

async fn recognitions(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("dual_recognition");
    let mut batch = Batch::new();
    let mut people = vocational(world);
    hand.rng.shuffle(&mut people);
    for ((state, level), at) in APPLICATIONS.iter().zip(people) {
        let late = state.starts_with('待') || *state == "退回修改";
        let week = if late { 8 } else { 2 };
        let day = world.days.in_week(week);
        let noticed = matches!(*state, "公示中" | "已认定");
        let from = match *state {
            "公示中" => latest(world).max(day),
            _ => day + Count::new(21),
        };
        let recognised = (*state == "已认定").then(|| from + Count::new(7));
        let majors: Vec<&str> = world
            .school
            .majors
            .iter()
            .filter(|major| major.department == department(world, at))
            .map(|major| major.name)
            .collect();
        let trade = hand.words(TRADES[department(world, at)]);
        let record = DualRecognition {
            teacher: world.staff(at),
            applied_on: day,
            level: *level,
            major: hand.words(&majors).into(),
            title: world.school.staff[at].title.unwrap_or("助理讲师").into(),
            qualification: format!("{trade}（{}）", hand.words(&["高级工", "技师"])),
            practice_months: i64::from(hand.rng.between(6, 18)),
            ethics: true,
            achievements: text(hand.words(&[
                "指导学生获市技能竞赛二等奖，主持校本课程一门，参与企业技术改造一项",
                "承担两门专业课理实一体教学，编写任务工单一套，企业实践考核优秀",
                "参与行业培训授课，开发实训项目六个，获市优质课二等奖",
            ])),
            evidence: Default::default(),
            score: noticed.then(|| Decimal(i64::from(hand.rng.between(780, 950)))),
            notice_from: noticed.then_some(from),
            notice_until: noticed.then(|| from + Count::new(5)),
            recognised_on: recognised,
            number: recognised.map(|on| format!("校发〔{}〕{}号", on.format("%Y"), 31)),
            valid_until: recognised.map(|on| on + Count::new(365 * 5)),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
