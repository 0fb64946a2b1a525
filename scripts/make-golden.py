"""Writes test/golden/*.json: what NumPy and scikit-learn say that the project's float64 code must compute.

Independent of the TypeScript: the random numbers and the splits are NumPy's and scikit-learn's own, and the training
below is the tutorial's equations in NumPy. Floats are written so that they come back bit for bit, except where a
comment says otherwise. Needs numpy and scikit-learn (Debian's python3-sklearn will do; made with 1.24.2 and 1.2.1).

  python3 scripts/make-golden.py
"""

import base64
import io
import json
import os
import pathlib
import pickle

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # more threads add in another order, which changes the last digits

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "test" / "golden"

SIZES = [64, 48, 32, 10]
TUTORIAL_L2 = 0.599484
LEARNING_RATE, MOMENTUM = 0.2, 0.9

# Minibatches: a batch divides the penalty by its own few rows, so the tutorial's λ would smother all learning; and at
# the tutorial's learning rate the run is chaotic, one bit in the weights growing to 1e-9 in the loss within 20 epochs.
MINIBATCH_L2, MINIBATCH_LEARNING_RATE = 0.02, 0.1


# ---- random numbers

def random_draws(seed):
    """One stream, draws of all kinds interleaved; long permutations keep only their first values, for size."""
    random = np.random.RandomState(seed)
    draws = []

    def uniform(low, high, count):
        draws.append({"kind": "uniform", "low": low, "high": high, "count": count,
                      "values": random.uniform(low, high, count).tolist()})

    def permutation(n, keep):
        draws.append({"kind": "permutation", "count": n, "values": random.permutation(n)[:keep].tolist()})

    def normal(count):
        draws.append({"kind": "normal", "count": count, "values": random.standard_normal(count).tolist()})

    def scaled(mean, deviation, count):
        draws.append({"kind": "scaled", "mean": mean, "deviation": deviation, "count": count,
                      "values": random.normal(mean, deviation, count).tolist()})

    uniform(0.0, 1.0, 5)
    normal(3)                     # odd: one value stays behind
    permutation(1, 1)             # draws nothing
    permutation(2, 2)
    uniform(-0.25, 2.5, 4)
    normal(2)                     # the one left behind, then a new pair
    permutation(17, 17)
    permutation(1797, 1797 if seed in (0, 111) else 20)
    normal(1)
    permutation(256, 20)          # 255 is a mask of its own
    permutation(257, 20)
    uniform(-1.0, 1.0, 3)
    scaled(2.5, 0.5, 4)           # begins with what normal(1) left behind
    return {"seed": seed, "draws": draws}


# ---- splits

def split_case(count, test_size, seed, labels=None):
    train, test = train_test_split(np.arange(count), test_size=test_size, random_state=seed, stratify=labels)
    case = {"count": count, "testSize": test_size, "seed": seed, "train": train.tolist(), "test": test.tolist()}
    return case if labels is None else {**case, "labels": np.asarray(labels).tolist()}


def split_cases(labels):
    plain = [split_case(*case) for case in [
        (2, 0.5, 0), (3, 1, 1), (10, 0.25, 0), (10, 9, 7), (11, 0.33, 42), (100, 0.1, 4294967295), (100, 37, 123),
        (257, 0.99, 5), (300, 0.07, 2),
    ]]
    # Even classes make every remainder a tie; uneven ones make some; labels need not be dense or start at 0.
    stratified = [split_case(len(of), size, seed, of) for size, seed, of in [
        (0.5, 0, [0, 1] * 2),
        (2, 3, [5, 9, 9, 5]),
        (0.33, 111, [0, 1, 2] * 7),
        (0.25, 7, [2] * 5 + [0] * 11 + [7] * 6 + [1] * 2),
        (9, 1, [0] * 10 + [1] * 10 + [2] * 10),
        (10, 4294967295, [0] * 10 + [1] * 10 + [2] * 10),
        (0.1, 42, [0] * 90 + [1] * 10 + [2] * 27 + [3] * 2),
        (0.4, 123, [k % 7 for k in range(101)]),
    ]]
    whole, tutorial = np.arange(len(labels)), {}
    rest, tutorial["test"] = train_test_split(whole, test_size=0.33, random_state=111)
    tutorial["train"], tutorial["valid"] = train_test_split(rest, test_size=0.40, random_state=123)
    digits = split_case(len(labels), 0.33, 111, labels)
    del digits["labels"]  # the test has them
    return {"plain": plain, "stratified": stratified, "stratifiedDigits": digits,
            "tutorial": {part: rows.tolist() for part, rows in tutorial.items()}}, tutorial


