"""The rules of differentiation, one small unit each; `RULES` holds them by id.

A rule names no other rule and no medium: adding one means adding it here and giving it its sentences
in `templates/phrases/`.
"""

from tutor.calculus.rules.basic import BASIC
from tutor.calculus.rules.branches import BRANCHES
from tutor.calculus.rules.elementary import ELEMENTARY
from tutor.calculus.rules.products import PRODUCTS
from tutor.calculus.rules.routes import ROUTES
from tutor.calculus.rules.unknown import UNKNOWN
from tutor.calculus.tree import Rule

RULES: dict[str, Rule] = {rule.id: rule for rule in (*BASIC, *ELEMENTARY, *PRODUCTS, *ROUTES, *BRANCHES, *UNKNOWN)}
"""Every rule by its stable id."""

__all__ = ["RULES"]
