// Files of a thinking: SVG, PNG, GIF and JSON.

import { button, download, h } from "./dom.js";
import { gif } from "./gif.js";
import { canvasOf, svgOf } from "./paint.js";

/** Buttons that save what a player shows. `json()` gives the value of the JSON file. */
export function exportButtons(player, { name = () => "thinking", json = null } = {}) {
    const current = () => [player.thinking, player.position, player.options];
    const kinds = {
        SVG: () => download(`${name()}.svg`, svgOf(...current()), "image/svg+xml"),
        PNG: () => canvasOf(...current()).toBlob((blob) => download(`${name()}.png`, blob)),
        GIF: () => download(`${name()}.gif`, animation(player.thinking, player.options)),
    };
    if (json) kinds.JSON = () => download(`${name()}.json`, JSON.stringify(json(), null, 1), "application/json");
    const titles = { SVG: "this step as a drawing", PNG: "this step as a picture", GIF: "all steps as an animation", JSON: "all steps as data" };
    return h("div", { class: "exports", role: "group", "aria-label": "Save as a file" },
        h("span", { class: "quiet-label", "aria-hidden": "true" }, "Save"),
        Object.entries(kinds).map(([kind, save]) =>
            button(kind, save, { class: "small", title: `Save ${titles[kind]}`, "data-export": kind.toLowerCase() })));
}

/** An animation of all steps; long ones are thinned to at most 64 frames. */
export function animation(thinking, options) {
    const last = thinking.steps.length;
    const stride = Math.max(1, Math.ceil(last / 63));
    const positions = Array.from({ length: last + 1 }, (_, at) => at).filter((at) => at % stride === 0 || at === last);
    const canvas = document.createElement("canvas");
    const frames = positions.map((position) => {
        canvasOf(thinking, position, options, 1, canvas);
        return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    });
    return gif(frames, positions.map((position) => (position === 0 ? 1 : position === last ? 2.5 : 0.5)));
}
