package import Foundation

/// The location of a target's resources.
///
/// The generated accessor `Bundle.module` terminates the program if the folder is not where it was
/// built; a program copied without its resources should report an error instead.
package struct ResourceFolder: Sendable {
    /// The name of the folder.
    package let name: String
    /// The paths of the folder below its possible locations.
    private let paths: [String]

    /// Creates the location of a target of this package.
    ///
    /// - Parameter target: The target's name.
    package init(target: String) {
        #if canImport(Darwin)
            name = "swift-hrm_\(target).bundle"
            // Xcode creates a bundle with subfolders, the package manager one without.
            paths = [name, name + "/Contents/Resources"]
        #else
            name = "swift-hrm_\(target).resources"
            paths = [name]
        #endif
    }

    /// The possible folders: beside the program, in an app's resources, and beside a test bundle.
    package var candidates: [URL] {
        let main = Bundle.main
        let program = main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
        let tests = Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
        var seen: Set<String> = []
        return ([main.resourceURL, main.bundleURL, program].compactMap(\.self) + tests)
            .flatMap { folder in paths.map { folder.appendingPathComponent($0) } }
            .filter { seen.insert($0.path).inserted }
    }
}
