"""From what is written to what it means: lowering to SymPy, named algebra laws, equivalence with evidence."""
