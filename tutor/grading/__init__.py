"""Grading: is an answer right, how is that known, and if it is wrong, which mistake was made?"""
