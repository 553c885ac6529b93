//! Writes a sample of every kind of file into a folder, to look at: `cargo run -p print --example samples -- DIR [FONTS]`.

use print::{Fonts, Template, docx_official, pdf};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Instant;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "target/samples".into()));
    fs::create_dir_all(&dir)?;
    let fonts = Fonts::discover(
        &env::args()
            .nth(2)
            .map(PathBuf::from)
            .into_iter()
            .collect::<Vec<_>>(),
    );
    let started = Instant::now();
    println!("{:?} found in {:?}", fonts.roles(), started.elapsed());
    let samples = [
        ("plan", Template::Official, work_plan()),
        ("notice", Template::Official, notice()),
        ("minutes", Template::Official, long_table()),
        ("hazard", Template::Record, hazard()),
        ("visit", Template::Record, home_visit()),
        ("hazards", Template::List, hazard_list()),
        ("students", Template::List, student_list()),
    ];
    for (name, template, data) in &samples {
        let started = Instant::now();
        let bytes = pdf(*template, data, &fonts)?;
        println!("{name}.pdf {} KB in {:?}", bytes.len() / 1024, started.elapsed());
        fs::write(dir.join(name).with_extension("pdf"), bytes)?;
        if *template == Template::Official {
            let started = Instant::now();
            let bytes = docx_official(data)?;
            println!("{name}.docx {} KB in {:?}", bytes.len() / 1024, started.elapsed());
            fs::write(dir.join(name).with_extension("docx"), bytes)?;
        }
    }
    Ok(())
}

fn work_plan() -> Value {
    json!({
        "title": "2026—2027学年第一学期教务处工作计划",
        "to": "各系部、各教研室",
        "blocks": [
            {"kind": "paragraph", "text": "新学期，教务处以立德树人为根本，以提高教学质量为中心，围绕学校年度工作要点，抓规范、强管理、促改革，确保教学秩序平稳、教学质量稳步提升。现制定本学期工作计划如下。"},
            {"kind": "heading", "level": 1, "text": "一、工作目标"},
            {"kind": "paragraph", "runs": [
                {"text": "本学期课程标准覆盖率达到"}, {"text": "100%", "bold": true},
                {"text": "；学生评教优良率不低于95%；技能等级认定通过率不低于92%；公开课不少于24节；教学事故为零。"}]},
            {"kind": "heading", "level": 1, "text": "二、重点工作"},
            {"kind": "heading", "level": 2, "text": "（一）规范教学常规管理"},
            {"kind": "heading", "level": 3, "text": "1.严格执行课程标准。"},
            {"kind": "paragraph", "text": "每门开设课程均须有经审定的课程标准，做到课课有标准、课课按标准执行。各教研室于9月15日前完成课程标准“档案袋”建设，教务处于9月下旬开展专项检查，检查结果计入系部考核。"},
            {"kind": "heading", "level": 3, "text": "2.加强巡课与听课。"},
            {"kind": "paragraph", "text": "校级领导每学期听课不少于20节，中层干部不少于30节，专任教师不少于16节。每周二、周四开展教学巡查，巡查情况当日反馈，次周通报。"},
            {"kind": "heading", "level": 2, "text": "（二）推进过程性评价改革"},
            {"kind": "paragraph", "text": "以核心素养为导向，按“职业精神、专业能力、学习能力、合作能力”四个维度设置课程评价方案，过程性评价占比不低于60%，成绩提交后如需更正须说明原因并经教务处批准。"},
            {"kind": "list", "ordered": true, "items": ["9月完成评价方案备案；", "11月开展期中教学质量分析；", "次年1月形成课程与班级两级分析报告。"]},
            {"kind": "heading", "level": 1, "text": "三、时间安排"},
            {"kind": "table", "caption": "表1　本学期主要工作安排", "headers": ["序号", "工作内容", "完成时间", "责任部门"], "rows": [
                ["1", "课程表编制与公布", "8月30日前", "教务处"], ["2", "课程标准档案袋检查", "9月下旬", "教务处、各系部"],
                ["3", "行动课堂展示月", "10月", "各教研室"], ["4", "积欠课程补考", "11月第2周", "教务处"],
                ["5", "技能大赛节（初赛、复赛、决赛）", "11月至12月", "实训处、各系部"], ["6", "期末考试与成绩分析", "次年1月", "教务处"]]},
            {"kind": "heading", "level": 1, "text": "四、工作要求"},
            {"kind": "paragraph", "text": "各部门要高度重视，明确分工，责任到人；坚持一个数据源，不重复填报，切实减轻教师负担。工作推进情况由督导室按月通报。"}
        ],
        "attachments": ["课程标准检查表", "技能大赛节赛项目录"],
        "signer": "教务处",
        "date": "2026年8月28日"
    })
}

