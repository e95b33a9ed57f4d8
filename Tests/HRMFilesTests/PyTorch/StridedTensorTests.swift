import Foundation
import HRMTensor
import Testing

@testable import HRMFiles

@Suite struct StridedTensorTests {
    private static func tensor(
        _ type: SafetensorsElementType = .int32, offset: Int = 0, shape: [Int], strides: [Int],
        elementCount: Int
    ) -> PickleHeap.Tensor {
        .init(
            elementType: type, key: "0", elementCount: elementCount, offset: offset, shape: shape,
            strides: strides)
    }

    /// Every element is the one that its indices and the strides lead to.
    @Test(arguments: UInt64(0)..<60)
    func elementsAreWhereTheStridesLead(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let shape = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            Int.random(in: 0...4, using: &generator)
        }
        let strides = shape.map { _ in Int.random(in: 0...5, using: &generator) }
        let offset = Int.random(in: 0...3, using: &generator)
        let last = zip(shape, strides).reduce(offset) { $0 + max(0, $1.0 - 1) * $1.1 }
        let storage = SafetensorsTensor.int32((0...Int32(last)).map { $0 * 7 }, shape: [last + 1])
        let view = try StridedTensor(
            Self.tensor(
                offset: offset, shape: shape, strides: strides, elementCount: last + 1))
        let written = view.written(out: storage.bytes)
        var expected: [Int] = []
        for number in 0..<shape.reduce(1, *) {
            var rest = number
            var place = offset
            for axis in shape.indices.reversed() {
                place += rest % shape[axis] * strides[axis]
                rest /= shape[axis]
            }
            expected.append(place * 7)
        }
        #expect(written.shape == shape, "seed \(seed)")
        #expect(written.integers() == expected, "seed \(seed)")
    }

    @Test(arguments: SafetensorsElementType.allCases)
    func transposingTwiceIsTheIdentity(_ type: SafetensorsElementType) throws {
        let bytes = Data((0..<(12 * type.byteCount)).map { UInt8($0) })
        let turned = try StridedTensor(
            Self.tensor(type, shape: [4, 3], strides: [1, 4], elementCount: 12)
        ).written(out: bytes)
        #expect(turned.bytes != bytes)
        let back = try StridedTensor(
            Self.tensor(type, shape: [3, 4], strides: [1, 3], elementCount: 12)
        ).written(out: turned.bytes)
        #expect(back.bytes == bytes && back.shape == [3, 4])
    }

    @Test(arguments: [
        ([2, 3], [3, 1], 0, 5), ([2, 3], [3, 1], 1, 6), ([6], [1], 0, 5), ([], [], 3, 3),
        ([2], [Int.max], 0, 9), ([2, 2], [Int.max, Int.max], 0, 9), ([1], [1], Int.max, 9),
        ([2], [-1], 5, 9), ([-2], [1], 0, 9), ([1], [1], -1, 9), ([2], [1, 1], 0, 9),
        ([Int.max, Int.max], [0, 0], 0, 9), ([Int.max, 0], [0, 0], 0, 9),
    ])
    func whatLeavesTheStorageIsRefused(
        _ shape: [Int], _ strides: [Int], _ offset: Int, _ count: Int
    ) {
        #expect(throws: TensorProblem.self) {
            try StridedTensor(
                Self.tensor(
                    offset: offset, shape: shape, strides: strides, elementCount: count))
        }
    }

    @Test func stepsThatNobodyTakesMayBeLong() throws {
        let storage = SafetensorsTensor.int32([1, 2, 3, 4], shape: [4]).bytes
        let view = try StridedTensor(
            Self.tensor(
                offset: 1, shape: [1, 2, 1], strides: [.max, 2, .max], elementCount: 4))
        #expect(view.written(out: storage).integers() == [2, 4])
        let empty = try StridedTensor(
            Self.tensor(offset: .max, shape: [0, 5], strides: [.max, .max], elementCount: 0))
        #expect(empty.written(out: Data()).shape == [0, 5])
    }
}
