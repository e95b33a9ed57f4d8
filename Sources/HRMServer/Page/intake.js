// Texts that arrive in a view: pasted, dropped, or as a file.

import { button, h, number } from "./dom.js";

/**
 * Listens for pasted and dropped texts while a view is shown, and returns a button that opens a file.
 *
 * `onread(text, name)` receives them; files with more than `most` bytes are refused with `onerror(message)`.
 */
export function intake(view, { accept = null, most, onread, onerror }) {
	const open = async (file) => {
		if (file.size > most) onerror(`${file.name} has ${number(file.size)} bytes; at most ${number(most)} are read.`);
		else onread(await file.text(), file.name.replace(/\.[a-z]+$/i, ""));
	};
	const input = h("input", {
		type: "file", class: "unseen", tabIndex: -1, accept, "aria-label": "File to open",
		onchange: () => {
			if (input.files[0]) open(input.files[0]);
			input.value = "";
		},
	});
	document.addEventListener("paste", (event) => {
		if (!view().isConnected || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
		const text = event.clipboardData?.getData("text") ?? "";
		if (!text.trim()) return;
		event.preventDefault();
		onread(text, "pasted");
	});
	document.addEventListener("dragover", (event) => { if (view().isConnected) event.preventDefault(); });
	document.addEventListener("drop", (event) => {
		if (!view().isConnected) return;
		event.preventDefault();
		if (event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
		else onread(event.dataTransfer.getData("text"), "dropped");
	});
	return h("span", {}, button("Open a file …", () => input.click()), input);
}
