import Foundation
import HRMTraining
import Testing

@Suite struct AtomicFileTests {
    @Test func replacesTheWholeFile() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("file")
            try AtomicFile.write(Data("a longer text".utf8), to: url)
            try AtomicFile.write(Data("short".utf8), to: url)
            #expect(try String(contentsOf: url, encoding: .utf8) == "short")
            #expect(try names(in: folder) == ["file"])
        }
    }

    @Test func aFolderIsNotReplaced() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("inner")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
            let error = #expect(throws: FileError.self) {
                try AtomicFile.write(Data([1]), to: url)
            }
            #expect(error?.operation == .write)
            #expect(error?.path == url.path)
            #expect(try names(in: folder) == ["inner"])
            #expect(try names(in: url).isEmpty)
        }
    }

    @Test func aMissingFolderIsNamed() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("none/file")
            let error = #expect(throws: FileError.self) {
                try AtomicFile.write(Data(), to: url)
            }
            #expect(
                error?.description == "\(url.path) cannot be written: No such file or directory")
        }
    }
}
