//! New and edit: the form of a register, refused with messages at its fields, never losing what was typed.
use super::enter::{self, Typed};
use super::posted::Posted;
use super::{Done, Rights, parse_id, shown};
use crate::app::Scope;
use crate::args;
use crate::error::{Error, Result, Violation};
use crate::frame::{Frame, page};
use crate::http::escape;
use crate::page::{self, Kind, Tone};
use crate::register::flow::{StateKind, Step, Who};
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::register::store::{self, Change, Draft, Record};
use crate::schema::{column, table};
use crate::value::Value;
use axum::extract::{Path, Query};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use uuid::Uuid;

/// `GET /r/{register}/new`, with `?f.student=…` filled in.
pub async fn new(
    scope: Scope,
    Path(register): Path<String>,
    Query(done): Query<Done>,
    uri: Uri,
) -> Result<Markup> {
    let spec = scope.register(&register)?.clone();
    let mut typed = Typed::of_values(&spec, &defaults(&scope, &spec).await?);
    let Query(pairs) =
        Query::<Vec<(String, String)>>::try_from_uri(&uri).map_err(|_| Error::Bad("网址无法识别".into()))?;
    for (name, value) in pairs {
        if let Some(at) = name.strip_prefix("f.").and_then(|field| spec.index(field))
            && spec.fields[at].kind != FieldKind::Files
        {
            typed.set(at, value);
        }
    }
    let form = Form {
        spec: &spec,
        typed: typed.load(&scope, &spec).await?,
        target: Target::New(Uuid::now_v7()),
        notice: html! {},
        masked: false,
        resend: None,
    };
    form.page(&scope, done.done).await
}

/// What a new record starts with: today, and the place the person last recorded for.
async fn defaults(scope: &Scope, spec: &RegisterSpec) -> Result<Vec<Value>> {
    let mut values: Vec<Value> = spec
        .fields
        .iter()
        .map(|field| match field.kind {
            FieldKind::Bool if field.required => Value::Bool(false),
            _ => Value::Null(field.kind.sql()),
        })
        .collect();
    if let Some(date) = spec.date {
        match spec.fields[date].kind {
            FieldKind::Date => values[date] = scope.today().into(),
            FieldKind::Instant => values[date] = scope.now().into(),
            _ => {}
        }
    }
    // Who keeps a record of their own deeds (家访教师); where the flow hands work to the owner, somebody else is meant.
    if let (Some(owner), Some(staff)) = (spec.owner, scope.actor.staff) {
        let handed = Who::Field(spec.fields[owner].name.clone());
        if spec.flow.steps.iter().all(|step| !step.who.contains(&handed)) {
            values[owner] = staff.into();
        }
    }
    if let Some(service) = &spec.service {
        for (at, field) in spec.fields.iter().enumerate() {
            let asked = service.quick.contains(&field.name) || (service.quick.is_empty() && field.required);
            match field.kind {
                FieldKind::Date if asked && values[at].is_null() => values[at] = scope.today().into(),
                FieldKind::Instant if asked && values[at].is_null() => values[at] = scope.now().into(),
                _ => {}
            }
        }
    }
    if let Some(within) = spec.within.filter(|within| spec.owner != Some(*within)) {
        if let (FieldKind::Ref(to), [grant]) = (&spec.fields[within].kind, scope.actor.grants.as_slice()) {
            // Whoever is granted one class or department records for it.
            let sql = format!(
                "select id from r_{to} where school_id = $1 and scope = $2 and void_reason is null limit 2"
            );
            let found = scope
                .db()
                .all(&sql, args![scope.school, grant.path.as_str()])
                .await?;
            if let ([node], false) = (found.as_slice(), grant.path.is_empty()) {
                values[within] = node.at::<Uuid>(0)?.into();
            }
        }
        let name = column(&spec.fields[within]);
        let last = scope
            .db()
            .opt(
                &format!(
                    "select {name} from {} where school_id = $1 and created_by = $2 and void_reason is null \
                     order by created_at desc, id desc limit 1",
                    table(spec)
                ),
                args![scope.school, scope.actor.account],
            )
            .await?;
        if let Some(row) = last {
            values[within] = row.value(0, spec.fields[within].kind.sql())?;
        }
        if let Some(unit) = own_unit(scope, spec, within)
            .await?
            .filter(|_| spec.service.is_some())
        {
            values[within] = unit.into();
        }
    }
    Ok(values)
}

