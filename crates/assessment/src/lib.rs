//! Skill certification and contests (评价与竞赛).
