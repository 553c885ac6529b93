use chrono::{Datelike, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{COOPERATION_OFFICE, ENROLMENT_OFFICE, TEACHER};

choice!(
    /// 学历层次
    OpenLevel {
        College = "college" "专科",
        Bachelor = "bachelor" "本科（专科起点）",
    }
);

choice!(
    /// 招生季
    OpenSeason {
        Spring = "spring" "春季",
        Autumn = "autumn" "秋季",
    }
);

/// 国开学员：国家开放大学学习中心的学员，从报名、注册到毕业。由招生就业处管理；招生意向在“招生报名”登记，注册后在此跟踪。
#[derive(Clone, Debug, Register)]
#[register(
    id = "open_student",
    title = "国开学员",
    group = "partners",
    systems = "H2",
    label = "name, year",
    unique = "id_number, level",
    date = "applied_on",
    owner = "recruiter"
)]
pub struct OpenStudent {
    #[field(label = "年度", list, filter, max = 2100)]
    pub year: i64,
    #[field(label = "招生季", list, filter)]
    pub season: OpenSeason,
    #[field(label = "姓名", list, max = 36)]
    pub name: String,
    #[field(label = "性别", code = "sex")]
    pub sex: Code,
    #[field(label = "身份证号", sealed, max = 18)]
    pub id_number: String,
    #[field(label = "联系电话", sealed, max = 20)]
    pub phone: String,
    #[field(label = "学历层次", list, filter)]
    pub level: OpenLevel,
    #[field(label = "报读专业", list, filter, max = 40)]
    pub major: String,
    #[field(label = "工作单位", max = 60)]
    pub employer: Option<String>,
    #[field(label = "招生教师", list)]
    pub recruiter: Ref<Staff>,
    #[field(label = "报名日期", list, filter)]
    pub applied_on: NaiveDate,
    #[field(label = "注册日期")]
    pub registered_on: Option<NaiveDate>,
    #[field(label = "学号", list, max = 20)]
    pub number: Option<String>,
    #[field(label = "已修学分", list)]
    pub credits: Option<Decimal<1>>,
    #[field(label = "毕业日期")]
    pub graduated_on: Option<NaiveDate>,
    #[field(label = "备注", max = 300)]
    pub remark: Option<LongText>,
}

impl Rules for OpenStudent {
    fn flow() -> Flow {
        let office = [Who::Role(ENROLMENT_OFFICE), Who::Role(COOPERATION_OFFICE)];
        Flow::starts("已报名")
            .open("在读")
            .done("已毕业")
            .dropped("未注册")
            .dropped("退学")
            .step("register", "注册学籍", &["已报名"], "在读", &office)
            .needs(&["registered_on", "number"])
            .step("give_up", "放弃", &["已报名"], "未注册", &office)
            .with_note()
            .step("graduate", "毕业", &["在读"], "已毕业", &office)
            .needs(&["credits", "graduated_on"])
            .step("leave", "退学", &["在读"], "退学", &office)
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "open_student_registered",
                "国开注册人数",
                "注册日期已填的国开学员",
                "人",
                Measure::Count {
                    of: Filter::all().dated("registered_on"),
                },
            )
            .also(&["国开大学注册人数", "开放教育注册人数"]),
            indicator(
                "open_student_share",
                "国开注册率",
                "已注册 ÷ 已报名（含放弃的）",
                "%",
                Measure::Share {
                    of: Filter::all().dated("registered_on"),
                    among: Filter::all(),
                },
            ),
            indicator(
                "open_student_bachelor",
                "国开本科人数",
                "本科层次的已注册学员",
                "人",
                Measure::Count {
                    of: Filter::all()
                        .dated("registered_on")
                        .and("level", Op::Is, "bachelor"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(ENROLMENT_OFFICE, Reach::School),
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(TEACHER, Reach::Own),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "roster",
                "国开学员名册",
                &["year", "season", "name", "level", "major", "number"],
                &["签名"],
            )
            .by("major"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let year = i64::from(self.applied_on.year());
        Checks::new()
            .refuse(
                !(year..=year + 1).contains(&self.year),
                "year",
                format!("年度应为报名当年（{year}）或下一年"),
            )
            .identity(
                Some(&self.id_number),
                None,
                Some(&self.sex.0),
                "id_number",
                "id_number",
            )
            .phone(Some(&self.phone), "phone")
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            .in_order(
                self.applied_on,
                self.registered_on,
                "registered_on",
                "注册日期不能早于报名日期",
            )
            .not_after_today(self.registered_on, ctx.today, "registered_on")
            .refuse(
                self.graduated_on.is_some() && self.registered_on.is_none(),
                "registered_on",
                "没有注册日期，不能毕业",
            )
            .in_order(
                self.registered_on,
                self.graduated_on,
                "graduated_on",
                "毕业日期不能早于注册日期",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn identity_and_days_are_checked() {
        let sample = OpenStudent {
            year: 2026,
            season: OpenSeason::Spring,
            name: "李敏".into(),
            sex: Code("2".into()),
            id_number: "11010519491231002X".into(),
            phone: "13812345678".into(),
            level: OpenLevel::College,
            major: "机电一体化技术".into(),
            employer: None,
            recruiter: Ref::new(Uuid::nil()),
            applied_on: test_day(),
            registered_on: Some(test_day()),
            number: Some("2637001400123".into()),
            credits: None,
            graduated_on: None,
            remark: None,
        };
        assert!(refused(&sample).is_empty());
        let wrong = |change: fn(&mut OpenStudent)| {
            let mut record = sample.clone();
            change(&mut record);
            refused(&record)
        };
        assert_eq!(
            wrong(|r| r.id_number = "110105194912310021".into()),
            ["id_number"]
        );
        assert_eq!(wrong(|r| r.year = 2028), ["year"]);
        assert_eq!(
            wrong(|r| r.registered_on = test_day().pred_opt()),
            ["registered_on"]
        );
        assert_eq!(
            wrong(|r| {
                r.registered_on = None;
                r.graduated_on = Some(test_day());
            }),
            ["registered_on"]
        );
    }
}
