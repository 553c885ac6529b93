//! Valid values for any register, found by search: start from plain values, change what the rules name until they are
//! content. Nothing here knows a register.
use chrono::{Days, Duration};
use demo::Rng;
use kernel::app::Scope;
use kernel::error::Violation;
use kernel::register::apart::Diary;
use kernel::register::flow::Guard;
use kernel::register::spec::{FieldKind, FieldSpec, RegisterSpec};
use kernel::register::{store, values};
use kernel::value::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Changes tried before a record is given up.
const MOST_ROUNDS: usize = 1_500;
/// Plain values the search sets out from before it gives up.
const MOST_STARTS: usize = 4;

/// A condition on the values, and whether it must hold.
pub type Wish = (Guard, bool);

/// Makes values; remembers which records there are to refer to.
pub struct Forge {
    rng: Rng,
    made: HashMap<String, Vec<Uuid>>,
    taken: HashSet<String>,
    diaries: HashMap<String, Diary>,
    count: u64,
    /// Of a hundred values that need not be there, those left out.
    pub sparing: u32,
    /// Days ago about which a record's days lie: what goes through long periods begins long ago.
    pub past: i64,
}

impl Forge {
    /// With chance from the seed.
    pub fn new(seed: u64) -> Forge {
        Forge {
            rng: Rng::new(seed),
            made: HashMap::new(),
            taken: HashSet::new(),
            diaries: HashMap::new(),
            count: 0,
            sparing: 50,
            past: 0,
        }
    }

    /// A record others may refer to.
    pub fn know(&mut self, register: &str, id: Uuid) {
        self.made.entry(register.to_owned()).or_default().push(id);
    }

    /// One of them.
    pub fn one(&self, register: &str) -> Option<Uuid> {
        self.made.get(register).and_then(|ids| ids.first().copied())
    }

