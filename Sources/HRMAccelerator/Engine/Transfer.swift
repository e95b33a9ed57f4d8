internal import HRMTensor

/// Copies between matrices and devices.
extension AcceleratorContext {
    /// Copies numbers to a device.
    ///
    /// - Parameters:
    ///   - values: As many elements as the type has.
    ///   - type: float32 or bfloat16.
    ///   - device: The device.
    /// - Returns: The buffer.
    /// - Throws: ``AcceleratorError``.
    func upload(
        _ values: Matrix, as type: BufferType, device: Int
    ) throws(AcceleratorError) -> AcceleratorBuffer {
        let precision: Precision = type.element == .bfloat16 ? .bfloat16 : .float32
        let copy = Matrix(rows: values.rows, columns: values.columns, precision: precision)
        copy.assign(values)
        return try client.buffer(
            copying: copy.bytes(0..<copy.byteCount), elements: type, device: device)
    }

    /// Copies numbers from a device.
    ///
    /// - Parameters:
    ///   - buffer: float32 or bfloat16.
    ///   - rows: The number of rows of the result.
    /// - Returns: The numbers, `[rows, count / rows]`.
    /// - Throws: ``AcceleratorError``.
    func download(_ buffer: AcceleratorBuffer, rows: Int) throws(AcceleratorError) -> Matrix {
        let precision: Precision = buffer.type.element == .bfloat16 ? .bfloat16 : .float32
        let result = Matrix(
            rows: rows, columns: buffer.type.count / max(1, rows), precision: precision)
        let bytes = try buffer.bytes()
        unsafe result.assign(bytes: bytes.span.bytes)
        return result
    }
}

extension AcceleratorClient {
    /// Copies elements to a device as bytes.
    func buffer(
        copying bytes: [UInt8], elements type: BufferType, device: Int
    ) throws(AcceleratorError) -> AcceleratorBuffer {
        let result: Result<AcceleratorBuffer, AcceleratorError> =
            unsafe bytes.withUnsafeBytes { bytes in
                Result { () throws(AcceleratorError) in
                    try unsafe buffer(
                        copying: bytes, type: type.element, shape: type.shape, device: device)
                }
            }
        return try result.get()
    }
}
