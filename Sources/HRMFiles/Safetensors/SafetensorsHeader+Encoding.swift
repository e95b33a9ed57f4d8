import Foundation

extension SafetensorsHeader {
    /// What the header of a file to be written says of one tensor.
    struct Layout {
        var name: String
        var typeName: String
        /// Bytes of an element; 0 for one of a foreign format, which lies behind all others.
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

        /// The order of tensors in a file: the widest elements first, so that each tensor is aligned
        /// to its own, then by name, so that equal content gives equal bytes.
        func precedes(_ other: Self) -> Bool {
            (-width, name) < (-other.width, other.name)
        }
    }

    /// The beginning of a file: the header's length, the header, and spaces up to whole 8 bytes.
    ///
    /// - Parameters:
    ///   - metadata: Free text.
    ///   - entries: The tensors in the order in which their bytes will follow.
    /// - Returns: All bytes in front of the first tensor's.
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
