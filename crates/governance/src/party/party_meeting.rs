use super::PartyBranch;
use super::activity::{Gathering, branch_access, each_branch, each_branch_with_committee};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, Files, LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;

choice!(
    /// 三会
    PartyMeetingKind {
        General = "general" "支部党员大会",
        Committee = "committee" "支部委员会会议",
        Group = "group" "党小组会",
    }
);

/// 三会：支部党员大会、支部委员会会议和党小组会的记录，是“三会一课”的台账。由各支部记录人登记，党委办公室督查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "party_meeting",
    title = "支部三会",
    group = "party",
    systems = "G1",
    label = "branch, kind, started_on",
    date = "started_on",
    within = "branch",
    owner = "recorder"
)]
pub struct PartyMeeting {
    #[field(label = "党组织", list, filter, dataset = "T48.DZZMC:name, T48.DZZBH:number")]
    pub branch: Ref<PartyBranch>,
    #[field(label = "会议类型", list, filter)]
    pub kind: PartyMeetingKind,
    #[field(label = "议题", list, max = 100)]
    pub topic: String,
    #[field(label = "开始日期", list, filter, dataset = "T48.HDKSRQ")]
    pub started_on: NaiveDate,
    #[field(label = "结束日期", dataset = "T48.HDJSRQ")]
    pub ended_on: NaiveDate,
    #[field(label = "地点", max = 60, dataset = "T48.HDDD")]
    pub place: Option<String>,
    #[field(label = "主持人", list)]
    pub chair: Ref<Staff>,
    #[field(label = "记录人")]
    pub recorder: Ref<Staff>,
    #[field(label = "应到人数", max = 2000)]
    pub expected: i64,
    #[field(label = "实到教师数", max = 2000, dataset = "T48.CYJSS")]
    pub teachers: i64,
    #[field(label = "实到学生数", max = 2000, dataset = "T48.CYXSS")]
    pub students: i64,
    #[field(label = "到会率（%）", list, help = "由人数算出，不用填")]
    pub attendance: Option<Decimal<1>>,
    #[field(label = "有表决事项", filter)]
    pub voted: bool,
    #[field(label = "赞成人数", max = 2000, help = "有表决事项的填写")]
    pub in_favour: Option<i64>,
    #[field(label = "会议内容", max = 2000, dataset = "T48.HDNR")]
    pub content: LongText,
    #[field(label = "决议", max = 1000)]
    pub decision: Option<LongText>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl PartyMeeting {
    fn present(&self) -> i64 {
        self.teachers + self.students
    }
}

impl Rules for PartyMeeting {
    // 《中国共产党支部工作条例（试行）》第十一至十三条: general meeting once a quarter, committee and groups once a month.
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "party_meeting_general",
                "支部党员大会",
                1,
                Every::Quarter,
                each_branch(),
                Filter::is("kind", "general"),
            )
            .also(&["党员大会", "每季度召开党员大会", "三会一课"]),
            duty(
                "party_meeting_committee",
                "支部委员会会议",
                1,
                Every::Month,
                each_branch_with_committee(),
                Filter::is("kind", "committee"),
            )
            .also(&["支委会", "每月召开支委会"]),
            duty(
                "party_meeting_group",
                "党小组会",
                1,
                Every::Month,
                each_branch(),
                Filter::is("kind", "group"),
            )
            .also(&["每月召开党小组会"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "party_meetings",
                "三会召开次数",
                "登记的支部党员大会、支委会和党小组会",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["三会一课次数"]),
            indicator(
                "party_meeting_attended",
                "三会到会达标率",
                "到会率不低于80%的会议 ÷ 登记的会议",
                "%",
                Measure::Share {
                    of: Filter::all().and("attendance", Op::AtLeast, 800_i64),
                    among: Filter::all(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        branch_access()
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("minutes", "支部会议记录")
                .fields(&[
                    "branch",
                    "kind",
                    "started_on",
                    "place",
                    "chair",
                    "recorder",
                    "expected",
                    "teachers",
                    "students",
                    "attendance",
                ])
                .heading("议题")
                .text("{topic}")
                .heading("会议内容")
                .text("{content}")
                .heading("决议")
                .text("{decision}")
                .signatures(&["主持人", "记录人"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["attendance"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.attendance = (self.expected > 0).then(|| Decimal(self.present() * 1000 / self.expected));
    }

    // 《中国共产党支部工作条例（试行）》第十一、十二条: half must be there, and more than half of those due must agree.
    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let gathering = Gathering {
            started_on: self.started_on,
            ended_on: self.ended_on,
            students: self.students,
            teachers: self.teachers,
        };
        let halves = self.voted || self.kind == PartyMeetingKind::Committee;
        gathering
            .check(ctx.today)
            .refuse(
                self.present() > self.expected,
                "expected",
                "实到人数多于应到人数，请核对",
            )
            .refuse(
                halves && self.present() * 2 < self.expected,
                "teachers",
                "到会人数不足半数，不能开会表决",
            )
            .refuse(
                self.voted && self.in_favour.is_none(),
                "in_favour",
                "有表决事项的请填写赞成人数",
            )
            .refuse(
                self.in_favour.is_some_and(|number| number > self.present()),
                "in_favour",
                "赞成人数多于到会人数，请核对",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let lost = self.voted && self.in_favour.is_some_and(|number| number * 2 <= self.expected);
        people::checks::Checks::new()
            .refuse(
                lost,
                "in_favour",
                "赞成人数没有超过应到有表决权党员的半数，事项未通过",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> PartyMeeting {
        PartyMeeting {
            branch: Ref::new(Uuid::nil()),
            kind: PartyMeetingKind::General,
            topic: "讨论接收预备党员".into(),
            started_on: test_day(),
            ended_on: test_day(),
            place: None,
            chair: Ref::new(Uuid::nil()),
            recorder: Ref::new(Uuid::nil()),
            expected: 20,
            teachers: 18,
            students: 0,
            attendance: None,
            voted: true,
            in_favour: Some(18),
            content: LongText("讨论并表决".into()),
            decision: None,
            photos: Files::default(),
        }
    }

    #[test]
    fn half_must_be_there_to_vote() {
        assert!(refused(&sample()).is_empty());
        let few = PartyMeeting {
            teachers: 9,
            in_favour: Some(9),
            ..sample()
        };
        assert_eq!(refused(&few), ["teachers"]);
        let talk = PartyMeeting {
            voted: false,
            in_favour: None,
            ..few
        };
        assert!(refused(&talk).is_empty());
        let committee = PartyMeeting {
            kind: PartyMeetingKind::Committee,
            ..talk
        };
        assert_eq!(refused(&committee), ["teachers"]);
    }

    #[test]
    fn votes_are_counted() {
        let uncounted = PartyMeeting {
            in_favour: None,
            ..sample()
        };
        assert_eq!(refused(&uncounted), ["in_favour"]);
        let many = PartyMeeting {
            in_favour: Some(19),
            ..sample()
        };
        assert_eq!(refused(&many), ["in_favour"]);
        let half = PartyMeeting {
            in_favour: Some(10),
            ..sample()
        };
        assert_eq!(doubted(&half), ["in_favour"]);
    }

    #[test]
    fn attendance_is_computed() {
        let mut record = sample();
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(record.attendance, Some(Decimal(900)));
    }
}