    /// Values the register accepts and for which the wishes hold.
    pub fn values(
        &mut self,
        scope: &Scope,
        spec: &RegisterSpec,
        wishes: &[Wish],
    ) -> Result<Vec<Value>, String> {
        let all: Vec<usize> = (0..spec.fields.len()).collect();
        let mut found = Err(String::new());
        for _ in 0..MOST_STARTS {
            self.count += 1;
            let start = spec
                .fields
                .iter()
                .enumerate()
                .map(|(at, field)| match field.required {
                    true => self.candidate(scope, field, spec.label.contains(&at)),
                    false => empty(field),
                })
                .collect();
            found = self.search(scope, spec, start, &all, wishes, &[], true);
            if found.is_ok() {
                break;
            }
        }
        let mut values = found?;
        // What need not be there is not: a later step brings it.
        for (at, field) in spec
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| !field.required)
        {
            let mut less = values.clone();
            less[at] = empty(field);
            if self.faults(scope, spec, &less, wishes, &[], true).1.is_empty()
                && self.rng.chance(self.sparing)
            {
                values = less;
            }
        }
        store::complete(scope, spec, &mut values, true);
        self.taken.extend(tuples(spec, &values));
        let diary = self.diaries.entry(spec.id.clone()).or_default();
        diary.enter(spec, &values, Some(spec.flow.initial()));
        Ok(values)
    }

    /// The values of a record with `free` fields changed so that it is accepted and `filled` ones are not empty.
    pub fn fill(
        &mut self,
        scope: &Scope,
        spec: &RegisterSpec,
        start: Vec<Value>,
        (free, filled): (&[usize], &[usize]),
        wishes: &[Wish],
    ) -> Result<Vec<Value>, String> {
        self.count += 1;
        self.search(scope, spec, start, free, wishes, filled, false)
    }

    /// The values may be used again: their record is void.
    pub fn release(&mut self, spec: &RegisterSpec, values: &[Value]) {
        for tuple in tuples(spec, values) {
            self.taken.remove(&tuple);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn search(
        &mut self,
        scope: &Scope,
        spec: &RegisterSpec,
        start: Vec<Value>,
        free: &[usize],
        wishes: &[Wish],
        filled: &[usize],
        new: bool,
    ) -> Result<Vec<Value>, String> {
        let mut best = start;
        let mut found = self.faults(scope, spec, &best, wishes, filled, new);
        for _ in 0..MOST_ROUNDS {
            let Some(fault) = (!found.1.is_empty()).then(|| self.rng.pick(&found.1).clone()) else {
                store::complete(scope, spec, &mut best, new);
                return Ok(best);
            };
            let mut next = best.clone();
            let named = spec.index(&fault.field).filter(|at| free.contains(at));
            for turn in 0..1 + self.rng.below(3) {
                let at = match named {
                    Some(at) if turn == 0 && self.rng.chance(60) => at,
                    _ if free.is_empty() => break,
                    _ => *self.rng.pick(free),
                };
                next[at] = match spec.fields[at].required || filled.contains(&at) || self.rng.chance(75) {
                    true => self
                        .near(&best, &spec.fields[at])
                        .unwrap_or_else(|| self.candidate(scope, &spec.fields[at], spec.label.contains(&at))),
                    false => empty(&spec.fields[at]),
                };
            }
            let faults = self.faults(scope, spec, &next, wishes, filled, new);
            if (faults.0, faults.1.len()) <= (found.0, found.1.len()) {
                (best, found) = (next, faults);
            }
        }
        let words: Vec<String> = found
            .1
            .iter()
            .map(|fault| format!("{}：{}", fault.field, fault.message))
            .collect();
        Err(format!("no valid values found: {}", words.join("；")))
    }

    /// Faults of the fields themselves come first (`true`), then those of the rules and wishes.
    fn faults(
        &self,
        scope: &Scope,
        spec: &RegisterSpec,
        record: &[Value],
        wishes: &[Wish],
        filled: &[usize],
        new: bool,
    ) -> (bool, Vec<Violation>) {
        let mut record = record.to_vec();
        store::complete(scope, spec, &mut record, new);
        let mut found: Vec<Violation> = vec![];
        for (at, field) in spec.fields.iter().enumerate() {
            let blank = record[at].is_null() || record[at].text().is_some_and(|text| text.trim().is_empty());
            if let Some(why) = values::fault(field, &record[at], &scope.app.codes) {
                found.push(Violation::new(&field.name, why));
            } else if filled.contains(&at) && blank {
                found.push(Violation::new(&field.name, "empty"));
            }
        }
        if !found.is_empty() {
            return (true, found);
        }
        found = store::faults(scope, spec, &record, new);
        if new
            && tuples(spec, &record)
                .iter()
                .any(|tuple| self.taken.contains(tuple))
        {
            let unique = spec
                .unique
                .iter()
                .flatten()
                .next()
                .expect("a tuple comes of a unique set");
            found.push(Violation::new(&spec.fields[*unique].name, "taken"));
        }
        let diary = self.diaries.get(&spec.id).filter(|_| new);
        if diary.is_some_and(|diary| !diary.is_free(spec, &record, Some(spec.flow.initial()))) {
            found.push(Violation::new(spec.apart[0].from, "overlaps"));
        }
        for (guard, wanted) in wishes {
            if guard.holds(spec, &record) != *wanted {
                found.push(Violation::new(guard.field(), "wish"));
            }
        }
        (false, found)
    }

    /// A day that follows or precedes another day of the record, as steps and periods do.
    fn near(&mut self, record: &[Value], field: &FieldSpec) -> Option<Value> {
        const APART: [i64; 12] = [0, 1, 3, 7, 30, 90, 181, 366, 400, -1, -30, -366];
        let days: Vec<chrono::NaiveDate> = record.iter().filter_map(Value::date).collect();
        if field.kind != FieldKind::Date || days.is_empty() || self.rng.chance(60) {
            return None;
        }
        let day = *self.rng.pick(&days);
        Some((day + Duration::days(*self.rng.pick(&APART))).into())
    }

    /// A value of the field's kind, of the sort people write there.
    /// What a record is called by (`named`) is never the same twice.
    fn candidate(&mut self, scope: &Scope, field: &FieldSpec, named: bool) -> Value {
        let today = scope.today();
        let number = self.count * 7 + self.rng.below(7) as u64;
        match &field.kind {
            FieldKind::Text { max } => {
                let text = match named && self.rng.chance(70) {
                    true => format!("样例{number}"),
                    false => self.text(*max, number),
                };
                text.chars().take(*max).collect::<String>().as_str().into()
            }
            FieldKind::LongText { max } => {
                let text = format!("按规定办理并留存材料，第{number}次记录，情况属实，已向有关人员说明清楚");
                text.chars().take(*max).collect::<String>().as_str().into()
            }
            FieldKind::Int { min, max } => {
                let some = [
                    *min,
                    min + 1,
                    1,
                    2,
                    3,
                    5,
                    10,
                    12,
                    30,
                    36,
                    40,
                    60,
                    90,
                    100,
                    150,
                    480,
                    2025,
                    2026,
                    *max,
                ];
                (*self.rng.pick(&some)).clamp(*min, *max).into()
            }
            FieldKind::Decimal { scale } => {
                let unit = 10i64.pow(u32::from(*scale));
                let some = [
                    0,
                    1,
                    unit / 2,
                    unit,
                    2 * unit,
                    4 * unit,
                    8 * unit,
                    15 * unit,
                    60 * unit,
                    85 * unit,
                    100 * unit,
                    170 * unit,
                ];
                (*self.rng.pick(&some)).into()
            }
            FieldKind::Money => (*self.rng.pick(&[
                0i64,
                100,
                10_000,
                200_000,
                1_000_000,
                3_000_000,
                20_000_000,
                100_000_000,
            ]))
            .into(),
            FieldKind::Date if self.past > 0 && self.rng.chance(70) => {
                (today - Duration::days(self.past - self.rng.below(20) as i64)).into()
            }
            FieldKind::Date => {
                let some = [
                    0, 0, -1, -2, -3, -5, -7, -10, -20, -40, -60, -90, -120, -200, -400, -2_000, -1_600,
                    -1_300, -1_000, -800, -500, -300, -6_000, -11_000, 1, 2, 5, 7, 14, 30, 60, 120, 200, 400,
                    1_000,
                ];
                (today + Duration::days(*self.rng.pick(&some))).into()
            }
            FieldKind::Instant => {
                let some = [-1, -2, -24, -25, -48, -72, -100, -500, 0, 1, 24, 30, 48, 100];
                (scope.now() + Duration::hours(*self.rng.pick(&some))
                    - Duration::minutes(self.rng.below(3) as i64 * 10))
                .into()
            }
            FieldKind::Bool => Value::Bool(self.rng.chance(50)),
            FieldKind::Choice(choices) => self.rng.pick(choices).code.as_str().into(),
            FieldKind::Code(set) => match scope.app.codes.get(set) {
                Some(set) => self.rng.pick(&set.items).0.as_str().into(),
                None => empty(field),
            },
            FieldKind::Ref(to) => match self.made.get(to) {
                Some(ids) => (*self.rng.pick(ids)).into(),
                None => empty(field),
            },
            FieldKind::Files => "".into(),
        }
    }

    /// Texts in the forms that rules of registers ask for: a number, a telephone, a certificate of identity, an hour.
    fn text(&mut self, max: usize, number: u64) -> String {
        let digits = |length: usize| format!("{number:0length$}");
        match self.rng.below(18) {
            0 => format!("139{}", digits(8)),
            1 => identity(number),
            2 => credit(number),
            3 => format!("{:02}:{:02}", 7 + number % 10, number % 60),
            4 => format!("2026-{}", digits(3)),
            5 => digits(max.clamp(1, 12)),
            6 => digits(6),
            7 => format!("{}", 2022 + number % 5),
            8 => format!("{}{:02}", 2024 + number % 3, 1 + number % 12),
            9 => format!("A{}", digits(4)),
            10 => format!("https://example.edu.cn/{number}"),
            11 => format!("苏A{}", digits(5)),
            12 => format!("{0}-{1}", 2022 + number % 5, 2023 + number % 5),
            13 => format!("1-{}", 10 + number % 9),
            14 => format!("{}-{:02}", 2025 + number % 2, 1 + number % 12),
            15 => format!("2026-2027-{}", 1 + number % 2),
            _ => format!("样例{number}"),
        }
    }
}

/// The values that may stand together only once, in words.
fn tuples(spec: &RegisterSpec, values: &[Value]) -> Vec<String> {
    let sets = spec.unique.iter().enumerate();
    sets.filter(|(_, set)| set.iter().all(|at| !values[*at].is_null()))
        .map(|(number, set)| {
            let parts: Vec<String> = set.iter().map(|at| values[*at].json().to_string()).collect();
            format!("{} {number} {}", spec.id, parts.join(" "))
        })
        .collect()
}

fn empty(field: &FieldSpec) -> Value {
    match field.kind {
        FieldKind::Files => "".into(),
        _ => Value::Null(field.kind.sql()),
    }
}

/// An identity number with the right check digit, from an unassigned area.
fn identity(number: u64) -> String {
    let day = chrono::NaiveDate::from_ymd_opt(2009, 1, 1).expect("a day") + Days::new(number % 600);
    let digits = format!("990101{}{:03}", day.format("%Y%m%d"), number % 1_000);
    let check = people::idcard::check_digit(&digits).expect("seventeen digits");
    format!("{digits}{check}")
}

/// A unified social credit code (GB 32100-2015) with the right check character.
fn credit(number: u64) -> String {
    const SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91990101{number:09}");
    let mut sum = 0usize;
    let mut weight = 1usize;
    for sign in body.bytes() {
        sum += weight
            * SIGNS
                .iter()
                .position(|known| *known == sign)
                .expect("a sign of the code");
        weight = weight * 3 % 31;
    }
    format!("{body}{}", char::from(SIGNS[(31 - sum % 31) % 31]))
}
