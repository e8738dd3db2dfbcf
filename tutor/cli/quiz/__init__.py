"""The quiz at a terminal: what is written (`page`), how a line is read (`lines`, `editor`), what it means (`keys`), practice and exams."""
