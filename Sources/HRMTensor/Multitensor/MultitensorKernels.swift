internal import CHRMKernels

extension KernelPath {
    /// The kernels of tensors with few channels.
    static var multitensor: hrm_multitensor_kernels {
        unsafe active.table.pointee.multitensor.pointee
    }
}

extension Matrix {
    /// The float32 elements of a tensor of some positions, without gaps.
    func tensor(_ name: StaticString, positions: Int, width: Int) -> UnsafeMutablePointer<Float> {
        require(name, rows: positions, columns: width, .float32)
        requireNoGaps(name)
        return unsafe floats()
    }

    /// Traps unless the number of channels is one that the kernels have.
    func requireWidth(_ name: StaticString, _ widths: [Int]) {
        precondition(
            widths.contains(columns), "\(name) is \(shapeDescription), needed are \(widths) columns"
        )
    }
}

extension hrm_shape {
    /// The axes of a tensor, outermost first.
    init(_ lengths: [Int]) {
        precondition(
            (1...Int(HRM_AXES)).contains(lengths.count) && lengths.allSatisfy { $0 > 0 },
            "a tensor of shape \(lengths)")
        self.init(rank: lengths.count, lengths: padded(lengths))
    }
}

/// One number per axis, followed by zeros.
func padded(_ values: [Int]) -> (Int, Int, Int, Int, Int) {
    func value(_ axis: Int) -> Int { axis < values.count ? values[axis] : 0 }
    return (value(0), value(1), value(2), value(3), value(4))
}
