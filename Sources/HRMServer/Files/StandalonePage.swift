import Foundation
package import HRMFiles

/// A page in one file that asks nothing of a server: a part of the server's page with its data.
package struct StandalonePage {
    /// The content of the file.
    package let html: String

    /// Creates a file that replays how a model solved puzzles.
    ///
    /// - Parameter records: The events of each puzzle, as ``ThoughtEvents/record()`` returns them.
    /// - Throws: ``PageFilesError`` if the package's resources are missing; an encoding error.
    package init(replaying records: [JSONValue]) throws {
        try self.init(module: "trace.js", title: "A model's thinking", data: records)
    }

    /// Creates a file with the curves of runs.
    ///
    /// - Parameter runs: For each run, `name` and `series`: lists of steps and values by metric.
    /// - Throws: ``PageFilesError`` if the package's resources are missing; an encoding error.
    package init(plotting runs: [JSONValue]) throws {
        try self.init(module: "plot.js", title: "The curves of trainings", data: runs)
    }

    private init(module: String, title: String, data values: [JSONValue]) throws {
        let files = try PageFiles()
        let script = Self.script(from: module, in: files)
        let style = files.text("style.css") ?? ""
        // A browser ends a script at the first such tag, whatever it is part of.
        let data = try JSONValue.list(values).line()
            .replacingOccurrences(of: "<", with: "\\u003c")
        let policy =
            "default-src 'none'; script-src '\(Self.hash(script))'; style-src '\(Self.hash(style))'; "
            + "img-src data:; base-uri 'none'; form-action 'none'"
        html = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <title>\(title) – swift-hrm</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <link rel="icon" href="data:,">
            <style>\(style)</style>
            </head>
            <body>
            <header class="top"><span class="brand">swift-hrm</span></header>
            <main id="main"><noscript><p>This file needs JavaScript, which it contains.</p></noscript></main>
            <div id="announcer" class="unseen" role="status" aria-live="polite"></div>
            <script type="application/json" id="records">\(data)</script>
            <script type="module">\(script)</script>
            </body>
            </html>

            """
    }

    /// Returns a module and all modules that it imports as one script.
    ///
    /// The page's modules have different names for everything at their top level, and an import is
    /// a line.
    private static func script(from module: String, in files: PageFiles) -> String {
        var seen: Set<String> = []
        var parts: [String] = []
        func visit(_ name: String) {
            guard seen.insert(name).inserted, let text = files.text(name) else { return }
            var rest: [Substring] = []
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.hasPrefix("import "),
                    let path = line.split(separator: "\"").dropFirst().first
                {
                    visit(String(path.dropFirst("./".count)))
                } else {
                    rest.append(line.hasPrefix("export ") ? line.dropFirst("export ".count) : line)
                }
            }
            parts.append(rest.joined(separator: "\n"))
        }
        visit(module)
        return parts.joined()
    }

    /// Returns the source expression that allows a text between tags.
    private static func hash(_ text: String) -> String {
        let digits = Array(ContentDigest.sha256(of: Data(text.utf8)))
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        return "sha256-\(Data(bytes).base64EncodedString())"
    }
}
