use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{OFFICE, PARTY_OFFICE};

use crate::audience::named_may_read;

choice!(
    /// 学习场合
    Forum {
        Committee = "committee" "党委会",
        Office = "office" "校长办公会",
        Centre = "centre" "理论学习中心组",
        Staff = "staff" "教职工大会",
        Branch = "branch" "支部会议",
    }
);

/// 第一议题：党委会、校长办公会等首先学习的内容，以及结合学校实际怎样贯彻、谁负责、落实得怎样。由党委办公室登记和督办。
#[derive(Clone, Debug, Register)]
#[register(
    id = "first_topic",
    title = "第一议题",
    group = "party",
    systems = "G1",
    label = "topic, studied_on",
    date = "studied_on",
    due = "due",
    owner = "responsible"
)]
pub struct FirstTopic {
    #[field(label = "学习日期", list, filter)]
    pub studied_on: NaiveDate,
    #[field(label = "学习场合", list, filter)]
    pub forum: Forum,
    #[field(
        label = "学习内容",
        list,
        max = 200,
        help = "重要讲话、指示批示、会议或文件的名称"
    )]
    pub topic: String,
    #[field(label = "领学人")]
    pub presenter: Ref<Staff>,
    #[field(label = "参加人数", max = 1000)]
    pub present: i64,
    #[field(label = "交流发言要点", max = 1000)]
    pub discussion: Option<LongText>,
    #[field(
        label = "贯彻落实举措",
        max = 1000,
        help = "结合学校实际的具体安排；只学习传达的不填"
    )]
    pub measure: Option<LongText>,
    #[field(label = "责任人", list)]
    pub responsible: Option<Ref<Staff>>,
    #[field(label = "完成期限", list)]
    pub due: Option<NaiveDate>,
    #[field(label = "完成日期")]
    pub done_on: Option<NaiveDate>,
    #[field(label = "落实情况", max = 1000)]
    pub result: Option<LongText>,
    #[field(label = "材料", help = "可不传")]
    pub files: Files,
}

impl Rules for FirstTopic {
    fn flow() -> Flow {
        Flow::starts("待落实")
            .done("已传达")
            .done("已落实")
            .step(
                "passed_on",
                "只学习传达",
                &["待落实"],
                "已传达",
                &[Who::Role(PARTY_OFFICE)],
            )
            .step(
                "finish",
                "落实完成",
                &["待落实"],
                "已落实",
                &[Who::Field("responsible".into()), Who::Role(PARTY_OFFICE)],
            )
            .needs(&["done_on", "result"])
            .signed("落实责任人")
            .step(
                "return",
                "退回再落实",
                &["已落实"],
                "待落实",
                &[Who::Role(PARTY_OFFICE)],
            )
            .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "first_topic_committee",
                "党委会第一议题学习",
                1,
                Every::Month,
                school_wide(),
                Filter::is("forum", "committee"),
            )
            .also(&["第一议题", "落实第一议题制度", "第一议题学习"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let asked = || Filter::all().dated("due");
        vec![
            indicator(
                "first_topics",
                "第一议题学习次数",
                "登记的第一议题",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["第一议题次数"]),
            indicator(
                "first_topic_done",
                "第一议题落实率",
                "已落实的第一议题 ÷ 有落实举措和期限的第一议题",
                "%",
                Measure::Share {
                    of: asked().and("state", Op::Is, "已落实"),
                    among: asked(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        named_may_read(&[PARTY_OFFICE, OFFICE])
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "list",
            "第一议题学习台账",
            &[
                "studied_on",
                "forum",
                "topic",
                "presenter",
                "measure",
                "responsible",
                "result",
            ],
            &[],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let measured = filled(self.measure.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .not_after_today(self.studied_on, ctx.today, "studied_on")
            .refuse(self.present == 0, "present", "请填写参加人数")
            .refuse(
                measured && self.responsible.is_none(),
                "responsible",
                "有落实举措的请选择责任人",
            )
            .refuse(
                measured && self.due.is_none(),
                "due",
                "有落实举措的请写明完成期限",
            )
            .in_order(self.studied_on, self.due, "due", "完成期限不能早于学习日期")
            .in_order(
                self.studied_on,
                self.done_on,
                "done_on",
                "完成日期不能早于学习日期",
            )
            .not_after_today(self.done_on, ctx.today, "done_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn a_measure_has_somebody_and_a_day() {
        let mut record = FirstTopic {
            studied_on: test_day(),
            forum: Forum::Committee,
            topic: "全国教育大会精神".into(),
            presenter: Ref::new(Uuid::nil()),
            present: 7,
            discussion: None,
            measure: None,
            responsible: None,
            due: None,
            done_on: None,
            result: None,
            files: Files::default(),
        };
        assert!(refused(&record).is_empty());
        record.measure = Some(LongText("修订教师企业实践办法".into()));
        assert_eq!(refused(&record), ["responsible", "due"]);
        record.responsible = Some(Ref::new(Uuid::nil()));
        record.due = test_day().pred_opt();
        assert_eq!(refused(&record), ["due"]);
    }
}
