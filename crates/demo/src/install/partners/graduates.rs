//! Last summer's graduates: their classes and files, where they went, and what they say half a year later.

use std::collections::HashMap;

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{Decimal, Ref};
use partners::{
    Destination, Employment, FollowUp, FollowUpMeans, FollowUpRound, FurtherStudy, Satisfaction, Unplaced,
};
use people::{Class, ClassStatus, Guardian, Student};
use uuid::Uuid;

use super::super::days::{EVENING, OFFICE_HOURS};
use super::super::people::{code, prepared, sex_code};
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::firms::{Firms, TRADES};
use super::{majors, passed, teacher, text, yuan};
use crate::identity::{id_number, phone_number};
use crate::{AREAS, Post, Sex, Unit};

/// Departments whose graduates are kept, a class each, and students of a class.
const CLASSES: usize = 4;
const OF_A_CLASS: usize = 33;
/// Telephone numbers count from here.
const PHONES: u64 = 73_000_000;

/// A graduate.
struct Graduate {
    id: Uuid,
    class: Uuid,
    department: usize,
    major: &'static str,
    follower: usize,
    fate: Fate,
}

/// Where a graduate went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Study,
    Work,
    Found,
    Helped,
    Seeking,
    Idle,
}

/// Writes classes, students and their destinations.
pub async fn write(scope: &Scope, world: &World, firms: &Firms) -> Result<()> {
    let graduates = graduates(scope, world).await?;
    study(scope, world, &graduates).await?;
    let places = work(scope, world, firms, &graduates).await?;
    help(scope, world, &graduates).await?;
    follow_up(scope, world, &graduates, &places).await
}

fn year(world: &World) -> i64 {
    i64::from(world.days.term.year().0)
}

async fn graduates(scope: &Scope, world: &World) -> Result<Vec<Graduate>> {
    let mut hand = Hand::new("graduate");
    let entry = world.days.term.year().0 - 3;
    let left = NaiveDate::from_ymd_opt(entry + 3, 7, 6).expect("a day");
    let mut classes = Batch::new();
    let mut students = Batch::new();
    let mut orders: HashMap<(usize, NaiveDate, Sex), u32> = HashMap::new();
    let mut graduates = vec![];
    for department in 0..CLASSES {
        let major = &world.school.majors[majors(world, department)[0]];
        let members = world.members(Unit::Department(department));
        let deputy = |at: &usize| world.school.staff[*at].post == Post::DeputyHead;
        let teacher = members
            .into_iter()
            .find(deputy)
            .unwrap_or(world.school.departments[department].head);
        let record = Class {
            name: format!("{entry}级{}1班", major.name),
            unit: world.department(department),
            entry_year: entry.into(),
            major_code: major.code.into(),
            major: major.name.into(),
            length: code("3"),
            track: code("0"),
            teacher: Some(world.staff(teacher)),
            room: None,
            status: ClassStatus::Graduated,
        };
        let class = classes.add(&record, prepared(&world.days, &mut hand));
        for seat in 1..=OF_A_CLASS {
            let sex = if hand.rng.chance(if department == 2 { 75 } else { 15 }) {
                Sex::Female
            } else {
                Sex::Male
            };
            let birth = crate::assemble::september(entry - 15) - Count::new(hand.rng.below(365) as u64 + 1);
            let area = hand.rng.below(AREAS.len());
            let order = orders.entry((area, birth, sex)).or_insert(400);
            *order += 1;
            let order = *order;
            let nth = (department * OF_A_CLASS + seat) as u64;
            let record = Student {
                number: format!("{entry}{:02}{seat:02}", department + 1),
                name: hand.people.name(sex),
                sex: sex_code(sex),
                id_kind: code("1"),
                id_number: Some(id_number(AREAS[area].0, birth, sex, order)),
                birth,
                ethnic: code("01"),
                political: code("03"),
                class: Ref::new(class),
                boarding: code("1"),
                origin: Some(code("111")),
                household: Some(code("1")),
                address: None,
                hardship: None,
                phone: Some(phone_number(PHONES, nth * 2)),
                guardian: Some(hand.people.name(Sex::Male)),
                guardian_is: Some(Guardian::Father),
                guardian_phone: Some(phone_number(PHONES, nth * 2 + 1)),
                enrolled_on: crate::assemble::september(entry),
                status: code("07"),
                left_on: Some(left),
            };
            let id = students.add(&record, prepared(&world.days, &mut hand));
            graduates.push(Graduate {
                id,
                class,
                department,
                major: major.name,
                follower: teacher,
                fate: match (nth as usize * 7) % 33 {
                    0..=8 => Fate::Study,
                    9 if seat % 2 == 0 => Fate::Found,
                    10 => Fate::Helped,
                    11 => Fate::Seeking,
                    12 if department == 1 => Fate::Idle,
                    _ => Fate::Work,
                },
            });
        }
    }
    classes.write(scope).await?;
    students.write(scope).await?;
    Ok(graduates)
}

