#!/usr/bin/env bash
# Guess: a Sudoku generator returns puzzles with exactly one solution, another one at each call.
# Observed with py-sudoku 2.0.0: without a seed, two calls return the same puzzle; with 20 seeds at difficulty 0.6 every
# puzzle has several solutions (its own has_multiple_solutions says so too). With sudokum 0.0.1 at a mask rate of
# 0.6, most puzzles have several solutions.
# Output seen:
#   py-sudoku: two calls without a seed return the same puzzle: True
#   py-sudoku: several solutions at difficulty 0.6: 20 of 20
#   sudokum: several solutions at mask rate 0.6: more than half of 20: True
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check py-sudoku==2.0.0 sudokum==0.0.1 numpy==2.4.6
"$work/venv/bin/python" - <<'PYTHON'
import random

import numpy
import sudokum
from sudoku import Sudoku


def solution_count(board, limit=2):
    """The number of solutions of a 9x9 board, at most `limit`, by depth-first search."""
    cells = [[cell or 0 for cell in row] for row in board]

    def candidates(r, c):
        seen = set(cells[r]) | {row[c] for row in cells}
        top, left = r - r % 3, c - c % 3
        seen |= {cells[top + i][left + j] for i in range(3) for j in range(3)}
        return [value for value in range(1, 10) if value not in seen]

    def search(left):
        open_cells = [(r, c) for r in range(9) for c in range(9) if cells[r][c] == 0]
        if not open_cells:
            return 1
        r, c = min(open_cells, key=lambda cell: len(candidates(*cell)))
        found = 0
        for value in candidates(r, c):
            cells[r][c] = value
            found += search(left - found)
            cells[r][c] = 0
            if found >= left:
                break
        return found

    return search(limit)


same = Sudoku(3).difficulty(0.5).board == Sudoku(3).difficulty(0.5).board
print("py-sudoku: two calls without a seed return the same puzzle:", same)
several = 0
for seed in range(20):
    puzzle = Sudoku(3, seed=seed).difficulty(0.6)
    many = solution_count(puzzle.board) > 1
    assert many == puzzle.has_multiple_solutions(), "the package and the search disagree"
    several += many
print("py-sudoku: several solutions at difficulty 0.6:", several, "of 20")
random.seed(0)
numpy.random.seed(0)
masked = [sudokum.generate(mask_rate=0.6) for _ in range(20)]
many = sum(solution_count([[int(cell) for cell in row] for row in board]) > 1 for board in masked)
print("sudokum: several solutions at mask rate 0.6: more than half of 20:", many > 10)
assert same and several == 20 and many > 10, "the behaviour has changed"
PYTHON
