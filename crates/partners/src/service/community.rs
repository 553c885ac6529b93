use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{
    COOPERATION_OFFICE, DEPARTMENT_HEAD, PARTY_OFFICE, STUDENT_OFFICE, TEACHER, UNION, YOUTH_LEAGUE,
};
use people::{Staff, Unit};

choice!(
    /// 活动类别
    CommunityKind {
        Skill = "skill" "技能培训",
        Culture = "culture" "文化讲座",
        Senior = "senior" "老年教育",
        Children = "children" "青少年科普体验",
        Law = "law" "法律与安全宣传",
        Health = "health" "健康讲座",
        Repair = "repair" "便民服务",
        Digital = "digital" "智能手机应用",
    }
);

/// 社区教育活动：与社区、村居合作举办的文化、技能培训和便民服务活动。由校企合作处统筹，系部和团委承办。
#[derive(Clone, Debug, Register)]
#[register(
    id = "community_event",
    title = "社区教育活动",
    group = "partners",
    systems = "H2",
    label = "title, held_on",
    date = "held_on",
    due = "held_on",
    within = "department",
    owner = "leader"
)]
pub struct CommunityEvent {
    #[field(label = "活动名称", list, max = 60)]
    pub title: String,
    #[field(label = "活动类别", list, filter)]
    pub kind: CommunityKind,
    #[field(label = "活动日期", list, filter)]
    pub held_on: NaiveDate,
    #[field(label = "合作社区", list, max = 60)]
    pub community: String,
    #[field(label = "地点", max = 60)]
    pub place: String,
    #[field(label = "承办系部", list, filter, help = "团委、工会等承办的不填")]
    pub department: Option<Ref<Unit>>,
    #[field(label = "负责人", list)]
    pub leader: Ref<Staff>,
    #[field(label = "时长（小时）")]
    pub hours: Decimal<1>,
    #[field(label = "参加居民数", list, max = 10000)]
    pub residents: Option<i64>,
    #[field(label = "志愿师生数", list, max = 1000)]
    pub volunteers: Option<i64>,
    #[field(label = "满意人数", max = 10000, help = "现场问卷或举手统计")]
    pub satisfied: Option<i64>,
    #[field(label = "活动小结", max = 500)]
    pub summary: Option<LongText>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl Rules for CommunityEvent {
    fn flow() -> Flow {
        let leader = [Who::Field("leader".into()), Who::Role(COOPERATION_OFFICE)];
        Flow::starts("待开展")
            .done("已开展")
            .dropped("已取消")
            .step("hold", "登记结果", &["待开展"], "已开展", &leader)
            .needs(&["residents", "volunteers", "summary"])
            .step("cancel", "取消", &["待开展"], "已取消", &leader)
            .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "community_event_month",
                "每月社区教育活动",
                1,
                Every::Month,
                school_wide(),
                Filter::state("已开展"),
            )
            .also(&["社区教育活动", "服务社区"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let held = || Filter::state("已开展");
        let sum = |field: &str| Measure::Sum {
            of: held(),
            field: field.into(),
        };
        vec![
            indicator(
                "community_events",
                "社区教育活动次数",
                "已开展的社区教育活动",
                "次",
                Measure::Count { of: held() },
            )
            .also(&["开展社区活动", "社区服务次数"]),
            indicator(
                "community_event_residents",
                "社区教育受益人次",
                "参加居民数合计",
                "人次",
                sum("residents"),
            )
            .also(&["服务居民人次"]),
            indicator(
                "community_event_volunteers",
                "社区服务师生人次",
                "志愿师生数合计",
                "人次",
                sum("volunteers"),
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(YOUTH_LEAGUE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_write(UNION, Reach::Own),
            may_read(PARTY_OFFICE, Reach::School),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "社区教育活动记录表")
                .fields(&[
                    "title",
                    "kind",
                    "held_on",
                    "community",
                    "place",
                    "leader",
                    "hours",
                    "residents",
                    "volunteers",
                    "satisfied",
                ])
                .fields(&["summary"])
                .signatures(&["负责人", "社区（盖章）"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let reported = self.residents.is_some() || said(&self.summary);
        Checks::new()
            .refuse(
                !(1..=240).contains(&self.hours.0),
                "hours",
                "时长应在0至24小时之间",
            )
            .refuse(
                reported && self.held_on > ctx.today,
                "held_on",
                "活动还没有开展，不能填写结果",
            )
            .refuse(
                matches!((self.satisfied, self.residents), (Some(s), Some(r)) if s > r),
                "satisfied",
                "满意人数不能多于参加居民数",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.residents.is_none() && self.held_on < ctx.today,
                "residents",
                "日期已过，请登记结果或取消",
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
    fn results_come_after_the_day_and_agree() {
        let sample = CommunityEvent {
            title: "家电维修便民服务".into(),
            kind: CommunityKind::Repair,
            held_on: test_day(),
            community: "新禾社区".into(),
            place: "社区广场".into(),
            department: None,
            leader: Ref::new(Uuid::nil()),
            hours: Decimal(30),
            residents: Some(60),
            volunteers: Some(12),
            satisfied: Some(58),
            summary: Some(LongText("维修小家电31件".into())),
            photos: Files::default(),
        };
        assert!(refused(&sample).is_empty());
        let ahead = CommunityEvent {
            held_on: test_day().succ_opt().expect("a day"),
            ..sample.clone()
        };
        assert_eq!(refused(&ahead), ["held_on"]);
        let glad = CommunityEvent {
            satisfied: Some(61),
            ..sample.clone()
        };
        assert_eq!(refused(&glad), ["satisfied"]);
        let silent = CommunityEvent {
            held_on: test_day().pred_opt().expect("a day"),
            residents: None,
            ..sample
        };
        assert_eq!(doubted(&silent), ["residents"]);
    }
}
