//! Chinese personal names, put together character by character. Common names are borne by many; the names of people
//! everyone knows that would come out are drawn again.

use crate::Sex;
use crate::rng::Rng;

/// Surnames with their rough share per thousand people.
const SURNAMES: &[(&str, u32)] = &[
    ("王", 72),
    ("李", 72),
    ("张", 68),
    ("刘", 54),
    ("陈", 45),
    ("杨", 31),
    ("黄", 22),
    ("赵", 21),
    ("吴", 20),
    ("周", 20),
    ("徐", 15),
    ("孙", 15),
    ("马", 13),
    ("朱", 12),
    ("胡", 12),
    ("郭", 12),
    ("何", 11),
    ("林", 11),
    ("高", 10),
    ("罗", 10),
    ("郑", 9),
    ("梁", 9),
    ("谢", 8),
    ("宋", 7),
    ("唐", 7),
    ("许", 7),
    ("邓", 6),
    ("韩", 6),
    ("冯", 6),
    ("曹", 6),
    ("彭", 5),
    ("曾", 5),
    ("肖", 5),
    ("田", 5),
    ("董", 5),
    ("潘", 5),
    ("袁", 5),
    ("蔡", 5),
    ("蒋", 4),
    ("余", 4),
    ("于", 4),
    ("杜", 4),
    ("叶", 4),
    ("程", 4),
    ("魏", 4),
    ("苏", 4),
    ("吕", 4),
    ("丁", 4),
    ("任", 4),
    ("卢", 4),
    ("姚", 3),
    ("沈", 3),
    ("钟", 3),
    ("姜", 3),
    ("崔", 3),
    ("谭", 3),
    ("陆", 3),
    ("范", 3),
    ("汪", 3),
    ("廖", 3),
    ("石", 3),
    ("金", 3),
    ("韦", 3),
    ("贾", 3),
    ("夏", 3),
    ("付", 3),
    ("方", 3),
    ("邹", 2),
    ("熊", 2),
    ("白", 2),
    ("孟", 2),
    ("秦", 2),
    ("邱", 2),
    ("侯", 2),
    ("江", 2),
    ("尹", 2),
    ("薛", 2),
    ("闫", 2),
    ("段", 2),
    ("雷", 2),
    ("龙", 2),
    ("黎", 2),
    ("史", 2),
    ("陶", 2),
    ("贺", 2),
    ("毛", 2),
    ("郝", 2),
    ("顾", 2),
    ("龚", 2),
    ("邵", 2),
    ("万", 2),
    ("覃", 1),
    ("武", 1),
    ("钱", 1),
    ("戴", 1),
    ("严", 1),
    ("莫", 1),
    ("孔", 1),
    ("欧阳", 1),
    ("上官", 1),
    ("诸葛", 1),
    ("司徒", 1),
];

/// First and last characters of a man's given name; a name of one character takes a last one.
const MALE: (&str, &str) = (
    "子俊志文宇明浩嘉家天建国振景承一思立永泽睿博晓海少新世启正伟云宏晨绍亚成",
    "轩杰涛鹏飞凯辉强磊昊豪阳远航翔旭升达毅坤朗骏驰瑞安诚然钧铭彦霖卓越栋梁华言峰岩松林森润尧舟恺斌",
);

/// The same of a woman's.
const FEMALE: (&str, &str) = (
    "欣雨梦思佳静雅诗若雪晓婉语紫心梓秋春文慧秀玉依可清丽美嘉子小芷沛亦安书",
    "怡萱琪涵颖婷兰晴莹娜倩薇蕾洁琳瑶璐瑾悦彤妍燕菱月霞英珍敏芳艳玲然馨宁雯蓉桐蓓岚",
);

/// Names of well-known people within reach of the lists above.
const WELL_KNOWN: &[&str] = &[
    "李强",
    "王毅",
    "何立峰",
    "李鹏",
    "孙春兰",
    "刘翔",
    "李娜",
    "朱婷",
    "丁宁",
    "杨颖",
    "王俊凯",
    "刘涛",
    "张杰",
    "陈坤",
    "黄磊",
    "林俊杰",
    "张家辉",
    "林家栋",
    "李国豪",
    "刘嘉玲",
    "李小璐",
    "徐静蕾",
    "赵薇",
    "王凯",
    "王宁",
    "张宁",
];

/// A full name.
pub fn full_name(rng: &mut Rng, sex: Sex) -> String {
    let family = surname(rng);
    with_surname(rng, family, sex)
}

/// A full name with a given surname, for a father and his child.
pub fn with_surname(rng: &mut Rng, family: &str, sex: Sex) -> String {
    let (first, last) = match sex {
        Sex::Male => MALE,
        Sex::Female => FEMALE,
    };
    loop {
        let mut name = family.to_owned();
        if rng.chance(86) {
            name.push(character(rng, first));
        }
        name.push(character(rng, last));
        if !WELL_KNOWN.contains(&name.as_str()) {
            return name;
        }
    }
}

fn character(rng: &mut Rng, pool: &str) -> char {
    let at = rng.below(pool.chars().count());
    pool.chars().nth(at).unwrap_or('文')
}

/// A surname, common ones more often.
pub fn surname(rng: &mut Rng) -> &'static str {
    let total: u32 = SURNAMES.iter().map(|(_, share)| share).sum();
    let mut at = rng.between(1, total);
    for (name, share) in SURNAMES {
        if at <= *share {
            return name;
        }
        at -= share;
    }
    SURNAMES[0].0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_two_to_four_characters_and_not_well_known() {
        let mut rng = Rng::new(1);
        for round in 0..20_000 {
            let sex = if round % 2 == 0 { Sex::Male } else { Sex::Female };
            let name = full_name(&mut rng, sex);
            assert!((2..=4).contains(&name.chars().count()), "{name}");
            assert!(!WELL_KNOWN.contains(&name.as_str()), "{name}");
        }
    }

    #[test]
    fn common_surnames_are_common() {
        let mut rng = Rng::new(2);
        let drawn: Vec<&str> = (0..10_000).map(|_| surname(&mut rng)).collect();
        let share = |wanted: &str| drawn.iter().filter(|surname| **surname == wanted).count();
        assert!(share("王") > 500 && share("王") < 1200);
        assert!(share("欧阳") < 60);
    }
}
