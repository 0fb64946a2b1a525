"""Writes test/golden/torch-*.json and sklearn-metrics.json: what the parts of a network must compute, in float64.

Optimisers, schedules, losses and activations are torch's own, and so are the gradients; where scikit-learn alone has a
thing (schedules 'invscaling' and 'adaptive', metrics, class weights), it is asked instead. Needs torch, numpy and
scikit-learn (Debian's python3-torch and python3-sklearn will do; made with 1.13.1, 1.24.2 and 1.2.1).

  /usr/bin/python3 scripts/make-torch-golden.py
"""

import json
import pathlib
from unittest import mock

import numpy as np
import torch
from sklearn import metrics
from sklearn.neural_network import MLPClassifier
from sklearn.neural_network._stochastic_optimizers import SGDOptimizer
from sklearn.utils.class_weight import compute_class_weight

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


# ---- schedules

def schedule_rates(name, settings, optimiser, epochs, steps, rows):
    """Yields before each step, with the rate set in the optimiser: torch's schedulers, stepped once an epoch."""
    base = optimiser.param_groups[0]["lr"]
    scheduler = None
    if name == "step":
        scheduler = torch.optim.lr_scheduler.StepLR(optimiser, settings["every"], settings["gamma"])
    elif name == "exponential":
        scheduler = torch.optim.lr_scheduler.ExponentialLR(optimiser, settings["gamma"])
    elif name == "invscaling":
        follower = SGDOptimizer([], base, "invscaling", power_t=settings["power"])
    elif name == "cosine" and settings["warmup"] > 0:  # the only one that is stepped with the steps
        n = settings["warmup"] * steps
        warmup = torch.optim.lr_scheduler.LinearLR(optimiser, 1 / n, 1, n - 1)
    for epoch in range(epochs):
        if name == "cosine" and epoch == settings["warmup"]:
            scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(
                optimiser, epochs - epoch, settings["floor"] * base)
        for _ in range(steps):
            yield optimiser.param_groups[0]["lr"]
            optimiser.step()
            if name == "cosine" and epoch < settings["warmup"]:
                warmup.step()
        if scheduler:
            scheduler.step()
        elif name == "invscaling":
            follower.iteration_ends((epoch + 1) * rows)
            optimiser.param_groups[0]["lr"] = follower.learning_rate


def schedule_cases():
    cases = []
    for name, settings in [
        ("constant", {}),
        ("step", {"every": 4, "gamma": 0.5}), ("step", {"every": 1, "gamma": 0.1}),
        ("exponential", {"gamma": 0.9}),
        ("cosine", {"warmup": 0, "floor": 0}), ("cosine", {"warmup": 3, "floor": 0.1}),
        ("cosine", {"warmup": 11, "floor": 0}),
        ("invscaling", {"power": 0.5}), ("invscaling", {"power": 0.25}),
    ]:
        optimiser = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        factors = list(schedule_rates(name, settings, optimiser, 12, 3, 40))
        cases.append({"schedule": name, "settings": settings, "factors": factors})
    return {"epochs": 12, "stepsAnEpoch": 3, "rows": 40, "cases": cases,
            "plateau": [plateau_case(*of) for of in [(2, 1e-4), (1, 0.05), (3, 0)]]}


def plateau_case(patience, tolerance, base=0.01):
    """scikit-learn's own counting, on losses that fall, stay, tremble, fall once more and then rise."""
    random = np.random.RandomState(4)
    falls = np.linspace(2, 1, 6).tolist()
    losses = falls + [1.0] * 5 + random.uniform(0.97, 1.03, 10).tolist() + [0.5, 0.49996, 0.4] + [0.5] * 40
    network = MLPClassifier(solver="sgd", learning_rate="adaptive", n_iter_no_change=patience, tol=tolerance)
    network.loss_curve_, network.best_loss_, network._no_improvement_count = [], np.inf, 0
    optimiser = SGDOptimizer([], base, "adaptive")
    factors = []
    for loss in losses:
        network.loss_curve_.append(loss)
        network._update_no_improvement_count(False, None, None)
        if network._no_improvement_count > patience:
            optimiser.trigger_stopping("", False)
            network._no_improvement_count = 0
        factors.append(optimiser.learning_rate / base)
    return {"settings": {"patience": patience, "tolerance": tolerance, "gamma": 0.2, "floor": 1e-6 / base},
            "losses": losses, "factors": factors}


# ---- initial weights

def torch_spread(initialise, inputs, outputs):
    """The bound or the deviation that torch.nn.init asks its own generator for."""
    asked = []
    with mock.patch.object(torch.Tensor, "uniform_", lambda self, low, high: asked.append(high)), \
            mock.patch.object(torch.Tensor, "normal_", lambda self, mean, deviation: asked.append(deviation)):
        initialise(torch.empty(outputs, inputs))
    return asked[0]


