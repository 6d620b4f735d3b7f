"""The network of src/keystroke/network.rs with a pack's weights, in onnxruntime: checked against burn's outputs, then timed.

    python peer.py weights.bpk windows.json LAYERS HEADS ROUNDS

windows.json is what the `window` benchmark wrote. Prints one JSON object: times in microseconds, one thread.
"""

import json
import statistics
import struct
import sys
import time

import cbor2
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

WINDOW, TIMINGS = 50, 6


def weights(path):
    """A burnpack: magic, version, length of the CBOR that describes it, and tensors from the next multiple of 256 on."""
    raw = open(path, "rb").read()
    magic, version, length = struct.unpack_from("<4sHI", raw)
    assert (magic, version) == (b"NRUB", 1), f"{path} is no burnpack of version 1"
    start = -(-(10 + length) // 256) * 256
    out = {}
    for name, tensor in cbor2.loads(raw[10 : 10 + length])["tensors"].items():
        assert tensor["dtype"] == "F16", f"{name} is {tensor['dtype']}"
        begin, end = tensor["data_offsets"]
        values = np.frombuffer(raw[start + begin : start + end], "<f2").astype(np.float32)
        out[name] = values.reshape(tensor["shape"])
    return out


class Graph:
    """An ONNX graph under construction; values are names."""

    def __init__(self, weights):
        self.nodes, self.constants, self.weights, self.count = [], {}, weights, 0

    def op(self, kind, *inputs, **attributes):
        self.count += 1
        out = f"v{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out

    def weight(self, name):
        return self.constant(name, self.weights[name])

    def constant(self, name, value):
        self.constants[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    def number(self, value):
        return self.constant(f"number_{value}", np.float32(value))

    def shape(self, *sizes):
        return self.constant(f"shape_{sizes}", np.array(sizes, np.int64))

    def linear(self, x, name):
        x = self.op("MatMul", x, self.weight(f"{name}.weight"))
        return self.op("Add", x, self.weight(f"{name}.bias")) if f"{name}.bias" in self.weights else x

    def norm(self, x):
        square = self.op("ReduceMean", self.op("Mul", x, x), axes=[2], keepdims=1)
        return self.op("Div", x, self.op("Sqrt", self.op("Add", square, self.number(1e-5))))

    def mixer(self, x, name):
        up = self.op("Relu", self.linear(self.norm(x), f"{name}.up"))
        return self.op("Add", x, self.linear(up, f"{name}.down"))

    def attend(self, x, present, name, heads):
        size = self.weights[f"{name}.query.weight"].shape[1] // heads
        heads_apart = self.shape(1, WINDOW, heads, size)

        def split(t, order):
            return self.op("Transpose", self.op("Reshape", t, heads_apart), perm=order)

        query = self.op("Mul", self.linear(x, f"{name}.query"), self.number(size**-0.5))
        key = self.linear(x, f"{name}.key")
        value = self.op("Mul", self.linear(x, f"{name}.value"), present)
        weights = self.op("Exp", self.op("MatMul", split(query, [0, 2, 1, 3]), split(key, [0, 2, 3, 1])))
        total = self.op("MatMul", weights, self.op("Reshape", present, self.shape(1, 1, WINDOW, 1)))
        mixed = self.op("Div", self.op("MatMul", weights, split(value, [0, 2, 1, 3])), total)
        mixed = self.op("Transpose", mixed, perm=[0, 2, 1, 3])
        return self.linear(self.op("Reshape", mixed, self.shape(1, WINDOW, heads * size)), f"{name}.output")

    def pooled(self, x, present):
        count = self.op("ReduceSum", present, self.shape(1), keepdims=1)
        x = self.op("Mul", x, present)
        mean = self.op("Div", self.op("ReduceSum", x, self.shape(1), keepdims=1), count)
        apart = self.op("Sub", x, self.op("Mul", mean, present))
        square = self.op("ReduceSum", self.op("Mul", apart, apart), self.shape(1), keepdims=1)
        deviation = self.op("Sqrt", self.op("Add", self.op("Div", square, count), self.number(1e-4)))
        return self.op("Concat", mean, deviation, axis=2)

    def unit(self, x):
        square = self.op("ReduceSum", self.op("Mul", x, x), self.shape(2), keepdims=1)
        return self.op("Div", x, self.op("Sqrt", self.op("Add", square, self.number(1e-12))))


def model(weights, layers, heads):
    g = Graph(weights)
    present = g.op("Reshape", "present", g.shape(1, WINDOW, 1))
    x = g.op("Gather", g.weight("key.weight"), "keys")
    x = g.op("Add", x, g.op("Gather", g.weight("previous.weight"), "previous"))
    x = g.op("Add", x, g.op("Gather", g.weight("next.weight"), "next"))
    x = g.op("Add", x, g.linear("timings", "timing"))
    x = g.op("Add", x, g.weight("place"))
    x = g.mixer(x, "stem")
    for layer in range(layers):
        name = f"blocks.{layer}"
        x = g.op("Add", x, g.attend(g.norm(x), present, name, heads))
        x = g.mixer(x, f"{name}.mixer")
    out = g.unit(g.linear(g.pooled(g.norm(x), present), "head"))
    unused = set(weights) - set(g.constants)
    assert not unused, f"weights that this script does not know: {unused}"
    inputs = [
        helper.make_tensor_value_info("keys", TensorProto.INT64, [1, WINDOW]),
        helper.make_tensor_value_info("previous", TensorProto.INT64, [1, WINDOW]),
        helper.make_tensor_value_info("next", TensorProto.INT64, [1, WINDOW]),
        helper.make_tensor_value_info("timings", TensorProto.FLOAT, [1, WINDOW, TIMINGS]),
        helper.make_tensor_value_info("present", TensorProto.FLOAT, [1, WINDOW]),
    ]
    embedding = len(weights["head.bias"])
    outputs = [helper.make_tensor_value_info(out, TensorProto.FLOAT, [1, 1, embedding])]
    graph = helper.make_graph(g.nodes, "keystroke", inputs, outputs, list(g.constants.values()))
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made)
    return made.SerializeToString()


def main():
    bpk, windows, layers, heads, rounds = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    net = onnxruntime.InferenceSession(model(weights(bpk), layers, heads), options, ["CPUExecutionProvider"])
    feeds, apart = [], 0.0
    for window in json.load(open(windows)):
        feed = {
            "keys": np.array([window["keys"]], np.int64),
            "previous": np.array([window["previous"]], np.int64),
            "next": np.array([window["next"]], np.int64),
            "timings": np.array(window["timings"], np.float32).reshape(1, WINDOW, TIMINGS),
            "present": np.array([window["present"]], np.float32),
        }
        apart = max(apart, float(np.abs(net.run(None, feed)[0].ravel() - np.array(window["embedding"])).max()))
        feeds.append(feed)
    assert apart < 1e-3, f"the outputs are {apart} apart: not the same net"
    times = []
    for turn in range(rounds + 1):
        for feed in feeds:
            start = time.perf_counter_ns()
            net.run(None, feed)
            if turn:
                times.append((time.perf_counter_ns() - start) / 1e3)
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    version = f"onnxruntime {onnxruntime.__version__}"
    print(json.dumps({"median_us": statistics.median(times), "p95_us": p95, "apart": apart, "name": version}))


main()
