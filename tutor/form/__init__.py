"""What is written: the tree, the table of known functions, readers, writers, evaluation."""
