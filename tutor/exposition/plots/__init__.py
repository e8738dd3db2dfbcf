"""What pictures of runs are made of; `tutor.exposition.figures` is the way in."""
