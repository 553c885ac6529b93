//! Shapes of sentences that real plans, month tables and reports use, in our own words.

use plantext::{Commitment, Every, Kind, Op};

/// `T>=3名`, `R=5%`, `D2/week`, `V`, `K2025-09x3`: one commitment in short.
fn short(c: &Commitment) -> String {
    let every = |e: Every| match e {
        Every::Day => "day",
        Every::Week => "week",
        Every::HalfMonth => "half-month",
        Every::Month => "month",
        Every::Quarter => "quarter",
        Every::Term => "term",
        Every::Year => "year",
    };
    let op = |o: Op| match o {
        Op::AtLeast => ">=",
        Op::AtMost => "<=",
        Op::Equal => "=",
    };
    let amount = |letter: &str| {
        format!(
            "{letter}{}{}{}",
            c.op.map_or("", op),
            c.value.unwrap_or(-1.0),
            c.unit.as_deref().unwrap_or("?")
        )
    };
    match c.kind {
        Kind::Target => amount("T"),
        Kind::Result => amount("R"),
        Kind::Duty => format!("D{}/{}", c.times.unwrap_or(0), c.every.map_or("?", every)),
        Kind::VagueDuty => "V".into(),
        Kind::Task => {
            let items = c.items.map_or(String::new(), |n| format!("x{n}"));
            format!("K{}{items}", c.due.as_deref().unwrap_or("?"))
        }
    }
}

fn all(text: &str) -> Vec<String> {
    plantext::read(text).map_or_else(
        |e| vec![e.to_string()],
        |d| d.commitments.iter().map(short).collect(),
    )
}

/// The commitments of one sentence in a plan of the school year 2024–2025, first term.
fn plan(body: &str) -> Vec<String> {
    all(&format!(
        "青石中学2024-2025学年第一学期工作计划\n一、工作\n{body}\n"
    ))
}

/// The commitments of one sentence in a summary of 2024.
fn summary(body: &str) -> Vec<String> {
    all(&format!("青石中学2024年工作总结\n一、工作\n{body}\n"))
}

fn check(read: fn(&str) -> Vec<String>, cases: &[(&str, &[&str])]) {
    for (body, expected) in cases {
        assert_eq!(read(body), *expected, "{body}");
    }
}

#[test]
fn item_numbers_stay_out_of_quotes() {
    let text = "青石中学2025年工作计划\n1.力争用水量比上年下降3%。2.新建花坛1个；（三）招聘保安2名\n";
    let quotes: Vec<String> = plantext::read(text)
        .map(|d| d.commitments.into_iter().map(|c| c.quote).collect())
        .unwrap_or_default();
    assert_eq!(quotes, ["力争用水量比上年下降3%", "新建花坛1个", "招聘保安2名"]);
}

#[test]
fn cadences() {
    check(
        plan,
        &[
            ("教师每期至少听课12节。", &["D12/term"]),
            ("每学期每人撰写心得累计不少于6篇。", &["D6/term"]),
            ("实行天天巡查、周周通报制度。", &["D1/day", "D1/week"]),
            ("双周五下午检查寝室。", &["D1/week"]),
            ("落实一月一主题、一周一小结。", &["D1/month", "D1/week"]),
            ("各班每周都要开展值日评比。", &["D1/week"]),
            ("支部每季上一次党课或者看一次专题片。", &["D1/quarter"]),
            ("每周排查隐患1次，节假日前开展1次大检查。", &["D1/week"]),
            ("考试时间每学期2周。", &[]),
            ("迎新是每年工作的重中之重。", &[]),
            ("每个年段选出2名组长。", &["T>=2名"]),
            ("二、每月工作安排", &[]),
        ],
    );
}

#[test]
fn dates_in_sentences() {
    check(
        plan,
        &[
            (
                "国庆节前完成橱窗更换，寒假前归还图书。",
                &["K国庆节前", "K寒假前"],
            ),
            ("10月下旬或者11月初举行演讲赛。", &["K2024-10"]),
            ("到2025年底，巡课覆盖率达到80%以上。", &["T>=80%"]),
            ("2030年，全面建成智慧校园。", &["K2030"]),
            ("第18周为复习周。", &[]),
            ("公布第8周考表。", &[]),
            ("到学期末，每人至少交两篇随笔。", &["T>=2篇"]),
            (
                "1.9-10月，开展新生训练。\n2.第一季度完成预算。",
                &["K2024-10", "K2025-03"],
            ),
            ("完成东区、西区3个球场建设。", &["T>=3个"]),
        ],
    );
    assert_eq!(
        all("青石中学工作计划\n一、工作\n学校拟于11月份召开家长会。\n"),
        ["K11月份"]
    );
}

