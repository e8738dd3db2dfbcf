"""The method of differentials: df = gᵀ dx, read off as the gradient g (Magnus and Neudecker, 1988, chapter 5).

The differential goes through an expression like the derivative through a sum and a product, except that factors keep
their order. It is linear in dx. What stands in front of dx is the transposed gradient; for a matrix X the differential
of a number is tr(Gᵀ dX), and G, of the shape of X, the gradient.

>>> from tutor.calculus.matrices.shapes import understood
>>> found = Differential(understood("||A x - b||^2").typed, "x")
>>> step = found.step(found.typed.form)
>>> step.rule, str(step.after), str(found.worked(step))
('norm_squared', '2*(A*x - b)^T*differential(A*x - b)', '2*(A*x - b)^T*A*differential(x)')
>>> str(found.gradient(found.worked(step)))
'2*A^T*(A*x - b)'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tutor.calculus.differentiate import Derivation, differentiate
from tutor.calculus.matrices.algebra import Algebra
from tutor.calculus.matrices.letters import IDENTITY, TRANSPOSE, UNIT
from tutor.calculus.matrices.typed import Typed
from tutor.errors import RequestError
from tutor.form.numerals import integer
from tutor.form.tree import ONE, TWO, ZERO, Add, Apply, Call, Div, Form, Mul, Neg, Num, Pow, Relation, Sym, product, total
from tutor.form.walk import fold, nodes, rewritten, substitute


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One rule: the differential of `before` is `after`, in which the differentials of `steps` are still open."""

    rule: str
    before: Form
    after: Form
    steps: tuple[Step, ...] = ()
    parts: Mapping[str, Form] = field(default_factory=dict)
    condition: Form | None = None
    derivations: tuple[Derivation, ...] = ()


def differential(form: Form) -> Apply:
    """The differential of a form, written and not worked out: dx, d(Ax − b)."""
    return Apply("differential", (form,), (0,))


def apply(name: str, *args: Form) -> Apply:
    """A function of vectors at its arguments."""
    return Apply(name, args, (0,) * len(args))


_LETTERS_OF_PARTS = "pqrsuv"


