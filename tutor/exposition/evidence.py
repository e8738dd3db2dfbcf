"""What the audit found, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.calculus.audit import Audit
from tutor.calculus.worked import Claim
from tutor.exposition.doc import Paragraph
from tutor.exposition.phrases import PHRASES


def evidence(audits: Sequence[Audit]) -> Paragraph:
    """The line that ends an explanation: proved, confirmed, or not to be relied on."""
    lines = [line for audit in audits for line in audit.lines]
    proved = sum(line.evidence.proof for line in lines)
    failed = next((line for line in lines if line.evidence.equal is False), None)
    values = {"proved": proved, "count": len(lines), "claims": any(isinstance(line.line, Claim) for line in lines)}
    if failed is not None:
        return Paragraph(PHRASES.say("text.failed", {"line": failed.line.before}), "warning")
    if proved == len(lines):
        return Paragraph(PHRASES.say("text.proved", values), "evidence")
    if all(line.evidence.equal is True for line in lines):
        return Paragraph(PHRASES.say("text.confirmed" if proved else "text.confirmed_points", values), "evidence")
    return Paragraph(PHRASES.say("text.unconfirmed", values), "warning")
