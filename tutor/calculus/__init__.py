"""Derivations: the tree of steps, the rules, the planner that chooses between them, the audit."""
