// The symbols that a board takes, as buttons.

import { arcColors, fillOf, glyphOf, inkOn } from "./cells.js";
import { h } from "./dom.js";
import { symbolsOf } from "./tasks.js";

/** Buttons for symbols. `onpick(symbol)` is called; with `isPalette`, one of them stays chosen. */
export function pad(task, onpick, { isPalette = false, chosen = null } = {}) {
	const element = h("div", { class: `pad ${task.kind}`, role: "group", "aria-label": "Symbols" });
	const buttons = symbolsOf(task).map(([symbol, name]) => {
		const fill = fillOf(task.kind, symbol);
		const spokenName = task.kind === "arc" ? arcColors[Number(symbol)][0] : name;
		const item = h("button", {
			type: "button", class: "key", "aria-label": spokenName, title: spokenName, "data-symbol": symbol,
			"aria-pressed": isPalette ? String(symbol === chosen) : null,
			onclick: () => {
				if (isPalette) buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === item)));
				onpick(symbol);
			},
		}, task.kind === "sudoku" ? symbol || "⌫" : glyphOf(task.kind, symbol));
		if (fill) {
			item.style.backgroundColor = fill;
			item.style.color = inkOn(fill);
		}
		return item;
	});
	element.append(...buttons);
	return element;
}
