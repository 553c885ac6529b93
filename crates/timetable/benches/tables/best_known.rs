//! The best published values: a `best_known.tsv` beside the instances.

use std::collections::HashMap;
use std::path::Path;

/// Best known costs by the name of the instance.
#[derive(Default)]
pub struct BestKnown {
    /// The column they were taken from; its name says what they are worth.
    pub column: String,
    costs: HashMap<String, (i64, i64)>,
}

impl BestKnown {
    /// Reads `best_known.tsv` of the folder; without such a file nothing is known.
    pub fn beside(folder: &Path) -> Result<BestKnown, String> {
        let file = folder.join("best_known.tsv");
        match std::fs::read_to_string(&file) {
            Ok(text) => Self::read(&text).map_err(|why| format!("{}: {why}", file.display())),
            Err(_) => Ok(BestKnown::default()),
        }
    }

    /// Lines of tab-separated cells; `#` begins a remark; the first line names the columns: `instance`, then either
    /// `best_hard` and `best_soft`, or one whose name begins with `best_known` for the soft cost of a feasible solution.
    fn read(text: &str) -> Result<BestKnown, String> {
        let mut rows = text
            .lines()
            .filter(|l| !l.starts_with('#') && !l.trim().is_empty())
            .map(|l| l.split('\t').map(str::trim).collect::<Vec<_>>());
        let head = rows.next().ok_or("no line names the columns")?;
        let column = |name: &str| head.iter().position(|h| h.starts_with(name));
        let instance = column("instance").ok_or("no column “instance”")?;
        let hard = column("best_hard");
        let soft = column("best_soft")
            .or_else(|| column("best_known"))
            .ok_or("no column “best_soft” or “best_known”")?;
        let number = |row: &[&str], at: usize| row.get(at).and_then(|cell| cell.parse::<i64>().ok());
        let costs = rows.filter_map(|row| {
            let hard = hard.map_or(Some(0), |at| number(&row, at))?;
            Some((row.get(instance)?.to_string(), (hard, number(&row, soft)?)))
        });
        Ok(BestKnown {
            column: head[soft].to_string(),
            costs: costs.collect(),
        })
    }

    /// (hard, soft) of an instance.
    pub fn of(&self, instance: &str) -> Option<(i64, i64)> {
        self.costs.get(instance).copied()
    }
}
