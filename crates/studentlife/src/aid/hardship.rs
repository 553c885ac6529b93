use crate::terms::school_year;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Student;
use people::checks::{Checks, said};
use people::roles::{AID_OFFICE, CLASS_TEACHER, DEPARTMENT_HEAD, STUDENT_OFFICE};

choice!(
    /// 特殊群体：教财〔2018〕16号第三条所列，可直接认定。
    SpecialGroup {
        None = "none" "不属于",
        Relieved = "relieved" "脱贫家庭（含监测户）",
        Allowance = "allowance" "低保家庭",
        Extreme = "extreme" "特困救助供养",
        Orphan = "orphan" "孤儿或事实无人抚养",
        Martyr = "martyr" "烈士子女",
        Disabled = "disabled" "残疾学生或残疾人子女",
    }
);

/// 困难认定：每学年一次，学生申请、班级评议、资助中心审核、公示后认定等级。家庭情况密封，公示只列姓名和等级。由资助中心管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "hardship",
    title = "困难认定",
    group = "student",
    systems = "D9",
    label = "student, school_year",
    unique = "student, school_year",
    date = "applied_on",
    within = "student"
)]
pub struct Hardship {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "申请日期", list, filter)]
    pub applied_on: NaiveDate,
    #[field(label = "学年", list, filter, max = 9, help = "按申请日期自动填写")]
    pub school_year: Option<String>,
    #[field(label = "特殊群体", sealed, help = "与民政、乡村振兴、残联数据比对")]
    pub special: SpecialGroup,
    #[field(label = "家庭类别", sealed, code = "family_kind")]
    pub family: Code,
    #[field(label = "困难原因", sealed, code = "hardship_reason")]
    pub cause: Code,
    #[field(label = "家庭人口", sealed, max = 30)]
    pub persons: i64,
    #[field(label = "人均月收入（元）", sealed)]
    pub income: Money,
    #[field(label = "家庭情况说明", sealed, max = 800)]
    pub need: LongText,
    #[field(label = "佐证材料", sealed, help = "能由部门数据比对的不要求学生开证明")]
    pub proof: Files,
    #[field(label = "评议意见", sealed, max = 300)]
    pub opinion: Option<LongText>,
    #[field(
        label = "认定等级",
        list,
        filter,
        code = "hardship",
        help = "人均月收入低于当地低保线为特别困难，低于1.5倍为困难或一般困难"
    )]
    pub level: Option<Code>,
    #[field(label = "公示开始日期")]
    pub notice_from: Option<NaiveDate>,
    #[field(label = "公示结束日期", list)]
    pub notice_to: Option<NaiveDate>,
    #[field(label = "认定日期", list)]
    pub decided_on: Option<NaiveDate>,
}

/// 不困难 in the code set of hardship.
const NONE: &str = "3";

