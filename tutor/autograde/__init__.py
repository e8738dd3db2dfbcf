"""The checker inside other people's software: many answers at once (`grade.py`), on one machine or on many (`dask.py`)."""
