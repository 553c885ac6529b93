use super::Asset;
use super::purchase::everyone_asks;
use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{DORM_KEEPER, GENERAL_AFFAIRS, IT_CENTER, SAFETY_OFFICE, TRAINING_OFFICE};
use people::{Room, Staff};

choice!(
    /// 报修类别
    RepairKind {
        Electric = "electric" "用电照明",
        Water = "water" "给排水",
        Door = "door" "门窗锁具",
        Furniture = "furniture" "课桌椅家具",
        Media = "media" "多媒体设备",
        Network = "network" "网络电话",
        Cooling = "cooling" "空调风扇",
        Training = "training" "实训设备",
        Fire = "fire" "消防设施",
        Building = "building" "房屋墙面",
        Dormitory = "dormitory" "宿舍设施",
        Other = "other" "其他",
    }
);

choice!(
    /// 紧急程度
    RepairUrgency {
        Now = "1" "紧急（危及安全或影响上课）",
        Soon = "2" "一般",
        Later = "3" "不急",
    }
);

choice!(
    /// 维修评价; the codes sort from good to bad.
    RepairRating {
        Satisfied = "1" "满意",
        Fair = "2" "基本满意",
        Poor = "3" "不满意",
    }
);

/// 报修：发现设施设备损坏网上报修，总务处派工，维修人员修好后由报修人评价。紧急的当天、一般的三天内修复。
#[derive(Clone, Debug, Register)]
#[register(
    id = "repair",
    title = "报修",
    group = "logistics",
    systems = "C4, I1",
    label = "place, reported_on",
    date = "reported_on",
    due = "due",
    within = "room",
    owner = "worker"
)]
pub struct Repair {
    #[field(label = "报修日期", list, filter)]
    pub reported_on: NaiveDate,
    #[field(label = "报修人", list)]
    pub reporter: Ref<Staff>,
    #[field(label = "场所", list, filter, help = "公共区域不填")]
    pub room: Option<Ref<Room>>,
    #[field(label = "具体位置", list, max = 60)]
    pub place: String,
    #[field(label = "报修类别", list, filter)]
    pub kind: RepairKind,
    #[field(label = "紧急程度", list, filter)]
    pub urgency: RepairUrgency,
    #[field(label = "故障描述", max = 500)]
    pub fault: LongText,
    #[field(label = "资产", help = "有资产编号的设备请选择")]
    pub asset: Option<Ref<Asset>>,
    #[field(label = "联系电话", sealed, max = 20)]
    pub phone: Option<String>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
    #[field(label = "修复期限", list, help = "由紧急程度得出，不用填")]
    pub due: Option<NaiveDate>,
    #[field(label = "维修人", list)]
    pub worker: Option<Ref<Staff>>,
    #[field(label = "修复日期", list)]
    pub finished_on: Option<NaiveDate>,
    #[field(label = "维修结果", max = 500)]
    pub result: Option<LongText>,
    #[field(label = "材料费用（元）")]
    pub cost: Option<Money>,
    #[field(label = "满意度", list, filter)]
    pub rating: Option<RepairRating>,
    #[field(label = "评价意见", max = 200)]
    pub comment: Option<String>,
}

impl Repair {
    /// Days in which it is to be mended (an example school's promise; a school changes it).
    fn days(&self) -> Days {
        Days::new(match self.urgency {
            RepairUrgency::Now => 0,
            RepairUrgency::Soon => 3,
            RepairUrgency::Later => 7,
        })
    }
}

