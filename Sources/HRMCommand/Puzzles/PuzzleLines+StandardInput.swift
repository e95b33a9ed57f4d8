import Foundation
import HRMData

extension PuzzleLines {
    /// The lines of standard input, each available as soon as it is typed.
    static var standardInput: PuzzleLines {
        PuzzleLines(isWhole: isRegular(STDIN_FILENO), more: readStandardInput)
    }

    @Sendable private static func readStandardInput() throws -> [UInt8] {
        // The system call returns what is available; a file handle would wait for more.
        var bytes = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = read(STDIN_FILENO, &bytes, chunk)
            if count >= 0 { return Array(bytes.prefix(count)) }
            guard errno == EINTR else {
                throw CommandError(String(cString: strerror(errno)))
            }
        }
    }
}
