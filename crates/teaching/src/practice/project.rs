use crate::{Major, PlannedCourse, TrainingRoom};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, LongText, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, RESEARCH_LEAD, TEACHER, TEACHING_OFFICE, TRAINING_OFFICE};

choice!(
    /// 开出状态
    ProjectStatus {
        Planned = "planned" "计划",
        Opened = "opened" "已开出",
        Dropped = "dropped" "未开出",
    }
);

/// 实训项目：每学期各专业要开的实训项目、学时、场地和安全要点，按国家实训项目数据子类填写。系部编制，实训处汇总开出率。
#[derive(Clone, Debug, Register)]
#[register(
    id = "training_project",
    title = "实训项目",
    group = "training",
    systems = "C2",
    label = "name",
    key = "number",
    unique = "number",
    within = "major",
    owner = "leader"
)]
pub struct TrainingProject {
    #[field(label = "实训项目编号", list, max = 32, dataset = "T17.SXXMBH")]
    pub number: String,
    #[field(label = "实训项目名称", list, max = 150, dataset = "T17.SXXMMC")]
    pub name: String,
    #[field(
        label = "归口专业",
        list,
        filter,
        dataset = "T17.GKZYDM:code, T17.GKZYMC:name"
    )]
    pub major: Ref<Major>,
    #[field(
        label = "学年（起始年）",
        list,
        filter,
        max = 2100,
        dataset = "T17.XN",
        help = "2026—2027学年填2026"
    )]
    pub year: i64,
    #[field(label = "学期", list, filter, code = "XQDM", dataset = "T17.XQ")]
    pub term: Code,
    #[field(label = "所属计划课程", dataset = "T17.SSJHKCH:number")]
    pub plan: Option<Ref<PlannedCourse>>,
    #[field(label = "负责教师", list)]
    pub leader: Ref<Staff>,
    #[field(label = "校内实训室", list, filter, dataset = "T17.XNSXSH:number")]
    pub room: Option<Ref<TrainingRoom>>,
    #[field(
        label = "其他实训地点",
        max = 100,
        dataset = "T17.QTSXDD",
        help = "不在校内实训室时填写"
    )]
    pub place: Option<String>,
    #[field(label = "学生实训课时数", list, max = 2000, dataset = "T17.XSSXKSS")]
    pub hours: i64,
    #[field(label = "模块数量", max = 200, dataset = "T17.MKSL")]
    pub modules: Option<i64>,
    #[field(label = "每组人数", max = 60)]
    pub group_size: i64,
    #[field(label = "虚拟仿真项目", filter, dataset = "T17.SFXNFZSXXM")]
    pub simulated: bool,
    #[field(label = "对外服务", filter, dataset = "T17.SFDWFW")]
    pub serves: bool,
    #[field(label = "典型任务名称", max = 128, dataset = "T17.DXRWMC")]
    pub task: Option<String>,
    #[field(label = "技能要求", max = 999, dataset = "T17.JNYQ")]
    pub skills: Option<LongText>,
    #[field(label = "考核方式", max = 180, dataset = "T17.KHFS")]
    pub exam: Option<String>,
    #[field(label = "配套实训资源", max = 128, dataset = "T17.PTSXZYMC")]
    pub resource: Option<String>,
    #[field(
        label = "安全要点",
        max = 500,
        help = "上课前讲给学生的：危险源、防护用品、禁止动作、应急处置"
    )]
    pub safety: LongText,
    #[field(label = "开出状态", list, filter)]
    pub status: ProjectStatus,
}

impl Rules for TrainingProject {
    fn indicators() -> Vec<IndicatorSpec> {
        let opened = || Filter::is("status", "opened");
        vec![
            indicator(
                "training_project_opened",
                "实训项目开出率",
                "已开出的实训项目 ÷ 全部实训项目",
                "%",
                Measure::Share {
                    of: opened(),
                    among: Filter::all(),
                },
            )
            .also(&["实训开出率", "实训课开出率", "实验实训开出率"]),
            indicator(
                "training_projects",
                "实训项目数",
                "已开出的实训项目",
                "个",
                Measure::Count { of: opened() },
            ),
            indicator(
                "training_projects_simulated",
                "虚拟仿真实训项目数",
                "已开出的虚拟仿真实训项目",
                "个",
                Measure::Count {
                    of: opened().and("simulated", Op::Is, true),
                },
            )
            .also(&["虚拟仿真项目"]),
            indicator(
                "training_project_hours",
                "实训课时数",
                "已开出实训项目的学生实训课时合计",
                "课时",
                Measure::Sum {
                    of: opened(),
                    field: "hours".into(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("task", "实训任务书")
                .fields(&[
                    "number",
                    "name",
                    "major",
                    "leader",
                    "room",
                    "place",
                    "hours",
                    "modules",
                    "group_size",
                    "task",
                    "exam",
                    "resource",
                ])
                .heading("技能要求")
                .text("{skills}")
                .heading("安全要点（课前讲解，学生签字确认）")
                .text("{safety}")
                .signatures(&["指导教师", "学生", "日期"]),
            list_form(
                "list",
                "学期实训项目开出计划表",
                &[
                    "number",
                    "name",
                    "leader",
                    "room",
                    "hours",
                    "group_size",
                    "status",
                ],
                &["备注"],
            )
            .by("major"),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(RESEARCH_LEAD, Reach::Own),
            may_write(TEACHER, Reach::Own),
            may_read(TEACHER, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let place = filled(self.place.as_deref());
        Checks::new()
            .school_year(self.year, ctx.today, "year")
            .refuse(
                self.room.is_none() && !place,
                "room",
                "请选择校内实训室，或填写其他实训地点",
            )
            .refuse(self.hours == 0, "hours", "学生实训课时数应大于0")
            .refuse(self.group_size == 0, "group_size", "每组人数应大于0")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn a_project_has_a_place_hours_and_groups() {
        let sample = TrainingProject {
            number: "SXXM001".into(),
            name: "六角螺母锉削".into(),
            major: Ref::new(Uuid::nil()),
            year: i64::from(chrono::Datelike::year(&test_day())),
            term: Code("1".into()),
            plan: None,
            leader: Ref::new(Uuid::nil()),
            room: None,
            place: Some("合作企业车间".into()),
            hours: 12,
            modules: Some(3),
            group_size: 2,
            simulated: false,
            serves: false,
            task: None,
            skills: None,
            exam: None,
            resource: None,
            safety: LongText("戴护目镜；不用嘴吹铁屑".into()),
            status: ProjectStatus::Planned,
        };
        assert!(refused(&sample).is_empty());
        let bare = TrainingProject {
            place: None,
            hours: 0,
            group_size: 0,
            year: 1999,
            ..sample.clone()
        };
        assert_eq!(refused(&bare), ["year", "room", "hours", "group_size"]);
        let room = Some(Ref::new(Uuid::nil()));
        let inside = TrainingProject {
            room,
            place: None,
            ..sample
        };
        assert!(refused(&inside).is_empty());
    }
}
