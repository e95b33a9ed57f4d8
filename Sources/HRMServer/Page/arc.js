// The view of ARC tasks: demonstrations, tests with attempts, an editor, and learning of one task.

import { allModels, events, post, sentence } from "./api.js";
import { Board } from "./board.js";
import { arcColors } from "./cells.js";
import { Chart } from "./chart.js";
import { announce, button, download, duration, field, h, number, percent, select, setOptions, toggle } from "./dom.js";
import { areEqual, copyOf, emptyGrid, filled, largestSide, resized, samples } from "./grids.js";
import { intake } from "./intake.js";
import { pad } from "./pad.js";

const store = "hrm-arc-task";
const palette = { kind: "arc", symbols: arcColors.map((_, color) => String(color)) };

export class ARCView {
	constructor() {
		this.task = restored() ?? samples[0];
		this.attempts = [];
		this.color = 1;
		this.tool = "draw";
		this.past = [];
		this.showsNumbers = false;
		this.target = { set: "test", index: 0, side: "answer" };
		this.#build();
		this.#open(this.task);
	}

	// MARK: The elements

	#build() {
		this.title = h("h2", { id: "arc-title" });
		this.train = h("div", { class: "examples" });
		this.tests = h("div", { class: "part" });
		this.message = h("p", { class: "message", role: "status" });
		this.sampleSelect = select([["", "Choose …"], ...samples.map((one, index) => [String(index), one.name])], "", (index) => {
			if (index !== "") this.#open(structuredClone(samples[Number(index)]));
		});
		this.opener = intake(() => this.element, {
			accept: ".json", most: 1_000_000, onerror: (message) => this.#tell(message, "bad"),
			onread: (text, name) => this.#check(text, name),
		});
		this.element = h("section", { class: "view arc", "aria-labelledby": "arc-title" },
			h("h1", { class: "unseen" }, "ARC tasks"),
			h("div", { class: "split" },
				h("div", { class: "part" },
					h("div", { class: "head" }, this.title, h("div", { class: "buttons" },
						toggle("Numbers", false, (isOn) => { this.showsNumbers = isOn; this.#draw(); }),
						button("Save", () => download(`${this.task.name || "task"}.json`, JSON.stringify({ train: this.task.train, test: this.task.test }), "application/json"), { class: "small", "data-export": "json" }))),
					this.message,
					h("h3", {}, "Demonstrations"), this.train,
					h("div", { class: "buttons" }, button("Add a demonstration", () => this.#addPair(), { class: "small" })),
					h("h3", {}, "Tests"), this.tests,
					h("div", { class: "buttons" }, button("Add a test", () => this.#addTest(), { class: "small" }))),
				h("div", { class: "side" }, this.#chooser(), this.#editor(), this.#learner())));
	}

	#chooser() {
		return h("section", { class: "panel", "aria-label": "The task" },
			field("A task to begin with", this.sampleSelect),
			h("div", { class: "buttons" }, this.opener,
				button("New task", () => this.#open({
					name: "My task", train: [{ input: emptyGrid(3, 3), output: emptyGrid(3, 3) }], test: [{ input: emptyGrid(3, 3) }],
				}), { class: "quiet" })),
			h("p", { class: "hint" }, "Files of the corpus can be dropped here, too, and a task's JSON pasted."));
	}

	#editor() {
		this.editorTitle = h("h2", { id: "editor-title" });
		this.editorBoard = h("div", { class: "editor" });
		const side = (name, axis) => h("input", {
			type: "number", min: 1, max: largestSide, "aria-label": name,
			onchange: (event) => this.#resize(axis, Number(event.target.value)),
		});
		this.rowsInput = side("Rows", 0);
		this.columnsInput = side("Columns", 1);
		this.tools = h("div", { class: "buttons", role: "group", "aria-label": "Tool" },
			[["draw", "Draw"], ["fill", "Fill"]].map(([name, text]) => h("button", {
				type: "button", class: "toggle", "aria-pressed": String(name === this.tool), "data-tool": name,
				onclick: () => {
					this.tool = name;
					for (const item of this.tools.children) item.setAttribute("aria-pressed", String(item.dataset.tool === name));
				},
			}, text)));
		this.copyButton = button("Copy input", () => this.#copyInput(), { class: "small" });
		return h("section", { class: "panel", "aria-labelledby": "editor-title" }, this.editorTitle,
			this.tools,
			pad(palette, (symbol) => { this.color = Number(symbol); }, { isPalette: true, chosen: String(this.color) }),
			this.editorBoard,
			h("div", { class: "buttons" },
				h("div", { class: "size" }, this.rowsInput, h("span", { "aria-hidden": "true" }, "×"), this.columnsInput),
				this.copyButton,
				button("Clear", () => this.#edit(emptyGrid(this.#grid().length, this.#grid()[0].length)), { class: "small" }),
				button("Undo", () => this.#undo(), { class: "small" })),
			h("p", { class: "hint" }, "Keys: arrows move, 0 to 9 draw in that colour, space in the chosen one, F fills."));
	}

	#learner() {
		this.modelSelect = select([], "");
		this.modelPart = h("div", { class: "pair bottom" }, field("Trained model", this.modelSelect),
			h("div", { class: "buttons" }, button("Ask it", () => this.#ask())));
		this.modelPart.hidden = true;
		this.stepsInput = h("input", { type: "number", min: 1, max: 20000, value: 1000 });
		this.learnButton = button("Learn this task", () => this.#toggleLearning(), { class: "primary" });
		this.progress = h("progress", { max: 1, value: 0, "aria-label": "Progress of the learning" });
		this.progressText = h("p", { class: "hint" });
		this.chart = new Chart({ title: "Loss", height: 150, isLogarithmic: true });
		this.learning = h("div", { class: "part" }, this.progress, this.progressText, this.chart.element);
		this.learning.hidden = true;
		return h("section", { class: "panel", "aria-labelledby": "learn-title" },
			h("h2", { id: "learn-title" }, "Learning"),
			h("p", { class: "hint" }, "A small network with random weights learns this task from its demonstrations alone."),
			h("div", { class: "pair bottom" }, field("Steps, at most", this.stepsInput), h("div", { class: "buttons" }, this.learnButton)),
			this.modelPart, this.learning);
	}

	async onshow() {
		try {
			const answer = await allModels();
			const fitting = answer.models.filter((model) => !model.problem && (model.boards ?? []).some((board) => board.kind === "arc"));
			this.modelPart.hidden = fitting.length === 0;
			setOptions(this.modelSelect, fitting.map((model) => [model.id, model.name]), fitting[0]?.id);
			this.learnButton.disabled = !answer.learns_tasks;
		} catch (error) {
			this.#tell(error.message, "bad");
		}
	}

	// MARK: The task

	#open(task) {
		this.abort?.abort();
		this.task = task;
		this.answers = task.test.map(({ input }) => emptyGrid(input.length, input[0].length));
		this.attempts = task.test.map(() => []);
		this.learning.hidden = true;
		this.#edits({ set: "test", index: 0, side: "answer" });
		this.#changed();
		this.#tell("");
	}

	async #check(text, name) {
		try {
			const answer = await post("v1/arc/check", { text, name });
			if (answer.task) return this.#open({ name, ...answer.task });
			this.#tell(`${sentence(answer.problem?.what ?? "this is not a task")} ${sentence(answer.problem?.remedy ?? "")}`, "bad");
		} catch (error) {
			this.#tell(error.message, "bad");
		}
	}

	#addPair() {
		if (this.task.train.length >= 10) return this.#tell("A task has at most ten demonstrations here.");
		this.task.train.push({ input: emptyGrid(3, 3), output: emptyGrid(3, 3) });
		this.#edits({ set: "train", index: this.task.train.length - 1, side: "input" });
		this.#changed();
	}

	#addTest() {
		if (this.task.test.length >= 4) return this.#tell("A task has at most four tests here.");
		this.task.test.push({ input: emptyGrid(3, 3) });
		this.answers.push(emptyGrid(3, 3));
		this.attempts.push([]);
		this.#edits({ set: "test", index: this.task.test.length - 1, side: "input" });
		this.#changed();
	}

	#remove(set, index) {
		if (this.task[set].length === 1) return this.#tell(`A task needs a ${set === "train" ? "demonstration" : "test"}.`);
		this.task[set].splice(index, 1);
		if (set === "test") {
			this.answers.splice(index, 1);
			this.attempts.splice(index, 1);
		}
		this.#edits({ set: "test", index: 0, side: "answer" });
		this.#changed();
	}

	#changed() {
		try {
			localStorage.setItem(store, JSON.stringify(this.task));
		} catch {
			// Without storage, a task lasts until the page is closed.
		}
		this.#draw();
	}

	#draw() {
		this.title.textContent = this.task.name || "Task";
		this.train.replaceChildren(...this.task.train.map((pair, index) => h("div", { class: "example" },
			this.#figure(`Input ${index + 1}`, pair.input, { set: "train", index, side: "input" }),
			h("span", { class: "arrow", "aria-hidden": "true" }, "→"),
			this.#figure(`Output ${index + 1}`, pair.output, { set: "train", index, side: "output" }),
			h("div", { class: "foot" }, button("Remove", () => this.#remove("train", index), { class: "link", "aria-label": `Remove demonstration ${index + 1}` })))));
		this.tests.replaceChildren(...this.task.test.map((test, index) => h("div", { class: "attempts" },
			this.#figure(`Test ${index + 1}`, test.input, { set: "test", index, side: "input" }),
			this.attempts[index].map((attempt, place) => this.#figure(
				`Attempt ${place + 1}`, attempt.grid, null, this.#judged(attempt, test))),
			this.#figure("Your answer", this.answers[index], { set: "test", index, side: "answer" },
				test.output && areEqual(test.output, this.answers[index]) ? h("span", { class: "good-text" }, "right") : null),
			this.task.test.length > 1 ? h("div", { class: "foot" }, button("Remove", () => this.#remove("test", index), { class: "link", "aria-label": `Remove test ${index + 1}` })) : null)));
	}

	#judged(attempt, test) {
		const right = attempt.right ?? (test.output ? areEqual(attempt.grid, test.output) : null);
		const facts = [];
		if (attempt.sureness !== undefined) facts.push(h("span", {}, `${percent(attempt.sureness, 0)} of the weight`));
		if (attempt.votes !== undefined) facts.push(h("span", {}, `${attempt.votes} votes`));
		if (right !== null) facts.push(h("span", { class: right ? "good-text" : "bad-text" }, right ? "right" : "wrong"));
		return facts;
	}

	#figure(name, grid, target = null, facts = null) {
		const isChosen = target && JSON.stringify(target) === JSON.stringify(this.target);
		const rows = grid.length;
		const columns = grid[0]?.length ?? 0;
		const heading = h("div", { class: "heading" }, h("strong", {}, name), facts,
			target ? button("Edit", () => { this.#edits(target); this.#draw(); this.editor.select(0); }, { class: "link", "aria-label": `Edit ${name.toLowerCase()}`, "aria-pressed": String(Boolean(isChosen)) }) : null);
		if (!rows || !columns) return h("div", { class: "arc-grid" }, heading, h("p", { class: "hint" }, "no grid"));
		const board = new Board({ kind: "arc", rows, columns, label: name, showsNumbers: this.showsNumbers });
		board.draw(grid.flat().map((color) => ({ text: String(color) })));
		return h("div", { class: `arc-grid${isChosen ? " chosen" : ""}` }, heading, board.element);
	}

	// MARK: The editor

	#edits(target) {
		this.target = target;
		this.past = [];
		const names = { input: target.set === "train" ? `input ${target.index + 1}` : `test ${target.index + 1}`, output: `output ${target.index + 1}`, answer: "your answer" };
		this.editorTitle.textContent = `Editing ${names[target.side]}`;
		this.copyButton.hidden = target.side === "input";
		this.#newEditor();
	}

	#grid() {
		const { set, index, side } = this.target;
		return side === "answer" ? this.answers[index] : this.task[set][index][side];
	}

	#newEditor() {
		const grid = this.#grid();
		const [rows, columns] = [grid.length, grid[0].length];
		this.rowsInput.value = rows;
		this.columnsInput.value = columns;
		const selected = this.editor?.rows === rows && this.editor?.columns === columns ? this.editor.selected : 0;
		this.editor = new Board({ kind: "arc", rows, columns, isUsable: true, label: this.editorTitle.textContent, showsNumbers: this.showsNumbers, selected });
		this.editor.element.classList.add("painted");
		this.editor.onpress = (cell) => this.#use(cell);
		this.editor.ondrag = (cell) => { if (this.tool === "draw") this.#use(cell, this.color, true); };
		this.editor.onkey = (event, cell) => this.#key(event, cell);
		this.editorBoard.replaceChildren(this.editor.element);
		this.#drawEditor();
	}

	#drawEditor() {
		this.editor.showsNumbers = this.showsNumbers;
		this.editor.draw(this.#grid().flat().map((color) => ({ text: String(color) })));
	}

	#key(event, cell) {
		if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
			event.preventDefault();
			this.#undo();
		} else if (event.ctrlKey || event.metaKey || event.altKey) {
			return;
		} else if (/^[0-9]$/.test(event.key)) {
			this.#use(cell, Number(event.key));
		} else if (event.key === " " || event.key === "Enter") {
			event.preventDefault();
			this.#use(cell);
		} else if (event.key.toLowerCase() === "f") {
			this.#apply((grid, row, column) => filled(grid, row, column, this.color), cell);
		} else if (event.key === "Backspace" || event.key === "Delete") {
			this.#use(cell, 0);
		}
	}

	#use(cell, color = this.color, isDrag = false) {
		this.#apply((grid, row, column) => {
			if (this.tool === "fill" && !isDrag) return filled(grid, row, column, color);
			const result = copyOf(grid);
			result[row][column] = color;
			return result;
		}, cell);
	}

	#apply(change, cell) {
		const grid = this.#grid();
		const columns = grid[0].length;
		this.#edit(change(grid, Math.floor(cell / columns), cell % columns));
	}

	#edit(grid, isRecorded = true) {
		const old = this.#grid();
		if (areEqual(old, grid)) return;
		if (isRecorded) this.past.push(old);
		const { set, index, side } = this.target;
		if (side === "answer") {
			this.answers[index] = grid;
			const right = this.task.test[index].output;
			if (right && areEqual(right, grid)) announce("Your answer is right.");
		} else {
			this.task[set][index][side] = grid;
			// Attempts belong to the task as it was.
			this.attempts = this.task.test.map(() => []);
		}
		if (old.length === grid.length && old[0].length === grid[0].length) this.#drawEditor();
		else this.#newEditor();
		this.#changed();
	}

	#undo() {
		const before = this.past.pop();
		if (before) this.#edit(before, false);
	}

	#resize(axis, value) {
		const size = Math.max(1, Math.min(largestSide, Math.round(value) || 1));
		const grid = this.#grid();
		const [rows, columns] = axis === 0 ? [size, grid[0].length] : [grid.length, size];
		this.#edit(resized(grid, rows, columns));
		this.rowsInput.value = this.#grid().length;
		this.columnsInput.value = this.#grid()[0].length;
	}

	#copyInput() {
		const { set, index } = this.target;
		this.#edit(copyOf(this.task[set][index].input));
	}

	// MARK: Attempts

	async #ask() {
		this.#tell("Thinking …");
		try {
			const answer = await post("v1/arc/solve", { task: this.task, model: this.modelSelect.value });
			this.attempts = answer.tests.map((test) => test.attempts);
			this.#draw();
			this.#tell(`${answer.votes} answers voted.`);
		} catch (error) {
			this.#tell(error.message, "bad");
		}
	}

	#toggleLearning() {
		if (this.abort) this.abort.abort();
		else this.#learn();
	}

	async #learn() {
		const abort = new AbortController();
		this.abort = abort;
		this.learnButton.textContent = "Stop";
		this.learning.hidden = false;
		this.attempts = this.task.test.map(() => []);
		this.#draw();
		this.#tell("Learning …");
		const points = [];
		const showCurve = () => this.chart.draw([{ name: "", slot: 0, points }]);
		showCurve();
		this.progressText.textContent = "";
		try {
			const request = { task: this.task, steps: Number(this.stepsInput.value) || 1000 };
			for await (const { name, value } of events("v1/arc/learn", request, abort.signal)) {
				if (name === "begin" && value.waiting) this.progressText.textContent = "Waits for other tasks …";
				if (name === "progress") {
					points.push(...value.curve);
					this.progress.value = value.fraction;
					const left = value.seconds_left === null ? "" : `, at most ${duration(value.seconds_left)} left`;
					this.progressText.textContent = `Step ${number(value.step)}, loss ${number(value.loss)}${left}. `
						+ `The attempts have been the same for ${number(value.stable_steps)} steps.`;
					this.#update(value.attempts);
					showCurve();
				}
				if (name === "result") this.#finish(value);
			}
		} catch (error) {
			if (error.name === "AbortError") this.#tell("Stopped. The attempts are the last ones.");
			else this.#tell(error.message, "bad");
		} finally {
			if (this.abort === abort) this.abort = null;
			this.learnButton.textContent = "Learn this task";
		}
	}

	#update(attempts) {
		if (JSON.stringify(attempts) === JSON.stringify(this.attempts)) return;
		this.attempts = this.task.test.map((_, index) => attempts[index] ?? []);
		this.#draw();
	}

