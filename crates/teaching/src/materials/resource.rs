use crate::Major;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, IT_CENTER, RESEARCH_LEAD, RESEARCH_OFFICE, TEACHER, TEACHING_OFFICE};
use people::{Course, Staff, Unit};

choice!(
    /// 资源类别
    ResourceCategory {
        Piece = "piece" "单个资源",
        OpenCourse = "open_course" "在线精品课程",
        Library = "library" "专业教学资源库",
        Virtual = "virtual" "虚拟仿真资源",
    }
);

/// 数字资源与精品课程：教师建设的教学资源和在线精品课程，教研室、系部、教务处审核后入库，按国家数字资源数据子类填写。
#[derive(Clone, Debug, Register)]
#[register(
    id = "digital_resource",
    title = "数字资源与精品课程",
    group = "teaching",
    systems = "B13",
    label = "name",
    key = "number",
    unique = "number",
    date = "created_on",
    within = "unit",
    owner = "keeper"
)]
pub struct DigitalResource {
    #[field(label = "资源编号", list, max = 100, dataset = "T21.ZYBH")]
    pub number: String,
    #[field(label = "资源名称", list, max = 200, dataset = "T21.ZYMC")]
    pub name: String,
    #[field(label = "资源类别", list, filter)]
    pub category: ResourceCategory,
    #[field(label = "资源类型", list, filter, code = "SZZYLXDM", dataset = "T21.ZYLXM")]
    pub kind: Code,
    #[field(
        label = "资源级别",
        list,
        filter,
        code = "JBDM",
        dataset = "T21.ZYJBM",
        help = "没有认定过的选校级或院系级"
    )]
    pub level: Code,
    #[field(
        label = "国家平台类型",
        code = "GJPTDJZYLXDM",
        dataset = "T21.GJZHJXPTZYLXM",
        help = "接入国家智慧教育平台的填写"
    )]
    pub national: Option<Code>,
    #[field(label = "所属教研室", list, filter)]
    pub unit: Ref<Unit>,
    #[field(
        label = "所属专业",
        filter,
        dataset = "T21.SSZYDM:code",
        help = "公共基础课不填"
    )]
    pub major: Option<Ref<Major>>,
    #[field(label = "关联课程", list, filter, dataset = "T21.GLKCH:code")]
    pub course: Option<Ref<Course>>,
    #[field(label = "负责人", list, dataset = "T21.ZYFZRH:number")]
    pub keeper: Ref<Staff>,
    #[field(label = "团队成员", max = 200)]
    pub team: Option<String>,
    #[field(label = "创建日期", list, dataset = "T21.ZYCJSJ")]
    pub created_on: NaiveDate,
    #[field(label = "更新日期", dataset = "T21.ZYGXSJ")]
    pub updated_on: Option<NaiveDate>,
    #[field(label = "访问地址", max = 300)]
    pub address: Option<String>,
    #[field(label = "时长（分钟）", max = 100_000, help = "微课、视频填写")]
    pub minutes: Option<i64>,
    #[field(label = "内容简介", max = 500)]
    pub summary: LongText,
    #[field(label = "原创或有授权", help = "使用他人素材须有授权，文字、图片、音乐同样")]
    pub licensed: bool,
    #[field(label = "认定文号", max = 60, help = "省市级精品课程填写")]
    pub recognised: Option<String>,
    #[field(label = "附件", help = "可不传")]
    pub files: Files,
}

