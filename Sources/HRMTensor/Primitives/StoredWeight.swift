internal import CHRMKernels

/// A weight of shape `[outputs, inputs]` in the order of a file, in memory of its own or of a mapped
/// file.
///
/// Products with up to ``few`` rows stream it from memory; products with more rows pack a part at a
/// time. In float32 arithmetic, stored bfloat16 numbers are widened, without rounding.
@safe
package struct StoredWeight: Sendable {
    /// The number format of the elements.
    package enum Format: Sendable, Hashable {
        /// IEEE 754 binary32.
        case float32
        /// bfloat16.
        case bfloat16
        /// 8-bit integers with one bfloat16 factor for 32 neighbours in a row.
        case int8
    }

    /// The largest number of rows of a product that streams the weight.
    package static let few = 32
    /// The largest number of rows of one call of the kernel.
    private static let fewAtOnce = 8
    /// The number of 8-bit elements with a common factor.
    package static let group = 32

    /// The number of output features.
    package let outputs: Int
    /// The number of input features.
    package let inputs: Int
    /// The number format of the elements.
    package let format: Format

    /// The owners of the memory.
    private let owners: [any Sendable]
    // SAFETY: the memory belongs to the owners and is not written while the weight is in use.
    nonisolated(unsafe) private let rows: UnsafeRawPointer
    nonisolated(unsafe) private let scales: UnsafePointer<UInt16>?

    /// Creates a view of a mapped file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - offset: The offset of the first element in bytes, a multiple of an element's size.
    ///   - outputs: The number of rows.
    ///   - inputs: The number of columns.
    ///   - precision: The number format of the elements.
    package init(_ file: MappedFile, offset: Int, outputs: Int, inputs: Int, precision: Precision) {
        let (count, overflow) = outputs.multipliedReportingOverflow(by: inputs)
        let size = precision.byteCount
        precondition(
            outputs >= 1 && inputs >= 1 && !overflow && offset >= 0 && offset.isMultiple(of: size)
                && offset <= file.byteCount && count <= (file.byteCount - offset) / size,
            "[\(outputs), \(inputs)] from byte \(offset) of \(file.byteCount)")
        guard let base = unsafe file.base else { preconditionFailure("an empty file") }
        self.outputs = outputs
        self.inputs = inputs
        format = precision == .float32 ? .float32 : .bfloat16
        owners = [file]
        unsafe rows = base + offset
        unsafe scales = nil
    }

    /// Creates a view of a matrix without gaps between its rows.
    package init(_ matrix: Matrix) {
        matrix.requireNoGaps("a stored weight")
        precondition(
            matrix.rows >= 1 && matrix.columns >= 1, "a weight \(matrix.shapeDescription)")
        outputs = matrix.rows
        inputs = matrix.columns
        format = matrix.precision == .float32 ? .float32 : .bfloat16
        owners = [matrix]
        unsafe rows = UnsafeRawPointer(matrix.address(row: 0))
        unsafe scales = nil
    }

    /// Creates a weight of 8-bit elements in the bytes of `values`.
    private init(outputs: Int, inputs: Int, values: Matrix, scales: Matrix) {
        self.outputs = outputs
        self.inputs = inputs
        format = .int8
        owners = [values, scales]
        unsafe rows = UnsafeRawPointer(values.address(row: 0))
        unsafe self.scales = UnsafePointer(
            scales.address(row: 0).assumingMemoryBound(to: UInt16.self))
    }

    /// The memory that a product reads, in bytes.
    package var byteCount: Int {
        switch format {
        case .float32: 4 * outputs * inputs
        case .bfloat16: 2 * outputs * inputs
        case .int8: outputs * groupCount * (Self.group + 2)
        }
    }

    private var groupCount: Int { (inputs + Self.group - 1) / Self.group }

    private var view: hrm_stored {
        let storage: hrm_storage =
            switch format {
            case .float32: HRM_STORED_FLOAT32
            case .bfloat16: HRM_STORED_BFLOAT16
            case .int8: HRM_STORED_INT8
            }
        return unsafe hrm_stored(
            storage: storage, rows: rows,
            stride: format == .int8 ? groupCount * Self.group : inputs, depth: inputs,
            scales: scales, scale_stride: format == .int8 ? groupCount : 0)
    }

    // MARK: Conversions

    /// Returns one weight with the rows of several, in memory of its own.
    ///
    /// - Precondition: All have the same number of inputs, and none has 8-bit elements.
    package static func stacked(_ parts: [StoredWeight]) -> StoredWeight {
        guard let first = parts.first else { preconditionFailure("no parts of a weight") }
        let precision: Precision =
            parts.allSatisfy { $0.format == .bfloat16 } ? .bfloat16 : .float32
        let whole = Matrix(
            rows: parts.reduce(0) { $0 + $1.outputs }, columns: first.inputs, precision: precision)
        var row = 0
        for part in parts {
            precondition(
                part.inputs == first.inputs && part.format != .int8,
                "\(part.inputs) inputs of a part, \(first.inputs) of the first")
            let format: Precision = part.format == .bfloat16 ? .bfloat16 : .float32
            unsafe hrm_convert(
                format.code, part.rows, precision.code, whole.address(row: row),
                part.outputs * part.inputs)
            row += part.outputs
        }
        return StoredWeight(whole)
    }

    /// Returns the weight with 8-bit elements: in each group the nearest multiples of the largest
    /// magnitude / 127, rounded up to bfloat16.
    package func quantized(pool: WorkerPool) -> StoredWeight {
        let groups = groupCount
        let values = Matrix(rows: outputs, columns: groups * Self.group / 4)
        let scales = Matrix(rows: outputs, columns: groups, precision: .bfloat16)
        pool.share(outputs) { range, scratch in
            let row = unsafe scratch.reserve(groups * Self.group * 4)
                .assumingMemoryBound(to: Float.self)
            for index in range {
                unsafe row.initialize(repeating: 0, count: groups * Self.group)
                unsafe KernelPath.active.kernels.stored_row(view, index, 1, row)
                unsafe KernelPath.active.kernels.quantize_groups(
                    row, groups, values.address(row: index).assumingMemoryBound(to: Int8.self),
                    scales.address(row: index).assumingMemoryBound(to: UInt16.self))
            }
        }
        return StoredWeight(outputs: outputs, inputs: inputs, values: values, scales: scales)
    }

    /// Tells the system that the weight is not needed soon, if it lies in a mapped file.
    package func releasePages() {
        for owner in owners {
            unsafe (owner as? MappedFile)?.releasePages(from: rows, byteCount: byteCount)
        }
    }

    // MARK: Reading

    /// Writes a row, widened to float32 and multiplied by a factor.
    ///
    /// - Parameters:
    ///   - row: The number of the row.
    ///   - scale: The factor.
    ///   - output: A float32 matrix with as many columns as the weight.
    ///   - outputRow: The row to overwrite.
    package func read(row: Int, scale: Float = 1, into output: Matrix, row outputRow: Int) {
        output.require("a row of a weight", rows: output.rows, columns: inputs, .float32)
        precondition(
            (0..<outputs).contains(row) && (0..<output.rows).contains(outputRow),
            "row \(row) of \(outputs) into row \(outputRow) of \(output.shapeDescription)")
        unsafe KernelPath.active.kernels.stored_row(
            view, row, scale, output.floats(row: outputRow))
    }

    // MARK: Products

    /// Computes some columns of `y = x · Wᵀ`.
    ///
    /// - Parameters:
    ///   - x: Shape `[rows, inputs]`, of either precision, in which products are computed.
    ///   - range: A subrange of the outputs.
    ///   - adds: True to add to `y`.
    ///   - y: Shape `[rows, outputs]`, float32.
    ///   - scratch: The worker's scratch memory.
    package func multiply(
        _ x: Matrix, outputs range: Range<Int>, adds: Bool = false, into y: Matrix,
        scratch: Scratch
    ) {
        x.require("the input of a weight", rows: x.rows, columns: inputs)
        y.require("the output of a weight", rows: x.rows, columns: outputs, .float32)
        precondition(
            range.lowerBound >= 0 && range.upperBound <= outputs,
            "outputs \(range) of \(outputs)")
        guard !range.isEmpty, x.rows > 0 else { return }
        guard x.rows > Self.few else {
            return multiplyFew(x, outputs: range, adds: adds, into: y, scratch: scratch)
        }
        unsafe packed(x.precision, range, isPaired: false, scratch) { part, packed, memory in
            let kernels = unsafe KernelPath.active.kernels
            let target = y.columns(part)
            if adds {
                unsafe kernels.linear_accumulate(
                    x.precision.code, x.rows, x.view, packed, target.view, memory)
            } else {
                unsafe kernels.linear(
                    x.precision.code, x.rows, x.view, packed, nil, HRM_FLOAT32, target.view, memory)
            }
        }
    }

    /// Computes the product with few rows.
    ///
    /// More rows than the kernel takes at once are processed in groups, each with the same part of
    /// the weight, which the other groups then find in the second-level cache.
    private func multiplyFew(
        _ x: Matrix, outputs range: Range<Int>, adds: Bool, into y: Matrix, scratch: Scratch
    ) {
        let kernels = unsafe KernelPath.active.kernels
        let code = x.precision.code
        let groups = (x.rows + Self.fewAtOnce - 1) / Self.fewAtOnce
        // Groups of nearly equal size.
        let parts = (0..<groups).map { (x.rows * $0 / groups)..<(x.rows * ($0 + 1) / groups) }
        var bytes: [Int] = []
        for part in parts {
            unsafe bytes.append((kernels.few_operand_bytes(code, view, part.count) + 63) / 64 * 64)
        }
        let memory = unsafe scratch.reserve(bytes.reduce(0, +))
        var operand = unsafe memory
        for (part, size) in zip(parts, bytes) {
            unsafe kernels.few_operand(code, view, part.count, x.rows(part).view, operand)
            unsafe operand += size
        }
        // An even number of rows, since the kernel takes two at a time.
        let rows = max(2, Self.packedByteCount / max(1, byteCount / outputs) / 2 * 2)
        let step = groups == 1 ? range.count : rows
        var first = range.lowerBound
        while first < range.upperBound {
            let last = min(first + step, range.upperBound)
            unsafe operand = memory
            for (part, size) in zip(parts, bytes) {
                unsafe kernels.few(
                    code, view, first, last, part.count, operand, y.rows(part).view,
                    adds ? 1 : 0)
                unsafe operand += size
            }
            first = last
        }
    }

    /// Computes some columns of `y = silu(x · Gᵀ) ∘ (x · Uᵀ)`, where the weight's rows are those of
    /// G, then those of U.
    ///
    /// - Parameters:
    ///   - x: Shape `[rows, inputs]`, of either precision, in which products are computed; more
    ///     than ``few`` rows.
    ///   - range: A subrange of the columns of `y`.
    ///   - y: Shape `[rows, outputs / 2]`, in the precision of `x`.
    ///   - scratch: The worker's scratch memory.
    package func multiplySwiGLU(
        _ x: Matrix, columns range: Range<Int>, into y: Matrix, scratch: Scratch
    ) {
        x.require("the input of a weight", rows: x.rows, columns: inputs)
        y.require("the SwiGLU", rows: x.rows, columns: outputs / 2, x.precision)
        precondition(
            outputs.isMultiple(of: 2) && range.lowerBound >= 0 && range.upperBound <= outputs / 2,
            "columns \(range) of \(outputs / 2)")
        unsafe packed(x.precision, range, isPaired: true, scratch) { part, packed, memory in
            let none = unsafe hrm_row_sums(table: .none, first: nil, numbers: nil)
            unsafe KernelPath.active.kernels.linear_swiglu(
                x.precision.code, x.rows, x.view, packed, none, y.columns(part).view, .none,
                memory)
        }
    }

    /// The memory of packed panels that stays in the second-level cache.
    private static let packedByteCount = 1 << 18

    /// Calls `body` with parts of the outputs in packed form and the memory for their product.
    private func packed(
        _ precision: Precision, _ range: Range<Int>, isPaired: Bool, _ scratch: Scratch,
        _ body: (Range<Int>, hrm_packed, UnsafeMutableRawPointer) -> Void
    ) {
        let kernels = unsafe KernelPath.active.kernels
        let panel = unsafe kernels.panel_bytes(precision.code, inputs)
        // The smallest width with two panels is one more than a panel's.
        var width = 1
        while unsafe kernels.panel_count((isPaired ? 2 : 1) * (width + 1), isPaired ? 1 : 0) == 1 {
            width += 1
        }
        width *= max(1, Self.packedByteCount / panel)
        let factor = isPaired ? 2 : 1
        let panels = unsafe kernels.panel_count(width * factor, isPaired ? 1 : 0) * panel
        let copy = unsafe kernels.pack_stored_scratch(view)
        func rounded(_ bytes: Int) -> Int { (bytes + 63) / 64 * 64 }
        let work = max(copy, unsafe kernels.linear_scratch(width * factor, inputs))
        let memory = unsafe scratch.reserve(rounded(panels) + rounded(work))
        let rest = unsafe memory + rounded(panels)
        var first = range.lowerBound
        while first < range.upperBound {
            let count = min(width, range.upperBound - first)
            unsafe kernels.pack_stored(
                view, precision.code, first, count, isPaired ? outputs / 2 : 0, memory, rest)
            unsafe body(
                first..<(first + count),
                hrm_packed(
                    panels: memory, columns: count * factor, depth: inputs,
                    paired: isPaired ? 1 : 0), rest)
            first += count
        }
    }
}

/// Measures the speed of reading memory, the baseline for products that stream weights.
package enum MemoryThroughput {
    /// Reads a block of memory several times on all workers.
    ///
    /// - Parameters:
    ///   - byteCount: The size of the block, much larger than the caches.
    ///   - rounds: The number of times.
    ///   - pool: The workers.
    /// - Returns: The best round's bytes per second of all workers together.
    package static func measure(byteCount: Int, rounds: Int, pool: WorkerPool) -> Double {
        let block = Matrix(rows: 1, columns: byteCount / 4)
        block.clear()
        let clock = ContinuousClock()
        var best = 0.0
        for _ in 0..<rounds {
            let start = clock.now
            pool.share(byteCount / 4) { range, _ in
                _ = unsafe KernelPath.active.kernels.read_memory(
                    block.floats() + range.lowerBound, range.count * 4)
            }
            best = max(best, Double(byteCount) / ((clock.now - start) / .seconds(1)))
        }
        return best
    }
}
