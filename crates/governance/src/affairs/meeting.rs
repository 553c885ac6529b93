use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, OFFICE, PARTY_OFFICE, STUDENT_OFFICE, TEACHER, TEACHING_OFFICE, UNION};
use people::{Room, Staff, Unit};

choice!(
    /// 会议类别
    MeetingKind {
        Party = "party" "党委（总支）会",
        Principal = "principal" "校长办公会",
        Congress = "congress" "教职工代表大会",
        AllStaff = "all_staff" "教职工大会",
        Administration = "administration" "行政例会",
        Special = "special" "专题会议",
        Department = "department" "系部会议",
        Safety = "safety" "安全工作会",
        Parents = "parents" "家长委员会",
        Other = "other" "其他",
    }
);

/// 会议：校长办公会、党委会、教代会等会议的议题、到会和纪要；纪要由主持人签发后分发，议定事项进“会议决议”督办。由办公室管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "meeting",
    title = "会议",
    group = "office",
    systems = "G9",
    label = "title, held_on",
    date = "held_on",
    within = "unit",
    owner = "recorder"
)]
pub struct Meeting {
    #[field(label = "会议名称", list, max = 80)]
    pub title: String,
    #[field(label = "会议类别", list, filter)]
    pub kind: MeetingKind,
    #[field(label = "会议日期", list, filter)]
    pub held_on: NaiveDate,
    #[field(label = "召开单位", list, filter, help = "全校会议不填")]
    pub unit: Option<Ref<Unit>>,
    #[field(label = "会议地点")]
    pub room: Option<Ref<Room>>,
    #[field(label = "主持人", list)]
    pub chair: Ref<Staff>,
    #[field(label = "记录人")]
    pub recorder: Ref<Staff>,
    #[field(label = "应到人数", max = 5000)]
    pub expected: i64,
    #[field(label = "实到人数", list, max = 5000)]
    pub present: i64,
    #[field(label = "请假人员", max = 300)]
    pub excused: Option<String>,
    #[field(label = "列席人员", max = 300)]
    pub observers: Option<String>,
    #[field(label = "会议议题", max = 1000, help = "一行一个议题")]
    pub agenda: LongText,
    #[field(label = "议题数", list, max = 100)]
    pub topics: i64,
    #[field(
        label = "三重一大事项",
        list,
        filter,
        help = "研究重大决策、干部任免、项目安排、大额资金的"
    )]
    pub major: bool,
    #[field(label = "会议记录", max = 2000)]
    pub record: Option<LongText>,
    #[field(label = "纪要编号", list, max = 40)]
    pub number: Option<String>,
    #[field(label = "议定事项", max = 2000, help = "写进纪要的决定，逐条登记到“会议决议”")]
    pub minutes: Option<LongText>,
    #[field(label = "分发范围", max = 200)]
    pub sent_to: Option<String>,
    #[field(label = "附件", help = "签到表、会议材料")]
    pub files: Files,
}

impl Meeting {
    /// What share of those due must be present: numerator and denominator. 《学校教职工代表大会规定》（教育部令第32号）:
    /// two thirds of the delegates; committees of the party and the principal's meeting decide with more than half.
    fn quorum(&self) -> Option<(i64, i64)> {
        match self.kind {
            MeetingKind::Congress => Some((2, 3)),
            MeetingKind::Party | MeetingKind::Principal => Some((1, 2)),
            _ => None,
        }
    }

    fn is_quorate(&self) -> bool {
        self.quorum().is_none_or(|(part, whole)| {
            if whole == 2 {
                self.present * whole > self.expected * part
            } else {
                self.present * whole >= self.expected * part
            }
        })
    }
}

impl Rules for Meeting {
    // 整理中, 待审批, 已分发: the states of minutes in JY/T 1001.
    fn flow() -> Flow {
        let writers = [
            Who::Field("recorder".into()),
            Who::Role(OFFICE),
            Who::Role(PARTY_OFFICE),
        ];
        let chair = [Who::Field("chair".into())];
        Flow::starts("整理中")
            .open("待审批")
            .done("已分发")
            .dropped("不出纪要")
            .step("submit", "送审纪要", &["整理中"], "待审批", &writers)
            .needs(&["number", "minutes", "sent_to"])
            .within_days(3)
            .signed("记录人")
            .step("issue", "签发", &["待审批"], "已分发", &chair)
            .within_days(2)
            .signed("主持人签发")
            .step("return", "退回修改", &["待审批"], "整理中", &chair)
            .with_note()
            .step("none", "不出纪要", &["整理中"], "不出纪要", &writers)
            .with_note()
            .editable(&["整理中"])
    }

