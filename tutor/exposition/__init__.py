"""Derivations become documents: levels of detail, hints one at a time, sentences from `templates/phrases/`."""
