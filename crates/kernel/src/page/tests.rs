//! What the components promise to people and to the scripts, read off their markup.

use maud::html;
use serde_json::json;

use super::*;

fn mark(id: &str, start: usize, end: usize) -> Mark<'_> {
    Mark {
        id,
        start,
        end,
        kind: MarkKind::Target,
        state: MarkState::Open,
    }
}

#[test]
fn text_from_people_is_escaped_everywhere() {
    let nasty = "<script>alert('x')</script>";
    let input = Input {
        name: "note",
        label: nasty,
        value: nasty,
        error: Some(nasty),
        ..Input::default()
    };
    let pages = [
        text(&input),
        textarea(&input, 3),
        reference(&input, "/staff/find", nasty),
        badge(Tone::Ok, nasty),
        chart("c", nasty, &json!({ "title": nasty }), html! {}),
        plan_text(nasty, &[], &[mark("m1", 2, 6)]),
        shell(
            &Shell {
                title: nasty.into(),
                school: nasty.into(),
                ..Shell::default()
            },
            html! {},
        ),
    ];
    for page in pages {
        assert!(!page.0.contains("<script>"), "{}", page.0);
    }
}

#[test]
fn chart_data_cannot_end_its_script_element() {
    let option = json!({ "series": [{ "name": "</script><b>" }] });
    let page = chart("c", "图", &option, html! {}).0;
    let data = page
        .split("application/json\">")
        .nth(1)
        .unwrap()
        .split("</script>")
        .next()
        .unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(data).unwrap(), option);
}

