/// How a game's worth is shared among its players by their Shapley values (Shapley 1953): over all orders in which the
/// players may come, the mean of what each adds to those before it.
///
/// A set of players is a number with a bit for each. Exact where all sets fit into the budget; else over orders drawn by
/// a seed, each with its reverse (antithetic sampling, Mitchell et al. 2022): what the players get still sums to the
/// game's worth in every order, so it does on the mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shapley {
    players: usize,
    /// `None`: all sets.
    orders: Option<Vec<Vec<usize>>>,
    sets: Vec<usize>,
}

/// What each player gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// By player; they sum to the worth of all less that of none.
    pub values: Vec<f64>,
    /// The standard error of each, from how far the pairs of orders are apart; 0 where the values are exact.
    pub errors: Vec<f64>,
}

impl Shapley {
    /// Which sets to value for at most 16 players: at most `budget` of them, but always those of one order and its reverse.
    pub fn plan(players: usize, budget: usize, seed: u64) -> Self {
        let players = players.min(16);
        let all = 1usize << players;
        if all <= budget {
            return Self { players, orders: None, sets: (1..all.saturating_sub(1)).collect() };
        }
        let (mut orders, mut sets) = (Vec::new(), Vec::new());
        let mut state = seed;
        // Most pairs share sets with earlier ones; without a limit a small game might never fill its budget.
        for _ in 0..budget {
            let order = shuffled(players, &mut state);
            let reverse: Vec<usize> = order.iter().rev().copied().collect();
            let mut wanted = sets.clone();
            for set in prefixes(&order).chain(prefixes(&reverse)) {
                if set != 0 && set != all - 1 && !wanted.contains(&set) {
                    wanted.push(set);
                }
            }
            if wanted.len() > budget && !orders.is_empty() {
                break;
            }
            sets = wanted;
            orders.extend([order, reverse]);
        }
        Self { players, orders: Some(orders), sets }
    }

    /// The sets to value, but for that of none and that of all.
    pub fn sets(&self) -> &[usize] {
        &self.sets
    }

    /// Whether all sets are valued.
    pub fn is_exact(&self) -> bool {
        self.orders.is_none()
    }

    /// What each player gets. `worth` is asked for the sets of [`Shapley::sets`], for none and for all.
    pub fn shares(&self, worth: impl Fn(usize) -> f64) -> Shares {
        match &self.orders {
            None => Shares { values: self.exact(worth), errors: vec![0.0; self.players] },
            Some(orders) => self.sampled(orders, worth),
        }
    }

    fn exact(&self, worth: impl Fn(usize) -> f64) -> Vec<f64> {
        let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
        let share = |player: usize| {
            let others = (0..1usize << self.players).filter(|s| s & (1 << player) == 0);
            let added = others.map(|set| {
                let size = set.count_ones() as usize;
                let weight = factorial(size) * factorial(self.players - size - 1) / factorial(self.players);
                weight * (worth(set | (1 << player)) - worth(set))
            });
            added.sum()
        };
        (0..self.players).map(share).collect()
    }

    fn sampled(&self, orders: &[Vec<usize>], worth: impl Fn(usize) -> f64) -> Shares {
        let pairs: Vec<Vec<f64>> = orders
            .chunks_exact(2)
            .map(|pair| {
                let mut mean = vec![0.0; self.players];
                for order in pair {
                    let sets: Vec<usize> = prefixes(order).collect();
                    for (player, w) in order.iter().zip(sets.windows(2)) {
                        mean[*player] += (worth(w[1]) - worth(w[0])) / 2.0;
                    }
                }
                mean
            })
            .collect();
        let n = pairs.len() as f64;
        let of = |player: usize| {
            let mean = pairs.iter().map(|p| p[player]).sum::<f64>() / n;
            let squares = pairs.iter().map(|p| (p[player] - mean).powi(2)).sum::<f64>();
            (mean, (squares / (n - 1.0).max(1.0) / n).sqrt())
        };
        let (values, errors) = (0..self.players).map(of).unzip();
        Shares { values, errors }
    }
}

/// The sets of the first 0, 1, 2, … players of an order.
fn prefixes(order: &[usize]) -> impl Iterator<Item = usize> + '_ {
    std::iter::once(0).chain(order.iter().scan(0, |set, player| {
        *set |= 1 << player;
        Some(*set)
    }))
}

/// A random order (Fisher and Yates), by splitmix64.
fn shuffled(players: usize, state: &mut u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..players).collect();
    for last in (1..players).rev() {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        order.swap(last, ((z ^ (z >> 31)) % (last as u64 + 1)) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each player by itself, and pairs and triples that are worth more or less together.
    fn game(set: usize) -> f64 {
        let has = |p: usize| f64::from(u8::from(set & (1 << p) != 0));
        let alone: f64 = (0..10).map(|p| has(p) * (p as f64 - 3.0)).sum();
        alone + 2.0 * has(0) * has(1) - 3.0 * has(2) * has(9) + 4.0 * has(3) * has(4) * has(5)
    }

    #[test]
    fn shapley_values_of_a_known_game() {
        // Two players worth 1 and 3 alone and 10 together: the surplus of 6 is shared.
        let two = Shapley::plan(2, 64, 1);
        assert_eq!(two.shares(|set| [0.0, 1.0, 3.0, 10.0][set]).values, [4.0, 6.0]);
        assert_eq!(Shapley::plan(1, 64, 1).shares(|set| 5.0 * set as f64).values, [5.0]);
        assert!(Shapley::plan(0, 64, 1).shares(|_| 0.0).values.is_empty());
        // Surpluses are shared evenly by those who make them.
        let found = Shapley::plan(10, 1024, 1);
        assert!(found.is_exact() && found.sets().len() == 1022);
        let mut expected: Vec<f64> = (0..10).map(|p| f64::from(p) - 3.0).collect();
        for (player, more) in [(0, 1.0), (1, 1.0), (2, -1.5), (9, -1.5), (3, 4.0 / 3.0), (4, 4.0 / 3.0), (5, 4.0 / 3.0)]
        {
            expected[player] += more;
        }
        for (value, expected) in found.shares(game).values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-9, "{value} {expected}");
        }
    }

    #[test]
    fn sampled_values_sum_up_and_lie_within_their_errors() {
        let exact = Shapley::plan(10, 1024, 1).shares(game).values;
        let (mut within, mut all) = (0, 0);
        for seed in 0..40 {
            let plan = Shapley::plan(10, 64, seed);
            assert!(!plan.is_exact() && plan.sets().len() <= 64);
            assert_eq!(plan, Shapley::plan(10, 64, seed));
            let shares = plan.shares(|set| {
                assert!(set == 0 || set == 1023 || plan.sets().contains(&set));
                game(set)
            });
            assert!((shares.values.iter().sum::<f64>() - game(1023)).abs() < 1e-9);
            for ((value, error), exact) in shares.values.iter().zip(&shares.errors).zip(&exact) {
                // Pairs alone cancel in an order and its reverse: players that are in no triple are exact.
                all += 1;
                within += usize::from((value - exact).abs() <= 3.0 * error + 1e-9);
            }
            for player in [0, 1, 2, 6, 7, 8, 9] {
                assert!((shares.values[player] - exact[player]).abs() < 1e-9, "player {player}, seed {seed}");
            }
        }
        assert!(within * 10 >= all * 8, "{within} of {all} within three standard errors");
    }
}
