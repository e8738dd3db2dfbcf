"""Mini-batches: steps that see a few rows at a time, and each row once before any is seen again.

The rows of an epoch are a permutation made from the seed and the number of the epoch alone, cut into batches of `size`; the last one of an
epoch may be smaller. A step's gradient is the mean over its batch, which on average is the mean over all rows (Robbins & Monro 1951;
Bottou, Curtis & Nocedal 2018, section 4). A batch of one row is stochastic descent, a batch of all rows plain descent.

The same seed gives the same batches on every machine and with every version of NumPy: rows are sorted by the raw numbers of PCG64
(O'Neill 2014), whose stream NumPy promises to keep, which it does not of its shuffles.

>>> [batch_rows(5, 2, seed=7, n=n).tolist() for n in (1, 2, 3, 4)]
[[3, 4], [0, 2], [1], [1, 3]]
>>> from tutor.descent.fit import fit
>>> steps = batch_slopes(fit("w*size", "price", "houses"), 2, seed=7)
>>> steps.rows(1).tolist(), steps(1, 0.0), steps.epoch(3)
([0, 2], (-50000.0,), 2)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tutor.descent.fit import Fit
from tutor.errors import RequestError

MOST_SEED = 2**64


def batch_rows(rows: int, size: int, seed: int, n: int) -> NDArray[np.intp]:
    """The rows (numbered from 0) of the batch of step n, for n = 1, 2, …. Raises `RequestError` for a size or seed that makes no sense."""
    check_batch(rows, size, seed)
    epoch, place = divmod(n - 1, _batches(rows, size))
    return order(rows, seed, epoch)[place * size : (place + 1) * size]


def order(rows: int, seed: int, epoch: int) -> NDArray[np.intp]:
    """The rows in the order of an epoch (numbered from 0)."""
    return np.argsort(np.random.PCG64([seed, epoch]).random_raw(rows), kind="stable")


def check_batch(rows: int, size: int, seed: int) -> None:
    """Raises `RequestError` for a size of batches, or a seed, that makes no sense."""
    if not 1 <= size <= rows:
        raise RequestError("batch", f"a batch has from 1 to {rows:,} rows, as many as there are, and not {size:,}", advice="Give a smaller number, such as --batch 1.")
    if not 0 <= seed < MOST_SEED:
        raise RequestError("seed", f"the seed is a whole number from 0 to 2^64 - 1, not {seed}", advice="Give one, such as --seed 1.")


def _batches(rows: int, size: int) -> int:
    """How many batches an epoch has."""
    return -(-rows // size)


@dataclass(frozen=True, eq=False)
class Batches:
    """The gradients of batches as a function of the number of the step and the point."""

    fit: Fit
    size: int
    seed: int
    _latest: dict[int, NDArray[np.intp]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        check_batch(self.fit.rows, self.size, self.seed)

    @property
    def per_epoch(self) -> int:
        """How many steps see every row once."""
        return _batches(self.fit.rows, self.size)

    def epoch(self, n: int) -> int:
        """The epoch of step n, both counted from 1."""
        return (n - 1) // self.per_epoch + 1

    def rows(self, n: int) -> NDArray[np.intp]:
        """The rows of the batch of step n, numbered from 0."""
        epoch, place = divmod(n - 1, self.per_epoch)
        found = self._latest.get(epoch)
        if found is None:  # only the latest order is kept: it is a number for each row
            self._latest.clear()
            found = self._latest[epoch] = order(self.fit.rows, self.seed, epoch)
        return found[place * self.size : (place + 1) * self.size]

    def __call__(self, n: int, *point: float) -> tuple[float, ...]:
        """The mean gradient of the batch of step n at a point, with the penalty."""
        return self.fit.slopes_over(self.rows(n), *point)


def batch_slopes(fit: Fit, size: int, seed: int) -> Batches:
    """The gradients of batches of `size` rows: a function of the number of the step (from 1) and the point. Raises `RequestError`."""
    return Batches(fit, size, seed)


__all__ = ["Batches", "batch_rows", "batch_slopes", "check_batch", "order"]
