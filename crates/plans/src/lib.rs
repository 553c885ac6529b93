//! Work plans, targets, duties, the board and the summary (计划与总结).
