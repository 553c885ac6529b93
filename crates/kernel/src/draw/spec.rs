//! From a drawing to a register, or to what is wrong with it.
use super::drawing::{Drawing, DrawnField, DrawnFlow, MOST_FIELDS};
use super::flow::flow_of;
use crate::app::{App, Registers};
use crate::error::Violation;
use crate::register::flow::StateKind;
use crate::register::indicator::{DutyScope, Every, Filter, Measure, duty, indicator};
use crate::register::service::service;
use crate::register::spec::{
    Access, Anchor, Choice, Ctx, FieldKind, FieldSpec, Reach, RegisterSpec, Role, may_read, may_write,
};
use crate::value::Value;
use std::collections::HashSet;

/// The longest title and label.
const MOST_LABEL: usize = 20;

/// Where faults stand: `fields.3.label` names the label of the fourth field.
struct Faults(Vec<Violation>);

impl Faults {
    fn add(&mut self, wrong: bool, field: &str, message: &str) {
        if wrong {
            self.0.push(Violation::new(field, message));
        }
    }
}

/// The kinds offered, with their names for people.
pub const KINDS: [(&str, &str); 12] = [
    ("text", "单行文字"),
    ("long-text", "多行文字"),
    ("integer", "整数"),
    ("decimal", "小数（两位）"),
    ("money", "金额（元）"),
    ("date", "日期"),
    ("instant", "日期和时间"),
    ("boolean", "是/否"),
    ("choice", "选项"),
    ("code", "代码集"),
    ("reference", "引用其他台账"),
    ("files", "附件"),
];

fn kind_of(field: &DrawnField) -> Option<FieldKind> {
    Some(match field.kind.as_str() {
        "text" => FieldKind::Text { max: 100 },
        "long-text" => FieldKind::LongText { max: 2000 },
        "integer" => FieldKind::Int {
            min: 0,
            max: 1_000_000_000,
        },
        "decimal" => FieldKind::Decimal { scale: 2 },
        "money" => FieldKind::Money,
        "date" => FieldKind::Date,
        "instant" => FieldKind::Instant,
        "boolean" => FieldKind::Bool,
        "choice" => FieldKind::Choice(
            field
                .choices
                .iter()
                .enumerate()
                .map(|(at, label)| Choice {
                    code: (at + 1).to_string(),
                    label: label.clone(),
                })
                .collect(),
        ),
        "code" => FieldKind::Code(field.of.clone()),
        "reference" => FieldKind::Ref(field.of.clone()),
        "files" => FieldKind::Files,
        _ => return None,
    })
}

/// Everything wrong with a drawing. `before` is what was published last: it must stay readable.
pub fn faults(
    app: &App,
    registers: &Registers,
    drawing: &Drawing,
    before: Option<&Drawing>,
) -> Vec<Violation> {
    let mut faults = Faults(vec![]);
    let long = |text: &str| text.chars().count() > MOST_LABEL;
    faults.add(drawing.title.trim().is_empty(), "title", "请填写台账名称");
    faults.add(long(&drawing.title), "title", "台账名称最多 20 字");
    faults.add(
        drawing.about.trim().is_empty(),
        "about",
        "请用一句话说明这本台账记什么、谁来记",
    );
    faults.add(drawing.about.chars().count() > 200, "about", "说明最多 200 字");
    faults.add(
        app.groups.iter().all(|(id, _, _)| *id != drawing.group),
        "group",
        "请选择所在菜单",
    );
    faults.add(
        drawing.fields.iter().all(|field| field.hidden),
        "fields",
        "请至少添加一个字段",
    );
    faults.add(drawing.fields.len() > MOST_FIELDS, "fields", "字段最多 40 个");
    let mut labels = HashSet::new();
    for (at, field) in drawing.fields.iter().enumerate() {
        let here = |part: &str| format!("fields.{at}.{part}");
        let label = field.label.trim();
        faults.add(label.is_empty(), &here("label"), "请填写字段名称");
        faults.add(long(label), &here("label"), "字段名称最多 20 字");
        faults.add(
            !label.is_empty() && (!labels.insert(label) || label == "状态"),
            &here("label"),
            "字段名称重复，或与系统列“状态”同名",
        );
        faults.add(kind_of(field).is_none(), &here("kind"), "请选择字段类型");
        let blank = field
            .choices
            .iter()
            .any(|choice| choice.trim().is_empty() || long(choice));
        let twice = field.choices.iter().collect::<HashSet<_>>().len() < field.choices.len();
        faults.add(
            field.kind == "choice" && (field.choices.is_empty() || blank || twice),
            &here("choices"),
            "请填写选项，每行一个，不超过 20 字，不重复",
        );
        faults.add(
            field.kind == "code" && app.codes.get(&field.of).is_none(),
            &here("of"),
            "请选择代码集",
        );
        faults.add(
            field.kind == "reference" && registers.get(&field.of).is_none(),
            &here("of"),
            "请选择引用的台账",
        );
    }
    roles(app, drawing, &mut faults);
    parts(drawing, registers, &mut faults);
    if let Some(before) = before {
        history(drawing, before, &mut faults);
    }
    faults.0
}

