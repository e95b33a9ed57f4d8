import HRMData
import HRMFiles

/// Builds a history from JSON lines.
struct MetricsLinesReader {
    private(set) var history: MetricsHistory

    private static let stepName = Array("step".utf8)

    private let path: String
    /// The names as written, including escapes.
    private var names: [[UInt8]] = []
    /// The index in `names` of each name as written.
    private var indices: [[UInt8]: Int] = [:]
    /// The index of each name's series.
    private var places: [Int] = []
    /// The numbers of the current line.
    private var numbers: [(place: Int, value: Double)] = []

    init(path: String, pointLimit: Int) {
        self.path = path
        history = MetricsHistory(pointLimit: pointLimit)
    }

    /// Reads all lines.
    mutating func read(_ source: ByteSource) throws(MetricsHistoryError) {
        var lines = ByteLines(source)
        while let line = try next(&lines) {
            do throws(MetricsLine.Damage) {
                // An incomplete line is checked, but its values are not used.
                if !line.isWhole { try Self.check(line.bytes) }
                try take(line)
            } catch {
                guard line.isWhole else {
                    history.isTruncated = true
                    return
                }
                throw .malformedLine(path: path, line: line.number, reason: error.reason)
            }
        }
    }

    private func next(_ lines: inout ByteLines) throws(MetricsHistoryError) -> ByteLines.Line? {
        do throws(ByteLines.Problem) {
            return try lines.next()
        } catch {
            switch error {
            case .file(let problem):
                throw .file(FileError(.read, path: path, reason: problem.reason))
            case .tooLong(let line):
                throw .malformedLine(
                    path: path, line: line,
                    reason: "it has more than \(ByteLines.longestLine) bytes")
            }
        }
    }

    private static func check(_ bytes: ArraySlice<UInt8>) throws(MetricsLine.Damage) {
        var line = try MetricsLine(bytes)
        while try line.next() != nil {}
    }

    private mutating func take(_ line: ByteLines.Line) throws(MetricsLine.Damage) {
        guard !line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) else { return }
        var members = try MetricsLine(line.bytes)
        var step: Int?
        var guess = 0
        numbers.removeAll(keepingCapacity: true)
        while let (name, value) = try members.next() {
            if name.elementsEqual(Self.stepName) {
                step = try Self.step(value)
                continue
            }
            if case .other = value { continue }
            let index = try index(of: name, guess: guess)
            guess = index + 1
            let number = if case .number(let number) = value { number } else { Double.nan }
            numbers.append((places[index], number))
        }
        guard let step else { throw MetricsLine.Damage(reason: "it has no step") }
        for (place, value) in numbers { history.append(value, step: step, place: place) }
    }

    private static func step(_ value: MetricsLine.Value) throws(MetricsLine.Damage) -> Int {
        // Up to this limit every integer is exact as `Double`.
        guard case .number(let number) = value, (0...0x1p53).contains(number),
            let step = Int(exactly: number)
        else { throw MetricsLine.Damage(reason: "its step is not a whole number from 0") }
        return step
    }

    /// Returns the index of a name; consecutive lines usually have the same names in the same
    /// order, so the guess is tried first.
    private mutating func index(
        of name: ArraySlice<UInt8>, guess: Int
    ) throws(MetricsLine.Damage) -> Int {
        if guess < names.count, name.elementsEqual(names[guess]) { return guess }
        let written = Array(name)
        if let known = indices[written] { return known }
        let text = try MetricsLine.text(name)
        guard let place = history.place(of: text), names.count < MetricsHistory.nameLimit else {
            throw MetricsLine.Damage(
                reason: "it has one metric more than \(MetricsHistory.nameLimit), which no run has")
        }
        names.append(written)
        places.append(place)
        indices[written] = names.count - 1
        return names.count - 1
    }
}
