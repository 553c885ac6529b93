//! `GET /api/openapi.json`: OpenAPI 3.1 made from the specs.
use crate::app::{App, Registers, Scope};
use crate::codes::Codes;
use crate::register::spec::{FieldKind, FieldSpec, RegisterSpec};
use axum::Json;
use axum::extract::{Request, State};
use serde_json::{Map, Value as J, json};
use std::sync::Arc;

/// The handler: whoever is logged in also gets the registers their school has drawn.
pub async fn serve(State(app): State<Arc<App>>, request: Request) -> Json<J> {
    let registers = match request.extensions().get::<Scope>() {
        Some(scope) => &scope.registers,
        None => &app.registers,
    };
    Json(openapi(registers, &app.codes))
}

/// The document.
pub fn openapi(registers: &Registers, codes: &Codes) -> J {
    let mut schemas = Map::new();
    let mut paths = Map::new();
    schemas.insert("Error".into(), error_schema());
    paths.insert(
        "/api/registers".into(),
        json!({ "get": {
        "summary": "全部台账的定义", "operationId": "registers",
        "responses": { "200": { "description": "可查看的台账" }, "401": fault("未登录") },
    } }),
    );
    add_work(&mut paths);
    for spec in registers.iter() {
        schemas.insert(format!("{}.fields", spec.id), fields_schema(spec, codes));
        schemas.insert(spec.id.clone(), record_schema(spec));
        add_paths(&mut paths, spec);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "知行 Zhixing", "version": env!("CARGO_PKG_VERSION"), "description":
            "每个台账一组接口，与页面同一套权限、规则和留痕。令牌由 zhixing token --account 登录名 生成。" },
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas,
        },
    })
}

/// What waits for the bearer, and what they were told.
fn add_work(paths: &mut Map<String, J>) {
    let read = |name: &str, summary: &str, parameters: J| {
        json!({ "get": {
            "operationId": name, "summary": summary, "tags": ["办事"], "parameters": parameters,
            "responses": { "200": { "description": summary, "content": { "application/json": { "schema": {
                "type": "object", "properties": { "total": { "type": "integer" },
                    "rows": { "type": "array", "items": { "type": "object" } } } } } } },
                "401": fault("未登录") },
        } })
    };
    let query =
        |name: &str, schema: J| json!({ "name": name, "in": "query", "required": false, "schema": schema });
    paths.insert(
        "/api/tasks".into(),
        read("tasks", "待我办理的记录和可办的环节", json!([])),
    );
    let parameters = json!([
        query("unread", json!({ "type": "string", "enum": ["1"] })),
        query("page", json!({ "type": "integer", "minimum": 1 })),
        query("per", json!({ "type": "integer", "minimum": 1, "maximum": 200 })),
    ]);
    paths.insert("/api/messages".into(), read("messages", "我的消息", parameters));
}

fn error_schema() -> J {
    json!({
        "type": "object", "required": ["error", "violations"],
        "properties": {
            "error": { "type": "string" },
            "violations": { "type": "array", "items": { "type": "object", "properties": {
                "field": { "type": "string" }, "message": { "type": "string" } } } },
        },
    })
}

fn fault(description: &str) -> J {
    json!({ "description": description, "content": { "application/json": {
        "schema": { "$ref": "#/components/schemas/Error" } } } })
}

fn fields_schema(spec: &RegisterSpec, codes: &Codes) -> J {
    let properties: Map<String, J> = spec
        .fields
        .iter()
        .enumerate()
        .map(|(at, field)| {
            let mut schema = field_schema(field, codes);
            if spec.computed.contains(&at) {
                schema["readOnly"] = true.into();
            }
            (field.name.clone(), schema)
        })
        .collect();
    let required: Vec<&str> = spec
        .fields
        .iter()
        .filter(|f| f.required)
        .map(|f| f.name.as_str())
        .collect();
    json!({ "type": "object", "title": spec.title, "description": spec.about, "properties": properties,
            "required": required, "additionalProperties": false })
}

