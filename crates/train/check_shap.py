"""Values the games behind explanations with shap and compares: python check_shap.py GAMES.json

A game is the worth of every set of features (bit i: feature i). Exact values must agree with shap's exact explainer and
with its kernel explainer over all sets; estimated ones with the kernel explainer's regression over the sets of one
feature and of all but one (it takes those alone for no number of samples). Estimates must be nearer to exact values than
shap's permutation explainer comes with six times the sets.
"""

import json
import sys

import numpy as np
import shap

EXACT = 1e-6  # nats
MORE = 6  # how many times our sets the permutation explainer may look at


def explained(worth, players, explainer, **how):
    weights = 1 << np.arange(players)
    model = lambda x: np.asarray(worth)[(np.asarray(x) > 0.5) @ weights]
    none = np.zeros((1, players))
    whole = np.ones((1, players))
    if explainer == "kernel":
        values = shap.KernelExplainer(model, none).shap_values(whole, silent=True, l1_reg=False, **how)
        return np.asarray(values).reshape(players)
    masker = shap.maskers.Independent(none)
    explain = {"exact": shap.explainers.Exact, "permutation": shap.explainers.Permutation}[explainer](model, masker)
    return explain(whole, **how).values.reshape(players)


def regressed(worth, players):
    """Least squares over the sets of one and of all but one, all of one weight, under the shares' sum."""
    sets = np.concatenate([np.eye(players), 1 - np.eye(players)])
    worths = np.array(worth)[(sets > 0.5) @ (1 << np.arange(players))]
    last = sets[:, -1:]
    shares = np.linalg.lstsq(sets[:, :-1] - last, worths - last[:, 0] * worth[-1], rcond=None)[0]
    return np.append(shares, worth[-1] - shares.sum())


def main(path):
    games = json.load(open(path))
    worst = {"exact": 0.0, "kernel": 0.0, "few": 0.0, "sum": 0.0}
    ours, theirs = [], []
    for number, game in enumerate(games):
        worth, players = game["worth"], len(game["features"])
        exact, estimated = np.array(game["exact"]), np.array(game["estimated"])
        few = 2 * players
        apart = {
            "exact": exact - explained(worth, players, "exact"),
            "kernel": exact - explained(worth, players, "kernel", nsamples=2**players),
            "few": estimated - regressed(worth, players),
            "sum": np.array([values.sum() - worth[-1] for values in (exact, estimated)]),
        }
        worst = {kind: max(most, np.abs(apart[kind]).max()) for kind, most in worst.items()}
        np.random.seed(number)
        # One of its rounds is an order and its reverse: 2 n + 1 sets.
        permuted = explained(worth, players, "permutation", max_evals=MORE * (few + 1))
        ours.append(np.abs(estimated - exact))
        theirs.append(np.abs(permuted - exact))
    ours, theirs = np.concatenate(ours), np.concatenate(theirs)
    print(f"shap {shap.__version__}, {len(games)} windows of up to {max(len(g['features']) for g in games)} features")
    print(f"  exact against shap.explainers.Exact: {worst['exact']:.1e} nats apart at most (allowed: {EXACT:.0e})")
    print(f"  exact against shap.KernelExplainer over all sets: {worst['kernel']:.1e} at most (allowed: {EXACT:.0e})")
    print(f"  estimated against its regression over as many sets: {worst['few']:.1e} at most (allowed: {EXACT:.0e})")
    print(f"  shares against the ratio they sum to: {worst['sum']:.1e} at most (allowed: {EXACT:.0e})")
    print(f"  estimated against exact: {ours.mean():.3f} nats on the mean, {ours.max():.2f} at most")
    print(f"  shap.explainers.Permutation with {MORE} times the sets: {theirs.mean():.3f} on the mean, {theirs.max():.2f} at most")
    wrong = [name for name, apart in worst.items() if not apart <= EXACT]
    if not ours.mean() <= theirs.mean():
        wrong.append("estimated")
    if wrong:
        sys.exit("they disagree: " + ", ".join(wrong))
    print("they agree")


if __name__ == "__main__":
    main(sys.argv[1])