impl Rules for Repair {
    fn flow() -> Flow {
        let worker = [Who::Field("worker".into()), Who::Role(GENERAL_AFFAIRS)];
        let dispatch = [Who::Role(GENERAL_AFFAIRS), Who::Role(IT_CENTER)];
        Flow::starts("待派工")
            .open("待维修")
            .open("待评价")
            .done("已完成")
            .dropped("不予维修")
            .dropped("已撤回")
            .step("assign", "派工", &["待派工"], "待维修", &dispatch)
            .needs(&["worker"])
            .within_days(1)
            .signed("派工")
            .step("reassign", "改派", &["待维修"], "待维修", &dispatch)
            .needs(&["worker"])
            .with_note()
            .step("finish", "修复", &["待维修"], "待评价", &worker)
            .needs(&["finished_on", "result"])
            .signed("维修人")
            .step("rate", "评价", &["待评价"], "已完成", &[Who::Creator])
            .needs(&["rating"])
            .within_days(3)
            .signed("报修人验收")
            .step("rework", "没有修好", &["待评价"], "待维修", &[Who::Creator])
            .with_note()
            .step(
                "close",
                "未评价办结",
                &["待评价"],
                "已完成",
                &[Who::Role(GENERAL_AFFAIRS)],
            )
            .with_note()
            .step("refuse", "不予维修", &["待派工", "待维修"], "不予维修", &dispatch)
            .with_note()
            .step("withdraw", "撤回", &["待派工"], "已撤回", &[Who::Creator])
            .editable(&["待派工"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let finished = || Filter::all().dated("finished_on");
        let rated = || Filter::all().and("rating", Op::AtLeast, "1");
        vec![
            indicator(
                "repair_in_time",
                "报修按时修复率",
                "修复日期不晚于修复期限的 ÷ 已修复的报修",
                "%",
                Measure::Share {
                    of: finished().and("finished_on", Op::AtMostField, "due"),
                    among: finished(),
                },
            )
            .also(&["维修及时率", "报修及时率"]),
            indicator(
                "repair_done",
                "报修完成率",
                "已填修复日期的报修 ÷ 全部报修",
                "%",
                Measure::Share {
                    of: finished(),
                    among: Filter::all(),
                },
            )
            .also(&["维修完成率"]),
            indicator(
                "repair_satisfied",
                "维修满意率",
                "评价为满意或基本满意的 ÷ 已评价的报修",
                "%",
                Measure::Share {
                    of: rated().and("rating", Op::AtMost, "2"),
                    among: rated(),
                },
            )
            .also(&["后勤服务满意率", "后勤服务满意度"]),
            indicator(
                "repair_cost",
                "维修材料费用",
                "材料费用合计",
                "元",
                Measure::Sum {
                    of: Filter::all(),
                    field: "cost".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = everyone_asks();
        access.extend([
            may_write(GENERAL_AFFAIRS, Reach::School),
            may_write(IT_CENTER, Reach::School),
            may_read(TRAINING_OFFICE, Reach::School),
            may_read(DORM_KEEPER, Reach::School),
            may_read(SAFETY_OFFICE, Reach::School),
        ]);
        access
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "后勤报修",
                "总务处",
                "当天派工；紧急的当天修复，一般的三天内，不急的七天内；修好后请评价",
            )
            .quick(&[
                "reported_on",
                "reporter",
                "room",
                "place",
                "kind",
                "urgency",
                "fault",
                "photos",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("order", "维修派工单")
                .fields(&[
                    "place",
                    "room",
                    "kind",
                    "urgency",
                    "reported_on",
                    "reporter",
                    "due",
                    "worker",
                    "fault",
                    "result",
                    "finished_on",
                    "cost",
                    "rating",
                ])
                .signatures(&["维修人", "报修人"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["due"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.due = self.reported_on.checked_add_days(self.days());
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.reported_on, ctx.today, "reported_on")
            .phone(self.phone.as_deref(), "phone")
            .in_order(
                self.reported_on,
                self.finished_on,
                "finished_on",
                "修复日期不能早于报修日期",
            )
            .not_after_today(self.finished_on, ctx.today, "finished_on")
            .refuse(
                self.finished_on.is_some() && self.worker.is_none(),
                "worker",
                "填写了修复日期，请选择维修人",
            )
            .refuse(
                self.rating.is_some() && self.finished_on.is_none(),
                "rating",
                "修复后才能评价",
            )
            .refuse(
                self.cost.is_some_and(|cost| cost.0 < 0),
                "cost",
                "材料费用不能为负数",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let due = self.reported_on.checked_add_days(self.days());
        Checks::new()
            .refuse(
                self.finished_on.is_none() && due.is_some_and(|due| due < ctx.today),
                "due",
                "修复期限已过，请尽快处理",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> Repair {
        Repair {
            reported_on: test_day() - Days::new(3),
            reporter: Ref::new(Uuid::nil()),
            room: None,
            place: "教学楼A三楼东侧".into(),
            kind: RepairKind::Water,
            urgency: RepairUrgency::Soon,
            fault: LongText("水龙头漏水".into()),
            asset: None,
            phone: None,
            photos: Files::default(),
            due: None,
            worker: None,
            finished_on: None,
            result: None,
            cost: None,
            rating: None,
            comment: None,
        }
    }

    #[test]
    fn the_time_allowed_follows_from_the_urgency() {
        let ctx = Ctx {
            today: test_day(),
            new: true,
        };
        let mut repair = sample();
        repair.complete(&ctx);
        assert_eq!(repair.due, Some(test_day()));
        assert!(doubted(&repair).is_empty());
        repair.urgency = RepairUrgency::Now;
        assert_eq!(doubted(&repair), ["due"]);
    }

    #[test]
    fn mending_comes_before_rating() {
        assert!(refused(&sample()).is_empty());
        let rated = Repair {
            rating: Some(RepairRating::Fair),
            ..sample()
        };
        assert_eq!(refused(&rated), ["rating"]);
        let mended = Repair {
            finished_on: Some(test_day()),
            ..rated
        };
        assert_eq!(refused(&mended), ["worker"]);
        assert_eq!(Repair::flow().find("rate").expect("a step").who, [Who::Creator]);
    }
}
