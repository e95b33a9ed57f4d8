// The view in which a person solves a Sudoku, with hints of a model or in a race against it.

import { allModels, post } from "./api.js";
import { Board } from "./board.js";
import { announce, button, field, h, percent, select, setOptions, toggle } from "./dom.js";
import { Game } from "./game.js";
import { pad } from "./pad.js";
import { Race } from "./race.js";
import { peers, shapes } from "./sudoku.js";
import { fromServer, keyOf, modelsFor, nameOf, shownCells, sudokuTask, textOf, taskMember } from "./tasks.js";

const paces = [["0", "Its own speed"], ["60", "1 minute"], ["180", "3 minutes"], ["600", "10 minutes"]];

export class PlayView {
	constructor() {
		this.models = [];
		this.game = Game.restored() ?? null;
		this.task = this.game?.task ?? sudokuTask(shapes.at(-1));
		this.hint = null;
		this.race = null;
		this.#build();
		this.#newBoard();
		setInterval(() => this.#tick(), 500);
	}

	#build() {
		this.stage = h("div", { class: "board-holder" });
		this.padHolder = h("div", { class: "pad-holder" });
		this.message = h("p", { class: "message", role: "status" });
		this.clock = h("span", { class: "clock", role: "timer", "aria-label": "Time" }, "0:00");
		this.notesToggle = toggle("Pencil", false, () => {}, { title: "N; or Shift with a digit" });
		this.undoButton = button("Undo", () => this.#undo(), { class: "small", title: "Ctrl Z" });
		this.redoButton = button("Redo", () => this.#redo(), { class: "small", title: "Ctrl Shift Z" });
		this.hintButton = button("Hint", () => this.#askHint(), { class: "small", title: "H" });
		this.applyButton = button("Do it", () => this.#applyHint(), { class: "small primary" });
		this.applyButton.hidden = true;
		this.shapeSelect = select(shapes.toReversed().map((shape) => [keyOf(sudokuTask(shape)), shape.name]), keyOf(this.task));
		this.modelSelect = select([], "");
		this.difficulty = select([["easy", "Easy"], ["medium", "Medium"], ["hard", "Hard"], ["extreme", "Extreme"]], "easy");
		this.pace = select(paces, "180");
		this.raceButton = button("Race the model", () => this.#race());
		this.raceBoard = h("div", { class: "small-board" });
		this.mine = h("progress", { max: 1, value: 0, "aria-label": "Your cells" });
		this.its = h("progress", { max: 1, value: 0, "aria-label": "The model's cells" });
		this.mineText = h("span", {}, "");
		this.itsText = h("span", {}, "");
		this.contest = h("div", { class: "contest" },
			h("span", {}, "You"), this.mine, this.mineText, h("span", {}, "Model"), this.its, this.itsText);
		this.contest.hidden = true;
		this.element = h("section", { class: "view play", "aria-labelledby": "play-title" },
			h("h1", { id: "play-title", class: "unseen" }, "Play"),
			h("div", { class: "split" },
				h("div", { class: "stage" },
					h("div", { class: "game" }, this.notesToggle, this.undoButton, this.redoButton, this.hintButton, this.applyButton, this.clock),
					this.stage, this.padHolder, this.message),
				h("div", { class: "side" },
					h("section", { class: "panel", "aria-label": "The game" },
						h("div", { class: "pair" }, field("Board", this.shapeSelect), field("Difficulty", this.difficulty)),
						h("div", { class: "buttons" },
							button("New puzzle", () => this.#start(), { class: "primary" }),
							button("Fill in pencil marks", () => { this.game?.fillNotes(); this.#changed(); }),
							button("Start over", () => { this.game?.restart(); this.#endRace(); this.#changed(); }, { class: "quiet" }))),
					h("section", { class: "panel", "aria-labelledby": "race-title" },
						h("h2", { id: "race-title" }, "Against the model"),
						h("div", { class: "pair" }, field("Model", this.modelSelect), field("It takes", this.pace)),
						h("p", { class: "hint" }, "It writes the cells of which it is surest first. Its digits stay covered until one of you has finished."),
						h("div", { class: "buttons" }, this.raceButton),
						this.contest, this.raceBoard),
					h("details", { class: "more" }, h("summary", {}, "Keyboard"),
						h("dl", { class: "keys" }, [["Arrow keys", "move"], ["1 to 9", "write a digit"], ["Shift with a digit", "pencil mark"], ["N", "pencil marks on or off"], ["Backspace, 0", "erase"], ["H", "hint"], ["Ctrl Z, Ctrl Shift Z", "undo, redo"]]
							.flatMap(([keys, what]) => [h("dt", {}, keys), h("dd", {}, what)]))))));
	}

	#newBoard() {
		this.board = new Board({ ...this.task, isUsable: true, label: nameOf(this.task) });
		this.board.onkey = (event, cell) => this.#key(event, cell);
		this.board.onselect = () => this.#draw();
		this.stage.replaceChildren(this.board.element);
		this.padHolder.replaceChildren(pad(this.task, (symbol) => this.#enter(symbol, this.#takesNotes)));
		this.#draw();
	}

	get #takesNotes() { return this.notesToggle.getAttribute("aria-pressed") === "true"; }

	async onshow(parameters) {
		try {
			this.models = (await allModels()).models;
		} catch (error) {
			this.#tell(error.message, "bad");
		}
		this.#fillModels();
		const puzzle = parameters.get("puzzle");
		if (puzzle && puzzle !== this.linked) {
			this.linked = puzzle;
			await this.#load(puzzle, parameters.get("board"));
		} else if (!this.game) {
			await this.#start();
		}
		this.board.select(this.board.selected, false);
	}

	#fillModels() {
		const fitting = modelsFor(this.models, this.task);
		setOptions(this.modelSelect, fitting.length ? fitting.map((model) => [model.id, model.name]) : [["", "None takes this board"]], fitting[0]?.id ?? "");
		this.raceButton.disabled = fitting.length === 0;
		this.hintButton.disabled = fitting.length === 0;
	}

	// MARK: Games

	async #load(text, key) {
		const shape = shapes.find((one) => keyOf(sudokuTask(one)) === key);
		try {
			const answer = await post("v1/check", { puzzle: text, ...(shape ? taskMember(sudokuTask(shape)) : {}) });
			if (answer.task?.kind !== "sudoku" || !answer.board) throw new Error("The link holds no Sudoku.");
			this.#begin(fromServer(answer.task), shownCells(fromServer(answer.task), answer.board.cells));
		} catch (error) {
			this.#tell(error.message, "bad");
		}
	}

	async #start() {
		const shape = shapes.find((one) => keyOf(sudokuTask(one)) === this.shapeSelect.value);
		const task = sudokuTask(shape);
		try {
			const { puzzles: [puzzle] } = await post("v1/generate", {
				kind: "sudoku", box_rows: shape.boxRows, box_columns: shape.boxColumns, difficulty: this.difficulty.value,
			});
			this.#begin(task, shownCells(task, puzzle.board.cells));
		} catch (error) {
			this.#tell(error.message, "bad");
		}
	}

	#begin(task, givens) {
		this.#endRace();
		this.task = task;
		this.game = new Game(task, givens);
		this.shapeSelect.value = keyOf(task);
		this.hint = null;
		this.#newBoard();
		this.#fillModels();
		this.#changed();
		this.#tell("");
	}

	#key(event, cell) {
		if (!this.game) return;
		if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
			event.preventDefault();
			if (event.shiftKey) this.#redo();
			else this.#undo();
			return;
		}
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		const digit = /^(Digit|Numpad)([1-9])$/.exec(event.code)?.[2] ?? (/^[1-9]$/.test(event.key) ? event.key : null);
		if (digit && Number(digit) <= this.task.rows) {
			event.preventDefault();
			this.#enter(digit, this.#takesNotes !== event.shiftKey, cell);
		} else if (["Backspace", "Delete", "0"].includes(event.key)) {
			event.preventDefault();
			this.#enter("", false, cell);
		} else if (event.key.toLowerCase() === "n") {
			this.notesToggle.click();
		} else if (event.key.toLowerCase() === "h") {
			this.#askHint();
		}
	}

	#enter(symbol, isNote, cell = this.board.selected) {
		if (!this.game || this.game.givens[cell]) return;
		if (isNote && symbol) this.game.toggleNote(cell, symbol);
		else this.game.write(cell, symbol);
		this.#changed();
	}

	#undo() { this.game?.undo(); this.#changed(); }
	#redo() { this.game?.redo(); this.#changed(); }

	#changed() {
		this.hint = null;
		this.applyButton.hidden = true;
		this.game?.save();
		this.#draw();
		if (!this.game) return;
		this.undoButton.disabled = !this.game.canUndo;
		this.redoButton.disabled = !this.game.canRedo;
		const wrong = this.game.conflicts();
		if (this.game.isSolved) {
			this.game.stopClock();
			if (this.race && !this.race.isOver) this.#finishRace("you");
			else if (!this.race) this.#tell(`Solved in ${clockText(this.game.seconds)}.`, "good");
		} else if (wrong.size) {
			this.#tell(`${wrong.size} cells contradict each other.`, "bad");
		} else {
			this.#tell("");
		}
		this.#showContest();
	}

	#draw() {
		if (!this.game) return this.board.draw(Array(this.task.rows * this.task.columns).fill({ text: "" }));
		const { game, board, hint } = this;
		const wrong = game.conflicts();
		const near = peers({ size: this.task.rows, ...this.task }, board.selected);
		const chosen = game.cells[board.selected];
		board.draw(game.cells.map((text, cell) => {
			const state = {
				text, given: Boolean(game.givens[cell]), wrong: wrong.has(cell), near: near.has(cell),
				same: Boolean(chosen) && text === chosen, pinned: hint?.cell === cell,
			};
			if (!text) {
				state.notes = [...game.notes[cell]].sort().map((symbol) =>
					[symbol, hint?.cell === cell && hint.kind === "strike" && hint.symbol === symbol ? "struck" : ""]);
			}
			return state;
		}));
	}

	// MARK: Hints

	async #askHint() {
		if (!this.game || this.hintButton.disabled) return;
		const model = this.models.find((one) => one.id === this.modelSelect.value);
		const request = { puzzle: textOf(this.task, this.game.cells), ...taskMember(this.task), model: this.modelSelect.value };
		if (model?.search) {
			request.candidates = this.game.notes.map((notes, cell) =>
				(this.game.cells[cell] ? 0 : [...notes].reduce((bits, symbol) => bits | (1 << (Number(symbol) - 1)), 0)));
		}
		try {
			const answer = await post("v1/hint", request);
			if (answer.conflicts.length) return this.#tell(`First mend this: ${answer.conflicts[0].what}.`, "bad");
			const hint = answer.hints[0];
			if (!hint) return this.#tell("The model has no hint for this board.");
			this.hint = hint;
			this.applyButton.hidden = false;
			const place = `row ${hint.row + 1}, column ${hint.column + 1}`;
			const doubt = answer.consistent < 0.5 ? " It doubts that this board can be completed." : "";
			this.#tell(hint.kind === "fill"
				? `The model would write ${hint.symbol} in ${place}: ${percent(hint.confidence)} sure.${doubt}`
				: `The model would strike ${hint.symbol} in ${place}: ${percent(hint.confidence)} sure.${doubt}`);
			this.board.select(hint.cell, false);
			this.#draw();
		} catch (error) {
			this.#tell(error.message, "bad");
		}
	}

	#applyHint() {
		const { hint } = this;
		if (!hint) return;
		if (hint.kind === "strike") this.game.strike(hint.cell, hint.symbol);
		else if (this.game.cells[hint.cell] !== hint.symbol) this.game.write(hint.cell, hint.symbol);
		this.#changed();
		this.board.select(hint.cell);
	}

	// MARK: The race

	async #race() {
		if (!this.game || this.raceButton.disabled) return;
		this.#endRace();
		this.game.restart();
		this.#changed();
		const race = new Race(this.task, this.game, Number(this.pace.value));
		this.race = race;
		race.onprogress = () => this.#showContest();
		race.onend = () => this.#finishRace("model");
		this.raceBoard.replaceChildren(race.board.element);
		this.contest.hidden = false;
		this.#tell("Go!");
		announce("The race has begun.");
		this.board.select(Math.max(0, this.game.cells.indexOf("")));
		try {
			await race.run({ puzzle: textOf(this.task, this.game.givens), ...taskMember(this.task), model: this.modelSelect.value });
		} catch (error) {
			if (error.name !== "AbortError") this.#tell(error.message, "bad");
		}
	}

