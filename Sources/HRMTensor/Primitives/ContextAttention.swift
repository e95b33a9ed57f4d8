internal import CHRMKernels

/// The keys of a context that each of some queries sees.
package struct ContextVisibility: Sendable {
    /// The first key of each query.
    private var first: [UInt32] = []
    /// The key at each query's own place.
    private var own: [UInt32] = []
    /// The key after each query's last one.
    private var end: [UInt32] = []
    /// 0 or −∞ for each key: at a query's own place and before it, and after it.
    private var addends: (past: [Float], future: [Float])?

    /// Creates the visibility of the last `count` of `keyCount` positions to themselves and all
    /// before.
    package static func causal(count: Int, keyCount: Int) -> ContextVisibility {
        precondition(count >= 0 && count <= keyCount, "\(count) queries for \(keyCount) keys")
        var result = ContextVisibility()
        for place in (keyCount - count)..<keyCount {
            result.append(first: 0, own: place, end: place + 1)
        }
        return result
    }

    /// Creates a visibility without queries.
    package init() {}

    /// Appends a query.
    package mutating func append(first: Int, own: Int, end: Int) {
        precondition(
            0 <= first && first <= own && own < end && end < 1 << 31,
            "keys \(first) to \(end) for the query at \(own)")
        self.first.append(UInt32(first))
        self.own.append(UInt32(own))
        self.end.append(UInt32(end))
    }

    /// Hides keys.
    ///
    /// - Parameters:
    ///   - past: True for each key that queries at its place and later ones do not see.
    ///   - future: True for each key that earlier queries do not see.
    package mutating func hide(past: [Bool], future: [Bool]) {
        precondition(past.count == future.count, "\(past.count) and \(future.count) keys")
        func addends(_ flags: [Bool]) -> [Float] { flags.map { $0 ? -.infinity : 0 } }
        self.addends = (addends(past), addends(future))
    }

    /// The number of queries.
    package var count: Int { first.count }

    /// The number of keys that must exist.
    package var keyCount: Int { Int(end.max() ?? 0) }

    /// Calls `body` with the kernels' representation.
    fileprivate func withView(_ body: (hrm_visible) -> Void) {
        precondition(
            (addends?.past.count ?? .max) >= keyCount, "addends for fewer keys than \(keyCount)")
        unsafe first.withUnsafeBufferPointer { first in
            unsafe own.withUnsafeBufferPointer { own in
                unsafe end.withUnsafeBufferPointer { end in
                    guard let a = first.baseAddress, let b = own.baseAddress,
                        let c = end.baseAddress
                    else { return }
                    unsafe (addends?.past ?? []).withUnsafeBufferPointer { past in
                        unsafe (addends?.future ?? []).withUnsafeBufferPointer { future in
                            unsafe body(
                                hrm_visible(
                                    first: a, self: b, end: c,
                                    past: addends == nil ? nil : past.baseAddress,
                                    future: addends == nil ? nil : future.baseAddress))
                        }
                    }
                }
            }
        }
    }
}

/// Attention of one head to the keys and values of a context: `softmax(q · kᵀ / √d) · v`.
package enum ContextAttention {
    /// Computes the attention.
    ///
    /// - Parameters:
    ///   - queries: Shape `[queries, d]`.
    ///   - keys: Shape `[keys, d]`, the precision of the queries.
    ///   - values: Shape `[keys, d]`, the precision of the queries.
    ///   - visibility: The keys that each query sees; a query without any has zeros as result.
    ///   - output: Shape `[queries, d]`, the precision of the queries; overwritten.
    ///   - scratch: The worker's scratch memory.
    package static func forward(
        queries: Matrix, keys: Matrix, values: Matrix, visibility: ContextVisibility,
        into output: Matrix, scratch: Scratch
    ) {
        let size = queries.columns
        queries.require("queries", rows: visibility.count, columns: size)
        keys.require("keys", rows: keys.rows, columns: size, queries.precision)
        values.require("values", rows: keys.rows, columns: size, queries.precision)
        output.require("the attention", rows: queries.rows, columns: size, queries.precision)
        precondition(
            visibility.keyCount <= keys.rows && size >= 1,
            "\(visibility.keyCount) keys of \(keys.shapeDescription)")
        guard queries.rows > 0 else { return }
        let kernels = unsafe KernelPath.active.kernels
        let bytes = unsafe kernels.context_scratch(queries.rows, keys.rows, size)
        let memory = unsafe scratch.reserve(bytes)
        unsafe visibility.withView { visible in
            unsafe kernels.context_attention(
                queries.precision.code, queries.rows, keys.rows, size, queries.view, keys.view,
                values.view, visible, output.view, memory)
        }
    }

    /// Computes the gradients of queries, keys and values, all float32.
    ///
    /// - Parameters:
    ///   - forward: Queries, keys and values of the forward pass, each of shape `[tokens, d]`.
    ///   - visibility: As in the forward pass.
    ///   - output: The result of the forward pass, shape `[queries, d]`.
    ///   - outputGradient: The gradient of the result.
    ///   - gradients: Those of queries, keys and values; overwritten.
    ///   - scratch: The worker's scratch memory.
    package static func backward(
        _ forward: (queries: Matrix, keys: Matrix, values: Matrix),
        visibility: ContextVisibility, output: Matrix, outputGradient: Matrix,
        into gradients: (queries: Matrix, keys: Matrix, values: Matrix), scratch: Scratch
    ) {
        let (count, size) = (forward.queries.rows, forward.queries.columns)
        let keyCount = forward.keys.rows
        for matrix in [forward.queries, output, outputGradient, gradients.queries] {
            matrix.require("queries or results", rows: visibility.count, columns: size, .float32)
        }
        for matrix in [forward.keys, forward.values, gradients.keys, gradients.values] {
            matrix.require("keys or values", rows: keyCount, columns: size, .float32)
        }
        precondition(
            visibility.keyCount <= keyCount && size >= 1,
            "\(visibility.keyCount) keys of \(forward.keys.shapeDescription)")
        guard count > 0 else { return }
        let memory = unsafe scratch.reserve((keyCount + 64) * 4)
        unsafe visibility.withView { visible in
            unsafe KernelPath.active.kernels.context_attention_backward(
                count, keyCount, size, forward.queries.view, forward.keys.view,
                forward.values.view, visible, output.view, outputGradient.view,
                gradients.queries.view, gradients.keys.view, gradients.values.view, memory)
        }
    }
}
