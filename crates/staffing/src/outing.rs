use crate::who::self_filed;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::choice;
use kernel::clock::local;
use kernel::error::Violation;
use kernel::register::field::{Decimal, LongText, Ref};
use kernel::register::flow::{Flow, Stage, WITHDRAWN, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, GATE_KEEPER, PERSONNEL};

choice!(
    /// 离校事由
    OutingKind {
        Official = "official" "公务外出",
        HomeVisit = "home_visit" "家访",
        Company = "company" "走访企业",
        Medical = "medical" "就医",
        Personal = "personal" "私事",
    }
);

/// 教职工离校：工作时间内当天往返的短时外出，部门批准后凭出门条离校，返校登记。由人事处管理，门卫核验。
#[derive(Clone, Debug, Register)]
#[register(
    id = "staff_outing",
    title = "教职工离校",
    group = "staff",
    systems = "E7",
    label = "teacher, kind, leaves_at",
    date = "out_on",
    due = "out_on",
    within = "teacher",
    owner = "teacher"
)]
pub struct StaffOuting {
    #[field(label = "离校人", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "离校事由", list, filter)]
    pub kind: OutingKind,
    #[field(label = "离校时间", list)]
    pub leaves_at: DateTime<Utc>,
    #[field(label = "预计返校时间", list, help = "当天往返；跨天的请办理请假")]
    pub returns_at: DateTime<Utc>,
    #[field(label = "去向与事项", list, max = 200)]
    pub purpose: LongText,
    #[field(label = "离校日期", filter, help = "自动填写")]
    pub out_on: Option<NaiveDate>,
    #[field(label = "时长（小时）", help = "自动计算")]
    pub hours: Option<Decimal<1>>,
    #[field(label = "期间有课或值班")]
    pub on_duty: bool,
    #[field(label = "课务值班安排", max = 200, help = "有课或值班的写明由谁代")]
    pub cover: Option<LongText>,
    #[field(label = "出门时间")]
    pub left_at: Option<DateTime<Utc>>,
    #[field(label = "返校时间", list)]
    pub back_at: Option<DateTime<Utc>>,
}

impl Rules for StaffOuting {
    fn flow() -> Flow {
        let gate = || Who::Role(GATE_KEEPER);
        let personnel = || Who::Role(PERSONNEL);
        Flow::approvals(
            &[Stage::by("department", "部门", &[Who::Role(DEPARTMENT_HEAD), personnel()]).days(1)],
            "已批准",
        )
        .still_open("已批准")
        .open("已离校")
        .done("已返校")
        .step("leave", "核验出门", &["已批准"], "已离校", &[gate(), personnel()])
        .needs(&["left_at"])
        .step(
            "back",
            "返校登记",
            &["已批准", "已离校"],
            "已返校",
            &[gate(), Who::Creator, personnel()],
        )
        .needs(&["back_at"])
        .step(
            "unused",
            "未出门取消",
            &["已批准"],
            WITHDRAWN,
            &[Who::Creator, personnel()],
        )
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let back = || Filter::state("已返校");
        vec![
            indicator(
                "staff_outings",
                "教职工离校人次",
                "已返校的离校登记条数",
                "人次",
                Measure::Count { of: back() },
            ),
            indicator(
                "staff_outing_on_time",
                "离校按时返校率",
                "返校时间不晚于预计返校时间的离校 ÷ 已返校的离校",
                "%",
                Measure::Share {
                    of: back().and("back_at", Op::AtMostField, "returns_at"),
                    among: back(),
                },
            )
            .also(&["教职工按时返校率"]),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = self_filed(&[PERSONNEL]);
        access.push(may_read(GATE_KEEPER, Reach::School));
        access
    }

    fn computed() -> &'static [&'static str] {
        &["out_on", "hours"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.out_on = Some(local(self.leaves_at).date());
        let tenths = (self.returns_at - self.leaves_at).num_minutes() / 6;
        self.hours = (tenths >= 0).then_some(Decimal(tenths));
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "教职工离校（出门条）",
                "人事处",
                "当天往返的短时外出；部门负责人批准后凭出门条离校，返校时登记",
            )
            .quick(&["kind", "leaves_at", "returns_at", "purpose"]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("gate", "教职工出门条")
                .text("兹有我校教职工 {teacher} 因 {kind}，于 {leaves_at} 离校，预计 {returns_at} 返校，请予放行。")
                .fields(&["purpose", "hours"])
                .approvals()
                .signatures(&["离校人", "门卫核验"])
                .in_states(&["已批准", "已离校", "已返校"]),
        ]
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        let same_day = local(self.leaves_at).date() == local(self.returns_at).date();
        Checks::new()
            .refuse(
                self.returns_at < self.leaves_at,
                "returns_at",
                "预计返校时间不能早于离校时间",
            )
            .refuse(
                self.returns_at >= self.leaves_at && !same_day,
                "returns_at",
                "离校当天往返；跨天的请办理请假",
            )
            .refuse(
                self.on_duty && !crate::who::says(&self.cover),
                "cover",
                "期间有课或值班，请写明由谁代",
            )
            .refuse(
                matches!((self.left_at, self.back_at), (Some(left), Some(back)) if back < left),
                "back_at",
                "返校时间不能早于出门时间",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::clock::instant_at;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn at(hour: u32, minute: u32) -> DateTime<Utc> {
        instant_at(test_day().and_hms_opt(hour, minute, 0).expect("an hour"))
    }

    fn sample() -> StaffOuting {
        StaffOuting {
            teacher: Ref::new(Uuid::nil()),
            kind: OutingKind::Official,
            leaves_at: at(7, 30),
            returns_at: at(11, 0),
            purpose: LongText("到市教育局送材料".into()),
            out_on: None,
            hours: None,
            on_duty: false,
            cover: None,
            left_at: None,
            back_at: None,
        }
    }

    #[test]
    fn it_is_over_on_the_same_day_in_shanghai() {
        let mut record = sample();
        assert!(refused(&record).is_empty());
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(
            (record.out_on, record.hours),
            (Some(test_day()), Some(Decimal(35))),
            "half past seven is still yesterday in UTC"
        );
        let next = StaffOuting {
            returns_at: at(7, 0) + chrono::Duration::days(1),
            ..sample()
        };
        assert_eq!(refused(&next), ["returns_at"]);
        let before = StaffOuting {
            returns_at: at(7, 0),
            ..sample()
        };
        assert_eq!(refused(&before), ["returns_at"]);
    }

    #[test]
    fn duty_is_covered_and_nobody_returns_before_leaving() {
        let on_duty = StaffOuting {
            on_duty: true,
            ..sample()
        };
        assert_eq!(refused(&on_duty), ["cover"]);
        let odd = StaffOuting {
            left_at: Some(at(9, 0)),
            back_at: Some(at(8, 0)),
            ..sample()
        };
        assert_eq!(refused(&odd), ["back_at"]);
    }
}
