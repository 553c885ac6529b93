//! Out and in again: by Excel and by REST, as the keeper of the register.
use super::generate::Forge;
use crate::support::{Answer, Client, House};
use axum::http::Method;
use kernel::register::spec::{Access, FieldKind, FieldSpec, Reach, RegisterSpec};
use kernel::register::store::{self, Draft};
use kernel::register::values;
use kernel::schema::{column, table};
use kernel::value::Value;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Records that make the trip.
const RECORDS: usize = 3;

/// The role that keeps the whole register.
fn keeper(spec: &RegisterSpec) -> Option<&'static str> {
    let whole = |a: &&Access| a.write == Some(Reach::School);
    let open = spec.access.iter().filter(whole).find(|a| a.sealed);
    open.or_else(|| spec.access.iter().find(whole))
        .or_else(|| spec.access.iter().find(|a| a.write == Some(Reach::Unit)))
        .or_else(|| spec.access.iter().find(|a| a.write.is_some()))
        .map(|access| access.role)
}

/// Exports, voids, imports, exports again; then one record over REST. Gives what went wrong.
pub async fn walk(house: &House, spec: &RegisterSpec, forge: &mut Forge) -> Vec<String> {
    let Some(role) = keeper(spec) else {
        return vec![];
    };
    let account = house.account(&format!("walk-{}", spec.id), role, None).await;
    let (browser, program) = (house.browser(account).await, house.program(account).await);
    let mut wrong = vec![];
    if let Err(why) = sheet(house, spec, forge, &browser).await {
        wrong.push(format!("{} Excel: {why}", spec.id));
    }
    if let Err(why) = rest(house, spec, forge, &program).await {
        wrong.push(format!("{} REST: {why}", spec.id));
    }
    wrong
}

/// Which records make the trip: all live ones, or those below one of their own kind (departments of a school).
struct Trip {
    /// The query of the export.
    query: String,
    /// The condition of the table.
    condition: String,
}

async fn sheet(
    house: &House,
    spec: &RegisterSpec,
    forge: &mut Forge,
    browser: &Client,
) -> Result<(), String> {
    let own = |field: &&FieldSpec| field.kind == FieldKind::Ref(spec.id.clone());
    let above = spec
        .fields
        .iter()
        .find(own)
        .and_then(|field| Some((field, forge.one(&spec.id)?)));
    let trip = match above {
        Some((field, id)) => Trip {
            query: format!("?f.{}={id}", field.name),
            condition: format!("{} = $1", column(field)),
        },
        None => Trip {
            query: String::new(),
            condition: "id <> $1".into(),
        },
    };
    let parent = above.map_or(Uuid::nil(), |(_, id)| id);
    let mark = async |from: &str, to: &str| {
        let sql = format!(
            "update {} set void_reason = {to} where {from} and {}",
            table(spec),
            trip.condition
        );
        let done = house.app.db.run(&sql, kernel::args![parent]).await;
        done.map_err(|error| format!("{error:?}"))
    };
    // Everything older is put aside.
    let older = mark("void_reason is null", "'aside'").await?;
    let answer = travel(house, spec, forge, browser, (&trip.query, above)).await;
    mark("void_reason is null", "'copy'").await?;
    let back = mark("void_reason = 'aside'", "null").await?;
    assert_eq!(back, older, "{}: the older records are there again", spec.id);
    answer
}

/// New records, exported, voided, imported, exported again: both exports are the same.
async fn travel(
    house: &House,
    spec: &RegisterSpec,
    forge: &mut Forge,
    browser: &Client,
    (query, above): (&str, Option<(&FieldSpec, Uuid)>),
) -> Result<(), String> {
    let scope = house.scope();
    let own = |field: &&FieldSpec| field.kind == FieldKind::Ref(spec.id.clone());
    let mut ids = vec![];
    let mut refused = String::new();
    for _ in 0..RECORDS * 20 {
        if ids.len() == RECORDS {
            break;
        }
        let mut values = forge.values(&scope, spec, &[])?;
        for (at, field) in spec.fields.iter().enumerate().filter(|(_, field)| own(field)) {
            values[at] = match above {
                Some((above, id)) if above.name == field.name => id.into(),
                _ => Value::Null(field.kind.sql()),
            };
        }
        match store::create(&scope, spec, Draft::new(values.clone())).await {
            Ok(id) => {
                ids.push(id);
                forge.release(spec, &values);
            }
            Err(error) => refused = format!("{error:?}"),
        }
    }
    if ids.len() < RECORDS {
        return Err(refused);
    }
    template(spec, browser).await?;
    let before = export(spec, browser, query).await?;
    let file = file_of(spec, browser, query).await.expect(200).bytes;
    for id in ids {
        let sql = format!("update {} set void_reason = 'copy' where id = $1", table(spec));
        let done = house.app.db.run(&sql, kernel::args![id]).await;
        done.map_err(|error| format!("{error:?}"))?;
    }
    import(spec, browser, &file).await?;
    let after = export(spec, browser, query).await?;
    // One row more: the headings.
    match after == before && after.len() == RECORDS + 1 {
        true => Ok(()),
        false => Err(format!("comes back changed:\n{before:?}\n{after:?}")),
    }
}

