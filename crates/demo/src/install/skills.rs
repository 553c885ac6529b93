//! Skill assessment (技能等级认定): the batch of six graduating classes.

use anyhow::Result;
use assessment::SkillResult;
use chrono::{Datelike, Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::Decimal;

use super::days::OFFICE_HOURS;
use super::people::code;
use super::world::{Hand, World};
use super::write::Batch;

/// Majors whose first graduating class sat the examination, and the occupation.
const OCCUPATIONS: &[(&str, &str)] = &[
    ("机电技术应用", "电工"),
    ("数控技术应用", "车工"),
    ("计算机应用", "计算机程序设计员"),
    ("电子商务", "电子商务师"),
    ("汽车运用与维修", "汽车维修工"),
    ("中餐烹饪", "中式烹调师"),
];
/// The week of the examination.
const WEEK: u8 = 6;
/// Of a hundred candidates, those who fail one part.
const FAIL: u32 = 8;
/// Of a hundred candidates, those who do not come.
const ABSENT: u32 = 1;
/// Days until the certificates are there.
const CERTIFIED_AFTER: u64 = 24;

/// Writes the results.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("skill_result");
    let mut batch = Batch::new();
    let days = &world.days;
    let exam = days.in_week(WEEK);
    let graduating = days.term.year().0 - 2;
    let half = if exam.month() >= 7 {
        "下半年"
    } else {
        "上半年"
    };
    let mut certificates = 0;
    for (nth, (major, occupation)) in OCCUPATIONS.iter().enumerate() {
        let class = world.school.classes.iter().position(|class| {
            class.entry_year == graduating
                && class.number == 1
                && world.school.majors[class.major].name == *major
        });
        let Some(class) = class else { continue };
        // The last class's results are still with the teaching office.
        let verified = nth + 1 < OCCUPATIONS.len();
        let on = days.at_or_before(exam + Count::new(nth as u64 / 2));
        for student in &world.pupils[class] {
            let mut record = SkillResult {
                batch: format!("{}年{half}", exam.year()),
                student: world.student(*student),
                occupation: (*occupation).into(),
                level: code("4"),
                organisation: "清岚市职业技能评价中心".into(),
                exam_on: on,
                theory: None,
                practice: None,
                review: None,
                irregular: None,
                passed: Some(false),
                certificate: None,
                certificate_number: None,
                certificate_level: None,
                certified_on: None,
                electronic: true,
                downloads: None,
            };
            let state = score(world, &mut hand, &mut record, &mut certificates, verified, on);
            batch.add_in(state, &record, days.at(&mut hand.rng, on, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

fn score(
    world: &World,
    hand: &mut Hand,
    record: &mut SkillResult,
    certificates: &mut u32,
    verified: bool,
    exam: NaiveDate,
) -> &'static str {
    let settled = if verified { "已审核" } else { "待审核" };
    if hand.rng.chance(ABSENT) {
        record.irregular = Some(code("1"));
        return settled;
    }
    let mark = |hand: &mut Hand, low, high| Some(Decimal(i64::from(hand.rng.between(low, high)) * 5));
    record.theory = mark(hand, 124, 190);
    record.practice = mark(hand, 126, 192);
    if hand.rng.chance(FAIL) {
        let failed = mark(hand, 84, 118);
        if hand.rng.chance(60) {
            record.practice = failed;
        } else {
            record.theory = failed;
        }
        return settled;
    }
    record.passed = Some(true);
    if !verified {
        return settled;
    }
    let issued = world.days.at_or_before(exam + Count::new(CERTIFIED_AFTER));
    *certificates += 1;
    record.certificate = Some("职业技能等级证书".into());
    record.certificate_number = Some(format!("QL{}4{:06}", exam.year(), *certificates));
    record.certified_on = Some(issued);
    record.downloads = Some(hand.rng.between(0, 3).into());
    "已发证"
}
