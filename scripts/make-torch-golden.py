"""Writes test/golden/torch-*.json: what PyTorch says that the parts of a network must compute, in float64.

Optimisers, schedules, losses and activations are torch's own, and so are the gradients; where scikit-learn alone has a
thing (schedules 'invscaling' and 'adaptive', metrics, class weights), it is asked instead. Needs torch, numpy and
scikit-learn (Debian's python3-torch and python3-sklearn will do; made with 1.13.1, 1.24.2 and 1.2.1).

  /usr/bin/python3 scripts/make-torch-golden.py
"""

import json
import pathlib

import numpy as np
import torch

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "test" / "golden"

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


# ---- optimisers

# The project's name of an optimiser, its settings by the project's names, and the same in torch's words.
OPTIMISERS = [
    ("sgd", {}, torch.optim.SGD, {}),
    ("sgd", {"momentum": 0.9}, torch.optim.SGD, {"momentum": 0.9}),
    ("sgd", {"momentum": 0.9, "nesterov": 1}, torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    ("adam", {}, torch.optim.Adam, {}),
    ("adam", {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3}, torch.optim.Adam, {"betas": (0.8, 0.95), "eps": 1e-3}),
    ("adamw", {"weightDecay": 0.1}, torch.optim.AdamW, {"weight_decay": 0.1}),
    ("rmsprop", {}, torch.optim.RMSprop, {}),
    ("rmsprop", {"smoothing": 0.9, "momentum": 0.5, "epsilon": 1e-4}, torch.optim.RMSprop,
     {"alpha": 0.9, "momentum": 0.5, "eps": 1e-4}),
    ("adagrad", {}, torch.optim.Adagrad, {}),
    ("adagrad", {"rateDecay": 0.05, "epsilon": 1e-6}, torch.optim.Adagrad, {"lr_decay": 0.05, "eps": 1e-6}),
]

STEPS = 50


def optimiser_cases():
    """Each optimiser on one vector, with gradients that do not depend on it: five scales, one of them zero."""
    random = np.random.RandomState(12)
    gradients = random.uniform(-1, 1, (STEPS, 5)) * np.array([1, 1e-3, 0, 30, 1e-9])
    start = random.uniform(-2, 2, 5)
    changing = 0.05 * random.uniform(0.1, 2, STEPS)
    cases = []
    for name, settings, make, words in OPTIMISERS:
        for rates in (np.full(STEPS, 0.05), changing):
            theta = torch.tensor(start)
            optimiser = make([theta], lr=1.0, **words)
            after = {}
            for step, (gradient, rate) in enumerate(zip(gradients, rates), start=1):
                optimiser.param_groups[0]["lr"] = float(rate)
                theta.grad = torch.tensor(gradient)
                optimiser.step()
                if step in (1, 2, 10, STEPS):
                    after[step] = theta.tolist()
            cases.append({"optimiser": name, "settings": settings, "changing": rates is changing, "after": after})
    defaults = {name: make([torch.zeros(1)], lr=1.0) if make is torch.optim.SGD else make([torch.zeros(1)])
                for name, _, make, _ in OPTIMISERS}
    return {"start": start.tolist(), "rate": 0.05, "rates": changing.tolist(), "gradients": gradients.tolist(),
            "learningRates": {name: made.param_groups[0]["lr"] for name, made in defaults.items() if name != "sgd"},
            "cases": cases}


def write(name, value):
    path = GOLDEN / name
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def main():
    GOLDEN.mkdir(parents=True, exist_ok=True)
    write("torch-optimisers.json", optimiser_cases())


if __name__ == "__main__":
    main()
