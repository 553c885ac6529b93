//! What is done every evening: the lessons of the next day are checked (当天报送第二天的数据), and who reports hears of
//! faults while they can still be mended.
use crate::daily;
use crate::kept;
use crate::rows::Tally;
use crate::source;
use chrono::Timelike;
use kernel::app::{App, Scope};
use kernel::args;
use kernel::clock::local;
use kernel::error::Result;
use kernel::work::message::{self, Kind, Notice};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// From this hour on.
const HOUR: u32 = 17;
/// Seconds between two looks whether it is evening.
const LOOK: u64 = 600;
/// Who is told.
const TOLD: &str = "it-center";

/// Checks tomorrow's lessons of each school, once an evening; gives how many schools were checked.
pub async fn check(app: &Arc<App>) -> Result<usize> {
    let mut checked = 0;
    for school in app.school_ids() {
        let scope = Scope::system(app, school, "数据填报");
        checked += usize::from(of_school(&scope).await?);
    }
    Ok(checked)
}

async fn of_school(scope: &Scope) -> Result<bool> {
    let now = local(scope.now());
    let since = now.date().and_hms_opt(HOUR, 0, 0);
    let last = kept::all(scope)
        .await?
        .get(&daily::LESSONS)
        .map(|last| local(last.at));
    if now.hour() < HOUR || last.is_some_and(|last| Some(last) >= since) {
        return Ok(false);
    }
    let (Some(table), Some(day)) = (
        source::table(&scope.registers, daily::LESSONS),
        daily::day(scope, None).await?,
    ) else {
        return Ok(false);
    };
    let tally = Tally::of(&kept::check(scope, &table, Some(day)).await?);
    if tally.bad > 0 {
        let notice = Notice {
            kind: Kind::Task,
            title: format!("{day} 的排课数据有 {} 条不能报送", tally.bad),
            text: format!(
                "可报送 {} 条，有误 {} 条。请在今天改正后再报送。",
                tally.good, tally.bad
            ),
            link: format!("/datasets/{}?day={day}", daily::LESSONS),
            outward: Some("明天的排课数据有误，请登录查看".into()),
        };
        let tx = scope.db().begin().await?;
        message::send(&tx, scope, &told(scope).await?, &notice).await?;
        tx.commit().await?;
    }
    Ok(true)
}

async fn told(scope: &Scope) -> Result<Vec<Uuid>> {
    let sql = "select distinct account_id from role_grant where school_id = $1 and role = $2";
    let rows = scope.db().all(sql, args![scope.school, TOLD]).await?;
    rows.iter().map(|row| row.at(0)).collect()
}

/// Looks every ten minutes.
pub fn spawn(app: &Arc<App>) {
    let pause = Duration::from_secs(LOOK);
    app.every(
        pause,
        "tomorrow's lessons",
        |app| async move { check(&app).await },
    );
}
