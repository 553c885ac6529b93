//! Majors (专业), the surveys of what the trade needs, and the changes applied for.

use ::teaching::{Major, MajorChange, MajorProposal, MajorStatus, MajorSurvey, SurveyKind};
use anyhow::Result;
use chrono::{Datelike, Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{LongText, Money, Ref};
use uuid::Uuid;

use crate::install::days::OFFICE_HOURS;
use crate::install::people::{code, prepared};
use crate::install::world::{Hand, World, clip};
use crate::install::write::Batch;
use crate::{Post, Unit};

/// By index of the major: year of approval, cluster, occupations, certificate, level and sort of a key major.
type Line = (
    i32,
    &'static str,
    &'static str,
    &'static str,
    Option<(&'static str, &'static str)>,
);

const LINES: &[Line] = &[
    (
        1996,
        "智能制造专业群",
        "机电设备装调、生产线运行维护、售后技术员",
        "电工四级",
        Some(("2", "3")),
    ),
    (
        1998,
        "智能制造专业群",
        "数控车工、数控铣工、质量检验员",
        "车工四级",
        Some(("2", "1")),
    ),
    (
        2018,
        "智能制造专业群",
        "工业机器人操作员、系统运维员",
        "工业机器人系统操作员四级",
        None,
    ),
    (
        1999,
        "信息技术专业群",
        "程序开发助理、信息系统运维、技术支持",
        "计算机程序设计员四级",
        None,
    ),
    (
        2006,
        "信息技术专业群",
        "网络管理员、综合布线工程员",
        "网络与信息安全管理员四级",
        None,
    ),
    (
        2013,
        "信息技术专业群",
        "视频剪辑、三维建模、新媒体制作",
        "数字影像处理职业技能等级（初级）",
        None,
    ),
    (
        1995,
        "现代商贸专业群",
        "出纳、会计助理、办税员",
        "智能财税职业技能等级（初级）",
        Some(("2", "1")),
    ),
    (
        2010,
        "现代商贸专业群",
        "网店运营、直播销售、客服专员",
        "电子商务师四级",
        None,
    ),
    (
        2011,
        "现代商贸专业群",
        "仓储管理员、配送调度员",
        "物流服务师四级",
        None,
    ),
    (
        2002,
        "汽车专业群",
        "汽车机电维修工、服务顾问",
        "汽车维修工四级",
        Some(("2", "2")),
    ),
    (
        2019,
        "汽车专业群",
        "新能源汽车检修工、充电设施运维员",
        "汽车维修工四级",
        None,
    ),
    (
        2004,
        "旅游服务专业群",
        "导游、酒店前厅与客房服务员",
        "前厅服务员四级",
        None,
    ),
    (
        2008,
        "旅游服务专业群",
        "中式烹调师、中式面点师",
        "中式烹调师四级",
        None,
    ),
    (
        2005,
        "建筑艺术专业群",
        "施工员、测量员、资料员",
        "工程测量员四级",
        None,
    ),
    (
        2012,
        "建筑艺术专业群",
        "平面设计助理、文创产品设计员",
        "产品创意设计职业技能等级（初级）",
        None,
    ),
];

/// Advice a survey gave, dealt in turn.
const ADVICE: &[(&str, &str, &str)] = &[
    (
        "会读图、会规范操作、能填工艺文件；守时、肯学、能沟通",
        "设备联网与数据看板",
        "增加数字化设备操作与数据记录的教学内容，实训考核引入企业验收单",
    ),
    (
        "基本功扎实，能独立完成单项任务，有安全和质量意识",
        "自动化生产线与柔性加工",
        "把岗位典型任务改成教学项目，减少验证性实验",
    ),
    (
        "熟悉业务流程，软件操作熟练，文字表达清楚",
        "云平台协同与智能客服",
        "更新软件版本，增加真实业务案例和跟岗学习",
    ),
    (
        "服务意识强，仪容规范，能应对突发情况",
        "移动支付与线上预订",
        "加强礼仪与沟通训练，与企业共用服务标准",
    ),
];

/// Writes majors, surveys and proposals; gives the majors' ids.
pub async fn write(scope: &Scope, world: &World) -> Result<Vec<Uuid>> {
    let mut hand = Hand::new("major");
    let mut batch = Batch::new();
    let mut ids = vec![];
    for (at, major) in world.school.majors.iter().enumerate() {
        let (year, cluster, occupations, certificates, key) = LINES[at];
        let day = |month| NaiveDate::from_ymd_opt(year, month, 1).expect("a day");
        let record = Major {
            code: major.code.into(),
            name: major.name.into(),
            unit: world.department(major.department),
            cluster: Some(cluster.into()),
            cluster_number: Some(format!("ZYQ{:02}", major.department + 1)),
            approved_on: day(3),
            first_enrolment: day(9),
            length: code("3"),
            key_major: key.is_some(),
            key_level: key.map(|(level, _)| code(level)),
            key_kind: key.map(|(_, kind)| code(kind)),
            leader: world.staff(leader(world, major.department, at)),
            occupations: LongText(occupations.into()),
            certificates: Some(certificates.into()),
            status: MajorStatus::Enrolling,
            ended_on: None,
        };
        ids.push(batch.add(&record, prepared(&world.days, &mut hand)));
    }
    batch.write(scope).await?;
    let surveys = surveys(scope, world, &ids).await?;
    proposals(scope, world, &ids, &surveys).await?;
    Ok(ids)
}

/// The teacher who leads a major: a lead of one of the department's groups.
pub fn leader(world: &World, department: usize, at: usize) -> usize {
    let members = world.members(Unit::Department(department));
    let leads: Vec<usize> = members
        .into_iter()
        .filter(|member| world.school.staff[*member].post == Post::GroupLead)
        .collect();
    match leads.len() {
        0 => world.school.departments[department].head,
        count => leads[at % count],
    }
}

/// One survey of each major, two of some; two majors have none yet.
async fn surveys(scope: &Scope, world: &World, majors: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut hand = Hand::new("major_survey");
    let mut batch = Batch::new();
    let mut ids = vec![];
    for nth in 0..majors.len() + 7 {
        let at = nth % majors.len();
        if matches!(at, 8 | 13) {
            continue;
        }
        let major = &world.school.majors[at];
        let leader = leader(world, major.department, at);
        let kind = [
            SurveyKind::Enterprise,
            SurveyKind::Graduates,
            SurveyKind::Enterprise,
            SurveyKind::Labour,
            SurveyKind::Trade,
            SurveyKind::Form,
        ][nth % 6];
        let company = &world.school.companies[major.department * 8 + nth % 8];
        let object = match kind {
            SurveyKind::Enterprise => format!("{company}等企业"),
            SurveyKind::Graduates => format!("{}专业近三年毕业生", major.name),
            SurveyKind::Labour => "市人力资源市场招聘信息".into(),
            SurveyKind::Trade => "本地行业协会会员单位".into(),
            SurveyKind::Schools => "省内同类学校".into(),
            SurveyKind::Form => format!("{}岗位用人单位问卷", major.name),
        };
        let (skills, trends, advice) = ADVICE[match major.department {
            0 | 3 => nth % 2,
            4 => 3,
            _ => 2,
        }];
        let day = world.days.any(&mut hand.rng);
        let employers = match kind {
            SurveyKind::Graduates => 0,
            _ => i64::from(hand.rng.between(4, 18)),
        };
        let state = match world.days.age(day) {
            ..=6 => "待审核",
            _ if nth == 5 => "已退回",
            7..=35 => "已审核",
            _ => "已采用",
        };
        let record = MajorSurvey {
            major: Ref::new(majors[at]),
            surveyed_on: day,
            kind,
            object: clip(&object, 100),
            employers,
            persons: hand.rng.between(12, 160).into(),
            leader: world.staff(leader),
            members: None,
            posts: LongText(LINES[at].2.into()),
            demand: Some(hand.rng.between(20, 180).into()),
            skills: LongText(skills.into()),
            trends: Some(LongText(trends.into())),
            advice: LongText(advice.into()),
            used: (state == "已采用")
                .then(|| LongText(format!("已写入{}专业人才培养方案修订稿", major.name))),
            files: Default::default(),
        };
        ids.push(batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS)));
    }
    batch.write(scope).await?;
    Ok(ids)
}

