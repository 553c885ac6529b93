//! Registers for the tables no hand at school writes: each is made from the table of the standard itself.
use kernel::error::Violation;
use kernel::register::flow::Flow;
use kernel::register::spec::{Anchor, Ctx, FieldKind, FieldSpec, Reach, RegisterSpec, may_read, may_write};
use kernel::value::Value;
use people::datasets::{self, AUTOMATIC, Column, Dataset};
use people::roles::{ADMIN, IT_CENTER, OFFICE, TEACHING_OFFICE};

/// The tables that other machines fill, and which machine that is.
pub const MACHINE_FED: [(u8, &str); 16] = [
    (3, "信息化资产管理系统"),
    (4, "统一门户访问日志"),
    (12, "网络教学平台"),
    (13, "智慧课堂系统"),
    (24, "教室录播系统"),
    (25, "教师画像系统"),
    (26, "教师画像系统"),
    (30, "学生画像系统"),
    (31, "学生画像系统"),
    (52, "校园一卡通"),
    (53, "校园一卡通"),
    (54, "网上办事大厅"),
    (58, "校本数据中心"),
    (59, "校本数据中心"),
    (60, "校本数据中心"),
    (61, "统一身份认证"),
];

/// The id of the register that takes a table.
pub fn register_id(no: u8) -> String {
    format!("feed_t{no}")
}

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    MACHINE_FED
        .iter()
        .filter_map(|(no, machine)| Some(spec_of(datasets::dataset(*no)?, machine)))
        .collect()
}

fn nothing(_: &[Value], _: &Ctx) -> Vec<Violation> {
    vec![]
}

fn as_it_is(_: &mut Vec<Value>, _: &Ctx) {}

/// A register with one field for each column that a machine must give.
fn spec_of(set: &Dataset, machine: &str) -> RegisterSpec {
    let columns = set
        .columns
        .iter()
        .filter(|column| !AUTOMATIC.contains(&column.name.as_str()));
    let mut fields: Vec<FieldSpec> = columns.map(|column| field_of(set.no, column)).collect();
    for field in fields
        .iter_mut()
        .filter(|f| !matches!(f.kind, FieldKind::LongText { .. }))
        .take(7)
    {
        field.list = true;
    }
    let names = |kind: fn(&FieldKind) -> bool| fields.iter().position(|field| kind(&field.kind));
    let date = names(|kind| *kind == FieldKind::Date);
    let text = |field: &&FieldSpec| field.required && matches!(field.kind, FieldKind::Text { .. });
    let mut label: Vec<usize> = fields
        .iter()
        .filter(text)
        .take(2)
        .filter_map(|field| fields.iter().position(|f| f.name == field.name))
        .collect();
    if label.is_empty() {
        label = names(|kind| matches!(kind, FieldKind::Code(_)))
            .into_iter()
            .collect();
        label.extend(date);
    }
    let mut access = vec![
        may_write(IT_CENTER, Reach::School),
        may_write(ADMIN, Reach::School),
    ];
    access.extend([OFFICE, TEACHING_OFFICE].map(|role| may_read(role, Reach::School)));
    RegisterSpec {
        id: register_id(set.no),
        title: set.title.clone(),
        about: format!(
            "国家数据标准表{}“{}”，由{machine}接入：接口写入或按模板导入，信息中心维护。",
            set.no, set.title
        ),
        group: "feeds".into(),
        systems: vec!["I2".into()],
        label,
        key: None,
        unique: vec![],
        date,
        due: None,
        within: None,
        owner: None,
        anchor: Anchor::None,
        flow: Flow::none(),
        duties: vec![],
        indicators: vec![],
        access,
        private: false,
        apart: vec![],
        check: nothing,
        warnings: nothing,
        grant: None,
        complete: as_it_is,
        computed: vec![],
        service: None,
        papers: vec![],
        fields,
    }
}

fn field_of(table: u8, column: &Column) -> FieldSpec {
    let kind = kind_of(column);
    let help = match column.format.as_str() {
        "YYYYMM" => "六位数字，如 202609",
        "YYYY-YYYY" => "如 2026-2027",
        "hhmmss" => "时分秒六位，如 093000",
        _ => "",
    };
    FieldSpec {
        name: column.name.to_lowercase(),
        label: column.title.clone(),
        required: column.required,
        list: false,
        filter: matches!(kind, FieldKind::Code(_) | FieldKind::Date),
        help: help.into(),
        dataset: format!("T{table}.{}", column.name),
        sealed: false,
        kind,
    }
}

/// The kind of field a column is kept in.
fn kind_of(column: &Column) -> FieldKind {
    let length = column.length.unwrap_or(100) as usize;
    match (column.kind.as_str(), &column.code_set, column.format.as_str()) {
        (_, Some(set), _) if set == "SFBZDM" => FieldKind::Bool,
        (_, Some(set), _) => FieldKind::Code(set.clone()),
        (_, _, "YYYYMMDD") => FieldKind::Date,
        (_, _, "YYYYMMDD hhmmss") => FieldKind::Instant,
        ("T", ..) => FieldKind::LongText { max: length },
        ("M", ..) if column.title.contains('额') => FieldKind::Money,
        ("N", ..) if column.scale > 0 => FieldKind::Decimal { scale: column.scale },
        ("N", ..) => FieldKind::Int {
            min: 0,
            max: 10i64.pow(length.min(10) as u32) - 1,
        },
        _ => FieldKind::Text { max: length },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registers_are_declared_soundly() {
        assert_eq!(people::sound::faults(&registers()), Vec::<String>::new());
    }

    #[test]
    fn every_column_but_the_automatic_ones_is_a_field() {
        for spec in registers() {
            let no: u8 = spec.id.trim_start_matches("feed_t").parse().expect("a number");
            let set = datasets::dataset(no).expect("a table");
            let asked = |column: &&Column| !AUTOMATIC.contains(&column.name.as_str());
            let names: Vec<_> = set
                .columns
                .iter()
                .filter(asked)
                .map(|c| c.name.to_lowercase())
                .collect();
            assert_eq!(
                spec.fields.iter().map(|f| f.name.clone()).collect::<Vec<_>>(),
                names
            );
            assert!(
                spec.label.iter().any(|at| spec.fields[*at].required),
                "{}",
                spec.id
            );
        }
    }

    #[test]
    fn kinds_come_from_the_standard() {
        let kind = |no: u8, name: &str| {
            let column = datasets::dataset(no)
                .and_then(|set| set.column(name))
                .expect("a column");
            kind_of(column)
        };
        assert_eq!(kind(52, "XFZE"), FieldKind::Money);
        assert_eq!(kind(30, "XSXM"), FieldKind::Text { max: 36 });
        assert_eq!(kind(13, "CQL"), FieldKind::Decimal { scale: 2 });
        assert_eq!(kind(61, "DLSJ"), FieldKind::Instant);
        assert_eq!(kind(4, "XXHXTFWRQ"), FieldKind::Date);
        assert_eq!(kind(3, "SFTSXXHXT"), FieldKind::Bool);
        assert_eq!(kind(53, "CSLXM"), FieldKind::Code("YKTRZCSLXDM".into()));
    }
}
