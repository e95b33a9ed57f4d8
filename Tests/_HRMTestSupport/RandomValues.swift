public import HRMTensor

extension SeededGenerator {
    /// Returns `count` uniform numbers in `−scale ..< scale`.
    public mutating func values(_ count: Int, scale: Float = 1) -> [Float] {
        (0..<count).map { _ in (2 * nextUnitFloat() - 1) * scale }
    }
}