/// A proposal: week, change, major it concerns, code, name, department, places, state.
type Asked = (
    u8,
    MajorChange,
    Option<usize>,
    &'static str,
    &'static str,
    usize,
    i64,
    &'static str,
);

const PROPOSALS: &[Asked] = &[
    (
        2,
        MajorChange::Add,
        None,
        "710205",
        "大数据技术应用",
        1,
        45,
        "待批复",
    ),
    (
        1,
        MajorChange::Direction,
        Some(0),
        "660301",
        "机电技术应用（增材制造方向）",
        0,
        40,
        "已批复",
    ),
    (
        6,
        MajorChange::Add,
        None,
        "660601",
        "无人机操控与维护",
        0,
        40,
        "待教务处审批",
    ),
    (
        4,
        MajorChange::Replace,
        Some(11),
        "740104",
        "康养休闲旅游服务",
        4,
        40,
        "退回修改",
    ),
    (
        3,
        MajorChange::Pause,
        Some(13),
        "640301",
        "建筑工程施工",
        5,
        0,
        "待学校审批",
    ),
    (
        10,
        MajorChange::Add,
        None,
        "730802",
        "冷链物流服务与管理",
        2,
        40,
        "待系部审批",
    ),
    (2, MajorChange::Add, None, "750113", "工艺美术", 5, 30, "未批准"),
];

