use crate::Power;
use crate::audience::own_for_all;
use chrono::{Months, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, PARTY_OFFICE};
use people::{Staff, Unit, UnitKind};

choice!(
    /// 廉政风险领域
    RiskArea {
        Purchase = "purchase" "项目采购",
        Enrolment = "enrolment" "招生就业",
        Cooperation = "cooperation" "校企合作",
        Logistics = "logistics" "后勤服务",
        Works = "works" "基建维修",
        Finance = "finance" "财务管理",
        Assets = "assets" "资产管理",
        Personnel = "personnel" "人事职称",
        Aid = "aid" "资助评优",
        Exams = "exams" "考试评价",
        Materials = "materials" "教材教辅",
        Other = "other" "其他",
    }
);

choice!(
    /// 廉政风险等级; the codes sort from high to low.
    RiskGrade {
        High = "1" "高",
        Middle = "2" "中",
        Low = "3" "低",
    }
);

/// 廉政风险点：各岗位权力运行中的风险、等级和防控措施，审定后按等级定期复评。各处室排查上报，党委办公室（纪检）审定和复评。
#[derive(Clone, Debug, Register)]
#[register(
    id = "integrity_risk",
    title = "廉政风险点",
    group = "party",
    systems = "G2",
    label = "point",
    unique = "unit, point",
    date = "found_on",
    due = "next_review",
    within = "unit",
    owner = "holder"
)]
pub struct IntegrityRisk {
    #[field(label = "风险点", list, max = 100, help = "岗位加环节，如 设备采购：参数编制")]
    pub point: String,
    #[field(label = "领域", list, filter)]
    pub area: RiskArea,
    #[field(label = "所在部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "岗位责任人", list)]
    pub holder: Ref<Staff>,
    #[field(label = "对应权力事项", help = "权限清单中的事项")]
    pub power: Option<Ref<Power>>,
    #[field(label = "排查日期", list, filter)]
    pub found_on: NaiveDate,
    #[field(label = "表现形式", max = 500, help = "可能怎样出问题")]
    pub symptom: LongText,
    #[field(label = "风险等级", list, filter)]
    pub grade: RiskGrade,
    #[field(
        label = "防控措施",
        max = 1000,
        help = "高风险点应有分权、公开、监督三方面的措施"
    )]
    pub control: Option<LongText>,
    #[field(label = "监督人", help = "分管领导或纪检人员，不能是责任人本人")]
    pub supervisor: Option<Ref<Staff>>,
    #[field(label = "最近复评日期", list)]
    pub reviewed_on: Option<NaiveDate>,
    #[field(label = "复评意见", max = 500)]
    pub review: Option<LongText>,
    #[field(label = "下次复评期限", list, help = "高每季度、中每半年、低每年，不用填")]
    pub next_review: Option<NaiveDate>,
}

