import Foundation
import HRMFiles
import Testing

@testable import HRMServer

/// Pages in one file.
@Suite struct StandalonePageTests {
    enum Page: CaseIterable, Sendable {
        case trace
        case plot

        func html(_ data: [JSONValue]) throws -> String {
            switch self {
            case .trace: try StandalonePage(replaying: data).html
            case .plot: try StandalonePage(plotting: data).html
            }
        }
    }

    private static func script(of html: String) throws -> Substring {
        let start = try #require(html.firstRange(of: "<script type=\"module\">")).upperBound
        let end = try #require(html[start...].firstRange(of: "</script>")).lowerBound
        return html[start..<end]
    }

    @Test(arguments: Page.allCases) func hasAllModulesInOneScript(page: Page) throws {
        let script = try Self.script(of: page.html([]))
        let lines = script.split(separator: "\n")
        #expect(!lines.contains { $0.hasPrefix("import ") || $0.hasPrefix("export ") })
        #expect(lines.count { $0.hasPrefix("class Chart ") } == 1)
        // Two modules with one name at their top level would be no script.
        let names = lines.compactMap { line -> Substring? in
            let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
            guard let first = words.first, line.hasPrefix(first),
                ["const", "let", "class", "function"].contains(first)
            else { return nil }
            return words.dropFirst().first
        }
        #expect(names.count > 20)
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: Page.allCases) func policyAllowsItsOwnScriptAlone(page: Page) throws {
        let html = try page.html([])
        let script = try Self.script(of: html)
        let digits = Array(ContentDigest.sha256(of: Data(script.utf8)))
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        #expect(html.contains("script-src 'sha256-\(Data(bytes).base64EncodedString())'"))
        #expect(html.contains("default-src 'none'"))
        #expect(!html.contains("unsafe-inline"))
        #expect(!html.contains("http://") || html.contains("http://www.w3.org"))
        #expect(!html.contains("https://"))
    }

    @Test(arguments: Page.allCases) func dataCannotEndItsScript(page: Page) throws {
        let hostile = "</script><script>alert(1)</script><!--"
        let html = try page.html([.object(["name": .text(hostile)])])
        #expect(!html.contains("alert(1)</script>"))
        #expect(html.contains("\\u003c/script>\\u003cscript>alert(1)"))
    }

    @Test func pageIsSmallAndAsksNothingElsewhere() throws {
        let files = try PageFiles()
        var bytes = 0
        for path in files.paths {
            let text = try #require(files.text(path))
            bytes += text.utf8.count
            for word in ["https://", "innerHTML", "outerHTML", "insertAdjacentHTML", "eval("] {
                #expect(!text.contains(word), "\(path) contains \(word)")
            }
        }
        #expect(bytes <= 150_000, "\(bytes) bytes")
    }
}
