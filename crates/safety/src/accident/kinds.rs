//! What an accident is told apart by.
use kernel::choice;

choice!(
    /// 事故发生时段
    Occasion {
        Lesson = "lesson" "课堂教学",
        Sports = "sports" "体育课或体育活动",
        Training = "training" "实训教学",
        Recess = "recess" "课间",
        Dormitory = "dormitory" "宿舍",
        Canteen = "canteen" "食堂就餐",
        Journey = "journey" "上下学途中",
        Outing = "outing" "校外集体活动",
        Internship = "internship" "岗位实习",
        Other = "other" "其他",
    }
);

choice!(
    /// 伤害类型
    AccidentKind {
        Fall = "fall" "跌倒摔伤",
        Collision = "collision" "碰撞挤压",
        Machine = "machine" "机械伤害",
        Electric = "electric" "触电",
        Burn = "burn" "烧烫伤",
        Traffic = "traffic" "交通事故",
        Water = "water" "溺水",
        Food = "food" "食物中毒",
        Illness = "illness" "突发疾病",
        Fight = "fight" "打架斗殴",
        Animal = "animal" "动物咬伤",
        Other = "other" "其他",
    }
);

choice!(
    /// 伤害程度; the codes sort from light to grave.
    Severity {
        Slight = "1" "轻微伤",
        Light = "2" "轻伤",
        Serious = "3" "重伤",
        Death = "4" "死亡",
    }
);

choice!(
    /// 保险情况
    Insurance {
        School = "school" "校方责任险",
        Accident = "accident" "学生意外险",
        Internship = "internship" "实习责任险",
        Several = "several" "多种保险",
        None = "none" "未投保",
    }
);