#[test]
fn a_field_ties_its_error_and_help_to_the_control() {
    let input = Input {
        name: "due",
        label: "整改期限",
        required: true,
        help: Some("从排查日起算"),
        error: Some("不能早于排查日期"),
        ..Input::default()
    };
    for page in [
        text(&input).0,
        date(&input).0,
        number(&input, Bounds::default()).0,
        textarea(&input, 2).0,
    ] {
        assert!(page.contains(r#"label for="f-due""#));
        assert!(
            page.contains(r#"aria-describedby="f-due-help f-due-error""#),
            "{page}"
        );
        assert!(page.contains(r#"aria-invalid="true""#));
        assert!(page.contains(r#"id="f-due-error" role="alert""#));
        assert!(page.contains(" required"));
    }
    assert!(
        !text(&Input {
            name: "a",
            ..Input::default()
        })
        .0
        .contains("aria-describedby")
    );
}

#[test]
fn a_read_only_select_still_posts_its_value() {
    let input = Input {
        name: "level",
        value: "2",
        read_only: true,
        ..Input::default()
    };
    let page = select(&input, &[("1", "一般"), ("2", "较大")], None).0;
    assert!(page.contains(r#"<option value="2" selected>"#) && page.contains(" disabled"));
    assert!(page.contains(r#"<input type="hidden" name="level" value="2">"#));
}

#[test]
fn plan_text_counts_characters_not_bytes() {
    let text = "一、目标\n出勤率达到98%以上，𠮷。";
    let page = plan_text(text, &[(0, 1)], &[mark("m1", 5, 13)]).0;
    assert!(
        page.contains(r#"<p class="level-1"><span data-offset="0">一、目标</span></p>"#),
        "{page}"
    );
    assert!(
        page.contains(r#"id="mark-m1" data-offset="5" data-card="card-m1""#),
        "{page}"
    );
    assert!(page.contains(">出勤率达到98%</mark>"), "{page}");
    assert!(
        page.contains(r#"<span data-offset="13">以上，𠮷。</span>"#),
        "{page}"
    );
}

#[test]
fn marks_that_overlap_or_cross_lines_lose_no_text() {
    let text = "甲乙丙丁\n戊己庚辛";
    let page = plan_text(text, &[], &[mark("a", 1, 7), mark("b", 2, 8)]).0;
    let mut shown = String::new();
    for piece in page.split('<') {
        shown.push_str(piece.split_once('>').map_or("", |(_, words)| words));
    }
    assert_eq!(shown, "甲乙丙丁戊己庚辛");
    assert_eq!(page.matches(r#"id="mark-a""#).count(), 1, "{page}");
    assert_eq!(page.matches(r#"id="mark-b""#).count(), 1, "{page}");
}

#[test]
fn a_job_asks_again_only_while_it_runs() {
    let view = JobView {
        title: "导入学生",
        url: "/jobs/1",
        done: 3,
        total: Some(4),
        ..JobView::default()
    };
    let running = job(&JobView {
        state: JobState::Running,
        cancel: Some("/jobs/1/cancel"),
        ..view
    })
    .0;
    assert!(running.contains(r#"hx-get="/jobs/1" hx-trigger="every 500ms" hx-swap="outerHTML""#));
    assert!(running.contains(r#"aria-valuenow="75""#) && running.contains("/jobs/1/cancel"));
    let done = job(&JobView {
        state: JobState::Done,
        result: Some(("查看结果", "/imports/1")),
        ..view
    })
    .0;
    assert!(
        !done.contains("hx-trigger")
            && done.contains("/imports/1")
            && done.contains(r#"aria-valuenow="100""#)
    );
    let unknown = job(&JobView {
        state: JobState::Waiting,
        total: None,
        ..view
    })
    .0;
    assert!(unknown.contains("job-bar unknown") && !unknown.contains("aria-valuenow"));
}

#[test]
fn pagination_keeps_the_ends_and_the_neighbours() {
    let page = pagination(
        Pager {
            page: 7,
            per_page: 20,
            total: 301,
        },
        |n| format!("?page={n}"),
    )
    .0;
    for shown in ["?page=1\"", "?page=6\"", "?page=7\"", "?page=8\"", "?page=16\""] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert!(!page.contains("?page=4\"") && page.matches('…').count() == 2);
    assert!(page.contains("第 121–140 条，共 301 条"));
    let single = pagination(
        Pager {
            page: 1,
            per_page: 20,
            total: 0,
        },
        |n| n.to_string(),
    )
    .0;
    assert!(single.contains("第 0–0 条，共 0 条") && !single.contains("<a"));
}

#[test]
fn heat_cells_say_what_they_show() {
    let levels: Vec<_> = [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4), (5, 4)]
        .map(|(done, due)| HeatCell::share(done, due).level)
        .into();
    assert_eq!(levels, [Some(0), Some(1), Some(2), Some(3), Some(4), Some(4)]);
    let columns = ["第1周".to_owned(), "第2周".to_owned()];
    let rows = [HeatRow {
        label: "学生工作处".into(),
        cells: vec![HeatCell::share(1, 2), HeatCell::share(0, 0)],
        ..HeatRow::default()
    }];
    let page = heat_map(&HeatMap {
        columns: &columns,
        rows: &rows,
        ..HeatMap::default()
    })
    .0;
    assert!(
        page.contains(r#"<td class="h2" title="第1周 应办 2，已办 1">"#),
        "{page}"
    );
    assert!(
        page.contains(r#"<td class="none" title="第2周 无应办">"#),
        "{page}"
    );
}

#[test]
fn sparklines_stay_in_their_box_and_skip_nothing_to_show() {
    assert!(sparkline(&[1.0], "走势").0.is_empty());
    assert!(sparkline(&[f64::NAN, 1.0], "走势").0.is_empty());
    let flat = sparkline(&[3.0, 3.0, 3.0], "走势").0;
    assert!(flat.contains(r#"d="M2.0 9.0L36.0 9.0L70.0 9.0""#), "{flat}");
    let rising = sparkline(&[0.0, 10.0], "走势").0;
    assert!(rising.contains(r#"d="M2.0 16.0L70.0 2.0""#), "{rising}");
}

#[test]
fn the_navigation_opens_the_group_of_the_page_only() {
    let item = |title: &str, active| MenuItem {
        title: title.into(),
        active,
        ..MenuItem::default()
    };
    let group = |title: &str, active| MenuGroup {
        title: title.into(),
        items: vec![item("台账", active)],
        ..MenuGroup::default()
    };
    let menu = vec![
        group("计划", false),
        group("安全", true),
        group("教务", false),
        group("学生", false),
    ];
    let page = shell(
        &Shell {
            menu,
            ..Shell::default()
        },
        html! {},
    )
    .0;
    assert_eq!(page.matches(r#"<details class="nav-group" open>"#).count(), 1);
    assert_eq!(page.matches(r#"aria-current="page""#).count(), 1);
    assert!(page.contains("action=\"/search\""));
}

#[test]
fn an_empty_filter_bar_has_nothing_to_unfold() {
    let bare = filter_bar(&FilterBar {
        action: "/hazards",
        query: Some(""),
        ..FilterBar::default()
    })
    .0;
    assert!(!bare.contains("filter-toggle") && !bare.contains("hx-get"));
    let swapped = filter_bar(&FilterBar {
        action: "/hazards",
        fields: Some(html! { "x" }),
        active: 2,
        target: Some("list"),
        ..FilterBar::default()
    });
    assert!(
        swapped
            .0
            .contains(r##"hx-get="/hazards" hx-target="#list" hx-select="#list""##),
        "{}",
        swapped.0
    );
    assert!(swapped.0.contains("清除筛选"));
}
