//! Enterprises (合作企业) with their bases and mentors.

use anyhow::Result;
use kernel::app::Scope;
use kernel::register::field::Ref;
use partners::{
    BaseLevel, Depth, Enterprise, EnterpriseMentor, GroupRole, MentorKind, OutsideBase, Standing, Venue,
    credit,
};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::{code, sex_code};
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{before, later, majors, teacher, text};
use crate::identity::phone_number;
use crate::{AREAS, Sex};

/// Enterprises of each department.
pub const PER_DEPARTMENT: usize = 8;
/// Of these, the first that take interns.
pub const TAKING: usize = 6;
/// Of these, the first that have a base.
const BASES: usize = 2;
/// Telephone numbers count from here.
const PHONES: u64 = 71_000_000;

/// The trade of a department's enterprises: industry, sector, posts with two tasks each.
pub struct Trade {
    industry: &'static str,
    sector: &'static str,
    /// Posts and their tasks.
    pub posts: &'static [(&'static str, &'static str)],
}

/// By department.
pub const TRADES: &[Trade] = &[
    Trade {
        industry: "C",
        sector: "2",
        posts: &[
            ("数控车工", "轴类零件加工；首件自检与量具保养"),
            ("装配钳工", "部件装配与调整；装配精度检测"),
            ("设备点检", "设备日常点检；故障记录与报修"),
            ("质量检验", "来料检验；三坐标测量与记录"),
        ],
    },
    Trade {
        industry: "I",
        sector: "3",
        posts: &[
            ("网络运维", "机房巡检；交换机配置与故障处理"),
            ("前端制作", "页面制作；浏览器兼容测试"),
            ("影像后期", "素材整理；短片剪辑与字幕"),
            ("技术支持", "客户问题受理；设备安装调试"),
        ],
    },
    Trade {
        industry: "F",
        sector: "3",
        posts: &[
            ("出纳助理", "票据整理；日记账登记与核对"),
            ("电商客服", "订单处理；售后沟通与记录"),
            ("仓储管理", "入库验收；盘点与出库复核"),
            ("直播运营", "商品上架；直播数据整理"),
        ],
    },
    Trade {
        industry: "O",
        sector: "3",
        posts: &[
            ("机电维修", "常规保养；底盘与制动检修"),
            ("新能源检测", "绝缘检测辅助；电池包外观检查"),
            ("配件管理", "配件出入库；库存盘点"),
            ("服务顾问助理", "接车登记；维修进度跟踪"),
        ],
    },
    Trade {
        industry: "H",
        sector: "3",
        posts: &[
            ("前厅接待", "入住登记；客史档案整理"),
            ("中餐冷菜", "原料加工；冷盘制作与摆盘"),
            ("宴会服务", "摆台布置；席间服务"),
            ("讲解员", "展馆讲解；团队接待"),
        ],
    },
    Trade {
        industry: "E",
        sector: "2",
        posts: &[
            ("资料员助理", "工程资料整理；台账登记"),
            ("测量放样", "水准测量；轴线放样记录"),
            ("效果图制作", "建模渲染；图纸排版"),
            ("陈设设计助理", "方案配图；物料清单编制"),
        ],
    },
];

/// What other records refer to, by index of the enterprise.
pub struct Firms {
    /// Enterprises.
    pub ids: Vec<Uuid>,
    /// Bases.
    pub bases: Vec<Option<Uuid>>,
    /// Mentors.
    pub mentors: Vec<Vec<Uuid>>,
}

impl Firms {
    /// An enterprise.
    pub fn firm(&self, at: usize) -> Ref<Enterprise> {
        Ref::new(self.ids[at])
    }

    /// One of a department's enterprises that take interns.
    pub fn taking(&self, hand: &mut Hand, department: usize) -> usize {
        department * PER_DEPARTMENT + hand.rng.below(TAKING)
    }
}

/// Writes enterprises, bases and mentors.
pub async fn write(scope: &Scope, world: &World) -> Result<Firms> {
    let mut hand = Hand::new("enterprise");
    let mut firms = Firms {
        ids: vec![],
        bases: vec![],
        mentors: vec![],
    };
    let mut batch = Batch::new();
    for (at, name) in world.school.companies.iter().enumerate() {
        let record = enterprise(world, &mut hand, at, name);
        let day = before(world, 20);
        firms
            .ids
            .push(batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS)));
    }
    batch.write(scope).await?;
    firms.bases = bases(scope, world, &firms).await?;
    firms.mentors = mentors(scope, world, &firms).await?;
    Ok(firms)
}

fn enterprise(world: &World, hand: &mut Hand, at: usize, name: &str) -> Enterprise {
    let (department, place) = (at / PER_DEPARTMENT, at % PER_DEPARTMENT);
    let trade = &TRADES[department];
    let (area, district) = AREAS[hand.rng.below(AREAS.len())];
    let first = format!("91{area}MA{:06}X", 1_307 + at * 53);
    let last = credit::check_character(&first).expect("characters of a credit code");
    let scale = ["3", "4", "4", "5"][hand.rng.below(4)];
    let employees = match scale {
        "3" => hand.rng.between(300, 900),
        "4" => hand.rng.between(60, 260),
        _ => hand.rng.between(12, 40),
    };
    let city = if district.ends_with('区') {
        "清岚市"
    } else {
        ""
    };
    Enterprise {
        name: name.into(),
        credit_code: format!("{first}{last}"),
        nature: code(if hand.rng.chance(88) { "33" } else { "31" }),
        industry: code(trade.industry),
        sector: code(trade.sector),
        scale: code(scale),
        employees: employees.into(),
        venue: Venue::Ordinary,
        place: format!("{city}{district}"),
        address: format!(
            "产业园{}路{}号",
            hand.words(&["兴业", "创新", "联丰", "望湖", "青禾"]),
            at + 6
        ),
        contact: Some(hand.people.name(Sex::Female)),
        phone: Some(phone_number(PHONES, at as u64)),
        department: Some(world.department(department)),
        liaison: Some(world.staff(teacher(world, hand, department))),
        depth: match place {
            0 | 1 => Depth::Deep,
            2..=4 => Depth::Close,
            _ => Depth::General,
        },
        standing: match place {
            7 if department % 2 == 0 => Standing::Candidate,
            7 => Standing::Paused,
            _ => Standing::Active,
        },
        group_role: match (department, place) {
            (0, 0) => GroupRole::Lead,
            (_, 0) => GroupRole::Council,
            (_, 1..=3) => GroupRole::Member,
            _ => GroupRole::None,
        },
        integrated: place == 0 && department < 4,
        takes_interns: place < TAKING,
        since: (place < 7).then(|| before(world, hand.rng.between(200, 1800))),
        remark: None,
    }
}

