//! Risks to integrity (廉政风险点) and the talks about them (廉政谈话).

use anyhow::Result;
use chrono::{Days as Count, Months};
use governance::{IntegrityRisk, IntegrityTalk, RiskArea, RiskGrade, TalkKind};
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use crate::{Post, Unit};

use RiskArea as A;
use RiskGrade as G;

/// Point, area, office, grade, the power it belongs to, how it shows, how it is controlled.
type Line = (
    &'static str,
    RiskArea,
    &'static str,
    RiskGrade,
    &'static str,
    &'static str,
    &'static str,
);

const RISKS: &[Line] = &[
    (
        "设备采购：参数编制",
        A::Purchase,
        "财务处",
        G::High,
        "货物和服务采购",
        "参数指向特定产品",
        "三人以上编制，参数公示，专家论证",
    ),
    (
        "设备采购：履约验收",
        A::Purchase,
        "财务处",
        G::High,
        "货物和服务采购",
        "以次充好仍签字验收",
        "使用、管理、财务三方验收，留存记录",
    ),
    (
        "零星采购：比价",
        A::Purchase,
        "总务处",
        G::Middle,
        "货物和服务采购",
        "化整为零规避限额",
        "按季汇总比价，超限额并单",
    ),
    (
        "招生宣传：经费使用",
        A::Enrolment,
        "招生就业处",
        G::Middle,
        "招生计划和方案",
        "虚列宣传支出",
        "事前审批，凭签到和照片报销",
    ),
    (
        "招生录取：专业调剂",
        A::Enrolment,
        "招生就业处",
        G::High,
        "招生计划和方案",
        "人情调剂",
        "规则公开，名单公示",
    ),
    (
        "实习单位遴选",
        A::Cooperation,
        "实训处",
        G::High,
        "实习单位遴选",
        "收取企业好处安排学生",
        "实地考察，集体研究，公示名单",
    ),
    (
        "合作协议：收益分配",
        A::Cooperation,
        "校企合作处",
        G::High,
        "对外合作协议签订",
        "约定显失公平",
        "法务审查，办公会审议",
    ),
    (
        "食堂大宗食材采购",
        A::Logistics,
        "总务处",
        G::High,
        "货物和服务采购",
        "供应商关系固化",
        "公开招标，家长委员会参与监督",
    ),
    (
        "物业服务考核",
        A::Logistics,
        "总务处",
        G::Middle,
        "",
        "考核打分走过场",
        "月度联合考核，与付款挂钩",
    ),
    (
        "维修工程签证",
        A::Works,
        "总务处",
        G::High,
        "基建维修项目确定",
        "虚增工程量",
        "三方现场签证，第三方审计",
    ),
    (
        "费用报销审核",
        A::Finance,
        "财务处",
        G::Middle,
        "费用报销审批",
        "附件不全仍报销",
        "双人审核，按季抽查",
    ),
    (
        "资产处置评估",
        A::Assets,
        "总务处",
        G::Middle,
        "国有资产处置",
        "低价处置",
        "评估备案，公开处置",
    ),
    (
        "职称推荐评分",
        A::Personnel,
        "人事处",
        G::High,
        "职称评聘推荐",
        "打分有倾向",
        "量化评分公示，评委回避",
    ),
    (
        "外聘教师课时核定",
        A::Personnel,
        "人事处",
        G::Middle,
        "外聘教师聘用",
        "虚报课时",
        "与课表和听课记录核对",
    ),
    (
        "助学金名单评定",
        A::Aid,
        "学生处",
        G::High,
        "国家助学金评定",
        "优亲厚友",
        "班级评议，三级公示",
    ),
    (
        "评优评先推荐",
        A::Aid,
        "学生处",
        G::Low,
        "学生评优推荐",
        "标准不一",
        "量化积分，公示五天",
    ),
    (
        "试卷命题与保管",
        A::Exams,
        "教务处",
        G::Middle,
        "",
        "泄露试题",
        "专人专柜，双人开启",
    ),
    (
        "成绩更改",
        A::Exams,
        "教务处",
        G::Middle,
        "成绩更改审批",
        "私自改分",
        "更改留痕，分管领导审批",
    ),
    (
        "教材教辅选用",
        A::Materials,
        "教务处",
        G::High,
        "教材选用",
        "收受推销好处",
        "选用委员会集体决定，备案公示",
    ),
    (
        "科研经费使用",
        A::Finance,
        "教科研处",
        G::Low,
        "科研项目立项推荐",
        "与课题无关支出",
        "按预算科目支出，结题审核",
    ),
    (
        "系统建设需求编制",
        A::Purchase,
        "信息中心",
        G::Middle,
        "货物和服务采购",
        "需求围绕某家产品",
        "多方调研，需求评审",
    ),
    (
        "印章使用",
        A::Other,
        "办公室",
        G::Low,
        "",
        "空白用印",
        "登记用印，双人在场",
    ),
    (
        "公务接待",
        A::Other,
        "办公室",
        G::Low,
        "",
        "超标准接待",
        "凭函审批，公开明细",
    ),
    (
        "团费和活动经费",
        A::Finance,
        "团委",
        G::Low,
        "",
        "账外留存",
        "财务统一管理，学期公开",
    ),
];