fn notice() -> Value {
    json!({
        "organ": "滨江中等专业学校文件",
        "number": "滨职校〔2026〕18号",
        "title": "关于开展2026年秋季学期校园安全隐患排查整治工作的通知",
        "to": "各部门、各系部",
        "blocks": [
            {"kind": "paragraph", "text": "为深入贯彻安全第一、预防为主的方针，切实保障师生生命财产安全，经学校研究，决定在全校范围内开展秋季学期安全隐患排查整治工作。现将有关事项通知如下。"},
            {"kind": "heading", "level": 1, "text": "一、排查范围"},
            {"kind": "paragraph", "text": "教学楼、实训楼、学生宿舍、食堂、图书馆、体育场馆、配电房等重点场所，以及消防、用电、危化品、特种设备等重点环节。"},
            {"kind": "heading", "level": 1, "text": "二、时间安排"},
            {"kind": "paragraph", "text": "9月1日至9月10日为自查阶段，9月11日至9月20日为集中整改阶段，9月21日至9月30日为复查销号阶段。"},
            {"kind": "heading", "level": 1, "text": "三、有关要求"},
            {"kind": "paragraph", "text": "对排查出的隐患，要逐条登记，明确责任人和整改期限，整改完成后由安全保卫处复查销号。"}
        ],
        "attachments": ["校园安全隐患排查登记表"],
        "signer": "滨江中等专业学校",
        "date": "2026年9月1日",
        "note": "此件公开发布",
        "cc": "市教育局安全稳定处，区教育局",
        "issuer": "滨江中等专业学校办公室",
        "issued": "2026年9月1日"
    })
}

fn long_table() -> Value {
    let rows: Vec<Value> = (1..=70)
        .map(|n| {
            json!([
                n.to_string(),
                format!("第{}教学周教学常规检查，教案、作业、实训日志抽查", n),
                if n % 3 == 0 {
                    "信息技术系"
                } else {
                    "智能制造系、现代服务系"
                },
                format!("{}%", 90 + n % 10)
            ])
        })
        .collect();
    json!({
        "title": "教学常规检查情况通报",
        "blocks": [
            {"kind": "heading", "level": 1, "text": "一、总体情况"},
            {"kind": "paragraph", "text": "本学期共组织检查70次，现将结果通报如下，其中𬭚、䶮、㛃等用字以学籍为准。"},
            {"kind": "table", "headers": ["序号", "检查内容", "受检部门", "合格率"], "rows": rows},
            {"kind": "heading", "level": 1, "text": "二、下一步工作"},
            {"kind": "paragraph", "text": "对合格率低于95%的部门，限期整改并复查。"}
        ],
        "signer": "滨江中等专业学校教学督导委员会办公室",
        "date": "2026年12月25日"
    })
}

fn hazard() -> Value {
    json!({
        "school": "滨江中等专业学校", "title": "安全隐患排查整改登记表", "number": "YH-2026-0137",
        "fields": [
            {"label": "排查日期", "value": "2026-09-07"}, {"label": "排查人", "value": "王晓东"},
            {"label": "区域", "value": "实训楼三层"}, {"label": "风险等级", "value": "较大风险"},
            {"label": "问题描述", "value": "数控车间2号配电箱门锁损坏，箱内积尘较多，部分线路绝缘层老化；消防通道东侧堆放废旧毛坯料约两箱，影响疏散。\n现场已设置警示标识并停用相关设备。"},
            {"label": "责任人", "value": "李𬭚"}, {"label": "整改期限", "value": "2026-09-14"},
            {"label": "整改措施", "value": "更换配电箱门锁和老化线路，清理积尘；清运毛坯料，划定物料区。", "wide": true},
            {"label": "整改费用", "value": "1,260.00 元"}, {"label": "当前状态", "value": "已销号"},
            {"label": "备注", "value": ""}
        ],
        "flow": [
            {"step": "登记", "actor": "王晓东", "time": "2026-09-07 10:20", "note": ""},
            {"step": "整改", "actor": "李𬭚", "time": "2026-09-11 16:05", "note": "线路已更换，物料已清运，请复查。"},
            {"step": "复查通过", "actor": "赵国庆", "time": "2026-09-12 09:30", "note": "现场复查合格，同意销号。"}
        ],
        "signatures": ["排查人", "整改责任人", "复查人"],
        "printed_at": "2026-09-12 10:02", "printed_by": "赵国庆"
    })
}