impl Rules for IntegrityRisk {
    fn flow() -> Flow {
        let party = [Who::Role(PARTY_OFFICE)];
        Flow::starts("待审定")
            .open("防控中")
            .open("退回补充")
            .done("已解除")
            .step("approve", "审定", &["待审定"], "防控中", &party)
            .needs(&["control", "supervisor"])
            .within_days(7)
            .signed("纪检审定")
            .step("return", "退回补充", &["待审定"], "退回补充", &party)
            .with_note()
            .step(
                "resubmit",
                "重新上报",
                &["退回补充"],
                "待审定",
                &[Who::Creator, Who::Field("holder".into())],
            )
            .step("review", "复评", &["防控中"], "防控中", &party)
            .needs(&["reviewed_on", "review"])
            .signed("复评")
            .step("lift", "解除", &["防控中"], "已解除", &party)
            .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "integrity_risk_search",
                "岗位廉政风险排查",
                1,
                Every::Year,
                Unit::each(UnitKind::Office),
                Filter::all(),
            )
            .also(&["廉政风险排查", "廉政风险点排查"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let under = || Filter::state("防控中");
        vec![
            indicator(
                "integrity_risks",
                "廉政风险点数",
                "防控中的廉政风险点",
                "个",
                Measure::Count { of: under() },
            )
            .standing()
            .also(&["岗位廉政风险点"]),
            indicator(
                "integrity_risk_reviewed",
                "廉政风险点复评率",
                "复评过的防控中风险点 ÷ 防控中的风险点",
                "%",
                Measure::Share {
                    of: under().dated("reviewed_on"),
                    among: under(),
                },
            )
            .standing(),
            indicator(
                "integrity_risk_controlled",
                "廉政风险防控措施落实率",
                "已审定防控措施的风险点 ÷ 登记的风险点",
                "%",
                Measure::Share {
                    of: Filter::all()
                        .and("state", Op::Not, "待审定")
                        .and("state", Op::Not, "退回补充"),
                    among: Filter::all(),
                },
            )
            .standing()
            .also(&["廉政风险防控率"]),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = own_for_all(&[PARTY_OFFICE]);
        access.push(may_write(DEPARTMENT_HEAD, Reach::Unit));
        access
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("card", "岗位廉政风险防控表")
                .fields(&[
                    "unit",
                    "holder",
                    "area",
                    "power",
                    "point",
                    "grade",
                    "found_on",
                    "symptom",
                    "control",
                    "supervisor",
                    "reviewed_on",
                    "review",
                ])
                .approvals()
                .signatures(&["岗位责任人", "部门负责人", "监督人"]),
            list_form(
                "list",
                "廉政风险点清单",
                &["point", "area", "holder", "grade", "control", "supervisor"],
                &[],
            )
            .by("unit"),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["next_review"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let months = match self.grade {
            RiskGrade::High => 3,
            RiskGrade::Middle => 6,
            RiskGrade::Low => 12,
        };
        let last = self.reviewed_on.unwrap_or(self.found_on);
        self.next_review = last.checked_add_months(Months::new(months));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let control = filled(self.control.as_ref().map(|text| text.0.as_str()));
        let review = filled(self.review.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .not_after_today(self.found_on, ctx.today, "found_on")
            .refuse(
                self.grade == RiskGrade::High && !control,
                "control",
                "高风险点上报时就应写明防控措施",
            )
            .refuse(
                self.supervisor.as_ref().is_some_and(|s| s.id == self.holder.id),
                "supervisor",
                "监督人不能是岗位责任人本人",
            )
            .in_order(
                self.found_on,
                self.reviewed_on,
                "reviewed_on",
                "复评日期不能早于排查日期",
            )
            .not_after_today(self.reviewed_on, ctx.today, "reviewed_on")
            .refuse(
                self.reviewed_on.is_some() && !review,
                "review",
                "填写了复评日期，请写明复评意见",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.next_review.is_some_and(|day| day < ctx.today),
                "next_review",
                "复评期限已过",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> IntegrityRisk {
        IntegrityRisk {
            point: "设备采购：参数编制".into(),
            area: RiskArea::Purchase,
            unit: Ref::new(Uuid::nil()),
            holder: Ref::new(Uuid::nil()),
            power: None,
            found_on: test_day() - Months::new(4),
            symptom: LongText("参数指向特定供应商".into()),
            grade: RiskGrade::High,
            control: Some(LongText("三人编制，公示参数".into())),
            supervisor: Some(Ref::new(Uuid::max())),
            reviewed_on: None,
            review: None,
            next_review: None,
        }
    }

    #[test]
    fn a_high_risk_is_controlled_and_watched_by_another() {
        assert!(refused(&sample()).is_empty());
        let bare = IntegrityRisk {
            control: None,
            ..sample()
        };
        assert_eq!(refused(&bare), ["control"]);
        let low = IntegrityRisk {
            grade: RiskGrade::Low,
            ..bare
        };
        assert!(refused(&low).is_empty());
        let own = IntegrityRisk {
            supervisor: Some(Ref::new(Uuid::nil())),
            ..sample()
        };
        assert_eq!(refused(&own), ["supervisor"]);
    }

    #[test]
    fn the_grade_says_when_it_is_reviewed_again() {
        let mut record = sample();
        let ctx = Ctx {
            today: test_day(),
            new: false,
        };
        record.complete(&ctx);
        assert_eq!(doubted(&record), ["next_review"]);
        record.grade = RiskGrade::Middle;
        record.complete(&ctx);
        assert!(doubted(&record).is_empty());
        record.reviewed_on = Some(test_day());
        assert_eq!(refused(&record), ["review"]);
    }
}
