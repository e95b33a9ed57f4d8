// The view in which a model solves a puzzle.

import { allModels, post, sentence } from "./api.js";
import { Board } from "./board.js";
import { announce, button, field, h, number, select, setOptions } from "./dom.js";
import { exportButtons } from "./export.js";
import { intake } from "./intake.js";
import { pad } from "./pad.js";
import { Player } from "./player.js";
import { conflicts, parseLine, shapes } from "./sudoku.js";
import { boards, emptyCells, fromServer, keyOf, modelsFor, nameOf, shownCells, sudokuTask, symbolsOf, textOf, taskMember } from "./tasks.js";
import { think } from "./think.js";

const difficulties = [["easy", "Easy"], ["medium", "Medium"], ["hard", "Hard"], ["extreme", "Extreme"]];

export class SolveView {
	constructor() {
		this.models = [];
		this.task = sudokuTask(shapes.at(-1));
		this.cells = emptyCells(this.task);
		this.history = [];
		this.record = null;
		this.brush = null;
		this.player = new Player({ ondraw: (states) => this.board.draw(states) });
		this.player.onend = () => this.#showVerdict();
		this.player.onstep = () => { if (this.player.thinking?.isOver && !this.player.isFollowing) this.#showVerdict(); };
		this.#build();
		this.#newBoard();
	}

	// MARK: The elements

	#build() {
		this.stage = h("div", { class: "board-holder" });
		this.padHolder = h("div", { class: "pad-holder" });
		this.verdict = h("p", { class: "message", role: "status" });
		this.taskSelect = select([], "", (key) => this.#choose(key));
		this.modelSelect = select([["", "Chosen by the puzzle"]], "", () => this.#describeModel());
		this.modelHint = h("p", { class: "hint" });
		this.difficulty = select(difficulties, "medium");
		this.text = h("textarea", {
			rows: 3, spellcheck: false, autocapitalize: "off", autocomplete: "off",
			placeholder: "53..7....6..195....98....6.8...6…", oninput: () => this.#later("text", () => this.load(this.text.value), 350),
			onpaste: () => { this.solvesNext = true; },
		});
		this.textHint = h("p", { class: "hint" }, "One line, a drawing, a table or JSON. Pasting works anywhere on the page, dropping a file, too.");
		const opener = intake(() => this.element, {
			most: 100_000, onerror: (message) => this.#tell(message, "bad"),
			onread: (text) => {
				this.text.value = text;
				this.load(text, { solves: true });
			},
		});
		this.solveButton = button("Solve", () => this.#toggleSolving(), { class: "primary" });
		this.options = {
			thinking_steps: h("input", { type: "number", min: 1, max: 4096, placeholder: "default" }),
			restarts: h("input", { type: "number", min: 0, max: 64, placeholder: "default" }),
			halt: select([["", "Default"], ["converged", "Converged answer"], ["sign", "Sign of q"], ["comparison", "Comparison of q"], ["never", "Never"]], ""),
			seed: h("input", { type: "number", min: 0, placeholder: "0" }),
		};
		this.exports = exportButtons({
			request: () => this.request, record: () => this.record, name: () => `${this.task.serverKind}-thinking`,
			onerror: (message) => this.#tell(message, "bad"),
		});
		this.playLink = h("a", { class: "hint", href: "#play" }, "Play it yourself");
		this.exports.append(button("Copy link", () => this.#copyLink(), { class: "small", "data-export": "link" }), this.playLink);
		this.element = h("section", { class: "view", "aria-labelledby": "solve-title" },
			h("h1", { id: "solve-title", class: "unseen" }, "Solve a puzzle"),
			h("div", { class: "split" },
				h("div", { class: "stage" },
					this.stage, this.padHolder,
					h("div", { class: "verdict" }, this.solveButton, this.verdict),
					this.player.controls, this.player.switches),
				h("div", { class: "side" },
					h("section", { class: "panel", "aria-label": "The puzzle" },
						h("div", { class: "pair" }, field("Puzzle", this.taskSelect), field("Model", this.modelSelect)),
						this.modelHint,
						h("div", { class: "pair bottom" }, this.difficultyField = field("Difficulty", this.difficulty),
							h("div", { class: "buttons" },
								this.generateButton = button("Generate", () => this.#generate()), button("Clear", () => this.#clear(), { class: "quiet" }))),
						field("Your own puzzle as text", this.text, this.textHint),
						h("div", { class: "buttons" }, opener),
						h("details", { class: "more" }, h("summary", {}, "Options"),
							h("div", { class: "pair" }, field("Thinking steps, at most", this.options.thinking_steps), field("Restarts, at most", this.options.restarts)),
							h("div", { class: "pair" }, field("Ends at", this.options.halt), field("Seed", this.options.seed)))),
					this.player.chartList,
					this.exports,
					keyboardHelp())));
		this.exports.hidden = true;
	}

	#newBoard() {
		const { task } = this;
		this.board = new Board({ ...task, isUsable: true, label: nameOf(task) });
		this.board.onkey = (event, cell) => this.#key(event, cell);
		const isPainted = task.kind !== "sudoku";
		this.brush = null;
		if (isPainted) {
			this.board.onpress = (cell) => { if (this.brush !== null) this.#enter(cell, this.brush); };
			this.board.ondrag = (cell) => { if (this.brush !== null) this.#enter(cell, this.brush); };
		}
		this.stage.replaceChildren(this.board.element);
		this.padHolder.replaceChildren(pad(task, (symbol) => {
			if (isPainted) this.brush = symbol;
			else this.#enter(this.board.selected, symbol);
		}, { isPalette: isPainted }));
		this.difficultyField.hidden = task.kind !== "sudoku";
		this.generateButton.hidden = !["sudoku", "maze"].includes(task.kind);
		this.#draw();
	}

	// MARK: Arrival and address

	async onshow(parameters) {
		await this.#loadModels();
		const puzzle = parameters.get("puzzle");
		if (!puzzle || puzzle === this.linked) return;
		this.linked = puzzle;
		const key = parameters.get("board");
		const task = boards(this.models).find((one) => keyOf(one) === key);
		if (task && keyOf(task) !== keyOf(this.task)) this.#setTask(task);
		if (parameters.get("model")) this.modelSelect.value = parameters.get("model");
		this.text.value = puzzle;
		await this.load(puzzle, { task, solves: true });
	}

	onhide() { this.#halt(); }

	#halt() {
		this.abort?.abort();
		this.abort = null;
		this.solveButton.textContent = "Solve";
	}

	async #loadModels() {
		try {
			this.models = (await allModels()).models;
		} catch (error) {
			this.#tell(error.message, "bad");
		}
		this.#fillSelects();
	}

	#fillSelects() {
		const list = boards(this.models);
		if (!list.some((task) => keyOf(task) === keyOf(this.task))) list.push(this.task);
		setOptions(this.taskSelect, list.map((task) => [keyOf(task), nameOf(task)]), keyOf(this.task));
		const fitting = modelsFor(this.models, this.task);
		const before = this.modelSelect.value;
		setOptions(this.modelSelect, fitting.length
			? fitting.map((model) => [model.id, model.name]) : [["", "None takes this board"]],
		fitting.some((model) => model.id === before) ? before : fitting[0]?.id ?? "");
		this.modelSelect.disabled = fitting.length === 0;
		this.#describeModel();
	}

	#describeModel() {
		const model = this.models.find((one) => one.id === this.modelSelect.value);
		this.modelHint.textContent = model
			? `${number(model.parameters)} parameters. ${model.summary}`
			: this.models.length ? "Train one for this board with 'hrm train', or choose another board." : "";
		this.solveButton.disabled = !model;
	}

	#choose(key) {
		const task = boards(this.models).find((one) => keyOf(one) === key);
		if (task) this.#setTask(task);
	}

	#setTask(task, cells = emptyCells(task)) {
		this.#halt();
		this.task = task;
		this.cells = cells;
		this.history = [];
		this.#forget();
		this.#newBoard();
		this.#fillSelects();
		this.#tell("");
	}

	// MARK: Input

	#key(event, cell) {
		if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
			event.preventDefault();
			const before = this.history.pop();
			if (before) this.#setCells(before, false);
			return;
		}
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		if (event.key === "Enter") {
			event.preventDefault();
			this.#toggleSolving();
			return;
		}
		const symbol = this.#symbol(event.key);
		if (symbol === null) return;
		event.preventDefault();
		this.#enter(cell, symbol);
	}

	#symbol(key) {
		const known = symbolsOf(this.task).map(([symbol]) => symbol);
		if (this.task.kind === "sudoku" && ["Backspace", "Delete", "0", ".", " "].includes(key)) return "";
		if (this.task.kind === "maze" && ["Backspace", "Delete", ".", " "].includes(key)) return " ";
		if (["Backspace", "Delete"].includes(key)) return known[0];
		return known.find((symbol) => symbol === key || symbol.toLowerCase() === key.toLowerCase()) ?? null;
	}

	#enter(cell, symbol) {
		if (this.cells[cell] === symbol && !this.player.position) return;
		const cells = this.cells.slice();
		// A maze has one start and one goal.
		if (symbol === "S" || symbol === "G") {
			if (this.task.kind === "maze") cells.forEach((text, at) => { if (text === symbol) cells[at] = " "; });
		}
		cells[cell] = symbol;
		this.#setCells(cells);
	}

