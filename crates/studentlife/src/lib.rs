//! Home visits, moral education and enrolment (学生工作).