impl Rules for DigitalResource {
    fn flow() -> Flow {
        Flow::approvals(
            &[
                Stage::by(
                    "group",
                    "教研室",
                    &[Who::Role(RESEARCH_LEAD), Who::Role(DEPARTMENT_HEAD)],
                )
                .days(5),
                Stage::by("office", "教务处", &[Who::Role(TEACHING_OFFICE)]).days(7),
            ],
            "已入库",
        )
        .dropped("已下架")
        .step(
            "withdraw_from",
            "下架",
            &["已入库"],
            "已下架",
            &[Who::Role(TEACHING_OFFICE), Who::Role(IT_CENTER)],
        )
        .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let kept = || Filter::state("已入库");
        let course = || kept().and("category", Op::Is, "open_course");
        vec![
            indicator(
                "resources",
                "数字资源数",
                "已入库的数字资源",
                "个",
                Measure::Count { of: kept() },
            )
            .standing()
            .also(&["课程资源数", "教学资源数"]),
            indicator(
                "resource_open_courses",
                "精品课程门数",
                "已入库的在线精品课程",
                "门",
                Measure::Count { of: course() },
            )
            .standing()
            .also(&["校级精品课程", "精品课程", "在线精品课程门数"]),
            indicator(
                "resource_open_courses_city",
                "市级以上精品课程门数",
                "已入库、级别为地市级及以上的在线精品课程",
                "门",
                Measure::Count {
                    of: course().and("level", Op::AtMost, "30"),
                },
            )
            .standing()
            .also(&["省市级精品课程", "省级精品课程"]),
            indicator(
                "resource_coverage",
                "课程资源覆盖率",
                "有已入库数字资源的课程 ÷ 课程库中的课程",
                "%",
                Measure::Coverage {
                    of: kept(),
                    field: "course".into(),
                    all: Filter::all(),
                },
            )
            .standing(),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "数字资源入库",
                "教务处",
                "教师上传自己建设的资源或精品课程，教研室五天、教务处七天内审核",
            )
            .for_roles(&[TEACHER, RESEARCH_LEAD, DEPARTMENT_HEAD]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("review", "数字资源（精品课程）审核表")
                .fields(&[
                    "number",
                    "name",
                    "category",
                    "kind",
                    "level",
                    "major",
                    "course",
                    "keeper",
                    "team",
                    "created_on",
                    "minutes",
                    "licensed",
                    "address",
                    "summary",
                ])
                .approvals()
                .signatures(&["资源负责人（原创承诺）", "教务处（盖章）"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(RESEARCH_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(RESEARCH_LEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(TEACHER, Reach::School),
            may_read(IT_CENTER, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let open = self.category == ResourceCategory::OpenCourse;
        Checks::new()
            .not_after_today(self.created_on, ctx.today, "created_on")
            .in_order(
                self.created_on,
                self.updated_on,
                "updated_on",
                "更新日期不能早于创建日期",
            )
            .not_after_today(self.updated_on, ctx.today, "updated_on")
            .refuse(
                open && self.course.is_none(),
                "course",
                "在线精品课程请选择对应的课程",
            )
            .refuse(
                open && !filled(self.address.as_deref()),
                "address",
                "在线精品课程请填写访问地址",
            )
            .refuse(
                !self.licensed,
                "licensed",
                "没有授权的资源不能入库，请先取得授权或换用原创素材",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        // 10 国家级, 20 省部级, 30 地市级.
        let high = matches!(self.level.0.as_str(), "10" | "20" | "30");
        Checks::new()
            .refuse(
                high && !filled(self.recognised.as_deref()),
                "recognised",
                "市级以上的资源请填写认定文号",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> DigitalResource {
        DigitalResource {
            number: "ZY2026001".into(),
            name: "钳工划线微课".into(),
            category: ResourceCategory::Piece,
            kind: Code("4".into()),
            level: Code("60".into()),
            national: None,
            unit: Ref::new(Uuid::nil()),
            major: None,
            course: None,
            keeper: Ref::new(Uuid::nil()),
            team: None,
            created_on: test_day(),
            updated_on: None,
            address: None,
            minutes: Some(8),
            summary: LongText("平面划线的步骤与常见错误".into()),
            licensed: true,
            recognised: None,
            files: Files::default(),
        }
    }

    #[test]
    fn an_open_course_is_a_course_with_an_address() {
        assert!(refused(&sample()).is_empty());
        let open = DigitalResource {
            category: ResourceCategory::OpenCourse,
            ..sample()
        };
        assert_eq!(refused(&open), ["course", "address"]);
    }

    #[test]
    fn rights_days_and_recognition_are_asked_for() {
        let foreign = DigitalResource {
            licensed: false,
            updated_on: test_day().pred_opt(),
            ..sample()
        };
        assert_eq!(refused(&foreign), ["updated_on", "licensed"]);
        let city = DigitalResource {
            level: Code("30".into()),
            ..sample()
        };
        assert_eq!(doubted(&city), ["recognised"]);
        assert!(doubted(&sample()).is_empty());
    }
}
