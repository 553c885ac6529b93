//! A register of a hundred thousand records: what a large school has after years.
use super::load;
use super::school::School;
use kernel::app::Scope;
use kernel::args;
use kernel::clock::Clock;
use kernel::register::query::select_sql;
use kernel::register::spec::RegisterSpec;
use kernel::register::store::{Draft, Record, create_many};
use kernel::value::Value;
use uuid::Uuid;
use zhixing::assemble::Place;

/// Home visits in the end.
pub const RECORDS: usize = 100_000;
/// Written at once.
const BATCH: usize = 5_000;

/// Two filters and a sort.
pub const LIST: &str = "/r/home_visit?f.way=home&f.visited_on=2024-01-01..2026-06-30&sort=-visited_on";

/// Rows on its page.
pub fn full(body: &[u8]) -> bool {
    load::count(body, b"<tr") > 50
}

/// Copies the school's home visits to earlier days until there are [`RECORDS`].
pub fn fill(school: &School) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let place = Place {
            data: school.data(),
            db: school.db.clone(),
            files: None,
            clock: Clock::fixed(super::school::TODAY).expect("a day"),
        };
        let app = zhixing::assemble::open(&place).await.expect("opens");
        let scope = Scope::system(&app, 1, "基准测试");
        let spec = scope.register("home_visit").expect("a register").clone();
        let known = values(&scope, &spec).await;
        let date = spec.date.expect("a dated register");
        let drafts: Vec<Draft> = (1..)
            .flat_map(|back| known.iter().map(move |values| (back, values)))
            .take(RECORDS - known.len())
            .map(|(back, values)| {
                let mut values = values.clone();
                let day = values[date].date().expect("a day");
                values[date] = (day - chrono::Days::new(back * 13)).into();
                Draft {
                    id: Uuid::now_v7(),
                    values,
                    state: None,
                    at: None,
                }
            })
            .collect();
        for batch in drafts.chunks(BATCH) {
            if create_many(&scope, &spec, batch.to_vec()).await.is_err() {
                panic!("visits of earlier days are as good as those there are");
            }
        }
        app.db.analyze("r_home_visit").await.expect("statistics");
        app.db.close().await;
    });
}

async fn values(scope: &Scope, spec: &RegisterSpec) -> Vec<Vec<Value>> {
    let fields: Vec<usize> = (0..spec.fields.len()).collect();
    let sql = format!(
        "{} where t.school_id = $1 order by t.id",
        select_sql(spec, &fields)
    );
    let rows = scope.db().all(&sql, args![scope.school]).await.expect("SQL");
    let read = |row| Record::read(spec, &fields, row, &scope.app.seal).expect("a record");
    rows.iter().map(|row| read(row).values).collect()
}
