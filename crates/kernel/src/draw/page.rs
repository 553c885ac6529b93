//! The pages on which registers are drawn.
use super::drawing::Drawing;
use super::editor::{self, Editor};
use super::spec::{faults, spec_of};
use super::store::{self, Drawn};
use crate::app::Scope;
use crate::clock::minute;
use crate::error::{Error, Result, Violation};
use crate::frame::{Frame, page};
use crate::http::{download, escape};
use crate::page::{self as part, Confirm, Icon, Input, Kind, Narrow, Tone};
use crate::register::web::{Posted, trial};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use uuid::Uuid;

/// Address of the list.
pub const HERE: &str = "/drawn";
/// Largest file a drawing is copied by.
const MOST_BYTES: usize = 256 << 10;

#[derive(serde::Deserialize)]
pub struct Done {
    done: Option<String>,
}

fn to(id: Uuid, done: &str) -> Redirect {
    Redirect::to(&format!("{HERE}/{id}?done={}", escape(done)))
}

fn id_of(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::NotFound)
}

fn state(drawn: &Drawn) -> Markup {
    let tone = match drawn.state.as_str() {
        "已发布" => Tone::Ok,
        "草稿" => Tone::Info,
        _ => Tone::Muted,
    };
    html! {
        (part::badge(tone, &drawn.state))
        @if drawn.published.as_ref().is_some_and(|published| *published != drawn.draft) { " " (part::badge(Tone::Warn, "有未发布的修改")) }
    }
}

/// `GET /drawn`.
pub async fn list(scope: Scope, Query(done): Query<Done>) -> Result<Markup> {
    let all = store::list(&scope).await?;
    let body = html! {
        (part::page_header("自定义台账", "学校自己设计的台账：画好字段和流程，试填，发布；列表、Excel、审批、留痕与内置台账相同。", html! {
            (part::post_button("新建台账", HERE, Kind::Primary))
            (part::dialog_button("从文件复制", "copy", Some(Icon::Upload), Kind::Plain))
        }))
        @if all.is_empty() {
            (part::empty("还没有自定义台账", "内置台账没有的，在这里画一本；也可以从别的学校导出的文件复制。", html! {}))
        } @else {
            (part::table("自定义台账", Narrow::Cards, html! { tr { (part::th("名称")) (part::th("状态")) (part::th("版本")) (part::th("修改时间")) (part::th("台账")) } }, html! {
                @for drawn in &all {
                    @let href = format!("{HERE}/{}", drawn.id);
                    (part::row(&href, html! {
                        (part::td("名称", html! { a href=(href) { @if drawn.draft.title.is_empty() { "（未命名）" } @else { (drawn.draft.title) } } }))
                        (part::td("状态", state(drawn)))
                        (part::td("版本", html! { @if drawn.version > 0 { "第 " (drawn.version) " 版" } @else { "—" } }))
                        (part::td("修改时间", html! { (minute(drawn.updated_at)) }))
                        (part::td("台账", html! { @if drawn.state == "已发布" { a href={ "/r/" (drawn.code) } { "打开" } } }))
                    }))
                }
            }))
        }
        (part::dialog("copy", "从文件复制台账", html! {
            form method="post" action={ (HERE) "/import" } enctype="multipart/form-data" {
                (part::file(&Input { name: "file", label: "台账文件（.json）", required: true, help: Some("由“导出台账文件”得到"), ..Input::default() }, ".json"))
                div.dialog-foot { (part::submit("复制", Kind::Primary)) }
            }
        }))
    };
    page(&scope, Frame::new("自定义台账", HERE).done(done.done), body).await
}

/// `POST /drawn`.
pub async fn begin(scope: Scope) -> Result<Redirect> {
    let mut drawing = Drawing::default();
    editor::act(&mut drawing, "add");
    let id = store::create(&scope, &drawing).await?;
    Ok(to(id, "已新建草稿，请填写"))
}

