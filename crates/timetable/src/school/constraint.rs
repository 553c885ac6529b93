//! The constraints a school states, in its own words.

use super::model::{Band, School};
use super::weeks::WeekSet;

/// Hard, or soft with a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// 必须
    Hard,
    /// 尽量, with the weight of one violation.
    Soft(i64),
}

/// A constraint of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// What it says.
    pub kind: Kind,
    /// How strongly.
    pub level: Level,
}

impl Constraint {
    /// 必须
    pub fn hard(kind: Kind) -> Self {
        Constraint {
            kind,
            level: Level::Hard,
        }
    }

    /// 尽量
    pub fn soft(kind: Kind, weight: i64) -> Self {
        Constraint {
            kind,
            level: Level::Soft(weight),
        }
    }
}

/// What a constraint says. The first five are kept by every timetable and need not be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// 教师/班级/场所不冲突
    NoClash,
    /// 已排课: every block has a place.
    Placed,
    /// 连排: a block lies on one day within one band.
    Consecutive,
    /// 场所类型与容量
    RoomFits,
    /// 合班同时: the classes of a joint lesson attend together.
    Joined,
    /// 教师不可用, in all weeks or some.
    TeacherUnavailable {
        teacher: usize,
        slots: Vec<usize>,
        weeks: Option<WeekSet>,
    },
    /// 禁排: 教研活动, 升旗, 班会 …
    Closed {
        reason: String,
        classes: Vec<usize>,
        teachers: Vec<usize>,
        rooms: Vec<usize>,
        slots: Vec<usize>,
    },
    /// 固定
    Fixed {
        lesson: usize,
        block: usize,
        slot: usize,
        room: Option<usize>,
    },
    /// 课时分散到各天: blocks not on neighbouring days.
    SpreadDays { lesson: usize },
    /// 同天不重复
    OncePerDay { lessons: Vec<usize> },
    /// 上午优先
    MorningFirst { lessons: Vec<usize> },
    /// 不排某些节次: 体育不排第一节/不排饭后
    AvoidPeriods {
        lessons: Vec<usize>,
        periods: Vec<usize>,
    },
    /// 教师每日上限
    TeacherDailyMax { teachers: Vec<usize>, max: usize },
    /// 教师空堂少: at most `max` gaps a week.
    TeacherGaps { teachers: Vec<usize>, max: usize },
    /// 教案平头: parallel classes keep equal progress.
    EvenProgress { lessons: Vec<usize> },
    /// 校区间隔: `gap` free periods between two campuses within a half-day.
    CampusGap { teachers: Vec<usize>, gap: usize },
    /// 同时: groups of a class in parallel.
    Simultaneous { lessons: Vec<usize> },
    /// 互斥课: not at the same time, or not on the same day.
    Exclusive { lessons: Vec<usize>, same_day: bool },
    /// 单双周成对: the odd-week and the even-week lesson share a place in the week.
    WeekPair { odd: usize, even: usize },
    /// 班主任课: the class teacher sees the class every day from Monday to Friday.
    HomeroomDaily { class: usize },
    /// 半天集中: at most `max` half-days a week.
    HalfDays { teacher: usize, max: usize },
    /// 实训整周: the class leaves the grid in these weeks.
    PracticeWeek { class: usize, weeks: WeekSet },
}

