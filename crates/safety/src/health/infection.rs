use crate::words::day_of;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled, said};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, HEALTH_OFFICE, SAFETY_OFFICE};
use people::{Class, Staff};

choice!(
    /// 报告类别
    InfectionClass {
        First = "first" "甲类或按甲类管理",
        Second = "second" "乙类",
        Third = "third" "丙类",
        Cluster = "cluster" "聚集性症状",
        Unknown = "unknown" "不明原因",
        Other = "other" "其他传染病",
    }
);

/// 传染病报告：发现传染病、疑似病例或聚集性症状，疫情报告人在时限内上报并处置。病人情况加密，仅卫生室可见。
#[derive(Clone, Debug, Register)]
#[register(
    id = "infection_report",
    title = "传染病报告",
    group = "logistics",
    systems = "F6",
    label = "class, kind, found_on",
    date = "found_on",
    due = "found_on",
    within = "class",
    owner = "reporter"
)]
pub struct InfectionReport {
    #[field(label = "发现时间", list)]
    pub found_at: DateTime<Utc>,
    #[field(label = "发现日期", filter, help = "由发现时间得出，不用填")]
    pub found_on: Option<NaiveDate>,
    #[field(label = "报告类别", list, filter)]
    pub kind: InfectionClass,
    #[field(label = "班级", list, filter, help = "涉及多个班的填首发班级，教职工病例不填")]
    pub class: Option<Ref<Class>>,
    #[field(label = "病例数", list, max = 5000)]
    pub cases: i64,
    #[field(label = "病名或症状", sealed, max = 100)]
    pub disease: String,
    #[field(label = "病人情况", sealed, max = 1000, help = "姓名、发病经过、就诊和诊断")]
    pub patients: LongText,
    #[field(label = "报告时限", help = "甲类2小时，其他24小时；由发现时间得出")]
    pub deadline: Option<DateTime<Utc>>,
    #[field(label = "上报时间", list)]
    pub reported_at: Option<DateTime<Utc>>,
    #[field(label = "上报去向", max = 100, help = "疾控机构、教育主管部门等")]
    pub reported_to: Option<String>,
    #[field(label = "迟报说明", max = 300)]
    pub late_reason: Option<String>,
    #[field(label = "疫情报告人", list)]
    pub reporter: Ref<Staff>,
    #[field(label = "处置措施", max = 1000, help = "隔离、消毒、停课、密切接触者观察等")]
    pub measure: Option<LongText>,
    #[field(label = "停课班级数", max = 500)]
    pub closed_classes: Option<i64>,
    #[field(label = "解除日期", list)]
    pub lifted_on: Option<NaiveDate>,
    #[field(label = "材料")]
    pub files: Files,
}

impl InfectionReport {
    /// 《传染病信息报告管理规范》: class A and what is managed like it within two hours, everything else within 24.
    fn limit(&self) -> Duration {
        Duration::hours(if self.kind == InfectionClass::First { 2 } else { 24 })
    }
}

