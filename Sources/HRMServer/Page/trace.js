// A file that replays one or several thinkings; it has no server.

import { Board } from "./board.js";
import { field, h, select } from "./dom.js";
import { Player } from "./player.js";
import { nameOf } from "./tasks.js";
import { addStep, begun } from "./thoughts.js";

function replayed(record) {
	const thinking = begun(record.begin);
	for (const step of record.steps) addStep(thinking, step);
	thinking.finish(record.result);
	return thinking;
}

function show(main, records) {
	let board = null;
	const holder = h("div", { class: "board-holder" });
	const verdict = h("p", { class: "message" });
	const player = new Player({ ondraw: (states) => board.draw(states) });
	const open = (index) => {
		const thinking = replayed(records[index]);
		board = new Board({ ...thinking.task, isUsable: true, label: nameOf(thinking.task) });
		holder.replaceChildren(board.element);
		player.show(thinking);
		const { text, mood } = thinking.verdict();
		verdict.textContent = text;
		verdict.className = `message ${mood}`;
		player.draw();
		player.follow();
	};
	const names = records.map((record, index) => [String(index), `${index + 1}: ${record.begin.puzzle.text.slice(0, 30)}`]);
	main.replaceChildren(h("h1", { class: "unseen" }, "A model's thinking"), h("div", { class: "split" },
		h("div", { class: "stage" }, holder, verdict, player.controls, player.switches),
		h("div", { class: "side" },
			records.length > 1 ? field("Puzzle", select(names, "0", (index) => open(Number(index)))) : null,
			h("p", { class: "hint" }, `Model: ${records[0].begin.model}`),
			player.chartList)));
	open(0);
}

show(document.getElementById("main"), JSON.parse(document.getElementById("records").textContent));