/// Writes both.
pub async fn write(scope: &Scope, world: &World, powers: &[(&'static str, Uuid)]) -> Result<()> {
    risks(scope, world, powers).await?;
    talks(scope, world).await
}

async fn risks(scope: &Scope, world: &World, powers: &[(&'static str, Uuid)]) -> Result<()> {
    let mut hand = Hand::new("integrity_risk");
    let mut batch = Batch::new();
    for (nth, (point, area, office, grade, power, symptom, control)) in RISKS.iter().enumerate() {
        let fresh = nth % 8 == 7;
        let found = match fresh {
            true => world.days.in_week(9),
            false => world.days.term.start() - Months::new(hand.rng.between(1, 8)),
        };
        let mut record = IntegrityRisk {
            point: (*point).into(),
            area: *area,
            unit: Ref::new(world.ids.offices[world.office(office)]),
            holder: world.staff(*world.office_staff(office).last().expect("an office has staff")),
            power: powers
                .iter()
                .find(|(name, _)| name == power)
                .map(|(_, id)| Ref::new(*id)),
            found_on: found,
            symptom: LongText((*symptom).into()),
            grade: *grade,
            control: Some(LongText((*control).into())),
            supervisor: None,
            reviewed_on: None,
            review: None,
            next_review: None,
        };
        let state = if fresh {
            "待审定"
        } else {
            record.supervisor = Some(world.staff(world.holders(Post::Secretary)[0]));
            let reviewed = world.days.any(&mut hand.rng);
            if hand.rng.chance(80) {
                record.reviewed_on = Some(reviewed);
                record.review = Some(LongText(
                    hand.words(&[
                        "措施有效，继续防控",
                        "抽查三笔业务，未见异常",
                        "补充公示环节后有效",
                    ])
                    .into(),
                ));
            }
            "防控中"
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, found, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn talks(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("integrity_talk");
    let mut batch = Batch::new();
    let secretary = world.holders(Post::Secretary)[0];
    let recorder = world.head_of("党委办公室");
    for (at, office) in world.school.offices.iter().enumerate() {
        // Some are still to come this term.
        if office.head == recorder || hand.rng.chance(25) {
            continue;
        }
        let day = world.days.any(&mut hand.rng);
        let kind = match hand.rng.between(1, 100) {
            1..=12 => TalkKind::Reminder,
            13..=22 => TalkKind::Appointment,
            _ => TalkKind::Routine,
        };
        let reminds = kind == TalkKind::Reminder;
        let followed = world
            .days
            .pick(&mut hand.rng, day + Count::new(10), day + Count::new(28))
            .filter(|_| reminds);
        let record = IntegrityTalk {
            held_on: day,
            kind,
            person: world.staff(office.head),
            unit: Ref::new(world.unit_id(Unit::Office(at))),
            talker: world.staff(secretary),
            recorder: Some(world.staff(recorder)),
            place: Some("谈话室".into()),
            reason: LongText(
                if reminds {
                    "个别业务手续不全"
                } else {
                    "学期例行廉政谈话"
                }
                .into(),
            ),
            content: LongText("围绕岗位风险点提醒遵守程序，管好家人和身边工作人员，重要事项及时报告".into()),
            response: Some(LongText("接受提醒，按要求整改并报告".into())),
            due: None,
            followed_on: followed,
            outcome: followed.map(|_| LongText("手续已补齐，制度已完善".into())),
        };
        let state = match (reminds, followed) {
            (_, Some(_)) => "已回访",
            (true, None) => "已谈话",
            _ => "已归档",
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
