//! Figures, their targets, and the table of both databases.
use std::fmt::{self, Display};

/// What a figure is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Target {
    None,
    AtLeast(f64),
    Below(f64),
}

/// One measured figure.
#[derive(Clone, Debug)]
pub struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    target: Target,
}

impl Figure {
    /// One that should be large.
    pub fn above(name: &'static str, value: f64, unit: &'static str, target: Option<f64>) -> Figure {
        Figure {
            name,
            value,
            unit,
            target: target.map_or(Target::None, Target::AtLeast),
        }
    }

    /// One that should be small.
    pub fn below(name: &'static str, value: f64, unit: &'static str, target: Option<f64>) -> Figure {
        Figure {
            name,
            value,
            unit,
            target: target.map_or(Target::None, Target::Below),
        }
    }

    /// One without a target.
    pub fn plain(name: &'static str, value: f64, unit: &'static str) -> Figure {
        Figure {
            name,
            value,
            unit,
            target: Target::None,
        }
    }

    fn met(&self) -> Option<bool> {
        match self.target {
            Target::None => None,
            Target::AtLeast(least) => Some(self.value >= least),
            Target::Below(most) => Some(self.value < most),
        }
    }

    fn shown(&self) -> String {
        let number = match self.value {
            v if v.fract() == 0.0 || v >= 100.0 => format!("{v:.0}"),
            v if v >= 10.0 => format!("{v:.1}"),
            v => format!("{v:.2}"),
        };
        format!("{number} {}", self.unit).trim_end().to_owned()
    }

    fn wanted(&self) -> String {
        match self.target {
            Target::None => String::new(),
            Target::AtLeast(least) => format!("≥ {least} {}", self.unit),
            Target::Below(most) => format!("< {most} {}", self.unit),
        }
    }

    fn verdict(&self) -> &'static str {
        match self.met() {
            None => "",
            Some(true) => "met",
            Some(false) => "**missed**",
        }
    }
}

impl Display for Figure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}: {} {} {}",
            self.name,
            self.shown(),
            self.wanted(),
            self.verdict()
        )
    }
}

/// All figures, in the order measured.
#[derive(Debug, Default)]
pub struct Report {
    figures: Vec<(&'static str, Figure)>,
}

impl Report {
    /// Adds a figure measured on a database.
    pub fn add(&mut self, store: &'static str, figure: Figure) {
        self.figures.push((store, figure));
    }

    /// A table for each database.
    pub fn markdown(&self) -> String {
        let mut text = String::from(
            "## Serving a school of about 2,400 students (`cargo bench -p zhixing --bench serving`)\n",
        );
        let mut last = "";
        for (store, figure) in &self.figures {
            if *store != last {
                text.push_str(&format!(
                    "\n### {store}\n\n| figure | measured | target | |\n|---|---:|---:|---|\n"
                ));
                last = store;
            }
            let (name, shown, wanted, verdict) =
                (figure.name, figure.shown(), figure.wanted(), figure.verdict());
            text.push_str(&format!("| {name} | {shown} | {wanted} | {verdict} |\n"));
        }
        text
    }
}
