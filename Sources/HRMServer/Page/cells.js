// How the symbols of each kind of puzzle are drawn and read aloud.

export const arcColors = [
	["black", "#000000"], ["blue", "#0074d9"], ["red", "#ff4136"], ["green", "#2ecc40"],
	["yellow", "#ffdc00"], ["grey", "#aaaaaa"], ["magenta", "#f012be"], ["orange", "#ff851b"],
	["light blue", "#7fdbff"], ["maroon", "#870c25"],
];

const mazeParts = {
	"#": ["wall", "#2b3a4a"], ".": ["open", "#ffffff"], " ": ["open", "#ffffff"],
	S: ["start", "#2ecc40"], G: ["goal", "#ff6b60"], o: ["path", "#7fdbff"],
};

/** The fill of a cell, a colour in hexadecimal digits, or null for one that is written. */
export function fillOf(kind, text) {
	if (kind === "arc") return arcColors[Number(text)]?.[1] ?? null;
	if (kind === "maze") return mazeParts[text]?.[1] ?? null;
	return null;
}

/** The letters in a cell. */
export function glyphOf(kind, text, showsNumbers = false) {
	if (kind === "arc") return showsNumbers ? text : "";
	if (kind === "maze") return text === "S" || text === "G" ? text : "";
	return text;
}

/** The cell in words. */
export function spoken(kind, text) {
	if (kind === "arc") return arcColors[Number(text)]?.[0] ?? "empty";
	if (kind === "maze") return mazeParts[text]?.[0] ?? (text || "empty");
	return text || "blank";
}

/** Black or white, whichever can be read on a fill. */
export function inkOn(fill) {
	const parts = [1, 3, 5].map((start) => parseInt(fill.slice(start, start + 2), 16) / 255);
	const [red, green, blue] = parts.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "#111111" : "#ffffff";
}
