use crate::who::{each_staff, kept_by, says};
use chrono::{Datelike, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, PERSONNEL, VICE_PRINCIPAL};
use people::{Staff, Unit};

choice!(
    /// 师德考核
    Ethics {
        Excellent = "excellent" "优秀",
        Passed = "passed" "合格",
        Basic = "basic" "基本合格",
        Failed = "failed" "不合格",
    }
);

/// 考核结果: 1优秀 4不称职.
const EXCELLENT: &str = "1";
const INCOMPETENT: &str = "4";
/// 考核类别: 2年度考核.
const YEARLY: &str = "2";

/// 教职工考核：平时、年度和特定考核，部门评定、学校审定、本人签字归档，师德不合格一票否决。由人事处管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "staff_appraisal",
    title = "教职工考核",
    group = "staff",
    systems = "E5",
    label = "teacher, year, kind",
    unique = "teacher, kind, year, appraised_on",
    date = "appraised_on",
    within = "teacher",
    owner = "teacher"
)]
pub struct StaffAppraisal {
    #[field(label = "教职工", list, dataset = "T29.JGH:number, T29.JZGXM:name")]
    pub teacher: Ref<Staff>,
    #[field(label = "考核年度", list, filter, max = 2100)]
    pub year: i64,
    #[field(
        label = "考核类别",
        list,
        filter,
        code = "JZGKHLBDM",
        dataset = "T29.JZGKHLBM"
    )]
    pub kind: Code,
    #[field(label = "考核日期", list, filter, dataset = "T29.JZGKHRQ")]
    pub appraised_on: NaiveDate,
    #[field(
        label = "考核内容",
        max = 80,
        dataset = "T29.JZGKHNR",
        help = "德、能、勤、绩、廉，或专项内容"
    )]
    pub content: Option<String>,
    #[field(label = "考核单位", filter, dataset = "T29.JZGKHDWH:number, T29.KHDWMC:name")]
    pub unit: Ref<Unit>,
    #[field(label = "单位考核负责人", dataset = "T29.DWKHFZRH:number, T29.FZRXM:name")]
    pub chief: Option<Ref<Staff>>,
    #[field(label = "师德考核", list, filter, help = "不合格的，考核结果只能是不称职")]
    pub ethics: Ethics,
    #[field(label = "考核得分", help = "四方评价汇总分，没有的不填")]
    pub score: Option<Decimal<1>>,
    #[field(
        label = "单位考核结果",
        list,
        filter,
        code = "KHJGDM",
        dataset = "T29.DWKHJGM"
    )]
    pub unit_result: Code,
    #[field(
        label = "学校考核结果",
        list,
        filter,
        code = "KHJGDM",
        dataset = "T29.XXKHJGM"
    )]
    pub result: Option<Code>,
    #[field(label = "考核评语", max = 500)]
    pub remark: LongText,
    #[field(label = "否决事由", max = 500, help = "师德不合格的写明事实和处理依据")]
    pub veto: Option<LongText>,
    #[field(label = "本人意见", max = 300)]
    pub response: Option<LongText>,
    #[field(label = "附件", help = "考核登记表，可不传")]
    pub files: Files,
}

