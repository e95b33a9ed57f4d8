// Line charts: several series over one axis, with a cursor.

import { h, number, s } from "./dom.js";

/** Round numbers that divide a range into about `count` parts. */
export function ticks(low, high, count) {
	if (!(high > low)) return [low];
	const rough = (high - low) / count;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999);
	const list = [];
	for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n += 1) list.push(n * step);
	return list;
}

export class Chart {
	/**
	 * - title: the caption
	 * - height: in pixels
	 * - range: [low, high] of the vertical axis; null fits the values
	 * - format(value): the text of values; tickFormat(value): of those at the axis
	 * - xName: the name of the horizontal axis
	 * - onpick(x): called with the position of a click
	 */
	constructor(options) {
		Object.assign(this, {
			height: 120, range: null, format: number, xName: "step", series: [], cursor: null, isLogarithmic: false,
		}, options);
		this.readout = h("span", { class: "readout" });
		this.drawing = s("svg", { class: "drawing", role: "img" });
		this.element = h("figure", { class: "chart" },
			h("figcaption", {}, h("span", {}, this.title), this.readout), this.drawing);
		this.width = 0;
		new ResizeObserver(([entry]) => {
			const width = Math.round(entry.contentRect.width);
			if (width !== this.width) {
				this.width = width;
				this.#draw();
			}
		}).observe(this.element);
		this.drawing.addEventListener("pointermove", (event) => this.#hover(event));
		this.drawing.addEventListener("pointerleave", () => { this.hovered = null; this.#mark(); });
		this.drawing.addEventListener("click", (event) => {
			if (this.onpick) this.onpick(this.#position(event));
		});
		if (this.onpick) this.drawing.classList.add("pickable");
	}

	/** Draws series, each with name, slot (its colour) and points as [x, y]. */
	draw(series, { cursor = this.cursor, xRange = null } = {}) {
		this.series = series;
		this.cursor = cursor;
		this.xRange = xRange;
		this.#draw();
	}

	move(cursor) {
		this.cursor = cursor;
		this.#mark();
	}

	#draw() {
		if (!this.width) return;
		const y = (value) => (this.isLogarithmic ? Math.log10(value) : value);
		const isDrawn = (point) => Number.isFinite(point[1]) && (!this.isLogarithmic || point[1] > 0);
		const points = this.series.flatMap((one) => one.points.filter(isDrawn));
		const xs = points.map((point) => point[0]);
		const ys = points.map((point) => y(point[1]));
		let [left, right] = this.xRange ?? [min(xs, 0), max(xs, 1)];
		if (!(right > left)) right = left + 1;
		let [low, high] = this.range ? this.range.map(y) : [min(ys, 0), max(ys, 1)];
		if (!this.range) {
			if (!this.isLogarithmic && low > 0 && low < 0.6 * high) low = 0;
			if (!(high > low)) high = low + (Math.abs(low) * 0.1 || 1);
			high += (high - low) * 0.04;
		}
		const yTicks = ticks(low, high, this.height > 150 ? 4 : 2);
		const labels = yTicks.map((tick) => (this.tickFormat ?? this.format)(this.isLogarithmic ? 10 ** tick : tick));
		const margin = { left: 10 + 6.6 * Math.max(...labels.map((l) => l.length)), right: 10, top: 8, bottom: 20 };
		const { width, height } = this;
		this.scale = {
			x: (value) => margin.left + ((value - left) / (right - left)) * (width - margin.left - margin.right),
			y: (value) => height - margin.bottom - ((y(value) - low) / (high - low)) * (height - margin.top - margin.bottom),
			left, right, margin,
		};
		const xTicks = ticks(left, right, Math.max(2, Math.floor(width / 90)))
			.filter((tick) => right - left > 3 || Number.isInteger(tick));
		this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
		this.drawing.setAttribute("height", height);
		this.drawing.setAttribute("aria-label", this.#description());
		this.cursorLine = s("line", { class: "cursor", y1: margin.top, y2: height - margin.bottom });
		this.dots = s("g");
		this.drawing.replaceChildren(
			...yTicks.map((tick, index) => {
				const at = this.scale.y(this.isLogarithmic ? 10 ** tick : tick);
				return s("g", {},
					s("line", { class: "rule", x1: margin.left, x2: width - margin.right, y1: at, y2: at }),
					s("text", { class: "tick", x: margin.left - 6, y: at + 3.5, "text-anchor": "end" }, labels[index]));
			}),
			...xTicks.map((tick) => s("text", {
				class: "tick", x: this.scale.x(tick), y: height - 5, "text-anchor": "middle",
			}, shortNumber(tick))),
			...this.series.map((one) => s("path", {
				class: `line slot-${one.slot ?? 0}${one.faint ? " faint" : ""}`,
				d: path(one.points.filter(isDrawn), this.scale),
			})),
			...this.series.filter((one) => one.dotted).map((one) => s("g", {}, one.points.filter(isDrawn).map(([px, py]) =>
				s("circle", { class: `dot slot-${one.slot ?? 0}`, cx: this.scale.x(px), cy: this.scale.y(py), r: 2.5 })))),
			this.cursorLine, this.dots);
		this.#mark();
	}

	#mark() {
		if (!this.scale) return;
		const x = this.hovered ?? this.cursor;
		const isShown = x !== null && x !== undefined;
		this.cursorLine.setAttribute("visibility", isShown ? "visible" : "hidden");
		const found = [];
		this.dots.replaceChildren();
		if (isShown) {
			this.cursorLine.setAttribute("x1", this.scale.x(x));
			this.cursorLine.setAttribute("x2", this.scale.x(x));
		}
		for (const one of this.series) {
			const point = isShown ? nearest(one.points, x) : one.points.at(-1);
			if (!point) continue;
			found.push([one, point]);
			if (isShown && Number.isFinite(point[1]) && (!this.isLogarithmic || point[1] > 0)) {
				this.dots.append(s("circle", {
					class: `dot slot-${one.slot ?? 0}`, cx: this.scale.x(point[0]), cy: this.scale.y(point[1]), r: 3.2,
				}));
			}
		}
		this.readout.replaceChildren(...found.slice(0, 6).map(([one, point]) =>
			h("span", { class: `key slot-${one.slot ?? 0}` }, `${one.name ? `${one.name} ` : ""}${this.format(point[1])}`)));
	}

	#position(event) {
		const box = this.drawing.getBoundingClientRect();
		const { left, right, margin } = this.scale;
		const share = (event.clientX - box.left - margin.left) / (this.width - margin.left - margin.right);
		return left + Math.max(0, Math.min(1, share)) * (right - left);
	}

	#hover(event) {
		if (!this.scale) return;
		const at = this.#position(event);
		const points = this.series.map((one) => nearest(one.points, at)).filter(Boolean);
		this.hovered = points.length
			? points.reduce((best, point) => (Math.abs(point[0] - at) < Math.abs(best[0] - at) ? point : best))[0] : null;
		this.#mark();
	}

	#description() {
		const parts = this.series.filter((one) => one.points.length).map((one) => {
			const [first, last] = [one.points[0], one.points.at(-1)];
			return `${one.name || this.title}: ${this.format(first[1])} at ${this.xName} ${shortNumber(first[0])}, `
				+ `${this.format(last[1])} at ${this.xName} ${shortNumber(last[0])}`;
		});
		return `${this.title}. ${parts.length ? parts.join("; ") : "No values yet"}.`;
	}
}

const min = (list, none) => list.reduce((a, b) => Math.min(a, b), list.length ? Infinity : none);
const max = (list, none) => list.reduce((a, b) => Math.max(a, b), list.length ? -Infinity : none);

function nearest(points, x) {
	if (!points.length) return null;
	let low = 0;
	let high = points.length - 1;
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (points[middle][0] <= x) low = middle;
		else high = middle;
	}
	return Math.abs(points[low][0] - x) <= Math.abs(points[high][0] - x) ? points[low] : points[high];
}

function path(points, scale) {
	return points.map(([x, y], index) =>
		`${index ? "L" : "M"}${scale.x(x).toFixed(1)} ${scale.y(y).toFixed(1)}`).join("");
}

export function shortNumber(value) {
	if (Math.abs(value) >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
	if (Math.abs(value) >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
	return String(Number(value.toPrecision(6)));
}
