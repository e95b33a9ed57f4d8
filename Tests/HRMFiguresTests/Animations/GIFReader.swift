/// A reader of animated GIF files, written from the specification, independent of the writer.
struct GIFReader {
    /// One displayed picture, including the remains of earlier ones around it.
    struct Frame {
        var colors: [[UInt8]]
        var hundredths: Int
    }

    struct Damaged: Error {
        var reason: String
    }

    private let bytes: [UInt8]
    private var place = 0
    private(set) var width = 0
    private(set) var height = 0
    private(set) var loops = false
    private(set) var frames: [Frame] = []

    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        guard try take(6) == Array("GIF89a".utf8) else { throw Damaged(reason: "signature") }
        width = try word()
        height = try word()
        let flags = try byte()
        guard flags & 0x80 != 0 else { throw Damaged(reason: "no table of colours") }
        _ = try take(2)
        let table = try take(3 << (Int(flags & 7) + 1))
        var canvas = [[UInt8]](repeating: [], count: width * height)
        var hundredths = 0
        while true {
            switch try byte() {
            case 0x21:
                let label = try byte()
                let head = try take(Int(try byte()))
                if label == 0xF9 { hundredths = Int(head[1]) | Int(head[2]) << 8 }
                if label == 0xFF, head == Array("NETSCAPE2.0".utf8) { loops = true }
                _ = try blocks()
            case 0x2C:
                let (left, top, columns, rows) = (try word(), try word(), try word(), try word())
                guard try byte() == 0, left + columns <= width, top + rows <= height else {
                    throw Damaged(reason: "a picture outside of the screen")
                }
                let codeSize = Int(try byte())
                let pixels = try Self.expanded(blocks(), codeSize: codeSize)
                guard pixels.count == columns * rows else {
                    throw Damaged(reason: "\(pixels.count) pixels for \(columns) × \(rows)")
                }
                for (index, pixel) in pixels.enumerated() {
                    let at = (top + index / columns) * width + left + index % columns
                    canvas[at] = Array(table[(3 * pixel)..<(3 * pixel + 3)])
                }
                frames.append(Frame(colors: canvas, hundredths: hundredths))
            case 0x3B:
                guard place == bytes.count else { throw Damaged(reason: "bytes behind the end") }
                return
            case let other: throw Damaged(reason: "block \(other)")
            }
        }
    }

    /// Expands compressed codes.
    static func expanded(_ data: [UInt8], codeSize: Int) throws -> [Int] {
        let clear = 1 << codeSize
        let end = clear + 1
        var table: [[Int]] = []
        var length = codeSize + 1
        var before: [Int]?
        var result: [Int] = []
        var bit = 0
        func reset() {
            table = (0..<clear).map { [$0] } + [[], []]
            length = codeSize + 1
            before = nil
        }
        reset()
        while bit + length <= 8 * data.count {
            var code = 0
            for offset in 0..<length where data[(bit + offset) / 8] >> ((bit + offset) % 8) & 1 == 1
            {
                code |= 1 << offset
            }
            bit += length
            if code == clear {
                reset()
                continue
            }
            if code == end {
                guard data.count * 8 - bit < 8 else {
                    throw Damaged(reason: "codes behind the end")
                }
                return result
            }
            let run: [Int]
            if code < table.count {
                run = table[code]
            } else if code == table.count, let before {
                run = before + [before[0]]
            } else {
                throw Damaged(reason: "code \(code) of \(table.count)")
            }
            result += run
            if let before, table.count < 4096 {
                table.append(before + [run[0]])
                if table.count == 1 << length, length < 12 { length += 1 }
            }
            before = run
        }
        throw Damaged(reason: "no end")
    }

    private mutating func byte() throws -> UInt8 { try take(1)[0] }

    private mutating func word() throws -> Int {
        let pair = try take(2)
        return Int(pair[0]) | Int(pair[1]) << 8
    }

    private mutating func take(_ count: Int) throws -> [UInt8] {
        guard place + count <= bytes.count else { throw Damaged(reason: "too short") }
        defer { place += count }
        return Array(bytes[place..<(place + count)])
    }

    private mutating func blocks() throws -> [UInt8] {
        var data: [UInt8] = []
        while true {
            let count = Int(try byte())
            guard count > 0 else { return data }
            data += try take(count)
        }
    }
}