/// Where the applicant belongs, when the register places requests by the same list of units as it places people.
async fn own_unit(scope: &Scope, spec: &RegisterSpec, within: usize) -> Result<Option<Uuid>> {
    let (Some(owner), Some(staff)) = (spec.owner, scope.actor.staff) else {
        return Ok(None);
    };
    let FieldKind::Ref(people) = &spec.fields[owner].kind else {
        return Ok(None);
    };
    let people = scope.register(people)?;
    let Some(place) = people.within.map(|at| &people.fields[at]) else {
        return Ok(None);
    };
    if place.kind != spec.fields[within].kind || place.sealed {
        return Ok(None);
    }
    let sql = format!(
        "select {} from {} where school_id = $1 and id = $2 and void_reason is null",
        column(place),
        table(people)
    );
    match scope.db().opt(&sql, args![scope.school, staff]).await? {
        Some(row) => row.at(0),
        None => Ok(None),
    }
}

/// The step by which whoever made the record sends it again once it is corrected (重新提交).
fn resend<'a>(scope: &'a Scope, spec: &'a RegisterSpec, record: &'a Record) -> Option<&'a Step> {
    store::steps_of(scope, spec, record).find(|step| {
        step.who.contains(&Who::Creator)
            && step.needs.is_empty()
            && !step.note
            && spec.flow.kind_of(&step.to) == StateKind::Open
    })
}

/// `POST /r/{register}/new`.
pub async fn create(scope: Scope, Path(register): Path<String>, mut posted: Posted) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let id = posted
        .get("id")
        .and_then(|id| id.parse().ok())
        .unwrap_or_else(Uuid::now_v7);
    let nothing: Vec<Value> = spec
        .fields
        .iter()
        .map(|field| Value::Null(field.kind.sql()))
        .collect();
    let entered = enter::read(&scope, &spec, &mut posted, &nothing, |at| {
        !spec.computed.contains(&at)
    })
    .await?;
    let values = entered.values.clone();
    let written = match entered.violations.is_empty() {
        true => {
            let draft = Draft {
                id,
                ..Draft::new(entered.values)
            };
            store::create(&scope, &spec, draft).await.map(|_| ())
        }
        false => Err(Error::Invalid(entered.violations)),
    };
    match written {
        Ok(()) if posted.get("then") == Some("again") => {
            Ok(see(&format!("/r/{register}/new"), "已保存，请接着登记下一条"))
        }
        Ok(()) => {
            let done = if spec.service.is_some() {
                "已提交"
            } else {
                "已保存"
            };
            Ok(see(&format!("/r/{register}/{id}"), done))
        }
        Err(error) => {
            let (status, violations) = refusal(error)?;
            let form = Form {
                spec: &spec,
                typed: Typed::of_posted(&spec, &posted, &values)
                    .refuse(&violations)
                    .load(&scope, &spec)
                    .await?,
                target: Target::New(id),
                notice: html! {},
                masked: false,
                resend: None,
            };
            Ok((status, form.page(&scope, None).await?).into_response())
        }
    }
}

fn see(path: &str, done: &str) -> Response {
    Redirect::to(&format!("{path}?done={}", escape(done))).into_response()
}

/// What a refused form shows; other errors pass on.
fn refusal(error: Error) -> Result<(StatusCode, Vec<Violation>)> {
    let status = error.status();
    match error {
        Error::Invalid(violations) => Ok((status, violations)),
        Error::Conflict(message) => Ok((status, vec![Violation::new("", message)])),
        other => Err(other),
    }
}

