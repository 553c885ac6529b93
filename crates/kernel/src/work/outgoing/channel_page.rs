//! `/channels`: the school's ways out, set up by the administrator, and the queue with what went wrong.
use super::channel::{self, Channel, Kind, Secret, Settings, Wanted};
use super::queue::{self, Sending};
use crate::app::Scope;
use crate::clock::local;
use crate::error::{Error, Result, Violation};
use crate::frame::{self, Frame};
use crate::http::escape;
use crate::page::{self, Bounds, Input, Kind as Weight, Narrow, Tone};
use crate::register::web::Posted;
use crate::work::message;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

const HERE: &str = "/channels";
/// Most rows of the queue shown.
const MOST: i64 = 50;

#[derive(Deserialize)]
pub struct Asked {
    done: Option<String>,
    #[serde(default)]
    kind: String,
}

/// `GET /channels`.
pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    let channels = channel::list(scope.db(), scope.school).await?;
    let queue = queue::list(&scope, MOST).await?;
    let body = html! {
        (page::page_header("消息通道", "待办、催办等消息除了在系统里，还可以发到工作群和邮箱。发出的只有事项名称和办理人，不含学生姓名和记录内容。", html! {
            @for kind in Kind::ALL {
                (page::link_button(kind.word(), &format!("{HERE}/new?kind={}", kind.code()), Some(page::Icon::Plus), Weight::Plain))
            }
        }))
        @if channels.is_empty() { (page::empty("还没有通道", "在工作群里添加群机器人，把它的地址填到这里；或填写学校的邮件服务器。", html! {})) }
        @else { (page::flush_panel("通道", html! {}, table(&channels))) }
        @if !queue.is_empty() { (page::flush_panel("发送队列", html! {}, queue_table(&queue, &channels))) }
    };
    frame::page(&scope, Frame::new("消息通道", HERE).done(asked.done), body).await
}

fn table(channels: &[Channel]) -> Markup {
    page::table(
        "通道",
        Narrow::Cards,
        html! { tr { (page::th("名称")) (page::th("种类")) (page::th("地址")) (page::th("消息")) (page::th("状态")) (page::th_actions()) } },
        html! {
            @for one in channels {
                @let base = format!("{HERE}/{}", one.id);
                tr {
                    (page::td("名称", html! { a href=(base) { (one.name) } }))
                    (page::td("种类", html! { (one.kind.word()) }))
                    (page::td("地址", html! { @if one.kind == Kind::Mail { (one.settings.host) } @else { "……" (one.settings.hint) } }))
                    (page::td("消息", html! { (words(&one.settings)) }))
                    (page::td("状态", if one.active { page::badge(Tone::Ok, "启用") } else { page::badge(Tone::Muted, "停用") }))
                    (page::td_actions(html! {
                        @if one.active { (page::post_button("发测试消息", &format!("{base}/test"), Weight::Quiet)) }
                        form.inline method="post" action={ (base) "/active" } {
                            (page::submit_as(if one.active { "停用" } else { "启用" }, "active", if one.active { "0" } else { "1" }, Weight::Quiet))
                        }
                    }))
                }
            }
        },
    )
}

fn words(settings: &Settings) -> String {
    let kinds = message::Kind::ALL
        .iter()
        .filter(|kind| settings.kinds.iter().any(|code| code == kind.code()));
    kinds.map(|kind| kind.word()).collect::<Vec<_>>().join("、")
}

fn queue_table(queue: &[Sending], channels: &[Channel]) -> Markup {
    let name = |id: Uuid| {
        channels
            .iter()
            .find(|c| c.id == id)
            .map_or("", |c| c.name.as_str())
    };
    let time = |at: chrono::DateTime<chrono::Utc>| local(at).format("%m-%d %H:%M:%S").to_string();
    page::table(
        "发送队列",
        Narrow::Cards,
        html! { tr { (page::th("时间")) (page::th("通道")) (page::th("消息")) (page::th("状态")) (page::th("原因")) (page::th_actions()) } },
        html! {
            @for one in queue { tr {
                (page::td_date("时间", html! { (time(one.created_at)) }))
                (page::td("通道", html! { (name(one.channel)) @if !one.recipient.is_empty() { " " small { (one.recipient) } } }))
                (page::td("消息", html! { (one.title) }))
                (page::td("状态", match (one.sent_at, one.next_at) {
                    (Some(at), _) => page::state_dot(Tone::Ok, &format!("{} 已发出", time(at))),
                    (None, Some(at)) if one.tries > 0 => page::state_dot(Tone::Warn, &format!("第 {} 次未成，{} 再试", one.tries, time(at))),
                    (None, Some(_)) => page::state_dot(Tone::Info, "等待发出"),
                    (None, None) => page::state_dot(Tone::Bad, "已放弃"),
                }))
                (page::td("原因", html! { (one.last_error) }))
                (page::td_actions(html! {
                    @if one.sent_at.is_none() { (page::post_button("立即重试", &format!("{HERE}/outbox/{}/retry", one.id), Weight::Quiet)) }
                }))
            } }
        },
    )
}

