// The values of a run: all that there are, then the new ones as they are written. A lost connection
// continues after the last value that has arrived.

import { get } from "./api.js";

export class FollowedRun {
	/** - onchange(): values have come; - onstate(run): the run's state has changed; - onsample(sample). */
	constructor(id, { onchange, onstate, onsample, onlink }) {
		Object.assign(this, { id, onchange, onstate, onsample, onlink, series: new Map(), isClosed: false });
		this.load();
	}

	async load() {
		try {
			const metrics = await get(`v1/runs/${this.id}/metrics?points=2000`);
			if (this.isClosed) return;
			this.series = new Map(Object.entries(metrics.series).map(([name, { steps, values }]) =>
				[name, steps.map((step, at) => [step, values[at]])]));
			this.onchange();
			this.#listen(metrics.offset);
		} catch (error) {
			if (!this.isClosed) this.#retry(error);
		}
	}

	#retry(error) {
		this.onlink(error?.message ?? "The connection is lost; trying again …");
		this.timer = setTimeout(() => this.load(), 3000);
	}

	#listen(offset) {
		const source = new EventSource(`v1/runs/${this.id}/events?after=${encodeURIComponent(offset)}`);
		this.source = source;
		const on = (name, action) => source.addEventListener(name, (event) => {
			if (!this.isClosed) action(JSON.parse(event.data));
		});
		on("state", (run) => this.onstate(run));
		on("metrics", ({ lines }) => {
			for (const line of lines) this.#add(line);
			this.onchange();
		});
		on("rewind", ({ step }) => {
			for (const [name, points] of this.series) this.series.set(name, points.filter((point) => point[0] <= step));
			this.onchange();
		});
		on("sample", (sample) => this.onsample(sample));
		on("end", (run) => {
			this.onstate(run);
			source.close();
		});
		source.onopen = () => this.onlink("");
		source.onerror = () => {
			if (this.isClosed) return;
			this.onlink("The connection is lost; trying again …");
			// The browser tries again by itself, unless the answer was no stream of events.
			if (source.readyState === EventSource.CLOSED) this.#retry();
		};
	}

	#add(line) {
		for (const [name, value] of Object.entries(line)) {
			if (name === "step" || typeof value !== "number") continue;
			const points = this.series.get(name) ?? [];
			if (points.length && points.at(-1)[0] >= line.step) continue;
			points.push([line.step, value]);
			this.series.set(name, points);
		}
	}

	close() {
		this.isClosed = true;
		clearTimeout(this.timer);
		this.source?.close();
	}
}
