"""Values the games behind explanations with shap and compares: python check_shap.py GAMES.json

A game is the worth of every set of features (bit i: feature i). Exact values must agree with shap's exact explainer and
with its kernel explainer over all sets; sampled ones must sum to the whole and come as near to the exact ones as shap's
permutation explainer does with as many sets, give or take a factor.
"""

import json
import sys

import numpy as np
import shap

EXACT = 1e-6  # nats
SAMPLED = 2.0  # how many times shap's own sampling error ours may be


def explained(worth, players, explainer, **how):
    weights = 1 << np.arange(players)
    model = lambda x: np.asarray(worth)[(np.asarray(x) > 0.5) @ weights]
    none = np.zeros((1, players))
    whole = np.ones((1, players))
    if explainer == "kernel":
        values = shap.KernelExplainer(model, none).shap_values(whole, nsamples=2**players, silent=True, l1_reg=False)
        return np.asarray(values).reshape(players)
    masker = shap.maskers.Independent(none)
    explain = {"exact": shap.explainers.Exact, "permutation": shap.explainers.Permutation}[explainer](model, masker)
    return explain(whole, **how).values.reshape(players)


def main(path):
    games = json.load(open(path))
    worst = {"exact": 0.0, "kernel": 0.0, "sum": 0.0}
    ours, theirs, ratios = [], [], []
    for number, game in enumerate(games):
        worth, players = game["worth"], len(game["features"])
        exact, sampled = np.array(game["exact"]), np.array(game["sampled"])
        for kind in ("exact", "kernel"):
            values = explained(worth, players, kind)
            worst[kind] = max(worst[kind], np.abs(values - exact).max())
        worst["sum"] = max(worst["sum"], abs(sampled.sum() - worth[-1]), abs(exact.sum() - worth[-1]))
        np.random.seed(number)
        # One of its rounds is an order and its reverse: 2 n + 1 sets.
        rounds = max(1, game["sets_sampled"] // (2 * players + 1))
        permuted = explained(worth, players, "permutation", max_evals=rounds * (2 * players + 1))
        ours.append(np.abs(sampled - exact))
        theirs.append(np.abs(permuted - exact))
        errors = np.array(game["errors"])
        ratios.append(np.abs(sampled - exact) <= 3 * errors + 1e-9)
    ours, theirs, ratios = np.concatenate(ours), np.concatenate(theirs), np.concatenate(ratios)
    print(f"shap {shap.__version__}, {len(games)} windows of up to {max(len(g['features']) for g in games)} features")
    print(f"  exact against shap.explainers.Exact: {worst['exact']:.1e} nats apart at most (allowed: {EXACT:.0e})")
    print(f"  exact against shap.KernelExplainer over all sets: {worst['kernel']:.1e} at most (allowed: {EXACT:.0e})")
    print(f"  shares against the ratio they sum to: {worst['sum']:.1e} at most (allowed: {EXACT:.0e})")
    print(f"  sampled against exact: {ours.mean():.4f} on the mean, {ours.max():.4f} at most; {100 * ratios.mean():.1f} %")
    print("    within three of their standard errors")
    print(f"  shap.explainers.Permutation with as many sets: {theirs.mean():.4f} on the mean, {theirs.max():.4f} at most")
    wrong = [name for name, apart in worst.items() if not apart <= EXACT]
    if not ours.mean() <= SAMPLED * theirs.mean() + EXACT:
        wrong.append("sampled")
    if wrong:
        sys.exit("they disagree: " + ", ".join(wrong))
    print("they agree")


if __name__ == "__main__":
    main(sys.argv[1])
