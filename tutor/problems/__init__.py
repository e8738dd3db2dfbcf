"""Exercises that make themselves: families from files, their variants, worked problems, and the check of every variant."""
