//! First topics (第一议题) of the party committee and the principal's office.

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use governance::{FirstTopic, Forum};
use kernel::app::Scope;
use kernel::register::field::LongText;

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::branches::Party;

/// What was studied, what the school does about it, which office.
const TOPICS: &[(&str, &str, &str)] = &[
    (
        "全国教育大会精神",
        "修订学校三年发展规划中的产教融合部分",
        "校企合作处",
    ),
    (
        "关于职业教育工作的重要指示",
        "开展专业与岗位对接情况调研",
        "教务处",
    ),
    ("关于安全生产工作的重要论述", "组织一次全校隐患回头看", "安全办"),
    ("关于加强教师队伍建设的论述", "完善双师型教师培养办法", "教科研处"),
    ("关于厉行节约的要求", "修订水电和物资领用制度", "总务处"),
    (
        "关于网络安全和信息化工作的论述",
        "排查学校信息系统账号",
        "信息中心",
    ),
    ("新修订的职业教育法", "组织全体教职工学习测试", "人事处"),
    ("关于青少年思想政治教育的论述", "", ""),
    ("关于全面从严治党的部署", "更新岗位廉政风险点", "党委办公室"),
    ("关于青年工作的论述", "", ""),
];

/// Writes them.
pub async fn write(scope: &Scope, world: &World, party: &Party) -> Result<()> {
    let mut hand = Hand::new("first_topic");
    let mut batch = Batch::new();
    for (nth, week) in world.days.weeks().enumerate() {
        let Some(day) = hand.day(world.days.week(week)) else {
            continue;
        };
        let (topic, measure, office) = TOPICS[nth % TOPICS.len()];
        let forum = match nth % 5 {
            2 => Forum::Office,
            4 => Forum::Centre,
            _ => Forum::Committee,
        };
        let mut record = FirstTopic {
            studied_on: day,
            forum,
            topic: topic.into(),
            presenter: world.staff(*hand.rng.pick(&party.committee.members)),
            present: i64::from(hand.rng.between(7, 15)),
            discussion: Some(LongText(
                "领学原文，三位同志结合分管工作发言，明确落实要求".into(),
            )),
            measure: None,
            responsible: None,
            due: None,
            done_on: None,
            result: None,
            files: Default::default(),
        };
        let state = if measure.is_empty() {
            "已传达"
        } else {
            record.measure = Some(LongText(measure.into()));
            record.responsible = Some(world.staff(world.head_of(office)));
            pursue(world, &mut hand, &mut record, day)
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

fn pursue(world: &World, hand: &mut Hand, record: &mut FirstTopic, day: NaiveDate) -> &'static str {
    let due = day + Count::new(21);
    record.due = Some(due);
    let done = world.days.pick(&mut hand.rng, day + Count::new(7), due);
    let Some(done) = done.filter(|_| world.days.age(day) > 20 && hand.rng.chance(85)) else {
        return "待落实";
    };
    record.done_on = Some(done);
    record.result = Some(LongText("已按举措完成，情况报党委办公室".into()));
    "已落实"
}