def initialiser_cases():
    """NumPy's draws with torch's spreads, one stream a case; long ones keep their first values, for size."""
    init = torch.nn.init
    cases = []
    for name, kind, initialise in [
        ("glorotUniform", "uniform", init.xavier_uniform_),
        ("glorotNormal", "normal", init.xavier_normal_),
        ("heUniform", "uniform", lambda w: init.kaiming_uniform_(w, nonlinearity="relu")),
        ("heNormal", "normal", lambda w: init.kaiming_normal_(w, nonlinearity="relu")),
        ("lecunNormal", "normal", lambda w: init.kaiming_normal_(w, nonlinearity="linear")),
    ]:
        random = np.random.RandomState(9)
        draws = []
        for inputs, outputs in [(3, 5), (64, 48), (5, 3)]:  # an odd count leaves a normal value behind
            spread = torch_spread(initialise, inputs, outputs)
            shape = (inputs, outputs)
            w = random.uniform(-spread, spread, shape) if kind == "uniform" else random.normal(0, spread, shape)
            draws.append({"inputs": inputs, "outputs": outputs, "values": w.ravel()[:15].tolist()})
        cases.append({"initialiser": name, "seed": 9, "draws": draws})
    return cases


# ---- losses

def loss_cases():
    """Rows of four outputs, near and far from their targets, with the loss and its gradient of each row alone."""
    functional = torch.nn.functional
    random = np.random.RandomState(21)
    outputs = np.concatenate([
        random.uniform(-3, 3, (5, 4)),
        [[0, 0, 0, 0], [1e-8, -1e-8, 1e-3, -1e-3], [20, -20, 30, -30], [800, -800, 799, 0], [1e4, -1e4, 1e3, -1e3]],
    ])
    classes = np.array([0, 1, 2, 3, 1, 2, 0, 3, 2, 1])
    flags = (random.uniform(0, 1, outputs.shape) < 0.5).astype(float)
    values = outputs + random.uniform(-2, 2, outputs.shape)
    values[5] = [0, 1, -1, 0.5]  # an error of δ itself, of 0
    as_long = torch.tensor(classes)
    cases = []
    for name, settings, targets, loss in [
        ("softmaxCrossEntropy", {}, classes[:, None], lambda y, t, i: functional.cross_entropy(y, as_long[i])),
        ("softmaxCrossEntropy", {"labelSmoothing": 0.1}, classes[:, None],
         lambda y, t, i: functional.cross_entropy(y, as_long[i], label_smoothing=0.1)),
        ("sigmoidCrossEntropy", {}, flags, lambda y, t, i: functional.binary_cross_entropy_with_logits(y, t)),
        ("meanSquaredError", {}, values, lambda y, t, i: functional.mse_loss(y, t)),
        ("huber", {}, values, lambda y, t, i: functional.huber_loss(y, t)),
        ("huber", {"delta": 0.3}, values, lambda y, t, i: functional.huber_loss(y, t, delta=0.3)),
    ]:
        rows = []
        for i, target in enumerate(targets):
            y = torch.tensor(outputs[i], requires_grad=True)
            value = loss(y, torch.tensor(target, dtype=torch.float64), i)
            value.backward()
            rows.append({"t": target.tolist(), "value": value.item(), "gradient": y.grad.tolist()})
        cases.append({"loss": name, "settings": settings, "rows": rows})
    return {"outputs": outputs.tolist(), "cases": cases}


# ---- activations

GRID = sorted({sign * size for sign in (-1, 1) for size in (0.0, 1e-8, 1e-3, 0.5, 1.0, 3.0, 20.0, 1e4)})


