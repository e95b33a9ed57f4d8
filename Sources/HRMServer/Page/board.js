// A board of cells: Sudoku, maze, coloured or written grid. One that is used by hand is a grid
// with one tab stop and arrow keys; one that is only shown is a picture with a description.

import { fillOf, glyphOf, inkOn, spoken } from "./cells.js";
import { h } from "./dom.js";

export class Board {
	/**
	 * - rows, columns: the extents; boxRows, boxColumns: the boxes of a Sudoku
	 * - kind: "sudoku", "maze", "arc" or "symbols"
	 * - label: the name for screen readers
	 * - isUsable: whether cells can be selected
	 * - onkey(event, cell): keys that are not movements
	 * - onselect(cell)
	 */
	constructor(options) {
		Object.assign(this, { isUsable: false, showsNumbers: false, selected: 0 }, options);
		const { rows, columns } = this;
		this.cells = [];
		this.drawn = [];
		this.states = [];
		const lines = [];
		for (let row = 0; row < rows; row += 1) {
			const line = h("div", { class: "row", role: this.isUsable ? "row" : null });
			for (let column = 0; column < columns; column += 1) {
				const cell = h("div", {
					class: this.#edges(row, column), role: this.isUsable ? "gridcell" : null,
				});
				this.cells.push(cell);
				line.append(cell);
			}
			lines.push(line);
		}
		this.element = h("div", {
			class: `board ${this.kind}${this.isUsable ? " usable" : ""}`,
			role: this.isUsable ? "grid" : "img",
		}, lines);
		this.element.style.setProperty("--columns", columns);
		this.element.style.setProperty("--rows", rows);
		this.element.style.setProperty("--longest", 1);
		if (this.boxColumns) this.element.style.setProperty("--box-columns", this.boxColumns);
		this.name(this.label);
		if (this.isUsable) this.#listen();
	}

	name(label) {
		this.label = label;
		this.element.setAttribute("aria-label", label);
	}

