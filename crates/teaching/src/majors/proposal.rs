use crate::{Major, MajorSurvey};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, ENROLMENT_OFFICE, PRINCIPAL, TEACHER, TEACHING_OFFICE};
use people::{Staff, Unit};

choice!(
    /// 调整类型
    MajorChange {
        Add = "add" "增设专业",
        Replace = "replace" "更换专业",
        Direction = "direction" "调整专业方向",
        Pause = "pause" "暂停招生",
        Retire = "retire" "撤销专业",
    }
);

/// 专业动态调整申报：增设、更换、停招、撤销专业的申报、论证、学校审议和上级批复。系部申报，教务处组织论证和上报。
#[derive(Clone, Debug, Register)]
#[register(
    id = "major_proposal",
    title = "专业动态调整申报",
    group = "teaching",
    systems = "B1",
    label = "change, name",
    date = "applied_on",
    within = "unit",
    owner = "applicant"
)]
pub struct MajorProposal {
    #[field(label = "申报日期", list, filter)]
    pub applied_on: NaiveDate,
    #[field(label = "调整类型", list, filter)]
    pub change: MajorChange,
    #[field(label = "现有专业", help = "增设专业不填")]
    pub major: Option<Ref<Major>>,
    #[field(label = "申报专业代码", list, max = 10, help = "停招、撤销填现有专业的")]
    pub code: String,
    #[field(label = "申报专业名称", list, max = 34)]
    pub name: String,
    #[field(label = "申报系部", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "申报人", list)]
    pub applicant: Ref<Staff>,
    #[field(label = "学制", code = "XZDM")]
    pub length: Option<Code>,
    #[field(label = "拟招生人数", max = 2000, help = "停招、撤销填0")]
    pub capacity: i64,
    #[field(label = "调研依据", help = "增设和更换专业须有专业调研")]
    pub survey: Option<Ref<MajorSurvey>>,
    #[field(label = "申报理由", max = 1000, help = "产业需求、就业去向、与现有专业的关系")]
    pub reason: LongText,
    #[field(label = "专业教师数", max = 500)]
    pub teachers: i64,
    #[field(label = "中级以上教师数", max = 500)]
    pub seniors: i64,
    #[field(label = "实训设备总值（元）")]
    pub equipment: Option<Money>,
    #[field(label = "在校生安置", max = 500, help = "停招、撤销专业填写在校生怎样毕业")]
    pub students: Option<LongText>,
    #[field(
        label = "论证结论",
        max = 500,
        help = "专业建设委员会（含行业企业专家）的意见"
    )]
    pub verdict: Option<LongText>,
    #[field(label = "学校审议日期", help = "校长办公会、党组织会议审议的日期")]
    pub decided_on: Option<NaiveDate>,
    #[field(label = "批复文号", list, max = 60)]
    pub approval: Option<String>,
    #[field(label = "起始招生年", max = 2100, help = "停招、撤销填停止招生的年份")]
    pub from_year: Option<i64>,
    #[field(label = "申报材料", help = "论证报告、培养方案、佐证材料")]
    pub files: Files,
}

