//! Mentors and apprentices (师徒结对) and what they do every month (结对活动).

use anyhow::Result;
use calendar::Every;
use chrono::Days as Count;
use kernel::app::Scope;
use kernel::register::field::Ref;
use staffing::{MentorPair, MentorTask, PairKind, PairResult, TaskQuality, TenOnes};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::{Batch, id_at};
use super::{teachers, text};

/// State and days since the start, before today.
const PAIRS: &[(&str, u64)] = &[
    ("结对中", 80),
    ("结对中", 80),
    ("结对中", 80),
    ("结对中", 80),
    ("结对中", 80),
    ("结对中", 80),
    ("结对中", 80),
    ("结对中", 450),
    ("结对中", 450),
    // Past its end and no summary yet.
    ("结对中", 738),
    ("待师傅评定", 728),
    ("待出师考核", 729),
    ("已出师", 760),
    ("已出师", 775),
    ("已出师", 790),
    ("待签约", 12),
    ("待签约", 40),
    ("已解除", 300),
];

/// An activity: task, topic, what was learnt.
const TASKS: &[(TenOnes, &str, &str)] = &[
    (TenOnes::Plan, "三年成长规划", "与师傅逐条商定目标，修改两稿"),
    (
        TenOnes::Book,
        "《给教师的建议》",
        "读完并写读书笔记，交流三点体会",
    ),
    (TenOnes::Notes, "本月听课笔记", "随堂听师傅课两节，记录环节和提问"),
    (
        TenOnes::Design,
        "实训项目教案",
        "按任务驱动改写教案，师傅逐环节批注",
    ),
    (
        TenOnes::Lesson,
        "汇报课一节",
        "师傅与教研室成员听课评课，改进三处",
    ),
    (TenOnes::Courseware, "微课一节", "录制操作要点微课，压缩到八分钟"),
    (TenOnes::Paper, "单元测验命题", "列双向细目表，难度调整后使用"),
    (TenOnes::Article, "教学案例一篇", "记录一次课堂意外的处理与反思"),
    (TenOnes::Story, "带班叙事一篇", "写一名学生的转变过程"),
];

struct Bound {
    id: Uuid,
    apprentice: usize,
    mentor: usize,
}

/// Writes pairs and their activities.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("mentor_pair");
    let mut batch = Batch::new();
    let mut by_age = teachers(world);
    by_age.sort_by_key(|at| world.school.staff[*at].hired);
    let mut bound = vec![];
    for (nth, (state, since)) in PAIRS.iter().enumerate() {
        let apprentice = by_age[by_age.len() - 1 - nth];
        let group = world.school.staff[apprentice].group;
        let same = |at: &&usize| world.school.staff[**at].group == group && **at != apprentice;
        let mentor = *by_age.iter().find(same).unwrap_or(&by_age[nth]);
        let starts_on = world.days.today - Count::new(*since);
        let signed = !matches!(*state, "待签约");
        let summed = matches!(*state, "待师傅评定" | "待出师考核" | "已出师");
        let remarked = matches!(*state, "待出师考核" | "已出师");
        let out = *state == "已出师";
        let record = MentorPair {
            apprentice: world.staff(apprentice),
            mentor: world.staff(mentor),
            kind: match nth % 5 {
                3 => PairKind::Class,
                4 => PairKind::Skill,
                _ => PairKind::Teaching,
            },
            starts_on,
            ends_on: starts_on + Count::new(if *since == 80 || *since < 60 { 365 } else { 730 }),
            goals: text("一年站稳讲台，两年独立承担实训项目，三年成为骨干"),
            mentor_duties: text("每月听徒弟课不少于两节并当面反馈，审阅教案，每学期上一节示范课"),
            apprentice_duties: text("每月听师傅课不少于两节，每学期完成“十个一”任务，期末交总结"),
            signed_on: signed.then_some(starts_on),
            agreement: Default::default(),
            summary: summed
                .then(|| text("两年来完成全部任务，汇报课四节，获校级优质课二等奖，能独立承担专业核心课")),
            remark: remarked.then(|| text("勤学肯钻，课堂组织和操作示范进步明显，同意出师")),
            result: out.then_some(match nth % 3 {
                0 => PairResult::Excellent,
                _ => PairResult::Passed,
            }),
            judged_on: out.then(|| starts_on + Count::new(735)),
        };
        let day = match signed {
            true => world.days.in_week(1),
            false => world.days.at_or_before(starts_on.max(world.days.term.start())),
        };
        let at = world.days.at(&mut hand.rng, day, OFFICE_HOURS);
        let id = id_at(at);
        batch.add_as(id, Some(*state), &record, at);
        if signed && *state != "已解除" {
            bound.push(Bound {
                id,
                apprentice,
                mentor,
            });
        }
    }
    batch.write(scope).await?;
    tasks(scope, world, &mut hand, &bound).await
}

async fn tasks(scope: &Scope, world: &World, hand: &mut Hand, bound: &[Bound]) -> Result<()> {
    let mut batch = Batch::new();
    for (month, window) in world.days.windows(1, Every::Month).iter().enumerate() {
        for (nth, pair) in bound.iter().enumerate() {
            // One pair misses a month.
            if (nth, month) == (4, 1) {
                continue;
            }
            for turn in 0..2 {
                let Some(day) = world.days.pick(&mut hand.rng, window.from, window.to) else {
                    continue;
                };
                let (task, topic, content) = TASKS[(nth * 2 + month * 3 + turn) % TASKS.len()];
                let fresh = world.days.age(day) < 5;
                let state = match hand.rng.between(1, 100) {
                    _ if fresh => "待师傅点评",
                    1..=4 => "待师傅点评",
                    5..=8 => "待重做",
                    _ => "已完成",
                };
                let quality = match state {
                    "已完成" if hand.rng.chance(70) => Some(TaskQuality::Good),
                    "已完成" => Some(TaskQuality::Fair),
                    "待重做" => Some(TaskQuality::Redo),
                    _ => None,
                };
                let record = MentorTask {
                    pair: Ref::new(pair.id),
                    apprentice: world.staff(pair.apprentice),
                    mentor: world.staff(pair.mentor),
                    done_on: day,
                    task,
                    topic: topic.into(),
                    content: text(content),
                    product: Default::default(),
                    comment: quality.map(|quality| {
                        text(match quality {
                            TaskQuality::Redo => "环节不完整，请补充学生活动设计后重交",
                            _ => "完成认真，注意把握重点，课堂提问要有梯度",
                        })
                    }),
                    quality,
                };
                batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
            }
        }
    }
    batch.write(scope).await
}
