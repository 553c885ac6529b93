//! The tables as the databases really have them.
use crate::support::{Engine, House, on_both_databases};
use kernel::args;
use kernel::register::spec::FieldKind;
use kernel::schema;

on_both_databases!(registers_stand_under_their_school, the_same_start_twice);

/// Register tables are made from specs, not from migrations: their keys are read back.
async fn registers_stand_under_their_school(house: House) {
    let registers: Vec<_> = house.app.registers.iter().cloned().collect();
    assert!(registers.len() >= 15, "{} registers", registers.len());
    let school = "insert into {} (school_id, id, state, scope, label, search, version, created_at, created_by, \
                  updated_at, key_text, state_at) values ($1, $2, '', '', '', '', 1, $3, $2, $3, '', $3)";
    for spec in registers {
        let table = schema::table(&spec);
        let columns = house.app.db.columns_of(&table).await.expect("columns");
        let expected: Vec<(String, String)> = schema::expected(&spec)
            .into_iter()
            .map(|(name, kind)| (name, kind.ddl().to_owned()))
            .collect();
        assert_eq!(columns, expected, "{table}");
        // The same id in two schools is two rows; twice in one school is refused.
        let sql = school.replace("{}", &table);
        let id = uuid::Uuid::now_v7();
        let now = house.app.clock.now();
        for school in [1, 2] {
            house
                .app
                .db
                .run(&sql, args![school, id, now])
                .await
                .unwrap_or_else(|e| panic!("{table}: {e}"));
        }
        assert!(
            house.app.db.run(&sql, args![1, id, now]).await.is_err(),
            "{table} takes an id twice"
        );
    }
}

/// Opening again changes nothing and complains about nothing.
async fn the_same_start_twice(house: House) {
    let before = house.app.db.tables().await.expect("tables");
    let again = zhixing::assemble::open(&house.place).await.expect("opens again");
    assert_eq!(again.db.tables().await.expect("tables"), before);
    assert!(before.iter().any(|table| table == "r_hazard"), "{before:?}");
}

/// Looking up what belongs to a student or a room never reads the whole register.
#[tokio::test]
async fn references_are_indexed() {
    let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let sql = "select group_concat(name) from (select i.name as name, l.name as of from pragma_index_list($1) l, \
               pragma_index_info(l.name) i order by l.name, i.seqno) group by of";
    for spec in house.app.registers.iter() {
        let table = schema::table(spec);
        let rows = house
            .app
            .db
            .all(sql, args![table.as_str()])
            .await
            .expect("the indexes");
        let indexes: Vec<String> = rows.iter().map(|row| row.at(0).expect("columns")).collect();
        for field in spec
            .fields
            .iter()
            .filter(|field| matches!(field.kind, FieldKind::Ref(_)))
        {
            let start = format!("school_id,{}", schema::column(field));
            assert!(
                indexes.iter().any(|index| index.starts_with(&start)),
                "{table}: {start} in {indexes:?}"
            );
        }
    }
}
