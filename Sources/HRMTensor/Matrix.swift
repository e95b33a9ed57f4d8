internal import CHRMKernels
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A row-major matrix in 64-byte aligned memory, float32 or bfloat16.
///
/// A matrix is a *reference* to memory, like an array in a machine learning framework: copies and
/// views share their elements, and the last one frees them. Every primitive of this module checks
/// shapes, so code outside the module cannot access memory out of bounds. Data races are not
/// checked: the engine gives every worker separate matrices, and shares only matrices that are not
/// being written.
@safe
package struct Matrix {
    let storage: Storage
    /// The number of elements between the start of the storage and the first element of the view.
    let offset: Int
    /// The number of rows.
    package let rows: Int
    /// The number of elements in a row.
    package let columns: Int
    /// The number of elements from the start of one row to the start of the next.
    package let stride: Int
    /// The number format of the elements.
    package let precision: Precision

    /// Creates a matrix of zeros, shape `[rows, columns]`, without gaps between its rows.
    package init(rows: Int, columns: Int, precision: Precision = .float32) {
        self.init(rows: rows, columns: columns, stride: columns, precision: precision)
    }

    /// Returns a matrix of zeros for activations.
    ///
    /// Each row begins on a cache line, an odd number of lines after the preceding one, so that
    /// rows read together by a product do not compete for the same cache sets.
    ///
    /// - Parameters:
    ///   - rows: The number of rows.
    ///   - columns: The number of elements in a row, without the gaps between rows.
    ///   - precision: The number format of the elements.
    /// - Returns: The matrix.
    package static func activations(rows: Int, columns: Int, precision: Precision) -> Matrix {
        let line = 64 / precision.byteCount
        let lines = (columns + line - 1) / line | 1
        return Matrix(rows: rows, columns: columns, stride: lines * line, precision: precision)
    }

    private init(rows: Int, columns: Int, stride: Int, precision: Precision) {
        precondition(rows >= 0 && columns >= 0, "a matrix of shape [\(rows), \(columns)]")
        self.init(
            storage: Storage(byteCount: rows * stride * precision.byteCount), offset: 0,
            rows: rows, columns: columns, stride: stride, precision: precision)
    }

    /// Creates a matrix with the given values in row-major order.
    ///
    /// - Precondition: `values.count == rows * columns`.
    package init(_ values: [Float], rows: Int, columns: Int, precision: Precision = .float32) {
        self.init(rows: rows, columns: columns, precision: precision)
        assign(values)
    }

    private init(
        storage: Storage, offset: Int, rows: Int, columns: Int, stride: Int, precision: Precision
    ) {
        self.storage = storage
        self.offset = offset
        self.rows = rows
        self.columns = columns
        self.stride = stride
        self.precision = precision
    }

    /// The number of allocations for matrices and scratch memory since program start; tests use it
    /// to verify that a step allocates nothing.
    package static var allocationCount: Int { Storage.created.load(ordering: .relaxed) }

    /// The text `[rows, columns]` and the precision, for messages.
    package var shapeDescription: String { "[\(rows), \(columns)] \(precision.rawValue)" }

    /// Returns true if both matrices are views of the same memory.
    package func sharesMemory(with other: Matrix) -> Bool { storage === other.storage }

    // MARK: Views

    /// Returns the rows of a range as a view.
    package func rows(_ range: Range<Int>) -> Matrix {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= rows,
            "rows \(range) of a matrix of shape \(shapeDescription)")
        return Matrix(
            storage: storage, offset: offset + range.lowerBound * stride, rows: range.count,
            columns: columns, stride: stride, precision: precision)
    }

    /// Returns the columns of a range as a view.
    package func columns(_ range: Range<Int>) -> Matrix {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= columns,
            "columns \(range) of a matrix of shape \(shapeDescription)")
        return Matrix(
            storage: storage, offset: offset + range.lowerBound, rows: rows,
            columns: range.count, stride: stride, precision: precision)
    }

    /// Returns every `step`-th row, starting with the first, as a view.
    package func rows(every step: Int) -> Matrix {
        precondition(step >= 1, "every \(step)th row")
        return Matrix(
            storage: storage, offset: offset, rows: (rows + step - 1) / step, columns: columns,
            stride: stride * step, precision: precision)
    }

    /// Returns consecutive elements of a matrix with one row as a matrix of a different shape.
    package func reshaped(from first: Int, rows newRows: Int, columns newColumns: Int) -> Matrix {
        precondition(
            rows == 1 && first >= 0 && newRows >= 0 && newColumns >= 0
                && first + newRows * newColumns <= columns,
            "[\(newRows), \(newColumns)] from element \(first) of \(shapeDescription)")
        return Matrix(
            storage: storage, offset: offset + first, rows: newRows, columns: newColumns,
            stride: newColumns, precision: precision)
    }

    /// Returns the elements of a matrix without gaps between its rows as a matrix with a different
    /// number of rows.
    package func regrouped(rows newRows: Int) -> Matrix {
        precondition(
            (stride == columns || rows <= 1) && newRows > 0
                && (rows * columns).isMultiple(of: newRows),
            "\(shapeDescription) as \(newRows) rows")
        let width = rows * columns / newRows
        return Matrix(
            storage: storage, offset: offset, rows: newRows, columns: width, stride: width,
            precision: precision)
    }

    // MARK: Values

    /// All elements in row-major order, widened to float32.
    package var values: [Float] {
        var values = [Float](repeating: 0, count: rows * columns)
        unsafe values.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress, columns > 0 else { return }
            for row in 0..<rows {
                unsafe hrm_convert(
                    precision.code, address(row: row), HRM_FLOAT32, start + row * columns, columns)
            }
        }
        return values
    }

    /// Replaces all elements with values in row-major order, rounded to the matrix's precision.
    ///
    /// - Precondition: `values.count == rows * columns`.
    package func assign(_ values: [Float]) {
        precondition(
            values.count == rows * columns, "\(values.count) values for \(shapeDescription)")
        unsafe values.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress, columns > 0 else { return }
            for row in 0..<rows {
                unsafe hrm_convert(
                    HRM_FLOAT32, start + row * columns, precision.code, address(row: row), columns)
            }
        }
    }

    /// Copies the elements of a matrix of the same shape, converting the precision.
    package func assign(_ other: Matrix) {
        precondition(
            rows == other.rows && columns == other.columns,
            "\(other.shapeDescription) into \(shapeDescription)")
        for row in 0..<rows where columns > 0 {
            unsafe hrm_convert(
                other.precision.code, other.address(row: row), precision.code, address(row: row),
                columns)
        }
    }

    /// Sets every element to zero.
    package func clear() {
        for row in 0..<rows {
            unsafe address(row: row).initializeMemory(
                as: UInt8.self, repeating: 0, count: columns * precision.byteCount)
        }
    }

    /// Calls `body` with the elements of a float32 matrix without gaps between its rows, row-major.
    package func withValues<Result>(_ body: (Span<Float>) -> Result) -> Result {
        precondition(stride == columns || rows <= 1, "\(shapeDescription) with gaps between rows")
        let buffer = unsafe UnsafeBufferPointer(start: floats(), count: rows * columns)
        return body(unsafe buffer.span)
    }

    /// Calls `body` with the same elements for modification.
    package func withMutableValues<Result>(_ body: (inout MutableSpan<Float>) -> Result) -> Result {
        precondition(stride == columns || rows <= 1, "\(shapeDescription) with gaps between rows")
        let buffer = unsafe UnsafeMutableBufferPointer(start: floats(), count: rows * columns)
        var span = unsafe buffer.mutableSpan
        return body(&span)
    }

    /// The element at a position, widened to float32.
    package subscript(row: Int, column: Int) -> Float {
        get {
            checkElement(row, column)
            var value: Float = 0
            unsafe hrm_convert(
                precision.code, address(row: row) + column * precision.byteCount, HRM_FLOAT32,
                &value, 1)
            return value
        }
        nonmutating set {
            checkElement(row, column)
            unsafe withUnsafePointer(to: newValue) {
                unsafe hrm_convert(
                    HRM_FLOAT32, $0, precision.code,
                    address(row: row) + column * precision.byteCount, 1)
            }
        }
    }

    private func checkElement(_ row: Int, _ column: Int) {
        precondition(
            row >= 0 && row < rows && column >= 0 && column < columns,
            "element (\(row), \(column)) of a matrix of shape \(shapeDescription)")
    }

    // MARK: For the primitives

    func address(row: Int) -> UnsafeMutableRawPointer {
        unsafe storage.base + (offset + row * stride) * precision.byteCount
    }

    /// Returns the float32 elements from row `row` on, without gaps between rows.
    func floats(row: Int = 0) -> UnsafeMutablePointer<Float> {
        precondition(precision == .float32, "float32 elements of \(shapeDescription)")
        return unsafe address(row: row).assumingMemoryBound(to: Float.self)
    }

    var view: hrm_rows {
        unsafe hrm_rows(data: address(row: 0), stride: stride)
    }

    /// Traps if there are gaps between the rows.
    func requireNoGaps(_ name: StaticString) {
        precondition(stride == columns || rows <= 1, "\(name) \(shapeDescription) has gaps")
    }

    /// Traps unless the matrix has the given shape and, if specified, precision.
    func require(
        _ name: StaticString, rows: Int, columns: Int, _ precision: Precision? = nil
    ) {
        precondition(
            self.rows == rows && self.columns == columns
                && (precision == nil || precision == self.precision),
            "\(name) is \(shapeDescription), needed is [\(rows), \(columns)] "
                + (precision?.rawValue ?? "of any precision"))
    }
}

