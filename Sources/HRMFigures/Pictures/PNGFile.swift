/// The bytes of a PNG file (ISO/IEC 15948).
enum PNGFile {
    /// The pixel format, with eight bits per sample.
    enum Pixels {
        /// One byte per pixel: its index in the palette, which has at most 256 colours.
        case indexed([RGBColor])
        /// Red, green and blue of each pixel.
        case rgb

        var byteCount: Int {
            switch self {
            case .indexed: 1
            case .rgb: 3
            }
        }

        /// The colour type in the header.
        var colorType: UInt8 {
            switch self {
            case .indexed: 3
            case .rgb: 2
            }
        }
    }

    /// Returns the bytes of a file.
    ///
    /// - Parameters:
    ///   - samples: The pixels, row by row.
    ///   - width: The width in pixels.
    ///   - height: The height in pixels.
    ///   - pixels: The pixel format.
    /// - Returns: The bytes of the file; equal pixels give equal bytes.
    static func bytes(
        of samples: [UInt8], width: Int, height: Int, pixels: Pixels
    ) -> [UInt8] {
        let rowLength = width * pixels.byteCount
        precondition(
            samples.count == rowLength * height,
            "\(samples.count) bytes do not fill \(height) rows of \(rowLength)")
        // Eight bits per sample, the only compression and filter methods, not interlaced.
        let header =
            bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, pixels.colorType, 0, 0, 0]
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        file += chunk("IHDR", header)
        if case .indexed(let palette) = pixels {
            file += chunk("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] })
        }
        let rows = PNGFilter.filtered(
            samples, rowLength: rowLength, pixelLength: pixels.byteCount)
        return file + chunk("IDAT", Deflate.zlibStream(rows)) + chunk("IEND", [])
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + content
        return bigEndian(UInt32(content.count)) + named + bigEndian(Checksums.crc32(named))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }
}

/// The filters applied to rows of pixels before compression (ISO/IEC 15948, 9).
enum PNGFilter: UInt8, CaseIterable {
    /// The unmodified row.
    case none = 0
    /// Differences from the pixel on the left.
    case sub = 1
    /// Differences from the pixel above.
    case up = 2

    /// Returns all rows, each preceded by its filter number: the filter that gives the most zero
    /// bytes, a good heuristic for pictures of uniform areas.
    static func filtered(_ samples: [UInt8], rowLength: Int, pixelLength: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(samples.count + samples.count / max(1, rowLength))
        for start in stride(from: 0, to: samples.count, by: rowLength) {
            let row = start..<(start + rowLength)
            var best: (filter: PNGFilter, bytes: [UInt8], zeros: Int)?
            for filter in allCases {
                let bytes = filter.applied(to: samples, row: row, pixelLength: pixelLength)
                let zeros = bytes.count { $0 == 0 }
                if zeros > best?.zeros ?? -1 { best = (filter, bytes, zeros) }
            }
            guard let best else { continue }
            result.append(best.filter.rawValue)
            result += best.bytes
        }
        return result
    }

    private func applied(
        to samples: [UInt8], row: Range<Int>, pixelLength: Int
    ) -> [UInt8] {
        switch self {
        case .none: Array(samples[row])
        case .sub:
            row.map { index in
                let hasLeft = index - row.lowerBound >= pixelLength
                return samples[index] &- (hasLeft ? samples[index - pixelLength] : 0)
            }
        case .up:
            row.map { index in
                samples[index] &- (index >= row.count ? samples[index - row.count] : 0)
            }
        }
    }
}
