// Plays the steps of a Thinking on a board: a slider, buttons, switches, and three charts.

import { Chart } from "./chart.js";
import { announce, button, h, icon, percent, prefersStillness, toggle } from "./dom.js";

const paths = {
	play: "M7 4.5v15l13-7.5z",
	pause: "M6 4.5h4.2v15H6zM13.8 4.5H18v15h-4.2z",
	back: "M16.5 4.5 7 12l9.5 7.5z",
	forward: "M7.5 4.5 17 12l-9.5 7.5z",
};

// A short thinking is shown at the pace of an eye, a long one in a few seconds.
const slowest = 320;
const longest = 6000;
const fastest = 30;

export class Player {
	/** - ondraw(states): draws a board; - onstep(count): called after each movement. */
	constructor({ ondraw, onstep = null }) {
		Object.assign(this, { ondraw, onstep, thinking: null, position: 0, timer: null });
		this.options = { tint: true, changes: true, notes: true };
		this.playButton = button(icon(paths.play), () => this.#toggle(), { class: "round", "aria-label": "Play the steps" });
		this.backButton = button(icon(paths.back), () => this.seek(this.position - 1), { class: "quiet round", "aria-label": "Step back" });
		this.forwardButton = button(icon(paths.forward), () => this.seek(this.position + 1), { class: "quiet round", "aria-label": "Step forward" });
		this.slider = h("input", {
			type: "range", min: "0", max: "0", step: "1", value: "0", "aria-label": "Thinking step",
			oninput: () => this.seek(Number(this.slider.value)),
		});
		this.count = h("span", { class: "count" });
		this.caption = h("span", { class: "caption" });
		this.controls = h("div", { class: "player", role: "group", "aria-label": "Thinking steps" },
			this.backButton, this.playButton, this.forwardButton, this.slider,
			h("p", { class: "moment" }, this.count, this.caption));
		this.switches = h("div", { class: "switches", role: "group", "aria-label": "What the board shows" },
			this.#switch("changes", "Changes"), this.#switch("tint", "Doubt"), this.#switch("notes", "Candidates"));
		const onpick = (x) => this.seek(Math.round(x));
		this.charts = {
			confidence: new Chart({ title: "Confidence", range: [0, 1], height: 104, onpick, format: (value) => percent(value, 0) }),
			entropy: new Chart({ title: "Entropy of a cell, nats", height: 104, onpick }),
			movement: new Chart({ title: "Movement of the states", height: 104, onpick }),
		};
		this.chartList = h("div", { class: "charts" }, Object.values(this.charts).map((chart) => chart.element));
		this.#update();
	}

	#switch(name, text) {
		const element = toggle(text, true, (isOn) => {
			this.options[name] = isOn;
			this.draw();
		});
		this[`${name}Switch`] = element;
		return element;
	}

	/** Begins with a thinking, whose steps may still come. */
	show(thinking, position = 0) {
		this.stop();
		this.thinking = thinking;
		this.position = Math.min(position, thinking?.steps.length ?? 0);
		this.isFollowing = false;
		this.#update();
	}

	/** Moves to the steps as they come, not faster than an eye can follow. */
	follow() {
		this.isFollowing = true;
		if (prefersStillness()) {
			this.seek(this.thinking.steps.length, false);
			if (!this.thinking.isOver) return;
			this.isFollowing = false;
			this.onend?.();
		} else {
			this.#run();
		}
	}

	/** Takes notice of new steps. */
	grown() {
		if (this.isFollowing) this.follow();
		this.#update();
	}

	seek(position, isByHand = true) {
		const last = this.thinking?.steps.length ?? 0;
		if (isByHand) {
			this.stop();
			this.isFollowing = false;
		}
		this.position = Math.max(0, Math.min(last, position));
		this.#update();
		this.onstep?.(this.position);
	}

	stop() {
		clearTimeout(this.timer);
		this.timer = null;
		this.#update();
	}

	get isPlaying() { return this.timer !== null; }

	#toggle() {
		if (this.isPlaying) {
			this.isFollowing = false;
			this.stop();
			return;
		}
		if (this.position >= (this.thinking?.steps.length ?? 0)) this.position = 0;
		this.#run();
	}

	#run() {
		if (this.timer !== null) return;
		const advance = () => {
			const last = this.thinking?.steps.length ?? 0;
			const stride = Math.max(1, Math.ceil((fastest * last) / longest));
			if (this.position < last) this.seek(Math.min(last, this.position + stride), false);
			if (this.position >= last && (this.thinking?.isOver || !this.isFollowing)) {
				this.stop();
				if (this.isFollowing) {
					this.isFollowing = false;
					this.onend?.();
				}
				announce(`${this.count.textContent}. ${this.caption.textContent}`);
				return;
			}
			this.timer = setTimeout(advance, Math.max(fastest, Math.min(slowest, longest / Math.max(1, last))));
		};
		this.timer = setTimeout(advance, 0);
		this.#update();
	}

	draw() {
		if (this.thinking) this.ondraw(this.thinking.states(this.position, this.options), this.thinking, this.position);
	}

	#update() {
		const { thinking, position } = this;
		const last = thinking?.steps.length ?? 0;
		this.slider.max = String(last);
		this.slider.value = String(position);
		this.slider.disabled = last === 0;
		for (const element of [this.playButton, this.backButton, this.forwardButton]) element.disabled = last === 0;
		this.playButton.replaceChildren(icon(this.isPlaying ? paths.pause : paths.play));
		this.playButton.setAttribute("aria-label", this.isPlaying ? "Pause" : "Play the steps");
		this.count.textContent = last ? `Step ${position} of ${last}` : "";
		this.caption.textContent = thinking?.caption(position) ?? "";
		this.slider.setAttribute("aria-valuetext", `${this.count.textContent}. ${this.caption.textContent}`);
		this.controls.hidden = last === 0;
		this.chartList.hidden = last === 0;
		this.switches.hidden = last === 0;
		if (!thinking) return;
		const has = (member) => thinking.steps.some((step) => step[member] !== undefined && step[member] !== null);
		this.tintSwitch.hidden = !has("entropy");
		this.notesSwitch.hidden = !has("candidates");
		const xRange = [Math.min(1, last), Math.max(2, last)];
		const cursor = position || null;
		const drawn = (name, member, slot = 0) => ({ name, slot, points: thinking.points(member), dotted: last <= 24 });
		const draw = (chart, series) => {
			const shown = series.filter((one) => one.points.length);
			chart.element.hidden = shown.length === 0;
			chart.draw(shown, { cursor, xRange });
		};
		draw(this.charts.confidence, [drawn("", "confidence")]);
		draw(this.charts.entropy, [drawn("", "meanEntropy")]);
		draw(this.charts.movement, [drawn("z_H", "highChange"), drawn("z_L", "lowChange", 1)]);
		this.draw();
	}
}
