//! Fronts (意识形态阵地) and their checks, publications, the net.

use anyhow::Result;
use calendar::Every;
use chrono::{Days as Count, Months, NaiveDate};
use governance::{
    Channel, CheckCycle, FlawLevel, FlawSource, FrontCheck, FrontKind, FrontRisk, IdeologyFront, NetworkDay,
    NetworkFlaw, Publication,
};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText, Ref};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::{Batch, id_at};
use crate::Post;

use FrontKind as K;

/// Name, kind, platform, office.
const FRONTS: &[(&str, FrontKind, &str, &str)] = &[
    ("学校门户网站", K::Website, "学校域名，已备案", "信息中心"),
    ("学校公众号", K::Account, "公众平台，主体为学校", "党委办公室"),
    (
        "学校短视频账号",
        K::Account,
        "短视频平台，主体为学校",
        "党委办公室",
    ),
    ("招生咨询公众号", K::Account, "公众平台，主体为学校", "招生就业处"),
    ("团委青年账号", K::Account, "短视频平台，主体为学校", "团委"),
    ("教职工工作群", K::Group, "即时通信，约180人", "办公室"),
    ("班主任工作群", K::Group, "即时通信，约65人", "学生处"),
    ("家长联系群", K::Group, "即时通信，各班一群", "学生处"),
    ("课堂教学", K::Classroom, "", "教务处"),
    ("教材和教辅", K::Material, "", "教务处"),
    ("报告会和讲座", K::Forum, "", "教科研处"),
    ("学生社团", K::Club, "", "团委"),
    ("宣传栏和电子屏", K::Board, "", "总务处"),
    ("图书馆", K::Library, "", "教务处"),
    ("校园广播站", K::Broadcast, "", "团委"),
    ("中外合作交流", K::Exchange, "", "校企合作处"),
];
const FINDINGS: &[(&str, &str)] = &[
    ("评论区有外链广告未清理", "删除广告，开启评论审核"),
    ("个别推文图片来源未注明", "补注来源，建立图片库"),
    ("群内有无关链接转发", "撤回并提醒，重申群规"),
    ("电子屏内容更新不及时", "更换内容，明确值班人"),
    ("两名离职人员仍在管理员名单", "收回权限，修改口令"),
    ("讲座审批表缺主讲人单位意见", "补办手续，修订审批表"),
];
const NEWS: &[&str] = &[
    "技能节开幕",
    "新生军训圆满结束",
    "师生走进企业参观学习",
    "消防应急疏散演练举行",
    "教师教学能力比赛校内选拔",
    "家长开放日侧记",
    "秋季运动会掠影",
    "实训中心迎来中小学生体验",
    "学生志愿者服务社区",
    "校园文明班级评选揭晓",
    "公开课展示周小结",
    "毕业生回校分享成长故事",
    "校企合作签约",
    "心理健康宣传活动",
    "读书分享会举行",
];
/// System, flaw, source, level.
const FLAWS: &[(&str, &str, FlawSource, FlawLevel)] = &[
    (
        "教务系统",
        "登录口令强度不足",
        FlawSource::Scan,
        FlawLevel::Middle,
    ),
    ("门户网站", "组件版本过旧", FlawSource::Notice, FlawLevel::High),
    (
        "一卡通服务器",
        "多余端口开放",
        FlawSource::Scan,
        FlawLevel::Middle,
    ),
    (
        "图书管理系统",
        "默认账号未停用",
        FlawSource::Assessment,
        FlawLevel::High,
    ),
    ("监控平台", "固件未更新", FlawSource::Monitor, FlawLevel::Middle),
    ("机房交换机", "管理口未限制来源", FlawSource::Scan, FlawLevel::Low),
    ("教师邮箱", "钓鱼邮件点击", FlawSource::Report, FlawLevel::Low),
    ("电子屏发布终端", "弱口令", FlawSource::Notice, FlawLevel::High),
    (
        "实训教学平台",
        "日志保存不足六个月",
        FlawSource::Assessment,
        FlawLevel::Low,
    ),
];

/// Writes them all.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let fronts = fronts(scope, world).await?;
    checks(scope, world, &fronts).await?;
    publications(scope, world, &fronts).await?;
    flaws(scope, world).await?;
    days(scope, world).await
}