class Differential:
    """The differential of an expression when one letter moves.

    `names` collects letters for softmax vectors; `typed` knows their shapes.
    """

    def __init__(self, typed: Typed, variable: str) -> None:
        self.typed, self.variable = replace(typed, names={}), variable
        self.moving = differential(Sym(variable))
        self._steps: dict[Form, Step | None] = {}
        self._name_softmax(typed.form)
        self.algebra = Algebra(self.typed)

    def _name_softmax(self, form: Form) -> None:
        """Give each softmax vector a letter that is free. Raises `RequestError` when there are none left."""
        names: dict[Form, Sym] = {}
        for node in nodes(form):
            if isinstance(node, Apply) and node.name in ("softmax", "logsumexp") and apply("softmax", *node.args) not in names:
                letter = next((letter for letter in _LETTERS_OF_PARTS if self._is_free(letter, names)), None)
                if letter is None:
                    raise RequestError("letters", "no letter is left for another softmax", advice=f"Keep some of {', '.join(_LETTERS_OF_PARTS)} free.")
                names[apply("softmax", *node.args)] = Sym(letter)
        self.typed = replace(self.typed, names=names)

    def _is_free(self, letter: str, names: Mapping[Form, Sym]) -> bool:
        sizes = set(self.typed.sizes)
        return letter not in self.typed.form.free | sizes and Sym(letter) not in names.values()

    # -- rules -----------------------------------------------------------------------------------------

    def moves(self, form: Form) -> bool:
        """Whether a form depends on the letter."""
        return self.variable in form.free

    def step(self, form: Form) -> Step:
        """The step of a form that moves. Raises `RequestError` where no rule is known."""
        found = self._steps.get(form)
        if found is None:
            found = self._steps[form] = self._found(form)
        return found

    def _found(self, form: Form) -> Step:
        match form:
            case Sym():
                return Step("letter", form, self.moving)
            case Add(terms):
                moving = [term for term in terms if self.moves(term)]
                return self._over("sum", form, total(map(_signed, moving)), [term.operand if isinstance(term, Neg) else term for term in moving])
            case Neg(inner):
                return self._over("multiple", form, Neg(differential(inner)), [inner])
            case Div(top, bottom) if not self.moves(bottom):
                return self._over("multiple", form, Div(differential(top), bottom), [top])
            case Div(top, bottom) if not self.typed.is_number(top):
                return self._quotient(form, top, bottom)
            case Mul(factors):
                return self._product(form, factors)
            case Pow(base, exponent) if exponent is TRANSPOSE:
                return self._over("transpose", form, Pow(differential(base), TRANSPOSE), [base])
            case Pow(Apply("norm", (inner,)), exponent) if exponent is TWO:
                return self._over("norm_squared", form, Mul((TWO, *self._inner(inner, inner))), [inner], u=inner)
        return self._function(form)

    def _function(self, form: Form) -> Step:
        match form:
            case Apply("norm", (inner,)):
                return self._over("norm", form, Div(product(self._inner(inner, inner)), form), [inner], Relation((inner, ZERO), ("!=",)), u=inner)
            case Apply("norm_1", (inner,)):
                return self._over("norm_1", form, product(self._inner(Call("sign", (inner,)), inner)), [inner], Relation((inner, ZERO), ("!=",)), u=inner)
            case Apply("trace", (inner,)):
                return self._over("trace", form, apply("trace", differential(inner)), [inner])
            case Apply("softmax", (inner,)):
                p = self.typed.names[form]
                return self._over("softmax", form, Mul((softmax_jacobian(p), differential(inner))), [inner], u=inner, p=p)
            case Apply("logsumexp", (inner,)):
                p = self.typed.names[apply("softmax", inner)]
                return self._over("logsumexp", form, Mul((Pow(p, TRANSPOSE), differential(inner))), [inner], u=inner, p=p)
            case Apply("crossentropy", (target, guess)):
                return self._cross_entropy(form, target, guess)
        if self.typed.is_number(form):
            return self._chain(form)
        raise RequestError("rule", f"no rule is known here for the differential of {form}")

    def _over(self, rule: str, form: Form, after: Form, below: list[Form], condition: Form | None = None, **parts: Form) -> Step:
        steps = tuple(self.step(part) for part in dict.fromkeys(below))
        return Step(rule, form, after, steps, {"whole": form, **parts}, condition)

    def _inner(self, left: Form, moving: Form) -> tuple[Form, ...]:
        """The factors of leftᵀ d(moving); of matrices its trace, the sum over all pairs of entries."""
        first = self.algebra.transposed(left) if isinstance(left, Pow) else Pow(left, TRANSPOSE)
        factors = (first, differential(moving))
        return factors if UNIT in self.typed.shape(moving) else (apply("trace", Mul(factors)),)

    def _product(self, form: Form, factors: tuple[Form, ...]) -> Step:
        moving = [place for place, factor in enumerate(factors) if self.moves(factor)]
        if len(moving) == 1:
            (place,) = moving
            return self._over("linear", form, self._with(factors, place), [_upright(factors[place])])
        if self._is_quadratic(factors, moving):
            x, middle = factors[moving[1]], factors[moving[0] + 1 : moving[1]]
            if middle:
                return self._over("quadratic", form, total(self._with(factors, place) for place in moving), [x], u=x, middle=product(middle))
            return self._over("square", form, Mul((TWO, *self._with(factors, moving[1]).factors)), [x], u=x)
        return self._over("product", form, total(self._with(factors, place) for place in moving), [_upright(factors[place]) for place in moving])

    def _quotient(self, form: Form, top: Form, bottom: Form) -> Step:
        """(u/s)′ as for numbers, the number first: (s du − ds u)/s²."""
        after: list[Form] = [Mul((bottom, differential(top)))] if self.moves(top) else []
        after.append(Neg(Mul((differential(bottom), top))))
        return self._over("quotient", form, Div(total(after), Pow(bottom, TWO)), [part for part in (top, bottom) if self.moves(part)])

    def _with(self, factors: tuple[Form, ...], place: int) -> Mul:
        """The product with one factor's differential in its place; a transpose moves outside."""
        factor = factors[place]
        moved = differential(_upright(factor))
        return Mul((*factors[:place], moved if _upright(factor) is factor else Pow(moved, TRANSPOSE), *factors[place + 1 :]))

    def _is_quadratic(self, factors: tuple[Form, ...], moving: list[int]) -> bool:
        """uᵀ M u: a number in which u stands twice."""
        if len(moving) != 2:
            return False
        first, second = (factors[place] for place in moving)
        between = all(not self.typed.is_number(factor) for factor in factors[moving[0] : moving[1] + 1])
        return first is Pow(second, TRANSPOSE) and between and self.typed.shape(second)[1] == UNIT

    def _cross_entropy(self, form: Form, target: Form, guess: Form) -> Step:
        if self.moves(target):
            raise RequestError(
                "rule", f"{self.variable} stands in the target {target} of the cross-entropy, which is taken as given",
                advice="Take the gradient with respect to a letter inside the softmax.",
            )  # fmt: skip
        p, inner = self.typed.names[guess], guess.children[0]
        return self._over("crossentropy", form, Mul((Pow(Add((p, Neg(target))), TRANSPOSE), differential(inner))), [inner], u=inner, p=p, y=target)

    def _chain(self, form: Form) -> Step:
        """A function of numbers: its derivative by each, times their differentials."""
        form_of, parts = self.algebra.plain(rewritten(form, _squares_of_norms), squares=True)
        parts = {**parts, Sym(self.variable): Sym(self.variable)} if self.variable in form_of.free else parts
        moving = [(part, name) for part, name in parts.items() if self.moves(part) and name.name in form_of.free]
        if not moving or form_of in parts.values():
            raise RequestError("rule", f"no rule is known here for the differential of {form}")
        derivations = tuple(differentiate(form_of, name.name) for _, name in moving)
        back = {name.name: part for part, name in parts.items()}
        slopes = [substitute(one.value, back) for one in derivations]
        after = total(Mul((slope, differential(part))) for slope, (part, _) in zip(slopes, moving, strict=True))
        step = self._over("chain", form, after, [part for part, _ in moving], outer=form_of)
        return replace(step, derivations=derivations, condition=next((substitute(found, back) for one in derivations for found in one.conditions), None))

    # -- what is found ---------------------------------------------------------------------------------

    def worked(self, step: Step) -> Form:
        """The differential with everything below it worked out."""
        values: dict[Form, Form] = {differential(below.before): self.worked(below) for below in step.steps if below.rule != "letter"}
        return self.put(step.after, values)

    def put(self, form: Form, values: Mapping[Form, Form]) -> Form:
        """Differentials replaced by their values, and every product written with its numbers in front."""

        def visit(node: Form, below: tuple[Form, ...]) -> Form:
            if node in values:
                return values[node]
            return node if below == node.children else node.rebuild(below)

        return self.spread(fold(form, visit))

    def spread(self, form: Form) -> Form:
        """A linear form as a sum of products: brackets around sums that hold the differential are opened."""
        products = (self.algebra.times(*factors) for factors in self._spread(form))
        return total(form for form in products if form is not ZERO)

    def _spread(self, form: Form) -> list[tuple[Form, ...]]:
        match form:
            case Add(terms):
                return [factors for term in terms for factors in self._spread(term)]
            case Neg(inner):
                return [(Neg(ONE), *factors) for factors in self._spread(inner)]
            case Div(top, bottom):
                return [(Div(ONE, bottom), *factors) for factors in self._spread(top)]
            case Apply("trace", (inner,)):
                return [self._in_trace(factors) for factors in self._spread(inner)]
            case Pow(base, exponent) if exponent is TRANSPOSE and self._holds(base) and base is not self.moving:
                return [(self.algebra.transposed(self.algebra.times(*factors)),) for factors in self._spread(base)]
            case Mul(factors):
                place = next((place for place, factor in enumerate(factors) if self._holds(factor)), None)
                if place is not None:
                    return [(*factors[:place], *inner, *factors[place + 1 :]) if not self.typed.is_number(factors[place])
                            else (*factors[:place], self.algebra.times(*inner), *factors[place + 1 :])
                            for inner in self._spread(factors[place])]  # fmt: skip
        return [(form,)]

    def _in_trace(self, factors: tuple[Form, ...]) -> tuple[Form, ...]:
        """Numbers come out of a trace; the trace of a number is the number."""
        term = self.algebra.term(product(factors))
        inside = product(term.factors)
        return (term.coefficient, inside if self.typed.is_number(inside) else apply("trace", inside))

    def _holds(self, form: Form) -> bool:
        """Whether the moving differential stands in a form."""
        return form is self.moving or any(self._holds(child) for child in form.children)

    def gradient(self, linear: Form) -> Form:
        """G with linear = tr(Gᵀ dX): the gradient of a number, of the shape of the letter."""
        return self.algebra.collected(total(self._adjoint(linear, ONE))) if linear is not ZERO else ZERO

    def value(self, linear: Form, kind: str) -> Form:
        """The gradient, or for the kind `jacobian` the Jacobian, of a differential."""
        return self.jacobian(linear) if kind == "jacobian" else self.gradient(linear)

    def named(self, form: Form) -> Form:
        """The form with its softmax vectors as letters."""
        return rewritten(form, lambda node: self.typed.names.get(node, node)) if self.typed.names else form

    def turned_over(self, linear: Form) -> Form:
        """The linear form with each number that holds (dx)ᵀ replaced by its transpose, which is the same number."""
        wanted = Pow(self.moving, TRANSPOSE)

        def visit(node: Form) -> Form:
            if isinstance(node, Mul) and self.typed.is_number(node) and wanted in node.factors:
                return self.algebra.times(*(self.algebra.transposed(factor) for factor in reversed(node.factors)))
            if isinstance(node, Apply) and node.name == "trace" and wanted in node.args[0].children:
                return apply("trace", self.algebra.transposed(node.args[0]))
            return node

        return rewritten(linear, visit)

    def read_off(self, value: Form, kind: str) -> Form:
        """gᵀ dx, tr(Gᵀ dX), J dx: the differential with everything in front of dx put together."""
        if kind == "jacobian":
            return self.algebra.times(value, self.moving)
        row = self._row(value)
        if UNIT in self.typed.shape(value):
            return self.algebra.times(row, self.moving)
        term = self.algebra.term(row)
        return self.algebra.times(term.coefficient, apply("trace", self.algebra.times(*term.factors, self.moving)))

    def _row(self, value: Form) -> Form:
        """The transpose of a gradient, term by term where that opens brackets."""
        if isinstance(value, Add) and not all(isinstance(term, Sym) or (isinstance(term, Neg) and isinstance(term.operand, Sym)) for term in value.terms):
            return Add(tuple(self.algebra.transposed(term) for term in value.terms))
        return self.algebra.transposed(value)

    def _adjoint(self, form: Form, weight: Form) -> list[Form]:
        """The gradient of ⟨weight, form⟩ in terms, by the rules ⟨G, PUQ⟩ = ⟨PᵀGQᵀ, U⟩, ⟨G, Uᵀ⟩ = ⟨Gᵀ, U⟩, ⟨g, tr U⟩ = ⟨gI, U⟩."""
        match form:
            case _ if form is self.moving:
                return [weight]
            case Add(terms):
                return [found for term in terms if self._holds(term) for found in self._adjoint(term, weight)]
            case Neg(inner):
                return self._adjoint(inner, Neg(weight))
            case Div(top, bottom):
                return self._adjoint(top, self.algebra.times(Div(ONE, bottom), weight))
            case Pow(base, _):
                return self._adjoint(base, self.algebra.transposed(weight))
            case Apply("trace", (inner,)):
                return self._adjoint(inner, Mul((weight, IDENTITY)))
            case Mul(factors):
                place = next(place for place, factor in enumerate(factors) if self._holds(factor))
                return self._adjoint(factors[place], self._through(factors, place, weight))
        raise RequestError("rule", f"{form} is not linear in the differential")

    def _through(self, factors: tuple[Form, ...], place: int, weight: Form) -> Form:
        """The weight of one factor of a product."""
        others = [factor for k, factor in enumerate(factors) if k != place]
        numbers = [factor for factor in others if self.typed.is_number(factor)]
        if self.typed.is_number(factors[place]):
            rest = [factor for factor in others if not self.typed.is_number(factor)]
            return self.algebra.times(*numbers, self._paired(weight, rest))
        before = [factor for factor in factors[:place] if not self.typed.is_number(factor)]
        behind = [factor for factor in factors[place + 1 :] if not self.typed.is_number(factor)]
        left = [self.algebra.transposed(factor) for factor in reversed(before)]
        right = [self.algebra.transposed(factor) for factor in reversed(behind)]
        return self.algebra.times(*numbers, *left, weight, *right)

    def _paired(self, weight: Form, rest: list[Form]) -> Form:
        """⟨weight, rest⟩ as a number."""
        if not rest:
            return weight
        whole = product(rest)
        if self.typed.is_number(whole):
            return self.algebra.times(weight, whole)
        inside = self.algebra.times(self.algebra.transposed(weight), *rest)
        return inside if self.typed.is_number(inside) else apply("trace", inside)

    def jacobian(self, linear: Form) -> Form:
        """J with linear = J dx, for a column and a vector x."""
        return self.algebra.collected(total(found for factors in self._spread(linear) if factors != (ZERO,) for found in self._pushed(factors)))

    def _pushed(self, factors: tuple[Form, ...]) -> list[Form]:
        """J of one product in which dx stands once: P dx, s(dx) v, or v (dx)ᵀ w."""
        flat = [part for factor in factors for part in (factor.factors if isinstance(factor, Mul) and not self.typed.is_number(factor) else (factor,))]
        numbers = [factor for factor in flat if self.typed.is_number(factor) and not self._holds(factor)]
        place = next(place for place, factor in enumerate(flat) if self._holds(factor))
        others = [factor for factor in flat[:place] if not self.typed.is_number(factor)]
        behind = [factor for factor in flat[place + 1 :] if not self.typed.is_number(factor)]
        moving = flat[place]
        if moving is self.moving:
            return [self.algebra.times(*numbers, *self._number(behind), *(others or [IDENTITY]))]
        number = moving if self.typed.is_number(moving) else product((moving, *behind))
        column = [*others, *behind] if self.typed.is_number(moving) else others
        return [self.algebra.times(*numbers, *column, self.algebra.transposed(row)) for row in self._adjoint(number, ONE)]

    def _number(self, factors: list[Form]) -> list[Form]:
        return [Mul(tuple(factors))] if factors else []


def _upright(factor: Form) -> Form:
    """A factor without its transpose, which stays outside of its differential: (dx)ᵀ."""
    return factor.base if isinstance(factor, Pow) and factor.exponent is TRANSPOSE else factor


def _signed(term: Form) -> Form:
    return Neg(differential(term.operand)) if isinstance(term, Neg) else differential(term)


def softmax_jacobian(p: Form) -> Form:
    """diag(p) − p pᵀ."""
    return Add((apply("diag", p), Neg(Mul((p, Pow(p, TRANSPOSE))))))


def _squares_of_norms(form: Form) -> Form:
    """‖u‖⁴ as (‖u‖²)²: an even power of a norm is smooth at 0."""
    match form:
        case Pow(Apply("norm", _) as norm, exponent) if (count := integer(exponent)) is not None and count > 2 and count % 2 == 0:
            return Pow(Pow(norm, TWO), Num(count // 2))
    return form
