"""JUnit XML, which CodeGrade, GitLab and Jenkins read: a test for each task.

The format has no partial credit: what is right in part is a failure whose message has the points. An answer that could not be read or decided is an `error`,
not a `failure`: the test did not come to an end.

>>> from tutor.grading.check import check
>>> print(xml([Task("q1", 2, check("2x", "2x"))]))
<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="tutor" tests="1" failures="0" errors="0"><testcase classname="tutor" name="q1" /></testsuite></testsuites>
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from tutor.autograde.adapters.task import Task, amount

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold, in any spelling."""


def xml(tasks: Sequence[Task], name: str = "tutor") -> str:
    """The document."""
    kinds = ["" if task.verdict.right else "error" if task.is_open else "failure" for task in tasks]
    counts = {"tests": str(len(tasks)), "failures": str(kinds.count("failure")), "errors": str(kinds.count("error"))}
    root = Element("testsuites")
    suite = SubElement(root, "testsuite", {"name": _plain(name), **counts})
    for task, kind in zip(tasks, kinds, strict=True):
        case = SubElement(suite, "testcase", {"classname": _plain(name), "name": _plain(task.name)})
        if kind:
            message = f"{task.verdict.outcome}: {amount(task.points)} / {amount(task.most)}"
            SubElement(case, kind, {"message": message, "type": task.verdict.outcome}).text = _plain(task.feedback())
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}'


def _plain(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


__all__ = ["xml"]
