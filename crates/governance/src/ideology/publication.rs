use super::IdeologyFront;
use crate::audience::own_for_all;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, RETURNED, WITHDRAWN, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::PARTY_OFFICE;
use people::{Staff, Unit};

choice!(
    /// 发布渠道
    Channel {
        Website = "website" "学校网站",
        Wechat = "wechat" "公众号",
        Video = "video" "短视频账号",
        Press = "press" "向媒体供稿",
        Board = "board" "宣传栏",
        Screen = "screen" "电子屏",
    }
);

/// 信息发布审核：对外发布的新闻、通知和视频的“三审三校”：部门初审、党委办公室复审、分管领导终审，每审一校。师生供稿，党委办公室发布。
#[derive(Clone, Debug, Register)]
#[register(
    id = "publication",
    title = "信息发布审核",
    group = "party",
    systems = "G3, I1",
    label = "title",
    date = "submitted_on",
    due = "wanted_on",
    within = "unit",
    owner = "author"
)]
pub struct Publication {
    #[field(label = "标题", list, max = 100)]
    pub title: String,
    #[field(label = "发布渠道", list, filter)]
    pub channel: Channel,
    #[field(label = "发布阵地", help = "已备案的网站或账号")]
    pub front: Option<Ref<IdeologyFront>>,
    #[field(label = "供稿部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "供稿人", list)]
    pub author: Ref<Staff>,
    #[field(label = "供稿日期", list, filter)]
    pub submitted_on: NaiveDate,
    #[field(label = "希望发布日期", list)]
    pub wanted_on: Option<NaiveDate>,
    #[field(label = "内容提要", max = 500)]
    pub summary: LongText,
    #[field(label = "稿件", help = "文稿、图片或视频")]
    pub files: Files,
    #[field(label = "涉及学生肖像", filter, help = "能认出学生本人的照片、视频和姓名")]
    pub portrait: bool,
    #[field(label = "已获监护人同意", help = "不满十八周岁的由监护人同意")]
    pub consent: bool,
    #[field(
        label = "涉及数据或政策",
        filter,
        help = "招生计划、收费、统计数据、政策解读等，由分管领导终审"
    )]
    pub sensitive: bool,
    #[field(label = "初审人", help = "供稿部门负责人")]
    pub first_reviewer: Ref<Staff>,
    #[field(label = "终审领导")]
    pub final_reviewer: Ref<Staff>,
    #[field(
        label = "一校意见",
        max = 200,
        help = "错别字、人名职务、数据和图片逐项校对；无误写“无误”"
    )]
    pub first_proof: Option<String>,
    #[field(label = "二校意见", max = 200)]
    pub second_proof: Option<String>,
    #[field(label = "三校意见", max = 200)]
    pub third_proof: Option<String>,
    #[field(label = "发布日期", list, dataset = "T55.DTFBRQ")]
    pub published_on: Option<NaiveDate>,
    #[field(
        label = "访问链接",
        max = 500,
        help = "网站、公众号和视频填写，以 http 开头",
        dataset = "T55.XYDTXXFBFWLJ"
    )]
    pub url: Option<String>,
}

impl Publication {
    fn is_online(&self) -> bool {
        matches!(self.channel, Channel::Website | Channel::Wechat | Channel::Video)
    }
}

impl Rules for Publication {
    fn flow() -> Flow {
        let party = [Who::Role(PARTY_OFFICE)];
        let first = [Who::Field("first_reviewer".into())];
        let last = [Who::Field("final_reviewer".into())];
        let mut flow = Flow::starts("待初审")
            .open("待复审")
            .open("待终审")
            .open("待发布")
            .open(RETURNED)
            .done("已发布")
            .dropped("已撤稿")
            .dropped(WITHDRAWN)
            .step("first", "初审通过", &["待初审"], "待复审", &first)
            .needs(&["first_proof"])
            .within_days(1)
            .signed("部门初审")
            .step("second", "复审通过", &["待复审"], "待终审", &party)
            .needs(&["second_proof"])
            .within_days(1)
            .signed("党委办公室复审")
            .step("final", "终审通过", &["待终审"], "待发布", &last)
            .needs(&["third_proof"])
            .within_days(1)
            .signed("分管领导终审");
        let returns = [
            ("first", "待初审", &first),
            ("second", "待复审", &party),
            ("final", "待终审", &last),
        ];
        for (id, state, who) in returns {
            flow = flow
                .step(&format!("return_{id}"), "退回修改", &[state], RETURNED, who)
                .with_note();
        }
        for channel in ["website", "wechat", "video", "press", "board", "screen"] {
            flow = flow
                .step(
                    &format!("publish_{channel}"),
                    "发布",
                    &["待发布"],
                    "已发布",
                    &party,
                )
                .when(Guard::is("channel", channel))
                .needs(match channel {
                    "website" | "wechat" | "video" => &["published_on", "url"],
                    _ => &["published_on"],
                })
                .within_days(1);
        }
        flow.step("resubmit", "重新送审", &[RETURNED], "待初审", &[Who::Creator])
            .step(
                "withdraw",
                "撤回",
                &["待初审", "待复审", RETURNED],
                WITHDRAWN,
                &[Who::Creator],
            )
            .step("pull", "撤稿", &["待发布", "已发布"], "已撤稿", &party)
            .with_note()
            .editable(&["待初审", RETURNED])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let published = || Filter::state("已发布");
        vec![
            indicator(
                "publications",
                "信息发布条数",
                "审核后发布的信息",
                "条",
                Measure::Count { of: published() },
            )
            .also(&["校园新闻发布数", "宣传稿件", "发布新闻", "宣传报道"]),
            indicator(
                "publications_wechat",
                "公众号推文数",
                "审核后在公众号发布的推文",
                "篇",
                Measure::Count {
                    of: published().and("channel", Op::Is, "wechat"),
                },
            )
            .also(&["微信推文"]),
            indicator(
                "publications_press",
                "媒体供稿数",
                "审核后向媒体供稿的条数",
                "篇",
                Measure::Count {
                    of: published().and("channel", Op::Is, "press"),
                },
            )
            .also(&["媒体报道", "对外宣传稿件"]),
        ]
    }

