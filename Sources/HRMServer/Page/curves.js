// The curves of runs over each other, a chart for each metric.

import { Chart } from "./chart.js";
import { h, number, percent, select, toggle } from "./dom.js";

const usual = ["train/lm_loss", "train/exact_accuracy"];

export class Curves {
	/** - runs(): the runs as name, slot and series, a map from metrics to points. */
	constructor(runs) {
		Object.assign(this, { runs, charts: new Map(), chosen: null, isLogarithmic: false, smoothing: 1 });
		this.chartList = h("div", { class: "metric-charts" });
		this.metricList = h("div", { class: "part" });
		const smoothing = select([["1", "none"], ["5", "5 values"], ["20", "20 values"], ["100", "100 values"]], "1", (value) => {
			this.smoothing = Number(value);
			this.draw();
		});
		smoothing.id = "smoothing";
		this.element = h("div", { class: "side" },
			h("div", { class: "buttons" },
				h("div", { class: "size" }, h("label", { for: "smoothing" }, "Smoothing"), smoothing),
				toggle("Logarithmic", false, (isOn) => {
					this.isLogarithmic = isOn;
					this.draw();
				})),
			this.chartList,
			h("details", { class: "more" }, h("summary", {}, "Metrics"), this.metricList));
	}

	draw() {
		const runs = this.runs();
		const names = [...new Set(runs.flatMap((run) => [...run.series.keys()]))];
		const shown = this.chosen ?? new Set([...usual.filter((name) => names.includes(name)), ...names.filter((name) => name.endsWith(".exact_accuracy"))]);
		if (!this.chosen && !shown.size) names.slice(0, 3).forEach((name) => shown.add(name));
		const ends = runs.flatMap((run) => [...run.series.values()].map((points) => points.at(-1)?.[0] ?? 0));
		this.xRange = [0, Math.max(1, ...ends)];
		this.#drawList(names, shown);
		for (const [name, chart] of this.charts) {
			if (!shown.has(name) || !names.includes(name)) {
				chart.element.remove();
				this.charts.delete(name);
			}
		}
		for (const name of [...shown].filter((one) => names.includes(one))) this.#drawChart(name, runs);
	}

	#drawChart(name, runs) {
		let chart = this.charts.get(name);
		if (!chart) {
			chart = new Chart({ title: name, height: 200, format: (value) => valueText(name, value), tickFormat: isShare(name) ? (value) => percent(value, 0) : null });
			this.charts.set(name, chart);
			this.chartList.append(chart.element);
		}
		chart.isLogarithmic = this.isLogarithmic && !isShare(name);
		chart.range = isShare(name) ? [0, 1] : null;
		const series = runs.map((run) => ({
			slot: run.slot, name: runs.length > 1 ? run.name : "",
			points: thinned(smoothed(run.series.get(name) ?? [], this.smoothing)),
		})).filter((one) => one.points.length);
		for (const one of series) one.dotted = one.points.length <= 24;
		chart.draw(series, { xRange: this.xRange });
		chart.element.dataset.metric = name;
		chart.element.dataset.last = String(Math.max(...series.map((one) => one.points.at(-1)[0])));
	}

	#drawList(names, shown) {
		const signature = names.join("\n");
		if (this.signature === signature) return;
		this.signature = signature;
		this.metricList.replaceChildren(...names.map((name) => {
			const box = h("input", {
				type: "checkbox", checked: shown.has(name), onchange: () => {
					this.chosen ??= new Set(shown);
					if (box.checked) this.chosen.add(name);
					else this.chosen.delete(name);
					this.draw();
				},
			});
			return h("label", { class: "check" }, box, name);
		}));
	}
}

const isShare = (name) => /accuracy|valid|pass@/.test(name);

/** A value of a metric: shares in per cent. */
export const valueText = (name, value) => (isShare(name) ? percent(value) : number(value));

/** Means of neighbours, so that a curve has at most `most` points. */
function thinned(points, most = 800) {
	const size = Math.ceil(points.length / most);
	if (size <= 1) return points;
	const result = [];
	for (let start = 0; start < points.length; start += size) {
		const part = points.slice(start, start + size);
		result.push([part.at(-1)[0], part.reduce((sum, point) => sum + point[1], 0) / part.length]);
	}
	return result;
}

/** The moving mean over the last `count` points. */
function smoothed(points, count) {
	if (count <= 1) return points;
	let sum = 0;
	return points.map(([step, value], at) => {
		sum += value - (at >= count ? points[at - count][1] : 0);
		return [step, sum / Math.min(count, at + 1)];
	});
}
