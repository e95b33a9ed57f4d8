// Draws a board for files: the same drawing as SVG, or on a canvas for PNG and GIF.

import { fillOf, glyphOf, inkOn } from "./cells.js";
import { s } from "./dom.js";

const font = "system-ui, -apple-system, 'Segoe UI', sans-serif";
const ink = { given: "#1d1f23", found: "#0c6670", wrong: "#b3261e", thin: "#c9c6bf", strong: "#2b2d31", caption: "#5b6068" };

/** A surface that builds an SVG element. */
class SVGSurface {
    constructor(width, height) {
        this.root = s("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": font });
    }
    rect(x, y, width, height, fill, stroke = "none", thickness = 0) {
        this.root.append(s("rect", { x, y, width, height, fill, stroke, "stroke-width": thickness }));
    }
    line(x1, y1, x2, y2, stroke, thickness) {
        this.root.append(s("path", { d: `M${x1} ${y1}L${x2} ${y2}`, stroke, "stroke-width": thickness, "stroke-linecap": "square" }));
    }
    text(x, y, text, fill, size, { weight = 400, anchor = "middle" } = {}) {
        this.root.append(s("text", { x, y, fill, "font-size": size, "font-weight": weight, "text-anchor": anchor }, text));
    }
}

/** A surface that draws on a canvas. */
class CanvasSurface {
    constructor(context, scale) {
        this.context = context;
        context.setTransform(scale, 0, 0, scale, 0, 0);
    }
    rect(x, y, width, height, fill, stroke = "none", thickness = 0) {
        this.context.fillStyle = fill;
        if (fill !== "none") this.context.fillRect(x, y, width, height);
        if (stroke === "none") return;
        this.context.strokeStyle = stroke;
        this.context.lineWidth = thickness;
        this.context.strokeRect(x, y, width, height);
    }
    line(x1, y1, x2, y2, stroke, thickness) {
        Object.assign(this.context, { strokeStyle: stroke, lineWidth: thickness, lineCap: "square" });
        this.context.beginPath();
        this.context.moveTo(x1, y1);
        this.context.lineTo(x2, y2);
        this.context.stroke();
    }
    text(x, y, text, fill, size, { weight = 400, anchor = "middle" } = {}) {
        const textAlign = { middle: "center", start: "left", end: "right" }[anchor];
        Object.assign(this.context, { fillStyle: fill, font: `${weight} ${size}px ${font}`, textAlign });
        this.context.fillText(text, x, y);
    }
}

/** The sizes of a picture of a thinking. */
function layout(task) {
    const cell = Math.max(8, Math.min(48, Math.floor(480 / Math.max(task.rows, task.columns))));
    return { cell, edge: 16, caption: 40, width: task.columns * cell + 32, height: task.rows * cell + 32 + 40 };
}

function paint(surface, thinking, position, options) {
    const { task } = thinking;
    const { cell, edge, width, height } = layout(task);
    const states = thinking.states(position, options);
    surface.rect(0, 0, width, height, "#ffffff");
    states.forEach((state, index) => paintCell(surface, task, state, {
        x: edge + (index % task.columns) * cell, y: edge + Math.floor(index / task.columns) * cell, cell,
    }));
    const [right, bottom] = [edge + task.columns * cell, edge + task.rows * cell];
    for (let row = 0; row <= task.rows; row += 1) {
        const isStrong = row % (task.boxRows ?? task.rows) === 0;
        if (isStrong) continue;
        surface.line(edge, edge + row * cell, right, edge + row * cell, ink.thin, 1);
    }
    for (let column = 0; column <= task.columns; column += 1) {
        if (column % (task.boxColumns ?? task.columns) === 0) continue;
        surface.line(edge + column * cell, edge, edge + column * cell, bottom, ink.thin, 1);
    }
    for (let row = 0; row <= task.rows; row += task.boxRows ?? task.rows) {
        surface.line(edge, edge + row * cell, right, edge + row * cell, ink.strong, 2);
    }
    for (let column = 0; column <= task.columns; column += task.boxColumns ?? task.columns) {
        surface.line(edge + column * cell, edge, edge + column * cell, bottom, ink.strong, 2);
    }
    const title = position ? `step ${position}: ${thinking.caption(position)}` : "the puzzle";
    surface.text(edge, bottom + 26, title, ink.caption, 14, { anchor: "start" });
}

function paintCell(surface, task, state, { x, y, cell }) {
    const fill = fillOf(task.kind, state.text);
    if (fill) surface.rect(x, y, cell, cell, fill);
    else if (state.doubt) surface.rect(x, y, cell, cell, mixed("#ffffff", "#f0b429", 0.55 * state.doubt));
    const glyph = glyphOf(task.kind, state.text);
    const color = fill ? inkOn(fill) : state.wrong ? ink.wrong : state.given ? ink.given : ink.found;
    const size = (cell * 0.56) / Math.max(1, glyph.length * 0.6);
    if (glyph) surface.text(x + cell / 2, y + cell / 2 + size * 0.36, glyph, color, size, { weight: state.given ? 600 : 400 });
    if (state.changed) surface.rect(x + cell * 0.08, y + cell * 0.08, cell * 0.12, cell * 0.12, color);
    if (state.pinned) surface.rect(x + 3, y + 3, cell - 6, cell - 6, "none", ink.found, 2);
    if (!state.text && state.notes?.length && task.kind === "sudoku") {
        const across = task.boxColumns ?? 3;
        for (const [symbol, mark] of state.notes) {
            const place = Number(symbol) - 1;
            const part = cell / across;
            const down = cell / (task.boxRows ?? 3);
            const color = mark === "struck" ? ink.wrong : ink.caption;
            surface.text(x + (place % across + 0.5) * part, y + (Math.floor(place / across) + 0.72) * down, symbol, color, Math.min(part, down) * 0.7);
        }
    }
}

function mixed(from, to, share) {
    const part = (color, start) => parseInt(color.slice(start, start + 2), 16);
    return `#${[1, 3, 5].map((start) => Math.round(part(from, start) * (1 - share) + part(to, start) * share)
        .toString(16).padStart(2, "0")).join("")}`;
}

/** The picture of a step as the text of an SVG file. */
export function svgOf(thinking, position, options) {
    const { width, height } = layout(thinking.task);
    const surface = new SVGSurface(width, height);
    paint(surface, thinking, position, options);
    return new XMLSerializer().serializeToString(surface.root);
}

/** A canvas with the picture of a step. */
export function canvasOf(thinking, position, options, scale = 2, canvas = document.createElement("canvas")) {
    const { width, height } = layout(thinking.task);
    canvas.width = width * scale;
    canvas.height = height * scale;
    paint(new CanvasSurface(canvas.getContext("2d", { willReadFrequently: true }), scale), thinking, position, options);
    return canvas;
}
