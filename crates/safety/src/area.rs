//! Where inspections look and hazards are found.
use kernel::choice;

choice!(
    /// 隐患区域
    Area {
        Teaching = "teaching" "教学区",
        Training = "training" "实训场所",
        Dormitory = "dormitory" "学生宿舍",
        Canteen = "canteen" "食堂",
        Gate = "gate" "校门及周边",
        Fire = "fire" "消防设施",
        Electric = "electric" "用电与配电",
        Sports = "sports" "运动场地",
        Building = "building" "建筑与在建工程",
        Other = "other" "其他",
    }
);
