// Asks the server for a thinking.

import { events } from "./api.js";
import { addStep, begun } from "./thoughts.js";

/** Solves a puzzle; `onbegin(thinking, record)`, `onstep(thinking)`; returns all events at the end. */
export async function think(request, { signal, onbegin, onstep }) {
	const record = { begin: null, steps: [], result: null };
	let thinking = null;
	for await (const { name, value } of events("v1/thoughts", request, signal)) {
		if (name === "begin") {
			record.begin = value;
			thinking = begun(value);
			onbegin(thinking, record);
		} else if (name === "step") {
			record.steps.push(value);
			addStep(thinking, value);
			onstep(thinking);
		} else if (name === "result") {
			record.result = value;
			thinking.finish(value);
			onstep(thinking);
		}
	}
	thinking?.finish(thinking.result);
	return record;
}