fn roles(app: &App, drawing: &Drawing, faults: &mut Faults) {
    let known = |role: &String| app.roles.iter().any(|known| known.id == role);
    faults.add(drawing.keepers.is_empty(), "keepers", "请选择由谁管理这本台账");
    let all = drawing
        .keepers
        .iter()
        .chain(&drawing.writers)
        .chain(&drawing.readers);
    faults.add(!all.into_iter().all(known), "keepers", "有不认识的岗位");
    if let DrawnFlow::Approvals(stages) = &drawing.flow {
        faults.add(stages.is_empty(), "flow", "请至少添加一个审批环节");
        faults.add(
            stages.first().is_some_and(|stage| !stage.over_field.is_empty()),
            "stages.0.over",
            "第一个环节不能有条件",
        );
        let mut titles = HashSet::new();
        for (at, stage) in stages.iter().enumerate() {
            let here = format!("stages.{at}.title");
            let title = stage.title.trim();
            faults.add(
                title.is_empty() || title.chars().count() > 8,
                &here,
                "请填写环节名称，不超过 8 字",
            );
            faults.add(!titles.insert(title), &here, "环节名称重复");
            faults.add(
                !known(&stage.role),
                &format!("stages.{at}.role"),
                "请选择审批岗位",
            );
            let number = drawing.field(&stage.over_field).is_some_and(|field| {
                !field.hidden
                    && !field.sealed
                    && ["integer", "decimal", "money"].contains(&field.kind.as_str())
            });
            faults.add(
                !stage.over_field.is_empty() && !number,
                &format!("stages.{at}.over"),
                "条件只能比较一个数字字段",
            );
        }
    }
}

