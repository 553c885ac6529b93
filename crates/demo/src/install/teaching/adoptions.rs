//! Adoption of textbooks (教材选用审批) for the coming term, on their way through the committee.

use ::teaching::{Subject, TextbookAdoption, TextbookRank, TextbookSource};
use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};

use super::books::rank;
use super::{Taught, TermAt};
use crate::catalog::Category;
use crate::install::days::OFFICE_HOURS;
use crate::install::world::{Hand, World, clip};
use crate::install::write::Batch;

/// Weeks in which the groups hand in what they want.
const WEEKS: (u32, u32) = (4, 10);

/// Writes the adoptions of the courses that begin or run on in the coming term.
pub async fn write(scope: &Scope, world: &World, taught: &Taught) -> Result<()> {
    let mut hand = Hand::new("textbook_adoption");
    let mut batch = Batch::new();
    let next = TermAt::now(world).next();
    let parity = if next.autumn { 1 } else { 0 };
    for (at, course) in world.school.courses.iter().enumerate() {
        let runs = (course.terms.0..=course.terms.1).any(|term| term % 2 == parity);
        if !runs || at % 17 == 16 {
            continue;
        }
        let day = world.days.in_week(hand.rng.between(WEEKS.0, WEEKS.1) as u8);
        let source = match rank(world, at) {
            TextbookRank::Unified => TextbookSource::Unified,
            TextbookRank::National => TextbookSource::National,
            TextbookRank::Province => TextbookSource::Province,
            TextbookRank::Trade => TextbookSource::Published,
            TextbookRank::School => TextbookSource::School,
            TextbookRank::Overseas => TextbookSource::Overseas,
        };
        let subject = match course.name {
            "中国特色社会主义" | "心理健康与职业生涯" | "哲学与人生" | "职业道德与法治" => {
                Subject::Politics
            }
            "语文" => Subject::Chinese,
            "历史" => Subject::History,
            _ if matches!(course.category, Category::General | Category::GeneralElective) => Subject::General,
            _ => Subject::Vocational,
        };
        let state = match world.days.age(day) {
            _ if at % 23 == 7 => "退回修改",
            29.. => "已选用",
            22.. => "公示中",
            15.. => "待党组织审批",
            8.. => "待教材选用委员会审批",
            4.. => "待系部审批",
            _ => "待教研室审批",
        };
        let later = |days: u64| {
            Some(
                world
                    .days
                    .at_or_before((day + Count::new(days)).min(world.days.today)),
            )
        };
        let settled = matches!(state, "已选用" | "公示中");
        let committee = if settled || state == "待党组织审批" {
            later(8)
        } else {
            None
        };
        let from: Option<NaiveDate> = if settled { later(15) } else { None };
        let users: Vec<&str> = course
            .majors
            .iter()
            .map(|major| world.school.majors[*major].name)
            .collect();
        let users = if users.is_empty() {
            "全校相应年级".to_owned()
        } else {
            users.join("、")
        };
        let argued = matches!(source, TextbookSource::Published | TextbookSource::School);
        let group = world.group(course.group);
        let applicant = *hand.rng.pick(&group);
        let record = TextbookAdoption {
            year: next.year,
            term: next.code(),
            course: world.course(at),
            subject,
            textbook: taught.book(at),
            source,
            unit: Ref::new(world.ids.groups[course.group]),
            applicant: world.staff(applicant),
            applied_on: day,
            users: clip(&users, 100),
            copies: i64::from(hand.rng.between(1, 4)) * 42 + if course.majors.is_empty() { 640 } else { 0 },
            first: at % 8 == 1,
            compared: (at % 8 == 1).then(|| "与另外两种规划教材比选".into()),
            reason: argued.then(|| LongText("目录内没有与实训项目对应的教材，内容贴近本校设备".into())),
            readers: world.school.staff[world.school.groups[course.group].lead]
                .name
                .clone(),
            committee_on: committee,
            noticed_from: from,
            noticed_to: from.map(|day| day + Count::new(6)),
            filed_on: (state == "已选用").then(|| later(25)).flatten(),
            files: Default::default(),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
