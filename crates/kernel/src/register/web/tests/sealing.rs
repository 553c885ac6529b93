//! Starting on what was not sealed yet, and with a key that does not fit.
use super::sealed::at_rest;
use super::*;
use crate::app::Registers;
use crate::args;
use crate::register::query::select_sql;
use crate::register::store::Record;
use crate::schema;

/// Plain columns, one of them a number, as a program before sealing left them.
#[tokio::test]
async fn what_was_plain_is_sealed_at_the_next_start() {
    let plain = |spec: &mut RegisterSpec| {
        let phone = spec.index("phone").expect("a field");
        spec.fields[phone].sealed = false;
        spec.unique.push(vec![phone]);
    };
    for story in stories_with(plain).await {
        let mut ids = vec![];
        for number in 0..3 {
            let item = Item {
                phone: Some(format!("1391234567{number}")),
                amount: (number > 0).then_some(700 + number),
                ..story.item(&format!("A{number}"), "焊机")
            };
            ids.push(story.write(&story.office, &item).await);
        }
        let mut sealed = story.item.clone();
        for name in ["phone", "amount"] {
            let at = sealed.index(name).expect("a field");
            sealed.fields[at].sealed = true;
        }
        let app = &story.app.app;
        let registers = || Registers::new(vec![RegisterSpec::of::<Dept>(), sealed.clone()]);
        let before = at_rest(&story).await;
        assert!(
            before.contains("13912345671") && before.contains("\"amount\":701"),
            "{before}"
        );
        for _ in 0..2 {
            schema::prepare(&app.db, &registers(), &app.seal)
                .await
                .expect("sealed");
        }
        let after = at_rest(&story).await;
        assert!(
            !after.contains("139123") && !after.contains("\"amount\":7"),
            "{after}"
        );
        assert_eq!(after.matches("sm4:").count(), 10, "{after}");
        let all: Vec<usize> = (0..sealed.fields.len()).collect();
        let sql = format!(
            "{} where t.school_id = $1 order by t.f_number",
            select_sql(&sealed, &all)
        );
        let rows = app.db.all(&sql, args![1i64]).await.expect("rows");
        let records: Vec<Record> = rows
            .iter()
            .map(|row| Record::read(&sealed, &all, row, &app.seal).expect("a record"))
            .collect();
        for (number, record) in records.iter().enumerate() {
            let phone = format!("1391234567{number}");
            assert_eq!(
                field(&sealed, &record.values, "phone").text(),
                Some(phone.as_str())
            );
            let amount = (number > 0).then_some(700 + number as i64);
            assert_eq!(field(&sealed, &record.values, "amount").int(), amount);
        }
        // The number is still taken.
        let again = Item {
            phone: Some("13912345671".into()),
            ..story.item("B1", "重复")
        };
        let system = story.app.system();
        let refused = store::create(&system, &sealed, Draft::new(again.to_values())).await;
        assert!(refused.is_err_and(|error| error.to_string().contains("已有保管电话相同的记录")));
        let twice = "update r_item set f_phone = (select f_phone from r_item where id = $1) where id = $2";
        assert!(
            app.db.run(twice, args![ids[1], ids[2]]).await.is_err(),
            "the index stands"
        );
        // An older program must not write plain text beside cipher text.
        let older = Registers::new(vec![RegisterSpec::of::<Dept>(), story.item.clone()]);
        let refused = schema::prepare(&app.db, &older, &app.seal)
            .await
            .expect_err("refused");
        assert!(
            refused.to_string().contains("sealed in the database"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn another_key_stops_the_start() {
    for story in stories().await {
        let (db, data) = (&story.app.app.db, &story.app.app.data);
        let path = crate::seal::key_path(data);
        let key = crate::seal::read_key(&path)
            .expect("readable")
            .expect("made at the first start");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let refused = async || {
            crate::seal::open(db, data)
                .await
                .expect_err("refused")
                .to_string()
        };
        std::fs::remove_file(&path).expect("gone");
        assert!(refused().await.contains("缺少密钥文件"));
        assert!(!path.exists(), "no new key is made over lost data");
        crate::seal::write_key(&path, &[1; 32]).expect("another key");
        assert!(refused().await.contains("与数据库不符"));
        std::fs::write(&path, b"short").expect("a ruin");
        assert!(refused().await.contains("已损坏"));
        // A restore that stopped between its commit and the renaming of its key.
        crate::seal::write_key(&path, &[1; 32]).expect("the key from before");
        crate::seal::write_key(&crate::seal::restored_key_path(data), &key).expect("the key of the backup");
        crate::seal::open(db, data).await.expect("opens");
        assert_eq!(crate::seal::read_key(&path).expect("readable"), Some(key));
    }
}
