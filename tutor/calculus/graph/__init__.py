"""The computation graph: forward pass, backward pass, sums over paths, models from a line of options."""
