use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, said};
use people::roles::{
    COOPERATION_OFFICE, DEPARTMENT_HEAD, OFFICE, PARTY_OFFICE, PERSONNEL, PRINCIPAL, TEACHING_OFFICE,
};

choice!(
    /// 帮扶项目
    AidProgramme {
        EastWest = "east_west" "东西部协作",
        Team = "team" "组团式帮扶",
        Province = "province" "省内结对",
        County = "county" "城乡结对",
        Village = "village" "乡村振兴驻点",
        Alliance = "alliance" "集团（联盟）校",
    }
);

/// 对口帮扶协议：与受援学校、乡村签订的帮扶协议和年度任务。由校企合作处管理，办公室会签，校长批准。
#[derive(Clone, Debug, Register)]
#[register(
    id = "aid_agreement",
    title = "对口帮扶协议",
    group = "partners",
    systems = "H3",
    label = "partner, programme",
    key = "number",
    unique = "number",
    date = "drafted_on",
    due = "ends_on",
    owner = "responsible"
)]
pub struct AidAgreement {
    #[field(label = "协议编号", list, max = 30)]
    pub number: String,
    #[field(label = "受援单位", list, max = 60)]
    pub partner: String,
    #[field(label = "所在省市", list, filter, max = 40)]
    pub place: String,
    #[field(label = "帮扶项目", list, filter)]
    pub programme: AidProgramme,
    #[field(label = "责任人", list)]
    pub responsible: Ref<Staff>,
    #[field(label = "拟订日期")]
    pub drafted_on: NaiveDate,
    #[field(label = "开始日期")]
    pub starts_on: NaiveDate,
    #[field(label = "结束日期", list)]
    pub ends_on: NaiveDate,
    #[field(
        label = "帮扶任务",
        max = 800,
        help = "专业建设、师资培训、学生培养、管理输出等"
    )]
    pub tasks: LongText,
    #[field(label = "计划派出教师", max = 200)]
    pub teachers: i64,
    #[field(label = "计划培训人次", max = 5000)]
    pub trainees: i64,
    #[field(label = "签署日期")]
    pub signed_on: Option<NaiveDate>,
    #[field(label = "帮扶成效", max = 800, help = "期满总结时填写")]
    pub result: Option<LongText>,
    #[field(label = "协议扫描件")]
    pub files: Files,
}

impl Rules for AidAgreement {
    fn flow() -> Flow {
        let office = [Who::Role(COOPERATION_OFFICE)];
        Flow::approvals(
            &[
                Stage::by("office", "办公室", &[Who::Role(OFFICE)]),
                Stage::by("principal", "校长", &[Who::Role(PRINCIPAL)]).days(5),
            ],
            "待签署",
        )
        .still_open("待签署")
        .open("履行中")
        .done("已期满")
        .step("sign", "签署", &["待签署"], "履行中", &office)
        .needs(&["signed_on"])
        .step("finish", "期满总结", &["履行中"], "已期满", &office)
        .needs(&["result"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "aid_agreements",
                "对口帮扶协议数",
                "履行中的对口帮扶协议",
                "份",
                Measure::Count {
                    of: Filter::state("履行中"),
                },
            )
            .standing()
            .also(&["帮扶协议数", "对口帮扶学校数"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_read(OFFICE, Reach::School),
            may_read(PARTY_OFFICE, Reach::School),
            may_read(PERSONNEL, Reach::School),
            may_read(TEACHING_OFFICE, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("signing", "对口帮扶协议签署页")
                .text("甲方：{school}　乙方：{partner}")
                .text("双方就“{programme}”开展对口帮扶，期限自 {starts_on} 至 {ends_on}。")
                .fields(&["tasks", "teachers", "trainees"])
                .approvals()
                .signatures(&["甲方（盖章）代表", "乙方（盖章）代表"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.drafted_on, ctx.today, "drafted_on")
            .refuse(
                self.ends_on <= self.starts_on,
                "ends_on",
                "结束日期应晚于开始日期",
            )
            .in_order(
                self.drafted_on,
                self.signed_on,
                "signed_on",
                "签署日期不能早于拟订日期",
            )
            .not_after_today(self.signed_on, ctx.today, "signed_on")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let over = self.signed_on.is_some() && self.ends_on < ctx.today;
        Checks::new()
            .refuse(
                over && !said(&self.result),
                "ends_on",
                "协议已期满，请总结帮扶成效",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    #[test]
    fn the_term_is_real_and_its_end_is_called_for() {
        let day = |after: i64| test_day() + chrono::Duration::days(after);
        let sample = AidAgreement {
            number: "帮2026-01".into(),
            partner: "河谷县职业技术学校".into(),
            place: "云岭省河谷县".into(),
            programme: AidProgramme::EastWest,
            responsible: Ref::new(Uuid::nil()),
            drafted_on: day(-300),
            starts_on: day(-280),
            ends_on: day(80),
            tasks: LongText("共建数控专业，选派教师支教".into()),
            teachers: 4,
            trainees: 60,
            signed_on: Some(day(-285)),
            result: None,
            files: Files::default(),
        };
        assert!(refused(&sample).is_empty());
        assert!(doubted(&sample).is_empty());
        let unsigned = AidAgreement {
            signed_on: Some(day(-301)),
            ..sample.clone()
        };
        assert_eq!(refused(&unsigned), ["signed_on"]);
        let over = AidAgreement {
            ends_on: day(-1),
            ..sample
        };
        assert_eq!(doubted(&over), ["ends_on"]);
    }
}
