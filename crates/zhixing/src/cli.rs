//! The command line: what an administrator does outside the pages.
use crate::assemble::{self, Place};
use crate::scheduling::{self, TimetableCommand};
use crate::{backup, check, datasets, serve};
use anyhow::{Context, Result, bail};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use kernel::clock::Clock;
use std::path::{Path, PathBuf};

/// 知行：以工作计划为主线的智慧校园
#[derive(Parser, Debug)]
#[command(name = "zhixing", version, about, long_about = None)]
pub struct Cli {
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    serve: ServeArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Args, Debug)]
struct PlaceArgs {
    /// 数据目录
    #[arg(long, global = true, default_value = "./data", env = "ZHIXING_DATA")]
    data: PathBuf,
    /// 数据库地址：sqlite:文件 或 postgres://…；默认为数据目录中的 SQLite
    #[arg(long, global = true, env = "ZHIXING_DB")]
    db: Option<String>,
    /// 附件存放处：file:（数据目录）、file:/目录 或 s3://桶名/前缀（编译时须带 s3 功能）
    #[arg(long, global = true, env = "ZHIXING_FILES")]
    files: Option<String>,
    /// 固定时钟（测试用），如 2026-11-23 或 2026-11-23T09:00:00+08:00
    #[arg(long, global = true, hide = true, env = "ZHIXING_CLOCK")]
    clock: Option<String>,
}

