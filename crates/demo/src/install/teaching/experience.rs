//! What younger pupils can try at the school (职业体验课程).

use ::teaching::{Audience, ExperienceCourse};
use anyhow::Result;
use kernel::app::Scope;
use kernel::register::field::{LongText, Money};
use uuid::Uuid;

use super::Taught;
use crate::Unit;
use crate::install::days::OFFICE_HOURS;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// A course: name, trade, major, training room, for whom, minutes, places, what comes of it, what to mind, state.
type Line = (
    &'static str,
    &'static str,
    usize,
    usize,
    Audience,
    i64,
    i64,
    &'static str,
    &'static str,
    &'static str,
);

const LINES: &[Line] = &[
    (
        "小小面点师",
        "面点师",
        12,
        25,
        Audience::UpperPrimary,
        90,
        36,
        "造型面点一份",
        "不进入蒸制区，洗手戴帽",
        "开放预约",
    ),
    (
        "机器人指挥官",
        "工业机器人操作员",
        2,
        7,
        Audience::Middle,
        100,
        18,
        "示教轨迹一段",
        "站在围栏外，由教师操作急停",
        "开放预约",
    ),
    (
        "电路点亮夜空",
        "电工",
        0,
        4,
        Audience::Middle,
        90,
        40,
        "低压彩灯一件",
        "只用安全电压，不碰配电箱",
        "开放预约",
    ),
    (
        "我来当导游",
        "导游",
        11,
        23,
        Audience::UpperPrimary,
        60,
        40,
        "一分钟讲解",
        "有序走动，不攀爬",
        "开放预约",
    ),
    (
        "直播小主播",
        "直播销售员",
        7,
        16,
        Audience::High,
        80,
        20,
        "短视频一条",
        "灯具高温，不触摸",
        "开放预约",
    ),
    (
        "泥与火的艺术",
        "陶艺师",
        14,
        28,
        Audience::LowerPrimary,
        90,
        30,
        "手捏陶器一件",
        "不靠近电窑",
        "开放预约",
    ),
    (
        "汽车小医生",
        "汽车维修工",
        9,
        19,
        Audience::Middle,
        90,
        24,
        "轮胎检查记录单",
        "举升机下不站人，戴手套",
        "开放预约",
    ),
    (
        "测一测我们的校园",
        "工程测量员",
        13,
        26,
        Audience::High,
        90,
        40,
        "校园平面草图",
        "仪器轻拿轻放，避开车道",
        "开放预约",
    ),
    (
        "电脑装机体验",
        "信息系统运维员",
        3,
        8,
        Audience::Middle,
        90,
        45,
        "装好的主机",
        "断电操作，防静电",
        "暂停开放",
    ),
    (
        "小小会计",
        "会计",
        6,
        14,
        Audience::UpperPrimary,
        60,
        50,
        "家庭账本一页",
        "不自行插拔电源",
        "待实训处审批",
    ),
    (
        "热菜品鉴与摆盘",
        "中式烹调师",
        12,
        24,
        Audience::Public,
        120,
        32,
        "摆盘作品",
        "不进入明火区",
        "待系部审批",
    ),
];

/// A course that is open to be booked.
pub struct Offer {
    pub id: Uuid,
    /// Index of the training room.
    pub room: usize,
    /// Index of the teacher in charge.
    pub leader: usize,
    pub minutes: i64,
    pub capacity: i64,
}

/// Writes the courses; gives those that are open.
pub async fn write(scope: &Scope, world: &World, taught: &Taught) -> Result<Vec<Offer>> {
    let mut hand = Hand::new("experience_course");
    let mut batch = Batch::new();
    let mut offers = vec![];
    for (nth, line) in LINES.iter().enumerate() {
        let (name, occupation, major, room, audience, minutes, capacity, product, safety, state) = *line;
        let department = world.school.majors[major].department;
        let leader = *hand.rng.pick(&world.members(Unit::Department(department)));
        let day = world.days.in_week(if state.starts_with('待') { 9 } else { 1 });
        let record = ExperienceCourse {
            number: format!("TY{:02}", nth + 1),
            name: name.into(),
            occupation: occupation.into(),
            unit: world.department(department),
            major: Some(taught.major(major)),
            leader: world.staff(leader),
            designed_on: day,
            audience,
            room: world.training_room(room),
            minutes,
            capacity,
            instructors: (capacity + 19) / 20,
            steps: LongText("认识职业和工具；看教师示范；分组动手完成一件作品；展示交流，谈收获".into()),
            product: Some(product.into()),
            safety: LongText(safety.into()),
            fee: Money(0),
            files: Default::default(),
        };
        let id = batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        if state == "开放预约" {
            offers.push(Offer {
                id,
                room,
                leader,
                minutes,
                capacity,
            });
        }
    }
    batch.write(scope).await?;
    Ok(offers)
}
