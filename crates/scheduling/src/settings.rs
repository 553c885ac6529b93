//! The settings of a term's timetable: periods of the day, rules in the school's words, closed times (禁排).
use kernel::app::Scope;
use kernel::args;
use kernel::db::Db;
use kernel::error::{Error, Result};
use kernel::journal::{self, Entry};
use serde::{Deserialize, Serialize};
use timetable::school::{Band, Grid};
use uuid::Uuid;

/// A rule as the school set it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Which, see [`RULES`].
    pub id: String,
    /// Whether it counts.
    pub on: bool,
    /// 必须 rather than 尽量.
    pub hard: bool,
    /// The weight of one violation when it is 尽量.
    pub weight: i64,
    /// Its number or names, where it has some.
    pub value: String,
}

/// A rule the program knows.
pub struct Known {
    /// Stable id.
    pub id: &'static str,
    /// The constraint's name.
    pub label: &'static str,
    /// What it says, in plain words.
    pub words: &'static str,
    /// What the value is, when it takes one.
    pub value: Option<&'static str>,
    /// On, hard, weight and value before anybody set anything.
    pub initial: (bool, bool, i64, &'static str),
}

const fn known(
    id: &'static str,
    label: &'static str,
    words: &'static str,
    value: Option<&'static str>,
    initial: (bool, bool, i64, &'static str),
) -> Known {
    Known {
        id,
        label,
        words,
        value,
        initial,
    }
}

/// All rules, in the order of the page.
pub const RULES: &[Known] = &[
    known(
        "once",
        "同天不重复",
        "一门课在一个班同一天不上两次",
        None,
        (true, false, 20, ""),
    ),
    known(
        "spread",
        "课时分散到各天",
        "一门课的各次课不排在相邻两天",
        None,
        (true, false, 2, ""),
    ),
    known(
        "morning",
        "上午优先",
        "这些课程尽量排在上午",
        Some("课程，用顿号分开"),
        (true, false, 3, "语文、数学、英语"),
    ),
    known(
        "avoid",
        "不排某些节次",
        "体育不排在这些节次",
        Some("节次，用顿号分开"),
        (true, false, 5, "1"),
    ),
    known(
        "daily",
        "教师每日上限",
        "每位教师一天不超过这么多节",
        Some("节数"),
        (true, false, 10, "6"),
    ),
    known(
        "halves",
        "半天集中",
        "外聘教师（教职工类别为聘请校外教师的）每周最多来这么多个半天",
        Some("半天数"),
        (true, false, 10, "2"),
    ),
    known(
        "campus",
        "校区间隔",
        "教师换校区上课，中间至少隔这么多节",
        Some("节数"),
        (true, false, 20, "1"),
    ),
    known(
        "gaps",
        "教师空堂少",
        "每位教师一周的空堂不超过这么多节",
        Some("节数"),
        (false, false, 1, "6"),
    ),
    known(
        "homeroom",
        "班主任课",
        "给本班上课的班主任每天在本班有课",
        None,
        (false, false, 2, ""),
    ),
    known(
        "even",
        "教案平头",
        "同一教师给几个班上同一门课，进度一致",
        None,
        (false, false, 2, ""),
    ),
    known(
        "exclusive",
        "互斥课",
        "一个班的这些课程不排在同一天；几组课程之间用分号分开",
        Some("课程，用顿号分开"),
        (false, false, 5, ""),
    ),
    known(
        "together",
        "同时上课",
        "同一门课的甲组和乙组同时上课",
        None,
        (true, true, 10, ""),
    ),
    known(
        "pair",
        "单双周成对",
        "同一个班的一门单周课和一门双周课共用一个时间",
        None,
        (false, false, 5, ""),
    ),
];

/// A time in which somebody has no lessons (班会、升旗、教研活动、外聘教师不在校).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Its id within the settings.
    pub id: Uuid,
    /// Why.
    pub reason: String,
    /// For whom.
    pub of: Whom,
    /// 0 is Monday.
    pub day: usize,
    /// First period, from 0.
    pub from: usize,
    /// Last period, from 0.
    pub to: usize,
}

/// Whom a closing concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// All classes.
    Classes,
    /// The staff of a unit.
    Unit(Uuid),
    /// One person.
    Person(Uuid),
    /// One room.
    Room(Uuid),
}

