"""The graph has each part once; both sweeps agree with the derivation tree, with forward mode and with SymPy; the audit sees a wrong number."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calculus.smooth import functions
from tests.calculus.test_corpus import DECLARED
from tests.conftest import MANY
from tests.corpora import rows
from tutor import ReadError, RequestError, differentiate, read
from tutor.algebra.equal import compared
from tutor.calculus.forward import derivative_ball
from tutor.calculus.graph.amounts import Amount, amount, written
from tutor.calculus.graph.backprop import backprop
from tutor.calculus.graph.local import local
from tutor.calculus.graph.network import network, operands
from tutor.calculus.graph.paths import counts, listed, longest
from tutor.calculus.graph.presets import ACTIVATIONS, PRESETS, model
from tutor.calculus.graph.sweep import Tape, exact_arithmetic, gradients, settled
from tutor.form.evaluate import FLOATS, Arithmetic, ball_arithmetic, evaluate, evaluate_ball, precision, sample_points, to_ball
from tutor.form.tree import Add, Call, Div, Form, Mul, Neg, Num, Pow, Sym

NEURON = "(y - sigmoid(w*x + b))^2"
POINT = "x=1, y=0, w=0.5, b=0"


def usable(form: Form, letter: str) -> Iterator[dict[str, Fraction]]:
    """The first sample point at which function and derivative have values."""
    for tries, point in zip(range(200), sample_points(form.free | {letter}), strict=False):
        del tries
        if evaluate_ball(form, point).is_finite() and derivative_ball(form, point, letter).is_finite():
            yield point
            return


# -- the graph ---------------------------------------------------------------------------------------


def distinct_parts(form: Form) -> set[Form]:
    """What counts as a node, written without a stack of its own: the operands of operands."""
    return {form}.union(*(distinct_parts(part) for part in operands(form)))


@given(functions)
def test_a_node_for_each_distinct_part(form: Form) -> None:
    graph = network(form)
    assert {node.form for node in graph.nodes} == distinct_parts(form)
    assert len({node.name for node in graph.nodes}) == len(graph.nodes)
    assert all(source < node.index for node in graph.nodes for source in node.inputs)
    assert graph.output.form is form


def test_numbers_and_minus_signs_are_no_nodes() -> None:
    found = network(read("2x - 3 + 5*x^2 - 2x"))
    assert [str(found.operation(node)) for node in found.operations] == ["2*x", "x^2", "5*v_2", "v_1 - 3 + v_3 - v_1"]


def test_a_shared_part_stands_once() -> None:
    found = network(read("sin(x^2)*e^(sin(x^2)) + x^2"))
    assert sorted(str(node.form) for node in found.operations) == ["e^sin(x^2)", "sin(x^2)", "sin(x^2)*e^sin(x^2)", "sin(x^2)*e^sin(x^2) + x^2", "x^2"]
    assert max(len(users) for users in found.users) == 2


def test_names_avoid_the_letters() -> None:
    found = network(read("(v_1 + L)^2*u"))
    assert {node.name for node in found.nodes}.isdisjoint({"v_2"})
    assert found.output.name not in ("L", "v_1", "u")


@given(functions)
def test_operations_over_names_give_the_form_back(form: Form) -> None:
    from tutor.form.walk import substitute

    graph = network(form)
    names = {node.name: node.form for node in graph.operations}
    found = graph.operation(graph.output)
    while found.free - form.free:
        found = substitute(found, {name: form_ for name, form_ in names.items() if name in found.free})
    assert found is form


# -- the sweeps --------------------------------------------------------------------------------------


@given(functions)
@settings(max_examples=100 * MANY)
def test_the_gradient_is_that_of_tree_and_forward_mode(form: Form) -> None:
    for point in usable(form, "x"):
        result = backprop(form, point)
        if result.fault:  # one branch of a product may have no value elsewhere
            continue
        assert result.balls is not None
        tree = differentiate(form, "x").value
        for letter in form.free:
            ball = result.balls.adjoints[result.leaf[letter].index][0]
            assert compared(ball, derivative_ball(form, point, letter, result.balls.bits)) is not False
            assert result.gradient(letter).agrees(derivative_ball(form, point, letter)) is not False
        with_tree = evaluate_ball(tree, point)
        assert not with_tree.is_finite() or compared(result.balls.adjoints[result.leaf["x"].index][0], with_tree) is not False


@given(functions)
@settings(max_examples=60 * MANY)
def test_floats_agree_with_balls(form: Form) -> None:
    for point in usable(form, "x"):
        result = backprop(form, point)
        if result.fault:
            continue
        value, slopes = gradients(form, {name: float(number) for name, number in point.items()})
        assert result.values[-1] is not None
        for found, ours in ((value, result.values[-1]), *((slopes[letter], result.gradient(letter)) for letter in form.free)):
            if abs(ours.value) < 1e12 and math.isfinite(found):
                assert found == pytest.approx(ours.value, rel=1e-6, abs=1e-6 * (1 + max(abs(float(one.digits)) for one in result.values if one)))


def test_all_published_problems() -> None:
    """By every letter: equal to forward mode, to the derivation tree, and to SymPy's own derivative."""
    from tutor.algebra.lower import lower, symbol

    done, wrong = 0, []
    for row in rows("corpora/derivatives.jsonl"):
        if row["order"] != 1 or isinstance(row["var"], list):
            continue
        form = read(row["expr"], variables=DECLARED.get(row["expr"], ()))
        if row["var"] not in form.free:
            continue
        for point in usable(form, row["var"]):
            result = backprop(form, point)
            if result.fault:
                wrong.append((row["expr"], "stopped", point))
                continue
            ours = result.gradient(row["var"])
            tree = evaluate_ball(differentiate(form, row["var"]).value, point)
            theirs = lower(form).diff(symbol(row["var"])).subs({symbol(name): lower(read(str(value))) for name, value in point.items()}).evalf(30)
            done += 1
            if ours.agrees(tree) is not True or ours.agrees(derivative_ball(form, point, row["var"])) is not True:
                wrong.append((row["expr"], str(ours.shown), point))
            if abs(complex(theirs) - ours.value) > 1e-9 * (1 + abs(ours.value)):
                wrong.append((row["expr"], str(theirs), ours.value))
    assert wrong == []
    assert done >= 200


