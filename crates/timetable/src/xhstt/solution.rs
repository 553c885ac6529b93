//! Solutions: the meets of every event, read from and written to archives.

use super::model::Instance;
use crate::ReadError;
use crate::xml::{Node, escape};
use std::collections::HashMap;
use std::fmt::Write;

/// One part of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meet {
    /// Index of the event.
    pub event: usize,
    /// Its duration.
    pub duration: usize,
    /// Starting time.
    pub time: Option<usize>,
    /// The resource at each of the event's resource positions.
    pub resources: Vec<Option<usize>>,
}

/// A timetable: its meets in the order of events. Durations an event lacks count as unassigned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Solution {
    /// The meets.
    pub meets: Vec<Meet>,
}

impl Solution {
    pub(super) fn from_node(instance: &Instance, node: &Node) -> Result<Solution, ReadError> {
        let names = |ids: Vec<&String>| -> HashMap<String, usize> {
            ids.into_iter()
                .enumerate()
                .map(|(i, id)| (id.clone(), i))
                .collect()
        };
        let events = names(instance.events.iter().map(|e| &e.id).collect());
        let times = names(instance.times.iter().collect());
        let resources = names(instance.resources.iter().map(|r| &r.id).collect());
        let find = |map: &HashMap<String, usize>, n: &Node, what: &str| {
            let id = n.attribute("Reference").unwrap_or("");
            map.get(id)
                .copied()
                .ok_or_else(|| n.wrong(format!("没有{what}“{id}”")))
        };
        let mut meets = Vec::new();
        let mut used = vec![0; instance.events.len()];
        for n in node.all("Events/Event") {
            let event = find(&events, n, "事件")?;
            let spec = &instance.events[event];
            let duration: usize = n.number_of("Duration")?.unwrap_or(spec.duration);
            used[event] += duration;
            if duration == 0 || used[event] > spec.duration {
                return Err(n.wrong(format!("事件“{}”的时长合计超过 {}", spec.id, spec.duration)));
            }
            let time = n.child("Time").filter(|t| t.attribute("Reference").is_some());
            let time = time.map(|t| find(&times, t, "时间")).transpose()?.or(spec.time);
            let mut chosen: Vec<Option<usize>> = spec.resources.iter().map(|r| r.given).collect();
            for r in n.all("Resources/Resource") {
                let (Some(role), Some(_)) = (r.text_of("Role"), r.attribute("Reference")) else {
                    continue;
                };
                let resource = find(&resources, r, "资源")?;
                for (slot, need) in chosen.iter_mut().zip(&spec.resources) {
                    if need.given.is_none() && need.role.as_deref() == Some(role) {
                        *slot = Some(resource);
                    }
                }
            }
            meets.push(Meet {
                event,
                duration,
                time,
                resources: chosen,
            });
        }
        meets.sort_by_key(|m| m.event);
        Ok(Solution { meets })
    }

    /// Writes a solution group that refers to the instance by its identifier: put between an archive's `Instances` and
    /// its end, it makes an archive every XHSTT tool reads.
    pub fn write(&self, instance: &Instance, contributor: &str) -> String {
        let mut out =
            String::from("  <SolutionGroups>\n    <SolutionGroup Id=\"zhixing\">\n      <MetaData>\n");
        let _ = writeln!(
            out,
            "        <Contributor>{}</Contributor>\n        <Date></Date>\n        <Description>Found by zhixing</Description>\n      </MetaData>\n      <Solution Reference=\"{}\">\n        <Events>",
            escape(contributor),
            escape(&instance.id)
        );
        for m in &self.meets {
            let event = &instance.events[m.event];
            let _ = writeln!(out, "          <Event Reference=\"{}\">", escape(&event.id));
            let _ = writeln!(out, "            <Duration>{}</Duration>", m.duration);
            if let Some(t) = m.time {
                let _ = writeln!(
                    out,
                    "            <Time Reference=\"{}\"/>",
                    escape(&instance.times[t])
                );
            }
            let open: Vec<_> = event
                .resources
                .iter()
                .zip(&m.resources)
                .filter(|(need, _)| need.given.is_none())
                .collect();
            if open.iter().any(|(_, r)| r.is_some()) {
                out.push_str("            <Resources>\n");
                for (need, chosen) in open {
                    let (Some(role), Some(r)) = (&need.role, chosen) else {
                        continue;
                    };
                    let _ = writeln!(
                        out,
                        "              <Resource Reference=\"{}\"><Role>{}</Role></Resource>",
                        escape(&instance.resources[*r].id),
                        escape(role)
                    );
                }
                out.push_str("            </Resources>\n");
            }
            out.push_str("          </Event>\n");
        }
        out.push_str("        </Events>\n      </Solution>\n    </SolutionGroup>\n  </SolutionGroups>\n");
        out
    }

    /// The archive `text` (as read) with this solution in place of any it had.
    pub fn write_archive(&self, instance: &Instance, text: &str, contributor: &str) -> String {
        let end = text.rfind("</HighSchoolTimetableArchive>").unwrap_or(text.len());
        let head = &text[..end];
        let head = match (head.find("<SolutionGroups"), head.rfind("</Instances>")) {
            (Some(at), Some(instances)) if at < instances => {
                let tail = head[..instances]
                    .rfind("</SolutionGroups>")
                    .map_or(at, |i| i + "</SolutionGroups>".len());
                format!("{}{}", &head[..at], &head[tail..])
            }
            (Some(at), _) => head[..at].to_string(),
            (None, _) => head.to_string(),
        };
        format!(
            "{}\n{}</HighSchoolTimetableArchive>\n",
            head.trim_end(),
            self.write(instance, contributor)
        )
    }
}
