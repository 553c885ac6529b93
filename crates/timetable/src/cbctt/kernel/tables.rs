//! What the search reads of an instance.

use super::super::model::Instance;

/// Parts of the instance in the form the search reads, for at most `64 * W` courses.
pub(in super::super) struct Tables<const W: usize> {
    pub periods: usize,
    pub rooms: usize,
    pub courses: usize,
    pub ppd: usize,
    pub days: usize,
    pub real_rooms: usize,
    pub course_of: Vec<u16>,
    pub conflict: Vec<[u64; W]>,
    pub forbidden: Vec<bool>,
    pub seats_short: Vec<i32>,
    pub min_days: Vec<i32>,
    pub curricula_of: Vec<Vec<u16>>,
    pub members: Vec<[u64; W]>,
    /// The most soft cost that moving a lecture of this course alone can gain.
    pub gain: Vec<i32>,
    isolated: Vec<u8>,
}

impl<const W: usize> Tables<W> {
    pub fn new(instance: &Instance) -> Self {
        let (courses, periods) = (instance.courses.len(), instance.periods());
        let real_rooms = instance.rooms.len();
        let lectures = instance.lectures();
        let rooms = real_rooms.max(lectures.div_ceil(periods));
        let mut conflict = vec![[0; W]; courses];
        let mut curricula_of = vec![Vec::new(); courses];
        let mut members = vec![[0; W]; instance.curricula.len()];
        for (a, row) in conflict.iter_mut().enumerate() {
            for b in 0..courses {
                if a != b && instance.courses[a].teacher == instance.courses[b].teacher {
                    set(row, b);
                }
            }
        }
        for (q, curriculum) in instance.curricula.iter().enumerate() {
            for &a in &curriculum.courses {
                curricula_of[a].push(q as u16);
                set(&mut members[q], a);
                for &b in curriculum.courses.iter().filter(|&&b| b != a) {
                    set(&mut conflict[a], b);
                }
            }
        }
        let mut forbidden = vec![false; courses * periods];
        for &(c, p) in &instance.unavailable {
            forbidden[c * periods + p] = true;
        }
        let short = |c: usize, r: usize| match instance.rooms.get(r) {
            Some(room) => i32::try_from(instance.courses[c].students.saturating_sub(room.seats))
                .unwrap_or(1 << 20)
                .min(1 << 20),
            None => 1 << 20,
        };
        let seats_short: Vec<i32> = (0..courses * rooms)
            .map(|i| short(i / rooms, i % rooms))
            .collect();
        let gain = (0..courses)
            .map(|c| {
                let row = &seats_short[c * rooms..(c + 1) * rooms];
                let seats = row.iter().max().unwrap_or(&0) - row.iter().min().unwrap_or(&0);
                6 + seats + 8 * curricula_of[c].len() as i32
            })
            .collect();
        let ppd = instance.periods_per_day;
        let isolated = (0..1u64 << ppd.min(12)).map(|m| lonely(m) as u8).collect();
        Tables {
            periods,
            rooms,
            courses,
            ppd,
            days: instance.days,
            real_rooms,
            course_of: (0..courses)
                .flat_map(|c| std::iter::repeat_n(c as u16, instance.courses[c].lectures))
                .collect(),
            conflict,
            forbidden,
            seats_short,
            min_days: instance.courses.iter().map(|c| c.min_days as i32).collect(),
            curricula_of,
            members,
            gain,
            isolated,
        }
    }

    /// Curricula of a course, on average: how much one move can matter.
    pub fn density(&self) -> f64 {
        let entries: usize = self.curricula_of.iter().map(Vec::len).sum();
        entries as f64 / self.courses.max(1) as f64
    }

    /// Isolated lectures of a day (bits are its periods).
    pub fn isolated(&self, mask: u64) -> i32 {
        match self.isolated.get(mask as usize) {
            Some(&n) => i32::from(n),
            None => lonely(mask),
        }
    }
}

fn lonely(mask: u64) -> i32 {
    (mask & !(mask << 1) & !(mask >> 1)).count_ones() as i32
}

pub(super) fn set<const W: usize>(bits: &mut [u64; W], i: usize) {
    bits[i / 64] |= 1 << (i % 64);
}

pub(super) fn unset<const W: usize>(bits: &mut [u64; W], i: usize) {
    bits[i / 64] &= !(1 << (i % 64));
}

pub(super) fn has<const W: usize>(bits: &[u64; W], i: usize) -> bool {
    bits[i / 64] >> (i % 64) & 1 == 1
}