fn field_schema(field: &FieldSpec, codes: &Codes) -> J {
    let mut schema = match &field.kind {
        FieldKind::Text { max } | FieldKind::LongText { max } => {
            json!({ "type": "string", "maxLength": max })
        }
        FieldKind::Int { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        FieldKind::Decimal { scale: 0 } => json!({ "type": "string", "pattern": r"^\d+$" }),
        FieldKind::Decimal { scale } => {
            json!({ "type": "string", "pattern": format!(r"^\d+(\.\d{{1,{scale}}})?$") })
        }
        FieldKind::Money => {
            json!({ "type": "string", "pattern": r"^\d+(\.\d{1,2})?$", "description": "单位：元" })
        }
        FieldKind::Date => json!({ "type": "string", "format": "date" }),
        FieldKind::Instant => json!({ "type": "string", "format": "date-time" }),
        FieldKind::Bool => json!({ "type": "boolean" }),
        FieldKind::Choice(choices) => listed(choices.iter().map(|c| (c.code.as_str(), c.label.as_str()))),
        FieldKind::Code(set) => {
            let items = codes.get(set).map_or(&[][..], |set| &set.items);
            listed(items.iter().map(|(code, name)| (code.as_str(), name.as_str())))
        }
        FieldKind::Ref(to) => json!({ "type": "string", "format": "uuid", "x-register": to }),
        FieldKind::Files => json!({ "type": "array", "items": { "type": "string", "format": "uuid" } }),
    };
    schema["title"] = field.label.as_str().into();
    if !field.help.is_empty() {
        schema["description"] = field.help.as_str().into();
    }
    if !field.dataset.is_empty() {
        schema["x-dataset"] = field.dataset.as_str().into();
    }
    if !field.required {
        schema["type"] = json!([schema["type"], "null"]);
        if let Some(values) = schema.get_mut("enum").and_then(J::as_array_mut) {
            values.push(J::Null);
        }
    }
    schema
}

fn listed<'a>(items: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> J {
    let codes: Vec<&str> = items.clone().map(|i| i.0).collect();
    let words: Vec<String> = items.map(|(code, label)| format!("{code} {label}")).collect();
    json!({ "type": "string", "enum": codes, "x-labels": words })
}

fn record_schema(spec: &RegisterSpec) -> J {
    let states: Vec<&str> = spec.flow.states.iter().map(|s| s.name.as_str()).collect();
    json!({
        "type": "object", "title": spec.title,
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "version": { "type": "integer" },
            "state": { "type": "string", "enum": states },
            "label": { "type": "string" },
            "voided": { "type": ["string", "null"], "description": "作废原因" },
            "fields": { "$ref": format!("#/components/schemas/{}.fields", spec.id) },
            "labels": { "type": "object", "additionalProperties": { "type": "string" },
                        "description": "引用字段的显示名称" },
        },
    })
}

