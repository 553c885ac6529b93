//! The roles of a school (角色). A grant is (person, role, node of the unit tree).
use kernel::access::RoleSpec;
use kernel::register::spec::{Access, Reach, Role, may_read, may_write};

/// 系统管理员: accounts, grants and the basic lists.
pub const ADMIN: Role = "admin";
/// 校长
pub const PRINCIPAL: Role = "principal";
/// 分管副校长
pub const VICE_PRINCIPAL: Role = "vice-principal";
/// 办公室: documents, units and staff.
pub const OFFICE: Role = "office";
/// 教务处
pub const TEACHING_OFFICE: Role = "teaching-office";
/// 学生处: the roll, moral education, home visits.
pub const STUDENT_OFFICE: Role = "student-office";
/// 安全办
pub const SAFETY_OFFICE: Role = "safety-office";
/// 招生就业处
pub const ENROLMENT_OFFICE: Role = "enrolment-office";
/// 实训处
pub const TRAINING_OFFICE: Role = "training-office";
/// 总务处: rooms and property.
pub const GENERAL_AFFAIRS: Role = "general-affairs";
/// 党委办公室: 党建、宣传、纪检 records.
pub const PARTY_OFFICE: Role = "party-office";
/// 人事处: staff files, leave, external teachers.
pub const PERSONNEL: Role = "personnel";
/// 教科研处: projects, results, training of teachers.
pub const RESEARCH_OFFICE: Role = "research-office";
/// 财务处: budgets, purchases, aid payments.
pub const FINANCE: Role = "finance";
/// 校企合作处: enterprises, internship, social training.
pub const COOPERATION_OFFICE: Role = "cooperation-office";
/// 资助中心: need levels and grants.
pub const AID_OFFICE: Role = "aid-office";
/// 团委: clubs and activities.
pub const YOUTH_LEAGUE: Role = "youth-league";
/// 心理教师: the only one who opens counselling files.
pub const COUNSELLOR: Role = "counsellor";
/// 宿舍管理员: dormitories.
pub const DORM_KEEPER: Role = "dorm-keeper";
/// 门卫: the gate.
pub const GATE_KEEPER: Role = "gate-keeper";
/// 卫生膳食科: the clinic and the canteen.
pub const HEALTH_OFFICE: Role = "health-office";
/// 信息中心: machines that feed data, network security.
pub const IT_CENTER: Role = "it-center";
/// 工会: the union.
pub const UNION: Role = "union";
/// 台账设计员: draws registers of the school's own.
pub const DESIGNER: Role = "register-designer";
/// 系主任, granted at a department.
pub const DEPARTMENT_HEAD: Role = "department-head";
/// 教研室主任, granted at a teaching group.
pub const RESEARCH_LEAD: Role = "research-lead";
/// 班主任, granted at a class.
pub const CLASS_TEACHER: Role = "class-teacher";
/// 教师
pub const TEACHER: Role = "teacher";
/// 督导
pub const SUPERVISOR: Role = "supervisor";

/// All roles.
pub fn roles() -> Vec<RoleSpec> {
    let role = |id, title| RoleSpec {
        id,
        title,
        reads_all: false,
        manages: false,
    };
    let reader = |id, title| RoleSpec {
        reads_all: true,
        ..role(id, title)
    };
    vec![
        RoleSpec {
            manages: true,
            ..role(ADMIN, "系统管理员")
        },
        reader(PRINCIPAL, "校长"),
        reader(VICE_PRINCIPAL, "分管副校长"),
        role(OFFICE, "办公室"),
        role(TEACHING_OFFICE, "教务处"),
        role(STUDENT_OFFICE, "学生处"),
        role(SAFETY_OFFICE, "安全办"),
        role(ENROLMENT_OFFICE, "招生就业处"),
        role(TRAINING_OFFICE, "实训处"),
        role(GENERAL_AFFAIRS, "总务处"),
        role(PARTY_OFFICE, "党委办公室"),
        role(PERSONNEL, "人事处"),
        role(RESEARCH_OFFICE, "教科研处"),
        role(FINANCE, "财务处"),
        role(COOPERATION_OFFICE, "校企合作处"),
        role(AID_OFFICE, "资助中心"),
        role(YOUTH_LEAGUE, "团委"),
        role(COUNSELLOR, "心理教师"),
        role(DORM_KEEPER, "宿舍管理员"),
        role(GATE_KEEPER, "门卫"),
        role(HEALTH_OFFICE, "卫生膳食科"),
        role(IT_CENTER, "信息中心"),
        role(UNION, "工会"),
        role(DESIGNER, "台账设计员"),
        role(DEPARTMENT_HEAD, "系主任"),
        role(RESEARCH_LEAD, "教研室主任"),
        role(CLASS_TEACHER, "班主任"),
        role(TEACHER, "教师"),
        reader(SUPERVISOR, "督导"),
    ]
}

/// Access to a list everybody looks things up in: `keepers` keep it, every other role reads it, sealed fields masked.
pub fn directory(keepers: &[Role]) -> Vec<Access> {
    roles()
        .iter()
        .map(|role| {
            if keepers.contains(&role.id) {
                may_write(role.id, Reach::School)
            } else {
                may_read(role.id, Reach::School)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_administrator_manages_accounts_and_reads_nothing_by_that() {
        let managers: Vec<_> = roles().into_iter().filter(|r| r.manages).collect();
        assert_eq!(managers.len(), 1);
        assert_eq!(managers[0].id, ADMIN);
        assert!(!managers[0].reads_all);
    }

    #[test]
    fn a_directory_is_read_by_all_and_written_by_its_keepers() {
        let access = directory(&[OFFICE]);
        assert_eq!(access.len(), roles().len());
        let writers: Vec<_> = access
            .iter()
            .filter(|a| a.write.is_some())
            .map(|a| a.role)
            .collect();
        assert_eq!(writers, [OFFICE]);
    }
}