@given(functions.filter(lambda form: form.size < 40))
def test_the_sum_over_paths_is_the_derivative(form: Form) -> None:
    for point in usable(form, "x"):
        result = backprop(form, point)
        if result.fault or result.balls is None or sum(result.counts) > 500:
            continue
        with precision(result.balls.bits):
            for leaf in result.graph.leaves:
                paths = listed(result.graph, leaf.index)
                assert len(paths) == counts(result.graph)[leaf.index]
                products = to_ball(0)
                for path in paths:
                    one = to_ball(1)
                    for edge in pairwise(path):
                        one = one * result.balls.slopes[edge][0]
                    products = products + one
                assert compared(products, result.balls.adjoints[leaf.index][0]) is not False


@given(functions)
@settings(max_examples=60 * MANY)
def test_local_formulas_give_the_local_numbers(form: Form) -> None:
    for point in usable(form, "x"):
        result = backprop(form, point)
        if result.fault or result.balls is None:
            continue
        values = {node.name: result.balls.values[node.index][0] for node in result.graph.nodes}
        for node in result.graph.nodes:
            for source, one in (local(result.graph, node) if node.inputs else {}).items():
                assert one.formula is not None
                ball = evaluate_ball(one.formula, values, result.balls.bits)
                assert compared(ball, result.balls.slopes[source, node.index][0]) is not False, (str(form), node.name)


@given(functions)
@settings(max_examples=60 * MANY)
def test_exact_fractions_lie_in_the_balls(form: Form) -> None:
    point = {name: Fraction(k, 2) for k, name in enumerate(sorted(form.free), 1)}
    graph = network(form)
    exact = Tape(graph, exact_arithmetic(), settled).forward(dict(point))
    with precision(160):
        balls = Tape(graph, ball_arithmetic()).forward({name: to_ball(value) for name, value in point.items()})
        for fraction, ball in zip(exact, balls, strict=True):
            if isinstance(fraction, Fraction) and ball.is_finite():
                assert ball.overlaps(to_ball(fraction))


