// Small helpers that create elements; text always enters through text nodes.

/**
 * Creates an element.
 *
 * Properties named on… add listeners, `class`, `for` and names with a hyphen or `role` become
 * attributes, `false`, `null` and `undefined` are left out, and everything else is a property.
 */
export function h(tag, properties = {}, ...children) {
	return fill(document.createElement(tag), properties, children);
}

/** Creates an SVG element; all properties are attributes or listeners. */
export function s(tag, properties = {}, ...children) {
	const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
	for (const [name, value] of Object.entries(properties)) {
		if (value === null || value === undefined || value === false) continue;
		if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
		else element.setAttribute(name, value);
	}
	element.append(...children.flat().filter((child) => child !== null && child !== false));
	return element;
}

function fill(element, properties, children) {
	for (const [name, value] of Object.entries(properties)) {
		if (value === null || value === undefined || value === false) continue;
		if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
		else if (name in element && !attributesOnly.has(name)) element[name] = value;
		else element.setAttribute(name, value === true ? "" : value);
	}
	element.append(...children.flat().filter((child) => child !== null && child !== false));
	return element;
}

const attributesOnly = new Set(["class", "for", "role", "list", "form"]);

/** A labelled control: the label's text above it. */
export function field(text, control, hint = null) {
	const id = control.id || newIdentifier();
	control.id = id;
	if (hint) {
		hint.id = `${id}-hint`;
		control.setAttribute("aria-describedby", hint.id);
	}
	return h("div", { class: "field" }, h("label", { for: id }, text), control, hint);
}

let identifiers = 0;
export function newIdentifier() {
	identifiers += 1;
	return `x${identifiers}`;
}

/** A choice among values: pairs of value and text. */
export function select(options, value, onchange) {
	const element = h("select", { onchange: () => onchange?.(element.value) });
	setOptions(element, options, value);
	return element;
}

export function setOptions(element, options, value) {
	element.replaceChildren(
		...options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)));
}

export function button(text, onclick, properties = {}) {
	return h("button", { type: "button", onclick, ...properties }, text);
}

/** An icon drawn with one path in a box of 24 × 24. */
export function icon(path) {
	return s("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, s("path", { d: path }));
}

/** A switch that stays pressed. */
export function toggle(text, pressed, onchange, properties = {}) {
	const element = button(text, () => {
		const now = element.getAttribute("aria-pressed") !== "true";
		element.setAttribute("aria-pressed", now);
		onchange(now);
	}, { "aria-pressed": String(pressed), class: "toggle", ...properties });
	return element;
}

/** Announces a sentence to screen readers. */
export function announce(text) {
	const region = document.getElementById("announcer");
	if (!region) return;
	region.textContent = "";
	setTimeout(() => { region.textContent = text; }, 30);
}

export function download(name, content, type) {
	const blob = content instanceof Blob ? content : new Blob([content], { type });
	const url = URL.createObjectURL(blob);
	const link = h("a", { href: url, download: name });
	document.body.append(link);
	link.click();
	link.remove();
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function percent(value, digits = 1) {
	return Number.isFinite(value) ? `${(100 * value).toFixed(digits)}\u00a0%` : "–";
}

export function number(value) {
	if (!Number.isFinite(value)) return "–";
	if (value === 0) return "0";
	const size = Math.abs(value);
	if (size >= 1e6 || size < 1e-4) return value.toExponential(2).replace("e+", "e");
	if (Number.isInteger(value)) return value.toLocaleString("en");
	return String(Number(value.toPrecision(4)));
}

export function duration(seconds) {
	if (!Number.isFinite(seconds) || seconds < 0) return "–";
	if (seconds < 60) return `${Math.round(seconds)}\u00a0s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
	const hours = Math.floor(minutes / 60);
	return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