/// `GET /r/{register}/{id}/edit`.
pub async fn edit(scope: Scope, Path((register, id)): Path<(String, String)>) -> Result<Markup> {
    let spec = scope.register(&register)?.clone();
    let record = to_be_changed(&scope, &spec, &id).await?;
    let form = Form {
        spec: &spec,
        typed: Typed::of_record(&spec, &record).load(&scope, &spec).await?,
        target: Target::Old(record.id, record.version, record.label.full()),
        notice: html! {},
        masked: !Rights::of(&scope, &spec).may_unseal(&scope, &record),
        resend: resend(&scope, &spec, &record),
    };
    form.page(&scope, None).await
}

async fn to_be_changed(scope: &Scope, spec: &RegisterSpec, id: &str) -> Result<Record> {
    let record = store::get(scope, spec, parse_id(id)?).await?;
    if !store::may_write(scope, spec, &record) {
        return Err(Error::Forbidden(format!("修改{}", spec.title)));
    }
    if record.void_reason.is_some() {
        return Err(Error::Conflict("这条记录已作废，不能再修改".into()));
    }
    Ok(record)
}

/// `POST /r/{register}/{id}/edit`.
pub async fn update(
    scope: Scope,
    Path((register, id)): Path<(String, String)>,
    mut posted: Posted,
) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let record = to_be_changed(&scope, &spec, &id).await?;
    let masked = !Rights::of(&scope, &spec).may_unseal(&scope, &record);
    let kept = |at: usize| spec.computed.contains(&at) || (masked && spec.fields[at].sealed);
    let entered = enter::read(&scope, &spec, &mut posted, &record.values, |at| !kept(at)).await?;
    let version = posted.get("version").and_then(|v| v.parse().ok()).unwrap_or(0);
    let values = entered.values.clone();
    let written = match entered.violations.is_empty() {
        true => {
            let change = Change {
                version,
                values: entered.values,
                reason: posted.get("reason"),
            };
            store::update(&scope, &spec, record.id, change).await
        }
        false => Err(Error::Invalid(entered.violations)),
    };
    let again = resend(&scope, &spec, &record);
    let error = match written {
        Ok(version) => {
            let Some(step) = again.filter(|step| posted.get("then") == Some(&step.id)) else {
                return Ok(see(&format!("/r/{register}/{id}"), "已修改"));
            };
            let change = Change {
                version,
                values: record.values.clone(),
                reason: None,
            };
            store::step(&scope, &spec, record.id, &step.id, change).await?;
            return Ok(see(
                &format!("/r/{register}/{id}"),
                &format!("已修改并{}", step.title),
            ));
        }
        Err(error) => error,
    };
    let overtaken = matches!(error, Error::Conflict(_)) && record.version != version;
    let (status, violations) = refusal(error)?;
    let form = Form {
        spec: &spec,
        typed: Typed::of_posted(&spec, &posted, &values)
            .refuse(if overtaken { &[] } else { &violations })
            .load(&scope, &spec)
            .await?,
        // Whoever reads the notice and saves again does so knowingly.
        target: Target::Old(
            record.id,
            if overtaken { record.version } else { version },
            record.label.full(),
        ),
        notice: if overtaken {
            overtaking(&scope, &spec, &record, &values)
        } else {
            html! {}
        },
        masked,
        resend: again,
    };
    Ok((status, form.page(&scope, None).await?).into_response())
}

/// What somebody else wrote meanwhile, beside what this person typed.
fn overtaking(scope: &Scope, spec: &RegisterSpec, record: &Record, typed: &[Value]) -> Markup {
    let other: Vec<(usize, String)> = (0..spec.fields.len())
        .filter(|at| record.values[*at] != typed[*at])
        .map(|at| (at, shown(scope, spec, record, at, false)))
        .collect();
    page::callout(
        Tone::Bad,
        "这条记录刚被别人修改过，您的内容还没有保存",
        html! {
            p { "下面是您填写的内容。再次保存会用它替换现在的内容：" }
            ul {
                @for (at, now) in &other {
                    li { (spec.fields[*at].label) "现在是：" @if now.is_empty() { "（空）" } @else { (now) } }
                }
            }
        },
    )
}