/// The fields that have a part to play must be there and of the right kind.
fn parts(drawing: &Drawing, registers: &Registers, faults: &mut Faults) {
    let fits = |name: &str, kinds: &[&str]| {
        drawing
            .field(name)
            .is_some_and(|field| !field.hidden && !field.sealed && kinds.contains(&field.kind.as_str()))
    };
    let of = |name: &str| drawing.field(name).map_or("", |field| field.of.as_str());
    let texts = ["text", "reference", "date", "choice", "integer", "code"];
    faults.add(
        !fits(&drawing.label, &texts),
        "label",
        "请选择用哪个字段称呼一条记录",
    );
    faults.add(
        !drawing.key.is_empty() && !fits(&drawing.key, &["text", "integer", "reference"]),
        "key",
        "不能重复的字段应是文字、整数或引用",
    );
    faults.add(
        !drawing.date.is_empty() && !fits(&drawing.date, &["date", "instant"]),
        "date",
        "请选择日期字段",
    );
    faults.add(
        !drawing.due.is_empty() && !fits(&drawing.due, &["date"]),
        "due",
        "请选择日期字段",
    );
    faults.add(
        !drawing.within.is_empty() && !fits(&drawing.within, &["reference"]),
        "within",
        "请选择引用字段",
    );
    faults.add(
        !drawing.owner.is_empty() && (!fits(&drawing.owner, &["reference"]) || of(&drawing.owner) != "staff"),
        "owner",
        "请选择引用教职工的字段",
    );
    if let Some(duty) = &drawing.duty {
        faults.add(duty.title.trim().is_empty(), "duty.title", "请填写例行工作名称");
        faults.add(
            duty.times == 0 || duty.times > 99,
            "duty.times",
            "次数应在 1 到 99 之间",
        );
        faults.add(every_of(&duty.every).is_none(), "duty.every", "请选择周期");
        faults.add(
            drawing.date.is_empty(),
            "duty.title",
            "有例行工作的台账要先选定“所属日期”",
        );
        faults.add(
            !duty.each.is_empty() && registers.get(&duty.each).is_none(),
            "duty.each",
            "请选择由谁各自完成",
        );
    }
    if let Some(indicator) = &drawing.indicator {
        let field = indicator.field.as_str();
        faults.add(
            indicator.title.trim().is_empty(),
            "indicator.title",
            "请填写指标名称",
        );
        match indicator.measure.as_str() {
            "count" => {}
            "done-share" => faults.add(
                drawing.flow == DrawnFlow::None,
                "indicator.measure",
                "办结率要求台账有流程",
            ),
            "sum" => faults.add(
                !fits(field, &["integer", "decimal", "money"]),
                "indicator.field",
                "请选择合计的数字字段",
            ),
            "coverage" => faults.add(
                !fits(field, &["reference"]),
                "indicator.field",
                "请选择覆盖的引用字段",
            ),
            _ => faults.add(true, "indicator.measure", "请选择算法"),
        }
    }
}

/// What was written under the last version must stay readable.
fn history(drawing: &Drawing, before: &Drawing, faults: &mut Faults) {
    for old in &before.fields {
        let Some(at) = drawing.fields.iter().position(|field| field.name == old.name) else {
            faults.add(true, "fields", "已发布的字段不能删除，可以隐藏");
            continue;
        };
        let field = &drawing.fields[at];
        faults.add(
            field.kind != old.kind || field.of != old.of || field.sealed != old.sealed,
            &format!("fields.{at}.kind"),
            "已发布的字段不能改类型，可以隐藏后另加一个",
        );
        faults.add(
            field.choices.len() < old.choices.len(),
            &format!("fields.{at}.choices"),
            "已发布的选项不能删除，可以改名或在后面添加",
        );
    }
    faults.add(
        std::mem::discriminant(&drawing.flow) != std::mem::discriminant(&before.flow),
        "flow",
        "已发布的台账不能换流程种类",
    );
}

fn every_of(text: &str) -> Option<Every> {
    Some(match text {
        "day" => Every::Day,
        "week" => Every::Week,
        "month" => Every::Month,
        "term" => Every::Term,
        "before-holiday" => Every::BeforeHoliday,
        _ => return None,
    })
}

fn nothing(_: &[Value], _: &Ctx) -> Vec<Violation> {
    vec![]
}

fn as_it_is(_: &mut Vec<Value>, _: &Ctx) {}

