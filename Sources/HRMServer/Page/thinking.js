// The steps in which a model solved one puzzle, and what a board shows at each of them.

import { duration, percent } from "./dom.js";

export class Thinking {
	/**
	 * - task: kind, rows, columns, boxRows, boxColumns
	 * - puzzle: the symbols of the cells, "" for blank ones
	 * - vocabulary: the number of symbols, which bounds the entropy
	 * - title: the puzzle in one line, or the name of a file
	 */
	constructor({ task, puzzle, vocabulary = 0, title = "", model = "" }) {
		Object.assign(this, { task, puzzle, title, model });
		this.largestEntropy = vocabulary > 1 ? Math.log(vocabulary) : 0;
		this.steps = [];
		this.result = null;
		this.isOver = false;
	}

	/**
	 * Adds a step: cells, and where they are known changed, entropy, meanEntropy, confidence,
	 * highChange, lowChange, candidates (lists of symbols), struck (pairs of cell and symbol), pinned
	 * (cells), wrong (cells) and event (a sentence).
	 */
	add(step) {
		const before = this.steps.at(-1)?.cells ?? this.puzzle;
		const known = {
			changed: step.cells.map((_, cell) => cell).filter((cell) => step.cells[cell] !== before[cell]),
			wrong: [], ...step,
		};
		if (known.entropy && known.meanEntropy === undefined) {
			known.meanEntropy = known.entropy.reduce((a, b) => a + b, 0) / Math.max(1, known.entropy.length);
		}
		this.steps.push(known);
	}

	/** Ends the thinking, with the server's result if there is one. */
	finish(result) {
		this.result = result;
		this.isOver = true;
	}

	/** The result in a sentence, and its mood: "good", "bad" or "". */
	verdict() {
		const { result } = this;
		if (!result) return { text: "", mood: "" };
		const facts = [`${result.steps} ${result.steps === 1 ? "step" : "steps"}`, `${percent(result.confidence)} sure`];
		if (result.seconds) {
			facts.push(result.seconds < 1 ? `${Math.max(1, Math.round(1000 * result.seconds))}\u00a0ms` : duration(result.seconds));
		}
		const [word, mood] = result.valid === true ? ["Solved: right by the rules", "good"]
			: result.valid === false ? [`Not solved: ${result.verdict ?? "against the rules"}`, "bad"]
				: ["Answered; the rules are not known", ""];
		return { text: `${word}. ${facts.join(", ")}.`, mood };
	}

	/** The states of cells after `count` steps; 0 is the puzzle itself. */
	states(count, { tint = true, changes = true, notes = true } = {}) {
		const step = this.steps[count - 1];
		if (!step) {
			return this.puzzle.map((text) => ({ text, given: this.#isGiven(text) }));
		}
		const changed = new Set(changes ? step.changed : []);
		const wrong = new Set(step.wrong);
		const pinned = new Set(step.pinned ?? []);
		const struck = new Map();
		for (const [cell, symbol] of step.struck ?? []) {
			struck.set(cell, [...(struck.get(cell) ?? []), symbol]);
		}
		return step.cells.map((text, cell) => {
			const given = this.#isGiven(this.puzzle[cell]) && this.puzzle[cell] === text;
			const state = { text, given };
			if (changed.has(cell) && !given) state.changed = true;
			if (wrong.has(cell)) state.wrong = true;
			if (pinned.has(cell)) state.pinned = true;
			if (tint && step.entropy && this.largestEntropy && !given) {
				state.doubt = Math.round(50 * Math.min(1, (step.entropy[cell] ?? 0) / this.largestEntropy)) / 50;
			}
			if (notes && !text && step.candidates) {
				const open = (step.candidates[cell] ?? []).map((symbol) => [symbol, ""]);
				state.notes = open.concat((struck.get(cell) ?? []).map((symbol) => [symbol, "struck"]));
			}
			return state;
		});
	}

	#isGiven(text) {
		if (this.task.kind === "maze") return text === "#" || text === "S" || text === "G";
		return Boolean(text);
	}

	/** A step in one line. */
	caption(count) {
		const step = this.steps[count - 1];
		if (!step) return this.steps.length ? "The puzzle" : "";
		const parts = [`${step.changed.length} changed`];
		if (step.confidence !== undefined && step.confidence !== null) {
			parts.push(`${percent(step.confidence)} sure`);
		}
		if (step.event) parts.push(step.event);
		return parts.join(" · ");
	}

	/** The series of a member of the steps. */
	points(member) {
		return this.steps.map((step, index) => [index + 1, step[member]])
			.filter(([, value]) => value !== undefined && value !== null);
	}
}
