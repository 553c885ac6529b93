//! The code sets of Chinese vocational schools (代码集). See `data/NOTICE` for where they come from.
use kernel::codes::CodeSet;
use std::sync::LazyLock;

static SETS: LazyLock<Vec<CodeSet>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/codes.json")).expect("codes.json is well formed")
});

/// All code sets. Lower-case ids are sets of JY/T 1001 and its neighbours, upper-case ids those of the national
/// data standard for vocational schools.
pub fn code_sets() -> Vec<CodeSet> {
    SETS.clone()
}

/// A code set by id.
pub fn code_set(id: &str) -> Option<&'static CodeSet> {
    SETS.iter().find(|set| set.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_has_a_standard_and_no_code_twice() {
        for set in code_sets() {
            assert!(
                !set.title.is_empty() && !set.standard.is_empty() && !set.items.is_empty(),
                "{}",
                set.id
            );
            for (at, item) in set.items.iter().enumerate() {
                assert!(!item.1.is_empty(), "{} {}", set.id, item.0);
                assert!(
                    set.items[..at].iter().all(|other| other.0 != item.0),
                    "{}: {} twice",
                    set.id,
                    item.0
                );
            }
        }
    }

    #[test]
    fn stale_values_of_the_source_are_mended() {
        assert_eq!(code_set("ethnic").and_then(|set| set.name("36")), Some("毛南族"));
        assert_eq!(
            code_set("sex").and_then(|set| set.name("9")),
            Some("未说明的性别")
        );
        assert_eq!(code_set("doc_kind").map(|set| set.items.len()), Some(15));
        assert_eq!(
            code_set("id_document").and_then(|set| set.name("B")),
            Some("户口簿")
        );
    }

    #[test]
    fn contest_levels_sort_from_high_to_low_by_code() {
        let levels = code_set("contest_level").expect("the set");
        let city = levels.code("地市级").expect("地市级");
        let above: Vec<_> = levels
            .items
            .iter()
            .filter(|item| item.0.as_str() <= city)
            .map(|i| i.1.as_str())
            .collect();
        assert_eq!(above, ["国际级", "国家级", "省（区、市）部级", "地市级"]);
    }
}