/// `POST /drawn/import`.
pub async fn import(scope: Scope, posted: Posted) -> Result<Redirect> {
    let file = posted
        .files
        .first()
        .ok_or_else(|| Error::invalid("file", "请选择台账文件"))?;
    if file.bytes.len() > MOST_BYTES {
        return Err(Error::invalid("file", "文件太大，不是台账文件"));
    }
    let drawing: Drawing = serde_json::from_slice(&file.bytes)
        .map_err(|error| Error::invalid("file", format!("不是台账文件：第 {} 行有误", error.line())))?;
    let id = store::create(&scope, &drawing).await?;
    Ok(to(id, "已复制为草稿，请核对岗位和引用后发布"))
}

/// `GET /drawn/{id}`.
pub async fn show(scope: Scope, Path(id): Path<String>, Query(done): Query<Done>) -> Result<Markup> {
    let drawn = store::get(&scope, id_of(&id)?).await?;
    let draft = drawn.draft.clone();
    edit(&scope, &drawn, &draft, &[], done.done).await
}

async fn edit(
    scope: &Scope,
    drawn: &Drawn,
    drawing: &Drawing,
    refused: &[Violation],
    done: Option<String>,
) -> Result<Markup> {
    let open = faults(&scope.app, &scope.registers, drawing, drawn.published.as_ref());
    let editor = Editor {
        scope,
        drawing,
        published: drawn.published.as_ref(),
        faults: refused,
    };
    let base = format!("{HERE}/{}", drawn.id);
    let title = match drawing.title.is_empty() {
        true => "新台账",
        false => drawing.title.as_str(),
    };
    let body = html! {
        (part::page_header_with(title, state(drawn), "", html! {
            (part::dialog_button(if drawn.version > 0 { "发布新版" } else { "发布" }, "publish", None, Kind::Primary))
            (part::link_button("试填", &format!("{base}/try"), None, Kind::Plain))
            (part::link_button("导出台账文件", &format!("{base}/file"), Some(Icon::Download), Kind::Plain))
            @match drawn.state.as_str() {
                "已发布" => (part::dialog_button("停用", "retire", None, Kind::Quiet)),
                "已停用" => (part::post_button("恢复使用", &format!("{base}/retire?back=1"), Kind::Plain)),
                _ => {}
            }
        }))
        @if !refused.is_empty() {
            (part::callout(Tone::Bad, "还不能发布", html! {
                ul { @for fault in refused { li { a href={ "#f-" (fault.field) } { (fault.message) } } } }
            }))
        }
        @if refused.is_empty() && !open.is_empty() {
            (part::callout(Tone::Info, "发布前还要补充", html! { ul { @for fault in &open { li { (fault.message) } } } }))
        }
        (part::record_form(&base, false, editor.render(), editor.buttons()))
        (history(scope, drawn).await?)
        (part::confirm("publish", &Confirm {
            title: if drawn.version > 0 { "发布新版？" } else { "发布这本台账？" },
            text: "发布的是最近一次保存的草稿。已登记的记录不受影响；隐藏的字段保留原有内容。",
            action: &format!("{base}/publish"),
            button: "发布",
            danger: false,
            reason: (drawn.version > 0).then_some("修改原因"),
        }))
        (part::confirm("retire", &Confirm {
            title: "停用这本台账？",
            text: "停用后从菜单消失，记录和留痕都保留，随时可以恢复。",
            action: &format!("{base}/retire"),
            button: "停用",
            danger: true,
            reason: None,
        }))
    };
    page(
        scope,
        Frame::new(title, HERE).crumb("自定义台账", HERE).done(done),
        body,
    )
    .await
}

async fn history(scope: &Scope, drawn: &Drawn) -> Result<Markup> {
    let versions = store::versions(scope, drawn.id).await?;
    let items: Vec<part::Happening> = versions
        .iter()
        .map(|(version, at, who, why)| part::Happening {
            when: minute(*at),
            who: who.clone(),
            step: format!("发布第 {version} 版"),
            note: why.clone(),
            tone: Tone::Ok,
            detail: None,
        })
        .collect();
    Ok(html! { @if !items.is_empty() { (part::panel("版本", html! {}, part::timeline(&items))) } })
}

