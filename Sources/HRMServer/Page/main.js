// The frame: views by the address's fragment, and the colours.

import { h, icon } from "./dom.js";
import { SolveView } from "./solve.js";

const main = document.getElementById("main");
const loaders = {
	solve: async () => SolveView,
	play: async () => (await import("./play.js")).PlayView,
	arc: async () => (await import("./arc.js")).ARCView,
	runs: async () => (await import("./runs.js")).RunsView,
};
const titles = { solve: "Solve", play: "Play", arc: "ARC", runs: "Runs" };
const views = {};
let current = null;

/** The view and the parameters of the address. */
function address() {
	const [name, query = ""] = location.hash.slice(1).split("?");
	return { name: loaders[name] ? name : "solve", parameters: new URLSearchParams(query) };
}

async function show() {
	if (location.hash === "#main") return;
	const { name, parameters } = address();
	for (const link of document.querySelectorAll("nav a")) {
		if (link.dataset.view === name) link.setAttribute("aria-current", "page");
		else link.removeAttribute("aria-current");
	}
	document.title = `${titles[name]} – swift-hrm`;
	let view = views[name];
	if (!view) {
		const View = await loaders[name]();
		view = views[name] ??= new View();
		if (address().name !== name) return;
	}
	if (current !== view) {
		current?.onhide?.();
		main.replaceChildren(view.element);
		current = view;
	}
	view.onshow?.(parameters);
}

// The first view is drawn at once: its module is part of this one.
if (address().name === "solve") {
	views.solve = new SolveView();
	main.replaceChildren(views.solve.element);
	current = views.solve;
	performance.mark("board");
}
addEventListener("hashchange", show);
show();

const themes = {
	"": ["as the system", "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18"],
	light: ["light", "M12 7a5 5 0 1 0 0 10a5 5 0 0 0 0-10zM11 1h2v3h-2zM11 20h2v3h-2zM1 11h3v2H1zM20 11h3v2h-3zM4 5.4 5.4 4l2.1 2.1-1.4 1.4zM16.5 17.9l1.4-1.4 2.1 2.1-1.4 1.4zM4 18.6l2.1-2.1 1.4 1.4L5.4 20zM16.5 6.1 18.6 4 20 5.4l-2.1 2.1z"],
	dark: ["dark", "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z"],
};
const themeButton = document.getElementById("theme");
let theme = document.documentElement.dataset.theme ?? "";
function showTheme() {
	if (theme) document.documentElement.dataset.theme = theme;
	else delete document.documentElement.dataset.theme;
	themeButton.setAttribute("aria-label", `Colours: ${themes[theme][0]}`);
	themeButton.title = `Colours: ${themes[theme][0]}`;
	themeButton.replaceChildren(icon(themes[theme][1]));
	themeButton.classList.toggle("halved", theme === "");
}
themeButton.addEventListener("click", () => {
	const names = Object.keys(themes);
	theme = names[(names.indexOf(theme) + 1) % names.length];
	try {
		localStorage.setItem("theme", theme);
	} catch {
		// Storage may be switched off; the choice lasts until the page is closed.
	}
	showTheme();
});
showTheme();

// What is thrown unexpectedly is shown, too.
addEventListener("unhandledrejection", (event) => {
	if (event.reason?.name === "AbortError") return event.preventDefault();
	document.querySelector(".failure")?.remove();
	main.prepend(h("p", { class: "failure message bad", role: "alert" }, String(event.reason?.message ?? event.reason)));
});