def activation_cases():
    functional = torch.nn.functional
    cases = []
    for name, activation in [
        ("linear", lambda z: z * 1), ("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("relu", functional.relu),
        ("leakyRelu", functional.leaky_relu), ("elu", functional.elu),
        ("gelu", lambda z: functional.gelu(z, approximate="tanh")), ("silu", functional.silu),
        ("softplus", functional.softplus),
    ]:
        z = torch.tensor(GRID, requires_grad=True)
        y = activation(z)
        y.sum().backward()
        cases.append({"activation": name, "values": y.tolist(), "slopes": z.grad.tolist()})
    return {"grid": GRID, "cases": cases}


# ---- training

# Everything that a float64 program needs to follow, by the project's seeding rule.
TRAINING = {"sizes": [6, 7, 3], "rows": 40, "batch": 8, "epochs": 10, "dataSeed": 3, "seed": 5, "l2": 0.2}

TRAINED = [
    ("sgd", {"momentum": 0.9}, 0.1, torch.optim.SGD, {"momentum": 0.9}),
    ("sgd", {"momentum": 0.9, "nesterov": 1}, 0.1, torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    ("adam", {}, 0.02, torch.optim.Adam, {}),
    ("adamw", {"weightDecay": 0.1}, 0.02, torch.optim.AdamW, {"weight_decay": 0.1}),
    ("rmsprop", {"momentum": 0.5}, 0.01, torch.optim.RMSprop, {"momentum": 0.5}),
    ("adagrad", {"rateDecay": 0.01}, 0.1, torch.optim.Adagrad, {"lr_decay": 0.01}),
]

SCHEDULED = [
    ("constant", {}), ("step", {"every": 3, "gamma": 0.5}), ("exponential", {"gamma": 0.8}),
    ("cosine", {"warmup": 2, "floor": 0.1}), ("invscaling", {"power": 0.25}),
]


def training_data():
    """Features that float32 holds, and labels without a pattern."""
    random = np.random.RandomState(TRAINING["dataSeed"])
    rows, (inputs, _, classes) = TRAINING["rows"], TRAINING["sizes"]
    x = random.uniform(-1, 1, (rows, inputs)).astype(np.float32).astype(np.float64)
    return torch.tensor(x), torch.tensor(random.permutation(rows) % classes)


def trained(name, words, rate, make, schedule, settings):
    """The parameters [w1, b1, w2, b2] after 50 steps of a tanh layer and a linear one."""
    x, labels = training_data()
    random = np.random.RandomState(TRAINING["seed"])
    sizes, rows, batch = TRAINING["sizes"], TRAINING["rows"], TRAINING["batch"]
    tensors = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        r = np.sqrt(6.0) / np.sqrt(inputs + outputs)
        tensors += [random.uniform(-r, r, (inputs, outputs)), np.zeros(outputs)]
    w1, b1, w2, b2 = tensors = [torch.tensor(t, requires_grad=True) for t in tensors]
    optimiser = make(tensors, lr=rate, **words)
    steps = rows // batch
    rates = schedule_rates(schedule, settings, torch.optim.SGD([torch.zeros(1)], lr=rate),
                           TRAINING["epochs"], steps, rows)
    for step, rate in enumerate(rates):
        if step % steps == 0:
            order = random.permutation(rows)
        of = order[step % steps * batch:][:batch]
        optimiser.param_groups[0]["lr"] = rate
        optimiser.zero_grad()
        y = torch.tanh(x[of] @ w1 + b1) @ w2 + b2
        penalty = TRAINING["l2"] / (2 * batch) * ((w1 ** 2).sum() + (w2 ** 2).sum())
        (torch.nn.functional.cross_entropy(y, labels[of]) + penalty).backward()
        optimiser.step()
    return [[float(f"{v:.11e}") for v in t.detach().ravel().tolist()] for t in tensors]


def training_runs():
    return {**TRAINING, "runs": [
        {"optimiser": name, "settings": settings, "learningRate": rate, "schedule": schedule,
         "scheduleSettings": of, "parameters": trained(name, words, rate, make, schedule, of)}
        for name, settings, rate, make, words in TRAINED for schedule, of in SCHEDULED]}


# ---- metrics

def class_metric_case(labels, predicted, classes):
    present = np.unique(labels)
    return {"labels": labels, "predicted": predicted, "classes": classes,
            "confusion": metrics.confusion_matrix(labels, predicted, labels=range(classes)).ravel().tolist(),
            "accuracy": metrics.accuracy_score(labels, predicted),
            "balancedAccuracy": metrics.balanced_accuracy_score(labels, predicted),
            "macroF1": metrics.f1_score(labels, predicted, average="macro", zero_division=0),
            "balanced": dict(zip(present.tolist(), compute_class_weight(
                "balanced", classes=present, y=labels).tolist()))}


def value_metric_case(y, t):
    return {"outputs": y.shape[1], "y": y.ravel().tolist(), "t": t.ravel().tolist(),
            "r2": metrics.r2_score(t, y), "rmse": metrics.mean_squared_error(t, y, squared=False),
            "mae": metrics.mean_absolute_error(t, y)}


def metric_cases():
    random = np.random.RandomState(8)
    uneven = [0] * 30 + [1] * 6 + [2] * 3 + [3]
    guesses = [k if random.uniform() < 0.7 else int(random.randint(4)) for k in uneven]
    t = random.uniform(-3, 3, (12, 3)) * [1, 10, 0.1]
    level = np.concatenate([t, np.full((12, 1), 0.5)], axis=1)  # an output whose targets are all the same
    return {
        "classes": [
            class_metric_case(uneven, guesses, 4),
            class_metric_case([0, 1, 1, 0], [0, 1, 1, 0], 2),
            class_metric_case([0, 1, 1, 0], [1, 0, 0, 1], 2),
            class_metric_case([0, 0, 2, 2, 2], [0, 1, 2, 2, 0], 5),  # 1 has answers only, 3 and 4 have nothing
        ],
        "values": [
            value_metric_case(t + random.uniform(-1, 1, t.shape), t),
            value_metric_case(level + random.uniform(-1, 1, level.shape), level),
            value_metric_case(level, level),
            value_metric_case(t[:, :1] * -1, t[:, :1]),
        ],
    }


def write(name, value):
    path = GOLDEN / name
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def main():
    GOLDEN.mkdir(parents=True, exist_ok=True)
    write("torch-optimisers.json", optimiser_cases())
    write("torch-schedules.json", schedule_cases())
    write("torch-initialisers.json", initialiser_cases())
    write("torch-losses.json", loss_cases())
    write("sklearn-metrics.json", metric_cases())
    write("torch-activations.json", activation_cases())
    write("torch-training.json", training_runs())


if __name__ == "__main__":
    main()
