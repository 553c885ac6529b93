//! From a drawn flow to the engine's.
use super::drawing::{Drawing, DrawnFlow};
use crate::register::flow::{Flow, Guard, Stage, Who};
use crate::register::spec::Role;

/// The flow; `role` knows the installation's roles.
pub fn flow_of(drawing: &Drawing, role: &dyn Fn(&str) -> Option<Role>) -> Flow {
    match &drawing.flow {
        DrawnFlow::None => Flow::none(),
        DrawnFlow::Approvals(stages) => {
            let stages: Vec<Stage> = stages
                .iter()
                .enumerate()
                .filter_map(|(at, stage)| {
                    let who = [Who::Role(role(&stage.role)?)];
                    let made = Stage::by(&format!("s{}", at + 1), &stage.title, &who);
                    Some(match stage.over_field.is_empty() {
                        true => made,
                        false => made.when(Guard::above(
                            &stage.over_field,
                            scaled(drawing, stage.over, &stage.over_field),
                        )),
                    })
                })
                .collect();
            Flow::approvals(&stages, "已批准")
        }
        DrawnFlow::Handling => {
            let keepers: Vec<Who> = drawing
                .keepers
                .iter()
                .filter_map(|id| role(id))
                .map(Who::Role)
                .collect();
            let mut doers = keepers.clone();
            if !drawing.owner.is_empty() {
                doers.push(Who::Field(drawing.owner.clone()));
            }
            Flow::starts("待办理")
                .open("待确认")
                .done("已办结")
                .step("finish", "办理完成", &["待办理"], "待确认", &doers)
                .within_days(5)
                .step("confirm", "确认", &["待确认"], "已办结", &keepers)
                .within_days(3)
                .signed("确认意见")
                .step("back", "退回", &["待确认"], "待办理", &keepers)
                .with_note()
        }
    }
}

/// A limit as the field's number is stored: fen, hundredths.
fn scaled(drawing: &Drawing, limit: i64, field: &str) -> i64 {
    match drawing.field(field).map(|f| f.kind.as_str()) {
        Some("money" | "decimal") => limit.saturating_mul(100),
        _ => limit,
    }
}
