"""Second derivatives and what they decide: Hessian, stationary points, convexity, Newton's step."""
