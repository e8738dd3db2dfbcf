"""The engine's calls that an author may write, one small function each; `tutor.problems.answers` lists them."""