# ---- array files

def array_file(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version)
    return base64.b64encode(file.getvalue()).decode()


def npy_cases():
    """Files as NumPy writes them, and their elements as little-endian float64 in C order."""
    counts = np.arange(6).reshape(2, 3)
    extremes = {kind: np.array([np.iinfo(kind).min, 0, 1, np.iinfo(kind).max], kind)
                for kind in ("i1", "u1", "i2", "u2", "i4", "u4")}
    halves = np.array([0, -0.0, 1, -2.5, 65504, 2.0 ** -14, 2.0 ** -24, -3 * 2.0 ** -24, np.inf, -np.inf, np.nan], "f2")
    arrays = [
        *extremes.values(), *(array.astype(">" + kind) for kind, array in extremes.items()),
        counts, counts.astype(">i8"), counts.astype("u8"), counts.astype(">u8"), np.array([-2 ** 53, 2 ** 53]),
        np.array([[True, False], [False, True]]), halves, halves.astype(">f2"),
        np.array([0.1, -1e-30, 3e38, np.inf, np.nan], "f4"), np.array([0.1, 3e38], ">f4"),
        np.array([0.1, -1e-300, np.inf, np.nan]), np.array([0.1, 1e300], ">f8"),
        np.asfortranarray(counts), np.asfortranarray(np.arange(24, dtype=">i2").reshape(2, 3, 4)),
        np.asfortranarray(np.arange(24, dtype="f4").reshape(4, 1, 3, 2)), np.zeros((0, 3), order="F"), np.zeros((3, 0)),
        np.float64(7), np.arange(5)[::2],
    ]
    read = [{"type": array.dtype.str, "shape": list(array.shape), "file": array_file(array, version),
             "values": base64.b64encode(np.ascontiguousarray(array).astype("<f8").tobytes()).decode()}
            for array, version in [*((np.asarray(array), (1, 0)) for array in arrays),
                                   *((counts.astype("f4"), (n, 0)) for n in (2, 3))]]
    refused = [
        ("2^53 + 1", np.array([0, 2 ** 53 + 1])), ("-2^53 - 1", np.array([-2 ** 53 - 1])), ("2^64 - 1", np.array([2 ** 64 - 1], "u8")),
        ("complex", np.array([1 + 2j])), ("objects", np.array([{}, None])), ("bytes", np.array([b"a", b"bc"])),
        ("text", np.array(["a", "bc"])), ("dates", np.array(["2017-01-01"], "M8[D]")), ("durations", np.array([1], "m8[s]")),
        ("records", np.array([(1, 2.0)], [("label", "i4"), ("shape", "f4")])), ("raw bytes", np.array([b"ab"], "V2")),
        ("long doubles", np.array([1], np.longdouble)),
    ]
    archive = io.BytesIO()
    np.savez(archive, counts=counts)
    return {"read": read, "refused": [{"name": name, "file": array_file(array)} for name, array in refused] + [
        {"name": "archive", "file": base64.b64encode(archive.getvalue()).decode()},
        {"name": "pickle", "file": base64.b64encode(pickle.dumps(counts)).decode()}]}


# ---- training

def initial(random, sizes):
    shapes = list(zip(sizes[:-1], sizes[1:]))
    weights = []
    for shape in shapes:
        r = np.sqrt(6.0) / np.sqrt(sum(shape))
        weights.append(random.uniform(-r, r, size=shape))
    return weights, [np.zeros(n) for _, n in shapes]


def activations(weights, biases, x, output):
    outs = [x]
    for depth, (w, b) in enumerate(zip(weights, biases), start=1):
        z = outs[-1].dot(w) + b
        is_linear = depth == len(weights) and output == "linear"
        outs.append(z if is_linear else 1.0 / (1.0 + np.exp(-z)))
    return outs


def log_probabilities(y):
    shifted = y - y.max(axis=1)[:, None]
    return shifted - np.log(np.exp(shifted).sum(axis=1))[:, None]


def evaluate(weights, biases, x, labels, l2, output):
    y = activations(weights, biases, x, output)[-1]
    n = len(labels)
    penalty = l2 / (2 * n) * sum(np.square(w).sum() for w in weights)
    loss = penalty - log_probabilities(y)[np.arange(n), labels].mean()
    return float(loss), float((y.argmax(axis=1) == labels).mean())