fn home_visit() -> Value {
    json!({
        "school": "滨江中等专业学校", "title": "家访记录表",
        "fields": [
            {"label": "学生姓名", "value": "张䶮"}, {"label": "班级", "value": "2025级数控1班"},
            {"label": "家访日期", "value": "2026-10-18"}, {"label": "方式", "value": "入户"},
            {"label": "受访家长", "value": "张建国（父亲）"},
            {"label": "家访内容", "value": "了解学生在家学习与作息情况，反馈近期实训课表现。家长反映学生周末使用手机时间偏长，".repeat(8)},
            {"label": "家访教师", "value": "陈敏"}
        ],
        "printed_at": "2026-10-20 08:30"
    })
}

fn hazard_list() -> Value {
    let rows: Vec<Value> = (1..=120)
        .map(|n| {
            let place = ["实训楼三层", "学生宿舍1号楼", "食堂", "教学楼西侧楼梯"][n % 4];
            let level = ["一般风险", "较大风险", "低风险"][n % 3];
            let finding = [
                "灭火器压力不足，需更换。",
                "配电箱门锁损坏，线路老化，消防通道东侧堆放废旧毛坯料，影响疏散。",
            ][n % 2];
            let person = ["王晓东", "李𬭚", "欧阳㛃"][n % 3];
            let state = ["待整改", "待复查", "已销号"][n % 3];
            let (found, due) = (
                format!("2026-09-{:02}", n % 28 + 1),
                format!("2026-10-{:02}", n % 28 + 1),
            );
            json!([
                format!("YH-2026-{n:04}"),
                found,
                place,
                level,
                finding,
                person,
                due,
                state
            ])
        })
        .collect();
    json!({
        "school": "滨江中等专业学校", "title": "安全隐患排查台账", "filters": ["状态：全部", "排查日期：2026-09-01 至 2026-09-30"],
        "columns": [{"heading": "编号"}, {"heading": "排查日期", "align": "center"}, {"heading": "区域"}, {"heading": "风险等级", "align": "center"},
            {"heading": "问题描述"}, {"heading": "责任人"}, {"heading": "整改期限", "align": "center"}, {"heading": "状态", "align": "center"}],
        "rows": rows, "summary": "共 120 条", "printed_at": "2026-10-08 14:20", "printed_by": "赵国庆"
    })
}

fn student_list() -> Value {
    let headings = [
        "学号",
        "姓名",
        "性别",
        "民族",
        "身份证号",
        "出生日期",
        "班级",
        "专业",
        "入学年月",
        "学籍状态",
        "政治面貌",
        "户口性质",
        "联系电话",
        "监护人",
        "家庭住址",
    ];
    let rows: Vec<Value> = (1..=500)
        .map(|n| {
            json!([
                format!("2025{n:05}"),
                "张䶮",
                "男",
                "汉族",
                format!("32050120090101{n:04}"),
                "2009-01-01",
                "2025级数控1班",
                "数控技术应用",
                "2025-09",
                "在读",
                "共青团员",
                "非农业",
                "13800000000",
                "张建国",
                "江苏省苏州市姑苏区人民路100号2幢301室"
            ])
        })
        .collect();
    json!({
        "school": "滨江中等专业学校", "title": "学生花名册", "filters": ["年级：2025级"],
        "columns": headings.map(|heading| json!({"heading": heading})), "rows": rows, "summary": "共 500 人", "printed_at": "2026-10-08 14:20"
    })
}
