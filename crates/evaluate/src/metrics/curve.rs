use super::Trial;
use std::f64::consts::LN_2;

/// False match rates at which the false non-match rate is read.
const FALSE_MATCHES: [f64; 3] = [1e-2, 1e-3, 1e-4];

/// How many measures [`Curve::measure`] gives.
pub const MEASURES: usize = FALSE_MATCHES.len() + 2;

/// Trials sorted once by score, to be measured again and again with other weights on the enrolled subjects.
pub struct Curve {
    /// Ordered by score.
    sorted: Vec<Sorted>,
    people: Vec<Person>,
}

struct Sorted {
    enrolled: u32,
    genuine: bool,
    /// Whether the next trial's score differs: a threshold lies between.
    last_of_score: bool,
}

/// What one enrolled subject adds to counts and costs.
#[derive(Clone, Copy, Default)]
struct Person {
    genuine: u64,
    impostor: u64,
    genuine_cost: f64,
    impostor_cost: f64,
}

impl Curve {
    pub fn new(trials: &[Trial]) -> Self {
        let subjects = trials.iter().map(|t| t.enrolled as usize + 1).max().unwrap_or(0);
        let mut people = vec![Person::default(); subjects];
        for t in trials {
            if let Some(p) = people.get_mut(t.enrolled as usize) {
                if t.genuine {
                    p.genuine += 1;
                    p.genuine_cost += softplus(-t.llr_nats);
                } else {
                    p.impostor += 1;
                    p.impostor_cost += softplus(t.llr_nats);
                }
            }
        }
        let mut ordered: Vec<&Trial> = trials.iter().collect();
        ordered.sort_by(|a, b| a.score.total_cmp(&b.score));
        let next_scores = ordered.iter().skip(1).map(|t| Some(t.score)).chain([None]);
        let sorted = ordered.iter().zip(next_scores).map(|(t, next)| Sorted {
            enrolled: t.enrolled,
            genuine: t.genuine,
            last_of_score: next.is_none_or(|next| next > t.score),
        });
        Self { sorted: sorted.collect(), people }
    }

    pub fn subjects(&self) -> usize {
        self.people.len()
    }

    /// EER, FNMR at FMR 1 %, 0.1 % and 0.01 %, Cllr in bits, each enrolled subject counted as often as `times` says.
    pub fn measure(&self, times: &[u32]) -> [f64; MEASURES] {
        let mut all = Person::default();
        for (p, &n) in self.people.iter().zip(times) {
            all.genuine += u64::from(n) * p.genuine;
            all.impostor += u64::from(n) * p.impostor;
            all.genuine_cost += f64::from(n) * p.genuine_cost;
            all.impostor_cost += f64::from(n) * p.impostor_cost;
        }
        let (genuine, impostor) = (all.genuine as f64, all.impostor as f64);
        let cllr = (all.genuine_cost / genuine + all.impostor_cost / impostor) / (2.0 * LN_2);
        let [eer, at_1e_2, at_1e_3, at_1e_4] = self.rates(times, genuine, impostor);
        [eer, at_1e_2, at_1e_3, at_1e_4, cllr]
    }

    /// Walks the curve from "accept everything" to "accept nothing" and stops at the last point asked for.
    fn rates(&self, times: &[u32], genuine: f64, impostor: f64) -> [f64; MEASURES - 1] {
        let (mut eer, mut at) = (None, [None; FALSE_MATCHES.len()]);
        let (mut rejected, mut dismissed) = (0u64, 0u64);
        let (mut fnmr, mut fmr) = (0.0, 1.0);
        for trial in &self.sorted {
            let n = u64::from(times.get(trial.enrolled as usize).copied().unwrap_or(0));
            if trial.genuine {
                rejected += n;
            } else {
                dismissed += n;
            }
            if !trial.last_of_score {
                continue;
            }
            let (fnmr_now, fmr_now) = (rejected as f64 / genuine, 1.0 - dismissed as f64 / impostor);
            if eer.is_none() && fnmr_now >= fmr_now {
                let (over, under) = (fnmr_now - fmr_now, fmr - fnmr);
                let part = if over + under > 0.0 { under / (over + under) } else { 0.0 };
                eer = Some(fnmr + part * (fnmr_now - fnmr));
            }
            for (found, wanted) in at.iter_mut().zip(FALSE_MATCHES) {
                // Counts, not rates: 1 − 99/100 is not quite 1/100.
                let low_enough = impostor - dismissed as f64 <= wanted * impostor * (1.0 + 1e-12);
                if found.is_none() && low_enough {
                    let part = if fmr > fmr_now { ((fmr - wanted) / (fmr - fmr_now)).clamp(0.0, 1.0) } else { 0.0 };
                    *found = Some(fnmr + part * (fnmr_now - fnmr));
                }
            }
            if let (Some(eer), [Some(a), Some(b), Some(c)]) = (eer, at) {
                return [eer, a, b, c];
            }
            (fnmr, fmr) = (fnmr_now, fmr_now);
        }
        // Accepting nothing has FMR 0 and FNMR 1, so every point was passed if there are trials at all.
        let [a, b, c] = at.map(|rate| rate.unwrap_or(f64::NAN));
        [eer.unwrap_or(f64::NAN), a, b, c]
    }
}

/// `ln(1 + e^x)` without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}
