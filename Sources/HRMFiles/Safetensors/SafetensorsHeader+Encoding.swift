import Foundation

extension SafetensorsHeader {
    /// The header entry of one tensor to be written.
    struct Layout {
        var name: String
        var typeName: String
        /// The size of an element in bytes; 0 for unsupported types, which follow all others.
        var width: Int
        var shape: [Int]
        var byteCount: Int

        init(name: String, typeName: String, width: Int, shape: [Int], byteCount: Int) {
            self.name = name
            self.typeName = typeName
            self.width = width
            self.shape = shape
            self.byteCount = byteCount
        }

        init(name: String, elementType: SafetensorsElementType, shape: [Int], byteCount: Int) {
            self.init(
                name: name, typeName: elementType.rawValue, width: elementType.byteCount,
                shape: shape, byteCount: byteCount)
        }

        /// The order of tensors in a file: by decreasing element size, so that each tensor is
        /// aligned, then by name, so that equal content gives equal bytes.
        func precedes(_ other: Self) -> Bool {
            (-width, name) < (-other.width, other.name)
        }
    }

    /// Returns the beginning of a file: the header's length and the header, padded with spaces to a
    /// multiple of 8 bytes.
    ///
    /// - Parameters:
    ///   - metadata: Free text.
    ///   - entries: The tensors in the order of their bytes.
    /// - Returns: All bytes before the first tensor.
    static func encoded(metadata: [String: String], entries: [Layout]) -> Data {
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }
                .map { "\(JSONText.quoted($0.key)):\(JSONText.quoted($0.value))" }
            members.append("\"\(SafetensorsFile.metadataKey)\":{\(pairs.joined(separator: ","))}")
        }
        var end = 0
        for entry in entries {
            let shape = entry.shape.map(String.init).joined(separator: ",")
            let begin = end
            end += entry.byteCount
            members.append(
                "\(JSONText.quoted(entry.name)):{\"dtype\":\(JSONText.quoted(entry.typeName)),"
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}")
        }
        var header = Array("{\(members.joined(separator: ","))}".utf8)
        while !header.count.isMultiple(of: 8) { header.append(UInt8(ascii: " ")) }
        let length = (0..<8).map { UInt8(truncatingIfNeeded: UInt64(header.count) >> (8 * $0)) }
        return Data(length + header)
    }
}
