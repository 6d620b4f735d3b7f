use super::{BREAK, ENROL, EVERY, Figures, LOOK, Rate};
use crate::{LeftOut, Subjects};
use serde_json::{Value, json};
use std::fmt;

/// What the figures are figures of: all that is needed to measure them again, but the policy.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct About {
    pub sets: Vec<String>,
    pub subjects: Subjects,
    pub in_share: usize,
    pub left_out: LeftOut,
    pub seed: u64,
    pub include_seen: bool,
    pub breaks_per_8h: u32,
    /// Name and hash.
    pub pack: (String, String),
}

/// How sessions go, with all that is needed to measure it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub(crate) about: About,
    /// What was measured.
    pub figures: Figures,
    /// Whose faces were lent to the typists, and how many there are; nothing without a camera.
    pub(crate) faces: Option<(String, usize)>,
    /// Whose pointers.
    pub(crate) pointers: Option<(String, usize)>,
}

impl Report {
    /// The report as JSON. What is infinite is null: keystrokes until something that did not happen, and
    /// `anga_keystrokes` where there was no false alarm.
    pub fn to_json(&self) -> Value {
        let (about, f) = (&self.about, &self.figures);
        let mut json = json!({
            "protocol": "session",
            "null_means": "infinite: it did not happen",
            "sets": about.sets,
            "share": about.subjects.to_string(),
            "subjects": f.subjects,
            "subjects_ci": [f.subjects, f.subjects],
            "subjects_in_share": about.in_share,
            "left_out": about.left_out,
            "enrol": ENROL,
            "seed": about.seed,
            "include_seen": about.include_seen,
            "breaks_per_8h": about.breaks_per_8h,
            "pack": about.pack.0,
            "pack_hash": about.pack.1,
            "genuine_keystrokes": f.genuine_keystrokes,
            "distinct_keystrokes": f.distinct_keystrokes,
            "false_stepups": f.false_stepups,
            "false_stepups_per_8h_upper_80": f.false_stepups_upper_80,
            "impostors": f.impostors,
        });
        if let (Some(fields), Some((of, count))) = (json.as_object_mut(), &self.faces) {
            let looks = f.looks_per_8h;
            let seconds = |looks: f64| looks * LOOK.as_secs_f64();
            fields.insert("chimeric_faces".to_owned(), json!({ "of": of, "count": count }));
            fields.insert("camera_seconds_per_8h".to_owned(), json!(seconds(looks.value)));
            let ends = [seconds(looks.interval.0), seconds(looks.interval.1)];
            fields.insert("camera_seconds_per_8h_ci".to_owned(), json!(ends));
        }
        if let (Some(fields), Some((of, count))) = (json.as_object_mut(), &self.pointers) {
            let every = EVERY.as_secs();
            fields.insert("chimeric_pointers".to_owned(), json!({ "of": of, "count": count, "every_seconds": every }));
        }
        if let Some(fields) = json.as_object_mut() {
            for (name, rate) in self.rates() {
                fields.insert(name.to_owned(), json!(rate.value));
                fields.insert(format!("{name}_ci"), json!([rate.interval.0, rate.interval.1]));
            }
        }
        json
    }

    fn rates(&self) -> [(&'static str, &Rate); 7] {
        let f = &self.figures;
        [
            ("false_stepups_per_8h", &f.false_stepups_per_8h),
            ("false_locks_per_8h", &f.false_locks_per_8h),
            ("anga_keystrokes", &f.anga_keystrokes),
            ("stepup_keystrokes_median", &f.stepup_keystrokes_median),
            ("stepup_keystrokes_p95", &f.stepup_keystrokes_p95),
            ("lock_keystrokes_median", &f.lock_keystrokes_median),
            ("never_detected", &f.never_detected),
        ]
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (about, f) = (&self.about, &self.figures);
        let (pack, hash) = &about.pack;
        writeln!(out, "sessions, template of {ENROL} sentences, then an impostor at the same keyboard")?;
        writeln!(out, "  pack       {pack} {}", hash.get(..8).unwrap_or(hash))?;
        writeln!(out, "  data       {}, share: {}, seed {}", about.sets.join(", "), about.subjects, about.seed)?;
        writeln!(out, "  subjects   {} of {} in the share; {}", f.subjects, about.in_share, about.left_out)?;
        if about.include_seen {
            writeln!(out, "  CAUTION    subjects seen in training or calibration are included: too rosy")?;
        }
        if about.breaks_per_8h > 0 {
            let minutes = BREAK.as_secs() / 60;
            writeln!(
                out,
                "  breaks     {} of {minutes} min in 8 h of typing; impostors come in one",
                about.breaks_per_8h
            )?;
        }
        if let Some((pointers, count)) = &self.pointers {
            writeln!(out, "  pointer    of {count} others ({pointers}) lent to the typists: chimeric people")?;
            writeln!(out, "             a window of strokes after every {} s of typing", EVERY.as_secs())?;
        }
        if let Some((faces, count)) = &self.faces {
            let seconds = f.looks_per_8h.value * LOOK.as_secs_f64();
            writeln!(out, "  camera     faces of {count} others ({faces}) lent to the typists: chimeric people")?;
            let looks = Plain(&f.looks_per_8h, 1);
            writeln!(out, "             {looks} looks at an owner in 8 h, {seconds:.0} s of the camera being on")?;
        }
        let (typed, distinct) = (f.genuine_keystrokes, f.distinct_keystrokes);
        writeln!(out, "  genuine              {typed} keystrokes, {distinct} of them no repetition")?;
        write!(out, "  false step-ups       {}: ", f.false_stepups)?;
        writeln!(out, "{} in 8 h; below {:.2} at 80 %", Plain(&f.false_stepups_per_8h, 2), f.false_stepups_upper_80)?;
        writeln!(out, "  false locks          {} in 8 h", Plain(&f.false_locks_per_8h, 2))?;
        writeln!(out, "  ANGA                 {} keystrokes", Plain(&f.anga_keystrokes, 0))?;
        writeln!(out, "  impostors            {}, who never answer", f.impostors)?;
        writeln!(out, "  … to step-up         median {} keystrokes", Plain(&f.stepup_keystrokes_median, 0))?;
        writeln!(out, "                       p95 {} keystrokes", Plain(&f.stepup_keystrokes_p95, 0))?;
        writeln!(out, "  … to the lock        median {} keystrokes", Plain(&f.lock_keystrokes_median, 0))?;
        write!(out, "  … never detected     {} %", Plain(&percent(&f.never_detected), 2))
    }
}

fn percent(rate: &Rate) -> Rate {
    Rate { value: 100.0 * rate.value, interval: (100.0 * rate.interval.0, 100.0 * rate.interval.1) }
}

struct Plain<'a>(&'a Rate, usize);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plain(Rate { value, interval: (low, high) }, digits) = self;
        let number = |x: &f64| if x.is_finite() { format!("{x:.digits$}") } else { "infinite".to_owned() };
        write!(f, "{} (95 %: {} to {})", number(value), number(low), number(high))
    }
}
