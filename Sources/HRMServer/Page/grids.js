// Coloured grids as lists of rows, with the operations of an editor, and a few tasks to begin with.

export const largestSide = 30;

export const emptyGrid = (rows, columns) => Array.from({ length: rows }, () => Array(columns).fill(0));
export const copyOf = (grid) => grid.map((row) => row.slice());
export const areEqual = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** A grid with other extents; new cells are black. */
export function resized(grid, rows, columns) {
	return Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => grid[row]?.[column] ?? 0));
}

/** A grid whose connected cells of one colour around a cell have another colour. */
export function filled(grid, row, column, color) {
	const result = copyOf(grid);
	const old = result[row][column];
	if (old === color) return result;
	const open = [[row, column]];
	while (open.length) {
		const [r, c] = open.pop();
		if (result[r]?.[c] !== old) continue;
		result[r][c] = color;
		open.push([r - 1, c], [r + 1, c], [r, c - 1], [r, c + 1]);
	}
	return result;
}

const parsed = (text) => text.split("/").map((row) => [...row].map(Number));

function task(name, rule, train, test) {
	const pair = (text) => ({ input: parsed(text), output: rule(parsed(text)) });
	return { name, train: train.map(pair), test: test.map(pair) };
}

/** Tasks of this page, so that there is something to look at. */
export const samples = [
	task("Mirror", (grid) => grid.map((row) => row.toReversed()),
		["300/320/000", "0060/0660/0006", "1000/1100/0110"], ["0400/4400/4000"]),
	task("Recolour", (grid) => grid.map((row) => row.map((color) => (color === 1 ? 2 : color))),
		["0100/1100/0005", "105/010/511", "30010/00110/10003"], ["0110/5010/0013"]),
	task("Gravity", (grid) => {
		const columns = grid[0].map((_, column) => grid.map((row) => row[column]).sort((a, b) => (a > 0) - (b > 0)));
		return grid.map((_, row) => columns.map((column) => column[row]));
	}, ["0300/3000/0003/0000", "080/800/000", "4040/0000/0400/0000"], ["0600/0006/6000/0000"]),
];
