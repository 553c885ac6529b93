//! A school's ways out (消息通道): what is open about them, and what is kept sealed.
use crate::app::Scope;
use crate::args;
use crate::db::{Db, Row};
use crate::error::{Error, Result, Violation};
use crate::journal::{self, Entry};
use crate::seal::Seal;
use crate::work::message;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 企业微信群机器人
    WeCom,
    /// 钉钉群机器人
    DingTalk,
    /// 飞书群机器人
    Feishu,
    /// 邮件（SMTP）
    Mail,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 4] = [Kind::WeCom, Kind::DingTalk, Kind::Feishu, Kind::Mail];

    /// As the database keeps it.
    pub fn code(self) -> &'static str {
        match self {
            Kind::WeCom => "wecom",
            Kind::DingTalk => "dingtalk",
            Kind::Feishu => "feishu",
            Kind::Mail => "mail",
        }
    }

    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::WeCom => "企业微信群机器人",
            Kind::DingTalk => "钉钉群机器人",
            Kind::Feishu => "飞书群机器人",
            Kind::Mail => "电子邮件",
        }
    }

    /// From its code.
    pub fn of(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether its robots are given a secret to sign with.
    pub fn signs(self) -> bool {
        matches!(self, Kind::DingTalk | Kind::Feishu)
    }
}

/// What may be shown of a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Kinds of messages that go out through it, by code.
    pub kinds: Vec<String>,
    /// Address of this system for the links in messages; none without it.
    pub base: String,
    /// The end of the robot's address, so that people know which one it is.
    pub hint: String,
    /// Mail server.
    pub host: String,
    /// Its port; 0 for the usual one.
    pub port: u16,
    /// `tls`, `starttls` or `none`.
    pub tls: String,
    /// Login at the mail server.
    pub user: String,
    /// Sender of the mails.
    pub from: String,
}

/// What is never shown again.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Secret {
    /// The robot's address with its key.
    pub url: String,
    /// What its messages are signed with.
    pub sign: String,
    /// Password at the mail server.
    pub password: String,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret")
    }
}

/// One channel.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Id.
    pub id: Uuid,
    /// What it is.
    pub kind: Kind,
    /// What the school calls it.
    pub name: String,
    /// What is open about it.
    pub settings: Settings,
    /// Whether messages go out through it.
    pub active: bool,
    sealed: String,
}

impl Channel {
    /// What is sealed of it; `None` when the key of the data folder is another one.
    pub fn secret(&self, seal: &Seal) -> Option<Secret> {
        let plain = seal.plain(&seal_name(self.id), &self.sealed)?;
        serde_json::from_str(&plain).ok()
    }
}

fn seal_name(id: Uuid) -> String {
    format!("channel.{id}")
}

const CHANNEL: &str = "select id, kind, name, settings, active, secret from channel";

fn read(row: &Row) -> Result<Channel> {
    let kind: String = row.at(1)?;
    let settings: String = row.at(3)?;
    Ok(Channel {
        id: row.at(0)?,
        kind: Kind::of(&kind).ok_or_else(|| anyhow::anyhow!("channel of kind {kind}"))?,
        name: row.at(2)?,
        settings: serde_json::from_str(&settings).unwrap_or_default(),
        active: row.at(4)?,
        sealed: row.at(5)?,
    })
}

/// All channels of the school.
pub async fn list(db: &Db, school: i64) -> Result<Vec<Channel>> {
    let sql = format!("{CHANNEL} where school_id = $1 order by id");
    db.all(&sql, args![school]).await?.iter().map(read).collect()
}

/// One channel.
pub async fn get(db: &Db, school: i64, id: Uuid) -> Result<Channel> {
    let sql = format!("{CHANNEL} where school_id = $1 and id = $2");
    read(&db.opt(&sql, args![school, id]).await?.ok_or(Error::NotFound)?)
}

/// What a form says of a channel; empty secrets keep what there is.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What it is.
    pub kind: Kind,
    /// What the school calls it.
    pub name: String,
    /// What is open about it.
    pub settings: Settings,
    /// What is sealed.
    pub secret: Secret,
}

