//! Regulations (制度库) and the list of powers (权限清单).

use anyhow::Result;
use chrono::{Datelike, Days as Count, Months};
use governance::{Adopter, Decider, Power, PowerClass, PowerRisk, Regulation, RegulationClass};
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::{Batch, id_at};

use RegulationClass as R;

/// Title, class, office, whether it touches the staff's interests.
const RULES: &[(&str, RegulationClass, &str, bool)] = &[
    ("学校章程", R::Charter, "办公室", true),
    ("党委会议事规则", R::Party, "党委办公室", false),
    ("党风廉政建设责任制实施办法", R::Party, "党委办公室", false),
    ("意识形态工作责任制实施细则", R::Party, "党委办公室", false),
    ("信息发布审核管理办法", R::Party, "党委办公室", false),
    ("校长办公会议事规则", R::Administration, "办公室", false),
    ("公文处理办法", R::Administration, "办公室", false),
    ("印章使用管理办法", R::Administration, "办公室", false),
    ("保密工作管理办法", R::Administration, "办公室", false),
    ("教职工代表大会实施细则", R::Administration, "办公室", true),
    ("教学工作规程", R::Teaching, "教务处", false),
    ("教学事故认定与处理办法", R::Teaching, "教务处", true),
    ("成绩管理办法", R::Teaching, "教务处", false),
    ("教材选用管理办法", R::Teaching, "教务处", false),
    ("实训室安全管理办法", R::Teaching, "实训处", false),
    ("岗位实习管理细则", R::Teaching, "实训处", false),
    ("学生违纪处分办法", R::Student, "学生处", false),
    ("学生请销假管理办法", R::Student, "学生处", false),
    ("学生资助管理办法", R::Student, "学生处", false),
    ("班主任工作考核办法", R::Student, "学生处", true),
    ("教职工考勤与请假管理办法", R::Personnel, "人事处", true),
    ("绩效工资分配办法", R::Personnel, "人事处", true),
    ("岗位聘用与职称推荐办法", R::Personnel, "人事处", true),
    ("师德考核办法", R::Personnel, "人事处", true),
    ("外聘教师管理办法", R::Personnel, "人事处", false),
    ("预算管理办法", R::Finance, "财务处", false),
    ("采购管理办法", R::Finance, "财务处", false),
    ("差旅和报销管理办法", R::Finance, "财务处", false),
    ("固定资产管理办法", R::Finance, "总务处", false),
    ("食堂管理办法", R::Safety, "总务处", false),
    ("安全隐患排查治理制度", R::Safety, "安全办", false),
    ("突发事件应急预案", R::Safety, "安全办", false),
    ("校企合作项目管理办法", R::Partners, "校企合作处", false),
    ("教科研项目与成果管理办法", R::Research, "教科研处", false),
    ("网络与数据安全管理办法", R::Administration, "信息中心", false),
];
/// What is being made this term: title, class, office, how far.
const MAKING: &[(&str, RegulationClass, &str, &str)] = &[
    ("人工智能应用管理办法", R::Teaching, "信息中心", "起草中"),
    ("产业导师聘任办法", R::Personnel, "人事处", "征求意见"),
    ("校园开放日管理办法", R::Administration, "办公室", "合法性审查"),
    ("实训耗材管理办法", R::Finance, "实训处", "待审议"),
    ("学生社团管理办法", R::Student, "团委", "待公布"),
];

use Decider as D;
use PowerClass as P;