def test_exact_values_are_found() -> None:
    found = backprop("sigmoid(w*x)*relu(1/3 - x) + sqrt(x + 4/9) + ln(1 + x) + 2^x", "x=0, w=5")
    assert found.values[-1] is not None
    assert found.values[-1].exact == Fraction(1, 2) * Fraction(1, 3) + Fraction(2, 3) + 0 + 1
    assert backprop("x^2*y", "x=3, y=1/7").gradient("x").exact == Fraction(6, 7)


OPERATIONS = [
    "u*v*w*x*y", "2*u*v", "u*u*v", "u - v + w - 3 + x + y", "u/v", "3/u", "u/3", "u^5", "u^(-2)", "u^(1/2)", "u^v", "2^u", "e^u", "sqrt(u)",
    "log(u, 3)", "log(3, v)", "log(u, v)", "max(u, v, 1)", "min(u, v)", "abs(u)*sign(v)", "floor(u) + u", "relu(-u) + u", "sinc(u)",
    "piecewise(u^2, u <= 5; v*u)", "piecewise(u, 0 < v < 9; 3)", "-(u + v)", "erf(u)*acsc(u + 2)", "u*v*w*x*(-y)*3", "-u*v", "u^u",
]  # fmt: skip


@pytest.mark.parametrize("text", OPERATIONS)
def test_every_kind_of_operation(text: str) -> None:
    form = read(text)
    point = {name: Fraction(7 + 3 * k, 5) for k, name in enumerate(sorted(form.free))}
    result = backprop(form, point)
    assert result.fault is None
    for letter in form.free:
        assert result.gradient(letter).agrees(derivative_ball(form, point, letter)) is True, letter
    assert result.confirmed


def counting() -> tuple[Arithmetic, dict[str, int]]:
    """Floats that count the operations done on them."""
    done = {"count": 0}

    class Counted(float):
        pass

    def counted(name: str) -> Any:
        plain = getattr(float, name)

        def run(self: float, other: float = 0.0) -> Counted:
            done["count"] += 1
            return Counted(plain(self, other) if name != "__neg__" else plain(self))

        return run

    for name in ("__add__", "__radd__", "__sub__", "__mul__", "__rmul__", "__truediv__", "__rtruediv__", "__neg__"):
        setattr(Counted, name, counted(name))

    def call(name: str, args: tuple[Any, ...]) -> Any:
        done["count"] += 1
        return Counted(FLOATS.call(name, args))

    def power(base: Any, exponent: Any, exact: Fraction | None) -> Any:
        done["count"] += 1
        return Counted(FLOATS.power(base, exponent, exact))

    return Arithmetic(Counted, FLOATS.constant, call, power, FLOATS.root, FLOATS.select, FLOATS.holds, math.nan), done


def wide(n: int) -> Form:
    return Pow(Add(tuple(Mul((Sym(f"w_{k}"), Sym(f"x_{k}"))) for k in range(n))), Num(2))


def factors(n: int) -> Form:
    return Mul(tuple(Add((Sym(f"x_{k}"), Num(1))) for k in range(n)))


def deep(n: int) -> Form:
    form: Form = Sym("x")
    for _ in range(n):
        form = Call("sigmoid", (Mul((Num(3), form)),))
    return form


def doubled(n: int) -> Form:
    form: Form = Sym("x")
    for _ in range(n):
        form = Add((Div(form, Num(2)), Div(Call("sin", (form,)), Num(2))))
    return form


@pytest.mark.parametrize("make", [wide, factors, deep, doubled], ids=lambda make: make.__name__)
def test_work_grows_linearly_and_back_costs_little_more(make: Any) -> None:
    found = []
    for n in (200, 400):
        arithmetic, done = counting()
        graph = network(make(n))
        tape = Tape(graph, arithmetic)
        values = tape.forward({name: arithmetic.number(Fraction(1, 2)) for name in tape.letters})
        forward = done["count"]
        tape.backward(values)
        found.append((len(graph.nodes), forward, done["count"] - forward))
    (small, *costs), (large, *more) = found
    for before, after in zip(costs, more, strict=True):
        assert math.log(after / before) / math.log(large / small) <= 1.1
    assert more[1] <= 8 * more[0]


