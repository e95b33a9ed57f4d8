import Foundation
import Testing
import _HRMTestSupport

@testable import HRMFiles

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

    @Test func nothingIsLeftOfAFailure() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("file")
            try AtomicFile.write(Data("old".utf8), to: url)
            let failure = FileError(.write, path: "x", reason: "no")
            #expect(throws: failure) {
                try AtomicFile.write(to: url) { sink throws(FileError) in
                    try sink.write(Data("new".utf8))
                    throw failure
                }
            }
            #expect(try String(contentsOf: url, encoding: .utf8) == "old")
            #expect(try names(in: folder) == ["file"])
        }
    }

    @Test func otherNamesFollowOrKeepTheirContent() throws {
        try withScratchFolder { folder in
            let files = FileManager.default
            let (url, other) = (
                folder.appendingPathComponent("a"), folder.appendingPathComponent("b")
            )
            try AtomicFile.write(Data("a long content".utf8), to: url)
            try files.linkItem(at: url, to: other)
            try AtomicFile.write(Data("short".utf8), to: url)
            #expect(try String(contentsOf: other, encoding: .utf8) == "short")
            try AtomicFile.write(to: url, otherNames: .keepContent) { sink throws(FileError) in
                try sink.write(Data("own".utf8))
            }
            #expect(try String(contentsOf: other, encoding: .utf8) == "short")
            #expect(try String(contentsOf: url, encoding: .utf8) == "own")
        }
    }

    @Test func linksInACircleAreRefused() throws {
        try withScratchFolder { folder in
            let files = FileManager.default
            let (url, other) = (
                folder.appendingPathComponent("a"), folder.appendingPathComponent("b")
            )
            try files.createSymbolicLink(atPath: url.path, withDestinationPath: "b")
            try files.createSymbolicLink(atPath: other.path, withDestinationPath: "a")
            for action in [
                { try AtomicFile.write(Data([1]), to: url) }, { try AtomicFile.check(url) },
            ] {
                let error = #expect(throws: FileError.self) { try action() }
                #expect(error?.path == url.path)
            }
        }
    }

    @Test func placesAreCheckedBefore() throws {
        try withScratchFolder { folder in
            #expect(throws: Never.self) {
                try AtomicFile.check(folder.appendingPathComponent("new"))
                try AtomicFile.check(URL(fileURLWithPath: "/dev/null"))
            }
            for name in ["none/file", "."] {
                #expect(throws: FileError.self) {
                    try AtomicFile.check(folder.appendingPathComponent(name))
                }
            }
        }
    }
}
