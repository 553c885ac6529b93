//! The canteen (食堂): a check each day, samples of each meal, meals taken with the students, tableware.

use anyhow::Result;
use chrono::{Duration, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText};
use safety::canteen::{
    CanteenCheck, CanteenItem, Companion, Disinfection, DisinfectionWay, FoodSample, Meal, MealCompany,
    MealRating,
};

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{anyone, clock, past, plus};
use crate::{Post, Sex};

const CANTEEN: &str = "知味餐厅";
/// Meal, the hour it is served, its dishes and how many of them a day.
const MEALS: &[(Meal, u32, &[&str], usize)] = &[
    (
        Meal::Breakfast,
        6,
        &[
            "鲜肉包",
            "豆浆",
            "水煮蛋",
            "小米粥",
            "花卷",
            "拌三丝",
            "肉丝面",
            "葱油饼",
        ],
        3,
    ),
    (
        Meal::Lunch,
        11,
        &[
            "红烧鸡块",
            "番茄炒蛋",
            "土豆烧牛肉",
            "清炒小青菜",
            "肉末豆腐",
            "糖醋里脊",
            "冬瓜排骨汤",
            "蒜蓉西兰花",
            "香菇滑鸡",
            "包菜粉丝",
            "鱼香肉丝",
            "萝卜烧肉",
            "紫菜蛋花汤",
        ],
        6,
    ),
    (
        Meal::Dinner,
        17,
        &[
            "青椒肉丝",
            "麻婆豆腐",
            "宫保鸡丁",
            "清炒豆芽",
            "木耳炒山药",
            "家常茄子",
            "鸡蛋面",
            "扬州炒饭",
            "酸辣土豆丝",
            "小炒肉",
        ],
        4,
    ),
];
/// What a check finds: which item, what, what was done.
const FAULTS: &[(usize, &str, &str)] = &[
    (
        2,
        "干货库一袋面粉直接放在地面",
        "当场移至货架，库管员重新摆放并培训",
    ),
    (6, "洗消间门缝有间隙，防鼠板未归位", "加装密封条，班后检查防鼠板"),
    (0, "一名帮厨未戴发网", "当场整改，纳入当月考核"),
    (8, "餐厨废弃物桶未加盖", "当场加盖，张贴提示"),
    (7, "灶台燃气软管接头有油污", "清洗并由燃气公司检测，无泄漏"),
    (
        1,
        "当日豆制品送货单缺检验合格证明",
        "联系供货方当日补送，补送前不使用",
    ),
];
/// What was criticised at a meal, and the answer.
const WISHES: &[(&str, &str)] = &[
    ("二号窗口菜品偏咸", "已提醒厨师控盐，次日回访学生反映正常"),
    ("排队时间长，汤不够热", "增开一个窗口，汤桶加保温"),
    ("餐桌清洁不够及时", "午餐高峰增加一名保洁员"),
    ("素菜品种少", "每餐增加一个素菜"),
];

/// Writes all four books.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    checks(scope, world).await?;
    samples(scope, world).await?;
    companies(scope, world).await?;
    disinfections(scope, world).await
}

async fn checks(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("canteen_check");
    let mut batch = Batch::new();
    let checker = world.office_staff("总务处")[1];
    for (nth, day) in past(world).iter().enumerate() {
        if nth % 29 == 17 {
            continue;
        }
        let mut items = [CanteenItem::Good; 9];
        let fault = hand.rng.chance(13).then(|| *hand.rng.pick(FAULTS));
        if let Some((item, _, _)) = fault {
            items[item] = CanteenItem::Faulty;
        }
        let mended_on = fault.map(|_| plus(*day, u32::from(hand.rng.chance(30))));
        let mended_on = mended_on.filter(|on| *on < world.days.today);
        let [
            people,
            supply,
            storage,
            cooking,
            samples,
            tableware,
            environment,
            gas,
            waste,
        ] = items;
        let record = CanteenCheck {
            checked_on: *day,
            canteen: CANTEEN.into(),
            checker: world.staff(checker),
            people,
            supply,
            storage,
            cooking,
            samples,
            tableware,
            environment,
            gas,
            waste,
            result: None,
            problem: fault.map(|(_, what, _)| LongText(what.into())),
            measure: fault.map(|(_, _, done)| LongText(done.into())),
            mended_on,
            photos: Default::default(),
        };
        batch.add(&record, clock(*day, 10, hand.rng.between(0, 40)));
    }
    batch.write(scope).await
}

