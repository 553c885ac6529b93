use super::*;
use print::{Cell, Column, Kind, Sheet};

fn sheet(headings: &[&str], rows: Vec<Vec<Cell>>) -> Vec<u8> {
    let sheet = Sheet {
        name: "物品".into(),
        columns: headings.iter().map(|h| Column::new(*h, Kind::Text)).collect(),
        rows,
        ..Sheet::default()
    };
    print::xlsx_write(&[sheet]).expect("a workbook")
}

fn texts(cells: &[&str]) -> Vec<Cell> {
    cells.iter().map(|c| Cell::Text((*c).into())).collect()
}

async fn try_out(story: &Story, bytes: &[u8]) -> crate::testing::Answer {
    story
        .app
        .upload(&story.office, "/r/item/import", &[], ("file", "物品.xlsx", bytes))
        .await
}

fn confirmation(page: &str) -> String {
    let path = page
        .split("action=\"")
        .find(|rest| rest.starts_with("/r/item/import/"))
        .expect("a button");
    path.split('"').next().unwrap_or("").to_owned()
}

const HEADINGS: [&str; 7] = ["编号", "名称", "登记日期", "部门", "等级", "在用", "数量"];

#[tokio::test]
async fn a_wrong_sheet_writes_nothing_and_names_every_cell() {
    for story in stories().await {
        story.write(&story.office, &story.item("TAKEN", "旧")).await;
        let rows = vec![
            texts(&["B1", "好的一行", "2026-09-01", "机电系", "一般", "是", "3"]),
            texts(&["B2", "日期错", "九月一日", "机电系", "一般", "是"]),
            texts(&["B3", "部门错", "2026-09-01", "外语系", "一般", "是"]),
            texts(&["B4", "等级错", "2026-09-01", "财会系", "中等", "是"]),
            texts(&["TAKEN", "编号重复", "2026-09-01", "财会系", "重大", "是"]),
            texts(&["B1", "表内重复", "2026-09-01", "财会系", "重大", "否"]),
        ];
        let answer = try_out(&story, &sheet(&HEADINGS, rows)).await;
        assert_eq!(answer.status, 422);
        let page = answer.text();
        for (row, column, words) in [
            (3, "C 登记日期", "“九月一日”不是有效日期"),
            (4, "D 部门", "部门“外语系”没有登记"),
            (5, "E 等级", "“中等”不在可选项中"),
            (6, "A 编号", "已有编号相同的记录"),
            (7, "A 编号", "已有编号相同的记录"),
        ] {
            let line = format!("<td class=\"num\">{row}</td><td>{column}</td><td>");
            let found = page
                .split(&line)
                .nth(1)
                .unwrap_or_else(|| panic!("{line} in {page}"));
            assert!(
                found.split("</td>").next().unwrap_or("").contains(words),
                "{row} {words}: {found:.80}"
            );
        }
        assert_eq!(story.count().await, 1);
        let errors = page
            .split("href=\"")
            .find(|r| r.contains("errors.xlsx"))
            .expect("a marked file");
        let marked = story
            .app
            .get(&story.office, errors.split('"').next().unwrap_or(""))
            .await;
        let sheets = print::xlsx_read(&marked.bytes).expect("a workbook");
        assert_eq!(sheets[0].name, "错误说明");
        assert_eq!(sheets[0].rows.len(), 6, "a heading and five causes");
        // Only the account that uploaded can see it again.
        let path = errors.split('"').next().unwrap_or("");
        assert_eq!(story.app.get(&story.head, path).await.status, 409);
    }
}

#[tokio::test]
async fn headings_that_do_not_fit_are_named() {
    for story in stories().await {
        let bytes = sheet(
            &["编号", "名称", "登记日期", "系部"],
            vec![texts(&["B1", "x", "2026-09-01", "机电系"])],
        );
        let answer = try_out(&story, &bytes).await;
        assert_eq!(answer.status, 422);
        let page = answer.text();
        assert!(
            page.contains("没有“系部”这一列") && page.contains("缺少必填的列：部门、等级、在用"),
            "{page}"
        );
        let other = try_out(&story, &sheet(&["甲", "乙"], vec![texts(&["1", "2"])])).await;
        assert_eq!(other.status, 422);
        assert!(other.text().contains("没有找到物品的表头"));
        let broken = try_out(&story, b"not a workbook").await;
        assert_eq!(broken.status, 422);
    }
}

#[tokio::test]
async fn a_good_sheet_is_written_once_confirmed() {
    for story in stories().await {
        let rows = vec![
            texts(&["B1", "焊机", "2026年9月1日", "机电系", "一般", "是", "3"]),
            texts(&["B2", "账本", "2026-09-02", "财会系", "high", "否", ""]),
        ];
        let answer = try_out(&story, &sheet(&HEADINGS, rows)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(story.count().await, 0, "a dry run writes nothing");
        let path = confirmation(&answer.text());
        let written = story.app.post(&story.office, &path, &[]).await;
        assert_eq!(written.status, 303, "{}", written.text());
        assert_eq!(story.count().await, 2);
        assert_eq!(
            story.app.post(&story.office, &path, &[]).await.status,
            409,
            "confirmed twice, written once"
        );
        assert_eq!(story.count().await, 2);
        let csv = "编号,名称,登记日期,部门,等级,在用\r\nC1,\"钳, 大\",2026-09-03,财会系,一般,是\r\n";
        let answer = story
            .app
            .upload(
                &story.office,
                "/r/item/import",
                &[],
                ("file", "a.csv", csv.as_bytes()),
            )
            .await;
        let path = confirmation(&answer.text());
        assert_eq!(story.app.post(&story.office, &path, &[]).await.status, 303);
        let list = story.app.get(&story.office, "/r/item").await.text();
        assert!(list.contains("钳, 大"));
    }
}

#[tokio::test]
async fn a_long_import_is_a_job_with_a_result() {
    for story in stories().await {
        let rows = (0..1_200)
            .map(|n| {
                texts(&[
                    &format!("L{n:05}"),
                    "焊机",
                    "2026-09-01",
                    "机电系",
                    "一般",
                    "是",
                    "1",
                ])
            })
            .collect();
        let answer = try_out(&story, &sheet(&HEADINGS, rows)).await;
        let started = story
            .app
            .post(&story.office, &confirmation(&answer.text()), &[])
            .await;
        let job = started.location().to_owned();
        assert!(job.starts_with("/jobs/"), "{job}");
        let mut page = story.app.get(&story.office, &job).await.text();
        for _ in 0..10_000 {
            if !page.contains("every 500ms") {
                break;
            }
            tokio::task::yield_now().await;
            page = story.app.get(&story.office, &job).await.text();
        }
        assert!(
            page.contains("已完成") && page.contains("已导入 1200 条"),
            "{page}"
        );
        assert_eq!(story.count().await, 1_200);
        assert_eq!(
            story.app.get(&story.head, &job).await.status,
            404,
            "another's job"
        );
    }
}
