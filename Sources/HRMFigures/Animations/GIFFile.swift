/// The bytes of an animated GIF file (version 89a).
enum GIFFile {
    /// One picture of the animation.
    struct Frame {
        /// The palette index of each pixel, row by row.
        var pixels: [UInt8]
        /// The display time in seconds; the format stores hundredths of a second.
        var seconds: Double
    }

    /// Returns the bytes of a looping animation.
    ///
    /// - Parameters:
    ///   - frames: The pictures, each of `width · height` pixels.
    ///   - width: The width in pixels, at most 65,535.
    ///   - height: The height in pixels, at most 65,535.
    ///   - palette: At most 256 colours.
    /// - Returns: The bytes; equal pictures give equal bytes.
    static func bytes(
        of frames: [Frame], width: Int, height: Int, palette: [RGBColor]
    ) -> [UInt8] {
        precondition(
            (1...65535).contains(width) && (1...65535).contains(height)
                && (1...256).contains(palette.count)
                && frames.allSatisfy { $0.pixels.count == width * height },
            "\(frames.map(\.pixels.count)) pixels and \(palette.count) colours for "
                + "\(width) × \(height)")
        // The size of the colour table is a power of two.
        var bits = 1
        while 1 << bits < palette.count { bits += 1 }
        var file = Array("GIF89a".utf8) + word(width) + word(height)
        file += [0xF0 | UInt8(bits - 1), 0, 0]
        for place in 0..<(1 << bits) {
            let color = place < palette.count ? palette[place] : RGBColor(0)
            file += [color.red, color.green, color.blue]
        }
        file += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1] + word(0) + [0]
        var before: [UInt8]?
        for frame in frames {
            // Only the rectangle that changed is stored.
            let area = changedArea(frame.pixels, from: before, width: width, height: height)
            let hundredths = min(max((frame.seconds * 100).rounded(), 2), 65535)
            file += [0x21, 0xF9, 4, 0x04] + word(Int(hundredths)) + [0, 0]
            file += [0x2C] + word(area.columns.lowerBound) + word(area.rows.lowerBound)
            file += word(area.columns.count) + word(area.rows.count) + [0]
            let pixels = area.rows.flatMap { row in
                frame.pixels[
                    (row * width + area.columns.lowerBound)..<(row * width
                        + area.columns.upperBound)]
            }
            // The format has no codes of one bit.
            let codeSize = max(2, bits)
            file.append(UInt8(codeSize))
            let data = LZW.compressed(pixels, codeSize: codeSize)
            for start in stride(from: 0, to: data.count, by: 255) {
                let block = data[start..<min(start + 255, data.count)]
                file += [UInt8(block.count)] + block
            }
            file.append(0)
            before = frame.pixels
        }
        return file + [0x3B]
    }

    private static func word(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }

    /// Returns the smallest rectangle that contains all changes; never empty.
    private static func changedArea(
        _ pixels: [UInt8], from before: [UInt8]?, width: Int, height: Int
    ) -> (rows: Range<Int>, columns: Range<Int>) {
        guard let before else { return (0..<height, 0..<width) }
        var (top, bottom, left, right) = (height, 0, width, 0)
        for index in pixels.indices where pixels[index] != before[index] {
            let (row, column) = (index / width, index % width)
            (top, bottom) = (min(top, row), max(bottom, row + 1))
            (left, right) = (min(left, column), max(right, column + 1))
        }
        return top < bottom ? (top..<bottom, left..<right) : (0..<1, 0..<1)
    }
}
