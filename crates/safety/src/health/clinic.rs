use crate::words::day_of;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, HEALTH_OFFICE};
use people::{Staff, Student};

choice!(
    /// 就诊原因
    Complaint {
        Injury = "injury" "外伤扭伤",
        Burn = "burn" "烧烫伤",
        Fever = "fever" "发热",
        Cold = "cold" "上呼吸道感染",
        Stomach = "stomach" "腹痛腹泻",
        Headache = "headache" "头痛头晕",
        Skin = "skin" "皮肤过敏",
        Period = "period" "痛经",
        Tooth = "tooth" "五官不适",
        Faint = "faint" "低血糖晕厥",
        Other = "other" "其他",
    }
);

choice!(
    /// 处理去向
    Disposition {
        Back = "back" "处理后返班",
        Observed = "observed" "卫生室留观",
        Home = "home" "通知家长接回",
        Hospital = "hospital" "转送医院",
    }
);

/// 卫生室就诊：学生和教职工到卫生室就诊的门诊日志，病情和用药加密；留观、送医的跟踪到离开。由校医登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "clinic_visit",
    title = "卫生室就诊",
    group = "logistics",
    systems = "F6",
    label = "complaint, came_on",
    date = "came_on",
    due = "came_on",
    within = "student",
    owner = "doctor"
)]
pub struct ClinicVisit {
    #[field(label = "就诊时间", list)]
    pub came_at: DateTime<Utc>,
    #[field(label = "就诊日期", filter, help = "由就诊时间得出，不用填")]
    pub came_on: Option<NaiveDate>,
    #[field(label = "学生", list, help = "学生就诊的填写")]
    pub student: Option<Ref<Student>>,
    #[field(label = "教职工", list, help = "教职工就诊的填写")]
    pub staff: Option<Ref<Staff>>,
    #[field(label = "就诊原因", list, filter)]
    pub complaint: Complaint,
    #[field(label = "体温（℃）")]
    pub temperature: Option<Decimal<1>>,
    #[field(label = "病情", sealed, max = 500)]
    pub condition: LongText,
    #[field(label = "处理与用药", sealed, max = 500)]
    pub treatment: LongText,
    #[field(label = "处理去向", list, filter)]
    pub disposition: Disposition,
    #[field(label = "家长知悉时间", help = "接回或送医的须通知家长")]
    pub guardian_told_at: Option<DateTime<Utc>>,
    #[field(label = "校医", list)]
    pub doctor: Ref<Staff>,
    #[field(label = "结果", max = 200, help = "留观、送医后的情况")]
    pub outcome: Option<String>,
}

impl Rules for ClinicVisit {
    fn flow() -> Flow {
        Flow::starts("就诊中")
            .open("跟踪中")
            .done("已结束")
            .step(
                "finish",
                "处理完毕",
                &["就诊中"],
                "已结束",
                &[Who::Field("doctor".into()), Who::Role(HEALTH_OFFICE)],
            )
            .fork(Guard::is("disposition", "observed"), "跟踪中")
            .fork(Guard::is("disposition", "hospital"), "跟踪中")
            .step(
                "close",
                "结束跟踪",
                &["跟踪中"],
                "已结束",
                &[Who::Field("doctor".into()), Who::Role(HEALTH_OFFICE)],
            )
            .needs(&["outcome"])
            .within_days(2)
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "clinic_visit_count",
                "卫生室就诊人次",
                "就诊记录条数",
                "人次",
                Measure::Count { of: Filter::all() },
            ),
            indicator(
                "clinic_visit_hospital",
                "转送医院人次",
                "去向为转送医院的就诊记录条数",
                "人次",
                Measure::Count {
                    of: Filter::is("disposition", "hospital"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(HEALTH_OFFICE, Reach::School),
            may_read(CLASS_TEACHER, Reach::Unit),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("slip", "学生病情告知单")
                .text("{student}同学于{came_at}到卫生室就诊，原因为{complaint}，处理去向：{disposition}，请知悉。")
                .signatures(&["校医", "班主任", "家长"]),
            list_form(
                "book",
                "卫生室门诊日志",
                &["came_at", "student", "staff", "complaint", "temperature", "disposition", "doctor"],
                &["备注"],
            ),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["came_on"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.came_on = Some(day_of(self.came_at));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let sent = matches!(self.disposition, Disposition::Home | Disposition::Hospital);
        Checks::new()
            .refuse(
                day_of(self.came_at) > ctx.today,
                "came_at",
                "就诊时间不能晚于今天",
            )
            .refuse(
                self.student.is_some() == self.staff.is_some(),
                "student",
                "学生和教职工请填写其中一个",
            )
            .refuse(
                self.temperature
                    .is_some_and(|degrees| !(340..=430).contains(&degrees.0)),
                "temperature",
                "体温应在34.0至43.0℃之间",
            )
            .refuse(
                sent && self.student.is_some() && self.guardian_told_at.is_none(),
                "guardian_told_at",
                "学生离校就医或接回，请先通知家长并记下时间",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::moment;
    use people::sound::refused;
    use uuid::Uuid;

    fn sample() -> ClinicVisit {
        ClinicVisit {
            came_at: moment(0, 10),
            came_on: None,
            student: Some(Ref::new(Uuid::nil())),
            staff: None,
            complaint: Complaint::Injury,
            temperature: Some(Decimal(366)),
            condition: LongText("右手食指划伤".into()),
            treatment: LongText("消毒包扎".into()),
            disposition: Disposition::Back,
            guardian_told_at: None,
            doctor: Ref::new(Uuid::nil()),
            outcome: None,
        }
    }

    #[test]
    fn one_patient_and_a_guardian_who_knows() {
        assert!(refused(&sample()).is_empty());
        let nobody = ClinicVisit {
            student: None,
            ..sample()
        };
        assert_eq!(refused(&nobody), ["student"]);
        let staff = ClinicVisit {
            staff: Some(Ref::new(Uuid::nil())),
            disposition: Disposition::Hospital,
            ..nobody
        };
        assert!(refused(&staff).is_empty());
        let sent = ClinicVisit {
            disposition: Disposition::Hospital,
            ..sample()
        };
        assert_eq!(refused(&sent), ["guardian_told_at"]);
        let hot = ClinicVisit {
            temperature: Some(Decimal(500)),
            ..sample()
        };
        assert_eq!(refused(&hot), ["temperature"]);
    }
}
