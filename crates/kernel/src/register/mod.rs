//! The register engine (台账引擎): one struct is one register; everything general works on its [`spec::RegisterSpec`].
pub mod apart;
pub mod coverage;
pub mod field;
pub mod flow;
pub mod indicator;
pub mod measure;
pub mod paper;
pub mod query;
pub mod search;
pub mod service;
pub mod spec;
pub mod store;
mod tell;
pub mod values;
pub mod web;

use crate::error::Violation;
use crate::value::Value;
use spec::{Access, Ctx, FieldSpec, Head};

pub use register_derive::Register;

/// What `#[derive(Register)]` writes: fields only, never behaviour. Behaviour is in [`Rules`].
pub trait Register: Rules {
    /// The doc comment of the struct.
    const ABOUT: &'static str;
    /// The struct attribute.
    fn head() -> Head;
    /// The fields in order.
    fn fields() -> Vec<FieldSpec>;
    /// Reads a record; the error names the field that does not fit.
    fn from_values(values: &[Value]) -> Result<Self, &'static str>;
    /// The record's values in field order.
    fn to_values(&self) -> Vec<Value>;
}

/// What a register's author writes by hand.
pub trait Rules: Sized {
    /// States and steps; none by default.
    fn flow() -> flow::Flow {
        flow::Flow::none()
    }
    /// Duties its records can prove.
    fn duties() -> Vec<indicator::DutySpec> {
        vec![]
    }
    /// Indicators computed from it.
    fn indicators() -> Vec<indicator::IndicatorSpec> {
        vec![]
    }
    /// Who may read and write.
    fn access() -> Vec<Access>;
    /// Whether it is closed to roles that otherwise read everything.
    fn private() -> bool {
        false
    }
    /// Fields that [`Rules::complete`] always fills in, whatever stands there: forms do not ask for them.
    fn computed() -> &'static [&'static str] {
        &[]
    }
    /// Fills in what follows from the rest (合计, 等级, 天数) before every check and write; the fields are optional ones.
    fn complete(&mut self, _ctx: &Ctx) {}
    /// The card in the service hall, where people start requests in this register.
    fn service() -> Option<service::Service> {
        None
    }
    /// Forms handed over on paper besides the plain print view.
    fn papers() -> Vec<paper::PaperForm> {
        vec![]
    }
    /// Records that may not overlap in time.
    fn apart() -> Vec<apart::Apart> {
        vec![]
    }
    /// Rules over the whole record that refuse it, after each field has been found in order.
    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        vec![]
    }
    /// Asked before a step ends a record well (批准、生效): what in other records stands in the way by now.
    fn grant() -> Option<spec::GrantFn> {
        None
    }
    /// Doubts about a record that is accepted all the same (提醒): shown, never in the way.
    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        vec![]
    }
}

/// [`Rules::check`] over untyped values.
pub(crate) fn check_typed<T: Register>(values: &[Value], ctx: &Ctx) -> Vec<Violation> {
    match T::from_values(values) {
        Ok(record) => record.check(ctx),
        Err(field) => vec![Violation::new(field, "内容不符合该字段的格式")],
    }
}

/// [`Rules::warnings`] over untyped values; values that do not fit are left to [`check_typed`].
pub(crate) fn warn_typed<T: Register>(values: &[Value], ctx: &Ctx) -> Vec<Violation> {
    T::from_values(values).map_or_else(|_| vec![], |record| record.warnings(ctx))
}

/// [`Rules::complete`] over untyped values; values that do not fit stay as they are and are refused later.
pub(crate) fn complete_typed<T: Register>(values: &mut Vec<Value>, ctx: &Ctx) {
    if let Ok(mut record) = T::from_values(values) {
        record.complete(ctx);
        *values = record.to_values();
    }
}
