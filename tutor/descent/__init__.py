"""The descent lab: objectives, methods as composed stages, runs that keep every iterate, and what can be said about them.

>>> from tutor.descent.run import descend
>>> trace = descend("x^2 - 4x + 5", start="x=0", rate="0.1", steps=3)
>>> [round(float(x), 4) for x in trace.points[:, 0]]
[0.0, 0.4, 0.72, 0.976]
"""