#[derive(Args, Debug)]
struct ServeArgs {
    /// 监听地址
    #[arg(long, default_value = "127.0.0.1:8080", env = "ZHIXING_LISTEN")]
    listen: String,
    /// 不建演示学校，改为打开首次设置页面
    #[arg(long)]
    no_demo: bool,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// 启动服务（默认）
    Serve(ServeArgs),
    /// 阅读工作计划
    Plan {
        #[command(subcommand)]
        what: PlanCommand,
    },
    /// 列出所有台账的定义
    Registers {
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 国家数据标准的 61 张数据表：列出来源，或导出一张
    Datasets {
        #[command(subcommand)]
        what: Option<DatasetsCommand>,
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 为账号签发接口令牌
    Token {
        /// 登录名
        #[arg(long)]
        account: String,
    },
    /// 备份到一个文件（服务运行中也可以）
    Backup {
        /// 备份文件
        file: PathBuf,
        /// 不把保密字段的密钥写进备份（须另行保管数据目录中的 seal.key）
        #[arg(long)]
        without_key: bool,
    },
    /// 从备份文件恢复，替换现有的全部数据
    Restore {
        /// 备份文件
        file: PathBuf,
    },
    /// 检查数据库与附件有没有损坏
    Check,
    /// 排课：求解或检验公开格式的实例文件（不打开数据库）
    Timetable {
        #[command(subcommand)]
        what: TimetableCommand,
    },
}

#[derive(Subcommand, Debug)]
enum PlanCommand {
    /// 读出章节与承诺
    Read {
        /// .docx、.txt、.html 文件
        file: PathBuf,
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
    /// 输出正文（位置以此为准）
    Text {
        /// .docx、.txt、.html 文件
        file: PathBuf,
    },
}

#[derive(Subcommand, Debug)]
enum DatasetsCommand {
    /// 按标准写出一张表的数据，有误的逐条列出
    Export {
        /// 表号，如 T16
        table: String,
        /// 输出文件，.json 或 .xlsx
        #[arg(long)]
        out: PathBuf,
        /// 用途；表中有保密字段时必填，会留下记录
        #[arg(long)]
        reason: Option<String>,
        /// 上课日期，只用于按日报送的 T10；不填为下一个上课日
        #[arg(long)]
        day: Option<NaiveDate>,
    },
}

impl PlaceArgs {
    fn place(self) -> Result<Place> {
        let clock = match self.clock {
            Some(text) => Clock::fixed(&text).with_context(|| format!("看不懂时间 {text}"))?,
            None => Clock::System,
        };
        Ok(Place {
            data: self.data,
            db: self.db,
            files: self.files,
            clock,
        })
    }
}

/// Runs one command to its end.
pub fn run(cli: Cli) -> Result<()> {
    let place = cli.place.place()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match cli.command.unwrap_or(Command::Serve(cli.serve)) {
        Command::Serve(args) => {
            tracing_subscriber::fmt()
                .with_env_filter(
                    tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
                )
                .with_writer(std::io::stderr)
                .init();
            runtime.block_on(serve::serve(&place, &args.listen, !args.no_demo))
        }
        Command::Plan {
            what: PlanCommand::Read { file, json },
        } => read_plan(&file, json),
        Command::Plan {
            what: PlanCommand::Text { file },
        } => print_out(&plan_text(&file)?),
        Command::Registers { json } => list_registers(json),
        Command::Datasets { what: None, json } => datasets::list(json),
        Command::Datasets {
            what:
                Some(DatasetsCommand::Export {
                    table,
                    out,
                    reason,
                    day,
                }),
            ..
        } => runtime.block_on(datasets::export(&place, &table, &out, reason.as_deref(), day)),
        Command::Token { account } => runtime.block_on(token(&place, &account)),
        Command::Backup { file, without_key } => {
            runtime.block_on(backup::backup(&place, &file, !without_key))
        }
        Command::Restore { file } => runtime.block_on(backup::restore(&place, &file)),
        Command::Check => runtime.block_on(check::check(&place)),
        Command::Timetable { what } => scheduling::run(what, &runtime),
    }
}

/// Writes to standard output; a reader that went away (`| head`) is no error.
pub(crate) fn print_out(text: &str) -> Result<()> {
    use std::io::Write;
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn plan_text(file: &Path) -> Result<String> {
    let size = std::fs::metadata(file)
        .with_context(|| format!("打不开文件 {}", file.display()))?
        .len();
    if size > plantext::MAX_BYTES as u64 {
        bail!("文件超过 10 MB，不像一份工作计划");
    }
    let bytes = std::fs::read(file).with_context(|| format!("打不开文件 {}", file.display()))?;
    let name = file
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok(plantext::text_of(&bytes, &name)?)
}

fn read_plan(file: &Path, json: bool) -> Result<()> {
    let document = plantext::read(&plan_text(file)?)?;
    if json {
        return print_out(&(serde_json::to_string_pretty(&document)? + "\n"));
    }
    let mut out = format!("{}\n", document.title.as_deref().unwrap_or("（无标题）"));
    for commitment in &document.commitments {
        let commitment = serde_json::to_value(commitment)?;
        let text = |key: &str| commitment[key].as_str().unwrap_or("").to_owned();
        out.push_str(&format!(
            "{:<10} {:>5}  {}\n",
            text("kind"),
            commitment["start"],
            text("quote")
        ));
    }
    print_out(&out)
}

fn list_registers(json: bool) -> Result<()> {
    let specs = assemble::registers();
    if json {
        let all: Vec<serde_json::Value> = specs.iter().map(kernel::register::web::spec_json).collect();
        return print_out(&(serde_json::to_string_pretty(&all)? + "\n"));
    }
    let mut out = String::new();
    for spec in &specs {
        out.push_str(&format!(
            "{:<20} {:<6} {}\n",
            spec.id,
            spec.systems.join(","),
            spec.title
        ));
    }
    print_out(&out)
}

async fn token(place: &Place, login: &str) -> Result<()> {
    let app = assemble::open(place).await?;
    let row = app
        .db
        .opt(
            "select school_id, id from account where login = $1 and active",
            kernel::args![login],
        )
        .await?
        .with_context(|| format!("没有启用的账号 {login}"))?;
    let token = kernel::auth::open_session(
        &app.db,
        app.clock.now(),
        row.at(0)?,
        row.at(1)?,
        "token",
        "command line",
        None,
    )
    .await?;
    app.db.close().await;
    println!("{token}");
    Ok(())
}
