//! Courses.

/// Category of a course (课程分类).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// 公共基础必修.
    General,
    /// 公共基础选修.
    GeneralElective,
    /// 专业基础.
    Foundation,
    /// 专业核心.
    Core,
    /// 专业拓展.
    Extension,
    /// 实践教学.
    Practice,
}

impl Category {
    /// 公共基础必修课 and so on.
    pub fn label(self) -> &'static str {
        match self {
            Self::General => "公共基础必修课",
            Self::GeneralElective => "公共基础选修课",
            Self::Foundation => "专业基础课",
            Self::Core => "专业核心课",
            Self::Extension => "专业拓展课",
            Self::Practice => "实践教学",
        }
    }
}

/// How a course ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Examined {
    /// 考试.
    Exam,
    /// 考查.
    Assessment,
}

/// Name, category, teaching group, majors (none: all), lessons a week, first and last term, examination.
pub type CourseLine = (
    &'static str,
    Category,
    usize,
    &'static [usize],
    u8,
    (u8, u8),
    Examined,
);

use Category::{Core, Extension, Foundation, General, GeneralElective, Practice};
use Examined::{Assessment, Exam};

/// All courses; groups and majors by their place in the lists of the catalogue.
#[rustfmt::skip]
pub const COURSES: &[CourseLine] = &[
    ("中国特色社会主义", General, 11, &[], 2, (1, 1), Exam),
    ("心理健康与职业生涯", General, 11, &[], 2, (2, 2), Exam),
    ("哲学与人生", General, 11, &[], 2, (3, 3), Exam),
    ("职业道德与法治", General, 11, &[], 2, (4, 4), Exam),
    ("语文", General, 12, &[], 3, (1, 4), Exam),
    ("历史", General, 12, &[], 2, (1, 2), Exam),
    ("数学", General, 13, &[], 3, (1, 4), Exam),
    ("英语", General, 14, &[], 3, (1, 4), Exam),
    ("信息技术", General, 16, &[], 3, (1, 2), Exam),
    ("体育与健康", General, 15, &[], 2, (1, 5), Assessment),
    ("艺术", General, 15, &[], 1, (1, 2), Assessment),
    ("劳动教育", General, 16, &[], 1, (1, 5), Assessment),
    ("国家安全教育", GeneralElective, 11, &[], 1, (3, 3), Assessment),
    ("中华优秀传统文化", GeneralElective, 12, &[], 1, (3, 4), Assessment),
    ("职业素养", GeneralElective, 16, &[], 1, (5, 5), Assessment),
    ("普通话与口语交际", GeneralElective, 12, &[], 1, (2, 2), Assessment),

    ("机械制图", Foundation, 0, &[0, 1, 2], 4, (1, 2), Exam),
    ("机械基础", Foundation, 0, &[0, 1, 2], 4, (2, 3), Exam),
    ("电工技术基础与技能", Foundation, 0, &[0, 2], 4, (1, 2), Exam),
    ("钳工技能实训", Practice, 1, &[0, 1], 4, (2, 2), Assessment),
    ("电气控制与可编程控制器", Core, 0, &[0, 2], 6, (3, 4), Exam),
    ("液压与气动技术", Core, 0, &[0, 2], 4, (4, 4), Exam),
    ("机电设备安装与调试", Core, 0, &[0], 6, (4, 5), Exam),
    ("数控车削编程与加工", Core, 1, &[1], 6, (3, 4), Exam),
    ("数控铣削编程与加工", Core, 1, &[1], 6, (4, 5), Exam),
    ("零件测量与质量控制", Extension, 1, &[0, 1], 2, (5, 5), Assessment),
    ("工业机器人编程与操作", Core, 0, &[2], 6, (3, 4), Exam),
    ("工业机器人工作站维护", Core, 0, &[2], 4, (5, 5), Exam),

    ("计算机组装与维护", Foundation, 2, &[3, 4, 5], 4, (1, 1), Exam),
    ("程序设计基础", Foundation, 2, &[3, 4, 5], 4, (2, 3), Exam),
    ("图形图像处理", Foundation, 3, &[3, 5], 4, (2, 3), Exam),
    ("数据库应用技术", Core, 2, &[3, 4], 4, (3, 4), Exam),
    ("网页设计与制作", Core, 2, &[3], 4, (4, 4), Exam),
    ("网络设备配置与管理", Core, 2, &[4], 6, (3, 4), Exam),
    ("网络综合布线", Core, 2, &[4], 4, (4, 5), Assessment),
    ("网络安全基础", Extension, 2, &[3, 4], 2, (5, 5), Assessment),
    ("图文编排与排版", Core, 3, &[5], 4, (3, 3), Exam),
    ("数字影音编辑与合成", Core, 3, &[5], 6, (3, 4), Exam),
    ("三维动画制作", Core, 3, &[5], 6, (4, 5), Exam),

    ("基础会计", Foundation, 4, &[6, 7, 8], 4, (1, 2), Exam),
    ("财经法规与职业道德", Foundation, 4, &[6], 3, (2, 2), Exam),
    ("企业财务会计", Core, 4, &[6], 6, (3, 4), Exam),
    ("纳税实务", Core, 4, &[6], 4, (4, 4), Exam),
    ("会计电算化", Core, 4, &[6], 4, (4, 5), Exam),
    ("出纳实务", Extension, 4, &[6], 2, (3, 3), Assessment),
    ("市场营销基础", Foundation, 5, &[7, 8], 3, (1, 2), Exam),
    ("电子商务基础", Foundation, 5, &[7], 3, (1, 1), Exam),
    ("物流基础", Foundation, 5, &[8], 3, (1, 1), Exam),
    ("网店运营与管理", Core, 5, &[7], 6, (3, 4), Exam),
    ("直播销售实务", Core, 5, &[7], 4, (4, 5), Assessment),
    ("商品图片拍摄与处理", Extension, 5, &[7], 3, (3, 3), Assessment),
    ("仓储作业实务", Core, 5, &[8], 4, (3, 4), Exam),
    ("运输与配送管理", Core, 5, &[8], 4, (4, 5), Exam),
    ("物流信息技术", Extension, 5, &[8], 2, (5, 5), Assessment),

    ("汽车机械基础", Foundation, 6, &[9, 10], 4, (1, 2), Exam),
    ("汽车电工电子基础", Foundation, 6, &[9, 10], 4, (2, 2), Exam),
    ("汽车发动机构造与维修", Core, 6, &[9], 6, (3, 4), Exam),
    ("汽车底盘构造与维修", Core, 6, &[9], 6, (4, 5), Exam),
    ("汽车电气设备构造与维修", Core, 6, &[9], 4, (4, 4), Exam),
    ("汽车维护与保养", Practice, 6, &[9, 10], 4, (3, 3), Assessment),
    ("新能源汽车高压安全与防护", Core, 6, &[10], 3, (3, 3), Exam),
    ("新能源汽车构造", Core, 6, &[10], 4, (3, 3), Exam),
    ("动力电池及管理系统检修", Core, 6, &[10], 6, (4, 5), Exam),

    ("旅游概论", Foundation, 7, &[11], 3, (1, 1), Exam),
    ("服务礼仪与沟通", Foundation, 7, &[11, 12], 2, (1, 2), Assessment),
    ("导游基础知识", Core, 7, &[11], 4, (2, 3), Exam),
    ("前厅与客房服务", Core, 7, &[11], 6, (3, 4), Exam),
    ("旅游政策与法规", Extension, 7, &[11], 2, (4, 4), Assessment),
    ("导游讲解实训", Practice, 7, &[11], 4, (4, 5), Assessment),
    ("烹饪原料与营养", Foundation, 8, &[12], 3, (1, 2), Exam),
    ("中餐热菜制作", Core, 8, &[12], 8, (2, 4), Exam),
    ("中式面点制作", Core, 8, &[12], 6, (3, 4), Exam),
    ("冷菜与食品雕刻", Extension, 8, &[12], 4, (5, 5), Assessment),
    ("餐饮食品安全", Core, 8, &[12], 2, (3, 3), Exam),

    ("建筑识图与构造", Foundation, 9, &[13], 4, (1, 2), Exam),
    ("建筑材料", Foundation, 9, &[13], 3, (2, 2), Exam),
    ("工程测量", Core, 9, &[13], 4, (3, 3), Exam),
    ("建筑辅助设计绘图", Extension, 9, &[13], 3, (3, 3), Assessment),
    ("建筑施工技术", Core, 9, &[13], 6, (3, 4), Exam),
    ("建筑工程计量", Core, 9, &[13], 4, (4, 5), Exam),
    ("素描与色彩", Foundation, 10, &[14], 6, (1, 2), Assessment),
    ("构成基础", Foundation, 10, &[14], 4, (2, 2), Assessment),
    ("数字化设计软件应用", Foundation, 10, &[14], 4, (2, 3), Exam),
    ("设计简史", Extension, 10, &[14], 2, (3, 3), Assessment),
    ("版式与图案设计", Core, 10, &[14], 6, (3, 4), Assessment),
    ("文创产品设计与制作", Core, 10, &[14], 6, (4, 5), Assessment),
    ("认识实习", Practice, 16, &[], 2, (2, 2), Assessment),
    ("岗位实习", Practice, 16, &[], 28, (6, 6), Assessment),
];
