// Files of a thinking: pictures drawn by the server, and the events as JSON.

import { blob } from "./api.js";
import { button, download, h } from "./dom.js";

const titles = {
	svg: "All steps as a drawing", png: "All steps as a picture", gif: "All steps as an animation", json: "All steps as data",
};

/** Buttons that save. `request()` is that of the thinking, `record()` its events, `onerror(message)` tells. */
export function exportButtons({ request, record, name, onerror }) {
	const save = async (format) => {
		if (format === "json") return download(`${name()}.json`, JSON.stringify(record(), null, 1), "application/json");
		try {
			download(`${name()}.${format}`, await blob("v1/export", { ...request(), format, thinking: "steps" }));
		} catch (error) {
			onerror(error.message);
		}
	};
	return h("div", { class: "exports", role: "group", "aria-label": "Save as a file" },
		h("span", { class: "quiet-label", "aria-hidden": "true" }, "Save"),
		Object.keys(titles).map((format) => button(format.toUpperCase(), () => save(format), {
			class: "small", title: titles[format], "data-export": format,
		})));
}
