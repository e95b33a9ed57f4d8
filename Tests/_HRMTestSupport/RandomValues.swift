public import HRMTensor

extension SeededGenerator {
    /// `count` numbers, uniform in `−scale ..< scale`.
    public mutating func values(_ count: Int, scale: Float = 1) -> [Float] {
        (0..<count).map { _ in (2 * nextUnitFloat() - 1) * scale }
    }
}