    fn access() -> Vec<Access> {
        own_for_all(&[PARTY_OFFICE])
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "信息发布审核",
                "党委办公室",
                "对外发布的文字、图片和视频：部门初审、党委办公室复审、分管领导终审，每审校对一次，一般三日",
            )
            .quick(&[
                "title",
                "channel",
                "unit",
                "author",
                "submitted_on",
                "summary",
                "files",
                "portrait",
                "consent",
                "first_reviewer",
                "final_reviewer",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("slip", "信息发布三审三校单")
                .fields(&[
                    "title",
                    "channel",
                    "unit",
                    "author",
                    "submitted_on",
                    "portrait",
                    "consent",
                    "sensitive",
                    "summary",
                    "first_proof",
                    "second_proof",
                    "third_proof",
                ])
                .approvals()
                .fields(&["published_on", "url"]),
        ]
    }

    // 《未成年人保护法》第四十九条、《未成年人网络保护条例》: no minor is recognisable without consent.
    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let link = self.url.as_deref().map(str::trim).unwrap_or_default();
        Checks::new()
            .not_after_today(self.submitted_on, ctx.today, "submitted_on")
            .in_order(
                self.submitted_on,
                self.wanted_on,
                "wanted_on",
                "希望发布日期不能早于供稿日期",
            )
            .refuse(
                self.portrait && !self.consent,
                "consent",
                "涉及学生肖像的须先取得监护人同意",
            )
            .refuse(
                self.first_reviewer.id == self.final_reviewer.id,
                "final_reviewer",
                "初审和终审不能是同一人",
            )
            .in_order(
                self.submitted_on,
                self.published_on,
                "published_on",
                "发布日期不能早于供稿日期",
            )
            .not_after_today(self.published_on, ctx.today, "published_on")
            .refuse(
                self.published_on.is_some() && self.is_online() && link.is_empty(),
                "url",
                "网上发布的请填写访问链接",
            )
            .refuse(
                filled(self.url.as_deref()) && !link.starts_with("http"),
                "url",
                "访问链接以 http 开头",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> Publication {
        Publication {
            title: "技能节开幕".into(),
            channel: Channel::Wechat,
            front: None,
            unit: Ref::new(Uuid::nil()),
            author: Ref::new(Uuid::nil()),
            submitted_on: test_day(),
            wanted_on: None,
            summary: LongText("开幕式和首日比赛".into()),
            files: Files::default(),
            portrait: false,
            consent: false,
            sensitive: false,
            first_reviewer: Ref::new(Uuid::nil()),
            final_reviewer: Ref::new(Uuid::max()),
            first_proof: None,
            second_proof: None,
            third_proof: None,
            published_on: None,
            url: None,
        }
    }

    #[test]
    fn no_pupil_is_shown_without_consent() {
        assert!(refused(&sample()).is_empty());
        let shown = Publication {
            portrait: true,
            ..sample()
        };
        assert_eq!(refused(&shown), ["consent"]);
    }

    #[test]
    fn what_is_online_has_an_address() {
        let out = Publication {
            published_on: Some(test_day()),
            ..sample()
        };
        assert_eq!(refused(&out), ["url"]);
        let board = Publication {
            channel: Channel::Board,
            ..out.clone()
        };
        assert!(refused(&board).is_empty());
        let odd = Publication {
            url: Some("www.example.cn".into()),
            ..out
        };
        assert_eq!(refused(&odd), ["url"]);
    }

    #[test]
    fn three_reviews_by_three_people_each_with_its_proof() {
        let flow = Publication::flow();
        let path: Vec<_> = ["first", "second", "final"]
            .iter()
            .map(|id| flow.find(id).expect("a stage"))
            .map(|step| (step.to.as_str(), step.needs[0].as_str()))
            .collect();
        assert_eq!(
            path,
            [
                ("待复审", "first_proof"),
                ("待终审", "second_proof"),
                ("待发布", "third_proof"),
            ]
        );
        let same = Publication {
            final_reviewer: Ref::new(Uuid::nil()),
            ..sample()
        };
        assert_eq!(refused(&same), ["final_reviewer"]);
    }
}
