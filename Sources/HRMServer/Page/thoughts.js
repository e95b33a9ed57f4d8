// A Thinking from the events of the server.

import { fromServer, shownCells } from "./tasks.js";
import { Thinking } from "./thinking.js";

/** The thinking that an event `begin` announces. */
export function begun(begin) {
	const task = { ...fromServer(begin.task), rows: begin.puzzle.rows, columns: begin.puzzle.columns };
	const thinking = new Thinking({
		task, puzzle: shownCells(task, begin.puzzle.cells), vocabulary: begin.vocabulary_size,
		title: begin.puzzle.text, model: begin.model,
	});
	thinking.pins = [];
	return thinking;
}

/** Adds an event `step`. */
export function addStep(thinking, step) {
	const { task } = thinking;
	// An answer of other extents than the puzzle's is no step that the board could show.
	const isFitting = step.cells.length === thinking.puzzle.length;
	const fits = step.entropy.length === thinking.puzzle.length;
	thinking.add({
		cells: isFitting ? shownCells(task, step.cells) : thinking.puzzle.slice(),
		wrong: isFitting ? step.wrong : [], changed: isFitting ? step.changed : [],
		entropy: fits ? step.entropy : null, meanEntropy: step.mean_entropy, confidence: step.confidence,
		highChange: step.high_change, lowChange: step.low_change,
		...searched(thinking, step.search),
		...(step.attempt ? { event: `attempt ${step.attempt + 1}` } : {}),
	});
}

function searched(thinking, search) {
	if (!search) return {};
	const { task, pins } = thinking;
	const symbol = (index) => (task.kind === "sudoku" ? String(index + 1) : task.symbols[index] ?? "?");
	if (search.pins_taken_back) pins.splice(-search.pins_taken_back);
	if (search.pinned) pins.push(search.pinned[0]);
	const count = search.struck.length;
	const event = {
		strikes: `${count} ${count === 1 ? "candidate" : "candidates"} struck`,
		pin: search.pinned ? `pinned ${symbol(search.pinned[1])} in row ${Math.floor(search.pinned[0] / task.columns) + 1}, `
			+ `column ${(search.pinned[0] % task.columns) + 1}` : "pinned",
		contradiction: `contradiction, ${search.pins_taken_back} ${search.pins_taken_back === 1 ? "pin" : "pins"} taken back`,
		thought: "nothing struck", check: "complete, checked once more", answer: "answer found",
	}[search.kind];
	return {
		candidates: search.candidates.map((bits) => symbolsIn(bits).map(symbol)),
		struck: search.struck.map(([cell, index]) => [cell, symbol(index)]),
		pinned: pins.slice(), event,
	};
}

function symbolsIn(bits) {
	const list = [];
	for (let index = 0; index < 31; index += 1) if (bits & (1 << index)) list.push(index);
	return list;
}
