/// The name of a wheel (Python's binary distribution format), in its parts.
///
/// `NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl`; platforms are separated by dots.
struct WheelName: Hashable, Sendable {
    var distribution: String
    var version: PackageVersion
    var versionText: String
    var pythonTags: [String]
    var abiTags: [String]
    var platforms: [String]

    /// Parses a file name; nil if it is not the name of a wheel.
    init?(_ fileName: String) {
        guard fileName.hasSuffix(".whl"), fileName.utf8.count <= 300 else { return nil }
        let parts = fileName.dropLast(4).split(separator: "-", omittingEmptySubsequences: false)
        guard (5...6).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }),
            let version = PackageVersion(String(parts[1]))
        else { return nil }
        func tags(_ index: Int) -> [String] { parts[index].split(separator: ".").map(String.init) }
        distribution = Self.normalized(String(parts[0]))
        self.version = version
        versionText = String(parts[1])
        pythonTags = tags(parts.count - 3)
        abiTags = tags(parts.count - 2)
        platforms = tags(parts.count - 1)
    }

    /// Returns a package's name in lowercase, with runs of `-`, `_` and `.` as one `-`.
    static func normalized(_ name: String) -> String {
        name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
    }
}

/// The version of a Python package (the version specifiers of packaging.python.org), for ordering.
struct PackageVersion: Hashable, Comparable, Sendable {
    private var epoch = 0
    private var release: [Int] = []
    /// Alpha 0, beta 1, candidate 2 with its number; nil for a release.
    private var preRelease: [Int]?
    private var postRelease: Int?
    private var development: Int?

    /// True for alphas, betas, candidates and development versions.
    var isPreRelease: Bool { preRelease != nil || development != nil }

    /// Parses a version; nil if it is not one.
    init?(_ text: String) {
        let pattern =
            /v?(?:(\d{1,6})!)?(\d{1,9}(?:\.\d{1,9})*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d{0,9}))?(?:-(\d{1,9})|[-_.]?(post|rev|r)[-_.]?(\d{0,9}))?(?:[-_.]?(dev)[-_.]?(\d{0,9}))?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?/
        guard text.utf8.count <= 100, let match = text.lowercased().wholeMatch(of: pattern) else {
            return nil
        }
        epoch = match.1.flatMap { Int($0) } ?? 0
        release = match.2.split(separator: ".").compactMap { Int($0) }
        while release.count > 1, release.last == 0 { release.removeLast() }
        if let kind = match.3 {
            let rank = kind.first == "a" ? 0 : kind.first == "b" ? 1 : 2
            preRelease = [rank, match.4.flatMap { Int($0) } ?? 0]
        }
        if match.5 != nil || match.6 != nil {
            postRelease = (match.5 ?? match.7).flatMap { Int($0) } ?? 0
        }
        if match.8 != nil { development = match.9.flatMap { Int($0) } ?? 0 }
    }

    /// Orders versions: a development version before its alpha, beta, candidate, release and
    /// post-release.
    static func < (first: Self, second: Self) -> Bool {
        first.key.lexicographicallyPrecedes(second.key) { $0.lexicographicallyPrecedes($1) }
    }

    private var key: [[Int]] {
        let stage: [Int] =
            if let preRelease {
                [1] + preRelease
            } else if development != nil, postRelease == nil {
                [0]
            } else {
                [2]
            }
        return [
            [epoch], release, stage, [postRelease ?? -1], [development ?? .max],
        ]
    }
}