/// The register; only for a drawing without [`faults`].
pub fn spec_of(app: &App, id: &str, drawing: &Drawing) -> RegisterSpec {
    let role = |id: &str| -> Option<Role> { app.roles.iter().find(|role| role.id == id).map(|role| role.id) };
    let fields: Vec<FieldSpec> = drawing
        .fields
        .iter()
        .filter(|field| !field.hidden)
        .filter_map(|field| {
            Some(FieldSpec {
                name: field.name.clone(),
                label: field.label.trim().to_owned(),
                kind: kind_of(field)?,
                required: field.required && field.kind != "files",
                list: field.list,
                filter: field.filter && !field.sealed,
                help: field.help.clone(),
                dataset: String::new(),
                sealed: field.sealed,
            })
        })
        .collect();
    let at = |name: &str| fields.iter().position(|field| field.name == name);
    let mut access: Vec<Access> = vec![];
    for id in drawing.keepers.iter().filter_map(|id| role(id)) {
        access.push(may_write(id, Reach::School));
    }
    for id in drawing.writers.iter().filter_map(|id| role(id)) {
        access.push(may_write(id, Reach::Own));
        if at(&drawing.within).is_some() {
            access.push(may_read(id, Reach::Unit));
        }
    }
    for id in drawing.readers.iter().filter_map(|id| role(id)) {
        access.push(may_read(id, Reach::School));
    }
    let flow = flow_of(drawing, &role);
    let done = flow
        .names(StateKind::Done)
        .first()
        .map_or(String::new(), |name| (*name).to_owned());
    let counted = || match flow.has_steps() {
        true => Filter::state(&done),
        false => Filter::all(),
    };
    let duties = drawing
        .duty
        .iter()
        .filter_map(|drawn| {
            let scope = match drawn.each.as_str() {
                "" => DutyScope::School,
                register => DutyScope::Each {
                    register: register.to_owned(),
                    only: None,
                },
            };
            let (title, every) = (drawn.title.trim(), every_of(&drawn.every)?);
            Some(duty(
                &format!("{id}_duty"),
                title,
                drawn.times,
                every,
                scope,
                counted(),
            ))
        })
        .collect();
    let indicators = drawing
        .indicator
        .iter()
        .map(|drawn| {
            let field = drawn.field.clone();
            let (formula, unit, measure) = match drawn.measure.as_str() {
                "done-share" => (
                    format!("“{done}”的记录 ÷ 登记的全部记录"),
                    "%",
                    Measure::Share {
                        of: counted(),
                        among: Filter::all(),
                    },
                ),
                "sum" => (
                    "字段合计".to_owned(),
                    drawn.unit.as_str(),
                    Measure::Sum { of: counted(), field },
                ),
                "coverage" => (
                    "有记录的 ÷ 应有的全部".to_owned(),
                    "%",
                    Measure::Coverage {
                        of: counted(),
                        field,
                        all: Filter::all(),
                    },
                ),
                _ => (
                    "登记的记录数".to_owned(),
                    drawn.unit.as_str(),
                    Measure::Count { of: counted() },
                ),
            };
            indicator(
                &format!("{id}_indicator"),
                drawn.title.trim(),
                &formula,
                unit,
                measure,
            )
        })
        .collect();
    let card = drawing.service.then(|| {
        let keeper = drawing
            .keepers
            .first()
            .and_then(|id| app.roles.iter().find(|role| role.id == id));
        service(
            &drawing.title,
            keeper.map_or("", |role| role.title),
            &drawing.about,
        )
    });
    RegisterSpec {
        id: id.to_owned(),
        title: drawing.title.trim().to_owned(),
        about: drawing.about.trim().to_owned(),
        group: drawing.group.clone(),
        systems: vec!["I5".into()],
        label: at(&drawing.label).into_iter().collect(),
        key: at(&drawing.key).filter(|at| matches!(fields[*at].kind, FieldKind::Text { .. })),
        unique: at(&drawing.key).map(|at| vec![at]).into_iter().collect(),
        date: at(&drawing.date),
        due: at(&drawing.due).filter(|_| !flow.names(StateKind::Open).is_empty()),
        within: at(&drawing.within),
        owner: at(&drawing.owner),
        anchor: Anchor::None,
        flow,
        duties,
        indicators,
        access,
        private: false,
        apart: vec![],
        check: nothing,
        warnings: nothing,
        grant: None,
        complete: as_it_is,
        computed: vec![],
        service: card,
        papers: vec![],
        fields,
    }
}
