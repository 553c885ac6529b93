//! The drawing as a form: read back from what was posted, and shown.
use super::drawing::{Drawing, DrawnDuty, DrawnField, DrawnFlow, DrawnIndicator, DrawnStage};
use super::spec::KINDS;
use crate::app::Scope;
use crate::error::Violation;
use crate::page::{self, Icon, Input, Kind};
use crate::register::web::Posted;
use maud::{Markup, html};

/// Reads the form. `codes` of choices follow their place, so lines are kept in order.
pub fn read(posted: &Posted) -> Drawing {
    let text = |name: &str| posted.get(name).unwrap_or("").trim().to_owned();
    let yes = |name: &str| posted.get(name) == Some("true");
    let numbered = |prefix: &str, part: &str| -> Vec<usize> {
        let mut found: Vec<usize> = posted
            .pairs
            .iter()
            .filter_map(|(name, _)| name.strip_prefix(prefix)?.strip_suffix(part)?.parse().ok())
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    let fields = numbered("fields.", ".name")
        .into_iter()
        .map(|at| {
            let text = |part: &str| text(&format!("fields.{at}.{part}"));
            let yes = |part: &str| yes(&format!("fields.{at}.{part}"));
            let kind = text("kind");
            DrawnField {
                name: text("name"),
                label: text("label"),
                choices: match kind.as_str() {
                    "choice" => lines(&text("choices")),
                    _ => vec![],
                },
                of: match kind.as_str() {
                    "code" => text("code"),
                    "reference" => text("register"),
                    _ => String::new(),
                },
                kind,
                required: yes("required"),
                list: yes("list"),
                filter: yes("filter"),
                sealed: yes("sealed"),
                hidden: yes("hidden"),
                help: text("help"),
            }
        })
        .collect();
    let stages = || {
        numbered("stages.", ".title")
            .into_iter()
            .map(|at| DrawnStage {
                title: text(&format!("stages.{at}.title")),
                role: text(&format!("stages.{at}.role")),
                over: text(&format!("stages.{at}.over")).parse().unwrap_or(0),
                over_field: text(&format!("stages.{at}.over_field")),
            })
            .filter(|stage| *stage != DrawnStage::default())
            .collect()
    };
    let holding = |right: &str| -> Vec<String> {
        posted
            .pairs
            .iter()
            .filter(|(_, value)| value == right)
            .filter_map(|(name, _)| name.strip_prefix("access.").map(str::to_owned))
            .collect()
    };
    Drawing {
        title: text("title"),
        about: text("about"),
        group: text("group"),
        fields,
        label: text("label"),
        key: text("key"),
        date: text("date"),
        due: text("due"),
        within: text("within"),
        owner: text("owner"),
        flow: match text("flow").as_str() {
            "approvals" => DrawnFlow::Approvals(stages()),
            "handling" => DrawnFlow::Handling,
            _ => DrawnFlow::None,
        },
        keepers: holding("keep"),
        writers: holding("write"),
        readers: holding("read"),
        service: yes("service"),
        duty: (!text("duty.title").is_empty()).then(|| DrawnDuty {
            title: text("duty.title"),
            times: text("duty.times").parse().unwrap_or(1),
            every: text("duty.every"),
            each: text("duty.each"),
        }),
        indicator: (!text("indicator.title").is_empty()).then(|| DrawnIndicator {
            title: text("indicator.title"),
            measure: text("indicator.measure"),
            field: text("indicator.field"),
            unit: text("indicator.unit"),
        }),
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What the buttons beside fields do: `add`, `up.3`, `down.3`, `remove.3`.
pub fn act(drawing: &mut Drawing, action: &str) {
    let (verb, at) = match action.split_once('.') {
        Some((verb, at)) => (verb, at.parse::<usize>().unwrap_or(usize::MAX)),
        None => (action, usize::MAX),
    };
    let count = drawing.fields.len();
    match verb {
        "add" => {
            let name = drawing.next_name();
            drawing.fields.push(DrawnField {
                name,
                kind: "text".into(),
                list: true,
                ..DrawnField::default()
            });
        }
        "up" if at > 0 && at < count => drawing.fields.swap(at, at - 1),
        "down" if at + 1 < count => drawing.fields.swap(at, at + 1),
        "remove" if at < count => {
            drawing.fields.remove(at);
        }
        _ => {}
    }
}

/// The form with what is wrong at each place.
pub struct Editor<'a> {
    /// Where it is.
    pub scope: &'a Scope,
    /// What is drawn.
    pub drawing: &'a Drawing,
    /// What is in force: its fields may only be hidden.
    pub published: Option<&'a Drawing>,
    /// What is wrong.
    pub faults: &'a [Violation],
}

type Options = Vec<(String, String)>;

impl Editor<'_> {
    fn error(&self, field: &str) -> Option<&str> {
        let found = self.faults.iter().find(|fault| fault.field == field);
        found.map(|fault| fault.message.as_str())
    }

    fn input<'b>(&'b self, name: &'b str, label: &'b str, value: &'b str) -> Input<'b> {
        Input {
            name,
            label,
            value,
            error: self.error(name),
            ..Input::default()
        }
    }

    /// The fields of some kinds that are there.
    fn fields(&self, kinds: &[&str]) -> Options {
        self.drawing
            .fields
            .iter()
            .filter(|field| !field.hidden && !field.sealed && kinds.contains(&field.kind.as_str()))
            .map(|field| (field.name.clone(), field.label.clone()))
            .collect()
    }

    fn registers(&self) -> Options {
        self.scope
            .registers
            .iter()
            .map(|spec| (spec.id.clone(), spec.title.clone()))
            .collect()
    }

    fn roles(&self) -> Options {
        self.scope
            .app
            .roles
            .iter()
            .map(|role| (role.id.to_owned(), role.title.to_owned()))
            .collect()
    }

    /// All of it.
    pub fn render(&self) -> Markup {
        html! {
            (self.basics())
            (self.field_list())
            (self.parts())
            (self.flow())
            (self.access())
            (self.proof())
        }
    }

    fn basics(&self) -> Markup {
        let groups: Options = self
            .scope
            .app
            .groups
            .iter()
            .map(|(id, title, _)| ((*id).to_owned(), (*title).to_owned()))
            .collect();
        page::form_section(
            "基本",
            html! {
                (page::text(&Input { required: true, max_length: Some(20), ..self.input("title", "台账名称", &self.drawing.title) }))
                (page::select(&Input { required: true, ..self.input("group", "所在菜单", &self.drawing.group) }, &groups, Some("请选择")))
                (page::text(&Input { required: true, wide: true, max_length: Some(200), help: Some("一句话：记什么、谁来记"), ..self.input("about", "说明", &self.drawing.about) }))
                (page::checkbox(&Input { help: Some("有流程的申请类台账，教职工从“一网通办”发起"), ..self.input("service", "放入一网通办", "") }, self.drawing.service))
            },
        )
    }

    fn field_list(&self) -> Markup {
        html! {
            section.form-section {
                h2 { "字段" }
                @if let Some(error) = self.error("fields") { p.field-error role="alert" { (error) } }
                @for (at, field) in self.drawing.fields.iter().enumerate() { (self.field(at, field)) }
                button.button.plain type="submit" name="act" value="add" formnovalidate { (page::icon(Icon::Plus)) "添加字段" }
            }
        }
    }

    fn field(&self, at: usize, field: &DrawnField) -> Markup {
        let name = |part: &str| format!("fields.{at}.{part}");
        let [label, kind, choices, code, register, help] =
            ["label", "kind", "choices", "code", "register", "help"].map(name);
        let kept = self.published.is_some_and(|old| old.field(&field.name).is_some());
        let choice_lines = field.choices.join("\n");
        let of = name("of");
        let registers = self.registers();
        let codes: Options = self
            .scope
            .app
            .codes
            .iter()
            .map(|set| (set.id.clone(), set.title.clone()))
            .collect();
        html! {
            fieldset.drawn-field id={ "f-fields." (at) } {
                legend { (at + 1) ". " @if field.label.is_empty() { "新字段" } @else { (field.label) } @if field.hidden { "（已隐藏）" } }
                input type="hidden" name=(name("name")) value=(field.name);
                div.drawn-row {
                    (page::text(&Input { required: true, max_length: Some(20), ..self.input(&label, "名称", &field.label) }))
                    (page::select(&Input { read_only: kept, ..self.input(&kind, "类型", &field.kind) }, &KINDS, None))
                    div.for-choice { (page::textarea(&Input { help: Some("每行一个"), ..self.input(&choices, "选项", &choice_lines) }, 3)) }
                    div.for-code { (page::select(&Input { read_only: kept, error: self.error(&of).filter(|_| field.kind == "code"), ..self.input(&code, "代码集", if field.kind == "code" { &field.of } else { "" }) }, &codes, Some("请选择"))) }
                    div.for-reference { (page::select(&Input { read_only: kept, error: self.error(&of).filter(|_| field.kind == "reference"), ..self.input(&register, "引用", if field.kind == "reference" { &field.of } else { "" }) }, &registers, Some("请选择"))) }
                    (page::text(&Input { max_length: Some(100), ..self.input(&help, "填写提示", &field.help) }))
                }
                div.drawn-marks {
                    @for (part, title, on) in [
                        ("required", "必填", field.required), ("list", "列表显示", field.list),
                        ("filter", "可筛选", field.filter), ("sealed", "保密", field.sealed), ("hidden", "隐藏", field.hidden),
                    ] {
                        @if part != "hidden" || kept {
                            label.check {
                                input type="checkbox" name=(name(part)) value="true" checked[on] disabled[part == "sealed" && kept];
                                (title)
                            }
                            @if part == "sealed" && kept && on { input type="hidden" name=(name(part)) value="true"; }
                        }
                    }
                    span.actions {
                        @for (verb, title) in [("up", "上移"), ("down", "下移"), ("remove", "删除")] {
                            @if verb != "remove" || !kept {
                                button.button.quiet type="submit" name="act" value={ (verb) "." (at) } formnovalidate { (title) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn parts(&self) -> Markup {
        let drawing = self.drawing;
        let select =
            |name: &'static str, label: &'static str, value: &str, kinds: &[&str], help: &'static str| {
                page::select(
                    &Input {
                        help: Some(help),
                        required: name == "label",
                        ..self.input(name, label, value)
                    },
                    &self.fields(kinds),
                    Some(if name == "label" { "请选择" } else { "无" }),
                )
            };
        page::form_section(
            "一条记录",
            html! {
                (select("label", "怎样称呼", &drawing.label, &["text", "reference", "date", "choice", "integer", "code"], "列表、消息里用它称呼一条记录"))
                (select("key", "不能重复", &drawing.key, &["text", "integer", "reference"], "如编号；导入时按它识别"))
                (select("date", "所属日期", &drawing.date, &["date", "instant"], "按它归入周次、月份、学期"))
                (select("due", "办理期限", &drawing.due, &["date"], "过期未办结的排在最前"))
                (select("within", "属于谁", &drawing.within, &["reference"], "引用学生、班级或部门：班主任、系主任按它看到本班、本系的记录"))
                (select("owner", "责任人", &drawing.owner, &["reference"], "引用教职工：本人能看到、能办理"))
            },
        )
    }

    fn flow(&self) -> Markup {
        let kinds = [
            ("none", "无：登记即生效"),
            ("approvals", "审批：逐级同意"),
            ("handling", "办理：责任人办理，管理人确认"),
        ];
        let (chosen, mut stages) = match &self.drawing.flow {
            DrawnFlow::None => ("none", vec![]),
            DrawnFlow::Approvals(stages) => ("approvals", stages.clone()),
            DrawnFlow::Handling => ("handling", vec![]),
        };
        let fixed = self.published.is_some();
        stages.resize(stages.len().max(2) + 1, DrawnStage::default());
        let numbers = self.fields(&["integer", "decimal", "money"]);
        html! {
            section.form-section.drawn-flow {
                h2 { "流程" }
                (page::select(&Input { read_only: fixed, ..self.input("flow", "种类", chosen) }, &kinds, None))
                div.for-approvals {
                    @for (at, stage) in stages.iter().enumerate() {
                        @let [title, role, field, over] = ["title", "role", "over_field", "over"].map(|part| format!("stages.{at}.{part}"));
                        @let limit = stage.over.to_string();
                        div.drawn-row {
                            (page::text(&Input { max_length: Some(8), placeholder: Some("如 系部"), ..self.input(&title, "环节", &stage.title) }))
                            (page::select(&self.input(&role, "审批岗位", &stage.role), &self.roles(), Some("请选择")))
                            @if at > 0 {
                                (page::select(&Input { error: self.error(&over), ..self.input(&field, "仅当", &stage.over_field) }, &numbers, Some("总是")))
                                (page::text(&Input { name: &over, label: "大于", value: if stage.over_field.is_empty() { "" } else { &limit }, ..Input::default() }))
                            }
                        }
                    }
                    p.field-help { "留空的环节不算；填满后保存，会再出现一行。" }
                }
            }
        }
    }

    fn access(&self) -> Markup {
        let rights = [
            ("", "不可见"),
            ("read", "查看"),
            ("write", "登记自己的"),
            ("keep", "管理全部"),
        ];
        let drawing = self.drawing;
        let right = |role: &str| {
            let has = |list: &[String]| list.iter().any(|known| known == role);
            match () {
                () if has(&drawing.keepers) => "keep",
                () if has(&drawing.writers) => "write",
                () if has(&drawing.readers) => "read",
                () => "",
            }
        };
        html! {
            section.form-section {
                h2 { "谁能用" }
                @if let Some(error) = self.error("keepers") { p.field-error role="alert" { (error) } }
                div.drawn-roles {
                    @for (id, title) in self.roles() {
                        @let name = format!("access.{id}");
                        (page::select(&Input { name: &name, label: &title, value: right(&id), ..Input::default() }, &rights, None))
                    }
                }
            }
        }
    }

    fn proof(&self) -> Markup {
        let duty = self.drawing.duty.clone().unwrap_or_default();
        let indicator = self.drawing.indicator.clone().unwrap_or_default();
        let every = [
            ("day", "每教学日"),
            ("week", "每周"),
            ("month", "每月"),
            ("term", "每学期"),
            ("before-holiday", "节假日前"),
        ];
        let measures = [
            ("count", "条数"),
            ("done-share", "办结率"),
            ("sum", "某字段合计"),
            ("coverage", "覆盖率"),
        ];
        let times = duty.times.max(1).to_string();
        html! {
            (page::form_section("例行工作（可不填）", html! {
                (page::text(&Input { max_length: Some(20), placeholder: Some("如 每周巡查"), ..self.input("duty.title", "名称", &duty.title) }))
                (page::select(&self.input("duty.every", "周期", &duty.every), &every, Some("请选择")))
                (page::number(&self.input("duty.times", "次数", &times), page::Bounds { min: Some("1"), max: Some("99"), step: Some("1"), unit: Some("次") }))
                (page::select(&self.input("duty.each", "由谁各自完成", &duty.each), &self.registers(), Some("全校一份")))
            }))
            (page::form_section("指标（可不填）", html! {
                (page::text(&Input { max_length: Some(20), placeholder: Some("如 巡查问题办结率"), ..self.input("indicator.title", "名称", &indicator.title) }))
                (page::select(&self.input("indicator.measure", "算法", &indicator.measure), &measures, Some("请选择")))
                (page::select(&self.input("indicator.field", "字段", &indicator.field), &self.fields(&["integer", "decimal", "money", "reference"]), Some("无")))
                (page::text(&Input { max_length: Some(4), placeholder: Some("条、人、元"), ..self.input("indicator.unit", "单位", &indicator.unit) }))
            }))
        }
    }

    /// The buttons at the foot.
    pub fn buttons(&self) -> Markup {
        html! {
            button.button.primary type="submit" formnovalidate { "保存草稿" }
            button.button.plain type="submit" name="then" value="try" formnovalidate { "保存并试填" }
            (page::link_button("返回", super::page::HERE, None, Kind::Quiet))
        }
    }
}