impl Rules for InfectionReport {
    fn flow() -> Flow {
        Flow::starts("待上报")
            .open("处置中")
            .done("已解除")
            .dropped("已排除")
            .step(
                "report",
                "登记上报",
                &["待上报"],
                "处置中",
                &[Who::Role(HEALTH_OFFICE)],
            )
            .needs(&["reported_at", "reported_to", "measure"])
            .within_days(1)
            .signed("疫情报告人")
            .step("lift", "解除", &["处置中"], "已解除", &[Who::Role(HEALTH_OFFICE)])
            .needs(&["lifted_on"])
            .signed("卫生膳食科")
            .step(
                "rule_out",
                "排除",
                &["待上报", "处置中"],
                "已排除",
                &[Who::Role(HEALTH_OFFICE)],
            )
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let reported = || Filter::all().and("reported_to", Op::AtLeast, "");
        vec![
            indicator(
                "infection_report_in_time",
                "传染病按时报告率",
                "上报时间不晚于报告时限的 ÷ 已上报的传染病报告",
                "%",
                Measure::Share {
                    of: reported().and("reported_at", Op::AtMostField, "deadline"),
                    among: reported(),
                },
            )
            .also(&["传染病及时报告率", "疫情及时报告率"]),
            indicator(
                "infection_report_cases",
                "传染病病例数",
                "报告的病例数合计",
                "例",
                Measure::Sum {
                    of: Filter::all(),
                    field: "cases".into(),
                },
            ),
            indicator(
                "infection_report_clusters",
                "聚集性疫情起数",
                "类别为聚集性症状的报告条数",
                "起",
                Measure::Count {
                    of: Filter::is("kind", "cluster"),
                },
            )
            .also(&["聚集性疫情"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(HEALTH_OFFICE, Reach::School),
            may_read(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("report", "学校传染病疫情报告单")
                .fields(&[
                    "kind",
                    "class",
                    "cases",
                    "found_at",
                    "deadline",
                    "reported_at",
                    "reported_to",
                    "reporter",
                    "disease",
                    "patients",
                    "measure",
                    "late_reason",
                ])
                .approvals()
                .signatures(&["疫情报告人", "学校负责人"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["found_on", "deadline"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.found_on = Some(day_of(self.found_at));
        self.deadline = Some(self.found_at + self.limit());
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let late = self
            .reported_at
            .is_some_and(|at| at > self.found_at + self.limit());
        Checks::new()
            .refuse(
                day_of(self.found_at) > ctx.today,
                "found_at",
                "发现时间不能晚于今天",
            )
            .refuse(self.cases == 0, "cases", "病例数应大于0")
            .refuse(
                self.reported_at.is_some_and(|at| at < self.found_at),
                "reported_at",
                "上报时间不能早于发现时间",
            )
            .refuse(
                self.reported_at.is_some_and(|at| day_of(at) > ctx.today),
                "reported_at",
                "上报时间不能晚于今天",
            )
            .refuse(
                late && !filled(self.late_reason.as_deref()),
                "late_reason",
                format!("超过{}小时才上报，请说明原因", self.limit().num_hours()),
            )
            .in_order(
                day_of(self.found_at),
                self.lifted_on,
                "lifted_on",
                "解除日期不能早于发现日期",
            )
            .not_after_today(self.lifted_on, ctx.today, "lifted_on")
            .refuse(
                self.lifted_on.is_some() && !said(&self.measure),
                "measure",
                "填写了解除日期，请写明处置措施",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.reported_at.is_none(),
                "reported_at",
                format!("请在{}小时内上报疾控机构和教育主管部门", self.limit().num_hours()),
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::moment;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> InfectionReport {
        InfectionReport {
            found_at: moment(-1, 9),
            found_on: None,
            kind: InfectionClass::Third,
            class: None,
            cases: 2,
            disease: "流行性感冒".into(),
            patients: LongText("两名学生发热就诊".into()),
            deadline: None,
            reported_at: Some(moment(0, 9)),
            reported_to: Some("区疾控中心".into()),
            late_reason: None,
            reporter: Ref::new(Uuid::nil()),
            measure: None,
            closed_classes: None,
            lifted_on: None,
            files: Files::default(),
        }
    }

    #[test]
    fn the_time_allowed_follows_from_the_class() {
        assert!(refused(&sample()).is_empty());
        let grave = InfectionReport {
            kind: InfectionClass::First,
            ..sample()
        };
        assert_eq!(refused(&grave), ["late_reason"]);
        let soon = InfectionReport {
            reported_at: Some(moment(-1, 11)),
            ..grave
        };
        assert!(refused(&soon).is_empty());
        let before = InfectionReport {
            reported_at: Some(moment(-1, 8)),
            ..soon
        };
        assert_eq!(refused(&before), ["reported_at"]);
        let mut third = sample();
        third.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(third.deadline, Some(moment(0, 9)));
    }

    #[test]
    fn what_is_lifted_was_handled() {
        let lifted = InfectionReport {
            lifted_on: Some(test_day()),
            ..sample()
        };
        assert_eq!(refused(&lifted), ["measure"]);
    }
}
