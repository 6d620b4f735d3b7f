//! How a game's worth is shared among its players by their Shapley values (Shapley 1953): over all orders in which the
//! players may come, the mean of what each adds to those before it.
//!
//! A set of players is a number with a bit for each; the set of none is worth nothing.

/// Every set of players but those of none and of all, by number: what [`exact`] asks for.
pub fn all_sets(players: usize) -> impl Iterator<Item = usize> {
    1..whole(players)
}

/// The Shapley values by player; they sum to the worth of all. For at most 16 players.
pub fn exact(players: usize, worth: impl Fn(usize) -> f64) -> Vec<f64> {
    let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
    let share = |player: usize| {
        let others = (0..=whole(players)).filter(|s| s & (1 << player) == 0);
        let added = others.map(|set| {
            let size = set.count_ones() as usize;
            let weight = factorial(size) * factorial(players - size - 1) / factorial(players);
            let before = if set == 0 { 0.0 } else { worth(set) };
            weight * (worth(set | (1 << player)) - before)
        });
        added.sum()
    };
    (0..players).map(share).collect()
}

/// The sets of each player alone and of all but one: what [`estimate`] asks for.
pub fn few_sets(players: usize) -> Vec<usize> {
    let all = whole(players);
    let mut sets: Vec<usize> =
        (0..players).flat_map(|p| [1 << p, all & !(1 << p)]).filter(|s| (1..all).contains(s)).collect();
    sets.sort_unstable();
    sets.dedup();
    sets
}

/// The Shapley values from twice as many sets as there are players; they sum to the worth of all.
///
/// The solution of the weighted regression of KernelSHAP (Lundberg and Lee 2017) over the sets it gives the most weight:
/// each player gets the mean of what they are worth alone and of what they add to all others, and what is left or
/// lacking is shared evenly. Exact where at most three players are there, and in any game whose surpluses are between
/// pairs. On windows of typing, values drawn from six times as many sets (orders and their reverses) were further off
/// (`./x check-shap`).
pub fn estimate(players: usize, worth: impl Fn(usize) -> f64) -> Vec<f64> {
    let all = whole(players);
    if players < 2 {
        return (0..players).map(|_| worth(all)).collect();
    }
    let of = |player: usize| (worth(1 << player) + worth(all) - worth(all & !(1 << player))) / 2.0;
    let mut values: Vec<f64> = (0..players).map(of).collect();
    let left = (worth(all) - values.iter().sum::<f64>()) / players as f64;
    values.iter_mut().for_each(|v| *v += left);
    values
}

/// The set of all players.
fn whole(players: usize) -> usize {
    (1 << players) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each player by itself, pairs that are worth more or less together, and `triple` times a surplus of three.
    fn game(set: usize, triple: f64) -> f64 {
        let has = |p: usize| f64::from(u8::from(set & (1 << p) != 0));
        let alone: f64 = (0..10).map(|p| has(p) * (p as f64 - 3.0)).sum();
        alone + 2.0 * has(0) * has(1) - 3.0 * has(2) * has(9) + triple * 4.0 * has(3) * has(4) * has(5)
    }

    #[test]
    fn shapley_values_of_a_known_game() {
        // Two players worth 1 and 3 alone and 10 together: the surplus of 6 is shared.
        assert_eq!(exact(2, |set| [0.0, 1.0, 3.0, 10.0][set]), [4.0, 6.0]);
        assert_eq!(exact(1, |set| 5.0 * set as f64), [5.0]);
        assert!(exact(0, |_| 0.0).is_empty());
        // Surpluses are shared evenly by those who make them.
        assert_eq!(all_sets(10).count(), 1022);
        let mut expected: Vec<f64> = (0..10).map(|p| f64::from(p) - 3.0).collect();
        for (player, more) in [(0, 1.0), (1, 1.0), (2, -1.5), (9, -1.5), (3, 4.0 / 3.0), (4, 4.0 / 3.0), (5, 4.0 / 3.0)]
        {
            expected[player] += more;
        }
        for (value, expected) in exact(10, |set| game(set, 1.0)).iter().zip(expected) {
            assert!((value - expected).abs() < 1e-9, "{value} {expected}");
        }
    }

    #[test]
    fn an_estimate_asks_for_few_sets_and_is_exact_for_pairs_and_for_three() {
        let sets = few_sets(10);
        assert_eq!(sets.len(), 20);
        let asked = |set: usize, triple| {
            assert!(set == 1023 || sets.contains(&set));
            game(set, triple)
        };
        let found = estimate(10, |set| asked(set, 0.0));
        for (value, expected) in found.iter().zip(exact(10, |set| game(set, 0.0))) {
            assert!((value - expected).abs() < 1e-9, "{value} {expected}");
        }
        let found = estimate(10, |set| asked(set, 1.0));
        assert!((found.iter().sum::<f64>() - game(1023, 1.0)).abs() < 1e-9);

        for players in 0..=3 {
            let worth = |set: usize| [0.0, 1.0, -2.0, 4.0, 8.0, 3.0, 1.5, 20.0][set];
            assert!(few_sets(players).into_iter().eq(all_sets(players)));
            for (value, expected) in estimate(players, worth).iter().zip(exact(players, worth)) {
                assert!((value - expected).abs() < 1e-9, "{players} players: {value} {expected}");
            }
        }
    }
}
