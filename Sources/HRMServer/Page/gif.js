// Animated GIF files (GIF89a) of canvases with few colours.

/** A palette of at most 256 colours, and the index of a colour in it. */
function paletteOf(frames) {
    const counts = new Map();
    for (const { data } of frames) {
        for (let at = 0; at < data.length; at += 4) {
            const key = ((data[at] >> 2) << 12) | ((data[at + 1] >> 2) << 6) | (data[at + 2] >> 2);
            counts.set(key, (counts.get(key) ?? 0) + 1);
        }
    }
    const widened = (part) => (part << 2) | (part >> 4);
    const colors = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256)
        .map(([key]) => [widened(key >> 12), widened((key >> 6) & 63), widened(key & 63)]);
    const known = new Map();
    return {
        colors,
        index(red, green, blue) {
            const key = ((red >> 2) << 12) | ((green >> 2) << 6) | (blue >> 2);
            let found = known.get(key);
            if (found === undefined) {
                const distance = ([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
                found = colors.reduce((best, color, at) => (distance(color) < distance(colors[best]) ? at : best), 0);
                known.set(key, found);
            }
            return found;
        },
    };
}

/** The codes of the GIF variant of LZW with 8 bits per symbol, in blocks of at most 255 bytes. */
function compressed(pixels) {
    const bytes = [];
    let [held, heldBits] = [0, 0];
    let [width, next] = [9, 258];
    let table = new Map();
    const write = (code) => {
        held |= code << heldBits;
        heldBits += width;
        while (heldBits >= 8) {
            bytes.push(held & 255);
            held >>>= 8;
            heldBits -= 8;
        }
    };
    write(256);
    let prefix = pixels[0];
    for (let at = 1; at < pixels.length; at += 1) {
        const key = prefix * 256 + pixels[at];
        const code = table.get(key);
        if (code !== undefined) {
            prefix = code;
            continue;
        }
        write(prefix);
        if (next < 4096) {
            table.set(key, next);
            if (next === 1 << width) width += 1;
            next += 1;
        } else {
            write(256);
            table = new Map();
            [width, next] = [9, 258];
        }
        prefix = pixels[at];
    }
    write(prefix);
    write(257);
    if (heldBits) bytes.push(held & 255);
    const blocks = [8];
    for (let start = 0; start < bytes.length; start += 255) {
        const block = bytes.slice(start, start + 255);
        blocks.push(block.length, ...block);
    }
    blocks.push(0);
    return blocks;
}

/** A GIF file from pictures (ImageData of one size) and the seconds for which each is shown. */
export function gif(frames, seconds) {
    const { width, height } = frames[0];
    const palette = paletteOf(frames);
    const short = (value) => [value & 255, value >> 8];
    const parts = [
        new TextEncoder().encode("GIF89a"),
        [...short(width), ...short(height), 0xf7, 0, 0],
        Array.from({ length: 256 }, (_, at) => palette.colors[at] ?? [0, 0, 0]).flat(),
        [0x21, 0xff, 11, ...new TextEncoder().encode("NETSCAPE2.0"), 3, 1, 0, 0, 0],
    ];
    frames.forEach(({ data }, number) => {
        const pixels = new Uint8Array(width * height);
        for (let at = 0; at < pixels.length; at += 1) {
            pixels[at] = palette.index(data[4 * at], data[4 * at + 1], data[4 * at + 2]);
        }
        parts.push([0x21, 0xf9, 4, 0, ...short(Math.round(100 * seconds[number])), 0, 0]);
        parts.push([0x2c, 0, 0, 0, 0, ...short(width), ...short(height), 0]);
        parts.push(compressed(pixels));
    });
    parts.push([0x3b]);
    return new Blob(parts.map((part) => new Uint8Array(part)), { type: "image/gif" });
}
