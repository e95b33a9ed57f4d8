// A Sudoku that is being solved by hand: digits, pencil marks, undo and redo, and the time.

import { candidates, conflicts, peers } from "./sudoku.js";

const store = "hrm-game";

export class Game {
	constructor(task, givens) {
		Object.assign(this, { task, givens });
		this.shape = { size: task.rows, boxRows: task.boxRows, boxColumns: task.boxColumns };
		this.restart();
	}

	restart() {
		this.cells = this.givens.slice();
		this.notes = this.givens.map(() => new Set());
		this.past = [];
		this.future = [];
		this.spent = 0;
		this.since = performance.now();
	}

	// MARK: The time

	get seconds() { return this.spent + (this.since === null ? 0 : (performance.now() - this.since) / 1000); }

	stopClock() {
		this.spent = this.seconds;
		this.since = null;
	}

	// MARK: Changes

	#record() {
		this.past.push(this.#moment());
		this.future = [];
	}

	#moment() { return { cells: this.cells.slice(), notes: this.notes.map((set) => new Set(set)) }; }

	write(cell, symbol) {
		const now = this.cells[cell] === symbol ? "" : symbol;
		if (!now && !this.cells[cell] && !this.notes[cell].size) return;
		this.#record();
		this.cells[cell] = now;
		if (now) for (const peer of peers(this.shape, cell)) this.notes[peer].delete(now);
		else this.notes[cell].clear();
	}

	toggleNote(cell, symbol) {
		if (this.cells[cell]) return;
		this.#record();
		if (!this.notes[cell].delete(symbol)) this.notes[cell].add(symbol);
	}

	/** Removes a pencil mark; without any in the cell, the others are written. */
	strike(cell, symbol) {
		this.#record();
		if (!this.notes[cell].size) this.notes[cell] = new Set(candidates(this.shape, this.cells)[cell]);
		this.notes[cell].delete(symbol);
	}

	fillNotes() {
		this.#record();
		this.notes = candidates(this.shape, this.cells).map((list) => new Set(list));
	}

	get canUndo() { return this.past.length > 0; }
	get canRedo() { return this.future.length > 0; }

	undo() {
		if (!this.canUndo) return;
		this.future.push(this.#moment());
		Object.assign(this, this.past.pop());
	}

	redo() {
		if (!this.canRedo) return;
		this.past.push(this.#moment());
		Object.assign(this, this.future.pop());
	}

	// MARK: Facts

	conflicts() { return conflicts(this.shape, this.cells); }
	get isSolved() { return this.cells.every(Boolean) && this.conflicts().size === 0; }
	get written() { return this.cells.filter((text, cell) => text && !this.givens[cell]).length; }

	// MARK: Storage

	save() {
		try {
			localStorage.setItem(store, JSON.stringify({
				task: this.task, givens: this.givens, cells: this.cells,
				notes: this.notes.map((set) => [...set]), seconds: this.seconds,
			}));
		} catch {
			// Without storage, a game lasts until the page is closed.
		}
	}

	/** The game of the last visit, if there is one that is not solved. */
	static restored() {
		try {
			const saved = JSON.parse(localStorage.getItem(store));
			if (!saved) return null;
			const game = new Game(saved.task, saved.givens);
			const count = saved.task.rows * saved.task.columns;
			if (saved.cells.length !== count || saved.notes.length !== count) return null;
			game.cells = saved.cells;
			game.notes = saved.notes.map((list) => new Set(list));
			game.spent = saved.seconds;
			return game.isSolved ? null : game;
		} catch {
			return null;
		}
	}
}