#[test]
fn a_time_limit_in_brackets_takes_its_whole_item() {
    let text = "青石中学2025年工作要点\n1.修订章程。（责任：办公室；完成时限：6月底）\n";
    let task = plantext::read(text)
        .ok()
        .and_then(|d| d.commitments.into_iter().next());
    assert!(task.is_some_and(|t| t.quote.starts_with("修订章程") && t.due.as_deref() == Some("2025-06")));
}

#[test]
fn month_tables() {
    check(
        plan,
        &[
            (
                "九月主题：安全月\n1、讲座\n2、演练\n十月主题：读书月\n1、朗诵",
                &["K2024-09x2", "K2024-10"],
            ),
            ("七、八月份：\n1、招生\n2、维修", &["K2024-08x2"]),
            ("1、九月份 入学教育\n2、十月份 校运会", &["K2024-09", "K2024-10"]),
            ("9月：\n1.开学典礼；2.家长会\n3.9月20日交计划", &["K2024-09x3"]),
            (
                "第一周（9.2—9.8）编班\n第二周 9月9日—9月15日 选课",
                &["K2024-09-08", "K2024-09-15"],
            ),
            (
                "周次 | 日期 | 内容\n第三周 | 9月16日—9月22日 | 普查\n第四周 | 9月23日—9月29日 | ",
                &["K2024-09-22"],
            ),
            ("预备周 | 24年8月26日—8月30日 | 报到", &["K2024-08-30"]),
        ],
    );
}

#[test]
fn terms_written_without_a_year_sign() {
    assert_eq!(
        all("青石系志愿队2021上学期工作计划\n九月份\n（1）招新\n（2）培训\n"),
        ["K2021-09x2"]
    );
    assert_eq!(
        all("青石中学2021年下学期工作计划\n十二月份：联欢\n一月份：考试\n"),
        ["K2021-12", "K2022-01"]
    );
}

#[test]
fn comparators() {
    check(
        plan,
        &[
            ("书面作业时间不宜超过60分钟。", &["T<=60分钟"]),
            ("近视率降至40%。", &["T<=40%"]),
            ("八成以上的班级参加合唱。", &["T>=8成"]),
            ("确保伤害事故发生率保持为零。", &["T<=0%"]),
        ],
    );
    check(
        summary,
        &[
            ("近视率由46%下降到43%。", &["R=43%"]),
            ("参加社团的学生不足30%。", &["R<=30%"]),
            ("技能大赛获2金3银。", &["R=2金", "R=3银"]),
            ("英语平均分82.5分。", &["R=82.5分"]),
            ("走访村校12所次。", &["R=12所次"]),
            ("上线人数比去年40人增长25%。", &["R=25%"]),
            ("集团从3所学校发展到7所学校。", &["R=7所"]),
        ],
    );
}

#[test]
fn what_does_not_count() {
    check(
        plan,
        &[
            ("总评采用“平时（40%）+期末（60%）”。", &[]),
            ("由1名骨干教师指导1名新教师。", &[]),
        ],
    );
    check(
        summary,
        &[
            ("在全区18所中学中名列第二。", &[]),
            ("两位副市长出席会议并讲话。", &[]),
            ("召开第一届二次职工大会。", &[]),
        ],
    );
}

#[test]
fn what_is_done_and_what_is_to_do() {
    check(
        plan,
        &[
            ("招生计划完成率每年保持在90%左右。", &["T=90%"]),
            ("评选十所书香学校。", &["T>=10所"]),
        ],
    );
    let text = "青石县2024年任务清单\n任务 | 目标 | 完成情况\n改厕 | 改造厕所6处 | 完成总量50%\n";
    assert_eq!(all(text), ["T>=6处", "R=50%"]);
    let text = "青石职校“十五五”规划\n（一）主要成就\n对口就业率75%。\n（二）目标\n对口就业率85%。\n";
    assert_eq!(all(text), ["R=75%", "T>=85%"]);
    assert_eq!(
        all("2024年青石县督导评价报告\n全县学校设立支部120个。\n"),
        ["R=120个"]
    );
}