impl Rules for StaffAppraisal {
    fn flow() -> Flow {
        let personnel = || Who::Role(PERSONNEL);
        let teacher = || Who::Field("teacher".into());
        Flow::starts("待学校审定")
            .open("待本人签字")
            .open("复核中")
            .done("已归档")
            .step(
                "decide",
                "学校审定",
                &["待学校审定"],
                "待本人签字",
                &[personnel(), Who::Role(VICE_PRINCIPAL)],
            )
            .needs(&["result"])
            .within_days(10)
            .signed("学校意见")
            .step("sign", "本人签字", &["待本人签字"], "已归档", &[teacher()])
            .within_days(5)
            .signed("本人签字")
            .step("appeal", "申请复核", &["待本人签字"], "复核中", &[teacher()])
            .with_note()
            .step("answer", "复核答复", &["复核中"], "待本人签字", &[personnel()])
            .with_note()
            .signed("复核意见")
            .step("file", "存档", &["待本人签字"], "已归档", &[personnel()])
            .with_note()
            .editable(&["待学校审定"])
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "staff_appraisal_yearly",
                "教职工年度考核",
                1,
                Every::Year,
                each_staff("status", "11"),
                Filter::is("kind", YEARLY),
            )
            .also(&["教师年度考核", "年度考核", "绩效考核"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let decided = || Filter::all().and("state", Op::Not, "待学校审定");
        vec![
            indicator(
                "staff_appraisal_ethics",
                "师德考核合格率",
                "师德考核不是不合格的 ÷ 全部考核",
                "%",
                Measure::Share {
                    of: Filter::all().and("ethics", Op::Not, "failed"),
                    among: Filter::all(),
                },
            )
            .also(&["师德合格率", "师德师风考核合格率"]),
            // 事业单位工作人员考核规定: 优秀档次一般不超过20%.
            indicator(
                "staff_appraisal_excellent",
                "考核优秀率",
                "学校考核结果为优秀的 ÷ 学校已审定的考核",
                "%",
                Measure::Share {
                    of: decided().and("result", Op::Is, EXCELLENT),
                    among: decided(),
                },
            )
            .also(&["年度考核优秀率"]),
            indicator(
                "staff_appraisal_competent",
                "考核称职率",
                "学校考核结果为优秀、称职的 ÷ 学校已审定的考核",
                "%",
                Measure::Share {
                    of: decided().and("result", Op::AtMost, "2"),
                    among: decided(),
                },
            )
            .also(&["教职工考核合格率", "教师考核合格率"]),
            indicator(
                "staff_appraisal_filed",
                "考核归档率",
                "本人签字归档的 ÷ 全部考核",
                "%",
                Measure::Share {
                    of: Filter::state("已归档"),
                    among: Filter::all(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = kept_by(&[PERSONNEL]);
        access.push(may_write(DEPARTMENT_HEAD, Reach::Unit));
        access
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("form", "教职工考核登记表")
                .fields(&[
                    "teacher",
                    "year",
                    "kind",
                    "unit",
                    "ethics",
                    "score",
                    "unit_result",
                    "result",
                    "remark",
                    "veto",
                    "response",
                ])
                .approvals()
                .signatures(&["本人", "考核单位负责人", "学校（盖章）"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let failed = self.ethics == Ethics::Failed;
        let basic = self.ethics == Ethics::Basic;
        let result = self.result.as_ref();
        Checks::new()
            .not_after_today(self.appraised_on, ctx.today, "appraised_on")
            .refuse(
                self.year > i64::from(self.appraised_on.year()),
                "year",
                "考核年度不能晚于考核日期的年份",
            )
            .refuse(
                self.score.is_some_and(|score| !(0..=1000).contains(&score.0)),
                "score",
                "考核得分应在0至100之间",
            )
            // 师德一票否决: 师德考核不合格的，年度考核为不合格（新时代中小学教师职业行为十项准则等）.
            .refuse(
                failed && self.unit_result.0 != INCOMPETENT,
                "unit_result",
                "师德一票否决：师德不合格的，考核结果只能是不称职",
            )
            .refuse(
                failed && result.is_some_and(|code| code.0 != INCOMPETENT),
                "result",
                "师德一票否决：师德不合格的，考核结果只能是不称职",
            )
            .refuse(
                failed && !says(&self.veto),
                "veto",
                "师德不合格的，请写明事实和处理依据",
            )
            .refuse(
                basic && self.unit_result.0 == EXCELLENT,
                "unit_result",
                "师德基本合格的不能评为优秀",
            )
            .refuse(
                basic && result.is_some_and(|code| code.0 == EXCELLENT),
                "result",
                "师德基本合格的不能评为优秀",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let differs = self
            .result
            .as_ref()
            .is_some_and(|result| result.0 != self.unit_result.0);
        Checks::new()
            .refuse(
                differs,
                "result",
                "学校考核结果与单位考核结果不同，请在评语中说明",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample(ethics: Ethics, unit_result: &str, result: Option<&str>) -> StaffAppraisal {
        StaffAppraisal {
            teacher: Ref::new(Uuid::nil()),
            year: 2025,
            kind: Code("2".into()),
            appraised_on: test_day(),
            content: None,
            unit: Ref::new(Uuid::nil()),
            chief: None,
            ethics,
            score: Some(Decimal(880)),
            unit_result: Code(unit_result.into()),
            result: result.map(|code| Code(code.into())),
            remark: LongText("认真履职".into()),
            veto: None,
            response: None,
            files: Files::default(),
        }
    }

    #[test]
    fn failing_in_ethics_vetoes_everything_else() {
        assert!(refused(&sample(Ethics::Excellent, "1", Some("1"))).is_empty());
        assert_eq!(
            refused(&sample(Ethics::Failed, "2", Some("1"))),
            ["unit_result", "result", "veto"]
        );
        let vetoed = StaffAppraisal {
            veto: Some(LongText("有偿补课，已处理".into())),
            ..sample(Ethics::Failed, "4", Some("4"))
        };
        assert!(refused(&vetoed).is_empty());
        assert_eq!(refused(&sample(Ethics::Basic, "2", Some("1"))), ["result"]);
        assert_eq!(refused(&sample(Ethics::Basic, "1", None)), ["unit_result"]);
    }

    #[test]
    fn the_school_explains_another_result() {
        assert!(doubted(&sample(Ethics::Passed, "2", Some("2"))).is_empty());
        assert_eq!(doubted(&sample(Ethics::Passed, "1", Some("2"))), ["result"]);
        let early = StaffAppraisal {
            year: 2027,
            ..sample(Ethics::Passed, "2", None)
        };
        assert_eq!(refused(&early), ["year"]);
    }

    #[test]
    fn the_person_signs_or_appeals() {
        let flow = StaffAppraisal::flow();
        for id in ["sign", "appeal"] {
            let step = flow.find(id).expect("a step");
            assert_eq!(step.who, [Who::Field("teacher".into())]);
        }
    }
}