async fn fronts(scope: &Scope, world: &World) -> Result<Vec<Uuid>> {
    let mut hand = Hand::new("ideology_front");
    let mut batch = Batch::new();
    let mut ids = vec![];
    for (name, kind, platform, office) in FRONTS {
        let online = !platform.is_empty();
        let day = world.days.term.start() - Months::new(hand.rng.between(2, 20));
        let record = IdeologyFront {
            name: (*name).into(),
            kind: *kind,
            platform: online.then(|| (*platform).into()),
            unit: Ref::new(world.ids.offices[world.office(office)]),
            keeper: world.staff(world.head_of(office)),
            editor: online
                .then(|| world.staff(*world.office_staff(office).last().expect("an office has staff"))),
            audience: online.then(|| i64::from(hand.rng.between(6, 900)) * 10),
            registered_on: day,
            cycle: if online {
                CheckCycle::Month
            } else {
                CheckCycle::Term
            },
            regulation: online.then(|| "信息发布审核管理办法".into()),
            audited_on: hand.rng.chance(80).then(|| world.days.term.start()),
            remark: None,
        };
        let at = world.days.at(&mut hand.rng, day, OFFICE_HOURS);
        let id = id_at(at);
        batch.add_as(id, Some("在用"), &record, at);
        ids.push(id);
    }
    batch.write(scope).await?;
    Ok(ids)
}

