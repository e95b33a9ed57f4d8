import Foundation
import HRMFiles
import Testing
import _HRMTestSupport

/// Damaged files give an error or a value, never a crash.
@Suite struct SafetensorsMutationTests {
    /// Reads bytes; what is read must be whole and must survive being written.
    private func read(_ bytes: Data, _ comment: Comment) -> Bool {
        let file: SafetensorsFile
        do {
            file = try SafetensorsFile(bytes: bytes, path: "mutated")
        } catch {
            #expect(!error.description.isEmpty, comment)
            return false
        }
        for name in file.names {
            guard let tensor = file[name] else { continue }
            #expect(tensor.floats().count == tensor.shape.reduce(1, *), comment)
        }
        let again = try? SafetensorsFile(bytes: file.encoded(), path: "again")
        #expect(again == file, comment)
        return true
    }

    @Test func everyTruncationIsRefused() {
        let whole = SafetensorsFileTests.sample.encoded()
        for count in 0..<whole.count {
            #expect(!read(whole.prefix(count), "the first \(count) bytes"))
        }
        #expect(read(whole, "the whole file"))
    }

    @Test func survivesMutation() {
        let telling = Array("{}[]\",:0129-\\u \u{0}eE.".utf8) + [0x7F, 0x80, 0xFF]
        let series = Mutations("safetensors", count: 4000, seed: 20_240_611, telling: telling)
        let readable = series.run(on: [Array(SafetensorsFileTests.sample.encoded())]) {
            read(Data($0.bytes), "\($0.description)")
        }
        #expect(readable > series.count / 80 && readable < series.count * 39 / 40)
    }
}