enum Target {
    New(Uuid),
    Old(Uuid, i64, String),
}

struct Form<'a> {
    spec: &'a RegisterSpec,
    typed: Typed,
    target: Target,
    notice: Markup,
    masked: bool,
    /// Sends a returned request again, see [`resend`].
    resend: Option<&'a Step>,
}

impl Form<'_> {
    async fn page(&self, scope: &Scope, done: Option<String>) -> Result<Markup> {
        let spec = self.spec;
        let base = format!("/r/{}", spec.id);
        let (title, action, back) = match &self.target {
            Target::New(_) => match &spec.service {
                Some(service) => (service.title.clone(), format!("{base}/new"), "/hall".to_owned()),
                None => (format!("新建{}", spec.title), format!("{base}/new"), base.clone()),
            },
            Target::Old(id, _, label) => (
                format!("修改 {label}"),
                format!("{base}/{id}/edit"),
                format!("{base}/{id}"),
            ),
        };
        let files = spec.fields.iter().any(|f| f.kind == FieldKind::Files);
        let (first, folded) = self.parts();
        let fields = html! {
            @match &self.target {
                Target::New(id) => input type="hidden" name="id" value=(id);,
                Target::Old(_, version, _) => input type="hidden" name="version" value=(version);,
            }
            (self.grid(scope, &first))
            @if !folded.is_empty() {
                details.folded { summary { "更多内容（" (folded.len()) " 项）" } (self.grid(scope, &folded)) }
            }
        };
        let buttons = html! {
            @match (&self.target, &self.resend) {
                (Target::New(_), _) if spec.service.is_some() => (page::submit("提交", Kind::Primary)),
                (Target::New(_), _) => {
                    (page::submit("保存", Kind::Primary))
                    (page::submit_as("保存并再记一条", "then", "again", Kind::Plain))
                }
                (Target::Old(..), Some(step)) => {
                    (page::submit_as(&format!("保存并{}", step.title), "then", &step.id, Kind::Primary))
                    (page::submit("只保存", Kind::Plain))
                }
                (Target::Old(..), None) => (page::submit("保存", Kind::Primary)),
            }
            (page::link_button("取消", &back, None, Kind::Quiet))
        };
        let hint = match (&self.target, &spec.service) {
            (Target::New(_), Some(service)) => service.hint.as_str(),
            _ => "",
        };
        let body = html! {
            (page::page_header(&title, hint, html! {}))
            (self.notice)
            (page::form_errors(&self.typed.errors(spec)))
            (page::record_form(&action, files, fields, buttons))
        };
        let frame = Frame::new(title, &base).crumb(&spec.title, &base).done(done);
        page(scope, frame, body).await
    }

    /// The fields asked for first and those folded away; computed ones are not asked for. What is required and still
    /// empty is never folded.
    fn parts(&self) -> (Vec<usize>, Vec<usize>) {
        let quick = match (&self.target, &self.spec.service) {
            (Target::New(_), Some(service)) => service.quick.as_slice(),
            _ => &[],
        };
        let all = (0..self.spec.fields.len()).filter(|at| !self.spec.computed.contains(at));
        if quick.is_empty() {
            return (all.collect(), vec![]);
        }
        let (mut first, folded): (Vec<usize>, Vec<usize>) = all.partition(|at| {
            let field = &self.spec.fields[*at];
            let open = self.typed.is_blank(self.spec, *at) && field.required && field.kind != FieldKind::Bool;
            quick.contains(&field.name) || open || self.typed.fault(&field.name).is_some()
        });
        first.sort_by_key(|at| {
            quick
                .iter()
                .position(|name| *name == self.spec.fields[*at].name)
                .unwrap_or(quick.len())
        });
        (first, folded)
    }

    fn grid(&self, scope: &Scope, fields: &[usize]) -> Markup {
        page::form_grid(html! {
            @for at in fields {
                @let field = &self.spec.fields[*at];
                (self.typed.control(scope, self.spec, *at, field.required, "", self.masked && field.sealed))
            }
        })
    }
}
