// Kinds of boards, in the terms of the server and of the page.

import { shapes } from "./sudoku.js";

/** The page's description of a task of the server. */
export function fromServer(task) {
	const symbols = task.symbols ?? [];
	const isColored = symbols.length > 0 && symbols.length <= 10 && symbols.every((text, index) => text === String(index));
	const kind = task.kind === "grid" ? (isColored ? "arc" : "symbols") : task.kind;
	return {
		kind, serverKind: task.kind, rows: task.rows, columns: task.columns,
		boxRows: task.box_rows ?? null, boxColumns: task.box_columns ?? null, symbols,
	};
}

/** The server's description of a task of the page. */
function toServer(task) {
	return {
		kind: task.serverKind, rows: task.rows, columns: task.columns,
		...(task.boxRows ? { box_rows: task.boxRows, box_columns: task.boxColumns } : {}),
		...(task.symbols?.length ? { symbols: task.symbols } : {}),
	};
}

/** The member of a request that fixes the board; grids of one's own are fixed by the model. */
export const taskMember = (task) => (["sudoku", "maze"].includes(task.kind) ? { task: toServer(task) } : {});

export function sudokuTask(shape) {
	return {
		kind: "sudoku", serverKind: "sudoku", rows: shape.size, columns: shape.size,
		boxRows: shape.boxRows, boxColumns: shape.boxColumns, symbols: [],
	};
}

export function keyOf(task) {
	const boxes = task.boxRows ? `-${task.boxRows}x${task.boxColumns}` : "";
	const symbols = task.symbols?.length ? `-${task.symbols.join("")}` : "";
	return `${task.serverKind}-${task.rows}x${task.columns}${boxes}${symbols}`;
}

export function nameOf(task) {
	if (task.kind === "sudoku") {
		const shape = shapes.find((one) => one.boxRows === task.boxRows && one.boxColumns === task.boxColumns);
		return `Sudoku ${shape?.name ?? `${task.rows}×${task.columns}`}`;
	}
	const names = { maze: "Maze", arc: "Coloured grid", symbols: "Grid" };
	return `${names[task.kind] ?? "Grid"} ${task.rows}×${task.columns}`;
}

/** The boards that can be chosen: all shapes of Sudoku, and what the models take. */
export function boards(models) {
	const list = shapes.toReversed().map(sudokuTask);
	const known = new Set(list.map(keyOf));
	for (const model of models) {
		for (const board of model.boards ?? []) {
			if (board.kind === "arc") continue;
			const task = fromServer(board);
			if (known.has(keyOf(task))) continue;
			known.add(keyOf(task));
			list.push(task);
		}
	}
	return list;
}

/** The models that take a board, the packaged ones first. */
export function modelsFor(models, task) {
	return models.filter((model) => !model.problem
		&& (model.boards ?? []).some((board) => keyOf(fromServer(board)) === keyOf(task)));
}

/** The symbols that can be entered, as pairs of symbol and name; the last one blanks a cell. */
export function symbolsOf(task) {
	if (task.kind === "sudoku") {
		return Array.from({ length: task.rows }, (_, digit) => [String(digit + 1), String(digit + 1)]).concat([["", "Blank"]]);
	}
	if (task.kind === "maze") return [["#", "Wall"], [" ", "Open"], ["S", "Start"], ["G", "Goal"]];
	return task.symbols.map((text) => [text, text]);
}

/** The cells of an empty board. */
export function emptyCells(task) {
	const blank = task.kind === "sudoku" ? "" : task.kind === "maze" ? " " : task.symbols[0] ?? "";
	return Array(task.rows * task.columns).fill(blank);
}

/** The cells of the server as the page shows them: a blank cell of a Sudoku is "". */
export function shownCells(task, cells) {
	return task.kind === "sudoku" ? cells.map((text) => (text === "." || text === "0" ? "" : text)) : cells.slice();
}

/** The board as a text that the server reads. */
export function textOf(task, cells) {
	if (task.kind === "sudoku") return cells.map((text) => text || ".").join("");
	const rows = Array.from({ length: task.rows }, (_, row) => cells.slice(row * task.columns, (row + 1) * task.columns));
	if (task.kind === "maze") return rows.map((row) => row.map((text) => (text === " " ? "." : text)).join("")).join("/");
	const isWide = task.symbols.some((text) => text.length > 1);
	return rows.map((row) => row.join(isWide ? " " : "")).join("/");
}
