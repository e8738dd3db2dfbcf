"""Kinds of answers: one frozen type each, which holds the key and judges a form.

A kind's `judge` never raises on what a person typed; it says what is known, with evidence and findings.
"""
