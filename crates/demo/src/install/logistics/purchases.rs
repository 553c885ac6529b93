//! Purchases (采购申请) as far as their age allows, and what was accepted (采购验收).

use anyhow::Result;
use chrono::NaiveDate;
use governance::affairs::{
    AcceptanceItem, FundSource, Purchase, PurchaseAcceptance, PurchaseKind, PurchaseWay,
};
use kernel::app::Scope;
use kernel::register::field::{LongText, Money, Ref};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::{Batch, id_at};
use super::{clerk, home, plus};
use crate::Post;

/// What is asked for: title, kind, thousands of yuan, budget item, list.
const WANTS: &[(&str, PurchaseKind, u32, &str, &str)] = &[
    (
        "钳工实训耗材",
        PurchaseKind::Goods,
        4,
        "实训耗材",
        "锉刀 60把；锯条 200根；划线液 10瓶",
    ),
    (
        "焊接防护用品",
        PurchaseKind::Goods,
        9,
        "实训耗材",
        "面罩 30个；手套 60副；护脚 30副",
    ),
    (
        "网络综合布线器材",
        PurchaseKind::Goods,
        18,
        "实训耗材",
        "六类网线 20箱；模块 500个；配线架 10个",
    ),
    (
        "数控机床维护保养",
        PurchaseKind::Service,
        46,
        "设备维护",
        "12台数控车床年度保养，含易损件",
    ),
    (
        "教室智慧黑板",
        PurchaseKind::Goods,
        168,
        "教学设备",
        "86寸智慧黑板 10套，含安装",
    ),
    (
        "办公用纸",
        PurchaseKind::Goods,
        3,
        "办公用品",
        "A4纸 150包；A3纸 20包",
    ),
    (
        "学生公寓床板更换",
        PurchaseKind::Works,
        38,
        "后勤维修",
        "更换床板 260块，加固爬梯",
    ),
    (
        "消防器材更新",
        PurchaseKind::Goods,
        22,
        "安全经费",
        "4公斤灭火器 180具；应急灯 60盏",
    ),
    (
        "新能源汽车实训台",
        PurchaseKind::Goods,
        460,
        "专项建设",
        "整车故障诊断实训台 2套，含培训",
    ),
    (
        "技能大赛训练器材",
        PurchaseKind::Goods,
        35,
        "竞赛经费",
        "伺服驱动器 4套；传感器组件 8套",
    ),
    (
        "心理辅导室沙盘",
        PurchaseKind::Goods,
        8,
        "学生工作",
        "沙盘桌 1张；沙具 1200件",
    ),
    (
        "食堂冷藏设备",
        PurchaseKind::Goods,
        27,
        "后勤设备",
        "四门冷柜 2台；留样柜 1台",
    ),
    (
        "校园网络安全服务",
        PurchaseKind::Service,
        58,
        "信息化",
        "等保测评与年度运维",
    ),
    (
        "校服采购咨询服务",
        PurchaseKind::Service,
        6,
        "学生工作",
        "质量检测与公示服务",
    ),
    (
        "田径场塑胶修补",
        PurchaseKind::Works,
        74,
        "后勤维修",
        "起点区修补 320平方米",
    ),
    (
        "图书采购",
        PurchaseKind::Goods,
        42,
        "图书经费",
        "专业图书 900册；期刊 60种",
    ),
];
const OFFICES: &[&str] = &["实训处", "总务处", "学生处", "教务处", "信息中心"];
/// Number of purchases.
const COUNT: usize = 46;

/// A purchase of goods that was accepted.
pub struct Bought {
    /// Its id.
    pub id: Uuid,
    /// When it was accepted.
    pub day: NaiveDate,
}

/// Writes both; gives the purchases of goods that were stored.
pub async fn write(scope: &Scope, world: &World) -> Result<Vec<Bought>> {
    let mut hand = Hand::new("purchase");
    let (mut batch, mut acceptances, mut bought) = (Batch::new(), Batch::new(), vec![]);
    let days = &world.days;
    let mut dates: Vec<NaiveDate> = (0..COUNT).map(|_| days.any(&mut hand.rng)).collect();
    dates.sort();
    for (nth, day) in dates.into_iter().enumerate() {
        let mut record = request(world, &mut hand, nth, day);
        let at = days.at(&mut hand.rng, day, OFFICE_HOURS);
        let id = id_at(at);
        let state = pursue(world, &mut hand, &mut record, nth);
        if let Some(accepted) = record.accepted_on {
            let acceptance = acceptance(world, &mut hand, &record, id, accepted);
            let fine = acceptance.problem.is_none();
            let again = acceptance.passed_on.is_some();
            let state = if fine || again { "已通过" } else { "待复验" };
            acceptances.add_in(state, &acceptance, days.at(&mut hand.rng, accepted, OFFICE_HOURS));
            if state == "已通过" && record.kind == PurchaseKind::Goods {
                bought.push(Bought { id, day: accepted });
            }
        }
        batch.add_as(id, Some(state), &record, at);
    }
    batch.write(scope).await?;
    acceptances.write(scope).await?;
    Ok(bought)
}