/// Weeks in which a class is away from the grid (实训整周).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// Its id within the settings.
    pub id: Uuid,
    /// The class.
    pub class: Uuid,
    /// 周次
    pub weeks: String,
}

/// When lessons are held on a Saturday or a Sunday.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekend {
    /// Not at all.
    #[default]
    Off,
    /// In the morning.
    Morning,
    /// In the morning and the afternoon.
    Daytime,
    /// In the evening, when those who live in come back (周日晚自习).
    Evening,
    /// All day.
    All,
}

impl Weekend {
    /// Each with its value in a form and its words.
    pub const ALL: [(Weekend, &str, &str); 5] = [
        (Weekend::Off, "off", "不上课"),
        (Weekend::Morning, "morning", "只上上午"),
        (Weekend::Daytime, "daytime", "上午和下午"),
        (Weekend::Evening, "evening", "只上晚上"),
        (Weekend::All, "all", "全天"),
    ];

    /// The one of a value in a form.
    pub fn parse(value: &str) -> Option<Weekend> {
        let found = Weekend::ALL.iter().find(|(_, known, _)| *known == value);
        found.map(|(weekend, ..)| *weekend)
    }

    /// Its value in a form.
    pub fn value(self) -> &'static str {
        let found = Weekend::ALL.iter().find(|(weekend, ..)| *weekend == self);
        found.map_or("off", |(_, value, _)| value)
    }

    /// Whether lessons are held in a part of the day.
    pub fn has(self, band: Band) -> bool {
        match self {
            Weekend::Off => false,
            Weekend::Morning => band == Band::Morning,
            Weekend::Daytime => band != Band::Evening,
            Weekend::Evening => band == Band::Evening,
            Weekend::All => true,
        }
    }
}

/// All settings of a term; what an older program did not know is as usual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Teaching days from Monday on, Friday at most.
    pub days: usize,
    /// Lessons on Saturdays.
    pub saturday: Weekend,
    /// Lessons on Sundays.
    pub sunday: Weekend,
    /// Periods in the morning.
    pub morning: usize,
    /// Periods in the afternoon.
    pub afternoon: usize,
    /// Periods in the evening.
    pub evening: usize,
    /// When each period begins, as 0800.
    pub starts: Vec<String>,
    /// Minutes of a period.
    pub minutes: i64,
    /// The rules, each once.
    pub rules: Vec<Rule>,
    /// Closed times.
    pub closed: Vec<Closing>,
    /// Classes away.
    pub away: Vec<Away>,
    /// Periods a teacher has in a week at most, before the page says 超课时.
    pub most: i64,
}

const STARTS: [&str; 10] = [
    "0800", "0850", "1000", "1050", "1400", "1450", "1600", "1650", "1900", "1950",
];

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            days: 5,
            saturday: Weekend::Off,
            sunday: Weekend::Off,
            morning: 4,
            afternoon: 4,
            evening: 0,
            starts: STARTS[..8].iter().map(|text| (*text).to_owned()).collect(),
            minutes: 45,
            rules: RULES.iter().map(Known::rule).collect(),
            closed: vec![],
            away: vec![],
            most: 18,
        }
    }
}

impl Known {
    fn rule(&self) -> Rule {
        let (on, hard, weight, value) = self.initial;
        Rule {
            id: self.id.into(),
            on,
            hard,
            weight,
            value: value.into(),
        }
    }
}

impl Settings {
    /// Days × periods. With lessons at the weekend it reaches to there; [`Settings::shut`] says when there are none.
    pub fn grid(&self) -> Grid {
        let bands = [
            vec![Band::Morning; self.morning],
            vec![Band::Afternoon; self.afternoon],
            vec![Band::Evening; self.evening],
        ];
        Grid {
            days: match (self.saturday, self.sunday) {
                (Weekend::Off, Weekend::Off) => self.days,
                (_, Weekend::Off) => 6,
                _ => 7,
            },
            bands: bands.concat(),
        }
    }

