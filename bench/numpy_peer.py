"""NumPy as a peer: reads one order a line from standard input, answers one line of JSON each.

Training runs in float32, as it does everywhere else, in the tutorial's own vectorised form.
"""

import json
import sys
import time

import numpy as np


def read(path, shape):
    return np.fromfile(path, dtype=np.float32).reshape(shape)


class Training:
    def __init__(self, task, files):
        self.task = task
        sizes, rows = task["sizes"], task["rows"]
        self.x = read(files["features"], (rows, sizes[0]))
        self.t = read(files["oneHot"], (rows, sizes[-1]))
        self.members = []
        for l2 in task["l2"]:
            ws = [read(path, shape) for path, shape in zip(files["w"], zip(sizes, sizes[1:]))]
            bs = [np.zeros(size, np.float32) for size in sizes[1:]]
            velocities = [np.zeros_like(p) for p in ws + bs]
            self.members.append((np.float32(l2), ws, bs, velocities))

    def forward(self, ws, bs):
        states = [self.x]
        for w, b in zip(ws, bs):
            states.append(1 / (1 + np.exp(-(states[-1] @ w + b))))
        return states

    def update(self, l2, ws, bs, velocities):
        rows = np.float32(self.task["rows"])
        states = self.forward(ws, bs)
        y = states[-1]
        p = np.exp(y - y.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        d = (p - self.t) / rows
        dws, dbs = [], []
        for i in reversed(range(len(ws))):
            d = d * states[i + 1] * (1 - states[i + 1])
            dws.insert(0, states[i].T @ d + (l2 / rows) * ws[i])
            dbs.insert(0, d.sum(axis=0))
            if i > 0:
                d = d @ ws[i].T
        rate, momentum = np.float32(self.task["learningRate"]), np.float32(self.task["momentum"])
        for parameter, velocity, gradient in zip(ws + bs, velocities, dws + dbs):
            velocity *= momentum
            velocity -= rate * gradient
            parameter += velocity

    def step(self, count):
        for member in self.members:
            for _ in range(count):
                self.update(*member)

    def score(self):
        rows = self.task["rows"]
        losses = []
        for l2, ws, bs, _ in self.members:
            y = self.forward(ws, bs)[-1]
            top = y.max(axis=1)
            entropy = np.log(np.exp(y - top[:, None]).sum(axis=1)) + top - (y * self.t).sum(axis=1)
            losses.append(entropy.mean() + l2 / (2 * rows) * sum((w * w).sum() for w in ws))
        return float(np.mean(losses))


class Product:
    def __init__(self, task, files):
        self.size = task["size"]
        self.a = read(files["a"], (self.size, self.size))
        self.b = read(files["b"], (self.size, self.size))
        self.c = self.a @ self.b

    def step(self, count):
        for _ in range(count):
            self.c = self.a @ self.b

    def score(self):
        return float(self.c[-1, -1]) / self.size


work = None
print(json.dumps({"version": np.__version__}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    if order["do"] == "prepare":
        kind = Training if order["task"]["kind"] == "training" else Product
        work = kind(order["task"], order["files"])
        answer = {}
    elif order["do"] == "step":
        began = time.perf_counter()
        work.step(order["count"])
        answer = {"milliseconds": 1000 * (time.perf_counter() - began)}
    else:
        answer = {"score": work.score()}
    print(json.dumps(answer), flush=True)
