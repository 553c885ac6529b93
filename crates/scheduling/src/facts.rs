//! What the timetable is made from, read once: classes, staff, rooms, courses and the offerings of a term.
use crate::offering::{Part, blocks_of, term_key};
use calendar::Term;
use kernel::app::Scope;
use kernel::args;
use kernel::error::{Error, Result};
use kernel::term;
use std::collections::HashMap;
use timetable::school::WeekSet;
use uuid::Uuid;

/// 行政班
#[derive(Clone, Debug, Default)]
pub struct ClassRow {
    /// Its id.
    pub id: Uuid,
    /// 班级名称
    pub name: String,
    /// 所属系部
    pub unit: Uuid,
    /// 入学年
    pub entry_year: i64,
    /// 专业代码
    pub major_code: String,
    /// 班主任
    pub teacher: Option<Uuid>,
    /// 固定教室
    pub room: Option<Uuid>,
    /// Whether it is taught at school.
    pub attending: bool,
    /// Students on the roll.
    pub size: u32,
    /// Where it stands in the unit tree.
    pub path: String,
}

/// 教职工
#[derive(Clone, Debug, Default)]
pub struct StaffRow {
    /// Its id.
    pub id: Uuid,
    /// 姓名
    pub name: String,
    /// 所在部门
    pub unit: Uuid,
    /// Whether a teacher's certificate was entered (有教师资格证).
    pub certified: bool,
    /// Whether the person is engaged from outside (聘请校外教师).
    pub external: bool,
}

/// 场所
#[derive(Clone, Debug, Default)]
pub struct RoomRow {
    /// Its id.
    pub id: Uuid,
    /// 教室名称
    pub name: String,
    /// 类型, a code.
    pub kind: String,
    /// 座位数
    pub seats: u32,
    /// 管理部门
    pub unit: Option<Uuid>,
    /// Whether it is in use.
    pub open: bool,
    /// 校区
    pub campus: Option<Uuid>,
}

/// 教学任务
#[derive(Clone, Debug)]
pub struct OfferingRow {
    /// Its id.
    pub id: Uuid,
    /// 任务号
    pub number: String,
    /// 状态
    pub state: String,
    /// The record's version.
    pub version: i64,
    /// 计划课程
    pub plan: Uuid,
    /// 课程
    pub course: Uuid,
    /// The class and those that join it.
    pub classes: Vec<Uuid>,
    /// 授课对象
    pub part: Part,
    /// 任课教师
    pub teacher: Option<Uuid>,
    /// 同堂教师
    pub second: Option<Uuid>,
    /// 周课时
    pub weekly: i64,
    /// 连排方式
    pub blocks: Vec<usize>,
    /// 上课周次
    pub weeks: WeekSet,
    /// 场所要求: `own`, `room`, `kind`.
    pub need: String,
    /// 指定场所
    pub room: Option<Uuid>,
    /// 场所类型
    pub kind: Option<String>,
    /// Where it stands in the unit tree.
    pub path: String,
}

impl OfferingRow {
    /// All who teach it.
    pub fn teachers(&self) -> impl Iterator<Item = Uuid> {
        self.teacher.into_iter().chain(self.second)
    }
}

/// Everything, by id and in order of names.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Classes.
    pub classes: Vec<ClassRow>,
    /// Staff.
    pub staff: Vec<StaffRow>,
    /// Rooms.
    pub rooms: Vec<RoomRow>,
    /// Names of courses.
    pub courses: HashMap<Uuid, String>,
    /// Names of units.
    pub units: HashMap<Uuid, String>,
    /// Names of campuses.
    pub campuses: HashMap<Uuid, String>,
    /// Offerings of the term that are not stopped, in order of their numbers.
    pub offerings: Vec<OfferingRow>,
    /// Names of the kinds of rooms by code.
    pub kinds: HashMap<String, String>,
}

impl Facts {
    /// A class.
    pub fn class(&self, id: Uuid) -> Option<&ClassRow> {
        self.classes.iter().find(|row| row.id == id)
    }

    /// A person.
    pub fn person(&self, id: Uuid) -> Option<&StaffRow> {
        self.staff.iter().find(|row| row.id == id)
    }

    /// The name of a person; empty when unknown.
    pub fn person_name(&self, id: Uuid) -> &str {
        self.person(id).map_or("", |row| &row.name)
    }

    /// The name of a class; empty when unknown.
    pub fn class_name(&self, id: Uuid) -> &str {
        self.class(id).map_or("", |row| &row.name)
    }

    /// The name of a course; empty when unknown.
    pub fn course_name(&self, id: Uuid) -> &str {
        self.courses.get(&id).map_or("", String::as_str)
    }

    /// The name of a unit; empty when unknown.
    pub fn unit_name(&self, id: Uuid) -> &str {
        self.units.get(&id).map_or("", String::as_str)
    }

    /// 2024级机电1班、2班《体育》
    pub fn title(&self, row: &OfferingRow) -> String {
        let names: Vec<&str> = row.classes.iter().map(|id| self.class_name(*id)).collect();
        let part = match row.part {
            Part::Whole => "",
            Part::First => "甲组",
            Part::Second => "乙组",
        };
        format!("{}{part}《{}》", names.join("、"), self.course_name(row.course))
    }
}

