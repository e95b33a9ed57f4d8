// Applies the chosen colours, and leaves out the first board of another view, before the first paint; a classic script, so that nothing flashes.
(() => {
	let chosen = "";
	try {
		chosen = localStorage.getItem("theme") || "";
	} catch {
		// Storage may be switched off; the system's colours are used then.
	}
	if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
	const view = /^#(play|arc|runs)/.exec(location.hash);
	if (view) document.documentElement.dataset.view = view[1];
})();