async fn study(scope: &Scope, world: &World, graduates: &[Graduate]) -> Result<()> {
    const SCHOOLS: &[(&str, &str, &str)] = &[
        ("清岚职业技术大学", "2", "3"),
        ("清岚理工学院", "3", "3"),
        ("云陌职业技术学院", "1", "3"),
        ("松泽工程职业学院", "1", "7"),
        ("北渚交通职业学院", "1", "1"),
        ("鹿溪财经职业学院", "1", "3"),
        ("清岚科技职业学院", "1", "3"),
    ];
    let mut hand = Hand::new("further_study");
    let mut batch = Batch::new();
    let chosen = graduates.iter().filter(|graduate| graduate.fate == Fate::Study);
    for (nth, graduate) in chosen.enumerate() {
        let (school, level, channel) = SCHOOLS[nth % SCHOOLS.len()];
        let day = world.days.in_week((nth % 4 + 1) as u8);
        let exam = channel == "3";
        let record = FurtherStudy {
            student: Ref::new(graduate.id),
            class: Ref::new(graduate.class),
            year: year(world),
            channel: code(channel),
            level: code(level),
            school: school.into(),
            admitted_major: [
                "机电一体化技术",
                "计算机应用技术",
                "大数据与会计",
                "汽车检测与维修技术",
            ][graduate.department]
                .into(),
            related: nth % 9 != 4,
            score: exam.then(|| Decimal(i64::from(hand.rng.between(4300, 6400)))),
            notice: Some(format!("{}{:06}", year(world), 20_417 + nth * 37)),
            registered_on: day,
            reported_on: (nth % 6 != 1).then_some(day),
            files: Default::default(),
        };
        let state = [
            "已核实",
            "已核实",
            "已核实",
            "已核实",
            "已核实",
            "待核实",
            "已核实",
            "退回修改",
        ][nth % 8];
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

/// Writes the employments; gives the employer of each graduate who has one.
async fn work(
    scope: &Scope,
    world: &World,
    firms: &Firms,
    graduates: &[Graduate],
) -> Result<HashMap<Uuid, (String, bool)>> {
    let mut hand = Hand::new("employment");
    let mut batch = Batch::new();
    let mut places = HashMap::new();
    for (nth, graduate) in graduates.iter().enumerate() {
        if !matches!(graduate.fate, Fate::Work | Fate::Found | Fate::Helped) {
            continue;
        }
        let founder = graduate.fate == Fate::Found;
        let partner = !founder && hand.rng.chance(58);
        let firm = firms.taking(&mut hand, graduate.department);
        let employer = match (founder, partner) {
            (true, _) => format!("{}{}工作室", hand.people.name(Sex::Male), graduate.major),
            (_, true) => world.school.companies[firm].clone(),
            _ => hand.people.company(graduate.department),
        };
        let flexible = !founder && !partner && hand.rng.chance(20);
        let matching = founder || hand.rng.chance(if partner { 92 } else { 64 });
        let (post, _) = *hand.rng.pick(TRADES[graduate.department].posts);
        let day = world.days.in_week(match graduate.fate {
            Fate::Helped => 8,
            _ => (nth % 5 + 1) as u8,
        });
        places.insert(graduate.id, (employer.clone(), matching));
        let record = Employment {
            student: Ref::new(graduate.id),
            class: Ref::new(graduate.class),
            year: year(world),
            employer,
            partner,
            enterprise: partner.then(|| firms.firm(firm)),
            industry: code(["C", "I", "F", "O"][graduate.department]),
            nature: code("33"),
            scale: code(if founder {
                "5"
            } else {
                ["3", "4", "4"][hand.rng.below(3)]
            }),
            employed_on: day - Count::new(u64::from(hand.rng.between(6, 40))),
            wage: Some(yuan(hand.rng.between(34, 58) * 100)),
            matching,
            province: "本省".into(),
            city: if hand.rng.chance(84) {
                "清岚市"
            } else {
                "省会"
            }
            .into(),
            founder,
            project: founder.then(|| "家电与设备维修服务".into()),
            flexible,
            work: text(post),
            contract: !founder && !flexible,
            social_insurance: !founder && !flexible,
            registered_on: day,
            files: Default::default(),
        };
        let state = match nth % 11 {
            3 => "待核实",
            7 if nth % 2 == 0 => "退回修改",
            _ => "已核实",
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await?;
    Ok(places)
}

async fn help(scope: &Scope, world: &World, graduates: &[Graduate]) -> Result<()> {
    let mut hand = Hand::new("unplaced");
    let mut batch = Batch::new();
    for (nth, graduate) in graduates.iter().enumerate() {
        let (state, kind) = match graduate.fate {
            Fate::Helped => ("已落实", "1"),
            Fate::Seeking => ("帮扶中", "1"),
            Fate::Idle => ("暂不就业", "2"),
            _ => continue,
        };
        let day = world.days.in_week((nth % 2 + 2) as u8);
        let placed = state == "已落实";
        // One of those still sought for is past the day set.
        let due = if nth % 3 == 0 {
            passed(world, day, 50) - Count::new(3)
        } else {
            world.days.today + Count::new(20)
        };
        let record = Unplaced {
            student: Ref::new(graduate.id),
            class: Ref::new(graduate.class),
            year: year(world),
            kind: code(kind),
            reason: text(hand.words(&[
                "对工作地点有要求，暂未找到合适岗位",
                "试用后离职，正在重新应聘",
                "准备复习再次报考",
            ])),
            registered_on: day,
            helper: world.staff(teacher(world, &mut hand, graduate.department)),
            due: due.max(day),
            guidance: hand.rng.between(1, 4).into(),
            offers: hand.rng.between(2, 6).into(),
            measures: Some(text("一对一指导简历和面试，推荐合作企业岗位，每两周联系一次")),
            outcome: placed.then(|| text("已到推荐企业上岗，签订劳动合同")),
            placed_on: placed.then(|| world.days.in_week(8).max(day)),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn follow_up(
    scope: &Scope,
    world: &World,
    graduates: &[Graduate],
    places: &HashMap<Uuid, (String, bool)>,
) -> Result<()> {
    let mut hand = Hand::new("graduate_follow_up");
    let mut batch = Batch::new();
    for graduate in graduates {
        if hand.rng.chance(16) {
            continue;
        }
        let day = world.days.any(&mut hand.rng);
        let place = places.get(&graduate.id);
        let destination = match graduate.fate {
            Fate::Study => Destination::Study,
            Fate::Found => Destination::Own,
            Fate::Work | Fate::Helped => Destination::Job,
            Fate::Seeking => Destination::Seeking,
            Fate::Idle => Destination::Idle,
        };
        let working = matches!(destination, Destination::Job | Destination::Own);
        let seeking = destination == Destination::Seeking;
        let record = FollowUp {
            student: Ref::new(graduate.id),
            class: Ref::new(graduate.class),
            round: FollowUpRound::Half,
            followed_on: day,
            means: match hand.rng.between(1, 10) {
                1..=6 => FollowUpMeans::Phone,
                7..=8 => FollowUpMeans::Online,
                9 => FollowUpMeans::Form,
                _ => FollowUpMeans::Visit,
            },
            follower: world.staff(graduate.follower),
            destination,
            place: match destination {
                Destination::Study => Some("高职院校在读".into()),
                _ => place.map(|(employer, _)| employer.clone()),
            },
            post: None,
            matching: place.filter(|_| working).map(|(_, matching)| *matching),
            stable: working.then(|| hand.rng.chance(82)),
            promoted: working.then(|| hand.rng.chance(6)),
            income: working.then(|| yuan(hand.rng.between(36, 62) * 100)),
            satisfaction: match hand.rng.between(1, 100) {
                1..=42 => Satisfaction::Very,
                43..=93 => Satisfaction::Content,
                94..=98 => Satisfaction::Fair,
                _ => Satisfaction::Poor,
            },
            employer_view: (working && hand.rng.chance(45)).then(|| match hand.rng.between(1, 100) {
                1..=35 => Satisfaction::Very,
                36..=94 => Satisfaction::Content,
                _ => Satisfaction::Fair,
            }),
            wishes: hand.rng.chance(25).then(|| {
                text(hand.words(&[
                    "希望增加设备操作课时",
                    "希望多请企业师傅进课堂",
                    "建议加强沟通表达训练",
                    "希望学校组织校友交流",
                ]))
            }),
            needs_help: seeking,
            help: seeking.then(|| text("推荐两家合作企业岗位，约定面试时间")),
        };
        batch.add(&record, world.days.at(&mut hand.rng, day, EVENING));
    }
    batch.write(scope).await
}
