use super::purchase::{department, everyone_asks};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::choice;
use kernel::clock;
use kernel::error::Violation;
use kernel::register::apart::{Apart, apart};
use kernel::register::field::{LongText, Ref};
use kernel::register::flow::{Flow, Guard, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{FINANCE, GATE_KEEPER, GENERAL_AFFAIRS, OFFICE, VICE_PRINCIPAL};
use people::{Staff, Unit};

choice!(
    /// 用车事由
    TripKind {
        Official = "official" "公务外出",
        Visit = "visit" "走访企业",
        Students = "students" "接送学生",
        Contest = "contest" "参赛考试",
        Exchange = "exchange" "接待交流",
        Urgent = "urgent" "应急送医",
        Goods = "goods" "运送物资",
    }
);

/// 用车申请：公务用车先申请，部门审核、办公室派车，出市的报分管校长；回场后登记里程。严禁公车私用。
#[derive(Clone, Debug, Register)]
#[register(
    id = "vehicle_request",
    title = "用车申请",
    group = "office",
    systems = "G6, I1",
    label = "destination, leaves_on",
    date = "leaves_on",
    due = "leaves_on",
    within = "unit",
    owner = "applicant"
)]
pub struct VehicleRequest {
    #[field(label = "申请部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "申请人", list)]
    pub applicant: Ref<Staff>,
    #[field(label = "用车事由", list, filter)]
    pub kind: TripKind,
    #[field(label = "事由说明", max = 200)]
    pub reason: LongText,
    #[field(label = "目的地", list, max = 60)]
    pub destination: String,
    #[field(label = "出市", list, filter)]
    pub out_of_city: bool,
    #[field(label = "乘车人数", max = 60)]
    pub passengers: i64,
    #[field(label = "出发时间", list)]
    pub leaves_at: DateTime<Utc>,
    #[field(label = "出发日期", filter, help = "由出发时间得出，不用填")]
    pub leaves_on: Option<NaiveDate>,
    #[field(label = "预计返回时间")]
    pub back_by: DateTime<Utc>,
    #[field(label = "车牌号", list, max = 10)]
    pub plate: Option<String>,
    #[field(label = "驾驶员", max = 36)]
    pub driver: Option<String>,
    #[field(label = "出车里程表", max = 5_000_000)]
    pub km_out: Option<i64>,
    #[field(label = "回场里程表", max = 5_000_000)]
    pub km_back: Option<i64>,
    #[field(label = "行驶里程", list, help = "由里程表得出，不用填")]
    pub km: Option<i64>,
    #[field(label = "返回时间")]
    pub returned_at: Option<DateTime<Utc>>,
}

impl Rules for VehicleRequest {
    fn apart() -> Vec<Apart> {
        let end = ["returned_at", "back_by"];
        vec![apart(&["plate"], "leaves_at", &end, "这辆车这段时间已经派出")]
    }

    fn flow() -> Flow {
        let office = [Who::Role(OFFICE), Who::Role(GENERAL_AFFAIRS)];
        let stages = [
            department().days(1),
            Stage::by("leader", "分管校长", &[Who::Role(VICE_PRINCIPAL)])
                .when(Guard::is("out_of_city", "true"))
                .days(1),
            Stage::by("office", "办公室派车", &office)
                .needs(&["plate", "driver"])
                .days(1),
        ];
        Flow::approvals(&stages, "已派车")
            .still_open("已派车")
            .done("已回场")
            .step("return", "回场登记", &["已派车"], "已回场", &office)
            .needs(&["km_out", "km_back", "returned_at"])
            .within_days(3)
            .signed("车辆管理员")
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let back = || Filter::state("已回场");
        vec![
            indicator(
                "vehicle_request_count",
                "公务用车次数",
                "已回场的用车条数",
                "次",
                Measure::Count { of: back() },
            ),
            indicator(
                "vehicle_request_km",
                "公务用车里程",
                "已回场用车的行驶里程合计",
                "公里",
                Measure::Sum {
                    of: back(),
                    field: "km".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = everyone_asks();
        access.extend([
            may_write(OFFICE, Reach::School),
            may_write(GENERAL_AFFAIRS, Reach::School),
            may_read(GATE_KEEPER, Reach::School),
            may_read(FINANCE, Reach::School),
        ]);
        access
    }

    fn service() -> Option<Service> {
        Some(service(
            "用车申请",
            "办公室",
            "提前一天申请，部门审核、办公室派车；出市用车报分管校长；急送就医可先用后补",
        ))
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("order", "公务用车派车单")
                .fields(&[
                    "unit",
                    "applicant",
                    "kind",
                    "destination",
                    "passengers",
                    "leaves_at",
                    "back_by",
                    "plate",
                    "driver",
                    "km_out",
                    "km_back",
                    "km",
                    "reason",
                ])
                .approvals()
                .signatures(&["用车人", "驾驶员"])
                .in_states(&["已派车", "已回场"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["leaves_on", "km"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.leaves_on = Some(clock::local(self.leaves_at).date());
        self.km = match (self.km_out, self.km_back) {
            (Some(out), Some(back)) => Some((back - out).max(0)),
            _ => None,
        };
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(self.passengers == 0, "passengers", "乘车人数应大于0")
            .refuse(
                self.back_by < self.leaves_at,
                "back_by",
                "预计返回时间不能早于出发时间",
            )
            .refuse(
                matches!((self.km_out, self.km_back), (Some(out), Some(back)) if back < out),
                "km_back",
                "回场里程表不能小于出车里程表",
            )
            .refuse(
                self.returned_at.is_some_and(|at| at < self.leaves_at),
                "returned_at",
                "返回时间不能早于出发时间",
            )
            .refuse(
                self.returned_at
                    .is_some_and(|at| clock::local(at).date() > ctx.today),
                "returned_at",
                "返回时间不能晚于今天",
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
    fn the_way_is_counted_and_in_order() {
        let at = |hour| clock::instant_at(test_day().and_hms_opt(hour, 0, 0).expect("an hour"));
        let mut trip = VehicleRequest {
            unit: Ref::new(Uuid::nil()),
            applicant: Ref::new(Uuid::nil()),
            kind: TripKind::Visit,
            reason: LongText("走访实习企业".into()),
            destination: "开发区".into(),
            out_of_city: false,
            passengers: 3,
            leaves_at: at(8),
            leaves_on: None,
            back_by: at(17),
            plate: None,
            driver: None,
            km_out: Some(52_100),
            km_back: Some(52_164),
            km: None,
            returned_at: Some(at(16)),
        };
        assert!(refused(&trip).is_empty());
        trip.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!((trip.km, trip.leaves_on), (Some(64), Some(test_day())));
        trip.km_back = Some(52_000);
        trip.returned_at = Some(at(7));
        assert_eq!(refused(&trip), ["km_back", "returned_at"]);
    }
}
