internal import CPJRT

/// The value of an option or attribute of a plug-in.
package enum NamedValue: Hashable, Sendable {
    case text(String)
    case integer(Int)
    case integers([Int])
    case number(Float)
    case flag(Bool)
}

extension NamedValue: CustomStringConvertible {
    /// The value as text; lists are separated by dots, as versions are.
    package var description: String {
        switch self {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .integers(let numbers): numbers.map(String.init).joined(separator: ".")
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        }
    }
}

extension NamedValue {
    /// Reads a value of a plug-in; nil if its type is unknown.
    init?(_ value: cpjrt_value) {
        switch Int(unsafe value.type) {
        case CPJRT_TEXT:
            self = .text(unsafe String(pluginBytes: value.text, count: value.size))
        case CPJRT_INTEGER: self = .integer(Int(unsafe value.integer))
        case CPJRT_INTEGERS:
            let numbers = unsafe UnsafeBufferPointer(
                start: value.integers, count: value.integers == nil ? 0 : value.size)
            self = .integers(unsafe numbers.map { Int($0) })
        case CPJRT_NUMBER: self = .number(unsafe value.number)
        case CPJRT_FLAG: self = .flag(unsafe value.flag)
        default: return nil
        }
    }

    /// Calls `body` with options in the interface's form, which live as long as the call.
    ///
    /// - Parameters:
    ///   - values: The options; they are passed in the order of their names.
    ///   - body: Receives the array.
    /// - Returns: The result of `body`.
    static func withValues<Result>(
        _ values: [String: NamedValue],
        _ body: (UnsafeBufferPointer<cpjrt_value>) -> Result
    ) -> Result {
        // SAFETY: one allocation per text or list is owned here and freed after the call.
        var owned: [UnsafeMutableRawBufferPointer] = unsafe []
        defer { unsafe owned.forEach { unsafe $0.deallocate() } }
        func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
            let block = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(1, bytes.count), alignment: 8)
            unsafe block.copyMemory(from: bytes)
            unsafe owned.append(block)
            return UnsafeRawPointer(block.baseAddress)
        }
        func text(_ text: String) -> UnsafePointer<CChar>? {
            unsafe Array(text.utf8).withUnsafeBytes { unsafe copy($0) }?
                .assumingMemoryBound(to: CChar.self)
        }
        let list = unsafe values.sorted { $0.key < $1.key }.map { name, value in
            var result = unsafe cpjrt_value()
            unsafe result.name = unsafe text(name)
            unsafe result.name_size = name.utf8.count
            switch value {
            case .text(let content):
                unsafe result.type = Int32(CPJRT_TEXT)
                unsafe result.text = unsafe text(content)
                unsafe result.size = content.utf8.count
            case .integer(let number):
                unsafe result.type = Int32(CPJRT_INTEGER)
                unsafe result.integer = Int64(number)
            case .integers(let numbers):
                unsafe result.type = Int32(CPJRT_INTEGERS)
                unsafe result.integers = unsafe numbers.map { Int64($0) }
                    .withUnsafeBytes { unsafe copy($0) }?.assumingMemoryBound(to: Int64.self)
                unsafe result.size = numbers.count
            case .number(let number):
                unsafe result.type = Int32(CPJRT_NUMBER)
                unsafe result.number = number
            case .flag(let flag):
                unsafe result.type = Int32(CPJRT_FLAG)
                unsafe result.flag = flag
            }
            return unsafe result
        }
        return unsafe list.withUnsafeBufferPointer { unsafe body($0) }
    }
}

extension String {
    /// Copies a text that ends with its object and not with a zero byte.
    init(pluginBytes start: UnsafePointer<CChar>?, count: Int) {
        guard let start = unsafe start, count > 0 else {
            self = ""
            return
        }
        self = unsafe String(
            decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
