//! The union (工会): activities, care, proposals of the congress of the staff.

use anyhow::Result;
use calendar::Every;
use chrono::Days as Count;
use governance::{
    ActivityKind, CareKind, CongressProposal, FundSource, ProposalClass, Satisfaction, UnionActivity,
    UnionCare,
};
use kernel::app::Scope;
use kernel::register::field::{LongText, Money, Ref};

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;

const ACTIVITIES: &[(&str, ActivityKind, i64)] = &[
    ("教职工气排球赛", ActivityKind::Sports, 3000),
    ("师德师风主题演讲", ActivityKind::Ethics, 800),
    ("青年教师粉笔字比赛", ActivityKind::Skills, 600),
    ("教职工健步走", ActivityKind::Sports, 1200),
    ("教职工秋游", ActivityKind::Outing, 18_000),
    ("中医养生讲座", ActivityKind::Lecture, 500),
    ("女职工插花活动", ActivityKind::Women, 2600),
    ("教职工合唱排练展示", ActivityKind::Arts, 4000),
    ("羽毛球友谊赛", ActivityKind::Sports, 900),
    ("迎新联欢会", ActivityKind::Festival, 9000),
];

const CARES: &[(CareKind, i64)] = &[
    (CareKind::Illness, 800),
    (CareKind::Birth, 600),
    (CareKind::Bereavement, 1000),
    (CareKind::Wedding, 600),
    (CareKind::Hardship, 3000),
    (CareKind::Retirement, 1000),
];

/// Title, class, office, reason, suggestion.
const PROPOSALS: &[(&str, ProposalClass, &str, &str, &str)] = &[
    (
        "改善教师休息条件",
        ProposalClass::Welfare,
        "总务处",
        "教师课间没有固定休息处",
        "各楼层设教师休息室",
    ),
    (
        "优化调课代课流程",
        ProposalClass::Teaching,
        "教务处",
        "纸质单据往返耗时",
        "改为线上办理并自动通知学生",
    ),
    (
        "增加实训耗材经费",
        ProposalClass::Teaching,
        "实训处",
        "部分实训项目因耗材不足减少次数",
        "按学生人数核定耗材定额",
    ),
    (
        "完善班主任津贴办法",
        ProposalClass::Staff,
        "人事处",
        "班级规模差异没有体现",
        "按学生数分档",
    ),
    (
        "增设新能源车充电位",
        ProposalClass::Logistics,
        "总务处",
        "教职工充电不便",
        "在南区停车场增设二十个",
    ),
    (
        "规范学生手机管理",
        ProposalClass::Students,
        "学生处",
        "各班做法不一",
        "统一保管柜和收发时间",
    ),
    (
        "建立青年教师成长档案",
        ProposalClass::Staff,
        "教科研处",
        "培养过程缺少记录",
        "入职五年内建档并逐年评价",
    ),
    (
        "改进食堂菜品",
        ProposalClass::Welfare,
        "总务处",
        "菜品更换少",
        "每月征集意见，公布菜谱",
    ),
    (
        "校务公开栏按月更新",
        ProposalClass::Democracy,
        "办公室",
        "公开内容不及时",
        "明确责任人和更新时间",
    ),
    (
        "拓展学生升学渠道",
        ProposalClass::Development,
        "招生就业处",
        "学生升学意愿增强",
        "增加转段合作院校",
    ),
    (
        "加强校门口交通疏导",
        ProposalClass::Logistics,
        "安全办",
        "上下学拥堵",
        "与交警协调，设家长等候区",
    ),
    (
        "为骨干教师减负",
        ProposalClass::Staff,
        "办公室",
        "重复报表多",
        "数据一次填报多处共用",
    ),
];

/// Writes them all.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    activities(scope, world).await?;
    cares(scope, world).await?;
    proposals(scope, world).await
}