    /// Whether lessons are held in a part of a day at all; day 0 is Monday.
    fn open(&self, day: usize, band: Band) -> bool {
        match day {
            5 => self.saturday.has(band),
            6 => self.sunday.has(band),
            _ => day < self.days,
        }
    }

    /// Whether there are lessons on a day of the grid at all.
    pub fn opens(&self, day: usize) -> bool {
        self.grid().bands.iter().any(|band| self.open(day, *band))
    }

    /// The periods of each day of the grid in which the school has no lessons.
    pub fn shut(&self) -> Vec<(usize, Vec<usize>)> {
        let grid = self.grid();
        (0..grid.days)
            .map(|day| {
                let shut = (0..grid.periods()).filter(|p| !self.open(day, grid.bands[*p]));
                (day, shut.collect::<Vec<_>>())
            })
            .filter(|(_, shut)| !shut.is_empty())
            .collect()
    }

    /// The rule of an id.
    pub fn rule(&self, id: &str) -> Rule {
        let found = self.rules.iter().find(|rule| rule.id == id).cloned();
        found.unwrap_or_else(|| {
            let known = RULES.iter().find(|known| known.id == id);
            known.map(Known::rule).unwrap_or(Rule {
                id: id.into(),
                on: false,
                hard: false,
                weight: 1,
                value: String::new(),
            })
        })
    }

    /// When a period begins, from 0; one beyond the grid at the usual time.
    pub fn start(&self, period: usize) -> &str {
        let usual = STARTS[period.min(STARTS.len() - 1)];
        self.starts.get(period).map_or(usual, String::as_str)
    }

    /// Sets the periods of a day; the starts of those that are new are the usual ones.
    pub fn set_grid(&mut self, days: usize, [morning, afternoon, evening]: [usize; 3]) {
        (self.days, self.morning, self.afternoon, self.evening) = (days, morning, afternoon, evening);
        let count = morning + afternoon + evening;
        while self.starts.len() < count {
            let at = self.starts.len().min(STARTS.len() - 1);
            self.starts.push(STARTS[at].to_owned());
        }
        self.starts.truncate(count);
    }
}

/// The settings of a term; the usual ones before anybody set any.
pub async fn load(scope: &Scope, term: Uuid) -> Result<Settings> {
    let sql = "select body from timetable_setting where school_id = $1 and term_id = $2";
    match scope.db().opt(sql, args![scope.school, term]).await? {
        None => Ok(Settings::default()),
        Some(row) => serde_json::from_str(&row.at::<String>(0)?)
            .map_err(|error| Error::Internal(anyhow::anyhow!("settings of the timetable: {error}"))),
    }
}

/// Keeps the settings of a term.
pub async fn save(scope: &Scope, term: Uuid, settings: &Settings) -> Result<()> {
    let tx = scope.db().begin().await?;
    let before = load_text(&tx, scope, term).await?;
    let body = serde_json::to_string(settings).map_err(anyhow::Error::from)?;
    tx.run(
        "insert into timetable_setting (school_id, term_id, body, updated_at) values ($1, $2, $3, $4) \
         on conflict (school_id, term_id) do update set body = excluded.body, updated_at = excluded.updated_at",
        args![scope.school, term, body.as_str(), scope.now()],
    )
    .await?;
    let entry = Entry {
        register: "timetable".into(),
        record: term,
        version: 1,
        action: "修改排课设置".into(),
        before,
        after: Some(body),
        reason: None,
    };
    journal::write(&tx, scope, vec![entry]).await?;
    journal::touch(&tx, scope.school, "timetable").await?;
    tx.commit().await
}

async fn load_text(db: &Db, scope: &Scope, term: Uuid) -> Result<Option<String>> {
    let sql = "select body from timetable_setting where school_id = $1 and term_id = $2";
    let row = db.opt(sql, args![scope.school, term]).await?;
    row.map(|row| row.at(0)).transpose()
}