async fn checks(scope: &Scope, world: &World, fronts: &[Uuid]) -> Result<()> {
    let mut hand = Hand::new("front_check");
    let mut batch = Batch::new();
    let months = world.days.windows(1, Every::Month);
    for (nth, (id, (_, _, platform, office))) in fronts.iter().zip(FRONTS).enumerate() {
        let mut days: Vec<NaiveDate> = vec![];
        if platform.is_empty() {
            days.extend(hand.rng.chance(75).then(|| world.days.any(&mut hand.rng)));
        } else {
            for (month, window) in months.iter().enumerate() {
                let waits = !world.days.is_past(window) && hand.rng.chance(40);
                let missed = nth == 4 && month == 1;
                let day = world.days.pick(&mut hand.rng, window.from, window.to);
                days.extend(day.filter(|_| !waits && !missed));
            }
        }
        for day in days {
            let found = hand.rng.chance(28);
            let mut record = FrontCheck {
                front: Ref::new(*id),
                checked_on: day,
                checker: world.staff(world.head_of(office)),
                scope: LongText("发布内容、留言评论、成员和管理权限、素材来源".into()),
                found,
                finding: None,
                risk: None,
                responsible: None,
                due: None,
                measure: None,
                rectified_on: None,
                recheck: None,
                files: Default::default(),
            };
            let state = match found {
                true => pursue(world, &mut hand, &mut record, office),
                false => "无问题",
            };
            batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

fn pursue(world: &World, hand: &mut Hand, record: &mut FrontCheck, office: &str) -> &'static str {
    let (finding, measure) = *hand.rng.pick(FINDINGS);
    record.finding = Some(LongText(finding.into()));
    let age = world.days.age(record.checked_on);
    if age < 2 {
        return "待确认";
    }
    record.risk = Some(if hand.rng.chance(20) {
        FrontRisk::Middle
    } else {
        FrontRisk::Low
    });
    record.responsible = Some(world.staff(*world.office_staff(office).last().expect("an office has staff")));
    let due = record.checked_on + Count::new(7);
    record.due = Some(due);
    let fixed = world.days.pick(&mut hand.rng, record.checked_on, due);
    let Some(fixed) = fixed.filter(|_| age > 6 && hand.rng.chance(90)) else {
        return "待整改";
    };
    record.measure = Some(LongText(measure.into()));
    record.rectified_on = Some(fixed);
    if age < 10 && hand.rng.chance(50) {
        return "待复核";
    }
    record.recheck = Some(LongText("复核已整改，同意销号".into()));
    "已销号"
}

async fn publications(scope: &Scope, world: &World, fronts: &[Uuid]) -> Result<()> {
    let mut hand = Hand::new("publication");
    let mut batch = Batch::new();
    let offices = [
        "教务处",
        "学生处",
        "团委",
        "实训处",
        "安全办",
        "招生就业处",
        "教科研处",
        "校企合作处",
    ];
    for nth in 0..72 {
        let day = world.days.any(&mut hand.rng);
        let office = offices[hand.rng.below(offices.len())];
        let (channel, front) = match hand.rng.between(1, 100) {
            1..=45 => (Channel::Wechat, Some(1)),
            46..=75 => (Channel::Website, Some(0)),
            76..=85 => (Channel::Video, Some(2)),
            86..=92 => (Channel::Press, None),
            _ => (Channel::Screen, None),
        };
        let online = matches!(channel, Channel::Wechat | Channel::Website | Channel::Video);
        let portrait = hand.rng.chance(45);
        let mut record = Publication {
            title: hand.words(NEWS).into(),
            channel,
            front: front.map(|at| Ref::new(fronts[at])),
            unit: Ref::new(world.ids.offices[world.office(office)]),
            author: world.staff(*world.office_staff(office).last().expect("an office has staff")),
            submitted_on: day,
            wanted_on: Some(day + Count::new(3)),
            summary: LongText("报道活动经过、参加人员和师生感受，配图四张".into()),
            files: Default::default(),
            portrait,
            consent: portrait,
            sensitive: hand.rng.chance(12),
            first_reviewer: world.staff(world.head_of(office)),
            final_reviewer: world.staff(world.holders(Post::VicePrincipal)[0]),
            first_proof: None,
            second_proof: None,
            third_proof: None,
            published_on: None,
            url: None,
        };
        let stages = match world.days.age(day) {
            0 => 0,
            1 => hand.rng.between(0, 2),
            2 => hand.rng.between(1, 4),
            _ => 4,
        };
        let proof = |hand: &mut Hand| {
            Some(
                hand.words(&["无误", "改正两处标点", "核对人名职务后无误"])
                    .to_owned(),
            )
        };
        if stages > 0 {
            record.first_proof = proof(&mut hand);
        }
        if stages > 1 {
            record.second_proof = proof(&mut hand);
        }
        if stages > 2 {
            record.third_proof = proof(&mut hand);
        }
        let published = world.days.after(day, 1).filter(|_| stages > 3);
        let state = match (stages, published) {
            (4, Some(on)) => {
                record.published_on = Some(on);
                record.url = online.then(|| format!("https://www.example.edu.cn/news/{}", 1200 + nth));
                "已发布"
            }
            (3 | 4, _) => {
                record.third_proof = record.third_proof.or(Some("无误".into()));
                "待发布"
            }
            (2, _) => "待终审",
            (1, _) => "待复审",
            _ => "待初审",
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn flaws(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("network_flaw");
    let mut batch = Batch::new();
    for (nth, (system, flaw, source, level)) in FLAWS.iter().enumerate() {
        let day = world.days.in_week((nth + 1).min(10) as u8);
        let days = match level {
            FlawLevel::Critical => 1,
            FlawLevel::High => 3,
            FlawLevel::Middle => 10,
            FlawLevel::Low => 30,
        };
        let due = day + Count::new(days);
        let keeper = *world
            .office_staff("信息中心")
            .last()
            .expect("an office has staff");
        let fixed = world
            .days
            .pick(&mut hand.rng, day, due)
            .filter(|_| nth + 2 < FLAWS.len());
        let checked = fixed.filter(|_| nth != 4);
        let grave = matches!(level, FlawLevel::Critical | FlawLevel::High);
        let record = NetworkFlaw {
            system: (*system).into(),
            flaw: (*flaw).into(),
            source: *source,
            notice: (*source == FlawSource::Notice).then(|| format!("网信通报第{}期", nth + 12)),
            level: *level,
            found_on: day,
            unit: Ref::new(world.ids.offices[world.office("信息中心")]),
            responsible: world.staff(keeper),
            due: Some(due),
            stopgap: grave.then(|| LongText("暂停外网访问，限制来源地址".into())),
            measure: fixed.map(|_| LongText("升级加固并修改口令，复测通过".into())),
            fixed_on: fixed,
            recheck: checked.map(|_| LongText("复测未再发现".into())),
            rechecked_on: checked,
            files: Default::default(),
        };
        let state = match (fixed, checked) {
            (Some(_), Some(_)) => "已销号",
            (Some(_), None) => "待复核",
            _ => "待整改",
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn days(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("network_day");
    let mut batch = Batch::new();
    let keeper = *world
        .office_staff("信息中心")
        .last()
        .expect("an office has staff");
    for week in world.days.weeks() {
        for day in world.days.week(week) {
            let incident = hand.rng.chance(2);
            let record = NetworkDay {
                recorded_on: *day,
                sessions: i64::from(hand.rng.between(1900, 2600)),
                traffic: i64::from(hand.rng.between(700, 1400)) * 1000,
                attacks: i64::from(hand.rng.between(40, 380)),
                up: Decimal(i64::from(hand.rng.between(900, 2400))),
                down: Decimal(i64::from(hand.rng.between(3800, 9200))),
                incident,
                remark: incident.then(|| LongText("出口链路中断二十分钟，切换备用链路恢复".into())),
                keeper: world.staff(keeper),
            };
            batch.add(&record, world.days.at(&mut hand.rng, *day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}
