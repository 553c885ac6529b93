//! E-mail through the school's own mail server.
use super::channel::{Secret, Settings};
use anyhow::{Context, Result};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Message, SmtpTransport, Transport};
use std::time::Duration;

/// Seconds the server may take for one command.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends one mail. Blocks: off the async threads.
pub fn send(settings: &Settings, secret: &Secret, to: &str, subject: &str, text: &str) -> Result<()> {
    let from: Mailbox = settings.from.parse().context("发件地址不对")?;
    let message = Message::builder()
        .from(from)
        .to(to.parse().context("收件地址不对")?)
        .subject(subject)
        .header(ContentType::TEXT_PLAIN)
        .body(text.to_owned())
        .context("邮件内容不能发送")?;
    let host = settings.host.as_str();
    let builder = match settings.tls.as_str() {
        "tls" => SmtpTransport::relay(host).context("邮件服务器名称不对")?,
        "starttls" => SmtpTransport::starttls_relay(host).context("邮件服务器名称不对")?,
        _ => SmtpTransport::builder_dangerous(host),
    };
    let mut builder = builder.timeout(Some(PATIENCE));
    if settings.port > 0 {
        builder = builder.port(settings.port);
    }
    if !settings.user.is_empty() {
        builder = builder.credentials(Credentials::new(settings.user.clone(), secret.password.clone()));
    }
    builder.build().send(&message).context("邮件服务器没有接收")?;
    Ok(())
}
