use super::AidAgreement;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, each, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, said};
use people::roles::{COOPERATION_OFFICE, DEPARTMENT_HEAD, OFFICE, PARTY_OFFICE, PERSONNEL, TEACHER};

choice!(
    /// 帮扶形式
    AidKind {
        Post = "post" "挂职任职",
        Teach = "teach" "支教送教",
        Receive = "receive" "跟岗培训接待",
        Train = "train" "专题培训",
        Build = "build" "专业共建",
        Research = "research" "联合教研",
        Students = "students" "学生联合培养",
        Donate = "donate" "物资捐赠",
        Consume = "consume" "消费帮扶",
    }
);

/// 帮扶活动：对口帮扶协议下的支教、挂职、跟岗接待、培训和捐赠记录。由派出或接待部门登记，校企合作处汇总。
#[derive(Clone, Debug, Register)]
#[register(
    id = "aid_activity",
    title = "帮扶活动",
    group = "partners",
    systems = "H3",
    label = "title, starts_on",
    date = "starts_on",
    owner = "leader"
)]
pub struct AidActivity {
    #[field(label = "帮扶协议", list)]
    pub agreement: Ref<AidAgreement>,
    #[field(label = "活动名称", list, max = 60)]
    pub title: String,
    #[field(label = "帮扶形式", list, filter)]
    pub kind: AidKind,
    #[field(label = "开始日期", list, filter)]
    pub starts_on: NaiveDate,
    #[field(label = "结束日期", list)]
    pub ends_on: NaiveDate,
    #[field(label = "天数", help = "由起止日期得出")]
    pub days: Option<i64>,
    #[field(label = "地点", max = 60)]
    pub place: String,
    #[field(label = "负责人", list)]
    pub leader: Ref<Staff>,
    #[field(label = "派出人数", list, max = 200)]
    pub sent: i64,
    #[field(label = "受益教师人次", list, max = 5000)]
    pub teachers: i64,
    #[field(label = "受益学生人次", max = 10000)]
    pub students: i64,
    #[field(label = "投入金额（元）", help = "捐赠物资折合金额、消费帮扶金额")]
    pub value: Option<Money>,
    #[field(label = "活动情况", max = 800)]
    pub summary: LongText,
    #[field(label = "成果", max = 300)]
    pub result: Option<LongText>,
    #[field(label = "照片与材料", help = "可不传")]
    pub files: Files,
}

impl Rules for AidActivity {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "aid_activity_term",
                "对口帮扶活动",
                1,
                Every::Term,
                each("aid_agreement"),
                Filter::all(),
            )
            .also(&["开展对口帮扶", "东西协作活动"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let sum = |field: &str| Measure::Sum {
            of: Filter::all(),
            field: field.into(),
        };
        vec![
            indicator(
                "aid_activities",
                "对口帮扶活动次数",
                "登记的帮扶活动",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["帮扶活动次数"]),
            indicator(
                "aid_activity_teachers",
                "帮扶受益教师人次",
                "受益教师人次合计",
                "人次",
                sum("teachers"),
            )
            .also(&["帮扶培训人次", "交流培训人次"]),
            indicator(
                "aid_activity_sent",
                "派出帮扶人次",
                "派出人数合计",
                "人次",
                sum("sent"),
            )
            .also(&["派出支教人次"]),
            indicator(
                "aid_activity_value",
                "帮扶投入金额",
                "投入金额合计",
                "元",
                sum("value"),
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Own),
            may_write(TEACHER, Reach::Own),
            may_read(OFFICE, Reach::School),
            may_read(PARTY_OFFICE, Reach::School),
            may_read(PERSONNEL, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "对口帮扶活动记录")
                .fields(&[
                    "agreement",
                    "title",
                    "kind",
                    "starts_on",
                    "ends_on",
                    "place",
                    "leader",
                    "sent",
                    "teachers",
                    "students",
                    "value",
                ])
                .fields(&["summary", "result"])
                .signatures(&["负责人", "受援单位确认"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["days"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let days = (self.ends_on - self.starts_on).num_days() + 1;
        self.days = (days > 0).then_some(days);
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let gift = matches!(self.kind, AidKind::Donate | AidKind::Consume);
        Checks::new()
            .not_after_today(self.starts_on, ctx.today, "starts_on")
            .in_order(
                self.starts_on,
                self.ends_on,
                "ends_on",
                "结束日期不能早于开始日期",
            )
            .refuse(
                gift && self.value.is_none_or(|money| money.0 <= 0),
                "value",
                "捐赠和消费帮扶请填写金额",
            )
            .refuse(
                matches!(self.kind, AidKind::Post | AidKind::Teach) && self.sent == 0,
                "sent",
                "挂职、支教的请填写派出人数",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.ends_on < ctx.today && !said(&self.result),
                "result",
                "活动已结束，建议补充成果",
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
    fn each_form_of_help_has_its_numbers() {
        let sample = AidActivity {
            agreement: Ref::new(Uuid::nil()),
            title: "数控专业送教".into(),
            kind: AidKind::Teach,
            starts_on: test_day() - chrono::Duration::days(4),
            ends_on: test_day(),
            days: None,
            place: "河谷县".into(),
            leader: Ref::new(Uuid::nil()),
            sent: 3,
            teachers: 28,
            students: 120,
            value: None,
            summary: LongText("示范课6节，专题讲座2场".into()),
            result: None,
            files: Files::default(),
        };
        assert!(refused(&sample).is_empty());
        let nobody = AidActivity {
            sent: 0,
            ..sample.clone()
        };
        assert_eq!(refused(&nobody), ["sent"]);
        let gift = AidActivity {
            kind: AidKind::Donate,
            ..nobody
        };
        assert_eq!(refused(&gift), ["value"]);
        let mut counted = sample;
        counted.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(counted.days, Some(5));
    }
}