@pytest.mark.parametrize("make", [wide, deep, doubled], ids=lambda make: make.__name__)
def test_ten_thousand_nodes(make: Any) -> None:
    form = make({wide: 3333, deep: 5000, doubled: 2500}[make])
    result = backprop(form, {name: Fraction(1, 3 + k % 3) for k, name in enumerate(sorted(form.free))})
    assert len(result.graph.nodes) >= 9_999
    assert result.confirmed
    assert not result.proved  # one line of it is a sample, and said to be one


def test_the_direction_of_the_sum_of_squares() -> None:
    """d/dw of (Σ w x)² is 2 x Σ w x."""
    n = 1000
    value, slopes = gradients(wide(n), dict.fromkeys(wide(n).free, 1.0))
    assert (value, slopes["w_7"], slopes["x_9"]) == (n * n, 2 * n, 2 * n)


# -- step, paths, faults -----------------------------------------------------------------------------


def test_one_step_exactly() -> None:
    update = backprop("x^2", "x=3").update
    assert update is not None
    assert [str(one) for one in (update.moves[0].before.exact, update.moves[0].slope.exact, update.moves[0].after.exact)] == ["3", "6", "12/5"]
    assert (update.before.exact, update.after and update.after.exact, update.change) == (9, Fraction(144, 25), "fell")


@pytest.mark.parametrize(("text", "at", "rate", "change"), [
    ("x^2", "x=3", "0.5", "fell"), ("x^2", "x=3", "1", "same"), ("x^2", "x=3", "2", "rose"), ("x^2", "x=0", "1", "same"),
    ("ln(x)", "x=1/10", "1", "undefined"), (NEURON, POINT, "0.1", "fell"),
])  # fmt: skip
def test_what_a_step_does(text: str, at: str, rate: str, change: str) -> None:
    result = backprop(text, at, rate=rate)
    assert result.update is not None
    assert result.update.change == change
    assert result.proved


def test_paths_are_counted_without_a_list() -> None:
    graph = network(doubled(300))
    assert counts(graph)[0] == 2**300
    assert backprop(doubled(300), "x=1").paths == {}
    assert len(longest(graph)) == 901


@pytest.mark.parametrize(("text", "at", "node", "by"), [
    ("ln(x)*x", "x=-1", "v_1", None), ("x/(y - 1)", "x=2,y=1", "L", None), ("sqrt(x - 3) + 1", "x=1", "v_2", None), ("0*ln(x - 1)", "x=1", "v_2", None),
    ("relu(x)*y", "x=0,y=1", "v_1", "x"), ("abs(x - 1)", "x=1", "L", "v_1"), ("sqrt(x)", "x=0", "L", "x"), ("max(x, y)", "x=1,y=1", "L", "x"),
    ("relu(x + y - z)", "x=0.1,y=0.2,z=0.3", "L", "v_1"), ("piecewise(x, x <= 1; 2x - 1)", "x=1", "L", "x"), ("floor(x)", "x=2", "L", "x"),
])  # fmt: skip
def test_where_a_sweep_stops(text: str, at: str, node: str, by: str | None) -> None:
    result = backprop(text, at)
    assert result.fault is not None
    assert result.fault.node.name == node
    assert (result.fault.source and result.fault.source.name) == by
    assert result.update is None
    assert result.confirmed


def test_numbers_that_nobody_could_write() -> None:
    for text, at, node in (("x^y", "x=10, y=10^6", "L"), ("e^(e^(-x)) + e^(-x)", "x=-40", "v_3"), ("(x^100)^100*0.1^20", "x=10^9", "v_2")):
        result = backprop(text, at)
        assert result.fault is not None
        assert (result.fault.node.name, result.fault.beyond) == (node, True)
        assert result.confirmed
    update = backprop(model("chain", layers=100, weight=50, activation="identity")).update
    assert update is not None
    assert update.change == "beyond"


def test_a_corner_beside_the_letters_asked_for_stops_nothing() -> None:
    result = backprop("abs(x)*y + y^2", "x=0, y=2", ["y"])
    assert result.fault is None
    assert result.gradient("y").exact == 4
    with pytest.raises(RequestError, match="no derivative by x"):
        result.gradient("x")