	#edges(row, column) {
		const { boxRows, boxColumns, rows, columns } = this;
		let name = "cell";
		if (boxColumns && (column + 1) % boxColumns === 0 && column + 1 < columns) name += " box-right";
		if (boxRows && (row + 1) % boxRows === 0 && row + 1 < rows) name += " box-bottom";
		return name;
	}

	#listen() {
		this.cells.forEach((cell, index) => { cell.tabIndex = index === this.selected ? 0 : -1; });
		const indexOf = (event) => this.cells.indexOf(event.target.closest?.(".cell"));
		this.element.addEventListener("pointerdown", (event) => {
			const index = indexOf(event);
			if (index < 0) return;
			event.preventDefault();
			this.select(index);
			this.onpress?.(index, event);
			if (!this.ondrag) return;
			const move = (moved) => {
				const under = document.elementFromPoint(moved.clientX, moved.clientY);
				const at = this.cells.indexOf(under?.closest?.(".cell"));
				if (at >= 0 && at !== this.selected) {
					this.select(at);
					this.ondrag(at);
				}
			};
			const end = () => {
				removeEventListener("pointermove", move);
				removeEventListener("pointerup", end);
				removeEventListener("pointercancel", end);
				this.onrelease?.();
			};
			addEventListener("pointermove", move);
			addEventListener("pointerup", end);
			addEventListener("pointercancel", end);
		});
		this.element.addEventListener("focusin", (event) => {
			const index = indexOf(event);
			if (index >= 0 && index !== this.selected) this.select(index, false);
		});
		this.element.addEventListener("keydown", (event) => {
			const to = this.#target(event);
			if (to !== null) {
				event.preventDefault();
				this.select(to);
			} else {
				this.onkey?.(event, this.selected);
			}
		});
	}

	#target(event) {
		const { rows, columns } = this;
		if (event.altKey || event.metaKey) return null;
		const row = Math.floor(this.selected / columns);
		const column = this.selected % columns;
		const at = (r, c) => Math.max(0, Math.min(rows - 1, r)) * columns + Math.max(0, Math.min(columns - 1, c));
		switch (event.key) {
			case "ArrowUp": return at(row - 1, column);
			case "ArrowDown": return at(row + 1, column);
			case "ArrowLeft": return at(row, column - 1);
			case "ArrowRight": return at(row, column + 1);
			case "Home": return event.ctrlKey ? 0 : at(row, 0);
			case "End": return event.ctrlKey ? rows * columns - 1 : at(row, columns - 1);
			case "PageUp": return at(0, column);
			case "PageDown": return at(rows - 1, column);
			default: return null;
		}
	}

	/** Makes a cell the tab stop and, unless told otherwise, focuses it. */
	select(index, focuses = true) {
		if (index < 0 || index >= this.cells.length) return;
		this.cells[this.selected].tabIndex = -1;
		this.cells[this.selected].removeAttribute("aria-selected");
		this.selected = index;
		this.cells[index].tabIndex = 0;
		this.cells[index].setAttribute("aria-selected", "true");
		if (focuses) this.cells[index].focus({ preventScroll: true });
		this.onselect?.(index);
	}

	/**
	 * Draws states of cells, each with
	 * - text: the symbol, "" for a blank one
	 * - given, changed, wrong, pinned: marks
	 * - doubt: 0 for a certain cell through 1
	 * - notes: candidates as [text, state], of state "", "struck" or "hint"
	 * - near, same: highlights of the selection
	 */
	draw(states) {
		const longest = Math.max(1, ...states.map((state) => state.text?.length ?? 0));
		this.element.style.setProperty("--longest", longest);
		this.states = states;
		states.forEach((state, index) => this.#drawCell(index, state));
		if (!this.isUsable) {
			this.element.setAttribute("aria-label", `${this.label}. ${this.description()}`);
		}
	}

	#drawCell(index, state) {
		const signature = JSON.stringify(state) + this.showsNumbers;
		if (this.drawn[index] === signature) return;
		this.drawn[index] = signature;
		const cell = this.cells[index];
		const text = state.text ?? "";
		for (const mark of ["given", "changed", "wrong", "pinned", "near", "same"]) {
			cell.classList.toggle(mark, Boolean(state[mark]));
		}
		cell.classList.toggle("noted", Boolean(state.notes?.length));
		const fill = fillOf(this.kind, text);
		cell.style.backgroundColor = fill ?? "";
		cell.style.color = fill ? inkOn(fill) : "";
		if (state.doubt !== undefined) cell.style.setProperty("--doubt", `${Math.round(45 * state.doubt)}%`);
		else cell.style.removeProperty("--doubt");
		if (state.notes?.length && !text) {
			cell.replaceChildren(this.#notes(state.notes));
		} else {
			cell.replaceChildren(glyphOf(this.kind, text, this.showsNumbers));
		}
		if (!this.isUsable) return;
		cell.setAttribute("aria-label", this.#spokenCell(index, state));
		if (state.wrong) cell.setAttribute("aria-invalid", "true");
		else cell.removeAttribute("aria-invalid");
	}

	#notes(notes) {
		const states = new Map(notes.map(([text, state]) => [text, state]));
		const all = this.kind === "sudoku"
			? Array.from({ length: this.columns }, (_, digit) => String(digit + 1))
			: [...states.keys()];
		return h("span", { class: "notes", "aria-hidden": "true" }, all.map((text) => {
			const state = states.get(text);
			return h("span", { class: state || null }, state === undefined ? "" : text);
		}));
	}

	#spokenCell(index, state) {
		const parts = [
			`row ${Math.floor(index / this.columns) + 1}, column ${(index % this.columns) + 1}`,
			spoken(this.kind, state.text ?? ""),
		];
		if (state.given) parts.push("given");
		if (state.pinned) parts.push("pinned");
		if (state.changed) parts.push("changed");
		if (state.wrong) parts.push("in conflict");
		if (!state.text && state.notes?.length) {
			const open = state.notes.filter(([, mark]) => mark !== "struck").map(([text]) => text);
			if (open.length) parts.push(`candidates ${open.join(" ")}`);
		}
		return parts.join(", ");
	}

	/** The rows in words. */
	description() {
		const rows = [];
		if (this.cells.length > 150) return `${this.rows} by ${this.columns} cells`;
		for (let row = 0; row < this.rows; row += 1) {
			const line = this.states.slice(row * this.columns, (row + 1) * this.columns);
			rows.push(line.map((state) => spoken(this.kind, state.text ?? "")).join(" "));
		}
		return rows.map((row, index) => `Row ${index + 1}: ${row}`).join(". ");
	}
}
