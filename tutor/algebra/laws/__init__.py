"""The named laws of algebra by which a result is tidied, one small function each.

A law looks at one node whose children are already tidy and gives the node that it becomes (the same
object when it does not apply). `tutor.algebra.tidy` applies them bottom-up, one law a line, so that
every line has a name and two sides that can be checked. What a law loses is said in its docstring:
cancelling and combining powers widen the domain, everything else keeps it.
"""

LARGE = 240
"""Parts with more nodes than this are left as they stand: tidying is for lines that a person reads."""
