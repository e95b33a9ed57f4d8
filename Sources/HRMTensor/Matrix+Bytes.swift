extension Matrix {
    /// The size of the elements in bytes.
    package var byteCount: Int { rows * columns * precision.byteCount }

    /// Returns a copy of some of the bytes of a matrix without gaps between its rows, row-major and
    /// in the machine's byte order.
    ///
    /// - Parameter range: A subrange of `0 ..< byteCount`.
    /// - Returns: The bytes.
    package func bytes(_ range: Range<Int>) -> [UInt8] {
        requireNoGaps("a matrix to be read")
        precondition(
            range.lowerBound >= 0 && range.upperBound <= byteCount,
            "bytes \(range) of \(byteCount) of \(shapeDescription)")
        let source = unsafe UnsafeRawBufferPointer(
            start: address(row: 0) + range.lowerBound, count: range.count)
        return unsafe [UInt8](source)
    }

    /// The memory of a matrix without gaps between its rows, for transfers between processes.
    ///
    /// It is valid as long as the matrix or another view of its memory exists.
    @unsafe package var memory: UnsafeMutableRawBufferPointer {
        requireNoGaps("a transferred matrix")
        return unsafe UnsafeMutableRawBufferPointer(start: address(row: 0), count: byteCount)
    }

    /// Replaces all elements of a matrix without gaps between its rows with bytes from
    /// ``bytes(_:)``.
    ///
    /// - Precondition: There are ``byteCount`` bytes.
    package func assign(bytes: RawSpan) {
        requireNoGaps("a matrix to be written")
        precondition(
            bytes.byteCount == byteCount, "\(bytes.byteCount) bytes for \(shapeDescription)")
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress, source.count > 0 else { return }
            unsafe address(row: 0).copyMemory(from: start, byteCount: source.count)
        }
    }
}
