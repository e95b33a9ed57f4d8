/// Field numbers of the messages `Event`, `SessionLog`, `Summary`, `Summary.Value` and
/// `Summary.Image`, from TensorFlow's `event.proto` and `summary.proto`.
private enum Field {
    static let wallTime = 1
    static let step = 2
    static let version = 3
    static let summary = 5
    static let sessionLog = 7

    static let sessionStatus = 1

    static let summaryValue = 1

    static let tag = 1
    static let scalar = 2
    static let image = 4

    static let imageHeight = 1
    static let imageWidth = 2
    static let imageColorSpace = 3
    static let imageBytes = 4
}

extension RunEvent {
    /// The first content of every file: version 2 of the format.
    static let currentVersion = Content.version("brain.Event:2")
    /// Three channels: red, green, blue.
    private static let rgb = 3
    /// `SessionLog.START`.
    private static let start = 1

    /// The encoded message `Event`.
    var encoded: [UInt8] {
        var writer = WireWriter()
        writer.append(wallTime, field: Field.wallTime)
        // Like all writers of this format, omit zeros.
        if step != 0 { writer.append(step, field: Field.step) }
        switch content {
        case .version(let text): writer.append(text.utf8, field: Field.version)
        case .sessionStart:
            var log = WireWriter()
            log.append(Self.start, field: Field.sessionStatus)
            writer.append(log.bytes, field: Field.sessionLog)
        case .summary(let values):
            var summary = WireWriter()
            for value in values { summary.append(Self.encoded(value), field: Field.summaryValue) }
            writer.append(summary.bytes, field: Field.summary)
        case .other: break
        }
        return writer.bytes
    }

    private static func encoded(_ value: Value) -> [UInt8] {
        var writer = WireWriter()
        writer.append(value.tag.utf8, field: Field.tag)
        switch value.kind {
        case .scalar(let number): writer.append(number, field: Field.scalar)
        case .image(let picture):
            var image = WireWriter()
            image.append(picture.height, field: Field.imageHeight)
            image.append(picture.width, field: Field.imageWidth)
            image.append(rgb, field: Field.imageColorSpace)
            image.append(picture.bytes, field: Field.imageBytes)
            writer.append(image.bytes, field: Field.image)
        case .other: break
        }
        return writer.bytes
    }

    /// Decodes the message `Event`; unknown fields are skipped.
    init(encoded bytes: ArraySlice<UInt8>) throws(WireReader.Damage) {
        self.init(wallTime: 0, step: 0, content: .other)
        var reader = WireReader(bytes)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (Field.wallTime, .fixed64(let bits)): wallTime = Double(bitPattern: bits)
            case (Field.step, .varint(let bits)): step = Int(truncatingIfNeeded: bits)
            case (Field.version, .bytes(let text)):
                content = .version(String(decoding: text, as: UTF8.self))
            case (Field.summary, .bytes(let message)):
                content = .summary(try Self.values(of: message))
            case (Field.sessionLog, .bytes(let message)) where Self.isStart(message):
                content = .sessionStart
            default: break
            }
        }
    }

    /// Returns whether a session log marks the start of a session.
    private static func isStart(_ message: ArraySlice<UInt8>) -> Bool {
        var reader = WireReader(message)
        while let (field, value) = try? reader.next() {
            if case (Field.sessionStatus, .varint(UInt64(start))) = (field, value) { return true }
        }
        return false
    }

    private static func values(
        of message: ArraySlice<UInt8>
    ) throws(WireReader.Damage) -> [Value] {
        var values: [Value] = []
        var reader = WireReader(message)
        while let (field, value) = try reader.next() {
            guard case (Field.summaryValue, .bytes(let message)) = (field, value) else { continue }
            values.append(try Self.value(of: message))
        }
        return values
    }

    private static func value(of message: ArraySlice<UInt8>) throws(WireReader.Damage) -> Value {
        var result = Value(tag: "", kind: .other)
        var reader = WireReader(message)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (Field.tag, .bytes(let text)):
                result.tag = String(decoding: text, as: UTF8.self)
            case (Field.scalar, .fixed32(let bits)):
                result.kind = .scalar(Float(bitPattern: bits))
            case (Field.image, .bytes(let message)):
                result.kind = .image(try picture(of: message))
            default: break
            }
        }
        return result
    }

    private static func picture(
        of message: ArraySlice<UInt8>
    ) throws(WireReader.Damage) -> PNGPicture {
        var picture = PNGPicture(bytes: [], width: 0, height: 0)
        var reader = WireReader(message)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (Field.imageHeight, .varint(let bits)):
                picture.height = Int(truncatingIfNeeded: bits)
            case (Field.imageWidth, .varint(let bits)):
                picture.width = Int(truncatingIfNeeded: bits)
            case (Field.imageBytes, .bytes(let bytes)): picture.bytes = Array(bytes)
            default: break
            }
        }
        return picture
    }
}
