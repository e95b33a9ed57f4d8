// The requests to the server, and its events.

/** An error that the server explained, or that the connection gave. */
export class RequestError extends Error {
	constructor(what, remedy = "", status = 0) {
		super(remedy ? `${sentence(what)} ${sentence(remedy)}` : sentence(what));
		Object.assign(this, { what, remedy, status });
	}
}

export function sentence(text) {
	const trimmed = text.trim();
	if (!trimmed) return "";
	const begun = trimmed[0].toUpperCase() + trimmed.slice(1);
	return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

async function answer(path, body, signal) {
	let response;
	try {
		response = await fetch(path, body === undefined ? { signal } : {
			method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal,
		});
	} catch (error) {
		if (error.name === "AbortError") throw error;
		throw new RequestError("The server does not answer", "Start it again with 'hrm serve'.");
	}
	if (response.ok) return response;
	const problem = await response.json().catch(() => null);
	throw new RequestError(
		problem?.error?.what ?? `The server answered with status ${response.status}`, problem?.error?.remedy ?? "", response.status);
}

export const get = async (path, signal) => (await answer(path, undefined, signal)).json();
export const blob = async (path, body) => (await answer(path, body)).blob();
export const post = async (path, body, signal) => (await answer(path, body, signal)).json();

/** The events of a request as pairs of name and value. */
export async function* events(path, body, signal) {
	const response = await answer(path, body, signal);
	const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = "";
	try {
		for (;;) {
			const { value, done } = await reader.read();
			if (done) return;
			rest += value;
			let end;
			while ((end = rest.search(/\r?\n\r?\n/)) >= 0) {
				const block = rest.slice(0, end);
				rest = rest.slice(end).replace(/^\r?\n\r?\n/, "");
				const event = parsed(block);
				if (!event) continue;
				if (event.name === "error") throw new RequestError(event.value.error?.what ?? "The server stopped", event.value.error?.remedy);
				yield event;
			}
		}
	} finally {
		reader.cancel().catch(() => {});
	}
}

function parsed(block) {
	let name = "message";
	const data = [];
	for (const line of block.split(/\r?\n/)) {
		if (line.startsWith("event:")) name = line.slice(6).trim();
		else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
	}
	return data.length ? { name, value: JSON.parse(data.join("\n")) } : null;
}

let models = null;

/** The models of the server; asked for once, unless `isFresh`. */
export function allModels(isFresh = false) {
	if (!models || isFresh) {
		models = get("v1/models").catch((error) => {
			models = null;
			throw error;
		});
	}
	return models;
}