    fn duties() -> Vec<DutySpec> {
        let of = |kind: MeetingKind| {
            use kernel::register::field::ChoiceList;
            Filter::is("kind", kind.code())
        };
        vec![
            duty(
                "meeting_principal",
                "校长办公会",
                1,
                Every::HalfMonth,
                school_wide(),
                of(MeetingKind::Principal),
            )
            .also(&["召开校长办公会", "校务会"]),
            duty(
                "meeting_party",
                "党委会",
                1,
                Every::Month,
                school_wide(),
                of(MeetingKind::Party),
            )
            .also(&["党委会议", "召开党委会"]),
            duty(
                "meeting_administration",
                "行政例会",
                1,
                Every::Week,
                school_wide(),
                of(MeetingKind::Administration),
            )
            .also(&["每周行政例会", "行政会"]),
            // 《学校教职工代表大会规定》: at least once a school year.
            duty(
                "meeting_congress",
                "教职工代表大会",
                1,
                Every::Year,
                school_wide(),
                of(MeetingKind::Congress),
            )
            .also(&["教代会", "召开教代会"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "meeting_count",
                "会议次数",
                "会议记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            ),
            indicator(
                "meeting_major",
                "三重一大会议次数",
                "研究三重一大事项的党委会、校长办公会条数",
                "次",
                Measure::Count {
                    of: Filter::is("major", true),
                },
            )
            .also(&["三重一大集体决策次数"]),
            indicator(
                "meeting_issued",
                "会议纪要分发率",
                "已分发纪要的校长办公会 ÷ 全部校长办公会",
                "%",
                Measure::Share {
                    of: Filter::state("已分发").and("kind", Op::Is, "principal"),
                    among: Filter::is("kind", "principal"),
                },
            )
            .also(&["纪要印发率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(OFFICE, Reach::School),
            may_write(PARTY_OFFICE, Reach::School),
            may_write(UNION, Reach::Own),
            may_write(TEACHING_OFFICE, Reach::Own),
            may_write(STUDENT_OFFICE, Reach::Own),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHER, Reach::Own),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("minutes", "会议纪要")
                .text("编号：{number}")
                .text("{held_on}，{chair}主持召开{title}。会议应到{expected}人，实到{present}人。")
                .heading("会议议题")
                .text("{agenda}")
                .heading("议定事项")
                .text("{minutes}")
                .fields(&["excused", "observers", "recorder", "sent_to"])
                .approvals()
                .in_states(&["待审批", "已分发"]),
            sheet("sign", "会议签到与记录")
                .fields(&[
                    "title", "kind", "held_on", "room", "chair", "recorder", "expected", "present",
                    "excused", "agenda", "record",
                ])
                .signatures(&["主持人", "记录人"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let board = matches!(
            self.kind,
            MeetingKind::Party | MeetingKind::Principal | MeetingKind::Congress
        );
        Checks::new()
            .not_after_today(self.held_on, ctx.today, "held_on")
            .refuse(self.expected == 0, "expected", "应到人数应大于0")
            .refuse(
                self.present > self.expected,
                "present",
                "实到人数不能多于应到人数，列席人员另填",
            )
            .refuse(
                !self.is_quorate(),
                "present",
                "到会人数不足：教代会须三分之二以上，党委会、校长办公会须半数以上",
            )
            .refuse(self.topics == 0, "topics", "议题数应大于0")
            .refuse(
                self.major && !board,
                "major",
                "三重一大事项须由党委会、校长办公会或教代会集体决定",
            )
            .refuse(
                self.kind == MeetingKind::Department && self.unit.is_none(),
                "unit",
                "系部会议请选择召开单位",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample(kind: MeetingKind, expected: i64, present: i64) -> Meeting {
        Meeting {
            title: "第5次会议".into(),
            kind,
            held_on: test_day(),
            unit: None,
            room: None,
            chair: Ref::new(Uuid::nil()),
            recorder: Ref::new(Uuid::nil()),
            expected,
            present,
            excused: None,
            observers: None,
            agenda: LongText("研究实训设备采购".into()),
            topics: 1,
            major: false,
            record: None,
            number: None,
            minutes: None,
            sent_to: None,
            files: Files::default(),
        }
    }

    #[test]
    fn enough_must_be_there_to_decide() {
        use MeetingKind::*;
        for (kind, expected, least) in [
            (Congress, 60, 40),
            (Party, 8, 5),
            (Principal, 7, 4),
            (AllStaff, 180, 1),
        ] {
            assert!(refused(&sample(kind, expected, least)).is_empty(), "{kind:?}");
            if least > 1 {
                assert_eq!(
                    refused(&sample(kind, expected, least - 1)),
                    ["present"],
                    "{kind:?}"
                );
            }
        }
        assert_eq!(refused(&sample(AllStaff, 10, 11)), ["present"]);
    }

    #[test]
    fn what_is_major_is_decided_by_a_board() {
        let major = |kind| Meeting {
            major: true,
            ..sample(kind, 9, 9)
        };
        assert!(refused(&major(MeetingKind::Principal)).is_empty());
        assert_eq!(refused(&major(MeetingKind::Administration)), ["major"]);
        assert_eq!(refused(&sample(MeetingKind::Department, 9, 9)), ["unit"]);
    }

    #[test]
    fn only_the_chair_issues() {
        let flow = Meeting::flow();
        assert_eq!(
            flow.find("issue").expect("a step").who,
            [Who::Field("chair".into())]
        );
    }
}
