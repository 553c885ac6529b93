//! The demo accounts: one of each role, each linked to the member of staff who holds the post.

use anyhow::Result;
use kernel::admin::accounts::{self, NewAccount};
use kernel::app::Scope;
use kernel::auth;
use people::roles;
use uuid::Uuid;

use super::world::World;
use crate::Post;

/// A demo account as it is shown once.
#[derive(Debug, Clone)]
pub struct DemoAccount {
    /// Login name.
    pub login: String,
    /// Password, random for each installation.
    pub password: String,
    /// Chinese title of the role, with the unit where it is not the whole school.
    pub role: String,
    /// Name of the person.
    pub name: String,
}

/// Login, role, member of staff, node and its name (none: the whole school).
struct Line {
    login: &'static str,
    role: &'static str,
    staff: usize,
    node: Option<(Uuid, String)>,
}

/// Makes the accounts with their grants.
pub async fn write(scope: &Scope, world: &World) -> Result<Vec<DemoAccount>> {
    let lines = lines(world);
    // Hashing a password takes a while by design, so all are hashed at a time.
    let making: Vec<_> = lines
        .iter()
        .map(|line| {
            let scope = scope.clone();
            let (login, name) = (line.login, world.school.staff[line.staff].name.clone());
            let staff = Some(world.ids.staff[line.staff]);
            tokio::spawn(async move {
                let password = password_for(login);
                let new = NewAccount {
                    login,
                    name: &name,
                    password: &password,
                    must_change: false,
                    staff,
                };
                let id = accounts::create(&scope, new).await?;
                anyhow::Ok((id, password, name))
            })
        })
        .collect();
    let mut made = vec![];
    for (line, making) in lines.into_iter().zip(making) {
        let (id, password, name) = making.await??;
        let title = scope.app.roles.iter().find(|role| role.id == line.role);
        let mut role = title.map_or(line.role, |role| role.title).to_owned();
        if let Some((_, unit)) = &line.node {
            role = format!("{role}（{unit}）");
        }
        accounts::grant(scope, id, line.role, line.node.map(|(node, _)| node)).await?;
        made.push(DemoAccount {
            login: line.login.to_owned(),
            password,
            role,
            name,
        });
    }
    Ok(made)
}

/// A random password that the rules for passwords accept: with letters and digits.
fn password_for(login: &str) -> String {
    loop {
        let password = auth::random_password();
        if auth::password_fault(&password, login).is_none() {
            return password;
        }
    }
}

fn lines(world: &World) -> Vec<Line> {
    let school = &world.school;
    let whole = |login, role, staff| Line {
        login,
        role,
        staff,
        node: None,
    };
    let head = |office| world.head_of(office);
    let clerk = |office: &str| *world.office_staff(office).last().expect("an office has staff");
    let second = |office: &str| world.office_staff(office)[1];
    let class = &school.classes[0];
    let department = school.majors[class.major].department;
    let group = &school.groups[0];
    let teacher = school.staff.iter().position(|member| {
        let leads = school
            .classes
            .iter()
            .any(|class| school.staff[class.head_teacher].number == member.number);
        member.post == Post::Teacher && !leads
    });
    vec![
        whole("admin", roles::ADMIN, clerk("办公室")),
        whole("xiaozhang", roles::PRINCIPAL, world.holders(Post::Principal)[0]),
        whole(
            "fuxiaozhang",
            roles::VICE_PRINCIPAL,
            world.holders(Post::VicePrincipal)[0],
        ),
        whole("bangongshi", roles::OFFICE, head("办公室")),
        whole("jiaowu", roles::TEACHING_OFFICE, head("教务处")),
        whole("xuesheng", roles::STUDENT_OFFICE, head("学生处")),
        whole("anquan", roles::SAFETY_OFFICE, head("安全办")),
        whole("zhaosheng", roles::ENROLMENT_OFFICE, head("招生就业处")),
        whole("shixun", roles::TRAINING_OFFICE, head("实训处")),
        whole("zongwu", roles::GENERAL_AFFAIRS, head("总务处")),
        whole("dangban", roles::PARTY_OFFICE, head("党委办公室")),
        whole("renshi", roles::PERSONNEL, head("人事处")),
        whole("keyan", roles::RESEARCH_OFFICE, head("教科研处")),
        whole("caiwu", roles::FINANCE, head("财务处")),
        whole("hezuo", roles::COOPERATION_OFFICE, head("校企合作处")),
        whole("zizhu", roles::AID_OFFICE, clerk("学生处")),
        whole("xinli", roles::COUNSELLOR, second("学生处")),
        whole("tuanwei", roles::YOUTH_LEAGUE, head("团委")),
        whole("suguan", roles::DORM_KEEPER, clerk("总务处")),
        whole("menwei", roles::GATE_KEEPER, clerk("安全办")),
        whole("weisheng", roles::HEALTH_OFFICE, second("总务处")),
        whole("xinxi", roles::IT_CENTER, head("信息中心")),
        whole("taizhang", roles::DESIGNER, clerk("信息中心")),
        whole("gonghui", roles::UNION, second("办公室")),
        Line {
            login: "xizhuren",
            role: roles::DEPARTMENT_HEAD,
            staff: school.departments[department].head,
            node: Some((
                world.ids.departments[department],
                school.departments[department].name.into(),
            )),
        },
        Line {
            login: "jiaoyanshi",
            role: roles::RESEARCH_LEAD,
            staff: group.lead,
            node: Some((world.ids.groups[0], group.name.into())),
        },
        Line {
            login: "banzhuren",
            role: roles::CLASS_TEACHER,
            staff: class.head_teacher,
            node: Some((world.ids.classes[0], class.name.clone())),
        },
        whole("jiaoshi", roles::TEACHER, teacher.unwrap_or(class.head_teacher)),
        whole("dudao", roles::SUPERVISOR, head("督导室")),
    ]
}
