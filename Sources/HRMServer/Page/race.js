// The model's side of a race: its cells appear one by one, the surest of the earliest steps first.

import { Board } from "./board.js";
import { think } from "./think.js";

export class Race {
	/** - seconds: the time in which the model writes all cells; 0 is its own speed. */
	constructor(task, game, seconds) {
		Object.assign(this, { task, game, seconds, revealed: 0, isOver: false, isRight: false, order: [] });
		this.blanks = game.givens.filter((text) => !text).length;
		this.abort = new AbortController();
		this.board = new Board({ ...task, label: "The model's board, covered" });
		this.#draw();
	}

	async run(request) {
		const start = performance.now();
		let thinking = null;
		await think(request, {
			signal: this.abort.signal,
			onbegin: (begun) => { thinking = begun; },
			onstep: () => {},
		});
		if (this.isOver) return;
		const { result } = thinking;
		this.isRight = result.valid === true;
		this.answer = thinking.steps.at(-1)?.cells ?? this.game.givens;
		this.order = this.#order(thinking);
		const total = this.seconds ? 1000 * this.seconds : performance.now() - start;
		const advance = () => {
			if (this.isOver) return;
			const share = this.seconds ? Math.min(1, (performance.now() - start) / total) : 1;
			this.revealed = Math.floor(share * this.order.length);
			this.#draw();
			this.onprogress?.();
			if (share >= 1) this.onend?.();
			else this.timer = setTimeout(advance, 250);
		};
		advance();
	}

	/** The blank cells by the step from which on their symbol stays, and by their entropy there. */
	#order(thinking) {
		const ranks = [];
		this.game.givens.forEach((given, cell) => {
			if (given) return;
			let first = thinking.steps.length - 1;
			while (first > 0 && thinking.steps[first - 1].cells[cell] === this.answer[cell]) first -= 1;
			ranks.push([first, thinking.steps[first]?.entropy?.[cell] ?? 0, cell]);
		});
		return ranks.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((rank) => rank[2]);
	}

	finish() {
		this.isOver = true;
		clearTimeout(this.timer);
		if (!this.answer) this.abort.abort();
		this.#draw();
	}

	cancel() {
		this.isOver = true;
		clearTimeout(this.timer);
		this.abort.abort();
	}

	#draw() {
		const covered = new Set(this.order.slice(0, this.revealed));
		this.board.name(this.isOver ? "The model's board" : "The model's board, covered");
		this.board.draw(this.game.givens.map((text, cell) => ({
			text: text || (this.isOver && this.answer ? this.answer[cell] : ""), given: Boolean(text), same: !this.isOver && covered.has(cell),
		})));
	}
}
