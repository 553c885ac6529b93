//! `zhixing serve`: opens, fills the demo school on the first start, serves until told to stop.
use crate::assemble::{self, Place};
use anyhow::{Context, Result};
use kernel::app::App;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Serves until Ctrl-C or SIGTERM.
pub async fn serve(place: &Place, listen: &str, demo: bool) -> Result<()> {
    let app = assemble::open(place).await?;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("不能监听 {listen}，可能端口已被占用"))?;
    let address = format!("http://{}", listener.local_addr()?);
    let fresh = app.schools.read().expect("school names").is_empty();
    if fresh && demo {
        eprintln!("第一次启动，正在建立演示学校……");
        let accounts = demo_accounts(&app, place).await?;
        println!("{accounts}");
    } else if fresh {
        let code = kernel::admin::setup::open(&app).await?;
        println!("首次设置：打开 {address}/setup ，设置码 {code}");
    } else if place.data.join(PASSWORDS).exists() {
        println!(
            "演示账号与初始密码保存在 {}",
            place.data.join(PASSWORDS).display()
        );
    }
    kernel::jobs::sweep(&app).await?;
    println!("知行已启动：{address}");
    plans::spawn_daily(&app);
    kernel::work::spawn(&app);
    feeds::evening::spawn(&app);
    let router = assemble::routes().into_router(app.clone());
    axum::serve(listener, router)
        .with_graceful_shutdown(stopped())
        .await?;
    app.db.close().await;
    Ok(())
}

const PASSWORDS: &str = "demo-accounts.txt";

async fn demo_accounts(app: &Arc<App>, place: &Place) -> Result<String> {
    let made = demo::fill(app)
        .await
        .context("演示学校没有建成，请删除数据目录后重试")?;
    let mut text = String::from("演示账号（密码随机生成，只在此显示一次，另存于数据目录）：\n");
    for account in &made {
        text.push_str(&format!(
            "  {:<12} {}  {}\n",
            account.login, account.password, account.role
        ));
    }
    write_private(&place.data.join(PASSWORDS), &text)?;
    Ok(text)
}

/// Writes a file that only its owner may read.
fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.write_all(text.as_bytes())?;
    Ok(())
}

/// Waits for Ctrl-C or SIGTERM.
pub(crate) async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut term = signal(SignalKind::terminate()).expect("signals are available");
        tokio::select! { _ = interrupt => {}, _ = term.recv() => {} }
    }
    #[cfg(not(unix))]
    interrupt.await.ok();
}
