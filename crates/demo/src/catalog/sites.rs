//! Buildings, shared rooms and training rooms.

/// What a building is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BuildingKind {
    /// 教学楼.
    Teaching,
    /// 实训楼.
    Training,
    /// 综合楼.
    Office,
    /// 宿舍.
    Dormitory,
    /// 食堂.
    Canteen,
    /// 体育场馆.
    Sports,
}

/// What a room is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoomKind {
    /// 普通教室, the home of a class.
    Classroom,
    /// 阶梯教室.
    LectureHall,
    /// 报告厅.
    Auditorium,
    /// 录播教室.
    Recording,
    /// 会议室.
    Meeting,
    /// 心理辅导室.
    Counselling,
    /// 美术室, 音乐室.
    Arts,
    /// 操场, 体育馆.
    Sports,
    /// 图书阅览室.
    Library,
}

/// Safety class of a training room (安全等级).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SafetyClass {
    /// Ⅰ级 (红, 重大).
    I,
    /// Ⅱ级 (橙, 高).
    II,
    /// Ⅲ级 (黄, 中).
    III,
    /// Ⅳ级 (蓝, 低).
    IV,
}

impl SafetyClass {
    /// Ⅰ级 to Ⅳ级.
    pub fn label(self) -> &'static str {
        match self {
            Self::I => "Ⅰ级",
            Self::II => "Ⅱ级",
            Self::III => "Ⅲ级",
            Self::IV => "Ⅳ级",
        }
    }
}

use BuildingKind::{Canteen, Dormitory, Office, Sports, Teaching, Training};
use SafetyClass::{I, II, III, IV};

/// Buildings: name, kind, storeys. The first two hold the classrooms, the next three the training rooms.
pub const BUILDINGS: &[(&str, BuildingKind, u8)] = &[
    ("明理楼", Teaching, 5),
    ("致远楼", Teaching, 5),
    ("匠心楼", Training, 4),
    ("启航楼", Training, 5),
    ("尚技楼", Training, 4),
    ("汇智楼", Office, 6),
    ("春晖公寓", Dormitory, 6),
    ("秋实公寓", Dormitory, 6),
    ("知味餐厅", Canteen, 3),
    ("逐日体育馆", Sports, 2),
];

/// Shared rooms: name, building, kind, seats.
pub const SHARED_ROOMS: &[(&str, usize, RoomKind, u16)] = &[
    ("明理楼阶梯教室", 0, RoomKind::LectureHall, 160),
    ("致远楼阶梯教室", 1, RoomKind::LectureHall, 160),
    ("致远楼录播教室", 1, RoomKind::Recording, 50),
    ("汇智楼报告厅", 5, RoomKind::Auditorium, 420),
    ("汇智楼第一会议室", 5, RoomKind::Meeting, 40),
    ("汇智楼第二会议室", 5, RoomKind::Meeting, 24),
    ("心理辅导室", 5, RoomKind::Counselling, 12),
    ("图书阅览室", 5, RoomKind::Library, 180),
    ("音乐室", 1, RoomKind::Arts, 50),
    ("美术室", 1, RoomKind::Arts, 50),
    ("田径场", 9, RoomKind::Sports, 400),
    ("篮球馆", 9, RoomKind::Sports, 120),
];

/// Name, department, building, storey, stations, safety class, deciding hazard.
pub type TrainingRoomLine = (&'static str, usize, usize, u8, u16, SafetyClass, &'static str);

/// Training rooms, two or more of each safety class.
#[rustfmt::skip]
pub const TRAINING_ROOMS: &[TrainingRoomLine] = &[
    ("钳工实训室", 0, 2, 1, 45, III, "手工工具与台钻"),
    ("数控车实训室", 0, 2, 1, 24, II, "高速旋转机床"),
    ("数控铣实训室", 0, 2, 1, 20, II, "高速旋转机床"),
    ("焊接实训室", 0, 2, 1, 16, I, "明火与气瓶"),
    ("电工实训室", 0, 2, 2, 40, III, "交流380伏电源"),
    ("可编程控制器实训室", 0, 2, 3, 40, IV, "低压电气"),
    ("液压气动实训室", 0, 2, 2, 30, III, "带压介质"),
    ("工业机器人实训室", 0, 2, 2, 18, II, "机械臂运动伤害"),
    ("计算机组装实训室", 1, 3, 2, 45, IV, "低压电气"),
    ("网络搭建实训室", 1, 3, 3, 45, IV, "低压电气"),
    ("综合布线实训室", 1, 3, 2, 40, III, "登高作业"),
    ("程序设计机房", 1, 3, 4, 52, IV, "低压电气"),
    ("数字媒体机房", 1, 3, 4, 52, IV, "低压电气"),
    ("影音摄录棚", 1, 3, 5, 20, IV, "灯光高温"),
    ("会计电算化实训室", 2, 3, 3, 50, IV, "低压电气"),
    ("电子商务实训室", 2, 3, 3, 50, IV, "低压电气"),
    ("直播实训室", 2, 3, 5, 20, IV, "灯光高温"),
    ("仓储配送实训室", 2, 4, 1, 36, III, "叉车与高位货架"),
    ("发动机拆装实训室", 3, 4, 1, 32, II, "燃油与吊装"),
    ("汽车整车维护实训室", 3, 4, 1, 24, II, "举升机与燃油"),
    ("新能源汽车高压实训室", 3, 4, 2, 20, I, "动力电池高压电"),
    ("汽车喷涂实训室", 3, 4, 2, 12, I, "易燃涂料与溶剂"),
    ("前厅客房实训室", 4, 4, 3, 30, IV, "一般用电"),
    ("模拟导游实训室", 4, 4, 3, 40, IV, "一般用电"),
    ("中餐热菜实训室", 4, 4, 1, 32, I, "燃气与明火"),
    ("中式面点实训室", 4, 4, 2, 36, III, "蒸汽与和面机"),
    ("工程测量实训室", 5, 4, 4, 40, IV, "一般用电"),
    ("砌筑抹灰实训场", 5, 4, 1, 30, II, "脚手架作业"),
    ("陶艺实训室", 5, 4, 4, 30, III, "电窑高温"),
    ("图文设计机房", 5, 4, 4, 45, IV, "低压电气"),
];