/// Name, class, office, who decides, high risk, the service it is asked for through.
const POWERS: &[(&str, PowerClass, &str, Decider, bool, &str)] = &[
    (
        "学校发展规划制定",
        P::Development,
        "办公室",
        D::Congress,
        false,
        "",
    ),
    ("年度工作计划审定", P::Development, "办公室", D::Office, false, ""),
    (
        "章程和制度立改废",
        P::Development,
        "办公室",
        D::Committee,
        false,
        "制度立改废",
    ),
    (
        "专业设置与调整",
        P::Development,
        "教务处",
        D::Committee,
        false,
        "",
    ),
    (
        "对外合作协议签订",
        P::Development,
        "校企合作处",
        D::Office,
        true,
        "",
    ),
    ("公文制发", P::Development, "办公室", D::Leader, false, "发文申请"),
    (
        "信息发布审核",
        P::Development,
        "党委办公室",
        D::Leader,
        false,
        "信息发布审核",
    ),
    (
        "中层干部选拔任用",
        P::Personnel,
        "党委办公室",
        D::Committee,
        true,
        "",
    ),
    ("教师招聘", P::Personnel, "人事处", D::Committee, true, ""),
    ("职称评聘推荐", P::Personnel, "人事处", D::Committee, true, ""),
    ("绩效工资分配", P::Personnel, "人事处", D::Congress, true, ""),
    ("年度考核与评优", P::Personnel, "人事处", D::Office, false, ""),
    (
        "教职工请假审批",
        P::Personnel,
        "人事处",
        D::Leader,
        false,
        "教职工请假",
    ),
    ("外聘教师聘用", P::Personnel, "人事处", D::Office, false, ""),
    ("教师培训派出", P::Personnel, "教科研处", D::Leader, false, ""),
    ("预算编制与调整", P::Finance, "财务处", D::Committee, true, ""),
    ("大额资金使用", P::Finance, "财务处", D::Committee, true, ""),
    (
        "货物和服务采购",
        P::Finance,
        "财务处",
        D::Office,
        true,
        "采购申请",
    ),
    ("基建维修项目确定", P::Finance, "总务处", D::Committee, true, ""),
    ("国有资产处置", P::Finance, "总务处", D::Office, true, ""),
    ("资产出租出借", P::Finance, "总务处", D::Committee, true, ""),
    ("费用报销审批", P::Finance, "财务处", D::Leader, false, ""),
    ("人才培养方案审定", P::Teaching, "教务处", D::Office, false, ""),
    ("教材选用", P::Teaching, "教务处", D::Committee, true, ""),
    ("教学事故认定", P::Teaching, "教务处", D::Office, false, ""),
    ("调课代课审批", P::Teaching, "教务处", D::Unit, false, "调课代课"),
    ("成绩更改审批", P::Teaching, "教务处", D::Leader, false, ""),
    ("实习单位遴选", P::Teaching, "实训处", D::Office, true, ""),
    ("科研项目立项推荐", P::Teaching, "教科研处", D::Unit, false, ""),
    ("招生计划和方案", P::Student, "招生就业处", D::Committee, true, ""),
    ("学籍异动审批", P::Student, "学生处", D::Leader, false, ""),
    ("学生处分与解除", P::Student, "学生处", D::Office, false, ""),
    ("国家助学金评定", P::Student, "学生处", D::Office, true, ""),
    ("学生请假审批", P::Student, "学生处", D::Unit, false, "学生请假"),
    ("学生评优推荐", P::Student, "学生处", D::Office, false, ""),
];

/// Writes both; gives the powers by name.
pub async fn write(scope: &Scope, world: &World) -> Result<Vec<(&'static str, Uuid)>> {
    let rules = regulations(scope, world).await?;
    powers(scope, world, &rules).await
}

