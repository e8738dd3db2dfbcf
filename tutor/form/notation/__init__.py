"""One table a medium: how the nodes of a form look as calculator text, Unicode, LaTeX, MathML and in speech."""
