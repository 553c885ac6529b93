//! Requests of the house (办公事务): seals, cars, claims.

use anyhow::Result;
use chrono::{Duration, NaiveDate};
use governance::affairs::{
    ExpenseClaim, ExpenseKind, FundSource, SealKind, SealMatter, SealUse, TripKind, VehicleRequest,
};
use kernel::app::Scope;
use kernel::register::field::{LongText, Money};

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{anyone, clerk, clock, home, past, plus};
use crate::Sex;

/// Seal, matter, title, addressee.
const SEALS: &[(SealKind, SealMatter, &str, &str)] = &[
    (
        SealKind::School,
        SealMatter::Certificate,
        "学生在读证明",
        "用人单位",
    ),
    (SealKind::Roll, SealMatter::Certificate, "学籍证明", "社区居委会"),
    (
        SealKind::School,
        SealMatter::Report,
        "学生资助数据汇总表",
        "市教育局",
    ),
    (SealKind::School, SealMatter::Report, "教师信息统计表", "市教育局"),
    (
        SealKind::Contract,
        SealMatter::Contract,
        "岗位实习三方协议",
        "合作企业",
    ),
    (
        SealKind::Contract,
        SealMatter::Contract,
        "设备维保合同",
        "维保公司",
    ),
    (
        SealKind::School,
        SealMatter::Letter,
        "关于商请接收学生实习的函",
        "合作企业",
    ),
    (
        SealKind::School,
        SealMatter::Award,
        "技能比赛获奖证书",
        "获奖学生",
    ),
    (SealKind::Embossed, SealMatter::Award, "毕业证书", "毕业学生"),
    (
        SealKind::Party,
        SealMatter::Letter,
        "组织关系介绍信",
        "街道党工委",
    ),
    (SealKind::School, SealMatter::Bid, "课题申报书", "省教科院"),
    (
        SealKind::Finance,
        SealMatter::Report,
        "专项资金使用情况表",
        "市财政局",
    ),
];
/// Kind, reason, destination, out of the city, kilometres.
const TRIPS: &[(TripKind, &str, &str, bool, u32)] = &[
    (
        TripKind::Visit,
        "走访实习企业，看望实习学生",
        "开发区产业园",
        false,
        46,
    ),
    (TripKind::Official, "参加市教育局工作会议", "市教育局", false, 22),
    (
        TripKind::Contest,
        "送参赛选手到省赛赛点",
        "省赛承办学校",
        true,
        310,
    ),
    (TripKind::Students, "接送学生参加企业参观", "合作企业", false, 54),
    (
        TripKind::Exchange,
        "赴兄弟学校交流专业建设",
        "邻市职业学校",
        true,
        180,
    ),
    (TripKind::Goods, "运送技能大赛设备", "赛点学校", false, 60),
    (TripKind::Urgent, "送学生到医院就诊", "市第三人民医院", false, 14),
];
/// Kind, purpose, yuan, budget item, whether approved beforehand.
const CLAIMS: &[(ExpenseKind, &str, u32, &str, bool)] = &[
    (
        ExpenseKind::Travel,
        "参加省级职业教育教研活动差旅",
        1_240,
        "教师发展",
        true,
    ),
    (ExpenseKind::Training, "双师型教师培训费", 2_600, "教师发展", true),
    (ExpenseKind::Office, "教研室办公用品", 420, "办公用品", false),
    (
        ExpenseKind::Material,
        "焊接实训焊条焊丝",
        3_850,
        "实训耗材",
        false,
    ),
    (
        ExpenseKind::Repair,
        "多媒体设备维修配件",
        1_180,
        "设备维护",
        false,
    ),
    (
        ExpenseKind::Contest,
        "学生参加省赛报名与食宿",
        8_600,
        "竞赛经费",
        false,
    ),
    (ExpenseKind::Labour, "企业导师授课课酬", 4_800, "兼职教师", false),
    (
        ExpenseKind::Reception,
        "接待合作院校来访工作餐",
        680,
        "公务接待",
        true,
    ),
    (ExpenseKind::Vehicle, "公务车燃油与过路费", 960, "公务用车", false),
    (
        ExpenseKind::Contest,
        "国赛集训耗材与差旅",
        23_500,
        "竞赛经费",
        false,
    ),
];

/// Writes all three.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    seals(scope, world).await?;
    cars(scope, world).await?;
    claims(scope, world).await
}

/// `count` days of the term in order.
fn dates(world: &World, hand: &mut Hand, count: usize) -> Vec<NaiveDate> {
    let mut dates: Vec<NaiveDate> = (0..count).map(|_| world.days.any(&mut hand.rng)).collect();
    dates.sort();
    dates
}

