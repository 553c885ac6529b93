//! Leave (请假), outings (离校) and irregular attendance (考勤异常).

use std::collections::HashSet;

use anyhow::Result;
use chrono::{DateTime, Datelike, Days as Count, NaiveDate, Utc, Weekday};
use kernel::app::Scope;
use kernel::clock::instant_at;
use staffing::{
    AttendanceKind, AttendanceSource, LeaveKind, LeaveRoute, OutingKind, StaffAttendance, StaffLeave,
    StaffOuting, Verdict,
};

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{colleague, completed, is_head, later, latest, text};

/// Leaves, outings and irregularities of the term; those filed last wait for approval.
const LEAVES: usize = 132;
const OUTINGS: usize = 118;
const IRREGULAR: usize = 46;
const WAITING: usize = 7;

/// Kind, most days, reasons.
type Reasons = (LeaveKind, u32, &'static [&'static str]);

const REASONS: &[Reasons] = &[
    (
        LeaveKind::Personal,
        3,
        &[
            "家中老人就医需陪护",
            "孩子学校开家长会",
            "办理房产过户手续",
            "家中有事需回老家处理",
        ],
    ),
    (
        LeaveKind::Sick,
        3,
        &[
            "感冒发热，遵医嘱休息",
            "腰部旧伤复发，需理疗",
            "口腔手术后恢复",
            "胃肠不适到医院检查",
        ],
    ),
    (
        LeaveKind::Official,
        4,
        &[
            "参加省级教学能力大赛集训",
            "带学生参加市技能竞赛",
            "到合作企业洽谈实习安排",
            "参加市教研活动",
        ],
    ),
    (LeaveKind::Bereavement, 3, &["直系亲属去世，回家料理后事"]),
    (LeaveKind::Marriage, 8, &["本人结婚"]),
    (LeaveKind::Childcare, 4, &["孩子不满三周岁，申请育儿假"]),
];

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    leaves(scope, world).await?;
    outings(scope, world).await?;
    attendance(scope, world).await
}

