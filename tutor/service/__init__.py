"""The checker over HTTP, small: `/check`, `/explain`, `/problem`, `/health`, described at `/openapi.json`.

A request passes `guard.py` (size, time, the line in the log), is validated by `requests.py` in `app.py`, and is answered in a helper process that
can be killed (`helpers.py`; `replies.py` runs inside of it). What cannot be answered is a refusal with a name (`refusals.py`). `run.py` is the server.
"""
