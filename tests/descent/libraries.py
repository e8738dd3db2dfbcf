"""The same runs in the two libraries: `python -m tests.descent.libraries` writes their iterates into a fixture.

It needs torch, optax and jax; the table in `tests/fixtures/optimisers.json` was made with the versions that it names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Problem:
    """A function as text, its start, and the same function in any library that has sums and products."""

    text: str
    start: list[float]


FUNCTIONS = {"bowl": Problem("x^2 + 20y^2", [4.0, 3.0]), "valley": Problem("(1 - x)^2 + 100(y - x^2)^2", [-1.0, 1.5])}


def value(name: str, x: Any, y: Any) -> Any:
    """The functions once more, for tensors and arrays."""
    return x**2 + 20 * y**2 if name == "bowl" else (1 - x) ** 2 + 100 * (y - x**2) ** 2


@dataclass(frozen=True)
class Case:
    """A run: method, convention and everything that is set."""

    method: str
    convention: str
    rate: str
    function: str = "bowl"
    settings: dict[str, str] = field(default_factory=dict)
    clip_norm: str | None = None
    weight_decay: str | None = None
    steps: int = 25


def _cases() -> dict[str, Case]:
    found: dict[str, Case] = {}
    for convention in ("torch", "optax"):
        for method, rate in (("gd", "0.01"), ("momentum", "0.005"), ("nesterov", "0.005"), ("adagrad", "0.5"), ("rmsprop", "0.05"), ("adam", "0.1")):
            found[f"{convention} {method}"] = Case(method, convention, rate)
            found[f"{convention} {method} in a valley"] = Case(method, convention, str(float(rate) / 50), "valley")
        found[f"{convention} adam, set"] = Case("adam", convention, "0.2", settings={"beta_1": "0.8", "beta_2": "0.95", "epsilon": "0.001"})
        found[f"{convention} momentum, set"] = Case("momentum", convention, "0.01", settings={"mu": "0.5"})
        found[f"{convention} clipped"] = Case("gd", convention, "0.1", clip_norm="1")
        found[f"{convention} decayed"] = Case("adam", convention, "0.1", weight_decay="0.05")
    found["torch momentum, damped"] = Case("momentum", "torch", "0.01", settings={"mu": "0.9", "tau": "0.3"})
    return found


CASES = _cases()


def torch_iterates(case: Case) -> list[list[float]]:
    """The run in torch, in double precision."""
    import torch

    x = torch.tensor(FUNCTIONS[case.function].start, dtype=torch.float64, requires_grad=True)
    rate, given = float(case.rate), {name: float(text) for name, text in case.settings.items()}
    if case.method in ("gd", "momentum", "nesterov"):
        mu = given.get("mu", 0.0 if case.method == "gd" else 0.9)
        optimiser: Any = torch.optim.SGD([x], lr=rate, momentum=mu, dampening=given.get("tau", 0.0), nesterov=case.method == "nesterov")
    elif case.method == "adam":
        kind = torch.optim.Adam if case.weight_decay is None else torch.optim.AdamW
        more = {} if case.weight_decay is None else {"weight_decay": float(case.weight_decay)}
        betas = given.get("beta_1", 0.9), given.get("beta_2", 0.999)
        optimiser = kind([x], lr=rate, betas=betas, eps=given.get("epsilon", 1e-8), **more)
    else:
        optimiser = {"adagrad": torch.optim.Adagrad, "rmsprop": torch.optim.RMSprop}[case.method]([x], lr=rate)
    points = [x.detach().tolist()]
    for _ in range(case.steps):
        optimiser.zero_grad()
        value(case.function, x[0], x[1]).backward()
        if case.clip_norm is not None:
            torch.nn.utils.clip_grad_norm_([x], float(case.clip_norm))
        optimiser.step()
        points.append(x.detach().tolist())
    return points


def optax_iterates(case: Case) -> list[list[float]]:
    """The run in optax, in double precision."""
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    rate, given = float(case.rate), {name: float(text) for name, text in case.settings.items()}
    if case.method in ("gd", "momentum", "nesterov"):
        optimiser = optax.sgd(rate, momentum=None if case.method == "gd" else given.get("mu", 0.9), nesterov=case.method == "nesterov")
    elif case.method == "adam":
        betas = {"b1": given.get("beta_1", 0.9), "b2": given.get("beta_2", 0.999), "eps": given.get("epsilon", 1e-8)}
        optimiser = optax.adam(rate, **betas) if case.weight_decay is None else optax.adamw(rate, **betas, weight_decay=float(case.weight_decay))
    else:
        optimiser = {"adagrad": optax.adagrad, "rmsprop": optax.rmsprop}[case.method](rate)
    if case.clip_norm is not None:
        optimiser = optax.chain(optax.clip_by_global_norm(float(case.clip_norm)), optimiser)
    x = jax.numpy.array(FUNCTIONS[case.function].start, dtype=jax.numpy.float64)
    slopes, state = jax.grad(lambda point: value(case.function, point[0], point[1])), optimiser.init(x)
    points = [x.tolist()]
    for _ in range(case.steps):
        updates, state = optimiser.update(slopes(x), state, x)
        x = optax.apply_updates(x, updates)
        points.append(x.tolist())
    return points


def main() -> None:
    """Write the fixture."""
    import jax
    import optax
    import torch

    table: dict[str, Any] = {"made with": f"torch {torch.__version__}, optax {optax.__version__}, jax {jax.__version__}"}
    table |= {name: (torch_iterates if case.convention == "torch" else optax_iterates)(case) for name, case in CASES.items()}
    path = Path(__file__).parents[1] / "fixtures" / "optimisers.json"
    path.write_text("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(rows)}" for name, rows in table.items()) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
