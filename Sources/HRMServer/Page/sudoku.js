// The geometry of Sudokus, and the rules that typing is checked against.

/** The supported shapes, by key. */
export const shapes = [
	{ key: "2x2", size: 4, boxRows: 2, boxColumns: 2, name: "4×4" },
	{ key: "2x3", size: 6, boxRows: 2, boxColumns: 3, name: "6×6, wide boxes" },
	{ key: "3x2", size: 6, boxRows: 3, boxColumns: 2, name: "6×6, tall boxes" },
	{ key: "2x4", size: 8, boxRows: 2, boxColumns: 4, name: "8×8, wide boxes" },
	{ key: "4x2", size: 8, boxRows: 4, boxColumns: 2, name: "8×8, tall boxes" },
	{ key: "3x3", size: 9, boxRows: 3, boxColumns: 3, name: "9×9" },
];

export const shapeOf = (boxRows, boxColumns) =>
	shapes.find((shape) => shape.boxRows === boxRows && shape.boxColumns === boxColumns);

/** The rows, columns and boxes as lists of cells. */
export function units({ size, boxRows, boxColumns }) {
	const list = Array.from({ length: 3 * size }, () => []);
	for (let cell = 0; cell < size * size; cell += 1) {
		const row = Math.floor(cell / size);
		const column = cell % size;
		list[row].push(cell);
		list[size + column].push(cell);
		list[2 * size + Math.floor(row / boxRows) * boxRows + Math.floor(column / boxColumns)].push(cell);
	}
	return list;
}

/** The cells that share a unit with a cell. */
export function peers(shape, cell) {
	return new Set(units(shape).filter((unit) => unit.includes(cell)).flat());
}

/** The cells whose digit occurs twice in a row, column or box. */
export function conflicts(shape, cells) {
	const found = new Set();
	for (const unit of units(shape)) {
		const seen = new Map();
		for (const cell of unit) {
			const digit = cells[cell];
			if (!digit) continue;
			if (seen.has(digit)) found.add(cell).add(seen.get(digit));
			else seen.set(digit, cell);
		}
	}
	return found;
}

/** The digits that no peer has, for each blank cell. */
export function candidates(shape, cells) {
	const all = Array.from({ length: shape.size }, (_, index) => String(index + 1));
	return cells.map((digit, cell) => {
		if (digit) return [];
		const used = new Set([...peers(shape, cell)].map((peer) => cells[peer]));
		return all.filter((candidate) => !used.has(candidate));
	});
}

export const line = (cells) => cells.map((digit) => digit || ".").join("");

/** A board in one line, if the text is one; drawings and files are read by the server. */
export function parseLine(text) {
	const compact = text.trim();
	if (!/^[0-9._]+$/.test(compact)) return null;
	const size = { 16: 4, 36: 6, 64: 8, 81: 9 }[compact.length];
	if (!size) return null;
	const cells = [...compact].map((letter) => (/[1-9]/.test(letter) ? letter : ""));
	return cells.every((digit) => digit === "" || Number(digit) <= size) ? { size, cells } : null;
}