async fn seals(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("seal_use");
    let mut batch = Batch::new();
    let days = &world.days;
    for (nth, day) in dates(world, &mut hand, 130).into_iter().enumerate() {
        let (seal, matter, title, addressee) = *hand.rng.pick(SEALS);
        let applicant = anyone(world, &mut hand);
        let out = nth % 19 == 7;
        let witness = clerk(world, &mut hand, "办公室");
        let out = out && witness != applicant;
        let age = days.age(day);
        let used = days.after(day, 1).filter(|on| *on < days.today);
        let used = if hand.rng.chance(70) && age > 0 {
            Some(day)
        } else {
            used
        };
        let state = match used {
            None if age < 1 => "待部门审批",
            None => "待办公室审批",
            Some(_) if nth % 31 == 11 => "未批准",
            Some(_) if matter == SealMatter::Contract && age < 3 => "待分管校长审批",
            Some(_) if out && age < 6 => "外带中",
            Some(_) => "已用印",
        };
        let used = used.filter(|_| matches!(state, "已用印" | "外带中"));
        let record = SealUse {
            applied_on: day,
            unit: home(world, applicant),
            applicant: world.staff(applicant),
            seal,
            matter,
            title: title.into(),
            addressee: addressee.into(),
            copies: i64::from(hand.rng.between(1, 6)),
            prints: 1,
            amount: (matter == SealMatter::Contract)
                .then(|| Money(i64::from(hand.rng.between(0, 60)) * 100_000)),
            reason: None,
            needed_on: plus(day, hand.rng.between(1, 3)),
            out,
            place: out.then(|| "市公共资源交易中心".to_owned()),
            witness: out.then(|| world.staff(witness)),
            used_on: used,
            returned_on: used.filter(|_| out && state == "已用印"),
            files: Default::default(),
        };
        batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

/// The school's cars.
const PLATES: [&str; 2] = ["岚QA0012", "岚QA0037"];

async fn cars(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("vehicle_request");
    let mut batch = Batch::new();
    let drivers = [hand.people.name(Sex::Male), hand.people.name(Sex::Male)];
    let mut dial = [52_300_i64, 88_140];
    for day in past(world) {
        for _ in 0..hand.rng.between(0, 3) {
            let mut record = trip(world, &mut hand, *day);
            let first = hand.rng.below(2);
            record.returned_at = Some(record.back_by - Duration::minutes(i64::from(hand.rng.between(0, 50))));
            let free = [first, 1 - first].into_iter().find(|car| {
                record.plate = Some(PLATES[*car].into());
                batch.fits("已回场", &record)
            });
            let Some(car) = free else { continue };
            let (_, _, _, _, km) = TRIPS
                .iter()
                .find(|trip| trip.2 == record.destination)
                .expect("one of the trips");
            let driven = i64::from(km * hand.rng.between(95, 115) / 100);
            record.driver = Some(drivers[car].clone());
            record.km_out = Some(dial[car]);
            record.km_back = Some(dial[car] + driven);
            dial[car] += driven;
            batch.add_in("已回场", &record, record.leaves_at - Duration::hours(17));
        }
    }
    let now = world.days.at(&mut hand.rng, world.days.today, OFFICE_HOURS);
    for (ahead, state) in [
        (1, "待部门审批"),
        (1, "待办公室派车审批"),
        (2, "待部门审批"),
        (super::soonest(world), "已派车"),
    ] {
        let mut record = trip(world, &mut hand, plus(world.days.today, ahead));
        record.out_of_city = false;
        if state == "已派车" {
            record.plate = Some(PLATES[0].into());
            record.driver = Some(drivers[0].clone());
        }
        batch.add_in(state, &record, now);
    }
    batch.write(scope).await
}

fn trip(world: &World, hand: &mut Hand, day: NaiveDate) -> VehicleRequest {
    let (kind, reason, destination, out_of_city, _) = *hand.rng.pick(TRIPS);
    let applicant = anyone(world, hand);
    let leaves_at = clock(day, hand.rng.between(7, 13), 30);
    VehicleRequest {
        unit: home(world, applicant),
        applicant: world.staff(applicant),
        kind,
        reason: LongText(reason.into()),
        destination: destination.into(),
        out_of_city,
        passengers: i64::from(hand.rng.between(1, 6)),
        leaves_at,
        leaves_on: None,
        back_by: leaves_at + Duration::hours(if out_of_city { 9 } else { 3 }),
        plate: None,
        driver: None,
        km_out: None,
        km_back: None,
        km: None,
        returned_at: None,
    }
}

async fn claims(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("expense_claim");
    let mut batch = Batch::new();
    let days = &world.days;
    for (nth, day) in dates(world, &mut hand, 150).into_iter().enumerate() {
        let (kind, purpose, yuan, item, approved) = *hand.rng.pick(CLAIMS);
        let claimant = anyone(world, &mut hand);
        let amount = i64::from(yuan * hand.rng.between(85, 115));
        let end = day - chrono::Days::new(u64::from(hand.rng.between(2, 25)));
        let age = days.age(day);
        let state = match age {
            ..=2 => "待部门审批",
            3..=6 => "待财务审批",
            _ if nth % 29 == 13 => "退回修改",
            _ if nth % 37 == 20 => "未批准",
            7..=9 if amount > 300_000 => "待分管校长审批",
            10..=12 if amount > 2_000_000 => "待校长审批",
            7..=16 => "待付款",
            _ => "已付款",
        };
        let checked = !matches!(state, "待部门审批" | "待财务审批" | "退回修改" | "未批准");
        let paid = (state == "已付款").then(|| days.after(day, 9)).flatten();
        let state = if state == "已付款" && paid.is_none() {
            "待付款"
        } else {
            state
        };
        let cut = if hand.rng.chance(8) { amount / 20 } else { 0 };
        let record = ExpenseClaim {
            claimed_on: day,
            unit: home(world, claimant),
            claimant: world.staff(claimant),
            kind,
            purpose: purpose.into(),
            from: end - chrono::Days::new(u64::from(hand.rng.between(0, 3))),
            to: end,
            amount: Money(amount),
            receipts: i64::from(hand.rng.between(1, 9)),
            detail: None,
            source: if item == "竞赛经费" {
                FundSource::Contest
            } else {
                FundSource::Public
            },
            budget_item: item.into(),
            purchase: None,
            basis: approved.then(|| format!("审批单{}-{:03}", end.format("%Y%m"), nth + 1)),
            loan: None,
            allowed: checked.then_some(Money(amount - cut)),
            paid_on: paid,
            voucher: paid.map(|on| format!("记-{}-{:03}", on.format("%m"), nth + 101)),
            files: Default::default(),
        };
        batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
