use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{PARTY_OFFICE, PRINCIPAL, VICE_PRINCIPAL};
use people::{Staff, Unit, UnitKind};

choice!(
    /// 谈话类型
    TalkKind {
        Routine = "routine" "廉政谈话",
        Appointment = "appointment" "任前谈话",
        Reminder = "reminder" "提醒谈话",
        Admonition = "admonition" "诫勉谈话",
        Leaving = "leaving" "离任谈话",
    }
);

/// 廉政谈话：任前、提醒、诫勉等谈话的记录，谈话内容加密。由党委办公室（纪检）管理，只有党委办公室、书记校长和谈话人本人可见。
#[derive(Clone, Debug, Register)]
#[register(
    id = "integrity_talk",
    title = "廉政谈话",
    group = "party",
    systems = "G2",
    label = "person, kind, held_on",
    date = "held_on",
    due = "due",
    owner = "talker"
)]
pub struct IntegrityTalk {
    #[field(label = "谈话日期", list, filter)]
    pub held_on: NaiveDate,
    #[field(label = "谈话类型", list, filter)]
    pub kind: TalkKind,
    #[field(label = "谈话对象", list)]
    pub person: Ref<Staff>,
    #[field(label = "对象所在部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "谈话人", list)]
    pub talker: Ref<Staff>,
    #[field(label = "记录人", help = "提醒谈话和诫勉谈话应由两人进行")]
    pub recorder: Option<Ref<Staff>>,
    #[field(label = "地点", max = 40)]
    pub place: Option<String>,
    #[field(label = "谈话事由", sealed, max = 300)]
    pub reason: LongText,
    #[field(label = "谈话内容", sealed, max = 1500)]
    pub content: LongText,
    #[field(label = "本人表态", sealed, max = 500)]
    pub response: Option<LongText>,
    #[field(label = "整改期限", list, help = "提醒和诫勉谈话填写；不填时为30天")]
    pub due: Option<NaiveDate>,
    #[field(label = "回访日期", list)]
    pub followed_on: Option<NaiveDate>,
    #[field(label = "整改和回访情况", sealed, max = 500)]
    pub outcome: Option<LongText>,
}

impl IntegrityTalk {
    fn asks_for_change(&self) -> bool {
        matches!(self.kind, TalkKind::Reminder | TalkKind::Admonition)
    }
}

impl Rules for IntegrityTalk {
    fn flow() -> Flow {
        let office = || Who::Role(PARTY_OFFICE);
        let file = |flow: Flow, kind: TalkKind| {
            use kernel::register::field::ChoiceList;
            flow.step(
                &format!("file_{}", kind.code()),
                "归档",
                &["已谈话"],
                "已归档",
                &[office()],
            )
            .when(Guard::is("kind", kind.code()))
        };
        let mut flow = Flow::starts("已谈话")
            .done("已归档")
            .done("已回访")
            .step(
                "follow",
                "回访",
                &["已谈话"],
                "已回访",
                &[Who::Field("talker".into()), office()],
            )
            .needs(&["followed_on", "outcome"])
            .signed("回访人");
        for kind in [TalkKind::Routine, TalkKind::Appointment, TalkKind::Leaving] {
            flow = file(flow, kind);
        }
        flow
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "integrity_talk_office",
                "处室负责人廉政谈话",
                1,
                Every::Term,
                Unit::each(UnitKind::Office),
                Filter::all(),
            )
            .also(&["廉政谈话", "开展廉政谈话"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let asked = || Filter::all().dated("due");
        vec![
            indicator(
                "integrity_talks",
                "廉政谈话人次",
                "登记的各类廉政谈话",
                "人次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["廉政谈话次数", "提醒谈话"]),
            indicator(
                "integrity_talk_followed",
                "谈话回访率",
                "已回访的提醒、诫勉谈话 ÷ 有整改期限的谈话",
                "%",
                Measure::Share {
                    of: asked().and("state", Op::Is, "已回访"),
                    among: asked(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(PARTY_OFFICE, Reach::School),
            may_read(PRINCIPAL, Reach::School),
            may_write(VICE_PRINCIPAL, Reach::Own),
        ]
    }

    fn private() -> bool {
        true
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "廉政谈话记录表")
                .fields(&[
                    "held_on", "kind", "person", "unit", "talker", "recorder", "place", "reason",
                ])
                .heading("谈话内容")
                .fields(&["content", "response"])
                .signatures(&["谈话人", "记录人", "谈话对象"]),
        ]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        if self.asks_for_change() {
            self.due = self.due.or_else(|| self.held_on.checked_add_days(Days::new(30)));
        }
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.held_on, ctx.today, "held_on")
            .refuse(
                self.person.id == self.talker.id,
                "talker",
                "谈话人不能是谈话对象本人",
            )
            .refuse(
                self.asks_for_change() && self.recorder.is_none(),
                "recorder",
                "提醒谈话和诫勉谈话应由两人进行，请选择记录人",
            )
            .refuse(
                !self.asks_for_change() && self.due.is_some(),
                "due",
                "只有提醒谈话和诫勉谈话有整改期限",
            )
            .in_order(self.held_on, self.due, "due", "整改期限不能早于谈话日期")
            .in_order(
                self.held_on,
                self.followed_on,
                "followed_on",
                "回访日期不能早于谈话日期",
            )
            .not_after_today(self.followed_on, ctx.today, "followed_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample(kind: TalkKind) -> IntegrityTalk {
        let mut record = IntegrityTalk {
            held_on: test_day(),
            kind,
            person: Ref::new(Uuid::nil()),
            unit: Ref::new(Uuid::nil()),
            talker: Ref::new(Uuid::max()),
            recorder: None,
            place: None,
            reason: LongText("新任岗位".into()),
            content: LongText("遵守采购纪律".into()),
            response: None,
            due: None,
            followed_on: None,
            outcome: None,
        };
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        record
    }

    #[test]
    fn a_reminder_is_held_by_two_and_followed_up() {
        assert!(refused(&sample(TalkKind::Appointment)).is_empty());
        let reminder = sample(TalkKind::Reminder);
        assert_eq!(reminder.due, test_day().checked_add_days(Days::new(30)));
        assert_eq!(refused(&reminder), ["recorder"]);
        let dated = IntegrityTalk {
            due: Some(test_day()),
            ..sample(TalkKind::Routine)
        };
        assert_eq!(refused(&dated), ["due"]);
    }

    #[test]
    fn nobody_talks_to_himself() {
        let alone = IntegrityTalk {
            talker: Ref::new(Uuid::nil()),
            ..sample(TalkKind::Routine)
        };
        assert_eq!(refused(&alone), ["talker"]);
    }

    #[test]
    fn it_is_closed_to_all_others() {
        assert!(IntegrityTalk::private());
        assert!(IntegrityTalk::access().iter().all(|a| {
            a.sealed == (a.role != PRINCIPAL) && [PARTY_OFFICE, PRINCIPAL, VICE_PRINCIPAL].contains(&a.role)
        }));
    }
}