async fn proposals(scope: &Scope, world: &World, majors: &[Uuid], surveys: &[Uuid]) -> Result<()> {
    let mut hand = Hand::new("major_proposal");
    let mut batch = Batch::new();
    for (nth, asked) in PROPOSALS.iter().enumerate() {
        let (week, change, major, number, name, department, capacity, state) = *asked;
        let day = world.days.in_week(week);
        let new = matches!(change, MajorChange::Add | MajorChange::Replace);
        let argued = !matches!(state, "待系部审批" | "待教务处审批" | "退回修改");
        let decided = matches!(state, "待批复" | "已批复").then(|| {
            world
                .days
                .at_or_before((day + Count::new(25)).min(world.days.today))
        });
        let approved = state == "已批复";
        let teachers: i64 = hand.rng.between(5, 9).into();
        let record = MajorProposal {
            applied_on: day,
            change,
            major: major.map(|at| Ref::new(majors[at])),
            code: number.into(),
            name: name.into(),
            unit: world.department(department),
            applicant: world.staff(leader(world, department, nth)),
            length: new.then(|| code("3")),
            capacity,
            survey: new.then(|| Ref::new(surveys[nth * 2 % surveys.len()])),
            reason: LongText(
                if capacity == 0 {
                    "近两年报名人数连续下降，拟先停招一年，集中力量调整课程与实训条件"
                } else {
                    "本地产业园近年引进相关企业，调研企业反映一线技能人才不足，现有师资和实训条件可以支撑"
                }
                .into(),
            ),
            teachers,
            seniors: teachers / 2,
            equipment: new.then(|| Money(i64::from(hand.rng.between(80, 260)) * 1_000_000)),
            students: (capacity == 0)
                .then(|| LongText("在校两个年级按原方案培养到毕业，教师和实训室不撤并".into())),
            verdict: argued.then(|| LongText("专业建设委员会论证：方向符合区域需求，建议按程序报批".into())),
            decided_on: decided,
            approval: approved.then(|| format!("清教职〔{}〕31号", day.year())),
            from_year: approved.then(|| i64::from(day.year()) + 1),
            files: Default::default(),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