async fn regulations(scope: &Scope, world: &World) -> Result<Vec<(&'static str, Uuid)>> {
    let mut hand = Hand::new("regulation");
    let mut old = Batch::new();
    let mut ids = vec![];
    let unit = |office: &str| Ref::new(world.ids.offices[world.office(office)]);
    let drafter = |office: &str| world.staff(world.head_of(office));
    let start = world.days.term.start();
    for (nth, (title, class, office, personal)) in RULES.iter().enumerate() {
        // The first two came into force in the term.
        let months = if nth < 2 { 1 } else { hand.rng.between(6, 44) };
        let drafted = start - Months::new(months) - Count::new(u64::from(hand.rng.between(0, 15)));
        let adopted = drafted + Count::new(40);
        let congress = *personal || *class == R::Charter;
        let record = Regulation {
            title: (*title).into(),
            version: 1,
            class: *class,
            unit: unit(office),
            drafter: drafter(office),
            drafted_on: drafted,
            due: None,
            replaces: None,
            reason: LongText("依据上级文件和学校实际制定".into()),
            personal: *personal,
            consulted: Some(LongText("向各系部、处室征求意见两周，采纳合理意见并说明".into())),
            legality: Some(LongText("与上位规定一致，权限和程序适当".into())),
            adopter: Some(if *class == R::Party {
                Adopter::Committee
            } else {
                Adopter::Office
            }),
            adopted_on: Some(adopted),
            congress_on: congress.then_some(adopted - Count::new(5)),
            number: Some(format!("明职校〔{}〕{}号", adopted.year(), nth + 11)),
            effective_on: Some(adopted + Count::new(10)),
            review_due: None,
            repealed_on: None,
            files: Default::default(),
        };
        let at = world.days.at(&mut hand.rng, drafted, OFFICE_HOURS);
        let id = id_at(at);
        old.add_as(id, Some("现行有效"), &record, at);
        ids.push((*title, id));
    }
    old.write(scope).await?;
    let mut new = Batch::new();
    for (title, class, office, state) in MAKING {
        let day = world.days.in_week(hand.rng.between(2, 5) as u8);
        let mut record = Regulation {
            title: (*title).into(),
            version: 1,
            class: *class,
            unit: unit(office),
            drafter: drafter(office),
            drafted_on: day,
            due: Some(day + Count::new(if *state == "起草中" { 45 } else { 90 })),
            replaces: None,
            reason: LongText("现有做法没有成文规定，需统一程序和责任".into()),
            personal: false,
            consulted: None,
            legality: None,
            adopter: None,
            adopted_on: None,
            congress_on: None,
            number: None,
            effective_on: None,
            review_due: None,
            repealed_on: None,
            files: Default::default(),
        };
        if !matches!(*state, "起草中" | "征求意见") {
            record.consulted = Some(LongText("书面征求各部门意见，采纳六条".into()));
        }
        if matches!(*state, "待审议" | "待公布") {
            record.legality = Some(LongText("审查通过，建议明确时限".into()));
        }
        if *state == "待公布" {
            record.adopter = Some(Adopter::Office);
            record.adopted_on = Some(world.days.at_or_before(day + Count::new(30)).max(day));
        }
        new.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    new.write(scope).await?;
    Ok(ids)
}

/// A regulation that speaks of the power.
fn ground(rules: &[(&'static str, Uuid)], power: &str) -> Option<Uuid> {
    const WORDS: &[(&str, &str)] = &[
        ("章程", "学校章程"),
        ("公文", "公文处理办法"),
        ("信息发布", "信息发布审核管理办法"),
        ("绩效", "绩效工资分配办法"),
        ("请假审批", "教职工考勤与请假管理办法"),
        ("职称", "岗位聘用与职称推荐办法"),
        ("外聘", "外聘教师管理办法"),
        ("预算", "预算管理办法"),
        ("采购", "采购管理办法"),
        ("报销", "差旅和报销管理办法"),
        ("资产", "固定资产管理办法"),
        ("教材", "教材选用管理办法"),
        ("教学事故", "教学事故认定与处理办法"),
        ("成绩", "成绩管理办法"),
        ("实习", "岗位实习管理细则"),
        ("处分", "学生违纪处分办法"),
        ("助学金", "学生资助管理办法"),
        ("项目", "教科研项目与成果管理办法"),
    ];
    let (_, title) = WORDS.iter().find(|(word, _)| power.contains(word))?;
    rules.iter().find(|(name, _)| name == title).map(|(_, id)| *id)
}

async fn powers(
    scope: &Scope,
    world: &World,
    rules: &[(&'static str, Uuid)],
) -> Result<Vec<(&'static str, Uuid)>> {
    use kernel::register::field::ChoiceList;
    let mut hand = Hand::new("power");
    let mut batch = Batch::new();
    let mut ids = vec![];
    let mut serial = [0; 5];
    let drafted = world.days.term.start() - Months::new(14);
    for (name, class, office, decider, risky, service) in POWERS {
        let at = PowerClass::ALL.iter().position(|c| c.0 == *class).unwrap_or(0);
        serial[at] += 1;
        let record = Power {
            number: format!("{}-{:02}", class.code(), serial[at]),
            name: (*name).into(),
            class: *class,
            unit: Ref::new(world.ids.offices[world.office(office)]),
            holder: world.staff(world.head_of(office)),
            decider: *decider,
            basis: LongText("国家法律法规、上级文件和学校章程的相应规定".into()),
            regulation: ground(rules, name).map(Ref::new),
            procedure: LongText(format!(
                "{office}提出并论证，征求相关部门意见，{}决定，{office}组织实施并存档",
                decider.label()
            )),
            days: Some(i64::from(match decider {
                Decider::Unit | Decider::Leader => hand.rng.between(1, 5),
                _ => hand.rng.between(10, 30),
            })),
            risk: match (risky, decider) {
                (true, _) => PowerRisk::High,
                (false, Decider::Office) => PowerRisk::Middle,
                _ => PowerRisk::Low,
            },
            oversight: risky.then(|| "纪检人员列席，结果公示，接受教代会质询".into()),
            disclosure: Some(
                if *risky {
                    "校务公开栏公示"
                } else {
                    "教代会报告"
                }
                .into(),
            ),
            online: !service.is_empty(),
            service: (!service.is_empty()).then(|| (*service).into()),
            drafted_on: drafted,
            adopted_on: Some(drafted + Months::new(2)),
        };
        let at = world.days.at(&mut hand.rng, drafted, OFFICE_HOURS);
        let id = id_at(at);
        batch.add_as(id, Some("施行"), &record, at);
        ids.push((*name, id));
    }
    batch.write(scope).await?;
    Ok(ids)
}