async fn leaves(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("staff_leave");
    let mut batch = Batch::new();
    for nth in 0..LEAVES {
        let waiting = nth < WAITING;
        let filed = match waiting {
            true => latest(world),
            false => world.days.any(&mut hand.rng),
        };
        // What waits is for the days to come; of the rest about half was asked for a day ahead.
        let day = match waiting {
            true => workday(filed + Count::new(nth as u64 % 5)),
            false if hand.rng.chance(45) => world.days.after(filed, 1).unwrap_or(filed),
            false => filed,
        };
        let who = hand.rng.below(world.school.staff.len());
        let record = completed(world, leave(world, &mut hand, who, day, waiting));
        let (record, state) = settled(world, &mut hand, record, waiting);
        if batch.fits(state, &record) {
            batch.add_in(state, &record, world.days.at(&mut hand.rng, filed, (7, 9)));
        }
    }
    // Two mothers, away since the first weeks, and an injury with a certificate still to come.
    for (nth, kind, days) in [
        (0, LeaveKind::Maternity, 157),
        (1, LeaveKind::Maternity, 157),
        (2, LeaveKind::Injury, 89),
    ] {
        let day = world.days.in_week(2 + nth as u8);
        let women =
            (0..world.school.staff.len()).filter(|at| world.school.staff[*at].sex == crate::Sex::Female);
        let mut away = women
            .skip(20 + nth * 11)
            .filter(|at| !is_head(world, *at))
            .map(|who| StaffLeave {
                kind,
                ends_on: day + Count::new(days),
                reason: text(if kind == LeaveKind::Injury {
                    "实训指导时手部受伤，住院治疗"
                } else {
                    "生育"
                }),
                half: None,
                head: false,
                ..leave(world, &mut hand, who, day, false)
            });
        // Somebody who did not ask for leave meanwhile.
        let Some(record) = away.find(|record| batch.fits("已批准", record)) else {
            continue;
        };
        let record = completed(world, record);
        batch.add_in("已批准", &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

/// The day itself or the Monday after it.
fn workday(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => day + Count::new(2),
        Weekday::Sun => day + Count::new(1),
        _ => day,
    }
}

fn leave(world: &World, hand: &mut Hand, who: usize, day: NaiveDate, waiting: bool) -> StaffLeave {
    let (kind, most, reasons) = match hand.rng.between(1, 100) {
        1..=38 => REASONS[0],
        39..=66 => REASONS[1],
        67..=88 => REASONS[2],
        89..=92 => REASONS[3],
        93..=94 => REASONS[4],
        _ => REASONS[5],
    };
    let most = if waiting { most * 3 } else { most };
    let length = hand.rng.between(1, most);
    let long_sick = kind == LeaveKind::Sick && length > 3;
    let half = (length == 1 && hand.rng.chance(30)).then(|| match hand.rng.chance(50) {
        true => staffing::HalfDay::Morning,
        false => staffing::HalfDay::Afternoon,
    });
    let teaches = world.school.staff[who].group.is_some() && half.is_none();
    StaffLeave {
        teacher: world.staff(who),
        kind,
        starts_on: day,
        ends_on: day + Count::new(u64::from(length) - 1),
        half,
        reason: text(hand.words(reasons)),
        days: None,
        head: is_head(world, who),
        route: None,
        destination: (kind == LeaveKind::Official).then(|| hand.words(&["省城", "市区", "邻市"]).into()),
        lessons: teaches.then(|| i64::from(length) * 3),
        cover: teaches.then(|| {
            text(hand.words(&[
                "课务已与同组教师对调，返校后补回",
                "由同教研室教师代课，任务单已交接",
                "实训课由实训指导教师照看，理论课顺延",
            ]))
        }),
        deputy: teaches.then(|| world.staff(colleague(world, hand, who))),
        proof: Default::default(),
        proof_later: long_sick,
        back_by: None,
        returned_on: None,
        actual_days: None,
    }
}

/// The leave as it stands by now.
fn settled(
    world: &World,
    hand: &mut Hand,
    mut leave: StaffLeave,
    waiting: bool,
) -> (StaffLeave, &'static str) {
    let back = leave.back_by.unwrap_or(leave.ends_on);
    if waiting {
        let state = match leave.route {
            Some(LeaveRoute::Leader) if hand.rng.chance(60) => "待分管副校长审批",
            Some(LeaveRoute::Personnel | LeaveRoute::Leader) if hand.rng.chance(60) => "待人事处审批",
            _ => "待部门审批",
        };
        return (leave, state);
    }
    match hand.rng.between(1, 100) {
        1..=3 => return (leave, "未批准"),
        4..=6 => return (leave, "已撤回"),
        7 => return (leave, "退回修改"),
        _ => {}
    }
    // A few forget to report back.
    let forgets = hand.rng.chance(4);
    if back > world.days.today || forgets {
        return (leave, "已批准");
    }
    leave.returned_on = Some(match hand.rng.chance(8) {
        true => later(world, back, 2),
        false => back,
    });
    (leave, "已销假")
}

async fn outings(scope: &Scope, world: &World) -> Result<()> {
    const PURPOSES: &[(OutingKind, &str)] = &[
        (OutingKind::Official, "到市教育局报送材料"),
        (OutingKind::Official, "到银行办理学生资助业务"),
        (OutingKind::HomeVisit, "走访缺勤学生家庭"),
        (OutingKind::Company, "到合作企业看望实习学生"),
        (OutingKind::Company, "与企业导师商定课程项目"),
        (OutingKind::Medical, "到社区医院复诊取药"),
        (OutingKind::Personal, "接送孩子就医"),
    ];
    let mut hand = Hand::new("staff_outing");
    let mut batch = Batch::new();
    for nth in 0..OUTINGS {
        let last = nth < 6;
        let day = match last {
            true => latest(world),
            false => world.days.any(&mut hand.rng),
        };
        let who = hand.rng.below(world.school.staff.len());
        let (kind, purpose) = PURPOSES[hand.rng.below(PURPOSES.len())];
        let hour = hand.rng.between(8, 14);
        let length = hand.rng.between(1, 3);
        let at = |hour: u32, minute: u32| clock(day, hour, minute);
        let state = match nth {
            0 | 1 => "待部门审批",
            2..=4 => "已批准",
            5 | 6 => "已离校",
            7 => "未批准",
            8 => "已撤回",
            _ => "已返校",
        };
        let gone = matches!(state, "已离校" | "已返校");
        let minutes = if hand.rng.chance(7) {
            25
        } else {
            -hand.rng.between(0, 20).cast_signed()
        };
        let on_duty = hand.rng.chance(12);
        let record = StaffOuting {
            teacher: world.staff(who),
            kind,
            leaves_at: at(hour, 0),
            returns_at: at(hour + length, 30),
            purpose: text(purpose),
            out_on: None,
            hours: None,
            on_duty,
            cover: on_duty.then(|| text("由同办公室教师代为看班")),
            left_at: gone.then(|| at(hour, 5)),
            back_at: (state == "已返校")
                .then(|| at(hour + length, 30) + chrono::Duration::minutes(i64::from(minutes))),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, (7, 7)));
    }
    batch.write(scope).await
}

fn clock(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    instant_at(day.and_hms_opt(hour, minute, 0).expect("an hour of the day"))
}

async fn attendance(scope: &Scope, world: &World) -> Result<()> {
    const FACTS: &[(AttendanceKind, AttendanceSource, &str, &str)] = &[
        (
            AttendanceKind::Late,
            AttendanceSource::Machine,
            "早签到晚于规定时间",
            "路上堵车，已提醒自己提前出门",
        ),
        (
            AttendanceKind::Missing,
            AttendanceSource::Machine,
            "下午没有签退记录",
            "在实训室指导学生，忘记签退",
        ),
        (
            AttendanceKind::Away,
            AttendanceSource::Spot,
            "坐班时间查岗不在办公室",
            "到学生公寓处理突发情况",
        ),
        (
            AttendanceKind::Meeting,
            AttendanceSource::SignIn,
            "全体教职工会未签到",
            "带队外出参赛，未及时报备",
        ),
        (
            AttendanceKind::Early,
            AttendanceSource::Machine,
            "签退早于规定时间",
            "身体不适提前离校，未办手续",
        ),
        (
            AttendanceKind::Watch,
            AttendanceSource::Roster,
            "周末值班交接时不在岗",
            "与同事换班，未登记",
        ),
    ];
    let mut hand = Hand::new("staff_attendance");
    let mut batch = Batch::new();
    let mut seen = HashSet::new();
    for nth in 0..IRREGULAR {
        let day = match nth {
            0..=2 => latest(world),
            _ => world.days.any(&mut hand.rng),
        };
        let who = hand.rng.below(world.school.staff.len());
        let (kind, source, fact, why) = FACTS[hand.rng.below(FACTS.len())];
        if !seen.insert((who, day)) {
            continue;
        }
        let age = world.days.age(day);
        let state = match hand.rng.between(1, 100) {
            _ if age < 3 => "待说明",
            1..=6 => "已核销",
            // One or two have not explained themselves in time.
            7..=9 => "待说明",
            10..=18 => "待认定",
            _ => "已认定",
        };
        let verdict = (state == "已认定").then(|| match hand.rng.between(1, 10) {
            1..=5 => Verdict::Reminded,
            6..=8 => Verdict::Excused,
            _ => Verdict::Circulated,
        });
        let timed = matches!(
            kind,
            AttendanceKind::Late | AttendanceKind::Early | AttendanceKind::Away
        );
        let record = StaffAttendance {
            teacher: world.staff(who),
            happened_on: day,
            kind,
            source,
            minutes: timed.then(|| i64::from(hand.rng.between(6, 45))),
            lessons: None,
            fact: text(fact),
            explanation: (state != "待说明").then(|| text(why)),
            leave: None,
            evidence: Default::default(),
            verdict,
            decided_on: verdict.map(|_| later(world, day, 4)),
            opinion: verdict.map(|_| text("按教职工考勤管理办法处理，已告知本人")),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, (17, 18)));
    }
    batch.write(scope).await
}