/// `POST /drawn/{id}`: keeps the draft; buttons beside fields add, move and remove.
pub async fn save(scope: Scope, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let drawn = store::get(&scope, id_of(&id)?).await?;
    let mut drawing = editor::read(&posted);
    let action = posted.get("act").unwrap_or("");
    editor::act(&mut drawing, action);
    store::save(&scope, drawn.id, &drawing).await?;
    if posted.get("then") == Some("try") {
        return Ok(Redirect::to(&format!("{HERE}/{id}/try")));
    }
    Ok(match action.split_once('.').map_or(action, |(verb, _)| verb) {
        "add" => Redirect::to(&format!("{HERE}/{id}#f-fields.{}", drawing.fields.len() - 1)),
        "up" | "down" | "remove" => Redirect::to(&format!("{HERE}/{id}")),
        _ => to(drawn.id, "草稿已保存"),
    })
}

/// `GET /drawn/{id}/try`.
pub async fn try_form(scope: Scope, Path(id): Path<String>) -> Result<Response> {
    let drawn = store::get(&scope, id_of(&id)?).await?;
    tried(&scope, &drawn, Posted::default(), false).await
}

/// `POST /drawn/{id}/try`: says what the register would say, and writes nothing.
pub async fn try_out(scope: Scope, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let drawn = store::get(&scope, id_of(&id)?).await?;
    tried(&scope, &drawn, posted, true).await
}

async fn tried(scope: &Scope, drawn: &Drawn, mut posted: Posted, sent: bool) -> Result<Response> {
    let open = faults(
        &scope.app,
        &scope.registers,
        &drawn.draft,
        drawn.published.as_ref(),
    );
    if !open.is_empty() {
        let page = edit(scope, drawn, &drawn.draft, &open, None).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let spec = spec_of(&scope.app, &drawn.code, &drawn.draft);
    let base = format!("{HERE}/{}", drawn.id);
    let (form, good) = trial::form(scope, &spec, &mut posted, &format!("{base}/try"), sent).await?;
    let body = html! {
        (part::page_header(&format!("试填：{}", spec.title), "只检查，不写入任何数据。", html! { (part::link_button("返回设计", &base, None, Kind::Plain)) }))
        @if sent && good { (part::callout(Tone::Ok, "可以保存", html! { p { "这样填写会被接受，新记录的状态是“" (spec.flow.initial()) "”。" } })) }
        (form)
    };
    let status = if sent && !good {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let frame = Frame::new("试填", HERE)
        .crumb("自定义台账", HERE)
        .crumb(&spec.title, &base);
    Ok((status, page(scope, frame, body).await?).into_response())
}

/// `POST /drawn/{id}/publish`.
pub async fn publish(scope: Scope, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let id = id_of(&id)?;
    match store::publish(&scope, id, posted.get("reason").unwrap_or("")).await {
        Ok(()) => Ok(to(id, "已发布，菜单里可以使用了").into_response()),
        Err(Error::Invalid(found)) => {
            let drawn = store::get(&scope, id).await?;
            let page = edit(&scope, &drawn, &drawn.draft, &found, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error),
    }
}

#[derive(serde::Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
}

/// `POST /drawn/{id}/retire`, with `?back=1` to use it again.
pub async fn retire(scope: Scope, Path(id): Path<String>, Query(way): Query<Back>) -> Result<Redirect> {
    let id = id_of(&id)?;
    store::retire(&scope, id, way.back.is_empty()).await?;
    Ok(to(
        id,
        if way.back.is_empty() {
            "已停用"
        } else {
            "已恢复使用"
        },
    ))
}

/// `GET /drawn/{id}/file`: the drawing, to be copied elsewhere.
pub async fn file(scope: Scope, Path(id): Path<String>) -> Result<Response> {
    let drawn = store::get(&scope, id_of(&id)?).await?;
    let bytes = serde_json::to_vec_pretty(&drawn.draft).map_err(anyhow::Error::from)?;
    let title = match drawn.draft.title.is_empty() {
        true => "台账",
        false => drawn.draft.title.as_str(),
    };
    Ok(download(&format!("{title}.json"), "application/json", bytes))
}
