use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{STUDENT_OFFICE, TEACHING_OFFICE, TRAINING_OFFICE, directory};
use people::{Staff, Unit};

/// 校内赛事：技能大赛节、体育和文艺等校内比赛，按国家校内学生赛事活动数据子类填写。由教务、实训、学生处登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "contest",
    title = "校内赛事",
    group = "assessment",
    systems = "B15",
    label = "name",
    key = "number",
    unique = "number",
    date = "starts_on",
    within = "unit",
    owner = "leader"
)]
pub struct Contest {
    #[field(label = "赛事编号", list, max = 32, dataset = "T56.SXHDBH")]
    pub number: String,
    #[field(label = "赛事名称", list, max = 60, dataset = "T56.SXHDMC")]
    pub name: String,
    #[field(label = "赛事类型", list, filter, code = "SSHDLXDM", dataset = "T56.SSLXM")]
    pub kind: Code,
    #[field(label = "承办系部", list, filter, help = "学校统一承办的不填")]
    pub unit: Option<Ref<Unit>>,
    #[field(label = "负责人", list)]
    pub leader: Ref<Staff>,
    #[field(label = "开始日期", list, filter, dataset = "T56.HDKSRQ")]
    pub starts_on: NaiveDate,
    #[field(label = "结束日期", list, dataset = "T56.HDJSRQ")]
    pub ends_on: NaiveDate,
    #[field(label = "参与教师数", max = 2000, dataset = "T56.CYJSS")]
    pub teachers: i64,
    #[field(label = "参与学生数", list, max = 20000, dataset = "T56.CYXSS")]
    pub students: i64,
    #[field(label = "赛项与赛程", max = 1000, help = "赛项、初赛复赛决赛安排")]
    pub programme: Option<LongText>,
    #[field(label = "方案和总结", help = "可不传")]
    pub files: Files,
}

impl Rules for Contest {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "contest_skills",
                "校内技能大赛",
                1,
                Every::Year,
                school_wide(),
                Filter::is("kind", "2"),
            )
            .also(&["技能大赛节", "技能节", "系部技能大赛节"]),
            duty(
                "contest_sports",
                "校内体育比赛",
                1,
                Every::Term,
                school_wide(),
                Filter::is("kind", "3"),
            )
            .also(&["运动会", "趣味运动会"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "contests",
                "校内赛事场次",
                "校内赛事条数",
                "场",
                Measure::Count { of: Filter::all() },
            )
            .also(&["校内比赛次数"]),
            indicator(
                "contest_students",
                "校内赛事参赛人次",
                "参与学生数合计",
                "人次",
                Measure::Sum {
                    of: Filter::all(),
                    field: "students".into(),
                },
            )
            .also(&["学生参赛人次", "学生参赛"]),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "校内赛事登记表")
                .fields(&[
                    "number",
                    "name",
                    "kind",
                    "unit",
                    "leader",
                    "starts_on",
                    "ends_on",
                    "teachers",
                    "students",
                    "programme",
                ])
                .signatures(&["赛事负责人", "承办部门（盖章）"]),
        ]
    }

    fn access() -> Vec<Access> {
        directory(&[TEACHING_OFFICE, TRAINING_OFFICE, STUDENT_OFFICE])
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let held = self.ends_on <= ctx.today;
        Checks::new()
            .in_order(
                self.starts_on,
                self.ends_on,
                "ends_on",
                "结束日期不能早于开始日期",
            )
            .refuse(
                held && self.students == 0,
                "students",
                "赛事已结束，参与学生数应大于0",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> Contest {
        Contest {
            number: "SS2026001".into(),
            name: "机电系技能大赛节".into(),
            kind: Code("2".into()),
            unit: None,
            leader: Ref::new(Uuid::nil()),
            starts_on: test_day(),
            ends_on: test_day(),
            teachers: 12,
            students: 180,
            programme: None,
            files: Files::default(),
        }
    }

    #[test]
    fn days_and_counts_are_checked() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&Contest {
                ends_on: test_day().pred_opt().expect("a day"),
                ..sample()
            }),
            ["ends_on"]
        );
        assert_eq!(
            refused(&Contest {
                students: 0,
                ..sample()
            }),
            ["students"]
        );
        let planned = Contest {
            ends_on: test_day().succ_opt().expect("a day"),
            students: 0,
            ..sample()
        };
        assert!(refused(&planned).is_empty());
    }
}
