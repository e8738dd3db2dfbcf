"""The checker inside the systems that courses grade with: one small module a system, each a function from graded tasks to the system's document.

`task.py` has the model, `systems.py` the table, `run.py` grades a submission with a key, `start.py` writes an example to begin with.
"""
