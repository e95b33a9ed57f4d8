// The view of trainings: curves of several runs over each other, samples, settings.

import { get } from "./api.js";
import { Curves, valueText } from "./curves.js";
import { announce, duration, h, number } from "./dom.js";
import { FollowedRun } from "./follow.js";

const mostShown = 8;
const states = {
	running: "training", done: "done", stopped: "stopped", killed: "killed", diverged: "diverged", broken: "unreadable",
};

export class RunsView {
	constructor() {
		this.runs = [];
		this.items = new Map();
		this.followed = new Map();
		this.details = new Map();
		this.slots = new Map();
		this.#build();
	}

	#build() {
		this.list = h("ul", { class: "run-list" });
		this.message = h("p", { class: "message", role: "status" });
		this.samples = h("div", { class: "part" });
		this.settings = h("div", { class: "part" });
		this.empty = h("div", { class: "empty" });
		this.curves = new Curves(() => [...this.slots].map(([id, slot]) => ({
			name: this.#nameOf(id), slot, series: this.followed.get(id)?.series ?? new Map(),
		})));
		this.curves.element.append(this.samples, this.settings);
		this.element = h("section", { class: "view runs", "aria-labelledby": "runs-title" },
			h("h1", { id: "runs-title", class: "unseen" }, "Runs"),
			this.empty,
			this.body = h("div", { class: "split" },
				h("div", { class: "stage" }, this.message, this.list), this.curves.element));
		this.body.hidden = true;
		this.empty.hidden = true;
	}

	async onshow(parameters) {
		this.wanted ??= parameters.get("show")?.split(",").filter(Boolean) ?? null;
		await this.#refresh();
		clearInterval(this.timer);
		this.timer = setInterval(() => this.#refresh(), 3000);
	}

	onhide() {
		clearInterval(this.timer);
		for (const run of this.followed.values()) run.close();
		this.wanted = [...this.slots.keys()];
		this.followed.clear();
		this.slots.clear();
	}

	async #refresh() {
		let answer;
		try {
			answer = await get("v1/runs");
			this.#tell("");
		} catch (error) {
			return this.#tell(error.message, "bad");
		}
		this.runs = answer.runs;
		this.empty.hidden = this.runs.length > 0;
		this.body.hidden = this.runs.length === 0;
		if (!this.runs.length) {
			this.empty.replaceChildren(h("p", {}, answer.folder === null
				? "The server was started without a folder of runs." : `There are no runs in ${answer.folder} yet.`),
			h("p", {}, h("code", {}, answer.folder === null ? "hrm serve --runs runs" : "hrm train --data data --output runs/first")));
			return;
		}
		for (const run of this.runs) this.#drawRun(run);
		for (const [id, item] of this.items) if (!this.runs.some((run) => run.id === id)) this.#dropRun(id, item);
		if (this.wanted !== undefined && this.slots.size === 0) this.#chooseFirst();
		// A run that is trained again is followed again.
		for (const run of this.runs) {
			const followed = this.followed.get(run.id);
			if (followed && followed.hasEnded && run.state === "running") {
				followed.hasEnded = false;
				followed.load();
			}
		}
	}

	#chooseFirst() {
		const known = (this.wanted ?? []).filter((id) => this.runs.some((run) => run.id === id));
		const running = this.runs.filter((run) => run.state === "running").map((run) => run.id);
		const recent = this.runs.toSorted((a, b) => (a.seconds_since_change ?? Infinity) - (b.seconds_since_change ?? Infinity)).map((run) => run.id);
		const chosen = known.length ? known : running.length ? running : recent.slice(0, 1);
		this.wanted = null;
		for (const id of chosen.slice(0, 4)) this.#show(id, true);
	}

	// MARK: The list

	#drawRun(run) {
		let item = this.items.get(run.id);
		if (!item) {
			item = this.#newItem(run.id);
			this.items.set(run.id, item);
		}
		const { total_steps: total, steps } = run;
		item.name.textContent = run.name;
		if (item.state.dataset.state && item.state.dataset.state !== run.state) announce(`${run.name}: ${states[run.state]}`);
		item.state.dataset.state = run.state;
		item.state.textContent = states[run.state] ?? run.state;
		item.state.className = `state ${run.state}`;
		item.progress.hidden = run.state !== "running" || !total;
		item.progress.max = total || 1;
		item.progress.value = Math.min(steps, total || 1);
		item.progress.setAttribute("aria-label", `Progress of ${run.name}`);
		const facts = [total ? `step ${number(steps)} of ${number(total)}` : `step ${number(steps)}`];
		if (run.state === "running" && run.seconds_left !== null) facts.push(`${duration(run.seconds_left)} left`);
		else if (run.seconds_since_change !== null) facts.push(`${duration(run.seconds_since_change)} ago`);
		if (run.best) facts.push(`best ${valueText(run.best.metric, run.best.value)}`);
		if (run.parameters) facts.push(`${number(run.parameters)} parameters`);
		item.facts.textContent = facts.join(" · ");
		item.reason.textContent = run.state === "killed" ? run.reason ?? "No process trains in its folder any more." : run.reason ?? "";
		item.reason.hidden = !item.reason.textContent;
	}

	#newItem(id) {
		const box = h("input", { type: "checkbox", id: `run-${id}`, onchange: () => this.#show(id, box.checked) });
		const item = {
			box, name: h("label", { for: `run-${id}` }), state: h("span", { class: "state" }),
			facts: h("p", { class: "facts" }), reason: h("p", { class: "facts" }), progress: h("progress", { class: "facts" }),
		};
		item.element = h("li", { class: "run" }, box,
			h("div", { class: "buttons" }, item.name, item.state), item.facts, item.reason, item.progress);
		this.list.append(item.element);
		return item;
	}

	#dropRun(id, item) {
		item.element.remove();
		this.items.delete(id);
		if (this.slots.has(id)) this.#show(id, false);
	}

	#show(id, isShown) {
		if (isShown && !this.slots.has(id)) {
			const used = new Set(this.slots.values());
			const slot = Array.from({ length: mostShown }, (_, at) => at).find((at) => !used.has(at));
			if (slot === undefined) {
				this.items.get(id).box.checked = false;
				return this.#tell(`At most ${mostShown} runs are laid over each other.`);
			}
			this.slots.set(id, slot);
			const followed = new FollowedRun(id, {
				onchange: () => this.#later(() => this.curves.draw()),
				onstate: (run) => {
					this.#drawRun(run);
					if (run.state !== "running") followed.hasEnded = true;
				},
				onsample: (sample) => this.#addSample(id, sample),
				onlink: (text) => this.#tell(text),
			});
			this.followed.set(id, followed);
			this.#loadDetails(id);
		} else if (!isShown) {
			this.followed.get(id)?.close();
			this.followed.delete(id);
			this.slots.delete(id);
		}
		const item = this.items.get(id);
		if (item) {
			item.box.checked = this.slots.has(id);
			item.element.className = this.slots.has(id) ? `run shown slot-${this.slots.get(id)}` : "run";
		}
		const show = [...this.slots.keys()].join(",");
		history.replaceState(null, "", show ? `#runs?${new URLSearchParams({ show })}` : "#runs");
		this.curves.draw();
		this.#drawSamples();
		this.#drawSettings();
	}

	async #loadDetails(id) {
		try {
			this.details.set(id, await get(`v1/runs/${id}`));
		} catch {
			return; // Its curves say what is wrong.
		}
		this.#drawSamples();
		this.#drawSettings();
	}

	// MARK: Curves

	#later(action) {
		if (this.isScheduled) return;
		this.isScheduled = true;
		requestAnimationFrame(() => {
			this.isScheduled = false;
			action();
		});
	}

	#nameOf(id) { return this.runs.find((run) => run.id === id)?.name ?? id; }

	// MARK: Samples and settings

	#addSample(id, sample) {
		const details = this.details.get(id);
		if (!details || details.samples.some((one) => one.step === sample.step)) return;
		details.samples.push(sample);
		this.#drawSamples();
	}

	#drawSamples() {
		const parts = [...this.slots.keys()].filter((id) => this.details.get(id)?.samples.length).map((id) => [
			h("h2", { class: "sub" }, `A puzzle at evaluations: ${this.#nameOf(id)}`),
			h("div", { class: "samples", tabIndex: 0, role: "group", "aria-label": `Samples of ${this.#nameOf(id)}` },
				this.details.get(id).samples.slice(-8).toReversed().map((sample) => h("figure", {},
					h("img", { src: sample.url.replace(/^\//, ""), alt: sample.caption || `Step ${sample.step}`, loading: "lazy" }),
					h("figcaption", {}, `step ${number(sample.step)}${sample.caption ? `: ${sample.caption}` : ""}`)))),
		]);
		const signature = JSON.stringify([...this.slots.keys()].map((id) => [id, this.details.get(id)?.samples.length]));
		if (signature === this.sampleSignature) return;
		this.sampleSignature = signature;
		this.samples.replaceChildren(...parts.flat());
	}

	async #drawSettings() {
		const ids = [...this.slots.keys()];
		const signature = ids.map((id) => `${id}${this.details.has(id)}`).join();
		if (signature === this.settingsSignature) return;
		this.settingsSignature = signature;
		if (!ids.length) return this.settings.replaceChildren();
		if (ids.length === 1) {
			const settings = this.details.get(ids[0])?.settings ?? {};
			return this.settings.replaceChildren(h("details", { class: "more" }, h("summary", {}, "Settings"),
				table(["Setting", "Value"], Object.entries(settings).map(([name, value]) => [name, settingText(value)]))));
		}
		try {
			const differences = await get(`v1/differences?runs=${ids.join(",")}`);
			if (signature !== this.settingsSignature) return;
			this.settings.replaceChildren(h("h2", { class: "sub" }, "Differences in settings"), differences.settings.length
				? table(["Setting", ...ids.map((id) => this.#nameOf(id))], differences.settings.map(({ name, values }) => [name, ...values.map(settingText)]))
				: h("p", { class: "hint" }, "Their settings are equal."));
		} catch (error) {
			this.settings.replaceChildren(h("p", { class: "hint" }, error.message));
		}
	}

	#tell(text, mood = "") {
		if (this.message.textContent === text) return;
		this.message.textContent = text;
		this.message.className = `message ${mood}`;
		if (text) this.body.hidden = false;
	}
}

const settingText = (value) => (value === null || value === undefined ? "–" : String(value));

function table(head, rows) {
	return h("div", { class: "scroller", tabIndex: 0, role: "region", "aria-label": head.join(", ") }, h("table", {},
		h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))),
		h("tbody", {}, rows.map(([name, ...values]) => h("tr", {}, h("th", { scope: "row" }, name), values.map((text) => h("td", {}, text)))))));
}