	#showContest() {
		if (!this.race) return;
		const mine = this.game.written;
		this.mine.max = this.its.max = this.race.blanks;
		this.mine.value = mine;
		this.its.value = this.race.revealed;
		this.mineText.textContent = `${mine} of ${this.race.blanks}`;
		this.itsText.textContent = `${this.race.revealed} of ${this.race.blanks}`;
	}

	#finishRace(winner) {
		const { race } = this;
		if (!race || race.isOver) return;
		race.finish();
		this.#showContest();
		const time = clockText(this.game.seconds);
		if (winner === "you") this.#tell(`You won, in ${time}.`, "good");
		else if (race.isRight) this.#tell(`The model won after ${time}. Yours can still be finished.`);
		else this.#tell("The model gave up: its answer is wrong. Finish yours and you win.");
	}

	#endRace() {
		this.race?.cancel();
		this.race = null;
		this.contest.hidden = true;
		this.raceBoard.replaceChildren();
	}

	#tick() {
		if (!this.element.isConnected || !this.game) return;
		this.clock.textContent = clockText(this.game.seconds);
	}

	onhide() { this.game?.save(); }

	#tell(text, mood = "") {
		this.message.textContent = text;
		this.message.className = `message ${mood}`;
	}
}

function clockText(seconds) {
	const whole = Math.floor(seconds);
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
