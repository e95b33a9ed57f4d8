import Foundation

/// A problem with a tensor, without its name.
package struct TensorProblem: Error, Equatable {
    package var reason: String
}

/// The validated position of a tensor in its storage.
package struct StridedTensor {
    let elementType: SafetensorsElementType
    let shape: [Int]
    /// The size of the contiguous elements in bytes.
    let byteCount: Int
    private let offset: Int
    private let strides: [Int]

    /// Checks that every element lies within the storage.
    ///
    /// - Parameter tensor: The tensor as described in the pickle.
    /// - Throws: ``TensorProblem``.
    init(_ tensor: PickleHeap.Tensor) throws(TensorProblem) {
        guard tensor.shape.count == tensor.strides.count else {
            throw TensorProblem(
                reason:
                    "has \(tensor.shape.count.counted("size")) and \(tensor.strides.count.counted("stride"))"
            )
        }
        guard tensor.shape.allSatisfy({ $0 >= 0 }), tensor.strides.allSatisfy({ $0 >= 0 }),
            tensor.offset >= 0
        else { throw TensorProblem(reason: "has a negative size, stride or offset") }
        guard let bytes = Self.product(tensor.shape, from: tensor.elementType.byteCount)
        else {
            throw TensorProblem(
                reason: "of shape \(tensor.shape) has more elements than can be counted")
        }
        if bytes > 0 {
            guard let last = Self.last(tensor), last < tensor.elementCount else {
                throw TensorProblem(
                    reason: "of shape \(tensor.shape) with strides \(tensor.strides) at element "
                        + "\(tensor.offset) reaches beyond its storage '\(tensor.key)' of "
                        + tensor.elementCount.counted("element"))
            }
        }
        elementType = tensor.elementType
        shape = tensor.shape
        byteCount = bytes
        offset = tensor.offset
        // The stride of an axis of extent 1 is never used and may be arbitrary.
        strides = zip(tensor.shape, tensor.strides).map { $0 == 1 ? 0 : $1 }
    }

    private static func product(_ factors: [Int], from first: Int) -> Int? {
        var product = first
        for factor in factors {
            let (next, overflow) = product.multipliedReportingOverflow(by: factor)
            guard !overflow else { return nil }
            product = next
        }
        return product
    }

    /// Returns the index of the last element; nil on overflow.
    private static func last(_ tensor: PickleHeap.Tensor) -> Int? {
        var place = tensor.offset
        for (extent, stride) in zip(tensor.shape, tensor.strides) {
            let (step, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
            let (next, carry) = place.addingReportingOverflow(step)
            guard !overflow, !carry else { return nil }
            place = next
        }
        return place
    }

    /// True if the elements are contiguous and row-major.
    private var isContiguous: Bool {
        var expected = 1
        for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
            guard stride == expected else { return false }
            expected *= extent
        }
        return true
    }

    /// Returns the elements in row-major order.
    ///
    /// - Parameter storage: The bytes of the whole storage.
    /// - Returns: A tensor that shares the storage's memory if it is contiguous.
    func written(out storage: Data) -> SafetensorsTensor {
        let width = elementType.byteCount
        if byteCount == 0 {
            return SafetensorsTensor(elementType: elementType, shape: shape, bytes: Data())
        }
        if isContiguous {
            let start = storage.startIndex + offset * width
            return SafetensorsTensor(
                elementType: elementType, shape: shape, bytes: storage[start..<(start + byteCount)])
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        let span = storage.span
        var index = Array(repeating: 0, count: shape.count)
        var place = offset
        while bytes.count < byteCount {
            for byte in 0..<width { bytes.append(span[place * width + byte]) }
            // Advance to the next index; the last axis varies fastest.
            for axis in shape.indices.reversed() {
                index[axis] += 1
                place += strides[axis]
                if index[axis] < shape[axis] { break }
                place -= strides[axis] * shape[axis]
                index[axis] = 0
            }
        }
        return SafetensorsTensor(elementType: elementType, shape: shape, bytes: Data(bytes))
    }
}