// SAFETY: views keep their storage alive; the engine ensures that rows are not written
// concurrently, see the type's documentation.
extension Matrix: @unchecked Sendable {}

/// The memory behind matrices.
@safe
final class Storage {
    let base: UnsafeMutableRawPointer
    /// The allocation; `base` is its first address on a cache line.
    private let block: UnsafeMutableRawPointer

    private static let alignment = 64

    /// The number of allocations so far.
    static let created = Atomic<Int>(0)

    /// - Parameters:
    ///   - byteCount: The size in bytes.
    ///   - zeroed: True to set the memory to zero; otherwise the system need not provide it before
    ///     first use.
    init(byteCount: Int, zeroed: Bool = true) {
        Self.created.add(1, ordering: .relaxed)
        // At least one byte, so that an empty matrix has an address. The system provides large
        // zeroed blocks lazily, so a model that is read from a file is not written twice.
        let size = max(byteCount, 1) + Self.alignment - 1
        guard let block = unsafe zeroed ? calloc(1, size) : malloc(size) else {
            preconditionFailure("the system has no \(byteCount) bytes of memory")
        }
        unsafe self.block = block
        unsafe base = block.alignedUp(toMultipleOf: Self.alignment)
    }

    deinit {
        unsafe free(block)
    }
}

extension hrm_rows {
    /// The value for an omitted parameter.
    static var none: hrm_rows { unsafe hrm_rows(data: nil, stride: 0) }
}

extension Precision {
    var code: hrm_precision { self == .float32 ? HRM_FLOAT32 : HRM_BFLOAT16 }
}