impl Rules for MajorProposal {
    fn flow() -> Flow {
        let office = [Who::Role(TEACHING_OFFICE)];
        Flow::approvals(
            &[
                Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD)]).days(7),
                Stage::by("office", "教务处", &office)
                    .needs(&["verdict"])
                    .days(15),
                Stage::by("school", "学校", &[Who::Role(PRINCIPAL)])
                    .needs(&["decided_on"])
                    .days(10),
            ],
            "待上报",
        )
        .still_open("待上报")
        .open("待批复")
        .done("已批复")
        .dropped("未获批复")
        .step("report", "上报主管部门", &["待上报"], "待批复", &office)
        .within_days(7)
        .step("confirm", "登记批复", &["待批复"], "已批复", &office)
        .needs(&["approval", "from_year"])
        .step("deny", "上级未同意", &["待批复"], "未获批复", &office)
        .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let approved = |change: &str| Filter::state("已批复").and("change", Op::Is, change);
        vec![
            indicator(
                "major_proposal_added",
                "增设专业数",
                "已批复的增设专业申报",
                "个",
                Measure::Count { of: approved("add") },
            )
            .by("decided_on")
            .also(&["新增专业数", "新增专业", "新设专业"]),
            indicator(
                "major_proposal_retired",
                "撤销专业数",
                "已批复的撤销专业申报",
                "个",
                Measure::Count {
                    of: approved("retire"),
                },
            )
            .by("decided_on")
            .also(&["淘汰专业数"]),
            indicator(
                "major_proposals",
                "专业动态调整数",
                "已批复的专业调整申报",
                "个",
                Measure::Count {
                    of: Filter::state("已批复"),
                },
            )
            .by("decided_on")
            .also(&["专业优化调整数"]),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "专业动态调整申报",
                "教务处",
                "系部先做专业调研；系部、教务处论证、学校审议后上报，一般一个月",
            )
            .for_roles(&[TEACHER, DEPARTMENT_HEAD])
            .quick(&[
                "applied_on",
                "change",
                "major",
                "code",
                "name",
                "unit",
                "applicant",
                "capacity",
                "survey",
                "reason",
                "teachers",
                "seniors",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("proposal", "专业设置（调整）申报表")
                .fields(&[
                    "change",
                    "code",
                    "name",
                    "length",
                    "unit",
                    "applicant",
                    "capacity",
                    "teachers",
                    "seniors",
                    "equipment",
                    "survey",
                    "reason",
                    "students",
                    "verdict",
                    "decided_on",
                    "approval",
                ])
                .approvals()
                .signatures(&["系部（盖章）", "专业建设委员会主任", "学校（盖章）"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(ENROLMENT_OFFICE, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        use MajorChange as C;
        let new = matches!(self.change, C::Add | C::Replace);
        let ending = matches!(self.change, C::Pause | C::Retire);
        let students = filled(self.students.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            .refuse(
                self.change != C::Add && self.major.is_none(),
                "major",
                "请选择要调整的现有专业",
            )
            .refuse(
                self.change == C::Add && self.major.is_some(),
                "major",
                "增设专业不选现有专业；替换现有专业请选“更换专业”",
            )
            // 《中等职业学校专业设置管理办法（试行）》（教职成厅〔2010〕9号）: a new major rests on a survey of demand.
            .refuse(
                new && self.survey.is_none(),
                "survey",
                "增设、更换专业须先做专业调研，请选择调研记录",
            )
            .refuse(new && self.capacity == 0, "capacity", "拟招生人数应大于0")
            .refuse(ending && self.capacity > 0, "capacity", "停招、撤销专业填0")
            .refuse(ending && !students, "students", "请写明在校生怎样培养到毕业")
            .refuse(
                self.seniors > self.teachers,
                "seniors",
                "中级以上教师数不能多于专业教师数",
            )
            .in_order(
                self.applied_on,
                self.decided_on,
                "decided_on",
                "学校审议不能早于申报",
            )
            .not_after_today(self.decided_on, ctx.today, "decided_on")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let new = matches!(self.change, MajorChange::Add | MajorChange::Replace);
        // 《中等职业学校设置标准》（教职成〔2010〕12号）: at least two teachers of the middle grade for each major.
        Checks::new()
            .refuse(
                new && self.seniors < 2,
                "seniors",
                "每个专业至少应有2名中级以上职称的专业教师",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> MajorProposal {
        MajorProposal {
            applied_on: test_day(),
            change: MajorChange::Add,
            major: None,
            code: "710210".into(),
            name: "大数据技术应用".into(),
            unit: Ref::new(Uuid::nil()),
            applicant: Ref::new(Uuid::nil()),
            length: Some(Code("3".into())),
            capacity: 40,
            survey: Some(Ref::new(Uuid::nil())),
            reason: LongText("本地数据标注岗位增加".into()),
            teachers: 6,
            seniors: 3,
            equipment: None,
            students: None,
            verdict: None,
            decided_on: None,
            approval: None,
            from_year: None,
            files: Files::default(),
        }
    }

    #[test]
    fn a_new_major_rests_on_a_survey_and_teachers() {
        assert!(refused(&sample()).is_empty());
        assert!(doubted(&sample()).is_empty());
        let bare = MajorProposal {
            survey: None,
            capacity: 0,
            seniors: 1,
            ..sample()
        };
        assert_eq!(refused(&bare), ["survey", "capacity"]);
        assert_eq!(doubted(&bare), ["seniors"]);
        let many = MajorProposal {
            seniors: 7,
            ..sample()
        };
        assert_eq!(refused(&many), ["seniors"]);
    }

    #[test]
    fn an_ending_major_sees_its_students_through() {
        let ending = MajorProposal {
            change: MajorChange::Retire,
            major: Some(Ref::new(Uuid::nil())),
            survey: None,
            capacity: 0,
            ..sample()
        };
        assert_eq!(refused(&ending), ["students"]);
        let cared = MajorProposal {
            students: Some(LongText("两个班按原方案培养到毕业".into())),
            ..ending
        };
        assert!(refused(&cared).is_empty());
        assert_eq!(
            refused(&MajorProposal {
                major: None,
                capacity: 20,
                ..cared
            }),
            ["major", "capacity"]
        );
    }

    #[test]
    fn the_school_decides_before_it_is_reported() {
        let flow = MajorProposal::flow();
        assert_eq!(flow.find("approve_office").expect("a step").to, "待学校审批");
        assert_eq!(flow.find("approve_school").expect("a step").to, "待上报");
        assert_eq!(
            flow.find("report").expect("a step").who,
            [Who::Role(TEACHING_OFFICE)]
        );
    }
}