/// Everything wrong with a channel; `kept` is what is sealed already.
pub fn faults(wanted: &Wanted, kept: &Secret) -> Vec<Violation> {
    let mut faults = vec![];
    let name = wanted.name.trim();
    if name.is_empty() || name.chars().count() > 40 {
        faults.push(Violation::new("name", "请填写名称，最多 40 字"));
    }
    let web = |text: &str| text.starts_with("https://") || text.starts_with("http://");
    let settings = &wanted.settings;
    if !settings.base.is_empty() && !web(&settings.base) {
        faults.push(Violation::new(
            "base",
            "系统访问地址应以 http:// 或 https:// 开头",
        ));
    }
    if settings.kinds.is_empty() {
        faults.push(Violation::new("kinds", "请至少选择一种消息"));
    }
    if settings
        .kinds
        .iter()
        .any(|code| message::Kind::ALL.iter().all(|kind| kind.code() != code))
    {
        faults.push(Violation::new("kinds", "没有这种消息"));
    }
    if wanted.kind != Kind::Mail {
        let url = if wanted.secret.url.is_empty() {
            &kept.url
        } else {
            &wanted.secret.url
        };
        let inside = [
            "http://127.0.0.1",
            "http://localhost",
            "http://10.",
            "http://192.168.",
            "http://172.",
        ];
        if !(url.starts_with("https://") || inside.iter().any(|start| url.starts_with(start))) {
            faults.push(Violation::new(
                "url",
                "请粘贴群机器人的地址，以 https:// 开头（内网地址可用 http://）",
            ));
        }
        return faults;
    }
    if settings.host.is_empty() || settings.host.contains(['/', ' ']) {
        faults.push(Violation::new(
            "host",
            "请填写邮件服务器名称，如 smtp.example.edu.cn",
        ));
    }
    if !["tls", "starttls", "none"].contains(&settings.tls.as_str()) {
        faults.push(Violation::new("tls", "请选择加密方式"));
    }
    if settings.from.parse::<lettre::message::Mailbox>().is_err() {
        faults.push(Violation::new("from", "请填写完整的发件地址"));
    }
    faults
}

/// Writes a channel, new or present, and gives its id.
pub async fn save(scope: &Scope, id: Option<Uuid>, wanted: Wanted) -> Result<Uuid> {
    let present = match id {
        Some(id) => Some(get(scope.db(), scope.school, id).await?),
        None => None,
    };
    let kept = present
        .as_ref()
        .and_then(|c| c.secret(&scope.app.seal))
        .unwrap_or_default();
    let faults = faults(&wanted, &kept);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let or = |new: String, old: String| if new.is_empty() { old } else { new };
    let secret = Secret {
        url: or(wanted.secret.url, kept.url),
        sign: or(wanted.secret.sign, kept.sign),
        password: or(wanted.secret.password, kept.password),
    };
    let mut settings = wanted.settings;
    let last: Vec<char> = secret.url.chars().rev().take(4).collect();
    settings.hint = last.into_iter().rev().collect();
    let id = id.unwrap_or_else(Uuid::now_v7);
    let plain = serde_json::to_string(&secret).map_err(anyhow::Error::from)?;
    let sealed = scope.app.seal.text(&seal_name(id), &plain);
    let open = serde_json::to_string(&settings).map_err(anyhow::Error::from)?;
    let tx = scope.db().begin().await?;
    tx.run(
        "insert into channel (school_id, id, kind, name, settings, secret, active, created_at) \
         values ($1, $2, $3, $4, $5, $6, true, $7) on conflict (school_id, id) do update set \
         name = excluded.name, settings = excluded.settings, secret = excluded.secret",
        args![
            scope.school,
            id,
            wanted.kind.code(),
            wanted.name.trim(),
            open.as_str(),
            sealed,
            scope.now()
        ],
    )
    .await?;
    let action = if present.is_some() {
        "修改通道"
    } else {
        "新建通道"
    };
    note(&tx, scope, id, action, &open).await?;
    tx.commit().await?;
    Ok(id)
}

/// Lets messages out through a channel, or not.
pub async fn set_active(scope: &Scope, id: Uuid, active: bool) -> Result<()> {
    get(scope.db(), scope.school, id).await?;
    let tx = scope.db().begin().await?;
    tx.run(
        "update channel set active = $3 where school_id = $1 and id = $2",
        args![scope.school, id, active],
    )
    .await?;
    let action = if active { "启用通道" } else { "停用通道" };
    note(&tx, scope, id, action, "{}").await?;
    tx.commit().await
}

async fn note(tx: &Db, scope: &Scope, id: Uuid, action: &str, after: &str) -> Result<()> {
    let entry = Entry {
        register: "channel".into(),
        record: id,
        version: 1,
        action: action.into(),
        before: None,
        after: Some(after.to_owned()),
        reason: None,
    };
    journal::write(tx, scope, vec![entry]).await
}