	#setCells(cells, isRecorded = true) {
		if (isRecorded) this.history.push(this.cells);
		this.cells = cells;
		this.#halt();
		this.#forget();
		this.#draw();
		this.#later("check", () => this.#check(), 300);
	}

	#forget() {
		this.record = null;
		this.exports.hidden = true;
		this.player.show(null);
	}

	#conflicting() {
		if (this.task.kind !== "sudoku") return new Set();
		return conflicts({ size: this.task.rows, ...this.task }, this.cells);
	}

	#draw() {
		if (this.player.thinking) return this.player.draw();
		const wrong = this.#conflicting();
		this.board.draw(this.cells.map((text, cell) => ({
			text, given: this.task.kind !== "symbols" && Boolean(text), wrong: wrong.has(cell),
		})));
		if (wrong.size) this.#tell(`${wrong.size} cells contradict each other.`, "bad");
		else if (this.verdict.classList.contains("bad")) this.#tell("");
	}

	async #check() {
		const text = textOf(this.task, this.cells);
		this.linked = text;
		const parameters = new URLSearchParams({ board: keyOf(this.task), puzzle: text });
		if (this.modelSelect.value) parameters.set("model", this.modelSelect.value);
		const isEmpty = this.cells.every((cell, at) => cell === emptyCells(this.task)[at]);
		history.replaceState(null, "", isEmpty ? "#solve" : `#solve?${parameters}`);
		if (isEmpty || this.task.kind !== "sudoku") return;
		const answer = await post("v1/check", { puzzle: text, ...taskMember(this.task) }).catch(() => null);
		if (!answer || text !== textOf(this.task, this.cells) || this.player.thinking) return;
		this.#explain(answer);
	}

	#explain(answer) {
		if (answer.conflicts.length) {
			const more = answer.conflicts.length > 1 ? ` and ${answer.conflicts.length - 1} more` : "";
			return this.#tell(`${answer.conflicts[0].what}${more}.`, "bad");
		}
		if (answer.problem) return this.#tell(`${sentence(answer.problem.what)} ${sentence(answer.problem.remedy)}`, "bad");
		const given = this.cells.filter(Boolean).length;
		const solutions = { none: "no solution", one: "exactly one solution", several: "several solutions" }[answer.solutions];
		if (this.task.kind === "sudoku" && solutions) this.#tell(`${given} givens, ${solutions}.`, answer.solutions === "none" ? "bad" : "");
		else this.#tell("");
	}

	/** Reads a puzzle in any notation. */
	async load(text, { task = null, solves = this.solvesNext ?? false } = {}) {
		this.solvesNext = false;
		if (!text.trim()) return;
		const line = parseLine(text);
		if (line && !task && line.size === this.task.rows && this.task.kind === "sudoku") task = this.task;
		const isOwnKind = !["sudoku", "maze"].includes(this.task.kind);
		const request = { puzzle: text, ...(task ? taskMember(task) : isOwnKind && this.modelSelect.value ? { model: this.modelSelect.value } : {}) };
		let answer;
		try {
			answer = await post("v1/check", request);
		} catch (error) {
			return this.#tell(error.message, "bad");
		}
		if (!answer.board || !answer.task) {
			const { what = "this is not a puzzle", remedy = "" } = answer.problem ?? {};
			return this.#tell(`${sentence(what)} ${sentence(remedy)}`, "bad");
		}
		const read = fromServer(answer.task);
		const found = { ...read, rows: answer.board.rows, columns: answer.board.columns };
		this.#setTask(found, shownCells(found, answer.board.cells));
		if (answer.model && !task && !this.modelSelect.disabled && modelsFor(this.models, found).some((one) => one.id === answer.model)
			&& !modelsFor(this.models, found).some((one) => one.id === this.modelSelect.value)) {
			this.modelSelect.value = answer.model;
			this.#describeModel();
		}
		this.#explain(answer);
		await this.#check();
		if (answer.puzzles > 1) announce(`The text has ${answer.puzzles} puzzles; this is the first.`);
		if (solves && !answer.problem && !answer.conflicts.length && !this.solveButton.disabled) await this.solve();
	}

	async #generate() {
		const { task } = this;
		const request = task.kind === "maze"
			? { kind: "maze", rows: task.rows, columns: task.columns }
			: { kind: "sudoku", box_rows: task.boxRows, box_columns: task.boxColumns, difficulty: this.difficulty.value };
		this.#tell("Generating …");
		try {
			const { puzzles: [puzzle] } = await post("v1/generate", request);
			this.#setTask(task, shownCells(task, puzzle.board.cells));
			this.text.value = puzzle.puzzle;
			await this.#check();
			if (task.kind === "maze") this.#tell(`The shortest path has ${puzzle.path_length} cells.`);
			announce("A new puzzle.");
		} catch (error) {
			this.#tell(error.message, "bad");
		}
	}

	#clear() {
		this.text.value = "";
		this.#setCells(emptyCells(this.task));
		this.#tell("");
		this.board.select(0);
	}

	// MARK: Thinking

	#toggleSolving() {
		if (this.abort) this.abort.abort();
		else if (!this.solveButton.disabled) this.solve();
	}

	async solve() {
		if (this.cells.every((cell, at) => cell === emptyCells(this.task)[at]) && this.task.kind !== "symbols") {
			return this.#tell("Type or paste a puzzle first, or let one be generated.");
		}
		if (this.#conflicting().size) return this.#draw();
		this.abort?.abort();
		const abort = new AbortController();
		this.abort = abort;
		this.#forget();
		this.solveButton.textContent = "Stop";
		this.#tell("Thinking …");
		const options = {};
		for (const [name, control] of Object.entries(this.options)) {
			if (control.value !== "") options[name] = name === "halt" ? control.value : Number(control.value);
		}
		const request = { puzzle: textOf(this.task, this.cells), ...taskMember(this.task), options };
		if (this.modelSelect.value) request.model = this.modelSelect.value;
		this.request = request;
		try {
			await think(request, {
				signal: abort.signal,
				onbegin: (thinking, record) => {
					this.record = record;
					this.player.show(thinking);
					this.player.follow();
				},
				onstep: () => this.player.grown(),
			});
			this.exports.hidden = false;
			this.playLink.hidden = this.task.kind !== "sudoku";
			this.playLink.href = `#play?${new URLSearchParams({ board: keyOf(this.task), puzzle: textOf(this.task, this.cells) })}`;
			if (!this.player.isFollowing) this.#showVerdict();
		} catch (error) {
			if (error.name !== "AbortError") this.#tell(error.message, "bad");
			else if (this.abort === abort) this.#tell("Stopped.");
		} finally {
			if (this.abort === abort) {
				this.abort = null;
				this.solveButton.textContent = "Solve";
			}
		}
		this.#draw();
	}

	#showVerdict() {
		const { text, mood } = this.player.thinking.verdict();
		if (text) this.#tell(text, mood);
	}

	#tell(text, mood = "") {
		if (this.verdict.textContent === text) return;
		this.verdict.textContent = text;
		this.verdict.className = `message ${mood}`;
	}

	// MARK: Taking away

	async #copyLink() {
		await this.#check();
		try {
			await navigator.clipboard.writeText(location.href);
			announce("The link is copied.");
			this.#tell("The link is copied; it holds the puzzle.");
		} catch {
			this.text.value = location.href;
			this.text.select();
			this.#tell("The link is in the text field, selected.");
		}
	}

	#later(name, action, milliseconds) {
		this.timers ??= {};
		clearTimeout(this.timers[name]);
		this.timers[name] = setTimeout(action, milliseconds);
	}
}

function keyboardHelp() {
	const rows = [["Arrow keys, Home, End", "move"], ["Digits, letters", "enter"], ["Backspace, 0, space", "blank the cell"], ["Enter", "solve, or stop"], ["Ctrl Z", "undo"]];
	return h("details", { class: "more" }, h("summary", {}, "Keyboard"),
		h("dl", { class: "keys" }, rows.flatMap(([keys, what]) => [h("dt", {}, keys), h("dd", {}, what)])));
}
