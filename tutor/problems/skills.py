"""Skills: what an exercise practises. Each is a rule of the engine or a row of the curriculum, with what comes before it.

The prerequisites make a graph without circles; the quiz walks it, and a worksheet's topics are its names.

>>> SKILLS["chain-rule"].title, SKILLS["chain-rule"].after
('Chain rule', ('power-rule',))
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill by its title, the skills that come before it, and the rules of the engine that belong to it."""

    title: str
    after: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


SKILLS: dict[str, Skill] = {
    "rate-of-change": Skill("Derivative as a rate of change"),
    "limit-definition": Skill("Derivative as a limit", ("rate-of-change",)),
    "power-rule": Skill("Power rule", ("rate-of-change",), ("power", "constant", "identity", "factor", "sum")),
    "exponential-and-log": Skill("Exponential functions and logarithms", ("power-rule",)),
    "trigonometric": Skill("Trigonometric functions", ("power-rule",)),
    "roots": Skill("Roots and negative powers", ("power-rule",)),
    "product-rule": Skill("Product rule", ("power-rule",), ("product",)),
    "quotient-rule": Skill("Quotient rule", ("product-rule",), ("quotient",)),
    "chain-rule": Skill("Chain rule", ("power-rule",), ("chain",)),
    "logarithmic-differentiation": Skill("Logarithmic differentiation", ("chain-rule", "exponential-and-log")),
    "implicit": Skill("Implicit differentiation", ("chain-rule",)),
    "inverse": Skill("Derivative of an inverse function", ("chain-rule",)),
    "second-derivative": Skill("Second derivative", ("power-rule",)),
    "derivative-at-point": Skill("Value of a derivative", ("power-rule",)),
    "tangent-line": Skill("Tangent line", ("derivative-at-point",)),
    "velocity": Skill("Velocity and speed", ("rate-of-change",)),
    "total-derivative": Skill("Chain rule along several links", ("chain-rule", "partial-derivative")),
    "stationary-points": Skill("Stationary points", ("second-derivative",)),
    "optimum": Skill("Greatest and least values", ("stationary-points",)),
    "convexity": Skill("Curvature and convexity", ("second-derivative",)),
    "partial-derivative": Skill("Partial derivatives", ("power-rule",)),
    "gradient": Skill("Gradient", ("partial-derivative",)),
    "directional-derivative": Skill("Slope in a direction", ("gradient",)),
    "hessian": Skill("Hessian matrix", ("gradient", "second-derivative")),
    "saddle": Skill("Saddle or minimum", ("hessian",)),
    "loss": Skill("Loss functions", ("chain-rule",)),
    "gradient-descent": Skill("Gradient descent", ("gradient", "derivative-at-point")),
    "learning-rate": Skill("Learning rate", ("gradient-descent",)),
    "schedules": Skill("Schedules", ("learning-rate",)),
    "regression": Skill("Linear regression", ("loss", "gradient-descent")),
    "batches": Skill("Batches", ("regression",)),
    "backpropagation": Skill("Backpropagation", ("chain-rule", "loss")),
    "neuron": Skill("A neuron", ("backpropagation",)),
    "softmax": Skill("Softmax with cross-entropy", ("backpropagation", "exponential-and-log")),
    "momentum": Skill("Momentum", ("gradient-descent",)),
    "adaptive-methods": Skill("AdaGrad, RMSprop, Adam", ("momentum",)),
    "newton": Skill("Newton's method", ("gradient-descent", "second-derivative")),
    "projection": Skill("Projection and constraints", ("gradient-descent",)),
    "mirror-descent": Skill("Mirror descent", ("gradient-descent", "exponential-and-log")),
    "rgd": Skill("Re-weighted descent", ("gradient-descent", "loss")),
    "local-minima": Skill("Local minima and starts", ("gradient-descent", "stationary-points")),
    "vanishing-gradients": Skill("Vanishing and exploding gradients", ("backpropagation",)),
    "clipping": Skill("Clipping", ("gradient-descent",)),
    "regularisation": Skill("Regularisation and sensitivity", ("loss",)),
    "find-the-error": Skill("Find the error", ("power-rule",)),
}
"""Every skill by its id."""

__all__ = ["SKILLS", "Skill"]