async fn samples(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("food_sample");
    let mut batch = Batch::new();
    let keepers = world.office_staff("总务处");
    let keeper = world.staff(keepers[keepers.len() - 2]);
    for day in past(world) {
        for (meal, hour, dishes, count) in MEALS {
            let mut menu = dishes.to_vec();
            hand.rng.shuffle(&mut menu);
            for (nth, dish) in menu.into_iter().take(*count).enumerate() {
                let sampled_at = clock(*day, *hour, hand.rng.between(5, 50));
                // Cleared away on the third day, once the 48 hours are over; a few are forgotten.
                let cleared = clock(plus(*day, 3), 9, hand.rng.between(0, 50));
                let kept = world.days.age(*day) <= 3 || world.days.age(*day) < 9 && hand.rng.chance(4);
                let record = FoodSample {
                    sampled_at,
                    sampled_on: None,
                    meal: *meal,
                    dish: dish.into(),
                    grams: i64::from(hand.rng.between(25, 36) * 5),
                    container: format!("{hour:02}-{:02}", nth + 1),
                    temperature: Decimal(i64::from(hand.rng.between(20, 62))),
                    keeper,
                    keep_until: None,
                    keep_to: None,
                    discarded_at: (!kept).then_some(cleared),
                    discarder: (!kept).then_some(keeper),
                    remark: None,
                };
                batch.add_in(if kept { "留样中" } else { "已销毁" }, &record, sampled_at);
            }
        }
    }
    batch.write(scope).await
}

async fn companies(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("meal_company");
    let mut batch = Batch::new();
    let leaders = [Post::Principal, Post::Secretary, Post::VicePrincipal].map(|post| world.holders(post));
    let leaders = leaders.concat();
    let heads = world.holders(Post::Head);
    for (nth, day) in past(world).iter().enumerate() {
        for (meal, hour, dishes, _) in MEALS {
            if hand.rng.chance(3) {
                continue;
            }
            let kind = match (meal, nth % 10) {
                (Meal::Lunch, 6) => Companion::Parent,
                (Meal::Lunch, _) if nth.is_multiple_of(2) => Companion::Leader,
                _ => Companion::Head,
            };
            let companion = match kind {
                Companion::Leader => leaders[nth % leaders.len()],
                Companion::Parent => anyone(world, &mut hand),
                Companion::Head | Companion::Teacher => *hand.rng.pick(&heads),
            };
            let record = company(world, &mut hand, (*day, *meal, dishes), (kind, companion));
            batch.add(&record, clock(*day, hour + 1, hand.rng.between(0, 59)));
        }
    }
    batch.write(scope).await
}

fn company(
    world: &World,
    hand: &mut Hand,
    (day, meal, dishes): (NaiveDate, Meal, &[&'static str]),
    (kind, companion): (Companion, usize),
) -> MealCompany {
    let wish = hand.rng.chance(14).then(|| *hand.rng.pick(WISHES));
    let rating = |hand: &mut Hand| match hand.rng.between(1, 100) {
        1..=45 => MealRating::Excellent,
        46..=93 => MealRating::Good,
        _ => MealRating::Fair,
    };
    let first = hand.rng.below(dishes.len() - 2);
    let answered = wish
        .and_then(|_| world.days.after(day, 1))
        .filter(|on| *on < world.days.today);
    MealCompany {
        eaten_on: day,
        meal,
        companion: world.staff(companion),
        kind,
        parent: (kind == Companion::Parent).then(|| hand.people.name(Sex::Female)),
        canteen: CANTEEN.into(),
        menu: dishes[first..first + 3].join("、"),
        taste: if wish.is_some() {
            MealRating::Fair
        } else {
            rating(hand)
        },
        portion: rating(hand),
        hygiene: rating(hand),
        service: rating(hand),
        opinion: hand
            .rng
            .chance(20)
            .then(|| LongText("学生希望每周更换菜谱，增加面食".into())),
        problem: wish.map(|(what, _)| LongText(what.into())),
        answer: answered.and(wish).map(|(_, done)| LongText(done.into())),
        answered_on: answered,
    }
}

async fn disinfections(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("disinfection");
    let mut batch = Batch::new();
    let checker = world.office_staff("总务处")[1];
    let operators = [hand.people.name(Sex::Female), hand.people.name(Sex::Female)];
    for day in past(world) {
        for (nth, (meal, hour, _, _)) in MEALS.iter().enumerate() {
            let washer = hand.rng.chance(70);
            let low = hand.rng.chance(1);
            let record = Disinfection {
                done_on: *day,
                meal: *meal,
                items: if washer {
                    "餐盘、碗、汤盆"
                } else {
                    "筷子、勺子、餐夹"
                }
                .into(),
                pieces: [900, 2300, 1600][nth] + i64::from(hand.rng.between(0, 120)),
                way: if washer {
                    DisinfectionWay::Washer
                } else {
                    DisinfectionWay::Infrared
                },
                temperature: Some(match (washer, low) {
                    (true, true) => 79,
                    (true, _) => i64::from(hand.rng.between(85, 92)),
                    _ => i64::from(hand.rng.between(122, 128)),
                }),
                chlorine: None,
                minutes: Decimal(if washer { 20 } else { 150 }),
                operator: operators[nth % 2].clone(),
                checker: world.staff(checker),
                clean: !low,
                remedy: low.then(|| "水温偏低，调整后重新消毒一遍".to_owned()),
            };
            let at = clock(*day, hour + 2, 0) + Duration::minutes(i64::from(hand.rng.between(0, 40)));
            batch.add(
                &record,
                at.min(world.days.at(&mut hand.rng, world.days.today, OFFICE_HOURS)),
            );
        }
    }
    batch.write(scope).await
}
