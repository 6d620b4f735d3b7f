"""The face's networks in onnxruntime, on one thread: outputs compared with what `stillyou-train face-measure` wrote, then timed.

    python check_nets.py FOLDER ONNX_FOLDER ROUNDS

Prints one JSON object: of each network the largest difference as a share of the output's largest value, for the weights as
they are (single) and as they are shipped (half), and the median time of a look in milliseconds.
"""

import json
import pathlib
import statistics
import sys
import time

import numpy as np
import onnxruntime


def session(file):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(file), options, ["CPUExecutionProvider"])


def main():
    folder, models, rounds = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    ours = json.loads((folder / "nets.json").read_text())
    nets, loaded = [], []
    for net in ours["nets"]:
        run = session(models / net["file"])
        feed = run.get_inputs()[0]
        read = lambda what: np.fromfile(folder / f"{net['name']}.{what}.f32", "<f4")
        size = net["size"]
        pictures = read("input").reshape(ours["pictures"], 1, size, size, 3)
        if feed.shape[1] == 3:
            pictures = pictures.transpose(0, 1, 4, 2, 3)
        pictures = [{feed.name: np.ascontiguousarray(p)} for p in pictures]
        outputs = [run.run(None, p) for p in pictures]
        result = {"name": net["name"]}
        for what in ("single", "half"):
            theirs, at, apart = read(what), 0, 0.0
            for outputs_of_one in outputs:
                for output in outputs_of_one:
                    flat = output.ravel()
                    part = theirs[at : at + flat.size]
                    at += flat.size
                    apart = max(apart, float(np.abs(part - flat).max() / np.abs(flat).max()))
            assert at == theirs.size, f"{net['name']}: {theirs.size} values, not {at}"
            result[what] = apart
        nets.append(result)
        loaded.append((net, run, pictures))
    times, looks = [[] for _ in loaded], []
    for turn in range(rounds + 1):
        look = 0.0
        for (net, run, pictures), of_net in zip(loaded, times):
            picture = pictures[turn % len(pictures)]
            start = time.perf_counter_ns()
            for _ in range(net["passes"]):
                run.run(None, picture)
            ms = (time.perf_counter_ns() - start) / 1e6
            look += ms if net["in_look"] else 0.0
            if turn:
                of_net.append(ms)
        if turn:
            looks.append(look)
    for result, of_net in zip(nets, times):
        result["median_ms"] = statistics.median(of_net)
    version = f"onnxruntime {onnxruntime.__version__}"
    print(json.dumps({"version": version, "nets": nets, "look_median_ms": statistics.median(looks)}))


main()
