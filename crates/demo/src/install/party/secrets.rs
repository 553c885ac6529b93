//! State secrets on paper (涉密文件): a few a term, lent and given back.

use anyhow::Result;
use chrono::{Datelike, Days as Count};
use governance::{SecretDegree, SecretPaper, SecretReading};
use kernel::app::Scope;
use kernel::register::field::Ref;

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::{Batch, id_at};
use crate::{CITY, Post};

/// Alias, copies and whether it must be given back.
const PAPERS: &[(&str, SecretDegree, bool)] = &[
    ("考务工作文件之一", SecretDegree::Secret, true),
    ("考务工作文件之二", SecretDegree::Secret, true),
    ("安全工作情况通报", SecretDegree::Confidential, true),
    ("干部工作文件", SecretDegree::Confidential, false),
    ("教育统计资料", SecretDegree::Confidential, false),
    ("维稳工作提示", SecretDegree::Confidential, true),
    ("考务工作文件之三", SecretDegree::Secret, true),
];

/// Writes the papers and their readings.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("secret_paper");
    let (mut papers, mut readings) = (Batch::new(), Batch::new());
    let keeper = world.office_staff("办公室")[1];
    let witness = world.head_of("办公室");
    let mut readers = world.holders(Post::Principal);
    readers.extend(world.holders(Post::Secretary));
    let approver = readers[0];
    for (nth, (alias, degree, back)) in PAPERS.iter().enumerate() {
        let week = (nth as u8 * 10 / PAPERS.len() as u8 + 1).min(10);
        let day = world.days.in_week(week);
        let due = back.then(|| day + Count::new(28));
        let returned = due.and_then(|due| {
            let from = due - Count::new(7);
            world.days.pick(&mut hand.rng, from, due)
        });
        let at = world.days.at(&mut hand.rng, day, OFFICE_HOURS);
        let id = id_at(at);
        let record = SecretPaper {
            serial: format!("密{}-{:03}", day.year(), nth + 5),
            received_on: day,
            organ: format!("{CITY}教育局"),
            alias: (*alias).into(),
            degree: *degree,
            years: Some(if *degree == SecretDegree::Secret { 10 } else { 5 }),
            copy_number: format!("{:06}", hand.rng.between(20, 900)),
            copies: 1,
            keeper: world.staff(keeper),
            place: "机要室1号保密柜".into(),
            due,
            returned_on: returned,
            returned_to: returned.map(|_| format!("{CITY}教育局办公室")),
            witness: returned.map(|_| world.staff(witness)),
        };
        let state = if returned.is_some() { "已清退" } else { "在管" };
        papers.add_as(id, Some(state), &record, at);
        for reader in &readers {
            let Some(lent) = world.days.after(day, 1) else {
                continue;
            };
            let out = lent == world.days.today;
            let record = SecretReading {
                paper: Ref::new(id),
                reader: world.staff(*reader),
                approver: world.staff(approver),
                lent_on: lent,
                due: None,
                place: "机要室".into(),
                taken_out: false,
                reason: None,
                returned_on: (!out).then_some(lent),
                receiver: (!out).then(|| world.staff(keeper)),
            };
            let at = world.days.at(&mut hand.rng, lent, OFFICE_HOURS);
            readings.add_in(if out { "在阅" } else { "已收回" }, &record, at);
        }
    }
    papers.write(scope).await?;
    readings.write(scope).await
}
