//! What each constraint of the list asks of a timetable, for the assessment.

use super::assess::{Facts, Use};
use super::constraint::{Kind, SCHOOL_DAYS, is_morning, join};
use super::model::School;
use super::weeks::WeekSet;

impl Facts<'_> {
    /// Starts of a lesson's placed blocks with their lengths.
    fn starts(&self, lesson: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let placed = self.t.places[lesson].iter().zip(&self.s.lessons[lesson].blocks);
        placed.filter_map(|(p, &length)| p.map(|p| (p.slot, length)))
    }

    fn per_day(&self, lessons: &[usize]) -> Vec<i64> {
        let mut days = vec![0; self.s.grid.days];
        for (slot, _) in lessons.iter().flat_map(|&l| self.starts(l)) {
            days[self.s.grid.at(slot).0] += 1;
        }
        days
    }

    /// Sum over the patterns of what `f` says of a teacher's week.
    fn week(&self, teacher: usize, f: impl Fn(&[i64]) -> i64) -> i64 {
        (0..self.f.patterns.len())
            .map(|p| f(&self.counts(&self.teachers[teacher], p)))
            .sum()
    }

    fn shut(&mut self, uses: &[Vec<Use>], slots: &[usize], weeks: Option<WeekSet>, who: &str, why: &str) {
        let mut bad = 0;
        for p in (0..self.f.patterns.len())
            .filter(|&p| weeks.is_none_or(|w| !self.f.patterns[p].and(w).is_empty()))
        {
            bad += uses.iter().map(|u| self.shut_in(u, slots, p)).sum::<i64>();
        }
        let hit = |u: &&Use| slots.iter().any(|t| (u.slot..u.slot + u.length).contains(t));
        let lessons: Vec<usize> = uses.iter().flatten().filter(hit).map(|u| u.lesson).collect();
        self.find(bad, lessons, |_| format!("{who}：{why}的时间排了课"));
    }

    fn shut_in(&self, uses: &[Use], slots: &[usize], pattern: usize) -> i64 {
        let counts = self.counts(uses, pattern);
        let mut slots = slots.to_vec();
        slots.sort_unstable();
        slots.dedup();
        slots.iter().filter(|&&t| counts[t] > 0).count() as i64
    }

    /// Judges one constraint of the list.
    pub fn judge(&mut self, kind: &Kind) {
        let s = self.s;
        match kind {
            Kind::NoClash
            | Kind::Placed
            | Kind::Consecutive
            | Kind::RoomFits
            | Kind::Joined
            | Kind::PracticeWeek { .. } => {}
            Kind::TeacherUnavailable {
                teacher,
                slots,
                weeks,
            } => {
                let uses = [self.teachers[*teacher].clone()];
                self.shut(&uses, slots, *weeks, &s.teachers[*teacher].name, "不可用");
            }
            Kind::Closed {
                reason,
                classes,
                teachers,
                rooms,
                slots,
            } => {
                for &c in classes {
                    self.shut(&self.classes[c].clone(), slots, None, &s.classes[c].name, reason);
                }
                for &t in teachers {
                    self.shut(
                        &[self.teachers[t].clone()],
                        slots,
                        None,
                        &s.teachers[t].name,
                        reason,
                    );
                }
                for &r in rooms {
                    self.shut(&[self.rooms[r].clone()], slots, None, &s.rooms[r].name, reason);
                }
            }
            Kind::Fixed {
                lesson,
                block,
                slot,
                room,
            } => {
                if let Some(place) = self.t.places[*lesson][*block] {
                    let length = s.lessons[*lesson].blocks[*block] as i64;
                    let off = i64::from(place.slot != *slot)
                        + i64::from(room.is_some() && place.room.is_some() && place.room != *room);
                    self.find(off * length, vec![*lesson], |s| {
                        format!("{}，现在{}", kind.explain(s), s.grid.name(place.slot))
                    });
                }
            }
            Kind::SpreadDays { lesson } => {
                let days = self.per_day(&[*lesson]);
                let close = days.windows(2).map(|w| (w[0] + w[1] - 1).max(0)).sum();
                self.find(close, vec![*lesson], |s| {
                    format!("{}排在了相邻两天", s.lesson_name(*lesson))
                });
            }
            Kind::OncePerDay { lessons } => {
                for &l in lessons {
                    let twice = self.per_day(&[l]).iter().map(|n| (n - 1).max(0)).sum();
                    self.find(twice, vec![l], |s| format!("{}同一天上了两次", s.lesson_name(l)));
                }
            }
            Kind::MorningFirst { lessons } => {
                for &l in lessons {
                    let late = self
                        .starts(l)
                        .filter(|b| !is_morning(s, b.0))
                        .map(|b| b.1 as i64)
                        .sum();
                    self.find(late, vec![l], |s| {
                        format!("{}有 {late} 节不在上午", s.lesson_name(l))
                    });
                }
            }
            Kind::AvoidPeriods { lessons, periods } => {
                for &l in lessons {
                    let touches =
                        |b: &(usize, usize)| (b.0..b.0 + b.1).any(|t| periods.contains(&s.grid.at(t).1));
                    let bad = self.starts(l).filter(touches).map(|b| b.1 as i64).sum();
                    self.find(bad, vec![l], |s| format!("{}排在了不宜的节次", s.lesson_name(l)));
                }
            }
            Kind::TeacherDailyMax { teachers, max } => {
                let days = s.grid.by_day();
                for &t in teachers {
                    let over = |n: &[i64]| {
                        let busy = |day: &Vec<usize>| day.iter().filter(|&&q| n[q] > 0).count() as i64;
                        days.iter().map(|d| (busy(d) - *max as i64).max(0)).sum()
                    };
                    let bad = self.week(t, over);
                    self.find_teacher(t, bad, |s| format!("{}有一天超过 {max} 节", s.teachers[t].name));
                }
            }
            Kind::TeacherGaps { teachers, max } => {
                let days = s.grid.by_day();
                for &t in teachers {
                    let gaps = |n: &[i64]| {
                        let idle = |day: &Vec<usize>| {
                            let mut busy = day.iter().copied().filter(|&q| n[q] > 0);
                            busy.next().map_or(0, |first| {
                                let (last, count) = busy.fold((first, 1), |(_, n), q| (q, n + 1));
                                (last + 1 - first) as i64 - count
                            })
                        };
                        (days.iter().map(idle).sum::<i64>() - *max as i64).max(0)
                    };
                    let bad = self.week(t, gaps);
                    self.find_teacher(t, bad, |s| format!("{}空堂多于 {max} 节", s.teachers[t].name));
                }
            }
            Kind::HalfDays { teacher, max } => {
                let halves = s.grid.half_days();
                let used = |n: &[i64]| halves.iter().filter(|h| h.iter().any(|&q| n[q] > 0)).count() as i64;
                let bad = self.week(*teacher, |n| (used(n) - *max as i64).max(0));
                self.find_teacher(*teacher, bad, |s| {
                    format!("{}来校半天数多于 {max}", s.teachers[*teacher].name)
                });
            }
            Kind::EvenProgress { lessons } => self.progress(lessons),
            Kind::CampusGap { teachers, gap } => {
                for &t in teachers {
                    let bad = self.travel(t, *gap);
                    self.find_teacher(t, bad, |s| format!("{}换校区来不及", s.teachers[t].name));
                }
            }
            Kind::Simultaneous { lessons } => self.together(lessons, kind),
            Kind::WeekPair { odd, even } => self.together(&[*odd, *even], kind),
            Kind::Exclusive {
                lessons,
                same_day: true,
            } => {
                let bad = self.per_day(lessons).iter().map(|n| (n - 1).max(0)).sum();
                self.find(bad, lessons.clone(), |s| format!("没有做到：{}", kind.explain(s)));
            }
            Kind::Exclusive {
                lessons,
                same_day: false,
            } => {
                let uses: Vec<Use> = self.teachers_free_uses(lessons);
                let over = |p: usize| self.counts(&uses, p).iter().map(|n| (n - 1).max(0)).sum::<i64>();
                let bad = (0..self.f.patterns.len()).map(over).sum();
                self.find(bad, lessons.clone(), |s| format!("没有做到：{}", kind.explain(s)));
            }
            Kind::HomeroomDaily { class } => {
                let Some(teacher) = s.classes[*class].homeroom else {
                    return;
                };
                let own = |l: &usize| s.lessons[*l].attendees.iter().any(|a| a.class == *class);
                let lessons: Vec<usize> = self.f.taught[teacher].iter().copied().filter(own).collect();
                let days = self.per_day(&lessons);
                let without = days.iter().take(SCHOOL_DAYS).filter(|&&n| n == 0).count() as i64;
                self.find(without, lessons, |s| {
                    format!("{}有 {without} 天没有班主任的课", s.classes[*class].name)
                });
            }
        }
    }

    fn find_teacher(&mut self, teacher: usize, bad: i64, text: impl FnOnce(&School) -> String) {
        if bad > 0 {
            let lessons = self.teachers[teacher].iter().map(|u| u.lesson).collect();
            self.find(bad, lessons, text);
        }
    }

    /// Uses of some lessons on a week of their own.
    fn teachers_free_uses(&self, lessons: &[usize]) -> Vec<Use> {
        let mut uses = Vec::new();
        for &l in lessons {
            let patterns = self.f.masks[l];
            uses.extend(self.starts(l).map(|(slot, length)| Use {
                lesson: l,
                slot,
                length,
                patterns,
            }));
        }
        uses
    }

    fn progress(&mut self, lessons: &[usize]) {
        let times = |l: &usize| {
            let mut times: Vec<usize> = self.starts(*l).map(|b| b.0).collect();
            times.sort_unstable();
            times
        };
        let all: Vec<Vec<usize>> = lessons.iter().map(times).collect();
        let mut bad = 0;
        for (i, a) in all.iter().enumerate() {
            for (_, b) in all.iter().enumerate().filter(|x| x.0 != i) {
                bad += (1..a.len())
                    .filter(|&k| b.get(k - 1).is_some_and(|earlier| a[k] <= *earlier))
                    .count() as i64;
            }
        }
        self.find(bad, lessons.to_vec(), |s| {
            format!("进度不齐：{}", join(lessons.iter().map(|&l| s.lesson_name(l))))
        });
    }

    fn travel(&self, teacher: usize, gap: usize) -> i64 {
        let s = self.s;
        let mut bad = 0;
        for p in 0..self.f.patterns.len() {
            let mut where_at = vec![Vec::new(); s.grid.slots()];
            for u in self.teachers[teacher].iter().filter(|u| u.patterns >> p & 1 == 1) {
                let campus = s.campus(u.lesson);
                let slots = u.slot..(u.slot + u.length).min(where_at.len());
                where_at[slots]
                    .iter_mut()
                    .filter(|c| !c.contains(&campus))
                    .for_each(|c| c.push(campus));
            }
            for (t, here) in where_at.iter().enumerate() {
                for q in (t + 1..=t + gap).filter(|&q| s.grid.fits(t, q - t + 1)) {
                    bad += here
                        .iter()
                        .filter(|c| where_at[q].iter().any(|d| d != *c))
                        .count() as i64;
                }
            }
        }
        bad
    }

    /// Slots at which some but not all of the lessons' k-th blocks are held.
    fn together(&mut self, lessons: &[usize], kind: &Kind) {
        let blocks = lessons
            .iter()
            .map(|&l| self.s.lessons[l].blocks.len())
            .min()
            .unwrap_or(0);
        let mut bad = 0;
        for b in 0..blocks {
            let held = |slot: usize, l: usize| {
                self.t.places[l][b]
                    .is_some_and(|p| (p.slot..p.slot + self.s.lessons[l].blocks[b]).contains(&slot))
            };
            for slot in 0..self.s.grid.slots() {
                let n = lessons.iter().filter(|&&l| held(slot, l)).count();
                bad += i64::from(n > 0 && n < lessons.len());
            }
        }
        self.find(bad, lessons.to_vec(), |s| {
            format!("没有做到：{}", kind.explain(s))
        });
    }
}
