//! Group robots: the text messages of WeCom (企业微信), DingTalk (钉钉) and Feishu (飞书), each as its maker documents it.
use super::channel::Kind;
use crate::http::escape;
use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Seconds a robot may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Most bytes of an answer that are read.
const MOST_ANSWER: u64 = 16 << 10;
/// Block size of SHA-256.
const BLOCK: usize = 64;

/// HMAC-SHA256 (RFC 2104).
fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut block = [0u8; BLOCK];
    match key.len() > BLOCK {
        true => block[..32].copy_from_slice(&Sha256::digest(key)),
        false => block[..key.len()].copy_from_slice(key),
    }
    let padded = |byte: u8| block.map(|b| b ^ byte);
    let inner = Sha256::new()
        .chain_update(padded(0x36))
        .chain_update(text)
        .finalize();
    Sha256::new()
        .chain_update(padded(0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

/// The address and body of a text message.
pub fn request(kind: Kind, url: &str, secret: &str, text: &str, now: DateTime<Utc>) -> (String, Value) {
    match kind {
        Kind::DingTalk => {
            let body = json!({ "msgtype": "text", "text": { "content": text } });
            if secret.is_empty() {
                return (url.to_owned(), body);
            }
            let stamp = now.timestamp_millis();
            let sign = STANDARD.encode(hmac(secret.as_bytes(), format!("{stamp}\n{secret}").as_bytes()));
            let joint = if url.contains('?') { '&' } else { '?' };
            (
                format!("{url}{joint}timestamp={stamp}&sign={}", escape(&sign)),
                body,
            )
        }
        Kind::Feishu => {
            let mut body = json!({ "msg_type": "text", "content": { "text": text } });
            if !secret.is_empty() {
                let stamp = now.timestamp();
                // Feishu signs nothing with the time and the secret as the key.
                let sign = STANDARD.encode(hmac(format!("{stamp}\n{secret}").as_bytes(), b""));
                body["timestamp"] = stamp.to_string().into();
                body["sign"] = sign.into();
            }
            (url.to_owned(), body)
        }
        Kind::WeCom | Kind::Mail => (
            url.to_owned(),
            json!({ "msgtype": "text", "text": { "content": text } }),
        ),
    }
}

/// Posts a text message. Blocks: off the async threads.
///
/// # Errors
/// When the robot does not say that it took the message. The address, which holds a key, is never in the error.
pub fn post(kind: Kind, url: &str, secret: &str, text: &str, now: DateTime<Utc>) -> Result<()> {
    let (url, body) = request(kind, url, secret, text, now);
    let mut config = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .http_status_as_error(false);
    if url.starts_with("http://127.0.0.1") {
        config = config.proxy(None);
    }
    let agent: ureq::Agent = config.build().into();
    let mut answer = agent
        .post(&url)
        .header("content-type", "application/json; charset=utf-8")
        .send(body.to_string())
        .map_err(|error| anyhow::anyhow!("{}", without(&error.to_string(), &url)))?;
    let status = answer.status();
    let text = answer
        .body_mut()
        .with_config()
        .limit(MOST_ANSWER)
        .read_to_string()
        .context("回复读不完整")?;
    if !status.is_success() {
        bail!("对方回复 {}", status.as_u16());
    }
    let answer: Value = serde_json::from_str(&text).context("回复不是 JSON")?;
    let code = ["errcode", "code", "StatusCode"]
        .iter()
        .find_map(|name| answer[*name].as_i64());
    match code {
        Some(0) => Ok(()),
        Some(code) => {
            let words = ["errmsg", "msg", "StatusMessage"]
                .iter()
                .find_map(|name| answer[*name].as_str());
            bail!("对方没有接收（{code}）：{}", words.unwrap_or(""))
        }
        None => bail!("对方的回复看不出是否接收"),
    }
}

fn without(text: &str, url: &str) -> String {
    text.replace(url, "（地址）")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::hex;

    #[test]
    fn the_hmac_is_that_of_rfc_4231() {
        assert_eq!(
            hex(&hmac(&[0x0b; 20], b"Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            hex(&hmac(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(&hmac(
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First"
            )),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn each_robot_gets_the_text_as_it_wants_it() {
        let now = DateTime::from_timestamp_millis(1_599_360_473_000).expect("an instant");
        let (url, body) = request(Kind::WeCom, "https://w/send?key=k", "", "你好", now);
        assert_eq!(url, "https://w/send?key=k");
        assert_eq!(body, json!({ "msgtype": "text", "text": { "content": "你好" } }));
        let (url, body) = request(
            Kind::DingTalk,
            "https://d/send?access_token=t",
            "SECx",
            "你好",
            now,
        );
        let sign = STANDARD.encode(hmac(b"SECx", b"1599360473000\nSECx"));
        assert_eq!(
            url,
            format!(
                "https://d/send?access_token=t&timestamp=1599360473000&sign={}",
                escape(&sign)
            )
        );
        assert_eq!(body["text"]["content"], "你好");
        let (url, body) = request(Kind::Feishu, "https://f/hook/x", "s", "你好", now);
        assert_eq!(url, "https://f/hook/x");
        assert_eq!(body["content"]["text"], "你好");
        assert_eq!(body["timestamp"], "1599360473");
        assert_eq!(
            body["sign"],
            STANDARD.encode(hmac(b"1599360473\ns", b"")).as_str()
        );
    }
}