/// A form with what was typed; secrets are never in it.
struct Form {
    id: Option<Uuid>,
    kind: Kind,
    name: String,
    settings: Settings,
    faults: Vec<Violation>,
}

impl Form {
    async fn page(&self, scope: &Scope) -> Result<Markup> {
        let title = match self.id {
            Some(_) => self.name.clone(),
            None => format!("新建通道：{}", self.kind.word()),
        };
        let action = match self.id {
            Some(id) => format!("{HERE}/{id}"),
            None => HERE.to_owned(),
        };
        let errors: Vec<(String, String)> = self
            .faults
            .iter()
            .map(|fault| (fault.field.clone(), fault.message.clone()))
            .collect();
        let body = html! {
            (page::page_header(&title, "", html! {}))
            (page::form_errors(&errors))
            (page::record_form(&action, false, html! {
                input type="hidden" name="kind" value=(self.kind.code());
                (page::form_grid(html! {
                    (page::text(&Input { max_length: Some(40), required: true, placeholder: Some("如：校务工作群"), ..self.input("name", "名称", &self.name) }))
                    @if self.kind == Kind::Mail { (self.mail_fields()) } @else { (self.robot_fields()) }
                    (page::text(&Input { placeholder: Some("https://"), help: Some("填了消息里才带链接，如 https://zx.example.edu.cn"), ..self.input("base", "系统访问地址", &self.settings.base) }))
                    (self.kinds())
                }))
            }, html! { (page::submit("保存", Weight::Primary)) (page::link_button("取消", HERE, None, Weight::Quiet)) }))
        };
        let frame = Frame::new(title, HERE).crumb("消息通道", HERE);
        frame::page(scope, frame, body).await
    }

    fn input<'a>(&'a self, name: &'a str, label: &'a str, value: &'a str) -> Input<'a> {
        let fault = self.faults.iter().find(|fault| fault.field == name);
        Input {
            name,
            label,
            value,
            error: fault.map(|fault| fault.message.as_str()),
            ..Input::default()
        }
    }

    fn kept(&self) -> Option<&'static str> {
        self.id.map(|_| "已保存，不再显示；要更换才填写")
    }

    fn robot_fields(&self) -> Markup {
        html! {
            (page::text(&Input { required: self.id.is_none(), help: self.kept(), placeholder: Some("https://"), ..self.input("url", "机器人地址", "") }))
            @if self.kind.signs() {
                (page::password(&Input { help: Some(self.kept().unwrap_or("机器人安全设置里选了“加签 / 签名校验”才填")), ..self.input("sign", "签名密钥", "") }, true))
            }
        }
    }

    fn mail_fields(&self) -> Markup {
        let settings = &self.settings;
        let port = if settings.port == 0 {
            String::new()
        } else {
            settings.port.to_string()
        };
        let ways = [
            ("tls", "TLS（常用 465 端口）"),
            ("starttls", "STARTTLS（常用 587 端口）"),
            ("none", "不加密（仅限内网）"),
        ];
        html! {
            (page::text(&Input { required: true, placeholder: Some("smtp.example.edu.cn"), ..self.input("host", "邮件服务器", &settings.host) }))
            (page::select(&Input { required: true, ..self.input("tls", "加密方式", if settings.tls.is_empty() { "tls" } else { &settings.tls }) }, &ways, None))
            (page::number(&Input { help: Some("留空用常用端口"), ..self.input("port", "端口", &port) }, Bounds { min: Some("1"), max: Some("65535"), step: Some("1"), unit: None }))
            (page::text(&Input { required: true, placeholder: Some("知行 <notice@example.edu.cn>"), ..self.input("from", "发件地址", &settings.from) }))
            (page::text(&self.input("user", "登录名", &settings.user)))
            (page::password(&Input { help: self.kept(), ..self.input("password", "密码或授权码", "") }, true))
        }
    }

    fn kinds(&self) -> Markup {
        let all: Vec<(&str, &str)> = message::Kind::ALL
            .iter()
            .map(|kind| (kind.code(), kind.word()))
            .collect();
        let chosen: Vec<&str> = self.settings.kinds.iter().map(String::as_str).collect();
        page::checkboxes(
            &Input {
                wide: true,
                ..self.input("kinds", "发出哪些消息", "")
            },
            &all,
            &chosen,
        )
    }
}