/// The sheet to fill in asks for everything that people enter and nothing that the system works out.
async fn template(spec: &RegisterSpec, browser: &Client) -> Result<(), String> {
    let file = browser.get(&format!("/r/{}/template.xlsx", spec.id)).await;
    let sheets = print::xlsx_read(&file.expect(200).bytes).map_err(|error| error.to_string())?;
    let row = sheets
        .first()
        .and_then(|sheet| sheet.rows.first())
        .ok_or("no headings")?;
    let asked: Vec<String> = row
        .cells
        .iter()
        .map(|cell| print::plain_heading(&cell.text()).to_owned())
        .collect();
    let fields = spec.fields.iter().enumerate();
    let wanted: Vec<&str> = fields
        .filter(|(at, field)| field.kind != FieldKind::Files && !spec.computed.contains(at))
        .map(|(_, field)| field.label.as_str())
        .collect();
    match asked == wanted {
        true => Ok(()),
        false => Err(format!("the template asks for {asked:?} instead of {wanted:?}")),
    }
}

async fn import(spec: &RegisterSpec, browser: &Client, file: &[u8]) -> Result<(), String> {
    let path = format!("/r/{}/import", spec.id);
    let page = browser.post_file(&path, &[], ("file", "x.xlsx", file)).await;
    let text = page.text();
    let action = text
        .split("action=\"")
        .find(|rest| rest.starts_with(&format!("{path}/")))
        .and_then(|rest| rest.split('"').next());
    let Some(action) = action.filter(|_| page.status == 200) else {
        let shown: String = plain(&text).chars().skip(120).take(260).collect();
        return Err(format!("the export is not taken back ({}): {shown}", page.status));
    };
    browser.post(action, &[]).await.expect(303);
    Ok(())
}

/// What stands on a page, without its tags.
fn plain(html: &str) -> String {
    let main = html.split("<main").nth(1).unwrap_or(html);
    let mut text = String::new();
    let mut inside = false;
    for c in main.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The export, with sealed fields open where there are any: masked ones could not be read back.
async fn file_of(spec: &RegisterSpec, browser: &Client, query: &str) -> Answer {
    if !spec.has_sealed() {
        return browser.get(&format!("/r/{}/export.xlsx{query}", spec.id)).await;
    }
    let path = format!("/r/{}/export-sealed.xlsx{query}", spec.id);
    browser.post(&path, &[("why", "核对信息"), ("words", "")]).await
}

/// The rows of the export, sorted, without the state: an import begins anew.
async fn export(spec: &RegisterSpec, browser: &Client, query: &str) -> Result<Vec<Vec<String>>, String> {
    let answer = file_of(spec, browser, query).await;
    if answer.status != 200 {
        return Err(format!("{}: {}", answer.status, plain(&answer.text())));
    }
    let sheets = print::xlsx_read(&answer.bytes).map_err(|error| error.to_string())?;
    let sheet = sheets.first().ok_or("no sheet")?;
    let width = spec.fields.len();
    let mut rows: Vec<Vec<String>> = sheet
        .rows
        .iter()
        .map(|row| {
            row.cells
                .iter()
                .take(width)
                .map(|cell| format!("{cell:?}"))
                .collect()
        })
        .collect();
    rows.sort();
    Ok(rows)
}

async fn rest(house: &House, spec: &RegisterSpec, forge: &mut Forge, program: &Client) -> Result<(), String> {
    let scope = house.scope();
    let sent = forge.values(&scope, spec, &[])?;
    let base = format!("/api/registers/{}", spec.id);
    let made = program
        .json(Method::POST, &base, &fields(spec, &sent, |_| true))
        .await;
    if made.status != 201 {
        return Err(format!("create {}: {}", made.status, made.text()));
    }
    let made = made.json();
    let path = format!("{base}/{}", made["id"].as_str().ok_or("no id")?);
    let got = program.get(&path).await.expect(200).json();
    for (at, field) in spec.fields.iter().enumerate() {
        let (want, is) = (values::json(field, &sent[at]), &got["fields"][&field.name]);
        let blank = |json: &Json| json.is_null() || *json == "" || *json == json!([]);
        if !field.sealed && want != *is && !(blank(&want) && blank(is)) {
            return Err(format!("{} was {want}, is {is}", field.name));
        }
    }
    let wrong = json!({ "fields": { "no_such_field": 1 } });
    let refused = program.json(Method::POST, &base, &wrong).await;
    if refused.status != 422 || !refused.text().contains("no_such_field") {
        return Err(format!("an unknown field: {}", refused.status));
    }
    let mut changed = fields(spec, &sent, |at| !spec.fields[at].sealed);
    changed["version"] = got["version"].clone();
    let again = program.json(Method::PUT, &path, &changed).await;
    // A request under way is not corrected by whoever made it.
    let locked =
        !spec.flow.editable.is_empty() && !spec.flow.editable.iter().any(|s| s == spec.flow.initial());
    if again.status != 200 && !(locked && again.status == 403) {
        return Err(format!("change {}: {}", again.status, again.text()));
    }
    Ok(())
}

fn fields(spec: &RegisterSpec, values: &[Value], which: impl Fn(usize) -> bool) -> Json {
    let mut map = serde_json::Map::new();
    for (at, field) in spec.fields.iter().enumerate() {
        if which(at) && field.kind != FieldKind::Files && !values[at].is_null() {
            map.insert(field.name.clone(), values::json(field, &values[at]));
        }
    }
    json!({ "fields": map })
}