/// The term asked for by id, else the running one.
pub async fn term_of(scope: &Scope, asked: Option<Uuid>) -> Result<(Uuid, Term)> {
    let calendar = term::load(scope).await?;
    let known = match asked {
        Some(id) => calendar.terms.iter().find(|(term, _)| *term == id),
        None => calendar.term_at(scope.today()),
    };
    known
        .cloned()
        .ok_or_else(|| Error::Bad("还没有设置学期，请先在“校历”里设置".into()))
}

/// How the kinds of staff from outside begin (教职工类别 50 聘请校外教师 and its parts).
const FROM_OUTSIDE: char = '5';

/// The rolls: classes with their sizes, staff, rooms, courses, units.
async fn rolls(scope: &Scope) -> Result<Facts> {
    let db = scope.db();
    let mut sizes: HashMap<Uuid, i64> = HashMap::new();
    let sql = "select f_class, count(*) from r_student where school_id = $1 and void_reason is null \
               and f_status = '01' group by f_class";
    for row in db.all(sql, args![scope.school]).await? {
        sizes.insert(row.at(0)?, row.at(1)?);
    }
    let mut facts = Facts::default();
    let sql = "select id, f_name, f_unit, f_entry_year, f_major_code, f_teacher, f_room, f_status, scope from r_class \
               where school_id = $1 and void_reason is null order by f_entry_year desc, f_name";
    for row in db.all(sql, args![scope.school]).await? {
        let id = row.at(0)?;
        facts.classes.push(ClassRow {
            id,
            name: row.at(1)?,
            unit: row.at(2)?,
            entry_year: row.at(3)?,
            major_code: row.at(4)?,
            teacher: row.at(5)?,
            room: row.at(6)?,
            attending: row.at::<String>(7)? == "attending",
            size: sizes.get(&id).map_or(0, |n| u32::try_from(*n).unwrap_or(0)),
            path: row.at(8)?,
        });
    }
    let sql = "select id, f_name, f_unit, f_certified, f_kind from r_staff where school_id = $1 and void_reason is null \
               order by f_name, id";
    for row in db.all(sql, args![scope.school]).await? {
        facts.staff.push(StaffRow {
            id: row.at(0)?,
            name: row.at(1)?,
            unit: row.at(2)?,
            certified: row.at(3)?,
            external: row.at::<String>(4)?.starts_with(FROM_OUTSIDE),
        });
    }
    let sql = "select id, f_name, f_kind, f_seats, f_unit, f_status, f_campus from r_room where school_id = $1 \
               and void_reason is null order by f_name, id";
    for row in db.all(sql, args![scope.school]).await? {
        facts.rooms.push(RoomRow {
            id: row.at(0)?,
            name: row.at(1)?,
            kind: row.at(2)?,
            seats: u32::try_from(row.at::<i64>(3)?).unwrap_or(0),
            unit: row.at(4)?,
            open: row.at::<String>(5)? == "in_use",
            campus: row.at(6)?,
        });
    }
    let sql = "select id, f_name from r_course where school_id = $1";
    for row in db.all(sql, args![scope.school]).await? {
        facts.courses.insert(row.at(0)?, row.at(1)?);
    }
    for (table, names) in [("unit", &mut facts.units), ("campus", &mut facts.campuses)] {
        let sql = format!("select id, f_name from r_{table} where school_id = $1");
        for row in db.all(&sql, args![scope.school]).await? {
            names.insert(row.at(0)?, row.at(1)?);
        }
    }
    if let Some(set) = scope.app.codes.get("SKDDLBDM") {
        facts.kinds = set
            .items
            .iter()
            .map(|(code, label)| (code.to_string(), label.to_string()))
            .collect();
    }
    Ok(facts)
}

/// Everything a term's timetable is made from.
pub async fn load(scope: &Scope, term: &Term) -> Result<Facts> {
    let mut facts = rolls(scope).await?;
    let (year, code) = term_key(term);
    let sql = "select id, f_number, state, version, f_plan, f_course, f_class, f_joint_one, f_joint_two, f_part, \
               f_teacher, f_second, f_weekly, f_blocks, f_weeks, f_need, f_room, f_kind, scope from r_offering \
               where school_id = $1 and f_year = $2 and f_term = $3 and void_reason is null and state <> $4 \
               order by f_number";
    let rows = scope
        .db()
        .all(sql, args![scope.school, year, code, crate::offering::STOPPED])
        .await?;
    for row in rows {
        let weekly = row.at(12)?;
        let blocks: Option<String> = row.at(13)?;
        let classes = [Some(row.at(6)?), row.at(7)?, row.at(8)?];
        facts.offerings.push(OfferingRow {
            id: row.at(0)?,
            number: row.at(1)?,
            state: row.at(2)?,
            version: row.at(3)?,
            plan: row.at(4)?,
            course: row.at(5)?,
            classes: classes.into_iter().flatten().collect(),
            part: match row.at::<String>(9)?.as_str() {
                "first" => Part::First,
                "second" => Part::Second,
                _ => Part::Whole,
            },
            teacher: row.at(10)?,
            second: row.at(11)?,
            weekly,
            // What was entered passed the same reading.
            blocks: blocks_of(blocks.as_deref(), weekly).unwrap_or_default(),
            weeks: WeekSet::parse(&row.at::<String>(14)?).unwrap_or_default(),
            need: row.at(15)?,
            room: row.at(16)?,
            kind: row.at(17)?,
            path: row.at(18)?,
        });
    }
    Ok(facts)
}
