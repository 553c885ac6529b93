use crate::words::day_of;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::Ref;
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{GATE_KEEPER, SAFETY_OFFICE, roles};

choice!(
    /// 来访事由
    VisitPurpose {
        Parent = "parent" "学生家长",
        Official = "official" "公务检查",
        Business = "business" "业务洽谈",
        Partner = "partner" "校企合作",
        Works = "works" "施工维修",
        Delivery = "delivery" "送货配送",
        Lecture = "lecture" "讲座培训",
        Enrolment = "enrolment" "招生咨询",
        Other = "other" "其他",
    }
);

/// 访客登记：教职工预约或门卫现场登记，被访人确认后凭证件进校，离校时登记。由门卫和安全办管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "visitor",
    title = "访客登记",
    group = "safety",
    systems = "F5",
    label = "name, visited_on",
    date = "visited_on",
    due = "visited_on",
    within = "host",
    owner = "host"
)]
pub struct Visitor {
    #[field(label = "来访日期", list, filter)]
    pub visited_on: NaiveDate,
    #[field(label = "访客姓名", list, max = 36)]
    pub name: String,
    #[field(label = "来访单位", list, max = 60, help = "家长不填")]
    pub company: Option<String>,
    #[field(label = "证件号", sealed, max = 20, help = "进校时核对证件原件")]
    pub id_number: Option<String>,
    #[field(label = "访客电话", sealed, max = 20)]
    pub phone: String,
    #[field(label = "来访人数", max = 500)]
    pub persons: i64,
    #[field(label = "来访事由", list, filter)]
    pub purpose: VisitPurpose,
    #[field(label = "事由说明", max = 100)]
    pub reason: String,
    #[field(label = "被访人", list)]
    pub host: Ref<Staff>,
    #[field(label = "车牌号", max = 10)]
    pub plate: Option<String>,
    #[field(label = "访客证号", max = 10)]
    pub badge: Option<String>,
    #[field(label = "进校时间", list)]
    pub entered_at: Option<DateTime<Utc>>,
    #[field(label = "离校时间", list)]
    pub left_at: Option<DateTime<Utc>>,
    #[field(label = "备注", max = 100, help = "携带物品、证件不符等异常情况")]
    pub remark: Option<String>,
}