@pytest.mark.parametrize(("function", "at", "wrt", "rate", "kind"), [
    ("x*y", "x=1", None, "0.1", "point"), ("x*y", "x=1,y=2", ["z"], "0.1", "variable"), ("x*y", "x=1,y=2", ["x", "x"], "0.1", "variable"),
    ("x*y", "x=1,y=2", None, "0", "rate"), ("x*y", "x=1,y=2", None, "-1", "rate"), ("x*y", "x=1,y=2", None, "r", "rate"), ("5", "", None, "0.1", "variable"),
    ("f(x) + 1", "x=1", None, "0.1", "operation"), ("x + (t^2)'", "x=1,t=1", None, "0.1", "operation"), ("(x, y)", "x=1,y=1", None, "0.1", "several"),
    ("x^2 = y^2", "x=1,y=1", None, "0.1", "equation"), ("x", "x=sqrt(-1)", None, "0.1", "point"), ("x", "x=1/0", None, "0.1", "point"), ("x", None, None, "0.1", "point"),
])  # fmt: skip
def test_requests_that_make_no_sense(function: str, at: str | None, wrt: list[str] | None, rate: str, kind: str) -> None:
    with pytest.raises(RequestError) as error:
        backprop(function, at, wrt, rate)
    assert error.value.kind == kind
    assert error.value.message


def test_a_rate_that_cannot_be_read() -> None:
    with pytest.raises(ReadError):
        backprop("x", "x=1", rate="fast((")


# -- the audit ---------------------------------------------------------------------------------------


def test_the_audit_proves_everything_and_sees_a_wrong_number() -> None:
    result = backprop(NEURON, POINT, ["w", "b"])
    assert result.proved
    assert {claim.reason for audit in result.audits for claim in (line.line for line in audit.lines) if hasattr(claim, "reason")} >= {
        "backprop.gradient", "backprop.value", "backprop.local", "backprop.path", "backprop.update", "backprop.loss", "backprop.change",
    }  # fmt: skip
    off = Amount(Decimal("0.292563"))
    place = result.leaf["x"].index
    for field_ in ("values", "adjoints"):
        entries = list(getattr(result, field_))
        entries[place if field_ == "adjoints" else -1] = off
        assert not replace(result, **{field_: tuple(entries)}).confirmed, field_
    edge = next(iter(result.slopes))
    assert not replace(result, slopes={**result.slopes, edge: off}).confirmed
    assert result.update is not None
    assert not replace(result, update=replace(result.update, after=off)).confirmed
    assert not replace(result, update=replace(result.update, change="rose")).confirmed
    assert not replace(result, update=replace(result.update, moves=(replace(result.update.moves[0], after=off),))).confirmed


def test_a_wrong_derivative_of_a_large_graph_is_seen() -> None:
    form = wide(300)
    result = backprop(form, dict.fromkeys(form.free, 1))
    assert result.balls is not None
    adjoints = list(result.balls.adjoints)
    adjoints[-700] = (adjoints[-700][0] + 1, None)
    assert result.confirmed
    assert not replace(result, balls=replace(result.balls, adjoints=adjoints)).confirmed


# -- amounts -----------------------------------------------------------------------------------------


@given(st.fractions(min_value=-(10**12), max_value=10**12))
def test_what_is_written_is_the_number_or_near_it(value: Fraction) -> None:
    found = amount(evaluate_ball(read("0"), {}) + to_ball(value), value)
    shown = Fraction(str(evaluate_exact(found.shown)))
    assert abs(shown - value) <= Fraction(found.margin)
    assert (shown == value) or not found.is_short


def evaluate_exact(form: Form) -> Fraction:
    from tutor.form.evaluate import compute

    found = compute(form, {}, exact_arithmetic())
    assert isinstance(found, Fraction)
    return found


@given(st.decimals(min_value=-(10**20), max_value=10**20, allow_nan=False))
def test_decimals_are_written_as_they_are(value: Decimal) -> None:
    value = value.normalize()
    if abs(value.adjusted()) < 300 and len(value.as_tuple().digits) < 40:
        assert evaluate_exact(written(value)) == Fraction(value)


# -- models ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("preset", ["neuron", "network", "chain"])
def test_models_with_every_activation(preset: str, activation: str) -> None:
    result = backprop(model(preset, activation=activation, **({"layers": 4} if preset == "chain" else {})))
    assert result.fault is None
    assert result.proved
    assert result.update is not None
    assert result.update.change == "fell"


