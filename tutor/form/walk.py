"""Walks over forms: each distinct node once, iterative where a deep form could exhaust the stack.

>>> from tutor.form.tree import Add, Num, Sym
>>> fold(Add((Sym("x"), Num(1))), lambda node, parts: 1 + sum(parts))
3
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from tutor.errors import RequestError
from tutor.form.tree import Deriv, Form, Integral, Sym

T = TypeVar("T")


def nodes(form: Form) -> Iterator[Form]:
    """Every distinct node once, children before parents.

    >>> from tutor import read
    >>> [str(node) for node in nodes(read("x + 2x"))]
    ['x', '2', '2*x', 'x + 2*x']
    """
    done: set[Form] = set()
    stack = [form]
    while stack:
        node = stack[-1]
        waiting = [child for child in node.children if child not in done]
        if waiting:
            stack.extend(reversed(waiting))
            continue
        stack.pop()
        if node not in done:
            done.add(node)
            yield node


SHALLOW = 40
"""Up to this depth a walk uses Python's stack, which is twice as fast; a deeper one keeps its own."""


def fold(form: Form, visit: Callable[[Form, tuple[T, ...]], T], memo: dict[Form, T] | None = None) -> T:
    """Compute bottom-up: `visit(node, results of its children)`, once for each distinct node.

    `memo` carries results from one call to the next.

    >>> from tutor import read
    >>> fold(read("x + 1"), lambda node, parts: 1 + sum(parts))
    3
    """
    done: dict[Form, T] = {} if memo is None else memo
    if form in done:
        return done[form]
    if form.depth <= SHALLOW:

        def down(node: Form) -> T:
            found = done[node] = visit(node, tuple([done[child] if child in done else down(child) for child in node.children]))
            return found

        return down(form)
    stack = [form]
    while stack:
        node = stack[-1]
        if node in done:
            stack.pop()
            continue
        waiting = [child for child in node.children if child not in done]
        if waiting:
            stack.extend(waiting)
            continue
        done[node] = visit(node, tuple([done[child] for child in node.children]))
        stack.pop()
    return done[form]


def rewritten(form: Form, change: Callable[[Form], Form], memo: dict[Form, Form] | None = None, need: int = 0) -> Form:
    """Apply `change` to every node, children first; parts that do not change stay the same object.

    Parts in which not all the kinds of `need` (see `kinds_of`) occur are left alone.
    """
    done: dict[Form, Form] = {} if memo is None else memo
    if form in done:
        return done[form]
    if form.depth <= SHALLOW:

        def down(node: Form) -> Form:
            found = done.get(node)
            if found is None:
                found = node
                if node.kinds & need == need:
                    below = tuple([done.get(child) or down(child) for child in node.children])
                    found = change(node if below == node.children else node.rebuild(below))
                done[node] = found
            return found

        return down(form)
    stack = [form]
    while stack:
        node = stack[-1]
        if node in done:
            stack.pop()
            continue
        if node.kinds & need != need:
            done[node] = node
            stack.pop()
            continue
        waiting = [child for child in node.children if child not in done]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        children = tuple([done[child] for child in node.children])
        done[node] = change(node if children == node.children else node.rebuild(children))
    return done[form]


def kinds_of(*classes: type[Form]) -> int:
    """The bits under which nodes of these classes are noted in `Form.kinds`.

    >>> from tutor.form.tree import Add, Num
    >>> Add((Sym("x"), Num(1))).kinds == kinds_of(Add, Sym, Num)
    True
    """
    return sum(kind.bit for kind in classes)


def substitute(form: Form, values: dict[str, Form]) -> Form:
    """Put forms in the place of variables (not of bound ones).

    >>> from tutor import read
    >>> str(substitute(read("u^2"), {"u": read("sin(x)")}))
    'sin(x)^2'

    Raises `RequestError` when a value would be caught by an integral's own variable.
    """
    if form.free.isdisjoint(values):
        return form
    if form.depth <= SHALLOW:
        return _substituted(form, values, {})

    def visit(node: Form, children: tuple[Form, ...]) -> Form:
        if isinstance(node, Sym):
            return values.get(node.name, node)
        if isinstance(node, Integral | Deriv) and not node.body.free.isdisjoint(values):
            return _under_binder(node, children, values)
        return node if children == node.children else node.rebuild(children)

    return fold(form, visit)


def _substituted(node: Form, values: dict[str, Form], done: dict[Form, Form]) -> Form:
    """The same on Python's stack; parts without any of these variables are not gone through."""
    found = done.get(node)
    if found is None:
        if node.free.isdisjoint(values):
            found = node
        elif isinstance(node, Sym):
            found = values.get(node.name, node)
        else:
            children = tuple([_substituted(child, values, done) for child in node.children])
            found = _under_binder(node, children, values) if isinstance(node, Integral | Deriv) and not node.body.free.isdisjoint(values) else node.rebuild(children)
        done[node] = found
    return found


def _under_binder(node: Integral | Deriv, children: tuple[Form, ...], values: dict[str, Form]) -> Form:
    inner = {name: value for name, value in values.items() if name != node.variable}
    if isinstance(node, Integral) and any(node.variable in value.free for name, value in inner.items() if name in node.body.free):
        raise RequestError("capture", f"the letter {node.variable} is already bound inside {node}")
    return node.rebuild((substitute(node.body, inner), *children[1:]))
