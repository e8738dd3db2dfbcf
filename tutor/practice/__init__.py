"""Practice: a session as a pure state machine, what is known of a learner as a fold over the log of answers, and the store beside it."""