async fn bases(scope: &Scope, world: &World, firms: &Firms) -> Result<Vec<Option<Uuid>>> {
    let mut hand = Hand::new("outside_base");
    let mut batch = Batch::new();
    let mut ids = vec![None; firms.ids.len()];
    for at in 0..firms.ids.len() {
        let (department, place) = (at / PER_DEPARTMENT, at % PER_DEPARTMENT);
        let applied = place == BASES && department < 2;
        if place >= BASES && !applied {
            continue;
        }
        let names: Vec<&str> = majors(world, department)
            .into_iter()
            .map(|major| world.school.majors[major].name)
            .collect();
        let from = before(world, hand.rng.between(60, 900));
        // One of the bases has run out of its term and still stands as running.
        let until = match (department, place) {
            (3, 1) => later(world.days.today, 0) - chrono::Days::new(12),
            _ => later(world.days.today, hand.rng.between(200, 700)),
        };
        let record = OutsideBase {
            number: format!("XW{:02}{:02}", department + 1, place + 1),
            name: format!(
                "{}校外实训基地",
                world.school.companies[at].trim_end_matches("有限公司")
            ),
            enterprise: firms.firm(at),
            kind: code("2"),
            level: match place {
                0 if department < 2 => BaseLevel::City,
                _ => BaseLevel::School,
            },
            department: Some(world.department(department)),
            manager: world.staff(teacher(world, &mut hand, department)),
            majors: names.join("、"),
            capacity: hand.rng.between(20, 60).into(),
            established_on: (!applied).then_some(from),
            cooperates_from: from,
            cooperates_until: Some(until),
            signed: code(if applied { "3" } else { "1" }),
            cooperation: code("1"),
            facilities: Some(text("配有培训教室和实习工位，提供工作餐，住宿步行可达")),
            photos: Default::default(),
        };
        let at_day = world.days.at(&mut hand.rng, from, OFFICE_HOURS);
        let id = batch.add_in(if applied { "申报中" } else { "运行中" }, &record, at_day);
        ids[at] = (!applied).then_some(id);
    }
    batch.write(scope).await?;
    Ok(ids)
}

async fn mentors(scope: &Scope, world: &World, firms: &Firms) -> Result<Vec<Vec<Uuid>>> {
    let mut hand = Hand::new("enterprise_mentor");
    let mut batch = Batch::new();
    let mut ids = vec![vec![]; firms.ids.len()];
    for (at, known) in ids.iter_mut().enumerate() {
        let (department, place) = (at / PER_DEPARTMENT, at % PER_DEPARTMENT);
        let count = match place {
            0 => 3,
            1..TAKING => 2,
            _ => 0,
        };
        for nth in 0..count {
            let sex = if hand.rng.chance(70) {
                Sex::Male
            } else {
                Sex::Female
            };
            let major = *hand.rng.pick(&majors(world, department));
            let proposed = (at + nth) % 17 == 5;
            let ended = !proposed && (at + nth) % 23 == 7;
            let appointed = before(world, hand.rng.between(30, 500));
            let until = match ended {
                true => before(world, 5),
                false => later(world.days.today, hand.rng.between(60, 700)),
            };
            let appointed = if ended { before(world, 700) } else { appointed };
            let record = EnterpriseMentor {
                name: hand.people.name(sex),
                sex: sex_code(sex),
                enterprise: firms.firm(at),
                position: hand
                    .words(&["班组长", "车间主任", "技术主管", "部门经理", "技师"])
                    .into(),
                kind: match (place, nth) {
                    (0, 0) if department < 3 => MentorKind::Craftsman,
                    (0, _) => MentorKind::Apprentice,
                    (1, 0) => MentorKind::Industry,
                    _ => MentorKind::Internship,
                },
                grade: Some(code(["1", "2", "2", "3", "3"][hand.rng.below(5)])),
                title: hand.rng.chance(30).then(|| "工程师".into()),
                years: hand.rng.between(5, 26).into(),
                phone: phone_number(PHONES, 1_000 + (at * 5 + nth) as u64),
                department: world.department(department),
                majors: world.school.majors[major].name.into(),
                limit: hand.rng.between(4, 8).into(),
                appointed_on: (!proposed).then_some(appointed),
                appointed_until: (!proposed).then_some(until),
                honours: (place == 0 && nth == 0).then(|| text("市级技术能手，参与校内技能大赛评判")),
            };
            let state = match (proposed, ended) {
                (true, _) => "拟聘",
                (_, true) => "聘期结束",
                _ => "在聘",
            };
            let at_day = world.days.at(&mut hand.rng, appointed, OFFICE_HOURS);
            let id = batch.add_in(state, &record, at_day);
            if !proposed && !ended {
                known.push(id);
            }
        }
    }
    batch.write(scope).await?;
    Ok(ids)
}