fn request(world: &World, hand: &mut Hand, nth: usize, day: NaiveDate) -> Purchase {
    let (title, kind, thousands, item, lines) = WANTS[nth % WANTS.len()];
    let departments = &world.school.departments;
    let applicant = if hand.rng.chance(55) {
        departments[hand.rng.below(departments.len())].head
    } else {
        let office = hand.words(OFFICES);
        clerk(world, hand, office)
    };
    let budget = i64::from(thousands * hand.rng.between(92, 108)) * 1_000;
    Purchase {
        title: if nth < WANTS.len() {
            title.into()
        } else {
            format!("{title}（第{}批）", nth / WANTS.len() + 1)
        },
        applied_on: day,
        unit: home(world, applicant),
        applicant: world.staff(applicant),
        kind,
        budget: Money(budget),
        source: match item {
            "专项建设" => FundSource::Project,
            "竞赛经费" => FundSource::Contest,
            _ => FundSource::Public,
        },
        budget_item: item.into(),
        reason: LongText("本学期教学和工作需要，已列入年度预算".into()),
        lines: LongText(lines.into()),
        needed_by: plus(day, hand.rng.between(20, 40)),
        way: None,
        resolution: None,
        supplier: None,
        price: None,
        contract: None,
        ordered_on: None,
        deliver_by: None,
        accepted_on: None,
        voucher: None,
        files: Default::default(),
    }
}

/// Takes a purchase as far as its age allows.
fn pursue(world: &World, hand: &mut Hand, record: &mut Purchase, nth: usize) -> &'static str {
    let days = &world.days;
    let age = days.age(record.applied_on);
    let budget = record.budget.0;
    match age {
        ..=2 => return "待部门审批",
        3..=4 => {
            return if nth.is_multiple_of(3) {
                "退回修改"
            } else {
                "待总务审批"
            };
        }
        _ if nth % 17 == 9 => return "未批准",
        _ if nth % 23 == 14 => return "已撤回",
        _ => {}
    }
    record.way = Some(match budget {
        ..=1_000_000 => PurchaseWay::Own,
        1_000_001..=5_000_000 => PurchaseWay::Mall,
        5_000_001..=20_000_000 => PurchaseWay::Inquiry,
        _ => PurchaseWay::Tender,
    });
    if age < 9 && budget > 500_000 {
        return if budget > 5_000_000 && age > 6 {
            "待校长审批"
        } else {
            "待分管校长审批"
        };
    }
    if budget > 20_000_000 {
        if age < 20 {
            return "待校长办公会审批";
        }
        record.resolution = Some(format!(
            "校办纪〔{}〕{}号",
            record.applied_on.format("%Y"),
            6 + nth % 9
        ));
    }
    let Some(ordered) = days.after(record.applied_on, 8).filter(|_| age > 13) else {
        return "待采购";
    };
    record.supplier = Some(hand.rng.pick(&world.school.companies).clone());
    record.price = Some(Money(budget * i64::from(hand.rng.between(90, 99)) / 10_000 * 100));
    record.contract = (budget > 2_000_000).then(|| format!("CG{}-{:03}", ordered.format("%Y%m"), nth + 1));
    record.ordered_on = Some(ordered);
    let deliver = plus(ordered, hand.rng.between(8, 16));
    record.deliver_by = Some(deliver);
    let late = hand.rng.chance(12);
    let accepted = days.at_or_before(if late { plus(deliver, 5) } else { deliver });
    let Some(accepted) =
        Some(accepted).filter(|on| *on < days.today && *on > ordered && deliver < days.today)
    else {
        return "待验收";
    };
    record.accepted_on = Some(accepted);
    if days.age(accepted) < 6 {
        return "待入账";
    }
    record.voucher = Some(format!("记-{}-{:03}", accepted.format("%m"), nth + 21));
    "已入账"
}

fn acceptance(
    world: &World,
    hand: &mut Hand,
    purchase: &Purchase,
    id: Uuid,
    day: NaiveDate,
) -> PurchaseAcceptance {
    let met = AcceptanceItem::Met;
    let faulty = hand.rng.chance(16);
    let teachers = world.holders(Post::Teacher);
    let keeper = clerk(world, hand, "总务处");
    let again = world.days.after(day, 5).filter(|on| *on < world.days.today);
    PurchaseAcceptance {
        purchase: Ref::new(id),
        inspected_on: day,
        content: purchase.lines.clone(),
        amount: purchase.price.unwrap_or(purchase.budget),
        quantity: met,
        quality: met,
        running: if purchase.kind == PurchaseKind::Goods {
            met
        } else {
            AcceptanceItem::NotAsked
        },
        documents: if faulty { AcceptanceItem::Unmet } else { met },
        user: purchase.applicant,
        asset_keeper: world.staff(keeper),
        third: Some(world.staff(*hand.rng.pick(&teachers))).filter(|third| third.id != purchase.applicant.id),
        result: None,
        problem: faulty.then(|| LongText("缺合格证明和保修单，供应商五个工作日内补齐".into())),
        passed_on: again.filter(|_| faulty),
        files: Default::default(),
    }
}
