//! First set-up of a school (`zhixing --no-demo`): name, first term, first administrator. Works once.
use super::accounts::{self, NewAccount};
use crate::app::{App, Scope};
use crate::args;
use crate::error::{Error, Result, Violation};
use crate::page::{self, Input, Kind, Theme};
use crate::term;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use calendar::Term;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// Name of the setting that keeps the hash of the set-up code until it is used.
const CODE: &str = "setup-code";

/// Makes the code that the set-up page asks for and that only the console shows.
pub async fn open(app: &App) -> Result<String> {
    let code = crate::auth::random_password();
    app.db
        .run(
            "insert into setting (school_id, name, value) values (0, $1, $2) \
             on conflict (school_id, name) do update set value = excluded.value",
            args![CODE, crate::auth::digest(&code)],
        )
        .await?;
    Ok(code)
}

/// Makes the school's row.
pub async fn create_school(app: &Arc<App>, school: i64, name: &str, code: &str) -> Result<()> {
    app.db
        .run(
            "insert into school (id, name, code, created_at) values ($1, $2, $3, $4)",
            args![school, name, code, app.clock.now()],
        )
        .await?;
    app.load_schools().await
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct SetupForm {
    code: String,
    name: String,
    admin: String,
    login: String,
    password: String,
    start_on: String,
    weeks: String,
}

fn form(form: &SetupForm, faults: &[Violation]) -> Markup {
    let field = |name: &'static str, label: &'static str, value: &str, help: Option<&'static str>| {
        let error = faults
            .iter()
            .find(|f| f.field == name)
            .map(|f| f.message.as_str());
        page::text(&Input {
            name,
            label,
            value,
            required: true,
            help,
            error,
            ..Input::default()
        })
    };
    let error = |name: &str| {
        faults
            .iter()
            .find(|f| f.field == name)
            .map(|f| f.message.as_str())
    };
    let body = html! {
        form.record method="post" action="/setup" {
            (field("code", "设置码", &form.code, Some("启动程序的窗口里显示的那一串字母数字")))
            (field("name", "学校全称", &form.name, None))
            (page::date(&Input { name: "start_on", label: "本学期第一周星期一", value: &form.start_on, required: true, error: error("start_on"), ..Input::default() }))
            (field("weeks", "本学期周数", if form.weeks.is_empty() { "20" } else { &form.weeks }, None))
            (field("admin", "管理员姓名", &form.admin, None))
            (field("login", "管理员登录名", &form.login, None))
            (page::password(&Input { name: "password", label: "管理员密码", required: true, help: Some("至少 8 位，包含字母、数字、符号中的两种"), error: error("password"), ..Input::default() }, true))
            (page::submit("开始使用", Kind::Primary))
        }
    };
    page::login("首次设置", "知行", Theme::Auto, body)
}

fn present(app: &App) -> bool {
    !app.schools.read().expect("school names").is_empty()
}

/// GET /setup
pub async fn page(State(app): State<Arc<App>>) -> Response {
    match present(&app) {
        true => Redirect::to("/login").into_response(),
        false => form(&SetupForm::default(), &[]).into_response(),
    }
}

/// POST /setup
pub async fn submit(State(app): State<Arc<App>>, Form(input): Form<SetupForm>) -> Result<Response> {
    if present(&app) {
        return Ok(Redirect::to("/login").into_response());
    }
    match set_up(&app, &input).await {
        Ok(()) => Ok(Redirect::to("/login").into_response()),
        Err(Error::Invalid(faults)) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form(&input, &faults)).into_response())
        }
        Err(error) => Err(error),
    }
}

async fn set_up(app: &Arc<App>, input: &SetupForm) -> Result<()> {
    let kept = app
        .db
        .opt(
            "select value from setting where school_id = 0 and name = $1",
            args![CODE],
        )
        .await?;
    let hash: Option<String> = kept.map(|row| row.at(0)).transpose()?;
    if hash.as_deref() != Some(crate::auth::digest(input.code.trim()).as_str()) {
        return Err(Error::invalid("code", "设置码不对，请看启动程序的窗口"));
    }
    let name = input.name.trim();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Error::invalid("name", "请填写学校全称，最多 60 字"));
    }
    let start =
        crate::register::values::date(&input.start_on).map_err(|why| Error::invalid("start_on", why))?;
    let weeks: u8 = input
        .weeks
        .trim()
        .parse()
        .map_err(|_| Error::invalid("weeks", "周数为 1 到 30 的整数"))?;
    let guess = Term::standard_on_or_after(start, &calendar::DayTable::builtin());
    let half = Term::standard_on(start, &calendar::DayTable::builtin()).map_or(guess.half(), |t| t.half());
    let term = Term::new(calendar::SchoolYear::of(start), half, start, weeks)
        .map_err(|error| Error::invalid("start_on", error.to_string()))?;
    if let Some(why) = crate::auth::password_fault(&input.password, &input.login) {
        return Err(Error::invalid("password", why));
    }
    let scope = Scope::system(app, 1, "首次设置");
    let new = NewAccount {
        login: &input.login,
        name: &input.admin,
        password: &input.password,
        must_change: false,
        staff: None,
    };
    let account = accounts::create(&scope, new).await?;
    accounts::grant(&scope, account, "admin", None).await?;
    term::add_term(&scope, &term).await?;
    app.db
        .run(
            "delete from setting where school_id = 0 and name = $1",
            args![CODE],
        )
        .await?;
    create_school(app, 1, name, "").await
}