def test_no_size_stops_at_a_corner() -> None:
    for n in range(1, 51):
        assert backprop(model("neuron", inputs=n, activation="relu")).fault is None
    for n in range(1, 10):
        for hidden in range(1, 10):
            assert backprop(model("network", inputs=n, hidden=hidden, activation="relu")).fault is None


def test_the_model_is_the_formula() -> None:
    found = model("network", inputs=1, hidden=2, activation="tanh")
    by_hand = read("(u_1*tanh(w_11*x_1 + b_1) + u_2*tanh(w_21*x_1 + b_2) + c - y)^2")
    values = {name: 0.3 + 0.1 * k for k, name in enumerate(sorted(by_hand.free))}
    assert found.form.free == by_hand.free
    assert evaluate(found.form, values) == pytest.approx(evaluate(by_hand, values))
    assert found.trained == ("b_1", "b_2", "c", "u_1", "u_2", "w_11", "w_21")


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_softmax_gives_p_minus_y(classes: int) -> None:
    result = backprop(model("softmax", inputs=2, classes=classes))
    assert result.proved
    assert result.model is not None
    for z, p, y in result.model.classes:
        slope, probability, target = result.adjoints[result.named[z].index], result.values[result.named[p].index], result.values[result.named[y].index]
        assert slope is not None
        assert probability is not None
        assert target is not None
        assert slope.value == pytest.approx(probability.value - target.value, abs=1e-15)
    assert sum(str(claim.reason) == "backprop.p_minus_y" for claim in result.claims) == classes


def test_softmax_with_targets_that_do_not_sum_to_one() -> None:
    result = backprop(model("softmax"), "y_2=1")
    assert result.proved
    assert not any(claim.reason == "backprop.targets" for claim in result.claims)


def test_ten_sigmoids_leave_at_most_a_quarter_each() -> None:
    result = backprop(model("chain", layers=10))
    assert result.limit is not None
    assert result.limit.exact == Fraction(1, 4) ** 10
    assert str(result.limit.shown) == "9.53674*10^(-7)"
    assert 0 < result.layers[-1].left.value < result.limit.value
    first, last = result.adjoints[result.named["x"].index], result.adjoints[result.named["a_10"].index]
    assert first is not None
    assert last is not None
    assert first.value / last.value == pytest.approx(result.layers[-1].left.value)


def test_large_weights_make_it_grow_where_nothing_saturates() -> None:
    assert backprop(model("chain", layers=10, weight="5", activation="identity")).layers[-1].left.exact == 5**10
    assert backprop(model("chain", layers=10, weight=5)).layers[-1].left.value < 1e-12  # saturated sigmoids


def test_a_point_replaces_numbers_of_the_model() -> None:
    result = backprop(model("chain", layers=3, activation="identity"), "w_2=1/2, x=4")
    assert result.layers[-1].left.exact == Fraction(1, 2)
    with pytest.raises(RequestError, match="no letter q"):
        backprop(model("neuron"), "q=1")


@pytest.mark.parametrize("options", [
    {"preset": "perceptron"}, {"preset": "neuron", "inputs": 0}, {"preset": "neuron", "inputs": 51}, {"preset": "softmax", "classes": 1}, {"preset": "softmax", "classes": 10},
    {"preset": "softmax", "activation": "relu"}, {"preset": "neuron", "hidden": 2}, {"preset": "neuron", "activation": "swish"}, {"preset": "chain", "layers": 121},
    {"preset": "chain", "weight": "a"}, {"preset": "network", "weight": 2}, {"preset": "network", "hidden": -1},
])  # fmt: skip
def test_options_that_make_no_model(options: dict[str, Any]) -> None:
    with pytest.raises(RequestError) as error:
        model(**options)
    assert error.value.kind == "preset"
    assert error.value.advice


def test_every_preset_is_the_same_each_time() -> None:
    for name in PRESETS:
        assert model(name) == model(name)


def test_a_negated_output() -> None:
    result = backprop(Neg(Mul((Sym("x"), Sym("y")))), "x=2, y=3")
    assert (result.gradient("x").exact, result.gradient("y").exact) == (-3, -2)


def test_a_letter_alone() -> None:
    result = backprop("x", "x=2")
    assert result.gradient("x").exact == 1
    assert result.proved