async fn activities(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("union_activity");
    let mut batch = Batch::new();
    let organiser = world.office_staff("办公室")[1];
    let windows = world.days.windows(1, Every::HalfMonth);
    for (nth, (title, kind, yuan)) in ACTIVITIES.iter().enumerate() {
        let held = windows
            .get(nth)
            .and_then(|window| world.days.pick(&mut hand.rng, window.from, window.to))
            .filter(|day| world.days.age(*day) > 1);
        let ahead = 6 + 7 * nth.saturating_sub(windows.len()) as u64;
        let planned = held.unwrap_or(world.days.today + Count::new(ahead));
        let mut record = UnionActivity {
            title: (*title).into(),
            kind: *kind,
            unit: Ref::new(world.ids.root),
            organiser: world.staff(organiser),
            planned_on: planned,
            place: hand.words(&["体育馆", "报告厅", "校外", "教工之家"]).into(),
            plan: LongText("按系部和处室组队，工会准备器材和急救包，医务人员到场".into()),
            expected: i64::from(hand.rng.between(30, 130)),
            source: FundSource::Union,
            budget: Money(yuan * 100),
            prize: None,
            held_on: held,
            present: None,
            spent: None,
            summary: None,
            files: Default::default(),
        };
        let state = if held.is_some() {
            record.present = Some(record.expected - i64::from(hand.rng.between(0, 12)));
            record.spent = Some(Money(yuan * 100 - i64::from(hand.rng.between(0, 300)) * 100));
            record.summary = Some(LongText("组织有序，参与面广，无安全事故".into()));
            "已举办"
        } else {
            match (nth % 3, *yuan > 5000) {
                (_, true) => "待校长审批",
                (0, _) => "待工会审批",
                _ => "待举办",
            }
        };
        let asked = world.days.at_or_before(planned - Count::new(8));
        batch.add_in(state, &record, world.days.at(&mut hand.rng, asked, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn cares(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("union_care");
    let mut batch = Batch::new();
    let giver = world.office_staff("办公室")[1];
    for _ in 0..18 {
        let (kind, yuan) = *hand.rng.pick(CARES);
        let day = world.days.any(&mut hand.rng);
        let member = hand.rng.below(world.school.staff.len());
        let given = world
            .days
            .after(day, hand.rng.between(2, 6) as usize)
            .filter(|_| world.days.age(day) > 3);
        let record = UnionCare {
            member: world.staff(member),
            kind,
            asked_on: day,
            agent: None,
            situation: matches!(kind, CareKind::Hardship | CareKind::Illness)
                .then(|| LongText("本人或家属住院，自付费用较高".into())),
            amount: Money(yuan * 100),
            given_on: given,
            giver: given.map(|_| world.staff(giver)),
            files: Default::default(),
        };
        let state = match (given, yuan > 2000) {
            (Some(_), _) => "已慰问",
            (None, true) => "待校长审批",
            _ if hand.rng.chance(50) => "待工会审批",
            _ => "待发放",
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn proposals(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("congress_proposal");
    let mut batch = Batch::new();
    for (nth, (title, class, office, reason, suggestion)) in PROPOSALS.iter().enumerate() {
        let day = world.days.in_week(if nth < 9 { 1 } else { 9 });
        let mut record = CongressProposal {
            session: "五届二次".into(),
            title: (*title).into(),
            class: *class,
            proposer: world.staff(hand.rng.below(world.school.staff.len())),
            seconders: i64::from(hand.rng.between(2, 5)),
            names: "各代表团附议代表，名单附后".into(),
            submitted_on: day,
            reason: LongText((*reason).into()),
            suggestion: LongText((*suggestion).into()),
            number: None,
            unit: None,
            handler: None,
            due: None,
            reply: None,
            replied_on: None,
            satisfaction: None,
            opinion: None,
            files: Default::default(),
        };
        let state = match nth {
            11 => "待审查",
            8 => {
                record.unit = Some(Ref::new(world.ids.offices[world.office(office)]));
                "转为建议"
            }
            _ => {
                record.number = Some(format!("{:03}", nth + 1));
                record.unit = Some(Ref::new(world.ids.offices[world.office(office)]));
                record.handler = Some(world.staff(world.head_of(office)));
                let reply = world
                    .days
                    .pick(&mut hand.rng, day + Count::new(20), day + Count::new(58));
                match reply.filter(|_| nth != 4) {
                    None => "承办中",
                    Some(reply) => {
                        record.reply = Some(LongText(
                            "已列入本学期工作，按建议分步实施，完成时间另行通报".into(),
                        ));
                        record.replied_on = Some(reply);
                        if nth % 4 == 3 {
                            "待评价"
                        } else {
                            record.satisfaction = Some(if nth % 3 == 0 {
                                Satisfaction::Rather
                            } else {
                                Satisfaction::Content
                            });
                            "已办结"
                        }
                    }
                }
            }
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
