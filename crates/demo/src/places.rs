//! An invented city (清岚市): its districts, villages, middle schools and companies. None of them exists.

use crate::rng::Rng;

/// The city of the demo school.
pub const CITY: &str = "清岚市";

/// Invented districts with area codes that no division of GB/T 2260 has.
pub const AREAS: &[(&str, &str)] = &[
    ("990102", "东篱区"),
    ("990103", "南汀区"),
    ("990104", "西岫区"),
    ("990121", "北渚县"),
    ("990122", "松泽县"),
    ("990123", "鹿溪县"),
    ("990181", "云陌市"),
];

const PLACES: &[&str] = &[
    "青禾镇",
    "白鹭镇",
    "石桥镇",
    "望湖镇",
    "竹溪乡",
    "杏林镇",
    "长亭乡",
    "双桂镇",
    "枫桥头村",
    "荷塘村",
    "梨园村",
    "柳湾村",
    "新禾社区",
    "锦绣社区",
    "槐荫社区",
    "桃源里小区",
    "清风苑小区",
    "书香雅居",
    "阳光花园",
    "翠微家园",
];

/// Middle schools the students come from.
pub const SOURCE_SCHOOLS: &[&str] = &[
    "清岚市东篱区第一初级中学",
    "清岚市东篱区知行初级中学",
    "清岚市东篱区晨光学校",
    "清岚市东篱区翠微初级中学",
    "清岚市南汀区实验初级中学",
    "清岚市南汀区明湖初级中学",
    "清岚市南汀区第四初级中学",
    "清岚市南汀区荷塘学校",
    "清岚市西岫区初级中学",
    "清岚市西岫区石桥初级中学",
    "清岚市西岫区杏林学校",
    "清岚市西岫区向阳初级中学",
    "北渚县第一初级中学",
    "北渚县第三初级中学",
    "北渚县白鹭镇初级中学",
    "北渚县望湖镇九年制学校",
    "松泽县实验初级中学",
    "松泽县第二初级中学",
    "松泽县竹溪乡初级中学",
    "松泽县长亭乡九年制学校",
    "鹿溪县初级中学",
    "鹿溪县城关初级中学",
    "鹿溪县双桂镇初级中学",
    "鹿溪县青禾镇初级中学",
    "云陌市第一初级中学",
    "云陌市育英初级中学",
    "云陌市柳湾初级中学",
    "云陌市槐荫学校",
    "云陌市新禾九年制学校",
    "清岚市特殊教育学校初中部",
];

const COMPANY_FIRST: &[&str] = &[
    "澜", "岫", "榆", "汀", "禾", "篱", "渚", "陌", "桁", "霁", "砚", "棠", "笙", "翎", "沅", "璟",
];
const COMPANY_SECOND: &[&str] = &[
    "川", "拓", "衡", "瀚", "邦", "序", "恒", "造", "桥", "源", "途", "算", "工", "和", "岳", "帆",
];
const COMPANY_TRADES: &[(&str, &[&str])] = &[
    (
        "机电",
        &["精密机械", "智能装备", "数控设备", "自动化工程", "模具制造"],
    ),
    ("信息", &["网络科技", "信息技术", "数字传媒", "软件", "电子科技"]),
    ("财经", &["财税咨询", "电子商务", "供应链管理", "物流", "商贸"]),
    ("汽车", &["汽车服务", "汽车销售", "新能源汽车", "汽车检测"]),
    ("旅游", &["酒店管理", "旅行社", "餐饮管理", "文旅发展"]),
    ("建筑", &["建筑工程", "装饰设计", "工程咨询", "创意设计"]),
];

/// An address without a street: place, group or house, number.
pub fn address(rng: &mut Rng, area: usize) -> String {
    let district = AREAS[area % AREAS.len()].1;
    let city = if district.ends_with('区') { CITY } else { "" };
    let place = rng.pick(PLACES);
    if place.ends_with("小区") || place.ends_with("居") || place.ends_with("园") {
        let (house, unit, floor) = (rng.between(1, 28), rng.between(1, 4), rng.between(1, 6));
        format!(
            "{city}{district}{place}{house}幢{unit}单元{floor}0{}室",
            rng.between(1, 4)
        )
    } else {
        format!(
            "{city}{district}{place}{}组{}号",
            rng.between(1, 12),
            rng.between(1, 160)
        )
    }
}

/// A company of a department's trade (0 机电 … 5 建筑), for internships and visits.
pub fn company(rng: &mut Rng, department: usize) -> String {
    let (first, second) = (rng.pick(COMPANY_FIRST), rng.pick(COMPANY_SECOND));
    let trade = rng.pick(COMPANY_TRADES[department % COMPANY_TRADES.len()].1);
    format!("清岚{first}{second}{trade}有限公司")
}