/// `GET /channels/new?kind=`.
pub async fn new(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    let kind = Kind::of(&asked.kind).unwrap_or(Kind::WeCom);
    let usual = [message::Kind::Task, message::Kind::Chased, message::Kind::Late];
    let form = Form {
        id: None,
        kind,
        name: String::new(),
        settings: Settings {
            kinds: usual.iter().map(|kind| kind.code().to_owned()).collect(),
            ..Settings::default()
        },
        faults: vec![],
    };
    form.page(&scope).await
}

/// `GET /channels/{id}`.
pub async fn edit(scope: Scope, Path(id): Path<String>) -> Result<Markup> {
    let channel = channel::get(scope.db(), scope.school, parse(&id)?).await?;
    let form = Form {
        id: Some(channel.id),
        kind: channel.kind,
        name: channel.name,
        settings: channel.settings,
        faults: vec![],
    };
    form.page(&scope).await
}

fn parse(id: &str) -> Result<Uuid> {
    id.parse().map_err(|_| Error::NotFound)
}

/// `POST /channels`.
pub async fn create(scope: Scope, posted: Posted) -> Result<Response> {
    let kind = posted
        .get("kind")
        .and_then(Kind::of)
        .ok_or_else(|| Error::Bad("没有这种通道".into()))?;
    save(&scope, None, kind, &posted).await
}

/// `POST /channels/{id}`.
pub async fn update(scope: Scope, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let present = channel::get(scope.db(), scope.school, parse(&id)?).await?;
    save(&scope, Some(present.id), present.kind, &posted).await
}

async fn save(scope: &Scope, id: Option<Uuid>, kind: Kind, posted: &Posted) -> Result<Response> {
    let text = |name: &str| posted.get(name).unwrap_or("").trim().to_owned();
    let settings = Settings {
        kinds: posted.all("kinds").map(str::to_owned).collect(),
        base: text("base"),
        hint: String::new(),
        host: text("host"),
        port: text("port").parse().unwrap_or(0),
        tls: text("tls"),
        user: text("user"),
        from: text("from"),
    };
    let wanted = Wanted {
        kind,
        name: text("name"),
        settings: settings.clone(),
        secret: Secret {
            url: text("url"),
            sign: text("sign"),
            password: text("password"),
        },
    };
    match channel::save(scope, id, wanted).await {
        Ok(_) => Ok(back("通道已保存").into_response()),
        Err(Error::Invalid(faults)) => {
            let form = Form {
                id,
                kind,
                name: text("name"),
                settings,
                faults,
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form.page(scope).await?).into_response())
        }
        Err(error) => Err(error),
    }
}

fn back(done: &str) -> Redirect {
    Redirect::to(&format!("{HERE}?done={}", escape(done)))
}

/// `POST /channels/{id}/active`.
pub async fn set_active(scope: Scope, Path(id): Path<String>, posted: Posted) -> Result<Redirect> {
    let active = posted.get("active") == Some("1");
    channel::set_active(&scope, parse(&id)?, active).await?;
    Ok(back(if active {
        "通道已启用"
    } else {
        "通道已停用"
    }))
}

/// `POST /channels/{id}/test`.
pub async fn test(scope: Scope, Path(id): Path<String>) -> Result<Redirect> {
    queue::test(&scope, parse(&id)?).await?;
    Ok(back("测试消息已进入队列，几秒后刷新看结果"))
}

/// `POST /channels/outbox/{id}/retry`.
pub async fn retry(scope: Scope, Path(id): Path<String>) -> Result<Redirect> {
    queue::retry(&scope, parse(&id)?).await?;
    Ok(back("已安排立即重试"))
}
