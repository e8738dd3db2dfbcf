"""A symbolic calculus tutor: reads what a person types, differentiates it like a teacher, proves every line."""

from tutor.form.reading import read

__all__ = ["read"]