impl Rules for Visitor {
    fn flow() -> Flow {
        let gate = [Who::Role(GATE_KEEPER), Who::Role(SAFETY_OFFICE)];
        Flow::starts("待进校")
            .open("在校内")
            .done("已离校")
            .dropped("未到访")
            .dropped("不予进校")
            .step("enter", "登记进校", &["待进校"], "在校内", &gate)
            .needs(&["id_number", "entered_at", "badge"])
            .step("leave", "登记离校", &["在校内"], "已离校", &gate)
            .needs(&["left_at"])
            .step("refuse", "不予进校", &["待进校"], "不予进校", &gate)
            .with_note()
            .step(
                "absent",
                "未到访",
                &["待进校"],
                "未到访",
                &[Who::Creator, Who::Role(GATE_KEEPER)],
            )
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "visitor_count",
                "访客批次",
                "已离校的访客记录条数",
                "批",
                Measure::Count {
                    of: Filter::state("已离校"),
                },
            )
            .also(&["来访批次"]),
            indicator(
                "visitor_persons",
                "访客人次",
                "已离校访客的来访人数合计",
                "人次",
                Measure::Sum {
                    of: Filter::state("已离校"),
                    field: "persons".into(),
                },
            )
            .also(&["来访人次"]),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access: Vec<Access> = roles().iter().map(|r| may_write(r.id, Reach::Own)).collect();
        access.push(may_write(GATE_KEEPER, Reach::School));
        access.push(may_write(SAFETY_OFFICE, Reach::School));
        access
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "访客预约",
                "安全办",
                "教职工为访客预约，访客凭有效证件到门卫登记进校，当日有效",
            )
            .quick(&[
                "visited_on",
                "name",
                "phone",
                "persons",
                "purpose",
                "reason",
                "host",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("slip", "访客会客单")
                .fields(&[
                    "name",
                    "company",
                    "persons",
                    "purpose",
                    "reason",
                    "host",
                    "badge",
                    "entered_at",
                    "plate",
                ])
                .text("离校时请将本单交被访人签字后交回门卫。")
                .signatures(&["被访人", "门卫"])
                .in_states(&["在校内", "已离校"]),
            list_form(
                "book",
                "访客登记簿",
                &[
                    "visited_on",
                    "name",
                    "company",
                    "purpose",
                    "host",
                    "entered_at",
                    "left_at",
                ],
                &["备注"],
            ),
        ]
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        let entered = self.entered_at.map(day_of);
        Checks::new()
            .refuse(self.persons == 0, "persons", "来访人数应大于0")
            .identity(self.id_number.as_deref(), None, None, "id_number", "id_number")
            .phone(Some(&self.phone), "phone")
            .refuse(
                entered.is_some_and(|day| day != self.visited_on),
                "entered_at",
                "进校时间应在来访日期当天",
            )
            .refuse(
                self.left_at.is_some() && self.entered_at.is_none(),
                "entered_at",
                "还没有进校时间，不能登记离校",
            )
            .refuse(
                matches!((self.entered_at, self.left_at), (Some(a), Some(b)) if b < a),
                "left_at",
                "离校时间不能早于进校时间",
            )
            .refuse(
                !matches!(
                    self.purpose,
                    VisitPurpose::Parent | VisitPurpose::Enrolment | VisitPurpose::Other
                ) && !filled(self.company.as_deref()),
                "company",
                "请填写来访单位",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.entered_at.is_some() && self.left_at.is_none() && self.visited_on < ctx.today,
                "left_at",
                "访客当天没有登记离校，请核实",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::moment;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> Visitor {
        Visitor {
            visited_on: test_day(),
            name: "王某".into(),
            company: None,
            id_number: Some("11010519491231002X".into()),
            phone: "13900001111".into(),
            persons: 1,
            purpose: VisitPurpose::Parent,
            reason: "与班主任沟通".into(),
            host: Ref::new(Uuid::nil()),
            plate: None,
            badge: None,
            entered_at: Some(moment(0, 9)),
            left_at: None,
            remark: None,
        }
    }

    #[test]
    fn in_comes_before_out_on_the_day() {
        assert!(refused(&sample()).is_empty());
        let with = |change: fn(&mut Visitor)| {
            let mut visitor = sample();
            change(&mut visitor);
            refused(&visitor)
        };
        assert!(with(|v| v.left_at = Some(moment(0, 10))).is_empty());
        assert_eq!(with(|v| v.left_at = Some(moment(0, 8))), ["left_at"]);
        assert_eq!(with(|v| v.entered_at = Some(moment(1, 9))), ["entered_at"]);
        let out = |v: &mut Visitor| {
            v.entered_at = None;
            v.left_at = Some(moment(0, 9));
        };
        assert_eq!(with(out), ["entered_at"]);
        assert_eq!(with(|v| v.purpose = VisitPurpose::Works), ["company"]);
        assert_eq!(with(|v| v.id_number = Some("123".into())), ["id_number"]);
    }

    #[test]
    fn who_stayed_overnight_is_asked_for() {
        assert!(doubted(&sample()).is_empty());
        let stayed = Visitor {
            visited_on: test_day() - chrono::Days::new(1),
            entered_at: Some(moment(-1, 9)),
            ..sample()
        };
        assert_eq!(doubted(&stayed), ["left_at"]);
    }

    #[test]
    fn only_the_gate_lets_in() {
        let flow = Visitor::flow();
        for id in ["enter", "leave", "refuse"] {
            assert!(
                !flow.find(id).expect("a step").who.contains(&Who::Creator),
                "{id}"
            );
        }
    }
}
