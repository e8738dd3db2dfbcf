"""The order of the rooms, who may use which library, what stays out of `tutor/`, and what is imported when.

`CONTRIBUTING.md` has the picture. A room imports the rooms above it and itself, never one below it.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "tutor"

ROOMS = ("errors", "resources", "form", "algebra", "calculus", "descent", "exposition", "grading", "problems", "practice", "worksheets", "render", "autograde", "api", "service", "cli")
"""From the top down; `errors` and `resources` are single modules, and so is `api`."""

EXCEPTIONS = {("tutor.form.tree", "tutor.algebra"): "form.sympy() is a fixed name; the import happens when it is called"}

LIBRARIES = {
    "click": {"cli"},
    "rich": {"cli"},
    "flint": {"form", "algebra"},
    "numpy": {"form", "descent", "exposition", "render"},
    "sympy": {"algebra"},
    "matplotlib": {"render"},
    "typst": {"render"},
    "mpmath": set[str](),
    "distributed": {"autograde"},
    "pyarrow": {"autograde"},
    "pytest": {"autograde"},
    "fastapi": {"service"},
    "pydantic": {"service"},
    "starlette": {"service"},
    "uvicorn": {"service"},
    "fsrs": {"practice"},
    "platformdirs": {"practice"},
    "prompt_toolkit": {"cli"},
    "jinja2": {"exposition", "problems", "practice", "render", "autograde"},
    "markupsafe": {"render"},
    "yaml": {"exposition", "problems"},
}
"""A library, and the rooms that may import it; one that is not listed is not a dependency."""

NEVER = frozenset((
    "eval", "exec", "compile", "__import__", "sympify", "parse_expr", "parse_latex", "lambdify",
    "pickle", "marshal", "shelve", "FullLoader", "UnsafeLoader", "unsafe_load",
))  # fmt: skip


@dataclass(frozen=True)
class Use:
    """One import: where it stands, what it names, whether only type checkers see it."""

    module: str
    line: int
    target: str
    typing_only: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if "_data" not in path.parts]
TREES = {module_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def imports(module: str, tree: ast.Module) -> Iterator[Use]:
    """Every import, also inside functions and through `import_module`."""
    hidden = {id(node) for test in ast.walk(tree) if _is_type_checking(test) for node in ast.walk(test)}
    for node in ast.walk(tree):
        for target in _targets(node):
            yield Use(module, node.lineno, target, id(node) in hidden)  # type: ignore[attr-defined]


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _targets(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [name.name for name in names]
        case ast.ImportFrom(module=str(start), names=names, level=0):
            # `from tutor import form` names a room, `from tutor.form import tree` a module of it.
            return [f"{start}.{name.name}" for name in names] if start == "tutor" else [start]
        case ast.ImportFrom():
            return ["a relative name"]
        case ast.Call(func=ast.Name(id="import_module") | ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
            return [name]
        case ast.Call(func=ast.Name(id="import_module"), args=[ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]), *_]):
            return [start]
    return []


def room(module: str) -> str:
    """The room of a module; the package itself and `__main__` stand below all others."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS else "front"


USES = [use for module, tree in TREES.items() for use in imports(module, tree)]


def test_every_module_has_a_room() -> None:
    assert {module for module in TREES if room(module) == "front"} == {"tutor", "tutor.__main__"}


def test_imports_point_upward() -> None:
    order = {name: place for place, name in enumerate((*ROOMS, "front"))}
    wrong = []
    for use in USES:
        if use.target == "tutor.__version__" or not use.target.startswith("tutor."):
            continue
        here, there = room(use.module), room(use.target)
        allowed = any(use.module == module and use.target.startswith(start) for module, start in EXCEPTIONS)
        if order[there] > order[here] and not allowed:
            wrong.append(str(use))
    assert wrong == []


def test_the_exceptions_are_still_needed() -> None:
    for module, start in EXCEPTIONS:
        assert any(use.module == module and use.target.startswith(start) for use in USES)


def test_libraries_stay_in_their_rooms() -> None:
    wrong = []
    for use in USES:
        library = use.target.split(".")[0]
        if use.typing_only or library in sys.stdlib_module_names or library == "tutor":
            continue
        if room(use.module) not in LIBRARIES.get(library, ()):
            wrong.append(str(use))
    assert wrong == []


def test_no_text_is_ever_run() -> None:
    wrong = []
    for module, tree in TREES.items():
        for node in ast.walk(tree):
            # re.compile is an attribute and no danger; eval(…) is a name, sympy.sympify an attribute.
            names = {ast.Name: "id", ast.Attribute: "attr", ast.alias: "name"}
            name = getattr(node, names.get(type(node), ""), "")
            if name in NEVER and not (isinstance(node, ast.Attribute) and name == "compile"):
                wrong.append(f"{module}:{node.lineno} uses {name}")  # type: ignore[attr-defined]
    assert wrong == [f"tutor.form.compiled:{COMPILES} uses compile"]


COMPILES = next(node.lineno for node in ast.walk(TREES["tutor.form.compiled"]) if isinstance(node, ast.Name) and node.id == "compile")
"""The one place that compiles: a syntax tree, put together node by node."""


def test_what_is_compiled_is_never_text() -> None:
    tree = TREES["tutor.form.compiled"]
    (call,) = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "compile")
    source = call.args[0]
    assert isinstance(source, ast.Call)
    assert ast.unparse(source.func) == "ast.fix_missing_locations"
    assert not {"parse", "literal_eval"} & {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_modules_and_public_names_have_docstrings() -> None:
    bare = [module for module, tree in TREES.items() if not ast.get_docstring(tree)]
    for module, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                bare.append(f"{module}.{node.name}")
    assert bare == []


HEAVY = ("sympy", "numpy", "flint", "jinja2", "yaml", "click", "rich", "matplotlib")
WITHOUT_SYMPY = {"sympy", "numpy", "rich"}


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import tutor; dir(tutor); tutor.__version__", set(HEAVY)),
        ("from tutor import read; read('sin(x^2)'); str(read('x/2'))", set(HEAVY)),
        ("import tutor.api", WITHOUT_SYMPY | {"click", "jinja2", "yaml"}),
        ("import tutor.cli", set(HEAVY) - {"click"}),
        ("run([])", set(HEAVY) - {"click"}),
        ("run(['--help'])", set(HEAVY) - {"click"}),
        ("run(['explain', '--help'])", set(HEAVY) - {"click"}),
        ("run(['read', '1/2x'])", WITHOUT_SYMPY),
        ("run(['hint', 'x^2 sin(3x)'])", WITHOUT_SYMPY),
        ("run(['explain', '2*(x+1'])", WITHOUT_SYMPY),
        ("run(['explain', '9**9**9**9'])", WITHOUT_SYMPY),
        ("from tutor import check; check('2x cos(x^2)', derivative_of='sin(x^2)'); check('cos(x^2)', derivative_of='sin(x^2)')", WITHOUT_SYMPY | {"click"}),
        ("run(['check', '3x', '--expected', '2x'])", WITHOUT_SYMPY),
        ("from tutor import differentiate; str(differentiate('x^x').value)", WITHOUT_SYMPY),
    ],
)
def test_a_library_is_imported_when_it_is_needed(code: str, absent: set[str]) -> None:
    program = f"""
import contextlib, io, json, sys
def run(args):
    sys.argv = ["tutor", *args]
    from tutor.cli import main
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(SystemExit):
        main()
{code}
print(json.dumps(sorted(sys.modules.keys() & {set(HEAVY)!r})))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert set(json.loads(done.stdout)) & absent == set()