	#finish(result) {
		this.progress.value = 1;
		this.#update(result.tests.map((test) => test.attempts));
		const reasons = { steps: "all steps are made", time: "the time is over", stable: "the attempts no longer change", cancelled: "stopped", diverged: "the loss diverged" };
		const isRight = result.tests.every((test) => test.attempts.some((attempt) => attempt.right));
		this.progressText.textContent = `${number(result.steps)} steps in ${duration(result.seconds)}: ${reasons[result.ending]}.`;
		this.#tell(isRight ? "Learned: an attempt at each test is right." : "Learned; these are its two attempts.", isRight ? "good" : "");
	}

	onhide() {}

	#tell(text, mood = "") {
		this.message.textContent = text;
		this.message.className = `message ${mood}`;
	}
}

/** The task of the last visit. */
function restored() {
	try {
		const task = JSON.parse(localStorage.getItem(store));
		const isGrid = (grid) => Array.isArray(grid) && grid.length > 0 && grid.every((row) => Array.isArray(row) && row.length === grid[0].length && row.length > 0);
		const isWhole = task.train.every((pair) => isGrid(pair.input) && isGrid(pair.output)) && task.test.every((test) => isGrid(test.input));
		return isWhole && task.test.length ? task : null;
	} catch {
		return null;
	}
}