impl Rules for Hardship {
    fn flow() -> Flow {
        let office = [Who::Role(AID_OFFICE)];
        let class = [Who::Role(CLASS_TEACHER), Who::Role(DEPARTMENT_HEAD)];
        Flow::starts("待评议")
            .open("待审核")
            .open("公示中")
            .open("退回修改")
            .done("已认定")
            .dropped("未认定")
            .step("review", "评议通过", &["待评议"], "待审核", &class)
            .needs(&["level", "opinion"])
            .within_days(7)
            .signed("认定评议小组意见")
            .step("return_class", "退回修改", &["待评议"], "退回修改", &class)
            .with_note()
            .step("publish", "审核并公示", &["待审核"], "公示中", &office)
            .needs(&["level", "notice_from", "notice_to"])
            .within_days(7)
            .signed("资助中心意见")
            .step("return", "退回评议", &["待审核"], "待评议", &office)
            .with_note()
            .step("object", "有异议复核", &["公示中"], "待审核", &office)
            .with_note()
            .step("decide", "认定", &["公示中"], "已认定", &office)
            .needs(&["decided_on"])
            .signed("学校认定意见")
            .step("refuse", "不予认定", &["待审核", "公示中"], "未认定", &office)
            .with_note()
            .step("adjust", "动态调整", &["已认定"], "待审核", &office)
            .with_note()
            .step("resubmit", "重新提交", &["退回修改"], "待评议", &[Who::Creator])
            .editable(&["待评议", "退回修改"])
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "hardship_year",
                "家庭经济困难学生认定",
                1,
                Every::Year,
                school_wide(),
                Filter::all(),
            )
            .also(&["困难学生认定", "贫困生认定"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let needy = || {
            Filter::state("已认定")
                .and("level", Op::AtLeast, "1")
                .and("level", Op::Not, NONE)
        };
        vec![
            indicator(
                "hardship_students",
                "家庭经济困难学生数",
                "已认定为特别困难、困难、一般困难的不同学生",
                "人",
                Measure::CountDistinct {
                    of: needy(),
                    field: "student".into(),
                },
            )
            .also(&["困难学生数", "贫困学生数"]),
            indicator(
                "hardship_done",
                "困难认定完成率",
                "已认定或未认定（有结论）的 ÷ 全部申请",
                "%",
                Measure::Share {
                    of: Filter::state("已认定"),
                    among: Filter::all().and("state", Op::Not, "未认定"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(AID_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit).unmasked(),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["school_year"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.school_year = Some(school_year(self.applied_on));
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "困难认定申请",
                "资助中心",
                "每学年开学两周内由班主任代学生提出；评议、审核、公示五个工作日后认定",
            )
            .for_roles(&[CLASS_TEACHER, AID_OFFICE])
            .quick(&[
                "student",
                "applied_on",
                "special",
                "family",
                "cause",
                "persons",
                "income",
                "need",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("form", "家庭经济困难学生认定申请表")
                .fields(&[
                    "student",
                    "applied_on",
                    "school_year",
                    "special",
                    "family",
                    "cause",
                    "persons",
                    "income",
                    "need",
                    "level",
                ])
                .text("本人承诺以上所填内容真实，如有不实，愿承担相应责任。")
                .approvals()
                .signatures(&["学生", "监护人"]),
            list_form("notice", "拟认定家庭经济困难学生公示", &["student", "level"], &[])
                .in_states(&["公示中"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let special = self.special != SpecialGroup::None;
        let level = self.level.as_ref().map(|level| level.0.as_str());
        Checks::new()
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            .refuse(self.persons == 0, "persons", "家庭人口应大于0")
            .refuse(
                special && level == Some(NONE),
                "level",
                "特殊群体学生应认定为困难学生",
            )
            .notice(
                self.applied_on,
                "申请日期",
                [self.notice_from, self.notice_to],
                ["notice_from", "notice_to"],
            )
            .in_order(
                self.notice_to,
                self.decided_on,
                "decided_on",
                "认定日期不能早于公示结束日期",
            )
            .refuse(
                self.decided_on.is_some() && self.notice_to.is_none(),
                "notice_to",
                "认定前须公示",
            )
            .not_after_today(self.decided_on, ctx.today, "decided_on")
            .refuse(
                self.decided_on.is_some() && level.is_none(),
                "level",
                "填写了认定日期，请填写认定等级",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        // 教财〔2018〕16号: the result is put on public notice for an adequate time; five working days are customary.
        Checks::new()
            .short_notice([self.notice_from, self.notice_to], "notice_to")
            .refuse(
                self.level.is_some() && !said(&self.opinion),
                "opinion",
                "还没有评议意见",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some, text};
    use people::sound::{doubted, refused};

    fn sample() -> Hardship {
        Hardship {
            student: some(),
            applied_on: day(-30),
            school_year: None,
            special: SpecialGroup::Allowance,
            family: Code("3".into()),
            cause: Code("3".into()),
            persons: 3,
            income: Money(62_000),
            need: LongText("父亲患病，母亲务农".into()),
            proof: Files::default(),
            opinion: text("情况属实"),
            level: Some(Code("1".into())),
            notice_from: Some(day(-20)),
            notice_to: Some(day(-14)),
            decided_on: Some(day(-13)),
        }
    }

    #[test]
    fn nobody_is_recognised_without_notice() {
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        let hidden = Hardship {
            notice_from: None,
            notice_to: None,
            ..sample()
        };
        assert_eq!(refused(&hidden), ["notice_to"]);
        assert_eq!(
            refused(&Hardship {
                decided_on: Some(day(-15)),
                ..sample()
            }),
            ["decided_on"]
        );
        assert_eq!(
            refused(&Hardship {
                level: None,
                ..sample()
            }),
            ["level"]
        );
        assert_eq!(
            doubted(&Hardship {
                notice_to: Some(day(-18)),
                ..sample()
            }),
            ["notice_to"]
        );
    }

    #[test]
    fn who_is_in_public_care_is_in_need() {
        assert_eq!(
            refused(&Hardship {
                level: Some(Code(NONE.into())),
                ..sample()
            }),
            ["level"]
        );
        assert_eq!(
            refused(&Hardship {
                persons: 0,
                ..sample()
            }),
            ["persons"]
        );
    }
}
