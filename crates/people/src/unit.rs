use crate::roles::{ADMIN, OFFICE, directory};
use crate::{Staff, checks::Checks};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{ChoiceList, Ref};
use kernel::register::indicator::DutyScope;
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};

choice!(
    /// 单位类别
    UnitKind {
        School = "school" "学校",
        Department = "department" "教学系部",
        Office = "office" "行政处室",
        Group = "group" "教研室",
    }
);

/// 单位：学校、教学系部、行政处室和教研室组成的单位树，授权和记录归属都以它为准。由办公室维护。
#[derive(Clone, Debug, Register)]
#[register(
    id = "unit",
    title = "单位",
    group = "school",
    systems = "I3",
    label = "name",
    key = "name",
    unique = "name; number",
    within = "parent",
    owner = "head",
    anchor
)]
pub struct Unit {
    #[field(label = "单位号", list, max = 10, help = "学校自编，如 0301")]
    pub number: String,
    #[field(label = "单位名称", list, max = 60)]
    pub name: String,
    #[field(label = "单位类别", list, filter)]
    pub kind: UnitKind,
    #[field(label = "上级单位", list, filter, help = "学校本身不填")]
    pub parent: Option<Ref<Unit>>,
    #[field(label = "负责人", list)]
    pub head: Option<Ref<Staff>>,
    #[field(label = "联系电话", list, max = 20)]
    pub phone: Option<String>,
    #[field(label = "是否在用", filter, help = "撤并的单位改为“否”，旧记录仍可查")]
    pub active: bool,
}

impl Unit {
    /// Each unit of a kind, as the scope of a duty.
    pub fn each(kind: UnitKind) -> DutyScope {
        DutyScope::Each {
            register: "unit".into(),
            only: Some(("kind".into(), kind.code().into())),
        }
    }
}

impl Rules for Unit {
    fn access() -> Vec<Access> {
        directory(&[OFFICE, ADMIN])
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        let root = self.kind == UnitKind::School;
        Checks::new()
            .refuse(
                root && self.parent.is_some(),
                "parent",
                "学校是最上级单位，不填上级单位",
            )
            .refuse(!root && self.parent.is_none(), "parent", "请选择上级单位")
            .phone(self.phone.as_deref(), "phone")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::refused;
    use uuid::Uuid;

    fn sample() -> Unit {
        Unit {
            number: "0301".into(),
            name: "机电工程系".into(),
            kind: UnitKind::Department,
            parent: Some(Ref::new(Uuid::nil())),
            head: None,
            phone: Some("0512-68001234".into()),
            active: true,
        }
    }

    #[test]
    fn only_the_school_stands_alone() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&Unit {
                parent: None,
                ..sample()
            }),
            ["parent"]
        );
        assert_eq!(
            refused(&Unit {
                kind: UnitKind::School,
                ..sample()
            }),
            ["parent"]
        );
        assert!(
            refused(&Unit {
                kind: UnitKind::School,
                parent: None,
                ..sample()
            })
            .is_empty()
        );
        assert_eq!(
            refused(&Unit {
                phone: Some("68001234".into()),
                ..sample()
            }),
            ["phone"]
        );
    }
}