def gradients(weights, biases, x, labels, l2, output):
    """Of the mean loss with its penalty: the sums divided by the number of rows."""
    outs = activations(weights, biases, x, output)
    n = len(labels)
    delta = np.exp(log_probabilities(outs[-1])) - np.eye(outs[-1].shape[1])[labels]
    dw, db = [], []
    for depth in range(len(weights), 0, -1):
        if depth < len(weights) or output == "sigmoid":
            delta = delta * outs[depth] * (1.0 - outs[depth])
        dw.insert(0, (outs[depth - 1].T.dot(delta) + l2 * weights[depth - 1]) / n)
        db.insert(0, delta.sum(axis=0) / n)
        delta = delta.dot(weights[depth - 1].T)
    return dw, db


def train(parts, seed, l2, learning_rate, output, batch, epochs, every):
    """Yields an evaluation of every part every so many epochs. One random stream: weights, then batch orders."""
    random = np.random.RandomState(seed)
    weights, biases = initial(random, SIZES)
    tensors = weights + biases
    speeds = [np.zeros_like(t) for t in tensors]
    x, labels = parts["train"]
    for epoch in range(epochs + 1):
        if epoch % every == 0:
            point = {"epoch": epoch}
            for part, (px, plabels) in parts.items():
                loss, accuracy = evaluate(weights, biases, px, plabels, l2, output)
                point[part] = {"loss": loss, "accuracy": accuracy}
            yield point
        if epoch == epochs:
            return
        order = np.arange(len(labels)) if batch == "full" else random.permutation(len(labels))
        size = len(labels) if batch == "full" else batch
        for start in range(0, len(labels), size):
            rows = order[start:start + size]
            dw, db = gradients(weights, biases, x[rows], labels[rows], l2, output)
            for tensor, speed, gradient in zip(tensors, speeds, dw + db):
                speed *= MOMENTUM
                speed -= learning_rate * gradient
                tensor += speed


def gradient_case(parts, seed, l2, output):
    """First-step gradients. Seed 0 keeps every value, other seeds every 97th; ten digits each, for size."""
    weights, biases = initial(np.random.RandomState(seed), SIZES)
    dw, db = gradients(weights, biases, *parts["train"], l2, output)
    stride = 1 if seed == 0 else 97

    def tensor(values):
        flat = values.ravel()
        return {"max": float(np.abs(flat).max()), "values": [float(f"{v:.9e}") for v in flat[::stride]]}

    return {"seed": seed, "l2": l2, "output": output, "stride": stride,
            "layers": [{"w": tensor(w), "b": tensor(b)} for w, b in zip(dw, db)]}


def write(name, value):
    path = GOLDEN / name
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def main():
    GOLDEN.mkdir(parents=True, exist_ok=True)
    pixels, labels = load_digits(return_X_y=True)
    splits, tutorial = split_cases(labels)
    parts = {part: (pixels[tutorial[part]], labels[tutorial[part]]) for part in ("train", "valid", "test")}
    runs = [(seed, l2, output) for seed in range(5) for l2 in (0, TUTORIAL_L2) for output in ("sigmoid", "linear")]

    write("random.json", [random_draws(seed) for seed in (0, 1, 7, 111, 4294967295)])
    write("splits.json", splits)
    write("npy.json", npy_cases())
    write("tutorial-gradients.json", [gradient_case(parts, *run) for run in runs])
    write("tutorial-training.json", {
        "sizes": SIZES, "learningRate": LEARNING_RATE, "momentum": MOMENTUM, "runs": [
            {"seed": seed, "l2": l2, "output": output,
             "curve": list(train(parts, seed, l2, LEARNING_RATE, output, "full", 300, 100))}
            for seed, l2, output in runs]})
    write("minibatch.json", {
        "sizes": SIZES, "learningRate": MINIBATCH_LEARNING_RATE, "momentum": MOMENTUM, "l2": MINIBATCH_L2,
        "output": "sigmoid", "runs": [
            {"seed": seed, "batch": batch,
             "curve": list(train(parts, seed, MINIBATCH_L2, MINIBATCH_LEARNING_RATE, "sigmoid", batch, 20, 5))}
            for seed in (0, 3) for batch in (25, 32)]})


if __name__ == "__main__":
    main()
