//! How many megabytes of text one core reads in a second: the seeds repeated, and texts meant to hurt.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

fn main() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seeds");
    let mut plain = String::new();
    if let Ok(entries) = std::fs::read_dir(&seeds) {
        for entry in entries.flatten() {
            plain += &std::fs::read_to_string(entry.path()).unwrap_or_default();
        }
    }
    if plain.is_empty() {
        eprintln!("没有种子文本，改用自拟段落");
        plain = "一、工作目标\n力争升学率达到95%以上，每学期听课不少于20节，6月底前完成验收。\n".into();
    }
    let sizes = [1usize, 4];
    for size in sizes {
        let bytes = size << 20;
        report("计划正文", bytes, &fill(&plain, bytes));
        report(
            "一行到底",
            bytes,
            &fill(&plain.replace(['\n', '。'], "，"), bytes),
        );
        report(
            "无标点",
            bytes,
            &fill("教学工作定期检查安全培训3次每周开展", bytes),
        );
        report("全是数字", bytes, &format!("教学工作{}", fill("1", bytes)));
        report("数字量词", bytes, &format!("教学工作{}", fill("1个", bytes)));
        report("全是每", bytes, &format!("教学工作{}", fill("每", bytes)));
        report("每周不止", bytes, &format!("教学工作{}", fill("每周", bytes)));
        report("引号书名", bytes, &format!("教学工作{}", fill("《“3个", bytes)));
        report(
            "月份标签",
            bytes,
            &format!("教学工作\n{}", fill("3月：1.开会\n", bytes)),
        );
        report("全是零无", bytes, &format!("教学工作{}", fill("零无为不", bytes)));
    }
}

fn fill(text: &str, bytes: usize) -> String {
    let mut out = text.repeat(bytes / text.len() + 1);
    while out.len() > bytes || !out.is_char_boundary(out.len()) {
        out.pop();
    }
    out
}

fn report(name: &str, bytes: usize, text: &str) {
    let started = Instant::now();
    let found = plantext::read(black_box(text)).map_or(0, |d| d.commitments.len());
    let seconds = started.elapsed().as_secs_f64();
    let rate = bytes as f64 / (1 << 20) as f64 / seconds;
    println!("{name}\t{:>2} MB\t{rate:>8.2} MB/s\t{found} 条", bytes >> 20);
}