fn add_paths(paths: &mut Map<String, J>, spec: &RegisterSpec) {
    let id = spec.id.as_str();
    let title = spec.title.as_str();
    let record = json!({ "$ref": format!("#/components/schemas/{id}") });
    let answer = |description: &str| json!({ "description": description, "content": { "application/json": { "schema": record } } });
    let send = |properties: J, required: J| {
        json!({ "required": true, "content": { "application/json": { "schema": {
            "type": "object", "properties": properties, "required": required } } } })
    };
    let fields = json!({ "$ref": format!("#/components/schemas/{id}.fields") });
    let some_fields = json!({ "type": "object", "description": "要改的字段，未写的不变" });
    let refused = || {
        json!({ "401": fault("未登录"), "403": fault("没有权限"), "404": fault("没有找到"),
        "409": fault("已被别人修改，没有写入"), "422": fault("填写有误，没有写入") })
    };
    let operation = |name: &str, summary: String, ok: (&str, J), body: Option<J>, parameters: J| {
        let mut responses = refused();
        responses[ok.0] = ok.1;
        let mut operation = json!({ "operationId": format!("{name}_{id}"), "summary": summary, "tags": [title],
            "parameters": parameters, "responses": responses });
        if let Some(body) = body {
            operation["requestBody"] = body;
        }
        operation
    };
    let id_parameter = json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }]);
    let page = json!({ "description": "一页记录", "content": { "application/json": { "schema": { "type": "object",
        "properties": { "total": { "type": "integer" }, "page": { "type": "integer" }, "per": { "type": "integer" },
            "rows": { "type": "array", "items": record } } } } } });
    let create = send(
        json!({ "fields": fields, "id": { "type": "string", "format": "uuid", "description": "由调用方生成，重发不会重复写入" } }),
        json!(["fields"]),
    );
    paths.insert(format!("/api/registers/{id}"), json!({
        "get": operation("list", format!("{title}：查询"), ("200", page), None, list_parameters(spec)),
        "post": operation("create", format!("{title}：新建"), ("201", answer("已写入")), Some(create), json!([])),
    }));
    let mut one_parameters = id_parameter.clone();
    if let Some(list) = one_parameters.as_array_mut().filter(|_| spec.has_sealed()) {
        list.push(reason_parameter());
    }
    let version = json!({ "type": "integer", "description": "读到的版本号" });
    let change = send(
        json!({ "version": version, "fields": some_fields, "reason": { "type": "string" } }),
        json!(["version", "fields"]),
    );
    paths.insert(format!("/api/registers/{id}/{{id}}"), json!({
        "get": operation("get", format!("{title}：一条记录"), ("200", answer("记录")), None, one_parameters),
        "put": operation("update", format!("{title}：修改"), ("200", answer("已写入")), Some(change), id_parameter.clone()),
    }));
    for step in &spec.flow.steps {
        let body = send(
            json!({ "version": version, "fields": some_fields, "note": { "type": "string" } }),
            if step.note {
                json!(["version", "note"])
            } else {
                json!(["version"])
            },
        );
        let name = format!("step_{}", step.id);
        let summary = format!("{title}：{}", step.title);
        paths.insert(format!("/api/registers/{id}/{{id}}/steps/{}", step.id), json!({
            "post": operation(&name, summary, ("200", answer("已写入")), Some(body), id_parameter.clone()),
        }));
    }
    let void = send(
        json!({ "version": version, "reason": { "type": "string" } }),
        json!(["version", "reason"]),
    );
    paths.insert(format!("/api/registers/{id}/{{id}}/void"), json!({
        "post": operation("void", format!("{title}：作废"), ("200", answer("已作废")), Some(void), id_parameter),
    }));
}

fn reason_parameter() -> J {
    json!({ "name": "reason", "in": "query", "required": false, "schema": { "type": "string", "maxLength": 200 },
        "description": "查看保密字段的用途（也可用 x-reason 请求头，百分号编码）；不写则保密字段一律遮盖，写了则记入保密查阅记录" })
}

fn list_parameters(spec: &RegisterSpec) -> J {
    let parameter = |name: &str, description: &str, schema: J| json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema });
    let text = || json!({ "type": "string" });
    let mut parameters = vec![
        parameter("q", "搜索汉字或拼音首字母", text()),
        parameter("state", "状态", text()),
        parameter("sort", "按字段排序，前加 - 为降序", text()),
        parameter(
            "page",
            "第几页，从 1 起",
            json!({ "type": "integer", "minimum": 1 }),
        ),
        parameter(
            "per",
            "每页条数",
            json!({ "type": "integer", "minimum": 1, "maximum": 500 }),
        ),
        parameter("cols", "只要这些字段，逗号分隔", text()),
        parameter("voided", "1：只看已作废", text()),
    ];
    if spec.has_sealed() {
        parameters.push(reason_parameter());
    }
    for field in spec
        .fields
        .iter()
        .filter(|f| !f.sealed && f.kind != FieldKind::Files)
    {
        let about = format!("{}；数字和日期可写 低..高，!值 为不等于，- 为未填", field.label);
        parameters.push(parameter(&format!("f.{}", field.name), &about, text()));
    }
    parameters.into()
}
