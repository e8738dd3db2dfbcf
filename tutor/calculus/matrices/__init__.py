"""Gradients of expressions of vectors and matrices, in matrix form and in index form.

    letters        which letter is a matrix, a vector, a number; how sizes follow from an expression
    typed          an expression whose letters have shapes
    shapes         from a text to such an expression
    algebra        algebra in which the order of factors counts
    differential   df = gᵀ dx, rule by rule
    indices, sums  the same with sums over entries
    entries        everything written out for given sizes, for the proof
    gradient       the result

>>> from tutor.calculus.matrices import matrix_gradient
>>> str(matrix_gradient("crossentropy(y, softmax(W x + b))", "W").value)
'(p - y)*x^T'
"""

from tutor.calculus.matrices.gradient import Check, Line, MatrixGradient, Step, matrix_gradient

__all__ = ["Check", "Line", "MatrixGradient", "Step", "matrix_gradient"]