impl Kind {
    /// The name people know it by.
    pub fn label(&self) -> &'static str {
        match self {
            Kind::NoClash => "教师/班级/场所不冲突",
            Kind::Placed => "课都排上",
            Kind::Consecutive => "连排",
            Kind::RoomFits => "场所类型与容量",
            Kind::Joined => "合班同时",
            Kind::TeacherUnavailable { .. } => "教师不可用",
            Kind::Closed { .. } => "禁排",
            Kind::Fixed { .. } => "固定",
            Kind::SpreadDays { .. } => "课时分散到各天",
            Kind::OncePerDay { .. } => "同天不重复",
            Kind::MorningFirst { .. } => "上午优先",
            Kind::AvoidPeriods { .. } => "不排某些节次",
            Kind::TeacherDailyMax { .. } => "教师每日上限",
            Kind::TeacherGaps { .. } => "教师空堂少",
            Kind::EvenProgress { .. } => "教案平头",
            Kind::CampusGap { .. } => "校区间隔",
            Kind::Simultaneous { .. } => "同时上课",
            Kind::Exclusive { .. } => "互斥课",
            Kind::WeekPair { .. } => "单双周成对",
            Kind::HomeroomDaily { .. } => "班主任课",
            Kind::HalfDays { .. } => "半天集中",
            Kind::PracticeWeek { .. } => "实训整周",
        }
    }

    /// The constraint as a sentence.
    pub fn explain(&self, s: &School) -> String {
        let lessons = |list: &[usize]| {
            list.iter()
                .map(|&l| s.lesson_name(l))
                .collect::<Vec<_>>()
                .join("、")
        };
        let teachers = |list: &[usize]| {
            if list.len() > 4 {
                format!("{} 位教师", list.len())
            } else {
                join(list.iter().map(|&t| s.teachers[t].name.as_str()))
            }
        };
        let slots = |list: &[usize]| join(list.iter().map(|&t| s.grid.name(t)));
        match self {
            Kind::NoClash => "同一教师、同一班级（组）、同一场所在同一时间只能有一节课".into(),
            Kind::Placed => "每一节课都要有时间".into(),
            Kind::Consecutive => "连排的课在同一个半天内一次上完，不跨午休、不跨天".into(),
            Kind::RoomFits => "场所的类型、校区、容量、设备、安全分级符合课程要求".into(),
            Kind::Joined => "合班的各班同时同地上课".into(),
            Kind::TeacherUnavailable {
                teacher,
                slots: list,
                weeks,
            } => {
                let when = weeks.map_or(String::new(), |w| format!("{w} "));
                format!("{}{when}{}不能排课", s.teachers[*teacher].name, slots(list))
            }
            Kind::Closed {
                reason,
                slots: list,
                classes,
                teachers,
                rooms,
            } => {
                let who = [
                    (classes.len(), "个班"),
                    (teachers.len(), "位教师"),
                    (rooms.len(), "个场所"),
                ];
                let who = join(
                    who.iter()
                        .filter(|w| w.0 > 0)
                        .map(|(n, unit)| format!("{n} {unit}")),
                );
                format!("{reason}：{}不排课（{who}）", slots(list))
            }
            Kind::Fixed {
                lesson, slot, room, ..
            } => {
                let at = room.map_or(String::new(), |r| format!("，{}", s.rooms[r].name));
                format!("{}固定在{}{at}", s.lesson_name(*lesson), s.grid.name(*slot))
            }
            Kind::SpreadDays { lesson } => format!("{}的各次课不排在相邻两天", s.lesson_name(*lesson)),
            Kind::OncePerDay { lessons: list } => format!("{}同一天不上两次", lessons(list)),
            Kind::MorningFirst { lessons: list } => format!("{}尽量排在上午", lessons(list)),
            Kind::AvoidPeriods {
                lessons: list,
                periods,
            } => {
                format!(
                    "{}不排第{}节",
                    lessons(list),
                    join(periods.iter().map(|p| (p + 1).to_string()))
                )
            }
            Kind::TeacherDailyMax { teachers: t, max } => format!("{}每天不超过 {max} 节", teachers(t)),
            Kind::TeacherGaps { teachers: t, max } => format!("{}每周空堂不超过 {max} 节", teachers(t)),
            Kind::EvenProgress { lessons: list } => format!("{}进度一致", lessons(list)),
            Kind::CampusGap { teachers: t, gap } => format!("{}换校区之间至少隔 {gap} 节", teachers(t)),
            Kind::Simultaneous { lessons: list } => format!("{}同时上课", lessons(list)),
            Kind::Exclusive {
                lessons: list,
                same_day: false,
            } => format!("{}不能同时上", lessons(list)),
            Kind::Exclusive {
                lessons: list,
                same_day: true,
            } => format!("{}不排在同一天", lessons(list)),
            Kind::WeekPair { odd, even } => {
                format!(
                    "{}与{}单双周轮换，同一时间",
                    s.lesson_name(*odd),
                    s.lesson_name(*even)
                )
            }
            Kind::HomeroomDaily { class } => format!("{}的班主任每天在本班有课", s.classes[*class].name),
            Kind::HalfDays { teacher, max } => {
                format!("{}每周最多来 {max} 个半天", s.teachers[*teacher].name)
            }
            Kind::PracticeWeek { class, weeks } => {
                format!("{}第{weeks}整周实训，不排课", s.classes[*class].name)
            }
        }
    }
}

/// Items joined by 、.
pub(super) fn join<S: ToString>(items: impl Iterator<Item = S>) -> String {
    items.map(|s| s.to_string()).collect::<Vec<_>>().join("、")
}

/// Days of the week on which every school has lessons, Monday to Friday.
pub(super) const SCHOOL_DAYS: usize = 5;

/// Starts of a block of `length` that 上午优先 likes.
pub(super) fn is_morning(school: &School, slot: usize) -> bool {
    matches!(
        school.grid.bands[school.grid.at(slot).1],
        Band::Early | Band::Morning
    )
}
