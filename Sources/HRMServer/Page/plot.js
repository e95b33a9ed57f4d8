// A file with the curves of runs; it has no server.

import { Curves } from "./curves.js";
import { h } from "./dom.js";

const plotted = JSON.parse(document.getElementById("records").textContent).map((run, slot) =>
	({ name: run.name, slot: slot % 8, series: new Map(Object.entries(run.series)) }));
const curves = new Curves(() => plotted);
document.getElementById("main").replaceChildren(
	h("h1", {}, plotted.map((run) => run.name).join(", ")), curves.element);
curves.draw();
